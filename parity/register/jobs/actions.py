"""Asking for a job, cancelling it, doing it, and what keeps jobs from being lost, done twice or kept for ever.

django-q2 carries the id of a job to a worker, and nothing else: what is to be done stands in the database, and each
step of a job's life is one UPDATE that asks for the state it leaves. So a worker may end at any moment, and two workers
that are handed the same job cannot both have it.
"""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.exceptions import TimeoutException
from django_q.tasks import async_task

from parity import __version__
from parity.register.audit.actions import Happening, append_events
from parity.register.jobs.models import Job
from parity.register.jobs.rules import (
    BEAT_SECONDS,
    CANCELLED,
    COUNTED,
    DONE,
    ENDED,
    FAILED,
    KEPT_DAYS,
    LONGEST_SECONDS,
    LOST_ITS_WORKER,
    MOST_ATTEMPTS,
    MOVES,
    OFFERS,
    OUR_FAULT,
    RUNNING,
    STALE_SECONDS,
    TOOK_TOO_LONG,
    WAITING,
    key_of,
)
from parity.register.people.models import Person
from parity.register.policy import Viewer, enters, programmes_of, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.rules import digest
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.errors import NotAllowed, NotFound, ParityError, WrongState

RUN = "parity.register.jobs.actions.run_job"
REMOVE = "parity.register.jobs.actions.remove_old_jobs"
LOG = logging.getLogger("parity.jobs")
STOPPING = Event()
"""Set where this process was told to stop. Nothing is broken off: a job ends with its next step, and is given back."""


class GivenBack(Exception):
    """The worker stops: the job is done later, from the start."""


class Cancelled(Exception):
    """The job was cancelled or is another worker's now: whoever works on it stops."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job function is given beside its input: the job, where its files go, and whom to tell how far it is.

    `into` is an empty folder of this start's own; what is in it at the end is the job's, all of it or nothing.
    """

    job: Job
    into: Path

    def __call__(self, step: int, of: int, words: str) -> None:
        """Nothing; so many steps are done, and this is done now.

        Raises Cancelled where nobody wants the rest, GivenBack where the worker was told to stop.
        """
        if STOPPING.is_set():
            raise GivenBack
        told = {"done_steps": step, "all_steps": of, "words": words, "beat_at": timezone.now()}
        if not _mine(self.job).filter(cancel_asked=False).update(**told):
            raise Cancelled


Work = Callable[[Mapping[str, Any], Progress], Mapping[str, Any]]
"""A job function: gives what is to be kept as the job's result beside its files. It may be run anew from the start."""


@transaction.atomic
def enqueue(
    what: str, payload: Mapping[str, Any], *, by: Person, on: date, programme: Programme | None = None, about: str = ""
) -> Job:
    """The job, waiting for a worker; or the same person's job with the same input, where it waits, runs or is done.

    One of no programme is of England's tables, and `about` tells which part of them. The input is the payload, the
    tables and records it stands for, what the person may see, and Parity's version. One
    that is done but has lost its files, as after a restore, makes room for a new one. The job is handed over in the
    transaction that keeps it: there is never one without the other. Raises NotFound for a job that nobody offers, or a
    programme that the person may not enter.
    """
    offer = OFFERS.get(what)
    if offer is None:
        raise NotFound(f"There is no job called “{what}”.")
    key, standing = _key(what, payload, by=by, on=on, programme=programme)
    found = Job.objects.filter(key=key, state__in=COUNTED)
    same = found.first()
    if same is not None:
        if _is_whole(same):
            return same
        same.delete()
    title = ": ".join(filter(None, (offer.title, programme.title if programme else about)))
    asked = {"what": what, "payload": dict(payload), "programme": programme, "standing": standing, "by": by, "on": on}
    try:
        with transaction.atomic():
            job = Job.objects.create(key=key, title=title, beat_at=timezone.now(), **asked)
    except IntegrityError:
        # two asked at once, and the other was first
        return found.get()
    async_task(RUN, str(job.pk))
    _tell("asked for", job, by=by, on=on)
    return job


def job_for(what: str, payload: Mapping[str, Any], *, by: Person, on: date, programme: Programme) -> Job | None:
    """The job that `enqueue` would give as it stands; None where it would ask for a new one. Nothing is asked for.

    Raises NotFound for a programme that the person may not enter.
    """
    key, _ = _key(what, payload, by=by, on=on, programme=programme)
    found = Job.objects.filter(key=key, state__in=COUNTED).first()
    return found if found is not None and _is_whole(found) else None


@transaction.atomic
def cancel_job(job: Job, *, by: Person, on: date) -> Job:
    """The job, cancelled; or about to be, where a worker is at it. Raises NotFound; WrongState where it has ended."""
    if job.by_id != by.pk:
        raise NotFound("There is no such job.")
    this = Job.objects.filter(pk=job.pk)
    waited = _move(this.filter(state=WAITING), CANCELLED, ended_at=timezone.now())
    if not waited and not this.filter(state=RUNNING).update(cancel_asked=True):
        raise WrongState("This job has ended already: there is nothing to cancel.")
    _tell("cancelled", job, by=by, on=on)
    job.refresh_from_db()
    return job


def jobs_of(person: Person, *, on: date) -> QuerySet[Job]:
    """The jobs a person may see: those they asked for, in programmes that they may still enter."""
    entered = Q(programme=None) | Q(programme__in=programmes_of(person, on=on))
    return Job.objects.filter(entered, by=person).select_related("programme")


def file_of(job: Job, name: str, *, by: Person, on: date) -> Path:
    """Where a file of the job is. Raises NotFound; NotAllowed where what the person may see has changed."""
    if job.by_id != by.pk or name not in job.result.get("files", ()):
        raise NotFound("There is no such file.")
    if job.programme and _standing(_entering(by, job.programme, on)) != job.standing:
        raise NotAllowed("What you may see in this programme has changed since this was made. Ask for it again.")
    path = _folder(job) / name
    if not path.is_file():
        raise NotFound("This file is no longer kept.")
    return path


def run_job(identity: str) -> None:
    """Nothing; the job was done, unless it has ended, was removed or is another worker's. A worker calls this."""
    job = _claimed(UUID(identity))
    if job is None:
        return
    progress = Progress(job, _attempt_folder(job))
    try:
        with _beating(job):
            shutil.rmtree(progress.into, ignore_errors=True)
            progress.into.mkdir(parents=True)
            work: Work = import_string(OFFERS[job.what].function)
            _finish(job, progress.into, work(job.payload, progress))
    except Cancelled:
        _end(job, CANCELLED)
    except GivenBack:
        # the start does not count, for it was not the job that ended it
        _again(_mine(job), attempts=F("attempts") - 1)
    except ParityError as error:
        _end(job, FAILED, failure=str(error))
    except OperationalError:
        # the database went away, and with it the way to say so: whoever finds the job silent does it again
        raise
    except TimeoutException:
        _end(job, FAILED, failure=TOOK_TOO_LONG)
    except Exception:
        LOG.exception("Job %s, %s, failed", job.pk, job.what)
        _end(job, FAILED, failure=OUR_FAULT)
    finally:
        shutil.rmtree(progress.into, ignore_errors=True)


def rescue_jobs(*, at: datetime) -> int:
    """How many jobs were taken from workers that are silent, or handed over anew, for they wait and the queue is empty.

    A job that was taken from a worker is done again; one that lost too many has failed.
    """
    rescued = _handed_anew(at) if get_broker().queue_size() == 0 else 0
    for job in Job.objects.filter(_silent(at)):
        mine = _mine(job).filter(_silent(at))
        if job.cancel_asked:
            rescued += _move(mine, CANCELLED, ended_at=at)
        elif job.attempts >= MOST_ATTEMPTS:
            rescued += _end(job, FAILED, failure=LOST_ITS_WORKER, mine=mine)
        else:
            rescued += _again(mine)
    return rescued


def remove_old_jobs() -> int:
    """How many jobs were removed: those that ended long ago, with their files and whatever files have no job."""
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    _, removed = Job.objects.filter(state__in=ENDED, ended_at__lt=limit).delete()
    # first the folders, then the jobs: one that begins meanwhile must not lose its folder
    folders = _all_folders()
    kept = {str(pk) for pk in Job.objects.values_list("pk", flat=True)}
    for folder in folders:
        if folder.name.partition(".")[0] not in kept:
            shutil.rmtree(folder, ignore_errors=True)
    return removed.get(Job._meta.label, 0)


def _key(
    what: str, payload: Mapping[str, Any], *, by: Person, on: date, programme: Programme | None
) -> tuple[str, str]:
    """What a job is known by, and the standing of who asks for it."""
    standing = _standing(_entering(by, programme, on)) if programme else ""
    return key_of(what, payload, _reads(by, programme, standing)), standing


def _entering(person: Person, programme: Programme, on: date) -> Viewer:
    """The person as a viewer of the programme. Raises NotFound where they may not enter it."""
    viewer = viewer_of(person, programme, on=on)
    if not enters(viewer):
        raise NotFound(f"There is no programme called {programme.slug}.")
    return viewer


def _standing(viewer: Viewer) -> str:
    held = {(str(one.organisation), one.lot, *sorted(may.name for may in one.may)) for one in viewer.standings}
    return digest({"standings": sorted(held)})


def _reads(by: Person, programme: Programme | None, standing: str) -> dict[str, Any]:
    """What a payload stands for now: who asks, what they may see, the state of the records and tables."""
    desk = Desk(Store(settings.PARITY_HOME), programme.slug if programme else ENGLAND_SCOPE)
    tables = sorted(one.name for one in desk.releases.values())
    state: dict[str, Any] = {"by": str(by.pk), "parity": __version__, "tables": tables}
    if programme is None:
        return state
    version = Programme.objects.values_list("records_version", flat=True).get(pk=programme.pk)
    return {**state, "programme": str(programme.pk), "records": str(version), "standing": standing}


def _tell(verb: str, job: Job, *, by: Person, on: date) -> None:
    """Nothing; what was done stands in the programme's chain. A job of no programme has none."""
    if job.programme is not None:
        organisation = viewer_of(by, job.programme, on=on).acts_for
        told = Happening(verb, "jobs", record=str(job.pk), code=job.what, organisation=organisation)
        append_events(job.programme.slug, [told], by=by, on=on)


def _mine(job: Job) -> QuerySet[Job]:
    """The job, as long as it runs and nobody else has started it since."""
    return Job.objects.filter(pk=job.pk, state=RUNNING, attempts=job.attempts)


def _silent(at: datetime, state: str = RUNNING) -> Q:
    return Q(state=state, beat_at__lt=at - timedelta(seconds=STALE_SECONDS))


@transaction.atomic
def _handed_anew(at: datetime) -> int:
    """How many jobs wait, though their place in the queue was lost: they have another now."""
    lost = [job for job in Job.objects.filter(_silent(at, WAITING)) if _heard(job, at)]
    for job in lost:
        async_task(RUN, str(job.pk))
    return len(lost)


def _heard(job: Job, at: datetime) -> bool:
    """True where nobody heard of the job since we read it; its sign of life is now."""
    return bool(Job.objects.filter(pk=job.pk, state=job.state, beat_at=job.beat_at).update(beat_at=at))


def _move(jobs: QuerySet[Job], to: str, **changes: Any) -> int:
    """1 where the one job among these was in a state that this one may follow, and is in it now; else 0."""
    before = [state for state, following in MOVES.items() if to in following]
    return jobs.filter(state__in=before).update(state=to, **changes)


def _claimed(identity: UUID) -> Job | None:
    """The job, running and ours; None where it does not wait."""
    start = {"attempts": F("attempts") + 1, "beat_at": timezone.now(), "done_steps": 0, "all_steps": 0, "words": ""}
    with transaction.atomic():
        if not _move(Job.objects.filter(pk=identity), RUNNING, **start):
            return None
        return Job.objects.select_related("programme", "by").get(pk=identity)


@transaction.atomic
def _again(jobs: QuerySet[Job], **changes: Any) -> int:
    """1 where the one job among these waits again and is handed over; 0 where it was not ours any more."""
    identity = jobs.values_list("pk", flat=True).first()
    moved = _move(jobs, WAITING, beat_at=timezone.now(), **changes)
    if moved:
        async_task(RUN, str(identity))
    return moved


@transaction.atomic
def _end(job: Job, state: str, *, failure: str = "", mine: QuerySet[Job] | None = None) -> int:
    """1 where the job has ended in this state; 0 where it is no longer ours. That it failed stands in the chain."""
    moved = _move(_mine(job) if mine is None else mine, state, failure=failure, ended_at=timezone.now())
    if moved and state == FAILED:
        _tell("failed", job, by=job.by, on=timezone.localdate())
    return moved


def _finish(job: Job, into: Path, result: Mapping[str, Any]) -> None:
    """Nothing; the job is done and its files are in place. Raises Cancelled where it is not wanted, or not ours."""
    files = sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file())
    done = {"result": {**result, "files": files}, "done_steps": F("all_steps"), "words": "", "ended_at": timezone.now()}
    with transaction.atomic():
        if not _move(_mine(job).filter(cancel_asked=False), DONE, **done):
            raise Cancelled
        _tell("done", job, by=job.by, on=timezone.localdate())
        if files:
            # a worker that ended right here left a folder, but not a job that is done
            shutil.rmtree(_folder(job), ignore_errors=True)
            into.replace(_folder(job))


@contextmanager
def _beating(job: Job) -> Iterator[None]:
    """Says again and again that somebody is at the job, for no longer than one job may take."""
    over = Event()
    beating = Thread(target=_beat, args=(job, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(job: Job, over: Event) -> None:
    for _ in range(LONGEST_SECONDS // BEAT_SECONDS):
        if over.wait(BEAT_SECONDS):
            break
        try:
            _mine(job).update(beat_at=timezone.now())
        except DatabaseError:
            LOG.warning("Job %s: the database did not take a sign of life", job.pk)
    connections.close_all()


def _is_whole(job: Job) -> bool:
    return all((_folder(job) / name).is_file() for name in job.result.get("files", ()))


def _folder(job: Job) -> Path:
    """Where the files of a job that is done are."""
    return Path(settings.PARITY_HOME) / "jobs" / str(job.pk)


def _attempt_folder(job: Job) -> Path:
    return _folder(job).with_suffix(f".{job.attempts}")


def _all_folders() -> list[Path]:
    folder = Path(settings.PARITY_HOME) / "jobs"
    return [path for path in folder.iterdir() if path.is_dir()] if folder.exists() else []
