"""How fast control charts of many series are drawn, beside the same charts drawn one series at a time.

Run: python benchmarks/spc.py
The task: 3,060 series (153 areas, 20 measures) of 60 months, with limits and all four rules. Every way marks the same
points. pandas is compared where it is installed.
"""

import importlib.util
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from parity.methods.spc import WORDS, control_chart
from parity.methods.xmr import NEAR, REACH, Rule, control_charts

AREAS, MEASURES, MONTHS, RUN = 153, 20, 60, 7
SEED = 20260101
ROUNDS = 20
KEYS = ("area", "measure")
Rules = list[int]


def many_series() -> pl.DataFrame:
    """Series that wander a little, in the order of their keys."""
    chance = np.random.default_rng(SEED)
    shape = (AREAS * MEASURES, MONTHS)
    values = 100 + 0.5 * chance.standard_normal(shape).cumsum(1) + 5 * chance.standard_normal(shape)
    return pl.DataFrame(
        {
            "area": np.repeat([f"E{area:08}" for area in range(AREAS)], MEASURES * MONTHS),
            "measure": np.tile(np.repeat([f"measure {each:02}" for each in range(MEASURES)], MONTHS), AREAS),
            "period": np.tile([f"{2021 + month // 12}-{month % 12 + 1:02}" for month in range(MONTHS)], shape[0]),
            "value": values.ravel(),
        }
    )


def plain_chart(values: list[float]) -> Rules:
    """The rule of each point of one series, by loops."""
    mean = sum(values) / len(values)
    steps = [b - a for a, b in pairwise(values)]
    reach = REACH * sum(map(abs, steps)) / len(steps)
    away = [value - mean for value in values]
    near = [NEAR * reach < abs(each) <= reach for each in away]
    rules = [int(Rule.NONE)] * len(values)
    for first in range(len(values) - RUN + 1):
        if one_way(away[first : first + RUN]):
            rules[first : first + RUN] = [int(Rule.SHIFT)] * RUN
    for first in range(len(values) - 2):
        window = range(first, first + 3)
        if one_way(away[first : first + 3]) and sum(near[place] for place in window) >= 2:
            for place in window:
                rules[place] = int(Rule.TWO_OF_THREE) if near[place] else rules[place]
    for first in range(len(values) - RUN + 1):
        if one_way(steps[first : first + RUN - 1]):
            rules[first : first + RUN] = [int(Rule.TREND)] * RUN
    return [int(Rule.OUTSIDE) if abs(each) > reach else rule for each, rule in zip(away, rules, strict=True)]


def one_way(numbers: list[float]) -> bool:
    return min(numbers) > 0 or max(numbers) < 0


def series_by_series(table: pl.DataFrame) -> Rules:
    numbers = table["value"].to_list()
    starts = range(0, len(numbers), MONTHS)
    return [rule for first in starts for rule in plain_chart(numbers[first : first + MONTHS])]


def in_polars(table: pl.DataFrame) -> Rules:
    drawn = table.group_by(*KEYS, maintain_order=True).map_groups(
        lambda group: group.with_columns(rule=pl.Series(plain_chart(group["value"].to_list())))
    )
    return drawn["rule"].to_list()


def in_pandas(table: pl.DataFrame) -> Callable[[], Rules]:
    pandas: Any = importlib.import_module("pandas")
    frame = pandas.DataFrame(table.to_dict(as_series=False))
    groups = frame.groupby(list(KEYS), sort=False)["value"]
    return lambda: [rule for rules in groups.apply(lambda group: plain_chart(group.to_list())) for rule in rules]


def in_arrays(table: pl.DataFrame) -> Callable[[], Rules]:
    values = table["value"].to_numpy()
    is_first = np.arange(values.size) % MONTHS == 0
    return lambda: control_charts(values, is_first, run=RUN).rule.tolist()


def marked(drawn: pl.DataFrame) -> Rules:
    codes = {word: int(rule) for rule, word in WORDS.items()}
    return drawn["rule"].replace_strict(codes, default=int(Rule.NONE), return_dtype=pl.Int8).to_list()


def measured(draw: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The least milliseconds of so many rounds, and what was drawn."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        found = draw()
        times.append(time.perf_counter() - start)
    return 1000 * min(times), found


def main() -> None:
    """Print for each way the milliseconds it takes, and whether it marks the same points."""
    table = many_series()
    shuffled = table.sample(fraction=1, shuffle=True, seed=SEED)
    wanted = series_by_series(table)
    print(f"{AREAS * MEASURES:,} series of {MONTHS} points, {sum(map(bool, wanted)):,} points marked")
    ways: dict[str, tuple[Callable[[], Any], int]] = {
        "arrays, in one pass": (in_arrays(table), ROUNDS),
        "table to table": (lambda: control_chart(table, by=KEYS), ROUNDS),
        "table to table, rows in no order": (lambda: control_chart(shuffled, by=KEYS), ROUNDS),
        "plain Python, series by series": (lambda: series_by_series(table), 1),
        "Polars, group by group": (lambda: in_polars(table), 1),
    }
    if importlib.util.find_spec("pandas"):
        ways["pandas, group by group"] = in_pandas(table), 1
    for name, (draw, rounds) in ways.items():
        milliseconds, found = measured(draw, rounds)
        rules = marked(found) if isinstance(found, pl.DataFrame) else found
        print(f"{name:34} {milliseconds:8.1f} ms, {'the same points' if rules == wanted else 'OTHER POINTS'}")


if __name__ == "__main__":
    main()
