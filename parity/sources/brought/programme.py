"""A programme's folder read whole: `programme.toml`, `tables/*.csv`, `relations.toml` – or refused with every fault."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.brought.csv_text import row_number
from parity.sources.brought.description import wrong_in
from parity.sources.brought.disclosure import (
    DISCLOSURE,
    OPEN_STEMS,
    as_text,
    disclosure_of,
    relations_shown,
    stated_beside,
)
from parity.sources.brought.table_schema import Schema, read_table, schema_from
from parity.sources.brought.toml_text import read_toml
from parity.terms.disclosure import Disclosure
from parity.terms.errors import Fault, InputRefused
from parity.terms.release import ID_LENGTH, Release

RELATIONS = "relations"
DECLARED = "declared"
DESCRIPTION = "programme.toml"
CITED = ("source", "place")
_STEM = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class ProgrammeFolder:
    """What a programme's folder holds: its description, typed tables with their releases, and declared relations.

    The relations are kept as a table too, of one cell, so that what was declared has a release like any other.
    """

    slug: str
    described: Mapping[str, Any]
    tables: Mapping[str, tuple[pl.DataFrame, Release]]
    relations: Mapping[str, Any]


@cache
def house_schemas() -> dict[str, Schema]:
    """The Table Schemas of the tables every programme may bring, by stem."""
    folder = resources.files("parity.sources.brought") / "schemas"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return {file.name.removesuffix(".json"): schema_from(file.read_text(encoding="utf-8")) for file in files}


def read_programme(folder: Path, *, at: str) -> ProgrammeFolder:
    """The folder's content, every table checked against its schema. Raises InputRefused with all faults found.

    A table's schema is the house's, or `tables/<stem>.schema.json` for a table of the programme's own.
    `at` is the instant of reading, kept in each release.
    """
    described = read_toml(folder / DESCRIPTION)
    faults = [Fault(DESCRIPTION, sentence) for sentence in wrong_in(described)]
    files = sorted((folder / "tables").glob("*.csv"))
    if not files:
        faults.append(Fault("tables", f"There is no table in {folder / 'tables'}: put the CSV files there."))
    if faults:
        raise InputRefused(faults)
    tables = _read_tables(files, described, at)
    declared = folder / "relations.toml"
    relations = read_toml(declared) if declared.exists() else {}
    if relations:
        under = json.loads(tables[DISCLOSURE][0].item()) if DISCLOSURE in tables else {}
        frame = pl.DataFrame({DECLARED: [json.dumps(relations_shown(relations, under) if under else relations)]})
        tables[RELATIONS] = (frame, _release(declared, described, at, len(relations.get("relation", ()))))
    return ProgrammeFolder(described["slug"], described, tables, relations)


def _read_tables(files: list[Path], described: Mapping[str, Any], at: str) -> dict[str, tuple[pl.DataFrame, Release]]:
    faults: list[Fault] = []
    tables: dict[str, tuple[pl.DataFrame, Release]] = {}
    documents = {entry["key"] for entry in described.get("document", ())}
    areas = _area_codes(files)
    if areas is not None and described["home_area"] not in areas:
        sentence = f"The home area “{described['home_area']}” is not in areas.csv: add it there."
        faults.append(Fault(DESCRIPTION, sentence, column="home_area"))
    known = {*house_schemas(), *(file.stem for file in files)}
    faults += [
        Fault(DESCRIPTION, f"[illustrative] names “{stem}”, which is no table: correct its name.")
        for stem in described.get("illustrative", {})
        if stem not in known
    ]
    schemas: dict[Path, Schema] = {}
    for file in files:
        try:
            schema = _schema_of(file)
        except ValueError as error:
            faults.append(Fault(f"{file.stem}.schema.json", f"The schema cannot be used: {error}"))
            continue
        if schema is None:
            sentence = (
                f"Parity knows no table “{file.stem}”: correct the name, or put {file.stem}.schema.json beside it."
            )
            faults.append(Fault(file.name, sentence))
            continue
        frame, found = read_table(file, schema, areas=areas)
        faults += found or [*_without_source(file.name, frame), *_unknown_documents(file.name, frame, documents)]
        tables[file.stem] = (frame, _release(file, described, at, frame.height))
        schemas[file] = schema
    policies, found = _policies(files, schemas, described)
    if faults or found:
        raise InputRefused([*faults, *found])
    if policies:
        written = as_text(policies)
        digest = hashlib.sha256(written.encode()).hexdigest()
        release = _release(files[0].parent.parent / DESCRIPTION, described, at, len(policies))
        release = replace(release, stem=DISCLOSURE, id=digest[:ID_LENGTH], sha256=digest)
        tables[DISCLOSURE] = (pl.DataFrame({DECLARED: [written]}), release)
    return tables


def _policies(
    files: list[Path], schemas: Mapping[Path, Schema], described: Mapping[str, Any]
) -> tuple[dict[str, Disclosure], list[Fault]]:
    """What is known of each table under a policy, and a fault for each that cannot be put under one.

    A table of Parity's own may be under one before it has a row: rows are entered later, too.
    """
    asked = described.get(DISCLOSURE, {})
    house = {stem: files[0].with_stem(stem) for stem in asked if stem in house_schemas()}
    known = {file.stem: (file, schema) for file, schema in schemas.items()}
    known |= {stem: (file, house_schemas()[stem]) for stem, file in house.items()}
    found: dict[str, Disclosure] = {}
    unknown = sorted({*asked} - {*known, *OPEN_STEMS} - {file.stem for file in files})
    faults = [f"names “{stem}”, which is no table: correct its name." for stem in unknown]
    faults += [f"cannot hold “{stem}”: it counts nobody." for stem in OPEN_STEMS if stem in asked]
    for stem, (file, schema) in known.items():
        try:
            declared = _disclosure_at(file, schema, asked.get(stem))
        except ValueError as error:
            faults.append(f"of “{stem}” cannot be used: {error}")
            continue
        if declared is not None:
            found[stem] = declared
    return found, [Fault(DESCRIPTION, f"[{DISCLOSURE}] {sentence}") for sentence in faults]


def _disclosure_at(file: Path, schema: Schema, asked: object) -> Disclosure | None:
    """The disclosure of one table: as the programme says, or else as its schema does, which may name no policy."""
    if file.stem in OPEN_STEMS:
        return None
    return disclosure_of(schema, stated_beside(file), {} if asked is None else asked)


def _schema_of(file: Path) -> Schema | None:
    """The table's schema: the house's, or its own; None where it has neither. Raises ValueError with a sentence."""
    own = file.with_suffix(".schema.json")
    if not own.exists():
        return house_schemas().get(file.stem)
    if file.stem in house_schemas():
        raise ValueError(f"“{file.stem}” is one of Parity's own tables, with its own columns: remove this file.")
    if file.stem in (RELATIONS, DISCLOSURE) or not _STEM.fullmatch(file.stem):
        taken = DISCLOSURE if file.stem == DISCLOSURE else RELATIONS
        raise ValueError(f"a table's name holds letters, digits and “_”, and is not “{taken}”: choose another name.")
    return schema_from(own.read_text(encoding="utf-8-sig"))


def _area_codes(files: list[Path]) -> frozenset[str] | None:
    """The codes in areas.csv; None, so that nothing else is checked against it, where that file has faults itself."""
    for file in files:
        if file.stem == "areas":
            frame, faults = read_table(file, house_schemas()["areas"])
            return None if faults else frozenset(frame["area"].to_list())
    return frozenset()


def _without_source(name: str, frame: pl.DataFrame) -> list[Fault]:
    """One fault for each row of a folder's table that does not say where it was read, document and place."""
    return [
        Fault(name, "The cell is empty: a value is required here.", row_number(position), column)
        for column in CITED
        if column in frame.columns
        for position in frame[column].is_null().arg_true()
    ]


def _unknown_documents(name: str, frame: pl.DataFrame, documents: set[str]) -> list[Fault]:
    """One fault for each document that is cited but not declared, at the first row that cites it."""
    if "source" not in frame.columns:
        return []
    first: dict[str, int] = {}
    for position, key in enumerate(frame["source"].to_list()):
        first.setdefault(key, position)
    return [
        Fault(name, f"The document “{key}” is not declared: add it to {DESCRIPTION}.", row_number(position), "source")
        for key, position in first.items()
        if key is not None and key not in documents
    ]


def _release(file: Path, described: Mapping[str, Any], at: str, rows: int) -> Release:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Release(
        stem=file.stem,
        scope=described["slug"],
        id=digest[:ID_LENGTH],
        sha256=digest,
        address=f"{described['slug']}/{file.name}",
        at=at,
        rows=rows,
        illustrative=described.get("illustrative", {}).get(file.stem, ""),
    )
