"""What the fit of a flow model to counts means, in sentences: may it be relied on, and what does it not tell."""

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any

import polars as pl

from parity.methods.estimates import LEVEL
from parity.methods.intervals import z_for
from parity.terms.units import Unit

MUCH_DEVIANCE = 2.0
"""Deviance for each degree of freedom from which counts differ from the model by more than chance."""
LARGE_ERROR = 0.1
"""Mean error beyond that of chance, as a share of the count, above which a series is not met."""
SELDOM = 0.05
"""Chance below which a run of counts on the same side of the model is told."""
LITTLE = 0.1
"""Share by which an interval must have shrunk at least for the counts to have told something of the number."""
NO_COUNTS = "There are no counts: all numbers are as stated, and nothing is said of how well the model fits."
RELIED_ON = "Over these months the model may be relied on for what was counted."
NOT_RELIED_ON = "Do not rely on the model before this is explained."


def sentences_of(
    parameters: pl.DataFrame, items: pl.DataFrame, *, has_settled: bool, deviance: float, freedom: float
) -> list[str]:
    """Sentences on a fit, from the parts of a `flow_fit.Fit`: what is amiss, the verdict, what the counts do not tell.

    The model may be relied on if the search came to an end, its deviance is at most twice what chance brings, each
    series is missed by at most a tenth beyond what chance would, and its counts lie within their 95% band as often as
    such counts do. A long run on one side is told, but does not decide: who is in a setting was mostly there the month
    before.

    Source: McCullagh and Nelder 1989, section 4.4; runs: of so many tosses of a coin, (counts - length + 2) ÷ 2 to the
    power of length runs are expected to be as long (Feller 1968, section 13.7).
    """
    if items.is_empty():
        return [NO_COUNTS]
    amiss = [] if has_settled else ["The search for the best numbers did not come to an end."]
    if freedom < 1:
        amiss.append("There are too few counts to tell how well the model fits.")
    elif deviance / freedom > MUCH_DEVIANCE:
        times = Unit.RATIO.write(deviance / freedom)
        amiss.append(f"The counts differ from the model by more than chance does: {times} times as much as expected.")
    amiss += _of_items(items)
    return [*amiss, NOT_RELIED_ON if amiss else RELIED_ON, *_of_runs(items), *sentences_of_numbers(parameters)]


def _of_items(items: pl.DataFrame) -> Iterator[str]:
    """What is amiss with each series of counts."""
    for row in items.iter_rows(named=True):
        if row["error"] is not None and row["error"] - row["by_chance"] > LARGE_ERROR:
            error, chance = (Unit.SHARE.write(row[name]) for name in ("error", "by_chance"))
            yield f"{_series(row)}: the model misses the counts by {error} on average, where chance would by {chance}."
        by_chance = z_for(LEVEL) * sqrt(LEVEL * (1 - LEVEL) / row["counts"])
        if row["within"] < LEVEL - by_chance:
            yield f"{_series(row)}: {Unit.SHARE.write(row['within'])} of the counts lie where 95% of them should."


def _of_runs(items: pl.DataFrame) -> Iterator[str]:
    """Series that stay on one side of the model for longer than independent counts would."""
    for row in items.iter_rows(named=True):
        length = row["longest_run"]
        if (row["counts"] - length + 2) / 2**length < SELDOM:
            yield (
                f"{_series(row)}: {length} counts in a row lie on the same side of the model. Where the same people "
                "are counted month after month this may be chance; otherwise the model misses something."
            )


def _series(row: Mapping[str, Any]) -> str:
    """A series of counts, as it is called."""
    to = f" to {row['destination']}" if row["destination"] else ""
    return f"{row['setting']}{to}, {row['counted']}"


def sentences_of_numbers(parameters: pl.DataFrame) -> Iterator[str]:
    """A sentence for each number of which the counts tell nothing, or which they contradict, from a fit's parameters.

    Source: convention of this package.
    """
    for row in parameters.iter_rows(named=True):
        to = f" to {row['destination']}" if row["destination"] else ""
        said = said_of_number(row)
        if said:
            yield f"{row['code']} ({row['parameter']}, {row['setting']}{to}): {said}"


def said_of_number(row: Mapping[str, Any]) -> str:
    """What the counts do not tell of a number (`moved`, `shrunk`), or that they contradict it; empty otherwise.

    Source: convention of this package.
    """
    if row["shrunk"] < LITTLE:
        return "the counts tell next to nothing of it. It rests on its own source."
    if abs(row["moved"]) > z_for(LEVEL):
        return "the counts ask for a number outside the interval that its source gives."
    return ""
