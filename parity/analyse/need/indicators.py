"""Figures of need: weighted population, expected severe illness, expected cases by condition, perinatal need."""

import polars as pl

from parity.analyse.people import WOMEN_GIVING_BIRTH, WORKING_AGE, counted_once, people_of, plain_group
from parity.methods.population import expected_cases, expected_range, weighted_population
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.units import Unit

PER_THOUSAND = 1_000
PER_HUNDRED_THOUSAND = 100_000
SERIOUS_CONDITIONS = (
    "Puerperal psychosis, admission",
    "Other condition after birth, admission",
    "Severe chronic illness of mothers",
)


@indicator(
    rows="A6",
    title="Population weighted by need",
    unit=Unit.PEOPLE,
    numerator="People of working age × need index",
    denominator="100, the index of England",
    formula="population × index ÷ 100",
    purpose="Compare places that need different amounts of care for the same number of people",
    dimensions=("index_name", "population_group"),
)
def population_weighted_by_need(population: pl.DataFrame, need_index: pl.DataFrame) -> pl.DataFrame:
    """People of working age weighted by the latest value of each need index of their area, whatever its own year."""
    latest = need_index.sort("period", maintain_order=True).unique(
        ["area", "index_name"], keep="last", maintain_order=True
    )
    joined = people_of(population, WORKING_AGE).join(latest, on="area", suffix="_index", maintain_order="left_right")
    return joined.select(
        "area", "period", "index_name", "population_group", value=weighted_population("people", "index_value")
    )


@indicator(
    rows="A7",
    title="People expected to have a severe and enduring mental illness",
    unit=Unit.PEOPLE,
    numerator="Population weighted by need × rate per 1,000",
    denominator="1,000",
    formula="population × index ÷ 100 × rate ÷ 1,000",
    purpose="Size specialist services by need rather than by heads",
    dimensions=("index_name", "population_group"),
)
def severe_mental_illness_expected(
    population: pl.DataFrame, need_index: pl.DataFrame, severe_mental_illness_per_1k: Assumption
) -> pl.DataFrame:
    """Weighted population times the assumed rate, unrounded."""
    weighted = population_weighted_by_need(population, need_index)
    rate = severe_mental_illness_per_1k.value
    return weighted.with_columns(value=expected_cases("value", rate, per=PER_THOUSAND))


@indicator(
    rows="A8",
    title="People expected to have a condition",
    unit=Unit.PEOPLE,
    numerator="Population × rate per 100,000",
    denominator="100,000",
    formula="population × rate ÷ 100,000",
    purpose="See how many people each common disorder affects; disorders overlap, so they are never added up",
    dimensions=("condition", "population_group"),
)
def cases_expected(population: pl.DataFrame, prevalence_rates: pl.DataFrame) -> pl.DataFrame:
    """Each area's rate times its population of the rate's own period, or else the latest; the note says which.

    A rate without its population is missing, not zero.
    """
    key = ["area", "plain_group"]
    people = counted_once(population).with_columns(plain_group=plain_group("population_group"))
    people = people.select(*key, "period", "people").unique([*key, "period"], keep="first", maintain_order=True)
    latest = people.sort("period", maintain_order=True).unique(key, keep="last", maintain_order=True)
    rates = prevalence_rates.with_columns(plain_group=plain_group("population_group"))
    joined = rates.join(people, on=[*key, "period"], how="left", maintain_order="left").join(
        latest, on=key, how="left", suffix="_latest", maintain_order="left"
    )
    own, latest_people = pl.col("people"), pl.col("people_latest")
    counted = pl.coalesce(own, latest_people)
    reason = pl.format("The population “{}” of this area is not known.", "population_group")
    return joined.select(
        "area",
        "period",
        "condition",
        "population_group",
        value=expected_cases(counted, "rate_per_100k", per=PER_HUNDRED_THOUSAND),
        missing=pl.when(counted.is_null()).then(reason),
        note=pl.when(own.is_null() & latest_people.is_not_null()).then(
            pl.format("The rate is applied to the population of {}.", "period_latest")
        ),
    )


@indicator(
    rows="A9",
    title="Women expected to have moderate to severe depression around childbirth",
    unit=Unit.PEOPLE,
    numerator="Women giving birth in a year × share affected",
    formula="births × share; lower and upper are the ends of the range of shares, not a confidence interval",
    purpose="Size perinatal services",
    interval="range of the source's rates",
)
def perinatal_depression_expected(population: pl.DataFrame, perinatal_depression_range: Assumption) -> pl.DataFrame:
    """Women giving birth times the middle of the range of shares; the ends of the range as lower and upper."""
    chosen = perinatal_depression_range
    return people_of(population, WOMEN_GIVING_BIRTH).select(
        "area",
        "period",
        *expected_range("people", pl.lit(chosen.low), pl.lit(chosen.high), per=1),
        value=expected_cases("people", chosen.value, per=1),
    )


@indicator(
    rows="A9",
    title="Women expected to have a serious mental illness around childbirth",
    unit=Unit.PEOPLE,
    numerator="Women giving birth in a year × rate per 1,000",
    denominator="1,000",
    formula="births × rate ÷ 1,000, the same rate for each group; the groups may overlap",
    purpose="Size specialist perinatal services",
    dimensions=("condition",),
)
def perinatal_serious_illness_expected(
    population: pl.DataFrame, perinatal_serious_illness_per_1k: Assumption
) -> pl.DataFrame:
    """Women giving birth times the assumed rate, for each of three groups, unrounded."""
    births = people_of(population, WOMEN_GIVING_BIRTH)
    conditions = pl.DataFrame({"condition": SERIOUS_CONDITIONS})
    cases = expected_cases("people", perinatal_serious_illness_per_1k.value, per=PER_THOUSAND)
    return births.join(conditions, how="cross").select("area", "period", "condition", value=cases)
