"""Where tidy tables rest, and the one way from an indicator to its figures."""

import json
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import polars as pl

from parity.assumptions import assumption
from parity.methods.disclosure import Guarded, SafeTable, made_safe, with_reasons
from parity.sources.brought.disclosure import DISCLOSURE
from parity.terms.areas import Area
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.disclosure import disclosure_from, policy_named
from parity.terms.errors import NotFound
from parity.terms.figure import NOT_AVAILABLE, Citation, Figure
from parity.terms.indicator import CATALOGUE, EXTRAS, VALUES, Indicator
from parity.terms.release import Release
from parity.terms.units import Unit

ENGLAND_SCOPE = "england"
FRAMES_HELD = 512
RESULTS_HELD = 4096
CITATIONS_HELD = 16384
AREAS = "areas"
NAMING = (AREAS, "comparators")
"""Tables that name places and groups of them, and give no number."""
CITED = ("source", "place")

Offered = tuple[pl.DataFrame, Release]
Provider = Callable[[str, Hashable], Offered | None]

_PROVIDERS: dict[str, Provider] = {}


def offer_table(stem: str, provider: Provider) -> None:
    """Nothing; from now on the table of this stem comes from the provider where the store has none of that name.

    A provider takes a scope and who looks, and gives what that viewer may see: a frame with a release whose id changes
    whenever the frame does, or None.
    """
    _PROVIDERS[stem] = provider


@lru_cache(maxsize=FRAMES_HELD)
def _frame_at(path: Path) -> pl.DataFrame:
    """The frame in a file whose name carries its release, so that it never changes once written."""
    return pl.read_parquet(path)


@dataclass(frozen=True)
class Store:
    """The tables under a home folder: `tables/<scope>/<stem>@<release>.parquet` with one list of releases a scope."""

    home: Path

    def _folder(self, scope: str) -> Path:
        return self.home / "tables" / scope

    def releases(self, scope: str) -> dict[str, Release]:
        """The current release of every table of a scope, by stem; empty where the scope is not known."""
        listing = self._folder(scope) / "releases.json"
        if not listing.exists():
            return {}
        entries = json.loads(listing.read_text(encoding="utf-8"))
        return {entry["stem"]: Release(**entry) for entry in entries}

    def scopes(self) -> list[str]:
        """The scopes that hold tables, in alphabetical order."""
        return sorted(listing.parent.name for listing in (self.home / "tables").glob("*/releases.json"))

    def frame(self, release: Release) -> pl.DataFrame:
        """The frame of a release."""
        return _frame_at(self._folder(release.scope) / f"{release.name}.parquet")

    def save(self, scope: str, tables: Iterable[tuple[pl.DataFrame, Release]]) -> None:
        """Nothing; the scope now holds these tables and no others. Readers see the old list or the new, never a mix.

        Frames of earlier releases stay, so that a figure printed from them can still be traced.
        """
        folder = self._folder(scope)
        folder.mkdir(parents=True, exist_ok=True)
        entries = []
        for frame, release in tables:
            path = folder / f"{release.name}.parquet"
            partial = path.with_suffix(".partial")
            # written anew even where it exists: another version of the schema types the same bytes otherwise
            frame.write_parquet(partial)
            partial.replace(path)
            entries.append(release.as_dict())
        self._swap(folder, json.dumps(entries, indent=1, ensure_ascii=False))

    @staticmethod
    def _swap(folder: Path, text: str) -> None:
        partial = folder / "releases.json.partial"
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / "releases.json")


@dataclass(frozen=True)
class _Inputs:
    """An indicator and what it reads. Two are equal when the indicator and the releases are: that is the cache key."""

    key: str
    releases: tuple[Release, ...]
    frames: Mapping[str, pl.DataFrame] = field(compare=False)
    safe: tuple[SafeTable, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Figures:
    """All figures of one indicator in one programme: one row per area, period and dimensions.

    `frame` has the indicator's keys, value, lower, upper, missing, basis, price_year and note.
    `absent` says why there is no row at all, where an input table is missing. `signs` gives the symbol for a reason.
    """

    indicator: Indicator
    scope: str
    frame: pl.DataFrame
    releases: tuple[Release, ...]
    assumptions: tuple[Assumption, ...]
    areas: Mapping[str, Area]
    inputs: Mapping[str, pl.DataFrame] = field(repr=False)
    absent: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)

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

    def _figure(self, row: Mapping[str, object]) -> Figure:
        extras = {name: row[name] for name in (*VALUES, *EXTRAS)}
        own_unit = extras.pop("unit")
        area, period = self._area(str(row["area"])), str(row["period"])
        where = tuple((name, str(row[name])) for name in self.indicator.dimensions)
        inputs = _Inputs(self.indicator.key, self.releases, self.inputs)
        return Figure(
            indicator=self.indicator,
            scope=self.scope,
            area=area,
            period=period,
            where=where,
            cite=partial(_citations, inputs, (*where, ("area", area.code), ("period", period))),
            releases=self.releases,
            assumptions=self.assumptions,
            own_unit=Unit[str(own_unit).upper()] if own_unit else None,
            sign=self.signs.get(str(row["missing"]), NOT_AVAILABLE),
            **extras,  # type: ignore[arg-type]
        )

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
        return self.areas.get(code, Area(code, code, "not listed"))

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
    for name, value in keys:
        if name in frame.columns:
            narrowed = frame.filter(pl.col(name).cast(pl.String) == value)
            frame = frame if narrowed.is_empty() else narrowed
    return frame


@lru_cache(maxsize=CITATIONS_HELD)
def _citations(inputs: _Inputs, keys: Keys) -> tuple[Citation, ...]:
    """Document and place of the rows a figure can rest on; not of tables that only name places."""
    found: dict[Citation, None] = {}
    for stem, frame in inputs.frames.items():
        if stem not in NAMING and set(CITED) <= set(frame.columns):
            found |= dict.fromkeys(_sharing(frame, keys).select(CITED).drop_nulls().iter_rows())
    return tuple(found)


@dataclass(frozen=True)
class Desk:
    """One programme's tables and figures: what a page, a document, the API or the terminal asks.

    `viewer` is who looks, in the terms of whoever offers tables; None sees all that there is.
    """

    store: Store
    scope: str
    viewer: Hashable = None

    @cached_property
    def _listed(self) -> dict[str, dict[str, Release]]:
        return {scope: self.store.releases(scope) for scope in (ENGLAND_SCOPE, self.scope)}

    @cached_property
    def releases(self) -> dict[str, Release]:
        """The releases this programme sees as they were read: its own tables before England's."""
        return {**self._listed[ENGLAND_SCOPE], **self._listed[self.scope]}

    @cached_property
    def _declared(self) -> dict[tuple[str, str], str]:
        """What is known of each table under a policy, as JSON text, by scope and stem."""
        kept = {scope: listed[DISCLOSURE] for scope, listed in self._listed.items() if DISCLOSURE in listed}
        texts = {scope: json.loads(self.store.frame(release).item()) for scope, release in kept.items()}
        return {(scope, stem): json.dumps(told) for scope, stems in texts.items() for stem, told in stems.items()}

    @cached_property
    def _offered(self) -> dict[str, Offered | None]:
        """What providers gave this desk: asked once, so that one page speaks of one state."""
        return {}

    def table(self, stem: str) -> Offered | None:
        """The table of this stem as it may be shown, with its release; None where neither programme nor England has it.

        The one door for numbers: whatever is computed, drawn, written or subtracted rests on counts already hidden.
        """
        found, safe = self._unguarded(stem), self._safe(stem)
        if found is None or safe is None:
            return found
        id_ = safe.sha256[: len(found[1].id)]
        return safe.frame, replace(found[1], id=id_, sha256=safe.sha256, disclosure=safe.policy.legend)

    def _unguarded(self, stem: str) -> Offered | None:
        release = self.releases.get(stem)
        if release is not None:
            return self.store.frame(release), release
        if stem not in self._offered:
            provider = _PROVIDERS.get(stem)
            self._offered[stem] = provider(self.scope, self.viewer) if provider is not None else None
        return self._offered[stem]

    def _safe(self, stem: str) -> SafeTable | None:
        """The table as its policy shows it; None where it is shown as it is, or is not there."""
        release = self.releases.get(stem)
        text = self._declared.get((self.scope if release is None else release.scope, stem))
        found = None if text is None else self._unguarded(stem)
        if text is None or found is None:
            return None
        declared, (areas, within) = disclosure_from(text), self._unguarded(AREAS) or (None, None)
        policy = policy_named(declared.policy, lambda key: assumption(key).value)
        return made_safe(Guarded((text, found[1], within), policy, declared, found[0], areas))

    def stems(self) -> list[str]:
        """The stems this programme may have a table of: its own, England's and those that are offered."""
        return sorted({*self.releases, *_PROVIDERS})

    @cached_property
    def areas(self) -> dict[str, Area]:
        """The areas the programme speaks of, by code."""
        found = self.table(AREAS)
        if found is None:
            return {}
        return {row["area"]: Area(row["area"], row["name"], row["kind"]) for row in found[0].iter_rows(named=True)}

    def figures(self, key: str) -> Figures:
        """All figures of one indicator. Raises NotFound where no indicator has this key."""
        definition = CATALOGUE.get(key)
        if definition is None:
            raise NotFound(f"No indicator is called “{key}”.")
        frames: dict[str, pl.DataFrame] = {}
        releases: list[Release] = []
        absent = ""
        for stem in (*definition.tables, *definition.optional_tables):
            found = self.table(stem)
            if found is not None:
                frames[stem] = found[0]
                releases.append(found[1])
            elif stem in definition.tables:
                absent = absent or f"The programme has no table “{stem}”, on which this rests."
        safe = tuple(safe for stem in frames if (safe := self._safe(stem)) is not None)
        frame = _blank(definition) if absent else _result(_Inputs(key, tuple(releases), frames, safe))
        chosen = tuple(assumption(name) for name in definition.assumptions)
        signs = {each.policy.reason: each.policy.symbol for each in safe}
        return Figures(definition, self.scope, frame, tuple(releases), chosen, self.areas, frames, absent, signs)

    def all_figures(self) -> Iterator[Figure]:
        """Every figure of every indicator, in the catalogue's order."""
        for key in CATALOGUE:
            yield from self.figures(key)


def _columns(definition: Indicator) -> dict[str, pl.DataType]:
    texts = {name: pl.String() for name in (*definition.keys, "missing", *EXTRAS)}
    return {**texts, **{name: pl.Float64() for name in VALUES if name != "missing"}}


@cache
def _blank(definition: Indicator) -> pl.DataFrame:
    return pl.DataFrame(schema=_columns(definition))


@lru_cache(maxsize=RESULTS_HELD)
def _result(inputs: _Inputs) -> pl.DataFrame:
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
    return shaped


def _shaped(name: str | None, kind: pl.DataType) -> pl.Expr:
    """A column of a figure in its type, nothing where the indicator gave none: no number is null, a basis in words."""
    if name is None:
        return pl.lit(None, dtype=kind)
    given = pl.col(name).cast(kind)
    if kind == pl.Float64:
        return given.fill_nan(None)
    return given.replace(_BASES) if name == "basis" else given


_BASES = {basis.name.lower(): basis.value for basis in Basis}
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
