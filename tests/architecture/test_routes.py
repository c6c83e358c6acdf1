"""Who may open which address: every route is listed once, and opening a page never writes."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver

from parity.register.exchange.models import Upload
from parity.register.jobs.models import Job
from parity.register.people.models import Membership
from parity.register.programmes.models import Programme
from parity.register.records.tables import RECORDS
from parity.terms.indicator import CATALOGUE
from parity.web.verbs import load
from tests.architecture.source import HOUSE
from tests.members import join_everything

OPERATIONS = ("", "/<record>", "/<record>/share", "/<record>/withdraw", "/<record>/restore")
ROUTES: dict[str, tuple[str, ...]] = {
    "everybody": (
        "sign-in/",
        "sign-in/cancelled/",
        "sign-in/forgotten/",
        "sign-in/forgotten/<str:uidb36>/<str:key>/",
        "sign-in/forgotten/done/",
        "sign-in/forgotten/sent/",
        "accessibility/",
        ".well-known/security.txt",
    ),
    "whoever brings what the way there gives": (
        "calendars/<uuid:calendar>/<str:secret>.ics",
        "invitation/<str:token>/",
        "notices/stop/<str:token>/",
        "sign-in/second-step/",
        "sign-in/with/<slug:provider_id>/",
        "sign-in/with/<slug:provider_id>/back/",
    ),
    "people who have set it up": (
        "account/confirm/",
        "account/confirm/code/",
        "account/confirm/passkey/",
        "account/second-step/app/remove/",
        "account/second-step/codes/",
        "account/second-step/passkeys/<int:pk>/",
        "account/second-step/passkeys/<int:pk>/remove/",
        "account/sign-out-everywhere/",
    ),
    "people who are signed in": (
        "",
        "account/",
        "account/linked/",
        "account/password/",
        "account/second-step/",
        "account/second-step/app/",
        "account/second-step/codes/new/",
        "account/second-step/passkeys/",
        "account/second-step/passkeys/add/",
        "sign-out/",
        "api/openapi.json",
        "england/",
        "england/figures/",
        "england/figures/<slug:key>/",
        "england/maps/",
        "england/maps/<slug:key>/",
        "england/places/",
        "england/places/<slug:area>/",
        "england/places/<slug:area>/assessment/",
        "england/places/<slug:area>/<slug:topic>/",
        "england/sources/",
        "jobs/",
    ),
    "members of the programme": (
        "<slug:programme>/",
        "<slug:programme>/figures/",
        "<slug:programme>/figures/<slug:key>/",
        "<slug:programme>/thread/",
        "<slug:programme>/audit/",
        "<slug:programme>/areas/",
        "<slug:programme>/organisations/",
        "<slug:programme>/organisations/<uuid:organisation>/",
        "<slug:programme>/connections/",
        "<slug:programme>/connections/calendar/",
        "<slug:programme>/connections/calendar/end/",
        "<slug:programme>/connections/e-mails/",
        "<slug:programme>/connections/tokens/new/",
        "<slug:programme>/notices/",
        "<slug:programme>/people/",
        "<slug:programme>/take-out/",
        "<slug:programme>/registers/",
        "<slug:programme>/registers/<slug:stem>/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/",
        "<slug:programme>/registers/<slug:stem>/template.xlsx",
        "<slug:programme>/registers/<slug:stem>/export.csv",
        "<slug:programme>/registers/<slug:stem>/export.xlsx",
        "<slug:programme>/analyse/",
        "<slug:programme>/analyse/access/",
        "<slug:programme>/analyse/circumstances/",
        "<slug:programme>/analyse/consultation/",
        "<slug:programme>/analyse/data-quality/",
        "<slug:programme>/analyse/groups/",
        "<slug:programme>/analyse/inpatients/",
        "<slug:programme>/analyse/intelligence/",
        "<slug:programme>/analyse/market/",
        "<slug:programme>/analyse/need/",
        "<slug:programme>/analyse/older-people/",
        "<slug:programme>/analyse/opportunities/",
        "<slug:programme>/analyse/performance/",
        "<slug:programme>/analyse/policy/",
        "<slug:programme>/analyse/population/",
        "<slug:programme>/analyse/resource/",
        "<slug:programme>/analyse/spend/",
        "<slug:programme>/analyse/supply/",
        "<slug:programme>/analyse/workforce/",
        "<slug:programme>/plan/",
        "<slug:programme>/plan/budget/",
        "<slug:programme>/plan/enablement/",
        "<slug:programme>/plan/calibration/",
        "<slug:programme>/plan/calibration/<uuid:model>/save/",
        "<slug:programme>/plan/choice/",
        "<slug:programme>/plan/choice/portfolios.csv",
        "<slug:programme>/plan/improvement/",
        "<slug:programme>/plan/move-on/",
        "<slug:programme>/plan/options/",
        "<slug:programme>/plan/outcomes/",
        "<slug:programme>/plan/models/",
        "<slug:programme>/plan/models/<uuid:model>/model.xmile",
        "<slug:programme>/plan/models/scenario.schema.json",
        "<slug:programme>/plan/reasons/",
        "<slug:programme>/plan/sizes/",
        "<slug:programme>/plan/sizes/sizes.csv",
        "<slug:programme>/plan/scenarios/",
        "<slug:programme>/plan/scenarios/<str:code>/",
        "<slug:programme>/plan/scenarios/<str:code>/save/",
        "<slug:programme>/plan/scenarios/<str:code>/scenario.json",
        "<slug:programme>/plan/scenarios/<str:code>/series.csv",
        "<slug:programme>/plan/scenarios/<str:code>/why/",
        "<slug:programme>/plan/service-costs/",
        "<slug:programme>/plan/targets/",
        "<slug:programme>/secure/",
        "<slug:programme>/secure/allocation/",
        "<slug:programme>/secure/contracts/",
        "<slug:programme>/secure/moving-on/",
        "<slug:programme>/secure/purchase/",
        "<slug:programme>/secure/tenders/",
        "<slug:programme>/review/",
        "<slug:programme>/review/comparators/",
        "<slug:programme>/review/kpis/",
        "<slug:programme>/review/risks/",
        "<slug:programme>/review/tie-out/",
        "api/programmes/<slug:programme>/directory",
        "api/programmes/<slug:programme>/directory/services",
        "api/programmes/<slug:programme>/directory/services/<service>",
        "api/programmes/<slug:programme>/figures",
        "api/programmes/<slug:programme>/scenarios/<code>",
        *(f"api/programmes/<slug:programme>/registers/{stem}{rest}" for stem in RECORDS for rest in OPERATIONS),
    ),
    "members whose role lets them": (
        "<slug:programme>/people/invite/",
        "<slug:programme>/people/<uuid:membership>/end/",
        "<slug:programme>/people/<uuid:membership>/invite/",
        "<slug:programme>/organisations/new/",
        "<slug:programme>/organisations/<uuid:organisation>/edit/",
        "<slug:programme>/organisations/<uuid:organisation>/close/",
        "<slug:programme>/organisations/<uuid:organisation>/hand-over/",
        "<slug:programme>/plan/models/begin/",
        "<slug:programme>/plan/models/bring/",
        "<slug:programme>/plan/scenarios/<str:code>/copy/",
        "<slug:programme>/registers/<slug:stem>/new/",
        "<slug:programme>/registers/<slug:stem>/upload/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/edit/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/share/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/keep/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/give/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/withdraw/",
        "<slug:programme>/registers/<slug:stem>/<uuid:record>/restore/",
        "<slug:programme>/webhooks/",
        "<slug:programme>/webhooks/new/",
        "<slug:programme>/webhooks/<uuid:webhook>/",
        "<slug:programme>/webhooks/<uuid:webhook>/secret/",
        "<slug:programme>/webhooks/<uuid:webhook>/test/",
        "<slug:programme>/webhooks/<uuid:webhook>/end/",
    ),
    "whoever made the token": ("<slug:programme>/connections/tokens/<uuid:token>/end/",),
    "whoever brought the upload": (
        "<slug:programme>/plan/models/bring/<uuid:upload>/",
        "<slug:programme>/registers/<slug:stem>/upload/<uuid:upload>/",
    ),
    "whoever asked for the job": (
        "jobs/<uuid:job>/",
        "jobs/<uuid:job>/cancel/",
        "jobs/<uuid:job>/files/<path:name>",
    ),
    "nobody": ("api/",),
}
"""Every route of the workspace by who may open it. One that is missing here fails the test."""

OF_A_PROGRAMME = ("members of the programme", "members whose role lets them", "whoever brought the upload")
OF_A_PROGRAMME += ("whoever made the token",)
NOT_EVERYBODY = ("people who are signed in", *OF_A_PROGRAMME, "whoever asked for the job")
NOT_EVERYBODY += ("people who have set it up",)
REGISTER = "targets"
NOW = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
ACTS = ("/share", "/withdraw", "/restore")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")
NOTED = ("django_session", "register_tally")
"""What opening a page may write: a session notes when it was used, and the secret of a set-up begun; and who comes how
often is counted."""
SLOTS_OF_SIGN_IN = {
    "<slug:provider_id>": "elsewhere",
    "<str:token>": "token",
    "<str:uidb36>": "1",
    "<str:key>": "key",
    "<int:pk>": "1",
    **{slot: str(UUID(int=0)) for slot in ("<uuid:calendar>", "<uuid:webhook>", "<uuid:token>")},
    "<str:secret>": "secret",
    "<slug:area>": "E00000000",
    "<slug:topic>": "population",
    **dict.fromkeys(("<str:code>", "<code>", "<uuid:model>"), str(UUID(int=0))),
}
REFUSED = {
    "<slug:programme>/plan/choice/portfolios.csv": HTTPStatus.NOT_FOUND,
    "<slug:programme>/plan/sizes/sizes.csv": HTTPStatus.NOT_FOUND,
    "calendars/<uuid:calendar>/<str:secret>.ics": HTTPStatus.NOT_FOUND,
    "notices/stop/<str:token>/": HTTPStatus.NOT_FOUND,
    "invitation/<str:token>/": HTTPStatus.NOT_FOUND,
    "sign-in/with/<slug:provider_id>/": HTTPStatus.NOT_FOUND,
    "sign-in/with/<slug:provider_id>/back/": HTTPStatus.NOT_FOUND,
    "england/maps/<slug:key>/": HTTPStatus.NOT_FOUND,
    "england/places/<slug:area>/": HTTPStatus.NOT_FOUND,
    "england/places/<slug:area>/<slug:topic>/": HTTPStatus.NOT_FOUND,
    "account/confirm/": HTTPStatus.FORBIDDEN,
    "account/confirm/code/": HTTPStatus.FORBIDDEN,
    "account/confirm/passkey/": HTTPStatus.FORBIDDEN,
    "account/second-step/app/remove/": HTTPStatus.NOT_FOUND,
    "account/second-step/codes/": HTTPStatus.NOT_FOUND,
    "account/second-step/passkeys/<int:pk>/": HTTPStatus.NOT_FOUND,
    "account/second-step/passkeys/<int:pk>/remove/": HTTPStatus.NOT_FOUND,
    "<slug:programme>/people/<uuid:membership>/invite/": HTTPStatus.NOT_FOUND,
    "<slug:programme>/organisations/<uuid:organisation>/hand-over/": HTTPStatus.NOT_FOUND,
}
"""What a person gets who opens these without having been sent, or having set up, what they are for."""
GOES_ON_BY_POST = {
    "england/places/<slug:area>/assessment/",
    "account/sign-out-everywhere/",
    "jobs/<uuid:job>/cancel/",
    "<slug:programme>/connections/calendar/end/",
    "<slug:programme>/connections/tokens/<uuid:token>/end/",
    "<slug:programme>/webhooks/<uuid:webhook>/test/",
    "<slug:programme>/webhooks/<uuid:webhook>/end/",
    *(route for route in ROUTES["members of the programme"] if route.endswith(ACTS)),
}


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    """The whole route of every address, inclusions followed."""
    for each in patterns:
        route = before + str(each.pattern)
        yield from [route] if isinstance(each, URLPattern) else routes(each.url_patterns, route)


ALL = sorted(set(routes(get_resolver("parity.web.urls").url_patterns)))


def address(route: str) -> str:
    """An address that the route leads to, in the example programme."""
    values = {"<slug:programme>": "luton", "<slug:key>": next(iter(CATALOGUE))}
    values |= SLOTS_OF_SIGN_IN
    if "<uuid:organisation>" in route:
        values["<uuid:organisation>"] = str(Programme.objects.values_list("lead", flat=True).first() or UUID(int=0))
    if any(slot in route for slot in ("<slug:stem>", "<uuid:membership>", "<uuid:upload>")):
        known = {"<uuid:record>": RECORDS[REGISTER].objects, "<uuid:membership>": Membership.objects}
        known |= {"<uuid:upload>": Upload.objects}
        values["<slug:stem>"] = REGISTER
        values |= {
            slot: str(found.values_list("pk", flat=True).first() or UUID(int=0)) for slot, found in known.items()
        }
    if "<record>" in route:
        values["<record>"] = str(
            RECORDS[route.split("/")[4]].objects.values_list("pk", flat=True).first() or UUID(int=0)
        )
    if "<service>" in route:
        values["<service>"] = str(
            RECORDS["service_directory"].objects.values_list("pk", flat=True).first() or UUID(int=0)
        )
    if "<uuid:job>" in route:
        values |= {"<uuid:job>": str(Job.objects.values_list("pk", flat=True).get()), "<path:name>": "file.txt"}
    for slot, value in values.items():
        route = route.replace(slot, value)
    return f"/{route}"


@pytest.fixture
def example(db: None, tmp_path: Path, settings: Any) -> None:
    """One example programme, taken in as the terminal takes it in."""
    settings.PARITY_HOME = tmp_path
    load(Namespace(folder=str(HOUSE / "examples" / "luton")))


@pytest.fixture
def job(person: Client, settings: Any) -> None:
    """A job that the person asked for, with a file."""
    analyst = get_user_model().objects.get(username="analyst")
    asked = {"what": "sample", "title": "A sample", "payload": {}, "by": analyst, "on": NOW.date(), "beat_at": NOW}
    made = Job.objects.create(key="sample", state="done", result={"files": ["file.txt"]}, **asked)
    folder = settings.PARITY_HOME / "jobs" / str(made.pk)
    folder.mkdir(parents=True)
    (folder / "file.txt").write_text("A sample.", encoding="utf-8")


@pytest.fixture
def visitor() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def person(db: None) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    analyst = get_user_model().objects.create_user("analyst")
    client.force_login(analyst)
    return client


def refuse_writes(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Stands between Django and the database while pages are opened."""
    assert sql.split()[0].upper() not in WRITES or any(table in sql for table in NOTED), sql
    return execute(sql, *rest)


def test_every_route_is_listed_once() -> None:
    assert sorted(route for listed in ROUTES.values() for route in listed) == ALL


@pytest.mark.parametrize("route", ROUTES["everybody"])
def test_everybody_may_open_it(visitor: Client, db: None, route: str) -> None:
    assert visitor.get(address(route)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("route", ROUTES["whoever brings what the way there gives"])
def test_a_visitor_on_no_way_finds_nothing(visitor: Client, db: None, route: str) -> None:
    response = visitor.get(address(route))
    assert response.status_code == REFUSED.get(route, HTTPStatus.FOUND)
    assert response.get("Location", "/sign-in/") == "/sign-in/"


@pytest.mark.parametrize("route", [route for whom in NOT_EVERYBODY for route in ROUTES[whom]])
def test_a_visitor_is_asked_to_sign_in(visitor: Client, job: None, route: str) -> None:
    response = visitor.get(address(route))
    if route in GOES_ON_BY_POST and route.startswith("api/"):
        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    elif route.startswith("api/programmes/"):
        assert response.status_code == HTTPStatus.UNAUTHORIZED
    else:
        assert (response.status_code, response["Location"].partition("?")[0]) == (HTTPStatus.FOUND, "/sign-in/")


@pytest.mark.parametrize("route", ROUTES["nobody"])
def test_nobody_finds_it(person: Client, visitor: Client, route: str) -> None:
    assert [client.get(address(route)).status_code for client in (person, visitor)] == [HTTPStatus.NOT_FOUND] * 2


def test_static_files_are_open_to_everybody(visitor: Client, db: None) -> None:
    response = visitor.get("/static/parity/parity.css")
    assert (response.status_code, response["Content-Type"]) == (HTTPStatus.OK, 'text/css; charset="utf-8"')
    response.close()


def test_opening_a_page_never_writes(person: Client, example: None, job: None) -> None:
    join_everything(get_user_model().objects.get(username="analyst"), role="director")
    answers, absent = {}, [route for route in ALL if address(route).find(str(UUID(int=0))) > 0]
    with connection.execute_wrapper(refuse_writes):
        for route in sorted(set(ALL) - GOES_ON_BY_POST - set(ROUTES["nobody"])):
            answer = person.get(address(route), follow=True)
            answers[route] = answer.status_code if answer.getvalue() else HTTPStatus.NO_CONTENT
    refused = [route for route, status in answers.items() if status != HTTPStatus.OK]
    assert refused == [route for route in answers if route in absent or route in REFUSED]
    assert {route: answers[route] for route in REFUSED} == REFUSED


def test_a_stranger_finds_nothing_of_a_programme(person: Client, example: None) -> None:
    routes = {route for whom in OF_A_PROGRAMME for route in ROUTES[whom]} - GOES_ON_BY_POST
    answers = {route: person.get(address(route)).status_code for route in sorted(routes)}
    assert {route: status for route, status in answers.items() if status != HTTPStatus.NOT_FOUND} == {}


def test_a_write_would_be_refused(person: Client) -> None:
    with connection.execute_wrapper(refuse_writes), pytest.raises(AssertionError, match="INSERT"):
        get_user_model().objects.create(username="another")
