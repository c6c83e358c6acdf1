"""Questions of the flow models that a desk shows: its tables, the model that is asked about, and answers held."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from parity.assumptions import assumption
from parity.methods.flow_case import Told
from parity.plan.flow_choice import options_of
from parity.plan.flow_tables import FlowTables, tables_of, told_of
from parity.tables import Desk
from parity.terms.errors import NotFound

HELD = 8
"""Answers held, so that a chart and the tables of a page are not worked out anew each."""
READS, BESIDE = ("flow_models", "flow_settings", "flow_numbers"), ("scenarios", "need_ahead")
"""The tables without which there is no model, and those that may be there."""


@dataclass(frozen=True, eq=False)
class Models:
    """The tables, the models that have options, and what is told of the one asked about; there may be none of these."""

    tables: FlowTables | None
    names: list[str]
    told: Told | None


def models_asked(desk: Desk, name: str) -> Models:
    """The models that have options, and that of this name, or else the first.

    Raises NotFound where the name is none of them.
    """
    tables = tables_on(desk)
    every = {} if tables is None else {model: told_on(tables, model) for model in tables.flow_models["model"]}
    names = [model for model, told in every.items() if options_of(told)]
    if not names:
        return Models(tables, [], None)
    if (name or names[0]) not in names:
        raise NotFound("There is no such model, or it has no options.")
    return Models(tables, names, every[name or names[0]])


def tables_on(desk: Desk) -> FlowTables | None:
    """The tables of flow models that the desk shows; None where one is not there without which there is no model."""
    read = ((stem, desk.table(stem)) for stem in (*READS, *BESIDE))
    frames = {stem: found[0] for stem, found in read if found is not None}
    if not set(READS) <= set(frames):
        return None
    models, settings, numbers = (frames[stem] for stem in READS)
    scenarios, need_ahead = (frames.get(stem) for stem in BESIDE)
    return tables_of(models, settings, numbers, scenarios, need_ahead)


def told_on(tables: FlowTables, model: str) -> Told:
    """What the tables tell of the model."""
    return told_of(tables, model, weeks=assumption("weeks_per_year").value)


def held(desk: Desk, question: Hashable, work: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """What the work gives, the answer to a question of the tables of flow models; held for who asks the same again."""
    read = (desk.table(stem) for stem in (*READS, *BESIDE))
    releases = tuple(found[1].sha256 for found in read if found is not None)
    return _held(_Asked((desk.scope, *releases), question, work))


@dataclass(frozen=True)
class _Asked:
    """A question of tables. Two are equal where both are the same: that is the cache key."""

    tables: tuple[str, ...]
    question: Hashable
    work: Callable[[], pl.DataFrame] = field(compare=False)


@lru_cache(maxsize=HELD)
def _held(asked: _Asked) -> pl.DataFrame:
    return asked.work()
