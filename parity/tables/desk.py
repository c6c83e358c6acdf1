"""The desk: one programme's tables and figures, or England's; and how those above hand their tables down to it."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256

import polars as pl

from parity.assumptions import assumption
from parity.methods.disclosure import Guarded, SafeTable, made_safe
from parity.sources.brought.disclosure import DISCLOSURE
from parity.tables.figures import AREAS, NAMING, Figures, Inputs, blank, result
from parity.tables.store import ENGLAND_SCOPE, Store
from parity.terms.areas import Area
from parity.terms.derived import DERIVED, Derived
from parity.terms.disclosure import disclosure_from, policy_named
from parity.terms.errors import NotFound
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE
from parity.terms.release import BETWEEN, ID_LENGTH, Release

COMPUTED_HELD = 64
AREAS_HELD = 16
OWN: frozenset[str] = frozenset()
"""The view of whoever names no areas."""
SPOKEN_OF = {AREAS: "area", "comparators": "comparator"}
"""A programme's tables that name the areas it speaks of, and the columns with their codes."""

Offered = tuple[pl.DataFrame, Release]
Provider = Callable[[str, Hashable], Offered | None]

_PROVIDERS: dict[str, Provider] = {}


def offer_table(stem: str, provider: Provider) -> None:
    """Nothing; from now on the table of this stem comes from the provider where the store has none of that name.

    A provider takes a scope and who looks, and gives what that viewer may see: a frame with a release whose id changes
    whenever the frame does, or None.
    """
    _PROVIDERS[stem] = provider


@dataclass(frozen=True)
class Desk:
    """One programme's tables and figures: what a page, a document, the API or the terminal asks.

    `viewer` is who looks, in the terms of whoever offers tables; None sees all that there is. Of what is published for
    all of England it shows the areas in `view`: where none are named, a programme's those it speaks of, England's all.
    """

    store: Store
    scope: str
    viewer: Hashable = None
    view: frozenset[str] | None = OWN

    def looking_at(self, areas: Iterable[str] | None) -> "Desk":
        """The same desk with these areas in view, or all for None: it has the same releases, whatever is read since."""
        other = Desk(self.store, self.scope, self.viewer, None if areas is None else frozenset(areas))
        vars(other).update(_listed=self._listed, _editions=self._editions, _supposed=self._supposed)
        return other

    def supposing(self, tables: Mapping[str, pl.DataFrame], because: str) -> "Desk":
        """The same desk with tables of its own that hold something else, as if they had been read so: nothing is kept.

        What rests on them is computed anew, and every figure of it says `because`, a sentence.
        """
        other, supposed = self.looking_at(self.view), dict(self._supposed)
        for stem, frame in tables.items():
            known = self.table(stem)
            digest = sha256(frame.write_csv().encode()).hexdigest()
            release = known[1] if known else Release(stem, self.scope, "", "", "", "", 0)
            id_ = digest[:ID_LENGTH]
            made = replace(release, id=id_, sha256=digest, rows=frame.height, illustrative=because)
            supposed[stem] = frame, made
        vars(other).update(_supposed=supposed)
        return other

    @cached_property
    def _supposed(self) -> dict[str, Offered]:
        """The tables that this desk supposes to hold something else."""
        return {}

    @cached_property
    def _in_view(self) -> frozenset[str] | None:
        """The codes of the areas in view; None where all are."""
        if self.view is None or self.view or self.scope == ENGLAND_SCOPE:
            return self.view or None
        own = self._listed[self.scope]
        codes = {stem: self.store.frame(own[stem])[column] for stem, column in SPOKEN_OF.items() if stem in own}
        return frozenset(code for column in codes.values() for code in column)

    @cached_property
    def _listed(self) -> dict[str, dict[str, Release]]:
        return {scope: self.store.releases(scope) for scope in (ENGLAND_SCOPE, self.scope)}

    @cached_property
    def releases(self) -> dict[str, Release]:
        """The releases this programme sees as they were read: its own tables before England's."""
        return {**self._listed[ENGLAND_SCOPE], **self._listed[self.scope]}

    @cached_property
    def _editions(self) -> dict[str, Release]:
        """Every edition of what is published, by the name that rows carry which were read from it."""
        return {release.edition_name: release for release in self.store.listed(ENGLAND_SCOPE)}

    @cached_property
    def _declared(self) -> dict[tuple[str, str], str]:
        """What is known of each table under a policy, as JSON text, by scope and stem."""
        kept = {scope: listed[DISCLOSURE] for scope, listed in self._listed.items() if DISCLOSURE in listed}
        texts = {scope: json.loads(self.store.frame(release).item()) for scope, release in kept.items()}
        return {(scope, stem): json.dumps(told) for scope, stems in texts.items() for stem, told in stems.items()}

    @cached_property
    def _held(self) -> dict[str, Offered | None]:
        """What this desk has asked for: once, so that one page speaks of one state."""
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
        if stem not in self._held:
            self._held[stem] = self._sought(stem)
        return self._held[stem]

    def _sought(self, stem: str) -> Offered | None:
        """A table that was read, is computed from others, or is offered; the first of these that there is."""
        release, derived, provider = self.releases.get(stem), DERIVED.get(stem), _PROVIDERS.get(stem)
        if stem in self._supposed:
            return self._supposed[stem]
        if release is not None:
            return self.store.frame(release, self._in_view), release
        if derived is not None:
            return self._derived(derived)
        return None if provider is None else provider(self.scope, self.viewer)

    def _derived(self, derived: Derived) -> Offered | None:
        """A derived table with its release; None where a table it needs is not there, or none of those it can use."""
        release = self._derived_release(derived)
        if release is None:
            return None
        if release.scope != ENGLAND_SCOPE:
            return _computed(_Making(release, self._made)), release
        if not self.store.computed(release):
            self.store.keep(self._made(release), release)
        return self.store.frame(release, self._in_view), release

    def _made(self, release: Release) -> pl.DataFrame:
        """What the function of a derived table gives; a table by area with the rows of an area together."""
        derived, whole = DERIVED[release.stem], self.looking_at(None)
        stems = (*derived.tables, *derived.optional_tables)
        frames = {stem: found[0] for stem in stems if (found := whole.table(stem)) is not None}
        made = derived.function(**frames, **{name: assumption(name) for name in derived.assumptions})
        return made.sort("area", maintain_order=True) if derived.by_area else made

    def _derived_release(self, derived: Derived) -> Release | None:
        """The release of a derived table: it follows from what was read when, the numbers chosen and its version."""
        stems = (*derived.tables, *derived.optional_tables)
        read = {stem: found for stem in stems if (found := self._release(stem)) is not None}
        if not read or not set(derived.tables) <= set(read):
            return None
        chosen = [f"{name} {assumption(name).value!r}" for name in derived.assumptions]
        inputs = [f"{one.sha256} {one.at}" for one in read.values()]
        digest = sha256("\n".join([derived.stem, str(derived.version), *inputs, *chosen]).encode()).hexdigest()
        scopes = {one.scope for one in read.values()}
        counted = [one for one in read.values() if not one.lookup]
        cited = dict.fromkeys(part for one in counted for part in one.parts_cited)
        release = Release(
            stem=derived.stem,
            scope=ENGLAND_SCOPE if scopes == {ENGLAND_SCOPE} else self.scope,
            id=digest[:ID_LENGTH],
            sha256=digest,
            address="",
            at=max(one.at for one in read.values()),
            rows=0,
            illustrative=" ".join(dict.fromkeys(one.illustrative for one in read.values() if one.illustrative)),
            credit=BETWEEN.join(cited) if any(one.credit for one in counted) else "",
            by_area=derived.by_area,
            lookup=not counted or derived.lookup or derived.stem in NAMING,
        )
        return self._as_it_holds(release) if derived.by_content else release

    def _as_it_holds(self, release: Release) -> Release | None:
        """The release of a derived table whose id follows from its rows; None where it has none."""
        digest = _digest(_Making(release, self._made))
        return replace(release, id=digest[:ID_LENGTH], sha256=digest) if digest else None

    def _release(self, stem: str) -> Release | None:
        """The release of a table, without reading it where that can be known; None where there is no such table."""
        release, derived = self.releases.get(stem), DERIVED.get(stem)
        if stem in self._supposed:
            return self._supposed[stem][1]
        if release is not None and (release.scope, stem) not in self._declared:
            return release
        if release is None and derived is not None:
            return self._derived_release(derived)
        found = self.table(stem)
        return None if found is None else found[1]

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

    def own_releases(self) -> list[Release]:
        """The releases of the programme's own tables and records, by stem; none of what is published or adopted."""
        found = (self.table(stem) for stem in self.stems() if self._release_scope(stem) == self.scope)
        return [each[1] for each in found if each is not None and each[1].scope == self.scope]

    def _release_scope(self, stem: str) -> str:
        """The scope that a table would come from; what is offered may come from the programme itself."""
        return self.releases[stem].scope if stem in self.releases else self.scope

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """The areas the programme speaks of, and those of England, by code."""
        own = self.table(AREAS)
        england = self._derived(DERIVED[AREAS]) if AREAS in self.releases else None
        known = [_areas(_Naming(release, frame)) for frame, release in filter(None, (england, own))]
        return known[0] if len(known) == 1 else {code: area for areas in known for code, area in areas.items()}

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
                absent = absent or self._why_absent(stem)
        safe = tuple(safe for stem in frames if (safe := self._safe(stem)) is not None)
        england = any(release.scope == ENGLAND_SCOPE for release in releases)
        inputs = Inputs(key, tuple(releases), self._in_view if england else None, frames, safe)
        frame = blank(definition) if absent else result(inputs)
        chosen = tuple(assumption(name) for name in definition.assumptions)
        signs = {each.policy.reason: each.policy.symbol for each in safe}
        return Figures(definition, self.scope, frame, inputs, chosen, self.areas, absent, signs, self._editions)

    def _why_absent(self, stem: str) -> str:
        """Why there is no such table: it was not brought, or official tables that it is computed from were not."""
        lacking = list(dict.fromkeys(self._lacking(stem)))
        if lacking == [stem]:
            return f"The programme has no table “{stem}”, on which this rests."
        tables, were = ("tables", "were") if len(lacking) > 1 else ("table", "was")
        return f"It needs the official {tables} {', '.join(lacking)}, which {were} not taken in yet."

    def _lacking(self, stem: str) -> Iterator[str]:
        """The tables to be brought before there can be one of this stem."""
        derived = DERIVED.get(stem)
        if self._release(stem) is not None:
            return
        if derived is None:
            yield stem
            return
        for needed in derived.tables or derived.optional_tables:
            yield from self._lacking(needed)

    def all_figures(self) -> Iterator[Figure]:
        """Every figure of every indicator that reads a table of this desk's own, in the catalogue's order."""
        for key in CATALOGUE:
            figures = self.figures(key)
            if any(release.scope == self.scope for release in figures.releases):
                yield from figures


@dataclass(frozen=True)
class _Naming:
    """A table that names areas. Two are equal when their releases are: that is the cache key."""

    release: Release
    frame: pl.DataFrame = field(compare=False)


@lru_cache(maxsize=AREAS_HELD)
def _areas(naming: _Naming) -> dict[str, Area]:
    return {
        code: Area(code, name, kind) for code, name, kind in naming.frame.select("area", "name", "kind").iter_rows()
    }


@dataclass(frozen=True)
class _Making:
    """A derived table to be computed. Two are equal when their releases are: that is the cache key."""

    release: Release
    made: Callable[[Release], pl.DataFrame] = field(compare=False)


@lru_cache(maxsize=COMPUTED_HELD)
def _computed(making: _Making) -> pl.DataFrame:
    return making.made(making.release)


@lru_cache(maxsize=COMPUTED_HELD)
def _digest(making: _Making) -> str:
    """The SHA-256 of what a derived table holds; empty where it holds no row."""
    frame = _computed(making)
    return "" if frame.is_empty() else sha256(frame.write_csv().encode()).hexdigest()
