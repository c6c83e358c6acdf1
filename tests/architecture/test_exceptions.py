"""The list of exceptions itself."""

from tests.architecture.exceptions import EXCEPTIONS, MOST


def test_there_are_no_more_exceptions_than_before() -> None:
    assert sum(map(len, EXCEPTIONS.values())) == MOST


def test_every_exception_has_a_reason() -> None:
    short = [place for places in EXCEPTIONS.values() for place, reason in places.items() if len(reason.split()) < 4]
    assert short == []
