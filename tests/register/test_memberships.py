"""Who acts for whom: every membership begins and ends with an event, and ends at once."""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.register.audit.models import Event
from parity.register.invitations.actions import CHAIN, accept_invitation, invitation_token, invited_person
from parity.register.memberships import actions
from parity.register.memberships.actions import (
    Seat,
    end_membership,
    invite_again,
    invite_member,
    manages,
    membership_content,
    seat_person,
    start_membership,
)
from parity.register.models import Membership, Organisation, Person, Programme
from parity.register.people.rules import ROLES, May
from parity.register.policy import enters, managers_of, programmes_of, viewer_of
from parity.register.records.rules import digest
from parity.terms.errors import Fault, InputRefused, NotAllowed, NotFound, ParityError, WrongState
from tests.members import join
from tests.register.worlds import TODAY, organisation, person, programme

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of three partners, each with a director; the first leads it."""
    partners = [organisation(code) for code in ("lead", "ours", "theirs")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners:
        join(person(f"director-{partner.code}"), made, role="director", organisation=partner)
    person("newcomer")
    return made


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def seat(code: str, role: str = "planning_officer", lot: str = "") -> Seat:
    return Seat(Programme.objects.get(slug="here"), Organisation.objects.get(code=code), role, lot)


def state() -> list[Any]:
    return [list(model.objects.values()) for model in (Membership, Event)]


def told(event: Event) -> tuple[str, str, str, str, str]:
    return event.verb, event.kind, event.code, event.by, event.reason


def test_every_action_that_writes_is_tested_here() -> None:
    functions = {name: each for name, each in inspect.getmembers(actions, inspect.isfunction) if name[0] != "_"}
    ours = {name: each for name, each in functions.items() if inspect.unwrap(each).__module__ == actions.__name__}
    writing = {name for name, each in ours.items() if {"by", "on"} <= set(inspect.signature(each).parameters)}
    assert writing == {"start_membership", "invite_member", "invite_again", "seat_person", "end_membership"}


def test_a_membership_begins_and_ends_with_an_event_each(here: Programme) -> None:
    director = who("director-ours")
    made = start_membership(who("newcomer"), seat("ours", lot="north"), by=director, on=TODAY)
    (joined,) = Event.objects.filter(chain="here")
    words = "Planning officer for Ours council, lot north"
    assert told(joined) == ("joined", "membership", words, str(director.pk), "")
    assert (joined.record, joined.organisation) == (str(made.pk), str(made.organisation_id))
    assert (joined.before, joined.after) == ("", digest(membership_content(Membership.objects.get(pk=made.pk))))
    ended = end_membership(made, by=director, on=TOMORROW, reason="Another post")
    left = Event.objects.get(number=2)
    assert told(left) == ("left", "membership", words, str(director.pk), "Another post")
    assert (left.before, left.after) == (joined.after, digest(membership_content(Membership.objects.get(pk=made.pk))))
    assert (ended.starts_on, ended.ends_on) == (TODAY, TOMORROW)


def test_a_seat_that_is_taken_already_is_not_taken_twice(here: Programme) -> None:
    made = start_membership(who("newcomer"), seat("ours"), by=who("director-ours"), on=TODAY)
    before = state()
    again = start_membership(who("newcomer"), seat("ours"), by=who("director-ours"), on=TODAY)
    assert (again, state()) == (made, before)


def invite(email: str = "ben@provider.example", by: str = "director-ours") -> Membership:
    return invite_member(email, seat("ours", "director"), name="Ben", by=who(by), on=TODAY)


def test_an_invitation_gives_a_membership_that_waits_until_its_person_signs_in(here: Programme) -> None:
    made = invite()
    assert (made.person.email, made.waits) == ("ben@provider.example", True)
    assert list(Event.objects.order_by("chain").values_list("chain", "verb")) == [
        ("here", "joined"), (CHAIN, "invited"),
    ]  # fmt: skip
    Person.objects.filter(pk=made.person.pk).update(last_login=timezone.now())
    assert Membership.objects.get(pk=made.pk).waits is False
    assert list(Membership.objects.filter(Membership.taken_up(), pk=made.pk)) == [made]


def test_a_membership_of_whoever_was_known_waits_as_that_of_a_stranger(here: Programme) -> None:
    Person.objects.filter(username="newcomer").update(email="new@provider.example", last_login=timezone.now())
    made = invite("NEW@provider.example")
    assert (made.person, made.waits) == (who("newcomer"), True)


def test_a_manager_who_has_not_come_yet_does_not_keep_the_lead_out(here: Programme) -> None:
    own = Membership.objects.get(person__username="director-ours")
    invite()
    end_membership(own, by=who("director-ours"), on=TODAY, reason="Left")
    assert manages(viewer_of(who("director-lead"), here, on=TODAY), seat("ours"))


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_sent_again_and_withdrawn(here: Programme) -> None:
    made = invite()
    token = invitation_token(made.person)
    invite_again(made, by=who("director-ours"), on=TODAY)
    assert [(one.to, "/invitation/" in one.body) for one in mail.outbox] == [(["ben@provider.example"], True)] * 2
    assert invited_person(token) == made.person
    end_membership(made, by=who("director-ours"), on=TODAY, reason="A slip")
    with pytest.raises(NotFound):
        invited_person(token)


def test_a_link_that_another_membership_waits_for_stays(here: Programme) -> None:
    made = invite()
    invite_member("ben@provider.example", seat("ours"), name="", by=who("director-ours"), on=TODAY)
    end_membership(made, by=who("director-ours"), on=TODAY, reason="A slip")
    assert invited_person(invitation_token(made.person)) == made.person


def test_an_invitation_that_was_taken_up_is_not_sent_again(here: Programme) -> None:
    made = invite()
    accept_invitation(invitation_token(made.person), password="three plain words", on=TODAY)
    Person.objects.filter(pk=made.person.pk).update(last_login=timezone.now())
    before = state()
    with pytest.raises(WrongState, match="taken up"):
        invite_again(Membership.objects.get(pk=made.pk), by=who("director-ours"), on=TODAY)
    assert state() == before


def test_nobody_is_invited_to_where_one_does_not_manage(here: Programme) -> None:
    before, people = state(), Person.objects.count()
    with pytest.raises(NotAllowed):
        invite(by="director-lead")
    assert (state(), Person.objects.count(), mail.outbox) == (before, people, [])


def test_whoever_left_can_come_back(here: Programme) -> None:
    director = who("director-ours")
    made = start_membership(who("newcomer"), seat("ours"), by=director, on=TODAY)
    end_membership(made, by=director, on=TODAY, reason="A slip")
    again = start_membership(who("newcomer"), seat("ours"), by=director, on=TODAY)
    assert again.pk != made.pk
    assert enters(viewer_of(who("newcomer"), here, on=TODAY))


def start(code: str, by: str, role: str = "planning_officer") -> Callable[[], object]:
    return lambda: start_membership(who("newcomer"), seat(code, role), by=who(by), on=TODAY)


def end(of: str, by: str, **how: Any) -> Callable[[], object]:
    def ended() -> object:
        membership = Membership.objects.get(person__username=of)
        return end_membership(membership, by=who(by), on=how.get("on", TODAY), reason="Because")

    return ended


REFUSED: tuple[tuple[str, Callable[[], object], type[ParityError]], ...] = (
    ("a stranger's organisation", start("theirs", "director-ours"), NotAllowed),
    ("the lead's organisation", start("lead", "director-ours"), NotAllowed),
    ("a partner that has a manager, by the lead's", start("ours", "director-lead"), NotAllowed),
    ("ending a partner's, by the lead's", end("director-ours", "director-lead"), NotAllowed),
    ("nobody's business", start("ours", "newcomer"), NotAllowed),
    ("a role that is none", start("ours", "director-ours", "king"), InputRefused),
    ("ending a stranger's", end("director-theirs", "director-ours"), NotAllowed),
    ("ending without a part in it", end("director-ours", "newcomer"), NotFound),
)


@pytest.mark.parametrize(("act", "error"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_is_refused_leaves_nothing(here: Programme, act: Callable[[], object], error: type[ParityError]) -> None:
    before = state()
    with pytest.raises(error):
        act()
    assert state() == before


def test_an_organisation_outside_the_programme_is_refused(here: Programme) -> None:
    organisation("elsewhere")
    before = state()
    with pytest.raises(InputRefused) as refused:
        start_membership(who("newcomer"), seat("elsewhere"), by=who("director-lead"), on=TODAY)
    assert refused.value.faults == [
        Fault("membership", "Elsewhere council takes no part in this programme.", column="organisation")
    ]
    assert state() == before


def test_what_has_ended_is_not_ended_again(here: Programme) -> None:
    made = start_membership(who("newcomer"), seat("ours"), by=who("director-ours"), on=TODAY)
    end_membership(made, by=who("director-ours"), on=TODAY, reason="Because")
    before = state()
    with pytest.raises(WrongState):
        end_membership(made, by=who("director-ours"), on=TODAY, reason="Because")
    assert state() == before


@pytest.mark.parametrize("act", ["joined", "left"])
def test_a_write_whose_event_fails_leaves_nothing(here: Programme, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()

    def fail(*arguments: Any, **named: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "append_events", fail)
    acts = {"joined": start("ours", "director-ours"), "left": end("director-ours", "director-ours")}
    with pytest.raises(OSError, match="the disk is full"):
        acts[act]()
    assert state() == before


DAYS = st.sampled_from((-1, 0, 1))
SEATS = st.tuples(
    st.sampled_from(("me", "another", "idle", "demo", "invited")), st.sampled_from(("lead", "ours", "theirs")),
    st.sampled_from(("director", "planning_officer")), st.sampled_from(("", "north", "south")), DAYS, st.none() | DAYS,
)  # fmt: skip


@pytest.mark.django_db
@settings(deadline=None, max_examples=150)
@given(seats=st.lists(SEATS, max_size=7), lot=st.sampled_from(("", "north")))
def test_an_organisations_own_managers_say_who_acts_and_the_leads_only_while_it_has_none(
    seats: list[tuple[str, str, str, str, int, int | None]], lot: str
) -> None:
    """Of those who sit where, only who can sign in, and where invited has done so, manages; each of a lot that lot."""
    with transaction.atomic():
        partners = {code: organisation(code) for code in ("lead", "ours", "theirs")}
        people = {name: person(name) for name in ("me", "another", "idle", "demo", "invited")}
        Person.objects.filter(username="idle").update(is_active=False)
        Person.objects.filter(username="demo").update(is_demo=True)
        made = programme("here", *partners.values(), by=people["me"])
        for name, code, role, place, starts, ends in seats:
            Membership.objects.create(
                person=people[name], programme=made, organisation=partners[code], role=role, lot=place,
                starts_on=TODAY + timedelta(days=starts),
                ends_on=None if ends is None else TODAY + timedelta(days=ends),
                invited_at=timezone.now() if name == "invited" else None,
            )  # fmt: skip
        viewer, managers = viewer_of(people["me"], made, on=TODAY), managers_of(made, on=TODAY)
        told = {code: managers.let(viewer, one.pk, lot) for code, one in partners.items()}
        transaction.set_rollback(True)
    managing = {
        (name, code)
        for name, code, role, place, starts, ends in seats
        if role == "director" and place in ("", lot) and starts <= 0 and (ends is None or ends > 0)
    }
    mine = {code for name, code in managing if name == "me"}
    managed = {code for name, code in managing if name in ("me", "another")}
    assert told == {code: code in mine or ("lead" in mine and code not in managed) for code in partners}


def test_the_leads_manager_seats_a_partners_first_manager_and_nobody_after(here: Programme) -> None:
    end_membership(
        Membership.objects.get(person__username="director-ours"), by=who("director-ours"), on=TODAY, reason="Left"
    )
    start_membership(who("newcomer"), seat("ours", "director"), by=who("director-lead"), on=TODAY)
    before = state()
    with pytest.raises(NotAllowed):
        start_membership(who("director-ours"), seat("ours", "director"), by=who("director-lead"), on=TODAY)
    assert state() == before


def test_a_manager_of_one_lot_says_who_acts_in_that_lot_alone(here: Programme) -> None:
    join(who("newcomer"), here, role="director", organisation=seat("ours").organisation)
    Membership.objects.filter(person=who("newcomer")).update(lot="north")
    viewer = viewer_of(who("newcomer"), here, on=TODAY)
    assert [manages(viewer, seat("ours", lot=lot)) for lot in ("north", "south", "")] == [True, False, False]
    before = state()
    with pytest.raises(NotAllowed):
        start_membership(who("newcomer"), seat("ours", "director"), by=who("newcomer"), on=TODAY)
    assert state() == before


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_that_manage_say_who_acts(here: Programme, role: str) -> None:
    seat_person(who("newcomer"), seat("ours", role), by=who("starter"), on=TODAY)
    assert manages(viewer_of(who("newcomer"), here, on=TODAY), seat("ours")) is (May.MANAGE in ROLES[role].may)


@pytest.mark.parametrize(
    ("starts", "ends", "within"),
    [
        (TODAY, None, True),
        (YESTERDAY, TOMORROW, True),
        (YESTERDAY, TODAY, False),
        (TOMORROW, None, False),
        (TODAY, TODAY, False),
    ],
)
def test_a_membership_holds_from_its_first_day_to_the_day_before_it_ends(
    here: Programme, starts: Any, ends: Any, within: bool
) -> None:
    one = who("newcomer")
    place = {"person": one, "programme": here, "organisation": here.lead}
    Membership.objects.create(**place, role="provider", starts_on=starts, ends_on=ends)
    assert enters(viewer_of(one, here, on=TODAY)) is within
    assert programmes_of(one, on=TODAY).contains(here) is within


class TestAtTheNextRequest:
    """Whoever is removed is out at the next request, with the session they have."""

    @pytest.fixture
    def client(self, here: Programme) -> Client:
        visitor = Client(SERVER_NAME="127.0.0.1")
        visitor.force_login(who("director-ours"))
        return visitor

    PAGES = ("/here/", "/here/figures/", "/here/thread/", "/api/programmes/here/figures")

    def statuses(self, client: Client) -> set[int]:
        return {client.get(page).status_code for page in self.PAGES}

    def test_a_member_who_leaves_finds_nothing(self, client: Client) -> None:
        today = timezone.localdate()
        assert self.statuses(client) == {HTTPStatus.OK}
        assert "Here" in client.get("/").content.decode()
        left = Membership.objects.get(person__username="director-ours")
        end_membership(left, by=who("director-ours"), on=today, reason="Moved on")
        assert self.statuses(client) == {HTTPStatus.NOT_FOUND}
        assert "Here" not in client.get("/").content.decode()

    def test_a_person_who_is_made_inactive_finds_nothing(self, client: Client, here: Programme) -> None:
        Person.objects.filter(username="director-ours").update(is_active=False)
        assert HTTPStatus.OK not in self.statuses(client)
        assert viewer_of(who("director-ours"), here, on=timezone.localdate()).standings == ()

    def test_what_is_not_theirs_looks_like_what_is_not_there(self, client: Client) -> None:
        programme("elsewhere", organisation("other"), by=who("starter"))
        answers = [client.get(f"/{slug}/") for slug in ("elsewhere", "nowhere")]
        assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
        first, second = (TOKEN.sub("", answer.content.decode()) for answer in answers)
        assert first.replace("elsewhere", "nowhere") == second
