"""Small flow models as tables tell them, and such models at random."""

from datetime import date
from random import Random
from typing import Any

import polars as pl

from parity.methods.flow import Rationing
from parity.methods.flow_case import Told
from parity.methods.flow_parameters import MEANINGS, OF_CHANGES, Of, Parameter
from parity.methods.flow_scenario import IN_ALL

START = date(2026, 4, 1)
WEEKS = 52.0
PLAN = "plan"
SETTINGS = ("hostel", "house", "home")
CAPPED = {"hostel": 9, "house": 4}
BIG = 10
NUMBERS = {"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
ROWS = {"code": pl.String, "parameter": pl.String, "setting": pl.String, "destination": pl.String, **NUMBERS}
CHANGES = {
    **ROWS,
    "scenario": pl.String,
    "lever": pl.String,
    "operation": pl.String,
    "starts": pl.Date,
    "ramp_months": pl.Int64,
    "ends": pl.Date,
}
Row = dict[str, Any]


def number(parameter: Parameter, setting: str, value: float | None, *, to: str = "", **ends: float) -> Row:
    """What a row of the table of numbers tells."""
    return {"parameter": parameter.value, "setting": setting, "destination": to, "value": value, **ends}


def change(parameter: Parameter, setting: str, value: float | None, **others: Any) -> Row:
    """What a row of the table of changes tells; `others` are how it is told, and what it does not share with most."""
    row = {"scenario": PLAN, "lever": "a lever", "starts": START, "operation": others.pop("how", IN_ALL)}
    return number(parameter, setting, value, to=others.pop("to", "")) | row | others


def told_by(settings: tuple[str, ...], numbers: list[Row], *, changes: list[Row] | None = None, **facts: Any) -> Told:
    """A model told by these rows, which are called N1, N2 … and C1, C2 …"""
    parameters = [{"code": f"N{place}", **row} for place, row in enumerate(numbers, 1)]
    changed = [{"code": f"C{place}", **row} for place, row in enumerate(changes or [], 1)]
    usual = {"months": 12, "steps": 1, "rationing": Rationing.PROPORTIONAL, "weeks": WEEKS, "delays": {}}
    return Told(
        **{
            "name": "a model",
            "starts": START,
            "settings": pl.DataFrame({"setting": settings}, schema={"setting": pl.String}),
            "parameters": pl.DataFrame(parameters, schema={**ROWS, "grows_with": pl.String}),
            "changes": pl.DataFrame(changed, schema=CHANGES),
            **usual,
            **facts,
        }
    )


def on(month: int) -> date:
    """The first day of a month of the model, counted from 0."""
    return date(START.year + (START.month - 1 + month) // 12, (START.month - 1 + month) % 12 + 1, 1)


def at_random(pick: Random, *, months: int = 6, most: int = 6) -> Told:
    """A model of three settings whose numbers and changes are picked, of which nothing is impossible."""
    staying = {name for name in SETTINGS if pick.random() < 0.5}
    flows = [(one, other) for one in SETTINGS for other in SETTINGS if one != other]
    numbers = [
        _picked(pick, parameter, where)
        for parameter, meaning in MEANINGS.items()
        for where in ([("", "")] if meaning.of is Of.MODEL else flows if meaning.of is Of.FLOW else _each())
        if parameter not in OF_CHANGES and _may(parameter, where, staying=staying)
    ]
    changeable = [parameter for parameter in Parameter if parameter not in (Parameter.PEOPLE, Parameter.INFLATION)]
    changes = []
    for place in range(pick.randrange(most)):
        parameter = pick.choice(changeable)
        where = pick.choice(flows if MEANINGS[parameter].of is Of.FLOW else _each())
        if _may(parameter, where, staying=staying):
            changes.append(_change(pick, parameter, where, months=months) | {"lever": f"lever {place}"})
    rationing = pick.choice(list(Rationing))
    return told_by(SETTINGS, numbers, changes=changes, months=months, steps=pick.randrange(1, 4), rationing=rationing)


def _each() -> list[tuple[str, str]]:
    return [(name, "") for name in SETTINGS]


def _may(parameter: Parameter, where: tuple[str, str], *, staying: set[str]) -> bool:
    """Stays and shares go with one another, rates with rates, and what places cost with a number of them."""
    if parameter in (Parameter.STAY, Parameter.SHARE):
        return where[0] in staying
    if parameter in (Parameter.RATE, Parameter.LEAVING):
        return where[0] not in staying
    return where[0] in CAPPED or parameter not in (Parameter.PLACES, Parameter.PLACE_COST, Parameter.STAFF_PER_PLACE)


def _picked(pick: Random, parameter: Parameter, where: tuple[str, str]) -> Row:
    """A number, with an interval or without."""
    least, most = {Parameter.STAY: (5, 30), Parameter.PLACES: (2, 9)}.get(parameter, (0.1, BIG))
    most = 0.3 if MEANINGS[parameter].is_share else 0.1 if parameter is Parameter.INFLATION else most
    value = pick.uniform(least if most > 1 else 0.02, most)
    ends = {"lower": value * 0.9, "upper": value * 1.2} if pick.random() < 0.5 else {}
    return number(parameter, where[0], value, to=where[1], **ends)


def _change(pick: Random, parameter: Parameter, where: tuple[str, str], *, months: int) -> Row:
    """A change somewhere in the model's months."""
    first = pick.randrange(months)
    is_total = parameter in (Parameter.MOVES, Parameter.JOINING, Parameter.ONCE)
    how = IN_ALL if is_total else pick.choice(["set to", "multiplied by", "raised by"])
    if parameter is Parameter.STAY and how == "multiplied by":
        how = "raised by"
    last = pick.choice([None, first + pick.randrange(months)])
    when = {"starts": on(first), "ends": None if last is None else on(last)}
    ramp = {} if is_total else {"ramp_months": pick.choice([None, 0, 1, 3])}
    return _picked(pick, parameter, where) | {"scenario": PLAN, "operation": how, **when, **ramp}
