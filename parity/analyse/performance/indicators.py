"""Figures of performance: measures and ranks, beside those of the areas an area is compared with."""

from collections.abc import Callable

import polars as pl

from parity.analyse.published import (
    KEYS,
    MEASURES,
    SHAPE,
    bed_measures,
    contact_measures,
    early_measures,
    fingertips_measures,
    region_measures,
    register_measures,
    therapy_measures,
    wait_measures,
    young_measures,
)
from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import comparator_mean as mean_of_comparators
from parity.methods.comparison import percentile, rank, significance
from parity.methods.funnel import signal, wide_share_limits
from parity.methods.intervals import wilson
from parity.methods.quantiles import quantile_group
from parity.terms.areas import COUNCILS, ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import READ_FROM, indicator
from parity.terms.units import Unit

CODE = ("code",)
GROUP = ("area", "period", "code")
MEASURE = ("measure",)
HEAD_OF_CODE = 3
"""Characters of a code that tell what kind of area it is of."""
REGIONS = "regions"
KINDS = dict.fromkeys(COUNCILS, "councils") | {
    "E12": REGIONS, "E38": "CCGs, now sub-ICB locations", "E54": "integrated care boards",
}  # fmt: skip
ELSEWHERE = ("E47", "UNK")
"""Combined authorities, and spells of which no area is known."""
PROVIDERS = "providers"
SPREAD = ("lowest", "first_quarter", "third_quarter", "highest")
COUNTS = [name for name, measure in MEASURES.items() if measure.unit is Unit.PEOPLE]
"""Numbers of people, which grow with the area and so are never compared."""
IN_UNIT = ("value", "lower", "upper", "england", *SPREAD, "average", "lower_95", "upper_95", "lower_998", "upper_998")
PER_THOUSAND = 1_000
RELATED = ("council", "sub_icb", "icb")
QUARTERS = (0.25, 0.75)
ENDS = ("lower", "upper")
NOTHING = pl.DataFrame(schema=SHAPE)
ALL_OF_KIND = ("measure", "period", "kind")
INTERVAL = "95% by Wilson's method, where the publisher gives the two numbers that the share is made of"
NOBODY = "None of the areas it is compared with has a value."


@indicator(
    rows="A43",
    title="Measure of performance",
    unit=Unit.NUMBER,
    numerator="As the measure defines it",
    formula="as stated by the source",
    purpose="Hold the values that are compared",
    dimensions=CODE,
)
def measure_value(measures: pl.DataFrame) -> pl.DataFrame:
    """The values as stated, of the area and of those it is compared with, each in the measure's own unit."""
    return measures.select(*GROUP, "note", "unit", "value")


@indicator(
    rows="A43 D20",
    title="Rank among the areas compared",
    unit=Unit.RANK,
    numerator="1 + the number of areas that do better",
    formula="1 is best by the measure's polarity; equals share a rank",
    purpose="See where an area stands among named areas",
    dimensions=CODE,
)
def rank_in_group(measures: pl.DataFrame, comparators: pl.DataFrame) -> pl.DataFrame:
    """The area's rank among itself and its comparators of performance that have a value of the same period."""
    group = _group(measures, comparators).with_columns(value=rank("value", polarity="polarity", within=GROUP))
    neutral = pl.lit("Neither a high nor a low value is better, so there is no rank.")
    alone = pl.col("members") == 1
    return group.filter(pl.col("role") == "own").select(
        *GROUP,
        value=pl.when(~alone).then("value"),
        missing=pl.when(alone).then(pl.lit(NOBODY)).when(pl.col("value").is_null()).then(neutral),
        note=pl.format("Of {}.", "members"),
    )


@indicator(
    rows="A43 D20",
    title="Mean of the areas compared with",
    unit=Unit.NUMBER,
    numerator="Sum of the comparators' values",
    denominator="Comparators with a value",
    formula="arithmetic mean, one voice each, without the area itself",
    purpose="Give a measure something to be seen against",
    dimensions=CODE,
)
def comparator_mean(measures: pl.DataFrame, comparators: pl.DataFrame) -> pl.DataFrame:
    """The mean of the comparators of performance, in the measure's own unit."""
    mean = mean_of_comparators("value", "role", comparators=["comparator"], within=GROUP)
    own = _group(measures, comparators).with_columns(value=mean).filter(pl.col("role") == "own")
    return own.select(*GROUP, "unit", "value", missing=pl.when(pl.col("value").is_null()).then(pl.lit(NOBODY)))


@indicator(
    rows="A43",
    title="Rank in a comparator group, as stated",
    unit=Unit.RANK,
    numerator="1 + the number of members that do better",
    formula="as stated by the source; 1 is best",
    purpose="Hold published ranks, whose group is not always named",
    dimensions=CODE,
)
def stated_rank(ranks: pl.DataFrame) -> pl.DataFrame:
    """The ranks as stated; the note says of how many."""
    size = pl.format("Of {}.", "group_size")
    return ranks.select(
        *GROUP, note=pl.concat_str(size, pl.col("note"), separator=" ", ignore_nulls=True), value="rank"
    )


@indicator(
    rows="A43",
    title="Share of the others in the group that do no better",
    unit=Unit.SHARE,
    numerator="Members of the group less the rank",
    denominator="Members of the group less one",
    formula="(members − rank) ÷ (members − 1): 100% for the best, 0% for the last",
    purpose="Compare ranks in groups of different size",
    dimensions=CODE,
)
def stated_rank_percentile(ranks: pl.DataFrame) -> pl.DataFrame:
    """The stated rank as a share of the others; missing in a group of one."""
    others = pl.col("group_size") - 1
    return ranks.select(
        *GROUP,
        why_not_divided("rank", others, part_name="rank", whole_name="number of others in the group"),
        value=percentile("rank", "group_size"),
    )


@derived_table(words="Measures of health profiles and of practices' registers, by area", version=2)
def health_measures(
    fingertips_indicators: pl.DataFrame | None = None,
    qof_registers: pl.DataFrame | None = None,
    small_area_places: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Rows in the shape of `published`, of councils, CCGs, ICBs and England."""
    return _of_those_read(
        (fingertips_measures, fingertips_indicators), (register_measures, qof_registers, small_area_places)
    )


@derived_table(words="Measures of waits, treatment and its results, by area", version=2)
def service_measures(
    four_week_waits: pl.DataFrame | None = None,
    lsoa_health: pl.DataFrame | None = None,
    talking_therapies: pl.DataFrame | None = None,
    early_intervention_waits: pl.DataFrame | None = None,
    qof_registers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Rows in the shape of `published`, of ICBs, CCGs, providers and England."""
    return _of_those_read(
        (wait_measures, four_week_waits, lsoa_health),
        (therapy_measures, talking_therapies),
        (early_measures, early_intervention_waits, qof_registers),
    )


@derived_table(words="Waits of children with eating disorders, by area", version=1)
def children_measures(access_and_spend: pl.DataFrame, nhs_bodies: pl.DataFrame) -> pl.DataFrame:
    """Rows in the shape of `published`, of sub-ICB locations."""
    return young_measures(access_and_spend, nhs_bodies)


@derived_table(words="Measures that are published for England alone", version=2)
def national_measures(
    mental_health_beds: pl.DataFrame | None = None, people_in_contact: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Rows in the shape of `published`."""
    return _of_those_read((bed_measures, mental_health_beds), (contact_measures, people_in_contact))


@derived_table(words="Measures that publishers give by area, with their intervals", version=3, by_area=True)
def official_measures(
    confidence_level: Assumption,
    health_measures: pl.DataFrame | None = None,
    service_measures: pl.DataFrame | None = None,
    national_measures: pl.DataFrame | None = None,
    children_measures: pl.DataFrame | None = None,
    place_pieces: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows in the shape of `published` with lower and upper, where the numbers behind a share are known.

    Nothing is published by region: a region has the sums of its NHS bodies, where all of them lie in it whole.
    """
    every = (health_measures, service_measures, national_measures, children_measures)
    known = pl.concat([NOTHING, *(table for table in every if table is not None)])
    if place_pieces is not None:
        known = pl.concat([known, region_measures(known, place_pieces)])
    limits = wilson("count", "of", confidence=confidence_level.value)
    return known.filter(~pl.col("area").str.head(HEAD_OF_CODE).is_in(ELSEWHERE)).with_columns(*limits)


@derived_table(
    words="The newest value of each measure, beside England's and all areas of its kind", version=3, by_area=True
)
def measure_standing(
    official_measures: pl.DataFrame,
    confidence_level: Assumption,
    alarm_level: Assumption,
    share_drawn_in: Assumption,
    groups_of_areas: Assumption,
) -> pl.DataFrame:
    """The rows of `official_measures` of the last period of each kind of area, and England's of the same periods.

    Added are kind; areas, lowest, first_quarter, third_quarter and highest of the kind; england and verdict; fifth;
    average, with lower_95, upper_95, lower_998 and upper_998 of the funnel around it, and signal. Regions are not
    spread out: few of them have a value.
    """
    kind = pl.col("area").str.head(HEAD_OF_CODE).replace_strict(KINDS, default=PROVIDERS)
    compared = official_measures.filter(~pl.col("measure").is_in(COUNTS))
    local = compared.filter(pl.col("area") != ENGLAND).with_columns(kind=kind)
    local = local.filter(pl.col("period") == pl.col("period").max().over("measure", "kind"))
    whole = compared.filter(pl.col("area") == ENGLAND)
    beside = whole.select("measure", "period", england="value")
    fifth = quantile_group("value", int(groups_of_areas.value), within=ALL_OF_KIND)
    stood = local.join(beside, on=["measure", "period"], how="left", maintain_order="left")
    regions = stood.filter(pl.col("kind") == REGIONS)
    stood = stood.filter(pl.col("kind") != REGIONS).with_columns(*_spread(), fifth=fifth)
    for name, level in (("95", confidence_level), ("998", alarm_level)):
        limits = wide_share_limits("count", "of", confidence=level.value, trim=share_drawn_in.value, within=ALL_OF_KIND)
        stood = stood.with_columns(limit.alias(f"{end}_{name}") for end, limit in zip(ENDS, limits, strict=True))
    newest = whole.group_by("measure").agg(pl.col("period").max())
    asked = pl.concat([newest, local.select("measure", "period")]).unique()
    named = whole.join(asked, on=["measure", "period"], how="semi", maintain_order="left")
    together = pl.concat([stood, regions], how="diagonal").with_columns(*_told())
    return pl.concat([together, named], how="diagonal").with_columns(_in_unit())


@derived_table(words="Areas and services about which others say something of each area", version=2, by_area=True)
def related_areas(
    place_pieces: pl.DataFrame,
    lsoa_health: pl.DataFrame | None = None,
    talking_therapies_providers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Columns area and related: councils, sub-ICB locations and ICBs that share small areas with it, and providers of
    talking therapies whose address lies in one of these ICBs. No services for regions, and nothing for England.
    """
    others = place_pieces.filter(pl.col("kind").is_in(RELATED)).select("part", related="area")
    known = place_pieces.filter(pl.col("kind") != "country").select("area", "part")
    pairs = known.join(others, on="part", maintain_order="left").select("area", "related").unique(maintain_order=True)
    found = [pairs.filter(pl.col("area") != pl.col("related"))]
    if lsoa_health is not None and talking_therapies_providers is not None:
        codes = lsoa_health.select("icb", "icb_ods").unique(maintain_order=True)
        based = talking_therapies_providers.select("provider", icb_ods="icb").join(codes, on="icb_ods")
        theirs = based.select("icb", "provider").rename({"icb": "related"})
        narrow = pairs.join(
            place_pieces.filter(pl.col("kind") == "region"), on="area", how="anti", maintain_order="left"
        )
        found.append(narrow.join(theirs, on="related", maintain_order="left").select("area", related="provider"))
    return pl.concat(found).unique(maintain_order=True)


@indicator(
    rows="A22 A23 A40 A43",
    title="Newest value of a published measure",
    unit=Unit.SHARE,
    numerator="As the measure's name says",
    formula="as published; a share whose two numbers are published is divided anew",
    purpose="See how an area does beside England and others, by one table of all that is published",
    dimensions=MEASURE,
    interval=INTERVAL,
)
def latest_measure(measure_standing: pl.DataFrame) -> pl.DataFrame:
    """The value of the last period that is published for the kind of area; England's of the same periods."""
    return measure_standing.select(*KEYS, _unit(), "value", "lower", "upper", "missing", READ_FROM)


@indicator(
    rows="A43",
    title="How a published measure is spread over all areas of a kind",
    unit=Unit.SHARE,
    numerator="Values of all areas of the same kind",
    formula="lowest, highest, and the values below which a quarter and three quarters of them lie",
    purpose="Tell a usual value from an unusual one",
    dimensions=(*MEASURE, "place_among_areas"),
)
def measure_spread(measure_standing: pl.DataFrame) -> pl.DataFrame:
    """Four values for each area: those of all councils, ICBs, sub-ICB locations or providers of the same period."""
    index = [*KEYS, "unit", READ_FROM]
    local = measure_standing.filter(pl.col("areas") > 0).with_columns(_unit()).select(*index, *SPREAD)
    return local.unpivot(list(SPREAD), index=index, variable_name="place_among_areas", value_name="value")


@indicator(
    rows="A43",
    title="Fifth of all areas of a kind in which a published measure lies",
    unit=Unit.COUNT,
    numerator="1 for the fifth with the highest values, 5 for that with the lowest",
    formula="areas of the same kind in five groups of equal size, equals together",
    purpose="See at a glance where an area stands in England",
    dimensions=MEASURE,
)
def measure_fifth(measure_standing: pl.DataFrame) -> pl.DataFrame:
    """The fifth, and in the note how many areas are divided; no row where there is no value or too few areas."""
    known = measure_standing.drop_nulls("fifth")
    return known.select(*KEYS, READ_FROM, value="fifth", note=pl.format("Of {} {} with a value.", "areas", "kind"))


def _of_those_read(*makers: tuple[Callable[..., pl.DataFrame], *tuple[pl.DataFrame | None, ...]]) -> pl.DataFrame:
    """What those makers give of which all tables were read, one below the other."""
    made = [make(*tables) for make, *tables in makers if all(table is not None for table in tables)]
    return pl.concat([NOTHING, *made])


def _spread() -> list[pl.Expr]:
    """The number, the ends and the quarter marks of all areas of a kind, and their share together."""
    seen, quarters = pl.col("value"), zip(SPREAD[1:3], QUARTERS, strict=True)
    happened, people = (pl.col(name).filter(seen.is_not_null()).sum() for name in ("count", "of"))
    inner = (seen.quantile(share, interpolation="linear").alias(name) for name, share in quarters)
    found = (seen.count().alias("areas"), seen.min().alias(SPREAD[0]), *inner, seen.max().alias(SPREAD[3]))
    return [one.over(ALL_OF_KIND) for one in (*found, divide(happened, people).alias("average"))]


def _told() -> tuple[pl.Expr, pl.Expr]:
    """What a value tells against England (by its interval, or else by the publisher) and in its funnel."""
    signs = {name: measure.polarity.name.lower() for name, measure in MEASURES.items()}
    polarity = pl.col("measure").replace_strict(signs)
    verdict = pl.coalesce(significance("lower", "upper", "england", polarity=polarity), "compared")
    found = signal("value", warning=("lower_95", "upper_95"), alarm=("lower_998", "upper_998"))
    return verdict.alias("verdict"), found.alias("signal")


def _in_unit() -> pl.Expr:
    """The numbers of a measure in its unit: a share in as many per 1,000 where that is how it is written."""
    rates = [name for name, measure in MEASURES.items() if measure.unit is Unit.RATE_PER_1K]
    return pl.when(pl.col("measure").is_in(rates)).then(pl.col(IN_UNIT) * PER_THOUSAND).otherwise(pl.col(IN_UNIT))


def _unit() -> pl.Expr:
    units = {name: measure.unit.name.lower() for name, measure in MEASURES.items()}
    return pl.col("measure").replace_strict(units).alias("unit")


def _group(measures: pl.DataFrame, comparators: pl.DataFrame) -> pl.DataFrame:
    """Every compared area's own measures and its comparators' (role own or comparator), under the area's own code.

    `members` counts those of the group that have a value.
    """
    pairs = comparators.filter(pl.col("use") == "performance").select("area", "comparator")
    themselves = pairs.select("area", comparator="area").unique(maintain_order=True)
    roles = pl.concat([themselves.with_columns(role=pl.lit("own")), pairs.with_columns(role=pl.lit("comparator"))])
    theirs = measures.rename({"area": "comparator"})
    group = roles.join(theirs, on="comparator", maintain_order="left_right")
    measured = (pl.col("role") == "own").any().over(GROUP)
    return group.filter(measured).with_columns(members=pl.col("value").count().over(GROUP))
