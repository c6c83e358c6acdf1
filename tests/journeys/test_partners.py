"""Stories of partners, told by keyboard alone, with scripts and without: an invitation, a share, a sheet, a story."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from parity.plan.scenarios.models import Scenario
from parity.register.models import Membership, Organisation, Person, Programme
from parity.register.records.actions import Keeping, add_records, withdraw_record
from parity.review.models import Risk
from tests.architecture.test_routes import OF_A_PROGRAMME, ROUTES
from tests.journeys.conftest import DESKTOP, HEIGHT
from tests.journeys.keyboard import Keys
from tests.journeys.test_accessible_pages import examined
from tests.layout.reading import read_page
from tests.members import join
from tests.web.signing_in import PASSWORD, code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CELLS = {
    "risk": "R-1", "raised": "2026-01-31", "title": "Too few staff", "effect": "People wait.", "owner": "Director",
    "impact_score": "3", "probability_score": "2", "mitigation": "Recruit.", "action_owner": "Manager",
    "trend": "increasing",
}  # fmt: skip
BEN = "ben@charity.example"
RISKS = "/north/registers/risks/"
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
FAULTS = "What is wrong with the file"
STORY = "What happened to this record, the latest first"


@dataclass(frozen=True)
class World:
    """A programme of a council that leads it, a trust and a charity, with somebody of each; where its pages are."""

    programme: Programme
    bodies: dict[str, Organisation]
    people: dict[str, Person]
    address: str

    def risk(self, **cells: str) -> Risk:
        """A risk that the council keeps to itself."""
        frame = pl.DataFrame([{**CELLS, **cells}])
        told = {"by": self.people["dora"], "on": timezone.localdate()}
        return add_records(self.programme, Risk, frame, keeping=Keeping(self.bodies["Council"]), **told)[0]


@dataclass(frozen=True)
class Window:
    """A browser's page, the keys it is used by, and what it complained of."""

    page: Page
    world: World
    scripts: bool = True
    heard: list[str] = field(default_factory=list)

    @property
    def keys(self) -> Keys:
        """The keys."""
        return Keys(self.page)

    def open(self, path: str) -> int:
        """The status of the page at the path."""
        answer = self.page.goto(self.world.address + path)
        assert answer is not None
        return answer.status

    def shows(self, title: str, *said: str) -> None:
        """Nothing; the page bears this heading and says this; axe, itself a script, finds no fault down to 320 px."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        for words in said:
            expect(self.page.get_by_role("status")).to_have_text(words)
        assert not self.scripts or examined(self.page) == []

    def sign_in(self, name: str) -> None:
        """Signs in by the form."""
        self.open("/sign-in/")
        self.keys.type("User name or e-mail address", name)
        self.keys.type("Password", PASSWORD)
        self.keys.follow("Sign in")

    def rows(self, caption: str) -> list[list[str]]:
        """The rows of a table, headings left out."""
        rows = self.page.get_by_role("table", name=caption).get_by_role("row").all()
        return [row.locator("th, td").all_inner_texts() for row in rows[1:]]


@pytest.fixture
def world(live_server: Any, settings: Any) -> World:
    settings.ADDRESS = live_server.url
    bodies = {
        name: Organisation.objects.create(code=name.lower(), name=f"North {name}", kind="council")
        for name in ("Council", "Trust", "Charity")
    }
    dora = Person.objects.create_user("dora", "dora@north.example", PASSWORD, is_public=True, first_name="Dora")
    made = Programme.objects.create(
        slug="north", title="North", publisher="North Council", period="2026/27", summary="A sample.", home_area="N",
        described={}, loaded_by=dora, loaded_on=timezone.localdate(), lead=bodies["Council"],
    )  # fmt: skip
    made.organisations.add(*bodies.values())
    people = {"dora": dora}
    join(dora, made, role="director")
    for name, body in (("tess", "Trust"), ("carl", "Charity")):
        people[name] = Person.objects.create_user(name, f"{name}@north.example", PASSWORD, is_public=True)
        join(people[name], made, role="lead_commissioner_nhs", organisation=bodies[body])
    return World(made, bodies, people, live_server.url)


@pytest.fixture
def window(browser: Browser, world: World) -> Iterator[Callable[..., Window]]:
    """Opens a window of its own, signed in where somebody is named."""
    contexts = []

    def opened(name: str = "", *, scripts: bool = True) -> Window:
        context = browser.new_context(viewport={"width": DESKTOP, "height": HEIGHT}, java_script_enabled=scripts)
        contexts.append(context)
        found = Window(context.new_page(), world, scripts)
        found.page.on("console", lambda message: found.heard.append(f"{found.page.url}: {message.text}"))
        found.page.on("pageerror", lambda error: found.heard.append(f"{found.page.url}: {error}"))
        if name:
            found.sign_in(name)
        return found

    yield opened
    for context in contexts:
        context.close()


@BOTH
def test_a_partner_is_invited_and_lands_in_the_programme(
    window: Callable[..., Window], world: World, scripts: bool
) -> None:
    Membership.objects.filter(person=world.people["carl"]).delete()
    dora, ben = window("dora", scripts=scripts), window(scripts=scripts)
    dora.shows("North")
    dora.keys.follow("People")
    dora.shows("People")
    dora.keys.follow("Invite somebody")
    dora.shows("Invite somebody")
    dora.keys.follow("Invite")
    dora.shows("Invite somebody")
    dora.keys.type("Name", "Ben Example")
    dora.keys.type("E-mail address", BEN)
    dora.keys.select("Acts for", "North Charity")
    dora.keys.select("Role", "Director")
    dora.keys.follow("Invite")
    dora.shows("People", f"{BEN} is invited to act for North Charity as director.")
    assert [row[0].split()[-1] for row in dora.rows("Who was invited and has not signed in since")] == [BEN]
    (link,) = re.findall(r"http://\S+", mail.outbox[0].body)
    ben.page.goto(link)
    ben.shows("Your invitation")
    ben.keys.type("New password", PASSWORD)
    ben.keys.follow("Set password")
    ben.sign_in(BEN)
    ben.keys.follow("Set up an app")
    secret = ben.page.locator("main code").inner_text().replace(" ", "")
    ben.keys.type("Code", code(secret))
    ben.keys.follow("Set up")
    recovery = ben.page.locator("main code").first.inner_text()
    ben.keys.follow("Sign out")
    ben.sign_in(BEN)
    ben.keys.type("Code", recovery)
    ben.keys.follow("Sign in")
    ben.shows("North")
    ben.keys.follow("Organisations")
    ben.shows("Organisations")
    ben.keys.follow("North Charity")
    ben.shows("North Charity")
    dora.keys.follow("People")
    assert dora.page.get_by_role("table").count() == 1
    assert (dora.heard, ben.heard) == ([], [])


@BOTH
def test_a_risk_is_shared_with_one_organisation_and_nobody_else(
    window: Callable[..., Window], world: World, scripts: bool
) -> None:
    risk = world.risk()
    dora, tess, carl = (window(name, scripts=scripts) for name in ("dora", "tess", "carl"))
    page = f"{RISKS}{risk.pk}/"
    assert [other.open(page) for other in (tess, carl)] == [404, 404]
    dora.open(page)
    dora.shows("Risk R-1")
    dora.keys.follow("Share")
    dora.shows("Share risk R-1")
    dora.keys.choose("Organisations we name")
    dora.keys.tick("North Trust")
    dora.keys.type("Why (optional)", "They staff the ward.")
    dora.keys.follow("Share")
    dora.shows("Risk R-1", "Risk R-1 is shared with: North Trust, without end.")
    assert [other.open(page) for other in (tess, carl)] == [200, 404]
    tess.shows("Risk R-1")
    assert [row[2].split("\n")[-1] for row in tess.rows(STORY)] == ["Shared: Shared with"]
    carl.shows("Page not found")
    assert dora.heard == []


@BOTH
def test_a_sheet_with_three_faults_is_mended_and_its_story_read(
    window: Callable[..., Window], tmp_path: Path, scripts: bool
) -> None:
    dora = window("dora", scripts=scripts)
    dora.keys.follow("Registers")
    dora.shows("Registers")
    dora.keys.follow("Risks")
    dora.shows("Risks")
    dora.keys.follow("Upload a sheet")
    dora.shows("Upload a sheet: Risks")
    faulty = [
        {**CELLS, "raised": "31 February 2026"}, {**CELLS, "risk": "R-2", "impact_score": "9"},
        {**CELLS, "risk": "R-3", "trend": "sideways"},
    ]  # fmt: skip
    send(dora, sheet(tmp_path, "faulty", faulty))
    dora.shows(dora.page.get_by_role("heading", level=1).inner_text())
    told = [[cell.split("\n")[-1] for cell in row] for row in dora.rows(FAULTS)]
    assert [(row[0], row[1]) for row in told] == [("2", "Raised"), ("3", "Impact score"), ("4", "Trend")]
    assert Risk.objects.count() == 0
    send(dora, sheet(tmp_path, "mended", [CELLS, {**CELLS, "risk": "R-2"}, {**CELLS, "risk": "R-3"}]))
    dora.shows(dora.page.get_by_role("heading", level=1).inner_text())
    dora.keys.type("Why they are added (optional)", "From the old sheet.")
    dora.keys.follow("Confirm")
    dora.shows("Risks")
    assert Risk.objects.count() == 3
    dora.keys.follow("R-2")
    dora.shows("Risk R-2")
    dora.keys.follow("Change")
    dora.keys.type("Title", "Far too few staff")
    dora.keys.follow("Save")
    dora.shows("Risk R-2", "Risk R-2 was changed.")
    story = [[cell.split("\n")[-1] for cell in row] for row in dora.rows(STORY)]
    assert [(row[1:5], row[5].partition(" From a file")[0]) for row in story] == [
        (["Dora, for North Council", "Changed: Title", "Too few staff", "Far too few staff"], "–"),
        (["Dora, for North Council", "Added", "–", "–"], "From the old sheet."),
    ]
    assert dora.heard == []


def sheet(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CELLS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def send(who: Window, path: Path) -> None:
    """Chooses the file, for which every system has a window of its own, and sends the form by keyboard."""
    who.page.locator("input[type=file]").set_input_files(path)
    who.keys.choose("Our organisation only")
    who.keys.follow("Check the file")


# Every form, without scripts

FORMS = (
    "account/",
    "account/password/",
    "account/second-step/codes/new/",
    "account/second-step/app/",
    "account/second-step/passkeys/add/",
    "<slug:programme>/people/invite/",
    "<slug:programme>/take-out/",
    "<slug:programme>/connections/calendar/",
    "<slug:programme>/connections/e-mails/",
    "<slug:programme>/connections/tokens/new/",
    "<slug:programme>/webhooks/new/",
    "<slug:programme>/people/<uuid:membership>/end/",
    "<slug:programme>/people/<uuid:membership>/invite/",
    "<slug:programme>/organisations/new/",
    "<slug:programme>/organisations/<uuid:organisation>/edit/",
    "<slug:programme>/organisations/<uuid:organisation>/close/",
    "<slug:programme>/organisations/<uuid:organisation>/hand-over/",
    "<slug:programme>/plan/models/begin/",
    "<slug:programme>/plan/models/bring/",
    "<slug:programme>/plan/scenarios/<str:code>/",
    "<slug:programme>/plan/scenarios/<str:code>/copy/",
    "<slug:programme>/registers/<slug:stem>/new/",
    "<slug:programme>/registers/<slug:stem>/upload/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/edit/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/keep/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/share/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/give/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/withdraw/",
    "<slug:programme>/registers/<slug:stem>/<uuid:record>/restore/",
    "sign-out/",
)
"""Every route of the workspace with a form that writes; of sign-in those that a person needs no device for."""
NEEDS_A_SCRIPT = ("account/second-step/passkeys/add/",)
"""A passkey is made by the browser's own script."""


def filled(world: World, route: str) -> str:
    """An address of the route, whose form the director may send."""
    told = {"by": world.people["dora"], "on": timezone.localdate()}
    risk = world.risk()
    if "restore" in route:
        withdraw_record(risk, reason="A slip.", **told)
    waiting = join(Person.objects.create(username="new", email="new@north.example"), world.programme)
    Membership.objects.filter(pk=waiting.pk).update(invited_at=timezone.now())
    council, trust = world.bodies["Council"], world.bodies["Trust"]
    Organisation.objects.filter(pk=council.pk).update(closed_on=told["on"], successor=trust)
    values = {
        "<slug:programme>": "north", "<slug:stem>": "risks", "<uuid:record>": risk.pk, "<uuid:membership>": waiting.pk,
        "<uuid:organisation>": council.pk, "<str:code>": "B",
    }  # fmt: skip
    if "<str:code>" in route:
        cells = pl.DataFrame([{"code": "B", "model": "Care", "scenario": "Move on"}])
        add_records(world.programme, Scenario, cells, keeping=Keeping(council), **told)
    for slot, value in values.items():
        route = route.replace(slot, str(value))
    return f"/{route}"


def test_every_form_is_listed(world: World) -> None:
    client, known = Client(SERVER_NAME="127.0.0.1"), []
    client.force_login(world.people["dora"])
    listed = [route for whom in ("people who are signed in", *OF_A_PROGRAMME) for route in ROUTES[whom]]
    for route in sorted(one for one in listed if not one.startswith("api/") and "<uuid:upload>" not in one):
        with transaction.atomic():
            answer = client.get(filled(world, route))
            transaction.set_rollback(True)
        page = answer.getvalue().decode(errors="replace") if answer["Content-Type"].startswith("text/html") else ""
        forms = read_page(page).one("main").all("form") if page else []
        known += [route] if any(form.attributes.get("method") == "post" for form in forms) else []
    assert set(known) == set(FORMS)


@pytest.mark.parametrize("route", sorted(set(FORMS) - set(NEEDS_A_SCRIPT)))
def test_every_form_is_sent_by_keyboard_without_scripts(
    window: Callable[..., Window], world: World, route: str
) -> None:
    dora = window("dora", scripts=False)
    assert dora.open(filled(world, route)) == 200
    button = dora.page.locator("main form[method=post] button").last.inner_text()
    answer = dora.keys.follow(button)
    assert answer is not None
    sent = answer.request.redirected_from or answer.request
    assert (sent.method, answer.status) == ("POST", 200)
    refused, done = dora.page.locator(".nhsuk-error-summary"), dora.page.get_by_role("status")
    assert refused.count() + done.count() == 1, "the page says what was wrong, or what was done"
