"""Names of variables in models of stocks and flows, and their keys."""

import pytest

from parity.terms.system_dynamics import key_of


@pytest.mark.parametrize(
    "name", ["Home care", "home_care", '"Home  Care"', " home\\ncare ", "home\ncare", "HOME _ CARE"]
)
def test_names_that_are_the_same_have_one_key(name: str) -> None:
    assert key_of(name) == "home_care"


def test_signs_are_kept() -> None:
    assert key_of('"Acute (18-64)"') == "acute_(18-64)"
