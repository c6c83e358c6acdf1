"""Relations between published figures, read from what a programme declares, and the terms they are made of."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.terms.errors import ParityError

ROLES = {
    "sum": ("parts", "total"),
    "share": ("part", "total", "share"),
    "rate": ("count", "population", "rate"),
    "cost": ("volume", "unit_cost", "weeks", "cost"),
    "change": ("from", "to", "change"),
    "equal": ("value",),
    "at_least": ("value",),
    "about": ("value",),
    "label": (),
}
DECLARED = ("cross_check", "ambiguous")

Term = str | list[str]


class RelationFault(ParityError):
    """A relation that cannot be read or whose terms do not fit the tables. Carries one sentence."""


class EmptyCell(RelationFault):
    """A term whose cells exist but hold no number."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One published figure and how it hangs together with others; see `docs/tie-out.md` for every field."""

    id: str
    kind: str
    source: str
    place: str
    says: str
    terms: Mapping[str, Term]
    unit: str = "count"
    per: float = 1
    printed: str = ""
    right: str = ""
    exact: tuple[str, ...] = ()
    solve_for: str = ""
    rounded_to: float = 0
    status: str = ""
    reason: str = ""
    nature: str = "published"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """An unknown number that several printed rows share, to be solved from the rows it names."""

    name: str
    rows: str
    count: str
    rate: str
    per: float
    reason: str
    method: str = "least squares"
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with half a unit of the last digit in which it was printed (0 where exact), and what it is."""

    value: float
    half: float = 0
    words: str = ""
    fitted: bool = False


def relations_from(declared: Mapping[str, Any]) -> list[Relation]:
    """Every relation declared, `for_each` written out. Raises RelationFault naming the relation and what to mend."""
    found = [relation for entry in declared.get("relation", ()) for relation in _written_out(entry)]
    seen: set[str] = set()
    for relation in found:
        if relation.id in seen:
            raise RelationFault(f"Relation {relation.id} is declared twice: give each its own id.")
        seen.add(relation.id)
    return found


def fits_from(declared: Mapping[str, Any]) -> dict[str, Fit]:
    """Every fitted unknown declared, by name. Raises RelationFault naming the fit and the field it does not know."""
    fits = {}
    for entry in declared.get("fit", ()):
        unknown = sorted(set(entry) - set(Fit.__dataclass_fields__))
        if unknown:
            raise RelationFault(f"Fit {entry.get('name')}: there is no field {', '.join(unknown)}.")
        fits[entry["name"]] = Fit(**{**entry, "leave_out": tuple(entry.get("leave_out", ()))})
    return fits


def _written_out(entry: Mapping[str, Any]) -> Iterator[Relation]:
    """The relations of one entry: one, or one for each key of its `ids`."""
    if "for_each" not in entry:
        yield _relation(entry)
        return
    for key, identity in entry["ids"].items():
        chosen = {
            name: value.get(key, "") if isinstance(value, dict) else value
            for name, value in entry.items()
            if name not in ("for_each", "ids")
        }
        chosen["id"] = identity
        yield _relation(_replaced(chosen, "{" + entry["for_each"] + "}", key))


def _replaced(value: Any, slot: str, key: str) -> Any:
    if isinstance(value, str):
        return value.replace(slot, key)
    if isinstance(value, list):
        return [_replaced(item, slot, key) for item in value]
    if isinstance(value, dict):
        return {name: _replaced(item, slot, key) for name, item in value.items()}
    return value


def _relation(entry: Mapping[str, Any]) -> Relation:
    identity = entry.get("id", "(without id)")
    kind = entry.get("kind", "")
    if kind not in ROLES:
        raise RelationFault(f"Relation {identity}: kind “{kind}” is none of {', '.join(ROLES)}.")
    terms = {role: entry[role] for role in ROLES[kind] if role in entry}
    known = {name: value for name, value in entry.items() if name in Relation.__dataclass_fields__}
    unknown = sorted(set(entry) - set(known) - set(terms))
    if unknown:
        raise RelationFault(f"Relation {identity}: a {kind} has no field {', '.join(unknown)}.")
    exact = entry.get("exact", ())
    known["exact"] = tuple(terms) if exact is True else tuple(exact)
    if known.get("status", "") not in ("", *DECLARED):
        raise RelationFault(
            f"Relation {identity}: arithmetic decides the status; only {', '.join(DECLARED)} are declared."
        )
    return Relation(**known, terms=terms)


_CELL = re.compile(r"(?P<stem>\w+)(?:\.(?P<column>\w+))?(?:\[(?P<where>.*)\])?", re.DOTALL)
_CONDITION = re.compile(r'\s*(?P<key>\w+)\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^,"]*?))\s*(?:,|$)')
_NUMBER = re.compile(r"(?<![\d.])-?\d[\d,]*(?:\.\d+)?|-?\.\d+")
_PLAIN = re.compile(r"(?P<number>-?[\d.]+) because (?P<why>.+)", re.DOTALL)


@dataclass(frozen=True)
class Reader:
    """Reads terms: from tables, from figures, from other relations and from fits."""

    tables: Mapping[str, pl.DataFrame]
    figure: Callable[[str, dict[str, str]], float | None]
    computed: Callable[[str], Quantity]
    fitted: Callable[[str], Quantity]

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
        """The numbers of one column in the rows chosen; at least one."""
        frame, column = self.rows(selector)
        if column is None or column not in frame.columns:
            raise RelationFault(f"“{selector}” names no column of its table.")
        twin = f"{column}_printed"
        printed = frame[twin].to_list() if twin in frame.columns else [None] * frame.height
        scale = _scale(frame[column].to_list(), printed)
        places = frame["place"].to_list() if "place" in frame.columns else [""] * frame.height
        found = [
            Quantity(value, _half_unit(text, value, scale), f"{text or value} ({place})")
            for value, text, place in zip(frame[column].to_list(), printed, places, strict=True)
            if value is not None
        ]
        if not found:
            raise (EmptyCell if frame.height else RelationFault)(f"“{selector}” finds no number.")
        return found

    def rows(self, selector: str) -> tuple[pl.DataFrame, str | None]:
        """The rows a selector chooses and the column it names, if any."""
        parsed = _CELL.fullmatch(selector.strip())
        if parsed is None:
            raise RelationFault(f"“{selector}” is not of the form table.column[key=value].")
        stem = parsed["stem"]
        if stem not in self.tables:
            raise RelationFault(f"“{selector}”: there is no table “{stem}”.")
        frame = self.tables[stem]
        for key, value in conditions(parsed["where"] or "").items():
            if key not in frame.columns:
                raise RelationFault(f"“{selector}”: the table “{stem}” has no column “{key}”.")
            frame = frame.filter(pl.col(key).cast(pl.String) == value)
        return frame, parsed["column"]

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
        return Quantity(float(round(inner.value)), 0, f"{inner.words}, rounded", inner.fitted)

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
    """The conditions `key=value, key2="value, with comma"` as a dictionary. Raises RelationFault where unreadable."""
    found, position = {}, 0
    while position < len(text):
        parsed = _CONDITION.match(text, position)
        if parsed is None:
            raise RelationFault(f"“{text}” is not a list of key=value.")
        found[parsed["key"]] = parsed["bare"] if parsed["quoted"] is None else parsed["quoted"]
        position = parsed.end()
    return found


def number_in(text: str) -> tuple[float, float]:
    """The first number in a printed text and half a unit of its last digit: `about £1.4m` gives 1.4 and 0.05.

    Raises RelationFault where the text holds no number.
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
