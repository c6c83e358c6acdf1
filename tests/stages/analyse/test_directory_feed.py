"""The directory as a feed: the names of HSDS-UK 3.0, what is told of a service, pages, and who finds which."""

from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parity.analyse.supply.models import Service
from parity.register.models import Person, Programme
from parity.register.records.actions import Keeping, withdraw_record
from parity.register.sharing.models import Sharing
from parity.tables import Store
from tests.given import release
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme
from tests.stages.analyse.frames import table

AREA = "E06000099"
FEED = "/api/programmes/north/directory"
SERVICES = f"{FEED}/services"
PAGE = ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"]
SERVICE = {
    "id", "name", "alternate_name", "organization_id", "program_id", "description", "url", "email", "status",
    "interpretation_services", "application_process", "fees_description", "accreditations", "eligibility_description",
    "minimum_age", "maximum_age", "assured_date", "assurer_email", "alert", "last_modified", "phones", "schedules",
    "service_areas", "service_at_locations", "languages", "organization", "funding", "cost_options", "program",
    "required_documents", "contacts", "attributes", "metadata",
}  # fmt: skip
"""What HSDS-UK 3.0 knows of a service."""
PARTS = {
    "organization": {"id", "name", "alternate_name", "description", "email", "website", "logo", "uri"},
    "phones": {"id", "number", "extension", "type", "description"},
    "service_areas": {"id", "service_id", "name", "description", "extent", "extent_type", "uri"},
    "service_at_locations": {"id", "service_id", "location_id", "description", "location"},
    "location": {
        "id", "location_type", "url", "name", "description", "transportation", "latitude", "longitude",
        "external_identifier", "external_identifier_type", "addresses", "accessibility", "phones",
    },
    "addresses": {
        "id", "attention", "address_1", "address_2", "city", "region", "state_province", "postal_code", "country",
        "address_type",
    },
    "attributes": {"id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value", "taxonomy_term"},
    "taxonomy_term": {"id", "code", "name", "description", "parent_id", "taxonomy", "taxonomy_detail", "language"},
}  # fmt: skip
FULL = {
    "area": AREA, "service_type": "Day centre", "service": "The Hub", "period": "2026-01-31", "status": "active",
    "provider": "Mind", "provider_kind": "voluntary", "type_code": "D1", "tier": "2", "desde_ltc": "AX[F00-F99]-D4.1",
    "client_group": "adults", "description": "A place to be.", "eligibility": "Anyone.", "referral": "Walk in.",
    "address": "1 High Street", "town": "Luton", "postcode": "LU1 2AA", "latitude": "51.5", "longitude": "-0.4",
    "telephone": "0300 123 4567", "email": "hub@mind.example", "web": "https://mind.example/hub",
}  # fmt: skip


@pytest.fixture
def north(db: None, store: Store) -> Programme:
    areas = table("areas", {"area": AREA, "name": "Anyshire", "kind": "county"})
    store.save("north", [(areas, release("areas", "north", "1"))])
    return programme("north", organisation("council"), organisation("trust"), by=person("maker"))


@pytest.fixture
def ana(north: Programme) -> Person:
    return _member(north, "ana", "council")


def _member(north: Programme, name: str, code: str) -> Person:
    someone = person(name)
    join(someone, north, role="director", organisation=north.organisations.get(code=code))
    return someone


def _add(north: Programme, by: Person, sharing: Sharing = Sharing.PRIVATE, **cells: str) -> Any:
    keeping = Keeping(by.memberships.get().organisation, sharing)
    return add(Service, north, keeping=keeping, by=by, **{"area": AREA, "period": "2026", **cells})


def _browser(someone: Person) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(someone)
    return client


def _names(told: Any, under: str, found: dict[str, set[str]]) -> dict[str, set[str]]:
    """The names of every object in an answer, by the name under which it stands."""
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            found.setdefault(under, set()).update(one)
            for name, inside in one.items():
                _names(inside, name, found)
    return found


def test_it_says_which_standard_it_follows(north: Programme, ana: Person) -> None:
    assert _browser(ana).get(FEED).json() == {
        "version": "HSDS-UK-3.0",
        "profile": "https://openreferraluk.org/",
        "openapi_url": "http://127.0.0.1/api/openapi.json",
    }


def test_all_that_the_register_says_is_told_in_the_standard_s_names(north: Programme, ana: Person) -> None:
    kept = _add(north, ana, **FULL)
    told = _browser(ana).get(f"{SERVICES}/{kept.pk}").json()
    names = _names(told, "service", {})
    known = {"service": SERVICE, **PARTS}
    assert {place: words - known[place] for place, words in names.items() if words - known[place]} == {}
    assert set(names) == set(known)
    plain = {name: value for name, value in told.items() if isinstance(value, str)}
    assert plain == {
        "id": str(kept.pk), "name": "The Hub", "status": "active", "description": "A place to be.",
        "url": "https://mind.example/hub", "email": "hub@mind.example", "eligibility_description": "Anyone.",
        "application_process": "Walk in.", "assured_date": "2026-01-31",
    }  # fmt: skip
    (place,), (phone,), (area,) = told["service_at_locations"], told["phones"], told["service_areas"]
    (address,) = place["location"]["addresses"]
    assert (place["location"]["latitude"], place["location"]["longitude"]) == (51.5, -0.4)
    assert [address[name] for name in ("address_1", "city", "postal_code", "country", "address_type")] == [
        "1 High Street", "Luton", "LU1 2AA", "GB", "physical",
    ]  # fmt: skip
    assert (phone["number"], area["name"]) == ("0300 123 4567", "Anyshire")
    assert [told["organization"][name] for name in ("name", "description")] == ["Mind", "voluntary"]
    terms = [attribute["taxonomy_term"] for attribute in told["attributes"]]
    assert [(term["taxonomy"], term.get("code"), term["name"]) for term in terms] == [
        ("service type", "D1", "Day centre"),
        ("tier", None, "2"),
        ("client group", None, "adults"),
        ("DESDE-LTC", "AX[F00-F99]-D4.1", "AX[F00-F99]-D4.1"),
    ]


def test_what_is_not_entered_is_left_out(north: Programme, ana: Person) -> None:
    kept = _add(north, ana)
    told = _browser(ana).get(f"{SERVICES}/{kept.pk}").json()
    assert set(told) == {"id", "name", "status", "phones", "service_areas", "service_at_locations", "attributes"}
    assert (told["phones"], told["service_at_locations"]) == ([], [])
    by_place = _add(north, ana, service="On the map", latitude="51.5", longitude="-0.4")
    (there,) = _browser(ana).get(f"{SERVICES}/{by_place.pk}").json()["service_at_locations"]
    assert there["location"]["addresses"] == []


def test_services_come_in_pages_in_the_standard_s_envelope(north: Programme, ana: Person) -> None:
    for number in range(5):
        _add(north, ana, service=f"Service {number}", provider="Mind")
    client = _browser(ana)
    pages = [client.get(SERVICES, {"page": page, "per_page": 2}).json() for page in (1, 3, 4)]
    assert [list(page) for page in pages] == [PAGE] * 3
    assert [[page[name] for name in PAGE[:-1]] for page in pages] == [
        [5, 3, 1, 2, True, False, False],
        [5, 3, 3, 1, False, True, False],
        [5, 3, 4, 0, False, True, True],
    ]
    assert [one["name"] for one in (*pages[0]["contents"], *pages[1]["contents"])] == [
        "Service 0", "Service 1", "Service 4",
    ]  # fmt: skip
    assert len({one["organization"]["id"] for one in pages[0]["contents"]}) == 1


def test_an_empty_directory_is_one_empty_page(north: Programme, ana: Person) -> None:
    page = _browser(ana).get(SERVICES).json()
    assert [page[name] for name in PAGE] == [0, 0, 1, 0, True, True, True, []]


def test_everybody_finds_what_they_may_see(north: Programme, ana: Person) -> None:
    bo = _member(north, "bo", "trust")
    private, shared = _add(north, ana, service="Ours"), _add(north, ana, Sharing.PARTNERS, service="Shared")
    gone = _add(north, ana, Sharing.PARTNERS, service="Gone")
    withdraw_record(gone, by=ana, on=TODAY, reason="Closed.")
    found = {who.username: _browser(who).get(SERVICES).json()["contents"] for who in (ana, bo)}
    assert {name: [one["name"] for one in seen] for name, seen in found.items()} == {
        "ana": ["Ours", "Shared"],
        "bo": ["Shared"],
    }
    answers = [_browser(bo).get(f"{SERVICES}/{one.pk}").status_code for one in (private, shared, gone)]
    assert answers == [HTTPStatus.NOT_FOUND, HTTPStatus.OK, HTTPStatus.NOT_FOUND]
    assert Client(SERVER_NAME="127.0.0.1").get(SERVICES).status_code == HTTPStatus.UNAUTHORIZED
    assert _browser(person("stranger")).get(SERVICES).status_code == HTTPStatus.NOT_FOUND


def test_nothing_can_be_changed_there(north: Programme, ana: Person) -> None:
    client = _browser(ana)
    answers = [client.post(SERVICES, {}, "application/json"), client.get(SERVICES, {"per_page": 0})]
    statuses = [HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNPROCESSABLE_ENTITY]
    assert [answer.status_code for answer in answers] == statuses
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}


def test_a_long_list_asks_no_more_often(north: Programme, ana: Person) -> None:
    client, asked = _browser(ana), []
    client.get(SERVICES)
    for number in range(30):
        _add(north, ana, service=f"Service {number}")
        if number in (0, 29):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(SERVICES).json()["size"] == number + 1
            asked.append(len(queries))
    assert asked[0] == asked[1]
