"""Models brought from other programs and scenarios as files: what is read, told, refused, kept, and taken out again."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from parity.cli import BAD_INPUT, main
from parity.methods.flow import flow_model, month_of, people_at_start
from parity.methods.flow_writing import xmile_of
from parity.plan.care_models.documents import GROWING, NO_NUMBERS, model_xmile, scenario_file
from parity.plan.flow_paths import NO_SERIES
from parity.plan.flow_tables import AS_IT_IS
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario
from parity.register.evidence.models import SourceDocument
from parity.register.exchange.models import Upload
from parity.register.models import Event, Organisation, Person, Programme
from parity.register.records.actions import change_record, share_record, withdraw_record
from parity.register.sharing.models import Sharing
from parity.sources.brought import system_dynamics
from parity.sources.brought.scenario_file import json_schema
from parity.sources.brought.system_dynamics import read_model
from parity.tables import Desk, Store
from parity.terms.errors import NotFound, WrongState
from parity.terms.system_dynamics import key_of
from tests.given import EXAMPLES, HOUSE, release
from tests.layout.reading import read_page
from tests.members import join
from tests.register.worlds import TODAY, organisation, person, programme
from tests.sources.brought.test_system_dynamics import LEAVING, VENSIM, WARD, xmile
from tests.stages.analyse.frames import desk
from tests.stages.plan.test_flow_growth import care, own

AREA = "E06000016"
VARIABLES = WARD + LEAVING
BRING = "/here/plan/models/bring/"
FILE = "/leicester/plan/scenarios/B/scenario.json"
TRIED = "Tried, not saved: "
STARTS = {"starts_day": "1", "starts_month": "4", "starts_year": "2026"}


@pytest.fixture
def here(db: None, store: Store) -> Programme:
    """A programme of ours and theirs, with one area and no model."""
    ours, theirs = organisation("ours"), organisation("theirs")
    officer = person("officer")
    made = programme("here", ours, theirs, by=officer)
    join(officer, made, role="director")
    join(person("partner"), made, organisation=theirs)
    join(person("reader"), made, role="board_member")
    row = {"area": AREA, "name": "Anywhere", "kind": "town", "parent": None}
    row |= dict.fromkeys(("source", "place", "note"))
    store.save("here", [(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)), release("areas", "here", "6"))])
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


@pytest.fixture
def leicester(here: Programme, load: Callable[[Path], Programme]) -> Programme:
    """Leicester's programme beside the other; the officer acts in both."""
    loaded = load(EXAMPLES / "leicester")
    join(Person.objects.get(username="officer"), loaded, role="director")
    return loaded


def chain(*, months: int = 24, title: str = "Step down") -> bytes:
    """A chain of three settings, the second with few places, as another program would write it."""
    settings = pl.DataFrame(
        {
            "setting": ["Ward", "Hostel", "Own home"],
            "people": [40, 10, 0],
            "leaving": [0.0, 0, 0.05],
            "arrivals": [5, 0, 0],
            "capacity": [None, 12, None],
        }
    )
    flows = pl.DataFrame({"origin": ["Ward", "Hostel"], "destination": ["Hostel", "Own home"], "rate": [0.2, 0.1]})
    told = {"month": month_of(settings, flows), "months": months, "title": title}
    return xmile_of(flow_model(settings, flows), people_at_start(settings), **told).encode()


def text_of(answer: HttpResponse) -> str:
    return " ".join(read_page(answer.content.decode()).text.split())


def sent(client: Client, name: str, content: bytes) -> HttpResponse:
    """What answers to the file."""
    own = {"kept_organisation": str(Organisation.objects.get(code="ours").pk), "kept_sharing": "partners"}
    return client.post(BRING, {"file": SimpleUploadedFile(name, content), "kept_lot": "", **own})


def brought(client: Client, name: str, content: bytes, **cells: str) -> HttpResponse:
    """What answers once the file was read, looked at and taken in."""
    at = sent(client, name, content)["Location"]
    model = json.loads(Upload.objects.get().frame()["text"][0])["model"]["model"]
    form = {"model": model, "area": AREA, "reason": "We compare.", **STARTS, **cells}
    return client.post(at, form)


def refusals(client: Client, name: str, content: bytes) -> list[list[str]]:
    """The rows of what is wrong with a file, of which nothing is kept."""
    answer = sent(client, name, content)
    assert (answer.status_code, Upload.objects.count(), CareModel.objects.count()) == (200, 0, 0)
    rows = read_page(answer.content.decode()).one("table").one("tbody").all("tr")
    return [[cell.children[-1].strip() for cell in row.all("th") + row.all("td")] for row in rows]  # type: ignore[union-attr]


# A model of another program


def test_a_model_is_read_looked_at_and_then_added_whole(officer: Client, here: Programme, store: Store) -> None:
    answer = sent(officer, "step down.xmile", chain())
    page = text_of(officer.get(answer["Location"]))
    assert [
        words in page
        for words in (
            "The model runs here with the numbers of its own program, at the end of each of its 24 months.",
            "24 months, 1 step in each",
            "Share asking to move a month",
            "Ward to Hostel",
            "Step down (step down.xmile)",
            "arriving Ward",
        )
    ] == [True] * 6  # fmt: skip
    assert (CareModel.objects.count(), Event.objects.count()) == (0, 0)
    form = {"model": "Step down", "area": AREA, "reason": "We compare.", **STARTS}
    done = officer.post(answer["Location"], form)
    assert (done.status_code, done["Location"]) == (302, "/here/plan/scenarios/")
    assert list(CareSetting.objects.values_list("setting", "source", "place")) == [
        (name, "step down.xmile", name) for name in ("Hostel", "Own home", "Ward")
    ]
    number = CareNumber.objects.get(parameter="arrivals a month", setting="Ward")
    assert (number.value, number.source, number.place) == (5, "step down.xmile", "arriving Ward")
    assert SourceDocument.objects.get().known_as == "step down.xmile"
    assert Upload.objects.count() == 0
    told = {event.reason for event in Event.objects.all()}
    assert {reason.partition(" From ")[0] for reason in told} == {"We compare."}
    assert "Step down" in text_of(officer.get("/here/plan/scenarios/"))


@pytest.mark.parametrize(("name", "content"), [("a.xmile", chain()), ("b.mdl", VENSIM.encode())])
def test_what_was_brought_has_the_people_of_the_files_own_run(
    officer: Client, here: Programme, store: Store, name: str, content: bytes
) -> None:
    assert brought(officer, name, content).status_code == 302
    described, (model,) = read_model(name, content), CareModel.objects.all()
    paths = Desk(store, "here").table("flow_paths")
    assert paths is not None
    people = paths[0].filter(model=model.model, scenario=AS_IT_IS, measure="people")
    for stock in described.stocks.values():
        own = described.run[stock.name.lower().replace(" ", "_")][1:]
        assert people.filter(item=stock.name)["value"].to_list() == pytest.approx(list(own), rel=1e-9, abs=1e-9)


def taken_out(client: Client, model: str, at: str = "/here/plan/models/") -> HttpResponse:
    """The answer to the link by which the page gives the model of this name."""
    assert f"Download {model} (XMILE)" in text_of(client.get(at))
    return client.get(f"{at}{CareModel.objects.get(model=model).pk}/model.xmile")


def test_a_model_goes_out_as_it_came_and_comes_in_again_the_same(
    officer: Client, here: Programme, store: Store
) -> None:
    brought(officer, "a.xmile", chain())
    answer = taken_out(officer, "Step down")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert answer["Content-Disposition"] == 'attachment; filename="model.xmile"'
    brought(officer, "b.xmile", answer.content, model="Again")
    assert taken_out(officer, "Again").content == answer.content.replace(b"<name>Step down<", b"<name>Again<")
    paths = Desk(store, "here").table("flow_paths")
    assert paths is not None
    first, again = (paths[0].filter(model=name, measure="people")["value"] for name in ("Step down", "Again"))
    assert first.len() == 24 * 3
    assert again.to_list() == pytest.approx(first.to_list(), rel=1e-9, abs=1e-9)


def test_other_programs_have_the_people_of_a_model_as_it_is(
    officer: Client, leicester: Programme, store: Store
) -> None:
    name = "Adult social care for mental health"
    answer = taken_out(officer, name, "/leicester/plan/models/")
    described, paths = read_model("a.xmile", answer.content), Desk(store, "leicester").table("flow_paths")
    assert paths is not None
    people = paths[0].filter(model=name, scenario=AS_IT_IS, measure="people")
    assert {stock.name for stock in described.stocks.values()} == set(people["item"])
    for stock in described.stocks.values():
        own = described.run[key_of(stock.name)][1:]
        assert people.filter(item=stock.name)["value"].to_list() == pytest.approx(list(own), rel=1e-9, abs=1e-9)


def test_a_model_that_cannot_be_written_says_why(
    signed_in: Callable[[str], Client], here: Programme, tmp_path: Path
) -> None:
    officer, partner = signed_in("officer"), signed_in("partner")
    brought(officer, "a.xmile", chain())
    model, told = CareModel.objects.get(), {"by": Person.objects.get(username="officer"), "on": TODAY}
    address = f"/here/plan/models/{model.pk}/model.xmile"
    share_record(model, Sharing.PRIVATE, named={}, **told)
    assert [client.get(address).status_code for client in (officer, partner)] == [200, 404]
    assert "(XMILE)" not in text_of(partner.get("/here/plan/models/"))
    model = change_record(model, {"rationing": "longest wait first"}, **told)
    answer = officer.get(address)
    assert (answer.status_code, "in proportion to who asks can be written as XMILE" in text_of(answer)) == (409, True)
    change_record(model, {"rationing": "in proportion to who asks"}, **told)
    people = CareNumber.objects.get(setting="Ward", parameter="people at the start")
    change_record(people, {"setting": "Nowhere"}, **told)
    assert "the model has no setting called “Nowhere”" in text_of(officer.get(address))
    for one in CareSetting.objects.all():
        withdraw_record(one, reason="A slip.", **told)
    assert NO_NUMBERS in text_of(officer.get(address))
    growing = care(grows_with="dementia") | {"prevalence_estimates": own(("2026", 100), ("2028", 120))}
    with pytest.raises(WrongState, match=GROWING):
        model_xmile(desk(tmp_path / "growing", **growing), "Care")


def test_what_is_left_out_is_told_before_and_stays_with_the_model(officer: Client, here: Programme) -> None:
    more = "<stock name='spent'><eqn>0</eqn><inflow>spending</inflow></stock>"
    more += "<flow name='spending'><eqn>Old_ward * 300</eqn></flow>"
    answer = sent(officer, "ward.stmx", xmile(VARIABLES + more))
    sentence = "spent: it is left out, as no flow of people depends on it."
    assert sentence in text_of(officer.get(answer["Location"]))
    assert brought(officer, "ward.stmx", xmile(VARIABLES + more)).status_code == 302
    assert sentence in CareModel.objects.get().note


def test_without_the_reader_the_page_says_what_to_install(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_dynamics, "find_spec", lambda name: None)
    sentence = "Models are read with Simlin: install Parity with the extra “models”."
    answer = sent(officer, "a.xmile", chain())
    assert text_of(answer).count(sentence) >= 1
    assert Upload.objects.count() == 0


HOSTILE = {
    "entities": (
        "a.xmile",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><xmile>&a;</xmile>",
        ["a.xmile", "The model declares a document type, which no model needs: save it anew."],
    ),
    "another kind": (
        "../../a.exe",
        b"MZ",
        ["a.exe", "Only models in XMILE (.stmx, .xmile, .xml) and of Vensim (.mdl) are read."],
    ),
    "nothing": ("a.mdl", b"", ["a.mdl", "The file is empty."]),
    "too fine a step": (
        "fine.xmile",
        None,
        ["fine.xmile, steps", "720 is above the greatest allowed value 31."],
    ),
    "an epidemic": (
        "ill.xmile",
        xmile(
            "<stock name='well'><eqn>990</eqn><outflow>falling_ill</outflow></stock>"
            "<stock name='ill'><eqn>10</eqn><inflow>falling_ill</inflow></stock>"
            "<flow name='falling ill'><eqn>well * ill * 0.0003</eqn></flow>"
        ),
        ["ill.xmile", "falling ill: it multiplies or divides numbers of people by each other."],
    ),
    "no json": ("a.json", b"{\n x", ["a.json", "The file is no JSON: look at line 2, character 2."]),
    "no number": ("a.json", b'{"format": NaN}', ["a.json", "The file is no JSON: NaN is no number."]),
    "depth": ("a.json", b"[" * 100_000, ["a.json", "The file is no JSON: lists stand in lists too deeply."]),
    "digits": ("a.json", b"9" * 10_000, ["a.json", "The file is no JSON: a number has too many digits."]),
    "half a character": ("a.json", b'"\\ud800"', ["a.json", "The file is no JSON: its text is not UTF-8."]),
    "another json": (
        "a.json",
        b'{"format": "other/1"}',
        ["a.json", "Of JSON only scenarios are read whose “format” is “parity-scenario/1”."],
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_strange_file_is_refused_in_words(officer: Client, what: str) -> None:
    name, content, told = HOSTILE[what]
    if content is None:
        content = xmile(VARIABLES, "<start>0</start><stop>1440</stop><dt>1</dt>").replace(b"Month", b"Hour")
    assert refusals(officer, name, content) == [told]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(officer: Client) -> None:
    answer = officer.post(BRING, {"file": SimpleUploadedFile("a.json", b" " * 5_200_000)})
    assert "A model may have up to 5 MB." in answer.content.decode()
    assert Upload.objects.count() == 0


# A scenario as a file


def test_a_scenario_goes_out_in_and_out_the_same(officer: Client, leicester: Programme, store: Store) -> None:
    out = officer.get(FILE).content
    whole = json.loads(out)
    jsonschema.validate(whole, json_schema(), format_checker=jsonschema.FormatChecker())
    assert brought(officer, "scenario.json", out)["Location"] == "/here/plan/scenarios/B/"
    again = json.loads(officer.get("/here/plan/scenarios/B/scenario.json").content)
    assert again.pop("programme") == "here"
    assert whole.pop("programme") == "leicester"
    assert again == whole
    paths = {slug: Desk(store, slug).table("flow_paths") for slug in ("leicester", "here")}
    every, own = (
        found[0].filter(pl.col("scenario").is_in([AS_IT_IS, "Moving On team"])) for found in paths.values() if found
    )
    assert own.height > 1000
    of_a_flow = every["item"].is_in(own["item"].implode())
    assert every.filter(of_a_flow).equals(own)
    # a flow of the other scenario alone, along which nobody moves in this
    assert every.filter(~of_a_flow)["value"].unique().to_list() == [0]


def test_a_trial_goes_out_with_what_is_tried(officer: Client, leicester: Programme) -> None:
    query = {"B01.value": "3", "N05.value": "80", "B.delay_months": "2"}
    out = officer.get(FILE, query).content
    jsonschema.validate(json.loads(out), json_schema(), format_checker=jsonschema.FormatChecker())
    brought(officer, "scenario.json", out)
    saved, tried = (series(officer, FILE, **asked) for asked in ({}, query))
    again = series(officer, "/here/plan/scenarios/B/scenario.json")
    assert len(again) > 1000
    assert again == {key: tried[key] for key in again}
    assert again != {key: saved[key] for key in again}
    rows = {row["code"]: row for part in ("parameters", "changes") for row in json.loads(out)[part]}
    rows |= {"B": json.loads(out)["scenario"]}
    notes = {code: row["note"].partition(TRIED)[2] for code, row in rows.items() if TRIED in row.get("note", "")}
    assert notes == {
        "N05": "People at the start, Home Care (N05), 80 in place of 75.",
        "B01": "Moving On team: People to move, Long Term Residential Care to Settling in (B01), 3 in place of 84.",
        "B": "Moving On team, months by which all changes come later (B), 2 months in place of none.",
    }


def series(officer: Client, file: str, **asked: str) -> dict[tuple[str, ...], str]:
    """The values of a scenario that is written to this file, by measure, item and month, as its CSV tells them."""
    told = officer.get(file.replace("scenario.json", "series.csv"), asked).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(told)) if row["scenario"] == "Moving On team"]
    return {(row["measure"], row["item"], row["period"]): row["value"] for row in rows}


def test_a_file_tells_every_number_that_is_used_with_where_it_is_from(officer: Client, leicester: Programme) -> None:
    whole = json.loads(officer.get(FILE).content)
    assert (whole["format"], whole["engine"]["draws"], len(whole["parameters"])) == ("parity-scenario/1", 1000, 24)
    (first,) = [row for row in whole["parameters"] if row["code"] == "N01"]
    assert (first["value"], first["source"], first["place"], first["note"]) == (
        180, "000", "s12 Table 1", "Read from the service costs.",
    )  # fmt: skip
    assert [row["document"] for row in whole["documents"]] == ["000", "illustrative"]
    assert {row["key"] for row in whole["engine"]["assumptions"]} == {"weeks_per_year"}


def test_beside_its_twin_a_scenario_gets_codes_and_a_name_of_its_own(officer: Client, leicester: Programme) -> None:
    out = officer.get(FILE).content
    brought(officer, "scenario.json", out)
    taken = brought(officer, "scenario.json", out)
    assert "There is a model Adult social care for mental health already" in text_of(taken)
    assert brought(officer, "scenario.json", out, model="Again").status_code == 302
    assert list(Scenario.objects.filter(programme__slug="here").values_list("code", "model")) == [
        ("B", "Adult social care for mental health"), ("A", "Again"),
    ]  # fmt: skip
    codes = list(CareNumber.objects.filter(model="Again").values_list("code", flat=True))
    assert codes == [f"N{number}" for number in range(25, 49)]
    assert SourceDocument.objects.filter(programme__slug="here").count() == 2


def test_a_file_that_was_changed_is_told(officer: Client, leicester: Programme) -> None:
    whole = json.loads(officer.get(FILE).content)
    whole["parameters"][0]["value"] = 99
    answer = sent(officer, "scenario.json", json.dumps(whole).encode())
    assert "its hash is not that of its numbers" in text_of(officer.get(answer["Location"]))


def test_a_model_that_cannot_be_run_yet_is_brought_all_the_same_and_says_so(
    officer: Client, leicester: Programme
) -> None:
    whole = json.loads(officer.get(FILE).content)
    whole["changes"][0]["destination"] = "Nowhere"
    content = json.dumps(whole).encode()
    told = text_of(officer.get(sent(officer, "a.json", content)["Location"]))
    assert (
        "It cannot be run yet, but may be brought and mended here: B01 (people to move): the model has no setting"
        in told
    )
    assert brought(officer, "a.json", content).status_code == 302
    assert "The model cannot be run yet" in text_of(officer.get("/here/plan/scenarios/"))


def test_the_one_area_of_a_programme_need_not_be_chosen(officer: Client, here: Programme) -> None:
    page = read_page(officer.get(sent(officer, "a.xmile", chain())["Location"]).content.decode())
    assert page.one("input", name="area").attributes["value"] == AREA


WRONG = {
    "a text for a number": (
        lambda whole: whole["parameters"][2].update(value="many"),
        ["a.json, parameters, row 3, value", "A number belongs here."],
    ),
    "an unknown word": (
        lambda whole: whole["parameters"][0].update(parameter="happiness"),
        ["a.json, parameters, row 1, parameter", "“happiness” is none of: "],
    ),
    "an unknown name": (
        lambda whole: whole["changes"][1].update(colour="red"),
        ["a.json, changes, row 2, colour", "There is no “colour” in such a row: remove it, or correct its name."],
    ),
    "no settings": (lambda whole: whole.pop("settings"), ["a.json", "“settings” is missing."]),
    "no list": (
        lambda whole: whole.update(settings={"setting": "Ward"}),
        ["a.json", "“settings” is no list of rows of names and values."],
    ),
    "too many rows": (
        lambda whole: whole.update(settings=whole["settings"] * 500),
        ["a.json", "“settings” has more than 2,000 rows."],
    ),
    "no days": (
        lambda whole: whole["changes"][0].update(starts="soon"),
        ["a.json, changes, row 1, starts", "“soon” is not a date written as 2026-01-31."],
    ),
    "an endless model": (
        lambda whole: whole["model"].update(months=10**9),
        ["a.json, model, row 1, months", "1000000000 is above the greatest allowed value 600."],
    ),
    "an infinite number": (
        lambda whole: whole["parameters"][0].update(value=10**400),
        ["a.json, parameters, row 1, value", "“1000"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_file_is_told_at_its_place(officer: Client, leicester: Programme, what: str) -> None:
    spoil, (place, sentence) = WRONG[what]
    whole = json.loads(officer.get(FILE).content)
    spoil(whole)
    CareModel.objects.all().delete()
    ((where, told),) = refusals(officer, "a.json", json.dumps(whole).encode())
    assert (where, told[: len(sentence)]) == (place, sentence)
    if what != "an infinite number":
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(whole, json_schema(), format_checker=jsonschema.FormatChecker())


def test_rows_of_another_model_are_no_part_of_a_file(officer: Client, leicester: Programme) -> None:
    whole = json.loads(officer.get(FILE).content)
    whole["changes"][0]["scenario"] = "Another"
    CareModel.objects.all().delete()
    sentence = "The row is of another scenario than the file’s, “Moving On team”."
    content = json.dumps(whole).encode()
    assert refusals(officer, "a.json", content) == [["a.json, changes, row 1, scenario", sentence]]
    del whole["scenario"]
    content = json.dumps(whole).encode()
    assert refusals(officer, "a.json", content) == [["a.json", "“scenario” is missing, of which the changes are."]]


def test_a_document_of_the_same_key_that_says_something_else_stays(officer: Client, leicester: Programme) -> None:
    whole = json.loads(officer.get(FILE).content)
    brought(officer, "a.json", json.dumps(whole).encode())
    whole["documents"][0]["title"] = "Another book"
    del whole["hash"]
    brought(officer, "a.json", json.dumps(whole).encode(), model="Again")
    assert list(SourceDocument.objects.filter(programme__slug="here").values_list("document", flat=True)) == [
        "000", "illustrative", "000 01",
    ]  # fmt: skip
    sources = {*CareNumber.objects.filter(model="Again").values_list("source", flat=True)}
    assert sources == {"000 01", "illustrative"}


# Who may


def test_nothing_is_kept_where_one_row_is_refused(officer: Client, here: Programme) -> None:
    at = sent(officer, "a.xmile", chain())["Location"]
    answer = officer.post(at, {"model": "Care", "area": AREA, **STARTS, "starts_year": "3026", "reason": "We compare."})
    assert "is not a date from 1900 to 2199" in text_of(answer)
    assert [kind.objects.count() for kind in (CareModel, CareSetting, CareNumber, SourceDocument)] == [0] * 4
    assert Upload.objects.count() == 1


def test_a_reason_is_asked_for(officer: Client, here: Programme) -> None:
    at = sent(officer, "a.xmile", chain())["Location"]
    assert "Say why." in text_of(officer.post(at, {"model": "Care", "area": AREA, **STARTS}))
    assert CareModel.objects.count() == 0


def test_an_upload_is_its_persons_and_is_taken_in_once(signed_in: Callable[[str], Client], here: Programme) -> None:
    officer, partner, reader = map(signed_in, ("officer", "partner", "reader"))
    at = sent(officer, "a.xmile", chain())["Location"]
    assert partner.get(at).status_code == 404
    assert reader.get(BRING).status_code == 403
    assert officer.post(at, {"model": "Care", "area": AREA, "reason": "Why", **STARTS}).status_code == 302
    assert officer.get(at).status_code == 404


def test_a_scenario_that_is_not_there_has_no_file(officer: Client, leicester: Programme, store: Store) -> None:
    assert officer.get("/leicester/plan/scenarios/Z/scenario.json").status_code == 404
    with pytest.raises(NotFound):
        scenario_file(Desk(store, "here"), "B")


def test_the_schema_is_served_as_it_is_published(officer: Client) -> None:
    served = json.loads(officer.get("/here/plan/models/scenario.schema.json").content)
    assert served == json_schema()
    jsonschema.Draft202012Validator.check_schema(served)


# As the documentation says


def test_the_example_of_the_documentation_runs_as_it_says(
    officer: Client, here: Programme, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (HOUSE / "docs" / "interchange.md").read_text("utf-8")
    file = tmp_path / "step-down.xmile"
    file.write_text(page.partition("```xml\n")[2].partition("```")[0], encoding="utf-8")
    assert main(["look-at", str(file)]) == 0
    assert capsys.readouterr().out == page.partition("```text\n")[2].partition("```")[0]
    brought(officer, file.name, file.read_bytes())
    paths = Desk(store, "here").table("flow_paths")
    assert paths is not None
    people = paths[0].filter(scenario=AS_IT_IS, measure="people")
    printed = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| 202")]
    for month, *numbers in printed:
        own = people.filter(period=month)
        found = [own.filter(item=name)["value"].item() for name in ("Ward", "Hostel")]
        assert found == pytest.approx([float(number) for number in numbers], abs=1e-9)
    assert len(printed) == 4


# From the terminal, and by the API


def test_the_terminal_writes_what_the_page_gives(
    officer: Client, leicester: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, series = tmp_path / "b.json", tmp_path / "b.csv"
    asked = ["scenario", "B", "--programme", "leicester"]
    assert main([*asked, "--json", str(told), "--csv", str(series)]) == 0
    assert told.read_bytes() == officer.get(FILE).content
    by_page = officer.get("/leicester/plan/scenarios/B/series.csv").content.decode("utf-8-sig")
    assert series.read_text("utf-8") == by_page.replace("\r\n", "\n")
    capsys.readouterr()
    assert main(["look-at", str(told)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "Adult social care for mental health: 60 months, free places go in proportion to who asks",
        "  scenario  Moving On team",
    ]
    assert lines[-1].startswith(
        "  number    Workers of the team, Long Term Residential Care to Settling in: raised by 4"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["scenario", "Z", "--programme", "leicester", "--csv", "a.csv"], "There is no such scenario."),
        (
            ["scenario", "B", "--programme", "leicester"],
            "The command: Say what to write: --json FILE, --csv FILE or both.\n",
        ),
        (["scenario", "B", "--programme", "kent", "--csv", "a"], "No programme is called “kent”. Loaded are: "),
        (["look-at", "nowhere.xmile"], "nowhere.xmile: No such file or directory.\n"),
        (["look-at", "."], ".: Is a directory.\n"),
    ],
)
def test_the_terminal_refuses_in_words(
    leicester: Programme, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(words) == BAD_INPUT
    assert capsys.readouterr().err.startswith(sentence)


def test_a_model_without_numbers_has_a_file_and_no_series(
    officer: Client, leicester: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for one in CareNumber.objects.filter(programme=leicester):
        withdraw_record(one, by=Person.objects.get(username="officer"), on=TODAY, reason="Not known")
    told, series = tmp_path / "b.json", tmp_path / "b.csv"
    asked = ["scenario", "B", "--programme", "leicester", "--json", str(told)]
    assert main([*asked, "--csv", str(series)]) == BAD_INPUT
    assert capsys.readouterr().err == f"{NO_SERIES} Nothing was written.\n"
    assert (told.exists(), series.exists()) == (False, False)
    assert (main(asked), told.exists()) == (0, True)


def test_the_api_gives_the_file_to_who_may_see_it(signed_in: Callable[[str], Client], leicester: Programme) -> None:
    officer, partner = signed_in("officer"), signed_in("partner")
    address = "/api/programmes/leicester/scenarios/"
    assert officer.get(f"{address}B").json() == json.loads(officer.get(FILE).content)
    assert [client.get(address + code).status_code for client, code in ((officer, "Z"), (partner, "B"))] == [404, 404]
