"""Signing in by a password: one answer for every reason, attempts counted, and no way to another site."""

import re
import statistics
import time
from typing import Any, ClassVar

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import NoReverseMatch, reverse

from parity.register.models import Person
from tests.web.signing_in import PASSWORD, browser, enter, faults, notices, page

MISMATCH = ["Enter a user name and password that belong together."]
TOO_OFTEN = ["You tried too often. Wait five minutes."]
NOW = "2026-03-02 10:00"


class CountingHasher(PBKDF2PasswordHasher):
    """Counts how often a password is hashed."""

    iterations = 1
    counted: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.counted.append(password)
        return super().encode(password, salt, iterations)


@pytest.fixture
def people(person: Person) -> dict[str, Person]:
    """People who cannot sign in, each for another reason, and one who can."""
    idle = Person.objects.create_user("idle", password=PASSWORD, is_active=False)
    demo = Person.objects.create_user("demo", password=PASSWORD, is_demo=True)
    return {"ana": person, "idle": idle, "demo": demo, "awaited": Person.objects.create_user("awaited")}


@pytest.mark.parametrize("name", ["idle", "demo", "awaited", "nobody", "ana@elsewhere.example"])
def test_every_refusal_says_the_same(people: dict[str, Person], name: str) -> None:
    client = browser()
    wrong, refused = enter(client, "ana", "not this one"), enter(client, name)
    assert (refused.status_code, faults(refused)) == (200, MISMATCH)
    assert shown(refused, name) == shown(wrong, "ana")
    assert "_auth_user_id" not in client.session


def shown(response: Any, typed: str) -> str:
    """The page without what was typed and without the token against forged forms."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())
    return text.replace(f'value="{typed}"', "")


@pytest.mark.parametrize("name", ["ana", "ANA@council.example", "idle", "demo", "awaited", "nobody", "no@body.example"])
def test_every_answer_hashes_one_password(people: dict[str, Person], settings: Any, name: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for each in people.values():
        if each.has_usable_password():
            each.set_password(PASSWORD)
            each.save()
    CountingHasher.counted.clear()
    enter(browser(), name, "not this one")
    assert len(CountingHasher.counted) == 1


def test_known_and_unknown_names_take_about_the_same_time(person: Person) -> None:
    def seconds(name: str) -> float:
        start = time.process_time()
        enter(browser(), name, "not this one")
        return time.process_time() - start

    enter(browser(), "warm", "up")
    times = [(seconds("ana"), seconds(f"nobody{number}")) for number in range(4)]
    known, unknown = (statistics.median(column) for column in zip(*times, strict=True))
    assert 1 / 3 < known / unknown < 3


@pytest.mark.parametrize("name", ["ana", "Ana", "ana@council.example", "Ana@Council.example "])
def test_a_person_signs_in_by_name_or_address(person: Person, name: str) -> None:
    assert enter(browser(), name).status_code == 302


def test_a_name_that_two_people_bear_signs_in_neither(person: Person) -> None:
    Person.objects.create_user("ana@council.example", password=PASSWORD, is_public=True)
    assert faults(enter(browser(), "ana@council.example")) == MISMATCH


def test_passwords_are_kept_as_argon2_and_older_ones_are_brought_up_to_it(person: Person, settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]
    person.set_password(PASSWORD)
    person.save()
    assert person.password.startswith("pbkdf2_sha256$")
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]
    enter(browser(), "ana")
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_five_failures_lock_a_name_for_five_minutes_whether_or_not_it_is_somebodys(person: Person, name: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        told = [faults(enter(browser(), name, "not this one")) for _ in range(6)]
        assert told == [MISMATCH] * 5 + [TOO_OFTEN]
        assert faults(enter(browser(), name)) == TOO_OFTEN
        assert enter(browser(), "other", "x").status_code == 200
        clock.shift(301)
        assert (enter(browser(), name).status_code == 302) == (name == "ana")


def test_success_does_not_forget_the_failures_before(person: Person) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(4):
            enter(browser(), "ana", "not this one")
            clock.shift(1)
        assert enter(browser(), "ana").status_code == 302
        enter(browser(), "ana", "not this one")
        assert faults(enter(browser(), "ana")) == TOO_OFTEN


def test_an_address_that_fails_with_many_names_is_locked_out(person: Person) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(20):
            assert faults(enter(browser(), f"name{number}", "x")) == MISMATCH
        assert faults(enter(browser(), "ana")) == TOO_OFTEN
        clock.shift(61)
        assert enter(browser(), "ana").status_code == 302


ELSEWHERE = [
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
    "///elsewhere", "javascript:alert(1)", "http://localhost/", "http://127.0.0.1/", " https://elsewhere.example",
    "/%0d%0aSet-Cookie:x",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE[:-1])
def test_no_next_page_leads_elsewhere(person: Person, target: str) -> None:
    client = browser()
    assert enter(client, "ana", next=target)["Location"] == "/"
    assert client.get("/sign-in/", {"next": target})["Location"] == "/"
    assert client.post("/sign-out/", {"next": target})["Location"] == "/sign-in/"


@pytest.mark.parametrize("target", ["/leicester/", "/leicester/figures/?area=E06000016", ELSEWHERE[-1]])
def test_a_next_page_of_our_own_is_opened(person: Person, target: str) -> None:
    assert enter(browser(), "ana", next=target)["Location"] == target


POSTED = [
    "/sign-in/", "/sign-in/forgotten/", "/sign-out/", "/account/password/", "/account/sign-out-everywhere/",
    "/account/second-step/app/", "/account/second-step/codes/new/", "/account/second-step/passkeys/add/",
    "/account/linked/", "/invitation/token/", "/sign-in/with/elsewhere/",
]  # fmt: skip


@pytest.mark.parametrize("address", POSTED)
def test_a_form_from_elsewhere_is_refused_everywhere(person: Person, address: str) -> None:
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(person)
    response = client.post(address, {"login": "ana", "password": PASSWORD})
    assert (response.status_code, page(response).one("h1").text) == (403, "You may not do this")


def test_a_session_begins_anew_with_the_sign_in(person: Person) -> None:
    client = browser()
    left = client.session
    left["left"] = "by somebody else"
    left.save()
    before = left.session_key
    enter(client, "ana")
    assert client.session.session_key not in (None, before)
    assert client.get("/account/").status_code == 200


def test_signing_out_takes_a_button(person: Person) -> None:
    client = browser()
    enter(client, "ana")
    assert page(client.get("/sign-out/")).one("h1").text == "Sign out"
    assert client.get("/account/").status_code == 200
    response = client.post("/sign-out/", follow=True)
    assert (notices(response), client.get("/account/").status_code) == (["You are signed out."], 302)


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_confirm_email", "account_confirm_login_code", "socialaccount_signup",
     "socialaccount_login_error", "mfa_trust", "mfa_login_webauthn", "mfa_download_recovery_codes", "account_inactive"],
)  # fmt: skip
def test_what_we_do_not_use_cannot_be_reached(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
