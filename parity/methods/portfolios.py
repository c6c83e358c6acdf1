"""Portfolios: every set of some options, which of them the rules allow, and which of those to choose.

A portfolio is a row that says of each option whether it is in. Its outcomes are reckoned elsewhere, on the same draws
for all portfolios; `information.weigh` compares them, block by block.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.methods.flow import ROUNDING, Numbers
from parity.methods.information import Choice, first_of_most
from parity.terms.errors import WrongState
from parity.terms.units import Unit

Truths = NDArray[np.bool_]

MOST_OPTIONS = 13
"""Their portfolios, 8,192, are all reckoned in seconds."""
BEST_SHARE = 0.1
NO_OPTION = "No option"


@dataclass(frozen=True)
class Limit:
    """At most so much of something: pounds at once, pounds a year, staff; and what each option uses of it, by name.

    Where what portfolios use is no sum over their options, it is `measured`, a number for each of them in their order.
    """

    name: str
    most: float
    unit: Unit
    uses: Mapping[str, float]
    measured: Numbers | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Options:
    """The options by name, and the rules that a portfolio keeps.

    All limits hold; of each group in `at_most_one` one option is in or none; of each pair in `needs` the first is in
    only with the second.
    """

    names: tuple[str, ...]
    limits: tuple[Limit, ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, str], ...] = ()


def every_portfolio(options: Options) -> Truths:
    """Portfolios × options: every set of the options, the empty one first.

    Raises WrongState for more than 13 options, for two with the same name, and for a rule that names another.

    Source: enumeration, 2 to the power of the number of options.
    """
    if len(options.names) > MOST_OPTIONS:
        raise WrongState(f"At most {MOST_OPTIONS} options can be combined in every way; leave some out or join some.")
    if len(set(options.names)) < len(options.names):
        raise WrongState("Two options have the same name.")
    named = [*(name for limit in options.limits for name in limit.uses)]
    named += [name for group in (*options.at_most_one, *options.needs) for name in group]
    if unknown := [name for name in named if name not in options.names]:
        raise WrongState(f"A rule names an option that there is not: {unknown[0]}.")
    places = np.arange(len(options.names))
    return (np.arange(1 << len(options.names))[:, None] >> places & 1).astype(bool)


def used(limit: Limit, options: Options, *, held: Truths) -> Numbers:
    """Portfolios: what each uses of a limit, in its unit.

    Source: sum over the options that are in, or as measured: then `held` are the portfolios of the measure.
    """
    if limit.measured is not None:
        return limit.measured
    return held @ np.array([limit.uses.get(name, 0.0) for name in options.names])


def rules(options: Options) -> list[str]:
    """The rules in words, limits first, in the order of `broken`.

    Source: convention of this package.
    """
    return [
        *(limit.name for limit in options.limits),
        *(f"At most one of {', '.join(group)}" for group in options.at_most_one),
        *(f"{option} needs {other}" for option, other in options.needs),
    ]


def broken(options: Options, *, held: Truths) -> Truths:
    """Rules × portfolios: whether each portfolio breaks each rule. A limit may be missed by no more than rounding.

    Source: convention of this package.
    """
    place = {name: at for at, name in enumerate(options.names)}
    rows = [
        used(limit, options, held=held) > limit.most + ROUNDING * max(1.0, abs(limit.most)) for limit in options.limits
    ]
    rows += [held[:, [place[name] for name in group]].sum(axis=1) > 1 for group in options.at_most_one]
    rows += [held[:, place[option]] & ~held[:, place[other]] for option, other in options.needs]
    return np.array(rows, bool).reshape(len(rows), len(held))


def feasible(options: Options, *, held: Truths) -> Truths:
    """Portfolios: whether each keeps all rules.

    Source: as for `broken`.
    """
    return _kept(broken(options, held=held))


def _kept(breaks: Truths) -> Truths:
    """Portfolios: whether each breaks none of the rules (rules × portfolios)."""
    return np.logical_not(np.logical_or.reduce(breaks, axis=0))


def portfolio_names(options: Options, *, held: Truths) -> list[str]:
    """What each portfolio is called: its options, joined.

    Source: convention of this package.
    """
    return [
        " + ".join(name for name, is_in in zip(options.names, row, strict=True) if is_in) or NO_OPTION for row in held
    ]


def portfolio_table(options: Options, choice: Choice, *, held: Truths, facts: Mapping[str, Numbers]) -> pl.DataFrame:
    """A row a portfolio, the best first: portfolio, expected, standard_error, chance_best, regret, and each fact.

    `held` and the facts are of the portfolios that were weighed, in their order; facts are any further numbers, such as
    what a portfolio spends.

    Source: as for `information.weigh`.
    """
    table = pl.DataFrame(
        {
            "portfolio": portfolio_names(options, held=held),
            "expected": choice.expected,
            "standard_error": choice.error,
            "chance_best": choice.chance_best,
            "regret": choice.regret,
            **facts,
        }
    )
    shown = table.with_columns(pl.col("standard_error").fill_nan(None))
    return shown.sort("expected", descending=True, maintain_order=True)


def limits_table(options: Options, expected: Numbers, *, held: Truths, least: float = 0.0) -> pl.DataFrame:
    """A row a rule: rule, used, most, left, gain, is_binding and words, for the best portfolio that keeps all rules.

    `expected` is the expected net benefit in pounds of each portfolio of `held`, of those that break a rule too; NaN
    where it was not reckoned, so that it is never the best; what differs by `least` or less ties. A rule binds where a
    better portfolio would be allowed without it alone: `gain` is by how much better, and `words` say which. `used`,
    `most` and `left` are in the limit's unit, null for a rule that is no limit. Raises WrongState where no portfolio
    keeps the rules.

    Source: constraint removal, exact where every portfolio is reckoned.
    """
    breaks = broken(options, held=held)
    best = _best(expected, _kept(breaks), least=least)
    rows = []
    for place, rule in enumerate(rules(options)):
        without = _best(expected, _kept(np.delete(breaks, place, axis=0)), least=least)
        gain = float(expected[without] - expected[best])
        limit = options.limits[place] if place < len(options.limits) else None
        spent = float(used(limit, options, held=held)[best]) if limit else None
        most = limit.most if limit else None
        left = None if most is None or spent is None else most - spent
        is_binding = gain > ROUNDING * max(1.0, abs(float(expected[best])))
        words = _lifted(options, held[without], gain) if is_binding else None
        rows.append((rule, spent, most, left, gain, is_binding, words))
    numbers = dict.fromkeys(("used", "most", "left", "gain"), pl.Float64)
    schema = {"rule": pl.String, **numbers, "is_binding": pl.Boolean, "words": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _lifted(options: Options, portfolio: Truths, gain: float) -> str:
    (name,) = portfolio_names(options, held=portfolio[None])
    return f"Without this rule the best would be {name}, worth {Unit.GBP.write(gain)} more."


def _best(expected: Numbers, may: Truths, *, least: float) -> int:
    """The place of the most expected among those that may be, the first of those that tie."""
    known = np.where(may & ~np.isnan(expected), expected, -np.inf)
    if not (known > -np.inf).any():
        raise WrongState("No portfolio keeps all rules.")
    return first_of_most(known, least=least)


def inclusion_table(options: Options, choice: Choice, *, held: Truths, best_share: float = BEST_SHARE) -> pl.DataFrame:
    """A row an option: in_best, share_of_best, chance_in_best, lost_without and lost_with.

    `held` are the portfolios that were weighed. `share_of_best` is the share (0–1) of the best tenth of them (or of
    `best_share`, rounded up) that holds the option, `chance_in_best` the chance that whatever turns out best does.
    `lost_without` is how much less the best without it is worth, in the unit of net benefit: 0 where the best does
    without; `lost_with` the same for the best with it. Null where there is no such portfolio.

    Source: inclusion frequency and cost of exclusion (as the core index of Liesiö, Mild and Salo 2007).
    """
    order = np.argsort(-choice.expected, kind="stable")
    top = held[order[: int(np.ceil(best_share * len(held)))]]
    rows = [
        (
            name,
            bool(held[choice.best, place]),
            float(top[:, place].mean()),
            float(choice.chance_best[held[:, place]].sum()),
            _loss(choice, ~held[:, place]),
            _loss(choice, held[:, place]),
        )
        for place, name in enumerate(options.names)
    ]
    numbers = dict.fromkeys(("share_of_best", "chance_in_best", "lost_without", "lost_with"), pl.Float64)
    return pl.DataFrame(rows, schema={"option": pl.String, "in_best": pl.Boolean, **numbers}, orient="row")


def _loss(choice: Choice, among: Truths) -> float | None:
    if not among.any():
        return None
    return max(0.0, float(choice.expected[choice.best] - choice.expected[among].max()))


def efficient(outcomes: Numbers) -> Truths:
    """Which rows are efficient: no other is at least as good in every column and better in one. More is better.

    Rows with the same numbers are efficient together.

    Source: Pareto efficiency; rows are taken from the best first, as no later one can then beat an earlier.
    """
    found = np.zeros(len(outcomes), bool)
    kept = outcomes[:0]
    for place in np.lexsort(-outcomes.T[::-1]):
        row = outcomes[place]
        if not ((kept >= row).all(axis=1) & (kept > row).any(axis=1)).any():
            found[place] = True
            kept = np.vstack([kept, row])
    return found


def frontier_table(
    options: Options, *, held: Truths, more: Mapping[str, Numbers], less: Mapping[str, Numbers]
) -> pl.DataFrame:
    """The efficient frontier: portfolio, and a column of each outcome, ordered by the first of `less`.

    `more` are outcomes by portfolio of which more is better, such as the expected saving, `less` those of which less
    is better, such as what is spent. A portfolio that is left out is beaten by one that is in, whatever one prefers.

    Source: as for `efficient`.
    """
    is_in = efficient(np.column_stack([*more.values(), *(-values for values in less.values())]))
    columns = {name: values[is_in] for name, values in (*less.items(), *more.items())}
    table = pl.DataFrame({"portfolio": portfolio_names(options, held=held[is_in]), **columns})
    return table.sort(*[*less, *more][:1], maintain_order=True)
