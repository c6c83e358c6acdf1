"""Errors named after who must act; each carries one sentence fit to be shown."""

from dataclasses import dataclass

FAULTS_TOLD = 100


class ParityError(Exception):
    """A sentence fit to be shown to a person. Only the subclasses are raised."""


class SourceChanged(ParityError):
    """A publisher changed a file's layout: a developer must act."""


class AssumptionMissing(ParityError):
    """A chosen number is not declared: an analyst must act."""


class NotAllowed(ParityError):
    """The person may not do this."""


class WrongState(ParityError):
    """The thing is not in a state in which this can be done."""


class TooOften(ParityError):
    """The person asked too often, and may ask again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"You asked too often. Wait {seconds} second{'' if seconds == 1 else 's'}, then ask again.")


class Stale(WrongState):
    """The thing has changed since the person looked at it."""


class Unconditional(WrongState):
    """A program did not say which version of the thing it changes."""


class NotFound(ParityError):
    """What was asked for by name does not exist: the person must ask for something else."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where it is, and a sentence that says what to do."""

    file: str
    sentence: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.sentence}"


class InputRefused(ParityError):
    """Input that cannot be taken in; nothing of it was kept. Carries every fault found, and tells the first hundred."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        told = [str(fault) for fault in faults[:FAULTS_TOLD]]
        more = len(faults) - FAULTS_TOLD
        super().__init__("\n".join([*told, f"And {more} more faults."] if more > 0 else told))
