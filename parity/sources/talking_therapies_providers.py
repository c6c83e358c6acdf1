"""Providers of NHS Talking Therapies: where they are, and their ICB (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_parquet_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

RENAMED = {
    "org_code": "provider", "org_name": "provider_name", "status": "status", "start_date": "opened",
    "end_date": "closed", "postcode": "postcode", "town": "town", "icb_code": "icb", "icb_name": "icb_name",
    "region_code": "region", "region_name": "region_name",
}  # fmt: skip


def tidy(file: Path) -> Edition:
    """Every provider of the list. Raises SourceChanged where a column is gone."""
    table = read_parquet_table(file, wanted=tuple(RENAMED))
    edition = f"opened to {table['start_date'].drop_nulls().sort()[-1]}"
    return Edition(
        edition, table.select(pl.lit(edition).alias("edition"), *(pl.col(a).alias(b) for a, b in RENAMED.items()))
    )


PUBLICATION = Publication(
    stem="talking_therapies_providers",
    title="NHS Talking Therapies: providers, their place and their ICB",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/services/organisation-data-service",
    frequency="when providers change",
    caveat="ICBs are those of the day on which the list was made, with mergers of 2026 among them. A provider that "
    "closed has no ICB.",
    files=("nhstt_metadata_providers*.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The newest opening in the list"),
        "provider": Column(Kind.CODE, "ODS code of the provider"),
        "provider_name": Column(Kind.CODE, "Name of the provider"),
        "status": Column(Kind.CODE, "Active or Inactive"),
        "opened": Column(Kind.CODE, "Day on which it opened"),
        "closed": Column(Kind.CODE, "Day on which it closed; empty while it is open"),
        "postcode": Column(Kind.CODE, "Postcode of its address"),
        "town": Column(Kind.CODE, "Town of its address"),
        "icb": Column(Kind.CODE, "ODS code of the ICB; empty where it has none"),
        "icb_name": Column(Kind.CODE, "Name of the ICB"),
        "region": Column(Kind.CODE, "ODS code of the NHS region; empty where it has none"),
        "region_name": Column(Kind.CODE, "Name of the NHS region"),
    },
    key=("edition", "provider"),
    tidy=tidy,
    names=(Naming("provider", "provider_name", "provider"),),
)
