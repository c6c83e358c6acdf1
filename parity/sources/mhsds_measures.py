"""How measures of community mental health and of employment support are made from the MHSDS (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_sheet, sheet_names, under_heading
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

COMMUNITY = {
    "tab": "section", "measure name": "measure", "description": "description", "construction": "construction",
    "additional definitions": "definitions",
}  # fmt: skip
EMPLOYMENT = {
    "dashboard": "section", "measure": "measure", "description": "description", "methodology": "construction",
    "reporting period": "reporting_period",
}  # fmt: skip
LAYOUTS = {"Community mental health dashboard": COMMUNITY, "Employment support (IPS) dashboard": EMPLOYMENT}
COLUMNS = ("section", "measure", "description", "construction", "definitions", "reporting_period")


def tidy(file: Path) -> Edition:
    """One dashboard's measures, in their order. Raises SourceChanged where the headings are those of neither."""
    cells = read_sheet(file, sheet_names(file)[0])
    for edition, layout in LAYOUTS.items():
        if any({*layout} <= {" ".join((cell or "").split()).lower() for cell in row} for row in cells.iter_rows()):
            table = under_heading(cells, layout, file=file).select(
                pl.col(old).alias(new) for old, new in layout.items()
            )
            return Edition(edition, _whole(table, edition))
    raise SourceChanged(f"{file.name} has the headings of neither the community nor the employment dashboard.")


def _whole(table: pl.DataFrame, edition: str) -> pl.DataFrame:
    lacking = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in table.columns]
    filled = table.with_columns(pl.col("section").forward_fill(), *lacking).drop_nulls("measure")
    trimmed = filled.select(pl.col(COLUMNS).str.strip_chars())
    return trimmed.with_columns(edition=pl.lit(edition), place=pl.int_range(1, pl.len() + 1))


PUBLICATION = Publication(
    stem="mhsds_measures",
    title="Mental Health Services Data Set: how dashboards' measures are made",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://github.com/nhsengland/MHSDS",
    frequency="when a dashboard changes",
    caveat="Words, not numbers: definitions of the community mental health and the employment support dashboards. A "
    "measure can stand in several sections.",
    files=("*cmh_dashboard_metadata*.xlsx", "cmh dashboard metadata*.xlsx", "*ips_dashboard_metadata*.xlsx",
           "ips dashboard metadata*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "The dashboard"),
        "place": Column(Kind.SMALL, "Place in the publisher's list"),
        "section": Column(Kind.CODE, "Part of the dashboard"),
        "measure": Column(Kind.TEXT, "Name of the measure"),
        "description": Column(Kind.TEXT, "What it counts"),
        "construction": Column(Kind.TEXT, "How it is made from the data set"),
        "definitions": Column(Kind.TEXT, "Words that need a definition; empty where there are none"),
        "reporting_period": Column(Kind.CODE, "Over which time it is counted; empty where it is not said"),
    },
    key=("edition", "place"),
    tidy=tidy,
)  # fmt: skip
