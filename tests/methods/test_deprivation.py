"""Deprivation of larger areas: what is missing, a slow twin, and the publisher's own summaries."""

from math import ceil, floor

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import Column
from parity.methods.deprivation import (
    average_rank,
    average_score,
    extent,
    local_concentration,
    share_most_deprived,
)
from parity.methods.places import council_today
from tests.methods.english_places import all_small_areas
from tests.sources.official_data import needs_data, official_table

MEASURES = ("average_score", "average_rank", "share_most_deprived", "extent", "local_concentration")
SCHEMA = {"score": pl.Float64, "rank": pl.Int64, "people": pl.Int64}
SMALL_AREA = st.tuples(st.integers(1, 500), st.integers(0, 3000))


def measures(of: Column) -> list[pl.Expr]:
    found = (
        average_score("score", "people"),
        average_rank("rank", "people", of=of),
        share_most_deprived("rank", of=of),
        extent("rank", "people", of=of),
        local_concentration("rank", "people", of=of),
    )
    return [measure.alias(name) for name, measure in zip(MEASURES, found, strict=True)]


def summed_up(*rows: tuple[float | None, int | None, int | None], of: int = 1000) -> tuple[float | None, ...]:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").select(measures(of)).row(0)


def test_nothing_is_known_where_a_small_area_is_not() -> None:
    assert summed_up((10.0, 5, 100), (None, None, 100)) == (None,) * 5
    assert summed_up((10.0, 5, 100), (20.0, 3, None)) == (None, None, 1.0, None, None)


def test_where_nobody_lives_only_small_areas_can_be_counted() -> None:
    assert summed_up((10.0, 5, 0), (20.0, 900, 0)) == (None, None, 0.5, None, None)


def test_no_small_area_at_all() -> None:
    assert summed_up() == (None,) * 5


@pytest.mark.parametrize(
    ("rank", "weight"), [(1, 1), (100, 1), (101, 0.95), (110, 0.95), (111, 0.95 - 0.9 / 19), (300, 0.05), (301, 0)]
)
def test_the_weight_of_the_extent_falls_by_hundredths(rank: int, weight: float) -> None:
    assert summed_up((10.0, rank, 70))[3] == pytest.approx(weight)


def slow_extent(ranks: list[tuple[int, int]], of: int) -> float:
    weights = dict.fromkeys(range(1, 11), 1.0) | {11 + step: 0.95 - step * 0.9 / 19 for step in range(20)}
    return sum(people * weights.get(ceil(rank * 100 / of), 0.0) for rank, people in ranks)


def slow_concentration(ranks: list[tuple[int, int]], of: int) -> float:
    # ten copies of each person, so that a tenth of the people is a whole number of copies
    copies = [of + 1 - rank for rank, people in sorted(ranks) for _ in range(people * 10)]
    taken = copies[: len(copies) // 10]
    return sum(taken) / len(taken)


@settings(deadline=None, max_examples=40)
@given(st.lists(SMALL_AREA, min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_a_slow_twin_agrees(ranks: list[tuple[int, int]]) -> None:
    of, everybody = 500, sum(people for _, people in ranks)
    score, turned, tenth, far, near = summed_up(*((float(rank), rank, people) for rank, people in ranks), of=of)
    assert tenth == sum(rank <= floor(of / 10) for rank, _ in ranks) / len(ranks)
    if everybody == 0:
        assert (score, turned, far, near) == (None,) * 4
        return
    mean = sum(rank * people for rank, people in ranks) / everybody
    assert (score, turned) == (pytest.approx(mean), pytest.approx(of + 1 - mean))
    assert far == pytest.approx(slow_extent(ranks, of) / everybody)
    assert near == pytest.approx(slow_concentration(ranks, of))


def beside_published(file: str, placed: pl.DataFrame, people: pl.DataFrame, published: str) -> pl.DataFrame:
    """A row an area and domain: each measure recomputed, and as published (with `_published` at its end)."""
    known = (
        official_table(file).join(people, left_on="area", right_on="part").join(placed, left_on="area", right_on="part")
    )
    of = known["area"].n_unique()
    recomputed = known.group_by(pl.col("body").alias("area"), "domain").agg(measures(of))
    told = (
        official_table(published)
        .filter(pl.col("measure").is_in(MEASURES))
        .pivot("measure", index=["area", "domain"], values="value")
    )
    return recomputed.join(told, on=["area", "domain"], suffix="_published")


def furthest(both: pl.DataFrame, measure: str) -> float:
    apart = both.select((pl.col(measure) - pl.col(f"{measure}_published")).abs().max()).item()
    assert isinstance(apart, float)
    return apart


@needs_data
def test_the_summaries_of_councils_of_2025_are_as_published() -> None:
    """People are those of the census of 2021; the publisher took a later year, so weighted measures differ a little."""
    councils = official_table("lsoa11_lsoa21_lad22.parquet").select(part="area", body=council_today("council")).unique()
    census = official_table("census2021_ethnic_group5_lsoa21.parquet").group_by(part="area").agg(pl.col("people").sum())
    scores, published = "iod2025_lsoa21_scores_ranks_deciles.parquet", "iod2025_lad24_summaries.parquet"
    both = beside_published(scores, councils, census, published)
    assert both.group_by("domain").len()["len"].to_list() == [296] * 8
    assert furthest(both, "share_most_deprived") <= 0.00005 + 1e-9
    index = both.filter(domain="imd")
    assert furthest(index, "average_score") < 1
    assert furthest(index, "average_rank") < 400
    assert furthest(index, "extent") < 0.01
    assert furthest(index, "local_concentration") < 200


@needs_data
def test_the_summaries_of_commissioning_groups_of_2019_are_as_published() -> None:
    """The 75 groups that are a sub-ICB location today; people are those of mid-2020."""
    bodies = official_table("lsoa11_sicbl22_icb22_lad22.parquet").select(part="area", body="sub_icb")
    people = (
        official_table("ons_sape_mid2020_lsoa11_sya_persons.parquet").group_by(part="area").agg(pl.col("people").sum())
    )
    scores, published = "iod2019_lsoa11_scores_ranks_deciles.parquet", "IoD2019_CCG_Summaries.xlsx"
    index = beside_published(scores, bodies, people, published).filter(domain="imd")
    assert index.height == 75
    assert furthest(index, "share_most_deprived") <= 0.00005 + 1e-9
    assert furthest(index, "average_score") < 1
    assert furthest(index, "average_rank") < 400
    assert furthest(index, "extent") < 0.02
    assert furthest(index, "local_concentration") < 400


@needs_data
def test_wards_counties_and_boards_are_summed_up_by_the_same_code() -> None:
    """Each larger area is the mean of its councils or locations, weighted by their people, as it must be."""
    census = official_table("census2021_ethnic_group5_lsoa21.parquet").group_by(part="area").agg(pl.col("people").sum())
    scores = (
        official_table("iod2025_lsoa21_scores_ranks_deciles.parquet")
        .filter(domain="imd")
        .join(census, left_on="area", right_on="part")
    )
    placed = scores.rename({"area": "part"}).join(all_small_areas(), on="part")
    found = placed.group_by("area").agg(*measures(scores.height), pl.col("people").sum())
    kinds = found.group_by(kind=pl.col("area").str.slice(0, 3)).agg(
        *((pl.col(name) * pl.col("people")).sum() / pl.col("people").sum() for name in ("average_score", "extent")),
    )
    england = found.filter(pl.col("area") == "E92000001").row(0, named=True)
    assert england["share_most_deprived"] == 3_375 / 33_755
    assert found.drop_nulls().height == found.height
    for kind in ("E05", "E12", "E38", "E54"):
        own = kinds.filter(pl.col("kind") == kind).row(0, named=True)
        assert own["average_score"] == pytest.approx(england["average_score"])
        assert own["extent"] == pytest.approx(england["extent"])
