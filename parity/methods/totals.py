"""Which counts of a table add up to which, in every dimension at once, and the unlisted counts that follow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Key = tuple[str, ...]
"""The values of a row's dimensions."""
Nesting = Mapping[str, Sequence[Key]]
"""For a value of one dimension, each list of other values that together are the same people."""


@dataclass(frozen=True, slots=True)
class Line:
    """A total and its parts along one dimension: list `number` of those that its value has there.

    `at` is the key with that dimension left empty.
    """

    dimension: int
    at: Key
    whole: str
    number: int
    parts: Key = field(compare=False)

    @property
    def keys(self) -> list[Key]:
        """The keys of the whole and of its parts."""
        return [replaced(self.at, self.dimension, value) for value in (self.whole, *self.parts)]


@dataclass(frozen=True)
class AddedUp:
    """Counts by key, the listed ones first, and what each line that adds some of them up leaves over.

    A line leaves over what its whole holds beyond its parts: below 0 where they overlap. `sound` is false where an
    unlisted count could only be guessed and the guess does not add up everywhere.
    """

    counts: Mapping[Key, int]
    lines: Mapping[Line, int]
    sound: bool


def added_up(counts: Mapping[Key, int], nestings: Sequence[Nesting]) -> AddedUp:
    """The listed counts with those that follow from them, and all lines.

    An unlisted count follows where it alone is unknown of a total and its parts, and is 0 where nothing is left for it.
    Values of a dimension that occur nowhere in the table are taken together.
    Source: a whole is the sum of its parts.
    """
    occurring = [_occurring(nesting, {key[place] for key in counts}) for place, nesting in enumerate(nestings)]
    found = _Found(dict(counts), occurring)
    found.follow(counts)
    found.guess()
    met = sorted(found.met, key=lambda line: (line.dimension, line.at, line.whole, line.number))
    lines = {line: found.left(line) for line in met if not found.unknown(line)}
    doubtful = (left for line, left in lines.items() if not found.guessed.isdisjoint(line.keys))
    return AddedUp(found.counts, lines, sound=not any(doubtful))


def needed(lines: Mapping[Line, int]) -> list[Line]:
    """The lines without those that follow from others: a place's total of groups follows from those of all parts of it.

    With two dimensions each count is then in two lines at most.
    Source: the sum over places of the sums over groups is the sum over groups of the sums over places.
    """
    lists: dict[tuple[int, str], dict[int, Line]] = defaultdict(dict)
    for line in lines:
        lists[line.dimension, line.whole][line.number] = line

    def follows(line: Line, earlier: int) -> bool:
        slices = [replaced(key, earlier, "") for key in line.keys]
        return any(
            all(lines.get(replace(each, at=at)) == 0 for at in slices)
            and all(lines.get(replace(line, at=replaced(line.at, earlier, part))) == 0 for part in each.parts)
            for each in lists[earlier, line.at[earlier]].values()
        )

    return [line for line, left in lines.items() if left or not any(follows(line, it) for it in range(line.dimension))]


def replaced(key: Key, place: int, value: str) -> Key:
    """The key with another value in one dimension.

    Source: none needed.
    """
    return (*key[:place], value, *key[place + 1 :])


@dataclass
class _Found:
    """What is known so far, the lines met on the way, and which counts rest on a guess."""

    counts: dict[Key, int]
    nestings: Sequence[Nesting]
    met: list[Line] = field(default_factory=list)
    guessed: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seen: set[Line] = set()
        self.holding = [_holding(nesting) for nesting in self.nestings]

    def follow(self, keys: Iterable[Key]) -> None:
        """Nothing; whatever follows from these counts is known, and whatever follows from that."""
        waiting = list(keys)
        while waiting:
            lines = dict.fromkeys(line for key in waiting for line in self._lines_with(key))
            self.met += [line for line in lines if line not in self.seen]
            self.seen |= lines.keys()
            waiting = [key for line in lines for key in self._told_by(line)]

    def guess(self) -> None:
        """Nothing; unlisted counts that stand in totals with others alone are taken for the most that is left there."""
        looked_at = 0
        while looked_at < len(self.met):
            line = self.met[looked_at]
            if not self._is_open(line):
                looked_at += 1
                continue
            key = self.unknown(line)[0]
            totals = (each for each in self._lines_with(key) if key != each.keys[0] and self._is_open(each))
            self.counts[key] = max(0, min(map(self.left, totals)))
            self.guessed.add(key)
            self.follow([key])

    def unknown(self, line: Line) -> list[Key]:
        """The keys of a line whose counts are not known."""
        return [key for key in line.keys if key not in self.counts]

    def left(self, line: Line) -> int:
        """What the known parts of a line leave over."""
        whole, *parts = (self.counts.get(key, 0) for key in line.keys)
        return whole - sum(parts)

    def _is_open(self, line: Line) -> bool:
        unknown = self.unknown(line)
        return bool(unknown) and unknown[0] != line.keys[0]

    def _told_by(self, line: Line) -> list[Key]:
        """The keys whose counts a line tells, now known."""
        unknown = self.unknown(line)
        if not unknown:
            return []
        left, is_whole = self.left(line), unknown[0] == line.keys[0]
        if len(unknown) > 1 and (is_whole or left > 0):
            return []
        self.counts |= dict.fromkeys(unknown, -left if is_whole else max(0, left))
        if not self.guessed.isdisjoint(line.keys):
            self.guessed |= set(unknown)
        return unknown

    def _lines_with(self, key: Key) -> Iterator[Line]:
        for dimension, held in enumerate(self.holding):
            at = replaced(key, dimension, "")
            for whole, number in held.get(key[dimension], ()):
                yield Line(dimension, at, whole, number, self.nestings[dimension][whole][number])


def _holding(nesting: Nesting) -> dict[str, list[tuple[str, int]]]:
    """For each value the lists it stands in, as their whole and number, and those it is the whole of."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lists = ((whole, number, parts) for whole, every in nesting.items() for number, parts in enumerate(every))
    for whole, number, parts in lists:
        for value in (whole, *parts):
            found[value].append((whole, number))
    return found


def _occurring(nesting: Nesting, values: set[str]) -> Nesting:
    """The nesting of the values that occur or hold some that do; of each list, those that do not are taken as one.

    A part that holds its own whole is left out.
    """
    inside = {whole: _inside(whole, nesting) for whole in nesting}
    occurring: dict[str, list[Key]] = defaultdict(list)
    lists = ((whole, parts) for whole, every in nesting.items() for parts in every)
    for whole, parts in lists:
        others = {part for part in parts if part != whole and whole not in inside.get(part, ())}
        kept = tuple(part for part in sorted(others) if not values.isdisjoint({part, *inside.get(part, ())}))
        absent = (f"{whole}: others {len(occurring[whole])}",) if len(kept) < len(others) else ()
        if kept:
            occurring[whole].append((*kept, *absent))
    return occurring


def _inside(whole: str, nesting: Nesting) -> set[str]:
    """Every value that a value holds, at any depth."""
    found, waiting = set[str](), [whole]
    while waiting:
        new = {part for parts in nesting.get(waiting.pop(), ()) for part in parts} - found
        found |= new
        waiting += new
    return found
