"""Values of given ranks among draws, without sorting them all, as plain loops that numba compiles; `chance` calls them.

Draws are shared out among buckets of equal width; of these only the few that hold a wanted rank are looked into. All
that is compiled stands in this file, since what is kept on disk is renewed when the file is.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BUCKETS = 512
FEW = 32
"""So few are sorted."""
DEEPEST = 4
"""So many times buckets are looked into before all in them are sorted."""
TOLD = 6
START, STOP, FIRST, LAST, BELOW, DEPTH = range(TOLD)
"""Of a part of a row: from where to where it lies, which ranks are wanted of it, how many are less, how deep it is."""
Values = NDArray[Any]
Places = NDArray[np.int64]


class Room(NamedTuple):
    """Room for one row: its values, and those being moved; the bucket of each; where each bucket's go; parts to do."""

    here: Values
    there: Values
    buckets: NDArray[np.uint16]
    slots: Places
    parts: Places


def order_statistics(cells: Values, ranks: Places, found: Values) -> None:
    """Nothing; for each row of finite cells its values of these ranks, each once and the least first, are written down.

    Source: order statistics by distribution among buckets; it is exact, as sorting is.
    """
    draws = cells.shape[1]
    room = Room(
        np.empty(draws, cells.dtype),
        np.empty(draws, cells.dtype),
        np.empty(draws, np.uint16),
        np.empty(BUCKETS, np.int64),
        np.empty((len(ranks), TOLD), np.int64),
    )
    for row in range(len(cells)):
        room.here[:] = cells[row]
        room.parts[0] = 0
        room.parts[0, STOP], room.parts[0, LAST] = draws, len(ranks)
        waiting = 1
        while waiting > 0:
            waiting = _look(room, waiting - 1, ranks, found[row])


def _look(room: Room, top: int, ranks: Places, found: Values) -> int:
    """How many parts wait after the uppermost was looked into: it is alike, few enough to sort, or narrowed down."""
    here, parts = room.here, room.parts
    start, stop, first, last = parts[top, START], parts[top, STOP], parts[top, FIRST], parts[top, LAST]
    values = here[start:stop]
    least = most = values[0]
    for value in values:
        least, most = min(least, value), max(most, value)
    if least == most:
        found[first:last] = least
        return top
    scale = BUCKETS / (most - least)
    if stop - start <= FEW or parts[top, DEPTH] == DEEPEST or not 0 < scale < np.inf:
        ordered = np.sort(values)
        for number in range(first, last):
            found[number] = ordered[ranks[number] - parts[top, BELOW]]
        return top
    return _narrow(room, top, ranks, least, scale)


def _narrow(room: Room, top: int, ranks: Places, least: float, scale: float) -> int:
    """How many parts wait once each bucket with a wanted rank stands in place of the uppermost."""
    here, there, buckets, slots, parts = room
    start, stop, rank, last = parts[top, START], parts[top, STOP], parts[top, FIRST], parts[top, LAST]
    below, depth = parts[top, BELOW], parts[top, DEPTH]
    values, into = here[start:stop], buckets[start:stop]
    slots[:] = 0
    for place in range(len(values)):
        bucket = min(int((values[place] - least) * scale), BUCKETS - 1)
        into[place] = bucket
        slots[bucket] += 1
    end = start
    for bucket in range(BUCKETS):
        count, first = slots[bucket], rank
        while rank < last and ranks[rank] < below + count:
            rank += 1
        slots[bucket] = -1
        if rank > first:
            parts[top, START], parts[top, STOP], parts[top, FIRST] = end, end + count, first
            parts[top, LAST], parts[top, BELOW], parts[top, DEPTH] = rank, below, depth + 1
            slots[bucket] = end
            top, end = top + 1, end + count
        below += count
    for place in range(len(values)):
        slot = slots[into[place]]
        if slot >= 0:
            there[slot] = values[place]
            slots[into[place]] = slot + 1
    here[start:end] = there[start:end]
    return top
