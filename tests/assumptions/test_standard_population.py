"""The populations by whose ages rates are standardised."""

from pathlib import Path

import pytest

import parity.assumptions
from parity.assumptions.standard_population import (
    EUROPEAN_2013,
    StandardPopulation,
    standard_population,
    standard_populations,
)
from parity.terms.assumption import Confidence
from parity.terms.errors import AssumptionMissing


def test_the_european_one_has_a_hundred_thousand_people_in_nineteen_bands() -> None:
    table = standard_population(EUROPEAN_2013).table
    assert (table.columns, table.height, table["people"].sum()) == (["band", "people"], 19, 100_000)
    assert table.row(0) == ("0-4", 5000)
    assert table.row(-1) == ("90+", 1000)


def test_every_file_is_found_under_its_key() -> None:
    folder = Path(parity.assumptions.__file__).parent / "standard_populations"
    assert [f"{each.key}.toml" for each in standard_populations()] == sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("found", standard_populations(), ids=lambda found: found.key)
def test_every_one_is_whole(found: StandardPopulation) -> None:
    assert all((found.title, found.reference, found.from_date))
    assert isinstance(found.confidence, Confidence)
    assert [band for band, people in found.people.items() if type(people) is not int or people <= 0] == []


def test_an_undeclared_one_is_told_with_where_to_declare_it() -> None:
    with pytest.raises(AssumptionMissing) as missing:
        standard_population("no_such_people")
    assert str(missing.value) == (
        "No standard population is called “no_such_people”: declare it in parity/assumptions/standard_populations/ "
        "with title, from_date, reference, confidence and people."
    )
