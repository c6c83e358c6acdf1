"""Words are found in any of several texts, in whatever case, and never across two of them."""

import pytest

from parity.layout.searching import holding
from parity.register.models import Organisation

NAMES = ("code", "name", "kind")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["NORTH"], ["a", "b"]),
        (["north", "trust"], ["b"]),
        (["trusT", "b"], ["b"]),
        (["councilcouncil"], []),
        (["100%"], ["c"]),
        (["_"], []),
        (["o'n"], ["c"]),
        ([], ["a", "b", "c"]),
    ],
)
def test_each_word_stands_somewhere(db: None, words: list[str], found: list[str]) -> None:
    for code, name, kind in (("a", "North Council", "council"), ("b", "North Trust", "nhs"), ("c", "O'N 100%", "nhs")):
        Organisation.objects.create(code=code, name=name, kind=kind)
    records = holding(Organisation.objects.order_by("code"), NAMES, words)
    assert list(records.values_list("code", flat=True)) == found
