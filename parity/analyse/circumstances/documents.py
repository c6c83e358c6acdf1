"""The chapter on circumstances."""

from dataclasses import replace

from parity.analyse.placed import not_told, of_place, own
from parity.documents.figure_tables import joined, listed, shown, spread
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no table of risk factors, claims of benefits or work "
    "(risk_factors, benefit_claims, employment_rates), so nothing is said of them here."
)
CLAIM = ("benefit", "area", "period")
CIRCUMSTANCES_TABLES = "census_disability, lsoa_wards, lsoa_health, lsoa_changes, council_counties, council_regions"
COUNTED = (
    "Shares of people and households, beside other places. Those of 2021 were counted by the census; the four ways of "
    "being deprived are education, work, health and housing. Those of 2019 lie beneath the Indices of Deprivation: "
    "they are means of small areas, weighted by people, near a count but not one, and what they tell of crowding and "
    "qualifications is of the census of 2011."
)
NOT_TOLD = (
    "None of the official tables that are read tells of lone parents, of people who live alone, or of who claims a "
    "benefit for mental illness. Deprivation by income and work stands in the chapter on population. A programme can "
    "bring tables of its own (risk_factors, benefit_claims, employment_rates)."
)
SIGNED = (
    "Signs of need that are independent of surveys. The ratio compares people who receive benefits for illness or "
    "disability with how many would at the whole country’s rates by age and sex, as the publisher shrank and averaged "
    "it: set it beside England’s. The score joins benefits for mental illness, prescriptions, admissions and suicides; "
    "0 is the mean small area. Higher is worse. Use them to rank places, not to say how many people are ill."
)


def chapter(desk: Desk) -> list[Block]:
    """Risk factors beside the places compared with, claims for mental or behavioural disorders, and work."""
    found = [*_factors(desk.figures("risk_factor_share").all()), *_claims(desk), *_work(desk)]
    return found or [Paragraph((WITHOUT,))]


def _factors(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    rows = [
        (shown("factor")(figure), figure.area.name, shown("period")(figure), figure, figure.note or "–")
        for figure in figures
    ]
    heads = ("Risk factor", "Area", "Period", "Share", "Compared")
    return [
        Heading("What puts mental health at risk", 3),
        joined("risk-factors", "Deprivation and other risk factors", heads, rows),
    ]


def _claims(desk: Desk) -> list[Block]:
    expected, growth = desk.figures("claimants_expected").all(), desk.figures("claimants_growth").all()
    implied = desk.figures("claimants_implied").all()
    if not (expected or growth or implied):
        return []
    words = (
        "Claims of a benefit for mental or behavioural disorders are a sign of how many people of working age live "
        "with a severe or disabling mental illness. Not all of them claim, and rules of benefits change."
    )
    blocks: list[Block] = [Heading("Claims of benefits", 3), Paragraph((words,))]
    if expected:
        caption = "Claimants expected to claim for mental or behavioural disorders"
        blocks.append(listed("claimants-expected", caption, expected, rows=CLAIM, value="People"))
    if growth:
        caption = "Growth of claims for mental or behavioural disorders, as counted or estimated by the source"
        blocks.append(listed("claimants-growth", caption, growth, rows=CLAIM, value="Change"))
    if implied:
        caption = "All claimants, as the number for these disorders and its share imply"
        blocks.append(listed("claimants-implied", caption, implied, rows=CLAIM, value="People"))
    return blocks


def _work(desk: Desk) -> list[Block]:
    shares = desk.figures("employment_share").all()
    if not shares:
        return []
    rows = ("group", "area", "period")
    gaps = desk.figures("employment_gap").all()
    return [
        Heading("Work", 3),
        listed("employment", "Share in work", shares, rows=rows, value="Share"),
        *([listed("employment-gap", "How far below everyone's share in work", gaps, rows=rows, value="Gap")]
          if gaps else []),
    ]  # fmt: skip


def profile(desk: Desk, place: Place) -> list[Block]:
    """Circumstances of the people of a place, and signs of how many are ill, beside other areas."""
    figures = of_place(desk, "circumstance_share", place)
    if not own(figures, place):
        return not_told(desk, place, "How people live", key="circumstance_share", stems=CIRCUMSTANCES_TABLES)
    caption = f"People and households in circumstances that put mental health at risk, {_periods(figures)}"
    blocks: list[Block] = [
        Heading("What puts mental health at risk", 3),
        Paragraph((COUNTED,)),
        replace(
            spread("circumstances", caption, figures, rows=("factor", "period"), columns="area"),
            remarks=False,
        ),
        Paragraph((NOT_TOLD,)),
    ]
    signs = of_place(desk, "illness_sign", place)
    if own(signs, place):
        title = f"Signs of how many people are ill or disabled, {_periods(signs)}"
        table = spread("illness-signs", title, signs, rows=("factor", "period"), columns="area")
        blocks += [Heading("Signs of illness", 3), Paragraph((SIGNED,)), replace(table, remarks=False)]
    return blocks


def _periods(figures: list[Figure]) -> str:
    return " and ".join(sorted({figure.period for figure in figures}))


TOPIC = Topic(
    slug="circumstances",
    stage="analyse",
    title="Circumstances",
    lead="What puts mental health at risk here, who claims benefits for it, and who has work.",
    chapter=chapter,
    profile=profile,
)
