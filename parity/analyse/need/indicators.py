"""Figures of need: weighted population, expected severe illness, expected cases by condition, perinatal need."""

import polars as pl

from parity.analyse.people import WOMEN_GIVING_BIRTH, WORKING_AGE, counted_once, people_of, plain_group
from parity.analyse.pieces import YEARS_AHEAD, as_figures
from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import relative_change
from parity.methods.headcount import headcount
from parity.methods.need import need_by_band
from parity.methods.need_rates import projectable, rates_for
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


MATERNITY = "maternity"
"""The setting of rates among women who give birth."""


@indicator(
    rows="A9",
    title="Women expected to have a condition around childbirth, by published rates",
    unit=Unit.PEOPLE,
    numerator="Children under one, as projected, for women who give birth × rate per 1,000",
    denominator="1,000",
    formula="children under one × rate ÷ 1,000; where a range is published lower and upper are its ends, and the value "
    "its middle",
    purpose="Size perinatal services anywhere",
    dimensions=("condition", "rate_source"),
    interval="range of the source's rates, where it gives one",
)
def perinatal_expected(local_population: pl.DataFrame, reference_rates: pl.DataFrame) -> pl.DataFrame:
    """Children under one times each rate of the library among women who give birth. The conditions overlap.

    Twins make children more than mothers, and who moved or died in the first year moves the number a little.
    """
    births = local_population.filter(pl.col("age") == 0).group_by("area", "period", maintain_order=True)
    rates = reference_rates.filter(pl.col("setting") == MATERNITY).select(
        "condition", "low", "high", "rate", rate_source="source"
    )
    found = births.agg(pl.col("people").sum()).join(rates, how="cross")
    middle = pl.coalesce("rate", (pl.col("low") + pl.col("high")) / 2)
    return found.select(
        "area",
        "period",
        "condition",
        "rate_source",
        *expected_range("people", "low", "high", per=PER_THOUSAND),
        value=expected_cases("people", middle, per=PER_THOUSAND),
    )


YOUNGER = "common mental disorder"
OLDER = "depression"
SEXES_IN_WORDS = {"female": "Women", "male": "Men"}


@indicator(
    rows="A7 A8 A12 A13 A14 A16 A17 A19",
    title="People expected to have a condition, as projected",
    unit=Unit.PEOPLE,
    numerator="People of each sex and age band, as projected × the national rate of the band",
    formula="sum over sexes and bands of population × rate, by one source of rates",
    purpose="See how many people each condition affects, now and in years to come; conditions overlap and are never "
    "added up",
    dimensions=("condition", "rate_source"),
    interval="95% band of 1,000 draws of the rates and of the error of projection",
)
def people_expected(expected_need: pl.DataFrame) -> pl.DataFrame:
    """Projected people times national rates, for the ages that the source covers; the note says which.

    Rates stay as they are over the years. The band holds the rates' own intervals and the error of projection.
    """
    return _expected(expected_need, "95")


@indicator(
    rows="A7 A8 A12 A13 A14 A16 A17 A19",
    title="People expected to have a condition, as projected, with the narrower band",
    unit=Unit.PEOPLE,
    numerator="People of each sex and age band, as projected × the national rate of the band",
    formula="sum over sexes and bands of population × rate, by one source of rates",
    purpose="See between which numbers four outcomes in five lie",
    dimensions=("condition", "rate_source"),
    interval="80% band of 1,000 draws of the rates and of the error of projection",
)
def people_expected_narrowly(expected_need: pl.DataFrame) -> pl.DataFrame:
    """As people_expected, with the band in which 80% of the draws lie."""
    return _expected(expected_need, "80")


def _expected(expected_need: pl.DataFrame, level: str) -> pl.DataFrame:
    ages, caveat = pl.format("Ages {}.", "ages"), pl.col("caveat").replace("", None)
    told = pl.concat_str(ages, caveat, separator=" ", ignore_nulls=True)
    return as_figures(expected_need, note=told, level=level)


@indicator(
    rows="A14",
    title="Change in the people expected to have a condition, over ten years",
    unit=Unit.CHANGE,
    numerator="People expected ten years later less people expected",
    denominator="People expected",
    formula="(later − now) ÷ now",
    purpose="Plan for need that grows",
    dimensions=("condition", "rate_source"),
    interval="95% band of 1,000 draws of the error of projection; a rate is the same in both years",
)
def expected_change(expected_need_change: pl.DataFrame) -> pl.DataFrame:
    """The share by which expected people grow from each projected year to ten years later, at unchanged rates."""
    until = (pl.col("period").cast(pl.Int64) + YEARS_AHEAD).cast(pl.String)
    return expected_need_change.select(
        "area",
        "condition",
        "value",
        "missing",
        period=pl.format("{} to {}", "period", until),
        rate_source="source",
        lower="lower_95",
        upper="upper_95",
        note=pl.format("Ages {}.", "ages"),
    )


@indicator(
    rows="A15",
    title="Difference between two sources of rates for one condition",
    unit=Unit.CHANGE,
    numerator="People expected by the second source less those by the first",
    denominator="People expected by the first source",
    formula="(second − first) ÷ first",
    purpose="Know how much an estimate depends on whose rates are used",
    dimensions=("condition", "rate_sources"),
)
def expected_by_other_source(expected_need: pl.DataFrame) -> pl.DataFrame:
    """For each two sources of a condition that cover the same ages: by how much the later-listed differs."""
    order = expected_need.select("condition", "source", "ages").unique(maintain_order=True).with_row_index("place")
    pairs = order.join(order, on=["condition", "ages"], suffix="_second").filter(
        pl.col("place") < pl.col("place_second")
    )
    cases = expected_need.select("area", "period", "condition", "source", "value")
    first = cases.join(pairs.select("condition", "source", "source_second"), on=["condition", "source"])
    both = first.join(
        cases, left_on=["area", "period", "condition", "source_second"],
        right_on=["area", "period", "condition", "source"], suffix="_second", maintain_order="left",
    )  # fmt: skip
    return both.select(
        "area",
        "period",
        "condition",
        why_not_divided("value_second", "value", part_name="number by the second", whole_name="number by the first"),
        rate_sources=pl.format("{} against {}", "source_second", "source"),
        value=relative_change("value", "value_second"),
    )


@indicator(
    rows="A8 A12 A13 A16 A17 A19",
    title="People expected to have a condition, by sex and age",
    unit=Unit.PEOPLE,
    numerator="People of the sex and age band, as projected × the national rate of the band",
    formula="population × rate, for each sex and age band of the source",
    purpose="See which ages and sexes a service must reach",
    dimensions=("condition", "people"),
)
def people_expected_by_age(
    local_population: pl.DataFrame,
    reference_rates: pl.DataFrame,
    aged_95_of_90_women: Assumption,
    aged_95_of_90_men: Assumption,
) -> pl.DataFrame:
    """Projected people of each sex and band times the rate of the band; the condition names the source of its rates."""
    aged_95 = {"female": aged_95_of_90_women.value, "male": aged_95_of_90_men.value}
    found = need_by_band(headcount(local_population), rates_for(projectable(reference_rates), aged_95=aged_95))
    return found.select(
        "area",
        "period",
        "value",
        "missing",
        condition=pl.format("{} ({})", "condition", "source"),
        people=pl.format("{} {}", pl.col("sex").replace(SEXES_IN_WORDS), "age_band"),
    )


@indicator(
    rows="A7 A8 A12 A13 A16 A17 A19",
    title="People expected to have a condition, for every 1,000 residents",
    unit=Unit.RATE_PER_1K,
    numerator="People expected to have the condition, at the ages that the source covers",
    denominator="All residents, as projected",
    multiplier="1,000",
    formula="people expected ÷ residents × 1,000",
    purpose="See where need is high for the size of a place",
    dimensions=("condition", "rate_source"),
)
def expected_rate(expected_need: pl.DataFrame, local_residents: pl.DataFrame) -> pl.DataFrame:
    """Expected people over residents of all ages. At national rates it differs between places by age and sex alone."""
    both = expected_need.join(local_residents, on=["area", "period"], maintain_order="left")
    return both.select(
        "area",
        "period",
        "condition",
        why_not_divided("value", "people", part_name="number expected", whole_name="number of residents"),
        rate_source="source",
        value=divide("value", "people", per=PER_THOUSAND),
    )


@indicator(
    rows="A25",
    title="Adults expected to have a common mental disorder, or depression from 65",
    unit=Unit.PEOPLE,
    numerator="People of 18 to 64 with a common mental disorder + people of 65 and over with depression",
    formula="people of 18 to 64 × one source’s rates + people of 65 and over × another’s",
    purpose="See both tools that councils use, PANSI and POPPI, in one number",
    dimensions=("rate_sources",),
)
def adults_expected(expected_need: pl.DataFrame) -> pl.DataFrame:
    """The two are of different ages, so nobody counts twice; what they count differs, and the note says so.

    There is no interval: the two surveys asked differently, and nobody knows how far they go wrong together.
    """
    younger = expected_need.filter(pl.col("condition") == YOUNGER)
    older = expected_need.filter(pl.col("condition") == OLDER)
    both = younger.join(older, on=["area", "period"], suffix="_older", maintain_order="left")
    return both.select(
        "area",
        "period",
        rate_sources=pl.format("{} and {}", "source", "source_older"),
        value=pl.col("value") + pl.col("value_older"),
        missing=pl.coalesce("missing", "missing_older"),
        note=pl.format("Ages {} by one survey, {} by another: they do not count the same.", "ages", "ages_older"),
    )
