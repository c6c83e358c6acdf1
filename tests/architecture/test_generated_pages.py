"""The pages made from declarations are as the declarations now are."""

import runpy
from collections.abc import Callable

import pytest

from tests.architecture.source import HOUSE

PAGES: dict[str, Callable[[], str]] = runpy.run_path(str(HOUSE / "docs" / "generate.py"))["PAGES"]
FOLDER = HOUSE / "docs" / "generated"


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_fresh(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "Run: python docs/generate.py"


def test_no_other_page_is_there() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(PAGES)
