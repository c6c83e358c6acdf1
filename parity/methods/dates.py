"""Dates: calendar months and the ends of a contract."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class ContractEnds:
    """The last day of the initial term, and the last day if every extension is taken."""

    initial: date
    extended: date


def add_months(day: date, months: int) -> date:
    """The date that many calendar months later, on the same day or the last day of a shorter month.

    Source: corresponding date rule, as in Dodds v Walker [1981]. Months may be negative.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_OF_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def contract_ends(start: date, *, months: int, extension_months: int = 0) -> ContractEnds:
    """The last days of a contract that begins on `start`: without and with its extensions.

    Source: a term of whole months ends on the day before the corresponding date. Raises ValueError for a term without
    months or a negative extension.
    """
    if months < 1 or extension_months < 0:
        raise ValueError("A contract runs for at least one month, and an extension is not negative.")
    initial, extended = (add_months(start, span) - timedelta(days=1) for span in (months, months + extension_months))
    return ContractEnds(initial, extended)
