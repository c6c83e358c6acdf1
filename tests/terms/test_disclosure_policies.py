"""Policies: their names, numbers and words."""

import pytest

from parity.assumptions import assumption
from parity.terms.disclosure import POLICIES, Disclosure, Policy, disclosure_from, policy_named


def policy(name: str) -> Policy:
    return policy_named(name, lambda key: assumption(key).value)


def test_there_are_three_policies_and_what_is_published_already() -> None:
    assert POLICIES == ("published", "nhse_secondary_care", "mhsds", "opensafely")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nhse_secondary_care", Policy("NHSE secondary care", "*", True, 1, 7, 5)),
        ("mhsds", Policy("MHSDS", "*", True, 0, 4, 5)),
        ("opensafely", Policy("OpenSAFELY", "[c]", False, 0, 7, 5)),
    ],
)
def test_a_policy_has_its_numbers_from_the_assumptions(name: str, expected: Policy) -> None:
    assert policy(name) == expected


def test_the_words_say_what_is_hidden_and_whether_0_is_0() -> None:
    assert policy("mhsds").reason == "Hidden: a number from 0 to 4, or one that would tell it (policy MHSDS)."
    assert policy("nhse_secondary_care").legend == (
        "Policy NHSE secondary care: * hides a number from 1 to 7, or one from which such a number could be worked "
        "out; 0 is 0, and hidden only where its total is; the others are rounded to the nearest 5. "
        "National numbers are exact."
    )
    assert policy("opensafely").legend == (
        "Policy OpenSAFELY: [c] hides a number from 0 to 7, or one from which such a number could be worked out; "
        "0 is hidden too; the others are rounded to the nearest 5."
    )


def test_a_disclosure_is_read_from_json() -> None:
    assert disclosure_from('{"policy": "mhsds", "dimensions": ["area"], "counts": ["people"]}') == Disclosure(
        "mhsds", ("area",), (), ("people",)
    )
