"""English Indices of Deprivation: score, rank and decile of every small area, by domain (MHCLG)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.publication import Column, Edition, Kind, Publication

PERCENT = 100
DOMAINS = {
    "imd": ("imd", "multiple deprivation"),
    "income": ("income", "income"),
    "employment": ("employment", "employment"),
    "education": ("education", "education, skills and training"),
    "health": ("health", "health deprivation and disability"),
    "crime": ("crime", "crime"),
    "housing_and_access": ("barriers", "barriers to housing and services"),
    "housing_and_services": ("barriers", "barriers to housing and services"),
    "environment": ("living_environment", "living environment"),
    "children_and_young_people": ("children", "education: children and young people"),
    "adult_skills": ("adult_skills", "education: adult skills"),
    "geographical_barriers": ("geographical_barriers", "barriers: geographical"),
    "wider_barriers": ("wider_barriers", "barriers: wider"),
    "indoors": ("indoors", "living environment: indoors"),
    "outdoors": ("outdoors", "living environment: outdoors"),
}
"""How the columns call a domain or part of one; what we call it, and its name in words."""
EDITIONS = {"lsoa11_code": "2019", "lsoa21_code": "2025"}
SCORES = {
    "imd2019_score": ("imd_score", 1),
    "income_score_pct": ("income_score", PERCENT),
    "employment_score_pct": ("employment_score", PERCENT),
}
"""The scores of 2019: their usual name, and by what they are divided to be shares."""


def tidy(file: Path) -> Edition:
    """One row a small area and domain, of 2019 (areas of 2011) or of 2025 (areas of 2021).

    Raises SourceChanged where the column of the areas, a rank or a decile is missing.
    """
    table = read_table(file)
    area = next((name for name in EDITIONS if name in table.columns), "lsoa21_code")
    named = table.rename({head: SCORES[head][0] if head in SCORES else head.lower() for head in table.columns})
    scaled = named.with_columns(
        (pl.col(name) / by).round(3) for head, (name, by) in SCORES.items() if head in table.columns and by != 1
    )
    domains = [name for name in DOMAINS if f"{name}_rank" in scaled.columns]
    check_columns(scaled, (area, "imd_rank", *(f"{name}_decile" for name in domains)), file=file)
    edition = EDITIONS[area]
    parts = [_domain(scaled, area, name) for name in domains]
    return Edition(edition, pl.concat(parts).with_columns(edition=pl.lit(edition)))


def _domain(table: pl.DataFrame, area: str, name: str) -> pl.DataFrame:
    """One domain's score, rank and decile; the score is empty where the file has none."""
    score = pl.col(f"{name}_score") if f"{name}_score" in table.columns else pl.lit(None, dtype=pl.Float64)
    code, words = DOMAINS[name]
    return table.select(
        area=area,
        domain=pl.lit(code),
        domain_name=pl.lit(words),
        score=score,
        rank=pl.col(f"{name}_rank").cast(pl.Int64),
        decile=pl.col(f"{name}_decile").cast(pl.Int64),
    )


PUBLICATION = Publication(
    stem="deprivation",
    title="English Indices of Deprivation by small area: score, rank and decile",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/collections/english-indices-of-deprivation",
    frequency="every four to six years",
    caveat="Relative: an area's rank can worsen while life in it gets better, so editions are not compared by score. "
    "The file of 2019 holds scores of three domains only. Not everybody in a deprived area is deprived.",
    files=("iod2019_lsoa11_scores*.parquet", "iod2025_lsoa21_scores*.parquet"),
    columns={
        "edition": Column(Kind.CODE, "Year of the indices: 2019 on the small areas of 2011, 2025 on those of 2021"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA)"),
        "domain": Column(Kind.CODE, "imd for the index of multiple deprivation, or a domain or part of one"),
        "domain_name": Column(Kind.CODE, "The domain in words"),
        "score": Column(
            Kind.NUMBER,
            "Score, higher is more deprived; for income and employment a share of people (0–1)",
        ),
        "rank": Column(Kind.WHOLE, "Rank in England, 1 the most deprived"),
        "decile": Column(Kind.SMALL, "Tenth of England's small areas, 1 the most deprived"),
    },
    key=("edition", "area", "domain"),
    tidy=tidy,
    by_area=True,
)
