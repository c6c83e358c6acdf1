"""The registers over the API: one risk added, read, changed, shared, withdrawn and restored, by those who may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parity.register.audit.models import Event
from parity.register.memberships.actions import end_membership
from parity.register.models import Answered, Interest, Link, Organisation, Person, Programme, Token
from parity.register.records.actions import Keeping
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.register.tokens.actions import Wish, end_token, forget_answers, give_token
from parity.review.models import Risk
from tests.given import EXAMPLES
from tests.members import join
from tests.register.worlds import add, in_its_own_connection, organisation, person, programme

AT_ONCE = 4
RISKS = "/api/programmes/leicester/registers/risks"
PAGE_QUERIES = 18
RISK = {
    "risk": "R99", "raised": "2026-01-31", "title": "Beds", "effect": "People wait", "owner": "Director",
    "impact_score": 3, "probability_score": 2, "mitigation": "Open beds", "action_owner": "Manager",
    "trend": "no change",
}  # fmt: skip


@pytest.fixture
def leicester(load: Callable[[Path], Programme]) -> Programme:
    return load(EXAMPLES / "leicester")


@pytest.fixture
def ana(leicester: Programme) -> Person:
    """Acts for the programme's lead, with everything that a director may."""
    person = Person.objects.create_user("ana")
    join(person, leicester, role="director")
    return person


@pytest.fixture
def bo(leicester: Programme) -> Person:
    """Acts for another partner."""
    person = Person.objects.create_user("bo")
    other = leicester.organisations.exclude(pk=leicester.lead_id).first()
    join(person, leicester, role="planning_officer", organisation=other)
    return person


def program(person: Person, programme: Programme, scope: str = "write") -> Client:
    today = timezone.localdate()
    _, secret = give_token(programme, Wish("A script", scope, today + timedelta(days=30)), by=person, on=today)
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, address: str, body: Any, **headers: str) -> Any:
    return getattr(client, method)(address, body, content_type="application/json", headers=headers)


def new(programme: Programme, **values: Any) -> dict[str, Any]:
    return {"organisation": programme.lead.code, "values": {**RISK, **values}}


def test_a_record_s_whole_life(leicester: Programme, ana: Person, bo: Person) -> None:
    ours, theirs = program(ana, leicester), program(bo, leicester)
    added = send(ours, "post", RISKS, new(leicester))
    told = added.json()
    assert (added.status_code, added["ETag"], added["Location"]) == (201, '"1"', f"{RISKS}/{told['id']}")
    assert {name: told["values"][name] for name in RISK} == RISK
    address = added["Location"]
    assert (ours.get(address).json(), theirs.get(address).status_code) == (told, HTTPStatus.NOT_FOUND)
    other = bo.memberships.get().organisation
    shared = send(
        ours, "post", f"{address}/share", {"sharing": "named", "named": [{"organisation": other.code}]},
        **{"If-Match": '"1"'},
    )  # fmt: skip
    assert (shared.json()["shared_with"], theirs.get(address).json()) == ([other.code], shared.json())
    refused = send(theirs, "patch", address, {"values": {"title": "Mine"}}, **{"If-Match": '"2"'})
    assert refused.status_code == HTTPStatus.FORBIDDEN
    changed = send(ours, "patch", address, {"values": {"impact_score": 2}}, **{"If-Match": '"2"'})
    assert (changed.json()["values"]["impact_score"], changed.json()["values"]["title"]) == (2, "Beds")
    withdrawn = send(ours, "post", f"{address}/withdraw", {"reason": "Closed."}, **{"If-Match": '"3"'})
    assert (withdrawn.json()["withdrawn"], withdrawn["ETag"]) == (True, '"4"')
    assert told["id"] not in [one["id"] for one in ours.get(RISKS, {"limit": 500}).json()["items"]]
    restored = send(ours, "post", f"{address}/restore", {"reason": "Open again."}, **{"If-Match": '"4"'})
    assert restored.json()["withdrawn"] is False
    events = Event.objects.filter(record=told["id"]).order_by("number")
    assert [(event.verb, event.by, event.reason) for event in events] == [
        ("added", str(ana.pk), ""),
        ("shared", str(ana.pk), f"With {other.name}."),
        ("changed", str(ana.pk), ""),
        ("withdrawn", str(ana.pk), "Closed."),
        ("restored", str(ana.pk), "Open again."),
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, HTTPStatus.PRECONDITION_REQUIRED),
        ({"If-Match": '"7"'}, HTTPStatus.PRECONDITION_FAILED),
        ({"If-Match": '"1"'}, HTTPStatus.OK),
        ({"If-Match": "*"}, HTTPStatus.OK),
    ],
)
def test_a_change_says_which_version_it_changes(
    leicester: Programme, ana: Person, headers: dict[str, str], status: int
) -> None:
    ours = program(ana, leicester)
    address = send(ours, "post", RISKS, new(leicester))["Location"]
    answer = send(ours, "patch", address, {"values": {"title": "Places"}}, **headers)
    assert answer.status_code == status, answer.content
    assert Risk.objects.get(known_as="R99").title == ("Places" if status == HTTPStatus.OK else "Beds")


def test_a_version_known_already_is_not_sent_again(leicester: Programme, ana: Person) -> None:
    ours = program(ana, leicester)
    address = send(ours, "post", RISKS, new(leicester))["Location"]
    again = ours.get(address, headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")


def test_the_same_request_sent_twice_is_done_once(leicester: Programme, ana: Person) -> None:
    ours = program(ana, leicester)
    first, second = [send(ours, "post", RISKS, new(leicester), **{"Idempotency-Key": "a"}) for _ in range(2)]
    other = send(ours, "post", RISKS, new(leicester, risk="R98"), **{"Idempotency-Key": "a"})
    assert (first.json(), other.status_code) == (second.json(), HTTPStatus.CONFLICT)
    assert Risk.objects.filter(known_as__in=("R98", "R99")).count() == 1


def test_a_key_is_known_for_a_day_and_no_longer(leicester: Programme, ana: Person) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as moment:
        ours = program(ana, leicester)
        first = send(ours, "post", RISKS, new(leicester), **{"Idempotency-Key": "a"})
        moment.shift(timedelta(hours=23, minutes=59))
        assert forget_answers() == 0
        again = send(ours, "post", RISKS, new(leicester), **{"Idempotency-Key": "a"})
        assert (again.status_code, again.json()) == (HTTPStatus.CREATED, first.json())
        moment.shift(timedelta(minutes=1))
        other = send(ours, "post", RISKS, new(leicester, risk="R98"), **{"Idempotency-Key": "a"})
        assert (other.status_code, other.json()["code"]) == (HTTPStatus.CREATED, "R98")
        moment.shift(timedelta(hours=24))
        assert (forget_answers(), Answered.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_sent_twice_at_once_is_done_once(shared_database: None) -> None:
    here = programme("here", organisation("ours"), by=person("ana"))
    join(Person.objects.get(), here, role="director")
    client = program(Person.objects.get(), here)
    risks, body = RISKS.replace("leicester", "here"), {"organisation": "ours", "values": RISK}
    ask = partial(send, client, "post", risks, body, **{"Idempotency-Key": "a"})
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(in_its_own_connection, [ask] * AT_ONCE))
    assert [answer.status_code for answer in answers] == [HTTPStatus.CREATED] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert (Risk.objects.count(), Event.objects.filter(verb="added").count()) == (1, 1)


def test_every_fault_is_told_with_its_column_and_nothing_is_kept(leicester: Programme, ana: Person) -> None:
    ours, events = program(ana, leicester), Event.objects.count()
    answer = send(ours, "post", RISKS, new(leicester, impact_score=9, trend="sideways"))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [fault["column"] for fault in answer.json()["errors"]] == ["impact_score", "trend"]
    assert (Risk.objects.filter(known_as="R99").exists(), Event.objects.count()) == (False, events + 0)


def test_pages_of_a_list_hold_every_record_once(leicester: Programme, ana: Person) -> None:
    ours, found, cursor = program(ana, leicester, "read"), [], None
    while True:
        page = ours.get(RISKS, {"limit": 5, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    kept = Risk.objects.filter(programme=leicester).order_by("position").values_list("pk", flat=True)
    assert found == [str(key) for key in kept]
    assert len(found) > 10


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_of_a_sensitive_register_is_an_event(leicester: Programme, ana: Person, bo: Person, rows: int) -> None:
    keeping = Keeping(leicester.lead, Sharing.PARTNERS)
    kept = [add(Interest, leicester, keeping=keeping, by=ana, interest=f"I-{number}") for number in range(rows)]
    theirs, interests = program(bo, leicester, "read"), RISKS.replace("risks", "interests")
    with CaptureQueriesContext(connection) as asked:
        assert len(theirs.get(interests).json()["items"]) == rows
    assert len(asked) == PAGE_QUERIES
    (event,) = Event.objects.filter(verb="listed")
    assert (event.by, event.code.split()) == (str(bo.pk), [str(one.pk) for one in kept])


def test_a_search_finds_words_in_any_text(leicester: Programme, ana: Person) -> None:
    ours = program(ana, leicester)
    send(ours, "post", RISKS, new(leicester, effect="A zebra waits"))
    assert [one["code"] for one in ours.get(RISKS, {"q": "ZEBRA"}).json()["items"]] == ["R99"]


def test_a_token_that_reads_changes_nothing(leicester: Programme, ana: Person) -> None:
    answer = send(program(ana, leicester, "read"), "post", RISKS, new(leicester))
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.FORBIDDEN, "application/problem+json")


def test_a_token_ends_with_its_day_its_person_and_its_membership(leicester: Programme, ana: Person, bo: Person) -> None:
    client = program(bo, leicester)
    assert client.get(RISKS).status_code == HTTPStatus.OK
    end_membership(bo.memberships.get(), by=ana, on=timezone.localdate(), reason="Left.")
    assert client.get(RISKS).status_code == HTTPStatus.NOT_FOUND
    client = program(ana, leicester)
    end_token(Token.objects.get(person=ana), by=ana, on=timezone.localdate())
    assert client.get(RISKS).status_code == HTTPStatus.UNAUTHORIZED
    client = program(ana, leicester)
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get(RISKS).status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_of_the_demo_s_people_ends_with_the_demo(leicester: Programme, ana: Person, settings: Any) -> None:
    client = program(ana, leicester)
    Person.objects.filter(pk=ana.pk).update(is_demo=True)
    settings.DEMO = True
    assert client.get(RISKS).status_code == HTTPStatus.OK
    settings.DEMO = False
    assert client.get(RISKS).status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_holds_in_its_programme_alone(
    load: Callable[[Path], Programme], leicester: Programme, ana: Person
) -> None:
    join(ana, load(EXAMPLES / "luton"), role="director")
    assert program(ana, leicester).get(RISKS.replace("leicester", "luton")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("text", ["", "x", "parity__", "parity_zz_y", f"parity_{'0' * 32}_y", "\x00", "é" * 5000])
def test_a_text_that_is_no_token_is_nobody(leicester: Programme, text: str) -> None:
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {text}"})
    assert client.get(RISKS).status_code == HTTPStatus.UNAUTHORIZED


def test_giving_and_ending_a_token_are_events_of_the_organisation_it_acts_for(leicester: Programme, bo: Person) -> None:
    program(bo, leicester)
    end_token(Token.objects.get(person=bo), by=bo, on=timezone.localdate())
    told = Event.objects.filter(kind="token").values_list("verb", "organisation")
    assert list(told) == [(verb, str(bo.memberships.get().organisation_id)) for verb in ("gave itself", "ended")]
    join(bo, leicester, organisation=leicester.lead)
    program(bo, leicester)
    assert Event.objects.filter(kind="token").last().organisation == ""


def test_the_secret_is_kept_nowhere(leicester: Programme, ana: Person) -> None:
    wish = Wish("A script", "read", timezone.localdate() + timedelta(days=1))
    _, secret = give_token(leicester, wish, by=ana, on=timezone.localdate())
    kept = {str(value) for value in Token.objects.values().get().values()}
    kept |= {str(value) for row in Event.objects.values() for value in row.values()}
    assert [text for text in kept if secret.split("_", 2)[2] in text] == []


def test_only_who_may_share_adds_what_is_shared(leicester: Programme, ana: Person, bo: Person) -> None:
    asked = {**new(leicester), "organisation": bo.memberships.get().organisation.code}
    answers = [send(program(bo, leicester), "post", RISKS, {**asked, "sharing": how}) for how in ("partners", "public")]
    assert [answer.status_code for answer in answers] == [HTTPStatus.FORBIDDEN] * 2
    assert send(program(bo, leicester), "post", RISKS, asked).status_code == HTTPStatus.CREATED
    shared = send(program(ana, leicester), "post", RISKS, {**new(leicester), "sharing": "partners"})
    assert shared.json()["sharing"] == "partners"


def test_a_link_joins_what_it_may_and_what_its_maker_sees(leicester: Programme, ana: Person, bo: Person) -> None:
    send(program(ana, leicester), "post", RISKS, new(leicester))
    task = RECORDS["tasks"].objects.filter(programme=leicester).first().known_as
    cells = {"from_kind": "task", "from_id": task, "relation": "mitigates", "to_kind": "risk", "to_id": "R99"}

    def sent(person: Person, **more: str) -> Any:
        body = {"organisation": person.memberships.get().organisation.code, "values": {**cells, **more}}
        return send(program(person, leicester), "post", RISKS.replace("risks", "thread"), body)

    def columns(answer: Any) -> list[str]:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        return [fault["column"] for fault in answer.json()["errors"]]

    assert columns(sent(bo)) == ["to_id"]
    assert columns(sent(ana, relation="buys")) == ["relation"]
    assert columns(sent(ana, to_id="R999")) == ["to_id"]
    made = sent(ana)
    assert made.status_code == HTTPStatus.CREATED
    link, risk = Link.objects.get(pk=made.json()["id"]), Risk.objects.get(known_as="R99")
    assert (link.to_end, link.from_end) == (str(risk.pk), str(RECORDS["tasks"].objects.get(known_as=task).pk))


def test_nobody_adds_for_an_organisation_of_others(leicester: Programme, bo: Person) -> None:
    answer = send(program(bo, leicester), "post", RISKS, new(leicester))
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("column", ["organisation", "lot", "reason"])
def test_a_text_that_cannot_be_kept_is_refused(leicester: Programme, ana: Person, column: str) -> None:
    answer = send(program(ana, leicester), "post", RISKS, {**new(leicester), column: "a\0b"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_word_that_cannot_be_kept_is_not_found(leicester: Programme, ana: Person) -> None:
    ours = program(ana, leicester)
    assert ours.get(RISKS, {"q": "\0"}).status_code == HTTPStatus.OK
    assert ours.get(RISKS.replace("leicester", "%00")).status_code == HTTPStatus.NOT_FOUND


def test_an_organisation_that_takes_no_part_keeps_nothing(leicester: Programme, ana: Person) -> None:
    stranger = Organisation.objects.create(code="X", name="Stranger", kind="other")
    answer = send(program(ana, leicester), "post", RISKS, {"organisation": stranger.code, "values": RISK})
    assert [fault["column"] for fault in answer.json()["errors"]] == ["organisation"]


def test_a_date_is_a_date(leicester: Programme, ana: Person) -> None:
    send(program(ana, leicester), "post", RISKS, new(leicester))
    assert Risk.objects.get(known_as="R99").raised == date(2026, 1, 31)
