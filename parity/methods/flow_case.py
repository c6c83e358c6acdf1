"""A flow model as tables tell it: its settings and numbers made ready to run, as they are when nothing is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

import numpy as np
import polars as pl

from parity.methods.dates import MONTHS_OF_A_YEAR, add_months
from parity.methods.flow import FlowModel, Month, Numbers, Rationing, held_to_one
from parity.methods.flow_cost import Costs
from parity.methods.flow_growth import Need, growth_levers
from parity.methods.flow_levers import Lever
from parity.methods.flow_parameters import MEANINGS, Drawing, Of, Parameter

Where = tuple[str, str]
"""A setting and a destination, each empty where there is none."""
Values = dict[tuple[Parameter, Where], Numbers]


class Account(Enum):
    """What is counted along with people: pounds paid, pounds that come in, whole-time equivalents of staff."""

    COST = "cost"
    INCOME = "income"
    STAFF = "staff"


@dataclass(frozen=True, eq=False)
class Told:
    """What tables tell of one model.

    `settings` has setting, in order of their priority; `parameters` code, parameter, setting, destination, value, lower
    and upper; `changes` those and scenario, lever, operation, starts, ramp_months and ends. `delays` are the months by
    which all changes of a scenario come later. Of a number or change of the whole model setting and destination are
    empty, of one of a setting the destination. Parameters may have `grows_with`, the name of what arrivals grow with:
    `needs` has what it stands for, or a sentence why that is not known. `doubled` are names that scenarios share.
    """

    name: str
    starts: date
    months: int
    steps: int
    rationing: Rationing
    weeks: float
    settings: pl.DataFrame
    parameters: pl.DataFrame
    changes: pl.DataFrame
    delays: Mapping[str, int]
    needs: Mapping[str, Need | str] = field(default_factory=dict)
    doubled: Sequence[str] = ()

    @property
    def periods(self) -> list[str]:
        """The months of the model, as `2026-04`."""
        return [add_months(self.starts, months=month).isoformat()[:7] for month in range(self.months)]

    @property
    def scenarios(self) -> list[str]:
        """The scenarios of which a change tells, in their order."""
        return self.changes["scenario"].unique(maintain_order=True).to_list()


@dataclass(frozen=True, eq=False)
class Case:
    """A model ready to run; its numbers are in columns: as stated, then as drawn.

    `rests` are, by setting, the flow of those whose stay ends and of whom no share tells; without one they leave
    services. `weeks` are those of a year. `growth` makes arrivals grow with need, before a scenario changes
    anything.
    """

    model: FlowModel
    start: Numbers
    month: Month
    accounts: Mapping[Account, Costs]
    prices: Numbers
    values: Values
    rests: Mapping[str, Where]
    weeks: float
    growth: Sequence[Lever] = ()

    def row(self, where: Where, of: Of) -> int:
        """The row of a setting or of a flow."""
        return self.model.flows.index(where) if of is Of.FLOW else self.model.settings.index(where[0])

    def value(self, parameter: Parameter, where: Where, *, other: float = 0.0) -> Numbers:
        """A number of the model (1 or 1 + draws), or what holds where it is not told."""
        return self.values.get((parameter, where), np.array([other]))


def case_of(told: Told, drawing: Drawing) -> Case:
    """The case of what is told, its numbers in the columns that the drawing gives.

    Weekly amounts are a year's weeks over twelve months; what is told for a year is spread evenly. Rates that are drawn
    so high that they add up to more than 1 are held to it. Call it only where `flow_tables.faults_of` finds none.

    Source: convention of this package.
    """
    untold = pl.col("value").is_null() & (pl.col("parameter") == Parameter.SHARE.value)
    rests = {where[0]: where for where in told.parameters.filter(untold).select("setting", "destination").rows()}
    rows = told.parameters.filter(~untold).with_columns(model=pl.lit(told.name), operation=pl.lit(None, pl.String))
    values: Values = {
        (Parameter(row["parameter"]), (row["setting"], row["destination"])): drawing(row)
        for row in rows.iter_rows(named=True)
    }
    model = FlowModel(
        tuple(told.settings["setting"]), flows_of(told), told.rationing, tuple(told.settings["setting"]), told.steps
    )
    growth = values.get((Parameter.INFLATION, ("", "")), np.zeros(1))
    prices = (1 + growth) ** (np.arange(told.months)[:, None] / MONTHS_OF_A_YEAR)
    none = np.zeros((0, 1))
    bare = Case(model, none, Month(none, none, none, none), {}, prices, values, rests, told.weeks)
    month = held_to_one(model, _month(bare))
    return replace(
        bare,
        start=_settings(bare, Parameter.PEOPLE),
        month=month,
        accounts=_accounts(bare),
        growth=tuple(_growth(bare, told, drawing)),
    )


def _growth(case: Case, told: Told, drawing: Drawing) -> Iterator[Lever]:
    """The levers that make arrivals grow with need; need is drawn where the drawing is by chance, else as stated."""
    for row in told.parameters.iter_rows(named=True):
        need = told.needs.get(row.get("grows_with") or "")
        if isinstance(need, Need):
            arrivals = case.values[Parameter.ARRIVALS, (row["setting"], "")]
            certain = {**row, "lever": row["grows_with"], "lower": None, "upper": None}
            people = in_rows(drawing({**certain, "value": each[0], "draws": each}) for each in need.people)
            yield from growth_levers(
                replace(need, people=people),
                arrivals,
                name=row["grows_with"],
                row=case.model.settings.index(row["setting"]),
                starts=told.starts,
                months=told.months,
            )


def flows_of(told: Told) -> tuple[Where, ...]:
    """The flows that a number or a change names, each once, in their order.

    Source: convention of this package.
    """
    named = pl.concat([told.parameters, told.changes], how="diagonal_relaxed").filter(
        pl.col("parameter").is_in([one.value for one, meaning in MEANINGS.items() if meaning.of is Of.FLOW])
    )
    return tuple(named.select("setting", "destination").unique(maintain_order=True).rows())


def leaving_in_month(stay: Numbers, *, weeks: float, steps: int) -> Numbers:
    """The share (0–1) of a setting's people whose stay ends in a month, from the mean stay in weeks.

    In each step of the month the same share ends, so that stays have the stated mean; a stay as short as a step ends
    in it.

    Source: geometric stays; Little's law, people = arrivals × stay (Little 1961).
    """
    steps_of_stay = np.maximum(stay * MONTHS_OF_A_YEAR / weeks * steps, 1)
    return 1 - (1 - 1 / steps_of_stay) ** steps


def shares_of_ended(case: Case, setting: str) -> dict[Where, Numbers]:
    """By flow out of a setting: the share (0–1) of those whose stay ends who ask for it; they add up to 1.

    The key with no destination is leaving services. It has what the told shares leave, or the flow has it that takes
    the rest. Shares that are drawn so high that they add up to more than 1 are held to it.

    Source: convention of this package.
    """
    shares = {where: case.value(Parameter.SHARE, where) for where in case.model.flows if where[0] == setting}
    total = sum(shares.values(), np.zeros(1))
    found = {where: share / np.maximum(total, 1) for where, share in shares.items()} | {(setting, ""): np.zeros(1)}
    rest = case.rests.get(setting, (setting, ""))
    found[rest] = found[rest] + np.maximum(1 - total, 0)
    return found


def leaving_rates(case: Case, setting: str) -> dict[Where, Numbers]:
    """By flow out of a setting whose length of stay is told: the share (0–1) of its people who ask for it in a month.

    The key with no destination is leaving services.

    Source: competing risks with constant proportions.
    """
    ending = leaving_in_month(case.values[Parameter.STAY, (setting, "")], weeks=case.weeks, steps=case.model.steps)
    return {where: ending * share for where, share in shares_of_ended(case, setting).items()}


def cost_of_move(case: Case, flow: Where) -> Numbers:
    """Pounds for each person who moves along a flow (1 or 1 + draws).

    The place that the person left is paid for the weeks of double running, and for those in which it stays empty.

    Source: convention of this package.
    """
    weeks = case.value(Parameter.DOUBLE_RUNNING, flow) + case.value(Parameter.VOID, flow)
    return case.value(Parameter.MOVE_COST, flow) + weeks * case.value(Parameter.COST, (flow[0], ""))


def _month(case: Case) -> Month:
    """What a month brings."""
    stays = [setting for setting in case.model.settings if (Parameter.STAY, (setting, "")) in case.values]
    told = {where: rate for setting in stays for where, rate in leaving_rates(case, setting).items()}
    flows = case.model.flows
    exits = [told.get((setting, ""), case.value(Parameter.LEAVING, (setting, ""))) for setting in case.model.settings]
    return Month(
        in_rows(told.get(where, case.value(Parameter.RATE, where)) for where in flows),
        in_rows(exits),
        _settings(case, Parameter.ARRIVALS),
        _settings(case, Parameter.PLACES, other=np.inf),
        np.zeros((len(flows), 1)),
        np.full((len(flows), 1), np.inf),
    )


def _accounts(case: Case) -> dict[Account, Costs]:
    """What a month costs, brings in, and takes in staff."""
    of_week, flows = case.weeks / MONTHS_OF_A_YEAR, case.model.flows
    nothing, no_move, none = (np.zeros((rows, 1)) for rows in (len(case.model.settings), len(flows), 1))
    return {
        Account.COST: Costs(
            _settings(case, Parameter.COST) * of_week,
            _settings(case, Parameter.PLACE_COST) * of_week,
            _settings(case, Parameter.SETTING_COST) / MONTHS_OF_A_YEAR,
            in_rows(cost_of_move(case, flow) for flow in flows),
            none,
        ),
        Account.INCOME: Costs(_settings(case, Parameter.INCOME) * of_week, nothing, nothing, no_move, none),
        Account.STAFF: Costs(
            _settings(case, Parameter.STAFF_PER_PERSON),
            _settings(case, Parameter.STAFF_PER_PLACE),
            _settings(case, Parameter.STAFF),
            no_move,
            none,
        ),
    }


def _settings(case: Case, parameter: Parameter, *, other: float = 0.0) -> Numbers:
    """A number of each setting."""
    return in_rows(case.value(parameter, (setting, ""), other=other) for setting in case.model.settings)


def in_rows(rows: Iterable[Numbers]) -> Numbers:
    """Rows × (1 or draws): rows of one number or of one for each draw, one under the other.

    Source: convention of this package.
    """
    kept = list(rows)
    width = max((len(row) for row in kept), default=1)
    return np.array([np.broadcast_to(row, width) for row in kept]).reshape(len(kept), width)
