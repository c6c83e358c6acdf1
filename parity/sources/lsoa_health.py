"""Which sub-ICB location and integrated care board each small area is in (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

NOWHERE = pl.lit(None, dtype=pl.String)
LAYOUTS = {
    "2024": ("lsoa21", "sicbl24", "icb24", "code_nhs", None),
    "2022": ("lsoa11", "sicbl22", "icb22", "code_h", "ltla22"),
}
"""By edition: how the columns call the small area, the location, the board, their ODS codes, and the council if any."""


def tidy(file: Path) -> Edition:
    """A year's lookup: that of 2022 on the small areas of 2011, or that of 2024 on those of 2021.

    Raises SourceChanged where a column is missing.
    """
    table = read_table(file)
    edition = "2022" if "lsoa11_code" in table.columns else "2024"
    area, location, board, ods, council = LAYOUTS[edition]
    bodies = {"sub_icb": location, "icb": board}
    columns = {"area": f"{area}_code", "area_name": f"{area}_name"}
    for name, given in bodies.items():
        columns |= {name: f"{given}_code", f"{name}_name": f"{given}_name", f"{name}_ods": f"{given}_{ods}"}
    if council is not None:
        columns |= {"council": f"{council}_code", "council_name": f"{council}_name"}
    check_columns(table, tuple(columns.values()), file=file)
    empty = {} if council else {"council": NOWHERE, "council_name": NOWHERE}
    year = f"20{area.removeprefix('lsoa')}"
    return Edition(edition, table.select(**columns, **empty, edition=pl.lit(edition), lsoa_year=pl.lit(year)))


PUBLICATION = Publication(
    stem="lsoa_health",
    title="Small areas, their sub-ICB location and integrated care board",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England only. Each small area is given to one location, and each location to one board. Codes of boards "
    "and locations changed between 2022 and 2024 where their boundaries did.",
    files=("lsoa11_sicbl22_icb22_lad22.parquet", "lsoa21_sicbl24_icb24.parquet"),
    columns={
        "edition": Column(Kind.CODE, "Year of the health bodies"),
        "lsoa_year": Column(Kind.CODE, "Year of the small areas: 2011 or 2021"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA)"),
        "area_name": Column(Kind.CODE, "Name of the small area"),
        "sub_icb": Column(
            Kind.CODE, "ONS code of the sub-ICB location, a clinical commissioning group until July 2022"
        ),
        "sub_icb_name": Column(Kind.CODE, "Name of the sub-ICB location"),
        "sub_icb_ods": Column(Kind.CODE, "ODS code of the sub-ICB location"),
        "icb": Column(Kind.CODE, "ONS code of the integrated care board"),
        "icb_name": Column(Kind.CODE, "Name of the integrated care board"),
        "icb_ods": Column(Kind.CODE, "ODS code of the integrated care board"),
        "council": Column(Kind.CODE, "ONS code of the council in 2022; only in that edition"),
        "council_name": Column(Kind.CODE, "Name of the council in 2022; only in that edition"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
    names=(Naming("sub_icb", "sub_icb_name", "sub_icb", within="icb"), Naming("icb", "icb_name", "icb")),
)
