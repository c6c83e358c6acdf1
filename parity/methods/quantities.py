"""The terms of relations, read as quantities: from tables, from figures, from other relations and from fits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from parity.methods.relations import RelationFault, Term


class EmptyCell(RelationFault):
    """A term whose cells exist but hold no number."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with half a unit of the last digit in which it was printed (0 where exact), and what it is."""

    value: float
    half: float = 0
    words: str = ""
    fitted: bool = False


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


@dataclass(frozen=True)
class Reader:
    """Reads terms: from tables, from figures, from other relations and from fits."""

    tables: Mapping[str, pl.DataFrame]
    figure: Callable[[str, dict[str, str]], float | None]
    computed: Callable[[str], Quantity]
    fitted: Callable[[str], Quantity]
    _matches: dict[tuple[str, str, str], pl.Series] = field(default_factory=dict, compare=False, repr=False)

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
        frame, column = self.rows(selector)
        if column is None or column not in frame.columns:
            raise RelationFault(f"“{selector}” names no column of its table.")
        if frame.is_empty():
            raise RelationFault(f"“{selector}” finds no row.")
        if not frame[column].dtype.is_numeric():
            raise RelationFault(f"“{selector}”: the column holds text, not numbers.")
        if frame[column].null_count() == frame.height:
            raise EmptyCell(f"“{selector}” finds no number.")
        twin = f"{column}_printed"
        printed = frame[twin].to_list() if twin in frame.columns else [None] * frame.height
        scale = _scale(frame[column].to_list(), printed)
        places = frame["place"].to_list() if "place" in frame.columns else [None] * frame.height
        found = [
            Quantity(value, _half_unit(text, value, scale), f"{text or value}" + (f" ({place})" if place else ""))
            for value, text, place in zip(frame[column].to_list(), printed, places, strict=True)
            if value is not None
        ]
        if len(found) < frame.height:
            words = f"{found[-1].words}; {frame.height - len(found)} rows without a number left out"
            found[-1] = replace(found[-1], words=words)
        return found

    def rows(self, selector: str) -> tuple[pl.DataFrame, str | None]:
        """The rows a selector chooses and the column it names, if any."""
        stem, column, chosen = self._chosen(selector)
        return self.tables[stem].filter(chosen), column

    def origin(self, term: Term) -> Origin | None:
        """Where the first cells that a term names stand; None where it names none of its own."""
        first = term[0] if isinstance(term, list) else term
        selector = _BEFORE_CELLS.sub("", first)
        if _CELL.fullmatch(selector) is None:
            return None
        stem, column, chosen = self._chosen(selector)
        return Origin(stem, column, tuple(chosen.arg_true().to_list()))

    def _chosen(self, selector: str) -> tuple[str, str | None, pl.Series]:
        """Table, column if any, and for each of the table's rows whether the selector chooses it."""
        parsed = _CELL.fullmatch(selector.strip())
        if parsed is None:
            raise RelationFault(f"“{selector}” is not of the form table.column[key=value].")
        stem = parsed["stem"]
        if stem not in self.tables:
            raise RelationFault(f"“{selector}”: there is no table “{stem}”.")
        frame = self.tables[stem]
        chosen = pl.repeat(True, frame.height, eager=True)
        for key, value in conditions(parsed["where"] or "").items():
            if key not in frame.columns:
                raise RelationFault(f"“{selector}”: the table “{stem}” has no column “{key}”.")
            chosen &= self._matching(stem, key, value)
        return stem, parsed["column"], chosen

    def _matching(self, stem: str, key: str, value: str) -> pl.Series:
        """For each of a table's rows whether its column has this value; compared once, since many terms ask it."""
        asked = (stem, key, value)
        if asked not in self._matches:
            self._matches[asked] = _equals(self.tables[stem][key], value).fill_null(False)
        return self._matches[asked]

    def printed(self, selector: str) -> str:
        """The printed text of the one cell a selector chooses."""
        frame, column = self.rows(selector)
        if frame.height != 1 or column is None:
            raise RelationFault(f"“{selector}” finds {frame.height} rows where it must find one printed text.")
        twin = f"{column}_printed"
        text = frame[twin if twin in frame.columns else column].item()
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
        frame, _ = self.rows(selector)
        return Quantity(float(frame.height), 0, f"{frame.height} rows")

    def _distinct(self, selector: str) -> Quantity:
        frame, column = self.rows(selector)
        if column is None:
            raise RelationFault(f"“{selector}” names no column whose values could be told apart.")
        return Quantity(float(frame[column].n_unique()), 0, f"{frame[column].n_unique()} different {column}")

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

    Raises RelationFault where the text holds no number.

    Source: rounding error of a printed number is half a unit of its last digit.
    """
    found = _NUMBER.search(text.replace("−", "-"))
    if found is None:
        raise RelationFault(f"“{text}” holds no number.")
    digits = found.group().replace(",", "")
    decimals = len(digits.partition(".")[2])
    return float(digits), 0.5 * 10.0**-decimals


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
