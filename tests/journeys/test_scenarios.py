"""Stories of scenarios, told by keyboard: a finance lead tries numbers, a sceptic doubts one, an editor saves them."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from parity.plan.scenarios.documents import WORTH
from parity.plan.scenarios.models import CareNumber, ScenarioChange
from parity.register.models import Person, Programme
from parity.web.verbs import load
from tests.architecture.source import HOUSE
from tests.journeys.conftest import DESKTOP, HEIGHT
from tests.journeys.keyboard import Keys
from tests.journeys.test_accessible_pages import examined
from tests.members import join
from tests.web.signing_in import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCENARIOS = "/leicester/plan/scenarios/"
SHARE = "Share of those whose stay ends, Settling in to Assisted Accommodation"
WEEKS = "Weeks of double running, Long Term Residential Care to Settling in"
TRY, BACK = "Show what becomes of it", "Back to what is saved"
NUMBERS = 24
"""As many as Leicester's model has."""
ENDS = ["March 2012", "March 2013", "March 2014", "March 2015", "March 2016"]


@dataclass(frozen=True)
class Window:
    """A browser's page, the keys it is used by, and where the workspace is."""

    page: Page
    address: str

    @property
    def keys(self) -> Keys:
        """The keys."""
        return Keys(self.page)

    def open(self, path: str) -> None:
        """Opens the page at the path."""
        self.page.goto(self.address + path)

    def rows(self, caption: str) -> list[list[str]]:
        """The rows of a table, headings left out."""
        rows = self.page.get_by_role("table", name=caption).get_by_role("row").all()
        return [[" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()] for row in rows[1:]]

    def results(self) -> dict[str, list[str]]:
        """What comes of a trial, as saved and as tried; what a year costs by the month at its end."""
        return {name.partition("months to ")[2] or name: pair for name, *pair in self.rows("What comes of it")}


@pytest.fixture
def window(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[[str], Window]]:
    """Opens a window for somebody of this role in Leicester's programme, signed in; with scripts, or without."""
    settings.ADDRESS = live_server.url
    load(Namespace(folder=str(HOUSE / "examples" / "leicester")))
    contexts = []

    def opened(role: str, *, scripts: bool = True) -> Window:
        person = Person.objects.create_user(role, f"{role}@example.org", PASSWORD, is_public=True)
        join(person, Programme.objects.get(), role=role)
        context = browser.new_context(viewport={"width": DESKTOP, "height": HEIGHT}, java_script_enabled=scripts)
        contexts.append(context)
        found = Window(context.new_page(), live_server.url)
        found.open("/sign-in/")
        found.keys.type("User name or e-mail address", role)
        found.keys.type("Password", PASSWORD)
        found.keys.follow("Sign in")
        return found

    yield opened
    for context in contexts:
        context.close()


def test_a_finance_lead_starts_the_team_later_with_fewer_moves_that_last(window: Callable[..., Window]) -> None:
    told = window("finance_lead")
    told.open(SCENARIOS)
    assert examined(told.page) == []
    told.keys.follow("Moving On team")
    expect(told.page.get_by_role("heading", level=1)).to_have_text("Moving On team")
    assert examined(told.page) == []
    told.keys.date(1, 10, 2011)
    told.keys.type(SHARE, "0.6")
    told.keys.follow(TRY)
    assert told.page.url.partition("?")[2] == "B01.starts=2011-10-01&N20.value=0.6"
    expect(told.page.get_by_text("This is a trial.")).to_be_visible()
    assert [row[0] for row in told.rows("What differs from what is saved")] == [
        "Moving On team: People to move, Long Term Residential Care to Settling in, first month (B01)",
        f"{SHARE} (N20)",
        f"{SHARE}, 95% interval (N20)",
    ]
    results = told.results()
    assert list(results) == [*WORTH.values(), *ENDS]
    assert [month for month in ENDS if pounds(results[month][1]) <= pounds(results[month][0])] == []
    saved, tried = (float(text.split()[0]) for text in results["Paid back after"])
    assert saved == 2.5
    assert tried > saved + 0.5
    assert examined(told.page) == []
    assert CareNumber.objects.get(code="N20").value == 0.85


def test_an_editor_brings_a_model_from_another_program_and_sees_it_run(
    window: Callable[..., Window], tmp_path: Path
) -> None:
    told = window("director")
    told.open(SCENARIOS)
    told.keys.follow("Build a model")
    told.keys.follow("Bring a model from another program")
    assert examined(told.page) == []
    declared, sound = tmp_path / "declared.xmile", tmp_path / "step-down.xmile"
    page = (HOUSE / "docs" / "interchange.md").read_text("utf-8")
    sound.write_text(page.partition("```xml\n")[2].partition("```")[0], encoding="utf-8")
    declared.write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", encoding="utf-8")
    bring(told, declared)
    sentence = "The model declares a document type, which no model needs: save it anew."
    assert told.rows("Why the file cannot be taken in") == [["declared.xmile", sentence]]
    assert examined(told.page) == []
    bring(told, sound)
    expect(told.page.get_by_role("heading", level=1)).to_have_text("Check what was read: Step down")
    assert examined(told.page) == []
    source = "Step down (step-down.xmile)"
    assert told.rows("Numbers that were read")[-2:] == [
        ["Places", "Hostel", "12.0 places", source, "Hostel"],
        ["Share asking to move a month", "Ward to Hostel", "20.0%", source, "stepping down"],
    ]
    expect(told.page.get_by_text("Bed days: it is left out, as no flow of people depends on it.")).to_be_visible()
    told.keys.select("Area", "Leicester")
    told.keys.date(1, 4, 2026)
    told.keys.type("Why", "To compare it with ours.")
    told.keys.follow("Add the model")
    expect(told.page.get_by_role("status")).to_contain_text("“Step down” was added, with 2 settings and 8 numbers.")
    assert examined(told.page) == []
    assert told.rows("People in each setting at the end of March 2027") == [["Hostel", "12"], ["Ward", "84"]]
    assert CareNumber.objects.filter(source="step-down.xmile").count() == 8


def bring(told: Window, path: Path) -> None:
    """Chooses the file, for which every system has a window of its own, and sends the form by keyboard."""
    told.page.locator("input[type=file]").set_input_files(path)
    told.keys.choose("Our organisation only")
    told.keys.follow("Read the file")


def test_a_finance_lead_sees_the_forecast_drawn_and_asks_why(window: Callable[..., Window]) -> None:
    told = window("finance_lead")
    told.open(f"{SCENARIOS}A/?A01.value=60")
    assert pictures(told) == PICTURES
    told.open(f"{SCENARIOS}A/?A01.value=60")
    told.keys.follow("Why it comes out so, and how sure that is")
    assert told.page.url.partition(SCENARIOS)[2] == "A/why/?A01.value=60"
    steps, people = pictures(told)
    assert examined(told.page) == []
    assert (steps.partition(",")[0], people.partition(" at ")[0]) == (
        "What each lever adds to the saving",
        "What each lever does to people in Day Care",
    )
    (balance,) = [row[3] for row in told.rows("Each lever alone, To be, as printed") if row[0] == "Moving on"]
    told.keys.follow("Back to the scenario, as tried")
    assert told.page.url.partition(SCENARIOS)[2] == "A/?A01.value=60"
    told.open(f"{SCENARIOS}A/why/")
    (saved,) = [row[3] for row in told.rows("Each lever alone, To be, as printed") if row[0] == "Moving on"]
    assert pounds(balance) < pounds(saved)


PICTURES = [
    "Net cost of each month, To be, as printed",
    "Saved from the start to each month’s end, To be, as printed",
    "People in the settings that change most, To be, as printed",
    "Where people are and how they move, To be, as printed",
]


def pictures(told: Window) -> list[str]:
    """The titles of the charts of the page, each with a table behind it that is not empty."""
    found = told.page.locator("figure.app-chart").all()
    for figure in found:
        figure.get_by_text("View data as table").click()
        expect(figure.get_by_role("table")).to_be_visible()
        assert figure.get_by_role("row").count() > 1
    return [figure.locator("figcaption").inner_text() for figure in found]


def pounds(text: str) -> int:
    """The number that stands before its range and the marks of its notes."""
    return int(text.split()[0].partition("[")[0].replace("£", "").replace(",", ""))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_sceptic_finds_every_number_doubts_one_and_goes_back(window: Callable[..., Window], *, scripts: bool) -> None:
    told = window("scrutiny_member", scripts=scripts)
    told.open(f"{SCENARIOS}B/")
    for folded in told.page.locator("form details summary").all():
        folded.focus()
        told.page.keyboard.press("Enter")
    told.page.locator("h1").click()
    found = told.rows("Numbers of the model that are not certain") + told.rows(
        "Numbers of the model without an interval"
    )
    assert len(found) == NUMBERS
    assert [name for name, *_, source in found if source in ("", "Where it is from") or "Nobody said" in source] == []
    told.keys.type(WEEKS, "12")
    told.keys.follow(TRY)
    assert told.page.url.partition("?")[2] == "N22.value=12"
    assert told.rows("What differs from what is saved")[0][1:] == ["4", "12"]
    expect(told.page.get_by_text("your role does not let you save them")).to_be_visible()
    told.keys.follow(BACK)
    assert told.page.url == f"{told.address}{SCENARIOS}B/"
    expect(told.page.get_by_label(WEEKS, exact=True)).to_have_value("4")
    expect(told.page.get_by_text("This is a trial.")).to_have_count(0)


def test_an_editor_saves_a_trial_with_a_reason_and_finds_it_in_the_story(window: Callable[..., Window]) -> None:
    told = window("planning_officer")
    told.open(f"{SCENARIOS}B/?B02.value=5")
    told.keys.follow("Save these numbers")
    assert examined(told.page) == []
    told.keys.follow("Save")
    assert examined(told.page) == []
    expect(told.page.locator(".nhsuk-error-summary")).to_contain_text("Say why.")
    told.keys.type("Why", "The fifth worker begins in April.")
    told.keys.follow("Save")
    expect(told.page.get_by_role("status")).to_contain_text("The numbers of the trial are saved.")
    change = ScenarioChange.objects.get(code="B02")
    assert change.value == 5
    told.open(f"/leicester/registers/scenario_changes/{change.pk}/")
    expect(told.page.get_by_role("main")).to_contain_text("The fifth worker begins in April.")
