"""The chapter on outcomes."""

import polars as pl

from parity.documents.figure_tables import joined, worded
from parity.documents.model import Block, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.polarity import Polarity

WAYS = {"high": Polarity.HIGH.value, "low": Polarity.LOW.value, "neutral": "the source does not say"}


def chapter(desk: Desk) -> list[Block]:
    """The outcomes with their benefits, the measures of each, and the national outcomes they serve."""
    found = desk.table("outcomes")
    if found is None or found[0].is_empty():
        return [Paragraph(("The programme has no table “outcomes”, which would hold its outcomes and measures.",))]
    outcomes = found[0]
    count, measures = desk.figures("outcomes_count").one(), desk.figures("measures_count").one()
    counted = Paragraph(("The framework names ", count, " outcomes and ", measures, " ways to measure them."))
    return [
        counted,
        Heading("Outcomes and their benefit", 3),
        _benefits(desk, outcomes),
        Heading("How each outcome is measured", 3),
        _measures(outcomes),
        Heading("National outcomes served", 3),
        _coverage(outcomes),
    ]


def _benefits(desk: Desk, outcomes: pl.DataFrame) -> Table:
    measures = desk.figures("measures_per_outcome")
    each = outcomes.unique("outcome", keep="first", maintain_order=True).iter_rows(named=True)
    rows = [(row["title"], row["benefit"], measures.one(outcome=row["outcome"])) for row in each]
    return joined("outcomes", "Outcomes, the benefit to people, and measures", ("Outcome", "Benefit", "Measures"), rows)


def _measures(outcomes: pl.DataFrame) -> Table:
    in_words = outcomes.with_columns(pl.col("polarity").replace(WAYS))
    heads = {"title": "Outcome", "measure": "Measure or proxy", "polarity": "Which way is good"}
    return worded("outcome-measures", "Measures of each outcome", in_words, heads=heads)


def _coverage(outcomes: pl.DataFrame) -> Block:
    """A matrix of outcomes and national outcomes, where the source says which serves which."""
    stated = outcomes.filter(pl.col("national_outcome").is_not_null())
    if stated.is_empty():
        return Paragraph(("The source does not say which national outcome each of its outcomes serves.",))
    national = stated["national_outcome"].unique(maintain_order=True).to_list()
    served = set(stated.select("title", "national_outcome").rows())
    titles = outcomes["title"].unique(maintain_order=True).to_list()
    rows = [(title, *("serves" if (title, name) in served else "no" for name in national)) for title in titles]
    return joined("outcome-coverage", "National outcomes that each outcome serves", ("Outcome", *national), rows)


TOPIC = Topic(
    slug="outcomes",
    stage="plan",
    title="Outcomes",
    lead="What is to get better for people, and how anyone will know.",
    chapter=chapter,
)
