"""`parity invite`: the first person of a fresh instance, and every other, from the terminal of whoever runs it."""

from argparse import Namespace
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parity.register.intake.actions import TRANSCRIPTION
from parity.register.models import Event, Membership, Organisation, Person, Programme
from parity.register.policy import managers_of, viewer_of
from parity.terms.errors import NotAllowed, NotFound
from parity.web.inviting import NO_MAIL, invite
from parity.web.sign_in.environment import CONSOLE
from parity.web.verbs import load
from tests.given import EXAMPLES
from tests.web.signing_in import PASSWORD, enter, heading

ANA = "ana@council.example"
LUTON = "E06000032"


@pytest.fixture
def luton(transactional_db: None) -> Programme:
    load(Namespace(folder=str(EXAMPLES / "luton")))
    return Programme.objects.get()


@pytest.fixture
def by_mail(settings: Any) -> None:
    """A server for e-mail is set up; what it would send can be read."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def given(**how: str) -> Namespace:
    told = {"email": ANA, "programme": "luton", "organisation": LUTON, "role": "director", "lot": "", "name": "Ana"}
    return Namespace(**{**told, **how})


def test_on_ones_own_machine_the_first_person_gets_a_link_in_the_terminal(
    luton: Programme, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    capsys.readouterr()
    assert invite(given()) == 0
    said, link = capsys.readouterr().out.splitlines()
    assert said == f"{ANA} is invited to act for {luton.lead} as director."
    assert (settings.EMAIL_BACKEND, link.startswith(f"{settings.ADDRESS}/invitation/")) == (NO_MAIL, True)
    path = link.removeprefix(settings.ADDRESS)
    Client(SERVER_NAME="127.0.0.1").post(path, {"password1": PASSWORD})
    client = Client(SERVER_NAME="127.0.0.1")
    assert enter(client, ANA)["Location"] == "/luton/", "whoever has one programme lands there"
    assert client.get("/luton/")["Location"] == "/account/second-step/"
    ana, today = Person.objects.get(email=ANA), timezone.localdate()
    assert managers_of(luton, on=today).let(viewer_of(ana, luton, on=today), luton.lead_id)


def test_it_acts_as_whoever_loads_and_sends_a_link_where_e_mail_is_set_up(
    luton: Programme, by_mail: None, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert invite(given(lot="north", role="planning_officer")) == 0
    assert (
        capsys.readouterr().out == f"{ANA} is invited to act for {luton.lead} as planning officer in the lot north.\n"
    )
    assert [one.to for one in mail.outbox] == [[ANA]]
    (made,) = Membership.objects.all()
    assert (made.waits, made.lot, made.person.first_name) == (True, "north", "Ana")
    operator = str(Person.objects.get(username=TRANSCRIPTION).pk)
    assert [Event.objects.get(verb=verb).by for verb in ("invited", "joined")] == [operator] * 2


def test_whoever_signs_in_already_is_led_there(
    luton: Programme, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    Person.objects.create_user("ana", ANA, PASSWORD)
    capsys.readouterr()
    assert invite(given()) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{settings.ADDRESS}/sign-in/"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"programme": "nowhere"}, "No programme is called “nowhere”. There are: luton."),
        ({"organisation": "X"}, "No organisation “X” takes part. There are: ashanti (Ashanti); "),
        ({"role": "king"}, "No role is called “king”. There are: lead_commissioner_nhs, "),
    ],
)
def test_what_there_is_not_is_named(luton: Programme, by_mail: None, how: dict[str, str], said: str) -> None:
    with pytest.raises(NotFound) as refused:
        invite(given(**how))
    assert str(refused.value).startswith(said)
    assert (Membership.objects.count(), mail.outbox) == (0, [])


def test_before_a_programme_is_loaded_it_says_so(transactional_db: None, by_mail: None) -> None:
    with pytest.raises(NotFound, match="There are: none; load one first"):
        invite(given())


def test_for_others_an_invitation_is_never_printed(luton: Programme, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.ON_LOOPBACK = CONSOLE, False
    with pytest.raises(NotAllowed, match="PARITY_EMAIL_URL"):
        invite(given())
    assert Membership.objects.count() == 0


def test_the_people_of_the_demo_sit_in_every_programme_that_is_loaded_later(transactional_db: None) -> None:
    for name in ("commissioner", "analyst", "partner"):
        Person.objects.create_user(name, is_demo=True)
    load(Namespace(folder=str(EXAMPLES / "luton")))
    lead = Programme.objects.get().lead
    seats = Membership.objects.order_by("person__username").values_list("person__username", "organisation", "role")
    other = Programme.objects.get().organisations.get(kind="nhs_commissioner")
    assert list(seats) == [
        ("analyst", lead.pk, "performance_analyst"), ("commissioner", lead.pk, "director"),
        ("partner", other.pk, "lead_commissioner_nhs"),
    ]  # fmt: skip
    managers = managers_of(Programme.objects.get(), on=timezone.localdate())
    assert managers.seats == frozenset(), "while the demo is off its people keep nobody out"


def test_whoever_has_no_programme_is_told_what_to_do(person: Person) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    assert enter(client, "ana")["Location"] == "/"
    answer = client.get("/")
    assert heading(answer) == "Programmes"
    assert "You take part in no programme yet." in answer.content.decode()


def test_whoever_has_two_programmes_chooses_at_home(person: Person, programme: Programme) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    assert enter(client, "ana")["Location"] == "/leicester/"
    council = Organisation.objects.get()
    told = {"title": "Two", "publisher": "A", "period": "2026", "summary": "", "home_area": "", "described": {}}
    second = Programme.objects.create(slug="two", **told, lead=council, loaded_by=person, loaded_on=date(2026, 1, 2))
    Membership.objects.create(
        person=person, programme=second, organisation=council, role="director", starts_on=date(2026, 1, 2)
    )
    assert enter(Client(SERVER_NAME="127.0.0.1"), "ana")["Location"] == "/"
