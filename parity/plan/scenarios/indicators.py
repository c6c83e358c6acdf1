"""Figures of scenarios: people, waits, use of places, staff and cost at each year's end, with their bands.

They read `flow_paths`, where all is worked out, and `flow_numbers`, so that a figure names the numbers it rests on.
"""

import polars as pl

from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.plan.flow_courses import AT_START, MOVED, PAYBACK, PRESENT_SAVING, SAVED, SAVING, YEAR
from parity.plan.flow_paths import BAND, NARROW, NO_CHANCE, band_told, payback_told
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

MODEL = "flow model of the programme: people move each month as its rates, stays, plans and places say"
TWELVE = "The twelve months to this one."
SO_FAR = "All months from the start to this one."
NOBODY = 1e-9
"""People, or the share of places in use, that no month exceeds in a setting or on a way that is left out."""


MONEY = {"basis": "basis", "price_year": "price_year"}


def _rows(flow_paths: pl.DataFrame, is_meant: pl.Expr, *, level: str = "95", **told: str | pl.Expr) -> pl.LazyFrame:
    """The rows that are meant, or those that say why there are none, with the keys of figures and what else is told."""
    found = flow_paths.lazy().filter(is_meant | pl.col("missing").is_not_null())
    setting = pl.col("item").fill_null("").alias("setting")
    return found.select("area", "period", setting, "value", *band_told(level), "missing", scenario="label", **told)


def _at_year_ends(flow_paths: pl.DataFrame, measure: str, *, level: str = "95", **told: str | pl.Expr) -> pl.LazyFrame:
    """The rows of a measure at the end of each year of its model, or of the twelve months to it."""
    is_meant = (pl.col("measure") == measure) & pl.col("is_year_end")
    return _rows(flow_paths, is_meant, level=level, **told)


def _by_setting(flow_paths: pl.DataFrame, measure: str, *, level: str = "95") -> pl.DataFrame:
    """The rows of settings of which the measure is not 0 throughout, where it has a value; those of a model that cannot
    be run."""
    is_there = (pl.col("value").abs().max() > NOBODY).over("setting") & pl.col("value").is_not_null()
    rows = _at_year_ends(flow_paths, measure, level=level)
    return rows.filter(is_there | pl.col("missing").is_not_null()).collect()


def _in_all(flow_paths: pl.DataFrame, measure: str, *, level: str = "95", note: str | None = None) -> pl.LazyFrame:
    """The rows of a measure of money of the model as a whole."""
    return _at_year_ends(flow_paths, measure, level=level, note=pl.lit(note, pl.String), **MONEY).drop("setting")


def _once(flow_paths: pl.DataFrame, measure: str) -> pl.LazyFrame:
    """The rows of a measure that is told once, of every setting or way."""
    return _rows(flow_paths, pl.col("measure") == measure)


def _whole(flow_paths: pl.DataFrame, measure: str) -> pl.LazyFrame:
    """The rows of a measure of the whole time of the model, one a scenario, or those that say why there are none."""
    rows = _rows(flow_paths, pl.col("measure") == measure, why="why", note="note", **MONEY)
    return rows.with_columns(missing=pl.coalesce("missing", "why")).drop("setting", "why")


@indicator(
    rows="B11 B12 E20",
    title="People in a setting at the end of a year of the forecast",
    unit=Unit.PEOPLE,
    numerator="People in the setting at the end of the month",
    formula=MODEL,
    purpose="See who is where, in each scenario",
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_people(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People in each setting at the end of each year, as stated, with the band that 95% of the draws leave."""
    return _by_setting(flow_paths, "people")


@indicator(
    rows="B11 B12 E20",
    title="People in a setting at the end of a year of the forecast, the narrower band",
    unit=Unit.PEOPLE,
    numerator="People in the setting at the end of the month",
    formula=MODEL,
    purpose="See within what the number of people is likely to lie",
    dimensions=("scenario", "setting"),
    interval=NARROW,
)
def scenario_people_narrow(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People in each setting at the end of each year, as stated, with the band that 80% of the draws leave."""
    return _by_setting(flow_paths, "people", level="80")


@indicator(
    rows="B12 E20",
    title="People in a setting at the start of the forecast",
    unit=Unit.PEOPLE,
    numerator="People in the setting as the first month begins",
    formula="as the model states it",
    purpose="See from where a scenario sets out",
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_people_at_start(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People in each setting as the first month begins; it is the same in every scenario."""
    return _once(flow_paths, AT_START).collect()


@indicator(
    rows="B12 E20",
    title="People who move between settings, arrive or leave services",
    unit=Unit.PEOPLE,
    numerator="People who take the way named in all whole years of the forecast; who takes it twice counts twice",
    formula=MODEL,
    purpose="See which ways people take into, through and out of services",
    dimensions=("scenario", "way"),
    interval=BAND,
)
def scenario_moves(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People who move along each flow, who arrive in each setting and who leave services from it."""
    rows = _once(flow_paths, MOVED)
    is_taken = (pl.col("value").abs().max() > NOBODY).over("setting").fill_null(value=False)
    return rows.filter(is_taken | pl.col("missing").is_not_null()).rename({"setting": "way"}).collect()


@indicator(
    rows="B12 E20",
    title="People who wait because the setting they are to go to is full",
    unit=Unit.PEOPLE,
    numerator="People at the end of the month who asked for a place or were to be moved, and for whom there was none",
    formula=MODEL,
    purpose="See where places are too few",
    polarity=Polarity.LOW,
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_waiting_for_place(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People who wait for a place in each setting at the end of each year."""
    return _by_setting(flow_paths, "waiting for a place")


@indicator(
    rows="B12 E20",
    title="People who wait because the team that moves them has no time",
    unit=Unit.PEOPLE,
    numerator="People at the end of the month who were to be moved by then, beyond what the team could manage",
    formula=MODEL,
    purpose="See whether the team is large enough for its plan",
    polarity=Polarity.LOW,
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_waiting_for_team(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People who wait for the team that is to move them to each setting at the end of each year."""
    return _by_setting(flow_paths, "waiting for staff")


@indicator(
    rows="B11 B12 E20",
    title="Places in a setting at the end of a year of the forecast",
    unit=Unit.PLACES,
    numerator="Places that the setting has in the month",
    formula="places as stated, with what changes have opened or closed by then",
    purpose="See what beds and places each scenario counts on",
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_places(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Places of each setting while it has a limit, in the last month of each year."""
    return _by_setting(flow_paths, "places")


@indicator(
    rows="B12 E20",
    title="Share of places in use",
    unit=Unit.SHARE,
    numerator="People in the setting, the mean of the month",
    denominator="Places of the setting",
    formula="people ÷ places",
    purpose="See where places stand empty and where there is no room left",
    dimensions=("scenario", "setting"),
    interval=BAND,
)
def scenario_occupancy(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share of the places of each setting that has a limit that are in use in the last month of each year."""
    return _by_setting(flow_paths, "occupancy")


@indicator(
    rows="B12 B13 E20",
    title="Staff that the services take",
    unit=Unit.WTE,
    numerator="Staff for people, for places, of settings and of teams in the month",
    formula="sum of people × staff for a person, places × staff for a place, staff of settings, workers of teams",
    purpose="Plan the workforce of each scenario",
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_staff(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents of staff in the last month of each year."""
    rows = _at_year_ends(flow_paths, "staff").drop("setting")
    is_told = (pl.col("value").abs().max() > 0).fill_null(value=False)
    return rows.filter(is_told | pl.col("missing").is_not_null()).collect()


@indicator(
    rows="B11 B12 B13 E20",
    title="Gross cost of a year of the forecast",
    unit=Unit.GBP,
    numerator="What people, places, settings, moves and teams cost in twelve months, before income",
    formula="sum over twelve months of cost",
    purpose="See what must be paid before anything comes in",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    basis=Basis.GROSS,
    interval=BAND,
)
def scenario_gross_cost(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the twelve months to the end of each year, before income."""
    return _in_all(flow_paths, f"{YEAR}cost", note=TWELVE).drop("basis").collect()


@indicator(
    rows="B11 B12 B13 E20",
    title="Net cost of a year of the forecast",
    unit=Unit.GBP,
    numerator="What people, places, settings, moves and teams cost in twelve months, less income",
    formula="sum over twelve months of cost − income",
    purpose="Compare what the scenarios cost, year by year",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_net_cost(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the twelve months to the end of each year."""
    return _in_all(flow_paths, f"{YEAR}net cost", note=TWELVE).collect()


@indicator(
    rows="B12 B13 E20",
    title="Net cost of a year of the forecast, the narrower band",
    unit=Unit.GBP,
    numerator="What people, places, settings, moves and teams cost in twelve months, less income",
    formula="sum over twelve months of cost − income",
    purpose="See within what the cost is likely to lie",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=NARROW,
)
def scenario_net_cost_narrow(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the twelve months to the end of each year, with the band that 80% of the draws leave."""
    return _in_all(flow_paths, f"{YEAR}net cost", level="80", note=TWELVE).collect()


@indicator(
    rows="B11 B12 E20",
    title="Net cost of the last month of a year of the forecast",
    unit=Unit.GBP,
    numerator="What people, places, settings, moves and teams cost in the month, less income",
    formula="cost − income of the month",
    purpose="Follow the cost of a scenario from month to month",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_monthly_cost(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the last month of each year."""
    return _in_all(flow_paths, "net cost").collect()


@indicator(
    rows="B11 E20",
    title="Net cost a year as it stands in the last month of a year",
    unit=Unit.GBP,
    numerator="Net cost of the month × 12",
    formula="(cost − income) of the month × 12",
    purpose="Compare where the scenario ends with what the plan's own table promises",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_cost_at_end(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year at the rate of the last month of each year."""
    rows = _in_all(flow_paths, "net cost")
    return rows.with_columns(pl.col("value", "lower", "upper") * MONTHS_OF_A_YEAR).collect()


@indicator(
    rows="B12 B13 E20",
    title="Saving of a year of the forecast",
    unit=Unit.GBP,
    numerator="Net cost of twelve months as it is − net cost in the scenario",
    formula="sum over twelve months of the difference of net cost, each draw against the same draw",
    purpose="See when a change begins to save more than it costs",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_saving(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved in the twelve months to the end of each year, against the model as it is; below 0 where it costs."""
    return _in_all(flow_paths, f"{YEAR}{SAVING}", note=TWELVE).collect()


@indicator(
    rows="B12 B13 E20",
    title="Saving from the start to the end of a year of the forecast",
    unit=Unit.GBP,
    numerator="Net cost of the months so far as it is − net cost in the scenario",
    formula="running sum over months of the difference of net cost, each draw against the same draw",
    purpose="See when a change has paid back what it cost first",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_saved_so_far(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved from the start to each year's end, against the model as it is; below 0 until it has paid back."""
    return _in_all(flow_paths, SAVED, note=SO_FAR).collect()


@indicator(
    rows="B12 B13 E20",
    title="Saving over all months of the forecast",
    unit=Unit.GBP,
    numerator="Net cost of all months as it is − net cost in the scenario",
    formula="sum over all months of the difference of net cost, each draw against the same draw",
    purpose="See what a change saves in all, before discounting",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_saving_in_all(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved in all, against the model as it is."""
    return _whole(flow_paths, f"{SAVING} in all").collect()


@indicator(
    rows="B12 B13 E20",
    title="Net present value of the saving",
    unit=Unit.GBP,
    numerator="Saving of each year, in prices of the start × its discount factor",
    formula="sum over years of saving × discount factor, the first year whole; 3.5% a year (HM Treasury, Green Book)",
    purpose="Compare changes that save sooner with those that save later",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_net_present_value(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds that the saving of all years is worth in the first; a last year of fewer months counts as it is."""
    return _whole(flow_paths, PRESENT_SAVING).collect()


@indicator(
    rows="B13 E20",
    title="Time until a scenario has paid back what it cost",
    unit=Unit.YEARS,
    numerator="Years from the start until the running sum of the saving is back at 0",
    formula="first time at which the undiscounted running sum of the saving is 0 after it was below",
    purpose="See how long the money is tied up",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_payback(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Years until the money is back, counted from the first month of the model; a note says if it goes out again."""
    rows = _whole(flow_paths, PAYBACK).drop("note")
    told = rows.join(payback_told(flow_paths), on=["area", "scenario"], how="left", maintain_order="left")
    is_told = pl.col("missing").is_null()
    return told.with_columns(pl.when(is_told).then(pl.col("value", "lower", "upper") / MONTHS_OF_A_YEAR)).collect()


@indicator(
    rows="B13 E20",
    title="Chance that a scenario pays back within the forecast",
    unit=Unit.SHARE,
    numerator="Draws in which the running sum of the saving is back at 0 within the months of the model",
    denominator="All draws",
    formula="draws that pay back ÷ draws",
    purpose="See how sure the money is to come back",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
)
def scenario_payback_chance(flow_paths: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws in which the money is back before the forecast ends; none where all draws are alike."""
    both = (f"chance of {PAYBACK}", f"{SAVING} in all")
    chance, saved = (_whole(flow_paths, measure).collect() for measure in both)
    is_alike = chance["missing"].is_null() & saved["missing"].is_null() & saved["upper"].is_null()
    return chance.with_columns(
        value=pl.when(~is_alike).then("value"),
        missing=pl.when(is_alike).then(pl.lit(NO_CHANCE)).otherwise("missing"),
    ).drop("lower", "upper")
