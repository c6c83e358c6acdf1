"""Maps of England's areas, filled by the figures of an indicator: what can be shown, what is, and how it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from parity.documents.drawing import Point
from parity.documents.maps import CLASSES, area_map
from parity.documents.model import Block, Paragraph
from parity.methods.quantiles import quantile_group
from parity.sources.shelf import SHELF
from parity.tables import Figures, is_of_england
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE, Indicator
from parity.terms.units import Unit

CLASSES_SHOWN = len(CLASSES)
MAPPED = (
    Unit.SHARE, Unit.CHANGE, Unit.RATE_PER_1K, Unit.RATE_PER_10K, Unit.RATE_PER_100K, Unit.RATE_PER_100K_WEIGHTED,
    Unit.GBP_PER_HEAD, Unit.GBP_PER_WEEK, Unit.GBP_EXACT, Unit.INDEX, Unit.RATIO, Unit.SCORE, Unit.DAYS, Unit.NUMBER,
)  # fmt: skip
"""Units in which places of different size can be compared."""
OF_ALL = {"place_in_order"}
"""Dimensions of figures that speak of all bodies together, and are the same for each."""
NATIONAL = {"national_cost_collection"}
"""Tables that speak of England as a whole alone."""
WHOLE_INDEX = "multiple deprivation"
SHOWN_FIRST = (
    WHOLE_INDEX, "common mental health condition", "mental health support, 18 to 64",
    "mental health support, 18 to 64: residential care, a week",
)  # fmt: skip
"""What a map shows unless something else is asked for: what most people look for."""
COUNCILS_FIRST = ("council", "upper_tier")
"""The layers that a map opens on: councils, unless more of those with counties among them have a figure."""


@dataclass(frozen=True, slots=True)
class MapChoice:
    """What a map can show of an indicator, and what it shows.

    `options` holds each name's values; `chosen` one of each. `layers` are those in which several areas have a figure.
    """

    options: Mapping[str, list[str]]
    chosen: Mapping[str, str]
    layers: list[str]
    layer: str


def mappable() -> list[Indicator]:
    """The indicators by which a map may be filled, since they compare areas: rates, shares, unit costs, not people."""
    return [
        one
        for one in CATALOGUE.values()
        if one.unit in MAPPED
        and is_of_england(one)
        and OF_ALL.isdisjoint(one.dimensions)
        and not NATIONAL.issuperset(one.tables)
    ]


def map_choice(figures: Figures, shapes: pl.DataFrame, asked: Mapping[str, str]) -> MapChoice | None:
    """What was asked for, as far as there are figures of it; otherwise councils, the latest period and a value of each.

    None where the figures are of fewer than two areas of every layer.
    """
    frame = figures.frame
    met = shapes.select("layer", "area").filter(pl.col("area").is_in(frame["area"].unique().to_list()))
    sizes = dict(met.group_by("layer", maintain_order=True).len().filter(pl.col("len") > 1).iter_rows())
    if not sizes:
        return None
    layers, widest = list(sizes), max(COUNCILS_FIRST, key=lambda one: sizes.get(one, 0))
    layer = next((one for one in (asked.get("layer", ""), widest) if one in layers), layers[0])
    here = frame.filter(pl.col("area").is_in(met.filter(pl.col("layer") == layer)["area"].to_list()))
    options: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    for name in ("period", *figures.indicator.dimensions):
        options[name] = here[name].unique(maintain_order=name != "period").sort(descending=name == "period").to_list()
        chosen[name] = next(
            (one for one in (asked.get(name, ""), *SHOWN_FIRST) if one in options[name]), options[name][0]
        )
        here = here.filter(pl.col(name) == chosen[name])
    return MapChoice(options, chosen, layers, layer)


def map_blocks(
    figures: Figures, shapes: pl.DataFrame, choice: MapChoice, *, marked: Sequence[str] = (), slug: str = "map"
) -> list[Block]:
    """The map of the figures chosen, in five groups of equal size, with the credit of its outlines; how to read it.

    `marked` are the codes of the areas drawn with an edge, the first with a red one.
    """
    drawn_from = shapes.filter(pl.col("layer") == choice.layer)
    outlines = dict(drawn_from.select("area", "geometry").iter_rows())
    drawn = [figure for figure in figures.all(**choice.chosen) if figure.area.code in outlines]
    found = sorted(drawn, key=lambda figure: figure.area.name)
    frame = pl.DataFrame({"value": [figure.value for figure in found]}, schema={"value": pl.Float64})
    groups = frame.select(quantile_group("value", CLASSES_SHOWN, highest_first=False)).to_series().to_list()
    words = _class_words(found, groups)
    told = zip(told_apart_areas(found), found, groups, strict=True)
    points = [Point(label, figure, words.get(group, "")) for label, figure, group in told]
    title = ", ".join((figures.indicator.title, *reversed(list(choice.chosen.values()))))
    explained = "Each colour holds a fifth of the areas: it tells their order, and not how far apart they are."
    chart = area_map(points, outlines, slug=slug, title=title, marked=marked)
    credit = SHELF["boundaries"].attribution.format(year=drawn_from["year"].max())
    return [replace(chart, table=replace(chart.table, notes=(credit,))), Paragraph((explained,))]


def _class_words(figures: Sequence[Figure], groups: Sequence[int | None]) -> dict[int | None, str]:
    """The lowest and the highest value of each group in words, or the one value that all of it have."""
    known: dict[int | None, list[float]] = {}
    for figure, group in zip(figures, groups, strict=True):
        if figure.value is not None:
            known.setdefault(group, []).append(figure.value)
    unit = figures[0].unit
    ends = {group: (min(values), max(values)) for group, values in known.items()}
    one = {group: unit.write(low) for group, (low, high) in ends.items() if unit.write(low) == unit.write(high)}
    return {group: one.get(group) or unit.write_range(low, high) for group, (low, high) in ends.items()}


def told_apart_areas(figures: Sequence[Figure]) -> list[str]:
    """The name of each figure's area, with its code where another has the same name."""
    names = [figure.area.name for figure in figures]
    return [
        f"{figure.area.name} ({figure.area.code})" if names.count(figure.area.name) > 1 else figure.area.name
        for figure in figures
    ]
