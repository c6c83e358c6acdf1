"""The terms of relations, read as quantities: from tables, from figures, from other relations and from fits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import polars as pl

from parity.methods.relations import LARGEST, RelationFault, Term

TEXT_TOLD = 40


class EmptyCell(RelationFault):
    """A term whose cells exist but hold no number."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with half a unit of the last digit in which it was printed (0 where exact), and what it is.

    Raises RelationFault where it is too large to be computed with.
    """

    value: float
    half: float = 0
    words: str = ""
    fitted: bool = False

    def __post_init__(self) -> None:
        for number in (self.value, self.half):
            _check_size(number, self.words)


_CELL = re.compile(r"(?P<stem>\w+)(?:\.(?P<column>\w+))?(?:\[(?P<where>.*)\])?", re.DOTALL)
_CONDITION = re.compile(r'\s*(?P<key>\w+)\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^,"]*?))\s*(?:,|$)')
_BEFORE_CELLS = re.compile(r"^(?:(?:minus|sum|mean|count|distinct|round) )+")
_NUMBER = re.compile(r"(?<![\d.])-?\d[\d,]*(?:\.\d+)?|-?\.\d+")
_PLAIN = re.compile(r"(?P<number>-?\d+(?:\.\d+)?) because (?P<why>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where cells stand: table, column if one is named, and the positions of the rows from 0."""

    stem: str
    column: str | None
    positions: tuple[int, ...]


class _Held(NamedTuple):
    """A column's values as plain numbers and texts, since a term asks for few of them; whether it holds numbers."""

    values: list[Any]
    numeric: bool


@dataclass(frozen=True)
class Reader:
    """Reads terms: from tables, from figures, from other relations and from fits."""

    tables: Mapping[str, pl.DataFrame]
    figure: Callable[[str, dict[str, str]], float | None]
    computed: Callable[[str], Quantity]
    fitted: Callable[[str], Quantity]
    _columns: dict[tuple[str, str], _Held | None] = field(default_factory=dict, compare=False, repr=False)
    _matches: dict[tuple[str, str, str], frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    def quantity(self, term: Term) -> Quantity:
        """The number a term stands for. Raises RelationFault where it finds none, or several where one is meant."""
        if isinstance(term, list):
            return _signed_sum([(self._sign(item), self.quantity(self._bare(item))) for item in term])
        word, _, rest = term.partition(" ")
        if word in _WORDS:
            return _WORDS[word](self, rest)
        name, colon, identity = word.partition(":")
        if colon and name in _ELSEWHERE:
            return _ELSEWHERE[name](self)(identity)
        cells = self.cells(term)
        if len(cells) != 1:
            raise RelationFault(
                f"“{term}” finds {len(cells)} rows where it must find one; say “sum” if several are meant."
            )
        return cells[0]

    def cells(self, selector: str) -> list[Quantity]:
        """The numbers of one column in the rows chosen; at least one. The last says how many rows had none."""
        stem, column, positions = self._chosen(selector)
        held = self._column(stem, column or "")
        if held is None:
            raise RelationFault(f"“{selector}” names no column of its table.")
        if not positions:
            raise RelationFault(f"“{selector}” finds no row.")
        if not held.numeric:
            raise RelationFault(f"“{selector}”: the column holds text, not numbers.")
        values = [held.values[position] for position in positions]
        printed = self._texts(stem, f"{column}_printed", positions)
        scale = _scale(values, printed)
        found = [
            Quantity(value, _half_unit(text, value, scale), f"{text or value}" + (f" ({place})" if place else ""))
            for value, text, place in zip(values, printed, self._texts(stem, "place", positions), strict=True)
            if value is not None
        ]
        if not found:
            raise EmptyCell(f"“{selector}” finds no number.")
        if len(found) < len(positions):
            words = f"{found[-1].words}; {len(positions) - len(found)} rows without a number left out"
            found[-1] = replace(found[-1], words=words)
        return found

    def rows(self, selector: str) -> pl.DataFrame:
        """The rows of its table that a selector chooses."""
        stem, _, positions = self._chosen(selector)
        return self.tables[stem][list(positions)]

    def origin(self, term: Term) -> Origin | None:
        """Where the first cells that a term names stand; None where it names none of its own."""
        first = term[0] if isinstance(term, list) else term
        selector = _BEFORE_CELLS.sub("", first)
        return Origin(*self._chosen(selector)) if _CELL.fullmatch(selector) else None

    def _chosen(self, selector: str) -> tuple[str, str | None, tuple[int, ...]]:
        """Table, column if any, and the positions of the rows that the selector chooses."""
        parsed = _CELL.fullmatch(selector.strip())
        if parsed is None:
            raise RelationFault(f"“{selector}” is not of the form table.column[key=value].")
        stem = parsed["stem"]
        if stem not in self.tables:
            raise RelationFault(f"“{selector}”: there is no table “{stem}”.")
        asked = conditions(parsed["where"] or "")
        for key in asked:
            if key not in self.tables[stem].columns:
                raise RelationFault(f"“{selector}”: the table “{stem}” has no column “{key}”.")
        matches = [self._matching(stem, key, value) for key, value in asked.items()]
        everywhere = range(self.tables[stem].height)
        positions = sorted(frozenset.intersection(*matches)) if matches else everywhere
        return stem, parsed["column"], tuple(positions)

    def _matching(self, stem: str, key: str, value: str) -> frozenset[int]:
        """The positions of a table's rows whose column has this value; compared once, since many terms ask it."""
        asked = (stem, key, value)
        if asked not in self._matches:
            self._matches[asked] = frozenset(_equals(self.tables[stem][key], value).arg_true())
        return self._matches[asked]

    def _column(self, stem: str, name: str) -> _Held | None:
        """A column of a table, read once; None where the table has none of this name."""
        asked = (stem, name)
        if asked not in self._columns:
            frame = self.tables[stem]
            column = frame[name] if name in frame.columns else None
            self._columns[asked] = None if column is None else _Held(column.to_list(), column.dtype.is_numeric())
        return self._columns[asked]

    def _texts(self, stem: str, name: str, positions: tuple[int, ...]) -> list[Any]:
        """What stands in a column at these positions; nothing at each where the table has no such column."""
        held = self._column(stem, name)
        return [held and held.values[position] for position in positions]

    def printed(self, selector: str) -> str:
        """The printed text of the one cell a selector chooses."""
        stem, column, positions = self._chosen(selector)
        if len(positions) != 1 or column is None:
            raise RelationFault(f"“{selector}” finds {len(positions)} rows where it must find one printed text.")
        held = self._column(stem, f"{column}_printed") or self._column(stem, column)
        if held is None:
            raise RelationFault(f"“{selector}” names no column of its table.")
        text = held.values[positions[0]]
        return "" if text is None else str(text)

    def _minus(self, rest: str) -> Quantity:
        return _signed_sum([(-1, self.quantity(rest))])

    def _sum(self, rest: str) -> Quantity:
        return _signed_sum([(1, cell) for cell in self.cells(rest)])

    def _mean(self, rest: str) -> Quantity:
        cells = self.cells(rest)
        total = _signed_sum([(1, cell) for cell in cells])
        return Quantity(total.value / len(cells), total.half / len(cells), f"mean of {total.words}")

    def _count(self, selector: str) -> Quantity:
        _, _, positions = self._chosen(selector)
        return Quantity(float(len(positions)), 0, f"{len(positions)} rows")

    def _distinct(self, selector: str) -> Quantity:
        stem, column, positions = self._chosen(selector)
        if column is None or self._column(stem, column) is None:
            raise RelationFault(f"“{selector}” names no column whose values could be told apart.")
        different = len(set(self._texts(stem, column, positions)))
        return Quantity(float(different), 0, f"{different} different {column}")

    def _figure(self, selector: str) -> Quantity:
        parsed = _CELL.fullmatch(selector.strip())
        if parsed is None or parsed["column"] is not None:
            raise RelationFault(f"“figure {selector}” is not of the form figure indicator[key=value].")
        value = self.figure(parsed["stem"], conditions(parsed["where"] or ""))
        if value is None:
            raise RelationFault(f"The figure {selector} is missing.")
        return Quantity(value, 0, f"figure {parsed['stem']}")

    def _round(self, rest: str) -> Quantity:
        inner = self.quantity(rest)
        whole = Decimal(repr(inner.value)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Quantity(float(whole), 0, f"{inner.words}, rounded", inner.fitted)

    def _number(self, rest: str) -> Quantity:
        parsed = _PLAIN.fullmatch(rest)
        if parsed is None:
            raise RelationFault(f"“number {rest}” must read “number N because …”.")
        return Quantity(float(parsed["number"]), 0, f"{parsed['number']} ({parsed['why']})")

    @staticmethod
    def _sign(term: str) -> int:
        return -1 if term.startswith("minus ") else 1

    @staticmethod
    def _bare(term: str) -> str:
        return term.removeprefix("minus ")


_WORDS: dict[str, Callable[[Reader, str], Quantity]] = {
    "minus": Reader._minus,
    "sum": Reader._sum,
    "mean": Reader._mean,
    "count": Reader._count,
    "distinct": Reader._distinct,
    "figure": Reader._figure,
    "round": Reader._round,
    "number": Reader._number,
}
_ELSEWHERE: dict[str, Callable[[Reader], Callable[[str], Quantity]]] = {
    "id": lambda reader: reader.computed,
    "fit": lambda reader: reader.fitted,
}


def conditions(text: str) -> dict[str, str]:
    """The conditions `key=value, key2="value, with comma"` as a dictionary. Raises RelationFault where unreadable.

    Source: the form of relations in `docs/tie-out.md`.
    """
    found, position = {}, 0
    while position < len(text):
        parsed = _CONDITION.match(text, position)
        if parsed is None:
            raise RelationFault(f"“{text}” is not a list of key=value.")
        found[parsed["key"]] = parsed["bare"] if parsed["quoted"] is None else parsed["quoted"]
        position = parsed.end()
    return found


def _equals(column: pl.Series, value: str) -> pl.Series:
    """Where the column holds the value; numbers are compared as numbers, so that 2008 finds 2008.0."""
    if column.dtype.is_numeric() and _NUMBER.fullmatch(value):
        return column == float(value.replace(",", ""))
    return column.cast(pl.String) == value


def number_in(text: str) -> tuple[float, float]:
    """The first number in a printed text and half a unit of its last digit: `about £1.4m` gives 1.4 and 0.05.

    Raises RelationFault where the text holds no number, or one too large to be computed with.

    Source: rounding error of a printed number is half a unit of its last digit.
    """
    found = _NUMBER.search(text.replace("−", "-"))
    if found is None:
        raise RelationFault(f"“{text}” holds no number.")
    digits = found.group().replace(",", "")
    number, decimals = float(digits), len(digits.partition(".")[2])
    _check_size(number, text)
    return number, 0.5 * 10.0**-decimals


def _check_size(number: float, words: str) -> None:
    """Nothing. Raises RelationFault where the number cannot be computed with."""
    if not abs(number) <= LARGEST:
        told = words if len(words) <= TEXT_TOLD else f"{words[:TEXT_TOLD]}…"
        raise RelationFault(f"“{told}” is too large a number to be computed with.")


def _scale(values: list[float | None], printed: list[str | None]) -> float:
    """How many of the table's units one printed unit is, from the first row that can tell; 1 where none can."""
    for value, text in zip(values, printed, strict=True):
        if value and text and _NUMBER.search(text):
            number, _ = number_in(text)
            if number:
                return abs(value / number)
    return 1.0


def _half_unit(text: str | None, value: float, scale: float) -> float:
    """Half a unit of the last printed digit, in the table's unit; 0 where nothing was printed."""
    if not text or not _NUMBER.search(text):
        return 0.0
    number, half = number_in(text)
    return half * (abs(value / number) if number and value else scale)


def _signed_sum(parts: list[tuple[int, Quantity]]) -> Quantity:
    words = " ".join(f"{'−' if sign < 0 else '+'} {part.words}" for sign, part in parts).removeprefix("+ ")
    return Quantity(
        sum(sign * part.value for sign, part in parts),
        sum(part.half for _, part in parts),
        words,
        any(part.fitted for _, part in parts),
    )
