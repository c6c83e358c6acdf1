"""A programme's description: what is told of it."""

from typing import Any

import pytest

from parity.sources.brought.description import RESERVED, wrong_in

GOOD: dict[str, Any] = {
    "title": "Mental health in Anyshire",
    "slug": "anyshire",
    "publisher": "Anyshire County Council",
    "period": "2026/27",
    "summary": "What it is.",
    "home_area": "E10000099",
}
COUNCIL = {"code": "E10000099", "name": "Anyshire County Council", "kind": "council"}


def told(**changed: Any) -> list[str]:
    return list(wrong_in({**GOOD, **changed}))


def test_a_good_one_is_used() -> None:
    sections, notes = {"vision": ["Aims"]}, {"bids": "Invented."}
    assert told(organisation=[COUNCIL], document=[], sections=sections, illustrative=notes) == []


@pytest.mark.parametrize("slug", [*RESERVED, "con", "nul", "com1", "lpt9"])
def test_names_of_other_things_are_kept(slug: str) -> None:
    assert told(slug=slug) == [f"The slug “{slug}” is kept for another use: choose another."]


@pytest.mark.parametrize("slug", ["../x", "x/y", "COM1", "é", "-a", "a--b", "１２", "a b"])
def test_a_slug_is_plain(slug: str) -> None:
    assert told(slug=slug) == [f"The slug “{slug}” may hold only small letters, digits and single hyphens."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": "   "}, "“title” is missing: give it a text in quotation marks."),
        ({"title": "x" * 201}, "“title” has 201 characters: at most 200 are kept."),
        ({"organisation": [1]}, "A [[organisation]] has no text “code”."),
        ({"organisation": [COUNCIL, {**COUNCIL, "name": "B"}]}, "Two [[organisation]] have the code “E10000099”."),
        (
            {"organisation": [{**COUNCIL, "kind": "x" * 41}]},
            "A [[organisation]] has more than 40 characters in “kind”.",
        ),
        ({"document": [{"key": "a", "title": "A"}] * 2}, "Two [[document]] have the key “a”."),
        ({"sections": {"vision": "Aims"}}, "[sections] holds for each section a list of texts."),
        ({"sections": {"vision": [1]}}, "[sections] holds for each section a list of texts."),
        ({"sections": 3}, "[sections] holds for each section a list of texts."),
        ({"illustrative": {"bids": 1}}, "[illustrative] holds one sentence for each table that is invented."),
    ],
)
def test_what_cannot_be_used_is_told(changed: dict[str, Any], sentence: str) -> None:
    assert told(**changed)[0] == sentence
