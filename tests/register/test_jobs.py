"""Jobs: asked for once, done once, never lost, seen by whoever asked and nobody else."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task

from parity.register.audit.models import Event
from parity.register.jobs.actions import (
    STOPPING,
    cancel_job,
    enqueue,
    file_of,
    jobs_of,
    remove_old_jobs,
    rescue_jobs,
    run_job,
)
from parity.register.jobs.models import Job
from parity.register.jobs.rules import (
    COUNTED,
    ENDED,
    KEPT_DAYS,
    LOST_ITS_WORKER,
    MOST_ATTEMPTS,
    MOVES,
    OFFERS,
    OUR_FAULT,
    STALE_SECONDS,
    STATES,
    TOOK_TOO_LONG,
    key_of,
)
from parity.register.models import Membership, Organisation, Person, Programme
from parity.review.pack.actions import write_pack
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed, NotFound, WrongState
from parity.web.working import take_one
from tests.given import EXAMPLES
from tests.register.sample_jobs import SAMPLES, noted

TODAY = date(2026, 3, 2)
NOW = timezone.now()
EMPTY = pl.DataFrame()
QUERIES_OF_THE_LIST = 3
ASKED = "Asked for on 2 March 2026, 09:05."
Ask = Callable[..., Job]


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, offer in SAMPLES.items():
        monkeypatch.setitem(OFFERS, name, offer)
    yield
    STOPPING.clear()


@pytest.fixture
def ana(db: None) -> Person:
    return Person.objects.create_user("ana")


@pytest.fixture
def ben(db: None) -> Person:
    return Person.objects.create_user("ben")


@pytest.fixture
def council(db: None) -> Organisation:
    return Organisation.objects.create(code="E06000032", name="A council", kind="council")


@pytest.fixture
def programme(ana: Person, council: Organisation) -> Programme:
    """A programme in which Ana plans for the council."""
    made = Programme.objects.create(
        slug="here", title="Here", publisher="A council", period="2025/26", summary="A sample.", home_area="E06000032",
        described={}, lead=council, loaded_by=ana, loaded_on=TODAY,
    )  # fmt: skip
    seat(ana, made, council)
    return made


def seat(
    person: Person, programme: Programme, organisation: Organisation, role: str = "planning_officer"
) -> Membership:
    seated = {"person": person, "programme": programme, "organisation": organisation, "role": role}
    return Membership.objects.create(**seated, starts_on=date(2026, 1, 1))


@pytest.fixture
def ask(ana: Person, tmp_path: Path) -> Ask:
    """Asks for a sample job in Ana's name; its ledger is one of its own."""

    def asked(what: str = "write_word", *, by: Person = ana, programme: Programme | None = None, **more: Any) -> Job:
        payload = {
            "ledger": str(tmp_path / "ledger.txt"),
            **({"word": "parity"} if what == "write_word" else {}),
            **more,
        }
        return enqueue(what, payload, by=by, on=TODAY, programme=programme)

    return asked


def run(job: Job) -> Job:
    """The job after a worker was handed it."""
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def told(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.attempts, job.failure


def in_queue(job: Job) -> int:
    """How often the job's id is in the queue."""
    return sum(entry.task["args"] == (str(job.pk),) for entry in OrmQ.objects.all())


def left_in(home: Path) -> list[str]:
    """What is in the folder of jobs, by the beginning of each name."""
    folder = home / "jobs"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# Asking


def test_the_same_is_not_asked_for_twice(ask: Ask) -> None:
    job = ask()
    assert ask() == job
    assert (told(job), in_queue(job)) == (("waiting", 0, ""), 1)
    run(job)
    assert (ask(), in_queue(job), Job.objects.count()) == (job, 1, 1)


@pytest.mark.parametrize("how", ["refused", "broken"])
def test_what_failed_may_be_asked_for_anew(ask: Ask, how: str) -> None:
    first = run(ask("fail", how=how))
    second = ask("fail", how=how)
    assert (first.state, second.state, first == second, first.key) == ("failed", "waiting", False, second.key)


def test_what_was_cancelled_may_be_asked_for_anew(ask: Ask, ana: Person) -> None:
    first = cancel_job(ask(), by=ana, on=TODAY)
    assert (first.state, ask() == first) == ("cancelled", False)


def test_what_lost_its_files_may_be_asked_for_anew(ask: Ask, ana: Person) -> None:
    first = run(ask())
    file_of(first, "words/word.txt", by=ana, on=TODAY).unlink()
    second = ask()
    assert (set(Job.objects.all()), second.state, second == first) == ({second}, "waiting", False)


def test_any_other_input_is_another_job(
    ask: Ask, ben: Person, programme: Programme, council: Organisation, save: Callable[..., Desk], ana: Person
) -> None:
    seat(ben, programme, council)
    asked = [ask(), ask(word="parities"), ask(by=ben), ask(programme=programme), ask(programme=programme, by=ben)]
    Programme.objects.update(records_version=uuid4())
    asked.append(ask(programme=programme))
    save("here", areas=EMPTY)
    asked.append(ask(programme=programme))
    seat(ana, programme, council, "director")
    asked.append(ask(programme=programme))
    assert len({job.key for job in asked}) == len({job.pk for job in asked}) == len(asked) == 8
    assert ask(programme=programme) == asked[-1]


def test_a_key_depends_on_names_and_not_on_their_order() -> None:
    assert key_of("a", {"x": 1, "y": 2}, {"z": 3}) == key_of("a", {"y": 2, "x": 1}, {"z": 3})
    assert key_of("a", {"x": 1}, {}) != key_of("a", {}, {"x": 1})


def test_two_who_ask_at_once_get_one_job(ask: Ask) -> None:
    job = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(key=job.key, what=job.what, title="", payload={}, by=job.by, on=TODAY, beat_at=NOW)


def test_a_job_and_its_place_in_the_queue_are_kept_together_or_not_at_all(ask: Ask) -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_what_nobody_offers_is_no_job(ask: Ask) -> None:
    with pytest.raises(NotFound, match=r"There is no job called “os\.system”\."):
        ask("os.system")


def test_a_programme_is_asked_about_by_who_may_enter_it(ask: Ask, ben: Person, programme: Programme) -> None:
    with pytest.raises(NotFound, match=r"There is no programme called here\."):
        ask(by=ben, programme=programme)


def test_asking_and_cancelling_stand_in_the_chain(ask: Ask, ana: Person, programme: Programme) -> None:
    job = ask(programme=programme)
    cancel_job(job, by=ana, on=TODAY)
    cancel_job(ask(), by=ana, on=TODAY)
    organisation = str(ana.memberships.get().organisation_id)
    assert list(Event.objects.values_list("chain", "verb", "kind", "record", "code", "by", "organisation")) == [
        ("here", verb, "jobs", str(job.pk), "write_word", str(ana.pk), organisation)
        for verb in ("asked for", "cancelled")
    ]


# Doing


def test_a_job_is_done_with_its_result_and_files(ask: Ask, ana: Person, home: Path) -> None:
    job = run(ask())
    assert told(job) == ("done", 1, "")
    assert job.result == {"letters": 6, "files": ["words/word.txt"]}
    assert (job.done_steps, job.all_steps, job.words) == (2, 2, "")
    assert file_of(job, "words/word.txt", by=ana, on=TODAY).read_text("utf-8") == "parity"
    assert left_in(home) == [str(job.pk)]


def test_a_job_that_is_done_is_not_done_again(ask: Ask) -> None:
    job = run(ask())
    run(job)
    assert (told(job), noted(job.payload)) == (("done", 1, ""), ["begin parity", "end parity"])


@pytest.mark.django_db
def test_a_job_that_was_removed_is_passed_over(home: Path) -> None:
    run_job(str(uuid4()))
    assert left_in(home) == []


def test_a_job_under_way_is_left_alone_by_others(ask: Ask) -> None:
    job = run(ask("do_meanwhile", meanwhile="handed to another", tells=True))
    assert (told(job), noted(job.payload)) == (("done", 1, ""), ["begin 1", "end 1"])


@pytest.mark.parametrize("tells", [True, False])
def test_a_start_that_was_taken_over_writes_nothing(ask: Ask, ana: Person, home: Path, tells: bool) -> None:
    job = run(ask("do_meanwhile", meanwhile="taken over", tells=tells))
    assert (told(job), job.result) == (("done", 2, ""), {"start": 2, "files": ["start.txt"]})
    assert file_of(job, "start.txt", by=ana, on=TODAY).read_text("utf-8") == "2"
    assert left_in(home) == [str(job.pk)]


@pytest.mark.parametrize("tells", [True, False])
def test_a_start_that_was_taken_over_leaves_the_other_alone(ask: Ask, home: Path, tells: bool) -> None:
    job = run(ask("do_meanwhile", meanwhile="another is at it", tells=tells))
    assert (told(job), job.result, job.words, left_in(home)) == (("running", 2, ""), {}, "", [])


@pytest.mark.parametrize("tells", [True, False])
def test_a_job_cancelled_under_way_stops_and_leaves_nothing(ask: Ask, home: Path, tells: bool) -> None:
    job = run(ask("do_meanwhile", meanwhile="cancelled", tells=tells))
    assert (told(job), job.result, left_in(home)) == (("cancelled", 1, ""), {}, [])
    assert noted(job.payload) == ["begin 1"] if tells else ["begin 1", "end 1"]


@pytest.mark.parametrize(
    ("how", "sentence"), [("refused", "There is no such table."), ("broken", OUR_FAULT), ("late", TOOK_TOO_LONG)]
)
def test_a_job_that_fails_says_why_in_plain_words(
    ask: Ask, home: Path, how: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = run(ask("fail", how=how))
    assert (told(job), left_in(home)) == (("failed", 1, sentence), [])
    logged = [(record.name, record.levelno) for record in caplog.records]
    assert logged == ([("parity.jobs", logging.ERROR)] if how == "broken" else [])
    assert "division by zero" not in job.failure


def test_a_worker_that_is_told_to_stop_gives_its_job_back(ask: Ask, home: Path) -> None:
    job = run(ask("do_meanwhile", meanwhile="told to stop", tells=True))
    assert (told(job), in_queue(job), left_in(home)) == (("waiting", 0, ""), 2, [])


def test_a_worker_that_is_told_to_stop_finishes_the_last_step(ask: Ask) -> None:
    assert told(run(ask("do_meanwhile", meanwhile="told to stop", tells=False))) == ("done", 1, "")


@pytest.mark.parametrize(
    ("how", "error"), [("without a database", OperationalError), ("interrupted", KeyboardInterrupt)]
)
def test_a_worker_that_is_broken_off_leaves_its_job_to_others(ask: Ask, how: str, error: type[BaseException]) -> None:
    job = ask("fail", how=how)
    with pytest.raises(error):
        run_job(str(job.pk))
    assert told(job) == ("running", 1, "")
    assert rescue_jobs(at=timezone.now() + timedelta(seconds=STALE_SECONDS + 1)) == 1
    assert told(job) == ("waiting", 1, "")


# Workers that vanish


def vanish(job: Job, *, attempts: int = 1, ago: int = STALE_SECONDS + 1, **more: Any) -> Job:
    """The job as a worker leaves it that was killed."""
    beat = NOW - timedelta(seconds=ago)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=attempts, beat_at=beat, **more)
    job.refresh_from_db()
    return job


def test_a_silent_job_waits_again_and_is_done_once_more(ask: Ask, home: Path) -> None:
    job = vanish(ask())
    (home / "jobs" / f"{job.pk}.2").mkdir(parents=True)
    (home / "jobs" / f"{job.pk}.2" / "left.txt").write_text("left by a killed worker", encoding="utf-8")
    (home / "jobs" / str(job.pk)).mkdir()
    (home / "jobs" / str(job.pk) / "left.txt").write_text("left by a killed worker", encoding="utf-8")
    assert (rescue_jobs(at=NOW), told(job), in_queue(job)) == (1, ("waiting", 1, ""), 2)
    assert rescue_jobs(at=NOW) == 0
    assert (told(run(job)), job.result["files"], left_in(home)) == (("done", 2, ""), ["words/word.txt"], [str(job.pk)])
    assert [path.name for path in (home / "jobs" / str(job.pk)).iterdir()] == ["words"]


def test_a_job_that_gives_signs_of_life_is_left_alone(ask: Ask) -> None:
    job = vanish(ask(), ago=STALE_SECONDS - 1)
    assert (rescue_jobs(at=NOW), told(job)) == (0, ("running", 1, ""))


def test_a_silent_job_that_was_cancelled_is_over(ask: Ask) -> None:
    job = vanish(ask(), cancel_asked=True)
    assert (rescue_jobs(at=NOW), told(job), in_queue(job)) == (1, ("cancelled", 1, ""), 1)


def test_a_job_that_ends_its_workers_is_not_tried_for_ever(ask: Ask) -> None:
    job = vanish(ask(), attempts=MOST_ATTEMPTS)
    assert (rescue_jobs(at=NOW), told(job), in_queue(job)) == (1, ("failed", 3, LOST_ITS_WORKER), 1)


def test_a_job_that_lost_its_place_in_the_queue_gets_another(ask: Ask) -> None:
    lost, later = ask(), ask(word="later")
    OrmQ.objects.all().delete()
    Job.objects.filter(pk=lost.pk).update(beat_at=NOW - timedelta(seconds=STALE_SECONDS + 1))
    assert [rescue_jobs(at=NOW), rescue_jobs(at=NOW), in_queue(lost), in_queue(later)] == [1, 0, 1, 0]


def test_a_job_that_waits_for_others_keeps_its_place(ask: Ask) -> None:
    job = ask()
    Job.objects.update(beat_at=NOW - timedelta(seconds=STALE_SECONDS + 1))
    assert [rescue_jobs(at=NOW), in_queue(job)] == [0, 1]


# Cancelling


def test_cancelling_stops_what_waits(ask: Ask, ana: Person) -> None:
    job = cancel_job(ask(), by=ana, on=TODAY)
    assert (told(run(job)), noted(job.payload), job.has_ended) == (("cancelled", 0, ""), [], True)


def test_what_runs_is_about_to_stop(ask: Ask, ana: Person) -> None:
    job = cancel_job(vanish(ask()), by=ana, on=TODAY)
    assert (job.state, job.is_stopping, job.has_ended) == ("running", True, False)


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_cannot_be_cancelled(ask: Ask, ana: Person, state: str) -> None:
    job = ask()
    Job.objects.update(state=state)
    with pytest.raises(WrongState, match=r"This job has ended already: there is nothing to cancel\."):
        cancel_job(job, by=ana, on=TODAY)
    assert job.cancel_asked is False


def test_nobody_cancels_the_job_of_another(ask: Ask, ben: Person) -> None:
    with pytest.raises(NotFound, match=r"There is no such job\."):
        cancel_job(ask(), by=ben, on=TODAY)


def test_states_lead_somewhere_or_end() -> None:
    assert set(MOVES) == set(STATES)
    assert {state for following in MOVES.values() for state in following} == set(STATES)
    assert (ENDED, set(STATES) - set(COUNTED)) == (("done", "failed", "cancelled"), {"failed", "cancelled"})


# Who may see it


def test_only_who_asked_sees_a_job(ask: Ask, ana: Person, ben: Person, programme: Programme) -> None:
    jobs = {ask(), ask(programme=programme)}
    assert (set(jobs_of(ana, on=TODAY)), set(jobs_of(ben, on=TODAY))) == (jobs, set())


def test_who_left_a_programme_sees_its_jobs_no_more(ask: Ask, ana: Person, programme: Programme) -> None:
    job, in_programme = ask(), run(ask(programme=programme))
    Membership.objects.update(ends_on=TODAY)
    assert list(jobs_of(ana, on=TODAY)) == [job]
    with pytest.raises(NotFound, match=r"There is no programme called here\."):
        file_of(in_programme, "words/word.txt", by=ana, on=TODAY)


def test_files_are_refused_where_the_person_may_see_other_things_now(
    ask: Ask, ana: Person, programme: Programme
) -> None:
    job = run(ask(programme=programme))
    assert file_of(job, "words/word.txt", by=ana, on=TODAY).name == "word.txt"
    other = Organisation.objects.create(code="OTHER", name="Another", kind="provider")
    Membership.objects.update(organisation=other)
    with pytest.raises(NotAllowed, match=r"What you may see in this programme has changed since this was made\."):
        file_of(job, "words/word.txt", by=ana, on=TODAY)


@pytest.mark.parametrize("name", ["words", "word.txt", "../secret-key", "words/../words/word.txt", "/etc/hosts", ""])
def test_only_files_of_the_job_are_given(ask: Ask, ana: Person, name: str) -> None:
    with pytest.raises(NotFound, match=r"There is no such file\."):
        file_of(run(ask()), name, by=ana, on=TODAY)


def test_a_file_that_is_gone_is_told(ask: Ask, ana: Person) -> None:
    job = run(ask())
    file_of(job, "words/word.txt", by=ana, on=TODAY).unlink()
    with pytest.raises(NotFound, match=r"This file is no longer kept\."):
        file_of(job, "words/word.txt", by=ana, on=TODAY)


# What is kept


def test_old_jobs_go_with_their_files(ask: Ask, home: Path) -> None:
    old, young, waiting = run(ask(word="old")), run(ask(word="young")), ask()
    (home / "jobs" / f"{uuid4()}.1").mkdir()
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=KEPT_DAYS, minutes=1))
    Job.objects.filter(pk=young.pk).update(ended_at=timezone.now() - timedelta(days=KEPT_DAYS, minutes=-1))
    assert remove_old_jobs() == 1
    assert (set(Job.objects.all()), left_in(home)) == ({young, waiting}, [str(young.pk)])
    assert remove_old_jobs() == 0


@pytest.mark.django_db
def test_where_no_job_was_ever_asked_for_nothing_is_removed() -> None:
    assert remove_old_jobs() == 0


# Through the queue


@pytest.mark.django_db(transaction=True)
def test_the_queue_hands_jobs_over_in_turn(ask: Ask) -> None:
    broker = get_broker()
    jobs = [ask(word=word) for word in ("one", "two", "three")]
    assert [take_one(broker) for _ in range(4)] == [True, True, True, False]
    assert [told(job)[0] for job in jobs] == ["done"] * 3
    assert noted(jobs[0].payload) == [f"{verb} {word}" for word in ("one", "two", "three") for verb in ("begin", "end")]
    assert (OrmQ.objects.count(), Task.objects.count()) == (0, 0)


# The pack


def test_a_pack_is_written_in_the_background(load: Callable[[Path], Programme], ana: Person, tmp_path: Path) -> None:
    luton = load(EXAMPLES / "luton")
    seat(ana, luton, luton.organisations.first())
    job = enqueue("pack", {}, by=ana, on=timezone.localdate(), programme=luton)
    assert (told(run(job)), job.title) == (("done", 1, ""), f"Strategy pack: {luton.title}")
    written = write_pack(Desk(Store(tmp_path / "home"), "luton"), luton, tmp_path / "packs")
    assert job.result == {"files": sorted(path.relative_to(tmp_path / "packs").as_posix() for path in written)}
    assert (job.done_steps, job.all_steps) == (5, 5)


def test_a_pack_needs_a_programme(ana: Person) -> None:
    job = run(enqueue("pack", {}, by=ana, on=TODAY))
    assert told(job) == (
        "failed", 1, "A pack is written for who takes part in its programme, and you do not."
    )  # fmt: skip


# Pages


@pytest.fixture
def signed_in(ana: Person) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(ana)
    return client


def words(response: Any) -> str:
    """The text that a page shows in its main part, without its tags and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main.partition(">")[2]).split())


def test_somebody_without_jobs_is_told(signed_in: Client) -> None:
    assert words(signed_in.get("/jobs/")) == (
        "Jobs What you asked for that takes a while, the latest first. Nobody else sees your jobs or their files. "
        "A job is kept for 30 days after it ends. You have asked for nothing yet."
    )


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {},
            f"Waiting {ASKED} It begins as soon as a worker is free. Check again Cancel A sample",
        ),
        (
            {"state": "running", "done_steps": 2, "all_steps": 5, "words": "Writing the workbook"},
            f"Running {ASKED} 2 of 5 steps done: Writing the workbook. Check again Cancel A sample",
        ),
        ({"state": "running"}, f"Running {ASKED} Begun. Check again Cancel A sample"),
        (
            {"state": "running", "cancel_asked": True},
            f"Stopping {ASKED} Begun. Check again",
        ),
        (
            {"state": "done", "result": {"files": ["a/b.csv"]}},
            f"Done {ASKED} Files a/b.csv They are kept until 30 days after the job ended, for you alone.",
        ),
        ({"state": "done"}, f"Done {ASKED} It left no files."),
        (
            {"state": "failed", "failure": "There is <no> such table."},
            f"Failed {ASKED} There is &lt;no&gt; such table.",
        ),
        (
            {"state": "cancelled", "ended_at": datetime(2026, 7, 3, 9, 5, tzinfo=UTC)},
            "Cancelled Asked for on 2 March 2026, 09:05, ended on 3 July 2026, 10:05.",
        ),
    ],
)
def test_a_job_tells_how_far_it_is(signed_in: Client, ask: Ask, fields: dict[str, Any], shown: str) -> None:
    job = ask()
    Job.objects.update(asked_at=datetime(2026, 3, 2, 9, 5, tzinfo=UTC), **fields)
    assert words(signed_in.get(f"/jobs/{job.pk}/")) == f"A sample {shown}"


def test_jobs_are_listed_with_the_latest_first(signed_in: Client, ask: Ask) -> None:
    for word, minute in (("later", 5), ("sooner", 4)):
        job = ask(word=word)
        Job.objects.filter(pk=job.pk).update(title=f"The {word}", asked_at=datetime(2026, 3, 2, 9, minute, tzinfo=UTC))
    assert words(signed_in.get("/jobs/")).partition("Check again ")[2] == (
        "The later Waiting Asked for on 2 March 2026, 09:05. It begins as soon as a worker is free. Cancel The later "
        "The sooner Waiting Asked for on 2 March 2026, 09:04. It begins as soon as a worker is free. Cancel The sooner"
    )


def test_a_bar_shows_how_far_it_is(signed_in: Client, ask: Ask) -> None:
    job = ask()
    Job.objects.update(state="running", done_steps=2, all_steps=5, words="Writing")
    page = signed_in.get(f"/jobs/{job.pk}/").content.decode()
    assert re.findall("<progress[^>]*>", page) == [f'<progress aria-labelledby="words-{job.pk}" value="2" max="5">']
    assert "refresh" not in page.lower()


def test_a_job_is_cancelled_by_its_button(signed_in: Client, ask: Ask) -> None:
    job = ask()
    assert signed_in.get(f"/jobs/{job.pk}/cancel/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert told(job)[0] == "waiting"
    page = signed_in.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert (page.redirect_chain, told(job)[0]) == ([(f"/jobs/{job.pk}/", HTTPStatus.FOUND)], "cancelled")
    assert words(page).startswith("The job was cancelled. A sample Cancelled")
    again = signed_in.post(f"/jobs/{job.pk}/cancel/")
    assert (again.status_code, words(again)) == (
        HTTPStatus.CONFLICT,
        "This cannot be done now This job has ended already: there is nothing to cancel. Go to the home page",
    )


def test_a_running_job_is_told_to_stop_by_its_button(signed_in: Client, ask: Ask) -> None:
    page = signed_in.post(f"/jobs/{vanish(ask()).pk}/cancel/", follow=True)
    assert words(page).startswith("The job stops with its next step. A sample Stopping")


def test_a_file_is_only_ever_downloaded(signed_in: Client, ask: Ask) -> None:
    job = run(ask())
    response = signed_in.get(f"/jobs/{job.pk}/files/words/word.txt")
    assert b"".join(response.streaming_content) == b"parity"
    assert response["Content-Disposition"] == 'attachment; filename="word.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in.get(f"/jobs/{job.pk}/files/words/..%2f..%2fsecret-key").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("place", ["", "cancel/", "files/words/word.txt"])
def test_the_job_of_another_looks_like_none(ask: Ask, ben: Person, place: str) -> None:
    job = run(ask())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ben)
    asked = client.post if place == "cancel/" else client.get
    answers = [asked(f"/jobs/{pk}/{place}") for pk in (job.pk, uuid4())]
    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
    assert words(answers[0]) == words(answers[1])
    assert words(client.get("/jobs/")).endswith("You have asked for nothing yet.")


def test_files_of_another_time_are_refused(signed_in: Client, ask: Ask, programme: Programme) -> None:
    job = run(ask(programme=programme))
    Membership.objects.update(role="provider")
    assert signed_in.get(f"/jobs/{job.pk}/files/words/word.txt").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_asks_the_database_as_often_for_one_job_as_for_thirty(
    signed_in: Client, ask: Ask, programme: Programme, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        ask(word=str(number), programme=programme)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        signed_in.get("/jobs/")
