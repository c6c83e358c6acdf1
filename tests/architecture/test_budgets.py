"""Budgets: how long a module or function may be, how many arguments it takes, how deep it nests."""

import ast
from pathlib import Path

from tests.architecture.exceptions import excepted
from tests.architecture.source import ASIDE, Function, functions, place, python_files, topics

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 50
ARGUMENTS = 6
DEPTH = 3
FILES_OF_A_TOPIC = 10

BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def test_modules_are_short() -> None:
    paths = [path for path in python_files() if path.name != "__init__.py"]
    long = [place(path) for path in paths if len(path.read_text("utf-8").splitlines()) > LINES_OF_A_MODULE]
    assert long == excepted("module length")


def test_functions_are_short() -> None:
    found = [each for path in python_files() for each in functions(path)]
    long = [name for name, node in found if (node.end_lineno or 0) - node.lineno >= LINES_OF_A_FUNCTION]
    assert sorted(long) == excepted("function length")


def test_functions_take_few_arguments() -> None:
    found = [each for path in python_files() for each in functions(path)]
    assert sorted(name for name, node in found if len(taken(node)) > ARGUMENTS) == excepted("arguments")


def taken(function: Function) -> list[str]:
    """The arguments that a caller gives."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [each.arg for each in named if each is not None and each.arg not in ("self", "cls")]


def test_functions_do_not_nest_deep() -> None:
    found = [each for path in python_files() for each in functions(path)]
    assert sorted(name for name, node in found if depth(node.body) > DEPTH) == excepted("nesting")


def depth(body: list[ast.stmt]) -> int:
    """How many blocks stand inside each other; `elif` goes no deeper, a function inside starts anew."""
    return max((_depth(statement) for statement in body), default=0)


def _depth(statement: ast.stmt) -> int:
    if not isinstance(statement, BLOCKS):
        return 0
    inside = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    inside += [part.body for name in ("handlers", "cases") for part in getattr(statement, name, [])]
    chained = isinstance(statement, ast.If) and len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If)
    if chained:
        return max(1 + depth(statement.body), depth(statement.orelse))
    return 1 + max(map(depth, inside))


def test_nesting_is_counted_as_read() -> None:
    source = "for a in b:\n if c:\n  pass\n elif d:\n  while e:\n   pass\n"
    assert depth(ast.parse(source).body) == 3
    assert depth(ast.parse("with a:\n x = [y for y in z if y]\n").body) == 1


def test_topics_have_few_files() -> None:
    large = [place(topic) for topic in topics() if len(files_of(topic)) > FILES_OF_A_TOPIC]
    assert large == excepted("topic files")


def files_of(topic: Path) -> list[str]:
    """The files of a topic that the budget counts."""
    return [entry.name for entry in topic.iterdir() if entry.is_file() and entry.name not in {"__init__.py", *ASIDE}]
