"""When a contract ends, and by when it must be decided whether it is extended or followed by another."""

from dataclasses import dataclass
from datetime import date

from parity.methods.dates import ContractEnds, add_months, contract_ends


@dataclass(frozen=True, slots=True)
class ContractDates:
    """The ends of a contract and the last days on which they can be decided on in time.

    `decide_extension` is None where there is nothing to extend.
    """

    ends: ContractEnds
    decide_extension: date | None
    decide_successor: date


def contract_dates(start: date, *, months: int, extension_months: int, notice_months: int) -> ContractDates:
    """The dates of a contract that needs `notice_months` between a decision and the day it takes effect."""
    ends = contract_ends(start, months=months, extension_months=extension_months)
    extension = add_months(ends.initial, -notice_months) if extension_months else None
    return ContractDates(ends, extension, add_months(ends.extended, -notice_months))
