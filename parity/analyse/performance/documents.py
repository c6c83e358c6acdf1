"""The chapter on performance."""

from dataclasses import replace
from typing import Any

import polars as pl

from parity.analyse.performance.indicators import SPREAD
from parity.analyse.placed import not_read
from parity.analyse.published import MEASURES
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, parted, period_words, spread
from parity.documents.funnels import COMPARED, OTHERS, OWN, FunnelPoint, funnel_chart
from parity.documents.model import Block, Cell, Heading, Paragraph, Table
from parity.documents.spine import UNTOLD, Vertebra, spine_chart
from parity.layout.topic import Topic
from parity.methods.comparison import rank
from parity.tables import Desk, Figures
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure
from parity.terms.polarity import Polarity

WITHOUT = "This programme has no measures and no ranks (measures, ranks), so performance is not compared here."


MEASURE_TABLES = (
    "fingertips_indicators, qof_registers, four_week_waits, talking_therapies, early_intervention_waits, "
    "access_and_spend"
)
READING = (
    "Each line is the newest that is published for this kind of area, so that periods differ. The fifth says where the "
    "area stands among all of its kind: 1 holds the highest values. The rank is among the area and those it is "
    "compared with, 1 the best; equals share a rank."
)
TOLD = (
    "Better, worse, higher and lower mean that England's value lies outside the 95% interval. The interval is "
    "Wilson's, as public health statistics use it, where the publisher gives the two numbers behind a share (those of "
    "ICBs and providers rounded to 5); where it does not, the publisher's own judgement stands. Where there is "
    "neither, it cannot be told whether a difference is more than chance, and the table says “not told”."
)
SPINE = (
    "The light bar holds all areas of the kind, the dark one their middle half, the line is England. To the right is "
    "better, or higher where neither way is better."
)
FUNNELS = (
    "Small places scatter more by chance. Nearly all should lie within the outer limits, which allow for the ordinary "
    "differences between places; one outside is worth an enquiry, not yet a verdict."
)
SERVICES = "services"
KIND_WORDS = {
    "provider": SERVICES, "integrated care board": "integrated care boards",
    "sub-ICB location": "sub-ICB locations, as CCGs",
}  # fmt: skip
DISTRICT = "E07"
MOST_BESIDE = 5
"""So many areas stand beside each other in a table of measures."""
NOTHING_OWN = "Of the measures that were taken in, none is published for {} itself."
BY_REGION = (
    "No file that these measures are read from has rows of England's nine regions: health profiles are published by "
    "council, registers by CCG, waits by ICB, Talking Therapies by service. NHS England's seven regions are other "
    "areas, some of the same name, and do not stand for them."
)
ADDED_UP = (
    "What is shown of {} is added up from NHS bodies, of which all lie in it whole; numbers of ICBs are rounded to 5."
)
NOT_ADDED_UP = "Nor can the numbers of NHS bodies be added up to it, for some lie in it only in part: {}."
BY_DISTRICT = "Not published for counties, but for the districts in them, which follow below: {}."
RELATED_WORDS = (
    "Other bodies publish by other areas. These are the newest values of councils, sub-ICB locations, ICBs and "
    "services that share people with {}: each speaks of its own area, not of this one."
)
PLACED = " A service is placed by its address."


def chapter(desk: Desk) -> list[Block]:
    """Measures beside those of the areas compared with, and ranks as the sources state them."""
    found = [*_compared(desk), *_single(desk), *_stated(desk)]
    return found or [Paragraph((WITHOUT,))]


def _compared(desk: Desk) -> list[Block]:
    """One table for each area that has comparators with values."""
    ranks, means = desk.figures("rank_in_group"), desk.figures("comparator_mean")
    ranked = [figure for figure in ranks.all() if means.one(**figure.address).value is not None]
    if not ranked:
        return []
    words = "Rank 1 is the best of the areas named, by whether a high or a low value is good; equals share a rank."
    blocks: list[Block] = [Heading("Compared with named areas", 3), Paragraph((words,))]
    values, described = desk.figures("measure_value"), _described(desk)
    for number, ((area, period), part) in enumerate(parted(ranked, keys=("area", "period")).items(), start=1):
        home = part[0].area.code
        others = _others(desk, home, values, period)
        heads = ("Measure", area, *(desk.areas[code].name for code in others), "Mean of the others", "Rank")
        rows = [
            (described[by("code")(rank)], *_beside(values, rank, [home, *others]), means.one(**rank.address), rank)
            for rank in part
        ]
        blocks.append(
            joined(
                f"performance-{number}", f"Measures of {area} beside the others, {period_words(period)}", heads, rows
            )
        )
    return blocks


def _described(desk: Desk) -> dict[str, str]:
    """The measure in words with its code, by code."""
    found = desk.table("measures")
    if found is None:
        return {}
    return {code: f"{measure} ({code})" for code, measure in found[0].select("code", "measure").iter_rows()}


def _others(desk: Desk, home: str, values: Figures, period: str) -> list[str]:
    """The codes of the areas compared with that have a measure in this period, in the order they are listed."""
    found = desk.table("comparators")
    if found is None:
        return []
    measured = {figure.area.code for figure in values.all(period=period)}
    pairs = found[0].select("area", "comparator", "use").iter_rows()
    return [code for area, code, use in pairs if use == "performance" and area == home and code in measured]


def _beside(values: Figures, rank: Figure, codes: list[str]) -> tuple[Cell, ...]:
    return tuple(values.one(**{**rank.address, "area": code}) for code in codes)


def _single(desk: Desk) -> list[Block]:
    """Measures of areas that cannot be compared, so that none is left unseen."""
    ranks = desk.figures("rank_in_group")
    shown = {tuple(figure.address.items()) for figure in ranks.all() if figure.value is not None}
    compared = {code for figure in ranks.all() if figure.value is not None for code in [by("code")(figure)]}
    alone = [
        figure
        for figure in desk.figures("measure_value").all()
        if tuple(figure.address.items()) not in shown and by("code")(figure) not in compared
    ]
    if not alone:
        return []
    described = _described(desk)
    rows = [(described[by("code")(figure)], figure.area.name, period_words(figure.period), figure) for figure in alone]
    heads = ("Measure", "Area", "Period", "Value")
    return [
        Heading("Measures without a comparison", 3),
        joined("measures-alone", "Measures of which no other area's value is known", heads, rows),
    ]


def _stated(desk: Desk) -> list[Block]:
    ranks, shares = desk.figures("stated_rank").all(), desk.figures("stated_rank_percentile").all()
    found = desk.table("ranks")
    if not ranks or found is None:
        return []
    words = dict(found[0].select("code", "measure").iter_rows())
    rows = [
        (f"{words[by('code')(rank)]} ({by('code')(rank)})", rank.area.name, period_words(rank.period), rank, share)
        for rank, share in zip(ranks, shares, strict=True)
    ]
    heads = ("Measure", "Area", "Period", "Rank", "Others that do no better")
    blocks: list[Block] = [
        Heading("Ranks as stated", 3),
        Paragraph(("100% is the best of the group, 0% the last. The sources do not always name the members.",)),
    ]
    for number, ((area, period), part) in enumerate(parted(shares, keys=("area", "period")).items(), start=1):
        title = f"Share of the comparator group that does no better: {area}, {period_words(period)}"
        points = [Point(by("code")(figure), figure) for figure in part]
        blocks.append(bar_chart(points, slug=f"ranks-chart-{number}", title=title, labels="Measure"))
    return [*blocks, joined("ranks", "Ranks in a comparator group, as the sources state them", heads, rows)]


def profile(desk: Desk, place: Place) -> list[Block]:
    """All published measures of a place beside England and others, spine and funnels, and those of areas around it."""
    found = desk.table("measure_standing")
    if found is None:
        return not_read("Performance", MEASURE_TABLES)
    stood = found[0].filter(pl.col("area") == place.area.code, pl.col("measure").is_in(list(MEASURES)))
    rows = sorted(stood.iter_rows(named=True), key=lambda row: list(MEASURES).index(row["measure"]))
    measured = [*_beside_others(desk, place, rows), *_spine(desk, place, rows), *_funnels(desk, place, rows)]
    alone = [] if rows else [Paragraph((NOTHING_OWN.format(place.area.name),))]
    why = [*_of_a_region(desk, place, added_up=bool(rows)), *_of_a_county(desk, place, rows)]
    return [*alone, *why, *measured, *_around(desk, place)]


def _of_a_county(desk: Desk, place: Place, rows: list[dict[str, Any]]) -> list[Block]:
    """For a county alone: which measures of councils it does not have."""
    found = desk.looking_at(None).table("measure_standing")
    if place.area.kind != "county" or found is None:
        return []
    held = set(found[0].filter(pl.col("area").str.starts_with(DISTRICT))["measure"])
    lacking = [name for name in MEASURES if name in held - {row["measure"] for row in rows}]
    return [Paragraph((BY_DISTRICT.format("; ".join(lacking)),))] if lacking else []


def _of_a_region(desk: Desk, place: Place, *, added_up: bool) -> list[Block]:
    """For a region alone: why it has the measures it has."""
    pieces = desk.table("place_pieces")
    if place.area.kind != "region" or pieces is None:
        return []
    inside = pieces[0].filter(pl.col("area") == place.area.code).select("part")
    boards = pieces[0].filter(pl.col("kind") == "icb")
    here, outside = (boards.join(inside, on="part", how=how)["area"] for how in ("semi", "anti"))
    split = sorted({desk.areas[code].name for code in here if code in set(outside)})
    not_added = NOT_ADDED_UP.format("; ".join(split)) if split else ""
    said = ADDED_UP.format(place.area.name) if added_up else not_added
    return [Paragraph((f"{BY_REGION} {said}".strip(),))]


def _beside_others(desk: Desk, place: Place, rows: list[dict[str, Any]]) -> list[Block]:
    """One table of all measures, and where areas are compared one of their values."""
    if not rows:
        return []
    latest, fifths = desk.figures("latest_measure"), desk.figures("measure_fifth")
    lines: list[tuple[Cell, ...]] = []
    others: list[tuple[Cell, ...]] = []
    for row in rows:
        of = {"period": row["period"], "measure": row["measure"]}
        own, england = latest.one(area=place.area.code, **of), latest.one(area=ENGLAND, **of)
        theirs = [latest.one(area=area.code, **of) for area in place.compared]
        mean, ranked = _among(own, theirs) if theirs else ("–", "–")
        fifth = fifths.one(area=place.area.code, **of)
        stands = fifth.text if fifth.value is not None else "–"
        name = row["measure"]
        lines.append((name, period_words(row["period"]), own, england, mean, ranked, stands, row["verdict"] or UNTOLD))
        others.append((name, period_words(row["period"]), own, *theirs, england))
    if place.area.code == ENGLAND:
        plain = [(name, period, own) for name, period, own, *_ in lines]
        return [joined("all-measures", "All published measures of England", ("Measure", "Period", "England"), plain)]
    heads = ("Measure", "Period", place.area.name, "England", "Mean of those compared", "Rank", "Fifth",
             "Against England")  # fmt: skip
    table = joined("all-measures", f"All published measures of {place.area.name}", heads, lines)
    blocks: list[Block] = [Heading("All measures", 3), Paragraph((READING,)), Paragraph((TOLD,)), table]
    if place.compared:
        names = ("Measure", "Period", place.area.name, *(area.name for area in place.compared), "England")
        blocks.append(joined("measures-compared", "The areas compared", names, others))
    return blocks


def _among(own: Figure, theirs: list[Figure]) -> tuple[str, str]:
    """The mean of the areas compared and the rank among all, in words; a dash where there is none."""
    known = [figure.value for figure in theirs if figure.value is not None]
    mean = own.unit.write(sum(known) / len(known)) if known else "–"
    polarity = MEASURES[by("measure")(own)].polarity
    if own.value is None or not known or polarity is Polarity.NEUTRAL:
        return mean, "–"
    group = pl.DataFrame({"value": [own.value, *known]}, schema={"value": pl.Float64})
    place = group.select(rank("value", polarity=polarity)).to_series()[0]
    tied = "=" if own.value in known else ""
    return mean, f"{place}{tied} of {group.height}"


def _spine(desk: Desk, place: Place, rows: list[dict[str, Any]]) -> list[Block]:
    latest, ends = desk.figures("latest_measure"), desk.figures("measure_spread")
    bones = []
    for row in rows:
        of = {"period": row["period"], "measure": row["measure"]}
        low, first, third, high = (ends.one(area=place.area.code, **of, place_among_areas=end) for end in SPREAD)
        england = latest.one(area=ENGLAND, **of)
        figure, polarity = latest.one(area=place.area.code, **of), MEASURES[row["measure"]].polarity
        bones.append(Vertebra(row["measure"], figure, england, (low, first, third, high), polarity, row["verdict"]))
    if not any(bone.places() for bone in bones):
        return []
    title = f"{place.area.name} among {rows[0]['kind']} of England"
    return [Heading("At a glance", 3), Paragraph((SPINE,)), spine_chart(bones, slug="spine", title=title)]


def _funnels(desk: Desk, place: Place, rows: list[dict[str, Any]]) -> list[Block]:
    """A funnel of each measure with a good side of which both numbers are known, with all areas of the kind."""
    judged = [row for row in rows if MEASURES[row["measure"]].polarity is not Polarity.NEUTRAL]
    counted = [row for row in judged if row["signal"] is not None]
    if not counted:
        return []
    everywhere = desk.looking_at(None)
    figures, found = everywhere.figures("latest_measure"), everywhere.table("measure_standing")
    blocks: list[Block] = [Heading("By size", 3), Paragraph((FUNNELS,))]
    for number, row in enumerate(counted, start=1):
        of = {"period": row["period"], "measure": row["measure"]}
        stood = found[0].filter(pl.col("signal").is_not_null(), kind=row["kind"], **of) if found else pl.DataFrame()
        by_area = {figure.area.code: figure for figure in figures.all(**of)}
        points = [_in_funnel(each, by_area[each["area"]], place) for each in stood.iter_rows(named=True)]
        size, title = MEASURES[row["measure"]].of, f"{row['measure']}: {row['kind']}, {period_words(row['period'])}"
        blocks.append(funnel_chart(points, row["average"], slug=f"funnel-{number}", title=title, size=size))
    return blocks


def _in_funnel(row: dict[str, Any], figure: Figure, place: Place) -> FunnelPoint:
    role = OWN if row["area"] == place.area.code else COMPARED if row["area"] in place.codes else OTHERS
    inner, outer = ((row[f"lower_{level}"], row[f"upper_{level}"]) for level in ("95", "998"))
    return FunnelPoint(figure, row["of"], inner, outer, row["signal"], role)


def _around(desk: Desk, place: Place) -> list[Block]:
    """The newest measures of the areas and services around the place, a table for each kind of area."""
    found = desk.table("related_areas")
    if found is None:
        return []
    codes = found[0].filter(pl.col("area") == place.area.code)["related"].to_list()
    latest = desk.looking_at(codes).figures("latest_measure") if codes else ()
    figures = [each for each in latest if each.value is not None and each.area.code in codes]
    if not figures:
        return []
    order = {name: number for number, name in enumerate(MEASURES)}
    figures.sort(key=lambda figure: (codes.index(figure.area.code), order[by("measure")(figure)]))
    kinds: dict[str, list[Figure]] = {}
    for figure in figures:
        kinds.setdefault(KIND_WORDS.get(figure.area.kind, "councils"), []).append(figure)
    placed = PLACED if SERVICES in kinds else ""
    words = Paragraph((f"{RELATED_WORDS.format(place.area.name)}{placed}",))
    tables = [_table_around(f"around-{number}", kind, part) for number, (kind, part) in enumerate(kinds.items(), 1)]
    return [Heading("Areas and services around", 3), words, *tables]


def _table_around(slug: str, kind: str, figures: list[Figure]) -> Table:
    """A row a measure and a column an area; the other way round where there are more areas than a page is wide."""
    caption = f"Newest measures: {kind}"
    names = list(dict.fromkeys(figure.area.name for figure in figures))
    if len(names) <= max(MOST_BESIDE, len({(by("measure")(figure), figure.period) for figure in figures})):
        return spread(slug, caption, figures, rows=("measure", "period"), columns="area")
    cells = {(figure.area.name, by("measure")(figure), figure.period): figure for figure in figures}
    measures = list(dict.fromkeys((measure, period) for _, measure, period in cells))
    rows: list[tuple[Cell, ...]] = [
        (name, *(cells.get((name, measure, period), "–") for measure, period in measures)) for name in names
    ]
    heads = ("Area", *(f"{measure}, {period_words(period)}" for measure, period in measures))
    notes = ("– : nothing is published of it.",) if len(cells) < len(names) * len(measures) else ()
    return replace(joined(slug, caption, heads, rows), notes=notes)


TOPIC = Topic(
    slug="performance",
    stage="analyse",
    title="Performance",
    lead="How this area does beside the areas it is compared with.",
    chapter=chapter,
    profile=profile,
)
