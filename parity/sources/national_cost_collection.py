"""What care cost the NHS in England, by department and currency: activity, unit cost and cost (NHS England)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_text_table
from parity.sources.reading.written_periods import financial_year
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

RENAMED = {"department_code": "department", "currency_code": "currency", "currency_desc": "currency_name"}
NUMBERS = {"activity": "activity", "unit_cost": "unit_cost_gbp", "cost": "cost_gbp"}
YEAR = re.compile(r"(20\d{2})[_-](\d{2})(?!\d)")
MENTAL_HEALTH = re.compile(r"Mental Health|Talking Therapy")
SUPPRESSED = "Withheld by NHS England, as where there are 7 units or fewer; only the cost is given."


def tidy(file: Path) -> Edition:
    """One year's collection, or the part of it that is mental health, which is an edition of its own.

    Raises SourceChanged where a column is gone or the file's name holds no year: its content holds none.
    """
    found = YEAR.search(file.name)
    if not found:
        raise SourceChanged(f"{file.name} names no financial year, such as 2024_25, and its content names none either.")
    year = financial_year(f"{found[1]}-{found[2]}")
    table = read_text_table(file, wanted=(*RENAMED, *NUMBERS))
    partly = table["department_code"].str.contains(MENTAL_HEALTH.pattern).all()
    edition = f"{year}, mental health" if partly else year
    return Edition(
        edition,
        table.select(
            pl.lit(edition).alias("edition"),
            pl.lit(year).alias("period"),
            *(pl.col(old).str.replace_all("\u00a0", " ").str.strip_chars().alias(new) for old, new in RENAMED.items()),
            *(pl.col(old).alias(new) for old, new in NUMBERS.items()),
            pl.when(pl.col("activity").is_null()).then(pl.lit(SUPPRESSED)).alias("missing"),
        ),
    )


PUBLICATION = Publication(
    stem="national_cost_collection",
    title="National Cost Collection: activity, unit cost and cost by department and currency",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://www.england.nhs.uk/costing-in-the-nhs/national-cost-collection/",
    frequency="once a year",
    caveat="Providers' own costs in England, averaged; what a commissioner pays can differ. A unit is a contact of "
    "a team, a bed day of a provider spell, or an episode, as the department says: unit costs of different "
    "departments are not compared. The edition of mental health is part of the whole year's: take one of "
    "them.",
    files=("national_cost_collection_*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "The year, and the part where the file is one"),
        "period": Column(Kind.CODE, "Financial year"),
        "department": Column(Kind.CODE, "Kind of care, which says what a unit is"),
        "currency": Column(Kind.CODE, "Code of the currency, such as A06"),
        "currency_name": Column(Kind.CODE, "What the currency stands for"),
        "activity": Column(Kind.NUMBER, "Units: contacts, bed days, episodes"),
        "unit_cost_gbp": Column(Kind.NUMBER, "Cost of a unit, GBP"),
        "cost_gbp": Column(Kind.NUMBER, "Cost of all units, GBP"),
        "missing": Column(Kind.CODE, "Why activity and unit cost are not given"),
    },
    key=("edition", "department", "currency"),
    tidy=tidy,
)
