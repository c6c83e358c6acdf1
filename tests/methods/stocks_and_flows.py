"""Models of stocks and flows made up for tests, and run in the plainest way: Euler's method, one equation at a time."""

import math
from collections.abc import Mapping
from typing import Any

from parity.terms.system_dynamics import Equation, Stock, SystemModel

Stocks = Mapping[str, tuple[float, str, str]]
"""People at the start, the flows that fill it and those that empty it, separated by spaces."""
FUNCTIONS = {"MIN": min, "MAX": max, "EXP": math.exp, "IF": lambda given, one, other: one if given else other}


class _Values(dict[str, Any]):
    """What each name is worth at one time, worked out when it is asked for."""

    def __init__(self, numbers: Mapping[str, Any], equations: Mapping[str, str]) -> None:
        super().__init__({**FUNCTIONS, **numbers})
        self.equations = equations

    def __missing__(self, name: str) -> Any:
        return eval(self.equations[name].replace("^", "**"), {}, self)


def made(
    stocks: Stocks, equations: Mapping[str, str], *, dt: float = 1, steps: int = 12, unit: str = "Month", **more: Any
) -> SystemModel:
    """The description of a model as its file would tell it, with its run; what no stock names is no flow."""
    people = {name: start for name, (start, _, _) in stocks.items()}
    told = {name: Stock(name, (*into.split(),), (*out.split(),)) for name, (_, into, out) in stocks.items()}
    run = {name: [start] for name, start in people.items()}
    begins: dict[str, float] = {}
    for step in range(steps):
        values = _Values({**people, "TIME": step * dt, "DT": dt}, equations)
        found = {name: values[name] for name in equations}
        begins = begins or {**people, **found}
        for name, stock in told.items():
            change = sum(found[flow] for flow in stock.inflows) - sum(found[flow] for flow in stock.outflows)
            people[name] += dt * change
            run[name].append(people[name])
    named = {flow for stock in told.values() for flow in (*stock.inflows, *stock.outflows)}
    return SystemModel(
        **{
            "title": "Made up",
            "start": 0.0,
            "dt": dt,
            "unit": unit,
            "method": "euler",
            "stocks": told,
            "flows": {name: Equation(name, equation) for name, equation in equations.items() if name in named},
            "others": {name: Equation(name, equation) for name, equation in equations.items() if name not in named},
            "begins": begins,
            "run": {name: tuple(numbers) for name, numbers in run.items()},
            **more,
        }
    )
