"""Figures of policy: how much law and policy there is to follow, and how far a needs assessment fits another area."""

import polars as pl

from parity.analyse.scope import UNDATED, counted, of_the_programme
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

FITS = ("yes", "in part", "no", "not known")


@indicator(
    rows="A49",
    title="Policies and laws of a kind",
    unit=Unit.COUNT,
    numerator="Acts, policies and standards of the kind in the register",
    formula="number of entries",
    purpose="See what the strategy must follow",
    dimensions=("kind",),
)
def policies_count(policies: pl.DataFrame) -> pl.DataFrame:
    """Entries of each kind."""
    return counted(policies, "kind")


@indicator(
    rows="A49",
    title="Policies and laws of which nobody has said what they mean here",
    unit=Unit.COUNT,
    numerator="Entries whose impact on the strategy is not stated",
    formula="number of entries without an impact",
    purpose="Find duties that the strategy has not answered yet",
    polarity=Polarity.LOW,
)
def policies_without_impact(policies: pl.DataFrame) -> pl.DataFrame:
    """Entries without a stated impact; zero where each has one, no row without entries."""
    everywhere = of_the_programme(policies).group_by("area", "period")
    return everywhere.agg(value=pl.col("impact").null_count().cast(pl.Int64))


@indicator(
    rows="A50",
    title="Topics of a needs assessment that fit another area",
    unit=Unit.COUNT,
    numerator="Topics of which this was found",
    formula="number of topics checked",
    purpose="Decide what may be taken over from another area's assessment, and what must be done anew",
    dimensions=("assessment", "fits"),
)
def assessment_topics_count(assessment_checks: pl.DataFrame) -> pl.DataFrame:
    """Topics that fit, fit in part, do not or are not known, for every assessment and area; zero where none is so."""
    key = ["area", "assessment"]
    wholes = assessment_checks.select(key).unique(maintain_order=True)
    places = wholes.join(pl.DataFrame({"fits": FITS}), how="cross", maintain_order="left_right")
    counts = assessment_checks.group_by(*key, "fits").agg(value=pl.len())
    joined = places.join(counts, on=[*key, "fits"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("value").fill_null(0), period=pl.lit(UNDATED))
