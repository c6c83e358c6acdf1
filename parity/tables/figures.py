"""Figures of an indicator: its function's rows, checked and shaped, each as a figure that knows where it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from typing import Any

import numpy as np
import polars as pl

from parity.assumptions import assumption
from parity.methods.disclosure import SafeTable, with_reasons
from parity.terms.areas import Area
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.errors import NotFound
from parity.terms.figure import NOT_AVAILABLE, Citation, Figure
from parity.terms.indicator import CATALOGUE, EXTRAS, READ_FROM, VALUES, Indicator
from parity.terms.release import BETWEEN, Release
from parity.terms.units import Unit

RESULTS_HELD = 4096
CITATIONS_HELD = 16384
AREAS = "areas"
NAMING = (AREAS, "comparators")
"""Tables that name places and groups of them, and give no number."""
CITED = ("source", "place")


@dataclass(frozen=True)
class Inputs:
    """An indicator and what it reads. Two are equal when the indicator, the releases and the areas in view are.

    That is the cache key.
    """

    key: str
    releases: tuple[Release, ...]
    areas: frozenset[str] | None
    frames: Mapping[str, pl.DataFrame] = field(compare=False)
    safe: tuple[SafeTable, ...] = field(default=(), compare=False)

    @cached_property
    def alike(self) -> "Inputs":
        """The same for all indicators that read these releases."""
        return replace(self, key="")

    @cached_property
    def citing(self) -> Mapping[str, frozenset[str]]:
        """The tables whose rows name document and place, and the columns of each; none that only names places."""
        columns = {stem: frozenset(frame.columns) for stem, frame in self.frames.items() if stem not in NAMING}
        return {stem: present for stem, present in columns.items() if present.issuperset(CITED)}


@dataclass(frozen=True)
class Figures:
    """All figures of one indicator in one programme: one row per area, period and dimensions.

    `frame` has the indicator's keys, value, lower, upper, missing, basis, price_year, note, unit and read_from.
    `absent` says why there is no row at all, where an input table is missing. `signs` gives the symbol for a reason.
    `editions` are what a row may say that it is read from.
    """

    indicator: Indicator
    scope: str
    frame: pl.DataFrame
    given: Inputs = field(repr=False)
    assumptions: tuple[Assumption, ...]
    areas: Mapping[str, Area] = field(repr=False)
    absent: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Release] = field(default_factory=dict, repr=False)

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases of the tables that were read."""
        return self.given.releases

    @property
    def inputs(self) -> Mapping[str, pl.DataFrame]:
        """The tables that were read, by stem."""
        return self.given.frames

    def all(self, /, **where: str) -> list[Figure]:
        """The figures whose keys equal `where`, in the order the indicator gave them; empty where none does."""
        return [self._figure(row) for row in self._matching(where).iter_rows(named=True)]

    def one(self, /, **where: str) -> Figure:
        """The one figure with these keys; of several periods the latest. Missing with a reason where there is none.

        Raises NotFound where several of that period match: a dimension must then be named too.
        """
        matching = self._matching(where)
        if matching.is_empty():
            return self._none(where)
        latest = matching.filter(pl.col("period") == pl.col("period").max())
        if latest.height > 1:
            open_keys = ", ".join(name for name in self.indicator.keys if name not in (*where, "period"))
            raise NotFound(f"{latest.height} figures of {self.indicator.key} match: name {open_keys} too.")
        return self._figure(latest.row(0, named=True))

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.all())

    def _matching(self, where: Mapping[str, str]) -> pl.DataFrame:
        unknown = sorted(set(where) - set(self.indicator.keys))
        if unknown:
            raise NotFound(f"The indicator {self.indicator.key} is not divided by {', '.join(unknown)}.")
        return self.frame.filter(*(pl.col(key) == value for key, value in where.items())) if where else self.frame

    def _figure(self, row: Mapping[str, Any]) -> Figure:
        area, period, unit = self._area(row["area"]), row["period"], row["unit"]
        where = tuple([(name, row[name]) for name in self.indicator.dimensions])
        return Figure(
            indicator=self.indicator,
            scope=self.scope,
            area=area,
            period=period,
            where=where,
            value=row["value"],
            lower=row["lower"],
            upper=row["upper"],
            missing=row["missing"],
            basis=row["basis"],
            price_year=row["price_year"],
            note=row["note"],
            releases=self._read(row[READ_FROM]),
            assumptions=self.assumptions,
            own_unit=Unit[unit.upper()] if unit else None,
            sign=self.signs.get(row["missing"], NOT_AVAILABLE),
            cite=partial(_citations, self.given, (*where, ("area", area.code), ("period", period))),
        )

    def _read(self, marked: object) -> tuple[Release, ...]:
        """The editions that a row says it is read from; else the tables that were read."""
        named = str(marked).split(BETWEEN) if marked else []
        return tuple(self.editions[name] for name in named if name in self.editions) or self.releases

    def _none(self, where: Mapping[str, str]) -> Figure:
        asked = ", ".join(f"{name} {value}" for name, value in where.items()) or "anything"
        return Figure(
            indicator=self.indicator,
            scope=self.scope,
            area=self._area(where.get("area", "")),
            period=where.get("period", ""),
            where=tuple((name, where.get(name, "")) for name in self.indicator.dimensions),
            value=None,
            missing=self.absent or f"The programme's tables hold nothing on {asked}.",
            releases=self.releases,
            assumptions=self.assumptions,
        )

    def _area(self, code: str) -> Area:
        return self.areas.get(code) or Area(code, code, "not listed")

    def traced(self, figure: Figure) -> dict[str, pl.DataFrame]:
        """The input rows a figure can rest on, by table: those that share its dimensions and, where any do, its area.

        Rows of other areas are kept where the figure's own area has none, as with a rate stated for another place.
        """
        return {stem: _sharing(frame, _keys(figure)) for stem, frame in self.inputs.items()}


Keys = tuple[tuple[str, str], ...]


def _keys(figure: Figure) -> Keys:
    return (*figure.where, ("area", figure.area.code), ("period", figure.period))


def _sharing(frame: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """The rows that share a figure's dimensions, area and period, each only where some row does."""
    shared = _shared(frame, keys)
    return frame if shared is None else frame[shared]


def _shared(frame: pl.DataFrame, keys: Keys) -> pl.Series | None:
    """The numbers of the rows that share them; None where all count."""
    found = None
    for name, value in keys:
        if name in frame.columns:
            column = frame[name] if found is None else frame[name][found]
            alike = column.cast(pl.String) == value
            if alike.any():
                found = (pl.Series(np.arange(frame.height)) if found is None else found).filter(alike)
    return found


def _citations(inputs: Inputs, keys: Keys) -> tuple[Citation, ...]:
    """Document and place of the rows a figure can rest on; not of tables that only name places."""
    found: dict[Citation, None] = {}
    for stem, present in inputs.citing.items():
        # figures of many periods, and of indicators that read the same tables, rest on the same rows of a table
        found |= _cited(inputs.alike, stem, tuple([key for key in keys if key[0] in present]))
    return tuple(found)


@lru_cache(maxsize=CITATIONS_HELD)
def _cited(inputs: Inputs, stem: str, keys: Keys) -> dict[Citation, None]:
    """Document and place of the rows of one table."""
    frame = inputs.frames[stem]
    shared = _shared(frame, keys)
    source, place = (frame[name] if shared is None else frame[name][shared] for name in CITED)
    return dict.fromkeys(cited for cited in zip(source, place, strict=True) if None not in cited)


def _columns(definition: Indicator) -> dict[str, pl.DataType]:
    texts = {name: pl.String() for name in (*definition.keys, "missing", *EXTRAS, READ_FROM)}
    return {**texts, **{name: pl.Float64() for name in VALUES if name != "missing"}}


@cache
def blank(definition: Indicator) -> pl.DataFrame:
    """No row, with every column of a figure."""
    return pl.DataFrame(schema=_columns(definition))


@lru_cache(maxsize=RESULTS_HELD)
def result(inputs: Inputs) -> pl.DataFrame:
    """What the indicator's function gives on these inputs, with every column of a figure in its place.

    Raises ValueError where two rows name the same figure, or where a value is missing without a reason.
    """
    definition = CATALOGUE[inputs.key]
    chosen = {name: assumption(name) for name in definition.assumptions}
    given = definition.function(**inputs.frames, **chosen)
    if "basis" not in given.columns and definition.basis is not None:
        given = given.with_columns(basis=pl.lit(definition.basis.value))
    present = set(given.columns)
    shaped = given.select(
        _shaped(name if name in present else None, kind).alias(name) for name, kind in _columns(definition).items()
    )
    for safe in inputs.safe:
        shaped = with_reasons(shaped, safe, keys=definition.keys)
    _check_rows(definition, shaped)
    return shaped if inputs.areas is None else shaped.filter(pl.col("area").is_in(list(inputs.areas)))


def _shaped(name: str | None, kind: pl.DataType) -> pl.Expr:
    """A column of a figure in its type, nothing where the indicator gave none: no number is null, a basis in words."""
    if name is None:
        return pl.lit(None, dtype=kind)
    if name == "basis":
        return _IN_WORDS
    given = pl.col(name).cast(kind)
    return given.fill_nan(None) if kind == pl.Float64 else given


_IN_WORDS = pl.col("basis").cast(pl.String).replace({basis.name.lower(): basis.value for basis in Basis})
_GAP = pl.col("value").is_null() != pl.col("missing").is_not_null()
_INFINITE = pl.any_horizontal(pl.col("value", "lower", "upper").is_infinite())
_STRANGE_BASIS = ~pl.col("basis").is_in([basis.value for basis in Basis])


def _check_rows(definition: Indicator, frame: pl.DataFrame) -> None:
    """Nothing. Raises ValueError where a row is no figure: that is a fault of the indicator's function."""
    faults = {
        "two rows name the same figure": pl.struct(definition.keys).is_duplicated(),
        "a value is missing without a reason, or has one beside it": _GAP,
        "a value is infinite": _INFINITE,
        "a basis is none of ours": _STRANGE_BASIS,
        "a figure lacks its area, its period or a dimension": pl.any_horizontal(pl.col(definition.keys).is_null()),
    }
    found = frame.select(bad.any().alias(sentence) for sentence, bad in faults.items()).row(0, named=True)
    for sentence, is_so in found.items():
        if is_so:
            raise ValueError(f"{definition.key}: {sentence}.")
