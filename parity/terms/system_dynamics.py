"""A model of stocks and flows as another program wrote it: what stands in its file, and what that program's run gives.

Time is counted in the file's own unit. Names are kept as they are shown; a key is what equations and lists mean by one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_GAPS = re.compile(r"(?:[\s_]|\\n)+")


def key_of(name: str) -> str:
    """The key of a name: capitals do not matter, and spaces, ends of lines and underscores are the same."""
    return _GAPS.sub("_", name.strip().strip('"').strip()).lower()


@dataclass(frozen=True, slots=True)
class Stock:
    """A number that flows fill and empty; `unlike` says what it is where it is no plain stock (“a queue”)."""

    name: str
    inflows: tuple[str, ...]
    outflows: tuple[str, ...]
    unlike: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """A flow or an auxiliary; `unlike` says what it is where an equation does not tell all (“read from a table”).

    `never_below` tells that its program holds it at 0 where its equation would fall below.
    """

    name: str
    equation: str
    unlike: str = ""
    never_below: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class SystemModel:
    """A model as its file tells it; all mappings are by key.

    `begins` holds what each of its variables is at the start, `run` each stock at the start and after each step.
    """

    title: str
    start: float
    dt: float
    unit: str
    method: str
    stocks: Mapping[str, Stock]
    flows: Mapping[str, Equation]
    others: Mapping[str, Equation]
    begins: Mapping[str, float]
    run: Mapping[str, tuple[float, ...]]
