"""Who stands for the people of an area: residents as estimated since, and practices' lists of the bodies it lies in."""

import polars as pl

from parity.analyse.pieces import PIECE
from parity.methods.columns import total
from parity.methods.places import council_today
from parity.terms.areas import ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

EVERYBODY = "all"
WHOLE_LIST = "MH"
"""The register whose list is everybody's: of serious mental illness."""
ONE_YEAR = "mid-"
"""How the editions of estimates begin that say what was known of a mid-year when it came out."""
HEALTH_BODIES = "ICB 2023"


@derived_table(words="People of each area as estimated since the projection, beside it", version=1, by_area=True)
def local_estimates(
    local_residents: pl.DataFrame,
    population_estimates: pl.DataFrame | None = None,
    population_health_geographies: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Columns area, period, estimated and projected, of years after the projection's first in which an edition of one
    mid-year counted the area: councils and what they make up, or health bodies and England by the census of 2021.
    """
    found = [local_residents.select("area", "period", estimated="people").clear()]
    if population_estimates is not None:
        editions = population_estimates.filter(pl.col("edition").cast(pl.String).str.starts_with(ONE_YEAR))
        found.append(_counted(editions.select("area", "period", "people")))
    if population_health_geographies is not None:
        today = population_health_geographies.filter(pl.col("geography") == HEALTH_BODIES)
        levels = (pl.col("area"), pl.col("within"), pl.lit(ENGLAND))
        found += [_counted(today.select("period", "people", area=level)) for level in levels]
    every = pl.concat(found).unique(["area", "period"], keep="first", maintain_order=True)
    later = every.filter(pl.col("period") > local_residents["period"].min())
    return later.join(local_residents.rename({"people": "projected"}), on=["area", "period"], maintain_order="left")


def _counted(people: pl.DataFrame) -> pl.DataFrame:
    keys = {name: pl.col(name).cast(pl.String) for name in ("area", "period")}
    today = people.with_columns(**keys).with_columns(area=council_today("area"))
    summed = today.group_by("area", "period", maintain_order=True).agg(total("people").alias("estimated"))
    return summed.with_columns(pl.col("estimated").cast(pl.Float64))


@derived_table(words="Health bodies that each council and county lies in, without those that hold a sliver", version=1)
def bodies_of_councils(
    place_pieces: pl.DataFrame, small_area_places: pl.DataFrame, sliver_of_a_council: Assumption
) -> pl.DataFrame:
    """Columns area, body and level (icb, sub_icb): the bodies with at least this share of the area's small areas."""
    counted = small_area_places.group_by(part=PIECE).agg(held=pl.len())
    health = place_pieces.filter(pl.col("kind").is_in(["icb", "sub_icb"])).select("part", body="area", level="kind")
    places = place_pieces.filter(pl.col("kind").is_in(["council", "county"])).select("area", "part")
    parts = places.join(counted, on="part", maintain_order="left").join(health, on="part", maintain_order="left")
    held = parts.group_by("area", "body", "level", maintain_order=True).agg(pl.col("held").sum())
    share = pl.col("held") / pl.col("held").sum().over("area", "level")
    return held.filter(share >= sliver_of_a_council.value).select("area", "body", "level")


@derived_table(words="Health bodies that say how many are registered in each area", version=2, by_area=True)
def registering_bodies(place_pieces: pl.DataFrame, bodies_of_councils: pl.DataFrame) -> pl.DataFrame:
    """Columns area and body: of a council or county the sub-ICB locations it lies in; of a health body, itself."""
    own = place_pieces.filter(pl.col("kind").is_in(["sub_icb", "icb", "country"])).select("area", body="area")
    above = bodies_of_councils.filter(pl.col("level") == "sub_icb").select("area", "body")
    return pl.concat([own, above]).unique(maintain_order=True)


def resident_year(financial_year: str) -> str:
    """The year in whose middle residents are counted who are set beside the lists of a financial year.

    >>> resident_year("2019/20")
    '2020'
    """
    return str(int(financial_year[:4]) + 1)


@derived_table(words="People registered with practices beside residents, by health body", version=1, by_area=True)
def local_lists(qof_registers: pl.DataFrame, place_pieces: pl.DataFrame, local_residents: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period (financial year), registered, resident_year and residents, of health bodies and England.

    A body is told where it was a CCG then, an ICB where all its sub-ICB locations were; otherwise registered is null.
    Residents are those of the year in which the financial year ends; null where they were not projected.
    """
    newest = pl.col("published_in") == pl.col("published_in").max().over("period")
    lists = qof_registers.filter(newest, pl.col("condition") == WHOLE_LIST, pl.col("ages") == EVERYBODY)
    lists = lists.unique(["area", "period"], keep="last", maintain_order=True).select("area", "period", "list_size")
    bodies = place_pieces.filter(pl.col("kind").is_in(["sub_icb", "icb"]))
    locations = bodies.filter(pl.col("kind") == "sub_icb").select("part", location="area")
    parts = (
        bodies.join(locations, on="part", maintain_order="left").select("area", "location").unique(maintain_order=True)
    )
    every = parts.join(lists.select("period").unique(maintain_order=True), how="cross")
    met = every.join(lists.rename({"area": "location"}), on=["location", "period"], how="left", maintain_order="left")
    keys, sums = ["area", "period"], total("list_size").alias("registered")
    england = lists.with_columns(area=pl.lit(ENGLAND))
    told = pl.concat([frame.group_by(keys, maintain_order=True).agg(sums) for frame in (met, england)])
    years = {period: resident_year(period) for period in told["period"].unique()}
    dated = told.with_columns(resident_year=pl.col("period").replace_strict(years, return_dtype=pl.String))
    residents = local_residents.select("area", resident_year="period", residents="people")
    return dated.join(residents, on=["area", "resident_year"], how="left", maintain_order="left")
