"""Working out the answer to a question of sizes, and holding it for who asks the same again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from parity.assumptions import assumption
from parity.plan.choice.actions import BESIDE, READS
from parity.plan.flow_sizes import SizesQuestion
from parity.plan.flow_sizes_answer import sizes_answer
from parity.plan.flow_tables import FlowTables
from parity.tables import Desk

HELD = 8
"""Answers held, so that a chart and the tables of a page are not worked out anew each."""


def sizes_on(desk: Desk, tables: FlowTables, question: SizesQuestion) -> pl.DataFrame:
    """The answer to a question, as `flow_sizes_answer.sizes_answer`; held for who asks the same again."""
    read = (desk.table(stem) for stem in (*READS, *BESIDE))
    releases = tuple(found[1].sha256 for found in read if found is not None)
    weeks = assumption("weeks_per_year").value
    return _held(_Asked((desk.scope, *releases), question, lambda: sizes_answer(tables, question, weeks=weeks)))


@dataclass(frozen=True)
class _Asked:
    """A question of tables. Two are equal where both are the same: that is the cache key."""

    tables: tuple[str, ...]
    question: SizesQuestion
    work: Callable[[], pl.DataFrame] = field(compare=False)


@lru_cache(maxsize=HELD)
def _held(asked: _Asked) -> pl.DataFrame:
    return asked.work()
