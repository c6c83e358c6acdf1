"""Maps: areas filled by class, with the same table and words behind them as any chart."""

import json

import pytest

from parity.documents.drawing import Point
from parity.documents.maps import CLASSES, NONE, NOT_AVAILABLE, OTHERS, Spot, area_map, with_spots
from parity.documents.pictures import svg_of
from tests.documents.sample import PEOPLE, figure


def square(left: float) -> str:
    ring = [[left, 50], [left, 51], [left + 1, 51], [left + 1, 50], [left, 50]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


NAMES = ("Abbey", "Castle", "Eyres", "Forest")
SHAPES = {name[:3].upper(): square(place) for place, name in enumerate(NAMES[:3])}
POINTS = [
    Point("Abbey", figure(PEOPLE, "Abbey", 30.0), "20 to 30"),
    Point("Castle", figure(PEOPLE, "Castle", 5.0), "0 to 10"),
    Point("Eyres", figure(PEOPLE, "Eyres", None), ""),
    Point("Forest", figure(PEOPLE, "Forest", 25.0), "20 to 30"),
]
TOLD = {"slug": "map", "title": "People in contact"}


def test_each_area_is_filled_by_its_class_from_few_to_many() -> None:
    spec = area_map(POINTS, SHAPES, **TOLD).spec
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["0 to 10", "20 to 30", NOT_AVAILABLE], "range": [*CLASSES[-2:], NONE]}
    told = [feature["properties"] for feature in spec["data"]["values"]]
    assert [(each["label"], each["class"], each["text"]) for each in told] == [
        ("Abbey", "20 to 30", "30"),
        ("Castle", "0 to 10", "5"),
        ("Eyres", NOT_AVAILABLE, "not available"),
    ]


def test_an_area_without_a_shape_stands_in_the_table() -> None:
    chart = area_map(POINTS, SHAPES, **TOLD)
    assert [row[0] for row in chart.table.rows] == list(NAMES)
    assert chart.description == (
        "3 areas on a map. 4 figures of People in contact. Highest: Abbey, 30. Lowest: Castle, 5. Not available: 1."
    )


def test_it_is_drawn_with_its_areas_and_words() -> None:
    svg = svg_of(area_map(POINTS, SHAPES, **TOLD, marked=["CAS", "ABB"]), prefix="map-1")
    assert [svg.count(f'fill="{colour}"') for colour in (*CLASSES[-2:], NONE)] == [
        2,
        2,
        2,
    ]  # an area and its mark in the key
    assert [text for text in ("0 to 10", "20 to 30", NOT_AVAILABLE) if f">{text}<" in svg] == [
        "0 to 10",
        "20 to 30",
        NOT_AVAILABLE,
    ]


def test_without_any_figure_there_is_one_class_of_none() -> None:
    scale = area_map(POINTS[2:3], SHAPES, **TOLD).spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"domain": [NOT_AVAILABLE], "range": [NONE]}


def test_more_classes_than_can_be_told_apart_are_refused() -> None:
    many = [Point(str(place), figure(PEOPLE, f"{place}aa", float(place)), str(place)) for place in range(6)]
    with pytest.raises(ValueError, match="at most 5 classes, not 6"):
        area_map(many, {}, **TOLD)


def test_spots_are_told_apart_by_shape_and_counted_in_words() -> None:
    spots = [
        Spot("Lodge", "Crisis", 0.5, 50.5),
        Spot("Barn", "Day places", 1.5, 50.2),
        Spot("Pier", "Crisis", 2.2, 50.8),
    ]
    plain = area_map(POINTS, SHAPES, **TOLD)
    chart = with_spots(plain, spots)
    assert chart.description == f"{plain.description} Marked on it: Crisis, 2; Day places, 1."
    assert chart.spec["layer"][-1]["encoding"]["shape"]["scale"] == {
        "domain": ["Crisis", "Day places"], "range": ["circle", "square"]
    }  # fmt: skip
    assert [text for text in ("Crisis", "Day places") if f">{text}<" in svg_of(chart)] == ["Crisis", "Day places"]
    assert with_spots(plain, []) is plain


def test_kinds_beyond_the_shapes_stand_together() -> None:
    spots = [Spot(str(number), f"Kind {number}", 0.5, 50.5) for number in range(8)]
    chart = with_spots(area_map(POINTS, SHAPES, **TOLD), spots)
    kinds = chart.spec["layer"][-1]["encoding"]["shape"]["scale"]["domain"]
    assert kinds == [*(f"Kind {number}" for number in range(5)), OTHERS]
    assert chart.description.endswith("Kind 4, 1; others, 3.")


@pytest.mark.parametrize(("names", "height"), [("Abbey Castle Eyres", 255), ("Abbey", 540), ("Forest", 160)])
def test_a_map_is_as_high_as_its_areas_need(names: str, height: int) -> None:
    chart = area_map([point for point in POINTS if point.label in names.split()], SHAPES, **TOLD)
    assert chart.spec["height"] == height
