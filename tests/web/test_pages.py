"""Pages of the workspace: who gets in, what every page carries, errors in plain words."""

import csv
import io
import json
from xml.etree.ElementTree import fromstring

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from parity.methods.relations import RelationFault
from parity.web.errors import refusal
from tests.layout.reading import Element, read_page
from tests.web.conftest import PASSWORD

SAMPLE = "/leicester/analyse/sample/"
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip


def page(response: HttpResponse) -> Element:
    return read_page(response.content.decode())


@pytest.mark.parametrize("address", ["/", SAMPLE, "/leicester/plan/", "/fail/"])
def test_pages_ask_a_visitor_to_sign_in(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={address}")


def test_a_person_signs_in_and_out(visitor: Client, programme: object) -> None:
    entered = {"login": "ana", "password": PASSWORD, "next": SAMPLE}
    assert visitor.post("/sign-in/", entered)["Location"] == SAMPLE
    header = page(visitor.get(SAMPLE)).one("header")
    assert [item.text for item in header.all("li", class_="nhsuk-header__account-item")] == [
        "Signed in as Ana Example", "Sign out",
    ]  # fmt: skip
    assert visitor.post("/sign-out/")["Location"] == "/sign-in/"
    assert visitor.get(SAMPLE).status_code == 302


@pytest.mark.parametrize("entered", [{"login": "ana", "password": "wrong"}, {"login": "x", "password": "y"}])
def test_a_wrong_name_and_a_wrong_password_get_the_same_words(
    visitor: Client, person: object, entered: dict[str, str]
) -> None:
    shown = page(visitor.post("/sign-in/", entered))
    assert shown.one("title").text == "Error: Sign in – Parity"
    assert [each.text for each in shown.one("ul", class_="nhsuk-error-summary__list").all("li")] == [
        "Enter a user name and password that belong together."
    ]


def test_sign_in_does_not_lead_to_another_site(visitor: Client, person: object) -> None:
    entered = {"login": "ana", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert visitor.post("/sign-in/", entered)["Location"] == "/"


def test_sign_in_fields_work_with_password_managers(visitor: Client) -> None:
    shown = page(visitor.get("/sign-in/"))
    fields = [each for each in shown.all("input") if each.attributes["type"] in {"text", "password"}]
    assert [(each.attributes["name"], each.attributes["autocomplete"]) for each in fields] == [
        ("login", "username"), ("password", "current-password"),
    ]  # fmt: skip


def test_a_topic_page_has_frame_menu_breadcrumb_and_blocks(signed_in: Client) -> None:
    shown = page(signed_in.get(SAMPLE))
    assert shown.one("head").one("title").text == "Older people – Leicester, Leicestershire and Rutland – Parity"
    assert shown.one("h1").text == "Older people"
    assert shown.one("p", class_="nhsuk-lede-text").text == "How many live with depression."
    assert [link.text for link in shown.all("a", class_="nhsuk-header__navigation-link")] == [
        "Home", "Analyse", "Plan", "Secure", "Review", "Figures", "Thread", "Registers",
        "Organisations", "People",
    ]  # fmt: skip
    assert [link.attributes["href"] for link in shown.all("a", **{"aria-current": "true"})] == ["/leicester/analyse/"]
    trail = [(link.text, link.attributes["href"]) for link in shown.all("a", class_="nhsuk-breadcrumb__link")]
    assert trail == [
        ("Home", "/"), ("Leicester, Leicestershire and Rutland", "/leicester/"), ("Analyse", "/leicester/analyse/"),
    ]  # fmt: skip
    assert shown.one("html").attributes["lang"] == "en-GB"
    assert shown.all("a")[0].attributes["href"] == f"#{shown.one('main').attributes['id']}"
    assert len(shown.all("a", class_="app-figure")) == 11


def test_a_stage_page_leads_to_its_topics(signed_in: Client) -> None:
    shown = page(signed_in.get("/leicester/analyse/"))
    assert (shown.one("h1").text, shown.one("p", class_="nhsuk-lede-text").text) == ("Analyse", "What people need.")
    cards = [(link.text, link.attributes["href"]) for link in shown.all("a", class_="nhsuk-card__link")]
    assert cards == [("Older people", SAMPLE)]
    assert shown.one("p", class_="nhsuk-card__description").text == "How many live with depression."


def test_a_table_of_a_topic_page_comes_as_csv(signed_in: Client) -> None:
    response = signed_in.get(SAMPLE, {"table": "costs", "format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="costs.csv"'
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Area", "Cost", "Cost (unit)"], ["Leicester", "-91000.25", "£"],
    ]  # fmt: skip
    assert signed_in.get(SAMPLE, {"table": "none", "format": "csv"}).status_code == 404


def test_a_chart_of_a_topic_page_comes_as_svg(signed_in: Client) -> None:
    shown = page(signed_in.get(SAMPLE, {"year": "2026"})).one("figure").one("img")
    assert shown.attributes["src"] == "?year=2026&table=people-chart&format=svg"
    response = signed_in.get(SAMPLE + shown.attributes["src"])
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"] == 'inline; filename="people-chart.svg"'
    drawn = fromstring(response.content)
    assert drawn.findtext("{http://www.w3.org/2000/svg}title") == "People by area"
    assert signed_in.get(SAMPLE, {"table": "costs", "format": "svg"}).status_code == 404


def test_every_answer_has_the_strict_policy_and_its_companions(signed_in: Client, visitor: Client) -> None:
    answers = [signed_in.get(SAMPLE), signed_in.get("/nowhere/"), signed_in.get("/fail/"), visitor.get("/sign-in/")]
    assert [answer.status_code for answer in answers] == [200, 404, 500, 200]
    for answer in answers:
        assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in answer


def test_ways_on_refusals_and_files_have_the_policy_too(signed_in: Client, visitor: Client) -> None:
    address = page(visitor.get("/sign-in/")).all("link", rel="stylesheet")[0].attributes["href"]
    answers = [
        signed_in.get("/leicester/plan"),
        visitor.get("/sign-in/", headers={"host": "elsewhere.example"}),
        visitor.get(address),
    ]
    assert [answer.status_code for answer in answers] == [301, 400, 200]
    for answer in answers:
        assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
        assert answer["X-Frame-Options"] == "DENY"
        assert "Access-Control-Allow-Origin" not in answer
        answer.close()


def test_what_a_person_is_shown_is_kept_in_no_shared_cache(signed_in: Client) -> None:
    for address in (SAMPLE, "/nowhere/", f"{SAMPLE}?table=costs&format=csv"):
        assert signed_in.get(address)["Cache-Control"] == "private, no-cache"


def test_a_relation_that_no_longer_fits_is_told_and_is_no_fault_of_ours(rf: RequestFactory) -> None:
    answer = refusal(rf.get("/api/"), RelationFault("Relation A: a denominator is 0."))
    assert (answer.status_code, json.loads(answer.content)["detail"]) == (409, "Relation A: a denominator is 0.")


def test_session_cookie_is_out_of_reach_of_scripts(visitor: Client, person: object) -> None:
    visitor.post("/sign-in/", {"login": "ana", "password": PASSWORD})
    cookie = visitor.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("address", [SAMPLE, "/sign-in/", "/accessibility/", "/nowhere/"])
def test_no_page_names_another_host_or_carries_code_or_style(signed_in: Client, address: str) -> None:
    response = signed_in.get(address, follow=True)
    shown = page(response)
    assert "://" not in response.content.decode()
    for each in shown.below():
        assert each.name not in {"style", "iframe", "object", "embed"}
        assert [name for name in each.attributes if name == "style" or name.startswith("on")] == []
    scripts = [each for each in shown.all("script") if each.attributes.get("type") != "application/json"]
    assert [(each.attributes["type"], each.attributes["src"]) for each in scripts] == [
        ("module", "/static/parity/parity.js")
    ]


def test_everything_a_page_loads_is_there(signed_in: Client) -> None:
    shown = page(signed_in.get(SAMPLE))
    loaded = [each.attributes["href"] for each in shown.all("link")] + ["/static/parity/parity.js"]
    for address in loaded:
        response = signed_in.get(address)
        assert (address, response.status_code) == (address, 200)
        response.close()


@pytest.mark.parametrize(
    ("address", "status", "title", "sentence"),
    [
        ("/nowhere/", 404, "Page not found", "If you typed the address, check that it is correct."),
        ("/nowhere/analyse/sample/", 404, "Page not found", "If you typed the address, check that it is correct."),
        ("/refuse/", 403, "You may not do this", "Only the lead buyer may open bids."),
        ("/forbid/", 403, "You may not do this", "Your role does not give you access."),
        ("/change/", 500, "Something went wrong", "This is our fault, not yours."),
        ("/fail/", 500, "Something went wrong", "This is our fault, not yours."),
    ],
)
def test_errors_are_plain_words(signed_in: Client, address: str, status: int, title: str, sentence: str) -> None:
    response = signed_in.get(address)
    shown = page(response)
    assert (response.status_code, shown.one("h1").text) == (status, title)
    assert shown.one("main").all("p")[0].text == sentence
    assert "secret" not in response.content.decode()


def test_a_host_that_is_not_ours_is_refused(visitor: Client) -> None:
    response = visitor.get("/sign-in/", headers={"host": "elsewhere.example"})
    assert (response.status_code, page(response).one("h1").text) == (400, "We could not understand this request")


def test_a_form_from_elsewhere_is_refused(person: object) -> None:
    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"login": "ana", "password": PASSWORD})
    assert response.status_code == 403
    assert page(response).one("main").all("p")[1].text == "Go back, reload the page and try again."


def test_accessibility_statement_and_security_contact_are_open_to_all(visitor: Client) -> None:
    assert page(visitor.get("/accessibility/")).one("h1").text == "Accessibility statement"
    lines = visitor.get("/.well-known/security.txt").content.decode().splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["Contact", "Expires", "Preferred-Languages"]
    assert lines[0] == "Contact: http://127.0.0.1/accessibility/"


def test_contact_is_shown_where_there_is_one(visitor: Client, settings: object) -> None:
    settings.CONTACT = "mailto:help@council.example"
    assert page(visitor.get("/accessibility/")).one("a", href="mailto:help@council.example").text == (
        "help@council.example"
    )
    assert visitor.get("/.well-known/security.txt").content.decode().splitlines()[0] == (
        "Contact: mailto:help@council.example"
    )
