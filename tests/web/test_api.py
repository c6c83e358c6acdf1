"""The API: filters, pages that join without gap or overlap, errors as problem documents."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from parity.register.models import Person
from parity.tables import Store
from parity.terms.indicator import CATALOGUE, Indicator
from parity.terms.release import Release
from parity.terms.units import Unit
from tests.layout.sample import indicator

FIGURES = "/api/programmes/leicester/figures"
REGISTER = "/api/programmes/leicester/registers/risks"
AREAS = ("E06000016", "E06000017", "E10000018")


def _counted(counts: pl.DataFrame) -> pl.DataFrame:
    return counts


def _definition(key: str, stage: str) -> Indicator:
    return replace(indicator(key, Unit.PEOPLE), stage=stage, dimensions=(), tables=("counts",), function=_counted)


@pytest.fixture
def two_indicators(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object) -> None:
    settings.PARITY_HOME = tmp_path
    for key in tuple(CATALOGUE):
        monkeypatch.delitem(CATALOGUE, key)
    for key, stage in (("first", "analyse"), ("second", "plan")):
        monkeypatch.setitem(CATALOGUE, key, _definition(key, stage))
    counts = pl.DataFrame({
        "area": list(AREAS) * 2, "period": ["2024"] * 3 + ["2025"] * 3, "value": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    })  # fmt: skip
    release = Release("counts", "leicester", "c0", "c0" * 32, "typed here", "2026-01-02T03:04:05Z", 6)
    Store(tmp_path).save("leicester", [(counts, release)])


def read(client: Client, **wanted: object) -> tuple[list[dict[str, object]], str | None]:
    answer = client.get(FIGURES, wanted)
    assert answer.status_code == 200, answer.content
    body = json.loads(answer.content)
    return body["items"], body["next"]


def test_all_figures_come_in_the_one_json_of_a_figure(signed_in: Client, two_indicators: None) -> None:
    items, following = read(signed_in)
    assert [(item["key"], item["value"]) for item in items] == [
        (key, float(value)) for key in ("first", "second") for value in range(1, 7)
    ]
    assert following is None
    assert (items[0]["text"], items[0]["releases"][0]["stem"]) == ("1", "counts")


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        ({"key": "second"}, [1, 2, 3, 4, 5, 6]),
        ({"stage": "plan"}, [1, 2, 3, 4, 5, 6]),
        ({"stage": "plan", "key": "first"}, []),
        ({"area": "E06000017"}, [2, 5, 2, 5]),
        ({"area": "E06000017", "period": "2025", "key": "first"}, [5]),
        ({"area": "nowhere"}, []),
    ],
)
def test_filters_narrow(signed_in: Client, two_indicators: None, wanted: dict[str, str], values: list[float]) -> None:
    assert [item["value"] for item in read(signed_in, **wanted)[0]] == values


@pytest.mark.parametrize("limit", [1, 5, 6, 11, 12, 13])
def test_pages_join_without_gap_or_overlap(signed_in: Client, two_indicators: None, limit: int) -> None:
    whole, _ = read(signed_in)
    joined, cursor = read(signed_in, limit=limit)
    while cursor is not None:
        items, cursor = read(signed_in, limit=limit, cursor=cursor)
        joined += items
    assert joined == whole


def test_a_visitor_is_told_to_sign_in_not_sent_away(visitor: Client, programme: object) -> None:
    answer = visitor.get(FIGURES)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert json.loads(answer.content)["title"] == "Unauthorized"


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        (f"{FIGURES}?key=none", 404, "No indicator is called “none”."),
        (f"{FIGURES}?cursor=!", 404, "This cursor is not one that we gave."),
        (f"{FIGURES}?cursor=a", 404, "This cursor is not one that we gave."),
        (f"{FIGURES}?cursor=LTE=", 404, "This cursor is not one that we gave."),
        (f"{FIGURES}?cursor={urlsafe_b64encode(b'9' * 30).decode()}", 404, "This cursor is not one that we gave."),
        (f"{FIGURES}?cursor={urlsafe_b64encode(b'9' * 5000).decode()}", 404, "This cursor is not one that we gave."),
        (f"{FIGURES}?stage=do", 422, "stage: Input should be 'analyse', 'plan', 'secure' or 'review'."),
        (f"{FIGURES}?limit=0", 422, "limit: Input should be greater than or equal to 1."),
        ("/api/programmes/nowhere/figures", 404, "If you typed the address, check that it is correct."),
        ("/api/nothing", 404, "If you typed the address, check that it is correct."),
    ],
)
def test_errors_are_problem_documents(
    signed_in: Client, two_indicators: None, address: str, status: int, detail: str
) -> None:
    answer = signed_in.get(address)
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["detail"]) == (status, detail)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(signed_in: Client, programme: object, method: str) -> None:
    answer = getattr(signed_in, method)(FIGURES, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/problem+json", "GET")


def test_what_is_no_json_or_too_large_is_refused_before_it_is_read(signed_in: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    told = {
        kind: signed_in.post(REGISTER, "x" * size, content_type=kind)
        for kind, size in (("text/plain", 10), ("multipart/form-data; boundary=x", 10), ("application/json", 101))
    }
    assert [(kind, answer.status_code, answer["Content-Type"]) for kind, answer in told.items()] == [
        ("text/plain", 415, "application/problem+json"),
        ("multipart/form-data; boundary=x", 415, "application/problem+json"),
        ("application/json", 413, "application/problem+json"),
    ]


def test_a_change_in_a_session_needs_the_token_of_our_pages(person: Person, programme: object) -> None:
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(person)
    answer = client.post(REGISTER, "{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    client.cookies["csrftoken"] = token = "a" * 32
    sent = client.post(REGISTER, "{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 422


def test_the_description_lists_the_filters(signed_in: Client, visitor: Client) -> None:
    described = json.loads(signed_in.get("/api/openapi.json").content)
    operation = described["paths"]["/api/programmes/{programme}/figures"]["get"]
    assert [each["name"] for each in operation["parameters"]] == [
        "programme", "key", "stage", "area", "period", "cursor", "limit",
    ]  # fmt: skip
    assert sorted(operation["responses"]) == ["200", "400", "401", "403", "404", "422", "429"]
    assert visitor.get("/api/openapi.json").status_code == 302
