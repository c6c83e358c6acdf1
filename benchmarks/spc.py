"""How fast control charts of many series are drawn, beside plain Python and pandas that draw the same.

Run: python benchmarks/spc.py          (pandas is in the extra `bench`)
The task: 3,060 series (153 areas, 20 measures) of 60 months, with limits and all four rules. Every way marks the same
points.
"""

import importlib
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from parity.methods.spc import WORDS, control_chart
from parity.methods.xmr import NEAR, REACH, Rule, control_charts

AREAS, MEASURES, MONTHS, RUN = 153, 20, 60, 7
SEED = 20260101
ROUNDS, ROUNDS_OF_PEERS = 20, 3
LIMIT_MS = 50
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


def in_pandas(table: pl.DataFrame) -> Callable[[], Rules]:
    """The rules by groups and rolling windows over all series at once."""
    pandas: Any = importlib.import_module("pandas")
    frame = pandas.DataFrame({name: pandas.Categorical(table[name].to_list()) for name in KEYS})
    frame["value"] = table["value"].to_numpy()

    def drawn() -> Rules:
        key = frame.groupby(list(KEYS), sort=False, observed=True).ngroup()

        def least(numbers: Any, points: int) -> Any:
            return numbers.groupby(key).rolling(points).min().droplevel(0)

        def one_way_in(numbers: Any, points: int) -> Any:
            return (least(numbers, points) > 0) | (least(-numbers, points) > 0)

        def back_over(ends: Any, points: int) -> Any:
            """Every point of the windows that end here."""
            turned = ends[::-1].astype(float).groupby(key[::-1]).rolling(points, min_periods=1).max()
            return turned.droplevel(0).sort_index() > 0

        value = frame["value"].groupby(key)
        step = value.diff()
        reach = REACH * step.abs().groupby(key).transform("mean")
        away = frame["value"] - value.transform("mean")
        near = (away.abs() > NEAR * reach) & (away.abs() <= reach)
        two = near.astype(float).groupby(key).rolling(3).sum().droplevel(0) >= 2
        rules = pandas.Series(int(Rule.NONE), index=frame.index)
        rules[back_over(one_way_in(away, RUN), RUN)] = int(Rule.SHIFT)
        rules[back_over(two & one_way_in(away, 3), 3) & near] = int(Rule.TWO_OF_THREE)
        rules[back_over(one_way_in(step, RUN - 1), RUN)] = int(Rule.TREND)
        rules[away.abs() > reach] = int(Rule.OUTSIDE)
        return rules.tolist()

    return drawn


def in_arrays(table: pl.DataFrame) -> Callable[[], Rules]:
    values = table["value"].to_numpy()
    is_first = np.arange(values.size) % MONTHS == 0
    return lambda: control_charts(values, is_first, run=RUN).rule.tolist()


def marked(drawn: pl.DataFrame) -> Rules:
    codes = {word: int(rule) for rule, word in WORDS.items()}
    return drawn["rule"].replace_strict(codes, default=int(Rule.NONE), return_dtype=pl.Int8).to_list()


def measured(draw: Callable[[], Any], rounds: int) -> tuple[float, float, Any]:
    """The least milliseconds of so many rounds, by the clock and of the processor, and what was drawn."""
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        found = draw()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return 1000 * min(walls), 1000 * min(processors), found


def main() -> None:
    """Print for each way the milliseconds it takes, and whether it marks the same points."""
    table = many_series()
    shuffled = table.sample(fraction=1, shuffle=True, seed=SEED)
    wanted = series_by_series(table)
    title = f"{AREAS * MEASURES:,} series of {MONTHS} points, {sum(map(bool, wanted)):,} points marked"
    print(f"{title} (limit: {LIMIT_MS} ms)")
    ways: dict[str, tuple[Callable[[], Any], int]] = {
        "arrays, in one pass": (in_arrays(table), ROUNDS),
        "table to table": (lambda: control_chart(table, by=KEYS), ROUNDS),
        "table to table, rows in no order": (lambda: control_chart(shuffled, by=KEYS), ROUNDS),
        "plain Python, series by series": (lambda: series_by_series(table), ROUNDS_OF_PEERS),
    }
    if find_spec("pandas"):
        ways["pandas, grouped and rolled"] = in_pandas(table), ROUNDS_OF_PEERS
    else:
        print("pandas is not installed and is left out: it is in the extra `bench`.")
    for name, (draw, rounds) in ways.items():
        wall, processor, found = measured(draw, rounds)
        rules = marked(found) if isinstance(found, pl.DataFrame) else found
        same = "the same points" if rules == wanted else "OTHER POINTS"
        print(f"{name:34} {wall:8.1f} ms, {processor:8.1f} ms of CPU, {same}")


if __name__ == "__main__":
    main()
