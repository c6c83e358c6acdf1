"""Chosen numbers."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

import parity.assumptions
from parity.assumptions import all_assumptions, assumption
from parity.terms.assumption import Assumption, Confidence
from parity.terms.errors import AssumptionMissing
from parity.terms.indicator import CATALOGUE

FILES = sorted(Path(parity.assumptions.__file__).parent.glob("*.toml"))
DECLARED = [
    (path.stem, key, fields)
    for path in FILES
    for key, fields in tomllib.loads(path.read_text(encoding="utf-8")).items()
]


def test_every_number_declared_is_found_under_its_key() -> None:
    assert list(all_assumptions()) == [key for _, key, _ in DECLARED]
    assert [found.family for found in all_assumptions().values()] == [family for family, _, _ in DECLARED]


@pytest.mark.parametrize("chosen", all_assumptions().values(), ids=lambda chosen: chosen.key)
def test_every_number_is_complete(chosen: Assumption) -> None:
    assert all((chosen.title, chosen.unit, chosen.reference))
    assert type(chosen.from_date) is date
    assert isinstance(chosen.value, int | float)
    assert isinstance(chosen.confidence, Confidence)
    assert (chosen.low is None) == (chosen.high is None)
    assert chosen.low is None or chosen.low <= chosen.value <= chosen.high


def test_what_is_credited_to_us_is_said_to_be_chosen_by_us() -> None:
    ours = [chosen.key for chosen in all_assumptions().values() if chosen.reference.startswith("Ours")]
    assert [key for key, chosen in all_assumptions().items() if chosen.confidence is Confidence.CHOSEN] == ours
    assert [key for key in ours if not key.startswith("allocation_")] == ["groups_of_areas", "sliver_of_a_council"]


def test_it_is_what_its_file_says() -> None:
    family, key, fields = DECLARED[0]
    found = assumption(key)
    assert (found.family, found.value, found.confidence.name.lower()) == (family, fields["value"], fields["confidence"])


def test_an_undeclared_number_is_told_with_where_to_declare_it() -> None:
    with pytest.raises(AssumptionMissing) as missing:
        assumption("no_such_number")
    assert str(missing.value) == (
        "No assumption is called “no_such_number”: declare it in a file of parity/assumptions/ with value, unit, "
        "from_date, reference and confidence."
    )


def test_every_number_that_an_indicator_uses_is_declared() -> None:
    used = {name for definition in CATALOGUE.values() for name in definition.assumptions}
    assert used - set(all_assumptions()) == set()
