"""Somebody who knows every sum, every published number with its rounding and the rule, and asks what is left to know.

Small worlds of areas and groups to try it on: each knows its true numbers, its sums and what of it stands in a table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import polars as pl
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from parity.methods.disclosure import safe_table
from parity.terms.disclosure import Disclosure, Policy

NHSE = Policy("NHSE secondary care", "*", True, 1, 7, 5)
MHSDS = Policy("MHSDS", "*", True, 0, 4, 5)
OPENSAFELY = Policy("OpenSAFELY", "[c]", False, 0, 7, 5)
ENGLAND, EVERYONE = "E", "all"
LARGEST = 100_000

Key = tuple[str, ...]
Sum = tuple[Key, tuple[Key, ...]]
"""A total with all of its parts."""
Shown = Mapping[Key, int | None]
"""The published numbers by key, None where one is hidden."""


@dataclass(frozen=True)
class World:
    """True numbers by key (an area, then groups), their sums, and the table in which some of them are listed."""

    counts: Mapping[Key, int]
    sums: Sequence[Sum]
    areas: pl.DataFrame
    declared: Disclosure
    table: pl.DataFrame = field(repr=False)

    def exact(self, policy: Policy) -> set[Key]:
        """The keys whose number the policy leaves as it is."""
        country = set(self.areas.filter(pl.col("kind") == "country")["area"]) if policy.national else set()
        return {key for key in self.counts if key[0] in country}

    def protected(self, policy: Policy) -> list[Key]:
        """The listed keys whose number the policy hides."""
        listed, exact = self.table.select(self.declared.dimensions).rows(), self.exact(policy)
        return [key for key in listed if policy.least <= self.counts[key] <= policy.most and key not in exact]

    def published(self, policy: Policy) -> dict[Key, int | None]:
        """What the table shows under the policy."""
        safe = safe_table(self.table, self.declared, policy=policy, areas=self.areas).frame
        return {tuple(key): count for *key, count in safe.iter_rows()}


def attack(world: World, shown: Shown, policy: Policy, targets: Sequence[Key]) -> dict[Key, tuple[int, int]]:
    """The least and the most that the number of each target can be, by integer programming.

    Known are all that is shown; all sums, whether listed or not; that an empty cell is hidden only with a total of it
    or with all that is joined to it; and of a row that is not listed, whether it counts nobody.
    """
    keys, exact = list(world.counts), world.exact(policy)
    in_hidden = {key for key in shown if any(shown[total] is None for total in _totals_of(key, world.sums, shown))}
    in_hidden |= {key for key in shown if all(shown.get(each, None) is None for each in _joined_to(key, world.sums))}
    limits = []
    for key in keys:
        if key not in shown:
            limits.append((0, LARGEST if world.counts[key] else 0))
        else:
            least_if_hidden = 0 if key in in_hidden else policy.least
            limits.append(possible(shown[key], policy, exact=key in exact, least_if_hidden=least_if_hidden))
    places = {key: place for place, key in enumerate(keys)}
    sums = np.zeros((len(world.sums), len(keys)))
    for row, (total, parts) in enumerate(world.sums):
        sums[row, places[total]] = -1
        sums[row, [places[part] for part in parts]] = 1
    return {target: _range(places[target], sums, np.array(limits)) for target in targets}


def _totals_of(key: Key, sums: Sequence[Sum], shown: Shown) -> Iterator[Key]:
    """The listed totals of a key; one that is not listed stands for its own."""
    for total, parts in sums:
        if key in parts:
            yield from (total,) if total in shown else _totals_of(total, sums, shown)


def _joined_to(key: Key, sums: Sequence[Sum]) -> set[Key]:
    """The keys that some chain of sums joins to this one."""
    found: set[Key] = set()
    new = {key}
    while new:
        found |= new
        new = {each for total, parts in sums if found & {total, *parts} for each in (total, *parts)} - found
    return found


def possible(count: int | None, policy: Policy, *, exact: bool, least_if_hidden: int) -> tuple[int, int]:
    """The least and the most that a published number can stand for."""
    if count is None:
        return least_if_hidden, LARGEST
    if exact:
        return count, count
    near = range(max(0, count - policy.nearest), count + policy.nearest + 1)
    fitting = [
        each
        for each in near
        if policy.nearest * ((2 * each + policy.nearest) // (2 * policy.nearest)) == count
        and not policy.least <= each <= policy.most
    ]
    return min(fitting), max(fitting)


def _range(place: int, sums: np.ndarray, limits: np.ndarray) -> tuple[int, int]:
    wanted = np.zeros(len(limits))
    wanted[place] = 1
    found = []
    for sign in (1, -1):
        result = milp(
            sign * wanted,
            constraints=LinearConstraint(sums, 0, 0) if len(sums) else (),
            bounds=Bounds(limits[:, 0], limits[:, 1]),
            integrality=np.ones(len(limits)),
        )
        assert result.status == 0, result.message
        found.append(round(sign * result.fun))
    return found[0], found[1]


def told_too_much(world: World, policy: Policy) -> dict[Key, tuple[int, int]]:
    """Each listed small number of which some value of the policy's range can be ruled out, with what is left."""
    ranges = attack(world, world.published(policy), policy, world.protected(policy))
    return {key: (low, high) for key, (low, high) in ranges.items() if low > policy.least or high < policy.most}


@st.composite
def worlds(
    draw: st.DrawFn, *, depth: int = 2, wide: int = 3, divisions: int = 1, bodies: bool = False, gaps: bool = False
) -> World:
    """Areas within areas of England, crossed with groups and their totals.

    With bodies, some divide England once more; with gaps, some rows are not listed.
    """
    inside: dict[str, list[list[str]]] = {}
    leaves = _grow(draw, ENGLAND, depth, wide, inside)
    below = {area: _leaves(area, inside) for area in [*inside, *leaves]}
    if bodies:
        member = {leaf: f"N{draw(st.integers(0, 1))}" for leaf in leaves}
        below |= {body: [leaf for leaf in leaves if member[leaf] == body] for body in sorted({*member.values()})}
        inside[ENGLAND].append(sorted({*member.values()}))
    groups = [[f"{number}{each}" for each in range(draw(st.integers(1, wide)))] for number in range(divisions)]
    several = st.one_of(st.just(0), st.integers(1, 9), st.integers(8, 60))
    smallest = {(leaf, *each): draw(several) for leaf in leaves for each in product(*groups)}
    counts = {
        (area, *key): sum(smallest[leaf, *each] for leaf in below[area] for each in _groups(key, groups))
        for area in below
        for key in product(*([*each, EVERYONE] for each in groups))
    }
    listed = [key for key in counts if not gaps or draw(st.integers(0, 4))]
    return world_of(counts, list(_sums(counts, inside, groups)), listed, parents_of(inside), len(groups))


def world_of(
    counts: Mapping[Key, int], sums: Sequence[Sum], listed: Sequence[Key], parents: Mapping[str, str], divisions: int
) -> World:
    """The world with its tables: areas, and those of the counts that are listed."""
    kinds = {ENGLAND: "country", "N0": "nhs_body", "N1": "nhs_body"}
    every = list(dict.fromkeys(key[0] for key in counts))
    rows = [(area, kinds.get(area, "district"), parents.get(area)) for area in every]
    areas = pl.DataFrame(rows, schema=dict.fromkeys(("area", "kind", "parent"), pl.String), orient="row")
    names = ("area", *(f"group{number}" for number in range(divisions)))
    table = pl.DataFrame(
        [(*key, counts[key]) for key in listed],
        schema={**dict.fromkeys(names, pl.String), "people": pl.Int64},
        orient="row",
    )
    declared = Disclosure("", names, ("area",), ("people",), totals=dict.fromkeys(names[1:], EVERYONE))
    return World(counts, sums, areas, declared, table)


def parents_of(inside: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
    """The area in which each area lies."""
    return {part: area for area, lists in inside.items() for parts in lists for part in parts}


def _grow(draw: st.DrawFn, area: str, depth: int, wide: int, inside: dict[str, list[list[str]]]) -> list[str]:
    """The smallest areas in an area; `inside` then holds the parts of each area above them."""
    if depth == 0:
        return [area]
    inside[area] = [[f"{area}{each}" for each in range(draw(st.integers(1, wide)))]]
    return [leaf for part in inside[area][0] for leaf in _grow(draw, part, depth - 1, wide, inside)]


def _leaves(area: str, inside: Mapping[str, list[list[str]]]) -> list[str]:
    return [leaf for part in inside[area][0] for leaf in _leaves(part, inside)] if area in inside else [area]


def _groups(key: Key, groups: list[list[str]]) -> Iterator[Key]:
    return product(*(every if value == EVERYONE else [value] for value, every in zip(key, groups, strict=True)))


def _sums(counts: Mapping[Key, int], inside: Mapping[str, list[list[str]]], groups: list[list[str]]) -> Iterator[Sum]:
    for key in counts:
        yield from ((key, tuple((part, *key[1:]) for part in parts)) for parts in inside.get(key[0], ()))
        for place, every in enumerate(groups, start=1):
            if key[place] == EVERYONE:
                yield key, tuple((*key[:place], each, *key[place + 1 :]) for each in every)
