"""English Indices of Deprivation as the publisher summarises them: councils in 2025, commissioning groups in 2019."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_sheet, read_table, sheet_names, under_heading
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

GROUP = ("clinical commissioning group code (2019)", "clinical commissioning group name (2019)")
COUNCIL = ("ltla24_code", "ltla24_name")
MEASURES = (
    "rank_of_average_rank",
    "average_rank",
    "rank_of_average_score",
    "average_score",
    "rank_of_share_most_deprived",
    "share_most_deprived",
    "rank_of_extent",
    "extent",
    "rank_of_local_concentration",
    "local_concentration",
    "rank_of_scale",
    "scale",
)
"""A longer name stands before the one that it ends with."""
LONG = {
    r"lso_as": "lsoas",
    r"_in_most_deprived_10(_percent)?_nationally": "_most_deprived",
    r"proportion_of_lsoas": "share",
    r"^imd_?\d+_": "imd_",
    r"^rank_of_(income|employment)_scale": r"\1_rank_of_scale",
}
"""What the publisher's headings say at length, and how we say it."""
DOMAINS = {
    "imd": "imd",
    "income": "income",
    "employment": "employment",
    "education_skills_and_training": "education",
    "health_deprivation_and_disability": "health",
    "crime": "crime",
    "barriers_to_housing_and_services": "barriers",
    "living_environment": "living_environment",
    "idaci": "idaci",
    "idaopi": "idaopi",
}


def tidy(file: Path) -> Edition:
    """One row an area, domain and measure: of councils (2025), or of commissioning groups (2019).

    Raises SourceChanged where the column of the areas is missing or a heading is not known.
    """
    if file.suffix == ".parquet":
        table = read_table(file)
        check_columns(table, COUNCIL, file=file)
        return _edition([table], COUNCIL, "2025", file)
    sheets = [read_sheet(file, name) for name in sheet_names(file)]
    tables = [under_heading(cells, GROUP, file=file) for cells in sheets if cells.height]
    return _edition(tables, GROUP, "2019", file)


def _edition(tables: list[pl.DataFrame], named: tuple[str, str], edition: str, file: Path) -> Edition:
    """The tables long, under one edition."""
    long = pl.concat([_long(table, named, file) for table in tables])
    return Edition(edition, long.with_columns(edition=pl.lit(edition)))


def _long(table: pl.DataFrame, named: tuple[str, str], file: Path) -> pl.DataFrame:
    """One row an area and heading, the heading told as domain and measure."""
    told = {head: _told(head, file) for head in table.columns if head not in named}
    code, name = named
    values = table.drop_nulls(code).unpivot(list(told), index=list(named))
    return values.select(
        area=code,
        area_name=name,
        domain=pl.col("variable").replace_strict({head: domain for head, (domain, _) in told.items()}),
        measure=pl.col("variable").replace_strict({head: measure for head, (_, measure) in told.items()}),
        value=pl.col("value").cast(pl.Float64),
    )


def _told(head: str, file: Path) -> tuple[str, str]:
    """The domain and the measure that a heading names."""
    words = re.sub(r"[^a-z0-9]+", "_", head.lower().replace("%", " percent")).strip("_")
    for long, short in LONG.items():
        words = re.sub(long, short, words)
    measure = next((measure for measure in MEASURES if words.endswith(f"_{measure}")), None)
    domain = DOMAINS.get(words.removesuffix(f"_{measure}"))
    if measure is None or domain is None:
        raise SourceChanged(f"{file.name} has the column “{head}”, which is not known: its layout has changed.")
    return domain, measure


PUBLICATION = Publication(
    stem="deprivation_summaries",
    title="English Indices of Deprivation: summaries of councils (2025) and commissioning groups (2019)",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/collections/english-indices-of-deprivation",
    frequency="every four to six years",
    caveat="Rank 1 is the most deprived area, but an average rank is high where deprivation is: small areas are "
    "ranked the other way round for it. Councils of 2025 and groups of 2019 cannot be compared.",
    files=("iod2019_ccg_summaries.xlsx", "iod2025_lad24_summaries.parquet"),
    columns={
        "edition": Column(Kind.CODE, "Year of the indices: 2025 for councils, 2019 for clinical commissioning groups"),
        "area": Column(Kind.CODE, "ONS code of the council or group"),
        "area_name": Column(Kind.CODE, "Name of the council or group"),
        "domain": Column(Kind.CODE, "imd for the index of multiple deprivation, or a domain or supplementary index"),
        "measure": Column(
            Kind.CODE,
            "average_rank, average_score, share_most_deprived, extent, local_concentration, scale",
        ),
        "value": Column(Kind.NUMBER, "The measure: a rank, a score, a share (0–1), or for scale people"),
    },
    key=("edition", "area", "domain", "measure"),
    tidy=tidy,
)
