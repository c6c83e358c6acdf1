"""Which jobs there are, their states, which may follow which, how long things may take, and by what a job is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parity.register.records.rules import digest

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = {WAITING: "Waiting", RUNNING: "Running", DONE: "Done", FAILED: "Failed", CANCELLED: "Cancelled"}
"""Every state of a job, and what people call it."""

MOVES = {
    WAITING: (RUNNING, CANCELLED),
    RUNNING: (WAITING, DONE, FAILED, CANCELLED),
    DONE: (),
    FAILED: (),
    CANCELLED: (),
}
"""By state: the states that may follow it. A job that has failed or was cancelled is asked for anew, as another job."""

ENDED = tuple(state for state, following in MOVES.items() if not following)
COUNTED = (WAITING, RUNNING, DONE)
"""Whoever asks for the same again while a job is in one of these states gets that job."""

BEAT_SECONDS = 5
"""How often a worker says that it is still at a job."""
STALE_SECONDS = 60
"""How long a worker may be silent before another takes its job over."""
MOST_ATTEMPTS = 3
"""How often a job may lose its worker before it counts as the cause."""
LONGEST_SECONDS = 3600
"""How long one job may take."""
KEPT_DAYS = 30
"""How long a job that has ended is kept, with its files."""

TOOK_TOO_LONG = "It took longer than an hour and was stopped. Ask for less at once, or tell whoever runs the workspace."
LOST_ITS_WORKER = (
    "It was started three times, and each time the worker ended before it was done. Tell whoever runs the workspace."
)
OUR_FAULT = (
    "Something went wrong, and it is our fault, not yours. Whoever runs the workspace finds what happened in the "
    "worker's log."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What people call a job, the dotted name of the function that does it, and the page that such a payload is of."""

    title: str
    function: str
    page: Callable[[Mapping[str, Any]], str] | None = None


OFFERS: dict[str, Offer] = {}
"""Every job that people may ask for, by its name. A name that is not here is no job, whoever asks."""


def offer_job(what: str, function: str, *, title: str, page: Callable[[Mapping[str, Any]], str] | None = None) -> None:
    """Nothing; from now on people may ask for this. Apps call it once Django is ready, before models can be read.

    The function is called as `function(payload, progress)` and gives a mapping: see `parity.register.jobs.actions`.
    `page` gives the address of the page that a payload is of, where that is not the programme's own.
    """
    OFFERS[what] = Offer(title, function, page)


def key_of(what: str, payload: Mapping[str, Any], reads: Mapping[str, Any]) -> str:
    """What a job is known by: the SHA-256 of its name, its input, and what that input stands for when it is asked."""
    return digest({"what": what, "payload": payload, "reads": reads})
