"""Notices of contracts: one row a notice, values and currencies, and no word of a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from parity.sources.contract_notices import NO_VALUE, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official

PERSON = {"name": "A. Person", "email": "a.person@council.example", "telephone": "01632 960001"}
TENDER = {
    "title": "Counselling", "status": "complete", "procurementMethod": "open", "procurementMethodDetails": "Open",
    "mainProcurementCategory": "services", "classification": {"id": "85312320", "description": "Counselling"},
    "value": {"amount": 1000, "currency": "GBP"},
    "contractPeriod": {"startDate": "2025-04-01T00:00:00Z", "endDate": "2027-03-31T23:59:59Z"},
}  # fmt: skip
RELEASE = {
    "ocid": "ocds-1-1", "id": "1", "date": "2025-01-23T22:10:19Z", "tag": ["tender"], "tender": TENDER,
    "buyer": {"id": "GB-1", "name": "Borough"}, "parties": [{"contactPoint": PERSON}],
}  # fmt: skip
AWARD = {"value": {"amount": 900.5, "currency": "GBP"}, "suppliers": [{"id": "S1", "name": "A. Person trading as B"}]}
PUBLISHED = {"publisher": {"name": "Finder"}, "publishedDate": "2025-03-21T00:00:00Z"}


def saved(file: Path, content: object) -> Path:
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_a_notice_is_a_row_without_people(tmp_path: Path) -> None:
    awarded: dict[str, Any] = {**RELEASE, "id": "2", "tag": ["award", "contract"], "awards": [AWARD, AWARD]}
    bare = {"ocid": "ocds-1-2", "id": "1", "date": "2025-01-24", "tag": ["planning"]}
    name, frame = read_edition(
        PUBLICATION, saved(tmp_path / "p.json", {**PUBLISHED, "releases": [RELEASE, awarded, bare]})
    )
    assert name == "Finder, 2025-03-21"
    shown = frame.select(
        "ocid", "release", "period", "tag", "cpv", "tender_value", "awarded_value", "suppliers", "ends", "missing"
    )
    assert shown.rows() == [
        ("ocds-1-1", "1", "2025-01-23", "tender", "85312320", 1000.0, None, None, "2027-03-31", None),
        ("ocds-1-1", "2", "2025-01-23", "award, contract", "85312320", 1000.0, 1801.0, 1, "2027-03-31", None),
        ("ocds-1-2", "1", "2025-01-24", "planning", None, None, None, None, None, NO_VALUE),
    ]
    assert "Person" not in frame.write_csv()


def test_values_in_several_currencies_are_not_added_up(tmp_path: Path) -> None:
    release = {**RELEASE, "awards": [{"value": {"amount": 5, "currency": "EUR"}}]}
    _, frame = read_edition(PUBLICATION, saved(tmp_path / "p.json", {**PUBLISHED, "releases": [release]}))
    assert frame.select("tender_value", "awarded_value", "currency", "missing").rows() == [
        (None, None, "EUR, GBP", "The values are in several currencies.")
    ]


@pytest.mark.parametrize(
    ("record", "tags"),
    [
        ({"compiledRelease": {**RELEASE, "tag": ["compiled"]}, "releases": [{"url": "x"}]}, ["compiled"]),
        ({"releases": [RELEASE, {"url": "x", "date": "2025-01-01", "tag": ["planning"]}]}, ["tender"]),
    ],
)
def test_a_record_gives_what_compiles_it_or_what_it_holds(
    record: dict[str, Any], tags: list[str], tmp_path: Path
) -> None:
    _, frame = read_edition(PUBLICATION, saved(tmp_path / "r.json", {**PUBLISHED, "records": [record]}))
    assert frame["tag"].to_list() == tags


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"notices": []}, "is no package of releases or records"),
        ([], "is no package of releases or records"),
        ({**PUBLISHED, "releases": [{"ocid": "x", "id": "1"}]}, "has a release without date, tag"),
        ({**PUBLISHED, "releases": []}, "there is no row"),
        ({**PUBLISHED, "releases": ["x"]}, "holds a release that is not made as the standard says"),
        (
            {**PUBLISHED, "releases": [{**RELEASE, "tender": "x"}]},
            "holds a release that is not made as the standard says",
        ),
    ],
)
def test_what_is_no_package_is_refused(content: object, words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, saved(tmp_path / "p.json", content))


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text("<html>", "utf-8")
    with pytest.raises(SourceChanged, match="is no JSON"):
        read_edition(PUBLICATION, file)


@needs_data
@pytest.mark.parametrize(
    ("file", "rows", "health"),
    [
        ("contracts_finder_ocds_release_package_200.json.gz", 201, 19),
        ("ocp_fictional_example_1.1_ocds-213czf-000-00001.json", 6, 0),
        ("ocp_fictional_example_1.1_record_ocds-213czf-000-00001.json", 1, 0),
    ],
)
def test_real_packages_are_read(file: str, rows: int, health: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    of_health = [code for code in frame["cpv"].drop_nulls() if code.startswith("85")]
    assert (frame.height, len(of_health)) == (rows, health)
    assert "redacted" not in frame.write_csv()
