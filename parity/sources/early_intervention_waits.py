"""Waits for early intervention in psychosis, by provider and commissioner (NHS England)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import in_words, read_text_table
from parity.sources.reading.written_periods import day, each, months
from parity.terms.errors import SourceChanged
from parity.terms.periods import span
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

WHO = ("Date", "Provider_Org_code", "Provider_name", "Org_Code", "CCG_Name", "Description")
TOTAL, ALL, LAST = "Total_Pathways", "all", "12 and over"
BAND = re.compile(r"Gt_(\d+)_(\d+)_Weeks")
PATHWAYS = {"EIP pathways completed this month": "completed", "EIP pathways incomplete at month end": "incomplete"}
BANDS = 13


def tidy(file: Path) -> Edition:
    """The series by month, in bands of a week. Raises SourceChanged where a column or a band is gone."""
    table = read_text_table(file, wanted=(*WHO, "Gt_12_Plus_Weeks", TOTAL))
    bands = {name: f"{found[1]} to {found[2]}" for name in table.columns if (found := BAND.fullmatch(name))}
    bands |= {"Gt_12_Plus_Weeks": LAST, TOTAL: ALL}
    if len(bands) != BANDS + 1:
        raise SourceChanged(
            f"{file.name} has {len(bands) - 1} bands of weeks instead of {BANDS}: its layout has changed."
        )
    dated = table.with_columns(
        period=each(table["Date"], lambda text: months(day(text), day(text))),
        pathway=in_words(table["Description"], PATHWAYS, file=file),
    )
    edition = span(str(dated["period"].min()), str(dated["period"].max()))
    long = dated.unpivot(list(bands), index=[*WHO, "period", "pathway"], variable_name="band", value_name="pathways")
    return Edition(
        edition,
        long.select(
            edition=pl.lit(edition),
            provider=pl.col("Provider_Org_code"),
            provider_name=pl.col("Provider_name"),
            area=pl.col("Org_Code"),
            area_name=pl.col("CCG_Name"),
            period=pl.col("period"),
            pathway=pl.col("pathway"),
            weeks=pl.col("band").replace_strict(bands),
            pathways=pl.col("pathways"),
        ),
    )


PUBLICATION = Publication(
    stem="early_intervention_waits",
    title="Early intervention in psychosis: waits for treatment",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/eip-waiting-times/",
    frequency="once a month, until September 2019",
    caveat="The publisher warns of incomplete returns; the bands of three rows do not add up to their total. Sum "
    "the bands or take “all”, never both.",
    files=("*eip*waiting*times*.csv*", "eip-timeseries-history-file*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "The months of the series"),
        "provider": Column(Kind.CODE, "ODS code of the provider"),
        "provider_name": Column(Kind.CODE, "Name of the provider"),
        "area": Column(Kind.CODE, "ODS code of the commissioning CCG"),
        "area_name": Column(Kind.CODE, "Name of the CCG"),
        "period": Column(Kind.CODE, "Month"),
        "pathway": Column(Kind.CODE, "completed in the month, or incomplete at its end"),
        "weeks": Column(Kind.CODE, "Weeks waited: more than the first number, up to the second; or all"),
        "pathways": Column(Kind.WHOLE, "Pathways, that is people who waited or wait"),
    },
    key=("edition", "provider", "area", "period", "pathway", "weeks"),
    tidy=tidy,
    names=(Naming("provider", "provider_name", "provider"),),
    by_area=True,
)
