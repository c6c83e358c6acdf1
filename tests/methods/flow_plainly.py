"""What becomes of a flow model that tables tell, one number, one month and one step after the other."""

from collections import defaultdict
from math import inf
from typing import Any

from parity.methods.flow import Rationing
from parity.methods.flow_case import Told, flows_of
from parity.methods.flow_parameters import TOTALS, Drawing, Parameter

Where = tuple[str, str]
Plain = dict[str, list[Any]]


class Tables:
    """Looks a number up in the tables as often as it is asked for; `column` is the draw."""

    def __init__(self, told: Told, scenario: str, *, drawing: Drawing, column: int) -> None:
        self.told, self.names = told, told.settings["setting"].to_list()
        self.parameters = [self._drawn(row, drawing, column) for row in told.parameters.to_dicts()]
        rows = [row for row in told.changes.to_dicts() if row["scenario"] == scenario]
        self.changes = [self._drawn(row, drawing, column) for row in sorted(rows, key=lambda row: row["starts"])]
        self.delay = told.delays.get(scenario, 0)

    def _drawn(self, row: dict[str, Any], drawing: Drawing, column: int) -> dict[str, Any]:
        if row["value"] is None:
            return row
        numbers = drawing({"operation": None, **row, "model": self.told.name})
        return row | {"value": float(numbers[column % len(numbers)])}

    def holds(self, row: dict[str, Any], month: int) -> float:
        """How much of a change holds in the month."""
        first, last = (
            None if day is None else round((day - self.told.starts).days / 30.44) + self.delay
            for day in (row["starts"], row["ends"])
        )
        assert first is not None
        if Parameter(row["parameter"]) in TOTALS:
            last = first if last is None else last
            return 1 / (last - first + 1) if first <= month <= last else 0
        if month < first or (last is not None and month > last):
            return 0
        return min(1, (month - first + 1) / max(row["ramp_months"] or 1, 1))

    def base(self, parameter: Parameter, where: Where, other: float = 0) -> float:
        for row in self.parameters:
            if row["parameter"] == parameter.value and (row["setting"], row["destination"]) == where:
                return other if row["value"] is None else float(row["value"])
        return other

    def number(self, parameter: Parameter, where: Where, *, month: int, other: float = 0) -> float:
        return self.changed(self.base(parameter, where, other), parameter, where, month=month)

    def changed(self, value: float, parameter: Parameter, where: Where, *, month: int) -> float:
        for row in self.changes:
            if row["parameter"] != parameter.value or (row["setting"], row["destination"]) != where:
                continue
            share = self.holds(row, month)
            if row["operation"] == "set to" and share:
                value = row["value"] if value == inf else value + share * (row["value"] - value)
            elif row["operation"] == "multiplied by" and value < inf:
                value *= 1 - share + share * row["value"]
            elif row["operation"] in ("raised by", "in all"):
                value += share * row["value"]
        return value if parameter is Parameter.ONCE else max(value, 0)

    def in_all(self, parameter: Parameter, where: Where, *, month: int) -> float:
        """What changes bring of it in the month."""
        return sum(
            self.holds(row, month) * row["value"]
            for row in self.changes
            if row["parameter"] == parameter.value and (row["setting"], row["destination"]) == where
        )

    def shares(self, setting: str, flows: list[Where], *, month: int) -> dict[Where, float]:
        """Where those go whose stay ends; without a destination they leave services."""
        own = [where for where in flows if where[0] == setting]
        out = {where: self.base(Parameter.SHARE, where) for where in own}
        out = {where: share / max(sum(out.values()), 1) for where, share in out.items()}
        leaving = 1 - sum(out.values())
        told = {
            where
            for where in own
            for row in self.changes
            if row["parameter"] == Parameter.SHARE.value
            and (row["setting"], row["destination"]) == where
            and self.holds(row, month)
        }
        fixed = {where: min(self.changed(out[where], Parameter.SHARE, where, month=month), 1) for where in told}
        left = max(1 - sum(fixed.values()), 0)
        others = {**{where: out[where] for where in own if where not in told}, (setting, ""): leaving}
        total = sum(others.values())
        found = {where: left * share / total if total > 1e-12 else 0 for where, share in others.items()}
        if total <= 1e-12:
            found[setting, ""] = left
        return {**{where: share / max(sum(fixed.values()), 1) for where, share in fixed.items()}, **found}

    def rates(self, setting: str, flows: list[Where], *, month: int) -> dict[Where, float]:
        """The share of the setting's people who leave in one step, by where they go."""
        steps = self.told.steps
        stay = self.base(Parameter.STAY, (setting, ""), -1)
        if stay >= 0:
            stay = self.number(Parameter.STAY, (setting, ""), month=month)
            step = min(1, self.told.weeks / 12 / steps / max(stay, 1e-9))
            return {where: step * share for where, share in self.shares(setting, flows, month=month).items()}
        found = {where: self.held(Parameter.RATE, where, month=month) for where in flows if where[0] == setting}
        found[setting, ""] = self.held(Parameter.LEAVING, (setting, ""), month=month)
        total = sum(found.values())
        step = (1 - (1 - min(total, 1)) ** (1 / steps)) / total if total else 0
        return {where: step * share for where, share in found.items()}

    def held(self, parameter: Parameter, where: Where, *, month: int) -> float:
        return max(self.number(parameter, where, month=month), 0)


def plainly(told: Told, scenario: str, *, drawing: Drawing, column: int = 0) -> Plain:
    """By month: people in each setting, and money and staff; rationing in proportion alone."""
    assert told.rationing is Rationing.PROPORTIONAL
    tables, flows, steps = Tables(told, scenario, drawing=drawing, column=column), list(flows_of(told)), told.steps
    people = {name: tables.base(Parameter.PEOPLE, (name, "")) for name in tables.names}
    due, found = dict.fromkeys(flows, 0.0), defaultdict(list)
    for month in range(told.months):
        sums = {"people": dict.fromkeys(people, 0.0), "moved": dict.fromkeys(flows, 0.0)}
        for _ in range(steps):
            moved = _step(tables, people, due, month=month)
            for name, here in people.items():
                sums["people"][name] += here / steps
            for flow, some in moved.items():
                sums["moved"][flow] += some
        found["people"].append(list(people.values()))
        for name, amount in _amounts(tables, sums, month=month).items():
            found[name].append(amount)
    return found


def _step(tables: Tables, people: dict[str, float], due: dict[Where, float], *, month: int) -> dict[Where, float]:
    """Those who move in one step, by flow; people and those due are as they are after it."""
    steps, flows = tables.told.steps, list(due)
    rates = {where: rate for name in people for where, rate in tables.rates(name, flows, month=month).items()}
    left = {name: people[name] * rates[name, ""] for name in people}
    asked = {flow: people[flow[0]] * rates[flow] for flow in flows}
    able = {}
    for flow in flows:
        due[flow] += tables.in_all(Parameter.MOVES, flow, month=month) / steps
        able[flow] = min(due[flow], _limit(tables, flow, month=month) / steps)
    plans = {}
    for name in people:
        out = [flow for flow in flows if flow[0] == name]
        there = people[name] - left[name] - sum(asked[flow] for flow in out)
        wanted = sum(able[flow] for flow in out)
        for flow in out:
            plans[flow] = able[flow] * min(1, max(there, 0) / wanted) if wanted else 0
    moved = {}
    for name in people:
        into = [flow for flow in flows if flow[1] == name]
        wanted = sum(asked[flow] + plans[flow] for flow in into)
        places = max(tables.number(Parameter.PLACES, (name, ""), month=month, other=inf), 0)
        free = max(places - people[name] + left[name], 0)
        for flow in into:
            share = min(1, free / wanted) if wanted else 0
            moved[flow] = (asked[flow] + plans[flow]) * share
            due[flow] -= plans[flow] * share
    for name in people:
        joining = tables.in_all(Parameter.JOINING, (name, ""), month=month)
        arrivals = max(tables.number(Parameter.ARRIVALS, (name, ""), month=month) + joining, 0)
        people[name] += arrivals / steps - left[name]
    for (origin, destination), some in moved.items():
        people[origin] -= some
        people[destination] += some
    return moved


def _limit(tables: Tables, flow: Where, *, month: int) -> float:
    """Those whom staff can move in the month: anybody where no change tells of a team."""
    teams = [row for row in tables.changes if row["parameter"] == Parameter.TEAM.value]
    if not any((row["setting"], row["destination"]) == flow for row in teams):
        return inf
    team = tables.number(Parameter.TEAM, flow, month=month)
    return team * tables.number(Parameter.MOVES_OF_WORKER, flow, month=month, other=inf) if team else 0


def _amounts(tables: Tables, sums: dict[str, Any], *, month: int) -> dict[str, float]:
    """Pounds paid, pounds that come in, and staff, of a month."""
    of_week = tables.told.weeks / 12
    cost = income = staff = 0.0

    def told(parameter: Parameter, name: str, to: str = "") -> float:
        return tables.number(parameter, (name, to), month=month)

    for name, people in sums["people"].items():
        places = max(tables.number(Parameter.PLACES, (name, ""), month=month, other=0), 0)
        cost += people * told(Parameter.COST, name) * of_week + places * told(Parameter.PLACE_COST, name) * of_week
        cost += told(Parameter.SETTING_COST, name) / 12 + tables.in_all(Parameter.ONCE, (name, ""), month=month)
        income += people * told(Parameter.INCOME, name) * of_week
        staff += people * told(Parameter.STAFF_PER_PERSON, name) + places * told(Parameter.STAFF_PER_PLACE, name)
        staff += told(Parameter.STAFF, name)
    for (name, to), moved in sums["moved"].items():
        weeks = told(Parameter.DOUBLE_RUNNING, name, to) + told(Parameter.VOID, name, to)
        cost += moved * (told(Parameter.MOVE_COST, name, to) + weeks * told(Parameter.COST, name))
        team = told(Parameter.TEAM, name, to)
        cost += team * told(Parameter.COST_OF_WORKER, name, to) / 12
        staff += team
    prices = (1 + tables.base(Parameter.INFLATION, ("", ""))) ** (month / 12)
    return {"cost": cost * prices, "income": income * prices, "staff": staff}
