"""What one organisation keeps to itself shows to nobody else: on no page, operation, search, file, e-mail or log."""

import io
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
from parity.register.limits.rules import LIMITS, Limit
from parity.register.models import Person
from parity.register.people.rules import ROLES
from parity.register.policy import partnership, viewer_of
from parity.register.records.tables import RECORDS
from parity.review.models import Risk
from parity.review.pack.actions import write_pack
from parity.tables import Desk, Store
from parity.web.api import api
from tests.register.canary import (
    NOWHERE,
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
WALKING, LISTENING = ("b-director",), ("b-director", "b-provider")
"""Who also follows every link, and who asks for everything of every register; others ask for some registers each."""
GROUPS = 3
"""They are asked in groups, so that several processors can share them."""
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) \W?(?P<table>\w+)")
NOTED = ("django_session", "register_tally")
"""A session notes when it was last used, at most once a minute; and who comes how often is counted."""
READ_EVENTS = {"register_event", "register_head"}


@pytest.fixture
def world(db: None, store: Store, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, in which nobody asks too often: who is refused hears nothing."""
    for name in LIMITS:
        monkeypatch.setitem(LIMITS, name, Limit(10**9, 60))
    return plant(store)


@pytest.fixture
def writes() -> Iterator[list[str]]:
    """The tables that were written to since the list was last emptied."""
    tables: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        tables.extend(found["table"] for found in [WRITES.match(sql)] if found and found["table"] not in NOTED)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables


def test_its_own_officer_sees_every_record_and_looking_writes_nothing(world: World, writes: list[str]) -> None:
    """So the canary would be heard where it got out. Only reading a sensitive register leaves an event."""
    heard, wrote = defaultdict(set), {}
    every = [ask for ask in asks(world, api.get_openapi_schema()) if ask.method in READING]
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
def test_nobody_else_sees_any(world: World, caplog: pytest.LogCaptureFixture, group: int) -> None:
    caplog.set_level(logging.DEBUG)
    described, others = api.get_openapi_schema(), strangers(world)
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
    """What this person is answered: each hears of some registers, so that all are asked for by several."""
    stems = () if name in LISTENING else sorted(RECORDS)[place % 4 :: 4]
    if name in WALKING:
        yield from walk(client)
    yield from hear(client, asks(world, described, stems=stems))
    if name == "a-in-another-programme":
        yield from hear(client, asks(replace(world, slug="elsewhere"), described, stems=stems))


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

    def test_every_planted_record_has_its_address(self, world: World) -> None:
        every = {ask.address for ask in asks(world, api.get_openapi_schema()) if ask.method == "get"}
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
