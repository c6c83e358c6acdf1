"""Figures of case-file reviews: how often something was found, and what could be saved."""

import polars as pl

from parity.analyse.scope import UNDATED, WHOLE_PROGRAMME
from parity.analyse.shares import WILSON, counted_share
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.units import Unit

FINDING = ("review", "finding")
ENDS = {"saving_low_gbp": "low", "saving_high_gbp": "high"}
UNKNOWN = "How many cases there are in all is not known."


@indicator(
    rows="A47",
    title="Share of the cases read in which something was found",
    unit=Unit.SHARE,
    numerator="Cases of which it was found",
    denominator="Cases read",
    formula="cases ÷ cases read",
    purpose="Know how widespread over-provision, risk aversion or drift is",
    dimensions=FINDING,
    interval=WILSON,
)
def case_finding_share(case_findings: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Share and interval of each finding; missing where the review does not say how many cases."""
    share = counted_share("cases", "of_cases", confidence_level=confidence_level)
    return _found(case_findings).select("area", "period", *FINDING, *share)


@indicator(
    rows="A47",
    title="Saving a year if all cases are like those read",
    unit=Unit.GBP,
    numerator="Share found × all cases × saving a case",
    formula="share × all cases × saving a case; lower and upper are those of the share",
    purpose="Size what a change of practice could release, with what the sample leaves uncertain",
    dimensions=FINDING,
    interval="that of the share found, as if the cases had been drawn at random",
    basis=Basis.SPEND,
)
def case_finding_saving(case_findings: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Pounds a year for each finding with a saving a case; the note says how that was estimated."""
    costed = case_findings.drop_nulls("saving_per_case_gbp")
    shares = _found(costed).with_columns(counted_share("cases", "of_cases", confidence_level=confidence_level))
    every = pl.col("all_cases") * pl.col("saving_per_case_gbp")
    unknown = pl.when(pl.col("all_cases").is_null()).then(pl.lit(UNKNOWN))
    scaled = [(pl.col(name) * every).alias(name) for name in ("value", "lower", "upper")]
    return shares.select("area", "period", *FINDING, *scaled, pl.coalesce("missing", unknown), note="estimated_how")


@indicator(
    rows="A47",
    title="Saving a year that a review states",
    unit=Unit.GBP,
    numerator="Pounds a year, as the review states them",
    formula="as stated; the low and the high end stand side by side, and no middle is made",
    purpose="Compare what a review promises with what its cases show",
    dimensions=("finding", "end"),
    basis=Basis.SPEND,
)
def case_saving_stated(case_findings: pl.DataFrame) -> pl.DataFrame:
    """Low and high end of the stated saving of each finding that has one; the note says how it was estimated."""
    long = _found(case_findings).unpivot(
        list(ENDS), index=["area", "period", "finding", "estimated_how"], variable_name="end", value_name="value"
    )
    ends = long.with_columns(pl.col("end").replace_strict(ENDS)).drop_nulls("value")
    return ends.select("area", "period", "finding", "end", "value", note="estimated_how")


def _found(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.with_columns(area=pl.lit(WHOLE_PROGRAMME), period=pl.col("dated").fill_null(UNDATED))
