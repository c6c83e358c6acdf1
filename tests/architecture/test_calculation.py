"""Methods and indicators: every formula names its source, no chosen number hides in the code."""

import ast
from collections.abc import Iterator

from tests.architecture.exceptions import excepted
from tests.architecture.source import PACKAGE, calculation_files, functions, functions_in, place, python_files, tree

PLAIN = {0, 0.5, 1, 2, 10}
"""Nothing, a half, a whole, two (a square, two sides) and the base of our digits. Every other number has a name."""


def test_every_method_names_its_source() -> None:
    silent = [
        name
        for path in python_files(PACKAGE / "methods")
        for name, node in functions(path)
        if node in tree(path).body and not node.name.startswith("_") and not names_source(node)
    ]
    assert silent == excepted("source of a method")


def names_source(node: ast.AST) -> bool:
    lines = (ast.get_docstring(node) or "").splitlines()
    return any(line.startswith("Source: ") and len(line) > len("Source: ") for line in lines)


def test_every_indicator_says_what_comes_back() -> None:
    silent = [
        name
        for path in calculation_files()
        for name, node in functions(path)
        if not node.name.startswith("_") and node in tree(path).body and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_number_goes_unnamed() -> None:
    found = {
        f"{place(path)}: {name} {number:g}" for path in calculation_files() for name, number in unnamed(tree(path))
    }
    assert sorted(found) == excepted("unnamed numbers")


def unnamed(module: ast.Module) -> Iterator[tuple[str, float]]:
    """Each number that is neither plain, nor a position or version, nor named by a constant or an argument."""
    named = {id(node) for each in ast.walk(module) for part in _named(each) for node in ast.walk(part)}
    stands_in = {id(node): name for name, function in functions_in(module) for node in ast.walk(function)}
    for node in ast.walk(module):
        number = node.value if isinstance(node, ast.Constant) and type(node.value) in (int, float) else 0
        if number not in PLAIN and id(node) not in named:
            yield stands_in.get(id(node), "module"), number


def _named(node: ast.AST) -> list[ast.AST]:
    """The parts of a statement in which numbers have a name or are positions."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if name.isupper():
            return [node]
        case ast.arguments():
            return [*node.defaults, *(default for default in node.kw_defaults if default is not None)]
        case ast.Subscript():
            return [node.slice]
        case ast.keyword(arg="version"):
            return [node.value]
    return []


def test_unnamed_numbers_are_found() -> None:
    code = "MONTHS = 12\ndef f(x, *, per=1000):\n    return x[3] * per / 7 + (1 - 0.95)\n"
    assert list(unnamed(ast.parse(code))) == [("f", 7), ("f", 0.95)]
