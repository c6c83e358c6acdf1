"""A director of finance chooses within a budget, by keyboard, and reads what is best and what it gives away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessible_pages import examined
from tests.journeys.test_scenarios import SCENARIOS, Window, window

__all__ = ["window"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FORM, SHOW = "Options, budget and limits", "Show the best"
BUDGET = "Budget: most that may be out at once, in pounds (optional)"
PRINTED, TEAM = "To be, as printed", "Moving On team"


def asked(told: Window, budget: str) -> None:
    """Asks with this budget."""
    if not told.page.get_by_label(BUDGET).is_visible():
        told.keys.reach(FORM)
        told.page.keyboard.press("Enter")
    told.keys.type(BUDGET, budget)
    told.keys.follow(SHOW)


def test_a_director_of_finance_chooses_under_a_budget(window: Callable[..., Window]) -> None:
    told = window("finance_lead")
    told.open(SCENARIOS)
    told.keys.follow("Which options to choose")
    expect(told.page.get_by_role("heading", level=1)).to_have_text("Which options to choose")
    assert examined(told.page) == []
    main = told.page.get_by_role("main")
    expect(main).to_contain_text(f"“{PRINTED}”. Its net present value is £")
    expect(main).to_contain_text(f"Taken as certain, since no number that changes has an interval: “{PRINTED}”.")
    told.keys.tick(PRINTED)
    asked(told, "100000")
    assert told.page.url.partition("?")[2].startswith(
        "model=Adult+social+care+for+mental+health&options=Moving+On+team"
    )
    expect(main).to_contain_text("Within the limits nothing is worth more than that services stay as they are.")
    ((_, most, used, gain, words),) = told.rows("What each limit costs")
    assert (most, used) == ("£100,000", "£0")
    assert gain.startswith("£1,0")
    assert "more would let in Moving On team" in words
    assert examined(told.page) == []
    asked(told, "150000")
    best, none = told.rows("Portfolios, those worth most first")
    assert (best[0], none[0]) == (TEAM, "No option")
    assert (best[-2], best[-1][:2], none[-1][:4]) == ("100.0%", "£0", "£1,0")
    assert examined(told.page) == []


def test_without_scripts_the_address_alone_gives_the_answer(window: Callable[..., Window]) -> None:
    told = window("scrutiny_member", scripts=False)
    told.open("/leicester/plan/choice/?options=Moving+On+team&at_once=150000")
    expect(told.page.get_by_role("main")).to_contain_text(f"“{TEAM}”. Its net present value is £")
