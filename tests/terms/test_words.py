"""Releases and errors."""

from parity.terms.errors import Fault, InputRefused, ParityError
from parity.terms.release import Release


def test_a_fault_names_its_place() -> None:
    assert str(Fault("spend.csv", "It is empty.")) == "spend.csv: It is empty."
    assert str(Fault("spend.csv", "It is empty.", 3)) == "spend.csv, row 3: It is empty."
    assert str(Fault("spend.csv", "It is empty.", 3, "area")) == "spend.csv, row 3, column area: It is empty."
    assert str(Fault("spend.csv", "It is missing.", column="area")) == "spend.csv, column area: It is missing."


def test_a_refusal_tells_every_fault() -> None:
    refusal = InputRefused([Fault("a.csv", "First."), Fault("b.csv", "Second.", 2)])
    assert str(refusal) == "a.csv: First.\nb.csv, row 2: Second."
    assert [fault.file for fault in refusal.faults] == ["a.csv", "b.csv"]
    assert isinstance(refusal, ParityError)


def test_a_release_is_named_by_stem_and_id() -> None:
    release = Release("spend", "luton", "abc", "abcdef", "luton/spend.csv", "2026-01-02", 3)
    assert release.name == "spend@abc"
    assert Release(**release.as_dict()) == release
