"""English Indices of Deprivation: score, rank and decile of every small area, by domain (MHCLG)."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

PERCENT = 100
NONE = pl.lit(None, dtype=pl.Float64)
EDITIONS = {
    "LSOA code (2011)": "2019",
    "LSOA code (2021)": "2025",
    "lsoa11_code": "2019",
    "lsoa21_code": "2025",
}
"""By the column of the small areas: the edition."""
COUNTED = "Total population: mid"
DOMAINS = {
    "imd": ("multiple deprivation", "index of multiple deprivation"),
    "income": ("income",),
    "employment": ("employment",),
    "education": ("education, skills and training", "education"),
    "health": ("health deprivation and disability", "health"),
    "crime": ("crime",),
    "barriers": ("barriers to housing and services", "housing and access", "housing and services"),
    "living_environment": ("living environment", "environment"),
    "children": ("education: children and young people", "children and young people"),
    "adult_skills": ("education: adult skills", "adult skills"),
    "geographical_barriers": ("barriers: geographical", "geographical barriers"),
    "wider_barriers": ("barriers: wider", "wider barriers"),
    "indoors": ("living environment: indoors", "indoors"),
    "outdoors": ("living environment: outdoors", "outdoors"),
    "idaci": ("income deprivation affecting children",),
    "idaopi": ("income deprivation affecting older people",),
}
"""By our code of a domain, of a part of one or of a supplementary index: its name, and what else files call it."""
SPELLINGS = {spelling: code for code, names in DOMAINS.items() for spelling in (code, *names)}
ASIDE = re.compile(r"\([^)]*\)?|\d+")
HEADING = re.compile(r"(?P<domain>.+?)(?: sub-domain)?(?: index)? (?P<what>score|rank|decile)(?P<share> pct)?")


def tidy(file: Path) -> Edition:
    """One row a small area and domain, of 2019 (areas of 2011) or of 2025 (areas of 2021): the publisher's File 7.

    Raises SourceChanged where the column of the areas is missing, or the rank or decile of a domain, or its score: of
    2019 a tidied file holds few, but that of all domains together.
    """
    table = read_table(file)
    area = next((name for name in EDITIONS if name in table.columns), "LSOA code (2021)")
    check_columns(table, (area,), file=file)
    told: dict[str, dict[str, str]] = {"imd": {}}
    for head in table.columns:
        found = HEADING.fullmatch(" ".join(ASIDE.sub("", head.lower().replace("_", " ")).split()))
        if found is not None and found["domain"] in SPELLINGS:
            told.setdefault(SPELLINGS[found["domain"]], {})[found["what"] + (found["share"] or "")] = head
    for code, heads in told.items():
        has_score = "score pct" in heads or (code != "imd" and EDITIONS[area] == "2019")
        lacking = {"rank", "decile"} - set(heads) if has_score else {"rank", "decile", "score"} - set(heads)
        if lacking:
            raise SourceChanged(f"{file.name} has no {min(lacking)} of {DOMAINS[code][0]}: its layout has changed.")
    counted = next((pl.col(head) for head in table.columns if head.startswith(COUNTED)), NONE)
    placed = table.with_columns(edition=pl.lit(EDITIONS[area]), area=area, denominator=counted)
    return Edition(EDITIONS[area], pl.concat(_domain(placed, code, heads) for code, heads in told.items()))


def _domain(table: pl.DataFrame, code: str, heads: Mapping[str, str]) -> pl.DataFrame:
    """One domain's score, rank and decile; the score is empty where the file has none."""
    share = pl.col(heads["score pct"]).cast(pl.Float64) / PERCENT if "score pct" in heads else NONE
    return table.select(
        "edition",
        "area",
        domain=pl.lit(code),
        domain_name=pl.lit(DOMAINS[code][0]),
        score=pl.col(heads["score"]).cast(pl.Float64) if "score" in heads else share.round(3),
        rank=pl.col(heads["rank"]).cast(pl.Float64),
        decile=pl.col(heads["decile"]).cast(pl.Float64),
        denominator=pl.col("denominator").cast(pl.Int64),
    )


PUBLICATION = Publication(
    stem="deprivation",
    title="English Indices of Deprivation by small area: score, rank and decile",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/collections/english-indices-of-deprivation",
    frequency="every four to six years",
    caveat="Relative: an area's rank can worsen while life in it gets better, so editions are not compared by score. "
    "A tidied file of 2019 holds scores of three domains only. Not everybody in a deprived area is deprived.",
    files=("file_7_*iod20*.csv", "iod2019_lsoa11_scores*.parquet", "iod2025_lsoa21_scores*.parquet"),
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
        "denominator": Column(
            Kind.WHOLE,
            "People by whom the publisher weights the area: mid-2022 in 2025, mid-2015 less prisoners in 2019; empty "
            "where the file does not tell",
        ),
    },
    key=("edition", "area", "domain"),
    tidy=tidy,
    by_area=True,
    download="https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
    "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
)
