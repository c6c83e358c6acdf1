"""How a question of choice stands in an address, and by what its job is known."""

from collections.abc import Iterable, Mapping
from typing import Any

from parity.plan.flow_choice import Question

JOB = "choice"
BETWEEN = "|"
"""Stands between the names of options in an address."""
IN_NAMES = {"%": "%25", BETWEEN: "%7C"}
"""What stands for these signs where names have them."""
LIMITS = {"most_at_once": "at_once", "most_in_year": "in_year", "most_waiting": "waiting"}
"""What each limit of a question is called in an address."""
BECAUSE = "An answer to the question in the address of the page on which options to choose; it is not kept."
DEFAULT = Question("")


def address_of(values: Mapping[str, Any]) -> dict[str, str]:
    """What an address asks for the question of these plain values; what is asked anyway is empty.

    Options are always named, unless there are none.
    """
    return {
        "model": values["model"],
        "options": in_address(values["options"]),
        **{short: number_in_address(values[name]) for name, short in LIMITS.items()},
        "draws": "" if values["draws"] == DEFAULT.draws else str(values["draws"]),
        "aim": values["aim"],
        "share": "yes" if values["may_share"] else "",
    }


def in_address(names: Iterable[str]) -> str:
    """The names of options as an address has them."""
    for sign, written in IN_NAMES.items():
        names = [name.replace(sign, written) for name in names]
    return BETWEEN.join(names)


def from_address(text: str) -> list[str]:
    """The names of options that `in_address` wrote."""
    names = [name for name in text.split(BETWEEN) if name]
    for sign, written in reversed(IN_NAMES.items()):
        names = [name.replace(written, sign) for name in names]
    return names


def number_in_address(value: float | None) -> str:
    """A number as an address has it: every digit of it, so that what is read there is the same; empty for none.

    >>> number_in_address(12345.67), number_in_address(250000.0), number_in_address(None)
    ('12345.67', '250000', '')
    """
    return "" if value is None else repr(float(value)).removesuffix(".0")
