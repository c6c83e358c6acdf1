"""The pages made from declarations are as the declarations now are."""

import runpy
from collections.abc import Callable

import pytest

from parity.analyse.coverage import ELSEWHERE, ROWS, WAITING, reached
from tests.architecture.source import HOUSE

PAGES: dict[str, Callable[[], str]] = runpy.run_path(str(HOUSE / "docs" / "generate.py"))["PAGES"]
DOCS = HOUSE / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "Run: python docs/generate.py"


def test_no_other_page_is_there() -> None:
    written = sorted(f"generated/{path.name}" for path in (DOCS / "generated").iterdir())
    assert [*written, "coverage.md"] == sorted(PAGES, key=lambda name: ("/" not in name, name))


def test_every_row_of_the_inventory_is_reached_or_waits() -> None:
    numbered = [f"A{number}" for number in range(1, 54)]
    assert list(ROWS) == numbered
    served = {row for row in ROWS if any(reached(row)) or row in ELSEWHERE}
    assert sorted(set(numbered) - served) == sorted(WAITING)
