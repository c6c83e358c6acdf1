"""Invitations: a link that works once, the same answer for whoever is known, and an event for every step."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail

from parity.register.invitations.actions import (
    CHAIN,
    accept_invitation,
    end_sessions,
    invitation_token,
    invite_person,
    invited_person,
)
from parity.register.models import Event, Person
from parity.terms.errors import InputRefused, NotFound
from tests.web.signing_in import PASSWORD, browser, enter, faults, heading, link, notices, page

NOW = "2026-03-02 10:00"
TODAY = date(2026, 3, 2)
BEN = "ben@provider.example"
GONE = "This invitation was used or withdrawn, or is older than 7 days. Ask whoever invited you for another."


@pytest.fixture
def person(transactional_db: None, person: Person) -> Person:
    """Who invites; transactions are kept, so that the e-mails which wait for that are sent."""
    return person


@pytest.fixture
def invited(person: Person) -> Person:
    return invite_person(f" {BEN.upper()}", name="Ben Example", by=person, on=TODAY)


def choose(client: object, path: str, password: str = PASSWORD) -> object:
    """The page after choosing a password."""
    return client.post(path, {"password1": password}, follow=True)


def test_an_invited_person_chooses_a_password_and_sets_up_a_second_step(invited: Person) -> None:
    assert (invited.username, invited.email, invited.get_full_name()) == (BEN, BEN, "Ben Example")
    assert (mail.outbox[0].to, mail.outbox[0].subject) == ([BEN], "Parity: an invitation")
    client = browser()
    shown = client.get(link())
    assert (heading(shown), page(shown).one("main").one("strong").text) == ("Your invitation", BEN)
    response = choose(client, link())
    assert (heading(response), notices(response)) == ("Sign in", ["Your password is set. Sign in with it."])
    enter(client, BEN)
    assert client.get("/")["Location"] == "/account/second-step/"


def test_an_invited_person_cannot_sign_in_before(invited: Person) -> None:
    assert faults(enter(browser(), BEN, "")) == ["Enter your password."]
    assert faults(enter(browser(), BEN, "!")) == ["Enter a user name and password that belong together."]


def test_an_invitation_carries_only_its_link(invited: Person) -> None:
    assert mail.outbox[0].body == (
        "You are invited to Parity. Choose how you will sign in:\n\n"
        f"http://127.0.0.1:8000{link()}\n\n"
        "The link works once, within 7 days. If you do not expect an invitation, you need not do anything.\n"
    )


@pytest.mark.parametrize("address", [BEN, "Ana@Council.example"])
def test_the_inviter_is_told_the_same_for_the_known_and_the_unknown(person: Person, address: str) -> None:
    invited = invite_person(address, name="Somebody", by=person, on=TODAY)
    assert (invited.email, len(mail.outbox), mail.outbox[0].to) == (address.lower(), 1, [address.lower()])
    assert list(Event.objects.filter(chain=CHAIN).values_list("verb", "record")) == [("invited", str(invited.pk))]


def test_whoever_signs_in_already_is_led_there(person: Person) -> None:
    assert invite_person(person.email, name="Another name", by=person, on=TODAY) == person
    person.refresh_from_db()
    assert (link(), person.get_full_name()) == ("/sign-in/", "Ana Example")


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b", "x" * 145 + "@long.example", "two@one.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(person: Person, address: str) -> None:
    with pytest.raises(InputRefused, match="Enter an e-mail address"):
        invite_person(address, name="", by=person, on=TODAY)
    assert (Person.objects.count(), mail.outbox) == (1, [])


def test_an_invitation_works_once(invited: Person) -> None:
    choose(browser(), link())
    response = browser().get(link())
    assert (response.status_code, page(response).one("main").all("p")[0].text) == (404, GONE)
    assert choose(browser(), link(), "four other plain words").status_code == 404
    assert enter(browser(), BEN).status_code == 302


@pytest.mark.parametrize(("days", "works"), [(7, True), (7.001, False)])
def test_an_invitation_lasts_seven_days(person: Person, days: float, works: bool) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        invite_person(BEN, name="", by=person, on=TODAY)
        clock.shift(timedelta(days=days))
        assert (browser().get(link()).status_code == 200) == works


def test_an_invitation_can_be_ended(person: Person, invited: Person) -> None:
    end_sessions(invited, by=person, on=TODAY)
    assert browser().get(link()).status_code == 404


def test_of_two_invitations_the_second_dies_with_the_first(person: Person, invited: Person) -> None:
    invite_person(BEN, name="", by=person, on=TODAY)
    choose(browser(), link(0))
    assert browser().get(link(1)).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "." * 3000])
def test_a_made_up_invitation_says_what_a_used_one_says(db: None, token: str) -> None:
    response = browser().get(f"/invitation/{token}/")
    assert (response.status_code, page(response).one("main").all("p")[0].text) == (404, GONE)


def test_an_invitation_of_one_person_is_none_of_another(person: Person, invited: Person) -> None:
    mine = invitation_token(invited).split(":")
    other = invitation_token(Person.objects.create(username="eve")).split(":")
    with pytest.raises(NotFound):
        invited_person(":".join([other[0], *mine[1:]]))


def test_somebody_who_was_shut_out_is_not_let_in_by_an_invitation(invited: Person) -> None:
    invited.is_active = False
    invited.save()
    assert browser().get(link()).status_code == 404


def test_a_weak_password_is_refused_and_the_invitation_stays(invited: Person) -> None:
    response = choose(browser(), link(), "short")
    assert faults(response) == ["This password is too short. It must contain at least 12 characters."]
    assert browser().get(link()).status_code == 200


def test_whoever_is_signed_in_as_another_accepts_as_the_invited(person: Person, invited: Person) -> None:
    client = browser()
    enter(client, "ana")
    choose(client, link())
    assert client.get("/account/").status_code == 302
    invited.refresh_from_db()
    assert invited.has_usable_password()


def test_every_step_is_an_event_without_a_name(person: Person, invited: Person) -> None:
    accept_invitation(invitation_token(invited), password=PASSWORD, on=TODAY)
    end_sessions(invited, by=person, on=TODAY)
    ben, ana = str(invited.pk), str(person.pk)
    assert list(Event.objects.filter(chain=CHAIN).values_list("verb", "by", "record", "code")) == [
        ("invited", ana, ben, ""), ("accepted", ben, ben, ""), ("signed out everywhere", ana, ben, ""),
    ]  # fmt: skip


def test_opening_an_invitation_changes_nothing(invited: Person) -> None:
    before = list(Person.objects.values())
    for _ in range(2):
        assert browser().get(link()).status_code == 200
    assert list(Person.objects.values()) == before


def test_twenty_tries_a_minute_are_enough(person: Person, invited: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        invite_person(BEN, name="", by=person, on=TODAY)
        path = link()
        for number in range(20):
            invite_person(f"p{number}@provider.example", name="", by=person, on=TODAY)
            choose(browser(), link())
        assert choose(browser(), path).status_code == 429
