"""Which policy a table is under: read from its Table Schema and from `programme.toml`, or refused with a sentence."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from parity.sources.brought.table_schema import NUMERIC, Schema
from parity.terms.disclosure import POLICIES, PUBLISHED, Disclosure, disclosure_from

DISCLOSURE = "disclosure"
"""The property of a Table Schema, the section of `programme.toml`, and the table in which what was declared is kept."""
OPEN_STEMS = ("areas", "relations", DISCLOSURE)
"""Tables that count nobody and that the others are read with."""
RELATED = {"relation": "id", "fit": "fit"}
"""What a programme declares of its relations, and the word by which a term names one."""
WORDS = ("says", "reason", "place", "source", "unit", "kind", "status", "nature")
LEAST = ("minimum", "exclusiveMinimum")
LISTS, TEXTS, NESTED = ("counts", "open"), ("means", "totals"), ("sums",)


def stated_beside(file: Path) -> Mapping[str, Any]:
    """What the Table Schema of a table's file says of disclosure: its own beside it, or the house's; often nothing."""
    own = file.with_suffix(".schema.json")
    house = resources.files("parity.sources.brought") / "schemas" / f"{file.stem}.json"
    text = own.read_text(encoding="utf-8-sig") if own.exists() else house.read_text(encoding="utf-8")
    stated = json.loads(text).get(DISCLOSURE, {})
    return stated if isinstance(stated, dict) else {"policy": stated}


def disclosure_of(schema: Schema, stated: Mapping[str, Any], asked: object) -> Disclosure | None:
    """The table's disclosure; None where its numbers are published ones, shown as they are.

    `stated` is what its schema says, `asked` what the programme says: a policy's name, or a section that goes before
    what the schema says. Raises ValueError with a sentence where it cannot be used.
    """
    if not isinstance(asked, str | dict):
        raise ValueError("give the name of a policy, or a section with “policy”.")
    said = {"policy": PUBLISHED, **stated, **({"policy": asked} if isinstance(asked, str) else asked)}
    if said["policy"] not in POLICIES:
        raise ValueError(f"the policy “{said['policy']}” is none of {', '.join(POLICIES)}.")
    for sentence in _misshapen(said):
        raise ValueError(sentence)
    if said["policy"] == PUBLISHED:
        return None
    for sentence in _wrong_in(schema, said):
        raise ValueError(sentence)
    inside = tuple(name for name in schema.areas if name in schema.key)
    return disclosure_from(json.dumps({"dimensions": schema.key, "areas": inside, **said}))


def as_text(found: Mapping[str, Disclosure]) -> str:
    """What was declared for each table, as JSON."""
    return json.dumps({stem: asdict(declared) for stem, declared in sorted(found.items())}, ensure_ascii=False)


def relations_shown(relations: Mapping[str, Any], under: Collection[str]) -> dict[str, Any]:
    """The declared relations and fits that rest on no table under a policy, nor on a figure, which may.

    Recomputing a printed number from hidden and rounded ones would tell nothing, or what is hidden.
    """
    entries = [(kind, entry) for kind in RELATED for entry in relations.get(kind, ())]
    tainted = {rf"\b{re.escape(stem)}\b" for stem in under} | {r"\bfigure "}
    kept: list[tuple[str, Any]] = []
    while len(kept) != len(entries):
        kept = [(kind, entry) for kind, entry in entries if not _rests_on(entry, tainted)]
        gone = [(kind, name) for kind, entry in entries if (kind, entry) not in kept for name in _names(entry)]
        tainted |= {rf'(\b{RELATED[kind]}:|"){re.escape(name)}(?!\w)' for kind, name in gone}
        entries, kept = kept, [] if gone else kept
    return {kind: [entry for each, entry in kept if each == kind] for kind in RELATED}


def _rests_on(entry: Mapping[str, Any], tainted: Collection[str]) -> bool:
    terms = json.dumps([value for name, value in entry.items() if name not in WORDS], ensure_ascii=False)
    return any(re.search(pattern, terms) for pattern in tainted)


def _names(entry: Mapping[str, Any]) -> list[str]:
    """What other relations call this one: its id, each of its ids, or the name of a fit."""
    named = entry.get("id", entry.get("name"))
    return [*(entry.get("ids") or {}).values(), *([named] if named else [])]


def _misshapen(said: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each part that is not built as such a part is."""
    strange = sorted(set(said) - {"policy", *LISTS, *TEXTS, *NESTED})
    if strange:
        yield f"there is no {', '.join(strange)} of a disclosure."
    for name in LISTS:
        if not _is_texts(said.get(name, [])):
            yield f"“{name}” is a list of columns."
    for name in TEXTS:
        given = said.get(name, {})
        if not isinstance(given, dict) or not _is_texts(list(given.values())):
            yield f"“{name}” gives a text for each column."
    for name in NESTED:
        given = said.get(name, {})
        if not isinstance(given, dict) or not all(map(_is_wholes, given.values())):
            yield f"“{name}” gives for each dimension the values that hold others, each with a list of its parts."


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_wholes(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(parts, list) and parts and all(isinstance(part, str) or _is_texts(part) for part in parts)
        for parts in value.values()
    )


def _wrong_in(schema: Schema, said: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each thing that keeps a table's counts from being made safe."""
    numeric = {entry["name"]: entry.get("constraints", {}) for entry in schema.fields if entry["type"] in NUMERIC}
    counts, means = said.get("counts", ()), said.get("means", {})
    if not schema.key:
        yield "the table needs a primaryKey, so that each row has a name."
    if not counts:
        yield "“counts” must name the columns that count people."
    wrong = {
        "“{}” is no numeric column of the table beside its key.": [
            name for name in (*counts, *means, *said.get("open", ())) if name not in numeric or name in schema.key
        ],
        "the schema must give “{}” a minimum of 0: nobody is counted below it.": [
            name for name in counts if all(numeric.get(name, {}).get(word, -1) < 0 for word in LEAST)
        ],
        "“{}” has means but is not one of the counts.": [name for name in means.values() if name not in counts],
        "“{}” is not in the table's primaryKey.": [
            name for nested in ("totals", "sums") for name in said.get(nested, {}) if name not in schema.key
        ],
    }
    yield from (sentence.format(name) for sentence, names in wrong.items() for name in names)
