"""Figures of performance: measures and ranks, beside those of the areas an area is compared with."""

import polars as pl

from parity.methods.columns import why_not_divided
from parity.methods.comparison import comparator_mean as mean_of_comparators
from parity.methods.comparison import percentile, rank
from parity.terms.indicator import indicator
from parity.terms.units import Unit

CODE = ("code",)
GROUP = ("area", "period", "code")
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
