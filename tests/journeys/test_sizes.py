"""A director of finance asks how much of an option a budget pays for, by keyboard, and what more would bring."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessible_pages import examined
from tests.journeys.test_scenarios import SCENARIOS, Window, window

__all__ = ["window"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FORM, SHOW = "Options, sizes and limits", "Show the best sizes"
BUDGET = "Budget: most that may be out at once, in pounds (optional)"
TEAM, ASKED = "Moving On team", "/leicester/plan/sizes/?options=Moving+On+team"


def ask(told: Window, label: str, number: str) -> None:
    """Asks again with this limit."""
    if not told.page.get_by_label(label).is_visible():
        told.keys.reach(FORM)
        told.page.keyboard.press("Enter")
    told.keys.type(label, number)
    told.keys.follow(SHOW)


def test_a_director_of_finance_reads_a_size_and_what_more_money_would_bring(window: Callable[..., Window]) -> None:
    told = window("finance_lead")
    told.open(SCENARIOS)
    told.keys.follow("how much of each")
    expect(told.page.get_by_role("heading", level=1)).to_have_text("How much of each option")
    assert examined(told.page) == []
    main = told.page.get_by_role("main")
    expect(main).to_contain_text("To be, as printed: “cost of a person a week” is set (Long Term Residential Care")
    told.open(ASKED)
    ask(told, BUDGET, "100000")
    expect(main).to_contain_text("“Moving On team (0.5 times)”. Its net present value is £")
    expect(main).to_contain_text("It keeps every limit.")
    ((option, size, *_),) = told.rows("How much of each option to buy")
    assert (option, size) == (TEAM, "0.5 times what is stated: 42 people to move, 2 WTE in the team")
    ((_, most, used, left, together, step, gain),) = told.rows("What each limit costs")
    assert (most, used, left, together, step) == ("£100,000", "£69,996", "£30,004", "£69,996", "£10,000")
    assert gain.startswith("£0")
    words = main.get_by_role("listitem").filter(has_text=" would let in ").inner_text()
    assert words.removeprefix("Out at once before savings come back: ").startswith(
        "The first £39,992 more would let in Moving On team, worth £506,650 more: £12.67 for each"
    )
    assert examined(told.page) == []
    ask(told, BUDGET, "140000")
    expect(main).to_contain_text("“Moving On team”. Its net present value is £")


def test_without_scripts_a_limit_of_staff_stands_in_the_address(window: Callable[..., Window]) -> None:
    told = window("scrutiny_member", scripts=False)
    told.open(f"{ASKED}&staff=6.5")
    expect(told.page.get_by_role("main")).to_contain_text("“Moving On team (1.5 times)”. Its net present value is £")
    told.open(f"{ASKED}&staff=many")
    expect(told.page.get_by_role("main")).to_contain_text(
        "Most staff beyond those of today: enter a number of 0 or more, such as 2.5, or leave it empty."
    )
