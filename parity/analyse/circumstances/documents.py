"""The chapter on circumstances."""

from parity.documents.figure_tables import joined, listed, shown
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no table of risk factors, claims of benefits or work "
    "(risk_factors, benefit_claims, employment_rates), so nothing is said of them here."
)
CLAIM = ("benefit", "area", "period")


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


TOPIC = Topic(
    slug="circumstances",
    stage="analyse",
    title="Circumstances",
    lead="What puts mental health at risk here, who claims benefits for it, and who has work.",
    chapter=chapter,
)
