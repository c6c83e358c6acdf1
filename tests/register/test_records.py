"""Every write of a record leaves its history and its event, or nothing at all."""

import inspect
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.plan.models import Milestone
from parity.register.audit.models import Event
from parity.register.intake import actions as intake
from parity.register.models import Grant, Membership, Organisation, Person, Programme, Statement
from parity.register.records import actions
from parity.register.records.actions import (
    Keeping,
    add_records,
    cells_of,
    change_record,
    content_of,
    note_listing,
    note_reading,
    restore_record,
    share_record,
    withdraw_record,
)
from parity.register.records.rules import digest
from parity.register.sharing.models import Sharing
from parity.terms.errors import Fault, InputRefused, NotAllowed, NotFound, ParityError, WrongState
from tests.given import EXAMPLES, LOADED_ON
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme

UNTIL = date(2027, 1, 31)
TESTED = {
    "add_records", "create", "insert", "change_record", "withdraw_record", "restore_record", "share_record", "update",
    "note_listing", "note_reading", "tell",
}  # fmt: skip
"""What writes: the actions themselves, and what they and the intake are made of."""


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of two partners with a director and an officer of the first, and an officer of the second."""
    ours, theirs = organisation("ours"), organisation("theirs")
    director, officer, stranger = person("director"), person("officer"), person("stranger")
    made = programme("here", ours, theirs, by=director)
    join(director, made, role="director")
    join(officer, made)
    join(stranger, made, organisation=theirs)
    return made


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def keeping(here: Programme, **how: Any) -> Keeping:
    return Keeping(here.lead, **how)


@pytest.fixture
def kept(here: Programme) -> Statement:
    return added(here)


def added(here: Programme, **how: Any) -> Statement:
    by = who(how.pop("by", "officer"))
    return add(Statement, here, keeping=keeping(here, **how), by=by, list="Aims", number="1", text="First")


def state() -> dict[str, Any]:
    """All that an action may change."""
    return {
        "records": list(Statement.objects.values()),
        "history": list(Statement.history.values()),
        "grants": list(Grant.objects.values()),
        "events": list(Event.objects.values()),
        "versions": list(Programme.objects.values("slug", "records_version")),
    }


def last_event() -> dict[str, Any]:
    names = ("verb", "kind", "record", "code", "organisation", "by", "on", "reason", "before", "after")
    return Event.objects.order_by("number").values(*names).last() or {}


def test_every_action_that_writes_is_tested_here() -> None:
    functions = {name: each for name, each in inspect.getmembers(actions, inspect.isfunction) if name[0] != "_"}
    ours = {name: each for name, each in functions.items() if inspect.unwrap(each).__module__ == actions.__name__}
    assert {name for name, each in ours.items() if {"by", "on"} <= set(inspect.signature(each).parameters)} == TESTED


def change(one: Statement, by: Person) -> Statement:
    return change_record(one, {"text": "Second"}, by=by, on=TODAY, reason="Because")


def withdraw(one: Statement, by: Person) -> Statement:
    return withdraw_record(one, by=by, on=TODAY, reason="Because")


def restore(one: Statement, by: Person) -> Statement:
    return restore_record(one, by=by, on=TODAY, reason="Because")


def name_partner(one: Statement, by: Person) -> Statement:
    named = {Organisation.objects.get(code="theirs"): UNTIL}
    return share_record(one, Sharing.NAMED, named=named, by=by, on=TODAY, reason="Because")


def publish(one: Statement, by: Person) -> Statement:
    return share_record(one, Sharing.PUBLIC, named={}, by=by, on=TODAY, reason="Because")


Act = Callable[[Statement, Person], Statement]
ACTS: tuple[tuple[Act, str, str, dict[str, Any]], ...] = (
    (change, "changed", "Because", {"text": "Second"}),
    (withdraw, "withdrawn", "Because", {"withdrawn": True}),
    (name_partner, "shared", "With Theirs council (until 2027-01-31). Because", {"sharing": "named"}),
    (publish, "shared", "Because", {"sharing": "public"}),
)


def test_what_is_added_has_one_history_and_one_event_a_record(here: Programme) -> None:
    before = here.records_version
    one = added(here, reason="For the plan", lot="north")
    assert last_event() == {
        "verb": "added",
        "kind": "statements",
        "record": str(one.pk),
        "code": "Aims/1",
        "organisation": str(here.lead_id),
        "by": str(who("officer").pk),
        "on": TODAY.isoformat(),
        "reason": "For the plan",
        "before": "",
        "after": digest(content_of(Statement.objects.get())),
    }
    history = one.history.get()
    assert (history.history_user, history.history_type, history.text, history.version) == (
        who("officer"),
        "+",
        "First",
        1,
    )
    assert (one.lot, one.sharing, one.version, one.transcribed) == ("north", "private", 1, "")
    assert Programme.objects.get().records_version != before


@pytest.mark.parametrize("sharing", [Sharing.PARTNERS, Sharing.PUBLIC, Sharing.NAMED])
def test_only_who_may_share_adds_what_is_shared(here: Programme, sharing: str) -> None:
    before = state()
    with pytest.raises(NotAllowed, match="Your role does not let you share what this organisation keeps"):
        added(here, sharing=sharing)
    assert state() == before
    assert added(here, sharing=sharing, by="director").sharing == sharing


def test_whoever_acts_in_one_lot_adds_in_that_lot_alone(here: Programme) -> None:
    join(person("northern"), here)
    Membership.objects.filter(person=who("northern")).update(lot="north")
    for lot in ("", "south"):
        with pytest.raises(NotAllowed, match="Your role does not let you add records for this organisation"):
            added(here, by="northern", lot=lot)
    assert added(here, by="northern", lot="north").lot == "north"


@pytest.mark.parametrize(("act", "verb", "reason", "changes"), ACTS, ids=[each[0].__name__ for each in ACTS])
def test_every_write_leaves_one_history_and_one_event(
    kept: Statement, act: Act, verb: str, reason: str, changes: dict[str, Any]
) -> None:
    before = digest(content_of(kept))
    version, director = Programme.objects.get().records_version, who("director")
    done = act(kept, director)
    found = Statement.objects.get()
    told = {"verb": verb, "reason": reason, "before": before, "after": digest(content_of(found)), "code": "Aims/1"}
    event = last_event()
    assert {name: event[name] for name in told} == told
    assert (event["by"], event["record"]) == (str(director.pk), str(kept.pk))
    assert (Event.objects.count(), found.history.count(), found.version, done.version) == (2, 2, 2, 2)
    assert {name: getattr(found, name) for name in changes} == changes
    assert {name: getattr(found.history.latest(), name) for name in changes} == changes
    assert found.history.latest().history_user == director
    assert Programme.objects.get().records_version != version


def test_a_record_that_is_restored_counts_again(kept: Statement) -> None:
    restore(withdraw(kept, who("director")), who("director"))
    assert (Statement.objects.get().withdrawn, last_event()["verb"], Event.objects.count()) == (False, "restored", 3)


def test_naming_a_partner_grants_it_until_the_day(kept: Statement) -> None:
    name_partner(kept, who("director"))
    (grant,) = Grant.objects.all()
    assert (grant.record, grant.organisation.code, grant.starts_on, grant.ends_on) == (kept.pk, "theirs", TODAY, UNTIL)
    publish(kept, who("director"))
    assert Grant.objects.count() == 0


def test_what_changes_nothing_leaves_nothing(kept: Statement) -> None:
    before = state()
    change_record(kept, {"text": "First"}, by=who("officer"), on=TODAY, reason="Again")
    change_record(kept, {}, by=who("officer"), on=TODAY)
    restore(kept, who("director"))
    assert state() == before


def refused(words: str, column: str | None = None, row: int | None = None, file: str = "statements") -> list[Fault]:
    return [Fault(file, words, row, column)]


def wrong_share(one: Statement, by: Person) -> Statement:
    return share_record(one, "all", named={}, by=by, on=TODAY)


def nobody_named(one: Statement, by: Person) -> Statement:
    return share_record(one, Sharing.NAMED, named={}, by=by, on=TODAY)


def named_in_public(one: Statement, by: Person) -> Statement:
    return share_record(one, Sharing.PUBLIC, named={one.organisation: None}, by=by, on=TODAY)


def named_stranger(one: Statement, by: Person) -> Statement:
    return share_record(one, Sharing.NAMED, named={organisation("elsewhere"): None}, by=by, on=TODAY)


def no_reason(one: Statement, by: Person) -> Statement:
    return withdraw_record(one, by=by, on=TODAY, reason=" ")


def wrong_cells(one: Statement, by: Person) -> Statement:
    return change_record(one, {"number": "many", "text": ""}, by=by, on=TODAY)


def another_name(one: Statement, by: Person) -> Statement:
    return change_record(one, {"number": "2"}, by=by, on=TODAY)


def added_again(one: Statement, by: Person) -> Statement:
    return add(Statement, one.programme, keeping=Keeping(one.organisation), by=by, list="Aims", number="1")


NAME_AT_LEAST_ONE = refused("Name at least one organisation, or choose another.", "named")
INPUT: tuple[tuple[Act, list[Fault]], ...] = (
    (wrong_share, refused("Choose with whom this record is shared.", "sharing")),
    (nobody_named, NAME_AT_LEAST_ONE),
    (named_in_public, NAME_AT_LEAST_ONE),
    (named_stranger, refused("Elsewhere council takes no part in this programme.", "named")),
    (no_reason, refused("Say why.", "reason", file="reason")),
    (
        wrong_cells,
        refused("“many” is not a whole number.", "number", 2)
        + refused("The cell is empty: a value is required here.", "text", 2),
    ),
    (another_name, refused("A statement keeps its name, Aims/1: withdraw it and add another instead.", "list")),
    (
        added_again,
        refused("There is a statement Aims/1 already: give it another name, or change that one.", "list"),
    ),
)


@pytest.mark.parametrize(("act", "faults"), INPUT, ids=[each[0].__name__ for each in INPUT])
def test_input_that_is_refused_leaves_nothing(kept: Statement, act: Act, faults: list[Fault]) -> None:
    before = state()
    with pytest.raises(InputRefused) as refusal:
        act(kept, who("director"))
    assert refusal.value.faults == faults
    assert state() == before


FORBIDDEN: tuple[tuple[Act, str, type[ParityError]], ...] = (
    (change, "stranger", NotFound),
    (withdraw, "stranger", NotFound),
    (name_partner, "stranger", NotFound),
    (added_again, "stranger", NotAllowed),
    (withdraw, "officer", NotAllowed),
    (restore, "officer", NotAllowed),
    (publish, "officer", NotAllowed),
)


@pytest.mark.parametrize(
    ("act", "name", "error"), FORBIDDEN, ids=[f"{each[0].__name__} {each[1]}" for each in FORBIDDEN]
)
def test_who_may_not_leaves_nothing(kept: Statement, act: Act, name: str, error: type[ParityError]) -> None:
    before = state()
    with pytest.raises(error):
        act(kept, who(name))
    assert state() == before


def test_nobody_changes_what_is_withdrawn(kept: Statement) -> None:
    gone = withdraw(kept, who("director"))
    before = state()
    with pytest.raises(NotAllowed):
        change(gone, who("director"))
    assert state() == before


def test_a_change_of_what_somebody_else_changed_is_refused(kept: Statement) -> None:
    change(kept, who("officer"))
    before = state()
    with pytest.raises(WrongState, match="Somebody changed this record since you opened it"):
        change_record(kept, {"text": "Third"}, by=who("officer"), on=TODAY, seen=1)
    assert state() == before
    change_record(kept, {"text": "Third"}, by=who("officer"), on=TODAY, seen=2)


@pytest.mark.parametrize("act", [change, withdraw, name_partner, publish], ids=lambda act: act.__name__)
def test_a_write_whose_event_fails_leaves_nothing(kept: Statement, act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()

    def fail(*arguments: Any, **named: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "append_events", fail)
    with pytest.raises(OSError, match="the disk is full"):
        act(kept, who("director"))
    assert state() == before


def test_of_many_rows_all_are_added_or_none(here: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = actions.pl.DataFrame([{"list": "Aims", "number": str(number), "text": "One"} for number in (1, 2, 3)])
    three = add_records(here, Statement, frame, keeping=keeping(here), by=who("officer"), on=TODAY)
    assert [event.record for event in Event.objects.all()] == [str(one.pk) for one in three]
    assert [one.position for one in three] == [0, 1, 2]
    before = state()
    with pytest.raises(InputRefused):
        add_records(here, Statement, frame.tail(1).vstack(frame), keeping=keeping(here), by=who("officer"), on=TODAY)
    assert state() == before


def test_reading_is_an_event_where_the_register_is_sensitive(kept: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()
    note_reading(kept, by=who("stranger"), on=TODAY)
    assert state() == before
    monkeypatch.setattr(Statement, "SENSITIVE", True)
    note_reading(kept, by=who("stranger"), on=TODAY)
    told = last_event()
    assert (told["verb"], told["record"], told["before"], told["after"]) == ("read", str(kept.pk), "", "")
    assert told["by"] == str(who("stranger").pk)
    assert {**state(), "events": []} == {**before, "events": []}


def test_a_list_of_a_sensitive_register_is_one_event_an_owner(here: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Statement, "SENSITIVE", True)
    theirs = Organisation.objects.get(code="theirs")
    kept = {"keeping": keeping(here), "by": who("officer"), "list": "Aims"}
    ours = [add(Statement, here, **kept, number=str(number)) for number in (1, 2)]
    other = Statement.objects.create(
        programme=here, organisation=theirs, known_as="Aims/3", position=3, list="Aims", number=3, text="Third"
    )
    before = Event.objects.count()
    note_listing(here, [ours[0], other, ours[1]], by=who("stranger"), on=TODAY)
    note_listing(here, [], by=who("stranger"), on=TODAY)
    told = Event.objects.order_by("number").values_list("verb", "kind", "record", "code", "organisation", "by", "after")
    assert list(told[before:]) == [
        ("listed", "statements", "", code, str(owner), str(who("stranger").pk), "")
        for code, owner in ((f"{ours[0].pk} {ours[1].pk}", here.lead_id), (str(other.pk), theirs.pk))
    ]
    monkeypatch.setattr(Statement, "SENSITIVE", False)
    note_listing(here, ours, by=who("stranger"), on=TODAY)
    assert Event.objects.count() == before + 2


NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15).filter(
    lambda number: number == 0 or abs(number) >= 1e-12
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=1, max_size=20)


@settings(deadline=None, max_examples=40)
@given(number=NUMBERS, words=WORDS, code=WORDS)
@pytest.mark.django_db
def test_what_the_event_hashes_is_what_the_database_gives_back(number: float, words: str, code: str) -> None:
    with transaction.atomic():
        ours, officer = organisation("ours"), person("officer")
        here = programme("here", ours, by=officer)
        join(officer, here)
        cells = {"target": code, "milestone": "1", "text": words, "value": repr(number)}
        add(Milestone, here, keeping=Keeping(ours), by=officer, **cells)
        found = Milestone.objects.get()
        assert Event.objects.get().after == digest(content_of(found))
        assert found.value == number
        assert not change_record(found, cells_of(found), by=officer, on=TODAY).version > 1
        transaction.set_rollback(True)


def test_there_is_one_nought() -> None:
    assert digest({"value": -0.0}) == digest({"value": 0.0}) != digest({"value": 0})


def printed_as_words(here: Programme) -> Milestone:
    """A milestone whose document prints its value in words."""
    frame = actions.pl.DataFrame(
        [{"target": "A", "milestone": "1", "text": "First", "value": "0.5", "value_printed": "half of them"}]
    )
    return add_records(here, Milestone, frame, keeping=keeping(here), by=who("officer"), on=TODAY)[0]


def test_a_change_leaves_what_was_printed_beside_other_numbers(here: Programme) -> None:
    one = printed_as_words(here)
    assert cells_of(one)["value"] == "0.5"
    done = change_record(one, {"text": "Second"}, by=who("officer"), on=TODAY)
    assert (done.text, done.value, done.printed["value_printed"]) == ("Second", 0.5, "half of them")
    done = change_record(done, {"value": "0.75"}, by=who("officer"), on=TODAY)
    assert (done.value, done.printed["value_printed"]) == (0.75, "0.75")


@pytest.mark.parametrize(
    ("cells", "printed"),
    [
        ({"value": "1200000"}, "£1.2m"),
        ({"value": "1200000.0"}, "£1.2m"),
        ({"value": "1.2e6"}, "£1.2m"),
        ({"value": "1200000", "value_printed": "£1,200,000"}, "£1,200,000"),
        ({"value": "1300000"}, "1300000"),
        ({"value": ""}, None),
    ],
)
def test_what_was_printed_stays_as_long_as_the_number(here: Programme, cells: dict[str, str], printed: str) -> None:
    row = {"target": "A", "milestone": "1", "text": "First", "value": "1200000", "value_printed": "£1.2m"}
    frame = actions.pl.DataFrame([row])
    (one,) = add_records(here, Milestone, frame, keeping=keeping(here), by=who("officer"), on=TODAY)
    assert cells_of(one)["value"] == "1200000"
    done = change_record(one, cells, by=who("officer"), on=TODAY)
    assert done.printed.get("value_printed") == printed
    assert done.value == (float(cells["value"]) if cells["value"] else None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(342000.0, "342000"), (-3.0, "-3"), (-0.0, "0"), (0.5, "0.5"), (7, "7"), (True, "true"), ("1.0", "1.0")],
)
def test_a_whole_number_is_written_without_a_point(value: object, text: str) -> None:
    assert actions.written(value) == text


class TestIntake:
    """Taking in a folder leaves an event for every record, and one for the programme."""

    def test_what_writes_is_the_loading_alone(self) -> None:
        functions = inspect.getmembers(intake, inspect.isfunction)
        ours = {name for name, each in functions if each.__module__ == intake.__name__ and name[0] != "_"}
        assert ours == {"enlist_transcriber", "load_programme", "restate_records", "check_relations"}

    def test_each_record_has_its_event(self, load: Callable[[Path], Programme]) -> None:
        made = load(EXAMPLES / "luton")
        events = list(Event.objects.filter(chain="luton"))
        records = {str(one.pk) for model in intake.RECORDS.values() for one in model.objects.filter(programme=made)}
        assert {event.record for event in events[:-1]} == records
        assert (len(events), {event.verb for event in events[:-1]}) == (len(records) + 1, {"added"})
        last = events[-1]
        assert (last.verb, last.kind, last.code, last.record) == ("loaded", "programme", "luton", str(made.pk))
        assert (last.on, last.organisation) == (LOADED_ON.isoformat(), str(made.lead_id))
        assert {event.by for event in events} == {str(who(intake.TRANSCRIPTION).pk)}
        assert sum(model.history.count() for model in intake.RECORDS.values()) == len(records)

    def test_loading_again_tells_of_the_loading_alone(self, load: Callable[[Path], Programme]) -> None:
        load(EXAMPLES / "luton")
        before = Event.objects.count()
        load(EXAMPLES / "luton")
        assert [event.verb for event in Event.objects.filter(number__gt=before)] == ["loaded"]

    def test_a_restatement_tells_of_each_row_that_changed(
        self, load: Callable[[Path], Programme], copy_of: Callable[[str], Path]
    ) -> None:
        folder = copy_of("luton")
        load(folder)
        before = Event.objects.count()
        path = folder / "tables" / "statements.csv"
        head, first, _, *rest = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join((head, first.replace(",1,", ",1,As restated: ", 1), *rest)), encoding="utf-8")
        load(folder)
        events = Event.objects.filter(number__gt=before).values_list("verb", "kind", "reason")
        assert list(events) == [
            ("restated", "statements", "The programme's folder was loaded anew."),
            ("withdrawn", "statements", "It is no longer in the programme's folder."),
            ("loaded", "programme", ""),
        ]

    def test_a_row_that_comes_back_counts_again_unless_somebody_withdrew_it(
        self, load: Callable[[Path], Programme], copy_of: Callable[[str], Path]
    ) -> None:
        folder = copy_of("luton")
        made = load(folder)
        join(person("director"), made, role="director")
        first, second, third = Statement.objects.order_by("position")[:3]
        path = folder / "tables" / "statements.csv"
        whole = path.read_text("utf-8")
        head, *rows = whole.splitlines(keepends=True)
        path.write_text("".join((head, rows[0], *rows[2:])), encoding="utf-8")
        load(folder)
        withdraw(third, who("director"))
        path.write_text(whole.replace(rows[2], rows[2].replace(third.text, "As restated")), encoding="utf-8")
        load(folder)
        assert list(Statement.objects.filter(withdrawn=True)) == [third]
        kept = f"As people changed them here, and not as the folder says, are: {third}."
        assert (last_event()["verb"], last_event()["reason"]) == ("loaded", kept)
        assert [one.text for one in Statement.objects.order_by("position")[:2]] == [first.text, second.text]

    def test_a_folder_that_is_refused_leaves_nothing(
        self, load: Callable[[Path], Programme], copy_of: Callable[[str], Path]
    ) -> None:
        folder = copy_of("luton")
        with (folder / "tables" / "thread.csv").open("a", encoding="utf-8") as file:
            file.write("task,nowhere,delivers,target,nothing,002,s9,\n")
        with pytest.raises(InputRefused):
            load(folder)
        assert {name: rows for name, rows in state().items() if rows} == {}
