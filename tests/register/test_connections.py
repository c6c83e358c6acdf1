"""Pages of what reaches a person outside the pages: they make it, see its secret once, and end it."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parity.layout.sign_in import CONFIRMED_AT, SENT_WITHIN_SECONDS
from parity.register.calendars.models import Calendar
from parity.register.models import Choice, Delivery, Membership, Organisation, Person, Programme, Token, Webhook
from parity.register.notices.rules import AT_ONCE, DAILY, OWNED, REASONS, SHARED
from parity.register.tokens.actions import LONGEST_DAYS, token_of
from parity.register.webhooks.actions import add_webhook, secret_of
from tests.layout.reading import Element, read_page
from tests.members import join
from tests.register.worlds import TODAY, organisation, person, programme

ADDRESS = "https://hooks.council.example/in"
SECRET = re.compile(r"<code>([^<]+)</code>")
QUERIES = 7
GRAVE = ("connections/calendar/", "connections/tokens/new/", "webhooks/new/")


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of two partners, each with a director and an officer; the first leads it."""
    partners = [organisation(code) for code in ("ours", "theirs")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners:
        for role in ("director", "planning_officer"):
            name = f"{role}-{partner.code}"
            join(person(name), made, role=role, organisation=partner)
            Person.objects.filter(username=name).update(email=f"{name}@council.example")
    return made


@pytest.fixture
def officer(here: Programme) -> Client:
    return browser("planning_officer-ours")


@pytest.fixture
def director(here: Programme) -> Client:
    return browser("director-ours")


def who(name: str = "planning_officer-ours") -> Person:
    return Person.objects.get(username=name)


def browser(name: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(who(name))
    return client


def hook(here: Programme, code: str = "ours") -> Webhook:
    owner = Organisation.objects.get(code=code)
    return add_webhook(here, owner, ADDRESS, by=who(f"director-{code}"), on=timezone.localdate())[0]


def page(answer: HttpResponse) -> Element:
    return read_page(answer.content.decode())


def words(answer: HttpResponse) -> str:
    return page(answer).one("main").text


def faults(answer: HttpResponse) -> list[str]:
    return [item.text for each in page(answer).all("ul", class_="nhsuk-error-summary__list") for item in each.all("li")]


def secret_on(answer: HttpResponse) -> str:
    """The secret that a page shows this once."""
    (found,) = SECRET.findall(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    return str(found)


def token_form(days: int = 30, **more: str) -> dict[str, str]:
    end = timezone.localdate() + timedelta(days=days)
    parts = {f"ends_on_{part}": str(getattr(end, part)) for part in ("day", "month", "year")}
    return {"title": "Monthly upload", "scope": "read", **parts, **more}


class TestAllOnOnePage:
    """What a person has, in this programme and no other."""

    def test_whoever_has_nothing_is_told_how_to_begin(self, officer: Client) -> None:
        told = words(officer.get("/here/connections/"))
        assert "You have no address." in told
        assert "You get no e-mails about this programme." in told
        assert "You have none." in told
        assert "Webhooks" not in told

    def test_whoever_manages_an_organisation_is_led_to_its_webhooks(self, director: Client) -> None:
        links = [link.attributes.get("href") for link in page(director.get("/here/connections/")).all("a")]
        assert "/here/webhooks/" in links

    def test_the_programme_leads_there(self, officer: Client) -> None:
        links = [link.attributes.get("href") for link in page(officer.get("/here/")).all("a")]
        assert "/here/connections/" in links

    def test_many_tokens_take_no_more_queries_than_one(self, officer: Client, here: Programme) -> None:
        counted = {}
        for number in range(30):
            told = {"person": who(), "programme": here, "title": str(number), "digest": "", "starts_on": TODAY}
            Token.objects.create(**told, ends_on=timezone.localdate() + timedelta(days=1))
            if number in (0, 29):
                with CaptureQueriesContext(connection) as queries:
                    assert officer.get("/here/connections/").status_code == HTTPStatus.OK
                counted[number] = len(queries)
        assert counted == {0: QUERIES, 29: QUERIES}


class TestConfirming:
    """Whoever makes a secret has shown a moment ago who they are."""

    @pytest.mark.parametrize("where", GRAVE)
    @pytest.mark.parametrize("act", [Client.get, Client.post])
    def test_others_confirm_first_and_come_back(
        self, director: Client, where: str, act: Callable[[Client, str], HttpResponse]
    ) -> None:
        session = director.session
        session[CONFIRMED_AT] = int(time.time()) - SENT_WITHIN_SECONDS - 1
        session.save()
        answer = act(director, f"/here/{where}")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (HTTPStatus.FOUND, "/account/confirm/")
        assert (Calendar.objects.count(), Token.objects.count(), Webhook.objects.count()) == (0, 0, 0)

    def test_so_do_those_who_make_a_new_secret(self, director: Client, here: Programme) -> None:
        webhook = hook(here)
        session = director.session
        session[CONFIRMED_AT] = 0
        session.save()
        answer = director.post(f"/here/webhooks/{webhook.pk}/secret/")
        assert (answer.status_code, Webhook.objects.get().turn) == (HTTPStatus.FOUND, 1)


class TestCalendar:
    """One address, shown once."""

    def test_it_is_made_shown_once_used_and_ended(self, officer: Client) -> None:
        assert "shown once" in words(officer.get("/here/connections/calendar/"))
        address = secret_on(officer.post("/here/connections/calendar/"))
        assert address.startswith("http://127.0.0.1:8000/calendars/")
        feed = address.removeprefix("http://127.0.0.1:8000")
        assert Client(SERVER_NAME="127.0.0.1").get(feed).status_code == HTTPStatus.OK
        shown = officer.get("/here/connections/")
        assert "Your address was made on" in words(shown)
        assert feed not in shown.content.decode()
        ended = officer.post("/here/connections/calendar/end/", follow=True)
        assert "The address of your calendar leads nowhere any more." in words(ended)
        assert Client(SERVER_NAME="127.0.0.1").get(feed).status_code == HTTPStatus.NOT_FOUND
        assert officer.post("/here/connections/calendar/end/").status_code == HTTPStatus.NOT_FOUND


class TestEmails:
    """What was chosen stands there until it is chosen anew."""

    def test_what_is_chosen_is_kept_and_shown(self, officer: Client) -> None:
        form = page(officer.get("/here/connections/e-mails/"))
        assert [box.attributes["value"] for box in form.all("input", type="checkbox")] == list(REASONS)
        sent = officer.post("/here/connections/e-mails/", {"reasons": [OWNED, SHARED], "pace": AT_ONCE}, follow=True)
        assert "Within minutes, with a link and nothing else, when:" in words(sent)
        choice = Choice.objects.get()
        assert (choice.reasons, choice.pace) == ([OWNED, SHARED], AT_ONCE)
        again = page(officer.get("/here/connections/e-mails/"))
        ticked = [box.attributes["value"] for box in again.all("input", type="checkbox") if "checked" in box.attributes]
        assert ticked == [OWNED, SHARED]
        officer.post("/here/connections/e-mails/", {"pace": DAILY})
        assert Choice.objects.get().reasons == []

    def test_what_is_wrong_is_told(self, officer: Client) -> None:
        refused = officer.post("/here/connections/e-mails/", {"reasons": [OWNED]})
        assert faults(refused) == ["Choose how soon you want to be told."]
        Person.objects.filter(pk=who().pk).update(email="")
        refused = officer.post("/here/connections/e-mails/", {"reasons": [OWNED], "pace": DAILY})
        assert faults(refused) == ["We know no e-mail address of yours. Ask whoever invited you."]
        assert Choice.objects.count() == 0


class TestTokens:
    """A token is made with its scope and its end, shown once, and ended by its person alone."""

    def test_it_is_made_shown_once_and_acts_for_its_person(self, officer: Client) -> None:
        secret = secret_on(officer.post("/here/connections/tokens/new/", token_form()))
        token = token_of(secret, on=timezone.localdate())
        assert (token.person, token.scope, token.title) == (who(), "read", "Monthly upload")
        shown = officer.get("/here/connections/")
        assert "Monthly upload" in words(shown)
        assert secret not in shown.content.decode()

    @pytest.mark.parametrize(
        ("given", "fault"),
        [
            ({"title": ""}, "Give the token a name."),
            ({"title": " "}, "Give the token a name."),
            ({"scope": ""}, "Choose what the token may do."),
            ({"scope": "everything"}, "Select a valid choice. everything is not one of the available choices."),
            ({"ends_on_day": "31", "ends_on_month": "2"}, "Enter a day, such as 31 3 2027."),
            ({"ends_on_day": "", "ends_on_month": "", "ends_on_year": ""}, "Enter the day on which it ends."),
        ],
    )
    def test_what_is_wrong_is_told(self, officer: Client, given: dict[str, str], fault: str) -> None:
        assert faults(officer.post("/here/connections/tokens/new/", token_form(**given))) == [fault]

    @pytest.mark.parametrize("days", [0, LONGEST_DAYS + 1])
    def test_it_ends_after_today_and_within_a_year(self, officer: Client, days: int) -> None:
        refused = officer.post("/here/connections/tokens/new/", token_form(days))
        assert faults(refused) == ["A token ends after today and within a year."]

    def test_its_person_ends_it_and_nobody_else(self, officer: Client, director: Client) -> None:
        secret = secret_on(officer.post("/here/connections/tokens/new/", token_form()))
        where = f"/here/connections/tokens/{Token.objects.get().pk}/end/"
        assert director.post(where).status_code == HTTPStatus.NOT_FOUND
        assert token_of(secret, on=timezone.localdate()) is not None
        ended = officer.post(where, follow=True)
        assert "The token “Monthly upload” has ended." in words(ended)
        assert token_of(secret, on=timezone.localdate()) is None
        button = page(ended).one("main").all("form", action=where)
        assert button == []


class TestWebhooks:
    """Those who manage an organisation see and change its webhooks, and no others."""

    def test_one_is_registered_its_secret_shown_once_and_listed(self, director: Client, here: Programme) -> None:
        chosen = str(Organisation.objects.get(code="ours").pk)
        made = director.post("/here/webhooks/new/", {"organisation": chosen, "address": ADDRESS})
        webhook = Webhook.objects.get()
        assert secret_on(made) == secret_of(webhook)
        listed = director.get("/here/webhooks/")
        assert "Running" in words(listed)
        assert secret_of(webhook) not in listed.content.decode()

    @pytest.mark.parametrize(
        ("address", "fault"),
        [
            ("", "Enter the address of the system that is to be told."),
            ("http://a.example", "An address begins with https:// and holds neither user name nor password."),
            ("https://127.0.0.1", "An address names a host, such as hooks.council.example, and no number."),
        ],
    )  # fmt: skip
    def test_an_address_that_we_do_not_ask_is_refused_at_its_field(
        self, director: Client, address: str, fault: str
    ) -> None:
        chosen = str(Organisation.objects.get(code="ours").pk)
        assert faults(director.post("/here/webhooks/new/", {"organisation": chosen, "address": address})) == [fault]

    def test_another_organisation_cannot_be_chosen(self, director: Client) -> None:
        chosen = str(Organisation.objects.get(code="theirs").pk)
        refused = director.post("/here/webhooks/new/", {"organisation": chosen, "address": ADDRESS})
        assert faults(refused) == ["Choose an organisation."]

    def test_a_test_is_sent_a_secret_renewed_and_it_ends(self, director: Client, here: Programme) -> None:
        webhook = hook(here)
        where = f"/here/webhooks/{webhook.pk}/"
        assert "Nothing was delivered yet." in words(director.get(where))
        tested = director.post(f"{where}test/", follow=True)
        assert "A test is on its way." in words(tested)
        assert "Waiting" in words(tested)
        assert Delivery.objects.get().number is None
        renewed = secret_on(director.post(f"{where}secret/"))
        assert renewed == secret_of(Webhook.objects.get())
        assert renewed != secret_of(webhook)
        ended = director.post(f"{where}end/", follow=True)
        assert "Somebody ended it." in words(ended)
        assert page(ended).one("main").all("form") == []
        assert director.post(f"{where}end/").status_code == HTTPStatus.CONFLICT

    def test_those_who_manage_nothing_are_refused(self, officer: Client) -> None:
        for where in ("webhooks/", "webhooks/new/"):
            assert officer.get(f"/here/{where}").status_code == HTTPStatus.FORBIDDEN

    def test_those_who_manage_one_lot_alone_are_refused(self, director: Client, here: Programme) -> None:
        webhook = hook(here)
        Membership.objects.filter(person__username="director-ours").update(lot="Lot 1")
        assert director.get("/here/webhooks/").status_code == HTTPStatus.FORBIDDEN
        assert director.get(f"/here/webhooks/{webhook.pk}/").status_code == HTTPStatus.NOT_FOUND

    def test_the_webhook_of_another_looks_like_none(self, director: Client, here: Programme) -> None:
        where = f"/here/webhooks/{hook(here, 'theirs').pk}/"
        assert director.get(where).status_code == HTTPStatus.NOT_FOUND
        for act in ("test/", "secret/", "end/"):
            assert director.post(f"{where}{act}").status_code == HTTPStatus.NOT_FOUND
        assert ADDRESS not in words(director.get("/here/webhooks/"))

    def test_who_left_finds_none_of_it(self, director: Client, here: Programme) -> None:
        where = f"/here/webhooks/{hook(here).pk}/"
        Membership.objects.filter(person__username="director-ours").update(ends_on=timezone.localdate())
        for each in ("/here/connections/", "/here/notices/", "/here/webhooks/", where):
            assert director.get(each).status_code == HTTPStatus.NOT_FOUND
