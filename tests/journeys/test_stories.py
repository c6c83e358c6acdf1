"""Stories of people at work: what a commissioner, an analyst, a partner and a blind user do from start to end."""

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit, Workspace, sign_in

pytestmark = pytest.mark.journey

SPEND = "/leicester/analyse/spend/"
NHS_SPEND = "£45,199,276"
SPEND_TABLE = "“Spending and budgets by service and provider” (spend)"
WOMEN_ONLY = "B.4: Women-only community day services, with the NHS trust"


def table_rows(page: Page, caption: str) -> list[list[str]]:
    """The rows of the table with this caption, headings first."""
    rows = page.get_by_role("table", name=caption, exact=True).get_by_role("row")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def downloaded(page: Page, name: str) -> list[list[str]]:
    """The rows of the CSV that the link of this name downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def pounds(text: str) -> int:
    return int(text.removeprefix("£").replace(",", ""))


def test_a_commissioner_follows_a_figure_to_its_source(visit: Callable[..., Visit]) -> None:
    page = visit("commissioner").page
    page.get_by_role("link", name="Leicester, Leicestershire and Rutland").click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Analyse").click()
    page.get_by_role("link", name="Spend", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spend")
    rows = downloaded(page, "Download CSV of Spending and budgets")
    assert rows[1] == ["NHS 2009/10", "Leicester", "2009/10", "45199276", "£"]
    page.get_by_role("link", name=NHS_SPEND).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spending, NHS 2009/10, Leicester, 2009/10")
    told = dict(table_rows(page, "The figure"))
    assert (told["Value"], told["Unit"], told["Basis"], told["Prices of"]) == (NHS_SPEND, "pounds", "spend", "2009/10")
    heads, *inputs = table_rows(page, f"Rows of the table {SPEND_TABLE}")
    assert sum(pounds(row[heads.index("Amount gbp")]) for row in inputs) == pounds(NHS_SPEND)
    assert {(row[heads.index("Source")], row[heads.index("Place")]) for row in inputs} == {("000", "s9(a) spend 09/10")}
    assert [row[0] for row in table_rows(page, "The versions of the tables that were read")] == ["Table", SPEND_TABLE]
    assert downloaded(page, "Download CSV of The figure")[1] == ["Value", NHS_SPEND]


def test_an_analyst_finds_what_does_not_follow(visit: Callable[..., Visit]) -> None:
    person = visit("analyst")
    page = person.open("/leicester/review/tie-out/")
    heads, *rows = table_rows(page, "Printed results that do not follow from their inputs")
    (found,) = (dict(zip(heads, row, strict=True)) for row in rows if row[0] == "LEI-144")
    assert (found["Printed"], found["Recomputed"]) == ("50%", "46.67%")


def test_an_analyst_finds_the_target_that_no_task_delivers(visit: Callable[..., Visit]) -> None:
    person = visit("analyst")
    page = person.open("/luton/thread/")
    assert table_rows(page, "Records that hang loose")[1:] == [["target", WOMEN_ONLY, "No task delivers it."]]
    page = person.open("/luton/plan/targets/")
    assert [row[0] for row in table_rows(page, "Targets that no task delivers")[1:]] == ["B.4"]


def test_a_blind_user_reads_spend_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit("analyst").open(SPEND)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Spending and budgets", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=NHS_SPEND).first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Note a", exact=True).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#note-spend-totals-a")).to_be_in_viewport()


def test_headings_and_link_names_make_sense_alone(visit: Callable[..., Visit]) -> None:
    page = visit("analyst").open(SPEND)
    levels = page.eval_on_selector_all("main :is(h1,h2,h3,h4)", "all => all.map(each => Number(each.tagName[1]))")
    assert [later for earlier, later in pairwise(levels) if later > earlier + 1] == []
    names = [link.text_content() for link in page.locator("main .app-download a").all()]
    assert len(names) == len(set(names)), "each download says of which table"
    summaries = page.locator("main summary").all_text_contents()
    assert len(summaries) == len(set(summaries)), "each detail says of which chart"
    told = [each.get_attribute("alt") or each.get_attribute("aria-label") for each in page.get_by_role("img").all()]
    assert all(told), "each picture is told in words"


def test_a_page_needs_no_scripts(visit: Callable[..., Visit], workspace: Workspace) -> None:
    page = visit("analyst", scripts=False).page
    page.goto(workspace.address + SPEND)
    drawings = page.locator("figure[data-chart]")
    shown = drawings.count()
    assert shown > 0
    assert [chart.locator("img").first.is_visible() for chart in drawings.all()] == [True] * shown
    page.locator("summary").first.click()
    expect(drawings.first.get_by_role("table")).to_be_visible()
    assert len(downloaded(page, "Download CSV of Spending and budgets")) > 1


def test_whoever_signed_out_opens_nothing(visit: Callable[..., Visit], workspace: Workspace) -> None:
    page = visit("partner").open(SPEND)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{workspace.address}/sign-in/")
    page.goto(workspace.address + SPEND)
    assert page.url == f"{workspace.address}/sign-in/?next={SPEND}"
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_moves_the_focus_to_what_is_wrong(visit: Callable[..., Visit], workspace: Workspace) -> None:
    page = visit().open("/sign-in/")
    page.get_by_label("User name").fill("partner")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    summary = page.get_by_role("alert")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(summary).to_contain_text("Enter a user name and password that belong together.")
    expect(page).to_have_title("Error: Sign in – Parity")
    sign_in(page, workspace, "partner")
