"""Pictures of flows: boxes, bands, waits, and the words and table beside them."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from parity.documents.flow_picture import Flow, Setting, flow_picture
from parity.documents.model import Chart
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from tests.documents.sample import PEOPLE, figure

TOLD: dict[str, Any] = {
    "slug": "flows", "title": "How people move", "moments": ("March 2026", "March 2029"), "period": "in March 2029",
}  # fmt: skip


def people(value: float | None) -> Figure:
    return figure(PEOPLE, "Kent", value)


HOME = Setting("Residential care", people(180), people(96), outside=(people(3), people(2)), group="Homes")
LIVING = Setting("Supported living", people(40), people(110), people(12), people(4), group="Community")
WARD = Setting("Acute ward", people(44), people(42), no_place=people(0), group="Hospital")
EMPTY = Setting("Old ward", people(0), people(0), group="Hospital")
FLOWS = [
    Flow("Residential care", "Supported living", people(3)),
    Flow("Acute ward", "Supported living", people(8)),
    Flow("Residential care", "Acute ward", people(1)),
]


def layers_of(chart: Chart, kind: str) -> list[list[dict[str, Any]]]:
    return [layer["data"]["values"] for layer in chart.spec["layer"] if layer["mark"]["type"] == kind]


def test_words_and_table_tell_what_is_drawn() -> None:
    chart = flow_picture([HOME, LIVING, WARD, EMPTY], FLOWS, **TOLD)
    assert chart.description == (
        "Picture of flows between 3 settings. People from March 2026 to March 2029: Residential care, 180 to 96; "
        "Supported living, 40 to 110; Acute ward, 44 to 42. Largest flows in March 2029: Acute ward to Supported "
        "living, 8; Residential care to Supported living, 3; Residential care to Acute ward, 1. "
        "Waiting: Supported living, 12 (no place); Supported living, 4 (no staff)."
    )
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown[:4] == [
        ("Residential care", "180", "96", "–", "–", "3", "2", "–"),
        ("Supported living", "40", "110", "12", "4", "–", "–", "–"),
        ("Acute ward", "44", "42", "0", "–", "–", "–", "–"),
        ("Residential care → Supported living", *["–"] * 6, "3"),
    ]
    assert chart.table.notes == (
        "Bands: people who move in March 2029. Waits: people at the end of March 2029.",
        "Left out, as nobody is, comes or goes there: Old ward.",
    )


def test_every_name_number_and_wait_is_drawn_once() -> None:
    svg = svg_of(flow_picture([HOME, LIVING, WARD], FLOWS, **TOLD))
    words = ("Residential care", "180 → 96", "12 wait: no place", "4 wait: no staff", "people, March 2026")
    assert [svg.count(f">{each}<") for each in words] == [1] * 5
    # words on bands have a white shadow, so they stand twice
    assert [svg.count(f">{each}<") for each in ("3 arrive", "2 leave", "8")] == [2] * 3


def test_bands_are_as_wide_as_the_people_who_move() -> None:
    bands = [point for each in layers_of(flow_picture([HOME, LIVING, WARD], FLOWS, **TOLD), "line") for point in each]
    wide = {point["flow"]: point["wide"] for point in bands}
    assert wide["Acute ward → Supported living"] / wide["Residential care → Supported living"] == pytest.approx(
        8 / 3, abs=0.01
    )
    assert {point["flow"] for point in bands if point["back"]} == {"Acute ward → Supported living"}


def test_words_on_bands_touch_neither_each_other_nor_a_box() -> None:
    chart = flow_picture(
        [HOME, LIVING, WARD], [*FLOWS, Flow("Supported living", "Residential care", people(2))], **TOLD
    )
    words, *_ = layers_of(chart, "text")
    cards, *_ = layers_of(chart, "rect")
    for one, two in combinations(words, 2):
        assert abs(one["x"] - two["x"]) >= 7 or abs(one["y"] - two["y"]) >= 15
    inside = [
        word["text"] for word in words for card in cards
        if card["x"] < word["x"] < card["x2"] and card["y"] < word["y"] < card["y2"]
    ]  # fmt: skip
    assert inside == []


def test_words_that_have_no_room_on_their_band_stand_in_the_table_alone() -> None:
    many = [
        Flow(HOME.name, LIVING.name, people(123_456_789_012_345)),
        Flow(LIVING.name, HOME.name, people(123_456_789_012_346)),
    ]
    chart = flow_picture([HOME, LIVING], many, **TOLD)
    assert [svg_of(chart).count(f">{flow.people.text}<") for flow in many] == [0, 0]
    assert [row[-1] for row in chart.table.rows[2:]] == [flow.people for flow in many]


def test_without_groups_rows_follow_the_flows() -> None:
    chart = flow_picture([replace(each, group="") for each in (HOME, LIVING, WARD)], FLOWS, **TOLD)
    tops = [card["y"] for card in layers_of(chart, "rect")[0]]
    assert [sorted(tops).index(top) for top in tops] == [0, 2, 1]


def test_settings_side_by_side_are_joined_below() -> None:
    pair = [replace(HOME, group="Both"), replace(WARD, group="Both"), LIVING]
    chart = flow_picture(pair, FLOWS, **TOLD)
    foot = layers_of(chart, "rect")[0][0]["y2"]
    arch = [
        point["y"] for each in layers_of(chart, "line") for point in each
        if point["flow"] == "Residential care → Acute ward"
    ]  # fmt: skip
    assert (arch[0], max(arch), arch[-1]) == (foot, foot + 60, foot)


def test_settings_without_flows_or_waits_are_drawn() -> None:
    alone = [Setting("One", people(3), people(4)), Setting("Two", people(None), people(5))]
    chart = flow_picture(alone, [], **TOLD)
    assert chart.description.endswith("One, 3 to 4; Two, not available to 5. Nobody waits.")
    assert svg_of(chart).count(">not available → 5<") == 1


REFUSED = {
    "needs two settings with people or flows": ([HOME, EMPTY], []),
    "needs a name of its own": ([HOME, HOME], []),
    "every flow joins two of the settings": ([HOME, LIVING], FLOWS),
    "every flow is given once": ([HOME, LIVING], [FLOWS[0], FLOWS[0]]),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_drawn_is_refused(words: str) -> None:
    settings, flows = REFUSED[words]
    with pytest.raises(ValueError, match=f"flows: .*{words}|flows: {words}"):
        flow_picture(settings, flows, **TOLD)
