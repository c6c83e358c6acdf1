"""Numbers told one a row: which can be reckoned with, what their draws leave, and how they are listed."""

from statistics import quantiles as cut
from typing import Any

import polars as pl
import pytest

from parity.documents.model import Column, Table
from parity.methods.chance import normals
from parity.plan.told_numbers import CERTAIN, CHANCE, UNLIKE, UNSURE, chance_of, numbers_table, reckoned, unsure
from parity.terms.areas import Area
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE
from parity.terms.units import Unit
from tests.stages.analyse.frames import rows, table

HOURS, HOURLY, SHARE, PACKAGE = (
    "hours of support a week",
    "cost of an hour",
    "share who need no package afterwards",
    "cost of a package a week",
)
UNITS = {HOURS: Unit.NUMBER, HOURLY: Unit.GBP_EXACT, SHARE: Unit.SHARE, PACKAGE: Unit.GBP_PER_WEEK}
PRODUCT = pl.col(HOURS) * pl.col(HOURLY)
ROW = {"area": "L", "period": "2026", "service": "S"}


def row(number: str, value: float | None, *ends: float | None, **more: Any) -> dict[str, Any]:
    lower, upper = ends or (None, None)
    return {"number": number, "value": value, "lower": lower, "upper": upper, **more}


def told(*numbers: dict[str, Any], **where: str) -> pl.DataFrame:
    return table("enablement", *numbers, **{**ROW, **where})


def test_without_intervals_there_is_a_value_alone() -> None:
    found = reckoned(told(row(HOURS, 10), row(HOURLY, 16, basis="net", price_year="2010/11")), PRODUCT, units=UNITS)
    assert found.rows() == [("L", "2026", "S", 160, None, None, None, "net", "2010/11")]
    assert reckoned(told(row(HOURS, 10)).clear(), PRODUCT, units=UNITS).rows() == []
    assert chance_of(told(row(HOURS, 10)).clear(), PRODUCT > 1, units=UNITS).rows() == []


def test_draws_leave_a_range_and_a_chance() -> None:
    numbers = told(row(HOURS, 10), row(HOURLY, 16, 14, 18.5))
    ((value, lower, upper),) = rows(reckoned(numbers, PRODUCT, units=UNITS), "value", "lower", "upper")
    ends = [
        160 * (18.5 / 14) ** (normal / 3.919927969080108)
        for normal in normals(CHANCE, [f"told|S|{HOURLY}"])[0, 0].tolist()
    ]
    forty = cut(ends, n=40, method="inclusive")
    assert (value, lower, upper) == pytest.approx((160, forty[0], forty[-1]))
    found = chance_of(numbers, PRODUCT > 150, units=UNITS)
    assert found.columns == ["area", "period", "service", "value", "missing"]
    assert rows(found, "value") == [(round(sum(end > 150 for end in ends) / len(ends), 9),)]


def test_a_number_has_the_same_draws_in_every_area_and_period() -> None:
    near, far = told(row(HOURLY, 16, 14, 18.5)), told(row(HOURLY, 16, 14, 18.5), area="M", period="2027")
    other = told(row(HOURLY, 16, 14, 18.5), service="T")
    found = reckoned(pl.concat([near, far, other]), pl.col(HOURLY), units=UNITS)
    ends = rows(found, "lower", "upper")
    assert (ends[0] == ends[1], ends[0] == ends[2]) == (True, False)


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ([row(HOURS, 10)], "The table does not tell this: cost of an hour."),
        ([], "The table does not tell this: hours of support a week, cost of an hour."),
        ([row(HOURS, None), row(HOURLY, 16)], "Hours of support a week: the value is not known. Enter it."),
        (
            [row(HOURS, 10, 11, 12), row(HOURLY, 16)],
            "Hours of support a week: the value lies outside its own interval.",
        ),
        (
            [row(HOURS, 10), row(HOURLY, 16, 14, None)],
            "Cost of an hour: an interval has two ends. Enter both, or none.",
        ),
    ],
)
def test_what_cannot_be_reckoned_says_why(numbers: list[dict[str, Any]], reason: str) -> None:
    frame = told(row(SHARE, 0.5), *numbers)
    assert rows(reckoned(frame, PRODUCT, units=UNITS), "value", "missing") == [(None, reason)]
    assert rows(chance_of(frame, PRODUCT > 1, units=UNITS), "value", "missing") == [(None, reason)]


def test_a_share_is_at_most_one() -> None:
    (found,) = rows(reckoned(told(row(SHARE, 45)), pl.col(SHARE), units=UNITS), "missing")
    assert found == (f"{SHARE[0].upper()}{SHARE[1:]}: a share is at most 1: enter 0.15 for 15 in a hundred.",)


@pytest.mark.parametrize(
    ("hour", "package", "basis", "missing"),
    [
        ({}, {}, "not_stated", None),
        ({"basis": "net"}, {"basis": "net"}, "net", None),
        ({"basis": "net"}, {"basis": "gross"}, "net", UNLIKE),
        ({"basis": "net", "price_year": "2010/11"}, {"basis": "net"}, "net", UNLIKE),
    ],
)
def test_unlike_costs_are_not_compared(
    hour: dict[str, str], package: dict[str, str], basis: str, missing: str | None
) -> None:
    frame = told(row(HOURS, 1, basis="spend"), row(HOURLY, 16, **hour), row(PACKAGE, 60, **package))
    found = reckoned(frame, pl.col(PACKAGE) - PRODUCT, units=UNITS)
    assert rows(found, "basis", "missing") == [(basis, missing)]


def test_what_a_measure_cannot_tell_is_said_in_its_own_words() -> None:
    measure = pl.when(pl.col(HOURLY) != 0).then(pl.col(PACKAGE) / pl.col(HOURLY))
    frame = told(row(HOURLY, 0), row(PACKAGE, 60))
    assert rows(reckoned(frame, measure, units=UNITS, unknown="Nothing."), "value", "missing") == [(None, "Nothing.")]
    some = told(row(HOURLY, 1, 0, 2), row(PACKAGE, 60))
    ((value, lower, upper),) = rows(reckoned(some, measure, units=UNITS, unknown="-"), "value", "lower", "upper")
    assert (value, lower, upper) == (60, None, None)


def test_without_an_interval_there_is_no_chance() -> None:
    frame = told(row(HOURS, 10), row(HOURLY, 16))
    assert rows(chance_of(frame, PRODUCT > 1, units=UNITS), "value", "missing") == [(None, CERTAIN)]


def test_numbers_are_listed_with_where_they_are_from() -> None:
    frame = told(
        row(HOURS, 10, 7, 14, source="illustrative", place="chosen", note="Chosen."),
        row(HOURLY, None, source="000", place="s11"),
        row(SHARE, 0.45, 0.3, 0.6, source="illustrative", place="chosen", note="Chosen."),
        row(PACKAGE, 65.7, source="000", place="s12"),
    )
    heads = ("Number", "Value", "95% interval", "Source", "Place")
    assert numbers_table(frame, units=UNITS, slug="s", caption="c") == Table(
        "s",
        "c",
        tuple(Column(head, numeric=head in ("Value", "95% interval")) for head in heads),
        (
            ("Hours of support a week", "10", "7 to 14", "illustrative", "chosen"),
            ("Cost of an hour", "not known", "", "000", "section 11"),
            ("Share who need no package afterwards", "45.0%", "30.0 to 60.0%", "illustrative", "chosen"),
            ("Cost of a package a week", "£65.70 a week", "", "000", "section 12"),
        ),
        notes=("Hours of support a week, share who need no package afterwards: Chosen.",),
    )


@pytest.mark.parametrize(
    ("ends", "words"), [((-1, 1), UNSURE), ((1, 2), ""), ((-2, -1), ""), ((None, None), ""), ((0, 1), "")]
)
def test_a_saving_that_may_be_none_says_so(ends: tuple[float | None, float | None], words: str) -> None:
    saving = Figure(CATALOGUE["net_saving"], "here", Area("L", "L", "place"), "2026", (), 1.0, *ends)
    assert unsure(saving) == words
