"""Measures of performance and access that publishers give by area, each brought into one shape.

The shape: area, period, measure, value (in the measure's unit, but a rate as a share), count and of (where the share is
made of two numbers), compared (the publisher's own word against England), missing (why there is no value), and
read_from (the edition of a publication that the row comes from).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from parity.methods.columns import divide, total
from parity.terms.areas import ENGLAND
from parity.terms.derived import read_from
from parity.terms.polarity import Polarity
from parity.terms.release import BETWEEN
from parity.terms.units import Unit

SELF_HARM = "Emergency admissions for self-harm, age-standardised"
DIAGNOSED = "Dementia: diagnosed among those of 65 and over expected to have it"
EARLY_DEATH = "Deaths under 75 of people with a serious mental illness, as a multiple of everybody's"
DEPRESSION = "Depression on practices' registers, adults (by council)"
SERIOUS_REGISTER, DEMENTIA_REGISTER = (
    "Serious mental illness on practices' registers",
    "Dementia on practices' registers",
)
DEPRESSION_REGISTER = "Depression on practices' registers, adults"
LEARNING_REGISTER = "Learning disability on practices' registers"
ADULTS_IN_FOUR, ADULTS_OVER_YEAR = "Adults: care begun within four weeks", "Adults still waiting: more than a year"
ADULTS_MEDIAN = "Adults still waiting for a second contact: median wait"
CHILDREN_IN_FOUR = "Children: care begun within four weeks"
CHILDREN_OVER_YEAR = "Children still waiting: more than a year"
CHILDREN_MEDIAN = "Children still waiting for a first contact: median wait"
YOUNG_URGENT = "Children with eating disorders: seen within 1 week if urgent, 12 months to the end"
YOUNG_ROUTINE = "Children with eating disorders: seen within 4 weeks if routine, 12 months to the end"
RECOVERED, RELIABLY = "Talking Therapies: recovered", "Talking Therapies: reliably recovered"
IMPROVED = "Talking Therapies: reliably improved"
SIX_WEEKS, EIGHTEEN_WEEKS = "Talking Therapies: begun within 6 weeks", "Talking Therapies: begun within 18 weeks"
BEGUN = "Talking Therapies: people who begin treatment"
EARLY = "Psychosis: early intervention begun within two weeks"
OCCUPIED = "Mental illness beds open overnight: occupied"
IN_CONTACT = "People in contact with services at the end of the month"

UNPUBLISHED = "Not published for this area and period."
CONTRADICTORY = "The rounded numbers contradict each other: more of a part than of the whole."


@dataclass(frozen=True, slots=True)
class Measure:
    """How a measure is written, which way is good, and what its denominator counts where it has one."""

    unit: Unit
    polarity: Polarity
    of: str = ""


_LIST, _ENDED = "People on practices' lists", "Courses of treatment that ended"
MEASURES: Mapping[str, Measure] = {
    SELF_HARM: Measure(Unit.RATE_PER_100K, Polarity.LOW),
    EARLY_DEATH: Measure(Unit.RATIO, Polarity.LOW),
    DIAGNOSED: Measure(Unit.SHARE, Polarity.HIGH),
    DEPRESSION: Measure(Unit.SHARE, Polarity.NEUTRAL),
    SERIOUS_REGISTER: Measure(Unit.RATE_PER_1K, Polarity.NEUTRAL, _LIST),
    DEMENTIA_REGISTER: Measure(Unit.RATE_PER_1K, Polarity.NEUTRAL, _LIST),
    DEPRESSION_REGISTER: Measure(Unit.SHARE, Polarity.NEUTRAL, _LIST),
    LEARNING_REGISTER: Measure(Unit.RATE_PER_1K, Polarity.NEUTRAL, _LIST),
    ADULTS_IN_FOUR: Measure(Unit.SHARE, Polarity.HIGH, "Waits that ended"),
    ADULTS_OVER_YEAR: Measure(Unit.SHARE, Polarity.LOW, "Referrals still waiting"),
    ADULTS_MEDIAN: Measure(Unit.DAYS, Polarity.LOW),
    CHILDREN_IN_FOUR: Measure(Unit.SHARE, Polarity.HIGH, "Waits that ended"),
    CHILDREN_OVER_YEAR: Measure(Unit.SHARE, Polarity.LOW, "Referrals still waiting"),
    CHILDREN_MEDIAN: Measure(Unit.DAYS, Polarity.LOW),
    YOUNG_URGENT: Measure(Unit.SHARE, Polarity.HIGH),
    YOUNG_ROUTINE: Measure(Unit.SHARE, Polarity.HIGH),
    RECOVERED: Measure(Unit.SHARE, Polarity.HIGH, "Courses that ended and began at caseness"),
    RELIABLY: Measure(Unit.SHARE, Polarity.HIGH, "Courses that ended and began at caseness"),
    IMPROVED: Measure(Unit.SHARE, Polarity.HIGH, _ENDED),
    SIX_WEEKS: Measure(Unit.SHARE, Polarity.HIGH, _ENDED),
    EIGHTEEN_WEEKS: Measure(Unit.SHARE, Polarity.HIGH, _ENDED),
    BEGUN: Measure(Unit.PEOPLE, Polarity.NEUTRAL),
    EARLY: Measure(Unit.SHARE, Polarity.HIGH, "People whose wait ended"),
    OCCUPIED: Measure(Unit.SHARE, Polarity.NEUTRAL),
    IN_CONTACT: Measure(Unit.PEOPLE, Polarity.NEUTRAL),
}
"""Every measure, in the order in which a reader meets them."""

SHAPE = {
    "area": pl.String, "period": pl.String, "measure": pl.String, "value": pl.Float64, "count": pl.Float64,
    "of": pl.Float64, "compared": pl.String, "missing": pl.String, "read_from": pl.String,
}  # fmt: skip
_FINGERTIPS = {
    "Emergency Hospital Admissions for Intentional Self-Harm": SELF_HARM,
    "Excess under 75 mortality rate in adults with serious mental illness": EARLY_DEATH,
    "Estimated dementia diagnosis rate (aged 65 and over)": DIAGNOSED,
    "Depression: QOF prevalence": DEPRESSION,
}
EXPECTED = 100
"""What an indirectly standardised ratio is where as many die as among everybody."""
_JUDGED = {
    "Better": "better", "Worse": "worse", "Similar": "similar", "Higher 99.8": "higher", "Lower 99.8": "lower",
}  # fmt: skip
_REGISTERS = {
    "MH": SERIOUS_REGISTER, "DEM": DEMENTIA_REGISTER, "DEP": DEPRESSION_REGISTER, "LD": LEARNING_REGISTER,
}  # fmt: skip
_WAITS = {
    ADULTS_IN_FOUR: ("MRS01a", "MRS01"), ADULTS_OVER_YEAR: ("MRS02e", "MRS02"),
    CHILDREN_IN_FOUR: ("MRS08a", "MRS08"), CHILDREN_OVER_YEAR: ("MRS09e", "MRS09"),
}  # fmt: skip
_MEDIANS = {"MRS03a": ADULTS_MEDIAN, "MRS10a": CHILDREN_MEDIAN}
_YOUNG = {
    "CYP with eating disorders seen within 1 week if urgent, 12 months to the end": YOUNG_URGENT,
    "CYP with eating disorders seen within 4 weeks if routine, 12 months to the end": YOUNG_ROUTINE,
}
_ALL_ENDED, _AT_CASENESS = pl.col("M076"), pl.col("M076") - pl.col("M179")
_THERAPIES = {
    RECOVERED: ("M191", _AT_CASENESS), RELIABLY: ("M193", _AT_CASENESS), IMPROVED: ("M185", _ALL_ENDED),
    SIX_WEEKS: ("M052", _ALL_ENDED), EIGHTEEN_WEEKS: ("M054", _ALL_ENDED),
}  # fmt: skip
_BEGUN_CODE = "M031"
_THERAPY_CODES = ("M076", "M179", _BEGUN_CODE, *(code for code, _ in _THERAPIES.values()))
KEYS = ("area", "period", "measure")
BODIES = ("sub_icb", "icb")
"""Kinds of NHS bodies whose numbers are added up to those of a region, the smaller first."""
_TWO_WEEKS = ("0 to 1", "1 to 2")


def fingertips_measures(fingertips_indicators: pl.DataFrame) -> pl.DataFrame:
    """Four indicators by council, with the publisher's judgement; deaths as a multiple instead of an index."""
    known = fingertips_indicators.with_columns(
        read_from("fingertips_indicators"), measure=pl.col("indicator").replace_strict(_FINGERTIPS, default=None)
    )
    is_index = pl.col("measure") == EARLY_DEATH
    return _shaped(
        known.drop_nulls("measure").with_columns(
            value=pl.when(is_index).then(pl.col("value") / EXPECTED).otherwise("value"),
            compared=pl.col("compared").replace_strict(_JUDGED, default=None),
        )
    )


def register_measures(qof_registers: pl.DataFrame, small_area_places: pl.DataFrame) -> pl.DataFrame:
    """Four registers by CCG of then, by ICB where all its parts were such CCGs, and for England, all CCGs together."""
    last = pl.col("published_in") == pl.col("published_in").max().over("condition", "period")
    known = qof_registers.filter(pl.col("condition").is_in(list(_REGISTERS)) & last)
    known = known.unique(["condition", "area", "period"], keep="last", maintain_order=True).select(
        "area", "period", "missing", read_from("qof_registers"), measure=pl.col("condition").replace_strict(_REGISTERS),
        count="register", of="list_size",
    )  # fmt: skip
    parts = small_area_places.select(whole="icb", area="sub_icb").unique(maintain_order=True)
    england = known.drop_nulls("count").with_columns(area=pl.lit(ENGLAND))
    whole = england.group_by(KEYS, maintain_order=True).agg(_sums())
    return _shares(pl.concat([known, _of_wholes(known, parts), whole], how="diagonal"))


def region_measures(measures: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """The sums of all sub-ICB locations, else of all ICBs, of each region in which all of these lie whole."""
    counted = measures.drop_nulls(["count", "of"])
    regions = place_pieces.filter(pl.col("kind") == "region").select("part", whole="area")
    found = []
    for level in BODIES:
        bodies = place_pieces.filter(pl.col("kind") == level).select("part", "area").join(regions, on="part")
        pairs = bodies.select("area", "whole").unique(maintain_order=True)
        split = pairs.filter(pl.col("area").is_duplicated())
        parts = pairs.join(split, on="whole", how="anti", maintain_order="left")
        found.append(_of_wholes(counted.join(parts, on="area", how="semi", maintain_order="left"), parts))
    return _shares(pl.concat(found).unique(KEYS, keep="first", maintain_order=True))


def wait_measures(four_week_waits: pl.DataFrame, lsoa_health: pl.DataFrame) -> pl.DataFrame:
    """Waits of adults and children by ICB, provider and England; numbers of ICBs and providers are rounded to 5."""
    codes = dict(lsoa_health.select("icb_ods", "icb").unique().iter_rows())
    known = four_week_waits.with_columns(pl.col("area").replace(codes), read_from("four_week_waits"))
    parts = known.select("area", "edition", "period", "missing", "read_from", count="value", part="measure")
    wholes = known.select("area", "edition", of="value", whole="measure")
    shares = [
        parts.filter(pl.col("part") == part)
        .join(wholes.filter(pl.col("whole") == whole), on=["area", "edition"], maintain_order="left")
        .with_columns(measure=pl.lit(name))
        for name, (part, whole) in _WAITS.items()
    ]
    medians = known.filter(pl.col("measure").is_in(list(_MEDIANS)))
    named = medians.with_columns(pl.col("measure").replace(_MEDIANS))
    return pl.concat([_shares(pl.concat(shares)), _shaped(named)])


def young_measures(access_and_spend: pl.DataFrame, nhs_bodies: pl.DataFrame) -> pl.DataFrame:
    """Waits of children with eating disorders by CCG of 2021/22 whose area is the same today, in the 12 months to then.

    The publisher gives no number behind the shares, and none for England.
    """
    named = pl.col("measure").replace_strict(_YOUNG, default=None)
    known = access_and_spend.with_columns(read_from("access_and_spend"), measure=named)
    same = nhs_bodies.filter("whole").select("body", code="area")
    rows = known.drop_nulls("measure").join(same, left_on="area", right_on="body", maintain_order="left")
    return _shaped(rows.with_columns(area="code"))


def therapy_measures(talking_therapies: pl.DataFrame) -> pl.DataFrame:
    """Five shares of courses of treatment that ended, and people who begin one, by month, England and providers.

    The shares are made of the published numbers, those of providers rounded to 5.
    """
    known = talking_therapies.filter(pl.col("measure").is_in(_THERAPY_CODES))
    known = known.with_columns(read_from("talking_therapies"))
    wide = known.pivot("measure", index=["area", "period", "read_from"], values="value", maintain_order=True)
    shares = [
        wide.select("area", "period", "read_from", count=code, of=whole, measure=pl.lit(name))
        for name, (code, whole) in _THERAPIES.items()
    ]
    begun = wide.select("area", "period", "read_from", value=_BEGUN_CODE, measure=pl.lit(BEGUN))
    return pl.concat([_shares(pl.concat(shares)), _shaped(begun)])


def early_measures(early_intervention_waits: pl.DataFrame, qof_registers: pl.DataFrame) -> pl.DataFrame:
    """Waits that ended within two weeks, of all that ended in the month: by CCG of then, provider and England."""
    codes = dict(qof_registers.select("ods", "area").unique(maintain_order=True).iter_rows())
    ended = early_intervention_waits.filter(pl.col("pathway") == "completed")
    levels = (pl.col("area").replace(codes), pl.col("provider"), pl.lit(ENGLAND))
    soon, every = pl.col("weeks").is_in(_TWO_WEEKS), pl.col("weeks") == "all"
    sums = [
        ended.select("period", "weeks", "pathways", read_from("early_intervention_waits"), area=level)
        .group_by("area", "period", "read_from", maintain_order=True)
        .agg(count=pl.col("pathways").filter(soon).sum(), of=pl.col("pathways").filter(every).sum())
        for level in levels
    ]
    return _shares(pl.concat(sums).with_columns(measure=pl.lit(EARLY)))


def bed_measures(mental_health_beds: pl.DataFrame) -> pl.DataFrame:
    """Occupied beds as a share of those open overnight, England, by quarter and year."""
    known = mental_health_beds.with_columns(read_from("mental_health_beds"))
    wide = known.pivot("measure", index=["area", "period", "read_from"], values="beds", maintain_order=True)
    return _shaped(wide.with_columns(value=divide("occupied", "available"), measure=pl.lit(OCCUPIED)))


def contact_measures(people_in_contact: pl.DataFrame) -> pl.DataFrame:
    """People in contact with services at the end of each month, England."""
    known = people_in_contact.with_columns(read_from("people_in_contact"), value="people", measure=pl.lit(IN_CONTACT))
    return _shaped(known)


def _sums() -> tuple[pl.Expr, ...]:
    """Count, of and the editions of a group's rows."""
    editions = pl.col("read_from").drop_nulls().unique().sort().str.join(BETWEEN)
    return total("count").alias("count"), total("of").alias("of"), editions


def _of_wholes(known: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """The sums over the areas of each whole, of measures and periods that all of them have."""
    every = parts.join(known.select("period", "measure").unique(maintain_order=True), how="cross")
    joined = every.join(known, on=KEYS, how="left", maintain_order="left").drop("area").rename({"whole": "area"})
    return joined.group_by(KEYS, maintain_order=True).agg(_sums()).drop_nulls(["count", "of"])


def _shares(counted: pl.DataFrame) -> pl.DataFrame:
    """Rows with count and of in the shape of all; a part greater than its whole gives no share."""
    wrong = pl.when(pl.col("count") > pl.col("of")).then(pl.lit(CONTRADICTORY))
    value = pl.when(pl.col("count") <= pl.col("of")).then(divide("count", "of"))
    told = [pl.col("missing")] if "missing" in counted.columns else []
    return _shaped(counted.with_columns(value=value, missing=pl.coalesce(*told, wrong)))


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns of the shape alone; without a value there is a reason, with one there is none."""
    held = [(pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in SHAPE.items()]  # fmt: skip
    why = pl.when(pl.col("value").is_null()).then(pl.col("missing").fill_null(UNPUBLISHED))
    return rows.select(held).with_columns(why.alias("missing"))
