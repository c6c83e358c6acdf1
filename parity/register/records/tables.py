"""Records as tables: the frame and release that indicators read, made of the rows that a viewer may see."""

import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import polars as pl
from django.apps import AppConfig

from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, TYPES
from parity.tables import ENGLAND_SCOPE, Offered, offer_table
from parity.terms.release import ID_LENGTH, Release

if TYPE_CHECKING:
    # Django reads this module before it knows its models, so the names serve the type checker alone.
    from parity.register.policy import Viewer
    from parity.register.programmes.models import Programme
    from parity.register.records.models import Record

STATES_HELD = 256
RECORDS: dict[str, "type[Record]"] = {}


def offer_records(app: AppConfig) -> None:
    """Nothing; from now on the records of this app's models are tables that indicators may read."""
    for model in app.get_models():
        if hasattr(model, "STEM"):
            records = cast("type[Record]", model)
            RECORDS[records.STEM] = records
            offer_table(records.STEM, _provider(records))


def record_id(programme: "Programme", kind: str, code: str) -> uuid.UUID:
    """The id of a record that was read from a programme's folder: the same after the table was loaded again."""
    return uuid.uuid5(programme.id, f"{kind}/{code}")


def code_of(row: Mapping[str, Any], key: Sequence[str]) -> str:
    """What people call a record: the values of its table's key, as `B.4` or `strategic aims/3`."""
    return "/".join(str(row[name]) for name in key)


def coded(records: "Iterable[Record]") -> "dict[str, Record]":
    """The records by what their rows are called in the table that is made of them, in which a name stands once.

    `records` come in the order of that table, with their organisations.
    """
    found: dict[str, Record] = {}
    for record in records:
        name = record.known_as
        found[f"{name} ({record.organisation.code})" if name in found else name] = record
    return found


def _provider(model: "type[Record]") -> Callable[[str, Any], Offered | None]:
    def offered(scope: str, viewer: "Viewer | None") -> Offered | None:
        if scope == ENGLAND_SCOPE:
            return None
        programmes = cast("type[Programme]", model._meta.get_field("programme").related_model).objects
        programme = programmes.filter(slug=scope).first()
        if programme is None:
            return None
        version = _Version(model.STEM, programme.records_version, viewer)
        if version not in _HELD:
            _HELD[version] = _read_records(model.seen_by(viewer), programme)
            while len(_HELD) > STATES_HELD:
                _HELD.popitem(last=False)
        return _HELD[version]

    return offered


class _Version(NamedTuple):
    """Names one state of one table of records, as one viewer sees it, for as long as the process lives."""

    stem: str
    version: uuid.UUID
    viewer: "Viewer | None"


_HELD: OrderedDict[_Version, Offered | None] = OrderedDict()


def _read_records(records: Any, programme: "Programme") -> Offered | None:
    """The records as a frame; the release's id follows from their content alone. None without records."""
    model = records.model
    found = records.filter(programme=programme, withdrawn=False).order_by("position", "id")
    rows = list(found.values(*_columns(model), "printed", "known_as", "organisation__code"))
    if not rows:
        return None
    frame = _frame(model, rows)
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    release = Release(
        stem=model.STEM,
        scope=programme.slug,
        id=digest[:ID_LENGTH],
        sha256=digest,
        address=f"records of {programme.title}",
        at=programme.loaded_on.isoformat(),
        rows=len(rows),
        illustrative=programme.described.get("illustrative", {}).get(model.STEM, ""),
    )
    return frame, release


def _columns(model: "type[Record]") -> list[str]:
    return [entry["name"] for entry in house_schemas()[model.STEM].fields]


def _frame(model: "type[Record]", rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows in the columns and types of the table's schema, as if they had been read from its file."""
    schema = house_schemas()[model.STEM]
    _tell_apart(rows, schema.key)
    columns: dict[str, pl.Series] = {}
    for entry in schema.fields:
        name = entry["name"]
        values = [None if row[name] == "" else row[name] for row in rows]
        columns[name] = pl.Series(name, values, dtype=TYPES[entry["type"]])
        if name in schema.numeric:
            twin = name + PRINTED
            columns[twin] = pl.Series(twin, [row["printed"].get(twin) for row in rows], dtype=pl.String)
    return pl.DataFrame(columns)


def _tell_apart(rows: list[dict[str, Any]], key: Sequence[str]) -> None:
    """Nothing; of two records that partners call the same, the later bears its owner's code behind its name."""
    seen: set[str] = set()
    text = next((name for name in key if isinstance(rows[0][name], str)), None)
    for row in rows:
        if row["known_as"] in seen and text is not None:
            row[text] = f"{row[text]} ({row['organisation__code']})"
        seen.add(row["known_as"])
