"""A programme's services on a map of how much their areas need."""

import polars as pl
import pytest

from parity.analyse.supply.documents import TOPIC
from parity.documents.model import Block, Chart, Paragraph, Table
from parity.sources.brought.programme import house_schemas
from parity.tables import Desk, Store
from tests.england import NORTHTON, SEATON, take_in
from tests.given import release

pytestmark = pytest.mark.django_db
COLUMNS = ("area", "service_type", "service", "period", "status", "provider", "town", "latitude", "longitude")
ROWS = [
    (NORTHTON, "Crisis", "The Lodge", "2026", "active", "A trust", "Northton", 52.5, 0.5),
    (NORTHTON, "Day places", "The Barn", "2026", "active", "A charity", "Northton", 52.2, 0.2),
    (SEATON, "Crisis", "The Pier", "2026", "active", "A trust", "Seaton", 52.5, 2.5),
    (SEATON, "Crisis", "The Old Pier", "2026", "defunct", "A trust", "Seaton", 52.5, 2.5),
    (SEATON, "Crisis", "Somewhere", "2026", "active", "A trust", "Seaton", None, None),
]


def desk_of(store: Store, rows: list[tuple[object, ...]]) -> Desk:
    """A programme with a directory of these services."""
    known = pl.DataFrame(rows, schema=list(COLUMNS), orient="row")
    names = [entry["name"] for entry in house_schemas()["service_directory"].fields]
    frame = known.with_columns(pl.lit(None, pl.String).alias(name) for name in names if name not in COLUMNS)
    store.save("here", [(frame, release("service_directory", "here", "1"))])
    return Desk(store, "here")


def about_places(desk: Desk) -> list[Block]:
    """The blocks of the chapter on where services are."""
    blocks = list(TOPIC.chapter(desk))
    titles = [place for place, block in enumerate(blocks) if getattr(block, "text", "") == "Where services are"]
    return blocks[titles[0] + 1 : titles[0] + 4] if titles else []


def test_services_in_use_whose_place_is_known_stand_on_a_map_of_need(store: Store) -> None:
    take_in(store)
    words, chart, table = about_places(desk_of(store, ROWS))
    assert isinstance(words, Paragraph)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert [row[0] for row in chart.table.rows] == ["Northton", "Seaton", "Southton"]
    assert chart.description.endswith("Marked on it: Crisis, 2; Day places, 1.")
    assert [row[0] for row in table.rows] == ["The Lodge", "The Barn", "The Pier"]


def test_without_outlines_a_sentence_says_what_a_map_needs(store: Store) -> None:
    (told,) = about_places(desk_of(store, ROWS))[:1]
    assert isinstance(told, Paragraph)
    assert "needs the official outlines of areas" in str(told.parts[0])


@pytest.mark.parametrize("rows", [ROWS[4:], []])
def test_a_directory_without_places_is_not_mapped(store: Store, rows: list[tuple[object, ...]]) -> None:
    take_in(store)
    assert about_places(desk_of(store, rows)) == []
