"""The story of a person who is invited: password, second step by app without scripts or by passkey, and back again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, CDPSession, Page, expect

from parity.register.invitations.actions import invite_person
from parity.register.models import Person
from tests.journeys.conftest import DESKTOP, HEIGHT
from tests.journeys.test_accessible_pages import examined
from tests.web.signing_in import PASSWORD, code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BEN = "ben@provider.example"
SECOND_STEP = "Second step of your sign-in"
PASSKEY_SCRIPT = "**/webauthn.js"


@dataclass(frozen=True)
class Window:
    """A browser's page and what it complained of."""

    page: Page
    heard: list[str]

    def shows(self, title: str) -> Page:
        """The page, which bears this heading and has no fault."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        assert examined(self.page) == []
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def enter(self, password: str = PASSWORD) -> None:
        """Signs in by the form."""
        self.page.get_by_label("User name or e-mail address").fill(BEN)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")


@pytest.fixture
def invitation(live_server: Any, settings: Any) -> str:
    """The link in the e-mail to an invited person."""
    settings.ADDRESS = live_server.url
    ana = Person.objects.create_user("ana")
    invite_person(BEN, name="Ben Example", by=ana, on=date(2026, 3, 2))
    return next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens a window of its own."""
    contexts = []

    def opened(*, scripts: bool = True) -> Window:
        context = browser.new_context(viewport={"width": DESKTOP, "height": HEIGHT}, java_script_enabled=scripts)
        contexts.append(context)
        page, heard = context.new_page(), []
        page.on("console", lambda message: heard.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        return Window(page, heard)

    yield opened
    for context in contexts:
        context.close()


def has_passkeys(page: Page) -> CDPSession:
    """The line to a browser that makes and shows passkeys without asking anybody."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return line


def test_an_invited_person_gets_in_with_an_app_and_no_scripts(
    window: Callable[..., Window], invitation: str, live_server: Any
) -> None:
    ben = window(scripts=False)
    ben.page.goto(invitation)
    ben.page.get_by_label("New password").fill(PASSWORD)
    ben.press("Set password")
    ben.enter()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text(SECOND_STEP)
    ben.page.goto(f"{live_server.url}/account/")
    expect(ben.page.get_by_role("heading", level=1)).to_have_text(SECOND_STEP)
    ben.page.get_by_role("button", name="Set up an app").click()
    secret = ben.page.locator("main code").inner_text().replace(" ", "")
    ben.page.get_by_label("Code", exact=True).fill(code(secret))
    ben.press("Set up")
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    recovery = ben.page.locator("main code").first.inner_text()
    ben.page.get_by_role("button", name="Sign out").click()
    ben.enter()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Confirm your sign-in")
    ben.page.get_by_label("Code", exact=True).fill(recovery)
    ben.press("Sign in")
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Programmes")
    assert ben.heard == []


def test_an_invited_person_gets_in_with_a_passkey(
    window: Callable[..., Window], invitation: str, live_server: Any
) -> None:
    ben = window()
    has_passkeys(ben.page)
    ben.page.goto(invitation)
    ben.shows("Your invitation").get_by_label("New password").fill(PASSWORD)
    ben.press("Set password")
    ben.shows("Sign in")
    ben.enter()
    ben.shows(SECOND_STEP).get_by_role("button", name="Add a passkey").click()
    ben.shows("Add a passkey").get_by_label("Name of the passkey").fill("work laptop")
    ben.press("Add the passkey")
    ben.shows("Your recovery codes")
    ben.page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    ben.enter()
    ben.shows("Confirm your sign-in")
    ben.press("Use a passkey")
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Programmes")
    ben.page.goto(f"{live_server.url}/account/second-step/passkeys/")
    assert "work laptop" in ben.shows("Your passkeys").locator("main").inner_text()
    assert ben.heard == []


def test_a_confirmation_by_passkey_leads_back(window: Callable[..., Window], invitation: str, live_server: Any) -> None:
    ben = window()
    has_passkeys(ben.page)
    ben.page.goto(invitation)
    ben.page.get_by_label("New password").fill(PASSWORD)
    ben.press("Set password")
    ben.enter()
    ben.page.get_by_role("button", name="Add a passkey").click()
    ben.press("Add the passkey")
    ben.shows("Your recovery codes")
    ben.page.goto(f"{live_server.url}/account/confirm/passkey/?next=/account/second-step/codes/new/")
    ben.shows("Confirm that it is you")
    ben.press("Use a passkey")
    ben.shows("Make new recovery codes")
    assert ben.heard == []


def test_no_press_is_lost_while_the_script_of_a_passkey_is_on_its_way(
    window: Callable[..., Window], invitation: str
) -> None:
    ben, held = window(), []
    has_passkeys(ben.page)
    ben.page.goto(invitation)
    ben.page.get_by_label("New password").fill(PASSWORD)
    ben.press("Set password")
    ben.enter()
    ben.page.route(PASSKEY_SCRIPT, lambda script: held.append(script))
    ben.page.get_by_role("button", name="Add a passkey").click()
    add = ben.page.get_by_role("button", name="Add the passkey")
    expect(add).to_be_disabled()
    for script in held:
        script.continue_()
    add.click()
    ben.shows("Your recovery codes")
    assert ben.heard == []


PAGES = {
    "/account/": "Your account",
    "/account/password/": "Change your password",
    "/account/second-step/": SECOND_STEP,
    "/account/second-step/app/": "Set up an app",
    "/account/second-step/passkeys/add/": "Add a passkey",
    "/account/confirm/": "Confirm that it is you",
    "/sign-out/": "Sign out",
}
OPEN_PAGES = {
    "/sign-in/forgotten/": "Choose a new password",
    "/sign-in/forgotten/sent/": "Look at your e-mail",
    "/sign-in/forgotten/done/": "Your password is changed",
    "/sign-in/forgotten/x/y/": "This link no longer works",
    "/sign-in/cancelled/": "You did not sign in",
}


def test_no_other_page_of_sign_in_has_a_fault(window: Callable[..., Window], live_server: Any) -> None:
    Person.objects.create_user("ben", BEN, PASSWORD, is_public=True)
    ben = window()
    for address, title in OPEN_PAGES.items():
        ben.page.goto(live_server.url + address)
        ben.shows(title)
    ben.page.goto(f"{live_server.url}/sign-in/")
    ben.enter()
    for address, title in PAGES.items():
        ben.page.goto(live_server.url + address)
        ben.shows(title)
    assert ben.heard == []
