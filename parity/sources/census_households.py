"""Number of households by council at the census of 2021 (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Publication

PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a council. Raises SourceChanged where a column is missing."""
    table = read_table(file, wanted=("ltla23_code", "households"))
    households = pl.col("households").cast(pl.Float64)
    return Edition(PERIOD, table.select(area="ltla23_code", period=pl.lit(PERIOD), households=households))


PUBLICATION = Publication(
    stem="census_households",
    title="Census 2021: households by council",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/datasets/TS041",
    frequency="every ten years",
    caveat="England and Wales, councils of 2023. People in communal establishments live in no household.",
    files=("census2021_households_ltla23.csv",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the council of 2023"),
        "period": Column(Kind.CODE, "Year of the census"),
        "households": Column(Kind.WHOLE, "Households with somebody usually resident at the census of 21 March 2021"),
    },
    key=("area", "period"),
    tidy=tidy,
)
