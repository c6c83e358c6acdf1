"""Mid-year population estimates of councils, by single year of age and sex (Office for National Statistics)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_ages, read_parquet_table, read_sheet, sheet_names, under_heading
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

SEXES = {"male": re.compile(r"\bmales\b", re.IGNORECASE), "female": re.compile(r"\bfemales\b", re.IGNORECASE)}
HEADINGS = ("code", "name", "all ages")
YEAR = re.compile(r"\bmid-(\d{4})\b", re.IGNORECASE)
AGE = re.compile(r"(\d+)\+?")
SERIES = ("area_code", "area_name", "year", "age", "female", "male")
REBASED = "rebased {first} to {last}"


def tidy(file: Path) -> Edition:
    """A workbook of one mid-year, in any layout since mid-2015; or the rebased series of several years.

    Raises SourceChanged where the sheets of males and females, a heading, an age or the year cannot be found.
    """
    edition = _series(file) if file.suffix == ".parquet" else _workbook(file)
    check_ages(edition.frame, file=file)
    return edition


def _workbook(file: Path) -> Edition:
    """The workbook of one mid-year."""
    sheets = {sex: name for name in sheet_names(file) for sex, word in SEXES.items() if word.search(name)}
    if len(sheets) < len(SEXES):
        raise SourceChanged(f"{file.name} has no sheets of males and of females: its layout has changed.")
    parts = [_sheet(file, name).with_columns(sex=pl.lit(sex)) for sex, name in sheets.items()]
    year = parts[0]["period"][0]
    return Edition(f"mid-{year}", pl.concat(parts).with_columns(edition=pl.lit(f"mid-{year}")))


def _sheet(file: Path, name: str) -> pl.DataFrame:
    """One sheet's people by area and single year of age, of the year that its title names."""
    cells = read_sheet(file, name)
    years = [found[1] for row in cells.head(len(HEADINGS)).iter_rows() for cell in row if (found := _year(cell))]
    if not years:
        raise SourceChanged(f"{file.name} names no mid-year above the table of sheet “{name}”: its layout has changed.")
    table = under_heading(cells, HEADINGS, file=file)
    ages = {head: int(found[1]) for head in table.columns if (found := AGE.fullmatch(head))}
    people = table.drop_nulls(["code", "0"]).unpivot(list(ages), index=["code", "name"], value_name="people")
    return people.select(
        area="code",
        area_name=pl.col("name").str.strip_chars(),
        period=pl.lit(years[0]),
        age=pl.col("variable").replace_strict(ages),
        people=pl.col("people").cast(pl.Float64).cast(pl.Int64),
    )


def _year(cell: str | None) -> re.Match[str] | None:
    return None if cell is None else YEAR.search(cell)


def _series(file: Path) -> Edition:
    """The series of several mid-years that was rebased after the census of 2021."""
    table = read_parquet_table(file, wanted=SERIES)
    years = table.select(first=pl.col("year").min(), last=pl.col("year").max()).row(0, named=True)
    edition = REBASED.format(**years)
    people = table.unpivot(["female", "male"], index=SERIES[:4], variable_name="sex", value_name="people")
    renamed = people.rename({"area_code": "area"}).with_columns(pl.col("area_name").cast(pl.String))
    return Edition(edition, renamed.with_columns(edition=pl.lit(edition), period=pl.col("year").cast(pl.String)))


PUBLICATION = Publication(
    stem="population_estimates",
    title="Mid-year population estimates by council, single year of age and sex",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
    frequency="once a year",
    caveat="Estimates of people usually resident. Those before mid-2021 were later rebased to the census of 2021; each "
    "edition says what was known when it came out.",
    files=("*mye*mid*.xls*", "ukmidyearestimates*.xls*", "ukpopestimates*.xls*", "ons_mye_*.parquet"),
    columns={
        "edition": Column(Kind.CODE, "The edition, such as mid-2018"),
        "area": Column(Kind.CODE, "ONS code of the area"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "period": Column(Kind.CODE, "Mid-year"),
        "sex": Column(Kind.CODE, "male or female"),
        "age": Column(Kind.SMALL, "Age in years; 90 is 90 and over"),
        "people": Column(Kind.WHOLE, "People usually resident at 30 June"),
    },
    key=("edition", "area", "period", "sex", "age"),
    tidy=tidy,
    names=(Naming("area", "area_name", "council"),),
    by_area=True,
)
