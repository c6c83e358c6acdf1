"""Subnational population projections of councils, by single year of age and sex (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_ages, read_table
from parity.terms.publication import Column, Edition, Kind, Publication

NAMED = ("area_code", "area_name", "year", "age")
SEXES = ("female", "male")
EDITION = "{}-based"


def tidy(file: Path) -> Edition:
    """The principal projection of every year from its base year on.

    Raises SourceChanged where a column or an age is missing.
    """
    table = read_table(file, wanted=(*NAMED, *SEXES))
    edition = EDITION.format(table["year"].min())
    people = table.unpivot(SEXES, index=NAMED, variable_name="sex", value_name="people").select(
        "area_name",
        "sex",
        "age",
        "people",
        edition=pl.lit(edition),
        area="area_code",
        period=pl.col("year").cast(pl.String),
    )
    check_ages(people, file=file)
    return Edition(edition, people)


PUBLICATION = Publication(
    stem="population_projections",
    title="Population projections by council, single year of age and sex",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationprojections/"
    "datasets/localauthoritiesinenglandtable2",
    frequency="every two to four years",
    caveat="The principal projection carries recent trends on: it is no forecast, and knows nothing of policies or "
    "of what came after its base year. A tidied file: on the councils of 2023, all of 90 and over together, each "
    "cell rounded, so that councils add up to England within 200 people a year.",
    files=("ons_snpp*.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The edition by its base year, such as 2018-based"),
        "area": Column(Kind.CODE, "ONS code of the council, county or country"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "period": Column(Kind.CODE, "Mid-year projected; the first is the base year, an estimate"),
        "sex": Column(Kind.CODE, "male or female"),
        "age": Column(Kind.SMALL, "Age in years; 90 is 90 and over"),
        "people": Column(Kind.WHOLE, "People usually resident at 30 June"),
    },
    key=("edition", "area", "period", "sex", "age"),
    tidy=tidy,
    by_area=True,
)
