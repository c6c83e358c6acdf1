"""Figures of in-patient care: admissions, bed days, lengths of stay, placements outside the area, contacts."""

import polars as pl

from parity.analyse.labels import both_notes
from parity.analyse.shares import KATZ, WILSON, counted_share, represented
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import rank
from parity.methods.intervals import crude_rate, crude_rate_interval
from parity.methods.stays import median_of_bands
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PER_THOUSAND = 1_000
PER_HUNDRED_THOUSAND = 100_000
AGED = ("area", "period", "age_group")
BY_STAFF = ("profession", "age_group")
PLACED = ("area", "period", "placements")
BYAR = "95% by Byar's approximation of the count, exact under 10"
STAYS_UNKNOWN = "The number of stays of a band is not known."
NO_STAYS = "There were no stays."
WHOLLY_OUTSIDE = (
    "All spending is on placements outside the area: a known fault of such data, so check it before it is compared."
)


@indicator(
    rows="A40",
    title="Admissions to hospital",
    unit=Unit.RATE_PER_100K,
    numerator="Admissions",
    denominator="People of the age group who live there",
    multiplier="100,000",
    formula="admissions ÷ people × 100,000",
    purpose="See whether more people come to hospital than elsewhere",
    dimensions=("age_group",),
    interval=f"{BYAR}; one person can be admitted several times, so the true interval is wider",
)
def admission_rate(inpatient_activity: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Admissions per 100,000 people of the age group, with an interval."""
    rows = inpatient_activity.drop_nulls("admissions")
    limits = crude_rate_interval("admissions", "people", per=PER_HUNDRED_THOUSAND, confidence=confidence_level.value)
    reason = why_not_divided("admissions", "people", whole_name="number of people")
    value = crude_rate("admissions", "people", per=PER_HUNDRED_THOUSAND)
    return rows.select(*AGED, *limits, reason, "note", value=value)


@indicator(
    rows="A40",
    title="Occupied bed days",
    unit=Unit.RATE_PER_1K,
    numerator="Days on which a bed was occupied",
    denominator="People of the age group who live there",
    multiplier="1,000",
    formula="bed days ÷ people × 1,000; no interval, for the days of one stay belong together",
    purpose="See how much hospital care is used",
    dimensions=("age_group",),
)
def bed_day_rate(inpatient_activity: pl.DataFrame) -> pl.DataFrame:
    """Bed days per 1,000 people of the age group."""
    reason = why_not_divided("bed_days", "people", whole_name="number of people")
    value = divide("bed_days", "people", per=PER_THOUSAND)
    return inpatient_activity.drop_nulls("bed_days").select(*AGED, reason, "note", value=value)


@indicator(
    rows="A40",
    title="Bed days an admission",
    unit=Unit.DAYS,
    numerator="Days on which a bed was occupied",
    denominator="Admissions",
    formula="bed days ÷ admissions; not the mean stay where stays reach into other periods",
    purpose="See whether stays are short and many, or long and few",
    dimensions=("age_group",),
)
def bed_days_an_admission(inpatient_activity: pl.DataFrame) -> pl.DataFrame:
    """Occupied bed days over admissions of the same period."""
    both = inpatient_activity.drop_nulls(["bed_days", "admissions"])
    reason = why_not_divided("bed_days", "admissions", whole_name="number of admissions")
    return both.select(*AGED, reason, "note", value=divide("bed_days", "admissions"))


@indicator(
    rows="A40",
    title="Stays of a length",
    unit=Unit.SHARE,
    numerator="Stays of the band",
    denominator="All stays that ended",
    formula="stays of the band ÷ all stays; where only a share is stated, that share",
    purpose="See how lengths of stay are spread",
    dimensions=("age_group", "days"),
    interval=WILSON,
)
def stay_share(lengths_of_stay: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Share of each band of lengths of stay, in the order of the bands; `days` as “8–14” or “91 and more”."""
    every = lengths_of_stay.with_columns(everyone=total("stays").over(AGED))
    share = counted_share("stays", "everyone", stated="share", confidence_level=confidence_level)
    return every.sort("days_from", maintain_order=True).select(*AGED, *share, "note", days=_band())


@indicator(
    rows="A40",
    title="Stays of 91 days and more",
    unit=Unit.SHARE,
    numerator="Stays of 91 days and more",
    denominator="All stays that ended",
    formula="stays from the long-stay limit ÷ all stays; where only a share is stated, that share",
    purpose="Find people who stay in hospital because there is nowhere else for them",
    polarity=Polarity.LOW,
    dimensions=("age_group",),
    interval=WILSON,
)
def long_stay_share(
    lengths_of_stay: pl.DataFrame, long_stay_from_days: Assumption, confidence_level: Assumption
) -> pl.DataFrame:
    """Share of stays from the limit on; missing where a band lies across it or a band's stays are not known."""
    limit = long_stay_from_days.value
    is_long = pl.col("days_from") >= limit
    across = (pl.col("days_from") < limit) & (pl.col("days_to").is_null() | (pl.col("days_to") >= limit))
    stays = pl.when(is_long).then("stays").otherwise(pl.when(pl.col("stays").is_not_null()).then(0.0))
    grouped = lengths_of_stay.group_by(*AGED, maintain_order=True).agg(
        across=across.any(),
        people=total(stays),
        everyone=total("stays"),
        stated=total(pl.col("share").filter(is_long)),
        note=pl.col("note").drop_nulls().first(),
    )
    lies_across = pl.format("A band of stays lies across {} days.", pl.lit(int(limit)))
    value, lower, upper, missing = counted_share(
        "people", "everyone", stated="stated", confidence_level=confidence_level
    )
    kept = [pl.when(~pl.col("across")).then(one).alias(one.meta.output_name()) for one in (value, lower, upper)]
    nobody = pl.when(pl.col("everyone") == 0).then(pl.lit(NO_STAYS)).otherwise(pl.lit(STAYS_UNKNOWN))
    unknown = pl.when(missing.is_not_null()).then(nobody)
    return grouped.select(*AGED, *kept, "note", missing=pl.when("across").then(lies_across).otherwise(unknown))


@indicator(
    rows="A40",
    title="Median length of stay",
    unit=Unit.DAYS,
    numerator="Days that half of all stays do not exceed",
    formula="half of the stays, spread evenly over the days of their band",
    purpose="Know the usual stay; a few very long ones do not move it, as they do the mean",
    dimensions=("age_group",),
    interval="ends of the band in which the median lies",
)
def median_stay(lengths_of_stay: pl.DataFrame) -> pl.DataFrame:
    """Days, for every area, period and age group of which stays were counted by band."""
    counted = lengths_of_stay.filter(pl.col("stays").is_not_null().any().over(AGED))
    return median_of_bands(counted, by=AGED)


@indicator(
    rows="A41",
    title="Share of spending on placements that goes outside the area",
    unit=Unit.SHARE,
    numerator="Pounds on placements outside the area",
    denominator="Pounds on all placements",
    formula="outside ÷ all; where only a share is stated, that share",
    purpose="See how much care is bought far from home",
    polarity=Polarity.LOW,
    dimensions=("placements",),
)
def outside_share(placement_spend: pl.DataFrame) -> pl.DataFrame:
    """Share of each statement, on its basis; the note warns of a share of all."""
    value = pl.coalesce(divide("outside_gbp", "amount_gbp"), "share")
    reason = why_not_divided("outside_gbp", "amount_gbp", part_name="spending outside", whole_name="spending")
    warned = pl.when(value >= 1).then(pl.lit(WHOLLY_OUTSIDE))
    return placement_spend.select(
        *PLACED,
        "basis",
        value=value,
        missing=pl.when(value.is_null()).then(reason),
        note=both_notes(warned, pl.col("note")),
    )


@indicator(
    rows="A41",
    title="Rank of the share of spending that goes outside the area",
    unit=Unit.RANK,
    numerator="Areas with a lower share, and one",
    formula="place among the areas of the table, the lowest share first; equal shares have equal ranks",
    purpose="See where the area stands among those it is listed with",
    polarity=Polarity.LOW,
    dimensions=("placements",),
)
def outside_rank(placement_spend: pl.DataFrame) -> pl.DataFrame:
    """Rank of each area within its period, basis and kind of placements, where several are known.

    A share of all is left out, as a known fault.
    """
    known = outside_share(placement_spend).filter(pl.col("value") < 1)
    group = ("period", "placements", "basis")
    several = known.filter(pl.len().over(group) > 1)
    size = pl.len().over(group)
    return several.select(
        *PLACED, "basis", value=rank("value", polarity=Polarity.LOW, within=group), note=pl.format("Of {}.", size)
    )


@indicator(
    rows="A42",
    title="Contacts with a profession",
    unit=Unit.RATE_PER_1K,
    numerator="Contacts of patients with the profession",
    denominator="People of the age group who live there",
    multiplier="1,000",
    formula="contacts ÷ people × 1,000; no interval, for the contacts of one patient belong together",
    purpose="See which professions people reach",
    dimensions=BY_STAFF,
)
def staff_contact_rate(staff_contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts per 1,000 people; first and follow-up contacts together where no total is stated."""
    every = pl.coalesce("contacts", pl.col("first_contacts") + pl.col("later_contacts"))
    rows = staff_contacts.with_columns(every=every)
    reason = why_not_divided("every", "people", part_name="number of contacts", whole_name="number of people")
    return rows.select("area", "period", *BY_STAFF, reason, "note", value=divide("every", "people", per=PER_THOUSAND))


@indicator(
    rows="A42",
    title="Follow-up contacts for each first contact",
    unit=Unit.RATIO,
    numerator="Follow-up contacts",
    denominator="First contacts",
    formula="follow-up contacts ÷ first contacts",
    purpose="See whether patients are seen again more often than they need",
    dimensions=BY_STAFF,
)
def follow_up_ratio(staff_contacts: pl.DataFrame) -> pl.DataFrame:
    """Follow-up contacts over first ones, where either is stated."""
    stated = staff_contacts.filter(pl.any_horizontal(pl.col("first_contacts", "later_contacts").is_not_null()))
    reason = why_not_divided(
        "later_contacts", "first_contacts", part_name="number of follow-up contacts",
        whole_name="number of first contacts",
    )  # fmt: skip
    value = divide("later_contacts", "first_contacts")
    return stated.select("area", "period", *BY_STAFF, reason, "note", value=value)


@indicator(
    rows="A22",
    title="Share of people in contact with services as a multiple of the share of the population, by ethnic group",
    unit=Unit.RATIO,
    numerator="Group's share of the people in contact whose group is known",
    denominator="Group's share of the people of the same groups who live there",
    formula="share of people in contact ÷ share of the population; above 1 is over-represented",
    purpose="See which groups services reach too little, or hold too often",
    dimensions=("population_group",),
    interval=KATZ,
)
def contact_representation(
    service_contacts: pl.DataFrame, ethnic_mix: pl.DataFrame, confidence_level: Assumption, four_fifths: Assumption
) -> pl.DataFrame:
    """Ratio of every ethnic group of which people in contact are counted, where there are several; the note judges it.

    The population is that of the newest period that knows any of the groups.
    """
    whose = ("area", "period")
    mix = ethnic_mix.drop_nulls("share").select(
        "area", mix_period="period", population_group="ethnic_group", population="share"
    )
    known = service_contacts.drop_nulls("people").join(
        mix, on=["area", "population_group"], maintain_order="left_right"
    )
    newest = known.filter(pl.col("mix_period") == pl.col("mix_period").max().over(whose))
    several = newest.filter(pl.len().over(whose) > 1).with_columns(
        everybody=total("people").over(whose), share=divide("people", total("people").over(whose)),
        population=divide("population", total("population").over(whose)),
    )  # fmt: skip
    judged = several.with_columns(
        represented("share", "everybody", "population", confidence_level=confidence_level, four_fifths=four_fifths)
    )
    reason = why_not_divided("share", "population", part_name="share of people", whole_name="share of the population")
    beside = pl.concat_str(
        pl.format("Beside the population of {}", "mix_period"),
        pl.format(": {}", "flag"),
        pl.lit("."),
        ignore_nulls=True,
    )
    return judged.select(
        *whose, "population_group", "value", "lower", "upper", reason, note=both_notes(beside, pl.col("note"))
    )


def _band() -> pl.Expr:
    """The band in words: “8–14”, or “91 and more” where it has no end."""
    return (
        pl.when(pl.col("days_to").is_null())
        .then(pl.format("{} and more", "days_from"))
        .otherwise(pl.format("{}–{}", "days_from", "days_to"))
    )
