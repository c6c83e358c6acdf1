"""The tie-out of the three examples: agrees with the mission's own list, id by id, and with what it gave before.

After a change that is meant, write the golden file anew and say so in the changelog:

    PARITY_GOLDEN=write python3 start.py test tests/examples
"""

import csv
import os
from typing import Any

import pytest

from tests.given import GOLDEN, Computed, mission_file

pytestmark = pytest.mark.django_db

FILE = GOLDEN / "tie_out.csv"
NUMBERS = ("published", "recomputed", "tolerance", "implied")
TEXTS = ("source", "place", "says", "kind", "unit", "printed", "right", "status", "solved_for", "note")
COUNTS = {
    "derived": 209,
    "match": 184,
    "cross_check": 25,
    "fitted_match": 20,
    "discrepancy": 16,
    "label_error": 13,
    "ambiguous": 13,
}
ROUNDING = 1e-9

IMPLIED = {
    "LEI-027": ("population", 202_104.66),
    "LEI-028": ("population", 202_094.97),
    "LEI-029": ("population", 202_061.18),
    "LEI-030": ("population", 202_063.71),
    "LEI-031": ("population", 202_000),
    "LEI-032": ("population", 201_890.03),
    "LEI-033": ("population", 202_070.71),
    "LEI-066": ("count", 979.67),
    "LEI-109": ("volume", 93_333.33),
    "LEI-110": ("volume", 83_333.33),
    "LEI-118": ("unit_cost", 267.95),
    "LEI-144": ("part", 90),
    "LUT-031": ("value", 37),
    "LUT-043": ("parts", -100_000),
    "OPM-120": ("count", 243.23),
    "KEN-001": ("value", 24.523),
}
"""Of each discrepancy the input that was solved, and what it would have to be for the printed figure to be right."""

Rows = dict[str, dict[str, Any]]


@pytest.fixture
def found(computed: Computed) -> Rows:
    return computed.tie_out


@pytest.fixture
def expected() -> dict[str, dict[str, str]]:
    with mission_file("figures.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


# By itself


def test_every_status_occurs_as_often_as_it_should(found: Rows) -> None:
    statuses = [row["status"] for row in found.values()]
    assert {status: statuses.count(status) for status in COUNTS} == COUNTS
    assert len(statuses) == sum(COUNTS.values())


def test_every_match_lies_within_its_tolerance(found: Rows) -> None:
    beyond = {
        name: row["published"] - row["recomputed"]
        for name, row in found.items()
        if row["status"] in ("match", "fitted_match")
        and (
            row["published"] - row["recomputed"]
            if row["kind"] == "at_least"
            else abs(row["published"] - row["recomputed"])
        )
        > row["tolerance"] + ROUNDING
    }
    assert beyond == {}


def test_every_discrepancy_lies_beyond_its_tolerance(found: Rows) -> None:
    within = [
        name
        for name, row in found.items()
        if row["status"] == "discrepancy" and abs(row["published"] - row["recomputed"]) <= row["tolerance"]
    ]
    assert within == []


def test_every_discrepancy_is_solved(found: Rows) -> None:
    solved = {
        name: (row["solved_for"], pytest.approx(row["implied"], rel=1e-4))
        for name, row in found.items()
        if row["status"] == "discrepancy"
    }
    assert solved == IMPLIED


def test_only_discrepancies_are_solved(found: Rows) -> None:
    assert {row["status"] for row in found.values() if row["implied"] is not None} == {"discrepancy"}


def test_every_wrong_label_has_the_right_one(found: Rows) -> None:
    wrong = [row for row in found.values() if row["status"] == "label_error"]
    assert [
        row["id"] for row in wrong if not row["printed"] or not row["right"] or row["right"] == row["printed"]
    ] == []


def test_every_cross_check_keeps_both_sides_and_says_why_they_differ(found: Rows) -> None:
    checks = [row for row in found.values() if row["status"] == "cross_check"]
    assert [row["id"] for row in checks if row["published"] is None or row["recomputed"] is None] == []
    assert [row["id"] for row in checks if not row["note"]] == []


def test_every_figure_has_its_document_and_place(found: Rows) -> None:
    assert [name for name, row in found.items() if not (row["source"] and row["place"] and row["says"])] == []


# Against the mission's list


def test_it_has_the_same_ids(found: Rows, expected: dict[str, dict[str, str]]) -> None:
    assert set(found) == set(expected)
    assert len(expected) == 480


def test_it_comes_to_the_same_status(found: Rows, expected: dict[str, dict[str, str]]) -> None:
    assert {name: row["status"] for name, row in found.items()} == {
        name: row["status"] for name, row in expected.items()
    }


def test_it_recomputes_the_same_numbers(found: Rows, expected: dict[str, dict[str, str]]) -> None:
    """To six significant digits; a fitted one within its tolerance, as another fit may be a person apart."""
    apart = {}
    for name, row in expected.items():
        wanted = number(row["recomputed"])
        if wanted is None or row["status"] == "label_error":
            continue
        within = float(row["tolerance"]) if row["status"] == "fitted_match" else max(1e-6, 1e-6 * abs(wanted))
        if found[name]["recomputed"] is None or abs(found[name]["recomputed"] - wanted) > within:
            apart[name] = (found[name]["recomputed"], wanted)
    assert apart == {}


def test_it_reads_the_same_published_numbers(found: Rows, expected: dict[str, dict[str, str]]) -> None:
    apart = {
        name: (found[name]["published"], row["published"])
        for name, row in expected.items()
        if row["status"] in ("match", "fitted_match", "discrepancy", "cross_check")
        and found[name]["published"] != pytest.approx(float(row["published"]))
    }
    assert apart == {}


def test_it_gives_the_same_right_labels(found: Rows, expected: dict[str, dict[str, str]]) -> None:
    def plain(text: str) -> str:
        return text.replace("GBP", "£").strip(" .,")

    wrong = {name: plain(row["recomputed"]) for name, row in expected.items() if row["status"] == "label_error"}
    assert {name: plain(found[name]["right"]) for name in wrong} == wrong


# Against what it gave before


def written(row: dict[str, Any]) -> dict[str, str]:
    texts = {name: row[name] or "" for name in ("id", *TEXTS)}
    return texts | {name: "" if row[name] is None else repr(float(row[name])) for name in NUMBERS}


def test_it_gives_what_it_gave_before(found: Rows) -> None:
    if os.environ.get("PARITY_GOLDEN") == "write":
        with FILE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ("id", *TEXTS, *NUMBERS), lineterminator="\n")
            writer.writeheader()
            writer.writerows(written(found[name]) for name in sorted(found))
    with FILE.open(encoding="utf-8", newline="") as file:
        before = {row["id"]: row for row in csv.DictReader(file)}
    assert sorted(before) == sorted(found)
    assert [
        name for name, row in before.items() if any(written(found[name])[text] != row[text] for text in TEXTS)
    ] == []
    apart = [
        (name, column)
        for name, row in before.items()
        for column in NUMBERS
        if found[name][column] != (pytest.approx(float(row[column]), rel=1e-12) if row[column] else None)
    ]
    assert apart == []
