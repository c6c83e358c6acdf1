"""Fan charts: a line a scenario with its bands, the words at their ends, and the table of the ends of years."""

import itertools

import polars as pl
import pytest

from parity.documents.drawing import Point
from parity.documents.fans import COLUMNS, fan_chart
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from tests.documents.sample import PEOPLE, SHARE, figure

TOLD = {"slug": "fan", "title": "People in residential care"}
MONTHS = [f"{year}-{month:02d}" for year in (2026, 2027, 2028) for month in range(1, 13)]


def months(name: str, *, width: float = 10.0, periods: list[str] = MONTHS) -> pl.DataFrame:
    rows = [
        (name, period, 180.0 - at, 178.0 - at - width, 182.0 - at + width, 176.0 - at - width, 184.0 - at + width)
        if width
        else (name, period, *[180.0 - at] * 5)
        for at, period in enumerate(periods)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def ends(name: str) -> list[Point]:
    values = {"2026": 169.0, "2027": 157.0, "2028": 145.0}
    return [
        Point(f"December {year}", figure(PEOPLE, "Kent", value, year, lower=value - 14, upper=value + 14), name)
        for year, value in values.items()
    ]


def test_bands_and_line_come_from_the_months_and_the_table_from_the_ends() -> None:
    chart = fan_chart(months("As it is"), ends("As it is"), **TOLD, note="Every month stands in people.csv.")
    rows = chart.spec["data"]["values"]
    assert len(rows) == 36
    assert rows[1] == {
        "label": "2026-02", "series": "As it is", "value": 179, "lower_80": 167, "upper_80": 191, "lower_95": 165,
        "upper_95": 193,
    }  # fmt: skip
    assert [layer["mark"]["type"] for layer in chart.spec["layer"]] == ["area", "area", "line", "line", "line", "text"]
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [("December 2026", "169"), ("December 2027", "157"), ("December 2028", "145")]
    assert chart.table.notes == ("Every month stands in people.csv.",)


def test_words_tell_the_ends_the_bands_and_the_event() -> None:
    both = pl.concat([months("As it is"), months("To be", width=0)])
    chart = fan_chart(both, [*ends("As it is"), *ends("To be")], **TOLD, event=("2026-10", "Team starts"))
    assert chart.description == (
        "Forecast by month, January 2026 to December 2028. "
        "As it is: 145 (95% of draws: 131 to 159) at the end of December 2028. "
        "To be: 145 at the end of December 2028, nothing is uncertain. "
        "Darker band: 80% of draws; lighter band: 95%. Line at October 2026: Team starts."
    )
    assert chart.spec["layer"][0]["transform"] == [{"filter": {"field": "series", "oneOf": ["As it is"]}}]
    svg = svg_of(chart, prefix="fan")
    words = ("As it is", "To be", "145", "2026", "2027", "2028", "Team starts, October 2026")
    assert [svg.count(f">{each}<") for each in words] == [1, 1, 2, 1, 1, 1, 1]


def test_where_nothing_is_uncertain_no_band_is_drawn() -> None:
    chart = fan_chart(months("As it is", width=0), ends("As it is"), **TOLD)
    assert [layer["mark"]["type"] for layer in chart.spec["layer"]] == ["line", "text"]
    assert chart.description.endswith("As it is: 145 at the end of December 2028, nothing is uncertain.")


def test_nought_is_a_dark_line_where_anything_lies_below_it() -> None:
    above, across = months("As it is"), months("As it is").with_columns(pl.col("lower_95") - 150)
    dark = 'stroke="#212B32"'
    assert [
        svg_of(fan_chart(each, ends("As it is"), **TOLD), prefix="fan").count(dark) for each in (above, across)
    ] == [
        0,
        1,
    ]


def test_long_names_stand_in_a_key_and_months_where_there_are_no_years() -> None:
    long = "Invest to save: a moving-on team of four people with a housing officer"
    chart = fan_chart(months(long, periods=MONTHS[:12]), ends(long)[:1], **TOLD)
    svg = svg_of(chart, prefix="fan")
    assert [svg.count(f">{words}<") for words in (long, "169", "January 2026")] == [1, 1, 1]


def test_ends_at_one_height_are_written_apart() -> None:
    both = pl.concat([months(name) for name in ("One", "Two", "Three")])
    layers = fan_chart(both, [each for name in ("One", "Two", "Three") for each in ends(name)], **TOLD).spec["layer"]
    tops = sorted(layer["encoding"]["y"]["value"] for layer in layers if layer["mark"]["type"] == "text")
    assert min(after - before for before, after in itertools.pairwise(tops)) >= 30


TWO = pl.concat([months("One"), months("Two")])
REFUSED = {
    "shows one to 3 scenarios, not 4": (pl.concat([months(name) for name in "abcd"]), ends("a"), None),
    "shows one to 3 scenarios, not 0": (TWO.clear(), [], None),
    "needs figures of each of its scenarios": (TWO, ends("One"), None),
    "in one unit": (months("One"), [*ends("One"), Point("2029", figure(SHARE, "Kent", 0.5), "One")], None),
    "needs every month once": (TWO[:-1], [*ends("One"), *ends("Two")], None),
    "April 2031 is none of the months shown": (months("One"), ends("One"), ("2031-04", "Team starts")),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_shown_is_refused(words: str) -> None:
    frame, figures, event = REFUSED[words]
    with pytest.raises(ValueError, match=f"fan: .*{words}|fan: {words}"):
        fan_chart(frame, figures, **TOLD, event=event)
