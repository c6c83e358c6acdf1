"""Tables of figures: the short way from an indicator's figures to a table block in which each cell is a figure."""

from calendar import month_name
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from parity.documents.model import Cell, Column, Table
from parity.documents.provenance import SECTION
from parity.terms.figure import Figure

Key = Callable[[Figure], str]

SPAN = " to "

HEADS = {
    "estimate_source": "Estimated by",
    "index_name": "Index",
    "rate_source": "Rates of",
    "wte": "Staff (WTE)",
}
"""Keys and measures whose own name is no heading that a reader would understand."""
_STAFF_OF = "wte "


def by(name: str) -> Key:
    """A function from a figure to the value of its dimension, its area's name or its period."""
    if name == "area":
        return lambda figure: figure.area.name
    if name == "period":
        return lambda figure: figure.period
    return lambda figure: dict(figure.where)[name]


def shown(name: str) -> Key:
    """A function from a figure to that key as a reader sees it: a period in words, other text with a capital."""
    key = by(name)
    if name == "period":
        return lambda figure: period_words(key(figure))
    return lambda figure: titled(key(figure))


def titled(text: str) -> str:
    """A key or a word as a heading or label: with a capital, spaces for underscores, abbreviations written out.

    >>> titled("rate_source"), titled("wte nurse")
    ('Rates of', 'Nurse (WTE)')
    """
    if text.startswith(_STAFF_OF):
        text = f"{text.removeprefix(_STAFF_OF)} (WTE)"
    written = HEADS.get(text, text.replace("_", " "))
    return written[:1].upper() + written[1:]


def period_words(period: str) -> str:
    """The period in words: `2013-04 to 2013-06` as “April 2013 to June 2013”, years and financial years as they are.

    >>> period_words("2014-10-01 to 2017-09"), period_words("2009/10")
    ('1 October 2014 to September 2017', '2009/10')
    """
    return SPAN.join(_date_words(part) for part in period.split(SPAN))


def place_words(place: str) -> str:
    """The place in a document with its sections written out: `s7.6 Table 2` as “section 7.6 Table 2”."""
    return SECTION.sub("section ", place)


def _date_words(part: str) -> str:
    """A month or a day in words; anything else as it is."""
    year, *rest = part.split("-")
    if not rest or not all(number.isdigit() for number in rest):
        return part
    month, *day = (int(number) for number in rest)
    return " ".join((*(str(number) for number in day), month_name[month], year))


def crossed(slug: str, caption: str, figures: Sequence[Figure], *, rows: str, columns: str, head: str = "") -> Table:
    """A table with one row a value of `rows` and one column a value of `columns`, in the figures' own order.

    A pair without a figure is written “–” and explained under the table.
    """
    table = spread(slug, caption, figures, rows=(rows,), columns=columns)
    return replace(table, columns=(Column(head), *table.columns[1:])) if head else table


def spread(slug: str, caption: str, figures: Sequence[Figure], *, rows: Sequence[str], columns: str) -> Table:
    """A table like `crossed` whose rows are named by several keys, each in a column of its own.

    A key that is the same in every row is left to the caption. A pair without a figure is written “–”.
    """
    keys, column_key = [shown(name) for name in rows], by(columns)
    column_words = {column_key(figure): shown(columns)(figure) for figure in figures}
    cells = {(tuple(key(figure) for key in keys), column_key(figure)): figure for figure in figures}
    names = list(dict.fromkeys(name for name, _ in cells))
    column_names = list(column_words)
    kept = [place for place in range(len(rows)) if place == 0 or len({name[place] for name in names}) > 1]
    body = tuple(
        (*(name[place] for place in kept), *(cells.get((name, column), "–") for column in column_names))
        for name in names
    )
    gaps = len(cells) < len(names) * len(column_names)
    heads = (
        *(Column(titled(rows[place])) for place in kept),
        *(Column(column_words[name], numeric=True) for name in column_names),
    )
    return Table(slug, caption, heads, body, notes=("– : the source has no such line.",) if gaps else ())


def parted(figures: Sequence[Figure], *, keys: Sequence[str]) -> dict[tuple[str, ...], list[Figure]]:
    """The figures in groups that share these keys, in the figures' own order."""
    named = [by(name) for name in keys]
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        groups.setdefault(tuple(key(figure) for key in named), []).append(figure)
    return groups


def listed(slug: str, caption: str, figures: Sequence[Figure], *, rows: Sequence[str], value: str) -> Table:
    """A table with one row a figure: the named keys in words, then the figure with its interval where it has one."""
    keys = [shown(name) for name in rows]
    heads = (*(Column(titled(name)) for name in rows), Column(value, numeric=True))
    return Table(slug, caption, heads, tuple((*(key(figure) for key in keys), figure) for figure in figures))


def joined(slug: str, caption: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    """A table whose rows are given cell by cell; every column after the first that holds a figure is numeric."""
    numeric = [any(isinstance(row[place], Figure) for row in rows) for place in range(len(heads))]
    columns = tuple(Column(title, numeric=is_figure) for title, is_figure in zip(heads, numeric, strict=True))
    return Table(slug, caption, columns, tuple(rows))


def aligned(table: Table, *titles: str) -> Table:
    """The table with the columns of these titles numeric too, since they hold numbers in words, such as a range."""
    columns = (replace(column, numeric=column.numeric or column.title in titles) for column in table.columns)
    return replace(table, columns=tuple(columns))


def annexed(table: Table) -> Table:
    """The table as one that a document with a workbook leaves to it."""
    return replace(table, annexed=True)


def worded(slug: str, caption: str, frame: pl.DataFrame, *, heads: Mapping[str, str]) -> Table:
    """A table of words: the named columns under their headings, one row a row; a column without content is left out."""
    kept = [name for name in heads if frame[name].null_count() < frame.height]
    rows = frame.select(pl.col(kept).cast(pl.String).fill_null("–")).rows()
    notes = ("– : the source says nothing.",) if frame.select(kept).null_count().sum_horizontal().sum() else ()
    return Table(slug, caption, tuple(Column(heads[name]) for name in kept), tuple(rows), notes=notes)
