"""Figures of particular groups: new communities, people in prison, people who have two kinds of need at once."""

import polars as pl

from parity.analyse.people import people_of
from parity.analyse.shares import WILSON, counted_share
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.need_rates import PER
from parity.terms.assumption import Assumption, Confidence
from parity.terms.indicator import indicator
from parity.terms.units import Unit

ALL_AGES = ("all ages",)
ENDS = {"people_low": "low", "people_high": "high"}
NAMED = ("condition", "rate_source")
PRISON = "prison"
CUSTODY = ("remand", "sentenced")
NO_RATE = "The source has no rate for some of those who are held, or how many are held is not known."
UNSEEN = "Some of these rates were not seen in the source they are credited to."
PAIR = ("group", "other_group")
UNCOUNTED = "How many have both is not known."


@indicator(
    rows="A4",
    title="People of a community, as estimated",
    unit=Unit.PEOPLE,
    numerator="People of the community",
    formula="as stated; the lowest and the highest estimate stand side by side, and no middle is made",
    purpose="Plan for new communities that no census has counted yet",
    dimensions=("community", "end"),
)
def community_people(community_estimates: pl.DataFrame) -> pl.DataFrame:
    """Lowest and highest estimate of each community (`end` is low or high)."""
    return _ends(community_estimates).select("area", "period", "community", "end", "note", value="people")


@indicator(
    rows="A4",
    title="Share of a community in the population, as estimated",
    unit=Unit.SHARE,
    numerator="People of the community, by its lowest and its highest estimate",
    denominator="All people of the area, of all ages, in the latest period known",
    formula="estimate ÷ people",
    purpose="See how large a new community may be",
    dimensions=("community", "end"),
)
def community_share(community_estimates: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Lowest and highest share of each community; missing where the people of the area are not known.

    The note says of which period the population is.
    """
    everyone = people_of(population, ALL_AGES).sort("period", maintain_order=True)
    latest = everyone.unique("area", keep="last", maintain_order=True).select(
        "area", everyone="people", counted="period"
    )
    joined = _ends(community_estimates).join(latest, on="area", how="left", maintain_order="left")
    return joined.select(
        "area",
        "period",
        "community",
        "end",
        why_not_divided("people", "everyone", whole_name="population of all ages"),
        value=divide("people", "everyone"),
        note=pl.format("Of the population of {}.", "counted"),
    )


@indicator(
    rows="A10",
    title="Share of people in prison of whom a review found something",
    unit=Unit.SHARE,
    numerator="People of whom it was found",
    denominator="People reviewed",
    formula="found ÷ reviewed; where only a share is stated, that share",
    purpose="Size mental health care in prisons",
    dimensions=("prison", "finding"),
    interval=WILSON,
)
def prison_finding_share(prison_findings: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Each finding's share with its interval; a share that is only stated has none."""
    share = counted_share("people", "of_people", stated="share", confidence_level=confidence_level)
    return prison_findings.select("area", "period", "prison", "finding", *share, "note")


@indicator(
    rows="A10",
    title="People held in a prison",
    unit=Unit.PEOPLE,
    numerator="People held, of both sexes, on remand and sentenced",
    formula="sum over sex and custody",
    purpose="Know for how many people a prison's mental health care is",
    dimensions=("prison",),
)
def prison_people(prison_places: pl.DataFrame) -> pl.DataFrame:
    """People held in each prison."""
    sums = prison_places.group_by("area", "period", "prison", maintain_order=True).agg(value=total("people"))
    unknown = pl.when(pl.col("value").is_null()).then(pl.lit("The number of people held is not known."))
    return sums.with_columns(missing=unknown)


@indicator(
    rows="A10",
    title="People in prison expected to have a condition",
    unit=Unit.PEOPLE,
    numerator="People held × rate among people in prison, by sex and custody",
    formula="sum over sex and custody of people × rate; conditions and sources are never added up",
    purpose="Size mental health care in prisons where nobody has looked yet",
    dimensions=("condition", "rate_source"),
)
def prison_cases_expected(prison_places: pl.DataFrame, reference_rates: pl.DataFrame) -> pl.DataFrame:
    """Expected people by condition and source of rates, in all prisons of an area and period.

    Missing where the source has no rate for some of those held; the note says which rates were not seen in it.
    """
    rates = _prison_rates(reference_rates)
    places = prison_places.select("area", "period", "sex", "custody", "people")
    named = rates.select(NAMED).unique(maintain_order=True)
    every = places.join(named, how="cross", maintain_order="left_right")
    joined = every.join(rates, on=[*NAMED, "sex", "custody"], how="left", maintain_order="left")
    sums = joined.group_by("area", "period", *NAMED, maintain_order=True).agg(
        value=total(pl.col("people") * pl.col("share")), unseen=pl.col("unseen").any()
    )
    return sums.sort("area", "period", maintain_order=True).select(
        "area",
        "period",
        *NAMED,
        "value",
        missing=pl.when(pl.col("value").is_null()).then(pl.lit(NO_RATE)),
        note=pl.when("unseen").then(pl.lit(UNSEEN)),
    )


@indicator(
    rows="A18",
    title="People who have two kinds of need at once",
    unit=Unit.PEOPLE,
    numerator="People who have both",
    formula="as counted; one person can stand in several rows, so that rows are never added up",
    purpose="Plan care for people who fall between services",
    dimensions=PAIR,
)
def dual_diagnosis_people(dual_diagnosis: pl.DataFrame) -> pl.DataFrame:
    """People who have both, for each pair of needs; missing where they were not counted."""
    unknown = pl.when(pl.col("people_both").is_null()).then(pl.lit(UNCOUNTED))
    return dual_diagnosis.select("area", "period", *PAIR, "note", value="people_both", missing=unknown)


@indicator(
    rows="A18",
    title="Share of a group who have another kind of need as well",
    unit=Unit.SHARE,
    numerator="People who have both",
    denominator="People of the group",
    formula="both ÷ group; each pair is also seen from its other side",
    purpose="See how often one service meets the other's need",
    dimensions=PAIR,
    interval=WILSON,
)
def dual_diagnosis_share(dual_diagnosis: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Overlap as a share of the one group, and of the other, with intervals; a group of unknown size is left out."""
    place = ("area", "period")
    first = dual_diagnosis.select(*place, *PAIR, "people_both", of_people="people_group")
    second = dual_diagnosis.select(
        *place, pl.col("other_group").alias("group"), pl.col("group").alias("other_group"), "people_both",
        of_people="people_other",
    )  # fmt: skip
    both = pl.concat([first, second]).drop_nulls("of_people")
    seen = both.unique([*place, *PAIR], keep="first", maintain_order=True)
    share = counted_share("people_both", "of_people", confidence_level=confidence_level)
    return seen.select(*place, *PAIR, *share)


def _ends(estimates: pl.DataFrame) -> pl.DataFrame:
    """Two rows an estimate, its low and its high end (people), in the order of the estimates."""
    long = estimates.with_row_index("order").unpivot(
        list(ENDS), index=["order", "area", "period", "community", "note"], variable_name="end", value_name="people"
    )
    return long.with_columns(pl.col("end").replace_strict(ENDS)).sort("order", maintain_order=True)


def _prison_rates(library: pl.DataFrame) -> pl.DataFrame:
    """The rates among people in prison by NAMED, sex and custody: share (0–1), and whether it was not seen (unseen)."""
    prisons = library.filter(pl.col("setting").str.starts_with(PRISON), pl.col("rate").is_not_null())
    custody = pl.col("setting").str.strip_prefix(PRISON).str.strip_chars()
    each = prisons.with_columns(
        custody=pl.when(custody == "").then(pl.lit(list(CUSTODY))).otherwise(pl.concat_list(custody))
    )
    return each.explode("custody").select(
        pl.col("condition").str.strip_suffix(PRISON).str.strip_chars(),
        "sex",
        "custody",
        rate_source=pl.format("{} {}", "source", "year"),
        share=divide("rate", pl.col("unit").replace_strict(PER, return_dtype=pl.Float64)),
        unseen=pl.col("confidence") != Confidence.SEEN.value,
    )
