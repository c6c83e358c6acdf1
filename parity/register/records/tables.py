"""Records as tables: the frame and release that indicators read, made of the rows people keep."""

import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import polars as pl
from django.apps import AppConfig

from parity.sources.programme import RELEASE_ID_LENGTH, house_schemas
from parity.sources.table_schema import PRINTED, TYPES
from parity.tables import Offered, offer_table
from parity.terms.release import Release

if TYPE_CHECKING:
    # Django reads this module before it knows its models, so the names serve the type checker alone.
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
    """The id of a record in a programme by its kind and code: the same after the table was loaded again."""
    return uuid.uuid5(programme.id, f"{kind}/{code}")


def replace_records(
    programme: "Programme",
    model: "type[Record]",
    frame: pl.DataFrame,
    *,
    more: "Callable[[Record], Mapping[str, Any]]" = lambda record: {},
) -> None:
    """Nothing; the programme's records of this model are now the rows of the frame, in its order.

    `more` gives the fields of a record that its table does not have.
    """
    model._default_manager.filter(programme=programme).delete()
    schema = house_schemas()[model.STEM]
    rows: list[Record] = []
    for position, row in enumerate(frame.iter_rows(named=True)):
        code = code_of(row, schema.key)
        fields = {entry["name"]: _stored(model, entry["name"], row[entry["name"]]) for entry in schema.fields}
        identity = record_id(programme, model.KIND or model.STEM, code)
        rows.append(model(id=identity, programme=programme, position=position, printed=_printed(row), **fields))
    for record in rows:
        for name, value in more(record).items():
            setattr(record, name, value)
    model._default_manager.bulk_create(rows)


def code_of(row: Mapping[str, Any], key: Sequence[str]) -> str:
    """What people call a record: the values of its table's key, as `B.4` or `strategic aims/3`."""
    return "/".join(str(row[name]) for name in key)


def _printed(row: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, text in row.items() if name.endswith(PRINTED) and text is not None}


def _stored(model: "type[Record]", name: str, value: Any) -> Any:
    """Text fields hold an empty text where the table has nothing; other fields hold null."""
    nullable = model._meta.get_field(name).null
    return "" if value is None and not nullable else value


def _provider(model: "type[Record]") -> Callable[[str], Offered | None]:
    def offered(scope: str) -> Offered | None:
        programmes = cast("type[Programme]", model._meta.get_field("programme").related_model).objects
        programme = programmes.filter(slug=scope).first()
        return _records(_Version(model.STEM, programme.records_version), programme) if programme is not None else None

    return offered


class _Version(NamedTuple):
    """Names one state of one table of records for as long as the process lives."""

    stem: str
    version: uuid.UUID


_HELD: OrderedDict[_Version, Offered | None] = OrderedDict()


def _records(version: _Version, programme: "Programme") -> Offered | None:
    """The frame and release of this state, read from the database once."""
    if version not in _HELD:
        _HELD[version] = _read_records(RECORDS[version.stem], programme)
        while len(_HELD) > STATES_HELD:
            _HELD.popitem(last=False)
    return _HELD[version]


def _read_records(model: "type[Record]", programme: "Programme") -> Offered | None:
    """The programme's records as a frame; the release's id follows from their content alone. None without records."""
    rows = [dict(row) for row in model._default_manager.filter(programme=programme).values()]
    if not rows:
        return None
    frame = _frame(model, rows)
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    release = Release(
        stem=model.STEM,
        scope=programme.slug,
        id=digest[:RELEASE_ID_LENGTH],
        sha256=digest,
        address=f"records of {programme.title}",
        at=programme.loaded_on.isoformat(),
        rows=len(rows),
        illustrative=programme.described.get("illustrative", {}).get(model.STEM, ""),
    )
    return frame, release


def _frame(model: "type[Record]", rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows in the columns and types of the table's schema, as if they had been read from its file."""
    schema = house_schemas()[model.STEM]
    columns: dict[str, pl.Series] = {}
    for entry in schema.fields:
        name = entry["name"]
        values = [None if row[name] == "" else row[name] for row in rows]
        columns[name] = pl.Series(name, values, dtype=TYPES[entry["type"]])
        if name in schema.numeric:
            twin = name + PRINTED
            columns[twin] = pl.Series(twin, [row["printed"].get(twin) for row in rows], dtype=pl.String)
    return pl.DataFrame(columns)
