"""The page on the tie-out: its example comes out as printed there, and it names every field, kind and status."""

import re
from pathlib import Path

import pytest

from parity.methods.relations import DECLARED, ROLES, Fit, Relation
from parity.methods.tie_out import COLUMNS
from parity.review.tie_out.documents import STATUSES, relations_tie_out
from parity.sources.brought.loose_tables import read_loose_table
from parity.sources.brought.toml_text import read_toml
from tests.architecture.source import HOUSE

PAGE = (HOUSE / "docs" / "tie-out.md").read_text("utf-8")


def block(language: str) -> str:
    """The one block of this language on the page."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_example_comes_out_as_printed(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(block("csv"), encoding="utf-8")
    (tmp_path / "relations.toml").write_text(block("toml"), encoding="utf-8")
    tables = {"services": read_loose_table(tmp_path / "services.csv")}
    rows = relations_tie_out(read_toml(tmp_path / "relations.toml"), tables)
    heads = ("id", "published", "recomputed", "tolerance", "status", "solved_for", "implied")
    lines = [f"| {' | '.join(shown(row[head]) for head in heads)} |" for row in rows.iter_rows(named=True)]
    printed = re.findall(r"^\| R\d .*$", PAGE, re.MULTILINE)
    assert [re.sub(r"\s+", " ", line) for line in lines] == [re.sub(r"\s+", " ", line) for line in printed]


def shown(value: str | float | None) -> str:
    """A cell as the page prints it."""
    return f"{value:.6g}" if isinstance(value, float) else value or ""


@pytest.mark.parametrize(
    "names",
    [
        set(Relation.__dataclass_fields__) - {"terms"},
        set(Fit.__dataclass_fields__),
        set(ROLES),
        {role for roles in ROLES.values() for role in roles},
        set(DECLARED),
        set(STATUSES),
        set(COLUMNS),
    ],
    ids=["fields", "fields of a fit", "kinds", "roles", "declared", "statuses", "columns"],
)
def test_the_page_names_them_all(names: set[str]) -> None:
    assert names - set(re.findall(r"`(\w+)`", PAGE)) == set()
