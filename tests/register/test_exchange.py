"""A register out and in as sheets: templates, exports, uploads looked at before they are taken in."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.register.audit.models import Event
from parity.register.exchange.actions import KEPT, Outcome, outcome_of
from parity.register.exchange.documents import csv_lines, workbook_of
from parity.register.exchange.models import Upload
from parity.register.models import Agreement, Interest, Organisation, Person, Programme, Statement
from parity.register.people.models import Membership
from parity.register.policy import viewer_of
from parity.register.records.actions import (
    Keeping,
    add_records,
    as_cells,
    change_record,
    content_of,
    share_record,
    withdraw_record,
)
from parity.register.records.documents import Names, schema_of
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Grant, Sharing
from parity.review.models import Risk
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.sheet_worker import read_cells
from parity.sources.brought.table_schema import PRINTED
from tests.layout.reading import Element, read_page
from tests.members import join
from tests.register import worlds

RISKS = "/north/registers/risks/"
CELLS = {
    "risk": "R-1", "raised": "2026-01-31", "title": "Too few staff", "effect": "People wait.", "owner": "Director",
    "impact_score": "3", "probability_score": "2", "mitigation": "Recruit.", "action_owner": "Manager",
    "trend": "increasing",
}  # fmt: skip
PREVIEW_QUERIES = 10
CONFIRM_QUERIES = 34


@dataclass(frozen=True)
class World:
    """A programme of a council that leads it and a trust, with a director of each and others of the council."""

    programme: Programme
    council: Organisation
    trust: Organisation
    people: dict[str, Person]

    def as_(self, name: str, **more: Any) -> Client:
        client = Client(SERVER_NAME="127.0.0.1", **more)
        client.force_login(self.people[name])
        return client

    def risk(self, code: str = "R-1", *, by: str = "director", sharing: str = Sharing.PARTNERS, **cells: str) -> Risk:
        """A new risk of the organisation for which somebody acts."""
        keeping = Keeping(self.trust if by == "trust" else self.council, sharing, cells.pop("lot", ""))
        frame = as_cells(Risk, [{**CELLS, "risk": code, **cells}])
        return add_records(self.programme, Risk, frame, keeping=keeping, by=self.people[by], on=today())[0]


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def world(db: None, save: Callable[..., Any]) -> World:
    save("north", areas=pl.DataFrame({"area": ["N"], "name": ["The North"], "kind": ["place"], "parent": [None]}))
    council, trust = worlds.organisation("council"), worlds.organisation("trust")
    director = Person.objects.create_user("director")
    programme = worlds.programme("north", council, trust, by=director)
    join(director, programme, role="director")
    people = {"director": director}
    for name, role, organisation in (
        ("analyst", "performance_analyst", council), ("owner", "risk_owner", council),
        ("trust", "lead_commissioner_nhs", trust),
    ):  # fmt: skip
        people[name] = Person.objects.create_user(name)
        join(people[name], programme, role=role, organisation=organisation)
    return World(programme, council, trust, people)


def sheet(rows: Sequence[Mapping[str, str]], name: str = "risks.csv") -> SimpleUploadedFile:
    """A comma-separated file of these rows."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, written.getvalue().encode())


def send(
    client: Client, world: World, file: SimpleUploadedFile, *, to: str = f"{RISKS}upload/", **more: str
) -> HttpResponse:
    owner = more.pop("owner", str(world.council.pk))
    form = {"kept_organisation": owner, "kept_sharing": "partners", "kept_lot": "", **more, "file": file}
    return client.post(to, form)


def show(response: HttpResponse, status: int = 200) -> Element:
    assert response.status_code == status, response.content
    return read_page(response.content.decode())


def looked_at(client: Client, response: HttpResponse) -> Element:
    """The page that shows what the upload would do."""
    assert response.status_code == 302, show(response).one("main").text
    return show(client.get(response["Location"]))


def facts(shown: Element) -> dict[str, str]:
    rows = shown.all("div", class_="nhsuk-summary-list__row")
    return {row.one("dt").text: row.one("dd").text for row in rows}


def counts(shown: Element) -> tuple[str, ...]:
    return tuple(facts(shown)[f"{word} records"] for word in ("New", "Changed", "Unchanged"))


def table(shown: Element) -> list[list[str]]:
    """The rows of the one table, without the headings that stand beside each cell on a phone."""
    lines = [row.all("th", scope="row") + row.all("td") for row in shown.one("table").all("tr")]
    return [[_said(cell) for cell in cells] for cells in lines if cells]


def heads(shown: Element) -> list[str]:
    return [each.text for each in shown.one("table").all("th", scope="col")]


def _said(cell: Element) -> str:
    (heading,) = cell.all("span", class_="nhsuk-table__heading")
    return cell.text.removeprefix(heading.text).strip()


def errors(shown: Element) -> list[str]:
    return [each.text for each in shown.one("ul", class_="nhsuk-error-summary__list").all("li")]


def confirm(client: Client, address: str, *, reason: str = "", seen: str | None = None) -> HttpResponse:
    """What follows from confirming the upload as its page shows it."""
    if seen is None:
        seen = show(client.get(address)).one("input", name="seen").attributes["value"]
    return client.post(address, {"seen": seen, "reason": reason})


def message(client: Client, response: HttpResponse) -> str:
    assert (response.status_code, response["Location"]) == (302, RISKS), response.content
    return show(client.get(RISKS)).one("div", role="status").text


def wrong(shown: Element) -> list[tuple[str, str]]:
    """Row and column of each fault in the table."""
    return [(row, column) for row, column, *_ in table(shown)]


def exported(client: Client, kind: str = "csv", register: str = RISKS, **asked: str) -> bytes:
    response = client.get(f"{register}export.{kind}", asked)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def as_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# Every register


@pytest.mark.parametrize("stem", sorted(RECORDS))
def test_every_register_goes_out_and_comes_in(world: World, stem: str) -> None:
    client, register, model = world.as_("director"), f"/north/registers/{stem}/", RECORDS[stem]
    if stem == "thread":
        worlds.add(Statement, world.programme, keeping=Keeping(world.council), by=world.people["director"])
    names = [entry["name"] for entry in house_schemas()[stem].fields]
    template = openpyxl.load_workbook(io.BytesIO(client.get(f"{register}template.xlsx").content))
    assert [cell.value for cell in template["Data"][1]] == names
    row = worlds.row_of(model) | dict.fromkeys(schema_of(model).areas, "N")
    response = send(client, world, sheet([row]), to=f"{register}upload/")
    assert counts(looked_at(client, response)) == ("1", "0", "0")
    assert confirm(client, response["Location"]).status_code == 302
    assert [record.known_as for record in model.objects.all()] == ["/".join(row[name] for name in schema_of(model).key)]
    for kind in ("csv", "xlsx"):
        again = SimpleUploadedFile(f"{stem}.{kind}", exported(client, kind, register))
        assert counts(looked_at(client, send(client, world, again, to=f"{register}upload/"))) == ("0", "0", "1")


def test_no_register_has_a_column_that_an_export_adds() -> None:
    names = {entry["name"] for stem in RECORDS for entry in house_schemas()[stem].fields}
    assert names & set(KEPT) == set()


NASTY = st.sampled_from([
    "=1+1", "'=1+1", "''", "'", "-5", "+44 20 7946", "@SUM(A1)", "<r>x</r>", "_x0041_", "a\r\nb", "a\rb", "a\n\nb",
    '"', ",", ";", "1e5", "007", "true", "2026-01-31", "＝1", "\U0001f600", "'@", "''=", "null", "NaN", "#N/A", "a\tb",
    "<b>&",
])  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
TEXTS = (NASTY | WORDS).map(str.strip).filter(bool)
NUMBERS = st.floats(-1e15, 1e15).filter(lambda number: number == 0 or abs(number) >= 1e-12)


@st.composite
def rows_of(draw: Any, model: type[Record]) -> list[dict[str, str]]:
    """Rows that the register's checker takes, each of another name."""
    schema, rows = schema_of(model), []
    meant = {*schema.areas, *(entry["name"] for entry in schema.fields if entry.get("kind") == "period")}
    key = next(name for name in schema.key if name not in meant)
    for number in range(draw(st.integers(1, 4))):
        row = {entry["name"]: _cell(draw, entry) for entry in schema.fields} | dict.fromkeys(schema.areas, "N")
        for name in schema.numeric:
            if row[name] and draw(st.booleans()):
                row[name + PRINTED] = draw(TEXTS)
        rows.append({**row, key: f"{row[key]}{number}"})
    return rows


def _cell(draw: Any, entry: Mapping[str, Any]) -> str:
    limits = entry.get("constraints", {})
    if not limits.get("required") and draw(st.booleans()):
        return ""
    if "enum" in limits:
        return draw(st.sampled_from(limits["enum"]))
    if "pattern" in limits:
        return str(entry["example"])
    if entry.get("kind") == "period":
        return draw(st.sampled_from(["2026", "2026/27", "2026-01", "2026-Q1"]))
    low, high = limits.get("minimum", -1000), limits.get("maximum", 1000)
    match entry["type"]:
        case "number" if "minimum" in limits or "maximum" in limits:
            return repr(draw(st.floats(max(low, 0), high, allow_subnormal=False).filter(lambda x: x == 0 or x > 1e-12)))
        case "number":
            return repr(draw(NUMBERS))
        case "integer":
            return str(draw(st.integers(low, high)))
        case "date":
            return draw(st.dates(date(1900, 1, 1), date(2199, 12, 31))).isoformat()
        case "boolean":
            return draw(st.sampled_from(["true", "false"]))
    return draw(TEXTS)


def read(kind: str, content: bytes) -> pl.DataFrame:
    """The cells of a file, as the process of its own reads them."""
    (header, *body), faults = read_cells("x", content, kind=kind)
    assert faults == []
    cells = [[cell or None for cell in row] for row in body]
    return pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")


def outcome(world: World, model: type[Record], cells: pl.DataFrame, *, by: str = "director", **more: Any) -> Outcome:
    """What an upload of these cells would do."""
    kept = {"organisation": world.council, "sharing": Sharing.PARTNERS, "name": "sheet.csv", **more}
    upload = Upload(programme=world.programme, stem=model.STEM, **kept).hold(b"", cells)
    return outcome_of(upload, viewer=viewer_of(world.people[by], world.programme, on=today()))


OUT_AND_IN = sorted(stem for stem in RECORDS if RECORDS[stem].KIND != "link")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_an_export_that_comes_back_says_nothing_new(world: World, data: Any) -> None:
    model = RECORDS[data.draw(st.sampled_from(OUT_AND_IN))]
    cells = as_cells(model, data.draw(rows_of(model)))
    with transaction.atomic():
        keeping = Keeping(world.council, Sharing.PARTNERS)
        add_records(world.programme, model, cells, keeping=keeping, by=world.people["director"], on=today())
        records = model.objects.filter(programme=world.programme).select_related("organisation")
        text = "".join(csv_lines(records, model)).encode()
        workbook = workbook_of(records, model, world.programme, Names({}, {}))
        for kind, content in (("csv", text), ("xlsx", workbook)):
            found = outcome(world, model, read(kind, content))
            assert (found.faults, found.added.height, found.changed, found.unchanged) == ((), 0, (), cells.height)
        transaction.set_rollback(True)


# What an upload would do


def test_an_upload_is_looked_at_and_then_taken_in(world: World) -> None:
    first, second = world.risk("R-1", note="As it was"), world.risk("R-2")
    client, events = world.as_("director"), Event.objects.count()
    rows = [{**CELLS, "title": "Far too few staff", "impact_score": "4"}, {**CELLS, "risk": "R-2"}]
    response = send(client, world, sheet([*rows, {**CELLS, "risk": "R-3"}]))
    shown = looked_at(client, response)
    assert facts(shown) == {
        "File": "risks.csv", "Kept by": "Council council", "Who may see new records": "All partners of the programme",
        "New records": "1", "Changed records": "1", "Unchanged records": "1",
    }  # fmt: skip
    assert heads(shown) == ["Record", "Column", "Now", "After the upload"]
    assert table(shown) == [
        ["Risk R-1", "Title", "Too few staff", "Far too few staff"], ["Risk R-1", "Impact score", "3", "4"],
    ]  # fmt: skip
    assert (Risk.objects.count(), Event.objects.count()) == (2, events)
    asked = show(confirm(client, response["Location"]))
    assert errors(asked) == ["Say why these records change."]
    assert [each.text for each in asked.one("form", novalidate="").all("label")] == ["Why these records change"]
    done = confirm(client, response["Location"], reason="Scored anew.")
    assert message(client, done) == "risks.csv was taken in: 1 record added, 1 record changed."
    told = Event.objects.order_by("number").values_list("verb", "code", "reason")[events:]
    (why,) = {reason for *_, reason in told}
    assert [(verb, code) for verb, code, _ in told] == [("added", "R-3"), ("changed", "R-1")]
    assert why.startswith("Scored anew. From a file with SHA-256 ")
    kept = {risk.known_as: (risk.title, risk.note, risk.version, risk.organisation.code) for risk in Risk.objects.all()}
    assert kept == {
        "R-1": ("Far too few staff", "As it was", 2, "council"), "R-2": ("Too few staff", "", 1, "council"),
        "R-3": ("Too few staff", "", 1, "council"),
    }  # fmt: skip
    assert (first.history.count(), second.history.count(), Upload.objects.count()) == (2, 1, 0)
    assert client.post(response["Location"], {"reason": "Again."}).status_code == 404


def test_a_restatement_is_what_the_same_changes_one_by_one_are(world: World) -> None:
    """The slow and obvious way, in a programme that is the same."""
    other = worlds.programme("south", world.council, world.trust, by=world.people["director"])
    join(world.people["director"], other, role="director")
    cells = [{"agreement": f"A-{n}", "annual_value_gbp": "1200000", "start": "2026-01-01"} for n in range(4)]
    cells = [worlds.row_of(Agreement, **row, annual_value_gbp_printed="£1.2m") for row in cells]
    changes: list[dict[str, str]] = [{"annual_value_gbp": "1.5"}, {"note": "=1"}, {"start": "2027-01-01"}, {}]
    wanted = [
        {name: text for name, text in {"note": "", **row, **change}.items() if not name.endswith(PRINTED)}
        for row, change in zip(cells, changes, strict=True)
    ]
    by, told = world.people["director"], []
    for programme in (world.programme, other):
        keeping = Keeping(world.council, Sharing.PARTNERS)
        add_records(programme, Agreement, as_cells(Agreement, cells), keeping=keeping, by=by, on=today())
    for row, change in zip(wanted, changes, strict=True):
        record = Agreement.objects.get(programme=other, known_as=row["agreement"])
        change_record(record, change, by=by, on=today(), reason="Mended.")
    client = world.as_("director")
    response = send(client, world, sheet(wanted, "a.csv"), to="/north/registers/agreements/upload/")
    assert counts(looked_at(client, response)) == ("0", "3", "1")
    assert confirm(client, response["Location"], reason="Mended.").status_code == 302
    for programme in (world.programme, other):
        records = list(Agreement.objects.filter(programme=programme))
        events = Event.objects.filter(chain=programme.slug, verb="changed").order_by("number")
        told.append((
            [(content_of(record), record.version, record.history.count()) for record in records],
            [record.history.latest().history_user_id for record in records],
            [(event.code, event.kind, event.organisation, event.before, event.after, event.by) for event in events],
        ))  # fmt: skip
    assert told[0] == told[1]
    assert [record["printed"] for record, *_ in told[0][0]][:2] == [
        {"annual_value_gbp_printed": "1.5"}, {"annual_value_gbp_printed": "£1.2m"},
    ]  # fmt: skip


def test_what_the_file_does_not_have_stays(world: World) -> None:
    world.risk("R-1", note="Mine", target_date="2026-12-31")
    world.risk("R-2")
    cells = pl.DataFrame([{**CELLS, "note": None}])
    found = outcome(world, Risk, cells)
    assert [one.fields for one in found.changed] == [{"note": ""}]
    assert outcome(world, Risk, pl.DataFrame([CELLS])).unchanged == 1


def test_nothing_new_has_no_button(world: World) -> None:
    world.risk()
    client = world.as_("director")
    shown = looked_at(client, send(client, world, sheet([CELLS])))
    assert counts(shown) == ("0", "0", "1")
    assert shown.one("main").all("button") == []
    assert "there is nothing to take in" in shown.one("main").text


def test_long_lists_are_cut_and_counted(world: World) -> None:
    rows = [{**CELLS, "risk": f"R-{number}"} for number in range(60)]
    for row in rows:
        world.risk(row["risk"])
    client, long = world.as_("director"), "x" * 400
    shown = looked_at(client, send(client, world, sheet([{**row, "effect": f"{long}{row['risk']}"} for row in rows])))
    assert (len(table(shown)), "And 10 more cells." in shown.one("main").text) == (50, True)
    assert table(shown)[0][2:] == ["People wait.", f"{long[:160]}…"]
    shown = show(send(client, world, sheet([{**row, "trend": "up", "impact_score": "9"} for row in rows] * 2)))
    assert len(table(shown)) == 42
    again = [{**row, "risk": "R-1"} for row in rows] * 2
    assert "And 19 more faults." in show(send(client, world, sheet(again))).one("main").text


def test_of_long_texts_the_part_is_shown_that_differs(world: World) -> None:
    world.risk(effect="x" * 300 + "old")
    client = world.as_("director")
    shown = looked_at(client, send(client, world, sheet([{**CELLS, "effect": "x" * 300 + "new"}])))
    assert table(shown)[0][2:] == [f"…{'x' * 40}old", f"…{'x' * 40}new"]


# Faults


def test_every_fault_is_shown_with_its_cell_and_nothing_is_kept(world: World) -> None:
    client, events = world.as_("director"), Event.objects.count()
    rows = [{**CELLS, "trend": "sideways"}, {**CELLS, "risk": "R-2", "impact_score": "", "raised": "31/1/2026"}]
    shown = show(send(client, world, sheet(rows)))
    assert errors(shown) == ["risks.csv cannot be taken in: it has 3 faults. Nothing of it was kept."]
    assert heads(shown) == ["Row", "Column", "What stands there", "What to do"]
    assert table(shown) == [
        ["3", "Raised", "31/1/2026", "“31/1/2026” is not a date written as 2026-01-31."],
        ["3", "Impact score", "Nothing", "The cell is empty: a value is required here."],
        ["2", "Trend", "sideways", "“sideways” is none of: increasing, no change, decreasing."],
    ]  # fmt: skip
    assert (Upload.objects.count(), Risk.objects.count(), Event.objects.count()) == (0, 0, events)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("risks.csv", b"risk;title\n1;2\n", ["1", "–"]),
        ("risks.csv", b"", ["–", "–"]),
        ("risks.xlsm", b"PK", ["–", "–"]),
        ("../../risks.csv", b"risk,colour\n1,red\n", None),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    world: World, name: str, content: bytes, expected: list[str] | None
) -> None:
    shown = show(send(world.as_("director"), world, SimpleUploadedFile(name, content)))
    rows = table(shown)
    if expected is None:
        assert rows[-1][:3] == ["–", "colour", "–"]
    else:
        assert [row[:2] for row in rows] == [expected]
    assert (len(errors(shown)), Upload.objects.count()) == (1, 0)


def test_a_form_without_a_file_is_refused(world: World) -> None:
    client = world.as_("director")
    shown = show(client.post(f"{RISKS}upload/", {"kept_organisation": str(world.council.pk)}))
    assert errors(shown) == ["Choose a file.", "Choose who may see it."]


def test_two_rows_of_one_record_are_a_fault(world: World) -> None:
    risk = world.risk()
    rows = [CELLS, {**CELLS, "title": "Other"}, {**CELLS, "risk": "R-2"}, {**CELLS, "risk": "R-2"}]
    found = outcome(world, Risk, pl.DataFrame(rows))
    assert [(fault.row, fault.column) for fault in found.faults] == [(3, "risk"), (5, "risk")]
    rows = [{**CELLS, "record_id": str(risk.pk)}, {**CELLS, "record_id": None}]
    assert [fault.row for fault in outcome(world, Risk, pl.DataFrame(rows)).faults] == [3]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"record_owner": "trust"}, "record_owner"),
        ({"record_sharing": "public"}, "record_sharing"),
        ({"record_withdrawn": "TRUE"}, "record_withdrawn"),
        ({"record_id": "not an id"}, "record_id"),
        ({"record_id": str(uuid4())}, "record_id"),
        ({"record_version": "2", "title": "New"}, "title"),
        ({"record_version": "2"}, None),
        ({"record_version": "1", "record_owner": "COUNCIL", "record_withdrawn": "FALSE"}, None),
    ],
)
def test_a_sheet_does_not_change_how_a_record_is_kept(world: World, cells: dict[str, str], column: str | None) -> None:
    world.risk()
    found = outcome(world, Risk, pl.DataFrame([{**CELLS, **cells}]))
    assert [fault.column for fault in found.faults] == ([column] if column else [])


def test_a_record_keeps_its_name(world: World) -> None:
    risk = world.risk()
    found = outcome(world, Risk, pl.DataFrame([{**CELLS, "risk": "R-9", "record_id": str(risk.pk)}]))
    assert [str(fault) for fault in found.faults] == [
        "sheet.csv, row 2, column risk: A risk keeps its name, R-1: put that back, or empty the cell record_id."
    ]


# Who may


def test_records_of_others_come_back_unchanged_or_as_a_fault(world: World) -> None:
    world.risk("R-1")
    world.risk("R-1", by="trust")
    world.risk("R-2", by="trust", sharing=Sharing.PRIVATE)
    client = world.as_("director")
    rows = as_rows(exported(client))
    assert [(row["risk"], row["record_owner"]) for row in rows] == [("R-1", "council"), ("R-1", "trust")]
    assert counts(looked_at(client, send(client, world, sheet(rows)))) == ("0", "0", "2")
    shown = show(send(client, world, sheet([row | {"title": "Mine"} for row in rows])))
    assert table(shown) == [
        ["3", "Title", "Mine", "Your role does not let you change this risk: put back what it said."]
    ]


def test_a_hidden_record_is_like_none(world: World) -> None:
    hidden = world.risk("R-9", by="trust", sharing=Sharing.PRIVATE)
    for key in (hidden.pk, uuid4()):
        found = outcome(world, Risk, pl.DataFrame([{**CELLS, "risk": "R-9", "record_id": str(key)}]))
        assert [(fault.row, fault.column, fault.sentence) for fault in found.faults] == [
            (2, "record_id", "There is no such record that you may see: empty the cell to add the row as a new one.")
        ]
    assert outcome(world, Risk, pl.DataFrame([{**CELLS, "risk": "R-9"}])).added.height == 1


def test_a_lot_of_somebody_else_is_out_of_reach(world: World) -> None:
    world.risk("R-1", lot="A", sharing=Sharing.PRIVATE)
    Membership.objects.filter(person=world.people["analyst"]).update(lot="B")
    found = outcome(world, Risk, pl.DataFrame([CELLS]), by="analyst", lot="B")
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, "risk")]
    client = world.as_("analyst")
    kept = {"kept_sharing": "private", "kept_lot": "B"}
    response = send(client, world, sheet([{**CELLS, "risk": "R-2"}]), **kept)
    looked_at(client, response)
    assert confirm(client, response["Location"]).status_code == 302
    assert Risk.objects.get(known_as="R-2").lot == "B"
    assert errors(show(send(client, world, sheet([CELLS]), **{**kept, "kept_lot": "A"}))) != []


def test_who_may_not_share_adds_for_their_own_alone(world: World) -> None:
    client = world.as_("analyst")
    shown = show(client.get(f"{RISKS}upload/"))
    assert [each.attributes["value"] for each in shown.all("input", name="kept_sharing")] == ["private"]
    assert show(send(client, world, sheet([CELLS]), kept_sharing="partners")).all("a", href="#id_kept_sharing") == []
    assert Upload.objects.count() == 0
    join(world.people["analyst"], world.programme, role="director", organisation=world.trust)
    owner = str(world.council.pk)
    shown = show(send(world.as_("analyst"), world, sheet([CELLS]), owner=owner, kept_sharing="partners"))
    assert errors(shown) == ["Your role does not let you share what Council council keeps."]


def test_who_adds_nothing_uploads_nothing(world: World) -> None:
    client = world.as_("owner")
    assert [client.get(f"{RISKS}{page}").status_code for page in ("upload/", "template.xlsx", "export.csv")] == [
        403, 200, 200,
    ]  # fmt: skip
    assert send(client, world, sheet([CELLS])).status_code == 403
    other = send(world.as_("director"), world, sheet([CELLS]), owner=str(world.trust.pk))
    assert (other.status_code, Upload.objects.count()) == (200, 0)


def test_an_upload_is_its_person_s_alone(world: World) -> None:
    response = send(world.as_("director"), world, sheet([CELLS]))
    address = response["Location"]
    assert world.as_("analyst").get(address).status_code == 404
    assert confirm(world.as_("analyst"), address, seen="").status_code == 404
    assert world.as_("director").get(address.replace("/risks/", "/tasks/")).status_code == 404


def test_an_upload_is_kept_for_a_day_or_until_the_next(world: World) -> None:
    client = world.as_("director")
    first = send(client, world, sheet([CELLS]))["Location"]
    second = send(client, world, sheet([CELLS]))["Location"]
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    Upload.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert (client.get(second).status_code, confirm(client, second, seen="").status_code) == (404, 404)
    send(world.as_("trust"), world, sheet([CELLS]), owner=str(world.trust.pk))
    assert [kept.person.username for kept in Upload.objects.all()] == ["trust"]


def test_what_changed_since_it_was_looked_at_is_looked_at_again(world: World) -> None:
    risk, client = world.risk(), world.as_("director")
    response = send(client, world, sheet([{**CELLS, "title": "Mine"}]))
    seen = looked_at(client, response).one("input", name="seen").attributes["value"]
    change_record(risk, {"title": "Theirs"}, by=world.people["analyst"], on=today())
    shown = show(confirm(client, response["Location"], seen=seen, reason="Mine is right."))
    assert errors(shown) == [
        "Meanwhile the register was changed, and this upload would do something else than it said: look again."
    ]
    assert table(shown) == [["Risk R-1", "Title", "Theirs", "Mine"]]
    assert shown.one("textarea", name="reason").text == "Mine is right."
    now = shown.one("input", name="seen").attributes["value"]
    assert confirm(client, response["Location"], seen=now, reason="Mine is right.").status_code == 302
    assert Risk.objects.get().title == "Mine"


def test_what_became_impossible_since_is_told_and_nothing_is_done(world: World) -> None:
    risk, client = world.risk(), world.as_("director")
    response = send(client, world, sheet([{**CELLS, "title": "Mine"}, {**CELLS, "risk": "R-2"}]))
    looked_at(client, response)
    withdraw_record(risk, by=world.people["director"], on=today(), reason="A double.")
    shown = show(confirm(client, response["Location"], seen="", reason="Why not."))
    assert table(shown) == [["2", "Title", "Mine", "This risk was withdrawn: restore it before you change it."]]
    assert Risk.objects.count() == 1
    Membership.objects.filter(person=world.people["director"]).update(ends_on=today())
    assert confirm(client, response["Location"], seen="").status_code == 404


def test_a_restated_record_that_is_shared_by_name_stays_so(world: World) -> None:
    risk, client = world.risk(), world.as_("director")
    share_record(risk, Sharing.NAMED, named={world.trust: None}, by=world.people["director"], on=today())
    response = send(client, world, sheet([{**CELLS, "title": "Mine"}]))
    assert confirm(client, response["Location"], reason="So it is.").status_code == 302
    assert (Risk.objects.get().sharing, Grant.objects.count()) == (Sharing.NAMED, 1)


def test_looking_never_writes(world: World) -> None:
    client = world.as_("director")
    address = send(client, world, sheet([CELLS]))["Location"]
    pages = [address, f"{RISKS}upload/", *(f"{RISKS}{name}" for name in ("template.xlsx", "export.csv", "export.xlsx"))]
    with CaptureQueriesContext(connection) as asked:
        assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    writes = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if '"register_tally"' not in sql] == []  # how often somebody takes out is counted


def test_the_form_is_asked_for_its_token_and_its_size(world: World) -> None:
    client = world.as_("director", enforce_csrf_checks=True)
    assert send(client, world, sheet([CELLS])).status_code == 403
    told = {"CONTENT_LENGTH": "30000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    response = client.generic("POST", f"{RISKS}upload/", b"", **told)
    assert response.status_code == 422
    assert "20 MB" in show(response, 422).one("main").text
    assert client.put(f"{RISKS}upload/").status_code == 405
    address = send(world.as_("director"), world, sheet([CELLS]))["Location"]
    assert confirm(client, address, seen="").status_code == 403


# What goes out


def test_an_export_holds_what_the_list_shows_and_nothing_else(world: World) -> None:
    world.risk("R-1", title="=HYPERLINK(1)")
    withdraw_record(world.risk("R-2"), by=world.people["director"], on=today(), reason="A double.")
    world.risk("R-3", sharing=Sharing.PRIVATE, title="Canary")
    world.risk("R-4", by="trust", trend="decreasing")
    out = {name: [row["risk"] for row in as_rows(exported(world.as_(name)))] for name in ("director", "trust")}
    assert out == {"director": ["R-1", "R-3", "R-4"], "trust": ["R-1", "R-4"]}
    client = world.as_("director")
    assert [row["risk"] for row in as_rows(exported(client, trend="decreasing"))] == ["R-4"]
    every = as_rows(exported(client, withdrawn="yes", sort="-known_as"))
    assert [(row["risk"], row["record_withdrawn"], row["record_version"]) for row in every] == [
        ("R-4", "false", "1"), ("R-3", "false", "1"), ("R-2", "true", "2"), ("R-1", "false", "1"),
    ]  # fmt: skip
    assert every[-1]["title"] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx", withdrawn="yes")))
    names = [entry["name"] for entry in schema_of(Risk).fields]
    rows = [dict(zip([*names, *KEPT], row, strict=True)) for row in book["Data"].iter_rows(min_row=2, values_only=True)]
    assert [(row["risk"], row["title"], row["impact_score"], row["record_withdrawn"]) for row in rows] == [
        ("R-1", "=HYPERLINK(1)", 3, False), ("R-2", "Too few staff", 3, True), ("R-3", "Canary", 3, False),
        ("R-4", "Too few staff", 3, False),
    ]  # fmt: skip
    assert {cell.data_type for row in book["Data"].iter_rows() for cell in row} == {"s", "n", "d", "b"}


def test_taking_out_a_sensitive_register_is_an_event_for_each_record(world: World) -> None:
    keeping = Keeping(world.council, Sharing.PARTNERS)
    rows = [worlds.row_of(Interest, interest=name) for name in ("1", "2")]
    added = add_records(
        world.programme, Interest, pl.DataFrame(rows), keeping=keeping, by=world.people["director"], on=today()
    )
    exported(world.as_("trust"), "xlsx", "/north/registers/interests/")
    told = Event.objects.filter(verb="read").values_list("record", "by")
    assert list(told) == [(str(one.pk), str(world.people["trust"].pk)) for one in added]


def test_a_template_lists_what_codes_stand_for(world: World) -> None:
    world.programme.described = {"document": [{"key": "001", "title": "The strategy"}]}
    world.programme.save()
    content = world.as_("trust").get("/north/registers/contracts/template.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = [tuple(row) for row in book["Lists"].iter_rows(min_row=2, values_only=True)]
    assert [row for row in rows if row[0] in ("area", "source")] == [
        ("area", "N", "The North"), ("source", "001", "The strategy"),
    ]  # fmt: skip
    notes = {row[0]: row for row in book["Notes"].iter_rows(values_only=True)}
    assert notes["annual_value_gbp"][3] == "pounds"


@pytest.mark.parametrize("rows", [1, 30])
def test_as_many_queries_for_thirty_rows_as_for_one(world: World, rows: int) -> None:
    for number in range(rows):
        world.risk(f"R-{number}")
    client = world.as_("director")
    changed = [{**CELLS, "risk": f"R-{number}", "title": "Other", "note": "x"} for number in range(rows)]
    address = send(client, world, sheet([*changed, {**CELLS, "risk": "new"}]))["Location"]
    with CaptureQueriesContext(connection) as asked:
        shown = show(client.get(address))
    assert len(asked) == PREVIEW_QUERIES
    seen = shown.one("input", name="seen").attributes["value"]
    with CaptureQueriesContext(connection) as asked:
        assert confirm(client, address, seen=seen, reason="Because.").status_code == 302
    assert len(asked) == CONFIRM_QUERIES
