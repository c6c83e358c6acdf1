"""People by sex and broad age group by council at the census of 2021 (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Publication

AGES = {
    "total": "all ages",
    "younger": "0 to 15, those under 1 twice",
    "working_age": "16 to 64",
    "older": "65 to 74",
}
SEXES = {"females": "female", "males": "male"}
CELLS = {f"{age}_{sex}": (AGES[age], SEXES[sex]) for age in AGES for sex in SEXES}
"""The publisher's counts behind each heading: what we call its age group and sex."""
PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a council, sex and age group. Raises SourceChanged where a column is missing."""
    table = read_table(file, wanted=("ltla21_code", *CELLS))
    people = table.unpivot(list(CELLS), index="ltla21_code", value_name="people")
    return Edition(
        PERIOD,
        people.select(
            area="ltla21_code",
            period=pl.lit(PERIOD),
            sex=pl.col("variable").replace_strict({head: sex for head, (_, sex) in CELLS.items()}),
            age_group=pl.col("variable").replace_strict({head: age for head, (age, _) in CELLS.items()}),
            people=pl.col("people").cast(pl.Float64),
        ),
    )


PUBLICATION = Publication(
    stem="census_age_sex",
    title="Census 2021: broad age group and sex by council",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/datasets/TS009",
    frequency="every ten years",
    caveat="England and Wales. A tidied file whose groups do not add up to all ages: whoever made it counted "
    "children under 1 twice among the young, and left those of 75 and over out. For ages use the mid-year estimates.",
    files=("census2021_age_sex_broad_ltla21.csv",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the council of 2021"),
        "period": Column(Kind.CODE, "Year of the census"),
        "sex": Column(Kind.CODE, "male or female"),
        "age_group": Column(Kind.CODE, "all ages, or the ages that were added up"),
        "people": Column(Kind.WHOLE, "People usually resident at the census of 21 March 2021"),
    },
    key=("area", "period", "sex", "age_group"),
    tidy=tidy,
)
