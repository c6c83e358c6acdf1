"""A person, a programme, and a client that is signed in."""

from datetime import date

import pytest
from django.test import Client

from parity.register.models import Person, Programme

PASSWORD = "three plain words"


@pytest.fixture(autouse=True)
def _sample_urls(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.web.sample_urls"


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create_user("ana", password=PASSWORD, first_name="Ana", last_name="Example")


@pytest.fixture
def programme(person: Person) -> Programme:
    return Programme.objects.create(
        slug="leicester", title="Leicester, Leicestershire and Rutland", publisher="A council", period="2025/26",
        summary="A sample.", home_area="E06000016", described={}, loaded_by=person,
        loaded_on=date(2026, 1, 2),
    )  # fmt: skip


@pytest.fixture
def visitor() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def signed_in(person: Person, programme: Programme) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(person)
    return client
