"""Signing in through another identity provider: known by issuer and subject, let in by invitation, asked once more
for a second factor unless the provider asked for one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser

from parity.register.invitations.actions import invitation_token
from parity.register.models import Event, Person
from parity.web.sign_in.environment import providers_from
from parity.web.sign_in.provider import Discovered, Provider, ProviderAdapter
from tests.web.signing_in import PASSWORD, browser, code, enter, give_app, heading, notices, page

TODAY = date(2026, 3, 2)
SHAPES: dict[str, dict[str, Any]] = {
    "entra": {"second_factor": {"amr": ["mfa"]}},
    "cis2": {"asks": {"acr_values": "AAL2_OR_AAL3_ANY"}, "second_factor": {"acr": ["AAL2_ANY", "AAL3_ANY"]}},
    "one-login": {"asks": {"vtr": '["Cl.Cm"]'}, "second_factor": {"vot": ["Cl.Cm", "P2.Cl.Cm"]}},
}
CLAIMS: dict[str, dict[str, Any]] = {
    "entra": {"amr": ["pwd", "mfa"]},
    "cis2": {"acr": "AAL3_ANY", "amr": ["N3_SMARTCARD"]},
    "one-login": {"vot": "Cl.Cm"},
}

SERVER = """
import json, sys
from oidc_provider_mock import User, run_server_in_thread
people = [User(sub=subject, claims=claims) for subject, claims in json.loads(sys.argv[1]).items()]
with run_server_in_thread(user_claims=people) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""
"""In a process of its own, for its libraries warn."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A provider on the loopback, which signs in whoever says who they are."""
    people = {f"with factor at {name}": claims for name, claims in CLAIMS.items()}
    command = [sys.executable, "-c", SERVER, json.dumps(people)]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as running:
        yield f"http://localhost:{running.stdout.readline().strip()}"
        running.stdin.close()


def declared(tmp_path: Any, server: str) -> list[dict[str, Any]]:
    """The shapes of three providers, as the environment declares them."""
    same = {"server": server, "client_id": "parity", "client_secret": "s"}
    told = [{"id": name, "name": name.title(), **same, **shape} for name, shape in SHAPES.items()]
    path = tmp_path / "providers.json"
    path.write_text(json.dumps(told))
    return providers_from(str(path))


@pytest.fixture(autouse=True)
def _providers(settings: Any, tmp_path: Any, server: str) -> Iterator[None]:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": declared(tmp_path, server)}}
    registry.register(Provider)
    yield
    del registry.provider_map["openid_connect"]


def go(client: Client, name: str, path: str = "", **sent: str) -> str:
    """The address at the provider to which the browser is led."""
    response = client.post(path or f"/sign-in/with/{name}/", sent)
    assert response.status_code == 200, response
    return response["Refresh"].removeprefix("0; url=")


def come_back(client: Client, address: str, subject: str, **sent: str) -> HttpResponse:
    """The answer to whoever signed in there as this subject."""
    there = requests.post(address, data={"sub": subject, **sent}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def sign_in(client: Client, subject: str, provider: str = "entra") -> HttpResponse:
    return come_back(client, go(client, provider), subject)


def accept(person: Person, subject: str, provider: str = "entra") -> tuple[Client, HttpResponse]:
    """A browser in which an invitation was accepted through the provider, and its last answer."""
    client = browser()
    path = f"/invitation/{invitation_token(person)}/"
    return client, come_back(client, go(client, provider, path, provider=provider), subject)


@pytest.fixture
def ben(db: None) -> Person:
    """Somebody who was invited and has chosen nothing yet."""
    return Person.objects.create_user("ben@council.example", "ben@council.example")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_way_there_carries_what_is_configured_and_nothing_that_an_address_asks_for(db: None, shape: str) -> None:
    address = go(browser(), shape, f"/sign-in/with/{shape}/?scope=email&auth_params=prompt%3Dnone%26acr_values%3Dlow")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert set(asked.pop("scope").split()) == {"openid", "profile"}
    assert [len(asked.pop(name)) > 15 for name in ("state", "nonce", "code_challenge")] == [True] * 3
    assert asked == {
        "client_id": "parity",
        "redirect_uri": f"http://127.0.0.1/sign-in/with/{shape}/back/",
        "response_type": "code",
        "code_challenge_method": "S256",
        **SHAPES[shape].get("asks", {}),
    }


def test_each_way_there_is_another(db: None) -> None:
    asked = [parse_qs(urlsplit(go(browser(), "entra")).query) for _ in range(2)]
    assert [name for name in ("state", "nonce", "code_challenge") if asked[0][name] == asked[1][name]] == []


def test_a_link_to_a_provider_asks_first(db: None) -> None:
    response = browser().get("/sign-in/with/entra/")
    assert (response.status_code, heading(response)) == (200, "Continue with Entra")


def test_an_unknown_subject_is_refused_with_a_sentence(person: Person) -> None:
    client = browser()
    # this provider puts what stands in the box into the claim “email” as well
    response = sign_in(client, person.email)
    assert heading(response) == "We do not know this account"
    assert (Person.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("shape", SHAPES)
def test_an_invitation_is_accepted_through_a_provider_that_asked_for_a_second_factor(ben: Person, shape: str) -> None:
    client, response = accept(ben, f"with factor at {shape}", shape)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    again = browser()
    assert sign_in(again, f"with factor at {shape}", shape)["Location"] == "/"
    assert again.get("/account/").status_code == 200
    assert list(Event.objects.values_list("verb", "by")) == [("accepted", str(ben.pk))]


def test_without_a_second_factor_there_one_is_set_up_here(ben: Person) -> None:
    client, _ = accept(ben, "password only")
    assert client.get("/")["Location"] == "/account/second-step/"
    assert client.get("/account/second-step/app/").status_code == 200


def test_a_claim_of_one_provider_does_not_count_at_another(ben: Person) -> None:
    client, _ = accept(ben, "with factor at entra", "cis2")
    assert client.get("/")["Location"] == "/account/second-step/"


def test_without_a_second_factor_there_the_one_here_is_asked_for(ben: Person) -> None:
    accept(ben, "password only")
    secret = give_app(ben)
    client = browser()
    assert sign_in(client, "password only")["Location"] == "/sign-in/second-step/"
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-in/second-step/", {"code": code(secret)})["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_with_a_second_factor_there_the_one_here_is_not_asked_for(ben: Person) -> None:
    accept(ben, "with factor at entra")
    give_app(ben)
    assert sign_in(browser(), "with factor at entra")["Location"] == "/"


def test_an_invitation_lets_in_one_subject_once(ben: Person) -> None:
    path = f"/invitation/{invitation_token(ben)}/"
    first, second = browser(), browser()
    addresses = [go(client, "entra", path, provider="entra") for client in (first, second)]
    assert come_back(first, addresses[0], "with factor at entra").status_code == 302
    response = come_back(second, addresses[1], "somebody else")
    assert (response.status_code, SocialAccount.objects.count()) == (404, 1)
    assert browser().get(path).status_code == 404


def test_who_has_no_password_gets_none_by_e_mail(ben: Person) -> None:
    client, _ = accept(ben, "with factor at entra")
    assert client.get("/account/password/")["Location"] == "/account/"
    mail.outbox.clear()
    browser().post("/sign-in/forgotten/", {"email": ben.email})
    assert "nobody signs in to Parity with it and a password" in mail.outbox[0].body


def test_nothing_of_the_identity_is_kept_but_a_hash(ben: Person) -> None:
    accept(ben, "with factor at entra")
    ((uid, kept),) = SocialAccount.objects.values_list("uid", "extra_data")
    assert (len(uid), kept) == (64, {"second_factor": True})
    ben.refresh_from_db()
    assert (ben.first_name, ben.is_staff, ben.is_superuser) == ("", False, False)


def test_a_subject_is_known_together_with_its_issuer(rf: Any) -> None:
    (app, *_) = ProviderAdapter().list_apps(None, "entra")
    known = [
        Provider(rf.get("/"), app).extract_uid({"id_token": {"iss": issuer, "sub": subject}})
        for issuer, subject in (("https://a.example", "1"), ("https://b.example", "1"), ("https://a.example", "2"))
    ]
    assert len(set(known)) == 3


def test_somebody_who_was_shut_out_is_not_let_in(ben: Person) -> None:
    accept(ben, "with factor at entra")
    ben.refresh_from_db()
    ben.is_active = False
    ben.save()
    client = browser()
    response = sign_in(client, "with factor at entra")
    assert (response.status_code, page(response).one("main").all("p")[0].text) == (
        403, "This person can no longer sign in. Ask whoever runs the workspace.",
    )  # fmt: skip
    assert "_auth_user_id" not in client.session


def test_a_person_links_and_unlinks_an_account(person: Person) -> None:
    client = browser()
    enter(client, "ana")
    address = go(client, "entra", "/sign-in/with/entra/?process=connect")
    response = come_back(client, address, "with factor at entra")
    response = client.get(response["Location"], follow=True)
    assert (heading(response), notices(response)) == ("Your account", ["This account signs you in from now on."])
    assert mail.outbox[0].subject == "Parity: another way to sign in"
    assert sign_in(browser(), "with factor at entra")["Location"] == "/"
    response = client.post("/account/linked/", {"account": SocialAccount.objects.get().pk}, follow=True)
    assert notices(response) == ["This account signs you in no longer."]
    assert heading(sign_in(browser(), "with factor at entra")) == "We do not know this account"


def test_linking_asks_for_a_fresh_confirmation(person: Person) -> None:
    client = browser()
    enter(client, "ana")
    session = client.session
    session["confirmed_at"] -= 400
    session.save()
    address = go(client, "entra", "/sign-in/with/entra/?process=connect")
    response = come_back(client, address, "with factor at entra")
    assert (response["Location"], SocialAccount.objects.count()) == ("/account/confirm/", 0)
    client.post("/account/confirm/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == person


def test_an_account_of_somebody_else_cannot_be_linked(person: Person, ben: Person) -> None:
    accept(ben, "with factor at entra")
    client = browser()
    enter(client, "ana")
    address = go(client, "entra", "/sign-in/with/entra/?process=connect")
    response = client.get(come_back(client, address, "with factor at entra")["Location"], follow=True)
    assert notices(response) == ["This account cannot be used here."]
    assert SocialAccount.objects.get().user == ben


def test_the_only_way_to_sign_in_cannot_be_unlinked(ben: Person) -> None:
    client, _ = accept(ben, "with factor at entra")
    response = client.post("/account/linked/", {"account": SocialAccount.objects.get().pk}, follow=True)
    assert notices(response) == ["This is your only way to sign in, so it stays."]
    assert SocialAccount.objects.count() == 1


def test_an_account_of_somebody_else_cannot_be_unlinked(person: Person, ben: Person) -> None:
    accept(ben, "with factor at entra")
    client = browser()
    enter(client, "ana")
    client.post("/account/linked/", {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.count() == 1


DOUBT = "The sign-in did not work"


def test_a_token_for_another_request_is_refused(ben: Person) -> None:
    client = browser()
    address = go(client, "entra", f"/invitation/{invitation_token(ben)}/", provider="entra")
    session = client.session
    for state, *_ in session["socialaccount_states"].values():
        state["data"]["nonce"] = "another"
    session.save()
    response = come_back(client, address, "with factor at entra")
    assert (response.status_code, heading(response), SocialAccount.objects.count()) == (401, DOUBT, 0)


def test_an_answer_works_once_and_only_for_who_asked(ben: Person) -> None:
    accept(ben, "with factor at entra")
    client = browser()
    there = requests.post(go(client, "entra"), data={"sub": "with factor at entra"}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])
    other = browser().get(f"{back.path}?{back.query}")
    assert (other.status_code, heading(other)) == (401, DOUBT)
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    client.post("/sign-out/")
    assert client.get(f"{back.path}?{back.query}").status_code == 401


def test_an_answer_of_one_provider_is_none_of_another(ben: Person) -> None:
    accept(ben, "with factor at entra")
    client = browser()
    there = requests.post(go(client, "entra"), data={"sub": "with factor at entra"}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])
    assert client.get(f"{back.path.replace('entra', 'cis2')}?{back.query}").status_code == 401


def test_who_stops_there_is_told_so(db: None) -> None:
    client = browser()
    ((state,),) = [parse_qs(urlsplit(go(client, "entra")).query)["state"]]
    response = client.get("/sign-in/with/entra/back/", {"error": "access_denied", "state": state}, follow=True)
    assert heading(response) == "You did not sign in"


@pytest.mark.parametrize(
    "named",
    [
        {"token_endpoint": "http://127.0.0.1:9/token"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "http://[::1]:9/keys"},
        {"issuer": "https://elsewhere.example"},
    ],
)
def test_a_provider_leads_us_to_no_other_host(settings: Any, ben: Person, named: dict[str, str]) -> None:
    accept(ben, "with factor at entra")
    client = browser()
    address = go(client, "entra")
    for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        app["settings"]["openid_configuration_overrides"] = named
    response = come_back(client, address, "with factor at entra")
    assert (response.status_code, heading(response)) == (401, DOUBT)


def test_a_provider_that_cannot_be_reached_is_told_so(settings: Any, db: None) -> None:
    for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        app["settings"]["server_url"] = "http://127.0.0.1:9"
    response = browser().post("/sign-in/with/entra/")
    assert (response.status_code, heading(response)) == (401, DOUBT)


def test_we_are_led_on_by_no_answer(server: str) -> None:
    session = ProviderAdapter().get_requests_session()
    assert session.get(f"{server}/oauth2/end_session/confirm").status_code == 405
    redirected = session.post(f"{server}/oauth2/end_session/confirm", data={"redirect_uri": "http://127.0.0.1:9/"})
    assert redirected.status_code == 302
    with pytest.raises(OAuth2Error, match="none of its configured hosts"):
        session.get("http://127.0.0.1:9/")


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_that_the_provider_did_not_sign_is_refused(rf: Any, server: str, algorithm: str) -> None:
    claims = {"iss": server, "sub": "1", "aud": "parity", "exp": 4_000_000_000}
    forged = jwt.encode(claims, "" if algorithm == "none" else "s" * 32, algorithm=algorithm, headers={"kid": "1"})
    (app, *_) = ProviderAdapter().list_apps(None, "entra")
    with pytest.raises(OAuth2Error, match="not signed as it must be"):
        Discovered(rf.get("/"), "entra")._decode_id_token(app, forged)


@pytest.mark.parametrize("given", [{}, {"id_token": "x"}, {"id_token": "a.b.c"}, {"id_token": 3}])
def test_an_answer_without_a_token_that_can_be_read_is_refused(rf: Any, given: dict[str, Any]) -> None:
    (app, *_) = ProviderAdapter().list_apps(None, "entra")
    with pytest.raises((OAuth2Error, requests.RequestException)):
        Discovered(rf.get("/"), "entra").complete_login(rf.get("/"), app, SocialToken(token="t"), response=given)


def test_the_sign_in_page_offers_every_provider(db: None) -> None:
    shown = page(browser().get("/sign-in/?next=/leicester/"))
    names = [button.text for button in shown.one("main").all("button")]
    assert names == ["Show", "Sign in", "Continue with Entra", "Continue with Cis2", "Continue with One-Login"]
    assert [each.attributes["value"] for each in shown.all("input", name="next")] == ["/leicester/"] * 4


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_browser_is_led_there_and_back_under_our_policy(
    browser: Browser, live_server: Any, person: Person, server: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown, heard = context.new_page(), []
    context.route(lambda address: urlsplit(address).hostname != "localhost", lambda route: route.abort())
    shown.on("console", lambda message: heard.append(message.text) if live_server.url in shown.url else None)
    shown.goto(f"{live_server.url}/sign-in/")
    shown.get_by_role("button", name="Continue with Entra").click()
    shown.wait_for_url(f"{server}/**")
    shown.locator("[name=sub]").first.fill("somebody unknown")
    shown.locator("[name=sub]").first.press("Enter")
    shown.wait_for_url(f"{live_server.url}/**")
    assert shown.get_by_role("heading", level=1).inner_text() == "We do not know this account"
    assert heard == []
    context.close()
