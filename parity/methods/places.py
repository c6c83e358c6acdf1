"""Which areas make up an area, and how many people live in any area, told from its councils and its small areas.

Small areas are LSOAs. People of an area that is no council are those of its councils, each by the share of the
council's people of that age who live in the area.
"""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, column, divide, total
from parity.terms.areas import ENGLAND
from parity.terms.mergers import SINCE_2023

PART, AREA, OLD, COUNCIL = "part", "area", "area_2011", "council"
AGE, PEOPLE, SHARE = "age", "people", "share"
SINCE = "2021"
"""The year of the small areas in use."""
NOT_KNOWN = "The people of a council that makes up this area are not known."


def council_today(council: Column) -> pl.Expr:
    """The ONS code of the council that each council is part of since April 2023: its own where it was not merged.

    Source: Code History Database (Office for National Statistics); the structural changes orders of 2018 to 2022.
    Codes of anything else, and of counties that went with their districts, come back unchanged.
    """
    return column(council).replace(dict(SINCE_2023))


def merged_councils(table: pl.DataFrame, *, value: str) -> pl.DataFrame:
    """The rows of councils that were merged as rows of their new council: `value` summed, other columns kept as keys.

    `table` has area and no name of it, which would tell the old councils apart. Null where the value of one of them is
    missing; that a row is not there at all cannot be seen.

    Source: arithmetic; whole councils were merged.
    """
    keys = [name for name in table.columns if name != value]
    today = table.with_columns(council_today(AREA).alias(AREA))
    return today.group_by(keys, maintain_order=True).agg(total(value).alias(value))


def parts_of_areas(parts: pl.DataFrame, *, within: pl.DataFrame) -> pl.DataFrame:
    """Every part of every area, however many levels lie between: columns part and area, each pair once.

    `parts` says in which areas each part lies (part, area), `within` in which others those areas lie (area, within):
    with small areas in wards and councils, and councils in counties and regions, it gives the small areas of all four.
    An area that is within itself, at once or in a circle, is told once.

    Source: what lies within an area lies within all that hold it.
    """
    every = latest = parts.select(PART, AREA).drop_nulls().unique(maintain_order=True)
    steps = within.select(AREA, "within").drop_nulls()
    while latest.height:
        above = latest.join(steps, on=AREA, maintain_order="left").select(PART, area="within")
        latest = above.unique(maintain_order=True).join(every, on=[PART, AREA], how="anti", maintain_order="left")
        every = pl.concat([every, latest])
    return every


def small_areas_of_england(
    changes: pl.DataFrame,
    *,
    wards: pl.DataFrame,
    health: pl.DataFrame,
    counties: pl.DataFrame,
    regions: pl.DataFrame,
) -> pl.DataFrame:
    """The small areas (LSOA 2021) of every area of England: columns part and area, each pair once.

    Areas are wards, councils, counties, regions, sub-ICB locations, integrated care boards and England. The tables are
    what is published of the changes of small areas, their wards and health bodies, the counties and regions of
    councils; of several editions the latest counts. A small area is in the council it lies in, which is not always that
    of the ward it fits best.

    Source: lookups of the Office for National Statistics, joined.
    """
    bodies = _latest(health.filter(pl.col("lsoa_year") == SINCE))
    parts = [
        changes.select(part=AREA, area=council_today(COUNCIL)),
        _latest(wards).select(part=AREA, area="ward"),
        *(bodies.select(part=AREA, area=body) for body in ("sub_icb", "icb")),
    ]
    councils = _latest(regions)
    within = [
        _latest(counties).select(AREA, within="county"),
        councils.select(AREA, within="region"),
        councils.select(area="region", within=pl.lit(ENGLAND)),
    ]
    every = parts_of_areas(pl.concat(parts), within=pl.concat(within))
    return every.filter(pl.all_horizontal(pl.col(PART, AREA).str.starts_with(ENGLAND[0])))


def _latest(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("edition") == pl.col("edition").max())


def carried_over(people: pl.DataFrame, *, changes: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """People by area and age on new small areas: columns area, age and people, unrounded.

    `people` has area (old), age and people; `changes` area_2011 (old) and area (new), a row for each pair that shares
    people; `weights` area (new) and people at the time of the change. Old areas that stayed or were merged go over
    whole; those that were split go in proportion to the people of the new areas, at all ages alike. Null where the
    people of an old area, or of a new one by which it should be split, are not known.

    Source: weighting by population; the lookup of the Office for National Statistics says which small areas changed,
    not how many people came to live in another.
    """
    pairs = changes.select(OLD, AREA).join(weights.select(AREA, weight=PEOPLE), on=AREA, how="left")
    alone = pl.len().over(OLD) == 1
    split = divide("weight", total("weight").over(OLD))
    shares = pairs.select(OLD, AREA, share=pl.when(alone).then(1.0).otherwise(split))
    return _added_up(shares, people.rename({AREA: OLD}), on=(OLD,))


def council_shares(people: pl.DataFrame, *, parts: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each council's people who live in each area, by age: columns area, council, age and share.

    `people` has part, council, age and people, a row for each age of each part; `parts` has part and area, each pair
    once. Where nobody of an age lives in a council the share of all its people stands in. Null where the people of a
    part are not known; a part that is not among the people is in no known council.

    Source: an area's share of its council, age by age, in the small-area estimates that add up to both.
    """
    wide = people.with_columns(pl.col(AGE).cast(pl.String)).pivot(AGE, index=[PART, COUNCIL], values=PEOPLE)
    ages = wide.columns[2:]
    sums = [total(age) for age in ages]
    inside = parts.join(wide, on=PART, how="left").group_by(AREA, COUNCIL).agg(sums)
    mine = inside.unpivot(ages, index=[AREA, COUNCIL], variable_name=AGE, value_name="mine")
    whole = wide.group_by(COUNCIL).agg(sums).unpivot(ages, index=COUNCIL, variable_name=AGE, value_name="whole")
    everybody = divide(total("mine").over(AREA, COUNCIL), total("whole").over(AREA, COUNCIL))
    share = pl.when(pl.col("whole") == 0).then(everybody).otherwise(divide("mine", "whole"))
    both = mine.join(whole, on=[COUNCIL, AGE], how="left")
    named = both.select(AREA, COUNCIL, pl.col(AGE).cast(people.schema[AGE]), share.alias(SHARE))
    return named.sort(AREA, COUNCIL, AGE)


def estimated_people(councils: pl.DataFrame, *, shares: pl.DataFrame) -> pl.DataFrame:
    """People of each area: columns area, those of `councils`, people (unrounded) and missing.

    `councils` has area (a council), age, people and any other columns, such as period and sex, which are kept;
    `shares` is what `council_shares` gave. The shares stay as they were when they were counted, and are those of both
    sexes. Null with a sentence where a council that makes up the area, or its share, is not known.

    Source: the people of an area are those of its councils, each by the area's share of them at that age.
    """
    added = _added_up(shares, councils.rename({AREA: COUNCIL}), on=(COUNCIL, AGE))
    return added.with_columns(missing=pl.when(pl.col(PEOPLE).is_null()).then(pl.lit(NOT_KNOWN)))


def _added_up(shares: pl.DataFrame, people: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """The people of each area, by the columns of `people`: the share that each row of `shares` gives it, added up.

    Rows meet on the columns `on`, of which the first says what the area is made of. Null where one of the rows that
    make up the area meets nothing, or something that is not known.
    """
    of_area = [name for name in (AREA, AGE) if name in shares.columns]
    keys = [AREA, *(name for name in people.columns if name not in (on[0], PEOPLE))]
    needed = shares.group_by(of_area).agg(needed=pl.len())
    met = shares.join(people, on=on, maintain_order="left").group_by(keys, maintain_order=True)
    added = met.agg(total(pl.col(SHARE) * pl.col(PEOPLE)).alias(PEOPLE), found=pl.len())
    complete = pl.col("found") == pl.col("needed")
    known = added.join(needed, on=of_area, maintain_order="left")
    return known.select(*keys, pl.when(complete).then(pl.col(PEOPLE)).alias(PEOPLE))
