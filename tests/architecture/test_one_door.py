"""Every number that is kept in a table leaves it through one door, `Desk.table`, where its disclosure policy stands."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import functions_in, place, python_files, tree

READERS = ("read_parquet", "scan_parquet", "read_parquet_metadata", "read_ipc", "scan_ipc")
INSIDE = {
    "_frame_at": {"Store.frame"},
    "frame": {"Desk._sought", "Desk._derived", "Desk._in_view", "Desk._declared"},
    "_unguarded": {"Desk.table", "Desk._safe"},
    "_PROVIDERS": {"offer_table", "Desk._sought", "Desk.stems"},
    **{reader: {"_frame_at", "read_parquet_table"} for reader in READERS},
}
HOUSES = ("parity/tables/desk.py", "parity/tables/store.py", "parity/sources/reading/official.py")
"""What gives numbers as they were read, and where alone it may be used."""


def used(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Each use of what gives numbers as they were read, with the function it stands in."""
    stands_in = {id(node): name for name, function in functions_in(module) for node in ast.walk(function)}
    for node in ast.walk(module):
        name = _name(node)
        if name in INSIDE and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            yield name, stands_in.get(id(node), "module")


def _name(node: ast.AST) -> str:
    """The name that is used; of `frame` only a call with a release, since figures and uploads have a frame as well."""
    match node:
        case (
            ast.Call(func=ast.Attribute(attr="frame"), args=[_, *_])
            | ast.Call(func=ast.Attribute(attr="frame"), keywords=[_, *_])
        ):
            return "frame"
        case ast.Attribute(attr=name) | ast.Name(id=name) if name != "frame":
            return name
    return ""


def test_numbers_as_they_were_read_are_used_behind_the_door_only() -> None:
    found = {(place(path), name, where) for path in python_files() for name, where in used(tree(path))}
    allowed = {(house, name, where) for house in HOUSES for name, places in INSIDE.items() for where in places}
    assert sorted(found - allowed) == []
    assert {name for _, name, _ in found} == {*INSIDE} - {*READERS} | {"read_parquet", "scan_parquet"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def page(desk): return desk.store.frame(desk.releases['people'])", [("frame", "page")]),
        ("def page(store, one): return store.frame(release=one)", [("frame", "page")]),
        ("def page(desk): return desk._unguarded('people')", [("_unguarded", "page")]),
        ("def page(path): return pl.scan_parquet(path)", [("scan_parquet", "page")]),
        ("from parity.tables import _PROVIDERS\nx = _PROVIDERS['people']", [("_PROVIDERS", "module")]),
        ("def page(desk): return desk.table('people'), desk.figures('x').frame, upload.frame()", []),
    ],
)
def test_another_way_out_is_found(code: str, found: list[tuple[str, str]]) -> None:
    assert list(used(ast.parse(code))) == found
