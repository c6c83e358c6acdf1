"""Every part that a release runs with is listed, under a licence that lets anybody use it."""

import json
import re
import runpy

import pytest

from tests.architecture.source import HOUSE

LISTED = json.loads((HOUSE / "docs" / "generated" / "parts.cdx.json").read_text("utf-8"))["components"]
VENDORED = ["nhsuk-frontend", "vega", "liberation-sans"]
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|General Public", re.IGNORECASE)


def licences() -> dict[str, str]:
    return {part["name"]: part["licenses"][0]["license"]["name"] for part in LISTED}


def test_every_locked_package_and_vendored_folder_is_listed_once() -> None:
    lock = (HOUSE / "requirements.lock").read_text("utf-8")
    locked = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert [part["name"] for part in LISTED] == [*locked, *VENDORED]


def test_every_part_says_its_licence_and_none_is_copyleft() -> None:
    assert [name for name, words in licences().items() if not words or COPYLEFT.search(words)] == []


@pytest.mark.parametrize(("words", "is_copyleft"), [("AGPL-3.0", True), ("GPLv2", True), ("LGPL-3.0", False)])
def test_copyleft_is_told(words: str, *, is_copyleft: bool) -> None:
    assert bool(COPYLEFT.search(words)) == is_copyleft


def test_a_package_is_asked_for_its_own_words() -> None:
    licence_of = runpy.run_path(str(HOUSE / "docs" / "parts.py"))["licence_of"]
    assert [licence_of("polars"), licence_of("jinja2"), licence_of("lxml")] == [
        "MIT License",
        "BSD License",
        "BSD-3-Clause",
    ]
