"""A flow model as a model of stocks and flows that other programs run with the same numbers: XMILE 1.0."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np

from parity.methods.flow import FlowModel, Month, Numbers, Rationing, in_steps
from parity.terms.errors import WrongState
from parity.terms.system_dynamics import key_of

NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
NOBODY = 1e-12
"""What stands for the number who ask where nobody does, so that nothing is divided by 0."""
STEPS = "steps a month"
_UNWRITABLE = re.compile(r'["\\{}\[\].<>]|[^\S ]')
_PLAIN = re.compile(r"[^\W\d_]\w*(?: \w+)*")
_MEANT_OTHERWISE = {
    "abs", "and", "dt", "else", "exp", "final_time", "if", "inf", "initial_time", "int", "ln", "max", "min", "mod",
    "nan", "not", "or", "pi", "saveper", "sqrt", "starttime", "stoptime", "then", "time", "time_step",
}  # fmt: skip
"""What an equation means by these is no setting."""

Variable = tuple[str, str, str]
"""What it is (stock, flow or aux), its name, its equation."""


def xmile_of(model: FlowModel, start: Numbers, *, month: Month, months: int, title: str) -> str:
    """The text of an XMILE file: the model from its start over so many months that all bring the same.

    Rates are constants that can be changed there; a month has as many steps as the model's. Raises WrongState where
    people are rationed in another way than in proportion, where a plan moves them, where numbers are drawn (choose one
    draw before), and where two names, or a name's signs, cannot be told apart in an equation.

    Source: XMILE 1.0 (OASIS 2015).
    """
    if model.rationing is not Rationing.PROPORTIONAL and np.isfinite(month.capacities).any():
        raise WrongState("Only models that give free places in proportion to who asks can be written as XMILE.")
    if month.planned is not None and month.planned.any():
        raise WrongState("A month that moves people by a plan cannot be written as XMILE.")
    if max(month.draws, start.shape[-1]) > 1:
        raise WrongState("Choose one draw of the numbers to write them as XMILE.")
    variables = [*_variables(model, start, in_steps(model, month))]
    keys = [key_of(name) for _, name, _ in variables]
    unwritable = [name for name in model.settings if _UNWRITABLE.search(name) or key_of(name) in _MEANT_OTHERWISE]
    unwritable += [name for (_, name, _), key in zip(variables, keys, strict=True) if keys.count(key) > 1]
    if unwritable:
        raise WrongState(f"Call this setting otherwise to write it as XMILE: {unwritable[0]}.")
    return _document(model, variables, months=months, title=title)


def _variables(model: FlowModel, start: Numbers, step: Month) -> Iterator[Variable]:
    """Every variable of the model."""
    for setting, name in enumerate(model.settings):
        yield "stock", name, _number(start[setting])
        yield "flow", f"arriving {name}", _number(step.arrivals[setting] * model.steps)
        yield "aux", f"rate leaving {name}", _number(step.exits[setting] * model.steps)
        yield "flow", f"leaving {name}", f"{_word(name)} * {_word(f'rate leaving {name}')}"
    yield "aux", STEPS, repr(float(model.steps))
    limited = {model.settings[place] for place in np.flatnonzero(np.isfinite(step.capacities[:, 0]))}
    for flow, (origin, end) in enumerate(model.flows):
        named = f"{origin} to {end}"
        yield "aux", f"rate {named}", _number(step.rates[flow] * model.steps)
        yield "aux", f"asking {named}", f"{_word(origin)} * {_word(f'rate {named}')}"
        yield "flow", named, _word(f"asking {named}") + (f" * {_word(f'share served {end}')}" if end in limited else "")
    for setting, name in enumerate(model.settings):
        asking = " + ".join(_word(f"asking {origin} to {end}") for origin, end in model.flows if end == name)
        if name in limited and asking:
            free = f"({_word(f'places {name}')} - {_word(name)}) * {_word(STEPS)} + {_word(f'leaving {name}')}"
            yield "aux", f"places {name}", _number(step.capacities[setting])
            yield "aux", f"asking for {name}", asking
            yield (
                "aux",
                f"share served {name}",
                f"MIN(1, MAX(0, {free}) / MAX({_word(f'asking for {name}')}, {NOBODY!r}))",
            )


def _word(name: str) -> str:
    """A name as equations write it."""
    return name.replace(" ", "_") if _PLAIN.fullmatch(name) else f'"{name}"'


def _number(value: Numbers) -> str:
    """A number in the fewest digits that give the same back."""
    return repr(float(value[0]))


def _document(model: FlowModel, variables: list[Variable], *, months: int, title: str) -> str:
    """The text of the file."""
    root = ElementTree.Element("xmile", version="1.0", xmlns=NAMESPACE)
    header = ElementTree.SubElement(root, "header")
    for tag, text in (("vendor", "Parity"), ("product", "Parity"), ("name", title)):
        ElementTree.SubElement(header, tag, {"version": "1.0"} if tag == "product" else {}).text = text
    times = ElementTree.SubElement(root, "sim_specs", method="Euler", time_units="Month")
    for tag, number in (("start", 0), ("stop", months), ("dt", model.steps)):
        ElementTree.SubElement(times, tag, {"reciprocal": "true"} if tag == "dt" else {}).text = str(number)
    parts = ElementTree.SubElement(ElementTree.SubElement(root, "model"), "variables")
    for kind, name, equation in variables:
        part = ElementTree.SubElement(parts, kind, name=name)
        ElementTree.SubElement(part, "eqn").text = equation
        for tag, flow in _joined(model, name) if kind == "stock" else ():
            ElementTree.SubElement(part, tag).text = _word(flow)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _joined(model: FlowModel, setting: str) -> Iterator[tuple[str, str]]:
    """The flows that fill a setting, then those that empty it."""
    for tag, own, side in (("inflow", "arriving", 1), ("outflow", "leaving", 0)):
        yield tag, f"{own} {setting}"
        for flow in model.flows:
            if flow[side] == setting:
                yield tag, " to ".join(flow)
