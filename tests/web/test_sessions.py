"""How long a session lasts, and what ends it at the next request."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parity.register.invitations.actions import end_sessions
from parity.register.models import Person
from tests.architecture.source import place, python_files
from tests.web.signing_in import PASSWORD, browser, enter, heading, notices

NOW = "2026-03-02 10:00"
TODAY = date(2026, 3, 2)
OPENS = re.compile(r"import .*\blogin\b|\bauth\.login\b|force_login")
ENDED = ["You were signed out: a session ends after half an hour of rest, and after twelve hours."]


def is_open(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def client(person: Person) -> Client:
    return browser()


def test_a_session_ends_after_half_an_hour_of_rest(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        clock.shift(timedelta(minutes=30))
        assert is_open(client)
        clock.shift(timedelta(minutes=30))
        assert is_open(client)
        clock.shift(timedelta(minutes=30, seconds=1))
        response = client.get("/account/", follow=True)
        assert (response.redirect_chain, notices(response)) == ([("/sign-in/?next=/account/", 302)], ENDED)
        assert not is_open(client)


def test_a_session_ends_after_twelve_hours_in_any_case(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        for _ in range(36):
            clock.shift(timedelta(minutes=20))
            assert is_open(client)
        clock.shift(1)
        assert not is_open(client)


def test_a_session_notes_its_use_at_most_once_a_minute(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        assert noted(client) == 0
        clock.shift(60)
        assert noted(client) == 0
        clock.shift(1)
        assert (noted(client), noted(client)) == (1, 0)


def noted(client: Client) -> int:
    """How often opening a page writes the session."""
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert is_open(client)
    return sum(query["sql"].startswith("UPDATE") for query in told.captured_queries)


def test_a_session_that_does_not_know_when_it_began_is_over(client: Client, person: Person) -> None:
    client.force_login(person)
    assert is_open(client)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_open(client)


def test_a_session_that_is_over_opens_no_figure_by_the_api(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter(client, "ana")
        clock.shift(timedelta(minutes=31))
        assert client.get("/api/programmes/leicester/figures").status_code == 401


def test_whoever_is_signed_out_everywhere_is_so_at_the_next_request(client: Client, person: Person) -> None:
    other = browser()
    for each in (client, other):
        enter(each, "ana")
        assert is_open(each)
    end_sessions(person, by=person, on=TODAY)
    assert [is_open(each) for each in (client, other)] == [False, False]


def test_a_person_signs_themselves_out_everywhere(client: Client) -> None:
    other = browser()
    for each in (client, other):
        enter(each, "ana")
    response = client.post("/account/sign-out-everywhere/", follow=True)
    assert (notices(response), heading(response)) == (["You are signed out everywhere."], "Sign in")
    assert [is_open(each) for each in (client, other)] == [False, False]
    enter(client, "ana")
    assert is_open(client)


def test_a_new_password_ends_every_other_session(client: Client) -> None:
    other = browser()
    for each in (client, other):
        enter(each, "ana")
    changed = {"oldpassword": PASSWORD, "password1": "four other plain words"}
    response = client.post("/account/password/", changed, follow=True)
    assert notices(response) == ["Your password is changed."]
    assert [is_open(each) for each in (client, other)] == [True, False]


@pytest.mark.parametrize("field", ["is_active", "is_demo"])
def test_whoever_may_no_longer_sign_in_is_out_at_the_next_request(client: Client, person: Person, field: str) -> None:
    enter(client, "ana")
    setattr(person, field, not getattr(person, field))
    person.save()
    assert not is_open(client)


def test_the_demos_people_are_out_as_soon_as_the_demo_is_off(settings: object, person: Person, client: Client) -> None:
    settings.DEMO = True
    person.is_demo = True
    person.save()
    enter(client, "ana")
    assert is_open(client)
    settings.DEMO = False
    assert not is_open(client)


def test_only_pages_of_sign_in_open_sessions() -> None:
    """A session that code opens is taken to have its second factor: no code of ours may open one by itself."""
    found = [place(path) for path in python_files() if OPENS.search(path.read_text("utf-8"))]
    assert found == []
    assert OPENS.search("from django.contrib.auth import authenticate, login")
