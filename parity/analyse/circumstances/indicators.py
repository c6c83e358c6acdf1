"""Figures of circumstances: risk factors beside the country's, signs of need such as claims of benefits, and work."""

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.comparators import area_name, beside_comparators
from parity.analyse.labels import both_notes
from parity.analyse.pieces import newest
from parity.analyse.shares import WILSON, counted_share
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import absolute_change, relative_change, significance
from parity.methods.deprivation import average_score
from parity.methods.population import expected_cases
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

WORDS_ONLY = "The source prints no number."
CLAIM = ("area", "period", "benefit")
STATED = "The source says it is {} than the country's."
SIMILAR = "The source says it is like the country's."
LIMITED = "People whose daily life a long-term condition or disability limits"
DEPRIVED = "Households deprived in two or more of four ways"
RURAL = "People who live in rural small areas"
BENEFITS = "People who receive benefits for illness or disability, as a ratio"
MOOD = "Mood and anxiety disorders, as a score"
UNDERLYING = {
    "household_overcrowding_indicator": "Crowded households",
    "adult_skills_and_english_language_proficiency_indicator": "Adults with few qualifications or little English",
    "staying_on_in_education_post_16_indicator": "Young people who left education at 16",
    "comparative_illness_and_disability_ratio_indicator": BENEFITS,
    "mood_and_anxiety_disorders_indicator": MOOD,
}
"""Indicators that lie beneath the Indices of Deprivation 2019, and what we call them."""
SIGNS = {BENEFITS: Unit.RATIO, MOOD: Unit.SCORE}
SEVERAL_WAYS = ("2", "3", "4")
"""In how many of education, employment, health and housing the census found a household deprived."""
SMALL_AREAS_OF_TODAY = "2021 small areas"
AVERAGED = "Mean of the values published for small areas (LSOA 2011), weighted by their people."
NO_VALUE = "A small area of this area has no value or no people."


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


@derived_table(words="Circumstances of each area, summed up from its small areas", version=1, by_area=True)
def local_circumstances(
    area_small_areas: pl.DataFrame,
    census_disability: pl.DataFrame,
    census_household_deprivation: pl.DataFrame | None = None,
    rural_urban: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Columns area, period, factor and value (0–1): people and households counted in the small areas of the census."""
    limited = pl.col("disability") == "disabled"
    found = [_counted(census_disability, limited, "people", area_small_areas, LIMITED)]
    if census_household_deprivation is not None:
        several = pl.col("dimensions").is_in(SEVERAL_WAYS)
        found.append(_counted(census_household_deprivation, several, "households", area_small_areas, DEPRIVED))
    if rural_urban is not None:
        settled = rural_urban.filter(pl.col("edition") == SMALL_AREAS_OF_TODAY).select("area", "settlement")
        people = census_disability.join(settled, on="area", how="left", maintain_order="left")
        found.append(_counted(people, pl.col("settlement") == "rural", "people", area_small_areas, RURAL))
    return pl.concat(found)


def _counted(
    census: pl.DataFrame, is_counted: pl.Expr, count: str, area_small_areas: pl.DataFrame, factor: str
) -> pl.DataFrame:
    """The share of a count for which something is so, for each area; null where it is not known of a small area."""
    parts = census.group_by("period", part="area", maintain_order=True).agg(
        whole=pl.col(count).sum(), known=is_counted.is_not_null().all(), counted=pl.col(count).filter(is_counted).sum()
    )
    met = area_small_areas.join(parts, on="part", maintain_order="left")
    summed = met.group_by("area", "period", maintain_order=True).agg(
        value=pl.when(pl.col("known").all()).then(divide(total("counted"), total("whole")))
    )
    return summed.with_columns(factor=pl.lit(factor))


@derived_table(words="Indicators beneath the Indices of Deprivation, of each area by its small areas", version=1)
def local_deprivation_indicators(
    deprivation_indicators: pl.DataFrame,
    population_small_areas: pl.DataFrame,
    lsoa_changes: pl.DataFrame,
    area_small_areas: pl.DataFrame,
) -> pl.DataFrame:
    """Columns area, period, factor and value, by the newest edition; a small area of 2011 that was divided counts
    whole in each area that it now lies in.
    """
    people = newest(population_small_areas).group_by(area_2011="area").agg(pl.col("people").sum())
    latest = newest(deprivation_indicators).filter(pl.col("indicator").is_in(list(UNDERLYING)))
    known = latest.select(
        "value", area_2011="area", period="edition", factor=pl.col("indicator").replace_strict(UNDERLYING)
    ).join(people, on="area_2011", how="left", maintain_order="left")
    lies = lsoa_changes.select("area_2011", part="area").join(area_small_areas, on="part", maintain_order="left")
    met = lies.select("area_2011", "area").unique(maintain_order=True).join(known, on="area_2011")
    return met.group_by("area", "period", "factor", maintain_order=True).agg(value=average_score("value", "people"))


@indicator(
    rows="A5",
    title="Share of people or households in a circumstance, by small areas",
    unit=Unit.SHARE,
    numerator="People or households in the circumstance",
    denominator="All people or households of the small areas that make up the area",
    formula="counted ÷ all; of what lies beneath the Indices of Deprivation the mean of small areas, by people",
    purpose="See what puts mental health at risk here, and whether more than elsewhere",
    dimensions=("factor",),
)
def circumstance_share(
    local_circumstances: pl.DataFrame, local_deprivation_indicators: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Counts of the census of 2021, and what lies beneath the Indices of 2019, mostly of the census of 2011."""
    rows = [local_circumstances.with_columns(note=pl.lit(None, dtype=pl.String))]
    if local_deprivation_indicators is not None:
        shares = local_deprivation_indicators.filter(~pl.col("factor").is_in(list(SIGNS)))
        rows.append(shares.select(*local_circumstances.columns, note=pl.lit(AVERAGED)))
    unknown = pl.when(pl.col("value").is_null()).then(pl.lit(NO_VALUE))
    return pl.concat(rows).with_columns(missing=unknown)


@indicator(
    rows="A20",
    title="Sign of how many people are ill or disabled, by small areas",
    unit=Unit.SCORE,
    numerator="The value published for each small area × its people",
    denominator="People of the area",
    formula="mean of the small areas, weighted by their people",
    purpose="Rank places by benefits, prescriptions, admissions and suicides where need itself is not counted",
    polarity=Polarity.LOW,
    dimensions=("factor",),
)
def illness_sign(local_deprivation_indicators: pl.DataFrame) -> pl.DataFrame:
    """A ratio of people on benefits for illness, by age and sex, and a score of mood and anxiety disorders; neither
    tells a number of people.
    """
    signs = local_deprivation_indicators.filter(pl.col("factor").is_in(list(SIGNS)))
    units = {name: unit.name.lower() for name, unit in SIGNS.items()}
    return signs.select(
        "area",
        "period",
        "factor",
        "value",
        unit=pl.col("factor").replace_strict(units, return_dtype=pl.String),
        missing=pl.when(pl.col("value").is_null()).then(pl.lit(NO_VALUE)),
        note=pl.lit(AVERAGED),
    )
