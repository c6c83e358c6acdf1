"""The page of a fit, and the form that saves what counts say of the numbers of a model: whole, once, by whom may."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.http import HttpResponse
from django.test import Client

from parity.plan.calibration.models import CareCount
from parity.plan.scenarios.models import CareModel, CareNumber, ScenarioChange
from parity.register.models import Event, Organisation, Person, Programme
from parity.register.records.actions import Keeping, change_record
from parity.register.sharing.models import Sharing
from parity.tables import Store
from tests.given import release
from tests.layout.reading import read_page
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme
from tests.stages.plan.calibrated import FLAT, HOME, MODEL, MONTHS, TRUE, add_rows, counted, keep

AREA = "E06000099"
PAGE = "/here/plan/calibration/"
REASON = "Two years of counts."
CHANGE_ROW = {
    "code": "B1", "model": MODEL, "scenario": "Move on", "lever": "Team", "parameter": "share asking to move a month",
    "setting": HOME, "destination": FLAT, "operation": "multiplied by", "value": "1.2", "lower": "0.8", "upper": "2.4",
    "starts": "2026-04-01",
}  # fmt: skip
QUERIES = 14
"""Of the page, however many counts there are."""


@pytest.fixture
def here(db: None, store: Store) -> Programme:
    """A programme of ours and theirs; ours shares a model and two years of counts among the partners."""
    ours, theirs = organisation("ours"), organisation("theirs")
    officer = person("officer")
    made = programme("here", ours, theirs, by=officer)
    join(officer, made, role="director")
    join(person("partner"), made, organisation=theirs)
    join(person("reader"), made, role="board_member")
    row = {"area": AREA, "name": "Anywhere", "kind": "town", "parent": None}
    row |= dict.fromkeys(("source", "place", "note"))
    store.save("here", [(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)), release("areas", "here", "5"))])
    keep(made, Keeping(ours, Sharing.PARTNERS), by=officer, area=AREA)
    return made


@pytest.fixture
def signed_in(here: Programme) -> Callable[[str], Client]:
    def browser(name: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(Person.objects.get(username=name))
        return client

    return browser


@pytest.fixture
def officer(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("officer")


def kept() -> Keeping:
    return Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS)


def text_of(answer: HttpResponse) -> str:
    return " ".join(read_page(answer.content.decode()).text.split())


def form_of(here: Programme) -> str:
    return f"{PAGE}{CareModel.objects.get(programme=here).pk}/save/"


def seen_in(answer: HttpResponse) -> str:
    (field,) = [one for one in read_page(answer.content.decode()).all("input") if one.attributes.get("name") == "seen"]
    return field.attributes["value"]


def values() -> dict[str, float | None]:
    return dict(CareNumber.objects.values_list("code", "value"))


# Looking


def test_the_page_says_how_well_the_model_fits_and_leads_to_its_form(officer: Client, here: Programme) -> None:
    before = Event.objects.count()
    answer = officer.get(PAGE)
    told = text_of(answer)
    assert "Over these months the model may be relied on for what was counted." in told
    assert "Forecasts use the numbers as stated, unless somebody saves those fitted in their place." in told
    assert answer.content.decode().count(f'href="{form_of(here)}"') == 1
    assert Event.objects.count() == before


def test_a_page_takes_as_many_queries_for_many_counts(
    officer: Client, here: Programme, django_assert_num_queries: Any
) -> None:
    officer.get(PAGE)
    with django_assert_num_queries(QUERIES):
        officer.get(PAGE)
    left = {"setting": FLAT, "destination": "", "counted": "people who left services"}
    rows = [row | left | {"code": f"D{row['code']}"} for row in counted(2, **TRUE)[:MONTHS]]
    add_rows(here, CareCount, rows, keeping=kept(), by=Person.objects.get(username="officer"))
    officer.get(PAGE)
    with django_assert_num_queries(QUERIES):
        officer.get(PAGE)


def test_without_counts_the_page_says_what_to_bring(officer: Client, here: Programme) -> None:
    CareCount.objects.all().delete()
    Programme.objects.update(records_version="00000000-0000-0000-0000-000000000002")
    told = text_of(officer.get(PAGE))
    assert "Bring a table “flow_counts”" in told
    assert "Save the fitted numbers" not in told


def test_counts_that_are_not_shared_move_nothing(signed_in: Callable[[str], Client], here: Programme) -> None:
    CareCount.objects.update(sharing=Sharing.PRIVATE)
    Programme.objects.update(records_version="00000000-0000-0000-0000-000000000003")
    assert "Bring a table “flow_counts”" in text_of(signed_in("partner").get(PAGE))
    assert signed_in("partner").get(form_of(here)).status_code == 403


# Saving


def test_fitted_numbers_are_saved_whole_with_a_reason_and_once(officer: Client, here: Programme) -> None:
    page = officer.get(form_of(here))
    assert "N4: share asking to move a month, Home to Flat As stated 3.0% (1.0% to 8.0%) As fitted 4.9%" in text_of(
        page
    )
    answer = officer.post(form_of(here), {"reason": REASON, "seen": seen_in(page)}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    number = CareNumber.objects.get(code="N4")
    assert (number.value, number.lower, number.upper, number.source) == (0.04911, 0.0452, 0.05334, "000")
    assert number.place == "s12; fitted to counts up to 2028-03"
    assert number.note == "Before its fit to counts up to March 2028: 3.0% (1.0% to 8.0%)."
    told = Event.objects.filter(verb="changed").values_list("kind", "code", "reason")
    assert set(told) == {("flow_parameters", code, REASON) for code in TRUE}
    assert values()["N6"] == 500
    said = text_of(answer)
    assert "The fitted numbers are saved." in said
    assert "were fitted to counts up to March 2028, and saved." in said
    assert officer.get(form_of(here)).status_code == 403


def test_without_a_reason_nothing_is_saved(officer: Client, here: Programme) -> None:
    seen = seen_in(officer.get(form_of(here)))
    assert officer.post(form_of(here), {"reason": "", "seen": seen}).status_code == 200
    assert values()["N4"] == 0.03


@pytest.mark.parametrize("what", ["a number", "a count"])
def test_what_changed_since_it_was_looked_at_is_looked_at_again(officer: Client, here: Programme, what: str) -> None:
    seen = seen_in(officer.get(form_of(here)))
    record, cells = {
        "a number": (CareNumber.objects.get(code="N4"), {"note": "Look again."}),
        "a count": (CareCount.objects.get(code="C3"), {"people": "20"}),
    }[what]
    change_record(record, cells, by=Person.objects.get(username="officer"), on=TODAY)
    answer = officer.post(form_of(here), {"reason": REASON, "seen": seen})
    assert (answer.status_code, values()["N4"]) == (409, 0.03)


def test_all_or_nothing_is_saved_and_only_by_whom_may(
    officer: Client, signed_in: Callable[[str], Client], here: Programme
) -> None:
    for name in ("partner", "reader"):
        client = signed_in(name)
        assert "Your role does not let you change these numbers: N3 (kept by Ours council)" in text_of(client.get(PAGE))
        assert client.post(form_of(here), {"reason": REASON, "seen": ""}).status_code == 403
    CareNumber.objects.filter(code="N3").update(organisation=Organisation.objects.get(code="theirs"))
    answer = officer.post(form_of(here), {"reason": REASON, "seen": ""})
    assert (answer.status_code, values()["N4"]) == (403, 0.03)


def test_a_change_that_was_fitted_is_saved_too(officer: Client, here: Programme) -> None:
    keeping, by = (
        Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS),
        Person.objects.get(username="officer"),
    )
    add(ScenarioChange, here, keeping=keeping, by=by, **CHANGE_ROW)
    CareNumber.objects.filter(code__in=("N3", "N4", "N5")).update(lower=None, upper=None)
    CareCount.objects.update(scenario="Move on")
    Programme.objects.update(records_version="00000000-0000-0000-0000-000000000004")
    seen = seen_in(officer.get(form_of(here)))
    assert officer.post(form_of(here), {"reason": REASON, "seen": seen}).status_code == 302
    change = ScenarioChange.objects.get()
    assert (change.place, change.value == 1.2) == ("fitted to counts up to 2028-03", False)
    assert values()["N4"] == 0.03


def test_another_programmes_model_is_not_there(officer: Client) -> None:
    assert officer.get(f"{PAGE}{uuid4()}/save/").status_code == 404


def test_the_form_needs_its_token(here: Programme) -> None:
    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    strict.force_login(Person.objects.get(username="officer"))
    assert strict.post(form_of(here)).status_code == 403
