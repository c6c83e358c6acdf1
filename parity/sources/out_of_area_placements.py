"""Out-of-area placements in mental health: number, length, distance and cost (NHS England, formerly NHS Digital)."""

import re
from datetime import date
from pathlib import Path

import polars as pl

from parity.sources.reading.official import by_pattern, in_words, number_or_reason, read_text_table
from parity.sources.reading.written_periods import months
from parity.terms.areas import ENGLAND
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = re.compile(rf"({'|'.join(MONTHS)})-([0-9]{{4}})(?![0-9])")
WANTED = ("Question", "Breakdown1", "Breakdown1Code", "Breakdown2", "Breakdown2Code", "value")
LEVELS = {
    "England": "country", "Region": "region", "region": "region", "Ccg": "ccg", "SendingProvider": "sending provider",
    "ReceivingProvider": "receiving provider", "Gender": "country", "BedType": "country", "MhaStatus": "country",
    "PrimaryDiagnosis": "country", "OutOfAreaReason": "country",
}  # fmt: skip
GROUPS = ("Gender", "BedType", "MhaStatus", "PrimaryDiagnosis", "OutOfAreaReason")
UNITS = {
    "^Percentage": "share", "(?i)daily cost": "GBP a day", "costs over": "GBP", r"(?i)\(KM\)": "km", "days": "days",
    "^(?:Number of )?OAPs": "placements",
}  # fmt: skip
SIGNS = {"*": "Suppressed by NHS Digital: the number is small, or would give a small number away."}
ALL = "all"


def tidy(file: Path) -> Edition:
    """One month's file; its name holds the month. Raises SourceChanged where a column or the month is gone.

    The totals of England that the publisher repeats within every breakdown are left out but once.
    """
    edition = _month(file)
    table = read_text_table(file, wanted=WANTED).with_columns(pl.col(WANTED[1:5]).fill_null(""))
    table = table.with_columns(level=in_words(table["Breakdown1"], LEVELS, file=file))
    total, own = pl.col("Breakdown1Code").is_in(["", "England"]), pl.col("Breakdown1").is_in(GROUPS)
    table = table.filter((pl.col("Breakdown1") == "England") | total.not_())
    value, missing = number_or_reason("value", SIGNS)
    described = {"Breakdown1Description", "Breakdown2Description"} <= set(table.columns)
    names = (pl.col(f"Breakdown{place}Description") if described else pl.lit(None, pl.String) for place in (1, 2))
    area_name, group_name = names
    country = pl.col("level") == "country"
    tidied = table.select(
        edition=pl.lit(edition),
        level=pl.col("level"),
        area=pl.when(country).then(pl.lit(ENGLAND)).otherwise(pl.col("Breakdown1Code")),
        area_name=pl.when(country).then(pl.lit("England")).otherwise(area_name),
        period=pl.lit(edition),
        breakdown=pl.when(own).then(pl.col("Breakdown1")).otherwise(pl.col("Breakdown2").replace("", ALL)),
        group=pl.when(own).then(pl.col("Breakdown1Code")).otherwise(pl.col("Breakdown2Code").replace("", ALL)),
        group_name=pl.when(own).then(area_name).otherwise(group_name.replace("", None)),
        measure=pl.col("Question"),
        unit=by_pattern(table["Question"], UNITS, file=file),
        value=value,
        missing=missing,
    )
    return Edition(edition, tidied)


def _month(file: Path) -> str:
    found = MONTH.search(file.name.lower())
    if not found:
        raise SourceChanged(f"{file.name} names no month, such as dec-2016, and its content names none either.")
    first = date(int(found[2]), MONTHS.index(found[1]) + 1, 1)
    return months(first, first)


PUBLICATION = Publication(
    stem="out_of_area_placements",
    title="Out-of-area placements in mental health services",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "out-of-area-placements-in-mental-health-services",
    frequency="once a month",
    caveat="Placements outside the usual local network of services, as the sending provider reports them; not all "
    "providers took part in the first months. Bands of distance changed in December 2016. Small numbers are "
    "suppressed and others rounded, so areas do not add up.",
    files=("*oaps*open*data*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "The month of the file"),
        "level": Column(Kind.CODE, "country, region, ccg, sending provider or receiving provider"),
        "area": Column(Kind.CODE, "England's ONS code, or the ODS code of region, CCG or provider; 999 is not known"),
        "area_name": Column(Kind.CODE, "Name of the area; empty in files that have codes alone"),
        "period": Column(Kind.CODE, "Month"),
        "breakdown": Column(Kind.CODE, "By what the placements are split: all, Gender, BedType …"),
        "group": Column(Kind.CODE, "The publisher's code of the group within the breakdown; all where there is none"),
        "group_name": Column(Kind.CODE, "Name of the group; empty in files that have codes alone"),
        "measure": Column(Kind.CODE, "What is counted, in the publisher's words"),
        "unit": Column(Kind.CODE, "placements, days, GBP, GBP a day, km or share"),
        "value": Column(Kind.NUMBER, "The measure, in its unit; a share from 0 to 1"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "level", "area", "breakdown", "group", "measure"),
    tidy=tidy,
)
