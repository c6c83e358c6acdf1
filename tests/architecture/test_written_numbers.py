"""A number becomes text in `terms/units.py` and nowhere else."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.exceptions import excepted
from tests.architecture.source import PACKAGE, functions_in, place, python_files, texts, tree

SHOWS_DIGITS = re.compile(r"(?!.*%[A-Za-z])(?:.*(?:[,_]|\.\d|\.\{)|.*[eEfFgGn%]$)")
"""A format that rounds, separates thousands or chooses how many digits are shown; `5d` only aligns, `%Y` is a date."""

IN_A_TEMPLATE = re.compile(r"\|\s*(?:round|format|filesizeformat|floatformat)\b|\*\s*100\b")


def test_only_units_write_numbers() -> None:
    found = {f"{place(path)}: {name}" for path in python_files() for name in writing(tree(path))}
    assert sorted(found) == excepted("written numbers")


def writing(module: ast.Module) -> Iterator[str]:
    """The functions that give a number its digits or turn a share into per cent."""
    stands_in = {id(node): name for name, function in functions_in(module) for node in ast.walk(function)}
    return (stands_in.get(id(node), "module") for node in ast.walk(module) if _writes(node))


def _writes(node: ast.AST) -> bool:
    match node:
        case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
            return bool(SHOWS_DIGITS.match(ast.unparse(spec).removeprefix("f")[1:-1]))
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str())):
            return True
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return 100 in (getattr(left, "value", None), getattr(right, "value", None))
        case ast.Call(func=ast.Name(id="format")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            return bool(re.search(r"\{[^}]*:", text))
    return False


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(x): return f'{x:.1f}'", ["f"]),
        ("def f(x): return f'{x:,}'", ["f"]),
        ("def f(x): return f'{x:,.{places}f}'", ["f"]),
        ("def f(x): return f'{x:g}'", ["f"]),
        ("def f(x): return '%.1f' % x", ["f"]),
        ("def f(x): return str(x * 100)", ["f"]),
        ("x = '{:.1f}'.format(1)", ["module"]),
        ("def f(x): return f'{x:.0%}'", ["f"]),
        ("def f(x): return f'{x:>5}{x:5d}{x}{x!r}{x:%d %B %Y}'", []),
        ("def f(x): return x % 2", []),
    ],
)
def test_writing_is_found(code: str, found: list[str]) -> None:
    assert list(writing(ast.parse(code))) == found


def test_templates_write_no_number() -> None:
    written = [(name, found.group()) for name, text in texts(".jinja") for found in IN_A_TEMPLATE.finditer(text)]
    assert written == []
    assert len(texts(".jinja")) == len(list(PACKAGE.rglob("*.jinja")))
