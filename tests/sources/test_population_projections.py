"""Projections: one row an area, year, sex and age, and councils add up to England."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources import council_counties
from parity.sources.population_projections import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "area_code": ["E06000016"] * 182,
    "area_name": ["Leicester"] * 182,
    "year": [2018] * 91 + [2019] * 91,
    "age": [*range(91), *range(91)],
    "female": [2] * 91 + [4] * 91,
    "male": [3] * 91 + [5] * 91,
}
ADDED_UP_WITHIN = 200


def test_the_first_year_names_the_edition(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "snpp.parquet", COLUMNS))
    assert name == "2018-based"
    seven = frame.filter(pl.col("age") == 7)
    assert seven.select("edition", "area", "period", "sex", "age", "people").rows() == [
        ("2018-based", "E06000016", "2018", "female", 7, 2),
        ("2018-based", "E06000016", "2018", "male", 7, 3),
        ("2018-based", "E06000016", "2019", "female", 7, 4),
        ("2018-based", "E06000016", "2019", "male", 7, 5),
    ]


def test_a_file_without_an_age_is_refused_by_name(tmp_path: Path) -> None:
    short = {name: values[:-1] for name, values in COLUMNS.items()}
    with pytest.raises(SourceChanged, match="has no females of age 90 in E06000016, mid-2019"):
        tidy(kept(tmp_path / "snpp.parquet", short))


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “area_code”"):
        tidy(kept(tmp_path / "snpp.parquet", {"other": ["x"]}))


@needs_data
def test_councils_add_up_to_england_in_every_year() -> None:
    _, frame = read_edition(PUBLICATION, official("ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet"))
    area = pl.col("area").cast(pl.String)
    england, councils = (
        frame.filter(chosen).group_by("period").agg(pl.col("people").sum()).sort("period")
        for chosen in (area == "E92000001", area.str.contains("^E0[6-9]"))
    )
    ends = {"2018": 55_977_178, "2043": 61_744_098}
    assert dict(england.filter(pl.col("period").is_in(list(ends))).iter_rows()) == ends
    assert (england["people"] - councils["people"]).abs().max() == 179
    assert frame.filter(area.str.contains("^E0[6-9]"))["area"].n_unique() == 296


@needs_data
def test_counties_are_the_sum_of_their_districts() -> None:
    _, frame = read_edition(PUBLICATION, official("ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet"))
    _, above = read_edition(council_counties.PUBLICATION, official("lad23_utla23.csv"))
    people = frame.group_by("area", "period").agg(pl.col("people").sum())
    districts = people.join(above.drop_nulls("county").select("area", "county"), on="area")
    added = districts.group_by(area="county", period="period").agg(people=pl.col("people").sum())
    both = added.join(people, on=["area", "period"])
    assert both.height == 21 * 26
    assert both.select((pl.col("people") - pl.col("people_right")).abs().max()).item() < ADDED_UP_WITHIN
