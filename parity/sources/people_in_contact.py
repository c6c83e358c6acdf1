"""People in contact with NHS mental health, learning disability and autism services, England (NHS England, MHSDS)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_text_table
from parity.sources.reading.written_periods import day, each, months
from parity.terms.areas import ENGLAND
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

MEASURE = "People in contact with services at the end of the reporting period"


def tidy(file: Path) -> Edition:
    """The series by month. Raises SourceChanged where a column is gone, or the file is of another measure."""
    table = read_text_table(file, wanted=("date", "measure", "count"))
    others = sorted(set(table["measure"].unique()) - {MEASURE})
    if others:
        raise SourceChanged(f"{file.name} holds “{others[0]}” beside “{MEASURE}”: its layout has changed.")
    period = each(table["date"], lambda text: months(day(text), day(text)))
    edition = f"to {period.sort()[-1]}"
    return Edition(
        edition,
        table.select(edition=pl.lit(edition), area=pl.lit(ENGLAND), period=period, people=pl.col("count")),
    )


PUBLICATION = Publication(
    stem="people_in_contact",
    title="People in contact with mental health, learning disability and autism services at the end of each month",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/mental-health-services-monthly-statistics",
    frequency="once a month",
    caveat="England only, all ages. Providers that send no data are not counted, so that a fall in a month may be "
    "theirs; the series was put together from the monthly publications.",
    files=("mhsds_people_in_contact*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "The last month of the series"),
        "area": Column(Kind.CODE, "ONS code of England"),
        "period": Column(Kind.CODE, "Month"),
        "people": Column(Kind.WHOLE, "People in contact at the end of the month"),
    },
    key=("edition", "area", "period"),
    tidy=tidy,
)
