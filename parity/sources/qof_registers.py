"""Registers of the Quality and Outcomes Framework by CCG: people, list and prevalence (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import (
    PER_CENT,
    number_or_reason,
    read_sheet,
    read_text_table,
    sheet_names,
    under_heading,
)
from parity.sources.reading.written_periods import each, financial_year
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

CODE, NAME, ODS, LIST, REGISTER = "ccg ons code", "ccg name", "ccg code", "list size", "register"
PRACTICES, PREVALENCE = "number of practices", "prevalence (%)"
TITLE_SHEET = "Title sheet"
BLOCK = 4
YEAR = r"([0-9]{4}-[0-9]{2})"
AGES, EVERYBODY = r"ages (.+)", "all"
NOT_COMPARABLE = "Not shown by NHS Digital: the register of that year is defined in another way."
NOT_THERE = "Not in the workbook: no number of that year is shown for this CCG."
SIGNS = {"z": NOT_COMPARABLE, ":": NOT_THERE, "": NOT_THERE}
TIDIED = {
    "condition": "condition", "ccg_ons_code": "area", "ccg_name": "area_name", "ccg_ods_code": "ods",
    "list_size": "list_size", "register": "register", "prevalence_pct": "prevalence",
}  # fmt: skip
BASES = ("list_basis", "year", "published_in")


def tidy(file: Path) -> Edition:
    """A year's workbook, or the registers of several years' workbooks in one text file.

    Raises SourceChanged where a column, a sheet's heading or its two years cannot be found.
    """
    if ".csv" in file.suffixes:
        return _tidied(file)
    parts = [part for name in sheet_names(file) if name != TITLE_SHEET for part in _sheet(file, name)]
    if not parts:
        raise SourceChanged(f"{file.name} has no sheet with registers: its layout has changed.")
    table = pl.concat(parts)
    published = str(table["period"].max())
    return Edition(published, _finished(table.with_columns(edition=pl.lit(published), published_in=pl.lit(published))))


def _sheet(file: Path, name: str) -> list[pl.DataFrame]:
    """The two years of one condition's sheet; none where the condition has no register."""
    cells = read_sheet(file, name)
    rows = [["" if cell is None else " ".join(cell.split()).lower() for cell in row] for row in cells.iter_rows()]
    (place, heads) = next(((at, row) for at, row in enumerate(rows) if CODE in row), (0, []))
    if not heads:
        raise SourceChanged(f"{file.name} has no row with the heading “{CODE}” on its sheet {name}.")
    starts = [at for at, head in enumerate(heads) if head == PRACTICES]
    starts = [at for at in starts if heads[at + 2 : at + BLOCK] == [REGISTER, PREVALENCE]]
    titled = pl.Series([cell for row in rows[:place] for cell in row], dtype=pl.String).str.extract(f"^{YEAR}")
    years = titled.drop_nulls().unique(maintain_order=True).to_list()
    if starts and (len(starts), len(years)) != (2, 2):
        raise SourceChanged(f"{file.name} has not two years of registers on its sheet {name}: its layout has changed.")
    areas = under_heading(cells, (CODE, NAME, ODS), file=file).select(area=CODE, area_name=NAME, ods=ODS)
    return [
        pl.concat([areas, _block(cells[place + 1 :], start)], how="horizontal")
        .filter(pl.col("area").str.starts_with("E"))
        .with_columns(
            condition=pl.lit(name),
            ages=pl.lit(heads[start + 1].removeprefix(LIST).removeprefix(" ages ") or EVERYBODY),
            period=pl.lit(financial_year(year)),
        )
        for start, year in zip(starts, years, strict=False)
    ]


def _block(cells: pl.DataFrame, start: int) -> pl.DataFrame:
    """A year's three columns after the number of practices."""
    three = cells.columns[start + 1 : start + BLOCK]
    return cells.select(
        pl.col(old).alias(new) for old, new in zip(three, ("list_size", "register", "prevalence"), strict=True)
    )


def _tidied(file: Path) -> Edition:
    """Several workbooks in one file, each with the two years that it published."""
    table = read_text_table(file, wanted=(*TIDIED, *BASES))
    period, published = each(table["year"], financial_year), each(table["published_in"], financial_year)
    years = published.unique().sort()
    edition = f"workbooks of {years[0]} to {years[-1]}"
    basis = pl.col("list_basis").str.extract(AGES).fill_null(EVERYBODY)
    renamed = table.select(*(pl.col(old).alias(new) for old, new in TIDIED.items()), basis.alias("ages"))
    return Edition(
        edition, _finished(renamed.with_columns(edition=pl.lit(edition), published_in=published, period=period))
    )


def _finished(table: pl.DataFrame) -> pl.DataFrame:
    """The table with numbers, and with the reason where the register is none; prevalence as a share."""
    numbers = {name: number_or_reason(name, SIGNS) for name in ("list_size", "register", "prevalence")}
    finished = table.with_columns(
        numbers["list_size"][0].alias("list_size"),
        numbers["register"][0].alias("register"),
        (numbers["prevalence"][0] / PER_CENT).alias("prevalence"),
        numbers["register"][1],
    )
    bare = pl.col("register").is_null() != pl.col("missing").is_not_null()
    if finished.filter(bare).height:
        raise SourceChanged("A register is missing with a sign that is not known: the signs have changed.")
    return finished


PUBLICATION = Publication(
    stem="qof_registers",
    title="Quality and Outcomes Framework: registers and prevalence by CCG",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "quality-and-outcomes-framework-achievement-prevalence-and-exceptions-data",
    frequency="once a year",
    caveat="People whom a practice has on its register: those not diagnosed are missing. Each workbook holds its "
    "year and the one before on its own CCGs, so a year stands in two of them; some lists of adults in older "
    "years are estimated.",
    files=("qof-*ccg*.xlsx", "qof_*register*ccg*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "The year of the workbook, or the years of several"),
        "published_in": Column(Kind.CODE, "Financial year of the workbook"),
        "condition": Column(Kind.CODE, "Code of the register: MH, DEP, DEM, LD …"),
        "area": Column(Kind.CODE, "ONS code of the CCG"),
        "area_name": Column(Kind.CODE, "Name of the CCG"),
        "ods": Column(Kind.CODE, "ODS code of the CCG"),
        "period": Column(Kind.CODE, "Financial year"),
        "ages": Column(Kind.CODE, "Ages of the list, such as 18+; all where it is everybody's"),
        "list_size": Column(Kind.WHOLE, "People of these ages on the practices' lists"),
        "register": Column(Kind.WHOLE, "People on the register"),
        "prevalence": Column(Kind.NUMBER, "Register over list, a share from 0 to 1, as published"),
        "missing": Column(Kind.CODE, "Why there is no register"),
    },
    key=("edition", "published_in", "condition", "area", "period"),
    tidy=tidy,
)
