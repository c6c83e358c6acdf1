"""Figures of what people tell: themes by voice, people heard, and the share of them who told each theme."""

import polars as pl

from parity.analyse.scope import UNDATED, WHOLE_PROGRAMME, counted
from parity.analyse.shares import WILSON, counted_share
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.units import Unit


@indicator(
    rows="A53",
    title="Themes told by a voice",
    unit=Unit.COUNT,
    numerator="Themes that this kind of people or body told",
    formula="number of themes",
    purpose="See whose experience the strategy rests on, and whose is missing",
    dimensions=("voice",),
)
def themes_count(themes: pl.DataFrame) -> pl.DataFrame:
    """Themes of each voice."""
    return counted(themes, "voice")


@indicator(
    rows="A53",
    title="Mentions of a theme",
    unit=Unit.COUNT,
    numerator="Times the theme was told",
    formula="as stated; one person may have told it several times",
    purpose="See what comes up most often",
    dimensions=("theme",),
)
def theme_mentions(themes: pl.DataFrame) -> pl.DataFrame:
    """Mentions of each theme for which they were counted."""
    return _told(themes.drop_nulls("mentions")).select("area", "period", "theme", value="mentions")


@indicator(
    rows="A53",
    title="Share of the people heard who told a theme",
    unit=Unit.SHARE,
    numerator="People who told the theme",
    denominator="People who were heard",
    formula="people ÷ people heard; who comes to be heard is no random sample",
    purpose="Weigh what a few said against what many said",
    dimensions=("theme",),
    interval=WILSON,
)
def theme_people_share(themes: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Share and interval for each theme for which people were counted; missing where it is not said how many heard."""
    share = counted_share("people", "of_people", confidence_level=confidence_level)
    return _told(themes.drop_nulls("people")).select("area", "period", "theme", *share)


def _told(themes: pl.DataFrame) -> pl.DataFrame:
    return themes.with_columns(area=pl.lit(WHOLE_PROGRAMME), period=pl.col("dated").fill_null(UNDATED))
