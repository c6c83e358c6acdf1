"""Population estimates of sub-ICB locations, clinical commissioning groups and Welsh health boards (ONS)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_ages, read_sheet, sheet_names, under_heading
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

SHEET = re.compile(r"mid-(?P<year>\d{4}) (?P<geography>(?P<short>ccg|icb|lhb) \d{4})", re.IGNORECASE)
BODIES = {"ccg": ("ccg", "stp"), "icb": ("sicbl", "icb"), "lhb": ("lhb", None)}
"""The body of a row and the body above it, as the headings of a sheet of each kind call them."""
CELL = re.compile(r"([fm])(\d+)")
SEXES = {"f": "female", "m": "male"}


def tidy(file: Path) -> Edition:
    """A workbook of several mid-years and several kinds of health body, one row a body, age and sex.

    Raises SourceChanged where no sheet is named after a mid-year and a kind of body, or a heading or an age is
    missing.
    """
    sheets = {name: found for name in sheet_names(file) if (found := SHEET.fullmatch(name.strip()))}
    if not sheets:
        raise SourceChanged(f"{file.name} has no sheet such as “Mid-2021 ICB 2023”: its layout has changed.")
    years = sorted({f"mid-{found['year']}" for found in sheets.values()})
    edition = " and ".join(years)
    parts = [_sheet(file, name, found) for name, found in sheets.items()]
    for part in parts:
        check_ages(part, file=file)
    return Edition(edition, pl.concat(parts).with_columns(edition=pl.lit(edition)))


def _sheet(file: Path, name: str, found: re.Match[str]) -> pl.DataFrame:
    """One sheet's people by body, sex and single year of age."""
    geography = found["geography"].upper()
    own, above = BODIES[found["short"].lower()]
    year = geography.split()[1]
    heads = {part: f"{own} {year} {part}" for part in ("code", "name")}
    upper = {f"within_{part}": f"{above} {year} {part}" for part in ("code", "name")} if above else {}
    wanted = [*heads.values(), *upper.values(), "f0", "m0"]
    table = under_heading(read_sheet(file, name), wanted, file=file)
    cells = {head: cell.groups() for head in table.columns if (cell := CELL.fullmatch(head))}
    given = [*heads.values(), *upper.values()]
    people = table.drop_nulls([heads["code"], "f0"]).unpivot(list(cells), index=given, value_name="people")
    return people.select(
        geography=pl.lit(geography),
        area=heads["code"],
        area_name=heads["name"],
        within=upper.get("within_code", pl.lit(None, dtype=pl.String)),
        within_name=upper.get("within_name", pl.lit(None, dtype=pl.String)),
        period=pl.lit(found["year"]),
        sex=pl.col("variable").replace_strict({head: SEXES[sex] for head, (sex, _) in cells.items()}),
        age=pl.col("variable").replace_strict({head: int(age) for head, (_, age) in cells.items()}),
        people=pl.col("people").cast(pl.Float64).cast(pl.Int64),
    )


PUBLICATION = Publication(
    stem="population_health_geographies",
    title="Mid-year population estimates by sub-ICB location, single year of age and sex",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
    "clinicalcommissioninggroupmidyearpopulationestimates",
    frequency="once a year",
    caveat="The same people are given twice, for the commissioning groups of 2021 and for the sub-ICB locations of "
    "2023: choose one geography before adding up. The publisher asks that figures be quoted to the nearest hundred.",
    files=("*sape_health_geographies*.xlsx", "pop_estimates_icb_*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "The mid-years that the workbook holds"),
        "geography": Column(
            Kind.CODE, "Kind and year of the bodies: CCG 2021, ICB 2023 (its sub-ICB locations), LHB 2023"
        ),
        "area": Column(Kind.CODE, "ONS code of the body"),
        "area_name": Column(Kind.CODE, "Name of the body"),
        "within": Column(Kind.CODE, "ONS code of the integrated care board (or partnership of 2021) it belongs to"),
        "within_name": Column(Kind.CODE, "Name of the integrated care board (or partnership of 2021)"),
        "period": Column(Kind.CODE, "Mid-year"),
        "sex": Column(Kind.CODE, "male or female"),
        "age": Column(Kind.SMALL, "Age in years; 90 is 90 and over"),
        "people": Column(Kind.WHOLE, "People usually resident at 30 June"),
    },
    key=("edition", "geography", "area", "period", "sex", "age"),
    tidy=tidy,
)
