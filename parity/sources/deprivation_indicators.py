"""The indicators beneath the English Indices of Deprivation 2019, by small area (MHCLG)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.publication import Column, Edition, Kind, Publication

EDITION = "2019"
AREA = "lsoa11_code"
WANTED = (
    "adult_skills_and_english_language_proficiency_indicator",
    "comparative_illness_and_disability_ratio_indicator",
    "household_overcrowding_indicator",
    "mood_and_anxiety_disorders_indicator",
    "staying_on_in_education_post_16_indicator",
)
"""Those that figures rest on; others are taken in as they come."""
NUMERATOR = "_numerator"
WITHHELD = "The publisher withholds counts of fewer than 10 people."
NONE_GIVEN = "The publisher gives no number here."


def tidy(file: Path) -> Edition:
    """One row a small area and indicator. Raises SourceChanged where the areas or one of WANTED are gone."""
    table = read_table(file)
    check_columns(table, (AREA, *WANTED), file=file)
    values = table.unpivot(index=AREA, variable_name="indicator")
    reason = pl.when(pl.col("indicator").str.ends_with(NUMERATOR)).then(pl.lit(WITHHELD)).otherwise(pl.lit(NONE_GIVEN))
    return Edition(
        EDITION,
        values.select(
            "indicator",
            "value",
            edition=pl.lit(EDITION),
            area=AREA,
            missing=pl.when(pl.col("value").is_null()).then(reason),
        ),
    )


PUBLICATION = Publication(
    stem="deprivation_indicators",
    title="English Indices of Deprivation 2019: underlying indicators by small area (LSOA 2011)",
    publisher="Ministry of Housing, Communities and Local Government",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019",
    frequency="every four to six years",
    caveat="Each indicator has a unit of its own; many are shrunk towards the council's mean or standardised by the "
    "publisher. The indicator of mood and anxiety disorders is a score, not a prevalence. Counts are rounded to 5.",
    files=("iod2019_lsoa11_underlying_indicators.parquet",),
    columns={
        "edition": Column(Kind.CODE, "Year of the indices"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA 2011)"),
        "indicator": Column(Kind.CODE, "The indicator, as the publisher calls it"),
        "value": Column(Kind.NUMBER, "The indicator in its own unit, as its name says"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "indicator"),
    tidy=tidy,
    by_area=True,
)
