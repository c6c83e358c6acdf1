"""The chain of events: whatever is done to it is found and named, here and by the script alone; nobody forks it."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.register.audit import rules
from parity.register.audit.actions import Happening, append_events
from parity.register.audit.models import WRITTEN, Event, Head
from parity.register.audit.rules import START, faults, hash_of
from parity.register.models import Person, Programme, Statement
from parity.register.records.actions import Keeping, add_records
from parity.terms.errors import NotAllowed
from tests.members import join
from tests.register.worlds import TODAY, in_its_own_connection, organisation, person, programme, row_of

QUICK = settings(deadline=None, max_examples=60)
WHOLE = "The chain is whole.\n"
LONGEST_SCRIPT = 60
WRITERS, EACH = 8, 6

Chained = dict[str, Any]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
TOLD = st.fixed_dictionaries({"verb": TEXTS, "reason": TEXTS, "by": TEXTS, "after": TEXTS})


def chained(told: list[dict[str, str]], *, first: int = 1, previous: str = START) -> list[Chained]:
    """The happenings as a sound chain."""
    events = []
    for number, one in enumerate(told, first):
        event = {**one, "chain": "here", "number": number, "previous": previous}
        previous = hash_of(event)
        events.append({**event, "hash": previous})
    return events


CHAINS = st.lists(TOLD, min_size=3, max_size=8).map(chained)


@st.composite
def damaged(draw: Any) -> tuple[list[Chained], list[str], str]:
    """A chain that somebody damaged, what must be said of it, and its end as it was noted before."""
    chain = draw(CHAINS)
    head, at = chain[-1]["hash"], draw(st.integers(0, len(chain) - 1))
    how = draw(st.sampled_from(sorted(DAMAGES)))
    return *DAMAGES[how](chain, at, draw(TEXTS)), head


def altered(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    event = {**chain[at], "reason": chain[at]["reason"] + words + "."}
    return [*chain[:at], event, *chain[at + 1 :]], [f"Event {at + 1} was altered."]


def altered_and_hashed(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    """One event is another now, with a hash that fits it."""
    (event,) = chained(
        [{**_told(chain[at]), "reason": chain[at]["reason"] + words + "."}],
        first=at + 1,
        previous=chain[at]["previous"],
    )
    return [*chain[:at], event, *chain[at + 1 :]], _follows(chain, at + 1)


def removed(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    missing = f"Before event {at + 2}, event {at + 1} must stand: removed or moved."
    return [*chain[:at], *chain[at + 1 :]], [missing] if at + 1 < len(chain) else _cut(len(chain) - 1)


def inserted(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    """An event of somebody's own stands after another, with number, hash and predecessor as they should be."""
    at = min(at, len(chain) - 2)
    (event,) = chained([{"reason": words}], first=at + 2, previous=chain[at]["hash"])
    named = [f"Event {at + 2} stands after event {at + 2}: inserted or moved."]
    return [*chain[: at + 1], event, *chain[at + 1 :]], named


def moved(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    """An event stands one place later than it should."""
    at = min(at, len(chain) - 2)
    first, second = chain[at], chain[at + 1]
    late = f"Event {at + 1} stands after event {at + 2}: inserted or moved."
    return [*chain[:at], second, first, *chain[at + 2 :]], [late]


def cut(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    return chain[:at], _cut(at)


def cut_and_grown(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    """The end was cut off, and as many events of somebody's own follow."""
    own = [{"reason": words} for _ in chain[at:]]
    previous = chain[at - 1]["hash"] if at else START
    return [*chain[:at], *chained(own, first=at + 1, previous=previous)], _cut(len(chain))


def unreadable(chain: list[Chained], at: int, words: str) -> tuple[list[Chained], list[str]]:
    return [*chain[:at], {}, *chain[at + 1 :]], [f"Event {at + 1} was altered."]


def _told(event: Chained) -> dict[str, str]:
    return {name: event[name] for name in ("verb", "reason", "by", "after")}


def _follows(chain: list[Chained], at: int) -> list[str]:
    """What is said where the event before this place is not what it was."""
    if at == len(chain):
        return _cut(at)
    return [f"Event {at + 1} does not follow event {at} as it is now: one of the two was replaced."]


def _cut(number: int) -> list[str]:
    return [f"The chain ends with event {number}, and none has the hash that was noted: its end was cut or replaced."]


DAMAGES: dict[str, Callable[[list[Chained], int, str], tuple[list[Chained], list[str]]]] = {
    each.__name__: each
    for each in (altered, altered_and_hashed, removed, inserted, moved, cut, cut_and_grown, unreadable)
}


@QUICK
@given(CHAINS)
def test_a_sound_chain_is_whole_up_to_every_end_that_was_noted(chain: list[Chained]) -> None:
    assert {tuple(faults(chain, head)) for head in ["", *(event["hash"] for event in chain)]} == {()}


@settings(deadline=None, max_examples=400)
@given(damaged())
def test_every_damage_is_found_and_named(broken: tuple[list[Chained], list[str], str]) -> None:
    events, named, head = broken
    told = list(faults(events, head))
    assert named != []
    assert [words for words in named if words not in told] == []


@QUICK
@given(CHAINS, st.integers(0, 7))
def test_a_noted_end_is_the_only_way_to_find_a_cut(chain: list[Chained], at: int) -> None:
    assert list(faults(chain[:at])) == []


@pytest.mark.parametrize(
    ("event", "digest"),
    [
        ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        ({"b": "ü", "a": 1, "hash": "left out"}, "1a59e522e02ce50ad2c27c11a6d30f8667489c199580627fe9e3e33e2b0e91d5"),
        ({"previous": START, "number": 1}, "27ea180fc4e969370199e209e953aeb2a49e25abbeb7072149e25b3d751084a2"),
    ],
)
def test_the_hash_is_that_of_the_event_written_with_sorted_keys_and_no_spaces(event: Chained, digest: str) -> None:
    """The digests are those that `sha256sum` gives for {}, {"a":1,"b":"ü"} and the like."""
    assert hash_of(event) == digest


class TestTheScriptAlone:
    """The script in a folder of its own, run by a Python that knows nothing of the house."""

    @pytest.fixture
    def run(self, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
        script = shutil.copy(rules.__file__, tmp_path / "rules.py")

        def ran(lines: str, *arguments: str) -> tuple[int, str, str]:
            command = [sys.executable, "-I", "-S", script, *arguments]
            done = subprocess.run(command, input=lines.encode(), capture_output=True, cwd=tmp_path, timeout=120)
            return done.returncode, done.stdout.decode(), done.stderr.decode()

        return ran

    def test_is_short_enough_to_be_read(self) -> None:
        assert len(Path(rules.__file__).read_text("utf-8").splitlines()) < LONGEST_SCRIPT

    def test_finds_a_sound_chain_whole(self, run: Any) -> None:
        chain = chained([{"reason": "Für alle"}, {"reason": "\u2028"}])
        assert run(jsonl(chain)) == (0, WHOLE, "")
        assert run(jsonl(chain), chain[0]["hash"]) == (0, WHOLE, "")
        assert run("") == (0, WHOLE, "")

    @pytest.mark.parametrize("how", DAMAGES)
    def test_says_the_same_as_the_rules(self, run: Any, how: str) -> None:
        chain = chained([{"verb": "added", "reason": text, "by": "me", "after": ""} for text in "abcd"])
        broken, named = DAMAGES[how](chain, 1, "other")
        told = list(faults(broken, chain[-1]["hash"]))
        assert [words for words in named if words not in told] == []
        assert run(jsonl(broken), chain[-1]["hash"]) == (1, "\n".join(told) + "\n", "")

    @pytest.mark.parametrize("line", ["no event", "[1, 2]", "7", "{", '{"number": "three"}', "\x00"])
    def test_names_a_line_that_is_no_event(self, run: Any, line: str) -> None:
        first, second = chained([{}, {}])
        status, told, complaint = run(jsonl([first, second]) + line + "\n")
        assert (status, told.splitlines()[0], complaint) == (1, "Event 3 was altered.", "")


def jsonl(events: list[Chained]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


@pytest.mark.django_db
class TestAppending:
    def test_events_follow_each_other_and_the_head_is_the_last(self) -> None:
        by = person("clerk")
        with transaction.atomic():
            append_events("here", [Happening("added", "risks"), Happening("added", "risks")], by=by, on=TODAY)
            head = append_events("here", [Happening("changed", "risks", reason="Why")], by=by, on=TODAY)
            append_events("there", [Happening("added", "risks")], by=by, on=TODAY)
        events = [event.as_dict() for event in Event.objects.filter(chain="here")]
        assert [event["number"] for event in events] == [1, 2, 3]
        assert list(faults(events, head)) == []
        assert [(one.chain, one.number) for one in Head.objects.order_by("chain")] == [("here", 3), ("there", 1)]
        assert Head.objects.get(chain="here").hash == events[-1]["hash"] == head

    def test_the_hash_covers_every_column(self) -> None:
        with transaction.atomic():
            append_events("here", [Happening(*("text",) * 8)], by=person("clerk"), on=TODAY)
        event = Event.objects.get().as_dict()
        assert sorted(event) == sorted(WRITTEN)
        for name in set(WRITTEN) - {"hash"}:
            other = {**event, name: 2 if name == "number" else event[name] + "x"}
            assert list(faults([other])) != [], name

    @pytest.mark.parametrize("nobody", [None, AnonymousUser(), Person(username="never kept")])
    def test_nobody_writes_unnamed(self, nobody: Any) -> None:
        with transaction.atomic(), pytest.raises(NotAllowed, match=r"^Whoever changes a record must be known\.$"):
            append_events("here", [Happening("added", "risks")], by=nobody, on=TODAY)
        assert (Event.objects.count(), Head.objects.count()) == (0, 0)

    def test_an_event_is_gone_with_the_write_that_failed(self) -> None:
        with transaction.atomic():
            append_events("here", [Happening("added", "risks")], by=person("clerk"), on=TODAY)
            transaction.set_rollback(True)
        assert (Event.objects.count(), Head.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
class TestOutsideATransaction:
    def test_an_event_is_refused(self) -> None:
        with pytest.raises(RuntimeError, match="belongs into the transaction"):
            append_events("here", [Happening("added", "risks")], by=person("clerk"), on=TODAY)

    def test_eight_writers_at_once_do_not_fork_the_chain(self, shared_database: None) -> None:
        people = [person(f"writer-{number}") for number in range(WRITERS)]
        here = programme("here", organisation("ours"), by=people[0])
        for one in people:
            join(one, here)
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(in_its_own_connection, [partial(write_events, one.pk) for one in people]))
        events = [event.as_dict() for event in Event.objects.all()]
        assert [event["number"] for event in events] == list(range(1, 3 * WRITERS * EACH + 1))
        assert list(faults(events, Head.objects.get().hash)) == []
        assert Counter(event["by"] for event in events) == {str(one.pk): 3 * EACH for one in people}
        assert sorted(Statement.objects.values_list("position", flat=True)) == list(range(2 * WRITERS * EACH))


def write_events(key: UUID) -> None:
    """Nothing; in each of several transactions the person added two statements, and wrote an event beside."""
    by, here = Person.objects.get(pk=key), Programme.objects.get(slug="here")
    for number in range(EACH):
        cells = pl.DataFrame([row_of(Statement, list=by.username, number=str(number * 2 + part)) for part in (1, 2)])
        add_records(here, Statement, cells, keeping=Keeping(here.lead), by=by, on=TODAY)
        with transaction.atomic():
            append_events("here", [Happening("read", "statements")], by=by, on=TODAY)
