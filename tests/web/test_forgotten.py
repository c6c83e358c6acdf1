"""A forgotten password: one page and one e-mail whether or not somebody bears the address, a link that works once."""

from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from parity.register.models import Person
from tests.web.signing_in import PASSWORD, browser, enter, faults, give_app, heading, link

NOW = "2026-03-02 10:00"
NEW = "four other plain words"
FORGOTTEN = "/sign-in/forgotten/"


def ask(client: Client, email: str, **more: Any) -> Any:
    """The page after asking for a link."""
    return client.post(FORGOTTEN, {"email": email}, follow=True, **more)


def form_of(client: Client, path: str) -> str:
    """Where the link leads: the address of the form, which holds no secret."""
    address = client.get(path)["Location"]
    assert address.endswith("/set-password/")
    return address


@pytest.fixture
def people(person: Person) -> None:
    """People who get no link, each for another reason."""
    Person.objects.create_user("idle", "idle@council.example", PASSWORD, is_active=False)
    Person.objects.create_user("demo", "demo@council.example", PASSWORD, is_demo=True)
    Person.objects.create_user("awaited", "awaited@council.example")


def test_a_link_brings_a_new_password(person: Person) -> None:
    client = browser()
    assert heading(ask(client, "Ana@Council.example")) == "Look at your e-mail"
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["ana@council.example"], "Parity: choose a new password")
    address = form_of(client, link())
    assert heading(client.get(address)) == "Choose a new password"
    response = client.post(address, {"password1": NEW}, follow=True)
    assert heading(response) == "Your password is changed"
    assert faults(enter(client, "ana", PASSWORD)) != []
    assert enter(client, "ana", NEW).status_code == 302


NOBODY = ["nobody", "idle", "demo", "awaited"]


@pytest.mark.parametrize("name", NOBODY)
def test_who_gets_no_link_sees_the_same_and_gets_an_e_mail_too(people: None, name: str) -> None:
    client = browser()
    known, unknown = (ask(client, f"{each}@council.example") for each in ("ana", name))
    assert (unknown.status_code, unknown.redirect_chain) == (known.status_code, known.redirect_chain)
    assert unknown.content == known.content
    assert [sent.to for sent in mail.outbox] == [["ana@council.example"], [f"{name}@council.example"]]
    assert mail.outbox[1].body.startswith("Somebody asked for a new password for this address, but nobody signs in")


def test_no_e_mail_says_who_somebody_is(people: None) -> None:
    for name in ("ana", *NOBODY):
        ask(browser(), f"{name}@council.example")
    assert [sent.body for sent in mail.outbox if "ana" in sent.body.lower().split()] == []
    assert {sent.from_email for sent in mail.outbox} == {"parity@localhost"}


def test_a_link_works_once(person: Person) -> None:
    client = browser()
    ask(client, "ana@council.example")
    client.post(form_of(client, link()), {"password1": NEW})
    assert heading(browser().get(link(0))) == "This link no longer works"
    # nor does the page that was left open
    assert heading(client.post(f"{link(0).rsplit('/', 2)[0]}/set-password/", {"password1": NEW})) == (
        "This link no longer works"
    )


@pytest.mark.parametrize(("seconds", "works"), [(3600, True), (3601, False)])
def test_a_link_works_for_an_hour(person: Person, seconds: int, works: bool) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ask(browser(), "ana@council.example")
        clock.shift(seconds)
        assert (browser().get(link()).status_code == 302) == works


@pytest.mark.parametrize("path", ["1/abc-def/", "zzzz/abc-def/", "0000/set-password/", "x/y/"])
def test_a_made_up_link_says_what_a_used_one_says(db: None, path: str) -> None:
    response = browser().get(FORGOTTEN + path)
    assert (response.status_code, heading(response)) == (200, "This link no longer works")


def test_a_link_of_one_person_is_none_of_another(person: Person) -> None:
    other = Person.objects.create_user("eve", "eve@council.example", PASSWORD)
    ask(browser(), "ana@council.example")
    assert heading(browser().get(link().replace(person.pk.hex, other.pk.hex))) == "This link no longer works"


def test_another_host_in_the_request_does_not_turn_the_link(person: Person, settings: Any) -> None:
    ask(Client(SERVER_NAME="localhost"), "ana@council.example")
    assert "http://127.0.0.1:8000/sign-in/forgotten/" in mail.outbox[0].body
    refused = ask(Client(SERVER_NAME="elsewhere.example"), "ana@council.example")
    assert (refused.status_code, len(mail.outbox)) == (400, 1)
    forwarded = ask(browser(), "ana@council.example", headers={"X-Forwarded-Host": "elsewhere.example"})
    assert (forwarded.status_code, "elsewhere" in mail.outbox[1].body) == (200, False)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "This password is too short. It must contain at least 12 characters."),
        ("qwerty123456", "This password is too common."),
        ("", "Enter a new password."),
    ],
)
def test_a_weak_password_is_refused(person: Person, password: str, said: str) -> None:
    client = browser()
    ask(client, "ana@council.example")
    assert faults(client.post(form_of(client, link()), {"password1": password})) == [said]


def test_a_new_password_ends_every_session(person: Person) -> None:
    other, client = browser(), browser()
    enter(other, "ana")
    ask(client, "ana@council.example")
    client.post(form_of(client, link()), {"password1": NEW})
    assert other.get("/account/").status_code == 302


def test_a_new_password_does_not_pass_by_the_second_factor(person: Person) -> None:
    give_app(person)
    client = browser()
    ask(client, "ana@council.example")
    client.post(form_of(client, link()), {"password1": NEW})
    assert enter(client, "ana", NEW)["Location"] == "/sign-in/second-step/"


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_five_links_a_minute_are_enough(person: Person, name: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        asked = [ask(browser(), f"{name}@council.example").status_code for _ in range(6)]
        assert (asked, len(mail.outbox)) == ([200] * 5 + [429], 5)
        clock.shift(61)
        assert ask(browser(), f"{name}@council.example").status_code == 200


def test_too_often_is_said_on_a_page_of_ours(person: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        for _ in range(5):
            ask(browser(), "ana@council.example")
        assert heading(ask(browser(), "ana@council.example")) == "You tried too often"
