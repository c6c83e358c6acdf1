"""The answer to a question of sizes as one table: every size, option and limit, and the plan that is worth most."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from parity.methods.chance import band_shares, is_wide, quantiles
from parity.methods.flow import Numbers
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import Parameter
from parity.methods.flow_scenario import Change
from parity.methods.sizing import plan_name
from parity.plan.flow_answer import AT_ONCE_LIMIT, IN_YEAR_LIMIT, LEVEL, LIMIT, OPTION, WHOLE, framed
from parity.plan.flow_choice import Question, options_of, where_of
from parity.plan.flow_sizes import STAFF_LIMIT, SizesAnswer, SizesQuestion, Uses, answer_of, menu_of
from parity.plan.flow_tables import FlowTables, faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.errors import WrongState
from parity.terms.units import Unit, write_number

SIZE, PAIR = "size", "pair"
"""What a row of the answer is of, beside an option, a limit and the whole."""
AMOUNTS: Mapping[Parameter, str] = {
    Parameter.MOVES: "{number} people to move",
    Parameter.JOINING: "{number} people who join",
    Parameter.ONCE: "{pounds} paid once",
    Parameter.TEAM: "{number} WTE in the team",
    Parameter.STAFF: "{number} WTE of staff {more}",
    Parameter.PLACES: "{number} places {more}",
    Parameter.ARRIVALS: "{number} arrivals a month {more}",
    Parameter.SETTING_COST: "{pounds} a year {more} for the setting",
}
"""How much of it an option has, in words; `more` is less where it is below 0."""
DONE = {
    Operation.SET.value: "set",
    Operation.TIMES.value: "multiplied",
    Operation.PLUS.value: "raised",
}
MEASURES = ("worth", "worth_lower", "worth_upper", "at_once", "in_year", "staff", "waiting")
NUMBERS = (
    "size", *MEASURES, "added", "between", "used", "most", "left", "one_more", "step", "together", "draws", "runs"
)  # fmt: skip
TRUTHS = ("is_chosen", "is_kept")
TEXTS = ("model", "area", "part", "item", "option", "unit", "words", "missing", "period", "basis", "price_year")
COLUMNS = {
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(TRUTHS, pl.Boolean),
}


@derived_table(words="How much of each option of each flow model to buy, and what every size is worth", version=2)
def flow_sizes(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    weeks_per_year: Assumption,
    scenarios: pl.DataFrame | None = None,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The answers to the question of each model that has options: all of them, in halves up to twice, without limits.

    A model that cannot be run, or whose sizes are too many to be worked out at once, has one row that says so.
    """
    tables = tables_of(flow_models, flow_settings, flow_numbers, scenarios, need_ahead)
    asked = [SizesQuestion(Question(model)) for model in flow_models["model"]]
    found = [sizes_answer(tables, question, weeks=weeks_per_year.value) for question in asked]
    return pl.concat([pl.DataFrame(schema=COLUMNS), *found])


def sizes_answer(tables: FlowTables, question: SizesQuestion, *, weeks: float) -> pl.DataFrame:
    """The answer to a question in `COLUMNS`; nothing without options, a row that says why where there can be none."""
    told = told_of(tables, question.asked.model, weeks=weeks)
    facts = tables.flow_models.filter(model=question.asked.model).row(0, named=True)
    span = f"{told.periods[0]} to {told.periods[-1]}" if told.periods else ""
    faults = faults_of(told)
    if not faults and not options_of(told):
        return pl.DataFrame(schema=COLUMNS)
    try:
        found = None if faults else answer_of(menu_of(told, question))
    except WrongState as error:
        found, faults = None, [str(error)]
    if found is None:
        parts = [pl.DataFrame({"part": [WHOLE], "item": [""], "missing": [" ".join(faults)]})]
    else:
        parts = [_sizes(found), _options(found), _limits(found), _pairs(found), _whole(found)]
    return framed(pl.concat(parts, how="diagonal_relaxed").with_columns(period=pl.lit(span)), facts, columns=COLUMNS)


def size_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """A row for every size of every option of an answer: what it is worth, needs and leaves, and if it is chosen."""
    rows = frame.filter(part=SIZE)
    taken = ("option", "size", "words", *MEASURES, "is_chosen")
    found = rows.select("model", "period", "basis", "price_year", *taken)
    return found.rename({"words": "amounts", "worth": "net_present_value_gbp"})


def amounts_of(changes: list[Change], size: float) -> str:
    """What an option has of each amount at a size, in words: 126 people to move, 6 WTE in the team."""
    own = [change for change in changes if change.is_amount]
    several = len({change.where for change in own if change.parameter is not Parameter.ONCE}) > 1
    return ", ".join(_amount(change, size, is_placed=several) for change in own)


def whole_because(changes: list[Change]) -> str:
    """Why an option is taken whole or not at all: the changes of which nothing says what another size would be."""
    told: dict[str, list[str]] = {}
    for change in changes:
        is_total = change.row["operation"] not in DONE
        how = "" if is_total else f" is {DONE[change.row['operation']]}"
        told.setdefault(f"“{change.parameter.value}”{how}", []).append(where_of(change))
    return "; ".join(f"{what} ({', '.join(dict.fromkeys(places))})" for what, places in told.items())


def _amount(change: Change, size: float, *, is_placed: bool) -> str:
    value = float(change.row["value"]) * size
    told = AMOUNTS[change.parameter]
    is_more = "{more}" in told
    shown = abs(value) if is_more else value
    more = "less" if value < 0 else "more"
    words = told.format(number=write_number(shown), pounds=Unit.GBP.write(shown), more=more)
    return f"{words} ({where_of(change)})" if is_placed else words


def _measures(uses: Uses) -> dict[str, Numbers]:
    """What each entry is worth and uses; a range where draws differ."""
    worth = uses.saved.mean(axis=1)
    ends = np.full((len(worth), 2), np.nan)
    is_drawn = is_wide(uses.saved.min(axis=1), uses.saved.max(axis=1), value=worth)
    if is_drawn.any():
        ends[is_drawn] = quantiles(np.ascontiguousarray(uses.saved[is_drawn]), band_shares((LEVEL,)))
    needs = (uses.most(name) for name in (AT_ONCE_LIMIT, IN_YEAR_LIMIT, STAFF_LIMIT))
    return dict(zip(MEASURES, (worth, ends[:, 0], ends[:, 1], *needs, uses.waiting), strict=True))


def _sizes(found: SizesAnswer) -> pl.DataFrame:
    """A row a size of an option."""
    entries = found.menu.entries
    changes = [levers.changes for levers in found.menu.ready.levers]
    return pl.DataFrame(
        {
            "item": [entry.name for entry in entries],
            "option": [entry.option for entry in entries],
            "size": [entry.size for entry in entries],
            "words": [amounts_of(list(changes[entry.place]), entry.size) for entry in entries],
            "is_chosen": [at in found.chosen for at in range(len(entries))],
            **_measures(found.uses),
        }
    ).with_columns(part=pl.lit(SIZE))


def _options(found: SizesAnswer) -> pl.DataFrame:
    """A row an option: the size that is chosen, 0 where it is left out, and why it cannot have another."""
    levers = zip(found.menu.names, found.menu.ready.levers, strict=True)
    rows = [(name, found.plan.sizes[name], whole_because(own.without_size) or None) for name, own in levers]
    schema = {"item": pl.String, "size": pl.Float64, "words": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        part=pl.lit(OPTION), is_chosen=pl.col("size") > 0, option=pl.col("item")
    )


def _limits(found: SizesAnswer) -> pl.DataFrame:
    """A row a limit: what the plan uses where sizes add up, and where they are run together."""
    limits = found.menu.question.limits
    return found.plan.limits.rename({"limit": "item"}).with_columns(
        step=pl.Series([limit.step for limit in limits], dtype=pl.Float64),
        unit=pl.Series([limit.unit.name for limit in limits], dtype=pl.String),
        together=pl.Series([float(found.together.most(limit.name)[0]) for limit in limits], dtype=pl.Float64),
        is_kept=pl.Series([found.is_kept(limit) for limit in limits], dtype=pl.Boolean),
        part=pl.lit(LIMIT),
    )


def _pairs(found: SizesAnswer) -> pl.DataFrame:
    """A row a pair of options that exclude each other, and why."""
    rows = [
        (f"“{one}” or “{other}”, not both", f"{why[:1].upper()}{why[1:]}.")
        for one, other, why in found.menu.ready.clashes
    ]
    schema = {"item": pl.String, "words": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(part=pl.lit(PAIR))


def _whole(found: SizesAnswer) -> pl.DataFrame:
    """The row of the plan: what its sizes add up to, and what they are worth where they are run together."""
    together = {name: float(values[0]) for name, values in _measures(found.together).items()}
    return pl.DataFrame(
        {
            "part": [WHOLE],
            "item": [plan_name(found.plan.sizes)],
            "size": [float(len(found.chosen))],
            "added": [found.plan.worth],
            **{name: [value] for name, value in together.items()},
            "between": [together["worth"] - found.plan.worth],
            "draws": [float(found.uses.saved.shape[1])],
            "runs": [float(len(found.menu.entries))],
        }
    )
