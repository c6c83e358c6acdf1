"""A person, a programme, a client that is signed in."""

from datetime import date

import pytest
from django.test import Client

from parity.register.models import Organisation, Person, Programme
from tests.members import join
from tests.web.signing_in import PASSWORD


@pytest.fixture(autouse=True)
def _sample_urls(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.web.sample_urls"


@pytest.fixture
def person(db: None) -> Person:
    """Somebody who signs in by a password alone."""
    return Person.objects.create_user(
        "ana", "ana@council.example", PASSWORD, first_name="Ana", last_name="Example", is_public=True
    )


@pytest.fixture
def programme(person: Person) -> Programme:
    council = Organisation.objects.create(code="E06000016", name="A council", kind="council")
    made = Programme.objects.create(
        slug="leicester", title="Leicester, Leicestershire and Rutland", publisher="A council", period="2025/26",
        summary="A sample.", home_area="E06000016", described={}, loaded_by=person,
        loaded_on=date(2026, 1, 2), lead=council,
    )  # fmt: skip
    made.organisations.add(council)
    join(person, made)
    return made


@pytest.fixture
def visitor() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def signed_in(person: Person, programme: Programme) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(person)
    return client
