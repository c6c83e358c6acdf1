"""The thread in words: every record by its code and title."""

from collections.abc import Callable

import polars as pl
import pytest

from parity.documents.model import Table
from parity.register.records.tables import RECORDS
from parity.register.thread.documents import TITLED, thread_blocks
from parity.sources.brought.programme import house_schemas
from parity.tables import Desk

pytestmark = pytest.mark.django_db

CITED = {"source": "002", "place": "para 5.1"}
LINKS = [
    ("task", "1", "delivers", "target", "A.1"),
    ("task", "1", "delivers", "target", "A.2"),
    ("task", "2", "answers", "statement", "priorities/3"),
    ("target", "A.1", "answers", "figure", "contact_rate"),
    ("contract measure", "M1", "measures", "outcome", "care/home"),
]
ENDS = ("from_kind", "from_id", "relation", "to_kind", "to_id")


def table(stem: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a table of the house, every column it has; what a row does not name is missing."""
    empty = house_schemas()[stem].empty()
    return pl.DataFrame([{**dict.fromkeys(empty.columns), **CITED, **row} for row in rows], schema=empty.schema)


def tables_of(desk: Desk) -> dict[str, Table]:
    return {block.slug: block for block in thread_blocks(desk) if isinstance(block, Table)}


def test_each_record_stands_with_its_title(save: Callable[..., Desk]) -> None:
    desk = save(
        thread=table("thread", *(dict(zip(ENDS, link, strict=True)) for link in LINKS)),
        tasks=table("tasks", {"task": "1", "title": "Joint teams"}, {"task": "2"}),
        targets=table("targets", {"target": "A.1", "text": "One plan"}, {"target": "A.2", "text": "One purse"}),
        statements=table("statements", {"list": "priorities", "number": 3, "text": "Care near home"}),
    )
    assert [row[:3] for row in tables_of(desk)["links"].rows] == [
        ("task 1: Joint teams", "delivers", "target A.1: One plan; A.2: One purse"),
        ("task 2", "answers", "statement priorities 3: Care near home"),
        ("target A.1: One plan", "answers", "figure contact_rate: People in contact with mental-health services"),
        ("contract measure M1", "measures", "outcome care home"),
    ]


def test_what_hangs_loose_is_named_by_its_title(save: Callable[..., Desk]) -> None:
    desk = save(
        thread=table("thread", dict(zip(ENDS, LINKS[0], strict=True))),
        targets=table("targets", {"target": "A.1", "text": "One plan"}, {"target": "A.2", "text": "One purse"}),
    )
    assert tables_of(desk)["loose-ends"].rows == (("target", "A.2: One purse", "No task delivers it."),)


def test_every_kind_of_record_has_its_title_but_those_that_have_none() -> None:
    kinds = {model.KIND: stem for stem, model in RECORDS.items() if model.KIND}
    assert {kind: kinds[kind] for kind in TITLED} == {kind: stem for kind, (stem, _) in TITLED.items()}
    assert set(kinds) - set(TITLED) == {
        "capacity figure", "count", "criterion", "link", "model", "number of a model", "service",
    }  # fmt: skip
