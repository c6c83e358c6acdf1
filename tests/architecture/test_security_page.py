"""The page on security names every threat once, and tests that are there."""

import ast
import re

from tests.architecture.source import HOUSE, tree

FIRST, LAST = 13, 36
ROW = re.compile(r"^\| T(\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = ROW.findall((HOUSE / "docs" / "security.md").read_text("utf-8"))


def test_every_threat_stands_there_once() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(FIRST, LAST + 1))


def test_every_row_names_a_test_or_says_what_is_not_there() -> None:
    assert [number for number, _, held in ROWS if not TEST.search(held) and "Not yet: " not in held] == []


def test_every_named_test_is_there() -> None:
    named = {found for _, _, held in ROWS for found in TEST.findall(held)}
    assert len(named) > LAST - FIRST
    assert sorted(f"{file}::{name}" for file, name in named if name not in names_in(file)) == []


def test_nothing_else_is_marked_as_code() -> None:
    marked = {text for _, _, held in ROWS for text in re.findall(r"`[^`]+`", held) if "::" in text}
    assert sorted(text for text in marked if not TEST.fullmatch(text)) == []


def names_in(file: str) -> set[str]:
    """The tests of a file and its classes of tests; none where there is no such file."""
    path = HOUSE / file
    if not path.exists():
        return set()
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {
        node.name for node in ast.walk(tree(path)) if isinstance(node, kinds) and node.name.lower().startswith("test")
    }
