"""Where the people whom NHS trusts admit live (Office for Health Improvement and Disparities)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Publication

GIVEN = ("nhs_trust22_code", "icb22_code", "proportion_trust_came_from_icb")
EDITION = "2022"


def tidy(file: Path) -> Edition:
    """The shares on the trusts and boards of 2022. Raises SourceChanged where a column is missing."""
    provider, board, share = GIVEN
    table = read_table(file, wanted=GIVEN)
    return Edition(
        EDITION,
        table.select(edition=pl.lit(EDITION), provider=provider, icb=board, share=pl.col(share).cast(pl.Float64)),
    )


PUBLICATION = Publication(
    stem="trust_catchments",
    title="Share of NHS trusts’ admissions that come from each integrated care board",
    publisher="Office for Health Improvement and Disparities",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/organisations/office-for-health-improvement-and-disparities",
    frequency="irregular",
    caveat="Acute admissions of all kinds: not specific to mental health, and a trust of mental health may serve "
    "other places. Put together from the publisher’s catchments by the British Red Cross. The shares of each trust "
    "add up to 1.",
    files=("nhs_trust22_icb22_catchment_share.csv",),
    columns={
        "edition": Column(Kind.CODE, "Year of the trusts and boards"),
        "provider": Column(Kind.CODE, "ODS code of the NHS trust"),
        "icb": Column(Kind.CODE, "ONS code of the integrated care board of 2022"),
        "share": Column(Kind.NUMBER, "Share of the trust’s admissions that come from the board’s area (0–1)"),
    },
    key=("edition", "provider", "icb"),
    tidy=tidy,
)
