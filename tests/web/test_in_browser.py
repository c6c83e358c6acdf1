"""The sample page in a real browser: accessible, quiet, alone, at desktop and phone width, with and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.signing_in import PASSWORD

SAMPLE = "/leicester/analyse/sample/"
DESKTOP, PHONE = 1200, 375

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def open_sample(browser: Browser, address: str, *, width: int, scripts: bool = True) -> tuple[Page, list[str]]:
    """The sample page after signing in, and what the browser complained of or asked other hosts for."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page, heard = context.new_page(), []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else heard.append(request.url))
    page.goto(address + SAMPLE)
    page.fill("[name=login]", "ana")
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url(address + SAMPLE)
    return page, heard


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_sample_page_is_accessible_quiet_and_fits(
    browser: Browser, live_server: object, programme: object, width: int
) -> None:
    page, heard = open_sample(browser, live_server.url, width=width)
    page.wait_for_selector("figure[data-chart=live]")
    page.click("summary")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert heard == []
    page.context.close()


def test_a_live_chart_tells_its_value_at_the_pointer(browser: Browser, live_server: object, programme: object) -> None:
    page, _ = open_sample(browser, live_server.url, width=DESKTOP)
    page.wait_for_selector("figure[data-chart=live]")
    assert page.locator(".app-chart__drawing > img").is_hidden()
    page.locator(".app-chart__live .mark-rect path").first.hover()
    assert page.inner_text("#vg-tooltip-element").split() == ["Area", "Leicester", "Value", "4,252"]
    page.context.close()


def test_without_scripts_the_drawing_stays(browser: Browser, live_server: object, programme: object) -> None:
    page, heard = open_sample(browser, live_server.url, width=PHONE, scripts=False)
    assert page.locator(".app-chart__drawing > img").is_visible()
    page.wait_for_function("document.querySelector('.app-chart__drawing > img').naturalWidth > 0")
    assert page.locator("a.nhsuk-header__navigation-link").count() == 10
    assert heard == []
    page.context.close()


def test_an_error_takes_the_focus(browser: Browser, live_server: object, programme: object) -> None:
    page = browser.new_page()
    page.goto(live_server.url + "/sign-in/")
    page.click("main button:has-text('Sign in')")
    page.wait_for_selector(".nhsuk-error-summary:focus")
    assert page.locator(".nhsuk-error-summary:focus li").all_inner_texts() == [
        "Enter your user name or e-mail address.",
        "Enter your password.",
    ]
    page.close()
