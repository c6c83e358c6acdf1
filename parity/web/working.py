"""The worker: does the jobs that people ask for, one after the other, in a process of its own.

It runs django-q2's own parts – the queue in the database, acknowledgement, repetition, time limit, schedules – in one
process, without the five that its cluster forks: nothing is left behind when it ends, however it ends, and it is the
same on every system. Whoever wants more at a time starts more workers.
"""

import os
import queue
import signal
import sys
import time
from argparse import Namespace
from multiprocessing import Value
from threading import Event, Thread
from types import FrameType

from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.models import Schedule
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.scheduler import scheduler
from django_q.worker import worker

from parity.register.jobs.actions import LOG, REMOVE, STOPPING, rescue_jobs
from parity.register.notices.actions import TELL
from parity.web.verbs import migrate

LOOK_ROUND_SECONDS = 30
ANSWERS = "parity.register.tokens.actions.forget_answers"
TALLIES = "parity.register.limits.actions.forget_tallies"
SCHEDULED = {
    REMOVE: {"name": "remove old jobs", "schedule_type": Schedule.DAILY},
    TELL: {"name": "tell what happened", "schedule_type": Schedule.MINUTES, "minutes": 1},
    ANSWERS: {
        "name": "forget answers to requests",
        "schedule_type": Schedule.HOURLY,
    },
    TALLIES: {
        "name": "forget who came how often",
        "schedule_type": Schedule.HOURLY,
    },
}
"""What is done without anybody asking: the function, what it is called, and how often."""
NO_MORE = "STOP"
"""What django-q2's parts read as the end of a queue."""


def work(given: Namespace) -> int:
    """0 when told to stop; until then jobs are done. One that is under way is given back and done again later."""
    migrate()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, _stop)
    if given.until_input_ends:
        Thread(target=_stop_with_input, daemon=True).start()
    else:
        print("Working on jobs – press Ctrl+C to stop.", flush=True)  # noqa: T201 -- a verb tells the terminal
    work_on()
    return 0


def work_on() -> None:
    """Nothing, once told to stop; takes job after job, and looks round now and then for those that others left."""
    broker, due = get_broker(), 0.0
    while not STOPPING.is_set():
        if time.monotonic() >= due:
            look_round(broker)
            due = time.monotonic() + LOOK_ROUND_SECONDS
        take_one(broker)


def look_round(broker: Broker) -> None:
    """Nothing; jobs that lost their worker wait again, and what is scheduled for now is in the queue."""
    close_old_connections()
    try:
        for function, often in SCHEDULED.items():
            Schedule.objects.get_or_create(func=function, defaults=often)
        rescue_jobs(at=timezone.now())
    except OperationalError:
        LOG.exception("The database did not answer; the worker goes on")
    scheduler(broker)


def take_one(broker: Broker) -> bool:
    """True where there was something in the queue, and it was done; waits a moment where there was nothing."""
    tasks: queue.Queue[object] = queue.Queue()
    results: queue.Queue[object] = queue.Queue()
    once = Event()
    once.set()
    pusher(tasks, once, broker)
    if tasks.empty():
        return False
    tasks.put(NO_MORE)
    worker(tasks, results, Value("f", -1), settings.Q_CLUSTER["timeout"])
    results.put(NO_MORE)
    monitor(results, broker)
    return True


def _stop(number: int, frame: FrameType | None) -> None:
    """Nothing; the work stops with the next step. Told so again, it is broken off."""
    signal.signal(number, signal.default_int_handler)
    STOPPING.set()


def _stop_with_input() -> None:
    """Nothing; when whoever started this process is gone, and with it the other end of our input, the work stops."""
    # not through sys.stdin, whose lock Python would wait for when it ends
    while os.read(sys.stdin.fileno(), 1):
        pass
    STOPPING.set()
