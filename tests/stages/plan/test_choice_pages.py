"""The page of a choice: what is asked stands in its address, what is large is worked out in the background."""

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parity.plan.choice.actions import EVERY
from parity.plan.choice.rules import BECAUSE, from_address, in_address
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario, ScenarioChange
from parity.register.jobs.actions import Progress, cancel_job, job_for, run_job
from parity.register.jobs.models import Job
from parity.register.jobs.rules import CANCELLED, DONE, FAILED, RUNNING
from parity.register.models import Organisation, Person, Programme
from parity.register.records.actions import Keeping, withdraw_record
from parity.register.sharing.models import Sharing
from tests.layout.reading import read_page
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme

PAGE, MODEL, AREA = "/here/plan/choice/", "Care", "E06000099"
OPTIONS = [f"Option {number}" for number in range(1, 8)]
SEVEN = "?model=Care&options=" + "%7C".join(name.replace(" ", "+") for name in OPTIONS) + "&share=yes"
GONE = "the model has no setting called “Flat”"
TWO = "?model=Care&options=Option+1%7COption+2&share=yes"


@pytest.fixture
def here(db: None) -> Programme:
    """A programme with a model of seven options, of which any set can be chosen where people may be shared."""
    ours, theirs = organisation("ours"), organisation("theirs")
    officer = person("officer")
    made = programme("here", ours, theirs, by=officer)
    join(officer, made, role="director")
    join(person("partner"), made, organisation=theirs)
    told: dict[str, Any] = {"keeping": Keeping(ours, Sharing.PARTNERS), "by": officer}
    model = {"model": MODEL, "area": AREA, "starts": "2026-04-01", "months": "12", "basis": "net"}
    add(CareModel, made, **told, **model, rationing="in proportion to who asks")
    for place, name in enumerate(("Home", "Flat")):
        add(CareSetting, made, **told, code=f"S{place}", model=MODEL, setting=name)
    numbers = (("people at the start", "Home", "100", "", ""), ("cost of a person a week", "Home", "500", "300", "800"))
    for place, (parameter, setting, *cells) in enumerate(numbers):
        said = dict(zip(("value", "lower", "upper"), cells, strict=True))
        kept = {name: text for name, text in said.items() if text}
        add(CareNumber, made, **told, code=f"N{place}", model=MODEL, parameter=parameter, setting=setting, **kept)
    for place, name in enumerate(OPTIONS, start=1):
        add(Scenario, made, **told, code=f"O{place}", model=MODEL, scenario=name)
        common = {"model": MODEL, "scenario": name, "lever": "Team", "operation": "in all", "starts": "2026-04-01"}
        add(ScenarioChange, made, **told, **common, code=f"M{place}", parameter="people to move", setting="Home",
            destination="Flat", value="2")  # fmt: skip
        add(ScenarioChange, made, **told, **common, code=f"P{place}", parameter="paid once", setting="Home",
            value=str(10_000 * place))  # fmt: skip
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


def hash_of(answer: HttpResponse) -> str:
    return text_of(answer).partition("Its hash begins ")[2][:12]


def asked(answer: HttpResponse) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def test_the_form_becomes_an_address_that_holds_the_question(officer: Client) -> None:
    sent = {"model": MODEL, "option": ["Option 2", "Option 1"], "at_once": "15,000", "draws": "1000"}
    refused = officer.get(PAGE, sent)
    assert "There is a problem" in text_of(refused)
    answer = officer.get(PAGE, {**sent, "at_once": "15000", "share": "yes", "aim": "fewer people in Home"})
    assert asked(answer) == {
        "model": MODEL, "options": "Option 1|Option 2", "at_once": "15000", "aim": "fewer people in Home",
        "share": "yes",
    }  # fmt: skip
    shown = text_of(officer.get(answer["Location"]))
    assert "Best within the limits" in shown
    assert "Out at once before savings come back: at most £15,000." in shown
    assert BECAUSE in shown


def test_whoever_is_given_the_address_sees_the_same(signed_in: Callable[[str], Client]) -> None:
    officer, partner = (signed_in(name).get(PAGE + TWO) for name in ("officer", "partner"))
    assert hash_of(officer) == hash_of(partner) != ""


def test_every_portfolio_and_table_can_be_taken(officer: Client) -> None:
    answer = officer.get(f"{PAGE}portfolios.csv{TWO}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["portfolio"] for row in rows] == ["No option", "Option 1", "Option 2", "Option 1 + Option 2"]
    table = officer.get(f"{PAGE}{TWO}&table=portfolios-1&format=csv")
    assert table.content.decode("utf-8-sig").startswith("Portfolio,")
    drawing = officer.get(f"{PAGE}{TWO}&table=frontier-1&format=svg")
    assert drawing["Content-Type"] == "image/svg+xml"


def test_what_cannot_be_asked_is_said(officer: Client) -> None:
    assert officer.get(f"{PAGE}?model=Nowhere").status_code == 404
    assert "There is no such option." in text_of(officer.get(f"{PAGE}?options=Nowhere"))
    assert "enter a number of 0 or more" in text_of(officer.get(f"{PAGE}{TWO}&waiting=-1"))
    assert officer.get(f"{PAGE}portfolios.csv?options=Nowhere").status_code == 404


@given(st.lists(st.text("ab|%7C5 ", min_size=1), unique=True))
def test_options_of_any_name_stand_in_an_address(names: list[str]) -> None:
    assert from_address(in_address(names)) == names


@pytest.mark.parametrize("page", [PAGE, "/here/plan/sizes/"])
def test_an_option_with_signs_in_its_name_is_chosen(officer: Client, here: Programme, page: str) -> None:
    name = "Flats | 50% more"
    told: dict[str, Any] = {"keeping": Keeping(Organisation.objects.get(code="ours"), Sharing.PARTNERS)}
    told |= {"by": Person.objects.get(username="officer"), "model": MODEL, "scenario": name}
    add(Scenario, here, **told, code="O8")
    add(ScenarioChange, here, **told, code="M8", lever="Team", operation="in all", starts="2026-04-01", value="2",
        parameter="people to move", setting="Home", destination="Flat")  # fmt: skip
    answer = officer.get(page, {"option": [name, "Option 1"]})
    assert parse_qsl(urlsplit(answer["Location"]).query)[1] == ("options", "Option 1|Flats %7C 50%25 more")
    shown = text_of(officer.get(answer["Location"]))
    assert "There is no such option." not in shown
    assert f"“{name}”" in shown


def test_a_programme_without_options_says_so(officer: Client, here: Programme) -> None:
    by = Person.objects.get(username="officer")
    for record in ScenarioChange.objects.filter(programme=here):
        withdraw_record(record, reason="A slip.", by=by, on=TODAY)
    assert "no flow model with scenarios" in text_of(officer.get(PAGE))
    for record in CareModel.objects.filter(programme=here):
        withdraw_record(record, reason="A slip.", by=by, on=TODAY)
    assert "no flow model with scenarios" in text_of(officer.get(PAGE))


def test_a_model_that_cannot_be_run_says_why(officer: Client, here: Programme) -> None:
    by = Person.objects.get(username="officer")
    withdraw_record(CareSetting.objects.get(programme=here, setting="Flat"), reason="A slip.", by=by, on=TODAY)
    for query in (TWO, SEVEN):
        assert GONE in text_of(officer.get(PAGE + query))


# In the background


@pytest.fixture
def job(officer: Client) -> Job:
    """The job of all seven options, asked for on the page and not begun."""
    before = text_of(officer.get(PAGE + SEVEN))
    assert "Too many portfolios to work out while you wait 128 portfolios on 1,000 draws" in before
    assert Job.objects.count() == 0
    answer = officer.post(PAGE + SEVEN)
    assert asked(answer) == dict(parse_qsl(SEVEN[1:]))
    return Job.objects.get()


def test_a_large_question_is_answered_by_a_job_and_then_on_the_page(officer: Client, job: Job) -> None:
    waiting = text_of(officer.get(PAGE + SEVEN))
    assert "It begins as soon as a worker is free." in waiting
    assert officer.get(f"{PAGE}portfolios.csv{SEVEN}").status_code == 404
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.failure, job.result["files"]) == (DONE, "", ["answer.json", EVERY])
    done = officer.get(PAGE + SEVEN)
    assert "128 portfolios, each on 1,000 draws" in text_of(done)
    assert hash_of(done) == job.result["sha256"][:12]
    rows = officer.get(f"{PAGE}portfolios.csv{SEVEN}").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 128
    assert officer.post(PAGE + SEVEN).status_code == 302
    assert Job.objects.count() == 1
    assert f'href="{PAGE}?model=Care' in officer.get(f"/jobs/{job.pk}/").content.decode()


def test_a_job_that_is_cancelled_half_way_keeps_nothing(
    officer: Client, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, steps = Person.objects.get(username="officer"), []
    tell = Progress.__call__

    def cancel_meanwhile(self: Progress, step: int, of: int, words: str) -> None:
        steps.append((step, of))
        cancel_job(job, by=by, on=TODAY)
        tell(self, step, of, words)

    monkeypatch.setattr(Progress, "__call__", cancel_meanwhile)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == CANCELLED
    assert len(steps) == 1
    assert steps[0][0] < steps[0][1] == 128
    assert job.result == {}
    assert [path for path in (settings.PARITY_HOME / "jobs").rglob("*") if path.is_file()] == []
    assert "Work it out in the background" in text_of(officer.get(PAGE + SEVEN))


def test_a_job_tells_how_far_it_is(officer: Client, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=RUNNING, done_steps=64, all_steps=128, words="Running portfolios")
    shown = text_of(officer.get(PAGE + SEVEN))
    assert "64 of 128 steps done: Running portfolios." in shown
    assert f"Cancel {job.title}" in shown


def test_a_change_of_the_model_asks_anew(officer: Client, here: Programme, job: Job) -> None:
    run_job(str(job.pk))
    by = Person.objects.get(username="officer")
    (first, *_) = ScenarioChange.objects.filter(programme=here, code="P1")
    withdraw_record(first, reason="A slip.", by=by, on=TODAY)
    assert "Work it out in the background" in text_of(officer.get(PAGE + SEVEN))


@pytest.mark.parametrize(("model", "words"), [(CareModel, "The model is not there any more."), (CareSetting, GONE)])
def test_what_is_gone_meanwhile_fails_the_job(here: Programme, job: Job, model: type[Any], words: str) -> None:
    by = Person.objects.get(username="officer")
    withdraw_record(model.objects.filter(programme=here).last(), reason="A slip.", by=by, on=TODAY)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == FAILED
    assert words in job.failure


def test_nobody_else_finds_the_job(here: Programme, job: Job) -> None:
    payload = {"programme": "here", "question": job.payload["question"]}
    officer, partner = (Person.objects.get(username=name) for name in ("officer", "partner"))
    assert job_for("choice", payload, by=officer, on=TODAY, programme=here) == job
    assert job_for("choice", payload, by=partner, on=TODAY, programme=here) is None
