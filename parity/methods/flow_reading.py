"""A model of stocks and flows that another program wrote, as the flow model here runs it: or why it cannot be.

Stocks become settings. What a flow takes from a setting in proportion to its people becomes a rate, or, where it leads
nowhere, the share who leave services; a fixed number from nowhere becomes arrivals; a flow held back where free places
are short becomes places. A model is handed over only if its run here gives the numbers of its own program.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import polars as pl

from parity.methods.flow import FlowModel, Month, Numbers, impossible
from parity.methods.flow_parameters import Parameter
from parity.methods.flow_parts import Parts, parts_of
from parity.methods.flow_run import Series, run
from parity.terms.system_dynamics import SystemModel
from parity.terms.units import write_number

AGREEING = 1e-9
"""By how much a run may differ from the file's own: of a person, or of the number where it is larger."""
PER_MONTH = {
    "minute": 43_200, "min": 43_200, "hour": 720, "hr": 720, "day": 30, "week": 4, "wk": 4, "month": 1, "mo": 1,
    "quarter": 1 / 3, "year": 1 / 12, "yr": 1 / 12,
}  # fmt: skip
"""A run's month in the units that files count time in: 30 days or 4 weeks where these are counted."""
CALENDAR = "a month"
NEARLY_WHOLE = 1e-4
"""How far a month may be from a whole number of steps: a twelfth of a year is often written with four digits."""
STEP = "a step"
EULER = "euler"
NAMED = 5
"""How many of the variables left out are named."""


class Verdict(Enum):
    """What can be said of a model that was read."""

    WHOLE = "runs whole, with the numbers of its own program"
    HELD = "runs with parts held at their starting value"
    REFUSED = "cannot be run"


@dataclass(frozen=True, eq=False)
class Brought:
    """A model as it runs here: so many equal months from people at the start, each as long as `period` says."""

    model: FlowModel
    start: Numbers
    month: Month
    months: int
    period: str


@dataclass(frozen=True, eq=False)
class Reading:
    """What became of a model: `sentences` tell what is left out, held, or cannot be; refused, nothing is `brought`."""

    title: str
    verdict: Verdict
    sentences: tuple[str, ...]
    brought: Brought | None = None


@dataclass(frozen=True)
class _Months:
    """A run's months: how many, the steps in each, what one is; and a sentence where this is not what people expect."""

    number: int
    steps: int
    period: str
    told: str = ""


def reading_of(described: SystemModel) -> Reading:
    """The model as the flow model runs it, with the verdict and a sentence for everything that is not taken over.

    A model runs whole if its people at every month's end are those of the file's own run to 1e-9, or of a person. Where
    a flow depends on what cannot be followed, but goes in proportion to people otherwise, this is held at its starting
    value, and only the first step is compared. Refused are models of other parts, with other numbers, with another
    method than Euler's, and whose month is no whole number of steps.

    Source: convention of this package; Euler's method for stocks and flows (Forrester 1961).
    """
    months, parts = _months_of(described), parts_of(described)
    if isinstance(months, str):
        return Reading(described.title, Verdict.REFUSED, (months,))
    if parts.faults:
        names = _names(described)
        faults = [f"{names[key]}: {why}." for key, why in parts.faults.items()]
        return Reading(described.title, Verdict.REFUSED, (*faults,))
    brought = _brought(described, parts, months=months)
    compared = _brought(described, parts, months=_Months(1, 1, STEP)) if parts.held else brought
    if faults := impossible(brought.model, brought.start, month=brought.month) or _differences(described, compared):
        return Reading(described.title, Verdict.REFUSED, (*faults,))
    told = tuple(filter(None, [months.told, *_left_out(described, parts)]))
    return Reading(described.title, Verdict.HELD if parts.held else Verdict.WHOLE, told, brought)


def parameters_of(brought: Brought) -> pl.DataFrame:
    """The rows by which tables tell the model: parameter, setting, destination (null but of a flow), value.

    Rates are told even where they are 0, as they are what makes a flow; places where there is a limit.

    Source: convention of this package.
    """
    settings, flows = [(name, None) for name in brought.model.settings], brought.model.flows
    month = brought.month
    told = (
        (Parameter.PEOPLE, settings, brought.start),
        (Parameter.ARRIVALS, settings, month.arrivals),
        (Parameter.LEAVING, settings, month.exits),
        (Parameter.PLACES, settings, month.capacities),
        (Parameter.RATE, flows, month.rates),
    )
    rows = [
        (parameter.value, *where, value)
        for parameter, wheres, numbers in told
        for where, value in zip(wheres, numbers[:, 0].tolist(), strict=True)
        if np.isfinite(value)
    ]
    schema = {"parameter": pl.String, "setting": pl.String, "destination": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _months_of(described: SystemModel) -> _Months | str:
    """The months that the file's run is made of, or the sentence that says why it has none."""
    unit = described.unit.strip().lower().rstrip("s")
    exact = PER_MONTH.get(unit, 1) / described.dt
    length = len(next(iter(described.run.values()), ())) - 1
    if not described.stocks:
        return "There is no stock in the file, and so nowhere for people to be."
    if described.method.lower() != EULER:
        return f"The file asks for the method {described.method}; people move in whole steps here: ask for Euler."
    if length < exact * (1 - NEARLY_WHOLE):
        return "The file's run is shorter than a month."
    steps = round(exact)
    if steps < 1 or abs(exact - steps) > NEARLY_WHOLE * steps:
        shown = f"{write_number(described.dt)} {unit or 'month'}"
        return f"A month is not a whole number of the file's steps of {shown}: make its time step a part of a month."
    period = CALENDAR if unit not in PER_MONTH or PER_MONTH[unit] <= 1 else f"{PER_MONTH[unit]} {unit}s"
    told = "" if period == CALENDAR else f"The file counts {unit}s: a month of its run here is {period}."
    if unit not in PER_MONTH:
        told = "The file does not say in what it counts its time" if not unit else f"It is not known what a {unit} is"
        told += ": it is read as months."
    return _Months(length // steps, steps, period, told)


def _names(described: SystemModel) -> Mapping[str, str]:
    """What each variable is called."""
    return {
        key: each.name for part in (described.others, described.flows, described.stocks) for key, each in part.items()
    }


def _left_out(described: SystemModel, parts: Parts) -> list[str]:
    """A sentence for each part of the file that is not taken over."""
    names = _names(described)
    sentences = [
        f"{names[key]}: it is held at its starting value, {write_number(described.begins[key])}, as {why}."
        for key, why in parts.held.items()
    ]
    sentences += [f"{names[key]}: it is left out, as no flow of people depends on it." for key in parts.aside]
    if unused := [names[key] for key in parts.unused]:
        more = f" and {len(unused) - NAMED} others" if len(unused) > NAMED else ""
        sentences.append(f"Left out, as no flow of people depends on it: {', '.join(unused[:NAMED])}{more}.")
    return sentences


def _brought(described: SystemModel, parts: Parts, *, months: _Months) -> Brought:
    """The model with what each month brings."""
    names = [described.stocks[key].name for key in parts.settings]
    name = dict(zip(parts.settings, names, strict=True))
    model = FlowModel((*names,), tuple((name[one], name[other]) for one, other in parts.rates), steps=months.steps)
    leaving = dict.fromkeys(parts.settings, 0.0)
    for (origin, _), rate in parts.rates.items():
        leaving[origin] += rate * described.dt
    for key, rate in parts.exits.items():
        leaving[key] += rate * described.dt
    factor = {key: described.dt * _over_a_month(share, steps=months.steps) for key, share in leaving.items()}
    period = described.dt * months.steps
    month = Month(
        rates=_column([rate * factor[origin] for (origin, _), rate in parts.rates.items()]),
        exits=_column([parts.exits.get(key, 0) * factor[key] for key in parts.settings]),
        arrivals=_column([parts.arrivals.get(key, 0) * period for key in parts.settings]),
        capacities=_column([parts.places.get(key, np.inf) for key in parts.settings]),
    )
    start = _column([described.run[key][0] for key in parts.settings])
    return Brought(model, start, month, months.number, months.period)


def _column(numbers: list[float]) -> Numbers:
    return np.array(numbers, float).reshape(-1, 1)


def _over_a_month(share: float, *, steps: int) -> float:
    """How many times the share who leave in a step the share is who leave in a month of steps: 1 in a month of one.

    A share above 1 is told as impossible, and stays as it is.
    """
    if steps == 1 or not 0 < share <= 1:
        return 1
    return (-np.expm1(steps * np.log1p(-share)) if share < 1 else 1) / share


def _differences(described: SystemModel, brought: Brought) -> list[str]:
    """A sentence on the largest difference from the file's own run, if there is any that counts."""
    keys = [key for key, stock in described.stocks.items() if stock.name in brought.model.settings]
    steps = slice(0, brought.months * brought.model.steps + 1, brought.model.steps)
    own = np.array([described.run[key][steps] for key in keys]).T
    months = [brought.month] * brought.months
    with np.errstate(all="ignore"):
        people = run(brought.model, brought.start, months=months, keep=[Series.PEOPLE]).series[Series.PEOPLE][..., 0]
        apart = np.nan_to_num(np.abs(people - own) / np.maximum(np.abs(own), 1), nan=np.inf)
    month, place = np.unravel_index(np.argmax(apart), apart.shape)
    if apart[month, place] <= AGREEING:
        return []
    here, there = (
        write_number(each) if np.isfinite(each) else "no number of"
        for each in (people[month, place], own[month, place])
    )
    after = f"after {month} period{'' if month == 1 else 's'} of {brought.period}"
    return [f"{brought.model.settings[place]}: {there} people in the file's own run {after}, and {here} people here."]
