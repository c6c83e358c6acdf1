"""What councils spent on adult social care, by reason, age and setting (NHS England, ASC-FR)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_text_table
from parity.sources.reading.social_care import CODED, THOUSAND, areas, coded, year_of
from parity.terms.publication import Column, Edition, Kind, Publication

BASES = {
    "TOTALEXPENDITURE": "total expenditure", "TOTALINCOME": "total income",
    "NETTOTALEXPENDITURE": "net total expenditure", "GROSSTOTALEXPENDITURE": "gross total expenditure",
    "NETCURRENTEXPENDITURE": "net current expenditure", "GROSSCURRENTEXPENDITURE": "gross current expenditure",
}  # fmt: skip
CARERS = {"1": "code 1", "2": "code 2"}


def tidy(file: Path) -> Edition:
    """One year's totals. Raises SourceChanged where a column is gone or a code is not known."""
    table = read_text_table(file, wanted=("FY_Ending", *CODED, "CarerSupportType_KEY", *BASES))
    year = year_of(table, file=file)
    words = coded(table, {"CarerSupportType_KEY": ("carer_support", CARERS)}, file=file)
    wide = pl.concat([areas(table, year), words, table.select(list(BASES))], how="horizontal")
    index = [name for name in wide.columns if name not in BASES]
    long = wide.unpivot(list(BASES), index=index, variable_name="basis", value_name="thousand")
    return Edition(
        year,
        long.with_columns(
            basis=pl.col("basis").replace_strict(BASES),
            cost_gbp=(pl.col("thousand").cast(pl.Float64) * THOUSAND).round(2),
        ).drop("thousand"),
    )


PUBLICATION = Publication(
    stem="asc_expenditure",
    title="Adult social care: expenditure and income by council",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/adult-social-care-activity-and-finance-report",
    frequency="once a year",
    caveat="Six bases of one spend stand in the table: take one, and compare with no other. Gross current "
    "expenditure is the publisher's headline. The file holds codes alone: words were given to those that the "
    "return of 2014/15 and the size of the numbers make certain, the others stay codes. 65 and over holds "
    "its three bands.",
    files=("ascfr_totals_*.csv*", "*ascfr totals*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "Financial year"),
        "area": Column(Kind.CODE, "ONS code of the council, region or England"),
        "cassr": Column(Kind.CODE, "The council's number in social care returns; empty for regions and England"),
        "period": Column(Kind.CODE, "Financial year"),
        "age": Column(Kind.CODE, "Age band; all where the spend is not split by age"),
        "reason": Column(Kind.CODE, "Primary support reason, or the kind of other spend"),
        "care": Column(Kind.CODE, "long term, short term or other"),
        "setting": Column(Kind.CODE, "Setting of long-term support; none where there is none"),
        "purpose": Column(Kind.CODE, "Purpose of short-term support; none where there is none"),
        "carer_support": Column(Kind.CODE, "The publisher's code of support to carers; none where there is none"),
        "basis": Column(Kind.CODE, "gross or net, total or current; or income"),
        "cost_gbp": Column(Kind.NUMBER, "Spend or income in the year, GBP; the publisher's thousands made pounds"),
    },
    key=("edition", "area", "age", "reason", "care", "setting", "purpose", "carer_support", "basis"),
    tidy=tidy,
)
