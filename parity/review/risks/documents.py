"""The chapter on risks."""

import polars as pl

from parity.assumptions import assumption
from parity.documents.figure_tables import joined, period_words, worded
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.review.risks.rules import AGREES, DIFFERS, rated
from parity.tables import Desk

ABSENT = "The programme has no table “risks”, which would hold its risk register."
MATRIX = (
    "Each cell is the number of risks with that impact and that probability. Impact times probability is the rating."
)
AGREE = "Every rating and band that the source prints follows from its own scores."
DIFFERENT = "The source prints another rating or band than its own scores give for: "


def chapter(desk: Desk) -> list[Block]:
    """How many risks there are in each band and cell, then the register by rating, and who does what."""
    found = desk.table("risks")
    if found is None or found[0].is_empty():
        return [Paragraph((ABSENT,))]
    lowest = [assumption(f"risk_{name}_from").value for name in ("low", "medium", "high")]
    risks = rated(found[0], lowest=lowest).sort("score", descending=True, maintain_order=True)
    return [
        _sentence(desk),
        Heading("Impact and probability", 3),
        Paragraph((MATRIX,)),
        _matrix(desk),
        *_differences(risks),
        Heading("The register", 3),
        _register(desk, risks),
        _actions(risks),
    ]


def _sentence(desk: Desk) -> Paragraph:
    low, medium, high = (desk.figures("risks_in_band").one(band=band) for band in ("Low", "Medium", "High"))
    count, score = desk.figures("risks_count").one(), desk.figures("risk_total_score").one()
    return Paragraph(
        (
            *("Of ", count, " risks, ", high, " are high, ", medium, " medium and ", low, " low. "),
            *("Their ratings add up to ", score, "."),
        )
    )


def _matrix(desk: Desk) -> Table:
    """Rows by impact, the highest first; columns by probability."""
    cells = {tuple(dict(figure.where).values()): figure for figure in desk.figures("risks_at")}
    impacts = list(dict.fromkeys(impact for impact, _ in cells))
    probabilities = list(dict.fromkeys(probability for _, probability in cells))
    rows: list[tuple[Cell, ...]] = [
        (f"Impact {impact}", *(cells[impact, probability] for probability in probabilities)) for impact in impacts
    ]
    heads = ("Impact", *(f"Probability {probability}" for probability in probabilities))
    return joined("risk-matrix", "Number of risks by impact and probability", heads, rows)


def _differences(risks: pl.DataFrame) -> list[Block]:
    """Whether the printed ratings and bands follow from the scores, where any are printed."""
    differing = risks.filter(pl.col("agreement") == DIFFERS)["risk"].to_list()
    if differing:
        return [Callout("Printed differently", (DIFFERENT, ", ".join(differing), "."))]
    return [Paragraph((AGREE,))] if (risks["agreement"] == AGREES).any() else []


def _register(desk: Desk, risks: pl.DataFrame) -> Table:
    ratings = desk.figures("risk_rating")
    rows: list[tuple[Cell, ...]] = [
        (
            f"{row['risk']}: {row['title']}",
            row["effect"],
            ratings.one(risk=row["risk"]),
            row["band"],
            row["trend"],
        )
        for row in risks.iter_rows(named=True)
    ]
    heads = ("Risk", "Effect", "Rating", "Band", "Trend")
    return joined("risks", "Risks, the highest rating first", heads, rows)


def _actions(risks: pl.DataFrame) -> Table:
    corrected = pl.col("target_date").cast(pl.String)
    meant = corrected.map_elements(period_words, pl.String)
    dated = risks.with_columns(by=pl.coalesce("target_date_printed", meant), corrected=meant)
    heads = {
        "risk": "Risk",
        "owner": "Owner",
        "mitigation": "What is done about it",
        "action_owner": "Who acts",
        "by": "By, as printed",
        "corrected": "Date meant",
    }
    return worded("risk-actions", "What is done about each risk", dated, heads=heads)


TOPIC = Topic(
    slug="risks",
    stage="review",
    title="Risks",
    lead="What could go wrong, how grave and how likely it is, and who does what about it.",
    chapter=chapter,
)
