"""The chapter on need."""

from dataclasses import replace

from parity.analyse.localities.documents import CONDITIONS, locality_blocks, ward_blocks
from parity.analyse.need_variants.documents import variant_blocks
from parity.analyse.people import AGED_65_PLUS, WOMEN_GIVING_BIRTH, ages_of
from parity.analyse.pieces import UNSEEN, ahead_of
from parity.analyse.placed import not_told, of_place, own
from parity.documents.charts import Point, bar_chart, line_chart
from parity.documents.figure_tables import (
    aligned,
    annexed,
    by,
    joined,
    listed,
    parted,
    period_words,
    shown,
    spread,
    titled,
    worded,
)
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.methods.need_rates import left_out
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure

NARROWLY = "people_expected_narrowly"
NEED_TABLES = "population_projections, population_small_areas, lsoa_wards, lsoa_health, lsoa_changes, council_counties"
SEVERAL_SOURCES = ("dementia", "common mental disorder")
METHOD = (
    "Projected people of each sex and age, times the national rate of their age: the method of POPPI and PANSI. A band "
    "says between which numbers the truth lies in 95 or 80 of 100 cases, if the rates are right for this place: it "
    "holds the surveys’ own margins and how far projections have gone wrong before."
)
OVERLAP = (
    "One person can have several conditions, so the numbers are never added up. Rates are national: they do not know "
)
OVERLAP += "how deprived a place is, or who lives there."
MIXTURE = "Model choice"
"""How the name begins of a number that lets the choice of source be a matter of chance."""
CHECKED = (
    "Ages: those that the rates cover; nobody else is counted. Rates checked: whether they were seen in their source, "
    "or only where others quote them. What else to know of each stands in the table of rates applied."
)
BESIDE = (
    "By the newest study of each condition, of the ages that it covers. At national rates areas differ by the age and "
    "sex of their people alone, so these differences say little of deprivation or of who lives there."
)
CHILDBIRTH = (
    "Published rates per 1,000 women who give birth. How many do is not projected: children under one, as projected, "
    "stand for them. The projection of 2018 expected some 3 to 7% more in England than were counted in 2021 and 2022: "
    "take the local number of births where you know it. Where a range is published, its ends stand beside its middle. "
    "A woman can have several of these, so they are never added up."
)
SIMPLE_RULES = (
    "Older strategies took one share of all people of 65 and over, or a range of shares, to be depressed. Both say "
    "more than rates by age and sex, which stand above: use them only to read such a strategy."
)
SIDE_BY_SIDE = (
    "Several surveys speak of the same condition. They are shown side by side and never mixed. Surveys ask whom and "
    "what they ask in different ways: a difference between two of them is no change in need, least of all a large one."
)
BY_AGE = "How the people expected are spread over ages and sexes says which services they would come to."

WITHOUT = (
    "This programme has no populations with need indices or rates (population, need_index, prevalence_rates), "
    "so need is not estimated here."
)


def chapter(desk: Desk) -> list[Block]:
    """Population weighted by need, severe illness, expected cases by condition, need around childbirth."""
    found = [
        *_weighted(desk.figures("population_weighted_by_need").all()),
        *_severe(desk.figures("severe_mental_illness_expected").all()),
        *_cases([figure for figure in desk.figures("cases_expected").all() if not _told_elsewhere(figure)]),
        *_births(desk.figures("perinatal_depression_expected").all()),
        *_serious(desk.figures("perinatal_serious_illness_expected").all()),
    ]
    return found or [Paragraph((WITHOUT,))]


def _told_elsewhere(figure: Figure) -> bool:
    """Whether another part of the chapters estimates the same people, with the range of rates as an interval."""
    return by("population_group")(figure).replace("–", "-") in (*WOMEN_GIVING_BIRTH, *AGED_65_PLUS)


def _weighted(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    rows = ("area", "population_group", "period", "index_name")
    caption = "Population of working age weighted by need"
    words = (
        "A place with an index above 100 needs more care than its number of people says; the weighted number shows it."
    )
    return [
        Heading("Population weighted by need", 3),
        Paragraph((words,)),
        listed("weighted-population", caption, figures, rows=rows, value="Weighted people"),
    ]


def _severe(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "People expected to have a severe and enduring mental illness"
    return [
        Heading("Severe and enduring illness", 3),
        listed("severe-illness", caption, figures, rows=("area", "population_group", "period"), value="People"),
    ]


def _cases(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    overlap = "One person can have several disorders: the numbers are never added up."
    plain = "The rate of each condition times the number of people, not weighted by need."
    blocks: list[Block] = [
        Heading("Expected cases", 3),
        Paragraph((plain,)),
        Callout("These numbers overlap", (overlap,)),
    ]
    groups = parted(figures, keys=("area", "population_group", "period"))
    for number, ((area, group, period), part) in enumerate(groups.items(), start=1):
        caption = f"People expected to have each condition: {area}, {group}, {period_words(period)}"
        points = [Point(shown("condition")(figure), figure) for figure in part]
        if len(points) > 1:
            blocks.append(bar_chart(points, slug=f"cases-{number}", title=caption, labels="Condition"))
        blocks.append(listed(f"cases-{number}", caption, part, rows=("condition",), value="People"))
    return blocks


def _births(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Women expected to have moderate to severe depression around childbirth, a year"
    return [
        Heading("Around childbirth", 3),
        listed("perinatal", caption, figures, rows=("area", "period"), value="Women"),
    ]


def _serious(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Women expected to have a serious mental illness around childbirth, a year"
    words = "The three groups may overlap and are not added up."
    return [
        Paragraph((words,)),
        listed("perinatal-serious", caption, figures, rows=("condition", "area", "period"), value="Women"),
    ]


def profile(desk: Desk, place: Place) -> list[Block]:
    """People expected to have each condition in the year asked for, by source of rates, with bands; growth; ages."""
    figures = of_place(desk, "people_expected", place, period=place.year)
    if not own(figures, place):
        none = not_told(desk, place, "Expected need", key="expected_rate", stems=NEED_TABLES)
        return ward_blocks(desk, place) or none
    return [
        Paragraph((METHOD,)),
        Callout("These numbers overlap", (OVERLAP,)),
        *_now(desk, place),
        *_by_source(desk, place),
        *_growth(desk, place),
        *_compared(desk, place),
        *_ages(desk, place),
        *_around_childbirth(desk, place),
        *locality_blocks(desk, place),
        *variant_blocks(desk, place),
        *_not_projected(desk),
    ]


def _now(desk: Desk, place: Place) -> list[Block]:
    wide = _own(desk, "people_expected", place, period=place.year)
    narrow = {_rate(figure): figure for figure in _own(desk, NARROWLY, place, period=place.year)}
    order = list(dict.fromkeys(_rate(each)[0] for each in wide))
    wide.sort(key=lambda each: order.index(_rate(each)[0]))
    rows = [
        (titled(_rate(each)[0]), _rate(each)[1], ages_of(each), each, narrow[_rate(each)].interval_text or "–",
         _checked(each))
        for each in wide
    ]  # fmt: skip
    known = [(titled(_rate(each)[0]), _rate(each)[1], each.note or "–") for each in wide]
    caption = f"People of {place.area.name} expected to have each condition, {place.year}"
    heads = ("Condition", "Rates of", "Ages", "People, with the 95% band", "80% band", "Rates checked")
    told = ("Condition", "Rates of", "Remarks")
    rates = joined("rates-applied", "Rates applied: ages, and what to know of each", told, known)
    table = replace(aligned(joined("expected", caption, heads, rows), "80% band"), remarks=False, notes=(CHECKED,))
    return [Heading("How many people", 3), table, annexed(rates)]


def _checked(figure: Figure) -> str:
    """Whether the rates were seen in their source."""
    return "not yet" if UNSEEN in (figure.note or "") else "yes"


def _by_source(desk: Desk, place: Place) -> list[Block]:
    """Conditions of which several sources speak, source by source over the years."""
    blocks: list[Block] = [Heading("Where sources differ", 3), Paragraph((SIDE_BY_SIDE,))]
    for condition in SEVERAL_SOURCES:
        found = _own(desk, "people_expected", place, condition=condition)
        points = [Point(figure.period, figure, _short(_rate(figure)[1])) for figure in found]
        title = f"{titled(condition)} in {place.area.name} by source, with 95% bands"
        chart = line_chart(points, slug=f"sources-{condition.replace(' ', '-')}", title=title, labels="Year")
        blocks.append(replace(chart, table=replace(chart.table, remarks=False)))
    caption = f"By how much one source differs from another, {place.year}"
    found = _own(desk, "expected_by_other_source", place, period=place.year)
    differences = [figure for figure in found if MIXTURE not in by("rate_sources")(figure)]
    rows = ("condition", "rate_sources")
    return [
        *blocks,
        listed("sources-differ", caption, differences, rows=rows, value="Difference"),
        *_adults(desk, place),
        *_simple_rules(desk, place),
    ]


def _adults(desk: Desk, place: Place) -> list[Block]:
    """Both national tools in one number: people of working age by one, older people by the other."""
    figures = of_place(desk, "adults_expected", place, period=place.year)
    caption = f"Adults expected to have a common mental disorder, or depression from 65, {place.year}"
    return [spread("adults-expected", caption, figures, rows=("rate_sources",), columns="area")]


def _simple_rules(desk: Desk, place: Place) -> list[Block]:
    """Depression of older people as older strategies reckoned it, beside which stand the rates by age and sex."""
    figures = of_place(desk, "depression_by_simple_rule", place, period=place.year)
    if not figures:
        return []
    caption = f"People of 65 and over expected to be depressed, by simple rules, {place.year}"
    table = spread("simple-rules", caption, figures, rows=("rule",), columns="area")
    return [Paragraph((SIMPLE_RULES,)), table]


def _growth(desk: Desk, place: Place) -> list[Block]:
    period = ahead_of(place.year)
    figures = of_place(desk, "expected_change", place, period=period)
    if not own(figures, place):
        return [Heading("Ten years on", 3), Paragraph((f"Projections do not reach ten years beyond {place.year}.",))]
    words = (
        "At unchanged rates: what grows is the number and the age of the people. Both years share each draw of a rate, "
        "so the band holds how far projections go wrong, and a change can be surer than the numbers it is between."
    )
    caption = f"Change in the people expected to have each condition, {period_words(period)}"
    newest, rows = _newest(figures), ("condition", "rate_source")
    mine = listed("expected-change", caption, own(newest, place), rows=rows, value="Change, with the 95% band")
    blocks: list[Block] = [Heading("Ten years on", 3), Paragraph((words,)), mine]
    if place.compared:
        beside = spread("expected-changes", f"{caption}, beside other areas", newest, rows=rows, columns="area")
        blocks.append(annexed(replace(beside, bare=True)))
    return blocks


def _compared(desk: Desk, place: Place) -> list[Block]:
    if not place.compared:
        return []
    figures = _newest(of_place(desk, "expected_rate", place, period=place.year))
    caption = f"People expected to have each condition for every 1,000 residents of all ages, {place.year}"
    table = spread("expected-compared", caption, figures, rows=("condition", "rate_source"), columns="area")
    return [Heading("Beside other areas", 3), Paragraph((BESIDE,)), replace(table, bare=True)]


def _newest(figures: list[Figure]) -> list[Figure]:
    """The figures of the last-listed source of each condition, which is the newest or joins them all."""
    last = {by("condition")(figure): by("rate_source")(figure) for figure in figures}
    return [figure for figure in figures if last[by("condition")(figure)] == by("rate_source")(figure)]


def _ages(desk: Desk, place: Place) -> list[Block]:
    figures = _own(desk, "people_expected_by_age", place, period=place.year)
    caption = f"People of {place.area.name} expected to have each condition, by sex and age, {place.year}"
    return [
        Heading("By sex and age", 3),
        Paragraph((BY_AGE,)),
        annexed(listed("ages", caption, figures, rows=("condition", "people"), value="People")),
    ]


def _around_childbirth(desk: Desk, place: Place) -> list[Block]:
    figures = of_place(desk, "perinatal_expected", place, period=place.year)
    if not own(figures, place):
        return []
    sources = " and ".join(dict.fromkeys(by("rate_source")(figure) for figure in figures))
    caption = f"Women expected to have a condition around childbirth, {place.year}, by rates of {sources}"
    table = spread("childbirth", caption, figures, rows=("condition", "rate_source"), columns="area")
    return [Heading("Around childbirth", 3), Paragraph((CHILDBIRTH,)), table]


def _not_projected(desk: Desk) -> list[Block]:
    """Which rates of the library are not applied to residents, and why."""
    found = desk.table("reference_rates")
    if found is None:
        return []
    rest = left_out(found[0])
    heads = {"condition": "Condition", "source": "Source", "setting": "Among", "why": "Why"}
    return [annexed(worded("not-projected", "Rates that are not applied to residents", rest, heads=heads))]


def _short(source: str) -> str:
    """The source's name, of a mixture without those it is made of."""
    return source.split(",")[0] if source.startswith(MIXTURE) else source


def _own(desk: Desk, key: str, place: Place, **where: str) -> list[Figure]:
    """The figures of an indicator for the place alone."""
    return desk.figures(key).all(area=place.area.code, **where)


def _rate(figure: Figure) -> tuple[str, str]:
    return by("condition")(figure), by("rate_source")(figure)


TOPIC = Topic(
    slug="need",
    stage="analyse",
    title="Need",
    lead="How many people are expected to need mental-health care, and how need differs between places.",
    chapter=chapter,
    profile=profile,
    options=("Condition shown by ward or district", CONDITIONS),
)
