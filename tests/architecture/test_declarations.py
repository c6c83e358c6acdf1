"""What is declared once is declared whole: tables, assumptions, indicators."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from parity.assumptions import all_assumptions
from parity.review.pack.documents import SECTIONS, TOPICS
from parity.sources.brought.programme import house_schemas
from parity.sources.shelf import SHELF
from parity.tables import HOUSE_TABLES
from parity.terms.assumption import Confidence
from parity.terms.derived import DERIVED, Derived
from parity.terms.indicator import CATALOGUE, Indicator
from parity.terms.publication import Publication
from tests.architecture.source import HOUSE, PACKAGE, functions, python_files, topics

SCHEMAS = sorted((PACKAGE / "sources" / "brought" / "schemas").glob("*.json"))
FAMILIES = sorted((PACKAGE / "assumptions").glob("*.toml"))
TYPES = {"string", "number", "integer", "date", "boolean"}
NEEDED = {"title", "value", "unit", "from_date", "reference", "confidence"}
ALLOWED = NEEDED | {"low", "high", "note"}
SAID = ("title", "numerator", "denominator", "multiplier", "frequency", "purpose", "formula", "method")

READY = """
import django
django.setup()
from parity.terms.publication import Publication
from parity.terms.indicator import CATALOGUE
print(*CATALOGUE)
"""


def declared_indicators() -> list[str]:
    """The names of the functions that are declared as indicators, read off the code."""
    return [
        node.name
        for path in sorted(PACKAGE.glob("*/*/indicators.py"))
        for _, node in functions(path)
        if any(ast.unparse(decorator).startswith("indicator(") for decorator in node.decorator_list)
    ]


def test_the_catalogue_is_whole_as_soon_as_django_is_ready(tmp_path: Path) -> None:
    """In a process of its own: other tests import the indicators they call."""
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "parity.web.settings", "PARITY_HOME": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", READY], env=surroundings, capture_output=True, text=True, check=True)
    assert sorted(told.stdout.split()) == sorted(declared_indicators())


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_column_of_a_table_is_described(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    names = [column["name"] for column in schema["fields"]]
    assert [column["name"] for column in schema["fields"] if not column.get("description", "").strip()] == []
    assert {column["type"] for column in schema["fields"]} - TYPES == set()
    assert len(set(names)) == len(names)
    assert set(schema["primaryKey"]) - set(names) == set()
    assert schema["title"].strip() != ""


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_every_assumption_is_whole(path: Path) -> None:
    for key, fields in tomllib.loads(path.read_text("utf-8")).items():
        assert (key, NEEDED - set(fields), set(fields) - ALLOWED) == (key, set(), set())
        assert [name for name, value in fields.items() if value == ""] == []
        assert (type(fields["from_date"]), fields["confidence"].upper() in Confidence.__members__) == (date, True)
        assert ("low" in fields) == ("high" in fields)
        assert fields.get("low", fields["value"]) <= fields["value"] <= fields.get("high", fields["value"])


def test_every_assumption_is_used() -> None:
    """By an indicator or a derived table, or by name where a rule or a chapter takes it."""
    asked = {name for each in (*CATALOGUE.values(), *DERIVED.values()) for name in each.assumptions}
    code = "".join(path.read_text("utf-8") for path in python_files())
    assert [key for key in all_assumptions() if key not in asked and f'"{key}"' not in code] == []


def test_there_are_indicators_in_every_stage() -> None:
    assert sorted({each.stage for each in CATALOGUE.values()}) == ["analyse", "plan", "review", "secure"]


@pytest.mark.parametrize("each", CATALOGUE.values(), ids=lambda each: each.key)
def test_every_indicator_is_defined(each: Indicator) -> None:
    assert [name for name in SAID if not getattr(each, name).strip()] == []
    assert [row for row in each.rows if not (row[0] in "ABCDE" and row[1:].isdecimal())] == []
    assert each.rows != ()
    known = {*house_schemas(), *SHELF, *DERIVED, *HOUSE_TABLES}
    assert {*each.tables, *each.optional_tables} - known == set()
    assert set(each.assumptions) - set(all_assumptions()) == set()
    assert (PACKAGE / each.stage / each.topic / "indicators.py").exists()


def test_no_two_indicators_have_one_title() -> None:
    titles = [each.title for each in CATALOGUE.values()]
    assert sorted(title for title in set(titles) if titles.count(title) > 1) == []


def test_every_topic_is_a_page_and_a_chapter_of_the_pack() -> None:
    """The tie-out has a chapter of its own; packs are no topics of themselves, and England's places belong to none.

    England's spending and its costs are written in folders of their own, for the topics of spend and resource; so are
    a programme's spending a head and in real terms, need's variants and localities, and the people of the workforce.
    How models are built is told by the pages of scenarios.
    """
    spending = {"analyse/care-costs", "analyse/care-spend", "analyse/nhs-spend", "analyse/spend-adjusted"}
    need = {"analyse/need-variants", "analyse/localities"}
    others = {"analyse/assessment", "analyse/places", "review/pack", "analyse/workforce-people", "plan/care-models"}
    others |= spending | need
    folders = {f"{topic.parent.name}/{topic.name.replace('_', '-')}" for topic in topics()}
    stages = {f"{topic.stage}/{topic.slug}" for topic in TOPICS.values()}
    assert {name for name in folders - stages if not name.startswith("register/")} == others
    assert stages - folders == set()
    assert sorted(slug for _, _, slugs in SECTIONS for slug in slugs) == sorted(set(TOPICS) - {"tie-out"})


@pytest.mark.parametrize("each", DERIVED.values(), ids=lambda each: each.stem)
def test_every_derived_table_rests_on_tables_that_there_are(each: Derived) -> None:
    known = {*house_schemas(), *SHELF, *DERIVED, *HOUSE_TABLES}
    assert {*each.tables, *each.optional_tables} - known == set()
    assert set(each.assumptions) - set(all_assumptions()) == set()
    assert each.words
    assert each.stem not in {*SHELF, *house_schemas()} - {"areas"}


def test_every_publication_is_on_the_shelf_in_order_under_its_file_s_name() -> None:
    files = sorted(path.stem for path in (PACKAGE / "sources").glob("*.py"))
    assert list(SHELF) == [stem for stem in files if stem not in ("__init__", "shelf")]


@pytest.mark.parametrize("each", SHELF.values(), ids=lambda each: each.stem)
def test_every_publication_says_what_a_reader_must_know(each: Publication) -> None:
    assert each.address.startswith("https://")
    assert each.caveat.endswith(".")
    assert [name for name, column in each.columns.items() if not column.words] == []
    assert (HOUSE / "tests" / "sources" / f"test_{each.stem}.py").exists()
