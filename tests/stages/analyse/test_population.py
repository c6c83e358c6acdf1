import polars as pl

from parity.analyse.population.indicators import ethnic_location_quotient, ethnic_minority_share, ethnic_share
from tests.stages.analyse.frames import rows, table

MIX = table(
    "ethnic_mix",
    {"area": "A", "ethnic_group": "White British", "share": 0.5},
    {"area": "A", "ethnic_group": "White Irish", "share": 0.25},
    {"area": "A", "ethnic_group": "Asian", "share": 0.25, "note": "As printed."},
    {"area": "B", "ethnic_group": "White British", "share": 0.25},
    {"area": "B", "ethnic_group": "Asian", "share": 0.0},
    {"area": "C", "ethnic_group": "White British", "share": None},
    {"area": "D", "ethnic_group": "Asian", "share": 0.5},
    period="2007",
)
COMPARED = table(
    "comparators",
    {"area": "A", "comparator": "B", "use": "need"},
    {"area": "A", "comparator": "C", "use": "need"},
    {"area": "A", "comparator": "D", "use": "spend"},
)


def test_shares_are_as_stated_and_an_unread_one_is_missing() -> None:
    found = rows(ethnic_share(MIX), "area", "ethnic_group", "value", "missing", "note")
    assert found[2] == ("A", "Asian", 0.25, None, "As printed.")
    assert found[5] == ("C", "White British", None, "The source's cell cannot be read.", None)
    assert len(found) == MIX.height


def test_a_quotient_stands_beside_every_comparator_of_need() -> None:
    areas = table("areas", {"area": "B", "name": "Bee"})
    found = ethnic_location_quotient(MIX, COMPARED, areas)
    assert rows(found, "area", "period", "ethnic_group", "comparator", "value", "missing") == [
        ("A", "2007", "White British", "Bee", 2.0, None),
        ("A", "2007", "White British", "C", None, "The comparator's share is not known."),
        ("A", "2007", "Asian", "Bee", None, "The comparator's share is zero, so nothing can be divided by it."),
    ]


def test_minority_groups_are_all_but_white() -> None:
    unknown = "The source names no White group, or the share of one cannot be read."
    assert rows(ethnic_minority_share(MIX), "area", "value", "missing") == [
        ("A", 0.25, None),
        ("B", 0.75, None),
        ("C", None, unknown),
        ("D", None, unknown),
    ]


def test_an_empty_table_gives_no_figure() -> None:
    empty: pl.DataFrame = MIX.clear()
    assert [len(found) for found in (ethnic_share(empty), ethnic_minority_share(empty))] == [0, 0]
    assert ethnic_location_quotient(empty, COMPARED).is_empty()
