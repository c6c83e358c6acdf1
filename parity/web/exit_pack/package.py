"""What an exit pack says of itself: its files as a Frictionless Data Package, and what it is in plain words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from textwrap import fill
from typing import Any

import parity
from parity.register.models import Programme
from parity.web.backup.digest import Digest
from parity.web.backup.manifest import known_migrations

LAYOUT = 1
NAME = "datapackage.json"
README = "README.txt"
SCRIPT = "verify_events.py"
EVENTS = "events.jsonl"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
OUR_APPS = ("register", "analyse", "plan", "secure", "review")
"""Apps whose tables are in a pack."""
MEDIA = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "py": "text/x-python",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What each file is, by its ending."""
BINARY = ("docx", "parquet", "pdf", "xlsx")

FOR_PEOPLE = {
    NAME: "every file with its size and hash, and the columns of each table (https://datapackage.org)",
    "documents/": "the strategy as HTML, PDF and Word, and every figure as a workbook",
    "registers/": "a table for each register: its own columns, then whose record it is and how it is shared",
    "tables/": "the tables that figures rest on, as pages show them",
    "people/": "organisations, who acts for them, and which records are shared with whom by name",
    EVENTS: "who did what, one event a line",
}
FOR_PARITY = {
    SCRIPT: f"finds whether anybody altered an event: python {SCRIPT} < {EVENTS}",
    "rows/ and files/": "the same once more, exact to the last sign, with every earlier state: what Parity takes in",
}
NOT_IN_IT = (
    "Not in it: passwords and whatever else lets somebody sign in, tokens of programs, jobs, uploads that were not "
    "taken in, and tables for the whole of England, which belong to no one programme. Its people can sign in elsewhere "
    "once they are invited there."
)
PLAIN_TABLES = (
    "The tables are comma-separated text in UTF-8, with dates as 2026-01-31. A text that a spreadsheet would take for "
    "a formula has an apostrophe before it."
)
WIDTH = 100


@dataclass(frozen=True)
class Holding:
    """What a pack holds: all of the programme, or what one person may see of it."""

    key: str
    sentence: str


EVERYTHING = Holding(
    "everything",
    "It holds the whole programme. Another instance of Parity takes it in with nothing lost: parity take-in FILE. "
    "It holds what each partner keeps to itself, and counts that no page shows: hand it to nobody but whoever runs "
    "that instance.",
)
SEEN = Holding(
    "what one person may see",
    "It holds what one person may see, and not what other partners keep to themselves. So no instance of Parity takes "
    "it in, and its events cannot be checked as a whole. Whoever runs the workspace writes the whole: parity export.",
)


def table_resource(name: str, path: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the package says of a table that people read: its columns beside where it is."""
    return {"name": name, "path": path, "title": schema.get("title", name), "type": "table", "schema": schema}


def resource(path: str, digest: Digest, told: Mapping[str, Any]) -> dict[str, Any]:
    """What the package says of a file. `told` goes before what its path says."""
    ending = path.rpartition(".")[2]
    encoding = {} if ending in BINARY else {"encoding": "utf-8"}
    kind = {"format": ending, "mediatype": MEDIA[ending], **encoding}
    plain = {"name": path.lower().replace("@", "-").replace("/", "-"), "path": path, "type": "file"}
    return {**plain, **told, **kind, "bytes": digest.size, "hash": f"sha256:{digest.sha256}"}


def house_table(stem: str) -> dict[str, Any]:
    """The Table Schema of one of our tables as it stands in our files."""
    text = (resources.files("parity.sources.brought") / "schemas" / f"{stem}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def our_migrations() -> list[str]:
    """The migrations by which the tables of records came about."""
    return [name for name in known_migrations() if name.partition(".")[0] in OUR_APPS]


def datapackage(
    programme: Programme,
    holding: Holding,
    *,
    at: datetime,
    files: Sequence[Mapping[str, Any]],
    rows: Mapping[str, Digest],
) -> bytes:
    """The datapackage.json of a pack, with all that Parity must know to take it in."""
    cited = programme.described.get("document", ())
    package = {
        "$schema": PROFILE,
        "name": programme.slug,
        "id": str(programme.pk),
        "title": programme.title,
        "description": f"{programme.summary}\n\n{holding.sentence}",
        "created": at.isoformat(timespec="seconds"),
        "contributors": [{"title": programme.publisher, "roles": ["publisher"]}],
        "licenses": [{"name": "notspecified", "title": f"Not stated: ask the publisher, {programme.publisher}"}],
        "sources": [{"title": entry["title"]} for entry in cited] or [{"title": programme.publisher}],
        "resources": files,
        "parity": {
            "layout": LAYOUT,
            "version": parity.__version__,
            "holds": holding.key,
            "migrations": our_migrations(),
            "rows": rows,
        },
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def readme(programme: Programme, holding: Holding, *, asked: str, at: datetime) -> bytes:
    """What the pack is, in plain words, for whoever opens it without Parity."""
    written = f"Written by Parity {parity.__version__} on {at.date().isoformat()} for {asked}."
    whole = holding is EVERYTHING
    parts = [
        f"{programme.title}: exit pack",
        f"{written} {holding.sentence}",
        *(f"{name}: {words}" for name, words in {**FOR_PEOPLE, **(FOR_PARITY if whole else {})}.items()),
        *((NOT_IN_IT,) if whole else ()),
        PLAIN_TABLES,
    ]
    return "\n\n".join(fill(part, WIDTH) for part in parts).encode() + b"\n"
