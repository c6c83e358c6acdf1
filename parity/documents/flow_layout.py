"""Where settings of care stand in a picture of flows: in rows from above to below, ordered so that few flows cross."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Link = tuple[str, str]
MOST_ACROSS = 4
"""How many settings stand side by side; a row of more is shared between two or more rows."""
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A setting, or where no name is given the place at which a long flow passes a row; its row and its middle."""

    key: str
    row: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The nodes by key, the keys of each row from left to right, the keys each flow passes, and the whole width."""

    nodes: dict[str, Node]
    rows: list[list[str]]
    paths: dict[Link, list[str]]
    width: float


def rows_by_path(names: Sequence[str], people: Mapping[Link, float]) -> list[list[str]]:
    """The settings in rows by the longest path to them, along the flows of most people that make no circle."""
    links: list[Link] = []
    for link in sorted(people, key=lambda each: -people[each]):
        if link[0] != link[1] and not _leads(link[1], link[0], links):
            links.append(link)
    depths = dict.fromkeys(names, 0)
    for _ in names:
        for origin, destination in links:
            depths[destination] = max(depths[destination], depths[origin] + 1)
    return in_rows([[name for name in names if depths[name] == depth] for depth in range(max(depths.values()) + 1)])


def _leads(start: str, goal: str, links: Sequence[Link]) -> bool:
    """Whether the links lead from the start to the goal."""
    reached, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        found = [after for origin, after in links if origin == here and after not in reached]
        reached.update(found)
        waiting.extend(found)
    return goal in reached


def in_rows(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """The groups as rows, those with too many settings in as few rows as they need, of about the same length."""
    rows: list[list[str]] = []
    for group in groups:
        number = -(-len(group) // MOST_ACROSS)
        ends = [len(group) * part // number for part in range(number + 1)] if number else []
        rows += [list(group[start:end]) for start, end in itertools.pairwise(ends)]
    return rows


def laid_out(
    rows: Sequence[Sequence[str]], links: Sequence[Link], *, width: float, gap: float, passing: Mapping[Link, float]
) -> Layout:
    """The settings placed: each row ordered by where its neighbours stand, long flows given a place in rows between.

    `width` is a setting's, `gap` between nodes, `passing` the width of each flow where it passes a row.
    """
    row_of = {name: place for place, row in enumerate(rows) for name in row}
    order = [list(row) for row in rows]
    widths: dict[str, float] = dict.fromkeys(row_of, width)
    paths: dict[Link, list[str]] = {}
    for origin, destination in links:
        start, end = row_of[origin], row_of[destination]
        step = 1 if end >= start else -1
        between = range(start + step, end, step) if start != end else range(0)
        keys = [f"{origin}\n{destination}\n{row}" for row in between]
        for key, row in zip(keys, between, strict=True):
            order[row].append(key)
            widths[key] = passing[origin, destination]
        paths[origin, destination] = [origin, *keys, destination]
    row_of |= {key: place for place, row in enumerate(order) for key in row}
    neighbours = _neighbours(paths, row_of)
    order = _ordered(order, neighbours, row_of)
    places, whole = _placed(order, neighbours, lambda one, two: (widths[one] + widths[two]) / 2 + gap, widths)
    nodes = {key: Node(key, row_of[key], places[key], widths[key]) for key in row_of}
    return Layout(nodes, order, paths, whole)


def _neighbours(paths: Mapping[Link, list[str]], row_of: Mapping[str, int]) -> dict[str, list[str]]:
    """Of each node those that a flow joins it to in another row."""
    found: dict[str, list[str]] = {key: [] for key in row_of}
    for keys in paths.values():
        for one, two in itertools.pairwise(keys):
            if row_of[one] != row_of[two]:
                found[one].append(two)
                found[two].append(one)
    return found


def _ordered(order: list[list[str]], neighbours: Mapping[str, list[str]], row_of: Mapping[str, int]) -> list[list[str]]:
    """The rows reordered by the mean place of neighbours, downwards and upwards in turn; the best order met is kept."""
    best, fewest = order, crossings(order, neighbours, row_of)
    for sweep in range(_SWEEPS):
        order = [list(row) for row in order]
        step = 1 if sweep % 2 == 0 else -1
        for row in range(len(order))[::step]:
            place = {key: (at + 0.5) / len(each) for each in order for at, key in enumerate(each)}
            looked = {key: [each for each in neighbours[key] if (row - row_of[each]) * step > 0] for key in order[row]}
            order[row].sort(key=lambda key: _mean([place[each] for each in looked[key]] or [place[key]]))
        count = crossings(order, neighbours, row_of)
        if count < fewest:
            best, fewest = order, count
    return best


def crossings(order: Sequence[Sequence[str]], neighbours: Mapping[str, list[str]], row_of: Mapping[str, int]) -> int:
    """How many pairs of flows cross between rows that lie next to each other."""
    place = {key: at for row in order for at, key in enumerate(row)}
    count = 0
    for row, keys in enumerate(order):
        lines = [(place[key], place[other]) for key in keys for other in neighbours[key] if row_of[other] == row + 1]
        count += sum(a < c and b > d for a, b in lines for c, d in lines)
    return count


def _placed(
    order: Sequence[Sequence[str]],
    neighbours: Mapping[str, list[str]],
    apart: Callable[[str, str], float],
    widths: Mapping[str, float],
) -> tuple[dict[str, float], float]:
    """The middle of each node, near the mean of its neighbours' with all apart, and the width of the widest row."""
    gaps = [[apart(one, two) for one, two in itertools.pairwise(row)] for row in order]
    lengths = [sum(each) + (widths[row[0]] + widths[row[-1]]) / 2 for each, row in zip(gaps, order, strict=True)]
    whole = max(lengths)
    places: dict[str, float] = {}
    for row, each, length in zip(order, gaps, lengths, strict=True):
        at = (whole - length) / 2 + widths[row[0]] / 2
        for key, step in zip(row, [*each, 0.0], strict=True):
            places[key] = at
            at += step
    for sweep in range(_SWEEPS):
        for number in range(len(order))[:: 1 if sweep % 2 == 0 else -1]:
            row = order[number]
            wanted = [_mean([places[other] for other in neighbours[key]] or [places[key]]) for key in row]
            ends = (widths[row[0]] / 2, whole - widths[row[-1]] / 2)
            places |= dict(zip(row, _settled(wanted, gaps[number], ends), strict=True))
    return places, whole


def _settled(wanted: Sequence[float], gaps: Sequence[float], ends: tuple[float, float]) -> list[float]:
    """Places in order, the gaps apart and between the ends, midway between what two passes from either side give."""
    first, last = ends
    room = [sum(gaps[place:]) for place in range(len(wanted))]
    before = [sum(gaps[:place]) for place in range(len(wanted))]
    held = [min(max(want, first + left), last - right) for want, left, right in zip(wanted, before, room, strict=True)]
    pushed_right, pushed_left = list(held), list(held)
    for place in range(1, len(held)):
        pushed_right[place] = max(held[place], pushed_right[place - 1] + gaps[place - 1])
        pushed_left[-place - 1] = min(held[-place - 1], pushed_left[-place] - gaps[-place])
    return [_mean(pair) for pair in zip(pushed_right, pushed_left, strict=True)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
