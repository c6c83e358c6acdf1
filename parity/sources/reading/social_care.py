"""What the returns of adult social care have in common: their codes in words, their areas, their thousands."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.sources.reading.official import in_words
from parity.sources.reading.written_periods import financial_year, year_ending
from parity.terms.areas import ENGLAND
from parity.terms.errors import SourceChanged

THOUSAND = 1000
NONE, ALL = "none", "all"
COUNCIL = re.compile(r"([0-9]{3}) - (.+)")
TOTAL = "TOTAL England"
NOT_AVAILABLE = {"..": "Not available.", ".": "Not available.", "": "Not available."}

CODED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "AgeBand_KEY": (
        "age",
        {"1": "18 to 64", "2": "65 and over", "3": "65 to 74", "4": "75 to 84", "5": "85 and over"},
    ),
    "PrimarySupportReason_KEY": (
        "reason",
        {
            "1": "Assistive equipment and technology",
            "2": "Commissioning and service delivery",
            "3": "Information and early intervention",
            "4": "Learning disability support",
            "5": "Mental health support",
            "6": "Physical support",
            "7": "Sensory support",
            "8": "Social care activities",
            "9": "Social support: asylum seeker support",
            "10": "Social support: substance misuse support",
            "11": "Social support: support for social isolation or other",
            "12": "Social support: support to carer",
            "13": "Support with memory and cognition",
        },
    ),
    "CareType_KEY": ("care", {"2": "long term", "3": "other", "4": "short term"}),
    "SupportSetting_KEY": (
        "setting",
        {
            "1": "Community: direct payments",
            "2": "Community: home care",
            "3": "Community: other long term care",
            "4": "Community: supported living",
            "5": "Fairer charging income",
            "6": "Nursing",
            "7": "Residential",
            "9": "Supported accommodation",
        },
    ),
    "Purpose_KEY": ("purpose", {"1": "Other short term", "2": "To maximise independence"}),
}
"""Words for the codes of ASC-FR 2016/17, which came without a key.

They are the words of the return of 2014/15 in alphabetical order, as the codes are. What speaks for it: “Fairer
charging income” has income alone, support to carers alone has a kind of carer support, and every sum is near that of
2014/15.
"""


def year_of(table: pl.DataFrame, *, file: Path) -> str:
    """The one financial year of a file. Raises SourceChanged where it holds several."""
    years = table["FY_Ending"].drop_nulls().unique().to_list()
    if len(years) != 1:
        raise SourceChanged(f"{file.name} holds {len(years)} years instead of one: its layout has changed.")
    return year_ending(years[0])


def areas(table: pl.DataFrame, year: str) -> pl.DataFrame:
    """The columns edition, area, cassr and period: a row without a council is the region's, or England's."""
    return table.select(
        edition=pl.lit(year),
        area=pl.coalesce("GEOGRAPHY_CODE", "REGION_GO_CODE"),
        cassr=pl.col("CASSR_CODE"),
        period=pl.lit(year),
    )


def coded(table: pl.DataFrame, more: Mapping[str, tuple[str, Mapping[str, str]]], *, file: Path) -> pl.DataFrame:
    """The columns of codes in words; where a row has no code, it is none, or all ages."""
    columns = {**CODED, **more}
    return pl.DataFrame(
        [
            in_words(table[key], words, file=file).fill_null(ALL if name == "age" else NONE).alias(name)
            for key, (name, words) in columns.items()
        ]
    )


def councils(cells: pl.Series) -> pl.DataFrame:
    """Number and name of each council, written as `102 - Cumbria`; England's total has its ONS code as number.

    A cell that is neither gives null.
    """
    text = pl.col(cells.name).str.strip_chars()
    total = text == TOTAL
    return cells.to_frame().select(
        cassr=pl.when(total).then(pl.lit(ENGLAND)).otherwise(text.str.extract(COUNCIL.pattern, 1)),
        council=pl.when(total).then(pl.lit("England")).otherwise(text.str.extract(COUNCIL.pattern, 2)),
    )


def year_in_title(cells: pl.DataFrame, *, file: Path) -> str:
    """The financial year that the first cell of a return names. Raises SourceChanged where it names none."""
    found = re.search(r"\b20\d\d-\d\d\b", cells["column_0"][0] or "")
    if not found:
        raise SourceChanged(f"{file.name} names no financial year in its first cell: its layout has changed.")
    return financial_year(found[0])
