"""The second factor: nobody on the staff passes without, each code works once, and its secrets rest encrypted."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core import mail
from django.test import Client

from parity.register.invitations.actions import remove_second_factors
from parity.register.models import Person, Programme
from tests.web.signing_in import browser, code, enter, faults, give_app, heading, page

NOW = "2026-03-02 10:00"
TODAY = date(2026, 3, 2)
SET_UP = "/account/second-step/"
WRONG_CODE = ["Enter the code as it is shown now. Each code works once."]
Kept = Callable[..., AbstractContextManager[object]]
TOO_OFTEN = ["You tried too often. Wait five minutes."]


@pytest.fixture
def person(person: Person) -> Person:
    """Somebody on the staff."""
    person.is_public = False
    person.save()
    return person


@pytest.fixture
def client(person: Person, programme: Programme) -> Client:
    return browser()


@pytest.fixture
def kept(django_capture_on_commit_callbacks: Kept) -> Kept:
    """Does what waits until a transaction is kept."""
    return django_capture_on_commit_callbacks


def confirm(client: Client, typed: str) -> object:
    """The answer to the page after the password."""
    return client.post("/sign-in/second-step/", {"code": typed})


def set_up_app(client: Client) -> str:
    """The secret of an app that is set up by the page."""
    secret = page(client.get(f"{SET_UP}app/")).one("main").one("code").text.replace(" ", "")
    assert client.post(f"{SET_UP}app/", {"code": code(secret)})["Location"] == f"{SET_UP}codes/"
    return secret


@pytest.mark.parametrize(
    "address",
    ["/", "/leicester/", "/leicester/analyse/sample/", "/account/", "/account/password/", "/account/linked/",
     f"{SET_UP}codes/", f"{SET_UP}passkeys/", "/fail/", "/nowhere/analyse/"],
)  # fmt: skip
def test_without_a_second_factor_every_page_leads_to_its_set_up(client: Client, address: str) -> None:
    enter(client, "ana")
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, SET_UP)
    assert client.post(address)["Location"] == SET_UP


def test_without_a_second_factor_the_api_says_what_to_do(client: Client) -> None:
    enter(client, "ana")
    response = client.get("/api/programmes/leicester/figures")
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert json.loads(response.content)["detail"] == (
        "Set up a second step of your sign-in first: open the workspace in a browser."
    )


def test_public_pages_and_the_way_out_stay_open(client: Client) -> None:
    enter(client, "ana")
    assert [client.get(address).status_code for address in ("/accessibility/", "/sign-out/", SET_UP)] == [200] * 3
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("kind", ["is_public", "is_demo"])
def test_the_public_and_the_demos_people_need_none(client: Client, person: Person, settings: object, kind: str) -> None:
    settings.DEMO = True
    setattr(person, kind, True)
    person.save()
    enter(client, "ana")
    assert client.get("/account/").status_code == 200


def test_an_app_is_set_up_and_then_asked_for(client: Client, person: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        enter(client, "ana")
        secret = set_up_app(client)
        assert client.get("/").status_code == 200
        assert len(page(client.get(f"{SET_UP}codes/")).one("main").all("code")) == 10
        other = browser()
        assert enter(other, "ana", next="/leicester/")["Location"] == "/sign-in/second-step/"
        assert other.get("/leicester/").status_code == 302
        assert faults(confirm(other, "000000")) == WRONG_CODE
        assert confirm(other, code(secret))["Location"] == "/leicester/"
        assert other.get("/leicester/").status_code == 200


def test_a_wrong_first_code_sets_nothing_up(client: Client, person: Person) -> None:
    enter(client, "ana")
    client.get(f"{SET_UP}app/")
    assert faults(client.post(f"{SET_UP}app/", {"code": "12"})) == WRONG_CODE
    assert not Authenticator.objects.exists()


def test_a_code_works_once_for_as_long_as_it_would_be_taken(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        shown = code(secret)
        enter(client, "ana")
        assert confirm(client, shown).status_code == 302
        for seconds in (0, 29, 30):
            clock.shift(seconds)
            other = browser()
            enter(other, "ana")
            assert faults(confirm(other, f"{shown[:3]} {shown[3:]}")) == WRONG_CODE


def test_codes_of_the_half_minutes_beside_are_taken_and_no_others(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False):
        taken = {}
        for later in (-2, -1, 0, 1, 2):
            other = browser()
            enter(other, "ana")
            taken[later] = confirm(other, code(secret, later=later)).status_code == 302
        assert taken == {-2: False, -1: True, 0: True, 1: True, 2: False}


def test_five_wrong_codes_lock_the_step(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        assert [faults(confirm(client, "000000")) for _ in range(6)] == [WRONG_CODE] * 5 + [TOO_OFTEN]
        assert faults(confirm(client, code(secret))) == TOO_OFTEN
        clock.shift(301)
        assert confirm(client, code(secret)).status_code == 302


def test_a_password_alone_waits_for_its_code_a_quarter_of_an_hour(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        clock.shift(timedelta(minutes=15, seconds=1))
        assert confirm(client, code(secret))["Location"] == "/sign-in/"
        assert client.get("/").status_code == 302


def test_a_recovery_code_works_once(client: Client, person: Person) -> None:
    give_app(person)
    first, *_ = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    enter(client, "ana")
    assert confirm(client, first).status_code == 302
    assert client.get("/").status_code == 200
    other = browser()
    enter(other, "ana")
    assert faults(confirm(other, first)) == WRONG_CODE


def test_new_recovery_codes_void_the_old(client: Client, person: Person) -> None:
    secret = give_app(person)
    enter(client, "ana")
    confirm(client, code(secret))
    old = [each.text for each in page(client.get(f"{SET_UP}codes/")).one("main").all("code")]
    response = client.post(f"{SET_UP}codes/new/", follow=True)
    new = [each.text for each in page(response).one("main").all("code")]
    assert (len(old), len(new), set(old) & set(new)) == (10, 10, set())
    other = browser()
    enter(other, "ana")
    assert faults(confirm(other, old[0])) == WRONG_CODE
    assert confirm(other, new[0]).status_code == 302


def test_whoever_removes_the_last_factor_sets_one_up_anew(client: Client, person: Person) -> None:
    secret = give_app(person)
    enter(client, "ana")
    confirm(client, code(secret))
    assert heading(client.get(f"{SET_UP}app/remove/")) == "Remove the app"
    assert client.post(f"{SET_UP}app/remove/")["Location"] == SET_UP
    assert client.get("/")["Location"] == SET_UP
    assert not Authenticator.objects.exists()


def test_every_change_is_told_by_an_e_mail_without_a_name(client: Client, person: Person, kept: Kept) -> None:
    with time_machine.travel(NOW, tick=False):
        enter(client, "ana")
        with kept(execute=True):
            set_up_app(client)
        client.post(f"{SET_UP}app/remove/")
    assert [(sent.subject, sent.to) for sent in mail.outbox] == [
        ("Parity: an app was added", ["ana@council.example"]), ("Parity: an app was removed", ["ana@council.example"]),
    ]  # fmt: skip
    assert [sent.body for sent in mail.outbox if "ana" in sent.body.lower().split()] == []


def test_a_lost_factor_is_removed_by_somebody_else_and_set_up_anew(client: Client, person: Person) -> None:
    secret = give_app(person)
    enter(client, "ana")
    confirm(client, code(secret))
    remove_second_factors(person, by=person, on=TODAY)
    assert client.get("/")["Location"] == "/sign-in/?next=/"
    enter(client, "ana")
    assert client.get("/")["Location"] == SET_UP


def test_secrets_rest_encrypted(person: Person, settings: object) -> None:
    secret = give_app(person)
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    kept = Authenticator.objects.get(type="totp").wrap()
    assert kept.validate_code(code(secret))
    settings.SECRET_KEY = "another key"
    with pytest.raises(InvalidToken):
        kept.validate_code(code(secret))


def test_a_passkey_that_no_browser_made_is_refused(client: Client, person: Person) -> None:
    enter(client, "ana")
    client.get(f"{SET_UP}passkeys/add/")
    for forged in ("", "{}", "[]", '{"id": "x"}', "no json"):
        response = client.post(f"{SET_UP}passkeys/add/", {"name": "forged", "credential": forged})
        assert response.status_code == 200
    assert not Authenticator.objects.exists()


def test_grave_acts_ask_again_after_five_minutes(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        confirm(client, code(secret))
        assert client.get("/grave/?lot=1").content == b"done"
        clock.shift(timedelta(minutes=5, seconds=1))
        asked = client.get("/grave/?lot=1")["Location"]
        assert asked == "/account/confirm/?next=%2Fgrave%2F%3Flot%3D1"
        assert client.post("/grave/").content == b"done"
        assert faults(client.post(asked, {"password": "not this one"})) == ["Enter your password."]
        assert client.post(asked, {"password": "three plain words"})["Location"] == "/grave/?lot=1"
        assert client.get("/grave/?lot=1").content == b"done"
        clock.shift(timedelta(minutes=15, seconds=1))
        assert client.post("/grave/")["Location"] == "/account/confirm/?next=%2Fgrave%2F"


def test_a_code_confirms_as_well_as_a_password(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        confirm(client, code(secret))
        clock.shift(timedelta(minutes=6))
        ways = page(client.get("/account/confirm/?next=/grave/")).one("main").all("a")
        assert [(way.text, way.attributes["href"]) for way in ways] == [
            ("with a code", "/account/confirm/code/?next=%2Fgrave%2F"),
        ]  # fmt: skip
        response = client.post("/account/confirm/code/", {"code": code(secret), "next": "/grave/"})
        assert (response["Location"], client.get("/grave/").content) == ("/grave/", b"done")


def test_what_is_secret_asks_again_too(client: Client, person: Person) -> None:
    secret = give_app(person)
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        confirm(client, code(secret))
        clock.shift(timedelta(minutes=6))
        for name in ("codes/", "codes/new/", "app/remove/", "passkeys/add/"):
            assert client.get(SET_UP + name)["Location"].startswith("/account/confirm/?next=")
