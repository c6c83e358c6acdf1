"""What stands on England's own pages: the catalogue of publications with what was read of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from parity.analyse.placed import latest_until, of_place
from parity.documents.drawing import Point
from parity.documents.figure_tables import joined
from parity.documents.maps import CLASSES, area_map
from parity.documents.model import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    Paragraph,
    Table,
    figures_of,
)
from parity.layout.topic import Topic
from parity.methods.quantiles import quantile_group
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk, Figures, is_of_england
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE, Indicator
from parity.terms.publication import Publication
from parity.terms.units import Unit, write_number

CLASSES_SHOWN = len(CLASSES)
MAPPED = (
    Unit.SHARE, Unit.CHANGE, Unit.RATE_PER_1K, Unit.RATE_PER_10K, Unit.RATE_PER_100K, Unit.RATE_PER_100K_WEIGHTED,
    Unit.GBP_PER_HEAD, Unit.GBP_PER_WEEK, Unit.INDEX, Unit.RATIO, Unit.SCORE, Unit.DAYS, Unit.NUMBER,
)  # fmt: skip
"""Units in which places of different size can be compared."""
NOTHING = "not read yet"


def sources_blocks(desk: Desk) -> list[Block]:
    """Every publication with publisher, licence, address, frequency, what to know of it, and the editions read."""
    read: dict[str, list[str]] = {}
    for release in desk.store.listed(ENGLAND_SCOPE):
        read.setdefault(release.stem, []).append(f"{release.edition} ({release.at[:10]})")
    heads = ("Publication", "Publisher", "Licence", "How often", "Read", "Name here")
    rows = tuple(_row(source, read.get(stem, [])) for stem, source in SHELF.items())
    table = Table("sources", "Publications that can be taken in", tuple(Column(head) for head in heads), rows)
    return [table, *(block for source in SHELF.values() for block in _described(source))]


def _row(source: Publication, read: list[str]) -> tuple[str, ...]:
    editions = ", ".join(sorted(read)) or NOTHING
    return source.title, source.publisher, source.licence, source.frequency, editions, source.stem


def _described(source: Publication) -> list[Block]:
    """What to know of one publication, and its columns."""
    columns = tuple((name, column.kind.value, column.words) for name, column in source.columns.items())
    heads = tuple(Column(head) for head in ("Column", "Kind", "What it holds"))
    return [
        Heading(source.title),
        Paragraph((f"{source.caveat} Published at {source.address}",)),
        Table(f"columns-{source.stem}", f"Columns of {source.stem}", heads, columns),
    ]


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
    """The indicators by which a map may be filled, since they compare areas: rates, shares, scores, not people."""
    return [one for one in CATALOGUE.values() if one.unit in MAPPED and is_of_england(one)]


def map_choice(figures: Figures, shapes: pl.DataFrame, asked: Mapping[str, str]) -> MapChoice | None:
    """What was asked for, as far as there are figures of it; otherwise the latest period and the first of each value.

    None where the figures are of fewer than two areas of every layer.
    """
    frame = figures.frame
    met = shapes.select("layer", "area").filter(pl.col("area").is_in(frame["area"].unique().to_list()))
    layers = met.group_by("layer", maintain_order=True).len().filter(pl.col("len") > 1)["layer"].to_list()
    if not layers:
        return None
    layer = asked.get("layer", "") if asked.get("layer") in layers else layers[0]
    here = frame.filter(pl.col("area").is_in(met.filter(pl.col("layer") == layer)["area"].to_list()))
    options: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    for name in ("period", *figures.indicator.dimensions):
        options[name] = here[name].unique(maintain_order=name != "period").sort(descending=name == "period").to_list()
        chosen[name] = asked[name] if asked.get(name) in options[name] else options[name][0]
        here = here.filter(pl.col(name) == chosen[name])
    return MapChoice(options, chosen, layers, layer)


def map_blocks(figures: Figures, shapes: pl.DataFrame, choice: MapChoice, *, marked: str = "") -> list[Block]:
    """The map of the figures chosen, in five groups of equal size, and what to know of it."""
    outlines = dict(shapes.filter(pl.col("layer") == choice.layer).select("area", "geometry").iter_rows())
    drawn = [figure for figure in figures.all(**choice.chosen) if figure.area.code in outlines]
    found = sorted(drawn, key=lambda figure: figure.area.name)
    frame = pl.DataFrame({"value": [figure.value for figure in found]}, schema={"value": pl.Float64})
    groups = frame.select(quantile_group("value", CLASSES_SHOWN, highest_first=False)).to_series().to_list()
    words = _class_words(found, groups)
    told = zip(told_apart_areas(found), found, groups, strict=True)
    points = [Point(label, figure, words.get(group, "")) for label, figure, group in told]
    title = ", ".join((figures.indicator.title, *reversed(list(choice.chosen.values()))))
    explained = "Each colour holds a fifth of the areas: it tells their order, and not how far apart they are."
    return [area_map(points, outlines, slug="map", title=title, marked=marked), Paragraph((explained,))]


def _class_words(figures: Sequence[Figure], groups: Sequence[int | None]) -> dict[int | None, str]:
    """The lowest and the highest value of each group, in words."""
    known: dict[int | None, list[float]] = {}
    for figure, group in zip(figures, groups, strict=True):
        if figure.value is not None:
            known.setdefault(group, []).append(figure.value)
    unit = figures[0].unit
    return {group: unit.write_range(min(values), max(values)) for group, values in known.items()}


def told_apart_areas(figures: Sequence[Figure]) -> list[str]:
    """The name of each figure's area, with its code where another has the same name."""
    names = [figure.area.name for figure in figures]
    return [
        f"{figure.area.name} ({figure.area.code})" if names.count(figure.area.name) > 1 else figure.area.name
        for figure in figures
    ]


HEADLINES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("People who live here", "residents", {"age_group": "all ages", "sex": "all"}),
    ("People of 65 and over", "residents", {"age_group": "65 and over", "sex": "all"}),
    ("Small areas in the most deprived tenth of England", "most_deprived_share", {"domain": "multiple deprivation"}),
    (
        "Adults of 16 to 64 expected to have a common mental health condition (APMS 2023/4)",
        "people_expected",
        {"condition": "common mental health condition", "rate_source": "APMS 2023/4"},
    ),
    (
        "People of 65 and over expected to have dementia (CFAS II)",
        "people_expected",
        {"condition": "dementia", "rate_source": "CFAS II (Matthews et al)"},
    ),
    (
        "People expected to have a psychotic disorder (APMS 2023/4)",
        "people_expected",
        {"condition": "psychotic disorder", "rate_source": "APMS 2023/4"},
    ),
)
"""What a summary opens with: words, indicator, and which of its figures."""
READING = (
    "Every figure was computed from the publications named under it, and each has a page of its own that shows how. "
    "Brackets hold an interval, and say of which kind. A figure that is not available says why. Conditions overlap in "
    "the same people and are never added up; sources of rates stand side by side and are never mixed. Money on "
    "different bases is never compared."
)
LIMITS = (
    "National rates are applied to local people: whether a rate is this place’s own, nobody has measured here.",
    "Official statistics lag: each figure names its period, and periods differ between chapters.",
    "Residents, people registered with practices and people in contact with services are counted differently.",
    "Nothing here tells how people experience services, or what works for them: ask them.",
)


def assessment(desk: Desk, place: Place, topics: Sequence[Topic]) -> Document:
    """The needs and resources assessment of a place: summary, a chapter a topic, limits, sources and chosen numbers."""
    blocks: list[Block] = [Heading("Summary"), *_headlines(desk, place), Callout("How to read the figures", (READING,))]
    for topic in topics:
        if topic.profile is not None:
            blocks += [Heading(topic.title), Paragraph((topic.lead,)), *topic.profile(desk, place)]
    blocks += [Heading("What this does not tell"), Bullets(tuple((sentence,) for sentence in LIMITS))]
    blocks += [Heading("Sources"), *_read_sources(desk), *_chosen(blocks)]
    compared = ", ".join(area.name for area in place.compared)
    return Document(
        title=f"Mental-health needs and resources: {place.area.name}",
        subtitle=f"{place.year}, compared with {f'{compared} and ' if compared else ''}England",
        publisher="From official statistics",
        blocks=tuple(blocks),
    )


def _headlines(desk: Desk, place: Place) -> list[Block]:
    found = [(words, latest_until(of_place(desk, key, place, **where), place.year)) for words, key, where in HEADLINES]
    rows = [(words, _of(place.area.code, part), _of(ENGLAND, part)) for words, part in found if part]
    return [joined("headlines", f"{place.area.name} in figures", ("Figure", place.area.name, "England"), rows)]


def _of(code: str, figures: Sequence[Figure]) -> Cell:
    return next((figure for figure in figures if figure.area.code == code), "–")


def _read_sources(desk: Desk) -> list[Block]:
    """The publications whose tables were read for England, with licence, edition and date of reading."""
    heads = ("Publication", "Publisher", "Licence", "Edition", "Read on")
    listed = sorted(desk.store.listed(ENGLAND_SCOPE), key=lambda one: (one.stem, one.edition))
    rows = tuple(
        (SHELF[one.stem].title, SHELF[one.stem].publisher, SHELF[one.stem].licence, one.edition, one.at[:10])
        for one in listed
        if one.stem in SHELF
    )
    words = "Contains public sector information licensed under the Open Government Licence v3.0, where that is named."
    table = Table("publications", "Publications that were taken in", tuple(Column(head) for head in heads), rows)
    return [Paragraph((words,)), table]


def _chosen(blocks: Sequence[Block]) -> list[Block]:
    """The numbers that the figures rest on and that somebody chose, each with its reference."""
    figures = (figure for block in blocks for figure in figures_of(block))
    chosen = {number.key: number for figure in figures for number in figure.assumptions}
    if not chosen:
        return []
    heads = ("Number", "Value", "Unit", "Reference", "Confidence")
    rows = tuple(
        (each.title, write_number(each.value), each.unit, each.reference, each.confidence.value)
        for each in chosen.values()
    )
    return [Table("chosen-numbers", "Numbers chosen, and why", tuple(Column(head) for head in heads), rows)]
