"""Who acts for whom: who may read it, who may say it, and what is told."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from parity.documents.figure_tables import period_words
from parity.register.audit.models import Event
from parity.register.models import Organisation, Person, Programme
from parity.register.people.models import Membership
from parity.register.people.rules import ROLES
from tests.members import join
from tests.register.test_register_pages import World, errors, heads, said, show, told, world

__all__ = ["world"]
PEOPLE = "/north/people/"
PEOPLE_QUERIES = 7


def lines(client: Client, table: int = 0) -> list[list[str]]:
    """The cells of a table of the page."""
    found = show(client.get(PEOPLE)).all("table")[table]
    rows = [[cell for cell in row.below() if cell.name in {"th", "td"}] for row in found.all("tr")]
    return [[said(cell) for cell in row] for row in rows[1:]]


def invited(world: World, **more: str) -> dict[str, str]:
    filled = {"name": "Tom", "email": "TRUST@north.example", "organisation": str(world.council.pk), "role": "director"}
    return {**filled, "lot": "", **more}


def test_partners_read_who_acts_for_whom(world: World) -> None:
    shown = show(world.as_("analyst").get(PEOPLE))
    assert heads(shown) == ["Person", "Acts for", "Role", "Lot", "From"]
    assert lines(world.as_("analyst")) == [
        ["charity", "North Charity", "Provider", "All lots", "1 January 2000"],
        ["analyst", "North Council", "Performance and data quality analyst", "All lots", "1 January 2000"],
        ["Dora Field", "North Council", "Director", "All lots", "1 January 2000"],
        ["owner", "North Council", "Risk or action owner", "All lots", "1 January 2000"],
        ["trust", "North Trust", "Lead commissioner (NHS)", "All lots", "1 January 2000"],
    ]
    assert shown.one("main").all("a", class_="nhsuk-button") == []


def test_whoever_is_no_partner_reads_of_their_own_organisation_alone(world: World) -> None:
    assert [row[0] for row in lines(world.as_("charity"))] == ["charity"]
    assert "@" not in world.as_("charity").get(PEOPLE).content.decode()


def test_managers_end_memberships_of_their_own_and_the_leads_those_of_partners_without_one(world: World) -> None:
    ends = {name: [row[-1] for row in lines(world.as_(name))] for name in ("director", "trust")}
    assert [cell.startswith("End the membership of") for cell in ends["director"]] == [True] * 4 + [False]
    assert ends["trust"] == ["–"] * 4 + ["End the membership of trust, Lead commissioner (NHS)"]


@pytest.mark.parametrize("address", ["TRUST@north.example", "new@north.example"])
def test_somebody_is_invited_by_e_mail_with_the_same_words_known_or_not(world: World, address: str) -> None:
    client = world.as_("director")
    response = client.post(f"{PEOPLE}invite/", invited(world, email=address, lot="Lot 2"))
    assert response["Location"] == PEOPLE
    assert told(client, response) == f"{address} is invited to act for North Council as director in the lot Lot 2."
    made = Membership.objects.get(person__email__iexact=address, organisation=world.council)
    assert (made.role, made.lot, made.starts_on, made.ends_on) == ("director", "Lot 2", timezone.localdate(), None)
    assert Event.objects.get(verb="joined").by == str(world.people["director"].pk)
    day, whose = period_words(timezone.localdate().isoformat()), f"the invitation of {made.person.email}, Director"
    assert lines(client, 1) == [[
        made.person.email, "North Council", "Director", "Lot 2", day, f"Send again {whose}", f"Withdraw {whose}",
    ]]  # fmt: skip
    for name in ("trust", "analyst"):
        assert made.person.email not in show(world.as_(name).get(PEOPLE)).one("main").text


def test_an_invitation_is_sent_again_and_withdrawn(world: World) -> None:
    client = world.as_("director")
    told(client, client.post(f"{PEOPLE}invite/", invited(world, email="new@north.example")))
    made = Membership.objects.get(person__email="new@north.example")
    again, end = f"{PEOPLE}{made.pk}/invite/", f"{PEOPLE}{made.pk}/end/"
    assert [world.as_(name).get(page).status_code for name in ("trust", "analyst") for page in (again, end)] == [
        404
    ] * 4
    assert show(client.get(again)).one("main").all("p")[0].text == (
        "new@north.example was invited to act for North Council as director, and has not signed in since."
    )
    assert told(client, client.post(again)) == "new@north.example was sent another link."
    assert show(client.get(end)).one("h1").text == "Withdraw an invitation"
    assert told(client, client.post(end, {"reason": "A slip."})) == (
        "new@north.example is no longer invited to act for North Council."
    )
    assert [each.text for each in show(client.get(PEOPLE)).all("caption")] == ["Who acts today"]


def test_sixty_invitations_an_hour_are_enough(world: World, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invite": "1/h/user"}
    client = world.as_("director")
    statuses = [client.post(f"{PEOPLE}invite/", invited(world, lot=lot)).status_code for lot in ("1", "2")]
    assert (statuses, Membership.objects.filter(lot="2").exists()) == ([302, 429], False)


def test_who_acts_is_said_after_a_fresh_confirmation(world: World) -> None:
    client = world.as_("director")
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    own = Membership.objects.get(person=world.people["director"])
    for page in (f"{PEOPLE}invite/", f"{PEOPLE}{own.pk}/end/", f"{PEOPLE}{own.pk}/invite/"):
        assert client.get(page)["Location"] == f"/account/confirm/?next={quote(page, safe='')}"


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ({"name": ""}, [("Enter the person's name.", "#id_name")]),
        ({"email": "nobody"}, [("Enter an e-mail address like name@council.example.", "#id_email")]),
        ({"role": "king", "organisation": ""}, [
            ("Choose an organisation.", "#id_organisation"), ("Choose a role.", "#id_role"),
        ]),
    ],
)  # fmt: skip
def test_an_invitation_that_lacks_something_is_refused(
    world: World, entered: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    shown = show(world.as_("director").post(f"{PEOPLE}invite/", invited(world, **entered)))
    assert shown.one("head").one("title").text == "Error: Invite somebody – North – Parity"
    assert errors(shown) == expected
    assert Membership.objects.count() == len(world.people)


def test_a_partner_invites_for_itself_alone(world: World) -> None:
    client = world.as_("trust")
    shown = show(client.get(f"{PEOPLE}invite/"))
    assert [each.text for each in shown.one("select", name="organisation").all("option")] == ["North Trust"]
    assert errors(show(client.post(f"{PEOPLE}invite/", invited(world)))) == [
        ("Choose an organisation.", "#id_organisation")
    ]
    assert len(shown.one("div", class_="nhsuk-details__text").all("p")) == len(ROLES)


@pytest.mark.parametrize("name", ["analyst", "owner", "charity"])
def test_nobody_else_says_who_acts(world: World, name: str) -> None:
    client, own = world.as_(name), Membership.objects.get(person=world.people[name])
    assert client.get(f"{PEOPLE}invite/").status_code == 403
    assert client.post(f"{PEOPLE}invite/", invited(world)).status_code == 403
    assert client.post(f"{PEOPLE}{own.pk}/end/", {"reason": "x"}).status_code == 403


def test_a_membership_ends_with_a_reason_and_at_once(world: World) -> None:
    director = join(Person.objects.create_user("second"), world.programme, role="director", organisation=world.trust)
    client, gone = Client(SERVER_NAME="127.0.0.1"), world.as_("trust")
    client.force_login(director.person)
    page = f"{PEOPLE}{Membership.objects.get(person=world.people['trust']).pk}/end/"
    assert show(client.get(page)).one("main").all("p")[0].text == (
        "trust acts for North Trust as lead commissioner (NHS)."
    )
    assert errors(show(client.post(page, {"reason": ""}))) == [("Say why.", "#id_reason")]
    assert gone.get(PEOPLE).status_code == 200
    assert told(client, client.post(page, {"reason": "Left the trust."})) == "trust no longer acts for North Trust."
    assert gone.get(PEOPLE).status_code == 404
    assert client.get(page).status_code == 404
    assert Event.objects.get(verb="left").reason == "Left the trust."
    today = timezone.localdate()
    assert lines(client, 1) == [
        ["trust", "North Trust", "Lead commissioner (NHS)", "All lots", "1 January 2000", f"{today.day} {today:%B %Y}"]
    ]
    assert len(show(world.as_("analyst").get(PEOPLE)).all("table")) == 1


def test_the_last_manager_is_warned_before_they_leave(world: World) -> None:
    warned = {}
    for name in ("trust", "director"):
        own = Membership.objects.get(person=world.people[name])
        warned[name] = [
            each.text for each in show(world.as_(name).get(f"{PEOPLE}{own.pk}/end/")).one("main").all("p")[1:-1]
        ]
    assert warned == {
        "trust": [
            "North Trust then has no manager for all lots: the managers of North Council say who acts for it until it "
            "has one again. Invite another manager first."
        ],
        "director": [
            "North Council then has no manager for all lots: only whoever runs the workspace can invite somebody for "
            "it. Invite another manager first."
        ],
    }
    join(Person.objects.create_user("second"), world.programme, role="director", organisation=world.trust)
    own = Membership.objects.get(person=world.people["trust"])
    assert len(show(world.as_("trust").get(f"{PEOPLE}{own.pk}/end/")).one("main").all("p")) == 2


def test_memberships_of_other_programmes_and_organisations_are_not_found(world: World) -> None:
    other = Programme.objects.create(
        slug="south", title="South", publisher="South", period="2026", summary="", home_area="S", described={},
        loaded_by=world.people["director"], loaded_on=timezone.localdate(), lead=world.charity,
    )  # fmt: skip
    elsewhere = join(Person.objects.create_user("far"), other, organisation=Organisation.objects.create(code="far"))
    trust = Membership.objects.get(person=world.people["trust"])
    assert world.as_("director").get(f"{PEOPLE}{elsewhere.pk}/end/").status_code == 404
    assert world.as_("charity").get(f"{PEOPLE}{trust.pk}/end/").status_code == 404


@pytest.mark.parametrize("people", [1, 30])
def test_the_page_asks_the_database_as_often_for_one_as_for_thirty(
    world: World, people: int, django_assert_num_queries: object
) -> None:
    for number in range(people):
        join(Person.objects.create_user(f"somebody-{number}"), world.programme)
    client = world.as_("director")
    with django_assert_num_queries(PEOPLE_QUERIES):  # type: ignore[operator]
        client.get(PEOPLE)
