"""The verbs on models: what is read of one from another program, and a scenario written as files."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from parity.layout.csv_file import frame_csv
from parity.plan.care_models.documents import brought_file, number_rows, scenario_file
from parity.plan.flow_paths import NO_SERIES, series_of
from parity.sources.brought.scenario_file import ScenarioFile
from parity.tables import Desk, Store
from parity.terms.errors import Fault, InputRefused, NotFound

SAY_WHAT = "Say what to write: --json FILE, --csv FILE or both."


def look_at(given: Namespace) -> int:
    """0; what was read of the file is printed, and what is left out. Nothing is added. Raises InputRefused."""
    path = Path(given.file)
    for line in _lines(brought_file(path.name, path.read_bytes())):
        print(line)
    return 0


def _lines(file: ScenarioFile) -> Iterator[str]:
    """What stands in a file: the model, its scenario, what one must know, its settings, each number with its place."""
    model = file.of("model")[0]
    yield f"{model['model']}: {model['months']} months, free places go {model['rationing']}"
    yield from (f"  scenario  {row['scenario']}" for row in file.of("scenario"))
    yield from (f"  note      {sentence}" for sentence in file.told)
    yield from (f"  setting   {row['setting']}" for row in file.of("settings"))
    for number, of, value, source, place in number_rows(file):
        yield f"  number    {number}{', ' * bool(of)}{of}: {value} ({source}, {place})"


def scenario(given: Namespace) -> int:
    """0; the scenario is in the file as JSON, and every monthly series of its model as CSV, where each was named.

    Raises InputRefused where neither was named, NotFound where there is no such scenario, or nothing to compute series
    from; then nothing is written.
    """
    store = Store(settings.PARITY_HOME)
    if given.programme not in store.scopes():
        raise NotFound(f"No programme is called “{given.programme}”. Loaded are: {', '.join(store.scopes())}.")
    if not (given.json or given.csv):
        raise InputRefused([Fault("The command", SAY_WHAT)])
    desk = Desk(store, given.programme)
    file = scenario_file(desk, given.code)
    paths = desk.table("flow_paths") if given.csv else None
    if given.csv and paths is None:
        raise NotFound(f"{NO_SERIES} Nothing was written.")
    if given.json:
        Path(given.json).write_text(file.text(), encoding="utf-8")
        print(f"{file.of('scenario')[0]['scenario']} written to {given.json}.")
    if paths is not None:
        rows = series_of(paths[0], file.of("model")[0]["model"])
        Path(given.csv).write_text(frame_csv(rows), encoding="utf-8", newline="")
        print(f"{rows.height} rows written to {given.csv}.")
    return 0
