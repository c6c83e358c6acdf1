"""The rules of sign-in: who may, who needs a second factor, when a session ends, what is unsafe to serve."""

from dataclasses import dataclass, replace

import pytest

from parity.register.people.rules import may_sign_in
from parity.web.sign_in.rules import Served, gave_second_factor, has_ended, needs_second_factor, unsafe


@dataclass
class Somebody:
    is_active: bool = True
    is_demo: bool = False
    is_public: bool = False


@pytest.mark.parametrize(
    ("person", "demo", "may"),
    [
        (Somebody(), False, True),
        (Somebody(is_active=False), True, False),
        (Somebody(is_demo=True), False, False),
        (Somebody(is_demo=True), True, True),
        (Somebody(is_demo=True, is_active=False), True, False),
    ],
)
def test_who_may_sign_in(person: Somebody, demo: bool, may: bool) -> None:
    assert may_sign_in(person, demo=demo) is may


@pytest.mark.parametrize(
    ("person", "needs"), [(Somebody(), True), (Somebody(is_public=True), False), (Somebody(is_demo=True), False)]
)
def test_who_needs_a_second_factor(person: Somebody, needs: bool) -> None:
    assert needs_second_factor(person) is needs


@pytest.mark.parametrize(
    ("signed_in_at", "seen_at", "ended"),
    [(0, 0, False), (0, -1800, False), (0, -1801, True), (-43_200, 0, False), (-43_201, 0, True)],
)
def test_when_a_session_ends(signed_in_at: int, seen_at: int, ended: bool) -> None:
    assert has_ended(signed_in_at=signed_in_at, seen_at=seen_at, now=0) is ended


WANTED = {"amr": ["mfa", "hwk"], "acr": ["AAL3_ANY"]}


@pytest.mark.parametrize(
    ("claims", "wanted", "gave"),
    [
        ({"amr": ["pwd", "mfa"]}, WANTED, True),
        ({"amr": "mfa"}, WANTED, True),
        ({"acr": "AAL3_ANY"}, WANTED, True),
        ({"amr": ["pwd"], "acr": "AAL1"}, WANTED, False),
        ({"acr": "mfa"}, WANTED, False),
        ({"amr": "mfamfa"}, WANTED, False),
        ({"amr": None}, WANTED, False),
        ({}, WANTED, False),
        ({"amr": ["mfa"]}, {}, False),
    ],
)
def test_what_a_provider_says_of_a_second_factor(claims: dict, wanted: dict, gave: bool) -> None:
    assert gave_second_factor(claims, wanted) is gave


SAFE = Served(hosts=("parity.council.example",), debug=False, demo=False, sends_mail=True, secrets={"key": 0o600})


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({}, []),
        ({"hosts": ()}, ["Name the hosts"]),
        ({"hosts": ("*",)}, ["PARITY_ALLOWED_HOSTS names *"]),
        ({"hosts": ("a.example", ".b.example")}, ["PARITY_ALLOWED_HOSTS names .b.example"]),
        ({"debug": True}, ["DEBUG is on"]),
        ({"demo": True}, ["PARITY_DEMO is on"]),
        ({"sends_mail": False}, ["PARITY_EMAIL_URL is not set"]),
        ({"secrets": {"key": 0o640, "other": 0o400}}, ["key can be read by others"]),
        ({"secrets": {"key": 0o604}}, ["key can be read by others"]),
        ({"debug": True, "demo": True}, ["DEBUG is on", "PARITY_DEMO is on"]),
    ],
)
def test_what_is_unsafe_to_serve(change: dict, begins: list[str]) -> None:
    told = list(unsafe(replace(SAFE, **change)))
    assert [sentence[: len(start)] for sentence, start in zip(told, begins, strict=True)] == begins
