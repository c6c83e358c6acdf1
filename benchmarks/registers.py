"""How fast a register of 50,000 records answers 50 readers who think for a second, beside reading it all each time.

Run: .ci/on-postgresql .venv/bin/python benchmarks/registers.py     (gunicorn is in the extra `team`)
Without DATABASE_URL it measures SQLite. Half of the readers act for the organisation that keeps the records, half for
another, which sees four fifths of them. Time is that inside the application, as gunicorn's worker measures it; what a
reader waits, queue included, is printed beside it.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
RECORDS = int(os.environ.get("RECORDS", "50000"))
READERS, THINK_SECONDS, SECONDS, WARM_UP = 50, 1.0, 60, 10
WORKERS = 2
LIST, API = "/leicester/registers/risks/", "/api/programmes/leicester/registers/risks"
ASKED = (
    LIST,
    LIST,
    f"{LIST}?page=2",
    f"{LIST}?page=900",
    f"{LIST}?sort=-impact_score",
    f"{LIST}?sort=title&page=40",
    f"{LIST}?sort=-organisation",
    f"{LIST}?q=zebra",
    f"{LIST}?q=bed&page=3",
    f"{LIST}?trend=increasing",
    f"{LIST}?sharing=private",
    API,
    f"{API}?q=zebra",
)

PREPARE = """
import sys, time, django
django.setup()
from datetime import date
from pathlib import Path
import polars as pl
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from parity.register.intake.actions import enlist_transcriber, load_programme
from parity.register.memberships.actions import Seat, seat_person
from parity.register.models import Grant, Person, Programme
from parity.register.policy import viewer_of, SEE
from parity.register.records.actions import Keeping, add_records, as_cells
from parity.review.models import Risk
from parity.sources.brought.programme import read_programme
from parity.tables import Store
by, today = enlist_transcriber(), date.today()
folder = read_programme(Path("examples/leicester"), at="2026-01-01")
load_programme(folder, Store(settings.PARITY_HOME), by=by, on=today)
programme = Programme.objects.get()
count, readers = int(sys.argv[1]), int(sys.argv[2])
lead, other = programme.lead, programme.organisations.exclude(pk=programme.lead_id).order_by("code")[0]
people = []
for number in range(readers):
    person = Person.objects.create_user(f"reader{number}", email=f"reader{number}@example.org")
    person.is_public = True
    person.save()
    organisation, role = ((lead, "director"), (other, "planning_officer"))[number % 2]
    seat_person(person, Seat(programme, organisation, role), by=by, on=today)
    people.append(person)
trends = ("increasing", "no change", "decreasing")
rows = [
    {"risk": f"B{number}", "raised": "2026-01-31", "title": f"Beds are short in ward {number}",
     "effect": "People wait" if number % 1000 else "A zebra waits", "owner": f"Director {number % 40}",
     "impact_score": str(number % 3 + 1), "probability_score": str(number % 2 + 1),
     "mitigation": "Open more places and review every month", "action_owner": "Manager", "trend": trends[number % 3]}
    for number in range(count)
]
start = time.perf_counter()
for part, sharing in enumerate(("partners", "partners", "private", "named", "public")):
    cells = as_cells(Risk, rows[part::5])
    added = add_records(programme, Risk, cells, keeping=Keeping(lead, sharing), by=people[0], on=today)
    if sharing == "named":
        grant = {"programme": programme, "organisation": other, "starts_on": today, "by": people[0]}
        Grant.objects.bulk_create((Grant(record=one.pk, **grant) for one in added[::2]), batch_size=1000)
print("added", time.perf_counter() - start)
viewer = viewer_of(people[0], programme, on=today)
start = time.perf_counter()
seen = [record for record in Risk.objects.filter(programme=programme) if SEE.holds(viewer, record)]
print("plain", time.perf_counter() - start)
for person in people:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    print("cookie", client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


def run(code: str, surroundings: dict[str, str], *arguments: str) -> list[list[str]]:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return [line.split() for line in done.stdout.splitlines()]


def read(address: str, cookie: str, until: float, waits: list[float]) -> None:
    """Asks for pages and thinks in between, until the time is over."""
    chance = random.Random(cookie)
    time.sleep(chance.random() * THINK_SECONDS)
    while time.time() < until:
        asked = urllib.request.Request(address + chance.choice(ASKED), headers={"Cookie": f"sessionid={cookie}"})
        start = time.perf_counter()
        with urllib.request.urlopen(asked, timeout=60) as answer:
            answer.read()
        waits.append(time.perf_counter() - start)
        time.sleep(THINK_SECONDS)


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def main() -> None:
    if find_spec("gunicorn") is None:
        sys.exit("gunicorn is not installed: it is in the extra `team`.")
    home = Path(tempfile.mkdtemp(prefix="parity-registers-"))
    surroundings = {**os.environ, "PARITY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "parity.web.settings"}
    where = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {where}")
    told = run(PREPARE, surroundings, str(RECORDS), str(READERS))
    cookies = [words[1] for words in told if words[0] == "cookie"]
    times = {words[0]: float(words[1]) for words in told if words[0] in ("added", "plain")}
    print(f"{RECORDS} records added, each with history and event: {times['added']:.1f} s")
    log = home / "requests.log"
    command = [
        sys.executable, "-m", "gunicorn", "parity.web.wsgi", "-w", str(WORKERS), "-b", "127.0.0.1:0",
        "--access-logfile", str(log), "--access-logformat", "%(D)s %(s)s %(U)s%(q)s", "--log-level", "info",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=HOUSE, env=surroundings, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = next(word for line in server.stderr for word in line.split() if word.startswith("http://"))
            waits: list[float] = []
            until = time.time() + WARM_UP + SECONDS
            threads = [threading.Thread(target=read, args=(address, cookie, until, waits)) for cookie in cookies]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            server.terminate()
    lines = [line.split() for line in log.read_text().splitlines()]
    assert {words[1] for words in lines} == {"200"}, {words[1] for words in lines}
    lines = lines[len(lines) * WARM_UP // (WARM_UP + SECONDS) :]
    inside = [float(words[0]) / 1000 for words in lines]
    print(
        f"{len(inside)} pages: inside the application median {statistics.median(inside):.0f} ms, "
        f"p95 {share(inside, 0.95):.0f} ms; readers waited median {1000 * statistics.median(waits):.0f} ms, "
        f"p95 {1000 * share(waits, 0.95):.0f} ms"
    )
    for asked in sorted({words[2] for words in lines}):
        of_this = [float(words[0]) / 1000 for words in lines if words[2] == asked]
        print(f"  p95 {share(of_this, 0.95):4.0f} ms  {asked}")
    print(f"  plain alternative, every record read and asked for: {1000 * times['plain']:.0f} ms a page")


if __name__ == "__main__":
    main()
