"""Unit costs until 2013/14: of whom and of what, read off the publisher's headings."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.pss_unit_costs import PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

COST = (
    "Gross total cost (less income from NHS) for own provision residential care for adults with mental illness (£000's)"
)
WEEKS, UNIT = "The total number of weeks adults were supported", "Average gross weekly  expenditure per person"


def rows(cost: str = COST, cell: str = "..") -> list[list[object]]:
    return [
        ["Unit costs, England - 2013-14, Final Release", "", "", ""],
        ["", "", "", ""],
        ["", cost, WEEKS, UNIT],
        ["", "2.15", "2.15", "2.15"],
        ["", "Numerator", "Denominator", "Unit Cost"],
        ["102 - Cumbria ", "1,284", "2,000", cell],
        ["TOTAL England", "", "", ""],
        [".. data not available", "", "", ""],
    ]


def test_whom_and_what_a_cost_is_of(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "costs.csv", rows(), encoding="cp1252"))
    assert (name, frame.height) == ("2013/14", 6)
    of = ("2.15", "mental health", "residential care", "own provision", "yes")
    assert frame.filter(cassr="102").drop("edition", "cassr", "council", "period").rows() == [
        (*of, "activity", "weeks", 2000.0, None, WEEKS),
        (*of, "cost", "GBP", 1_284_000.0, None, COST),
        (*of, "unit cost", "GBP a unit", None, "Not available.", UNIT.replace("  ", " ")),
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (rows("Gross total cost for pets"), "it is not known of what “gross total cost for pets” is"),
        (rows()[:4] + rows()[5:], "has no row of Numerator, Denominator, Unit Cost"),
        (rows(cell="?"), "missing with a sign that is not known"),
    ],
)
def test_another_layout_is_refused(changed: list[list[object]], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "costs.csv", changed))


@needs_data
@pytest.mark.parametrize(
    ("file", "year", "bodies", "week"),
    [
        ("pssex1_unit_costs_by_council_2008_09.csv.gz", "2008/09", 151, 650.8),
        ("pssex1_unit_costs_by_council_2013_14.csv.gz", "2013/14", 153, 752.6),
    ],
)
def test_the_files_hold_36_columns_of_mental_illness(file: str, year: str, bodies: int, week: float) -> None:
    """England's cost of a week in residence or nursing with mental illness recomputes."""
    name, frame = read_edition(PUBLICATION, official(file))
    minds = frame.filter(pl.col("client_group") == "mental health")
    assert (name, minds.select("indicator", "measure").unique().height, frame["cassr"].n_unique()) == (year, 36, bodies)
    england = dict(minds.filter(cassr="E92000001", indicator="2.12").select("measure", "value").iter_rows())
    assert england["unit cost"] == week == round(england["cost"] / england["activity"], 1)
