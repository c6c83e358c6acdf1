"""Figures of the key performance indicators: estimate, target, variance, and how many stand where."""

import polars as pl

from parity.methods.columns import why_not_divided
from parity.methods.comparison import variance_from_target
from parity.review.kpis.rules import no_estimate, no_target, state_of
from parity.terms.indicator import indicator
from parity.terms.units import Unit

KEYS = ("area", "period", "code")


@indicator(
    rows="D19",
    title="Estimate of a performance indicator",
    unit=Unit.NUMBER,
    numerator="Estimated outturn, in the indicator's own unit",
    formula="as stated",
    purpose="See where the service stands",
    dimensions=("code",),
)
def kpi_estimate(kpis: pl.DataFrame) -> pl.DataFrame:
    """Estimate of each indicator."""
    return kpis.select(*KEYS, "unit", "note", value="estimate", missing=no_estimate())


@indicator(
    rows="D19 E19",
    title="Target of a performance indicator",
    unit=Unit.NUMBER,
    numerator="Target of the period, in the indicator's own unit",
    formula="as stated",
    purpose="See what was promised for the period",
    dimensions=("code",),
)
def kpi_target(kpis: pl.DataFrame) -> pl.DataFrame:
    """Target of each indicator."""
    return kpis.select(*KEYS, "unit", "note", value="target", missing=no_target())


@indicator(
    rows="D19 E19",
    title="Variance from target",
    unit=Unit.CHANGE,
    numerator="Estimate − target",
    denominator="Target",
    formula="(estimate − target) ÷ target",
    purpose="See how far the service is from its promise; whether that is good depends on the indicator",
    dimensions=("code",),
)
def kpi_variance(kpis: pl.DataFrame) -> pl.DataFrame:
    """Relative variance of each indicator's estimate from its target."""
    impossible = why_not_divided("estimate", "target", whole_name="target")
    return kpis.select(
        *KEYS,
        value=variance_from_target("estimate", "target"),
        missing=pl.coalesce(no_estimate(), no_target(), impossible),
    )


@indicator(
    rows="D19 E19",
    title="Performance indicators by how they stand",
    unit=Unit.COUNT,
    numerator="Indicators in this state",
    formula="number of indicators",
    purpose="See at a glance how much of what was promised is kept",
    dimensions=("state",),
)
def kpis_count(kpis: pl.DataFrame) -> pl.DataFrame:
    """Indicators of each area and period by state: met, missed, no target yet, no data, neither way is better."""
    states = kpis.with_columns(state=state_of())
    return states.group_by("area", "period", "state", maintain_order=True).agg(value=pl.len())
