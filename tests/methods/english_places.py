"""The small areas of every area of England, from the official lookups."""

import polars as pl

from parity.methods.places import small_areas_of_england
from tests.sources.official_data import official_table


def all_small_areas() -> pl.DataFrame:
    """The small areas of every area of England, from every edition of the lookups."""
    return small_areas_of_england(
        official_table("lsoa11_lsoa21_lad22.parquet"),
        wards=official_table("lsoa21_ward24_lad24.parquet"),
        health=pl.concat(
            [official_table("lsoa11_sicbl22_icb22_lad22.parquet"), official_table("lsoa21_sicbl24_icb24.parquet")]
        ),
        counties=pl.concat([official_table("lad21_utla21.csv"), official_table("lad23_utla23.csv")]),
        regions=official_table("lad24_region24.csv"),
    )
