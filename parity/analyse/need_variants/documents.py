"""The part of the chapter on need that shows variants, each in tables of its own."""

from parity.analyse.placed import of_place, own
from parity.assumptions import assumption
from parity.assumptions.ethnic_risks import REFERENCE
from parity.documents.figure_tables import annexed, listed, worded
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.units import Unit

RATES = "common_condition_by_deprivation"
NEVER_MIXED = (
    "The numbers above take every place to be like England but for age and sex. Each variant below asks another "
    "question, so it stands in a table of its own: never add it to them, nor take a mean of the two. Its band holds "
    "the margin of the national rate and of the projection; how unsure the weights are, no band here tells."
)
BY_DEPRIVATION = (
    "More people have a common mental health condition where deprivation is deep: {high} in the most deprived fifth of "
    "small areas and {low} in the least, by the survey of 2023/4; the fifths between are taken to rise in equal steps. "
    "Use it to share money or places between areas, and to ask whether the plain number is too low for a deprived "
    "place. An index of 100 is England."
)
BY_ETHNIC_MIX = (
    "Psychosis is diagnosed more often in some ethnic groups than in others; adversity, racism and how services "
    "diagnose are among the reasons that studies name. This variant weights each council’s people by the published "
    "risks of its groups. Use it to plan early intervention and community teams where the mix differs from England’s, "
    "not to say who is ill: the risks are of new diagnoses, and are applied here to how many have the condition."
)
TOLD_OF = (
    "It is told of councils, counties, regions, health bodies and England, where deprivation and the census of 2021 by "
    "nineteen ethnic groups were taken in."
)
RISK_HEADS = {
    "ethnic_group": "Ethnic group (census)",
    "counted_as": "Counted as",
    "relative_risk": "Relative risk",
    "low": "Lower, 95%",
    "high": "Upper, 95%",
    "confidence": "How sure",
}


def variant_blocks(desk: Desk, place: Place) -> list[Block]:
    """Need by deprivation, then by ethnic mix, each beside the areas compared with; or why one cannot be told."""
    return [
        Heading("Variants: deprivation and ethnic mix", 3),
        Callout("Another question", (NEVER_MIXED,)),
        *_by_deprivation(desk, place),
        *_by_ethnic_mix(desk, place),
    ]


def _by_deprivation(desk: Desk, place: Place) -> list[Block]:
    title = Heading("If need follows deprivation", 4)
    figures = of_place(desk, "expected_by_deprivation", place, period=place.year)
    if not own(figures, place):
        return [title, Paragraph((_not_told(desk, "expected_by_deprivation"),))]
    rates = assumption(RATES)
    ends = {"low": Unit.SHARE.write(rates.low or 0), "high": Unit.SHARE.write(rates.high or 0)}
    index = of_place(desk, "deprivation_need_index", place)
    caption = f"People expected to have a common mental health condition, weighted by deprivation, {place.year}"
    table = listed("need-by-deprivation", caption, figures, rows=("area",), value="People, with the 95% band")
    indexed = listed(
        "deprivation-index", f"Index of need by deprivation, {index[0].period}", index, rows=("area",), value="Index"
    )
    return [title, Paragraph((BY_DEPRIVATION.format(**ends),)), indexed, table]


def _by_ethnic_mix(desk: Desk, place: Place) -> list[Block]:
    title = Heading("If need follows ethnic mix", 4)
    figures = of_place(desk, "expected_by_ethnic_mix", place, period=place.year)
    risks = desk.table("ethnic_risks")
    if not own(figures, place) or risks is None:
        return [title, Paragraph((_not_told(desk, "expected_by_ethnic_mix"),))]
    caption = f"People expected to have a psychotic disorder, weighted by ethnic mix, {place.year}"
    table = listed("need-by-ethnic-mix", caption, figures, rows=("area",), value="People, with the 95% band")
    used = worded("ethnic-risks", "Relative risks used", risks[0], heads=RISK_HEADS)
    return [title, Paragraph((BY_ETHNIC_MIX,)), table, Paragraph((f"Risks by {REFERENCE}.",)), annexed(used)]


def _not_told(desk: Desk, key: str) -> str:
    """Why a variant has no figure here."""
    return f"This variant is not shown. {desk.figures(key).absent or TOLD_OF}"
