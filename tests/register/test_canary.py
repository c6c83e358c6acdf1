"""What one organisation keeps to itself shows to nobody else: on no page, operation, search, file, e-mail or log."""

import hashlib
import io
import json
import logging
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from parity.documents.model import Document, Paragraph
from parity.documents.pdf import write_pdf
from parity.register.models import Calendar, Choice, Event, Notice, Organisation, Person, Webhook
from parity.register.notices.actions import tell_all
from parity.register.notices.rules import AT_ONCE, REASONS
from parity.register.people.rules import ROLES, May
from parity.register.policy import partnership, viewer_of
from parity.register.records.actions import share_record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.register.webhooks.actions import add_webhook
from parity.review.models import Risk
from parity.review.pack.actions import write_pack
from parity.tables import Desk, Store
from parity.web.api import api
from parity.web.exit_pack.writing import write_seen_pack
from tests.limits import lift_limits
from tests.receiving import make_certificate, plainly, served, to_loopback
from tests.register.canary import (
    NOWHERE,
    PARTS,
    READING,
    ROLES_THAT_DIFFER,
    SONG,
    Ask,
    World,
    asks,
    browser,
    filled,
    hear,
    plant,
    said,
    sample,
    sings,
    song,
    strangers,
    unpacked,
    walk,
)

HTML, JSON, CSV = "text/html", "application/json", "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = (HTML, JSON, CSV, WORKBOOK)
OURS = "a-officer"
OURS_ALONE = {OURS, "a-director"}
THOROUGH = "b-director"
"""Who also follows every link, and asks for every register and indicator; others ask for some of them each."""
GROUPS = 6
"""They are asked in groups, so that several processors can share them."""
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) \W?(?P<table>\w+)")
NOTED = ("django_session", "register_tally")
"""A session notes when it was last used, at most once a minute; and who comes how often is counted."""
READ_EVENTS = {"register_event", "register_head"}


@pytest.fixture
def world(db: None, store: Store, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, in which nobody asks too often: who is refused hears nothing."""
    lift_limits(monkeypatch)
    return plant(store)


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    """What the API says of its operations."""
    return api.get_openapi_schema()


@pytest.fixture
def writes() -> Iterator[list[str]]:
    """The tables that were written to since the list was last emptied."""
    tables: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        tables.extend(found["table"] for found in [WRITES.match(sql)] if found and found["table"] not in NOTED)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables


def test_its_own_officer_sees_every_record_and_looking_writes_nothing(
    world: World, writes: list[str], described: dict[str, Any]
) -> None:
    """So the canary would be heard where it got out. Only reading a sensitive register leaves an event."""
    heard, wrote = defaultdict(set), {}
    every = [ask for ask in asks(world, described) if ask.method in READING]
    writes.clear()
    for ask, answer, text in chain(walk(browser(OURS)), hear(browser(OURS), every)):
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, ask
        kind = answer["Content-Type"].partition(";")[0]
        heard[kind] |= {stem for stem in RECORDS if song(stem).casefold() in text.casefold()}
        wrote[ask.address] = set(writes)
        writes.clear()
    assert {kind: sorted(set(RECORDS) - heard[kind]) for kind in FORMS} == {kind: [] for kind in FORMS}
    writing = {address: tables for address, tables in wrote.items() if tables}
    sensitive = {stem for stem, model in RECORDS.items() if model.SENSITIVE}
    assert {address: tables for address, tables in writing.items() if not tables <= READ_EVENTS} == {}
    assert {stem for address in writing for stem in RECORDS if f"/{stem}/" in f"{address}/"} == sensitive


@pytest.mark.parametrize("group", range(GROUPS))
def test_nobody_else_sees_any(
    world: World, described: dict[str, Any], caplog: pytest.LogCaptureFixture, group: int
) -> None:
    caplog.set_level(logging.DEBUG)
    others = strangers(world)
    heard: dict[str, list[Ask]] = defaultdict(list)
    broken: dict[str, list[Ask]] = defaultdict(list)
    for place, (name, client) in list(enumerate(others.items()))[group::GROUPS]:
        for ask, answer, text in answers(world, described, name, client, place):
            if sings(text):
                heard[name].append(ask)
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                broken[name].append(ask)
    assert (dict(heard), dict(broken)) == ({}, {})
    assert [message.subject for message in mail.outbox if sings(str(message.message()))] == []
    assert not sings(caplog.text)


Heard = Iterator[tuple[Ask, HttpResponse, str]]


def answers(world: World, described: dict[str, Any], name: str, client: Client, place: int) -> Heard:
    """What this person is answered: each asks for some registers and indicators, so that several ask for each."""
    part = None if name == THOROUGH else place % PARTS
    if name == THOROUGH:
        yield from walk(client)
    yield from hear(client, asks(world, described, part=part))
    if name == "a-in-another-programme":
        yield from hear(client, asks(replace(world, slug="elsewhere"), described, part=part))


def test_one_of_all_roles_that_differ_listens() -> None:
    assert {ROLES[code].may for code in ROLES_THAT_DIFFER} == {role.may for role in ROLES.values()}
    assert len(ROLES_THAT_DIFFER) == len({role.may for role in ROLES.values()})


def test_a_private_record_is_answered_like_one_that_is_not_there(world: World) -> None:
    strangers(world)
    client = browser("b-director")
    differing = []
    for stem, (private, named) in world.planted.items():
        for before, after in ((f"/here/registers/{stem}/", "/"), (f"/api/programmes/here/registers/{stem}/", "")):
            found = {key: plain(client.get(f"{before}{key}{after}"), key) for key in (private.pk, named.pk, NOWHERE)}
            differing += [before for one in found.values() if one != found[NOWHERE]]
            assert found[NOWHERE][0] == HTTPStatus.NOT_FOUND
    assert differing == []


def plain(answer: HttpResponse, key: object) -> tuple[int, str]:
    """Status and content without the id that was asked for and the form's token."""
    token = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode())
    return answer.status_code, token.replace(str(key), "")


def test_the_pack_for_all_partners_holds_none(world: World, store: Store, tmp_path: Path) -> None:
    today = timezone.localdate()
    theirs = viewer_of(Person.objects.get(username="a-officer"), world.here, on=today)
    heard = {}
    for name, viewer in (("partners", partnership(world.here, on=today)), ("ours", theirs)):
        paths = write_pack(Desk(store, "here", viewer), world.here, tmp_path / name)
        heard[name] = {path.suffix for path in paths if sings(unpacked(path.read_bytes()))}
    assert heard == {"partners": set(), "ours": {".html", ".pdf", ".docx", ".xlsx"}}


def test_no_feed_letter_or_webhook_of_others_holds_any(world: World, tmp_path: Path) -> None:
    """Letters and webhooks hold none, whoever gets them; and nobody else is told that anything happened at all."""
    others = strangers(world)
    today, secret, told = timezone.localdate(), hashlib.sha256(b"secret").hexdigest(), {"pace": AT_ONCE}
    people = {one.pk: one.username for one in Person.objects.all()}
    calendars = {}
    for key, name in people.items():
        Person.objects.filter(pk=key).update(email=f"{name.replace(' ', '')}@council.example")
        calendars[name] = Calendar.objects.update_or_create(
            person_id=key, programme=world.here, defaults={"digest": secret, "made_on": today}
        )[0]
        Choice.objects.create(person_id=key, programme=world.here, reasons=list(REASONS), **told)
    feeds = {name: browser().get(f"/calendars/{one.pk}/secret.ics") for name, one in calendars.items()}
    assert {name for name, feed in feeds.items() if sings(said(feed))} == OURS_ALONE
    certificate, director = make_certificate(tmp_path), Person.objects.get(username="a-director")
    with served(certificate, plainly(204)) as (address, heard):
        Webhook.objects.all().delete()
        for code, name in (("ours", "a-director"), ("theirs", "b-director")):
            by = Person.objects.get(username=name)
            add_webhook(world.here, Organisation.objects.get(code=code), f"{address}&{code}", by=by, on=today)
        for record in chain.from_iterable(world.planted.values()):
            share_record(
                record, Sharing.NAMED, named={Organisation.objects.get(code="third"): None}, by=director, on=today
            )
        tell_all(way=to_loopback(certificate))
    planted = {str(record.pk) for record in chain.from_iterable(world.planted.values())}
    hearing = {path.rpartition("&")[2] for path, _, body in heard if json.loads(body)["data"]["record"] in planted}
    events = set(Event.objects.filter(record__in=planted).values_list("number", flat=True))
    noticed = Notice.objects.filter(number__in=events).values_list("choice__person__username", flat=True)
    assert (hearing, set(noticed)) == ({"ours"}, {"a-officer"})
    assert {address.partition("@")[0] for one in mail.outbox for address in one.to} == {"a-officer"}
    assert not any(sings(str(one.message())) for one in mail.outbox)
    assert not any(sings(str(one)) for one in heard)
    assert [name for name, client in others.items() if sings(said(client.get("/here/notices/")))] == []


def test_the_exit_pack_of_anybody_else_holds_none(world: World, tmp_path: Path) -> None:
    """Whoever reads who did what takes out what they see: the canary's own director all of it, others none."""
    strangers(world)
    today, heard = timezone.localdate(), {}
    for name in ("b-director", "b-scrutiny_member", "a-of-another-lot", "a-director"):
        viewer = viewer_of(Person.objects.get(username=name), world.here, on=today)
        assert viewer.may(May.AUDIT)
        write_seen_pack(world.here, viewer, tmp_path / f"{name}.zip", asked=name)
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as pack:
            heard[name] = {file.partition("/")[0] for file in pack.namelist() if sings(unpacked(pack.read(file)))}
    assert heard == {
        "b-director": set(),
        "b-scrutiny_member": set(),
        "a-of-another-lot": set(),
        "a-director": {"registers", "events.jsonl"},
    }


def test_a_page_that_fails_says_nothing_of_what_it_held(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError(song("in an error"))

    monkeypatch.setattr(Risk, "seen_by", fail)
    for address in ("/here/registers/risks/", "/api/programmes/here/registers/risks"):
        answer = browser(OURS).get(address)
        assert (answer.status_code, sings(said(answer))) == (HTTPStatus.INTERNAL_SERVER_ERROR, False)


class TestTheTool:
    """The canary would be heard wherever it may hide."""

    def test_in_headers_and_streams(self) -> None:
        header = HttpResponse("nothing", headers={"Content-Disposition": f"attachment; filename={song()}.csv"})
        assert [sings(said(one)) for one in (header, StreamingHttpResponse([song().encode()]))] == [True, True]

    def test_in_archives_within_archives_and_in_their_names(self) -> None:
        def packed(name: str, content: bytes) -> bytes:
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, content)
            return file.getvalue()

        inner = packed("sheet.xml", song().encode())
        assert not sings(inner.decode("latin-1"))
        assert sings(unpacked(packed("inner.zip", inner)))
        assert sings(unpacked(packed(f"{SONG}.txt", b"")))

    def test_in_documents(self) -> None:
        pdf = write_pdf(Document("Title", "Subtitle", "Publisher", (Paragraph((song(),)),)))
        assert SONG.encode() not in pdf
        assert sings(unpacked(pdf))

    def test_an_address_with_an_unknown_part_fails(self, world: World) -> None:
        with pytest.raises(AssertionError, match="what may stand for <unheard> in an address"):
            list(filled("/<slug:programme>/<slug:unheard>/", world))

    def test_every_planted_record_has_its_address(self, world: World, described: dict[str, Any]) -> None:
        every = {ask.address for ask in asks(world, described) if ask.method == "get"}
        wanted = {
            address
            for stem, records in world.planted.items()
            for one in records
            for address in (f"/here/registers/{stem}/{one.pk}/", f"/api/programmes/here/registers/{stem}/{one.pk}")
        }
        assert wanted - every == set()

    def test_a_sample_is_the_least_that_fits(self) -> None:
        described = {"components": {"schemas": {"Word": {"type": "string"}}}}
        schema = {
            "type": "object",
            "properties": {
                "word": {"$ref": "#/components/schemas/Word"},
                "number": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "choice": {"enum": ["first", "second"]},
                "left out": {"type": "array"},
            },
            "required": ["word", "number", "choice"],
        }
        assert sample(schema, described) == {"word": "x", "number": 1, "choice": "first"}
