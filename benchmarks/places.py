"""How long the pages on an area take on the server, over the official files, and one of them beside pandas.

Run: PARITY_DATA=… python benchmarks/places.py     takes the files in first, which takes a minute or two
     python benchmarks/places.py HOME              reads the tables of a home that has them
Every topic of Kent beside the five counties that its strategy compares it with, of Luton, of an ICB and of England.
`Nothing held` is the first request with no table and no figure in memory; `new` the first for this place, after another
place was asked for; `again` the median of 15 more; `drawing` the slowest of the page's charts, asked for the first
time, which is a file of its own. Wall time and, in brackets, CPU. What is limited is `new` and `again`.
"""

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from parity.analyse.places.indicators import expected_need
from parity.assumptions.reference_rates import reference_rates, shares_aged_95
from parity.methods.age_bands import AGES
from parity.methods.headcount import SEXES
from parity.methods.need_rates import projectable, rates_for
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.areas import ENGLAND

HOUSE = Path(__file__).resolve().parent.parent
LIMIT_MS = 150
CLOSE = 1e-9
ROUNDS = 15
YEAR = "2026"
KENT, BESIDE_KENT = "E10000016", ("E10000011", "E10000014", "E10000015", "E10000029", "E10000025")
PLACES = {
    "Kent beside five": (KENT, BESIDE_KENT),
    "Luton": ("E06000032", ()),
    "NHS Kent and Medway": ("E54000032", ()),
    "England": (ENGLAND, ()),
}
ANOTHER = "E10000030"
COUNCIL = "E0[6-9]"

PAGES = """
import functools, gc, json, re, statistics, sys, time
from html import unescape
import parity.web.wsgi
from django.core.management import call_command
from django.test import Client
from parity.analyse.profiles import PROFILES
from parity.register.models import Person
call_command("migrate", verbosity=0)
client = Client(SERVER_NAME="localhost")
client.force_login(Person.objects.create(username="benchmark"))
rounds, year, another, places = int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])

gc.unfreeze()
caches = [held for held in gc.get_objects() if type(held) is functools._lru_cache_wrapper]
caches = [held for held in caches if held.__module__.startswith("parity.")]
gc.freeze()

def forget():
    for held in caches:
        held.cache_clear()

def asked(address, told=None):
    wall, processor = time.perf_counter(), time.process_time()
    answer = client.get(address)
    took = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)
    assert answer.status_code == 200, (address, answer.status_code)
    if told is not None:
        told += [unescape(each) for each in re.findall('src="([^"]*format=svg)"', answer.content.decode())]
    return took

for name, (code, beside) in places.items():
    for topic in PROFILES:
        address = f"/england/places/{code}/{topic.slug}/?year={year}&with={','.join(beside)}"
        drawings = []
        asked(address, drawings)
        forget()
        nothing = asked(address)
        forget()
        asked(f"/england/places/{another}/{topic.slug}/?year={year}")
        new = asked(address)
        again = zip(*(asked(address) for _ in range(rounds)))
        drawn = max((asked(address.partition("?")[0] + each) for each in drawings), default=(0, 0))
        took = [nothing, new, [statistics.median(each) for each in again], drawn]
        print(json.dumps([name, topic.slug, *took]), flush=True)
"""


def in_fresh_process(home: Path, *arguments: str) -> str:
    """What a Python process of its own printed."""
    surroundings = {**os.environ, "PARITY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "parity.web.settings"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def home_with_tables(home: Path) -> None:
    """Nothing; the home now has England's tables: those of the home that was named, or from the official files."""
    if len(sys.argv) > 1:
        (home / "tables").symlink_to(Path(sys.argv[1]).resolve() / "tables")
    elif folder := os.environ.get("PARITY_DATA"):
        start = time.perf_counter()
        in_fresh_process(home, "-m", "parity.cli", "import", str(Path(folder).resolve()))
        print(f"all files taken in, and tables computed: {time.perf_counter() - start:.0f} s wall")
    else:
        sys.exit("Name the folder of official files in PARITY_DATA, or a home that has their tables.")


def plain_need(home: Path) -> None:
    """Nothing; prints what pandas needs for the page's expected people, bands left out, and that both agree."""
    pandas: Any = importlib.import_module("pandas")
    desk = Desk(Store(home), ENGLAND_SCOPE)
    tables = (desk.looking_at(None).table(stem) for stem in ("population_projections", "council_counties"))
    projected, councils = (pandas.DataFrame(found[0].to_dict(as_series=False)) for found in tables if found)
    rates = rates_for(projectable(reference_rates()), aged_95=shares_aged_95())
    weights = np.array([
        (rates.matrix[first:last] * rates.shares[rates.rate[first:last], None]).sum(axis=0)
        for first, last in rates.spans
    ])  # fmt: skip
    shown = (KENT, *BESIDE_KENT, ENGLAND)
    cells = pandas.MultiIndex.from_product([SEXES, range(AGES)])

    def computed() -> Any:
        """Expected people by area, condition and source: Kent, those beside it, and all councils together."""
        newest = councils[councils["edition"] == councils["edition"].max()].set_index("area")
        now = projected[(projected["period"] == YEAR) & projected["area"].str.match(COUNCIL)]
        people = now.assign(county=now["area"].map(newest["county"]))
        own = people[people["county"].isin(shown)].groupby(["county", "sex", "age"])["people"].sum()
        whole = people.groupby(["sex", "age"])["people"].sum()
        wide = pandas.concat([own.unstack([1, 2])[cells], whole.to_frame(ENGLAND).T[cells]])
        return wide.dot(pandas.DataFrame(weights.T, index=cells, columns=pandas.MultiIndex.from_tuples(rates.names)))

    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        table = computed()
        times.append(1000 * (time.process_time() - start))
    theirs = {(area, *name): value for area, row in table.iterrows() for name, value in row.items()}
    need = desk.looking_at(shown).table(expected_need.__name__)
    assert need is not None
    known = need[0].filter(pl.col("period") == YEAR).select("area", "condition", "source", "value")
    ours = {(area, *name): value for area, *name, value in known.iter_rows()}
    assert set(theirs) <= set(ours), set(theirs) - set(ours)
    assert all(abs(ours[key] / value - 1) < CLOSE for key, value in theirs.items())
    print(
        f"pandas, Need of Kent beside five, one table of the page without its bands, from tables in memory: "
        f"{statistics.median(times):.0f} ms of CPU, {len(theirs)} numbers, equal"
    )


def main() -> None:
    """Print every page's times, and the plain alternative."""
    with tempfile.TemporaryDirectory(prefix="parity-benchmark-") as folder:
        home = Path(folder)
        home_with_tables(home)
        busy = f"{os.cpu_count()} cores with {os.getloadavg()[0]:.1f} processes at work"
        print(f"{busy}; limit of server time, new and again: {LIMIT_MS} ms")
        told = in_fresh_process(home, "-c", PAGES, str(ROUNDS), YEAR, ANOTHER, json.dumps(PLACES))
        for name, topic, *took in map(json.loads, told.splitlines()):
            words = (f"{wall:5.0f} ms ({processor:4.0f})" for wall, processor in took)
            over = "  OVER THE LIMIT" if max(took[1][0], took[2][0]) > LIMIT_MS else ""
            heads = zip(("nothing held", "new", "again", "drawing"), words, strict=True)
            print(f"{name:20} {topic:12}", "  ".join(map(" ".join, heads)) + over)
        if find_spec("pandas"):
            plain_need(home)
        else:
            print("pandas is not installed and is left out: it is in the extra `bench`.")


if __name__ == "__main__":
    main()
