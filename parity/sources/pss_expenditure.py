"""What councils spent on adult social care in 2014/15, by reason, age and service (NHS Digital, PSS EX1)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_cells
from parity.sources.reading.social_care import ALL, COUNCIL, THOUSAND
from parity.sources.reading.written_periods import financial_year
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

RENAMED = {
    "Support type": "support", "Age category": "age", "Summary": "reason", "Delivery mechanism": "service",
    "Accounting category": "basis",
}  # fmt: skip
TOTAL = "Total"
YEAR = re.compile(r"(?<!\d)(?:20)?(\d\d)[-_](\d\d)(?!\d)")


def tidy(file: Path) -> Edition:
    """One year's file; its name holds the year. Raises SourceChanged where a heading, a council or the year is gone.

    Totals that the publisher repeats further down, to the penny, are kept once.
    """
    found = YEAR.search(file.name)
    if not found:
        raise SourceChanged(f"{file.name} names no financial year, such as 14-15, and its content names none either.")
    year = financial_year(f"20{found[1]}-{found[2]}")
    table, named = _table(file)
    long = table.unpivot(list(named), index=list(RENAMED.values()), variable_name="column", value_name="thousand")
    pounds = pl.col("thousand").str.strip_chars(" $").str.replace_all(",", "").cast(pl.Float64) * THOUSAND
    return Edition(
        year,
        long.select(
            edition=pl.lit(year),
            cassr=pl.col("column").replace_strict({name: parts[1] for name, parts in named.items()}),
            council=pl.col("column").replace_strict({name: parts[2] for name, parts in named.items()}),
            period=pl.lit(year),
            support=pl.col("support").str.strip_chars(),
            age=pl.col("age").fill_null(ALL),
            reason=pl.col("reason").str.strip_chars(),
            service=pl.col("service").fill_null(TOTAL),
            basis=pl.col("basis"),
            cost_gbp=pounds.round(2),
        ).unique(),
    )


def _table(file: Path) -> tuple[pl.DataFrame, dict[str, re.Match[str]]]:
    """The table below its headings, and of each column of a council the number and name that its heading holds."""
    cells = read_cells(file)
    second = next(cells[1:2].iter_rows(), ())
    heads = {name: (text or "").strip() for name, text in zip(cells.columns, second, strict=False)}
    lacking = [text for text in RENAMED if text not in heads.values()]
    named = {name: found for name, text in heads.items() if (found := COUNCIL.fullmatch(text))}
    if lacking or not named:
        raise SourceChanged(f"{file.name} has no column “{(*lacking, '102 - Cumbria')[0]}” in its second row.")
    words = {name: RENAMED[text] for name, text in heads.items() if text in RENAMED}
    return cells[2:].rename(words).drop_nulls("basis"), named


PUBLICATION = Publication(
    stem="pss_expenditure",
    title="Personal social services: expenditure by council, 2014/15",
    publisher="NHS England, formerly the Health and Social Care Information Centre",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "personal-social-services-expenditure-and-unit-costs",
    frequency="once a year; 2014/15 was the first in this form",
    caveat="Spend, income and totals of both stand in one table: take one basis and one level, and add up no more. "
    "The publisher warns that some councils were not yet sure of primary support reasons.",
    files=("pssex1_expenditure_by_council_*.csv*", "pss-exp-eng-*-fin-coun-lev-exp-data.csv*"),
    columns={
        "edition": Column(Kind.CODE, "Financial year"),
        "cassr": Column(Kind.CODE, "The council's number in social care returns"),
        "council": Column(Kind.CODE, "Name of the council"),
        "period": Column(Kind.CODE, "Financial year"),
        "support": Column(
            Kind.CODE, "Long term, Short term, or Non Salt Totals: sums, and what is not support of people"
        ),
        "age": Column(Kind.CODE, "Age 18 to 64, Age 65 and over; all where the spend is not split by age"),
        "reason": Column(Kind.CODE, "Primary support reason, or kind of other spend"),
        "service": Column(Kind.CODE, "Service, or Total"),
        "basis": Column(Kind.CODE, "gross or net, total or current; or a kind of income or cost"),
        "cost_gbp": Column(Kind.NUMBER, "Spend or income in the year, GBP; the publisher's thousands made pounds"),
    },
    key=("edition", "cassr", "support", "age", "reason", "service", "basis"),
    tidy=tidy,
)
