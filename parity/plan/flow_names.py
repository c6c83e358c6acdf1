"""Names of scenarios and levers that tables would take for something else."""

import re
from collections.abc import Iterator

from parity.methods.flow_case import Told
from parity.methods.portfolios import NO_OPTION
from parity.methods.sizing import NO_PLAN

START, END = "Services as they are", "The scenario in all"
"""Where a waterfall of levers sets out, and where it arrives."""
STEPS = {START: "the start of what levers add", END: "what all levers add"}
PLANS = {NO_OPTION: "a choice without options", NO_PLAN: "a plan without options"}
_SIZED = re.compile(r"(.+) \(\S+ times\)")


def faults_of_names(told: Told) -> Iterator[str]:
    """A sentence for each scenario or lever that is called as something else is that tables tell of; empty for none.

    One chooses among scenarios, or among the levers of an only scenario, and sets of them are called by their names.
    """
    levers = told.changes["lever"].unique(maintain_order=True).to_list()
    yield from (_alike("lever", name, STEPS[name]) for name in levers if name in STEPS)
    kind, names = ("lever", levers) if len(told.scenarios) == 1 else ("scenario", told.scenarios)
    for name in names:
        parts, sized = name.split(" + "), _SIZED.fullmatch(name)
        if name in PLANS:
            yield _alike(kind, name, PLANS[name])
        elif len(parts) > 1 and {*parts} <= {*names}:
            yield _alike(kind, name, f"the choice of {' and '.join(parts)} together")
        elif sized and sized[1] in names:
            yield _alike(kind, name, f"a size of {sized[1]}")


def _alike(kind: str, name: str, what: str) -> str:
    return f"A {kind} is called “{name}”, as {what} is. Give it another name."
