"""A model of stocks and flows that somebody brings, as XMILE or as Vensim's text: what is in it, and what it gives.

The file is read and run by Simlin (extra `models`), in a process of its own with little memory and time.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import PurePath
from typing import Any

from parity.sources.brought.apart import DONE, REFUSED, run_apart
from parity.sources.brought.upload_guard import refused
from parity.sources.brought.uploads import shown
from parity.terms.errors import WrongState
from parity.terms.system_dynamics import Equation, Stock, SystemModel, key_of

LARGEST_FILE = 5_000_000
"""Bytes: ten times the largest models that are published."""
LONGEST_SECONDS = 20
"""Time for one file: the longest run takes about two."""
ENDINGS = (".mdl", ".stmx", ".xmile", ".xml")
_MAIN = ("main", "")
_WORKER = "parity.sources.brought.model_worker"
_TOO_MUCH = "The model is damaged, or takes more memory than it may."
_TOO_SLOW = "The model takes too long to read and run: make its time step longer, or its time shorter."
_UNLIKE = {
    "arrayedEquation": "has subscripts",
    "graphicalFunction": "is read from a table (a lookup)",
    "conveyor": "is a conveyor",
    "queue": "is a queue",
    "dataSource": "is read from another file",
    "activeInitial": "has another value at the start",
    "leakage": "is a conveyor's leak",
    "spreadflow": "is spread over a conveyor",
    "overflow": "is what a queue has no room for",
}
"""What makes more of a variable than its equation tells, by what the library calls it."""


def missing_reader() -> str:
    """A sentence that says what to install before models can be read, or nothing where they can."""
    return "" if find_spec("simlin") else "Models are read with Simlin: install Parity with the extra “models”."


def read_model(name: str, content: bytes) -> SystemModel:
    """The model in a file: XMILE (.stmx, .xmile, .xml) or Vensim (.mdl).

    Raises InputRefused for another file, one too large, one that is damaged or declares entities, a model that does
    not run by itself, that takes too long or too much memory; WrongState where the extra is not installed.
    """
    file, ending = shown(name), PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise refused(file, "Only models in XMILE (.stmx, .xmile, .xml) and of Vensim (.mdl) are read.")
    if not content:
        raise refused(file, "The file is empty.")
    if len(content) > LARGEST_FILE:
        raise refused(file, "The file is larger than 5 MB.")
    return _described(PurePath(file).stem, _answer(file, content, kind=ending))


def as_vensim(xmile: str) -> str:
    """The same model as Vensim's text (.mdl). Raises as `read_model`."""
    text: str = _answer("model.xmile", xmile.encode(), kind="vensim")
    return text


def _answer(file: str, content: bytes, *, kind: str) -> Any:
    """What the process found."""
    if sentence := missing_reader():
        raise WrongState(sentence)
    try:
        ended, answer = run_apart(_WORKER, content, kind=kind, seconds=LONGEST_SECONDS)
    except TimeoutError:
        raise refused(file, _TOO_SLOW) from None
    if ended not in (DONE, REFUSED):
        raise refused(file, _TOO_MUCH)
    found = json.loads(answer)
    if ended == REFUSED:
        raise refused(file, found)
    return found


def _described(title: str, found: Mapping[str, Any]) -> SystemModel:
    """The description of what the library found in a file."""
    project, times = found["project"], found["project"]["simSpecs"]
    main = next((each for each in project["models"] if each["name"] in _MAIN), project["models"][0])
    modules = [{**each, "equation": "", "unlike": "is a module"} for each in main.get("modules", [])]
    return SystemModel(
        title=project.get("name") or title,
        start=times.get("startTime", 0.0),
        dt=found["dt"],
        unit=times.get("timeUnits", ""),
        method=times.get("method") or "euler",
        stocks={key_of(each["name"]): _stock(each) for each in main.get("stocks", [])},
        flows=_formulas(main.get("flows", [])),
        others=_formulas([*main.get("auxiliaries", []), *modules]),
        begins={key_of(name): value for name, value in found["begins"].items()},
        run={key_of(name): tuple(numbers) for name, numbers in found["run"].items()},
    )


def _stock(found: Mapping[str, Any]) -> Stock:
    inflows, outflows = (tuple(key_of(name) for name in found.get(side, [])) for side in ("inflows", "outflows"))
    return Stock(_shown_name(found), inflows, outflows, _unlike(found))


def _formulas(found: Sequence[Mapping[str, Any]]) -> dict[str, Equation]:
    return {
        key_of(each["name"]): Equation(
            _shown_name(each),
            each.get("equation", ""),
            each.get("unlike") or _unlike(each),
            never_below=bool(each.get("compat", {}).get("nonNegative")),
        )
        for each in found
    }


def _shown_name(found: Mapping[str, Any]) -> str:
    """The name as people write it."""
    return " ".join(found["name"].replace("\\n", " ").replace("_", " ").split())


def _unlike(found: Mapping[str, Any]) -> str:
    """What a variable is that its equation does not tell, or nothing."""
    marks = {**found, **found.get("compat", {})}
    return next((words for mark, words in _UNLIKE.items() if marks.get(mark) not in (None, False)), "")
