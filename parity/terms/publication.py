"""A publication: who publishes a table, under which licence, where, how often, and what its columns hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import polars as pl

GIVEN = ("stem", "title", "publisher", "licence", "address", "frequency", "caveat")


class Kind(Enum):
    """What the cells of a column are. A code is a text that comes back in many rows; a small number is an age."""

    TEXT = "text"
    CODE = "code"
    WHOLE = "whole number"
    SMALL = "small whole number"
    NUMBER = "number"


TYPES: Mapping[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.WHOLE: pl.Int64(),
    Kind.SMALL: pl.Int16(),
    Kind.NUMBER: pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tidy table: its kind, and in words what it holds and in which unit."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Naming:
    """Two columns that give areas of one kind their code and name, such as `council`; `within` is the area above."""

    code: str
    name: str
    kind: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One file of a publication, tidy: its name, such as `mid-2018` or `2024-04`, and its rows."""

    name: str
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Publication:
    """What somebody publishes: one tidy table, made of the editions that were read.

    `files` are patterns of the names its files have, `key` the columns that name a row, `names` those that name areas.
    `tidy` reads a file and raises SourceChanged where its layout is not the one it knows.
    A table with `by_area` is so large that it is read for the areas in view alone. A `lookup` says what lies in what
    and gives no number, so that no figure is credited to it.
    `download` is the address of the file itself, where the publisher has one that stays the same. `attribution` is what
    the licence asks to be printed under a picture made of it, with `{year}` where the year of the edition stands.
    """

    stem: str
    title: str
    publisher: str
    licence: str
    address: str
    frequency: str
    caveat: str
    files: tuple[str, ...]
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    tidy: Callable[[Path], Edition]
    names: tuple[Naming, ...] = ()
    by_area: bool = False
    lookup: bool = False
    download: str = ""
    attribution: str = ""

    def __post_init__(self) -> None:
        lacking = [name for name in GIVEN if not getattr(self, name)]
        if lacking or not self.files or not set(self.key) <= set(self.columns):
            raise ValueError(f"The publication {self.stem} lacks {', '.join(lacking) or 'files or a key'}.")

    @property
    def credit(self) -> str:
        """What a footnote says: publisher and title."""
        return f"{self.publisher}, {self.title}"

    @property
    def types(self) -> dict[str, pl.DataType]:
        """The Polars type of each column, in their order."""
        return {name: TYPES[column.kind] for name, column in self.columns.items()}
