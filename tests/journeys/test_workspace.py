"""Stories of partners who each keep their own and share some of it: by mouse, by keyboard alone, without scripts."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.test_accessible_pages import examined

pytestmark = pytest.mark.journey

RISKS = "/leicester/registers/risks/"
PARTNER = "East Leicestershire and Rutland CCG"
"""The organisation that the demo's partner acts for."""
STORY = "What happened to this record, the latest first"
MOST_STEPS = 120
LAST_DAY = date(2999, 3, 31)
FILLED = {
    "Title": "The lease ends", "Effect": "No drop-in centre", "Owner": "Director", "Impact score": "3",
    "Probability score": "2", "Mitigation": "Look for rooms", "Action owner": "Service manager",
}  # fmt: skip


def fill_date(page: Page, name: str, day: date) -> None:
    """Fills the three boxes of a date."""
    boxes = page.get_by_role("group", name=name)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label, exact=True).fill(str(number))


def add_risk(page: Page, code: str, *, sharing: str) -> None:
    """A new risk, entered by the form."""
    page.get_by_role("button", name="Add a risk").click()
    page.get_by_label("Risk", exact=True).fill(code)
    for label, text in FILLED.items():
        page.get_by_label(label, exact=True).fill(text)
    fill_date(page, "Raised", date(2026, 1, 31))
    page.get_by_label("Increasing").check()
    page.get_by_label(sharing).check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("status")).to_have_text(f"Risk {code} was added.")


def told(page: Page, caption: str) -> list[list[str]]:
    """The rows of a table, headings left out."""
    rows = page.get_by_role("table", name=caption).get_by_role("row").all()
    return [row.locator("th, td").all_inner_texts() for row in rows[1:]]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_risk_is_shared_with_one_organisation_by_name(visit: Callable[..., Visit], scripts: bool) -> None:
    code = f"S-{int(scripts)}"
    ours, theirs = visit("commissioner", scripts=scripts), visit("partner", scripts=scripts)
    page = ours.page
    page.goto(ours.address + RISKS)
    add_risk(page, code, sharing="Our organisation only")
    address = page.url
    assert theirs.page.goto(address).status == 404
    page.get_by_role("button", name="Share").click()
    page.get_by_label("Organisations we name").check()
    page.get_by_label(PARTNER, exact=True).check()
    fill_date(page, f"Last day for {PARTNER} (optional)", LAST_DAY)
    page.get_by_label("Why (optional)").fill("They run the centre.")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status")).to_have_text(f"Risk {code} is shared with: {PARTNER}, until 31 March 2999.")
    assert theirs.page.goto(address).status == 200
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text(f"Risk {code}")
    assert theirs.page.locator("main .nhsuk-button").count() == 0
    assert [row[2] for row in told(theirs.page, STORY)] == ["Shared: Shared with"]
    assert [row[2] for row in told(page, STORY)] == [
        "Shared: Shared with", "Added",
    ]  # fmt: skip
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_label("Why").fill("The lease was renewed.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("No list and no figure counts this record any more.")).to_be_visible()


def test_a_list_is_searched_and_sorted_without_scripts(visit: Callable[..., Visit]) -> None:
    person = visit("analyst", scripts=False)
    page = person.page
    page.goto(f"{person.address}{RISKS}")
    page.get_by_label("Search").fill("workforce")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Risk R-12"])
    page.get_by_role("link", name="Clear search and filters").click()
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Trend").select_option("Decreasing")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Risk R-4", "Risk R-6"])
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Risk R-4", "Risk R-6"])
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "descending")


def test_a_statement_is_found_on_a_later_page(visit: Callable[..., Visit]) -> None:
    page = visit("analyst").open("/leicester/registers/statements/")
    seen = page.get_by_role("rowheader").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("caption")).to_contain_text("26 to 50 of 434 records")
    assert set(seen) & set(page.get_by_role("rowheader").all_inner_texts()) == set()


def test_a_record_is_changed_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    page = visit("commissioner").open(RISKS)
    follow(page, "R-7")
    follow(page, "Change")
    tab_to(page, "Title")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    follow(page, "Save")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    tab_to(page, "Title: enter something.")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.keyboard.type("Cabinet does not approve")
    follow(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Risk R-7 was changed.")
    assert told(page, STORY)[0][2:5] == [
        "Changed: Title", "Cabinet does not approve; political resistance", "Cabinet does not approve",
    ]  # fmt: skip


def follow(page: Page, name: str) -> None:
    """Tabs to the link or button of this name and presses Enter there."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the element of this name has the focus."""
    named = "(document.activeElement.labels?.[0]?.textContent ?? document.activeElement.innerText).trim()"
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(named) == name:
            return
    raise AssertionError(f"The keyboard does not reach {name}.")


def test_no_page_of_a_register_has_a_fault(visit: Callable[..., Visit]) -> None:
    person = visit("commissioner")
    record = person.open(RISKS).get_by_role("link", name="R-1", exact=True).get_attribute("href")
    addresses = [
        "/leicester/registers/", RISKS, f"{RISKS}?trend=no+change&sort=-title", f"{RISKS}?q=nowhere",
        "/leicester/registers/statements/?page=3", "/kent/registers/decisions/", f"{RISKS}new/",
        "/leicester/registers/contracts/new/", str(record), f"{record}edit/", f"{record}share/", f"{record}withdraw/",
        "/leicester/people/", "/leicester/people/invite/",
    ]  # fmt: skip
    assert [fault for address in addresses for fault in examined(person.open(address))] == []
    refused = person.open(f"{RISKS}new/")
    refused.get_by_role("button", name="Add").click()
    expect(refused.locator(".nhsuk-error-summary")).to_be_focused()
    assert examined(refused) == []
    assert person.heard == []
