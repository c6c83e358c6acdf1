"""Pages of scenarios: numbers tried without saving, a trial saved or made a scenario, a model begun, series as CSV."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import polars as pl
import pytest
from django.http import HttpResponse
from django.test import Client

from parity.plan.flow_records import LETTERS, NONE_LEFT, fresh_codes, next_letter
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario, ScenarioChange
from parity.plan.scenarios.rules import Tried, date_fault, supposed, tried_rows, with_intervals
from parity.register.models import Event, Organisation, Person, Programme
from parity.register.records.actions import Keeping, withdraw_record
from parity.register.sharing.models import Sharing
from parity.tables import Store
from parity.terms.errors import InputRefused
from tests.given import release
from tests.layout.reading import read_page
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme
from tests.stages.analyse.frames import table

AREA, MODEL, NAME = "E06000099", "Care", "Move on"
PAGE = "/here/plan/scenarios/B/"
MODEL_ROW = {
    "model": MODEL, "area": AREA, "starts": "2026-04-01", "months": "12", "rationing": "in proportion to who asks",
    "basis": "net",
}  # fmt: skip
NUMBERS = {
    "N1": ("people at the start", "Home", "", "100", "", ""),
    "N2": ("cost of a person a week", "Home", "", "500", "400", "620"),
    "N3": ("share asking to move a month", "Home", "Flat", "0.02", "0.01", "0.05"),
    "N4": ("cost of a person a week", "Flat", "", "200", "", ""),
}
CHANGE = {
    "code": "B1", "model": MODEL, "scenario": NAME, "lever": "Team", "parameter": "people to move", "setting": "Home",
    "destination": "Flat", "operation": "in all", "value": "20", "starts": "2026-07-01", "ends": "2026-12-01",
}  # fmt: skip
QUERIES = 19
"""Of a trial's page, however many numbers the model has."""


@pytest.fixture
def here(db: None, store: Store) -> Programme:
    """A programme of ours and theirs; ours shares a model with one scenario among the partners."""
    ours, theirs = organisation("ours"), organisation("theirs")
    officer = person("officer")
    made = programme("here", ours, theirs, by=officer)
    join(officer, made, role="director")
    join(person("partner"), made, organisation=theirs)
    join(person("reader"), made, role="board_member")
    row = {"area": AREA, "name": "Anywhere", "kind": "town", "parent": None}
    row |= dict.fromkeys(("source", "place", "note"))
    store.save("here", [(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)), release("areas", "here", "1"))])
    told = {"keeping": Keeping(ours, Sharing.PARTNERS), "by": officer}
    add(CareModel, made, **told, **MODEL_ROW)
    for code, setting in (("S1", "Home"), ("S2", "Flat")):
        add(CareSetting, made, **told, code=code, model=MODEL, setting=setting)
    for code, cells in NUMBERS.items():
        names = ("parameter", "setting", "destination", "value", "lower", "upper")
        said = {name: text for name, text in zip(names, cells, strict=True) if text}
        add(CareNumber, made, **told, code=code, model=MODEL, **said)
    add(Scenario, made, **told, code="B", model=MODEL, scenario=NAME, description="Some move on.")
    add(ScenarioChange, made, **told, **CHANGE)
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


def text_of(answer: HttpResponse) -> str:
    return " ".join(read_page(answer.content.decode()).text.split())


def links_of(answer: HttpResponse) -> list[str]:
    return [link.attributes.get("href", "") for link in read_page(answer.content.decode()).all("a")]


def sent(**numbers: str) -> dict[str, str]:
    """The form as it stands, with other numbers; underscores for the points of names."""
    return {name.replace("__", "."): text for name, text in numbers.items()}


# Explaining


def test_the_page_that_explains_a_scenario_holds_its_trial_and_leads_back(officer: Client) -> None:
    saved, tried = (officer.get(f"{PAGE}why/{query}") for query in ("", "?B1.value=40"))
    assert ("This is a trial." in text_of(saved), "This is a trial." in text_of(tried)) == (False, True)
    assert f"{PAGE}why/?B1.value=40" in links_of(officer.get(f"{PAGE}?B1.value=40"))
    assert f"{PAGE}?B1.value=40" in links_of(tried)
    assert PAGE in links_of(saved)
    words = ["What each lever adds", "Which lever pays for itself", "Which numbers matter most"]
    assert [word in text_of(tried) for word in words] == [True] * 3
    answer = officer.get(f"{PAGE}why/?B1.value=40&table=levers-1-1&format=csv")
    assert [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))] == ["Lever", "Team"]


@pytest.mark.parametrize(
    ("address", "status"), [(f"{PAGE}why/?N1.value=-1", 409), ("/here/plan/scenarios/Z/why/", 404)]
)
def test_what_cannot_be_explained_says_so(officer: Client, address: str, status: int) -> None:
    assert officer.get(address).status_code == status


# Trying


def test_a_trial_is_computed_told_and_not_saved(officer: Client, here: Programme) -> None:
    before = Event.objects.count()
    saved, tried = (text_of(officer.get(PAGE + query)) for query in ("", "?B1.value=40&N4.value=250"))
    assert ("This is a trial." in saved, "This is a trial." in tried) == (False, True)
    assert "Team: People to move, Home to Flat (B1) 20 40" in tried.replace("Saved ", "").replace("Tried ", "")
    assert "£200.00 a week" in tried
    assert Event.objects.count() == before
    assert CareNumber.objects.get(code="N4").value == 200


def test_what_is_sent_stands_in_the_address_where_it_differs(officer: Client) -> None:
    form = {
        **sent(B1__value="40", N1__value="100", N2__value="500.0"),
        "B1.starts_day": "1", "B1.starts_month": "8", "B1.starts_year": "2026",
    }  # fmt: skip
    answer = officer.post(PAGE, form)
    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer["Location"]).query)) == {"B1.value": "40", "B1.starts": "2026-08-01"}
    assert urlsplit(answer["Location"]).path == PAGE


def test_nothing_that_differs_leads_back_and_says_so(officer: Client) -> None:
    answer = officer.post(PAGE, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "No number differs from what is saved." in text_of(answer)


def test_every_number_stands_in_the_form_with_where_it_is_from(officer: Client) -> None:
    page = officer.get(PAGE).content.decode()
    names = [f'name="{code}.{column}"' for code in NUMBERS for column in ("value", "lower", "upper")]
    names += [f'name="B1.{column}"' for column in ("value", "lower", "upper", "ramp_months", "starts_day", "ends_year")]
    assert [page.count(name) for name in (*names, 'name="B.delay_months"')] == [1] * (len(names) + 1)
    assert page.count("Nobody said where it is from") == 5


def test_an_interval_moves_with_its_value_unless_it_was_touched(officer: Client) -> None:
    assert "Moved with the value: £200.00 a week to £310.00 a week" in text_of(officer.get(f"{PAGE}?N2.value=250"))
    assert "Moved with" not in text_of(officer.get(f"{PAGE}?N2.value=250&N2.lower=240"))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"N3.value": "85"}, "a share is at most 1: enter 0.15 for 15 in a hundred."),
        ({"N3.value": "two"}, "Share asking to move a month, Home to Flat: “two” is not a number"),
        ({"N1.value": ""}, "People at the start, Home: Enter a number."),
        ({"N1.value": "-1"}, "N1 (people at the start): it is below 0."),
        ({"N2.lower": ""}, "an interval has two ends. Enter both, or none."),
        ({"B1.starts": "2025-03-31"}, "The model begins in April 2026: enter a day in that month or later."),
        ({"B1.starts": "2027-04-01"}, "The model ends in March 2027, so the change would never hold"),
        ({"B1.starts": "2026-02-30"}, "is not a date"),
        ({"B1.ends": "2026-06-01"}, "it ends before it starts."),
        ({"B1.ramp_months": "1.5"}, "is not a whole number"),
        ({"B.delay_months": "601"}, "is above the greatest allowed value 600."),
        ({"N99.value": "1"}, "The address names numbers that this scenario does not have"),
    ],
)
def test_what_cannot_be_tried_is_answered_at_its_field(officer: Client, asked: dict[str, str], sentence: str) -> None:
    answer = officer.get(f"{PAGE}?{urlencode(asked)}")
    told = text_of(answer)
    assert (answer.status_code, sentence in told, "Nothing was computed with these numbers" in told) == (
        200,
        True,
        True,
    )
    assert "This is a trial." not in told
    assert answer.content.count(b"nhsuk-form-group--error") == (0 if "N99.value" in asked else 1)


@pytest.fixture
def growing(here: Programme, store: Store) -> Programme:
    """The same, with arrivals to the home, and our own estimates of people with dementia."""
    told = {"keeping": Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS)}
    by = Person.objects.get(username="officer")
    add(
        CareNumber, here, **told, by=by, code="N5", model=MODEL, parameter="arrivals a month", setting="Home", value="2"
    )
    row = {"area": AREA, "name": "Anywhere", "kind": "town", "parent": None}
    row |= dict.fromkeys(("source", "place", "note"))
    areas = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    said = {"area": AREA, "condition": "dementia", "estimate_source": "Our profile"}
    years = ({"period": year, "people": people} for year, people in (("2026", 100.0), ("2027", 130.0)))
    own = table("prevalence_estimates", *years, **said)
    frames = {"areas": areas, "prevalence_estimates": own}
    store.save("here", [(frame, release(stem, "here", "2")) for stem, frame in frames.items()])
    return here


def test_what_arrivals_grow_with_is_tried_and_saved(officer: Client, growing: Programme) -> None:
    page = officer.get(PAGE).content.decode()
    assert [page.count(f'name="N{number}.grows_with"') for number in range(1, 6)] == [0, 0, 0, 0, 1]
    query = "?N5.grows_with=dementia"
    answer = officer.post(PAGE, {"N5.grows_with": "dementia"})
    assert answer["Location"] == PAGE + query
    saved, tried = (text_of(officer.get(address)) for address in (PAGE, PAGE + query))
    assert ("Arrivals that grow with need" in saved, "Arrivals that grow with need" in tried) == (False, True)
    assert "Arrivals a month, Home, what they grow with (N5) Saved none Tried dementia" in tried
    assert "Home dementia 2026 to 2027 100 130 not said –" in tried
    version = {"seen": "1", "reason": "More people grow old."}
    assert officer.post(f"{PAGE}save/{query}", version).status_code == 302
    assert CareNumber.objects.get(code="N5").grows_with == "dementia"


def test_what_nobody_projects_is_answered_at_its_field(officer: Client, growing: Programme) -> None:
    answer = officer.get(f"{PAGE}?N5.grows_with=dementa")
    assert answer.content.count(b"nhsuk-form-group--error") == 1
    assert "N5 (arrivals a month): nobody tells how many people with “dementa” are to be expected" in text_of(answer)
    assert "This is a trial." not in text_of(answer)


def test_a_trial_stays_in_every_file_of_the_page(officer: Client) -> None:
    links = [link for link in links_of(officer.get(f"{PAGE}?B1.value=40")) if "format=" in link]
    assert links
    assert [link for link in links if "B1.value=40" not in link] == []
    saved, tried = (
        officer.get(f"{PAGE}{query}&table=scenario_people-1-1&format=csv") for query in ("?x=", "?B1.value=40")
    )
    assert (saved.status_code, tried.status_code, saved.content != tried.content) == (200, 200, True)


def test_a_page_takes_as_many_queries_for_a_hundred_numbers_as_for_four(
    officer: Client, here: Programme, django_assert_num_queries: Any
) -> None:
    keeping = Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS)
    for number in range(20):
        cells = {"setting": f"Ward {number}", "model": MODEL}
        by = Person.objects.get(username="officer")
        add(CareSetting, here, keeping=keeping, by=by, code=f"W{number}", **cells)
        add(
            CareNumber,
            here,
            keeping=keeping,
            by=by,
            code=f"V{number}",
            parameter="people at the start",
            value="1",
            **cells,
        )
    officer.get(f"{PAGE}?B1.value=39")
    with django_assert_num_queries(QUERIES):
        officer.get(f"{PAGE}?B1.value=40&N3.value=0.03")


# Who may


def test_a_record_that_is_not_shared_is_no_part_of_a_trial(signed_in: Callable[[str], Client]) -> None:
    CareNumber.objects.filter(code="N4").update(sharing=Sharing.PRIVATE)
    Programme.objects.update(records_version="00000000-0000-0000-0000-000000000001")
    told = text_of(signed_in("partner").get(f"{PAGE}?N4.value=250"))
    assert "or that are not shared with you: N4.value." in told


def test_a_scenario_that_is_not_shared_is_not_there(signed_in: Callable[[str], Client]) -> None:
    Scenario.objects.update(sharing=Sharing.PRIVATE)
    Programme.objects.update(records_version="00000000-0000-0000-0000-000000000002")
    addresses = [PAGE, f"{PAGE}save/", f"{PAGE}copy/", f"{PAGE}series.csv"]
    assert [signed_in("partner").get(one).status_code for one in addresses] == [404] * 4
    assert signed_in("officer").get(PAGE).status_code == 200


@pytest.mark.parametrize("name", ["partner", "reader"])
def test_who_may_not_change_the_records_may_try_and_is_told(signed_in: Callable[[str], Client], name: str) -> None:
    client = signed_in(name)
    told = text_of(client.get(f"{PAGE}?B1.value=40"))
    assert "your role does not let you save them: B1 (kept by Ours council)." in told
    assert "Save these numbers" not in told
    answer = client.post(f"{PAGE}save/?B1.value=40", {"reason": "Because", "seen": "1"})
    assert (answer.status_code, ScenarioChange.objects.get().value) == (403, 20)


def test_a_reader_adds_nothing(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("reader")
    addresses = [f"{PAGE}copy/", "/here/plan/models/begin/"]
    assert [client.post(one, {"scenario": "New"}).status_code for one in addresses] == [403, 403]
    assert "Your role does not let you add records here." in text_of(client.get("/here/plan/models/"))
    assert "Add a model" not in text_of(client.get("/here/plan/scenarios/"))


def test_forms_need_their_token(here: Programme) -> None:
    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    strict.force_login(Person.objects.get(username="officer"))
    addresses = [PAGE, f"{PAGE}save/?B1.value=40", f"{PAGE}copy/", "/here/plan/models/begin/"]
    assert [strict.post(one).status_code for one in addresses] == [403] * 4


# Saving


def test_a_trial_is_saved_whole_with_its_reason(officer: Client) -> None:
    query = "?B1.value=40&B1.starts=2026-08-01&N2.value=250&B.delay_months=1"
    page = officer.get(f"{PAGE}save/{query}")
    assert "95% interval (N2) Saved £400.00 a week to £620.00 a week" in text_of(page)
    answer = officer.post(f"{PAGE}save/{query}", {"reason": "The team is larger.", "seen": "1 1 1"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "The numbers of the trial are saved." in text_of(answer)
    change, number = ScenarioChange.objects.get(), CareNumber.objects.get(code="N2")
    assert (change.value, change.starts, Scenario.objects.get().delay_months) == (40, date(2026, 8, 1), 1)
    assert (number.value, number.lower, number.upper) == pytest.approx((250, 200, 310))
    told = Event.objects.filter(verb="changed").values_list("kind", "code", "reason")
    assert set(told) == {
        (kind, code, "The team is larger.")
        for kind, code in (("scenario_changes", "B1"), ("flow_parameters", "N2"), ("scenarios", "B"))
    }


@pytest.mark.parametrize("sent_form", [{"reason": "", "seen": "1"}, {"reason": "Why not", "seen": "7"}])
def test_a_trial_without_a_reason_or_on_what_has_changed_since_is_not_saved(
    officer: Client, sent_form: dict[str, str]
) -> None:
    officer.post(f"{PAGE}save/?B1.value=40", sent_form)
    assert ScenarioChange.objects.get().value == 20


def test_all_of_a_trial_is_saved_or_nothing(officer: Client, here: Programme) -> None:
    theirs = Organisation.objects.get(code="theirs")
    CareNumber.objects.filter(code="N2").update(organisation=theirs)
    answer = officer.post(f"{PAGE}save/?B1.value=40&N2.value=250", {"reason": "Why not", "seen": "1 1"})
    assert (answer.status_code, ScenarioChange.objects.get().value) == (403, 20)


def test_of_two_records_of_one_code_that_is_saved_which_was_tried(
    signed_in: Callable[[str], Client], here: Programme
) -> None:
    theirs, partner = Organisation.objects.get(code="theirs"), Person.objects.get(username="partner")
    cells = {"model": MODEL, "parameter": "cost of the setting a year", "setting": "Flat", "value": "9"}
    add(CareNumber, here, keeping=Keeping(theirs), by=partner, code="N4", **cells)
    query = urlencode({"N4\u00a0(theirs).value": "12"})
    answer = signed_in("partner").post(f"{PAGE}save/?{query}", {"reason": "Dearer", "seen": "1"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert list(CareNumber.objects.filter(code="N4").order_by("position").values_list("value", flat=True)) == [200, 12]


def test_without_a_trial_there_is_nothing_to_save(officer: Client) -> None:
    answer = officer.get(f"{PAGE}save/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_a_refused_trial_is_not_saved(officer: Client) -> None:
    assert officer.post(f"{PAGE}save/?N3.value=85", {"reason": "Why", "seen": "1"}).status_code == 409


def test_a_withdrawn_scenario_is_not_there_to_be_changed(officer: Client, here: Programme) -> None:
    withdraw_record(Scenario.objects.get(), by=Person.objects.get(username="officer"), on=TODAY, reason="Dropped")
    assert officer.post(f"{PAGE}save/?B1.value=40", {"reason": "Why", "seen": "1"}).status_code == 404
    assert ScenarioChange.objects.get().value == 20


# A scenario of its own


def test_a_trial_becomes_a_scenario_with_its_changes_alone(officer: Client) -> None:
    query = "?B1.value=40&N2.value=250"
    assert "what you tried for N2 is no part of it" in text_of(officer.get(f"{PAGE}copy/{query}"))
    organisation_id = str(Organisation.objects.get(code="ours").pk)
    kept = {"kept_organisation": organisation_id, "kept_sharing": "private", "kept_lot": "", "kept_reason": ""}
    answer = officer.post(f"{PAGE}copy/{query}", {"scenario": "Larger team", **kept}, follow=True)
    assert answer.redirect_chain == [("/here/plan/scenarios/A/", 302)]
    made, change = Scenario.objects.get(code="A"), ScenarioChange.objects.get(code="A01")
    assert (made.scenario, made.model, made.description) == ("Larger team", MODEL, "Some move on.")
    assert (change.scenario, change.value, change.lever, change.starts) == ("Larger team", 40, "Team", date(2026, 7, 1))
    assert CareNumber.objects.get(code="N2").value == 500


def test_a_copy_needs_a_name_of_its_own(officer: Client) -> None:
    assert "Enter a name." in text_of(officer.post(f"{PAGE}copy/"))
    told = text_of(officer.post(f"{PAGE}copy/", {"scenario": NAME}))
    assert f"There is a scenario {NAME} already. Enter another name." in told
    told = text_of(officer.post(f"{PAGE}copy/", {"scenario": "As it is"}))
    assert "There is a scenario As it is already. Enter another name." in told
    assert Scenario.objects.count() == 1


# A model without code


def test_a_model_begins_with_services_as_they_are(officer: Client, store: Store) -> None:
    services = pl.DataFrame(
        [
            {"scenario": state, "service": name, "clients": clients, "unit_cost_gbp_per_week": unit, "cost_gbp": cost}
            for state, name, clients, unit, cost in (
                ("as_is", "House", 10, 100.0, 52000.0),
                ("as_is", "Club", None, None, 900.0),
                ("to_be", "Other", 1, 1.0, 1.0),
            )
        ]
    ).with_columns(
        area=pl.lit(AREA), period=pl.lit("2026"), service_group=pl.lit("community"), basis=pl.lit("net"),
        source=pl.lit("doc"), place=pl.lit("s1"), price_year=pl.lit(None, pl.String), note=pl.lit(None, pl.String),
    )  # fmt: skip
    kept = [(store.frame(one), one) for one in store.releases("here").values()]
    store.save("here", [*kept, (services, release("service_costs", "here", "2"))])
    page = text_of(officer.get("/here/plan/models/begin/"))
    assert ("House" in page, "Other" in page) == (True, False)
    form = {
        "model": "New care", "area": AREA,
        "starts_day": "1", "starts_month": "4", "starts_year": "2027", "months": "36",
        "rationing": "longest wait first", "kept_sharing": "private", "kept_lot": "", "kept_reason": "",
        "kept_organisation": str(Organisation.objects.get(code="ours").pk),
    }  # fmt: skip
    answer = officer.post("/here/plan/models/begin/", form | {"months": "0"})
    assert "How many months it is run: 0 is below the least allowed value 1." in text_of(answer)
    assert officer.post("/here/plan/models/begin/", form).status_code == 302
    made = CareModel.objects.get(model="New care")
    assert (made.months, made.starts, made.rationing) == (36, date(2027, 4, 1), "longest wait first")
    settings = CareSetting.objects.filter(model="New care").order_by("position")
    assert list(settings.values_list("code", "setting")) == [("S01", "House"), ("S02", "Club")]
    numbers = CareNumber.objects.filter(model="New care").order_by("position")
    assert list(numbers.values_list("code", "parameter", "setting", "value", "source")) == [
        ("N01", "people at the start", "House", None, "doc"),
        ("N02", "cost of a person a week", "House", None, "doc"),
        ("N03", "cost of the setting a year", "Club", None, "doc"),
    ]


def test_without_services_nothing_begins(officer: Client) -> None:
    told = text_of(officer.get("/here/plan/models/begin/"))
    assert "The programme has no table “service_costs” with services as they are" in told


def test_the_guide_leads_to_the_registers_forms_filled_in(officer: Client) -> None:
    link = next(one for one in links_of(officer.get("/here/plan/models/")) if "flow_parameters/new/" in one)
    assert link == "/here/registers/flow_parameters/new/?model=Care"
    assert 'name="model" type="text" value="Care"' in officer.get(link).content.decode()


def test_no_address_says_how_a_record_is_kept(officer: Client) -> None:
    page = officer.get("/here/registers/risks/new/?kept_reason=planted&title=Told").content.decode()
    assert ("planted" in page, 'value="Told"' in page) == (False, True)


# Taking out


def test_every_monthly_series_is_taken_out(officer: Client, here: Programme) -> None:
    harmful = Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS)
    cells = {"code": "S3", "model": MODEL, "setting": "=1+1"}
    add(CareSetting, here, keeping=harmful, by=Person.objects.get(username="officer"), **cells)
    saved, tried = (officer.get(f"{PAGE}series.csv{query}") for query in ("", "?B1.value=40"))
    rows = list(csv.DictReader(io.StringIO(saved.content.decode("utf-8-sig"))))
    assert saved["Content-Disposition"] == 'attachment; filename="series.csv"'
    assert {row["scenario"] for row in rows} == {"As it is", NAME}
    assert {row["item"] for row in rows if row["measure"] == "people"} == {"Home", "Flat", "'=1+1"}
    assert len([row for row in rows if row["measure"] == "people"]) == 2 * 3 * 12
    assert [row["measure"] for row in rows if row["value"] in ("", "NaN")] == []
    assert saved.content != tried.content


# The rules alone


def number(**more: Any) -> Tried:
    row = {"parameter": "places", "setting": "Home", "destination": None, "value": 4.0, "lower": None, "upper": None}
    return Tried("flow_parameters", "N1", {**row, **more}, "N1")


def test_rows_of_one_code_in_two_tables_are_told_apart() -> None:
    scenario = {"code": "1", "model": MODEL, "scenario": NAME}
    frames = {
        "scenarios": pl.DataFrame([{**scenario, "delay_months": None}]),
        "flow_parameters": pl.DataFrame([{"code": "1", "model": MODEL, "parameter": "places", "value": 1.0}]),
    }
    assert [row.key for row in tried_rows(frames, scenario)] == ["scenarios\u00a01", "flow_parameters\u00a01"]


def test_words_tell_values_in_their_units() -> None:
    assert [number().words("value", value) for value in (4.0, None)] == ["4.0 places", "none"]
    assert number().words("ramp_months", 1) == "1 month"
    assert number(operation="multiplied by").words("value", 0.5) == "0.5"
    assert number().words("starts", date(2026, 4, 1)) == "April 2026"


def test_what_is_supposed_is_no_longer_cited() -> None:
    frame = pl.DataFrame(
        [{"code": code, "value": 1.0, "value_printed": "1", "source": "s", "place": "p"} for code in "ab"]
    )
    found = supposed(frame, {"b": {"value": 2.0}})
    assert found.rows() == [("a", 1.0, "1", "s", "p"), ("b", 2.0, None, None, None)]


def test_an_interval_without_a_changed_value_stays() -> None:
    drawn = number(lower=2.0, upper=8.0)
    assert with_intervals(drawn, {"lower": 3.0}) == {"lower": 3.0}
    assert with_intervals(drawn, {"value": 8.0}) == {"value": 8.0, "lower": 4.0, "upper": 16.0}
    assert with_intervals(number(), {"value": 8.0}) == {"value": 8.0}


def test_dates_lie_in_the_model() -> None:
    told = {"starts": date(2026, 4, 15), "months": 12}
    assert [date_fault("starts", day, **told) for day in (None, date(2026, 4, 1), date(2027, 3, 31))] == ["", "", ""]
    assert date_fault("ends", date(2030, 1, 1), **told) == ""


def test_codes_that_are_taken_are_passed_over() -> None:
    assert fresh_codes({"N01", "N03"}, "N", count=3) == ["N02", "N04", "N05"]


def test_the_next_letter_is_the_first_that_is_free() -> None:
    pairs = [first + second for first in LETTERS for second in LETTERS]
    assert [next_letter(taken) for taken in ({}, {"A", "C"}, LETTERS, {*LETTERS, "AA"})] == ["A", "B", "AA", "AB"]
    with pytest.raises(InputRefused) as refused:
        next_letter({*LETTERS, *pairs})
    assert [(fault.sentence, fault.column) for fault in refused.value.faults] == [(NONE_LEFT, "code")]
    assert "a code of your own" in NONE_LEFT
