"""Figures of access: people in contact with services beside a comparator, and how many are not treated."""

import polars as pl

from parity.analyse.comparators import area_name, beside_comparators
from parity.analyse.labels import both_notes
from parity.analyse.people import counted_once, plain_group
from parity.analyse.published import (
    BEGUN,
    DEMENTIA_REGISTER,
    DIAGNOSED,
    MEASURES,
    SERIOUS_REGISTER,
)
from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import relative_change, significance, z_statistic
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.intervals import crude_rate, crude_rate_interval
from parity.methods.population import treatment_gap
from parity.methods.spc import FEWEST_POINTS, Drawing, control_chart
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import READ_FROM, indicator
from parity.terms.polarity import Polarity
from parity.terms.release import BETWEEN
from parity.terms.units import Unit

PER_HUNDRED_THOUSAND = 100_000
GROUP = ("population_group",)
KEYS = ("area", "period", "measure")
MONTH = r"^\d{4}-\d{2}$"
SEEN_ON_REGISTERS = {DEMENTIA_REGISTER: "dementia", SERIOUS_REGISTER: "psychotic disorder"}
RECOVERY_CODES = {
    "M206": "White", "M207": "Asian or Asian British", "M208": "Black or Black British", "M209": "Mixed",
    "M210": "Other",
}  # fmt: skip
EVERYONE = 1.0
"""The share that is everyone with a condition."""


@indicator(
    rows="A23",
    title="People in contact with mental-health services",
    unit=Unit.RATE_PER_100K,
    numerator="People in contact with services in the period",
    denominator="People of the population the rate is of",
    multiplier="100,000",
    formula="as stated by the source; where it states none, people ÷ population × 100,000",
    purpose="See whether fewer people reach services here than elsewhere",
    dimensions=GROUP,
    interval="95% by Byar's approximation of the count, exact under 10; over the population that count and rate imply",
)
def contact_rate(
    service_contacts: pl.DataFrame,
    confidence_level: Assumption,
    population: pl.DataFrame | None = None,
    comparators: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Rates with intervals where a count is known; the note says whether each comparator's rate lies outside."""
    rates = _rates(service_contacts, population).with_columns(
        crude_rate_interval("people", "denominator", per=PER_HUNDRED_THOUSAND, confidence=confidence_level.value)
    )
    beside = _compared(rates, comparators, areas)
    compared = rates.join(beside, on=["area", "period", *GROUP], how="left", maintain_order="left")
    return compared.select(
        "area",
        "period",
        *GROUP,
        "value",
        "lower",
        "upper",
        "missing",
        note=both_notes(pl.col("note"), pl.col("compared")),
    )


@indicator(
    rows="A23",
    title="People in contact with services: standard errors from the comparator",
    unit=Unit.Z,
    numerator="Share of people in contact less the comparator's",
    denominator="Standard error of the comparator's share in a population of this size",
    formula="(p − p₀) ÷ √(p₀ (1 − p₀) ÷ n); beyond ±1.96 the difference is unlikely to be chance",
    purpose="Tell a real difference in access from chance",
    dimensions=(*GROUP, "comparator"),
)
def contact_rate_z(
    service_contacts: pl.DataFrame,
    comparators: pl.DataFrame,
    population: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """z of the area's rate against each comparator of access; missing where the area states no count."""
    rates = _rates(service_contacts, population).with_columns(p=pl.col("value") / PER_HUNDRED_THOUSAND)
    beside = beside_comparators(rates, comparators, use="access", on=GROUP, areas=areas)
    unknown = pl.lit("A rate or the population behind it is not known.")
    tested = beside.with_columns(value=z_statistic("p", "p_comparator", "denominator"))
    return tested.select(
        "area",
        "period",
        *GROUP,
        "comparator",
        "value",
        missing=pl.when(pl.col("value").is_null()).then(unknown),
    )


@indicator(
    rows="A23",
    title="People in contact with services: difference from the comparator",
    unit=Unit.CHANGE,
    numerator="Rate of the area less the comparator's",
    denominator="Comparator's rate",
    formula="(rate − comparator's rate) ÷ comparator's rate",
    purpose="See how far access is from elsewhere, in proportion",
    dimensions=(*GROUP, "comparator"),
)
def contact_rate_difference(
    service_contacts: pl.DataFrame,
    comparators: pl.DataFrame,
    population: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Relative difference from each comparator of access; negative where fewer people are in contact here."""
    rates = _rates(service_contacts, population)
    beside = beside_comparators(rates, comparators, use="access", on=GROUP, areas=areas)
    return beside.select(
        "area",
        "period",
        *GROUP,
        "comparator",
        why_not_divided("value", "value_comparator", part_name="area's rate", whole_name="comparator's rate"),
        value=relative_change("value_comparator", "value"),
    )


@indicator(
    rows="A23",
    title="Population implied by a count and a rate of people in contact",
    unit=Unit.PEOPLE,
    numerator="People in contact with services × 100,000",
    denominator="Stated rate per 100,000",
    formula="people ÷ rate × 100,000",
    purpose="Check whether a published count and rate belong to the same area",
    dimensions=GROUP,
)
def contacts_population_implied(service_contacts: pl.DataFrame) -> pl.DataFrame:
    """The population for which both the count and the rate are right, where a source states both."""
    both = service_contacts.filter(pl.all_horizontal(pl.col("people", "rate_per_100k").is_not_null()))
    return both.select(
        "area",
        "period",
        *GROUP,
        "note",
        why_not_divided("people", "rate_per_100k", part_name="count", whole_name="stated rate"),
        value=divide("people", "rate_per_100k", per=PER_HUNDRED_THOUSAND),
    )


@indicator(
    rows="A24",
    title="Share of people with a condition who are not in treatment",
    unit=Unit.SHARE,
    numerator="People with the condition who are not in treatment",
    denominator="People with the condition",
    formula="1 − share in treatment",
    purpose="See how much need services do not meet",
    polarity=Polarity.LOW,
    dimensions=("condition",),
)
def treatment_gap_share(treatment: pl.DataFrame) -> pl.DataFrame:
    """The treatment gap as a share of those with the condition."""
    return treatment.select("area", "period", "condition", "note", value=treatment_gap(EVERYONE, "treated_share"))


@indicator(
    rows="A24",
    title="Share of all people who have a condition and are not in treatment",
    unit=Unit.SHARE,
    numerator="People with the condition who are not in treatment",
    denominator="All people",
    formula="share with the condition × (1 − share in treatment)",
    purpose="See how many in the whole population have unmet need",
    polarity=Polarity.LOW,
    dimensions=("condition",),
)
def untreated_share_of_people(treatment: pl.DataFrame) -> pl.DataFrame:
    """The treatment gap as a share of the population; missing where the prevalence is not stated."""
    unknown = pl.lit("How many people have the condition is not stated.")
    return treatment.select(
        "area",
        "period",
        "condition",
        "note",
        value=treatment_gap("prevalence_share", "treated_share"),
        missing=pl.when(pl.col("prevalence_share").is_null()).then(unknown),
    )


@indicator(
    rows="A24",
    title="People with a condition who are not in treatment",
    unit=Unit.PEOPLE,
    numerator="People estimated to have the condition × (1 − share in treatment)",
    formula="people × (1 − share in treatment)",
    purpose="Size the need that services do not meet",
    polarity=Polarity.LOW,
    dimensions=("condition", "estimate_source"),
)
def people_untreated(
    prevalence_estimates: pl.DataFrame,
    treatment: pl.DataFrame,
    comparators: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Estimates times the share untreated: the area's own latest share, or else that of a comparator of access."""
    shares = treatment.sort("period", maintain_order=True).unique(["area", "condition"], keep="last")
    places = [prevalence_estimates.select("area", code="area", order=pl.lit(0)).unique()]
    if comparators is not None:
        used = comparators.filter(pl.col("use") == "access")
        places.append(used.select("area", code="comparator", order=pl.lit(1)))
    found = pl.concat(places).join(shares.rename({"area": "code"}), on="code")
    nearest = found.sort("order", "code").unique(["area", "condition"], keep="first")
    joined = prevalence_estimates.join(nearest, on=["area", "condition"], suffix="_share", maintain_order="left")
    words = "The share in treatment is that of {}, {}."
    return joined.select(
        "area",
        "period",
        "condition",
        "estimate_source",
        note=pl.format(words, area_name("code", areas), "period_share"),
        value=treatment_gap("people", "treated_share"),
    )


@derived_table(
    words="Measures by month with the mean, the limits and the signals of their control charts", version=2, by_area=True
)
def monthly_process(official_measures: pl.DataFrame, points_of_a_run: Assumption) -> pl.DataFrame:
    """What `control_chart` finds in each series of single months with values enough for limits; shares have limits
    from 0 to 1.
    """
    months = official_measures.filter(pl.col("period").str.contains(MONTH)).select(*KEYS, READ_FROM, "value")
    enough = pl.col("value").count().over("area", "measure") >= FEWEST_POINTS
    signs = {name: measure.polarity.name.lower() for name, measure in MEASURES.items()}
    found = control_chart(
        months.filter(enough),
        by=("area", "measure"),
        polarity=pl.col("measure").replace_strict(signs),
        drawing=Drawing(run=int(points_of_a_run.value)),
    )
    shares = pl.col("measure").is_in([name for name, measure in MEASURES.items() if measure.unit is Unit.SHARE])
    ends = [pl.when(shares).then(pl.col(end).clip(0, 1)).otherwise(end).alias(end) for end in ("lower", "upper")]
    return found.with_columns(ends)


@indicator(
    rows="A23 A40",
    title="A published measure by month",
    unit=Unit.SHARE,
    numerator="As the measure's name says",
    formula="as published; a share whose two numbers are published is divided anew",
    purpose="See whether access and waits change, and whether a change is more than chance",
    frequency="once a month",
    dimensions=("measure",),
)
def measure_by_month(monthly_process: pl.DataFrame) -> pl.DataFrame:
    """The values of each series of months, each in the measure's own unit."""
    units = {name: measure.unit.name.lower() for name, measure in MEASURES.items()}
    why = pl.when(pl.col("value").is_null()).then("missing").alias("missing")
    return monthly_process.select(*KEYS, READ_FROM, "value", why, unit=pl.col("measure").replace_strict(units))


@indicator(
    rows="A24",
    title="Share of those expected to have dementia who are not diagnosed",
    unit=Unit.SHARE,
    numerator="People of 65 and over expected to have dementia who are on no practice's register of it",
    denominator="People of 65 and over, registered with practices, who are expected to have it",
    formula="1 − the published rate of diagnosis",
    purpose="See how many live with dementia without the help that begins with a diagnosis",
    polarity=Polarity.LOW,
)
def dementia_not_diagnosed_share(official_measures: pl.DataFrame) -> pl.DataFrame:
    """The treatment gap of dementia where diagnosed and expected are counted on one basis, practices' patients."""
    found = official_measures.filter(pl.col("measure") == DIAGNOSED)
    return found.select("area", "period", "missing", READ_FROM, value=treatment_gap(EVERYONE, "value"))


@indicator(
    rows="A24",
    title="People whom services see",
    unit=Unit.PEOPLE,
    numerator="People on practices' registers, or who began treatment in twelve months",
    formula="the newest register; or the sum of the last twelve months",
    purpose="Put people in treatment beside those expected to need it",
    dimensions=("condition", "seen_by"),
)
def people_seen(official_measures: pl.DataFrame) -> pl.DataFrame:
    """Registers, of all ages and of patients instead of residents; and a year of those who begin talking therapies."""
    registers = official_measures.filter(pl.col("measure").is_in(list(SEEN_ON_REGISTERS)))
    newest = registers.filter(pl.col("period") == pl.col("period").max().over("area", "measure")).select(
        "area", "period", READ_FROM, condition=pl.col("measure").replace_strict(SEEN_ON_REGISTERS),
        seen_by=pl.lit("practices (register)"), value="count", missing="missing",
    )  # fmt: skip
    begun = official_measures.filter(pl.col("measure") == BEGUN).sort("area", "period")
    year = begun.group_by("area", maintain_order=True).agg(pl.col("period", "value", READ_FROM).tail(MONTHS_OF_A_YEAR))
    whole = year.filter(pl.col("value").list.len() == MONTHS_OF_A_YEAR).select(
        "area",
        period=pl.format("{} to {}", pl.col("period").list.first(), pl.col("period").list.last()),
        condition=pl.lit("common mental health condition"),
        seen_by=pl.lit("talking therapies (began treatment)"),
        read_from=pl.col(READ_FROM).list.unique(maintain_order=True).list.join(BETWEEN),
        value=pl.when(~pl.col("value").list.eval(pl.element().is_null()).list.any()).then(pl.col("value").list.sum()),
    )
    unknown = pl.when(pl.col("value").is_null()).then(pl.lit("The number of one of the twelve months is not known."))
    return pl.concat([newest, whole.with_columns(missing=unknown)], how="diagonal")


@derived_table(
    words="Reliable recovery after talking therapies by ethnic group, month and area", version=1, by_area=True
)
def recovery_of_groups(talking_therapies: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, ethnic_group, value and missing."""
    known = talking_therapies.filter(pl.col("measure").is_in(list(RECOVERY_CODES)))
    return known.select(
        "area", "period", "value", "missing", ethnic_group=pl.col("measure").replace_strict(RECOVERY_CODES)
    )


@indicator(
    rows="A22",
    title="Reliable recovery after talking therapies, by ethnic group",
    unit=Unit.SHARE,
    numerator="Courses that ended in reliable recovery",
    denominator="Courses that ended and began at caseness",
    formula="as published",
    purpose="See whether treatment helps people of every group alike",
    polarity=Polarity.HIGH,
    dimensions=("ethnic_group",),
)
def recovery_by_ethnic_group(recovery_of_groups: pl.DataFrame) -> pl.DataFrame:
    """The published shares, England's and providers', of each month; how many people they rest on is not published."""
    return recovery_of_groups


def _rates(service_contacts: pl.DataFrame, population: pl.DataFrame | None) -> pl.DataFrame:
    """Each row of contacts with its rate (value), the people behind it (denominator, whole) and why it is missing."""
    key = ["area", "period", "plain_group"]
    rows = service_contacts.with_columns(plain_group=plain_group("population_group"))
    if population is None:
        known = rows.with_columns(counted=pl.lit(None, dtype=pl.Float64))
    else:
        counted = counted_once(population).select(
            "area", "period", plain_group("population_group").alias("plain_group"), pl.col("people").alias("counted")
        )
        once = counted.unique(key, keep="first", maintain_order=True)
        known = rows.join(once, on=key, how="left", maintain_order="left")
    stated = pl.col("rate_per_100k")
    implied = divide("people", stated, per=PER_HUNDRED_THOUSAND).round()
    value = pl.coalesce(stated, crude_rate("people", "counted", per=PER_HUNDRED_THOUSAND))
    reason = why_not_divided("people", "counted", part_name="number of people", whole_name="population")
    return known.select(
        "area",
        "period",
        *GROUP,
        "people",
        "note",
        value=value,
        denominator=pl.when(stated.is_not_null()).then(implied).otherwise("counted"),
        missing=pl.when(value.is_null()).then(reason),
    )


def _compared(rates: pl.DataFrame, comparators: pl.DataFrame | None, areas: pl.DataFrame | None) -> pl.DataFrame:
    """One sentence a figure (compared): how it lies to each of its comparators; no row where it has none."""
    key = ["area", "period", *GROUP]
    if comparators is None:
        return rates.select(*key, compared=pl.lit(None, dtype=pl.String)).clear()
    beside = beside_comparators(rates, comparators, use="access", on=GROUP, areas=areas)
    verdict = significance("lower", "upper", "value_comparator", polarity=Polarity.NEUTRAL)
    sentence = (
        pl.when(verdict == "similar")
        .then(pl.format("Not significantly different from {}.", "comparator"))
        .when(verdict.is_not_null())
        .then(pl.format("Significantly {} than {}.", verdict, "comparator"))
    )
    return (
        beside.with_columns(compared=sentence)
        .drop_nulls("compared")
        .group_by(*key, maintain_order=True)
        .agg(pl.col("compared").str.join(" "))
    )
