"""The directory of services as a feed in the shape of Open Referral UK (HSDS-UK 3.0): read-only, under the same policy.

Only what the register's columns say is told: what they leave open is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from http import HTTPStatus
from math import ceil
from typing import Any, cast
from uuid import UUID, uuid5

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from parity.analyse.supply.models import Service
from parity.layout.api_shapes import REFUSED
from parity.register.policy import ProgrammeRequest, the_visible
from parity.register.records.actions import values_of
from parity.tables import Desk
from parity.terms.periods import day_of

VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/"
A_PAGE, MOST_A_PAGE = 50, 500
ADDRESS = {"address_1": "address", "city": "town", "postal_code": "postcode"}
"""Each part of an address in the feed, and the register's column."""
SORTED_UNDER = {
    "service type": ("service_type", "type_code"),
    "tier": ("tier", ""),
    "client group": ("client_group", ""),
    "DESDE-LTC": ("desde_ltc", "desde_ltc"),
}
"""Each way of sorting services, with the register's columns for the word and for its code."""


class About(Schema):
    """Which standard the feed follows, and where it is described."""

    version: str
    profile: str
    openapi_url: str


class Wanted(Schema):
    """Which page is asked for."""

    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(A_PAGE, ge=1, le=MOST_A_PAGE)


class Provider(Schema):
    """Who provides a service; its description is its kind."""

    id: UUID
    name: str
    description: str | None = None


class Phone(Schema):
    """A telephone of the service."""

    id: UUID
    number: str


class Address(Schema):
    """Where a location is."""

    id: UUID
    address_1: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str = "GB"
    address_type: str = "physical"


class Location(Schema):
    """A place at which a service is given."""

    id: UUID
    location_type: str = "physical"
    latitude: float | None = None
    longitude: float | None = None
    addresses: list[Address]


class ServiceAtLocation(Schema):
    """A service at one of its places."""

    id: UUID
    location: Location


class ServiceArea(Schema):
    """An area that a service is for."""

    id: UUID
    name: str


class TaxonomyTerm(Schema):
    """A word or code that sorts services."""

    id: UUID
    code: str | None = None
    name: str
    taxonomy: str


class Attribute(Schema):
    """What a service is sorted under."""

    id: UUID
    link_id: UUID
    link_entity: str = "service"
    taxonomy_term: TaxonomyTerm


class ListedService(Schema):
    """A service in a list."""

    id: UUID
    name: str
    status: str = Field(description="active, inactive, defunct or temporarily closed.")
    description: str | None = None
    url: str | None = None
    email: str | None = None
    eligibility_description: str | None = None
    application_process: str | None = None
    assured_date: date | None = Field(
        None, description="The day for which it was last known to be so, where it is a day."
    )
    organization: Provider | None = None


class WholeService(ListedService):
    """A service with all that belongs to it."""

    phones: list[Phone]
    service_areas: list[ServiceArea]
    service_at_locations: list[ServiceAtLocation]
    attributes: list[Attribute]


class ServicesPage(Schema):
    """A page of services, and where it stands among all pages."""

    total_items: int
    total_pages: int
    page_number: int
    size: int = Field(description="How many services this page holds.")
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[ListedService]


def directory_router() -> Router:
    """The operations of the feed."""
    router = Router(tags=["directory"])

    @router.get("", response={HTTPStatus.OK: About, **REFUSED}, operation_id="about_directory")
    def about(request: HttpRequest, programme: Path[str]) -> Any:
        """Which standard the feed follows."""
        return {"version": VERSION, "profile": PROFILE, "openapi_url": request.build_absolute_uri("/api/openapi.json")}

    @router.get(
        "/services",
        response={HTTPStatus.OK: ServicesPage, **REFUSED},
        operation_id="list_directory",
        exclude_none=True,
    )
    def list_services(request: HttpRequest, programme: Path[str], wanted: Query[Wanted]) -> Any:
        """The services that you may see, in the order in which they were added."""
        found = _seen(cast(ProgrammeRequest, request))
        count, start = found.count(), (wanted.page - 1) * wanted.per_page
        pages = ceil(count / wanted.per_page)
        contents = [_listed(service) for service in found[start : start + wanted.per_page]]
        return {
            "total_items": count,
            "total_pages": pages,
            "page_number": wanted.page,
            "size": len(contents),
            "first_page": wanted.page == 1,
            "last_page": wanted.page >= pages,
            "empty": not contents,
            "contents": contents,
        }

    @router.get(
        "/services/{service}",
        response={HTTPStatus.OK: WholeService, **REFUSED},
        operation_id="read_directory",
        exclude_none=True,
    )
    def read_service(request: HttpRequest, programme: Path[str], service: UUID) -> Any:
        """One service with its telephone, area, place and what it is sorted under."""
        known = cast(ProgrammeRequest, request)
        return _whole(the_visible(_seen(known), known.viewer, service), known.desk)

    return router


def _seen(known: ProgrammeRequest) -> Any:
    """The programme's services that the viewer may see and that hold."""
    seen = Service.seen_by(known.viewer).filter(programme=known.programme, withdrawn__in=(False,))
    return seen.select_related("programme").order_by("position", "id")


def _listed(service: Service) -> dict[str, Any]:
    """What a list tells of a service; None for what the register leaves open."""
    cells = values_of(service)
    provider = cells["provider"] and {
        "id": _named(service, "provider", cells["provider"]),
        "name": cells["provider"],
        "description": cells["provider_kind"],
    }
    return {
        "id": service.pk,
        "name": cells["service"],
        "status": cells["status"],
        "description": cells["description"],
        "url": cells["web"],
        "email": cells["email"],
        "eligibility_description": cells["eligibility"],
        "application_process": cells["referral"],
        "assured_date": day_of(cells["period"]),
        "organization": provider,
    }


def _whole(service: Service, desk: Desk) -> dict[str, Any]:
    """All that the feed tells of a service."""
    cells = values_of(service)
    area = desk.areas.get(cells["area"])
    phones = [{"id": uuid5(service.pk, "phone"), "number": cells["telephone"]}] if cells["telephone"] else []
    served = {"id": uuid5(service.pk, "area"), "name": cells["area"] if area is None else area.name}
    return {
        **_listed(service),
        "phones": phones,
        "service_areas": [served],
        "service_at_locations": list(_places(service, cells)),
        "attributes": list(_attributes(service, cells)),
    }


def _places(service: Service, cells: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The one place of a service, where the register tells it."""
    told = {name: cells[column] for name, column in ADDRESS.items() if cells[column]}
    if not told and cells["latitude"] is None:
        return
    location = {
        "id": uuid5(service.pk, "location"),
        "latitude": cells["latitude"],
        "longitude": cells["longitude"],
        "addresses": [{"id": uuid5(service.pk, "address"), **told}] if told else [],
    }
    yield {"id": uuid5(service.pk, "at location"), "location": location}


def _attributes(service: Service, cells: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The type, tier, client group and code under which a service is sorted."""
    for taxonomy, (column, code) in SORTED_UNDER.items():
        name = cells[column]
        if name:
            term = {"id": _named(service, taxonomy, name), "name": name, "taxonomy": taxonomy}
            code_of = {"code": cells[code]} if code and cells[code] else {}
            yield {"id": uuid5(service.pk, taxonomy), "link_id": service.pk, "taxonomy_term": {**term, **code_of}}


def _named(service: Service, kind: str, name: str) -> UUID:
    """The id of what several services of a programme share: the same wherever its name stands."""
    return uuid5(service.programme.pk, f"{kind}/{name}")
