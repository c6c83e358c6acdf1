"""The page of sizes: what is asked stands in its address, faults are told in words, every size can be taken."""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from parity.plan.scenarios.models import CareModel, CareSetting, ScenarioChange
from parity.plan.sizes.rules import BECAUSE
from parity.register.models import Person, Programme
from parity.register.records.actions import Keeping, withdraw_record
from parity.register.sharing.models import Sharing
from tests.register.worlds import TODAY, add
from tests.stages.plan.test_choice_pages import GONE, MODEL, OPTIONS, here, officer, signed_in, text_of

__all__ = ["here", "officer", "signed_in"]

QUERIES = 13
PAGE = "/here/plan/sizes/"
TWO = "?model=Care&options=Option+1%7COption+2&share=yes"


def asked(answer: HttpResponse) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def test_the_form_becomes_an_address_that_holds_the_question(officer: Client) -> None:
    sent = {
        "model": MODEL, "option": ["Option 2", "Option 1"], "need": ["Option 1"], "step": "0.25", "times": "3",
        "at_once": "30000", "staff": "0.5", "share": "yes", "draws": "1000",
    }  # fmt: skip
    answer = officer.get(PAGE, sent)
    assert asked(answer) == {
        "model": MODEL, "options": "Option 1|Option 2", "must": "Option 1", "step": "0.25", "times": "3",
        "at_once": "30000", "staff": "0.5", "share": "yes",
    }  # fmt: skip
    shown = text_of(officer.get(answer["Location"]))
    assert "Best sizes within the limits" in shown
    assert "24 sizes of options, each on 1,000 draws" in shown
    assert "Staff beyond those of today, at any time: at most 0.50 WTE." in shown
    assert BECAUSE in shown


def test_unasked_it_is_answered_from_the_derived_table(officer: Client) -> None:
    shown = text_of(officer.get(PAGE))
    assert "28 sizes of options, each on 1,000 draws" in shown
    assert "“Option 1” or “Option 2”, not both Both plan to move people out of Home." in shown
    assert BECAUSE not in shown
    assert "Which options to choose runs every combination of them as stated" in shown
    assert "How much of each option to buy, more or less than is stated, is told apart" in text_of(
        officer.get("/here/plan/choice/" + TWO)
    )


def test_every_size_and_table_can_be_taken(officer: Client) -> None:
    answer = officer.get(f"{PAGE}sizes.csv{TWO}")
    assert answer["Content-Disposition"] == 'attachment; filename="sizes.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["option"], row["size"]) for row in rows] == [
        (name, size) for name in OPTIONS[:2] for size in ("0.5", "1.0", "1.5", "2.0")
    ]
    assert rows[0]["amounts"] == "1 people to move, £5,000 paid once"
    assert {"net_present_value_gbp", "at_once", "in_year", "staff", "waiting", "is_chosen"} < set(rows[0])
    table = officer.get(f"{PAGE}{TWO}&table=sizes-1&format=csv")
    assert table.content.decode("utf-8-sig").startswith("Option,")
    drawing = officer.get(f"{PAGE}{TWO}&table=size-worth-1&format=svg")
    assert drawing["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?options=Nowhere", "There is no such option."),
        ("?option=Option+1&at_once=15,000", "Budget: most that may be out at once: enter a number of 0 or more, such"),
        ("?options=Option+1&staff=-1", "Most staff beyond those of today: enter a number of 0 or more, such as 2.5"),
        ("?options=Option+1&waiting=many", "enter a number of 0 or more, such as 4, or leave it empty."),
        ("?options=Option+1&step=0.3", "Select a valid choice. 0.3 is not one of the available choices."),
        ("?options=Option+1&must=Option+2", "“Option 2” must be in the plan: choose it among the options too."),
        ("?step=0.25&times=3&draws=5000", "84 sizes of options on 5,000 draws each are 420,000 runs of the model"),
        ("?options=Option+7&must=Option+7&at_once=10", "No plan keeps within “Out at once before savings come back”"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(officer: Client, query: str, words: str) -> None:
    answer = officer.get(PAGE + query)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert officer.get(f"{PAGE}sizes.csv{query}").status_code == 404


def test_a_model_that_is_not_there_is_not_found(officer: Client) -> None:
    assert officer.get(f"{PAGE}?model=Nowhere").status_code == 404


def test_a_programme_without_options_says_so(officer: Client, here: Programme) -> None:
    by = Person.objects.get(username="officer")
    for record in ScenarioChange.objects.filter(programme=here):
        withdraw_record(record, reason="A slip.", by=by, on=TODAY)
    assert "no flow model with scenarios" in text_of(officer.get(PAGE))
    for record in CareModel.objects.filter(programme=here):
        withdraw_record(record, reason="A slip.", by=by, on=TODAY)
    assert "no flow model with scenarios" in text_of(officer.get(PAGE))
    assert officer.get(f"{PAGE}sizes.csv").status_code == 404


def test_a_model_that_cannot_be_run_says_why(officer: Client, here: Programme) -> None:
    by = Person.objects.get(username="officer")
    withdraw_record(CareSetting.objects.get(programme=here, setting="Flat"), reason="A slip.", by=by, on=TODAY)
    assert GONE in text_of(officer.get(PAGE + TWO))


def test_several_models_lead_to_each_other(officer: Client, here: Programme) -> None:
    by = Person.objects.get(username="officer")
    told: dict[str, Any] = {"keeping": Keeping(here.lead, Sharing.PARTNERS), "by": by}
    model = {"model": "Other", "area": "E06000099", "starts": "2026-04-01", "months": "6", "basis": "net"}
    add(CareModel, here, **told, **model, rationing="in proportion to who asks")
    add(CareSetting, here, **told, code="T1", model="Other", setting="House")
    change = {"model": "Other", "scenario": "Build", "lever": "Build", "operation": "in all", "starts": "2026-04-01"}
    add(ScenarioChange, here, **told, **change, code="T2", parameter="paid once", setting="House", value="900")
    shown = officer.get(f"{PAGE}?model=Other")
    assert "left out" in text_of(shown)
    assert f'href="{PAGE}?model=Care"' in shown.content.decode()


def test_a_page_takes_as_many_queries_for_seven_options_as_for_two(
    officer: Client, django_assert_num_queries: Any
) -> None:
    for query in (TWO, "?model=Care&share=yes"):
        officer.get(PAGE + query)
        with django_assert_num_queries(QUERIES):
            officer.get(PAGE + query)
