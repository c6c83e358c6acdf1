"""The API under attack: made-up requests, sound and unsound, from everybody, against what its description promises.

Of a few registers each operation is asked a few times, the same at every run; with PARITY_ATTACK=200 every register is,
and each operation so many times. Left out of schemathesis' checks, and why:

- positive_data_acceptance: what fits the description may still be refused for what only the workspace knows, such as
  whether an area is one of the programme's.
- ensure_resource_availability, use_after_free, object_level_authorization: nothing is deleted here, and who sees what
  is asked in tests/register/test_canary.py.
"""

import copy
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks

from parity.register.memberships.actions import end_membership
from parity.register.models import Organisation, Person
from parity.register.records.tables import RECORDS
from parity.register.tokens.actions import Wish, give_token
from parity.sources.brought.programme import house_schemas
from parity.tables import Store
from parity.web.api import api
from tests.limits import lift_limits
from tests.members import join
from tests.register.canary import AREA, NOWHERE, World, plant
from tests.register.worlds import person

TIMES = int(os.environ.get("PARITY_ATTACK", "0"))
STEMS = tuple(sorted(RECORDS)) if TIMES else ("agreements", "interests", "risks", "thread")
LEFT_OUT = {
    "ensure_resource_availability", "object_level_authorization", "positive_data_acceptance", "use_after_free",
}  # fmt: skip
REGISTERS = "/api/programmes/{programme}/registers/"
LATER = timedelta(days=1)


@dataclass
class Caller:
    """Whose requests are sent: with these headers, in this programme."""

    headers: dict[str, str] = field(default_factory=dict)


def by_token(who: Person, world: World, scope: str = "write") -> Caller:
    today = timezone.localdate()
    programme = who.memberships.first().programme
    _, secret = give_token(programme, Wish("A script", scope, today + LATER), by=who, on=today)
    return Caller({"Authorization": f"Bearer {secret}"})


def by_session(who: Person, world: World) -> Caller:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(who)
    token = "a" * 32
    cookies = {**{name: morsel.value for name, morsel in client.cookies.items()}, "csrftoken": token}
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return Caller({"Cookie": pairs, "X-CSRFToken": token})


def of_role(role: str, *, whose: str = "ours") -> Callable[[World], Caller]:
    def caller(world: World) -> Caller:
        one = person(f"x-{role}")
        join(one, world.here, role=role, organisation=Organisation.objects.get(code=whose))
        return by_token(one, world)

    return caller


def who_left(world: World) -> Caller:
    one = person("x-left")
    seat = join(one, world.here, role="director")
    caller = by_token(one, world)
    director = Person.objects.get(username="a-director")
    end_membership(seat, by=director, on=timezone.localdate(), reason="Moved on")
    return caller


def from_elsewhere(world: World) -> Caller:
    one = person("x-elsewhere")
    join(one, world.elsewhere, role="director")
    return by_token(one, world)


CALLERS: dict[str, Callable[[World], Caller]] = {
    "nobody": lambda world: Caller(),
    "a token that reads": lambda world: by_token(Person.objects.get(username="a-director"), world, "read"),
    "a token that changes": lambda world: by_token(Person.objects.get(username="a-director"), world),
    "an officer": lambda world: by_session(Person.objects.get(username="a-officer"), world),
    "a lead manager": of_role("lead_commissioner_council"),
    "a provider": of_role("provider"),
    "a representative": of_role("representative"),
    "another organisation": of_role("director", whose="theirs"),
    "another programme": from_elsewhere,
    "somebody who left": who_left,
}


@pytest.fixture
def world(db: None, store: Store, monkeypatch: pytest.MonkeyPatch) -> World:
    lift_limits(monkeypatch)
    return plant(store)


@pytest.fixture
def application() -> Iterator[Any]:
    """The workspace as a server calls it, but within the test's own transaction: its connection is not closed."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


@cache
def description() -> dict[str, Any]:
    return api.get_openapi_schema()


def described(world: World) -> dict[str, Any]:
    """The description, with what is there named where else anything could stand, and without registers left out."""
    found = copy.deepcopy(description())
    found["paths"] = {path: told for path, told in found["paths"].items() if stem_of(path) in ("", *STEMS)}
    for path, operations in found["paths"].items():
        there = {
            "programme": ["here", "nowhere"],
            "record": [str(key) for key in (*(one.pk for one in world.planted.get(stem_of(path), ())), NOWHERE)],
            "service": [str(key) for key in (*(one.pk for one in world.planted["service_directory"]), NOWHERE)],
            "If-Match": ['"1"', '"2"', "*", "x"],
        }
        parameters = [each for operation in operations.values() for each in operation["parameters"]]
        for parameter in parameters:
            if parameter["name"] in there:
                parameter["schema"] = {"type": "string", "enum": there[parameter["name"]]}
    shapes = found["components"]["schemas"]
    for name, shape in shapes.items():
        if name.endswith("New") or name == "Named":
            shape["properties"]["organisation"] = {"type": "string", "enum": ["ours", "theirs", "none"]}
    for stem in STEMS:
        for column in house_schemas()[stem].areas:
            cells = shapes["".join(word.title() for word in stem.split("_")) + "NewCells"]
            cells["properties"][column] = {"type": "string", "enum": [AREA]}
    return found


def stem_of(path: str) -> str:
    """The register of an operation; empty where it is none of a register's."""
    return path.removeprefix(REGISTERS).partition("/")[0] if path.startswith(REGISTERS) else ""


def checks() -> list[Any]:
    load_all_checks()
    every = schemathesis.checks.CHECKS.get_all()
    return [check for check in every if getattr(check, "__name__", "") not in LEFT_OUT]


@pytest.mark.parametrize("name", CALLERS)
def test_every_answer_is_as_the_description_says(world: World, application: Any, name: str) -> None:
    caller = CALLERS[name](world)
    whole = schemathesis.openapi.from_dict(described(world))
    whole.app = application
    # an ETag that the description does not know is one of another version
    whole.config.checks.negative_data_rejection.expected_statuses.append("412")
    asked = checks()
    answers: dict[HTTPStatus, int] = {}
    for operation in (found.ok() for found in whole.get_all_operations()):
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            attack(operation, mode, caller, asked, answers)
    assert max(answers) < HTTPStatus.INTERNAL_SERVER_ERROR


def attack(operation: Any, mode: Any, caller: Caller, asked: list[Any], answers: dict[HTTPStatus, int]) -> None:
    """Sends the operation made-up requests and holds each answer against the description."""

    @settings(
        max_examples=TIMES or 2, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        with transaction.atomic():
            answer = case.call(headers=caller.headers)
            transaction.set_rollback(True)
        answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=asked, headers=caller.headers)

    sent()


def each_answer() -> Iterator[tuple[str, str, set[str]]]:
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            yield method, path, set(operation["responses"])


def test_every_refusal_is_described() -> None:
    read, change = {"400", "401", "403", "404", "422", "429"}, {"409", "412", "413", "415", "428"}
    for method, path, answers in each_answer():
        refusals = {status for status in answers if int(status) >= HTTPStatus.BAD_REQUEST}
        assert refusals == (read if method == "get" else read | change), (method, path)
