"""The house read as text and syntax trees, so that its rules can be tested."""

import ast
import fnmatch
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = HOUSE / "parity"
STAGES = ("register", "analyse", "plan", "secure", "review")
ASIDE = {"migrations", "templates", "static", "fonts"}
"""Folders whose files no budget counts: made by Django, written for a browser or vendored."""
PICTURES = {".png", ".jpg", ".ico"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def place(path: Path) -> str:
    """The path within the house, as written in every message."""
    return path.relative_to(HOUSE).as_posix()


def python_files(folder: Path = PACKAGE) -> list[Path]:
    """The modules below a folder, those of the folders aside left out."""
    return sorted(path for path in folder.rglob("*.py") if not ASIDE & set(path.relative_to(folder).parts))


def calculation_files() -> list[Path]:
    """The modules of methods and the indicators of every topic."""
    return [*python_files(PACKAGE / "methods"), *sorted(PACKAGE.glob("*/*/indicators.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions(path: Path) -> tuple[tuple[str, Function], ...]:
    """Every function of a module, nested ones too, with where it stands: `parity/tables.py: Store.save`."""
    return tuple(functions_in(tree(path), f"{place(path)}: "))


def functions_in(node: ast.AST, before: str = "") -> Iterator[tuple[str, Function]]:
    """Every function inside a node with the names it stands in, the outer before the inner."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield before + child.name, child
        named = isinstance(child, Function | ast.ClassDef)
        yield from functions_in(child, f"{before}{child.name}." if named else before)


def topics() -> list[Path]:
    """The folders of all topics."""
    return sorted(
        folder
        for stage in STAGES
        for folder in (PACKAGE / stage).iterdir()
        if (folder / "__init__.py").exists() and folder.name not in ASIDE
    )


@cache
def house_files() -> tuple[Path, ...]:
    """Every file that belongs to the house: what `.gitignore` names and what was vendored is left out."""
    ignored = [line.rstrip("/") for line in (HOUSE / ".gitignore").read_text(encoding="utf-8").split()]
    return tuple(sorted(_kept(HOUSE, (*ignored, ".git"))))


def _kept(folder: Path, ignored: tuple[str, ...]) -> Iterator[Path]:
    for entry in folder.iterdir():
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignored):
            continue
        if not entry.is_dir():
            yield entry
        elif entry.name != "fonts" and not (entry / "ABOUT.txt").exists():
            yield from _kept(entry, ignored)


def texts(*endings: str) -> list[tuple[str, str]]:
    """Place and content of every text file of the house, or of those with these endings."""
    found = [path for path in house_files() if path.suffix not in PICTURES and (not endings or path.suffix in endings)]
    return [(place(path), path.read_text(encoding="utf-8")) for path in found]
