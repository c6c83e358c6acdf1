"""Which further counts must be hidden with the small ones, so that no sum gives a small one away."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import NamedTuple

STATES_AT_MOST = 2000
STATES_AT_LEAST = 100
STATES_IN_VAIN = 50_000
"""How many half-made moves a search looks at: fewer as soon as so many were looked at in vain for one table."""


class Cell(NamedTuple):
    """A count, the least and the most that a reader of it as shown knows it to be, and what hiding it would cost.

    The cost is above 0. `printed` is false for one that stands nowhere, as what a total holds beyond its listed parts.
    """

    value: int
    least: float
    most: float
    cost: float = 1
    printed: bool = True


class Sum(NamedTuple):
    """The positions of a total and of the parts that add up to it."""

    whole: int
    parts: tuple[int, ...]


Pending = tuple[tuple[int, int], ...]
"""The sums that a half-made move leaves wrong, each with the difference; the last is mended first."""


class _Step(NamedTuple):
    """A state of the search: its rank in the search, what is still wrong, and the change of one cell that led to it."""

    cost: float
    wrong: int
    length: int
    order: int
    pending: Pending
    cell: int
    by: int
    before: "_Step | None"


def hidden_cells(cells: Sequence[Cell], sums: Sequence[Sum], *, least: int, most: int) -> frozenset[int]:
    """The positions of the printed cells to hide: those from `least` to `most`, and others that would tell one of them.

    Afterwards somebody who knows every sum, every number shown with its rounding, and this rule can still not rule out
    any number from `least` to `most` for any cell that has one of them, nor for what a total holds beyond its parts.
    It is shown by example: for each such cell, tables that agree with all that is shown and give it every such number.
    Where a cell is in two sums at most (a tree of areas, or one crossed with one other division) the search finds the
    table that costs least further hiding; elsewhere it may give up, and more is hidden. A cell that counts nobody is
    shown unless `least` is 0, a total of it is hidden, or everything that sums join to it is.
    Source: J. Castro, A shortest-paths heuristic for statistical data protection in positive tables, INFORMS Journal
    on Computing 19 (2007) 520–533, with rounding intervals and sums of any number of divisions added.
    """
    table = _Table(cells, sums, least, most)
    small = [place for place, cell in enumerate(cells) if least <= cell.value <= most and cell.least < cell.most]
    for place in small:
        table.hide(place)
    for place in small:
        table.widen(place, most)
        table.widen(place, least)
    return frozenset(place for place in table.hidden if cells[place].printed)


class _Table:
    """The cells with one set of numbers that agrees with all that is shown; each move turns it into another such set.

    `lows` and `highs` are what the reader knows of each cell, `seen` the extremes that it had in some set.
    """

    def __init__(self, cells: Sequence[Cell], sums: Sequence[Sum], least: int, most: int) -> None:
        self.cells, self.sums, self.least, self.most = cells, sums, least, most
        self.now = [cell.value for cell in cells]
        self.lows, self.highs = [cell.least for cell in cells], [cell.most for cell in cells]
        self.seen = [(cell.value, cell.value) for cell in cells]
        self.in_vain = 0
        self.hidden: set[int] = {place for place, cell in enumerate(cells) if not cell.printed}
        self.members = [((each.whole, -1), *((part, 1) for part in each.parts)) for each in sums]
        self.sums_with: list[list[tuple[int, int]]] = [[] for _ in cells]
        for number, members in enumerate(self.members):
            for place, sign in members:
                self.sums_with[place].append((number, sign))

    def hide(self, place: int) -> None:
        """Nothing; the cell is hidden, and the empty parts of it too, so that nobody can count the parts that are not.

        A reader then knows only that it is no number that would be shown.
        """
        waiting = [place]
        while waiting:
            place = waiting.pop()
            if place in self.hidden:
                continue
            self.hidden.add(place)
            self.lows[place], self.highs[place] = self._low_if_hidden(place), inf
            for part in self._parts_of(place):
                if part in self.hidden:
                    self.lows[part] = min(self.lows[part], 0)
                elif self.cells[part].most == 0:
                    waiting.append(part)

    def widen(self, place: int, to: int) -> None:
        """Nothing; the cell has been seen at `to` or beyond it, after whatever had to be hidden for that.

        Where no move is found, all cells that hang together with it are hidden: then nothing holds it.
        """
        upwards = to > self.cells[place].value
        by = 1 if upwards else -1
        while not (self.seen[place][1] >= to if upwards else self.seen[place][0] <= to):
            needed = to - self.now[place] if upwards else self.now[place] - to
            move = self._cheapest_move(place, by) or self._straight_move(place, by)
            if move is None:
                self._hide_all_joined_to(place)
                return
            self._make(move, most=needed)

    def _low_if_hidden(self, place: int) -> int:
        """The least that a hidden cell may be to a reader: 0 where empty cells are hidden too."""
        return 0 if any(whole in self.hidden for whole in self._wholes_of(place)) else self.least

    def _wholes_of(self, place: int) -> Iterator[int]:
        """The printed totals of a cell; an unprinted one stands for its own."""
        for number, sign in self.sums_with[place]:
            whole = self.sums[number].whole
            if sign > 0:
                yield from (whole,) if self.cells[whole].printed else self._wholes_of(whole)

    def _parts_of(self, place: int) -> Iterator[int]:
        """The printed parts of a cell; an unprinted one stands for its own."""
        for number, sign in self.sums_with[place]:
            for part in self.sums[number].parts if sign < 0 else ():
                yield from (part,) if self.cells[part].printed else self._parts_of(part)

    def _hide_all_joined_to(self, place: int) -> None:
        """Nothing; every cell that some chain of sums joins to this one is hidden, and may be 0 to a reader."""
        found, waiting = {place}, [place]
        while waiting:
            for number, _ in self.sums_with[waiting.pop()]:
                new = {member for member, _ in self.members[number]} - found
                found |= new
                waiting += new
        for other in sorted(found):
            self.hide(other)
            self.lows[other] = min(self.lows[other], 0)

    def _stays(self, place: int) -> bool:
        """Whether the cell is a 0 that is shown as long as every total of it is."""
        return self.cells[place].most == 0 and self.least > 0

    def _price(self, place: int, by: int) -> float:
        """What changing a cell by 1 costs: nothing where no reader could tell, else hiding it; `inf` where neither."""
        changed, cell = self.now[place] + by, self.cells[place]
        if self.lows[place] <= changed <= self.highs[place]:
            return 0
        if place in self.hidden or self._stays(place) or changed < self._low_if_hidden(place):
            return inf
        return cell.cost

    def _cheapest_move(self, place: int, by: int) -> dict[int, int] | None:
        """The change of each cell, in the cheapest move that changes this one by 1 and leaves every sum right."""
        order = count()
        start = _Step(0, 0, 0, next(order), self._pending((), place, by), place, by, None)
        heap, tried = [start], set[frozenset[tuple[int, int]]]()
        most_tried = STATES_AT_MOST if self.in_vain < STATES_IN_VAIN else STATES_AT_LEAST
        while heap and len(tried) < most_tried:
            step = heappop(heap)
            if not step.pending:
                return dict(_changes(step))
            state = frozenset(step.pending)
            if state in tried:
                continue
            tried.add(state)
            for found in self._after(step, order):
                heappush(heap, found)
        self.in_vain += len(tried)
        return None

    def _after(self, step: _Step, order: Iterator[int]) -> Iterator[_Step]:
        """Each way to mend the last sum that a state leaves wrong, by changing another cell of it by 1."""
        number, difference = step.pending[-1]
        changed = dict(_changes(step))
        for member, sign in self.members[number]:
            by = -sign if difference > 0 else sign
            price = inf if member in changed else self._price(member, by)
            if price < inf:
                left = self._pending(step.pending, member, by)
                yield _Step(step.cost + price, len(left), step.length + 1, next(order), left, member, by, step)

    def _straight_move(self, place: int, by: int) -> dict[int, int] | None:
        """The change of one smallest part of the cell and of every total of that part; None where sums forbid it."""
        while parts := list(self._parts_of(place)):
            place = max(parts, key=self.now.__getitem__)
        move, waiting = {place: by}, [place]
        while waiting:
            held_by = {self.sums[number].whole for number, sign in self.sums_with[waiting.pop()] if sign > 0}
            waiting += held_by - set(move)
            move |= dict.fromkeys(held_by, by)
        pending: Pending = ()
        for changed in move:
            pending = self._pending(pending, changed, by)
        return move if not pending and all(self._price(each, by) < inf for each in move) else None

    def _pending(self, pending: Pending, place: int, by: int) -> Pending:
        """What is wrong after a change of one cell."""
        wrong = dict(pending)
        for number, sign in self.sums_with[place]:
            difference = wrong.pop(number, 0) + sign * by
            if difference:
                wrong[number] = difference
        return tuple(wrong.items())

    def _make(self, move: dict[int, int], *, most: int) -> None:
        """Nothing; the move is made as far as it goes, its cells hidden where a reader of them would notice."""
        for place, by in move.items():
            if self._price(place, by):
                self.hide(place)
        far = min(most, *(self._room(place, by) for place, by in move.items()))
        for place, by in move.items():
            self.now[place] += by * int(far)
            before = self.seen[place]
            self.seen[place] = min(before[0], self.now[place]), max(before[1], self.now[place])

    def _room(self, place: int, by: int) -> float:
        return self.highs[place] - self.now[place] if by > 0 else self.now[place] - self.lows[place]


def _changes(step: _Step | None) -> Iterator[tuple[int, int]]:
    """The cells that the steps so far changed, with the change of each."""
    while step is not None:
        yield step.cell, step.by
        step = step.before
