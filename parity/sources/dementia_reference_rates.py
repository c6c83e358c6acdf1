"""Reference rates of dementia by age and sex, from the second Cognitive Function and Ageing Study."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_sheet, sheet_names, under_heading
from parity.sources.reading.written_periods import each
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

HEADINGS = ("ageband", "sex", "dementiaprevalence", "dementiaprevalence95lower", "dementiaprevalence95upper")
BAND = re.compile(r"(\d+)(?:-(\d+)|\+)")
EDITION = "CFAS II"


def tidy(file: Path) -> Edition:
    """The rates. Raises SourceChanged where a heading is gone or an age band cannot be read."""
    band, sex, rate, lower, upper = HEADINGS
    table = under_heading(read_sheet(file, sheet_names(file)[0]), HEADINGS, file=file).drop_nulls(band)
    unread = [text for text in table[band].unique().sort() if not BAND.fullmatch(text)]
    if unread:
        raise SourceChanged(f"{file.name}: “{unread[0]}” is no age band.")
    return Edition(
        EDITION,
        table.select(
            edition=pl.lit(EDITION),
            sex=pl.col(sex).str.to_lowercase(),
            from_age=each(table[band], lambda text: BAND.findall(text)[0][0]).cast(pl.Int16),
            to_age=each(table[band], lambda text: BAND.findall(text)[0][1]).replace("", None).cast(pl.Int16),
            share=pl.col(rate),
            lower=pl.col(lower),
            upper=pl.col(upper),
        ),
    )


PUBLICATION = Publication(
    stem="dementia_reference_rates",
    title="Dementia: share of people who have it, by age and sex",
    publisher="Birmingham City Council, after the second Cognitive Function and Ageing Study (CFAS II)",
    licence="Open Government Licence v3.0",
    address="https://github.com/BCC-PHM/OA-projections",
    frequency="once",
    caveat="A study of 2008 to 2011 in three places of England, with residents of care homes among its people. "
    "Diagnosed and undiagnosed dementia together; nothing is said of people under 65.",
    files=("dementia*reference*rates*.xlsx",),
    columns={
        "edition": Column(Kind.CODE, "The study"),
        "sex": Column(Kind.CODE, "male or female"),
        "from_age": Column(Kind.SMALL, "First age of the band, in years"),
        "to_age": Column(Kind.SMALL, "Last age of the band; empty where the band is open"),
        "share": Column(Kind.NUMBER, "Share of people with dementia, from 0 to 1"),
        "lower": Column(Kind.NUMBER, "Lower end of its 95% interval"),
        "upper": Column(Kind.NUMBER, "Upper end of its 95% interval"),
    },
    key=("edition", "sex", "from_age"),
    tidy=tidy,
    download="https://raw.githubusercontent.com/BCC-PHM/OA-projections/HEAD/data/dementia-reference-rates.xlsx",
)
