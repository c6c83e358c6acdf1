"""Figures of circumstances: risk factors beside the country's, claims of benefits as a sign of need, and work."""

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.comparators import area_name, beside_comparators
from parity.analyse.labels import both_notes
from parity.analyse.shares import WILSON, counted_share
from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import absolute_change, relative_change, significance
from parity.methods.population import expected_cases
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

WORDS_ONLY = "The source prints no number."
CLAIM = ("area", "period", "benefit")
STATED = "The source says it is {} than the country's."
SIMILAR = "The source says it is like the country's."


@indicator(
    rows="A5",
    title="Share of people or households with a risk factor",
    unit=Unit.SHARE,
    numerator="People or households with the risk factor",
    denominator="All people or households of the area",
    formula="counted ÷ all; where only a share is stated, that share",
    purpose="See what puts mental health at risk here, and whether more than elsewhere",
    polarity=Polarity.LOW,
    dimensions=("factor",),
    interval=WILSON,
)
def risk_factor_share(
    risk_factors: pl.DataFrame,
    confidence_level: Assumption,
    comparators: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Each share with its interval; the note says whether it is higher or lower than each comparator's of need.

    Where the source prints words only, the share is missing and the note says what it says.
    """
    shares = risk_factors.with_columns(
        counted_share("people", "of_people", stated="share", confidence_level=confidence_level)
    ).with_columns(
        missing=pl.when(pl.col("value").is_null() & pl.col("people").is_null() & pl.col("of_people").is_null())
        .then(pl.lit(WORDS_ONLY))
        .otherwise("missing")
    )
    key = ["area", "period", "factor"]
    beside = shares.join(_flags(shares, comparators, areas), on=key, how="left", maintain_order="left")
    stated = (
        pl.when(pl.col("compared") == "similar")
        .then(pl.lit(SIMILAR))
        .when(pl.col("compared").is_not_null())
        .then(pl.format(STATED, "compared"))
    )
    said = both_notes(pl.coalesce("flag", stated), pl.col("note"))
    return beside.select(*key, "value", "lower", "upper", "missing", note=said)


@indicator(
    rows="A20",
    title="Claimants expected to claim for mental or behavioural disorders",
    unit=Unit.PEOPLE,
    numerator="Claimants × share of claims for mental or behavioural disorders",
    formula="claimants × share; the share of another area where its own is not known",
    purpose="A sign of how many people of working age live with a severe or disabling mental illness",
    dimensions=("benefit",),
)
def claimants_expected(benefit_claims: pl.DataFrame, areas: pl.DataFrame | None = None) -> pl.DataFrame:
    """Claimants times the share stated for them; missing where no share is stated. The note names the share's area."""
    reason = why_not_divided("claimants", "mental_share", part_name="number of claimants", whole_name="share")
    borrowed = pl.format("The share is that of {}.", area_name("share_of", areas))
    rows = benefit_claims.drop_nulls("claimants")
    value = expected_cases("claimants", "mental_share", per=1)
    return rows.select(
        *CLAIM,
        value=value,
        missing=pl.when(value.is_null()).then(reason),
        note=both_notes(borrowed, pl.col("note")),
    )


@indicator(
    rows="A20",
    title="Growth of claims for mental or behavioural disorders",
    unit=Unit.CHANGE,
    numerator="Claimants for these disorders now less those in the first period",
    denominator="Claimants for these disorders in the first period",
    formula="(now − first) ÷ first",
    purpose="See whether need grows",
    dimensions=("benefit",),
)
def claimants_growth(benefit_claims: pl.DataFrame) -> pl.DataFrame:
    """Relative change of the claimants that the source counts or estimates, from the first period to each later one."""
    counted = benefit_claims.drop_nulls("mental_claimants").select(*CLAIM, people="mental_claimants")
    beside = beside_first(counted, by=("area", "benefit"))
    return beside.select(
        *CLAIM,
        why_not_divided("people", "people_first", whole_name="number in the first period"),
        value=relative_change("people_first", "people"),
    )


@indicator(
    rows="A20",
    title="All claimants that a share of them implies",
    unit=Unit.PEOPLE,
    numerator="Claimants for mental or behavioural disorders",
    denominator="Share of claims for these disorders",
    formula="claimants for these disorders ÷ their share of all",
    purpose="Find out whether a number and a share belong to the same claimants",
    dimensions=("benefit",),
)
def claimants_implied(benefit_claims: pl.DataFrame) -> pl.DataFrame:
    """The number of all claimants of whom both the number and the share are right."""
    both = benefit_claims.drop_nulls(["mental_claimants", "mental_share"])
    return both.select(
        *CLAIM,
        why_not_divided("mental_claimants", "mental_share", whole_name="share"),
        value=divide("mental_claimants", "mental_share"),
    )


@indicator(
    rows="A21",
    title="Share of a group in work",
    unit=Unit.SHARE,
    numerator="People of the group in work",
    denominator="People of the group",
    formula="in work ÷ all; where only a share is stated, that share",
    purpose="See who has work",
    polarity=Polarity.HIGH,
    dimensions=("group",),
    interval=WILSON,
)
def employment_share(employment_rates: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Each group's share in work, with its interval where people were counted."""
    share = counted_share("people", "of_people", stated="share", confidence_level=confidence_level)
    return employment_rates.select("area", "period", "group", *share, "note")


@indicator(
    rows="A21",
    title="Employment gap",
    unit=Unit.POINTS,
    numerator="Share of everyone in work less share of the group in work",
    formula="share of everyone − share of the group",
    purpose="See how far people with mental health problems are from the work that others have",
    polarity=Polarity.LOW,
    dimensions=("group",),
)
def employment_gap(employment_rates: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Gap of each group to everyone of its area and period; missing where everyone's share is not known."""
    shares = employment_share(employment_rates, confidence_level).with_columns(role=employment_rates["role"])
    everyone = shares.filter(pl.col("role") == "everyone").select("area", "period", everyone="value")
    groups = shares.filter(pl.col("role") == "group")
    beside = groups.join(
        everyone.unique(["area", "period"], keep="first", maintain_order=True),
        on=["area", "period"],
        how="left",
        maintain_order="left",
    )
    unknown = (
        pl.when(pl.col("value").is_null())
        .then(pl.lit("The group's share in work is not known."))
        .when(pl.col("everyone").is_null())
        .then(pl.lit("The share of everyone in work is not known for this area and period."))
    )
    return beside.select("area", "period", "group", value=absolute_change("value", "everyone"), missing=unknown)


def _flags(shares: pl.DataFrame, comparators: pl.DataFrame | None, areas: pl.DataFrame | None) -> pl.DataFrame:
    """One sentence a figure (flag): whether it is higher or lower than each comparator's; no row where it has none."""
    key = ["area", "period", "factor"]
    if comparators is None:
        return shares.select(*key, flag=pl.lit(None, dtype=pl.String)).clear()
    plain = shares.select(*key, "value", "lower", "upper")
    beside = beside_comparators(plain, comparators, use="need", on=("factor",), areas=areas)
    ours, theirs = pl.col("value"), pl.col("value_comparator")
    plainly = pl.when(ours > theirs).then(pl.lit("Higher")).when(ours < theirs).then(pl.lit("Lower"))
    surely = significance("lower", "upper", "value_comparator", polarity=Polarity.NEUTRAL)
    sentence = (
        pl.when(surely == "similar")
        .then(pl.format("Not significantly different from {}.", "comparator"))
        .when(surely.is_not_null())
        .then(pl.format("Significantly {} than {}.", surely, "comparator"))
        .when(ours == theirs)
        .then(pl.format("The same as {}.", "comparator"))
        .otherwise(pl.format("{} than {}.", plainly, "comparator"))
    )
    found = beside.with_columns(flag=sentence).drop_nulls("flag")
    return found.group_by(key, maintain_order=True).agg(pl.col("flag").str.join(" "))
