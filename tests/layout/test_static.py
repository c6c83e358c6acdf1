"""What browsers load: complete, licensed, and never from another host."""

import re
from pathlib import Path

import pytest

import parity.layout

FILES = sorted(path for path in (Path(parity.layout.__file__).parent / "static").rglob("*") if path.is_file())
LOADED = [path for path in FILES if path.suffix in {".css", ".js", ".svg"}]
LOADS = (
    re.compile(r"""url\(\s*["']?(?:https?:)?//"""),
    re.compile(r"@import|@font-face|sourceMappingURL"),
    re.compile(r"""(?:fetch|import|Worker|EventSource|WebSocket|open)\(\s*["'`](?:https?:|wss?:)?//"""),
    re.compile(r"""(?:src|href)\s*=\s*["'`](?:https?:)?//"""),
    re.compile(r"""from\s*["'](?:https?:)?//"""),
)
# Names, not addresses to load from: XML's namespaces, the specification's own name, and two that stand in messages.
NAMES = {
    "http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg", "http://www.w3.org/2000/xmlns/",
    "https://vega.github.io/schema/vega/v6.json", "https://github.com/vega/vega-lite/issues/2415",
    "https://vega.github.io/editor/",
}  # fmt: skip


@pytest.mark.parametrize("path", LOADED, ids=lambda path: path.name)
def test_nothing_is_loaded_from_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [found.group() for load in LOADS for found in load.finditer(text)] == []
    assert set(re.findall(r"https?://[^\s\"'`)<>\\]+", text)) - NAMES == set()


@pytest.mark.parametrize("path", LOADED, ids=lambda path: path.name)
def test_no_restricted_font_or_logo(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert [word for word in ("frutiger", "gds transport", "crown-logo") if word in text] == []


def test_each_vendored_folder_carries_licence_and_origin() -> None:
    folders = {path.parent for path in LOADED if path.name.endswith((".min.js", ".min.css"))}
    assert sorted(folder.name for folder in folders) == ["nhsuk-frontend-10.6.1", "vega-6.4.0"]
    for folder in folders:
        names = {path.name for path in folder.iterdir()}
        assert ("ABOUT.txt" in names, bool(names & {"LICENCE.txt", "LICENCES.txt"})) == (True, True)


def test_every_picture_that_the_style_sheet_names_is_there() -> None:
    sheet = next(path for path in LOADED if path.name == "nhsuk-frontend.min.css")
    named = set(re.findall(r"url\((images/[^)]+)\)", sheet.read_text(encoding="utf-8")))
    assert {name for name in named if not (sheet.parent / name).is_file()} == set()
    assert len(named) == 4


def test_every_module_that_a_script_imports_is_there() -> None:
    own = [path for path in LOADED if path.suffix == ".js" and not path.name.endswith(".min.js")]
    imported = {
        path.parent / name
        for path in own
        for name in re.findall(r"""(?:from |import\()["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert {path.name for path in imported} == {"nhsuk-frontend.min.js", "vega.min.js", "charts.js"}
    assert [path for path in imported if not path.is_file()] == []
