"""Job functions for the tests of jobs. Each start and end is a line in the ledger that the payload names."""

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.utils import timezone
from django_q.exceptions import TimeoutException

from parity.register.jobs.actions import STOPPING, Progress, cancel_job, rescue_jobs, run_job
from parity.register.jobs.models import Job
from parity.register.jobs.rules import STALE_SECONDS, Offer
from parity.terms.errors import NotFound

HERE = "tests.register.sample_jobs"
SAMPLES = {name: Offer("A sample", f"{HERE}.{name}") for name in ("write_word", "fail", "do_meanwhile")}
RAISED = {
    "refused": NotFound("There is no such table."),
    "broken": ZeroDivisionError("division by zero"),
    "late": TimeoutException("too late"),
    "interrupted": KeyboardInterrupt(),
    "without a database": OperationalError("the connection was lost"),
}


def note(payload: Mapping[str, Any], line: str) -> None:
    with Path(payload["ledger"]).open("a", encoding="utf-8") as ledger:
        ledger.write(f"{line}\n")


def noted(payload: Mapping[str, Any]) -> list[str]:
    ledger = Path(payload["ledger"])
    return ledger.read_text("utf-8").splitlines() if ledger.exists() else []


def write_word(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Writes a word into a file, half of it before the gate, where the payload names one, and the whole after it."""
    word, path = payload["word"], progress.into / "words" / "word.txt"
    note(payload, f"begin {word}")
    path.parent.mkdir()
    path.write_text(word[: len(word) // 2], encoding="utf-8")
    progress(1, 2, "Half of it is written")
    while "gate" in payload and not Path(payload["gate"]).exists():
        time.sleep(0.05)
        progress(1, 2, "Waiting at the gate")
    path.write_text(word, encoding="utf-8")
    note(payload, f"end {word}")
    return {"letters": len(word)}


def fail(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Leaves half a file and raises what the payload names."""
    (progress.into / "half.txt").write_text("half", encoding="utf-8")
    raise RAISED[payload["how"]]


def do_meanwhile(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Writes which start it is; while the first is under way, what the payload names happens elsewhere."""
    job, start = progress.job, progress.job.attempts
    note(payload, f"begin {start}")
    (progress.into / "start.txt").write_text(str(start), encoding="utf-8")
    if start == 1 and payload["meanwhile"] == "handed to another":
        run_job(str(job.pk))
    if start == 1 and payload["meanwhile"] == "cancelled":
        cancel_job(job, by=job.by, on=job.on)
    if start == 1 and payload["meanwhile"] == "taken over":
        Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(seconds=STALE_SECONDS + 1))
        rescue_jobs(at=timezone.now())
        run_job(str(job.pk))
    if start == 1 and payload["meanwhile"] == "told to stop":
        STOPPING.set()
    if start == 1 and payload["meanwhile"] == "another is at it":
        Job.objects.filter(pk=job.pk).update(attempts=2)
    if payload["tells"]:
        progress(1, 2, "Going on")
    note(payload, f"end {start}")
    return {"start": start}
