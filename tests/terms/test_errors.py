"""Errors: what is said of many faults."""

from parity.terms.errors import FAULTS_TOLD, Fault, InputRefused


def test_many_faults_are_counted_and_all_are_carried() -> None:
    faults = [Fault("a.csv", "It is wrong.", row) for row in range(2, FAULTS_TOLD + 5)]
    error = InputRefused(faults)
    assert error.faults == faults
    assert str(error).splitlines()[-2:] == ["a.csv, row 101: It is wrong.", "And 3 more faults."]
    assert len(str(InputRefused(faults[:FAULTS_TOLD])).splitlines()) == FAULTS_TOLD
