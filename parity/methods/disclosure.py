"""Counts of people made safe to show: small ones hidden, others rounded, what would tell a small one hidden too."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import floor, inf

import polars as pl

from parity.methods.suppression import Cell, Sum, hidden_cells
from parity.methods.totals import AddedUp, Key, Nesting, added_up, needed
from parity.terms.disclosure import Disclosure, Policy

PRINTED = "_printed"
TABLES_HELD = 128
LEFT_OUT = "Numbers that are hidden in its tables are not counted in it."
COUNTRY = "country"
DIVIDING_ANEW = ("nhs_body", "group")
"""Kinds of area that divide a place once more, beside the councils and localities that divide it."""


@dataclass(frozen=True)
class SafeTable:
    """A table as it may be shown under a policy, and the keys (as texts) of its rows in which a number is hidden.

    `of_count` says whether that is a count, and not only a mean or another number.
    """

    policy: Policy
    frame: pl.DataFrame
    hidden: pl.DataFrame

    @cached_property
    def sha256(self) -> str:
        """What tells this table from another: of what is shown alone, so that nobody can try out what is hidden."""
        return hashlib.sha256(f"{self.policy.legend}\n{self.frame.write_csv()}".encode()).hexdigest()


@dataclass(frozen=True)
class Guarded:
    """A table to be made safe, with what is known of it. Equal when the versions are: that is the cache key."""

    version: Hashable
    policy: Policy = field(compare=False)
    declared: Disclosure = field(compare=False)
    table: pl.DataFrame = field(compare=False)
    areas: pl.DataFrame | None = field(compare=False)


def safe_table(
    table: pl.DataFrame, declared: Disclosure, *, policy: Policy, areas: pl.DataFrame | None = None
) -> SafeTable:
    """The table with counts from `least` to `most` hidden, others rounded, and nothing left that tells a hidden one.

    A hidden number is null, and the symbol in the column of printed texts. Totals are the declared ones and areas that
    contain others (`parent` in the areas table). A mean is shown over more than `most` people, to the nearest
    1/(most + 1) so that it does not tell how many; a total shows none while any count of the table is hidden. A numeric
    column that is neither count, mean nor open is hidden in each row that the policy does not leave as it is.
    Source: NHS Digital, Disclosure control methodology for Hospital Episode Statistics and Emergency Care Data Set,
    2018; I. Dillingham and others, ehrQL pull request 1746, 2023.
    """
    keys = [tuple(map(_text, row)) for row in table.select(declared.dimensions).iter_rows()]
    exact = _national(keys, declared, areas) if policy.national else [False] * table.height
    nestings = _nestings(keys, declared, areas)
    safe, hidden = dict[str, pl.Series](), set[int]()
    for name in declared.counts:
        counts = [None if count is None else floor(count + 0.5) for count in table[name].to_list()]
        places = {key: place for place, key in enumerate(keys) if counts[place] is not None}
        added = added_up({key: counts[place] or 0 for key, place in places.items()}, nestings)
        gone = _hidden(counts, places, exact, added, policy)
        left = [_shown(count, place, exact, gone, policy) for place, count in enumerate(counts)]
        safe |= _column(table, name, left, exact=exact, symbol=policy.symbol)
        for mean in (mean for mean, of in declared.means.items() if of == name):
            totals = {line.keys[0] for line in added.lines} if gone else set()
            over = [None if key in totals else count for key, count in zip(keys, left, strict=True)]
            safe |= _column(table, mean, _means(table[mean], over, exact, policy), exact=exact, symbol=policy.symbol)
        hidden |= gone
    for name in _withheld(table, declared):
        kept = [number if exact[place] and place not in hidden else None for place, number in enumerate(table[name])]
        safe |= _column(table, name, kept, exact=exact, symbol=policy.symbol)
    shown = table.with_columns(**safe)
    lost = pl.any_horizontal(shown[name].is_null() & table[name].is_not_null() for name in safe)
    rows = pl.DataFrame(keys, schema=dict.fromkeys(declared.dimensions, pl.String), orient="row")
    marked = rows.with_columns(of_count=pl.Series([place in hidden for place in range(table.height)], dtype=pl.Boolean))
    return SafeTable(policy, shown, marked.filter(lost))


@lru_cache(maxsize=TABLES_HELD)
def made_safe(guarded: Guarded) -> SafeTable:
    """The guarded table as it may be shown; computed once for each version.

    Source: `safe_table`.
    """
    return safe_table(guarded.table, guarded.declared, policy=guarded.policy, areas=guarded.areas)


def with_reasons(figures: pl.DataFrame, safe: SafeTable, *, keys: Sequence[str]) -> pl.DataFrame:
    """The figures; each that shares its keys with a hidden number says why it is missing, or what it leaves out.

    A missing figure without a reason of its own is missing because of what is hidden, whatever its keys.
    Source: house rule: missing is a sentence, and never 0.
    """
    shared = [name for name in keys if name in safe.hidden.columns]
    if safe.hidden.is_empty() or not shared:
        return figures
    marks = safe.hidden.group_by(shared).agg(pl.col("of_count").any())
    missing, unsaid = pl.col("value").is_null(), pl.col("missing").is_null()
    noted = pl.concat_str("note", pl.lit(LEFT_OUT), separator=" ", ignore_nulls=True)
    told = figures.join(marks, on=shared, how="left", maintain_order="left").with_columns(
        missing=pl.when(missing & (pl.col("of_count").is_not_null() | unsaid))
        .then(pl.lit(safe.policy.reason))
        .otherwise("missing"),
        note=pl.when(pl.col("of_count").fill_null(value=False) & ~missing).then(noted).otherwise("note"),
    )
    return told.drop("of_count")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _national(keys: Sequence[Key], declared: Disclosure, areas: pl.DataFrame | None) -> list[bool]:
    """Whether each row is of a country; not where the table names no area."""
    countries = set() if areas is None else set(areas.filter(pl.col("kind") == COUNTRY)["area"])
    columns = [declared.dimensions.index(name) for name in declared.areas]
    return [bool(columns) and all(key[column] in countries for column in columns) for key in keys]


def _nestings(keys: Sequence[Key], declared: Disclosure, areas: pl.DataFrame | None) -> list[Nesting]:
    """What holds what, for each dimension in turn."""
    inside = _areas_inside(areas)
    return [
        _nesting({key[column] for key in keys}, declared, name, inside if name in declared.areas else {})
        for column, name in enumerate(declared.dimensions)
    ]


def _nesting(values: Collection[str], declared: Disclosure, name: str, inside: Nesting) -> Nesting:
    stated = {whole: _lists(parts) for whole, parts in declared.sums.get(name, {}).items()}
    nesting = {whole: [*inside.get(whole, ()), *stated.get(whole, ())] for whole in (*inside, *stated)}
    total = declared.totals.get(name)
    if total is not None:
        below = {part for whole, lists in nesting.items() if whole != total for parts in lists for part in parts}
        nesting[total] = [*nesting.get(total, ()), tuple(sorted({*values} - below - {total}))]
    return nesting


def _lists(parts: Sequence[str | Sequence[str]]) -> list[Key]:
    """One list of parts, or each of several."""
    flat = tuple(part for part in parts if isinstance(part, str))
    return [*([flat] if flat else ()), *(tuple(part) for part in parts if not isinstance(part, str))]


def _areas_inside(areas: pl.DataFrame | None) -> Nesting:
    """The areas that lie in each area: councils and localities in one list, bodies that divide it anew in others."""
    if areas is None or "parent" not in areas.columns:
        return {}
    divided: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for area, kind, parent in areas.select("area", "kind", "parent").drop_nulls("parent").iter_rows():
        divided[parent][kind if kind in DIVIDING_ANEW else ""].append(area)
    return {parent: [tuple(parts) for parts in lists.values()] for parent, lists in divided.items()}


def _hidden(
    counts: Sequence[int | None], places: Mapping[Key, int], exact: Sequence[bool], added: AddedUp, policy: Policy
) -> frozenset[int]:
    """The rows whose count is hidden. What is not listed, or left over by the parts of a total, is a count as well."""
    if not added.sound:
        return frozenset(places.values())
    everyone = sum(count or 0 for count in counts)
    cells = [_cell(count, is_exact, everyone, policy) for count, is_exact in zip(counts, exact, strict=True)]
    told = _told({key for key, place in places.items() if exact[place]}, added, places)
    at = dict(places)
    for key in added.counts.keys() - places.keys():
        at[key] = len(cells)
        cells.append(_unlisted(added.counts[key], known=key in told))
    sums = []
    for line in needed(added.lines):
        rest, parts = added.lines[line], [at[key] for key in line.keys]
        if rest:
            parts.append(len(cells))
            cells.append(_unlisted(rest, known=told.issuperset(line.keys)))
        sums.append(Sum(parts[0], tuple(parts[1:])))
    return hidden_cells(cells, sums, least=policy.least, most=policy.most)


def _told(exact: set[Key], added: AddedUp, listed: Collection[Key]) -> set[Key]:
    """The exact counts with the unlisted ones that anybody can work out from them."""
    known = set(exact)
    while exact:
        unknown = ([key for key in line.keys if key not in known] for line, left in added.lines.items() if not left)
        new = {keys[0] for keys in unknown if len(keys) == 1 and keys[0] not in listed}
        if not new:
            break
        known |= new
    return known


def _unlisted(count: int, *, known: bool) -> Cell:
    """A count that no row states; that of nobody is taken to be known, as tables often leave out such rows."""
    if known or count == 0:
        return Cell(count, count, count, printed=False)
    return Cell(count, 0, inf, printed=False) if count > 0 else Cell(count, -inf, 0, printed=False)


def _cell(count: int | None, is_exact: bool, everyone: int, policy: Policy) -> Cell:
    """A count with what a reader of it learns; an exact one costs more to hide than all others together."""
    if count is None:
        return Cell(0, 0, 0, printed=False)
    if is_exact:
        return Cell(count, count, count, 1 + everyone)
    if policy.least <= count <= policy.most:
        return Cell(count, policy.least, inf)
    lowest = _rounded(count, policy) - policy.nearest // 2
    highest = lowest + policy.nearest - 1
    if count < policy.least:
        return Cell(count, 0, min(highest, policy.least - 1))
    return Cell(count, max(lowest, policy.most + 1), highest, count)


def _rounded(count: int, policy: Policy) -> int:
    return policy.nearest * floor(count / policy.nearest + 0.5)


def _shown(count: int | None, place: int, exact: Sequence[bool], gone: Collection[int], policy: Policy) -> int | None:
    if count is None or place in gone:
        return None
    return count if exact[place] else _rounded(count, policy)


def _means(given: pl.Series, over: Sequence[int | None], exact: Sequence[bool], policy: Policy) -> list[float | None]:
    """The means over enough people; rounded so far that every possible number of people fits."""
    steps = policy.most + 1
    return [
        None if mean is None or not people else mean if is_exact else floor(mean * steps + 0.5) / steps
        for mean, people, is_exact in zip(given, over, exact, strict=True)
    ]


def _withheld(table: pl.DataFrame, declared: Disclosure) -> Iterator[str]:
    """The numeric columns of which nobody said that they are safe."""
    said = {*declared.dimensions, *declared.counts, *declared.means, *declared.open}
    return (name for name, kind in table.schema.items() if kind.is_numeric() and name not in said)


def _column(
    table: pl.DataFrame, name: str, shown: Sequence[float | None], *, exact: Sequence[bool], symbol: str
) -> dict[str, pl.Series]:
    """The column with the numbers that are shown; its printed texts, if it has any, say no more than they do."""
    given = table[name]
    columns = {name: pl.Series(name, shown, dtype=given.dtype, strict=False)}
    twin = name + PRINTED
    if twin in table.columns:
        texts = zip(table[twin], given, columns[name], exact, strict=True)
        columns[twin] = pl.Series(twin, [_printed(*cell, symbol) for cell in texts], dtype=pl.String)
    return columns


def _printed(text: str | None, given: float | None, shown: float | None, is_exact: bool, symbol: str) -> str | None:
    if shown is None:
        return None if given is None else symbol
    return text if is_exact else str(shown).removesuffix(".0")
