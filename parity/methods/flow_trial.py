"""A number of a flow model tried at another value: where the ends of its interval move."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from parity.methods.flow_parameters import limits_of

Ends = tuple[float | None, float | None]


def moved_interval(row: Mapping[str, Any], value: float) -> Ends:
    """The lower and upper end of a number's interval once it is stated as another value, in the number's own unit.

    `row` has parameter, operation, value, lower and upper. The interval keeps its width on the scale on which the
    number is drawn, and stays where the number can be (`limits_of`): a share from 0 to 1, most others not below 0. A
    share stated as 0 or 1 is certain: both ends are the value. Without an interval, or without a value before, the ends
    stay as they are.

    Source: the scales of `flow_parameters.drawn`.
    """
    before, lower, upper = row["value"], row["lower"], row["upper"]
    if before is None or lower is None or upper is None:
        return lower, upper
    least, most = limits_of(row)
    if (least, most) == (0, 1) and lower > 0 and upper < 1:
        ends = _on_logits(np.array([lower, upper]), before, value)
    elif lower > 0 and value > 0:
        ends = np.array([lower, upper]) * (value / before)
    else:
        ends = np.array([lower, upper]) + (value - before)
    held = np.clip(ends, least, most)
    return min(float(held[0]), value), max(float(held[1]), value)


def _on_logits(ends: np.ndarray[Any, np.dtype[np.float64]], before: float, value: float) -> Any:
    """The ends of a share's interval, as far from the value as they were in log odds."""
    if not 0 < value < 1:
        return np.array([value, value])
    odds = ends / (1 - ends) * (value / (1 - value)) / (before / (1 - before))
    return odds / (1 + odds)
