"""What became of each small area of 2011 at the census of 2021 (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

GIVEN = ("lsoa11_code", "lsoa11_name", "change_code", "lsoa21_code", "lsoa21_name", "ltla22_code", "ltla22_name")
TIDY = ("area_2011", "area_2011_name", "change", "area", "area_name", "council", "council_name")
CHANGES = {"U": "unchanged", "S": "split", "M": "merged", "X": "irregular"}
EDITION = "2011 to 2021"


def tidy(file: Path) -> Edition:
    """The exact-fit lookup. Raises SourceChanged where a column is missing or a change has another sign."""
    table = read_table(file, wanted=GIVEN).rename(dict(zip(GIVEN, TIDY, strict=True)))
    strange = set(table["change"].unique()) - set(CHANGES)
    if strange:
        raise SourceChanged(f"{file.name} has a change that is not known: {', '.join(sorted(map(str, strange)))}.")
    change = pl.col("change").replace_strict(CHANGES)
    return Edition(EDITION, table.with_columns(change, edition=pl.lit(EDITION)))


PUBLICATION = Publication(
    stem="lsoa_changes",
    title="Small areas of 2011 and what they became in 2021",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="after each census",
    caveat="England and Wales. Where an area was split, or changed irregularly (9 pairs), the lookup does not say "
    "how many people went where. Councils are those of 2022: districts of Cumbria, North Yorkshire and Somerset have "
    "merged since.",
    files=("lsoa11_lsoa21_lad22.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The two censuses"),
        "area_2011": Column(Kind.CODE, "ONS code of the small area of 2011"),
        "area_2011_name": Column(Kind.CODE, "Name of the small area of 2011"),
        "change": Column(Kind.CODE, "unchanged, split, merged or irregular"),
        "area": Column(Kind.CODE, "ONS code of the small area of 2021"),
        "area_name": Column(Kind.CODE, "Name of the small area of 2021"),
        "council": Column(Kind.CODE, "ONS code of the council of 2022 it lies in, exactly"),
        "council_name": Column(Kind.CODE, "Name of the council of 2022"),
    },
    key=("edition", "area_2011", "area"),
    tidy=tidy,
    lookup=True,
)
