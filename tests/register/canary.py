"""A canary: words planted in what one organisation keeps, looked for in everything that others are answered.

The addresses come from the routes, from the description of the API and from the links on the pages, so that whatever
is added is looked at by itself. A route with a part that is not known here fails: say in `World.values` what may stand
there.
"""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain, product
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

import polars as pl
import pypdfium2
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from parity.register.calendars.actions import give_calendar
from parity.register.exchange.models import Upload
from parity.register.memberships.actions import end_membership
from parity.register.models import Grant, Membership, Organisation, Person, Programme, Token
from parity.register.records.actions import Keeping, change_record
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.register.tokens.actions import Wish, give_token
from parity.register.tokens.models import Scope
from parity.register.webhooks.actions import add_webhook
from parity.sources.brought.programme import house_schemas
from parity.tables import Store
from parity.terms.derived import DERIVED
from parity.terms.indicator import CATALOGUE
from tests.given import release
from tests.journeys.walk import HOME, internal
from tests.layout.reading import read_page
from tests.members import LONG_AGO, join
from tests.register.worlds import add, organisation, person, programme

ASKED, SONG = "Kanarie", "zingtnietvooranderen"
"""What is searched for, and what must not come back: words that were searched for stand on every page of results."""
AREA, ANOTHER_LOT = "E06000099", "Another lot"
NOWHERE = UUID(int=7)
SLOT = re.compile(r"<(?:\w+:)?(?P<route>\w+)>|\{(?P<operation>\w+)\}")
PARTED = re.compile(r"/(?:registers|figures|maps)/(?P<name>[\w-]+)")
PARTS = 6
"""In so many parts registers and indicators are shared out among those who listen: several ask for each."""
UNSEEN = re.compile(r"[\s\u00ad\u200b\u2060]+")
SIGN_OUT = ("/sign-out/", "/account/sign-out-everywhere/")
API = "api/"
ADDRESSES_A_PATH = 2
"""Of addresses that differ only in what is asked, so many are opened."""
READING = ("get", "head")
ROLES_THAT_DIFFER = (
    "director", "provider", "lead_commissioner_nhs", "planning_officer", "external_reviewer", "executive_member",
    "scrutiny_member", "legal_and_governance", "risk_owner",
)  # fmt: skip
"""One of each of those that allow the same."""


def song(*place: str) -> str:
    """The canary's words, and where they were planted."""
    return " ".join((ASKED + SONG, *place))


@dataclass
class World:
    """Programmes of organisations; in each register the first keeps records with the canary, the second others."""

    here: Programme
    elsewhere: Programme
    slug: str = "here"
    planted: dict[str, list[Record]] = field(default_factory=dict)

    def values(self, name: str, given: Mapping[str, str]) -> list[str]:
        """What may stand for this part of an address: what leads to what was planted, or nowhere."""
        known: dict[str, Callable[[], Iterable[str]]] = {
            **{one._meta.model_name: partial(_a_row, one) for one in apps.get_app_config("register").get_models()},
            "programme": lambda: (self.slug,),
            "stem": lambda: RECORDS,
            "key": _keys,
            "record": lambda: (str(one.pk) for one in self.planted[given["stem"]]),
            "code": lambda: (one.known_as for one in self.planted["scenarios"]),
            "model": lambda: (str(one.pk) for one in self.planted["flow_models"]),
            "service": lambda: (str(one.pk) for one in self.planted["service_directory"]),
            "membership": lambda: (str(Membership.objects.get(person__username="a-officer").pk),),
            "name": lambda: ("figures.csv",),
            "area": lambda: (AREA,),
            "topic": lambda: ("people",),
            "token": lambda: ("1", *_a_row(Token)),
            **{slot: lambda: ("1",) for slot in ("pk", "provider_id", "secret", "uidb36")},
        }
        if name not in known:
            raise AssertionError(f"Say in tests/register/canary.py what may stand for <{name}> in an address.")
        return list(known[name]())


def _a_row(model: type[Model]) -> list[str]:
    """The id of a row of the model, or one that leads nowhere where there is none."""
    first = model._default_manager.order_by("pk").first()
    return [str(NOWHERE if first is None else first.pk)]


def _keys() -> list[str]:
    """The indicators that read what people keep, or what is computed from it."""
    return [key for key, one in CATALOGUE.items() if _read({*one.tables, *one.optional_tables}) & set(RECORDS)]


def _read(stems: set[str]) -> set[str]:
    """These tables, and those from which they are computed."""
    made = [DERIVED[stem] for stem in stems if stem in DERIVED]
    return stems | {stem for one in made for stem in _read({*one.tables, *one.optional_tables})}


def plant(store: Store) -> World:
    """The world, with the canary in every text of two records of each register.

    One is private; one is shared by name with a third organisation, and was with the second until today.
    """
    ours, theirs, third = organisation("ours"), organisation("theirs"), organisation("third")
    officer, director, stranger = person("a-officer"), person("a-director"), person("b-keeper")
    here = programme("here", ours, theirs, third, by=officer)
    world = World(here, programme("elsewhere", ours, third, by=officer))
    row = {
        "area": AREA,
        "name": "Anywhere",
        "kind": "town",
        "parent": None,
        "source": None,
        "place": None,
        "note": None,
    }
    for one in (world.here, world.elsewhere):
        store.save(
            one.slug, [(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)), release("areas", one.slug, "1"))]
        )
    join(officer, here)
    join(director, here, role="director")
    join(stranger, here, role="director", organisation=theirs)
    holder = Person.objects.create(username="holder", first_name=song("holder"))
    keeping = Keeping(ours, lot=song("lot"), held_by=holder, reason=song("reason"))
    shared = Keeping(ours, Sharing.NAMED, reason=song("reason"))
    for stem, model in sorted(RECORDS.items(), key=lambda item: item[0] == "thread"):
        private = add(model, here, keeping=keeping, by=officer, **planted_cells(model))
        named = add(model, here, keeping=shared, by=director, **planted_cells(model, "named"))
        for partner, ends in ((third, None), (theirs, timezone.localdate())):
            grant = {"programme": here, "record": named.pk, "organisation": partner, "by": director}
            Grant.objects.create(**grant, starts_on=LONG_AGO, ends_on=ends)
        world.planted[stem] = [private, named]
        add(model, here, keeping=Keeping(theirs, Sharing.PARTNERS), by=stranger, **own_cells(model))
    sheet = pl.DataFrame([planted_cells(RECORDS["risks"])])
    place = {"programme": here, "organisation": ours, "stem": "risks", "person": officer, "made_at": timezone.now()}
    Upload(**place, name=song("risks.csv")).hold(b"", sheet).save()
    on = timezone.localdate()
    give_token(here, Wish(song("token"), Scope.READ, on + timedelta(days=1)), by=officer, on=on)
    give_calendar(here, by=officer, on=on)
    add_webhook(here, ours, f"https://hooks.council.example/{SONG}", by=director, on=on)
    again = {"note": song("again")}
    change_record(world.planted["risks"][0], again, by=officer, on=on, reason=song("why"))
    return world


def planted_cells(model: type[Record], more: str = "") -> dict[str, str]:
    """A row of the register with the canary in every column that holds free text."""
    names = [entry["name"] for entry in house_schemas()[model.STEM].fields if _is_free(entry)]
    planted = {**own_cells(model), **{name: song(model.STEM, name, more).strip() for name in names}}
    # an address says its code back to whoever asks
    code = {"code": f"B{more}"} if model.STEM == "scenarios" else {}
    return planted | code | (_planted_ends(more) if model.STEM == "thread" else {})


def _planted_ends(more: str) -> dict[str, str]:
    """A link joins a planted statement to itself: nothing else may stand in those columns."""
    end = {"kind": "statement", "id": f"{song('statements', 'list', more).strip()}/1"}
    return {f"{side}_{name}": text for side in ("from", "to") for name, text in end.items()}


def own_cells(model: type[Record]) -> dict[str, str]:
    """A sound row of the register without the canary."""
    return dict.fromkeys(house_schemas()[model.STEM].areas, AREA)


def _is_free(entry: dict[str, Any]) -> bool:
    """True for a column that holds any text, and may stand in a record whose organisation has no areas of its own."""
    limits = entry.get("constraints", {})
    bound = "enum" in limits or "pattern" in limits or entry.get("kind") not in (None, "prose")
    return entry["type"] == "string" and not bound and entry["name"] != "area"


def strangers(world: World) -> dict[str, Client]:
    """By name, a browser of everybody who must not hear the canary."""
    theirs, ours, today = Organisation.objects.get(code="theirs"), world.here.lead, timezone.localdate()
    for code in ROLES_THAT_DIFFER:
        join(person(f"b-{code}"), world.here, role=code, organisation=theirs)
    of_a_lot = join(person("a-of-another-lot"), world.here, role="director")
    Membership.objects.filter(pk=of_a_lot.pk).update(lot=ANOTHER_LOT)
    join(person("a-in-another-programme"), world.elsewhere, role="director")
    left = join(person("a-who-left"), world.here, role="director", organisation=ours)
    end_membership(left, by=Person.objects.get(username="a-director"), on=today, reason="Moved on")
    person("nobody")
    names = [*(f"b-{code}" for code in ROLES_THAT_DIFFER), "a-of-another-lot", "a-in-another-programme", "a-who-left"]
    return {"not signed in": browser(), **{name: browser(name) for name in (*names, "nobody")}}


def browser(name: str = "") -> Client:
    """A browser in which the person of this name is signed in, or nobody."""
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if name:
        client.force_login(Person.objects.get(username=name))
    return client


@dataclass(frozen=True)
class Ask:
    """One request; `body` is sent as JSON, or by a form where there is none."""

    method: str
    address: str
    body: str | None = None


def asks(world: World, described: dict[str, Any], *, part: int | None = None) -> Iterator[Ask]:
    """Every route and every operation of the API, opened, searched, and sent what is the least that fits it.

    Where a part of `PARTS` is named, of registers and indicators no more than those of it.
    """
    parts = {name: number % PARTS for names in (RECORDS, _keys()) for number, name in enumerate(sorted(names))}
    for ask in chain(_page_asks(world), _operation_asks(world, described)):
        found = PARTED.search(ask.address)
        if part is None or found is None or parts.get(found["name"], part) == part:
            yield ask


def _page_asks(world: World) -> Iterator[Ask]:
    searched = urlencode({"q": ASKED, "who": ASKED, "withdrawn": "yes"})
    for route in routes(get_resolver("parity.web.urls").url_patterns):
        if route.startswith(API):
            continue
        one = "<uuid:" in route or "<slug:key>" in route
        for address in filled(f"/{route}", world):
            yield Ask("get", address)
            if not one:
                yield Ask("get", f"{address}?{searched}")
            if address not in SIGN_OUT:
                yield Ask("post", address)


def _operation_asks(world: World, described: dict[str, Any]) -> Iterator[Ask]:
    searched = urlencode({"q": ASKED, "withdrawn": "true"})
    for path, operations in described["paths"].items():
        for address, (method, operation) in product(filled(path, world), operations.items()):
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Ask(method, address, json.dumps(sample(content["schema"], described)) if content else None)
            if method in READING and "{record}" not in path:
                yield Ask(method, f"{address}?{searched}")


def routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    """The whole route of every address, inclusions followed."""
    for each in patterns:
        route = before + str(each.pattern)
        yield from [route] if isinstance(each, URLPattern) else routes(each.url_patterns, route)


def filled(route: str, world: World, given: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Every address that the route leads to, with each value that may stand in its parts.

    Of the planted records each is opened, and one is asked for whatever else can be done with it.
    """
    slot = SLOT.search(route)
    if slot is None:
        yield route
        return
    before, after = route[: slot.start()], route[slot.end() :]
    stem = next((one for one in RECORDS if f"/registers/{one}/" in route), "")
    name, known = slot["route"] or slot["operation"], {"stem": stem, **given}
    values = world.values(name, known)
    for value in values[:1] if after.strip("/") and name == "record" else values:
        yield from filled(before + quote(value) + after, world, {**known, name: value})


def sample(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    """The least that fits the schema: what it requires, the first of several values."""
    if "$ref" in schema:
        return sample(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], described)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return sample(schema[several][0], described)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        required = schema.get("required", ())
        return {name: sample(schema["properties"][name], described) for name in required}
    plain = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "array": []}
    return plain[schema["type"]]


def hear(client: Client, every: Iterable[Ask]) -> Iterator[tuple[Ask, HttpResponse, str]]:
    """Each request with its answer and all that the answer says. Whatever a request wrote is taken back."""
    for ask in every:
        if ask.method in READING:
            answer = getattr(client, ask.method)(ask.address)
        else:
            with transaction.atomic():
                answer = _sent(client, ask)
                transaction.set_rollback(True)
        yield ask, answer, said(answer)


def _sent(client: Client, ask: Ask) -> HttpResponse:
    if ask.body is None:
        return getattr(client, ask.method)(ask.address)
    headers = {"If-Match": "*"}
    return getattr(client, ask.method)(ask.address, ask.body, content_type="application/json", headers=headers)


def walk(client: Client) -> Iterator[tuple[Ask, HttpResponse, str]]:
    """Every address that links lead to from the home page, with its answer and all that it says."""
    opened: set[str] = set()
    paths: Counter[str] = Counter()
    waiting = [HOME]
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if address in opened or paths[path] == ADDRESSES_A_PATH or path in SIGN_OUT:
            continue
        opened.add(address)
        paths[path] += 1
        for ask, answer, text in hear(client, [Ask("get", address)]):
            yield ask, answer, text
            if answer["Content-Type"].startswith("text/html"):
                waiting += internal(read_page(text.partition("\n\n")[2]), address)


def said(answer: HttpResponse) -> str:
    """All that an answer says: its headers and its content, that of a workbook, a document or an archive unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{heads}\n\n{unpacked(content)}"


def unpacked(content: bytes) -> str:
    """The text of a file; of a PDF that of its pages, of an archive that of every file in it."""
    if content.startswith(b"%PDF"):
        pdf = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{unpacked(archive.read(name))}" for name in archive.namelist())
    return content.decode("utf-8", errors="replace")


def sings(text: str) -> bool:
    """True where the canary is heard, even with spaces, line ends or unseen marks within its words."""
    return SONG in UNSEEN.sub("", text).casefold()
