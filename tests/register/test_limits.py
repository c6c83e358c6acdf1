"""How often is too often: counted for all processes together, and told with the time to wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from parity.register.limits.actions import count_one, forget_tallies
from parity.register.limits.models import Tally
from parity.register.limits.rules import ADDRESS, EXPORT, LIMITS, PROGRAM, STRANGER, UPLOAD, Limit, stretch
from parity.register.models import Person, Programme
from parity.register.tokens.actions import Wish, give_token
from parity.terms.errors import TooOften
from tests.members import join
from tests.register.worlds import in_its_own_connection, organisation, person, programme

AT = datetime(2026, 1, 2, 12, 0, 10, tzinfo=UTC)
FIGURES, RISKS = "/api/programmes/here/registers/risks", "/here/registers/risks/"
MANY = 8


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Three times an hour for everything, unless a test says otherwise."""
    for name in LIMITS:
        monkeypatch.setitem(LIMITS, name, Limit(3, 3600))
    return monkeypatch


@pytest.fixture
def here(db: None) -> Programme:
    return programme("here", organisation("ours"), by=person("ana"))


@pytest.fixture
def ana(here: Programme) -> Person:
    who = Person.objects.get(username="ana")
    join(who, here, role="director")
    return who


def signed_in(who: Person) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(who)
    return client


def program(who: Person, here: Programme) -> Client:
    today = timezone.localdate()
    _, secret = give_token(here, Wish("A script", "read", today + timedelta(days=1)), by=who, on=today)
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {secret}"})


def statuses(client: Client, address: str, times: int = 4, **more: Any) -> list[int]:
    return [client.get(address, **more).status_code for _ in range(times)]


def test_a_stretch_ends_at_the_same_second_for_all() -> None:
    assert [stretch(Limit(1, 60), second) for second in (0, 59, 60, 61)] == [60, 60, 120, 120]


def test_who_comes_too_often_is_told_how_long_to_wait(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, PROGRAM, Limit(2, 60))
    for who in ("ana", "bo"):
        for _ in range(2):
            count_one(PROGRAM, who, at=AT)
    with pytest.raises(TooOften, match=r"^You asked too often\. Wait 50 seconds, then ask again\.$") as refused:
        count_one(PROGRAM, "ana", at=AT)
    assert refused.value.seconds == 50
    with pytest.raises(TooOften, match=r"Wait 1 second,"):
        count_one(PROGRAM, "bo", at=AT + timedelta(seconds=49))
    count_one(PROGRAM, "ana", at=AT + timedelta(seconds=50))
    assert sorted(Tally.objects.values_list("count", flat=True)) == [1, 3, 3]
    assert [key for key in Tally.objects.values_list("key", flat=True) if "ana" in key or len(key) != 64] == []


def test_counts_of_stretches_that_are_over_are_forgotten(db: None) -> None:
    count_one(PROGRAM, "ana", at=timezone.now() - timedelta(minutes=2))
    count_one(PROGRAM, "ana", at=timezone.now())
    assert (forget_tallies(), Tally.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_what_comes_at_once_is_counted_one_by_one(shared_database: None) -> None:
    ask = partial(count_one, PROGRAM, "ana", at=AT)
    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(in_its_own_connection, [ask] * MANY * 5))
    assert Tally.objects.get().count == MANY * 5


def test_a_token_is_refused_in_a_problem_document_with_the_time_to_wait(
    limits: pytest.MonkeyPatch, here: Programme, ana: Person
) -> None:
    limits.setitem(LIMITS, ADDRESS, Limit(100, 3600))
    client = program(ana, here)
    assert statuses(client, FIGURES) == [200, 200, 200, 429]
    answer = client.get(FIGURES)
    assert (answer["Content-Type"], answer.json()["status"]) == ("application/problem+json", 429)
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer.json()["detail"].startswith("You asked too often. Wait ")
    assert statuses(program(ana, here), FIGURES) == [200, 200, 200, 429]
    assert statuses(signed_in(ana), FIGURES) == [200, 200, 200, 429]
    assert signed_in(ana).get(RISKS).status_code == 200


def test_whoever_guesses_tokens_guesses_slowly(limits: pytest.MonkeyPatch, here: Programme) -> None:
    limits.setitem(LIMITS, ADDRESS, Limit(100, 3600))
    guesses = [
        Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer parity_{number:032}_x"})
        for number in range(4)
    ]
    assert [client.get(FIGURES).status_code for client in guesses] == [401, 401, 401, 429]


def test_an_address_is_counted_and_of_a_long_one_the_network(
    limits: pytest.MonkeyPatch, here: Programme, ana: Person
) -> None:
    for name in (PROGRAM, STRANGER):
        limits.setitem(LIMITS, name, Limit(100, 3600))
    for first, same, other in (("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2", "2001:db8:1::")):
        assert statuses(program(ana, here), FIGURES, times=3, REMOTE_ADDR=first) == [200] * 3
        assert statuses(program(ana, here), FIGURES, times=1, REMOTE_ADDR=same) == [429]
        assert statuses(program(ana, here), FIGURES, times=1, REMOTE_ADDR=other) == [200]


@pytest.mark.parametrize("address", [f"{RISKS}export.csv", f"{RISKS}export.xlsx", "/here/audit/?format=jsonl"])
def test_a_person_takes_out_so_many_files(
    limits: pytest.MonkeyPatch, here: Programme, ana: Person, address: str
) -> None:
    client = signed_in(ana)
    assert statuses(client, address) == [200, 200, 200, 429]
    answer = client.get(address)
    assert (answer["Content-Type"].partition(";")[0], answer.has_header("Retry-After")) == ("text/html", True)
    assert "You asked too often." in answer.content.decode()
    assert {LIMITS[EXPORT].most, client.get(RISKS).status_code} == {3, 200}


def test_a_person_brings_so_many_files(limits: pytest.MonkeyPatch, here: Programme, ana: Person) -> None:
    client = signed_in(ana)

    def sent() -> int:
        return client.post(f"{RISKS}upload/", {"file": SimpleUploadedFile("risks.csv", b"risk\r\n")}).status_code

    assert ([sent() for _ in range(4)], LIMITS[UPLOAD].most) == ([200, 200, 200, 429], 3)
    assert client.get(f"{RISKS}upload/").status_code == 200
