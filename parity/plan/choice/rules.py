"""How a question of choice stands in an address, and by what its job is known."""

from collections.abc import Mapping
from typing import Any

from parity.plan.flow_choice import Question
from parity.terms.units import write_number

JOB = "choice"
BETWEEN = "|"
"""Stands between the names of options in an address."""
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
        "options": BETWEEN.join(values["options"]),
        **{short: _number(values[name]) for name, short in LIMITS.items()},
        "draws": "" if values["draws"] == DEFAULT.draws else str(values["draws"]),
        "aim": values["aim"],
        "share": "yes" if values["may_share"] else "",
    }


def _number(value: float | None) -> str:
    return "" if value is None else write_number(value).replace(",", "").replace("−", "-")
