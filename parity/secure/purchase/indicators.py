"""Figures of purchase: what places cost one by one and in a block, and the use from which the block is cheaper."""

import polars as pl

from parity.methods.capacity import block_saving, break_even_use, used_place_cost
from parity.methods.money import annual_cost
from parity.plan.told_numbers import BAND, chance_of, reckoned
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

SPOT, BLOCK = "price of a place a week, one by one", "price of a place a week, in a block"
PLACES, USE = "places in the block", "share of the places in use"
UNITS = {SPOT: Unit.GBP_PER_WEEK, BLOCK: Unit.GBP_PER_WEEK, PLACES: Unit.PLACES, USE: Unit.SHARE}
SAVED = block_saving(PLACES, use=USE, block_price=BLOCK, spot_price=SPOT)
FREE = "A place bought by itself costs nothing, so a block is never cheaper."
UNUSED = "No place of the block is used, so there is none to bear its cost."
NEVER = "Above 100%: the block is dearer even where all of it is used."
MONEY = ("basis", "price_year")


@indicator(
    rows="C13",
    title="Use from which a block of places is cheaper",
    unit=Unit.SHARE,
    numerator="Price of a place in a block",
    denominator="Price of a place bought by itself",
    formula="block price ÷ price of a place bought by itself",
    purpose="Decide how places are bought, and how many to put in a block",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def purchase_break_even(block_purchase: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of a block's places that must be used for it to cost no more; above 1 it is never cheaper."""
    found = reckoned(block_purchase, break_even_use(BLOCK, SPOT), units=UNITS, unknown=FREE).drop(MONEY)
    return found.with_columns(note=pl.when(pl.col("value") > 1).then(pl.lit(NEVER)))


@indicator(
    rows="C13",
    title="Use that is expected of a block of places",
    unit=Unit.SHARE,
    numerator="Places in use",
    denominator="Places of the block",
    formula="as stated",
    purpose="Set it beside the use from which the block is cheaper",
    dimensions=("service",),
    interval=BAND,
)
def purchase_use(block_purchase: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the block's places that are used, on average."""
    return reckoned(block_purchase, pl.col(USE), units=UNITS).drop(MONEY)


@indicator(
    rows="C13",
    title="Cost a year of the same places bought one by one",
    unit=Unit.GBP,
    numerator="Places in use × price of a place bought by itself × weeks",
    formula="places × share in use × price of a place a week × weeks in a year",
    purpose="Compare it with the block",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def purchase_spot_cost(block_purchase: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year for as many places as are used, each paid for only while it is."""
    measure = annual_cost(pl.col(PLACES) * pl.col(USE), SPOT, weeks_per_year.value)
    return reckoned(block_purchase, measure, units=UNITS)


@indicator(
    rows="C13",
    title="Cost a year of a block of places",
    unit=Unit.GBP,
    numerator="Places of the block × price of a place in it × weeks",
    formula="places × price of a place a week × weeks in a year, whether used or not",
    purpose="Compare it with places bought one by one",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def purchase_block_cost(block_purchase: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year for all places of the block."""
    return reckoned(block_purchase, annual_cost(PLACES, BLOCK, weeks_per_year.value), units=UNITS)


@indicator(
    rows="C13",
    title="Cost a week of a place in use in a block",
    unit=Unit.GBP_PER_WEEK,
    numerator="Price of a place in a block",
    denominator="Share of the places in use",
    formula="block price ÷ share of the places in use",
    purpose="Set what each person's place really costs beside the price of a place bought by itself",
    polarity=Polarity.LOW,
    dimensions=("service",),
    interval=BAND,
)
def purchase_used_place_cost(block_purchase: pl.DataFrame) -> pl.DataFrame:
    """Pounds a week for each place of the block that is used."""
    return reckoned(block_purchase, used_place_cost(BLOCK, USE), units=UNITS, unknown=UNUSED)


@indicator(
    rows="C13",
    title="Saving a year of a block against places bought one by one",
    unit=Unit.GBP,
    numerator="Cost of the places in use bought one by one − cost of the block",
    formula="places × (share in use × price one by one − block price) × weeks in a year",
    purpose="See which way of buying is cheaper at the use expected, and by how much",
    polarity=Polarity.HIGH,
    dimensions=("service",),
    interval=BAND,
)
def purchase_block_saving(block_purchase: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year saved by the block; below 0 where it costs more."""
    return reckoned(block_purchase, SAVED * weeks_per_year.value, units=UNITS)


@indicator(
    rows="C13",
    title="Chance that a block of places is cheaper",
    unit=Unit.SHARE,
    numerator="Draws in which the block costs less than the same places bought one by one",
    denominator="All draws",
    formula="draws with a saving above 0 ÷ draws",
    purpose="See how sure the comparison is",
    polarity=Polarity.HIGH,
    dimensions=("service",),
)
def purchase_block_chance(block_purchase: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws in which the block is cheaper."""
    return chance_of(block_purchase, SAVED > 0, units=UNITS)
