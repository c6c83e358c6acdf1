import polars as pl

from parity.analyse.scope import counted
from parity.plan.totals import UNKNOWN, UNLIKE, totals
from tests.stages.analyse.frames import rows

LINES = pl.DataFrame(
    [
        ("sum", 1.5, "net", "2009"),
        ("sum", 2.0, "net", "2009"),
        ("bases", 1.0, "net", "2009"),
        ("bases", 1.0, "gross", "2009"),
        ("prices", 1.0, "net", "2009"),
        ("prices", 1.0, "net", None),
        ("gap", 1.0, "net", None),
        ("gap", None, "net", None),
    ],
    schema=["group", "amount_gbp", "basis", "price_year"],
    orient="row",
)


def test_unlike_or_unknown_amounts_have_no_total() -> None:
    assert rows(totals(LINES, by=("group",)), "group", "value", "basis", "price_year", "missing") == [
        ("sum", 3.5, "net", "2009", None),
        ("bases", None, None, "2009", UNLIKE),
        ("prices", None, "net", None, UNLIKE),
        ("gap", None, "net", None, UNKNOWN),
    ]


def test_a_table_without_bases_is_added_up_as_it_is() -> None:
    plain = LINES.head(2).select("group", "amount_gbp")
    assert rows(totals(plain, by=("group",)), "group", "value", "missing") == [("sum", 3.5, None)]


def test_nothing_has_no_total() -> None:
    assert totals(LINES.clear(), by=("group",)).height == 0


def test_rows_are_counted_for_the_programme() -> None:
    assert rows(counted(LINES, "group"), "area", "period", "group", "value")[:2] == [
        ("whole programme", "undated", "sum", 2),
        ("whole programme", "undated", "bases", 2),
    ]
    assert counted(LINES.clear()).height == 0
