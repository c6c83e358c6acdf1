"""Examples in docstrings: each of them runs, and comes to what stands below it."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture.source import HOUSE, place, python_files

WITH_EXAMPLES = [path for path in python_files() if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=place)
def test_examples_come_to_what_they_say(path: Path) -> None:
    name = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
    failed, tried = doctest.testmod(import_module(name))
    assert (failed, tried > 0) == (0, True)
