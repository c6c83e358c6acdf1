"""Where tidy tables rest: `tables/<scope>/<stem>@<release>.parquet` under a home folder, and a list of them a scope."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import polars as pl

from parity.terms.errors import WrongState
from parity.terms.release import Release

ENGLAND_SCOPE = "england"
FRAMES_HELD = 512
ROWS_TOGETHER = 50_000
"""So many rows of a large table are written together: it is read for some areas by passing over the others."""

Areas = frozenset[str]


@lru_cache(maxsize=FRAMES_HELD)
def _frame_at(path: Path, areas: Areas | None = None) -> pl.DataFrame:
    """The frame, or its rows of some areas, in a file whose name carries its release: once written it never changes."""
    if areas is None:
        return pl.read_parquet(path)
    return pl.scan_parquet(path).filter(pl.col("area").is_in(list(areas))).collect()


@dataclass(frozen=True)
class Store:
    """The tables under a home folder: `tables/<scope>/<stem>@<release>.parquet` with one list of releases a scope."""

    home: Path

    def _folder(self, scope: str) -> Path:
        return self.home / "tables" / scope

    def _path(self, release: Release, id_: str) -> Path:
        return self._folder(release.scope) / f"{release.stem}@{id_}.parquet"

    def listed(self, scope: str) -> list[Release]:
        """Every current release of a scope, each edition of a table by itself; empty where the scope is not known."""
        listing = self._folder(scope) / "releases.json"
        if not listing.exists():
            return []
        return [Release.from_dict(entry) for entry in json.loads(listing.read_text(encoding="utf-8"))]

    def releases(self, scope: str) -> dict[str, Release]:
        """The current release of every table of a scope, by stem: of one with several editions, all together."""
        ordered = sorted(self.listed(scope), key=attrgetter("stem", "edition"))
        return {stem: _together(list(editions)) for stem, editions in groupby(ordered, key=attrgetter("stem"))}

    def scopes(self) -> list[str]:
        """The scopes that hold tables, in alphabetical order."""
        return sorted(listing.parent.name for listing in (self.home / "tables").glob("*/releases.json"))

    def frame(self, release: Release, areas: Areas | None = None) -> pl.DataFrame:
        """The frame of a release, all editions under each other; of a table by area, for these areas alone."""
        wanted = areas if release.by_area else None
        return pl.concat([_frame_at(self._path(release, id_), wanted) for id_ in release.parts or (release.id,)])

    def save(self, scope: str, tables: Iterable[tuple[pl.DataFrame, Release]]) -> None:
        """Nothing; the scope now holds these tables and no others. Readers see the old list or the new, never a mix.

        Frames of earlier releases stay, so that a figure printed from them can still be traced.
        """
        kept = list(tables)
        for frame, release in kept:
            self._write(frame, release)
        self._swap(scope, [release for _, release in kept])

    def add(self, frame: pl.DataFrame, release: Release) -> None:
        """Nothing; the release's scope now holds this edition of its table beside the others.

        Raises WrongState while another one is being added.
        """
        with self._alone(release.scope):
            self._write(frame, release)
            others = [one for one in self.listed(release.scope) if _same(one) != _same(release)]
            self._swap(release.scope, [*others, release])

    def computed(self, release: Release) -> bool:
        """True where the frame of a table that is computed from others rests here already."""
        return self._path(release, release.id).exists()

    def keep(self, frame: pl.DataFrame, release: Release) -> None:
        """Nothing; a table computed from others rests here too, in no list: its id follows from what was read."""
        self._write(frame, release)

    def _write(self, frame: pl.DataFrame, release: Release) -> None:
        path = self._path(release, release.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        # written anew even where it exists: another version of the schema types the same bytes otherwise
        frame.write_parquet(partial, row_group_size=ROWS_TOGETHER)
        partial.replace(path)

    @contextmanager
    def _alone(self, scope: str) -> Iterator[None]:
        """While this holds, nobody else changes the scope's list."""
        folder = self._folder(scope)
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / "releases.lock.partial"
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            raise WrongState(
                f"Tables of {scope} are being added by somebody else. If nobody does, remove {mark} and try again."
            ) from None
        try:
            yield
        finally:
            mark.unlink()

    def _swap(self, scope: str, releases: Iterable[Release]) -> None:
        folder = self._folder(scope)
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / "releases.json.partial"
        with partial.open("w", encoding="utf-8") as file:
            file.write(json.dumps([release.as_dict() for release in releases], indent=1, ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / "releases.json")


def _same(release: Release) -> tuple[str, str]:
    return release.stem, release.edition


def _together(editions: list[Release]) -> Release:
    """One release of all editions of a table; its id follows from theirs."""
    first = editions[0]
    if len(editions) == 1:
        return first
    digest = sha256("".join(one.sha256 for one in editions).encode()).hexdigest()
    return replace(
        first,
        id=digest[: len(first.id)],
        sha256=digest,
        at=max(one.at for one in editions),
        rows=sum(one.rows for one in editions),
        edition=", ".join(one.edition for one in editions),
        parts=tuple(one.id for one in editions),
    )
