"""How fast the examples load, figures compute, pages answer and the terminal starts, each beside a plain alternative.

Run: .venv/bin/python benchmarks/speed.py
Every measurement is made in a fresh process; CPU is that of the process and its children.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
TRIAL = "plan/scenarios/B/?B02.value={}"
"""The page of a scenario on which another number is tried each time, so that 1,000 draws are run anew."""
PAGES = ("analyse/spend/", "analyse/need/", "plan/targets/", "review/tie-out/", "figures/", TRIAL)
WARM_ROUNDS = 15
STARTS = 7

LOAD_AND_COMPUTE = """
import os, django
django.setup()
from datetime import date
from pathlib import Path
from django.conf import settings
from parity.register.intake.actions import enlist_transcriber, load_programme
from parity.sources.brought.programme import read_programme
from parity.tables import Desk, Store
store, by = Store(settings.PARITY_HOME), enlist_transcriber()
figures = 0
for slug in ("leicester", "luton", "kent"):
    load_programme(read_programme(Path("examples") / slug, at="2026-01-01"), store, by=by, on=date(2026, 1, 1))
    figures += sum(1 for figure in Desk(store, slug).all_figures())
print(figures)
"""

ONE_BY_ONE = LOAD_AND_COMPUTE.replace(
    "    figures += sum(1 for figure in Desk(store, slug).all_figures())",
    "    from parity.tables import figures as shaping, store as resting\n"
    "    for figure in list(Desk(store, slug).all_figures()):\n"
    "        shaping.result.cache_clear(); resting._frame_at.cache_clear()\n"
    "        Desk(store, slug).figures(figure.indicator.key).one(**figure.address); figures += 1",
)
"""The plain alternative: each figure asked for by itself, its tables read and its indicator computed each time."""

PAGE_TIMES = """
import json, statistics, sys, time, django
django.setup()
from django.test import Client
from datetime import date
from parity.register.memberships.actions import Seat, seat_person
from parity.register.models import Person, Programme
person, _ = Person.objects.get_or_create(username="benchmark")
for programme in Programme.objects.all():
    seat_person(person, Seat(programme, programme.lead, "planning_officer"), by=person, on=date(2026, 1, 1))
client = Client(SERVER_NAME="localhost")
client.force_login(person)
told = {}
for page in sys.argv[2:]:
    address = f"/leicester/{page}"
    times = []
    for round in range(int(sys.argv[1]) + 1):
        start = time.perf_counter()
        answer = client.get(address.format(5 + round / 16))
        times.append(time.perf_counter() - start)
        assert answer.status_code == 200, (address, answer.status_code)
    told[page] = (times[0], statistics.median(times[1:]))
print(json.dumps(told))
"""


def measured(code: str, home: str, *arguments: str) -> tuple[str, float, float]:
    """What a fresh Python process printed, its CPU seconds and its wall seconds."""
    surroundings = {**os.environ, "PARITY_HOME": home, "DJANGO_SETTINGS_MODULE": "parity.web.settings"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip(), (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime), wall


def start_up(*command: str) -> float:
    """The median wall seconds of a command's start."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=HOUSE, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def migrated_home() -> str:
    """A new home with a migrated database and no tables."""
    home = tempfile.mkdtemp(prefix="parity-benchmark-")
    measured(MIGRATE, home)
    return home


def main() -> None:
    """Print every measurement, the machine first."""
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}"
    )
    home = migrated_home()
    count, cpu, wall = measured(LOAD_AND_COMPUTE, home)
    print(f"load three programmes, compute {count} figures: {cpu:.2f} s CPU, {wall:.2f} s wall")
    count, cpu, wall = measured(ONE_BY_ONE, migrated_home())
    print(f"  plain alternative, one figure at a time:  {cpu:.2f} s CPU, {wall:.2f} s wall")
    told, _, _ = measured(PAGE_TIMES, home, str(WARM_ROUNDS), *PAGES)
    for page, (cold, warm) in json.loads(told).items():
        print(f"page {page:32} warm {1000 * warm:5.1f} ms of server time, first {1000 * cold:5.0f} ms")
    print(f"parity --help: {1000 * start_up('-m', 'parity.cli', '--help'):.0f} ms")
    eager = "import django, polars, parity.cli; parity.cli.parser().format_help()"
    print(f"  plain alternative, everything imported first: {1000 * start_up('-c', eager):.0f} ms")


if __name__ == "__main__":
    main()
