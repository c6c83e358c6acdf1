"""Outcome and experience measures of the MHSDS: their scores' SNOMED codes and ranges (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_sheet, sheet_names, under_heading
from parity.terms.publication import Column, Edition, Kind, Publication

RENAMED = {
    "active concept id (snomed ct)": "snomed", "preferred term (snomed-ct)": "term", "assessment tool name": "tool",
    "category": "category", "snomed code version": "version", "lower range": "lowest", "upper range": "highest",
    "cypmh": "for_children", "eip": "for_psychosis", "rater": "rater",
}  # fmt: skip
EDITION = "MHSDS"


def tidy(file: Path) -> Edition:
    """Every score that is recorded. Raises SourceChanged where a heading is gone."""
    table = under_heading(read_sheet(file, sheet_names(file)[0]), RENAMED, file=file)
    trimmed = table.select(
        pl.col(old).str.strip_chars().replace("NULL", None).alias(new) for old, new in RENAMED.items()
    )
    return Edition(EDITION, trimmed.drop_nulls("snomed").with_columns(edition=pl.lit(EDITION)))


PUBLICATION = Publication(
    stem="mhsds_assessments",
    title="Mental Health Services Data Set: assessment tools, their scores and ranges",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://github.com/nhsengland/MHSDS",
    frequency="when the data set changes",
    caveat="Which end of a range is good is not said: a high score is worse with HoNOS and better with ReQoL.",
    files=("*mhsds_assessments_reference*.xlsx", "mhsds assessments*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "The data set"),
        "snomed": Column(Kind.TEXT, "SNOMED CT code of the score"),
        "term": Column(Kind.TEXT, "SNOMED CT's name of the score"),
        "tool": Column(Kind.CODE, "Assessment tool"),
        "category": Column(Kind.CODE, "CROM: rated by clinicians; PROM: by patients; PREM: of experience"),
        "version": Column(Kind.CODE, "Version of the code"),
        "lowest": Column(Kind.NUMBER, "Lowest score"),
        "highest": Column(Kind.NUMBER, "Highest score"),
        "for_children": Column(Kind.CODE, "Y where it is used for children and young people"),
        "for_psychosis": Column(Kind.CODE, "Y where it is used for early intervention in psychosis"),
        "rater": Column(Kind.CODE, "Who rates: Self, Parent, Clinician, Goals; empty where it is not said"),
    },
    key=("edition", "snomed"),
    tidy=tidy,
    download="https://raw.githubusercontent.com/nhsengland/MHSDS/HEAD/Reference%20data/MHSDS%20Assessments.xlsx",
)
