"""Control charts: tables in and out; the published charts stand in the worked examples."""

from datetime import date

import polars as pl
import pytest

from parity.methods.columns import numbers
from parity.methods.spc import Drawing, assurance, control_chart
from parity.terms.errors import WrongState
from parity.terms.polarity import Polarity

SERIES = {"area": pl.String, "period": pl.String, "value": pl.Float64}
RISING = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 7, 8, 9, 10, 11, 12, 13]
ADDED = ["phase", "reason", "mean", "lower", "upper", "near_lower", "near_upper", "rule", "direction"]


def series(*values: float | None, area: str = "A") -> pl.DataFrame:
    return pl.DataFrame([(area, f"{place:02}", value) for place, value in enumerate(values)], SERIES, orient="row")


def test_series_are_told_apart_and_put_in_order() -> None:
    one, other = series(*RISING), series(*RISING[::-1], area="B")
    found = control_chart(pl.concat([other, one]).reverse())
    assert found["area"].to_list() == ["A"] * 19 + ["B"] * 19
    assert found["period"].to_list() == [f"{place:02}" for place in range(19)] * 2
    apart = pl.concat([control_chart(one), control_chart(other)])
    assert found.equals(apart)
    assert found.filter(pl.col("rule") == "trend").select("area", "direction").unique().sort("area").rows() == [
        ("A", "up"),
        ("B", "down"),
    ]


def test_a_series_may_have_several_keys_and_dates() -> None:
    frame = pl.DataFrame(
        {
            "area": ["A", "A", "A", "A"],
            "measure": ["x", "x", "y", "y"],
            "on": [date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)],
            "value": [1, 3, 10, 20],
        }
    )
    found = control_chart(frame, by=["area", "measure"], order="on")
    assert found.select("measure", "value", "mean").rows() == [("x", 3, 2), ("x", 1, 2), ("y", 10, 15), ("y", 20, 15)]


@pytest.mark.parametrize(
    ("polarity", "verdicts"),
    [
        (Polarity.HIGH, ["improvement", "concern"]),
        (Polarity.LOW, ["concern", "improvement"]),
        (Polarity.NEUTRAL, ["neutral", "neutral"]),
    ],
)
def test_the_polarity_says_what_a_mark_means(polarity: Polarity, verdicts: list[str]) -> None:
    up, down = series(*[5, 6] * 8, 90), series(*[5, 6] * 8, -90, area="B")
    found = control_chart(pl.concat([up, down]), polarity=polarity).filter(pl.col("rule") == "outside")
    assert found.select("period", "direction").rows() == [("16", "up"), ("16", "down")]
    assert found["verdict"].to_list() == verdicts


def test_the_polarity_may_be_a_column_and_unknown() -> None:
    frame = pl.concat([series(*[5, 6] * 8, 90), series(*[5, 6] * 8, 90, area="B")])
    frame = frame.with_columns(polarity=pl.when(pl.col("area") == "A").then(pl.lit("low")))
    found = control_chart(frame, polarity="polarity").filter(pl.col("rule") == "outside")
    assert found["verdict"].to_list() == ["concern", None]


def test_rebases_begin_phases_and_say_why() -> None:
    rebases = pl.DataFrame(
        {
            "area": ["A", "A", "A", "B", "C"],
            "period": ["01x", "02", "00", "01", "00"],
            "reason": ["Moved", "New team", "Founded", "Merged", "Nobody's"],
        }
    )
    found = control_chart(pl.concat([series(1, 2, 5, 6), series(1, 2, 5, 6, area="B")]), rebases=rebases)
    assert found.select("phase", "reason", "mean").rows() == [
        (1, "Founded", 1.5),
        (1, "Founded", 1.5),
        (2, "New team", 5.5),
        (2, "New team", 5.5),
        (1, None, None),
        (2, "Merged", 13 / 3),
        (2, "Merged", 13 / 3),
        (2, "Merged", 13 / 3),
    ]


def test_a_rebase_is_said_why() -> None:
    rebases = pl.DataFrame({"area": ["A"], "period": ["01"], "reason": [" "]})
    with pytest.raises(WrongState, match="no reason"):
        control_chart(series(1, 2), rebases=rebases)


def test_two_points_of_one_time_are_refused() -> None:
    with pytest.raises(WrongState, match="two points of one time"):
        control_chart(pl.concat([series(1, 2), series(3)]))


@pytest.mark.parametrize("given", [{"run": 1}, {"baseline": 1}])
def test_a_run_and_a_baseline_have_two_points(given: dict[str, int]) -> None:
    with pytest.raises(WrongState, match="two points or more"):
        Drawing(**given)


def test_what_is_missing_is_told() -> None:
    limits = "No two known points of this phase follow each other, so it has no limits."
    found = control_chart(pl.concat([series(4, None, 6), series(None, 4, 6, area="B"), series(area="C")]))
    assert found.select("mean", "verdict", "missing").rows() == [
        (None, None, limits),
        (None, None, "There is no value."),
        (None, None, limits),
        (5, None, "There is no value."),
        (5, "common cause", None),
        (5, "common cause", None),
    ]


def test_limits_warn_until_they_rest_on_twelve_points() -> None:
    warning = "These limits rest on fewer than 12 points and may still move."
    found = control_chart(pl.concat([series(*[1, 2] * 6), series(*[1, 2] * 5, None, 1, area="B"), series(1, area="C")]))
    warned = found.group_by("area", maintain_order=True).agg(pl.col("warning").unique())
    assert warned.rows() == [("A", [None]), ("B", [warning]), ("C", [None])]


def test_empty_table() -> None:
    found = control_chart(series())
    assert (found.columns, found.height) == ([*SERIES, *ADDED, "verdict", "missing", "warning"], 0)
    rebases = pl.DataFrame(schema={"area": pl.String, "period": pl.String, "reason": pl.String})
    assert control_chart(series(), rebases=rebases).schema == found.schema


def test_assurance_is_of_the_last_phase() -> None:
    rebases = pl.DataFrame({"area": ["A"], "period": ["12"], "reason": ["New team"]})
    found = control_chart(series(*[1, 2] * 6, *[11, 12] * 6), rebases=rebases).group_by("area").last()
    words = [found.select(assurance("lower", "upper", aim, polarity=Polarity.HIGH)).item() for aim in (5, 12, 20)]
    assert words == ["consistently pass", "hit and miss", "consistently fail"]


def test_assurance_of_nothing() -> None:
    frame = pl.DataFrame(schema={"lower": pl.Float64, "upper": pl.Float64, "target": pl.Float64})
    words = assurance("lower", "upper", "target", polarity=Polarity.LOW)
    assert frame.select(words.alias("words")).height == 0
    assert numbers(assurance(1, 2, pl.lit(None, dtype=pl.Int64), polarity=Polarity.LOW)) == (None,)
