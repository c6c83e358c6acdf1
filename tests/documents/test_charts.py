import re
from html.parser import HTMLParser

import pytest

from parity.documents.charts import bar_chart, grouped_bar_chart, interval_chart, line_chart, stacked_bar_chart
from parity.documents.drawing import PALETTE, Point, period_axis
from parity.documents.model import Chart, Column
from parity.documents.pictures import png_of, png_share, svg_of, svg_share
from tests.documents.sample import AWKWARD, LONG, PEOPLE, RATE, SHARE, SPEND, charts, figure

ALL = (bar_chart, grouped_bar_chart, stacked_bar_chart, line_chart, interval_chart)
ARGUMENTS = {"slug": "slug", "title": "Title", "labels": "Area"}


class Texts(HTMLParser):
    """The texts and attributes of an SVG."""

    def __init__(self, svg: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(svg)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs


def in_one_series(*values: float | None) -> list[Point]:
    return [Point(f"Area {place}", figure(PEOPLE, f"Area {place}", value)) for place, value in enumerate(values)]


@pytest.mark.parametrize("name", ["bar", "grouped", "stacked", "line", "interval"])
def test_an_svg_is_the_same_twice_described_and_prefixed(name: str):
    chart = charts()[name]
    svg = svg_of(chart, prefix="chart-7")
    assert svg == svg_of(charts()[name], prefix="chart-7")
    found = Texts(svg)
    assert found.texts[:2] == [chart.title, chart.description]
    assert ("aria-labelledby", "chart-7-title chart-7-description") in found.attributes
    assert [value for key, value in found.attributes if key == "role"] == ["img"]
    ids = [value for key, value in found.attributes if key == "id"]
    assert ids == sorted(set(ids), key=ids.index)
    assert [each for each in ids if not each.startswith("chart-7-")] == []
    assert [value for key, value in found.attributes if key in {"href", "xlink:href", "src"}] == []


def test_every_value_is_written_as_elsewhere():
    for name in ("bar", "interval"):
        found = Texts(svg_of(charts()[name])).texts
        for row in charts()[name].table.rows:
            ending = f" ({row[1].interval_text})" if row[1].interval_text else ""
            text = row[1].text + (ending if name == "interval" else "")
            assert [each for each in found if each == text][:1] == [text]


def test_grouped_bars_name_their_series_and_lines_their_last_value():
    grouped = Texts(svg_of(charts()["grouped"])).texts
    assert sum(text in {"Women: 50.0%", "Men: 30.0%", "Not stated: 20.0%"} for text in grouped) == 3
    line = Texts(svg_of(charts()["line"])).texts
    ends = [text for text in line if text.endswith(" per 1,000")]
    assert ends == ["Leicester: 52.0 per 1,000", "England: 51.0 per 1,000", "Rutland: 7.5 per 1,000"]


def test_axis_labels_have_signs_and_no_powers():
    texts = Texts(svg_of(charts()["bar"])).texts
    assert [text for text in texts if re.fullmatch(r"£[\d,]+", text)][:4] == [
        "£0", "£2,000,000", "£4,000,000", "£6,000,000"
    ]  # fmt: skip


def test_negative_axis_labels_put_the_sign_first():
    points = [Point("a", figure(SPEND, "a", -3000.0)), Point("b", figure(SPEND, "b", -9000.0))]
    texts = Texts(svg_of(bar_chart(points, **ARGUMENTS))).texts
    assert [text for text in texts if "−£" in text][1:] == [
        "−£8,000", "−£6,000", "−£4,000", "−£2,000", "−£3,000", "−£9,000"
    ]  # fmt: skip


def test_bars_are_ordered_with_missing_last():
    chart = bar_chart(in_one_series(3.0, None, 9.0), **ARGUMENTS)
    assert [row[0] for row in chart.table.rows] == ["Area 2", "Area 0", "Area 1"]
    assert chart.description == (
        "Bar chart. 3 figures of People in contact. Highest: Area 2, 9. Lowest: Area 0, 3. Not available: 1."
    )


def test_the_bar_of_the_place_itself_has_a_mark_that_rests_on_no_colour():
    chart = bar_chart(in_one_series(3.0, 9.0), own="Area 0", **ARGUMENTS)
    svg = svg_of(chart)
    texts = Texts(svg).texts
    assert [text for text in texts if text.endswith(("Area 0", "Area 1"))][-2:] == ["Area 1", "► Area 0"]
    assert svg.count('font-weight="bold"') == 1
    assert chart.description.endswith(" Lowest: Area 0, 3. Area 0: 3.")
    assert chart.table.notes == ("In the chart ► and the darker bar mark Area 0.",)
    assert [row[0] for row in chart.table.rows] == ["Area 1", "Area 0"]


@pytest.mark.parametrize(("periods", "written"), [(3, 3), (18, 9), (200, 10)])
def test_no_more_periods_are_written_than_there_is_room_for(periods, written):
    axis = period_axis([str(1900 + year) for year in range(periods)], ticks=False)["axis"]
    assert (len(axis["values"]), axis["values"][0], axis["ticks"]) == (written, "1900", False)


def test_intervals_of_several_lines_stand_beside_each_other():
    points = [
        Point(year, figure(RATE, "Leicester", 5.0, period=year, lower=4.0, upper=6.0), source)
        for source in ("One survey", "Another", "A third")
        for year in ("2026", "2027")
    ]
    rules = [layer for layer in line_chart(points, **ARGUMENTS).spec["layer"] if layer["mark"]["type"] == "rule"]
    assert [layer["mark"]["xOffset"] for layer in rules] == [-3.0, 0.0, 3.0]
    assert [layer["transform"][0]["filter"] for layer in rules] == [
        'datum.series === "One survey"', 'datum.series === "Another"', 'datum.series === "A third"',
    ]  # fmt: skip
    alone = [layer for layer in line_chart(points[:2], **ARGUMENTS).spec["layer"] if layer["mark"]["type"] == "rule"]
    assert [layer["mark"].get("xOffset") for layer in alone] == [None]


def test_no_bar_is_marked_where_none_is_the_places_own():
    assert bar_chart(in_one_series(3.0), own="Elsewhere", **ARGUMENTS) == bar_chart(in_one_series(3.0), **ARGUMENTS)
    chart = bar_chart(in_one_series(3.0, None), own="Area 1", **ARGUMENTS)
    assert chart.description.endswith(" Not available: 1.")


def test_a_chart_of_only_missing_values_says_so():
    chart = bar_chart(in_one_series(None, None), **ARGUMENTS)
    assert chart.description == "Bar chart. 2 figures of People in contact. Not available: 2."
    assert Texts(svg_of(chart)).texts.count("not available") == 2


def test_a_reference_is_drawn_once_and_described():
    chart = charts()["interval"]
    assert Texts(svg_of(chart)).texts.count("England: 30.0 per 1,000") == 1
    assert chart.description.endswith("Dashed line: England, 30.0 per 1,000.")
    points = in_one_series(1.0)
    plain = interval_chart(points, **ARGUMENTS)
    unknown = interval_chart(points, **ARGUMENTS, reference=figure(PEOPLE, "England", None))
    assert plain.spec == unknown.spec


def test_the_table_behind_states_a_wordy_unit_once():
    line, grouped = charts()["line"].table, charts()["grouped"].table
    assert (line.caption, line.bare) == ("Treatment has grown (per 1,000 people)", True)
    assert (grouped.caption, grouped.bare) == ("Recovery differs by sex", False)
    numeric = [Column(name, numeric=True) for name in ("Leicester", "England", "Rutland")]
    assert line.columns == (Column("Year"), *numeric)


def test_stacked_parts_start_where_the_last_one_ended():
    rows = [row for row in charts()["stacked"].spec["data"]["values"] if row["label"] == "Abbey"]
    assert [(row["start"], row["end"], row["inside"]) for row in rows] == [
        (0.0, 50.0, "50.0%"), (50.0, 80.0, "30.0%"), (80.0, 100.0, "20.0%")
    ]  # fmt: skip


def test_a_given_description_is_kept():
    for make in ALL:
        assert make(in_one_series(1.0, 2.0), **ARGUMENTS, description="Words.").description == "Words."


@pytest.mark.parametrize("make", ALL)
def test_points_that_cannot_share_a_chart_are_refused(make):
    units = [Point("a", figure(PEOPLE, "a", 1.0)), Point("b", figure(RATE, "b", 1.0))]
    twice = [Point("a", figure(PEOPLE, "a", 1.0)), Point("a", figure(PEOPLE, "a", 2.0))]
    for points in ([], units):
        with pytest.raises(ValueError, match=r"^slug: a chart needs figures, all in the same unit.$"):
            make(points, **ARGUMENTS)
    with pytest.raises(ValueError, match=r"^slug: every label needs every series once"):
        make(twice, **ARGUMENTS)


@pytest.mark.parametrize("make", [grouped_bar_chart, stacked_bar_chart, line_chart])
def test_a_seventh_series_is_refused(make):
    points = [Point("a", figure(SHARE, "a", 0.1), str(place)) for place in range(len(PALETTE) + 1)]
    with pytest.raises(ValueError, match=r"^slug: a chart has at most 6 series that can be told apart.$"):
        make(points, **ARGUMENTS)


@pytest.mark.parametrize("make", [bar_chart, interval_chart])
def test_one_series_only(make):
    points = [Point("a", figure(SHARE, "a", 0.1), "one"), Point("a", figure(SHARE, "a", 0.2), "two")]
    with pytest.raises(ValueError, match="has one series"):
        make(points, **ARGUMENTS)


def test_negative_values_cannot_be_stacked():
    with pytest.raises(ValueError, match=r"^slug: a negative value cannot be stacked.$"):
        stacked_bar_chart(in_one_series(-1.0), **ARGUMENTS)


def test_awkward_labels_are_drawn_as_they_are():
    points = [Point(text, figure(PEOPLE, "a", 1.0)) for text in (AWKWARD, 'it\'s \\ "x"', "a\nb\x00c", LONG, "")]
    texts = Texts(svg_of(bar_chart(points, **ARGUMENTS))).texts
    assert texts.count('it\'s \\ "x"') == 1
    assert texts.count("a b c") + texts.count("a b") == 1


def test_nothing_is_fetched():
    table = charts()["bar"].table
    spec = {"data": {"url": "https://example.org/x.csv"}, "mark": "bar", "encoding": {}}
    with pytest.raises(ValueError, match=r"example.org"):
        svg_of(Chart("Title", "Words.", spec, table))


def test_a_png_is_the_same_twice_and_knows_its_share_of_the_page():
    chart = charts()["line"]
    png = png_of(chart)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png == png_of(charts()["line"])
    assert png_share(png) == pytest.approx(svg_share(svg_of(chart)), abs=0.002)
    assert svg_share('<svg width="2000" height="1">') == 1.0
