"""`parity verify`: what somebody changed past the workspace is found, and each event and record is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from parity.cli import main
from parity.register.audit.actions import Happening, append_events
from parity.register.audit.models import Event, Head
from parity.register.audit.rules import faults, read_event
from parity.register.memberships.actions import Seat, end_membership, seat_person
from parity.register.models import Grant, Membership, Organisation, Person, Programme, Statement
from parity.register.partners.actions import Description, change_organisation
from parity.register.records.actions import Keeping, change_record, share_record, withdraw_record
from parity.register.sharing.models import Sharing
from tests.given import EXAMPLES, SLUGS
from tests.members import LONG_AGO
from tests.register.worlds import TODAY, add, organisation, person, programme

WHOLE = "Every chain is whole, and every record is as its last event left it."
Told = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs the verb, and gives its exit status with the lines it printed."""

    def ran(*arguments: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["verify", *arguments])
        heard = capsys.readouterr()
        return status, (heard.out + heard.err).splitlines()

    return ran


@pytest.fixture
def kept(db: None) -> Statement:
    """A statement that was added, changed, shared and withdrawn; two people, one of whom left."""
    ours, theirs = organisation("ours"), organisation("theirs")
    by, other = person("director"), person("other")
    here = programme("here", ours, theirs, by=by)
    seat_person(by, Seat(here, ours, "director"), by=by, on=LONG_AGO)
    left = seat_person(other, Seat(here, theirs, "planning_officer", "north"), by=by, on=LONG_AGO)
    one = add(Statement, here, keeping=Keeping(ours, lot="north"), by=by, text="First", number="1", list="Aims")
    one = change_record(one, {"text": "Second"}, by=by, on=TODAY, reason="Because")
    one = share_record(one, Sharing.NAMED, named={theirs: None}, by=by, on=TODAY)
    end_membership(left, by=by, on=TODAY, reason="Moved on")
    return withdraw_record(one, by=by, on=TODAY, reason="Because")


def lines_of(told: Told, *arguments: str) -> list[str]:
    """What was found, without the first line and the last."""
    status, lines = told("here", *arguments)
    assert (status, lines[-1]) == (1, f"Found: {len(lines) - 2}.")
    return [line.strip() for line in lines[1:-1]]


def test_what_was_done_in_the_workspace_is_whole(told: Told, kept: Statement) -> None:
    head = Head.objects.get(chain="here")
    line = f"here: {head.number} events, head {head.hash}"
    assert told("here") == told() == (0, [line, WHOLE])
    assert head.number == 7


@pytest.mark.parametrize("slug", SLUGS)
def test_every_example_is_whole(told: Told, load: Any, slug: str) -> None:
    load(EXAMPLES / slug)
    status, lines = told()
    assert (status, lines[1:]) == (0, [WHOLE])


COLUMNS = {
    "text": "'forged'",
    "number": "9",
    "sharing": "'public'",
    "organisation_id": "(SELECT id FROM register_organisation WHERE code = 'theirs')",
    "lot": "'south'",
    "held_by_id": "(SELECT id FROM register_person WHERE username = 'other')",
    "withdrawn": "NOT withdrawn",
    "known_as": "'another name'",
    "printed": """'{"number_printed": "about nought"}'""",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_row_that_was_altered_is_named(told: Told, kept: Statement, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE register_statement SET {column} = {COLUMNS[column]}")
    name = Statement.objects.get().known_as
    sentence = f"The statement {name} ({kept.pk}) is not as event 7 left it: altered past the workspace."
    assert lines_of(told) == [sentence]


def alter_grant() -> str:
    Grant.objects.update(starts_on=LONG_AGO)
    return "The statement Aims/1 ({record}) is not as event 7 left it: altered past the workspace."


def name_another() -> str:
    Grant.objects.update(organisation=Organisation.objects.get(code="ours"))
    return "The statement Aims/1 ({record}) is not as event 7 left it: altered past the workspace."


def remove_record() -> str:
    Statement.objects.all().delete()
    return "The statement Aims/1 ({record}), of which event 7 tells, is gone: removed past the workspace."


def seat_again() -> str:
    left = Membership.objects.get(person__username="other")
    Membership.objects.filter(pk=left.pk).update(ends_on=None)
    sentence = "is not as event 6 left it: altered past the workspace."
    return f"The membership of other for Theirs council ({left.pk}) {sentence}"


def seat_stranger() -> str:
    here, ours = Programme.objects.get(), Organisation.objects.get(code="ours")
    seat = {"programme": here, "organisation": ours, "role": "director", "starts_on": TODAY}
    made = Membership.objects.create(person=Person.objects.get(username="other"), **seat)
    sentence = "it was added past the workspace."
    return f"No event tells of the membership of other for Ours council ({made.pk}): {sentence}"


def alter_event() -> str:
    Event.objects.filter(number=4).update(reason="forged")
    return "Event 4 was altered."


def remove_event() -> str:
    Event.objects.filter(number=4).delete()
    return "Before event 5, event 4 must stand: removed or moved."


def cut_end() -> str:
    Event.objects.filter(number=7).delete()
    noted = Head.objects.get()
    return (
        f"The workspace noted event 7 as the last one, with the hash {noted.hash}: the chain's end was cut off, "
        "replaced or added to."
    )


def lose_note() -> str:
    Head.objects.all().delete()
    return (
        f"The workspace noted event 0 as the last one, with the hash {'0' * 64}: the chain's end was cut off, "
        "replaced or added to."
    )


TAMPERING = (
    alter_grant, name_another, remove_record, seat_again, seat_stranger, alter_event, remove_event, cut_end, lose_note,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=[each.__name__ for each in TAMPERING])
def test_what_was_done_past_the_workspace_is_named(told: Told, kept: Statement, tamper: Callable[[], str]) -> None:
    sentence = tamper().format(record=kept.pk)
    assert sentence in lines_of(told)


def test_an_organisation_is_held_against_the_last_event_of_all_its_programmes(told: Told, kept: Statement) -> None:
    by, ours = Person.objects.get(username="director"), Organisation.objects.get(code="ours")
    elsewhere = programme("elsewhere", ours, by=by)
    seat_person(by, Seat(elsewhere, ours, "director"), by=by, on=LONG_AGO)
    for within in (elsewhere, kept.programme):
        change_organisation(ours, Description(f"Ours {within.slug}", "council"), within=within, by=by, on=TODAY)
    assert told()[0] == 0
    Organisation.objects.filter(code="ours").update(name="Ours indeed")
    sentence = f"The organisation Ours here ({ours.pk}) is not as event 8 left it: altered past the workspace."
    assert lines_of(told) == [sentence]
    assert told("elsewhere")[0] == 0


def test_a_record_without_an_event_is_named(told: Told, kept: Statement) -> None:
    place = {"position": 9, "known_as": "Aims/9", "list": "Aims", "number": 9}
    made = Statement.objects.create(programme=kept.programme, organisation=kept.organisation, **place)
    sentence = f"No event tells of the statement Aims/9 ({made.pk}): it was added past the workspace."
    assert lines_of(told) == [sentence]


def test_events_are_written_one_a_line_as_the_script_reads_them(told: Told, kept: Statement, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    status, lines = told("here", "--events", str(path))
    events = [read_event(line) for line in path.read_bytes().splitlines()]
    assert (status, lines[-1]) == (0, WHOLE)
    assert events == [event.as_dict() for event in Event.objects.filter(chain="here")]
    assert list(faults(events, Head.objects.get().hash)) == []
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == events


def test_a_noted_end_must_still_stand(told: Told, kept: Statement) -> None:
    noted = Head.objects.get().hash
    with transaction.atomic():
        append_events("here", [Happening("read", "statements")], by=Person.objects.first(), on=TODAY)
    assert told("here", "--head", noted)[0] == 0
    sentence = "The chain ends with event 8, and none has the hash that was noted: its end was cut or replaced."
    assert lines_of(told, "--head", "0" * 64) == [sentence]


def test_reading_leaves_the_record_as_it_was(told: Told, kept: Statement) -> None:
    with transaction.atomic():
        read = Happening("read", "statements", str(kept.pk))
        append_events("here", [read], by=Person.objects.first(), on=TODAY)
    assert told("here")[0] == 0


def test_bad_input_ends_in_a_sentence(told: Told, kept: Statement) -> None:
    unknown = "No programme is called “nowhere”. There are: here."
    unnamed = "Name the programme whose events you want written, or whose head you noted."
    assert told("nowhere") == (2, [unknown])
    assert told("--head", "0" * 64) == told("--events", "events.jsonl") == (2, [unnamed])


def test_an_empty_workspace_is_whole(told: Told, db: None) -> None:
    assert told() == (0, [WHOLE])
