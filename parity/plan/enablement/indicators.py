"""Figures of enablement: what an episode and a year of them cost, the packages avoided, and whether that pays.

Each is of the people who start in one year. Packages that people would have done without anyway are not counted.
"""

import polars as pl

from parity.methods.enablement import difference_to_pay, episode_cost, packages_avoided, people_at_once
from parity.methods.money import annual_cost
from parity.plan.told_numbers import BAND, chance_of, reckoned
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

STARTS, WEEKS = "people who start a year", "weeks of an episode"
HOURS, HOURLY = "hours of support a week", "cost of an hour"
AFTER, OTHERWISE = "share who need no package afterwards", "share who would need no package without it"
PACKAGE, LASTING = "cost of a package a week", "weeks a package would last"
UNITS = {
    STARTS: Unit.PEOPLE,
    WEEKS: Unit.NUMBER,
    HOURS: Unit.NUMBER,
    HOURLY: Unit.GBP_EXACT,
    AFTER: Unit.SHARE,
    OTHERWISE: Unit.SHARE,
    PACKAGE: Unit.GBP_PER_WEEK,
    LASTING: Unit.NUMBER,
}
EPISODE = episode_cost(WEEKS, hours=HOURS, hourly=HOURLY)
SPENT = pl.col(STARTS) * EPISODE
AVOIDED = packages_avoided(STARTS, after=AFTER, otherwise=OTHERWISE)
SPARED = annual_cost(AVOIDED, PACKAGE, LASTING)
FREE = "A package costs nothing, so none that is avoided could pay for an episode."
MONEY = ("basis", "price_year")


@indicator(
    rows="B14",
    title="Cost of an enablement episode",
    unit=Unit.GBP,
    numerator="Weeks of an episode × hours of support a week × cost of an hour",
    formula="weeks × hours a week × cost of an hour",
    purpose="Set the cost of one episode beside that of a package",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def enablement_episode_cost(enablement: pl.DataFrame) -> pl.DataFrame:
    """Pounds for the whole episode of one person."""
    return reckoned(enablement, EPISODE, units=UNITS)


@indicator(
    rows="B14",
    title="Cost of enablement a year",
    unit=Unit.GBP,
    numerator="People who start a year × cost of an episode",
    formula="people who start a year × weeks × hours a week × cost of an hour",
    purpose="Plan the budget of the service",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def enablement_cost(enablement: pl.DataFrame) -> pl.DataFrame:
    """Pounds for all episodes of the people who start in a year."""
    return reckoned(enablement, SPENT, units=UNITS)


@indicator(
    rows="B14",
    title="Places that enablement fills on average",
    unit=Unit.PLACES,
    numerator="People who start a year × weeks of an episode",
    denominator="Weeks in a year",
    formula="people who start a year × weeks ÷ weeks in a year",
    purpose="Plan how many people the service must be able to support at once",
    dimensions=("service",),
    interval=BAND,
)
def enablement_places(enablement: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """People in an episode at any one time, on average; busy weeks need more."""
    measure = people_at_once(STARTS, WEEKS, weeks_per_year=weeks_per_year.value)
    return reckoned(enablement, measure, units=UNITS).drop(MONEY)


@indicator(
    rows="B14",
    title="Packages that enablement avoids a year",
    unit=Unit.COUNT,
    numerator="People who start a year × more of them who need no package than without it",
    formula="people who start a year × (share who need none afterwards − share who would need none without it)",
    purpose="See what enablement changes, beyond what would have happened anyway",
    polarity=Polarity.HIGH,
    dimensions=("service",),
    interval=BAND,
)
def enablement_packages_avoided(enablement: pl.DataFrame) -> pl.DataFrame:
    """Packages that the people who start in a year would have had without it; below 0 where it brings more."""
    return reckoned(enablement, AVOIDED, units=UNITS).drop(MONEY)


@indicator(
    rows="B14",
    title="What the packages avoided would have cost",
    unit=Unit.GBP,
    numerator="Packages avoided × cost of a package a week × weeks it would last",
    formula="packages avoided × cost of a package a week × weeks it would last",
    purpose="Set what enablement spares beside what it costs",
    polarity=Polarity.HIGH,
    dimensions=("service",),
    interval=BAND,
)
def enablement_spared(enablement: pl.DataFrame) -> pl.DataFrame:
    """Pounds that are not spent on packages for people who start in a year, over all weeks these would last."""
    return reckoned(enablement, SPARED, units=UNITS)


@indicator(
    rows="B14",
    title="Saving of enablement",
    unit=Unit.GBP,
    numerator="What the packages avoided would have cost − cost of enablement",
    formula="what the packages avoided would have cost − cost of enablement, each draw against the same draw",
    purpose="See whether enablement pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("service",),
    interval=BAND,
)
def enablement_saving(enablement: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved on the people who start in a year, not discounted; below 0 where enablement costs more."""
    return reckoned(enablement, SPARED - SPENT, units=UNITS)


@indicator(
    rows="B14",
    title="Chance that enablement pays for itself",
    unit=Unit.SHARE,
    numerator="Draws in which the packages avoided would have cost more than enablement",
    denominator="All draws",
    formula="draws with a saving above 0 ÷ draws",
    purpose="See how sure the saving is",
    polarity=Polarity.HIGH,
    dimensions=("service",),
)
def enablement_pays_chance(enablement: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws in which enablement saves more than it costs."""
    return chance_of(enablement, SPARED > SPENT, units=UNITS)


@indicator(
    rows="B14",
    title="Rise of the share who need no package from which enablement pays",
    unit=Unit.POINTS,
    numerator="Cost of an episode",
    denominator="Cost of a package over the weeks it would last",
    formula="cost of an episode ÷ (cost of a package a week × weeks it would last)",
    purpose="Judge from experience whether as much can be reached",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def enablement_break_even(enablement: pl.DataFrame) -> pl.DataFrame:
    """By how much the share (0–1) of those who need no package must rise; by more than 1 it cannot."""
    measure = difference_to_pay(EPISODE, weekly=PACKAGE, weeks=LASTING)
    return reckoned(enablement, measure, units=UNITS, unknown=FREE).drop(MONEY)
