"""Activity and outcomes of NHS Talking Therapies by provider and month (NHS England)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import PER_CENT, in_words, read_parquet_table
from parity.terms.areas import ENGLAND
from parity.terms.periods import span
from parity.terms.publication import Column, Edition, Kind, Publication

NAMES = {"org_code2": "area", "org_name2": "area_name", "reporting_period": "period", "measure_id": "measure"}
WANTED = (*NAMES, "group_type", "measure_name", "measure_statistic", "value")
LEVELS = {"England": "country", "Provider": "provider"}
SUPPRESSED = "Suppressed by NHS England: the number, or one that it is made of, is below 5, which may be nought."


def tidy(file: Path) -> Edition:
    """The series by month, England and every provider. Raises SourceChanged where a column or level is not known."""
    table = read_parquet_table(file, wanted=WANTED)
    first, last = table["reporting_period"].min(), table["reporting_period"].max()
    edition = span(str(first), str(last))
    statistic = pl.col("measure_statistic").replace("percentage", "share")
    tidied = table.lazy().select(
        pl.lit(edition).alias("edition"),
        in_words(table["group_type"].cast(pl.String), LEVELS, file=file).alias("level"),
        *(pl.col(old).alias(new) for old, new in NAMES.items()),
        pl.col("measure_name"),
        statistic.alias("statistic"),
        pl.when(statistic == "share").then(pl.col("value") / PER_CENT).otherwise(pl.col("value")).alias("value"),
        pl.when(pl.col("value").is_null()).then(pl.lit(SUPPRESSED)).alias("missing"),
    )
    of_country = pl.col("level") == "country"
    named = tidied.with_columns(
        pl.when(of_country).then(pl.lit(ENGLAND)).otherwise(pl.col("area")).alias("area"),
        pl.when(of_country).then(pl.lit("England")).otherwise(pl.col("area_name")).alias("area_name"),
    )
    return Edition(edition, named.collect())


PUBLICATION = Publication(
    stem="talking_therapies",
    title="NHS Talking Therapies: referrals, treatment, waits and outcomes by provider and month",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "nhs-talking-therapies-monthly-statistics-including-employment-advisors",
    frequency="once a month",
    caveat="Numbers of providers are rounded to 5 and those below 5 suppressed. Providers are those of the month: "
    "one that merged has no later months. This edition has England and providers, not sub-ICBs.",
    files=("nhstt_activity_performance_monthly*.parquet",),
    columns={
        "edition": Column(Kind.CODE, "The months of the series"),
        "level": Column(Kind.CODE, "country or provider"),
        "area": Column(Kind.CODE, "England's ONS code, or the provider's ODS code"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "period": Column(Kind.CODE, "Month"),
        "measure": Column(Kind.CODE, "Code of the measure, such as M001; talking_therapies_measures explains it"),
        "measure_name": Column(Kind.CODE, "Name of the measure in that month"),
        "statistic": Column(Kind.CODE, "count, share, mean, median, min or max"),
        "value": Column(Kind.NUMBER, "The measure; a share from 0 to 1, waits in days"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "period", "measure"),
    tidy=tidy,
    by_area=True,
)
