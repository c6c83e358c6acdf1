"""What the measures of NHS Talking Therapies count, and how they are made (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_parquet_table
from parity.terms.publication import Column, Edition, Kind, Publication

RENAMED = {
    "measure_type": "family", "frequency": "frequency", "measure_id": "measure", "measure_name": "measure_name",
    "description": "description", "tables_used": "tables_used", "construction": "construction",
}  # fmt: skip


def tidy(file: Path) -> Edition:
    """Every measure of the month for which the file was made. Raises SourceChanged where a column is gone."""
    table = read_parquet_table(file, wanted=("reporting_period", *RENAMED))
    edition = str(table["reporting_period"].max())
    trimmed = (pl.col(old).str.strip_chars().alias(new) for old, new in RENAMED.items())
    return Edition(edition, table.select(pl.lit(edition).alias("edition"), *trimmed))


PUBLICATION = Publication(
    stem="talking_therapies_measures",
    title="NHS Talking Therapies: what each measure counts",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "nhs-talking-therapies-monthly-statistics-including-employment-advisors",
    frequency="once a month",
    caveat="The newest list: a measure that was published in earlier months only may not stand in it. One code can "
    "belong to several variables, which the name tells apart.",
    files=("nhstt_metadata_measures*.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The month of the list"),
        "family": Column(Kind.CODE, "Core, EA (employment advisers), LTC (long-term conditions) or Variable"),
        "frequency": Column(Kind.CODE, "Monthly, Quarterly or both"),
        "measure": Column(Kind.CODE, "Code of the measure or variable"),
        "measure_name": Column(Kind.TEXT, "The publisher's name of the measure"),
        "description": Column(Kind.TEXT, "What it counts"),
        "tables_used": Column(Kind.CODE, "Tables of the data set that it is made of"),
        "construction": Column(Kind.TEXT, "How it is made"),
    },
    key=("edition", "measure", "measure_name"),
    tidy=tidy,
)
