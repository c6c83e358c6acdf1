"""A programme and the official profile of its area lead to each other, for those who take part in it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parity.register.memberships.actions import end_membership
from parity.register.models import Programme
from parity.tables import Store
from tests.england import SEATON, SHIRE, take_in
from tests.members import join
from tests.register.worlds import organisation, person, programme

TITLE, ELSEWHERE = "Shire-Together", "Seaton-Alone"


@pytest.fixture
def shire(db: None, store: Store) -> Programme:
    """A programme of Shire, another of Seaton, and England's tables."""
    take_in(store)
    ours, officer = organisation("ours"), person("officer")
    for title, area in ((TITLE, SHIRE), (ELSEWHERE, SEATON)):
        made = programme(title.lower(), ours, by=officer)
        Programme.objects.filter(pk=made.pk).update(home_area=area, title=title)
    return Programme.objects.get(title=TITLE)


def client(name: str, *, of: Programme | None) -> Client:
    who = person(name)
    if of is not None:
        join(who, of)
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(who)
    return browser


def seen(browser: Client, address: str) -> list[bool]:
    """Whether the page names the programme of Shire, and that of Seaton."""
    page = browser.get(address).content.decode()
    return [title in page for title in (TITLE, ELSEWHERE)]


def test_the_stage_leads_to_what_is_published_of_the_area(shire: Programme) -> None:
    page = client("member", of=shire).get(f"/{shire.slug}/analyse/").content.decode()
    assert f'<a href="/england/places/{SHIRE}/">What is published on Shire</a>' in page


@pytest.mark.parametrize(("stage", "area"), [("analyse", ""), ("analyse", "E10000099"), ("plan", SHIRE)])
def test_no_link_leads_nowhere_nor_stands_where_nothing_is_published(shire: Programme, stage: str, area: str) -> None:
    Programme.objects.filter(pk=shire.pk).update(home_area=area)
    page = client("member", of=shire).get(f"/{shire.slug}/{stage}/").content.decode()
    assert "What is published on" not in page


@pytest.mark.parametrize("address", ["/england/", f"/england/places/{SHIRE}/", f"/england/places/{SHIRE}/?year=2026"])
def test_members_find_their_programme_from_england_and_nobody_finds_another(shire: Programme, address: str) -> None:
    assert seen(client("member", of=shire), address) == [True, False]
    assert seen(client("stranger", of=None), address) == [False, False]


def test_a_programme_stands_at_its_own_area_alone(shire: Programme) -> None:
    assert seen(client("member", of=shire), f"/england/places/{SEATON}/") == [False, False]


def test_who_left_a_programme_is_no_longer_led_to_it(shire: Programme) -> None:
    director, leaver = person("director"), person("leaver")
    join(director, shire, role="director")
    left = join(leaver, shire)
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(leaver)
    assert seen(browser, "/england/") == [True, False]
    today: date = timezone.localdate()
    end_membership(left, by=director, on=today - timedelta(days=1), reason="Moved on")
    assert seen(browser, "/england/") == [False, False]
