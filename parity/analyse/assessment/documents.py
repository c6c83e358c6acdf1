"""The needs and resources assessment of a place: its summary, a chapter a topic, its limits, methods and sources."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parity.analyse.assessment.rules import (
    NEITHER,
    Message,
    Standing,
    age_message,
    apart_from,
    beside_message,
    condition_words,
    deprivation_message,
    diagnosis_message,
    growing_message,
    homes_message,
    largest_message,
    measures_message,
    nhs_message,
    people_message,
    spending_message,
)
from parity.analyse.mapped import map_blocks, map_choice
from parity.analyse.people import ages_of
from parity.analyse.pieces import ahead_of
from parity.analyse.placed import spoken_for
from parity.analyse.published import DIAGNOSED, MEASURES
from parity.analyse.sourced import last_reading, sources_and_methods
from parity.documents.figure_tables import by, joined, period_words
from parity.documents.model import (
    Block,
    Bullets,
    Callout,
    Cell,
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
    figures_of,
)
from parity.documents.pack import WORKBOOK
from parity.documents.provenance import cited_publications
from parity.documents.spine import UNTOLD
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Area, Place
from parity.terms.figure import Figure
from parity.terms.polarity import Polarity

EVERYBODY = {"age_group": "all ages", "sex": "all"}
OLDER = {"age_group": "65 and over", "sex": "all"}
DEPRIVED = {"domain": "multiple deprivation"}
NEEDS = (
    ("common mental health condition", "APMS 2023/4"),
    ("PTSD screen positive", "APMS 2023/4"),
    ("alcohol dependence", "APMS 2007 (PANSI)"),
    ("dementia", "CFAS II (Matthews et al)"),
    ("autism", "APMS 2023/4"),
    ("psychotic disorder", "APMS 2023/4"),
)
"""The conditions that the summary opens with, each by the newest study of it."""
SUPPORTED = {"people": "mental health support, 18 to 64"}
MAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("most_deprived_share", DEPRIVED),
    ("expected_rate", {"condition": NEEDS[0][0], "rate_source": NEEDS[0][1]}),
)
"""What the maps are filled by: indicator, and which of its figures."""
MAP_SIZE = {"width": 248, "height": 290}
"""Pixels: two maps on a page."""
APART = (
    "Beyond chance means that intervals lie apart, or that the publisher says so. The last column says above and below "
    "how many of the others the interval lies; a dash, that it lies apart from none."
)
OLD_TITLE = "Old figures in this chapter"
MAP_WORDS = (
    "The red edge is {}, black edges are the areas it is compared with. Expected need differs between areas by the age "
    "and sex of their people alone, since national rates are applied."
)
BANDS = (
    "Brackets hold an interval. For expected need it is a 95% band: if the rates are right for this place, the true "
    "number lies inside in 95 of 100 cases. The band of a change is its own, since both years share what is not known "
    "of a rate; nor do bands tell whether areas differ, which share the rates. For shares of services’ counts it is "
    "Wilson’s 95% interval: two such figures whose intervals do not overlap differ beyond chance; where they overlap, "
    "the difference may be chance. Full accounts and counts of everybody, such as spending, have no interval."
)
TRACED = (
    "Small numbers in brackets lead to the notes, which name what a figure rests on; S1, S2 and so on are the "
    "publications listed under Sources and methods, each named in full where a chapter first needs it. Conditions "
    "overlap in the same people and are never added up; sources of rates stand side by side and are never mixed. Money "
    "on different bases is never compared. A figure that is not available says why. "
    "“Us” in a note is Parity, the software that wrote this: what it chose is nobody else’s."
)
LIMITS = (
    "National rates are applied to local people: whether a rate is this place’s own, nobody has measured here.",
    "Official statistics lag: each figure names its period, and periods differ between chapters.",
    "Residents, people registered with practices and people in contact with services are counted differently.",
    "Nothing here tells how people experience services, or what works for them: ask them.",
)
SUMMED_UP = (
    "By one study of each condition; the chapter on need has the others, the ages that each covers, and whether its "
    "rates were checked in their source."
)
TOO_LARGE = ("region", "country")
"""Kinds of area of which no one integrated care board holds most."""


def assessment(desk: Desk, place: Place, topics: Sequence[Topic]) -> Document:
    """The document on a place, with the workbook that holds what is too long to print."""
    chapters: list[Block] = []
    for topic in topics:
        if topic.profile is not None:
            told = topic.profile(desk, place)
            chapters += [Heading(topic.title), Paragraph((topic.lead,)), *_old(desk, told, place), *told]
    body = [*_summary(desk, place), *chapters]
    figures = [figure for block in body for figure in figures_of(block)]
    sources = cited_publications(figures)
    annex = [
        Heading("What this does not tell"), Bullets(tuple((sentence,) for sentence in LIMITS)),
        *sources_and_methods(desk, sources, figures),
    ]  # fmt: skip
    beside = " and ".join(filter(None, (", ".join(_beside(desk, place)[:-1]), *_beside(desk, place)[-1:])))
    return Document(
        title=f"Mental-health needs and resources: {place.area.name}",
        subtitle=f"{place.year}, compared with {beside}" if beside else place.year,
        publisher="From official statistics",
        facts=tuple(_facts(desk, place)),
        blocks=(*body, *annex),
        workbook=WORKBOOK,
        sources=sources,
    )


def _old(desk: Desk, blocks: Sequence[Block], place: Place) -> list[Block]:
    """A box that says which printed figures of a chapter are old; none where none is."""
    printed = [block for block in blocks if not (isinstance(block, Table) and block.annexed)]
    figures = [figure for block in printed for figure in figures_of(block)]
    words = age_message(figures, _seen_from(desk, place), where="below")
    return [Callout(OLD_TITLE, words)] if words else []


def _seen_from(desk: Desk, place: Place) -> str:
    """The year from which figures are old: the one asked for, or that of the last reading where this is earlier."""
    return min(filter(None, (place.year, last_reading(desk)[:4])))


def _beside(desk: Desk, place: Place) -> list[str]:
    """The names of what the place is compared with; England is compared with itself in nothing."""
    return [desk.areas[code].name for code in place.codes if code != place.area.code]


def _facts(desk: Desk, place: Place) -> Iterable[tuple[str, str]]:
    """What was asked, and the last day on which a publication was read."""
    yield "Area", f"{place.area.name} ({place.area.kind}, {place.area.code})"
    if beside := _beside(desk, place):
        yield "Compared with", ", ".join(beside)
    yield "Year of need", place.year
    if day := last_reading(desk):
        yield "Publications read until", period_words(day)


def _summary(desk: Desk, place: Place) -> list[Block]:
    """The first chapter: what was asked, the key messages, the place in figures and on maps, how to read them."""
    asked = "; ".join(f"{name.lower()}: {value}" for name, value in _facts(desk, place))
    blocks: list[Block] = [
        Heading("Summary"),
        Paragraph((f"What was asked: {asked}. Each figure below is the newest that was read.",)),
    ]
    if messages := key_messages(desk, place):
        blocks += [Heading("Key messages", 3), Bullets(tuple(messages), numbered=True)]
    return [
        *blocks,
        Heading("In figures", 3),
        _in_figures(desk, place),
        *_apart(desk, place),
        Heading("How to read the figures", 3),
        Callout("Intervals", (BANDS,)),
        Callout("Notes and sources", (TRACED,)),
        *_maps(desk, place),
    ]


def key_messages(desk: Desk, place: Place) -> list[Message]:
    """What the figures allow to say of the place, most important first; nothing is said where a figure is missing."""
    found = [
        *_of_need(desk, place),
        *_of_measures(desk, place),
        *_of_gaps(desk, place),
        *_of_money(desk, place),
    ]
    messages = [message for message in found if message is not None]
    figures = [cell for message in messages for cell in message if isinstance(cell, Figure)]
    old = age_message((figure for figure in figures if figure.area.code != ENGLAND), _seen_from(desk, place))
    return [*messages, *([old] if old else [])]


def _last_year(desk: Desk) -> str:
    return str(desk.figures("residents").frame["period"].max())


def _needs(desk: Desk, code: str, period: str, *, key: str = "people_expected") -> list[Figure]:
    figures = desk.figures(key)
    return [figures.one(area=code, period=period, condition=name, rate_source=source) for name, source in NEEDS]


def _of_need(desk: Desk, place: Place) -> list[Message | None]:
    """Who lives here, how deprived it is, and which need is largest and grows most."""
    code, last, people = place.area.code, _last_year(desk), desk.figures("residents")
    now, changes = _needs(desk, code, place.year), _needs(desk, code, ahead_of(place.year), key="expected_change")
    older = [people.one(area=code, period=year, **OLDER) for year in (place.year, last)]
    deprived = desk.figures("most_deprived_share")
    own, *others = (deprived.one(area=each, **DEPRIVED) for each in place.codes)
    return [
        people_message(people.one(area=code, period=place.year, **EVERYBODY), *older),
        deprivation_message(own, others[:-1], others[-1]) if others else None,
        _joined(largest_message(now, changes), growing_message(now, changes)),
    ]


def _joined(first: Message | None, second: Message | None) -> Message | None:
    """Both as one message, or the one that there is."""
    return (*first, " ", *second) if first and second else first or second


def _of_measures(desk: Desk, place: Place) -> list[Message | None]:
    """What is better and worse than in England and beside others: here, and in the integrated care board around."""
    messages: list[Message | None] = []
    for area, others, standings in _stood(desk, place):
        is_own = area.code == place.area.code
        whose = area.name if is_own else f"{area.name}, where most of {place.area.name} lies,"
        told: Message | None = None
        for word in ("worse", "better", *(NEITHER if is_own else ())):
            told = _joined(told, measures_message(standings, word, whose="It" if told else whose))
        beside = beside_message(standings, whose="it" if told else whose, others=others)
        messages.append(_joined(told, beside))
    return messages


def _stood(desk: Desk, place: Place) -> Iterable[tuple[Area, str, list[Standing]]]:
    """The place and the integrated care board around it, what those each is set beside are called, and its measures."""
    if place.area.code == ENGLAND or desk.table("measure_standing") is None:
        return
    compared, board = [area.code for area in place.compared], _board(desk, place.area.code)
    around = list(dict.fromkeys(filter(None, (_board(desk, code) for code in compared))))
    looking = desk.looking_at([*place.codes, *around, *filter(None, (board,))])
    yield place.area, "areas compared", _standings(looking, place.area.code, compared)
    if board is not None and board != place.area.code:
        others = [code for code in around if code != board]
        yield desk.areas[board], "boards of areas compared", _standings(looking, board, others)


def _standings(desk: Desk, code: str, beside: Sequence[str]) -> list[Standing]:
    """How each measure of an area stands beside England's and others'; of which neither way is better, none's."""
    found, figures = desk.table("measure_standing"), desk.figures("latest_measure")
    standings = []
    for row in found[0].filter(area=code).sort("measure").iter_rows(named=True) if found else ():
        asked = {"period": row["period"], "measure": row["measure"]}
        own, england = figures.one(area=code, **asked), figures.one(area=ENGLAND, **asked)
        is_judged = MEASURES[row["measure"]].polarity is not Polarity.NEUTRAL
        others = [figures.one(area=other, **asked) for other in beside] if is_judged else []
        standings.append(Standing(own, england, row["verdict"] or "", apart_from(own, others)))
    return standings


def _apart(desk: Desk, place: Place) -> list[Block]:
    """A table of the measures that differ beyond chance: of the place, and of the board around it."""
    blocks: list[Block] = []
    for number, (area, others, standings) in enumerate(_stood(desk, place), start=1):
        words = ("worse", "better", *(NEITHER if area.code == place.area.code else ()))
        rows: list[tuple[Cell, ...]] = [
            (by("measure")(each.own), period_words(each.own.period), each.own, each.england,
             each.verdict or UNTOLD, each.beside or "–")
            for each in standings if each.own.value is not None and (each.verdict in words or each.beside)
        ]  # fmt: skip
        heads = ("Measure", "Period", area.name, "England", "Against England", f"Against {others}")
        if rows:
            blocks.append(joined(f"apart-{number}", f"{area.name}: measures that differ beyond chance", heads, rows))
    return [Heading("Beyond chance", 3), Paragraph((APART,)), *blocks] if blocks else []


def _board(desk: Desk, code: str) -> str | None:
    """The integrated care board in which most small areas of a council, ward or health body lie; none for others."""
    inside, places = desk.table("area_small_areas"), desk.table("small_area_places")
    if inside is None or places is None or desk.areas[code].kind in TOO_LARGE:
        return None
    parts = inside[0].filter(area=code).join(places[0].select("part", "icb"), on="part")
    counted = parts.drop_nulls("icb")["icb"].value_counts().sort("count", "icb", descending=[True, False])
    return None if counted.is_empty() else str(counted["icb"][0])


def _of_gaps(desk: Desk, place: Place) -> list[Message | None]:
    """How many of those expected to have dementia are not diagnosed: the one gap whose two numbers are on one basis."""
    related, stood = desk.table("related_areas"), desk.table("measure_standing")
    if related is None or stood is None:
        return []
    around = [code for code in related[0].filter(area=place.area.code)["related"] if code not in place.codes]
    shares = desk.looking_at([*place.codes, *around]).figures("dementia_not_diagnosed_share")
    own = None if place.area.code == ENGLAND else shares.one(area=place.area.code)
    told = stood[0].filter(area=place.area.code, measure=DIAGNOSED)["verdict"].to_list()
    verdict = told[0] if told else None
    councils, england = [shares.one(area=code) for code in around], shares.one(area=ENGLAND)
    return [diagnosis_message(own, councils, england, where=place.area.name, verdict=verdict)]


def _of_money(desk: Desk, place: Place) -> list[Message | None]:
    """What the one council that speaks for the place spends, and its integrated care board, beside England's."""
    if place.area.code == ENGLAND:
        return []
    messages: list[Message | None] = []
    found, bodies = spoken_for(desk, place, bodies="care_bodies"), desk.table("care_bodies")
    if found is not None and bodies is not None and bodies[0].filter(area=place.area.code).height == 1:
        looking, spoken = found
        heads, homes = looking.figures("care_spend_per_head"), looking.figures("care_residential_share")
        own, *others = ([figures.one(area=code, **SUPPORTED) for figures in (heads, homes)] for code in spoken.codes)
        rank = looking.figures("care_spend_rank").one(area=spoken.area.code, **SUPPORTED)
        spending = spending_message(own[0], [head for head, _ in others[:-1]], others[-1][0], rank)
        residential = homes_message(own[1], [home for _, home in others[:-1]], others[-1][1])
        messages.append(_joined(spending, residential))
    if (board := _board(desk, place.area.code)) is not None:
        looking = desk.looking_at([board, ENGLAND])
        heads, shares = looking.figures("nhs_spend_per_head"), looking.figures("nhs_spend_share")
        messages.append(nhs_message(heads.one(area=board), heads.one(area=ENGLAND), shares.one(area=board)))
    return messages


def _in_figures(desk: Desk, place: Place) -> Table:
    """People, deprivation and expected need, now and in the last year projected, beside England."""
    code, last, people = place.area.code, _last_year(desk), desk.figures("residents")
    wanted = tuple(dict.fromkeys(((code, place.year), (code, last), (ENGLAND, place.year))))
    rows: list[tuple[Cell, ...]] = [
        (words, *(people.one(area=area, period=year, **asked) for area, year in wanted))
        for words, asked in (("People who live here", EVERYBODY), ("People of 65 and over", OLDER))
    ]
    needs = [_needs(desk, area, year) for area, year in wanted]
    named = [
        f"Expected to have {condition_words(name)}, ages {ages_of(figure)} ({source})"
        for (name, source), figure in zip(NEEDS, needs[0], strict=True)
    ]
    rows += [(words, *found) for words, *found in zip(named, *needs, strict=True)]
    heads = ("People", *(f"{desk.areas[area].name}, {year}" for area, year in wanted))
    table = joined("headlines", f"{place.area.name} in figures", heads, rows)
    return replace(table, notes=(SUMMED_UP,), remarks=False)


def _maps(desk: Desk, place: Place) -> list[Block]:
    """A map of each of the figures chosen, with the place and those compared marked; none without its outline."""
    whole = desk.looking_at(None)
    shapes = whole.table("map_shapes")
    layers = [] if shapes is None else shapes[0].filter(area=place.area.code)["layer"].to_list()
    if shapes is None or not layers:
        return []
    blocks: list[Block] = []
    marked = [code for code in place.codes if code != ENGLAND]
    for number, (key, asked) in enumerate(MAPS, start=1):
        figures = whole.figures(key)
        choice = map_choice(figures, shapes[0], {**asked, "layer": layers[0], "period": place.year})
        if choice is not None and choice.layer == layers[0]:
            drawn = map_blocks(figures, shapes[0], choice, marked=marked, slug=f"map-{number}")[0]
            blocks.append(replace(drawn, spec={**drawn.spec, **MAP_SIZE}) if isinstance(drawn, Chart) else drawn)
    words = MAP_WORDS.format(place.area.name)
    return [Heading("On the map", 3), Paragraph((words,)), *blocks] if blocks else []
