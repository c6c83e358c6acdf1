"""England's tables of places: the council in which a small area lies, and the published shares of deprivation."""

import polars as pl

from parity.analyse.places.indicators import area_small_areas, small_area_places
from parity.analyse.population.indicators import local_deprivation
from tests.sources.official_data import needs_data, official_table

CHANGES = pl.DataFrame({"area": ["E01", "E02", "W01"], "council": ["E07000026", "E06000062", "W06"]})
WARDS = pl.DataFrame(
    {"edition": "2024", "area": ["E01", "E02"], "ward": ["E05a", "E05b"], "council": ["E06000063", "E07000177"]}
)
HEALTH = pl.DataFrame(
    {"edition": "2024", "lsoa_year": "2021", "area": ["E01", "E02"], "sub_icb": ["E38", "E38"], "icb": ["E54", "E54"]}
)


def test_a_small_area_is_in_the_council_it_lies_in_not_in_that_of_its_ward() -> None:
    assert small_area_places(CHANGES, WARDS, HEALTH).rows() == [
        ("E01", "E06000063", "E05a", "E38", "E54"),
        ("E02", "E06000062", "E05b", "E38", "E54"),
    ]


@needs_data
def test_every_councils_share_of_the_most_deprived_tenth_is_the_published_one() -> None:
    parts = area_small_areas(
        official_table("lsoa11_lsoa21_lad22.parquet"),
        official_table("lsoa21_ward24_lad24.parquet"),
        official_table("lsoa21_sicbl24_icb24.parquet"),
        official_table("lad23_utla23.csv"),
        official_table("lad24_region24.csv"),
    )
    scores = official_table("iod2025_lsoa21_scores_ranks_deciles.parquet")
    found = local_deprivation(scores, parts, official_table("census2021_disability_lsoa21.parquet"))
    published = official_table("iod2025_lad24_summaries.parquet").pivot(
        "measure", index=["area", "domain"], values="value"
    )
    both = found.join(published, on=["area", "domain"], suffix="_published")
    assert both.height == 296 * 8
    assert both["share_most_deprived"].round(4).to_list() == both["share_most_deprived_published"].to_list()
    index = both.filter(domain="imd")
    assert index.select((pl.col("score") - pl.col("average_score")).abs().max()).item() < 1
