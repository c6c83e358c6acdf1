"""The process of its own in which a model of stocks and flows is read and run, within limited memory, by Simlin.

Started by `system_dynamics` with the file's ending; the bytes come on the standard input. On the standard output goes
one JSON: the parts of the model and its run, or the sentence that says why there is none; the exit status says which.
With the ending `vensim`, XMILE comes in, and the same model goes out as Vensim's text.
"""

import json
import re
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.parsers import expat

import simlin

from parity.sources.brought.apart import DONE, REFUSED, limit_memory
from parity.terms.errors import WrongState

MEMORY = 1_000_000_000
"""Bytes that the process may ask for: it starts with 250 million, and the longest run takes 150 million more."""
MOST_NUMBERS = 2_000_000
"""Variables × steps of a run: 550 variables each day of ten years."""
METHODS = {"", "euler", "rk2", "rk4"}
"""The methods that the library runs; where a file asks for another, it would run Euler's and not say so."""
VENSIM, MDL, XMILE = "vensim", ".mdl", ".xmile"
_TIMES = re.compile(r"(?:^|\|)\s*(INITIAL TIME|FINAL TIME|TIME STEP)\s*=([^~|]*)", re.IGNORECASE | re.MULTILINE)
_INNER = re.compile(r"\w+Error\{(?:\w+: )?(.*)\}$")
_DECLARED = "The model declares a document type, which no model needs: save it anew."
_TOO_LONG = "The model's run is too long: make its time step longer, or its time shorter."
_UNKNOWN_METHOD = "The model asks for the method {}, which is not known here: ask for Euler."
_NO_TIME = "The model's time does not run: its end comes before its start, or its time step is not above 0."
_NOT_READ = "The model cannot be read: {}."
_NOT_RUN = "The model does not run by itself: {}."


def main() -> int:
    """The exit status: 0 with what was asked for on the standard output, 3 with a sentence there."""
    limit_memory(MEMORY)
    warnings.simplefilter("ignore")
    try:
        answer: Any = answer_to(sys.argv[1], sys.stdin.buffer.read())
    except WrongState as refusal:
        sys.stdout.write(json.dumps(str(refusal)))
        return REFUSED
    sys.stdout.write(json.dumps(answer))
    return DONE


def answer_to(kind: str, content: bytes) -> Any:
    """Vensim's text, or the parts of a model and its run. Raises WrongState with the sentence where there is none."""
    _check_times(content) if kind == MDL else _check_plain(content)
    project = _loaded(XMILE if kind == VENSIM else kind, content)
    return _as_vensim(project) if kind == VENSIM else _parts_and_run(project)


def _check_times(content: bytes) -> None:
    """Raise WrongState where Vensim's text gives a time as anything but a number, for which others would be read."""
    given = {name.upper(): value.strip() for name, value in _TIMES.findall(content.decode(errors="replace"))}
    for name in ("INITIAL TIME", "FINAL TIME", "TIME STEP"):
        try:
            float(given.get(name, ""))
        except ValueError:
            raise WrongState(
                f"The model does not tell its {name} as a number: write it as one, such as 0.25."
            ) from None


def _check_plain(content: bytes) -> None:
    """Raise WrongState where the XML is not well formed, declares a document type and with it entities, or asks for a
    method that is not known."""

    def declare(*_: object) -> None:
        raise WrongState(_DECLARED)

    def begin(tag: str, told: dict[str, str]) -> None:
        method = " ".join(told.get("method", "").lower().split())
        if tag.rpartition(":")[2] == "sim_specs" and method not in METHODS:
            raise WrongState(_UNKNOWN_METHOD.format(method))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declare, begin
    try:
        parser.Parse(content, True)
    except expat.ExpatError as fault:
        raise WrongState(_NOT_READ.format(_one_line(str(fault)))) from None


def _loaded(ending: str, content: bytes) -> simlin.Project:
    """What a file with this ending holds."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"model{ending}")
        path.write_bytes(content)
        try:
            return simlin.Project.open(path, autosave=False, watch=False)
        except simlin.SimlinError as fault:
            raise WrongState(_NOT_READ.format(_one_line(str(fault)))) from None


def _as_vensim(project: simlin.Project) -> str:
    """Vensim's text, with the time step as a decimal number, as it and every reader understands it."""
    project.set_sim_specs(dt=repr(project.main_model.time_spec.dt))
    return project.to_mdl().decode()


def _parts_and_run(project: simlin.Project) -> dict[str, Any]:
    """The project as the library tells it, each variable at the start, each stock at the start and after each step."""
    model = project.main_model
    time, names = model.time_spec, model.get_var_names()
    if not (time.dt > 0 and time.stop > time.start):
        raise WrongState(_NO_TIME)
    if not (time.stop - time.start) / time.dt * len(names) < MOST_NUMBERS:
        raise WrongState(_TOO_LONG)
    parts = json.loads(project.serialize_json())
    try:
        project.set_sim_specs(save_step=time.dt)
        with model.simulate() as run:
            run.run_to_end()
            series = {name: run.get_series(name) for name in run.get_var_names()}
    except simlin.SimlinError as fault:
        raise WrongState(_NOT_RUN.format(_one_line(_first_issue(model) or str(fault)))) from None
    stocks = [name for name in model.get_var_names(simlin.VARTYPE_STOCK) if name in series]
    return {
        "project": parts,
        "dt": time.dt,
        "begins": {name: float(numbers[0]) for name, numbers in series.items()},
        "run": {name: series[name].tolist() for name in stocks},
    }


def _first_issue(model: simlin.Model) -> str:
    """What the library finds wrong first, or nothing."""
    return next((issue.message for issue in model.check() if issue.severity == "error"), "")


def _one_line(message: str) -> str:
    """A message's last line, as part of a sentence, without the library's names of its errors."""
    line = (message.strip().splitlines() or ["it is damaged"])[-1].strip().rstrip(".")
    if inner := _INNER.search(line):
        return inner[1].replace("_", " ")
    return line


if __name__ == "__main__":
    sys.exit(main())
