"""Mental illness beds, open overnight: available and occupied, England (NHS England, KH03)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_sheet, under_heading
from parity.sources.reading.written_periods import each, financial_year, quarter
from parity.terms.areas import ENGLAND
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

OCCUPANCY, AVAILABLE = "overnight bed occupancy", "number of available beds"
YEAR, PERIOD = "year", "period"
MEASURES = {"available beds": "available", "occupied beds": "occupied"}
BEDS = "number of beds"


def tidy(file: Path) -> Edition:
    """The series by quarter and by year. Raises SourceChanged where a sheet, a block or a heading is gone."""
    cells = read_sheet(file, OCCUPANCY)
    quarters = under_heading(cells, (YEAR, PERIOD, *MEASURES), file=file)
    quarters = quarters.with_columns((pl.col(PERIOD) + " " + pl.col(YEAR)).alias(PERIOD))
    years = under_heading(_second_block(cells, file=file), (YEAR, *MEASURES), file=file)
    long_ago = under_heading(read_sheet(file, AVAILABLE), (YEAR, BEDS), file=file)
    parts = [
        _long(quarters.drop_nulls(PERIOD), each(quarters[PERIOD].drop_nulls(), quarter)),
        _long(years.drop_nulls(YEAR), each(years[YEAR].drop_nulls(), financial_year)),
        _long(
            long_ago.drop_nulls(YEAR).rename({BEDS: "available beds"}),
            each(long_ago[YEAR].drop_nulls(), financial_year),
        ),
    ]
    table = pl.concat(parts).unique()
    edition = f"to {quarters[PERIOD].drop_nulls()[-1]}"
    return Edition(edition, table.with_columns(edition=pl.lit(edition), area=pl.lit(ENGLAND)))


def _second_block(cells: pl.DataFrame, *, file: Path) -> pl.DataFrame:
    """The columns of the block to the right, from the second heading “Year” on."""
    for row in cells.iter_rows():
        found = [place for place, cell in enumerate(row) if cell is not None and cell.strip().lower() == YEAR]
        if len(found) > 1:
            return cells[:, found[1] :]
    raise SourceChanged(f"{file.name} has no block of years beside that of quarters: its layout has changed.")


def _long(table: pl.DataFrame, period: pl.Series) -> pl.DataFrame:
    held = [name for name in MEASURES if name in table.columns]
    long = table.with_columns(period=period).unpivot(held, index="period", variable_name="measure", value_name="beds")
    beds = pl.col("beds").str.replace_all(",", "").cast(pl.Float64)
    return long.with_columns(measure=pl.col("measure").replace_strict(MEASURES), beds=beds)


PUBLICATION = Publication(
    stem="mental_health_beds",
    title="Mental illness beds open overnight: available and occupied",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/bed-availability-and-occupancy/bed-data-overnight/",
    frequency="once a quarter",
    caveat="Average number a day over the quarter or year, NHS beds in England only: beds that the NHS buys "
    "elsewhere are not counted. Typed anew from the publisher's tables, so compare a number with them before "
    "you publish it. Quarters and years stand in one table.",
    files=("nhse_kh03_mental_illness_beds*.xlsx", "mental-health-beds-and-occupancy*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "The last quarter of the series"),
        "area": Column(Kind.CODE, "ONS code of England"),
        "period": Column(Kind.CODE, "Financial year, or the months of a quarter"),
        "measure": Column(Kind.CODE, "available or occupied"),
        "beds": Column(Kind.NUMBER, "Beds, on average a day"),
    },
    key=("edition", "area", "period", "measure"),
    tidy=tidy,
)
