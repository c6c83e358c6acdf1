"""Population estimates of small areas (LSOA 2011), by single year of age (Office for National Statistics)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

YEAR = re.compile(r"mid-?(\d{4})", re.IGNORECASE)
AGES = {**{str(age): age for age in range(90)}, "90+": 90}


def tidy(file: Path) -> Edition:
    """The people of every small area by age, both sexes together, of the mid-year that the file's name tells.

    Raises SourceChanged where the name tells no mid-year, or a column of an age is missing.
    """
    year = YEAR.search(file.name)
    if year is None:
        raise SourceChanged(
            f"{file.name} does not tell its mid-year, as in “mid2020”, and nothing inside the file does."
        )
    table = read_table(file, wanted=("lsoa11_code", "lsoa11_name", *AGES))
    people = table.unpivot(list(AGES), index=["lsoa11_code", "lsoa11_name"], variable_name="age", value_name="people")
    edition = f"mid-{year[1]}"
    return Edition(
        edition,
        people.select(
            edition=pl.lit(edition),
            area="lsoa11_code",
            area_name="lsoa11_name",
            period=pl.lit(year[1]),
            age=pl.col("age").replace_strict(AGES),
            people=pl.col("people").cast(pl.Int64),
        ),
    )


PUBLICATION = Publication(
    stem="population_small_areas",
    title="Mid-year population estimates by small area (LSOA 2011) and single year of age",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
    "lowersuperoutputareamidyearpopulationestimates",
    frequency="once a year",
    caveat="England and Wales, both sexes together, on the small areas of 2011, carried on from the census of 2011. "
    "Single years of age of so small an area are not reliable by themselves: the publisher asks that they be added "
    "up.",
    files=("ons_sape_mid*lsoa11*.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The edition, such as mid-2020"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA 2011)"),
        "area_name": Column(Kind.CODE, "Name of the small area"),
        "period": Column(Kind.CODE, "Mid-year"),
        "age": Column(Kind.SMALL, "Age in years; 90 is 90 and over"),
        "people": Column(Kind.WHOLE, "People usually resident at 30 June"),
    },
    key=("edition", "area", "period", "age"),
    tidy=tidy,
    by_area=True,
)
