"""What councils spend on adult social care, in a place and beside others."""

from dataclasses import replace

from parity.analyse.care_returns import ALL, EVERYTHING, SUPPORTS
from parity.analyse.placed import beside, latest, not_read, of_place, own, spoken_for
from parity.analyse.spend_standing import among_words, is_far
from parity.documents.charts import bar_chart
from parity.documents.figure_tables import annexed, by, crossed, joined, period_words, spread, titled
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure

TABLES = "asc_expenditure, pss_expenditure, council_counties and those of places"
SHOWN = (
    f"{SUPPORTS[0]}, 18 to 64",
    f"{SUPPORTS[0]}, 65 and over",
    f"{SUPPORTS[1]}, 65 and over",
    EVERYTHING,
)
"""The people of whom every table speaks; memory support under 65 is too small to compare."""
CHARTED = (SHOWN[0], SHOWN[2])
BASIS = (
    "Amounts are gross current expenditure: what councils spend of their own and of what people pay, after income from "
    "the NHS and joint arrangements. Net amounts, less what people pay, stand in a table of their own and are compared "
    "with nothing else. Returns of 2014/15 and 2016/17 count alike; earlier ones grouped people differently."
)
HEADS = (
    "Spending over the people of that age who lived there in the middle of the year. More is neither better nor worse: "
    "it may mean more need, higher prices, or care that could have been given earlier and at home."
)
OF_THE_YEAR = "Gross, at the prices of the year; people at the middle of its first year."
WEIGHTED = (
    "The same over people weighted by the share on a low income, since social care is for people of small means. The "
    "weight is ours: it shows how far means explain a difference, and is no official measure of need."
)
FAR_OUTSIDE = (
    "Half of all councils lie between the quartiles. One that lies beyond a quartile by more than one and a half times "
    "the distance between the quartiles (Tukey’s rule) is called far above or far below: ask first whether the return "
    "is right, then whether need, prices or the way of giving support explain it."
)
WHAT_IF = (
    "What would be saved if spending a head were that of the other area, or with a minus what more would be spent. It "
    "is an order of size and no target. Only amounts on one basis are put together."
)


def council_blocks(desk: Desk, place: Place) -> list[Block]:
    """Spending of the bodies with social-care duties: amounts, shares, a head, services, years, and what-if."""
    found = spoken_for(desk, place, bodies="care_bodies")
    if found is None:
        return not_read("What councils spend on social care", TABLES)
    looking, spoken = found
    return [
        Heading("Social care: what councils spend", 3),
        *speaker(place, spoken),
        Paragraph((BASIS,)),
        *_amounts(looking, spoken),
        *_heads(looking, spoken),
        *_services(looking, spoken),
        *_years(looking, spoken),
        *_what_if(looking, spoken),
    ]


def speaker(place: Place, spoken: Place) -> list[Block]:
    """A box that says whose figures follow, where they are not those of the place itself."""
    if spoken.area == place.area:
        return []
    words = (
        f"Returns on social care are made by councils with social-care duties. The figures here are those of "
        f"{spoken.area.name} ({spoken.area.kind}) and the others named, as they were in the year of the return."
    )
    return [Callout(f"Who speaks for {place.area.name}", (words,))]


def _of_people(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if by("people")(figure) in SHOWN]


def _amounts(desk: Desk, place: Place) -> list[Block]:
    amounts = latest(of_place(desk, "care_spend", place, service=ALL))
    if not amounts:
        return []
    year = amounts[0].period
    net = of_place(desk, "care_spend_net", place, period=year)
    shares = [
        figure
        for code in dict.fromkeys((place.area.code, ENGLAND))
        for figure in desk.figures("care_spend_share").all(area=code, period=year)
        if by("people")(figure) != EVERYTHING
    ]
    found = {(by("people")(each), each.area.code): each for each in shares}
    mine = {by("people")(each): each for each in own(net, place)}
    rows = [
        (titled(people), each, mine.get(people, "–"),
         *(found.get((people, code), "–") for code in dict.fromkeys((place.area.code, ENGLAND))))
        for each in own(_of_people(amounts), place) if (people := by("people")(each))
    ]  # fmt: skip
    names = (f"Share in {name}" for name in dict.fromkeys((place.area.name, desk.areas[ENGLAND].name)))
    heads = ("People", "Gross", "Net", *names)
    return [
        joined("care-money", f"Spending of {place.area.name} and shares of all social care, {year}", heads, rows),
        *(
            annexed(spread(slug, f"{words}, {year}", figures, rows=("people",), columns="area"))
            for slug, words, figures in (
                ("care-spend", "Gross spending", _of_people(amounts)),
                ("care-spend-net", "Net spending", _of_people(net)),
                ("care-shares", "Share of all adult social care, gross", shares),
            )
        ),
    ]


def _heads(desk: Desk, place: Place) -> list[Block]:
    heads = latest(of_place(desk, "care_spend_per_head", place))
    if not heads:
        return []
    year = heads[0].period
    weighted = of_place(desk, "care_spend_per_weighted_head", place, period=year)
    blocks: list[Block] = [Heading("Spending a head", 4), Paragraph((HEADS,))]
    for number, people in enumerate(CHARTED, start=1):
        found = [figure for figure in heads if by("people")(figure) == people]
        if not found:
            continue
        title = f"{titled(people)}: gross spending a head, {year}"
        blocks.append(
            bar_chart(beside(found), slug=f"care-heads-{number}", title=title, labels="Area", own=place.area.name)
        )
    pounds = f"Gross spending, pounds a head of the people of that age, {year}"
    by_income = f"Gross spending, pounds a head weighted by low income, {year}"
    table = replace(spread("care-heads", pounds, _of_people(heads), rows=("people",), columns="area"), bare=True)
    return [
        *blocks,
        replace(table, remarks=False, notes=(OF_THE_YEAR,)),
        *_among_councils(desk, place, year),
        Paragraph((WEIGHTED,)),
        annexed(spread("care-weighted-heads", by_income, _of_people(weighted), rows=("people",), columns="area")),
    ]


def _among_councils(desk: Desk, place: Place, year: str) -> list[Block]:
    """Where the place and those it is compared with stand among all councils; for England, which lie far outside."""
    quarters: dict[str, list[Figure]] = {}
    for figure in desk.figures("care_spend_spread").all(area=ENGLAND, period=year):
        quarters.setdefault(by("people")(figure), []).append(figure)
    everywhere = place.area.code == ENGLAND
    looking = desk.looking_at(None) if everywhere else desk
    ranks = looking.figures("care_spend_rank")
    found = (
        filter(is_far, ranks.all(period=year)) if everywhere else of_place(desk, "care_spend_rank", place, period=year)
    )
    ordered = sorted(
        _of_people(list(found)),
        key=lambda each: (SHOWN.index(by("people")(each)), (each.value or 0) if everywhere else 0),
    )
    heads = looking.figures("care_spend_per_head")
    rows: list[tuple[Cell, ...]] = [
        (titled(people), each.area.name, heads.one(**each.address), *quarters[people], each, among_words(each))
        for each in ordered
        if each.value is not None and (people := by("people")(each)) in quarters
    ]
    if not rows:
        return []
    mine = rows if everywhere else [row for row in rows if row[1] == place.area.name]
    words = "councils far outside the range" if everywhere else "among all councils, 1 spends the most"
    names = ("People", "Council", "A head", "Lower quartile", "Median", "Upper quartile", "Rank", "Among councils")
    caption = f"Spending, pounds a head: {words}, {year}"
    blocks: list[Block] = [Paragraph((FAR_OUTSIDE,))]
    if mine:
        blocks.append(replace(joined("care-ranks", caption, names, mine), remarks=False, bare=True))
    if len(rows) > len(mine):
        beside = joined("care-ranks-beside", f"{caption}, beside others", names, rows)
        blocks.append(annexed(replace(beside, remarks=False, bare=True)))
    return blocks


def _services(desk: Desk, place: Place) -> list[Block]:
    shares = latest(own(desk.figures("care_service_share").all(area=place.area.code), place))
    if not shares:
        return []
    caption = f"Share of gross spending by service: {place.area.name}, {shares[0].period}"
    return [
        Heading("What the money goes to", 4),
        crossed("care-services", caption, shares, rows="service", columns="people"),
    ]


def _years(desk: Desk, place: Place) -> list[Block]:
    real = _of_people(desk.figures("care_spend_real").all(area=place.area.code))
    changes = _of_people(of_place(desk, "care_spend_real_change", place))
    if not own(changes, place):
        return []
    span = period_words(changes[0].period)
    caption = f"Gross spending in prices of {real[0].price_year}: {place.area.name}"
    real.sort(key=lambda figure: figure.period)
    return [
        Heading("Beyond the rise of prices", 4),
        annexed(crossed("care-real", caption, real, rows="people", columns="period")),
        spread("care-change", f"Real change, {span}, by the GDP deflator", changes, rows=("people",), columns="area"),
    ]


def _what_if(desk: Desk, place: Place) -> list[Block]:
    figures = desk.figures("care_what_if")
    year = str(figures.frame["period"].max())
    others = (desk.areas[code].name for code in place.codes if code != place.area.code)
    found = [
        figure
        for name in dict.fromkeys(others)
        for figure in figures.all(area=place.area.code, period=year, comparator=name)
        if by("people")(figure) in SHOWN
    ]
    if not found:
        return []
    caption = f"Reduction of {place.area.name}’s gross spending at the other area’s spending a head, {year}"
    return [
        Heading("At another area’s level", 4),
        Paragraph((WHAT_IF,)),
        crossed("care-what-if", caption, found, rows="people", columns="comparator"),
    ]
