"""The chapter on access."""

from dataclasses import replace

import polars as pl

from parity.analyse.placed import latest, not_read, of_place, own, spoken_for
from parity.analyse.published import BEGUN, IN_CONTACT, MEASURES, RELIABLY
from parity.analyse.residents import resident_year
from parity.documents.charts import Point, interval_chart
from parity.documents.control import ControlPoint, process_chart, said
from parity.documents.figure_tables import aligned, by, joined, listed, parted, period_words, shown, spread, titled
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk, Figures
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no counts of people in contact with services and no shares in treatment "
    "(service_contacts, treatment), so access is not measured here."
)
PLACE = ("area", "population_group", "period")
ACCESS_TABLES = "people_in_contact, talking_therapies, early_intervention_waits, qof_registers, fingertips_indicators"
CONTROL = (
    "The limits hold nearly all months as long as nothing changes; they rest on the whole series, of which the last "
    "three years are shown. Four things are more than chance: a month outside the limits, seven in a row on one side "
    "of the mean, seven that rise or fall in a row, and two of three near a limit. Months that are none of these are "
    "ordinary: do not explain them. Limits are not targets."
)
NOTHING_TOLD = "Of the official tables that were taken in, none tells who reaches services in {}."
NO_SERIES = "No series by month is published for {} itself; England's are shown."
OF_SERVICE = (
    "No series by month is published for {} itself. Shown are those of {}, a service around it: they speak of its "
    "patients, wherever they live."
)
ELSEWHERE = "Where others stand: the last month, and whether it is more than chance"
SEEN = (
    "People expected to have a condition, beside those whom services saw, in the year in which these were counted. The "
    "two are not divided by each other: registers hold patients of practices of all ages, wherever they live; expected "
    "are residents of the ages that the study asked. The register of serious mental illness holds bipolar disorder "
    "too. Registers are published of health bodies: of a council or county those are shown in which it lies."
)
RATES_TOLD = "The ages that rates cover, and what to know of them, stand in the chapter on need."
NOT_DIAGNOSED = (
    "Here both numbers are of patients of 65 and over, so that the gap can be told. It is published by "
    "council, not for counties or health bodies."
)
GROUPS = (
    "Published as shares alone, without the number of people they rest on: how sure they are cannot be told, nor "
    "whether a group is under-represented. For that, counts of people by ethnic group are needed, and none of the "
    "official tables taken in holds them."
)
HEADLINES = [IN_CONTACT, BEGUN, RELIABLY]
"""What is drawn of England where a place has no series of its own."""
MONTHS_SHOWN = 36
FOUR_DIGITS = 4
EXPECTED_BY = {
    "dementia": "CFAS II (Matthews et al)",
    "psychotic disorder": "APMS 2023/4",
    "common mental health condition": "APMS 2023/4",
}
"""The study whose rates say how many are expected, by condition."""


def chapter(desk: Desk) -> list[Block]:
    """People in contact with services beside the comparator, and how many are not treated."""
    found = [*_contacts(desk), *_gap(desk)]
    return found or [Paragraph((WITHOUT,))]


def _contacts(desk: Desk) -> list[Block]:
    rates = desk.figures("contact_rate").all()
    if not rates:
        return []
    words = "A rate that lies below a comparator's by more than chance means that fewer people reach services here."
    blocks: list[Block] = [Heading("People in contact with services", 3), Paragraph((words,))]
    groups = parted(rates, keys=("population_group", "period"))
    for number, ((group, period), part) in enumerate(groups.items(), start=1):
        caption = f"People in contact with mental-health services per 100,000 ({group}), {period_words(period)}"
        points = [Point(figure.area.name, figure) for figure in part]
        blocks += [
            interval_chart(points, slug=f"contacts-{number}", title=caption, labels="Area"),
            replace(listed(f"contacts-{number}", caption, part, rows=("area",), value="Per 100,000"), bare=True),
        ]
    return [*blocks, *_beside(desk), *_implied(desk.figures("contacts_population_implied").all())]


def _beside(desk: Desk) -> list[Block]:
    differences, tests = desk.figures("contact_rate_difference").all(), desk.figures("contact_rate_z")
    if not differences:
        return []
    rows = [
        (figure.area.name, shown("population_group")(figure), by("comparator")(figure), shown("period")(figure), figure,
         tests.one(**figure.address))
        for figure in differences
    ]  # fmt: skip
    heads = ("Area", "Population", "Comparator", "Period", "Difference", "Standard errors")
    return [
        joined("contact-difference", "Difference from the comparator's rate", heads, rows),
        Paragraph(("Beyond 1.96 standard errors either way, a difference is unlikely to be chance.",)),
    ]


def _implied(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Population for which both the published count and the published rate are right"
    words = "If this is not the population of the area, the count and the rate belong to different places."
    return [Paragraph((words,)), listed("contacts-population", caption, figures, rows=PLACE, value="People")]


def _gap(desk: Desk) -> list[Block]:
    shares = desk.figures("treatment_gap_share").all()
    if not shares:
        return []
    rows = ("condition", "area", "period")
    blocks: list[Block] = [
        Heading("People who are not treated", 3),
        Paragraph(("The treatment gap: those who have a condition and get no treatment for it.",)),
        listed("treatment-gap", "Share of those with the condition who are not in treatment", shares, rows=rows,
               value="Share"),
        listed("untreated-share", "Share of all people who have the condition and are not in treatment",
               desk.figures("untreated_share_of_people").all(), rows=rows, value="Share"),
    ]  # fmt: skip
    people = desk.figures("people_untreated").all()
    if people:
        named = ("condition", "area", "period", "estimate_source")
        caption = "People with the condition who are not in treatment"
        blocks.append(listed("people-untreated", caption, people, rows=named, value="People"))
    return blocks


def profile(desk: Desk, place: Place) -> list[Block]:
    """Series by month with what is more than chance in them, the treatment gap, and outcomes by ethnic group."""
    if desk.table("official_measures") is None:
        return not_read("Access", ACCESS_TABLES)
    found = [*_trends(desk, place), *_seen(desk, place), *_not_diagnosed(desk, place), *_outcomes(desk, place)]
    return found or [Paragraph((NOTHING_TOLD.format(place.area.name),))]


def _trends(desk: Desk, place: Place) -> list[Block]:
    """A control chart of each series of the place, or of England; then the last month of the others."""
    codes = [*place.codes, *_around(desk, place)]
    found = desk.looking_at(codes).table("monthly_process")
    known = found[0].filter(pl.col("area").is_in(codes)) if found else pl.DataFrame()
    if known.is_empty():
        return []
    series = {(area, measure): part for (area, measure), part in known.group_by("area", "measure")}
    drawn = _drawn(known, place, _around(desk, place))
    names = list(MEASURES) if drawn == place.area.code else HEADLINES
    figures = desk.looking_at([area for area, _ in series]).figures("measure_by_month")
    blocks: list[Block] = [Heading("Change over time", 3), Paragraph((CONTROL,))]
    if drawn != place.area.code:
        words = NO_SERIES if drawn == ENGLAND else OF_SERVICE
        blocks.append(Paragraph((words.format(place.area.name, desk.areas[drawn].name),)))
    for number, measure in enumerate((name for name in names if (drawn, name) in series), start=1):
        points = _points(series.pop((drawn, measure)).sort("period").tail(MONTHS_SHOWN), figures)
        title = f"{measure}: {desk.areas[drawn].name}"
        blocks.append(process_chart(points, slug=f"trend-{number}", title=title))
    return [*blocks, *_last_months([_points(part.sort("period").tail(1), figures)[0] for part in series.values()])]


def _drawn(known: pl.DataFrame, place: Place, around: list[str]) -> str:
    """Whose series are drawn: the place's own, or of the one service around it whose series goes on, or England's."""
    if place.area.code in known["area"]:
        return place.area.code
    told = known.filter(pl.col("measure").is_in(HEADLINES), pl.col("value").is_not_null())
    going_on = told.filter(pl.col("period") == pl.col("period").max().over("measure"))
    services = going_on.filter(pl.col("area").is_in(around))["area"].unique().to_list()
    return str(services[0]) if len(services) == 1 else ENGLAND


def _around(desk: Desk, place: Place) -> list[str]:
    found = desk.table("related_areas")
    return [] if found is None else found[0].filter(area=place.area.code)["related"].to_list()


def _points(part: pl.DataFrame, figures: Figures) -> list[ControlPoint]:
    """The months of one series, with what its process makes of each."""
    area, measure = part.row(0, named=True)["area"], part.row(0, named=True)["measure"]
    by_month = {figure.period: figure for figure in figures.all(area=area, measure=measure)}
    told = ("mean", "lower", "upper", "rule", "verdict")
    return [
        ControlPoint(by_month[row["period"]], **{name: row[name] for name in told})
        for row in part.iter_rows(named=True)
    ]


def _last_months(lasts: list[ControlPoint]) -> list[Block]:
    """The last month of each series of other areas that goes on, its usual range, and what it tells."""
    newest: dict[str, str] = {}
    for last in lasts:
        name = by("measure")(last.figure)
        newest[name] = max(newest.get(name, ""), last.figure.period)
    going_on = [last for last in lasts if last.figure.value is not None]
    going_on = [last for last in going_on if last.figure.period == newest[by("measure")(last.figure)]]
    rows: list[tuple[Cell, ...]] = []
    for last in sorted(going_on, key=_in_order):
        usual = "–"
        if last.lower is not None and last.upper is not None:
            usual = last.figure.unit.write_range(last.lower, last.upper)
        name, month = by("measure")(last.figure), period_words(last.figure.period)
        rows.append((name, last.figure.area.name, month, last.figure, usual, said(last)))
    heads = ("Measure", "Area or service", "Month", "Value", "Limits", "What it tells")
    return [aligned(joined("last-months", ELSEWHERE, heads, rows), "Limits")] if rows else []


def _in_order(point: ControlPoint) -> tuple[int, str]:
    return list(MEASURES).index(by("measure")(point.figure)), point.figure.area.name


def _seen(desk: Desk, place: Place) -> list[Block]:
    """People seen beside those expected, each with its period and what it counts."""
    bodies, told = spoken_for(desk, place, bodies="registering_bodies") or (desk, place)
    expected = bodies.figures("people_expected")
    rows: list[tuple[Cell, ...]] = []
    for figure in sorted(of_place(bodies, "people_seen", told), key=by("condition")):
        condition, source = by("condition")(figure), by("seen_by")(figure)
        rates, period, year = EXPECTED_BY[condition], period_words(figure.period), _year_counted(figure.period)
        need = expected.one(area=figure.area.code, period=year, condition=condition, rate_source=rates)
        rows.append((titled(condition), figure.area.name, source, period, figure, rates, year, need))
    if not rows:
        return []
    heads = ("Condition", "Area", "Seen by", "Period", "People seen", "Rates of", "Year", "People expected")
    table = joined("people-seen", "People whom services see, and people expected to have the condition", heads, rows)
    noted = replace(table, remarks=False, notes=(RATES_TOLD,))
    return [Heading("People seen and people expected", 3), Paragraph((SEEN,)), noted, *_unread(desk, place, rows)]


def _unread(desk: Desk, place: Place, rows: list[tuple[Cell, ...]]) -> list[Block]:
    """The health bodies in which the place lies, or that it is itself, of which no register was read, by name."""
    bodies, told = desk.table("registering_bodies"), {row[1] for row in rows}
    held = () if bodies is None else bodies[0].filter(area=place.area.code)["body"]
    silent = [name for code in dict.fromkeys(held) if (name := desk.areas[code].name) not in told]
    if not silent:
        return []
    if silent == [place.area.name]:
        return [Paragraph((f"No register of the newest year was read of {place.area.name}.",))]
    return [Paragraph((f"{place.area.name} lies in {' and '.join(silent)}, of which no such register was read.",))]


def _year_counted(period: str) -> str:
    """The year in which a financial year or a span of months ends."""
    return resident_year(period) if "/" in period else period.split()[-1][:FOUR_DIGITS]


def _not_diagnosed(desk: Desk, place: Place) -> list[Block]:
    codes = [*place.codes, *_around(desk, place)]
    shares = desk.looking_at(codes).figures("dementia_not_diagnosed_share").all()
    figures = latest([figure for figure in shares if figure.area.code in codes])
    if not figures:
        return []
    figures.sort(key=lambda figure: codes.index(figure.area.code))
    caption = f"Share of people expected to have dementia who are not diagnosed, {figures[0].period}"
    table = listed("not-diagnosed", caption, figures, rows=("area",), value="Not diagnosed")
    return [Heading("Dementia: not diagnosed", 3), Paragraph((NOT_DIAGNOSED,)), table]


def _outcomes(desk: Desk, place: Place) -> list[Block]:
    figures = latest(of_place(desk, "recovery_by_ethnic_group", place))
    if not figures:
        return []
    whose = own(figures, place) or figures
    caption = f"Reliable recovery after talking therapies by ethnic group, {period_words(whose[0].period)}"
    table = spread("recovery-groups", caption, figures, rows=("ethnic_group",), columns="area")
    return [Heading("Ethnic groups", 3), Paragraph((GROUPS,)), table]


TOPIC = Topic(
    slug="access",
    stage="analyse",
    title="Access",
    lead="How many people reach services, and how many who need them do not.",
    chapter=chapter,
    profile=profile,
)
