"""Figures that explain a scenario: the steps by lever, what each number does, and what it is worth to know more.

They read `flow_reasons`, where all is worked out, and `flow_numbers`, so that a figure names the numbers it rests on.
"""

import polars as pl

from parity.plan.flow_paths import BAND, NO_CHANCE, band_told
from parity.plan.flow_reasons import CASE, CHOICE, LEVER, NUMBER, PEOPLE, SAVED, STEP, SWING
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

MODEL = "flow model of the programme, run with and without the lever on the same draws"
ONE_END = "flow model of the programme with this number at one end of its interval, all others as stated"
CERTAINTY = "mean over draws of the better of the two − the better of the two means"


def _rows(flow_reasons: pl.DataFrame, kind: str, measure: str, *, item: str = "item") -> pl.DataFrame:
    """The rows of a kind and measure with the keys of a figure, the name of a lever or number under `item`."""
    return flow_reasons.filter(kind=kind, measure=measure).select(
        "area",
        "period",
        pl.col("label").alias("scenario"),
        pl.col("item").alias(item),
        "value",
        *band_told(),
        *("low", "high", "cost", "saving", "chance", "setting", "words", "missing", "basis", "price_year"),
    )


def _case(flow_reasons: pl.DataFrame, item: str) -> pl.DataFrame:
    """The rows of one line of the case for spending, in pounds."""
    return _rows(flow_reasons.filter(item=item), CASE, SAVED).drop("item")


def _part(flow_reasons: pl.DataFrame, item: str) -> pl.DataFrame:
    """The rows of one line of the case for spending that is a part of another."""
    return _case(flow_reasons, item).drop("basis", "price_year")


def _people(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the setting that they speak of as their note."""
    return rows.with_columns(note=pl.format("People in {}.", "setting")).drop("basis", "price_year")


def _told(steps: pl.DataFrame) -> pl.DataFrame:
    """The steps with what a lever would do alone as their note, where that differs."""
    return steps.with_columns(note=pl.format("{}: {}", "step", "words"))


def _money(rows: pl.DataFrame, value: str) -> pl.DataFrame:
    """The rows with another of their numbers as the value, which has no band."""
    return rows.drop("value", "lower", "upper").rename({value: "value"})


@indicator(
    rows="B12 E20",
    title="What each lever adds to the saving",
    unit=Unit.GBP,
    numerator="Saving over all months with this lever and those that begin earlier − with those that begin earlier",
    formula=MODEL,
    purpose="See which lever the saving of a scenario comes from",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "step"),
    interval=BAND,
)
def scenario_saving_step(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds that each lever adds, from services as they are to the scenario in all: the steps add up to the end."""
    return _told(_rows(flow_reasons, STEP, SAVED, item="step"))


@indicator(
    rows="B12 E20",
    title="What each lever does to people in the setting that changes most",
    unit=Unit.PEOPLE,
    numerator="People at the end with this lever and those that begin earlier − with those that begin earlier",
    formula=MODEL,
    purpose="See which lever moves people",
    dimensions=("scenario", "step"),
    interval=BAND,
)
def scenario_people_step(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People at the end of the last month, from services as they are to the scenario in all."""
    rows = _rows(flow_reasons, STEP, PEOPLE, item="step")
    alone, setting = _told(rows)["note"], _people(rows)
    return setting.with_columns(note=pl.concat_str("note", alone, separator=" ", ignore_nulls=True))


@indicator(
    rows="B12 B13 E20",
    title="What a lever costs, alone",
    unit=Unit.GBP,
    numerator="What its own prices, staff and payments add in all months, and what people then cost more",
    formula=MODEL,
    purpose="See whether a lever pays for itself",
    polarity=Polarity.LOW,
    dimensions=("scenario", "lever"),
)
def scenario_lever_cost(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds over all months, as stated, were only this lever pulled."""
    return _money(_rows(flow_reasons, LEVER, SAVED, item="lever"), "cost")


@indicator(
    rows="B12 B13 E20",
    title="What a lever saves, alone",
    unit=Unit.GBP,
    numerator="What its own prices take off in all months, and what people then cost less",
    formula=MODEL,
    purpose="See whether a lever pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "lever"),
)
def scenario_lever_saving(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds over all months, as stated, were only this lever pulled."""
    return _money(_rows(flow_reasons, LEVER, SAVED, item="lever"), "saving")


@indicator(
    rows="B12 B13 E20",
    title="What a lever leaves on balance, alone",
    unit=Unit.GBP,
    numerator="What the lever saves in all months − what it costs",
    formula=MODEL,
    purpose="See whether a lever pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "lever"),
    interval=BAND,
)
def scenario_lever_balance(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds over all months were only this lever pulled; below 0 where it costs more than it saves."""
    return _rows(flow_reasons, LEVER, SAVED, item="lever")


@indicator(
    rows="B12 B13 E20",
    title="Chance that a lever pays for itself",
    unit=Unit.SHARE,
    numerator="Draws in which the lever alone saves more than it costs within the months of the model",
    denominator="All draws",
    formula="draws in which it pays ÷ draws",
    purpose="See how sure it is that a lever pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "lever"),
)
def scenario_lever_chance(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws in which the lever alone pays for itself; none where all draws are alike."""
    rows = _rows(flow_reasons, LEVER, SAVED, item="lever")
    is_alike = pl.col("upper").is_null()
    told = rows.with_columns(
        chance=pl.when(~is_alike).then("chance"), missing=pl.when(is_alike).then(pl.lit(NO_CHANCE))
    )
    return _money(told, "chance").drop("basis", "price_year")


@indicator(
    rows="B12 E20",
    title="Saving with one number at the lower end of its interval",
    unit=Unit.GBP,
    numerator="Saving over all months",
    formula=ONE_END,
    purpose="See which numbers matter most",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "number"),
)
def scenario_saving_low(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved in all, were this number alone as low as its interval goes."""
    return _money(_rows(flow_reasons, SWING, SAVED, item="number"), "low")


@indicator(
    rows="B12 E20",
    title="Saving with one number at the upper end of its interval",
    unit=Unit.GBP,
    numerator="Saving over all months",
    formula=ONE_END,
    purpose="See which numbers matter most",
    polarity=Polarity.HIGH,
    dimensions=("scenario", "number"),
)
def scenario_saving_high(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds saved in all, were this number alone as high as its interval goes."""
    return _money(_rows(flow_reasons, SWING, SAVED, item="number"), "high")


@indicator(
    rows="B12 E20",
    title="People in the setting that changes most with one number at the lower end of its interval",
    unit=Unit.PEOPLE,
    numerator="People at the end of the last month",
    formula=ONE_END,
    purpose="See which numbers matter most",
    dimensions=("scenario", "number"),
)
def scenario_people_low(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People at the end, were this number alone as low as its interval goes."""
    return _people(_money(_rows(flow_reasons, SWING, PEOPLE, item="number"), "low"))


@indicator(
    rows="B12 E20",
    title="People in the setting that changes most with one number at the upper end of its interval",
    unit=Unit.PEOPLE,
    numerator="People at the end of the last month",
    formula=ONE_END,
    purpose="See which numbers matter most",
    dimensions=("scenario", "number"),
)
def scenario_people_high(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People at the end, were this number alone as high as its interval goes."""
    return _people(_money(_rows(flow_reasons, SWING, PEOPLE, item="number"), "high"))


@indicator(
    rows="B12 B14 E20",
    title="Chance that a scenario is better than services as they are",
    unit=Unit.SHARE,
    numerator="Draws in which the present value of the saving is above 0",
    denominator="All draws",
    formula="draws in which it is better ÷ draws; draws in which both are worth the same count half",
    purpose="See how sure the choice is",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
)
def scenario_chance_better(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws in which the scenario is worth more than services as they are; none where all agree."""
    rows = _rows(flow_reasons, CHOICE, SAVED)
    told = rows.with_columns(missing=pl.when(pl.col("chance").is_null()).then(pl.lit(NO_CHANCE)))
    return _money(told, "chance").drop("basis", "price_year")


@indicator(
    rows="B12 B14 E20",
    title="What it would be worth to know every number before choosing",
    unit=Unit.GBP,
    numerator="Present value of the saving, if the better of the two were chosen in each draw",
    formula=CERTAINTY,
    purpose="See how much an inquiry before the decision may cost at most",
    dimensions=("scenario",),
)
def scenario_certainty_value(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first year: the expected value of perfect information. 0 where the choice is the same in all draws.

    Source: as for `information.weigh`.
    """
    return _rows(flow_reasons, CHOICE, SAVED)


@indicator(
    rows="B12 B14 E20",
    title="What it would be worth to know one number before choosing",
    unit=Unit.GBP,
    numerator="Present value of the saving, if the better were chosen knowing this number alone",
    formula=f"{CERTAINTY}, each expected at the number’s value",
    purpose="See which number is worth an inquiry",
    dimensions=("scenario", "number"),
)
def scenario_number_value(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first year: the expected value of perfect information on one number.

    Source: as for `information.value_of_parameter`.
    """
    return _rows(flow_reasons, NUMBER, SAVED, item="number")


@indicator(
    rows="B13 E20",
    title="What the change itself costs, at present value",
    unit=Unit.GBP,
    numerator="What the levers themselves take, discounted to the first year, in its prices",
    formula="sum over years of (cost with the levers − cost were people moved alone) × discount factor",
    purpose="Put what is spent beside what it brings",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_change_cost(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first year that the change itself takes; below 0 where it takes less than is taken now."""
    return _case(flow_reasons, "costs")


@indicator(
    rows="B13 E20",
    title="What the change brings, at present value",
    unit=Unit.GBP,
    numerator="What people cost less because the change moves them, discounted to the first year, in its prices",
    formula="sum over years of (cost as it is − cost were people moved alone) × discount factor",
    purpose="Put what is spent beside what it brings",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_change_benefit(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first year that are no longer spent where people move from, less what is where they move to."""
    return _case(flow_reasons, "benefits")


@indicator(
    rows="B13 E20",
    title="What each pound spent on the change brings",
    unit=Unit.GBP_EXACT,
    numerator="Present value of what the change brings",
    denominator="Present value of what the change itself costs",
    formula="present value of benefits ÷ present value of costs",
    purpose="Compare cases for spending of different size",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_benefit_cost_ratio(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of benefit for each pound of cost; none where nothing is spent."""
    return _part(flow_reasons, "ratio")


@indicator(
    rows="B13 E20",
    title="What a change is worth as an equal amount a year",
    unit=Unit.GBP,
    numerator="Net present value of the change",
    formula="net present value × rate ÷ (1 − (1 + rate)^−years), at the first discount rate; years may have a part",
    purpose="Compare changes of different length",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_equal_year(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year, at the end of each year of the forecast, worth as much as the net present value."""
    return _case(flow_reasons, "a_year")


@indicator(
    rows="B13 E20",
    title="By how much what a change brings may fall before it is worth nothing",
    unit=Unit.SHARE,
    numerator="Net present value of the change",
    denominator="Present value of what the change brings",
    formula="net present value ÷ present value of benefits",
    purpose="See how wrong the savings may be",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_benefit_may_fall(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of all benefits; below 0 where they would have to rise."""
    return _part(flow_reasons, "may_fall")


@indicator(
    rows="B13 E20",
    title="By how much what a change costs may rise before it is worth nothing",
    unit=Unit.SHARE,
    numerator="Net present value of the change",
    denominator="Present value of what the change itself costs",
    formula="net present value ÷ present value of costs",
    purpose="See how wrong the costs may be",
    polarity=Polarity.HIGH,
    dimensions=("scenario",),
    interval=BAND,
)
def scenario_cost_may_rise(flow_reasons: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (1 is all again) of all costs of the change; below 0 where they would have to fall."""
    return _part(flow_reasons, "may_rise")
