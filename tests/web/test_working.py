"""Real workers on a real database: killed, two at once, told to stop. Nothing is lost and nothing is done twice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import load_backend
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task
from pytest_django import DjangoDbBlocker

from parity.register.jobs.actions import RUN, enqueue
from parity.register.jobs.models import Job
from parity.register.jobs.rules import OFFERS, STALE_SECONDS
from parity.register.models import Person
from parity.web import serving
from parity.web.serving import worker_beside
from parity.web.working import SCHEDULED
from tests.given import HOUSE
from tests.register.sample_jobs import SAMPLES, noted

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 2)
LONG = 120
KNOWING = """
import sys
import django
django.setup()
from parity.cli import main
from parity.register.jobs.rules import OFFERS
from tests.register.sample_jobs import SAMPLES
OFFERS.update(SAMPLES)
sys.exit(main(["work", "--until-input-ends"]))
"""
WORK = ["-c", KNOWING]
PARITY = ["-m", "parity.cli"]
BESIDE = """
import time
from parity.web.serving import worker_beside
with worker_beside():
    print("Begun.", flush=True)
    time.sleep(600)
"""
no_signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it.")
Worker = subprocess.Popen[str]


@contextmanager
def placed_in(file: Path) -> Iterator[None]:
    """The models ask the SQLite database in this file meanwhile."""
    usual = connections["default"]
    placed = {**usual.settings_dict, "NAME": str(file)}
    connections["default"] = load_backend(placed["ENGINE"]).DatabaseWrapper(placed, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual


@pytest.fixture(scope="module")
def empty(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Path | None:
    """A SQLite database with every table and no record, of which each test gets a copy; none beside PostgreSQL."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            return None
        file = tmp_path_factory.mktemp("empty") / "parity.sqlite3"
        with placed_in(file):
            call_command("migrate", verbosity=0)
    return file


@pytest.fixture
def surroundings(home: Path, database_address: str, empty: Path | None) -> Iterator[dict[str, str]]:
    """What leads a worker to the database of this test: the one that the test asks by its models."""
    home.mkdir()
    # the queue is signed with this process's key, which a home of its own does not have
    (home / "secret-key").write_text(settings.SECRET_KEY, encoding="ascii")
    here = {**os.environ, "PARITY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "parity.web.settings"}
    if empty is None:
        address = urlsplit(database_address)._replace(path=f"/{connection.settings_dict['NAME']}")
        yield {**here, "DATABASE_URL": address.geturl()}
        return
    # a database in memory cannot be shared with another process
    with placed_in(Path(shutil.copy(empty, home / "parity.sqlite3"))):
        yield here


@pytest.fixture
def start(surroundings: dict[str, str]) -> Iterator[Callable[..., Worker]]:
    """Starts a worker that knows the sample jobs, or another command; none is left when the test ends."""
    with ExitStack() as workers:

        def started(*line: str) -> Worker:
            worker = subprocess.Popen(
                [sys.executable, *(line or WORK)], env=surroundings, cwd=HOUSE, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            workers.enter_context(worker)
            workers.callback(worker.kill)
            return worker

        yield started


@pytest.fixture
def ask(surroundings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Asks for a word to be written; the ledger is one for all."""
    for name, offer in SAMPLES.items():
        monkeypatch.setitem(OFFERS, name, offer)
    ana = Person.objects.create_user("ana")

    def asked(word: str, **more: Any) -> Job:
        payload = {"ledger": str(tmp_path / "ledger.txt"), "word": word, **more}
        return enqueue("write_word", payload, by=ana, on=TODAY)

    return asked


def wait_for(is_so: Callable[[], bool]) -> None:
    """Nothing as soon as it is so. Fails where it does not come to be so."""
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for_end(*jobs: Job) -> None:
    wait_for(lambda: all(job.has_ended for job in Job.objects.filter(pk__in=[job.pk for job in jobs])))


def stop(worker: Worker) -> tuple[int, str, str]:
    """Exit status and words of a worker that was told to stop."""
    worker.stdin.close()
    worker.stdin = None
    out, error = worker.communicate(timeout=LONG)
    return worker.returncode, out, error


def told(job: Job) -> tuple[str, int]:
    job.refresh_from_db()
    return job.state, job.attempts


@no_signals
def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    ask: Callable[..., Job], start: Callable[..., Worker], home: Path, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    done, under_way, waiting = ask("first"), ask("second", gate=str(gate)), ask("third")
    killed = start()
    wait_for(lambda: "begin second" in noted(done.payload))
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(timeout=LONG) == -signal.SIGKILL
    assert [told(job) for job in (done, under_way, waiting)] == [("done", 1), ("running", 1), ("waiting", 0)]
    half = home / "jobs" / f"{under_way.pk}.1" / "words" / "word.txt"
    assert half.read_text("utf-8") == "sec"

    gate.touch()
    # time passes
    Job.objects.filter(pk=under_way.pk).update(beat_at=timezone.now() - timedelta(seconds=STALE_SECONDS + 1))
    after = start()
    wait_for_end(done, under_way, waiting)
    assert [told(job) for job in (done, under_way, waiting)] == [("done", 1), ("done", 2), ("done", 1)]
    assert sorted(noted(done.payload)) == sorted([
        "begin first", "end first", "begin second", "begin second", "end second", "begin third", "end third",
    ])  # fmt: skip
    written = {job: home / "jobs" / str(job.pk) / "words" / "word.txt" for job in (done, under_way, waiting)}
    assert [path.read_text("utf-8") for path in written.values()] == ["first", "second", "third"]

    # what the killed worker did not acknowledge comes again one day, and is passed over
    OrmQ.objects.update(lock=timezone.now() - timedelta(hours=1))
    wait_for(lambda: not OrmQ.objects.exists())
    assert stop(after) == (0, "", "")
    assert len(noted(done.payload)) == 7
    names = ("name", "schedule_type", "minutes")
    kept = {one.func: {name: getattr(one, name) for name in names} for one in Schedule.objects.all()}
    assert kept == {func: {"minutes": None, **often} for func, often in SCHEDULED.items()}
    assert [func for func in SCHEDULED if not callable(import_string(func))] == []


def test_two_workers_do_each_job_once_though_it_is_handed_over_twice(
    ask: Callable[..., Job], start: Callable[..., Worker]
) -> None:
    jobs = [ask(f"word {number}") for number in range(20)]
    for job in jobs:
        async_task(RUN, str(job.pk))
    workers = [start(), start()]
    wait_for_end(*jobs)
    assert [stop(worker) for worker in workers] == [(0, "", "")] * 2
    assert sorted(noted(jobs[0].payload)) == sorted(
        f"{verb} word {number}" for number in range(20) for verb in ("begin", "end")
    )
    assert {told(job) for job in jobs} == {("done", 1)}


@pytest.mark.parametrize("told_by", ["input", pytest.param("signal", marks=no_signals)])
def test_a_worker_that_is_told_to_stop_gives_its_job_back(
    ask: Callable[..., Job], start: Callable[..., Worker], home: Path, tmp_path: Path, told_by: str
) -> None:
    job = ask("word", gate=str(tmp_path / "gate"))
    worker = start()
    wait_for(lambda: noted(job.payload) == ["begin word"])
    if told_by == "signal":
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=LONG) == 0
    assert stop(worker) == (0, "", "")
    assert (told(job), list((home / "jobs").iterdir())) == (("waiting", 0), [])


@no_signals
def test_a_worker_in_a_terminal_says_how_to_stop_it(start: Callable[..., Worker]) -> None:
    worker = start(*PARITY, "work")
    assert worker.stdout.readline() == "Working on jobs – press Ctrl+C to stop.\n"
    worker.send_signal(signal.SIGINT)
    assert stop(worker) == (0, "", "")


@no_signals
def test_the_server_brings_a_worker_and_takes_it_along(start: Callable[..., Worker]) -> None:
    server = start(*PARITY, "serve", "--port", "0")
    assert server.stdout.readline().startswith("Parity is at http://127.0.0.1:")
    wait_for(Schedule.objects.exists)
    server.send_signal(signal.SIGINT)
    # the worker holds the same standard error: what is read to its end was left by both
    assert stop(server) == (130, "", "")


@no_signals
def test_the_server_can_do_without(start: Callable[..., Worker]) -> None:
    server = start(*PARITY, "serve", "--port", "0", "--no-work")
    assert server.stdout.readline().startswith("Parity is at http://127.0.0.1:")
    server.send_signal(signal.SIGINT)
    assert stop(server) == (130, "", "")
    assert not Schedule.objects.exists()


@no_signals
def test_a_worker_ends_with_who_started_it_however_that_ends(start: Callable[..., Worker]) -> None:
    starter = start("-c", BESIDE)
    assert starter.stdout.readline() == "Begun.\n"
    wait_for(Schedule.objects.exists)
    starter.send_signal(signal.SIGKILL)
    assert stop(starter) == (-signal.SIGKILL, "", "")


@pytest.mark.parametrize(("patience", "status"), [(LONG, 0), pytest.param(0, -9, marks=no_signals)])
def test_a_worker_that_does_not_stop_is_ended(
    surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch, patience: int, status: int
) -> None:
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(serving, "PATIENCE_SECONDS", patience)
    with worker_beside() as worker:
        wait_for(Schedule.objects.exists)
    assert worker.returncode == status
