"""Changing how records are kept: lot, holder and owner, one by one or from a body that closed to its successor."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from parity.plan.models import Milestone
from parity.register.audit.models import Event
from parity.register.keeping import actions
from parity.register.keeping.actions import give_record, hand_over, keep_record, owned_by
from parity.register.models import Grant, Membership, Organisation, Person, Programme, Statement
from parity.register.policy import SEE, viewer_of
from parity.register.records.actions import Keeping, content_of, share_record, withdraw_record
from parity.register.records.rules import digest
from parity.register.sharing.models import Sharing
from parity.terms.errors import InputRefused, NotAllowed, NotFound, ParityError, WrongState
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of three partners: of each a director, of the first also an officer and a risk owner."""
    partners = [organisation(code) for code in ("ours", "theirs", "third")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners:
        join(person(f"director-{partner.code}"), made, role="director", organisation=partner)
    join(person("officer"), made)
    join(person("owner"), made, role="risk_owner")
    return made


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def kept(here: Programme, number: str = "1", **how: Any) -> Statement:
    return add(Statement, here, keeping=Keeping(here.lead, **how), by=who("director-ours"), list="Aims", number=number)


def state() -> list[Any]:
    return [list(model.objects.values()) for model in (Statement, Grant, Event)] + [list(Statement.history.values())]


def keep(record: Statement, by: str = "officer", lot: str = "", held_by: str = "") -> Statement:
    return keep_record(record, lot=lot, held_by=who(held_by) if held_by else None, by=who(by), on=TODAY, reason="Why")


def give(
    record: Statement, to: str = "theirs", by: str = "director-ours", reason: str = "They lead on it"
) -> Statement:
    return give_record(record, body(to), by=who(by), on=TODAY, reason=reason)


def test_every_action_that_writes_is_tested_here() -> None:
    functions = {name: each for name, each in inspect.getmembers(actions, inspect.isfunction) if name[0] != "_"}
    ours = {name: each for name, each in functions.items() if inspect.unwrap(each).__module__ == actions.__name__}
    writing = {name for name, each in ours.items() if {"by", "on"} <= set(inspect.signature(each).parameters)}
    assert writing == {"keep_record", "give_record", "hand_over"}


def test_lot_and_holder_change_with_history_and_event(here: Programme) -> None:
    done = keep(kept(here), lot=" north ", held_by="owner")
    assert (done.lot, done.held_by, done.version, done.history.count()) == ("north", who("owner"), 2, 2)
    event = Event.objects.get(number=2)
    assert (event.verb, event.by, event.reason) == ("kept otherwise", str(who("officer").pk), "Why")
    assert event.after == digest(content_of(Statement.objects.get()))
    before = state()
    assert keep(done, lot="north", held_by="owner").version == 2
    assert state() == before


def test_a_holder_who_has_left_may_stay_and_is_not_chosen_anew(here: Programme) -> None:
    one = keep(kept(here), held_by="owner")
    Membership.objects.filter(person=who("owner")).update(ends_on=TODAY)
    assert keep(one, lot="north", held_by="owner").lot == "north"
    with pytest.raises(InputRefused, match="acts for Ours council today"):
        keep(kept(here, "2"), held_by="owner")


def test_a_record_goes_to_another_partner_with_its_story_and_shared_as_it_was(here: Programme) -> None:
    one = keep(kept(here), lot="north", held_by="owner")
    share = {"by": who("director-ours"), "on": TODAY}
    one = share_record(one, Sharing.NAMED, named={body("third"): None}, **share)
    done = give(one)
    assert (done.organisation, done.held_by, done.lot, done.sharing) == (body("theirs"), None, "north", Sharing.NAMED)
    assert list(Grant.objects.values_list("organisation__code", flat=True)) == ["third"]
    event = Event.objects.order_by("-number").first()
    assert (event.verb, event.reason) == ("handed over", "From Ours council to Theirs council. They lead on it")
    assert event.organisation == str(body("ours").pk), "the giver did it, and reads of it"
    sees = {name: SEE.holds(viewer_of(who(name), here, on=TODAY), done) for name in ("officer", "director-theirs")}
    assert sees == {"officer": False, "director-theirs": True}


def in_lot(role: str, lot: str) -> str:
    """The name of somebody who acts for the first partner in one lot alone."""
    made = join(person(f"{role}-{lot}"), Programme.objects.get(slug="here"), role=role)
    Membership.objects.filter(pk=made.pk).update(lot=lot)
    return made.person.username


REFUSED: tuple[tuple[str, Callable[[Statement], object], type[ParityError]], ...] = (
    ("keeping, by a holder", lambda one: keep(keep(one, held_by="owner"), by="owner", lot="x"), NotAllowed),
    ("keeping, by a stranger", lambda one: keep(one, by="director-theirs"), NotFound),
    ("moving to another lot", lambda one: keep(keep(one, lot="a"), by=in_lot("director", "a"), lot="b"), NotAllowed),
    ("keeping, by a stranger's hand", lambda one: keep(one, held_by="director-theirs"), InputRefused),
    ("giving, by an officer", lambda one: give(one, by="officer"), NotAllowed),
    ("giving, by a stranger", lambda one: give(one, by="director-theirs"), NotFound),
    ("giving to itself", lambda one: give(one, "ours"), InputRefused),
    ("giving to no partner", lambda one: give(one, organisation("far").code), InputRefused),
    ("giving without a reason", lambda one: give(one, reason=" "), InputRefused),
    ("handing over, by the lead", lambda one: handed("director-ours", giver="theirs"), NotAllowed),
    ("handing over what has not closed", lambda one: handed("director-ours"), WrongState),
)  # fmt: skip


@pytest.mark.parametrize(("act", "error"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_is_refused_leaves_nothing(
    here: Programme, act: Callable[[Statement], object], error: type[ParityError]
) -> None:
    one = kept(here)
    with pytest.raises(error):
        act(one)
    one.refresh_from_db()
    assert (one.organisation, one.version <= 2) == (body("ours"), True)
    assert Event.objects.filter(verb="handed over").count() == 0


def test_a_name_that_the_receiver_uses_already_is_refused(here: Programme) -> None:
    theirs = Keeping(body("theirs"))
    add(Statement, here, keeping=theirs, by=who("director-theirs"), list="Aims", number="1")
    one = kept(here)
    before = state()
    with pytest.raises(InputRefused, match="Theirs council has a statement Aims/1 already"):
        give(one)
    assert state() == before


def test_what_was_withdrawn_is_not_given_alone(here: Programme) -> None:
    one = withdraw_record(kept(here), by=who("director-ours"), on=TODAY, reason="A slip")
    with pytest.raises(WrongState):
        give(one)


def handed(by: str = "director-ours", *, giver: str = "ours", stems: tuple[str, ...] = ("statements",)) -> int:
    here = Programme.objects.get(slug="here")
    return hand_over(body(giver), here, stems=stems, by=who(by), on=TODAY, reason="It closed")


class TestAClosedBody:
    """What it keeps stays with it until its own managers hand it over to the body that took over."""

    @pytest.fixture
    def closed(self, here: Programme) -> Programme:
        Organisation.objects.filter(code="ours").update(closed_on=TODAY, successor=body("theirs"))
        private, shared = kept(here), kept(here, "2", sharing=Sharing.PARTNERS)
        withdraw_record(kept(here, "3"), by=who("director-ours"), on=TODAY, reason="A slip")
        add(Milestone, here, keeping=Keeping(here.lead), by=who("officer"))
        assert (private.organisation, shared.organisation) == (body("ours"), body("ours"))
        return here

    def test_the_registers_chosen_go_and_no_other(self, closed: Programme) -> None:
        assert owned_by(closed, body("ours")) == {"milestones": 1, "statements": 3}
        assert handed() == 3
        assert [owned_by(closed, body(code)) for code in ("ours", "theirs")] == [{"milestones": 1}, {"statements": 3}]
        told = Event.objects.filter(verb="handed over")
        assert [told.count(), {event.reason for event in told}] == [
            3, {"From Ours council to Theirs council. It closed"},
        ]  # fmt: skip
        assert list(Statement.objects.values_list("sharing", "withdrawn")) == [
            ("private", False), ("partners", False), ("private", True),
        ]  # fmt: skip

    def test_all_goes_or_nothing(self, closed: Programme) -> None:
        add(Statement, closed, keeping=Keeping(body("theirs")), by=who("director-theirs"), list="Aims", number="2")
        before = state()
        with pytest.raises(InputRefused, match="has a statement Aims/2 already"):
            handed(stems=("milestones", "statements"))
        assert state() == before

    def test_a_successor_outside_the_programme_gets_nothing(self, closed: Programme) -> None:
        Organisation.objects.filter(code="ours").update(successor=organisation("far"))
        with pytest.raises(WrongState):
            handed()

    @pytest.mark.parametrize("name", ["director-theirs", "officer"])
    def test_its_own_managers_alone_hand_over(self, closed: Programme, name: str) -> None:
        with pytest.raises(NotAllowed):
            handed(name)
