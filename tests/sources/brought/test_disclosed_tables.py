"""Which policy a table is under, as a programme and its schemas say it, and what is refused."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parity.sources.brought.disclosure import as_text, disclosure_of, relations_shown
from parity.sources.brought.programme import house_schemas, read_programme
from parity.sources.brought.table_schema import Schema, schema_from
from parity.terms.disclosure import Disclosure, disclosure_from
from parity.terms.errors import Fault, InputRefused
from tests.given import READ_AT

Copy = Callable[[str], Path]
FIELDS = [
    {"name": "area"},
    {"name": "sex"},
    {"name": "people", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "days", "type": "number"},
    {"name": "ward"},
]
KNOWN = Disclosure("mhsds", ("area", "sex"), ("area",), ("people",))


def schema(**changed: Any) -> Schema:
    keys = [{"fields": "area", "reference": {"resource": "areas", "fields": "area"}}]
    return schema_from(json.dumps({"fields": FIELDS, "primaryKey": ["area", "sex"], "foreignKeys": keys, **changed}))


# One table


@pytest.mark.parametrize(
    ("stated", "asked"),
    [
        ({"counts": ["people"]}, "mhsds"),
        ({"counts": ["people"]}, {"policy": "mhsds"}),
        ({"counts": ["people"], "policy": "mhsds"}, {}),
        ({"counts": ["days"], "policy": "opensafely"}, {"policy": "mhsds", "counts": ["people"]}),
    ],
)
def test_what_the_programme_says_goes_before_what_the_schema_says(stated: dict[str, Any], asked: object) -> None:
    assert disclosure_of(schema(), stated, asked) == KNOWN


def test_every_part_is_kept() -> None:
    parts = {
        "means": {"days": "people"},
        "totals": {"sex": "all"},
        "sums": {"area": {"county": ["north", "south"], "England": [["county"], ["board"]]}},
    }
    found = disclosure_of(schema(), {"counts": ["people"]}, {"policy": "mhsds", **parts})
    assert found == Disclosure("mhsds", ("area", "sex"), ("area",), ("people",), **parts)
    assert disclosure_from(json.dumps(json.loads(as_text({"beds": found}))["beds"])) == found


@pytest.mark.parametrize("asked", ["published", {}, {"policy": "published"}])
def test_what_is_published_is_under_none(asked: object) -> None:
    assert disclosure_of(schema(), {"counts": ["people"]}, asked) is None


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (7, "give the name of a policy, or a section with “policy”."),
        ("hide", "the policy “hide” is none of published, nhse_secondary_care, mhsds, opensafely."),
        ({"policy": "mhsds", "total": "all"}, "there is no total of a disclosure."),
        ({"policy": "mhsds", "counts": "people"}, "“counts” is a list of columns."),
        ({"policy": "mhsds", "open": [1]}, "“open” is a list of columns."),
        ({"policy": "mhsds", "totals": ["all"]}, "“totals” gives a text for each column."),
        ({"policy": "mhsds", "means": {"days": 1}}, "“means” gives a text for each column."),
        (
            {"policy": "mhsds", "sums": {"sex": {"all": []}}},
            "“sums” gives for each dimension the values that hold others, each with a list of its parts.",
        ),
        (
            {"policy": "mhsds", "sums": {"sex": ["men"]}},
            "“sums” gives for each dimension the values that hold others, each with a list of its parts.",
        ),
        ({"policy": "mhsds", "counts": []}, "“counts” must name the columns that count people."),
        ({"policy": "mhsds", "counts": ["ward"]}, "“ward” is no numeric column of the table beside its key."),
        ({"policy": "mhsds", "open": ["beds"]}, "“beds” is no numeric column of the table beside its key."),
        (
            {"policy": "mhsds", "counts": ["days"]},
            "the schema must give “days” a minimum of 0: nobody is counted below it.",
        ),
        ({"policy": "mhsds", "means": {"days": "beds"}}, "“beds” has means but is not one of the counts."),
        ({"policy": "mhsds", "totals": {"ward": "all"}}, "“ward” is not in the table's primaryKey."),
        ({"policy": "mhsds", "sums": {"ward": {"all": ["one"]}}}, "“ward” is not in the table's primaryKey."),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(asked: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        disclosure_of(schema(), {"counts": ["people"]}, asked)


def test_a_table_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the table needs a primaryKey, so that each row has a name\.$"):
        disclosure_of(schema(primaryKey=[]), {"counts": ["people"]}, "mhsds")


def test_the_house_s_tables_that_count_people_can_be_under_a_policy() -> None:
    folder = Path(__file__).parents[3] / "parity" / "sources" / "brought" / "schemas"
    stated = {path.stem: json.loads(path.read_text("utf-8")).get("disclosure") for path in folder.glob("*.json")}
    counting = {stem: said for stem, said in stated.items() if said is not None}
    assert set(counting) == {
        "allocation_factors", "benefit_claims", "dual_diagnosis", "employment_rates", "inpatient_activity",
        "lengths_of_stay", "move_on_returns", "population", "population_bands", "prevalence_estimates",
        "prison_findings", "prison_places", "risk_factors", "service_contacts", "service_costs", "staff_contacts",
        "workforce", "workforce_people", "workforce_training",
    }  # fmt: skip
    found = {stem: disclosure_of(house_schemas()[stem], said, "mhsds") for stem, said in counting.items()}
    assert {declared.policy for declared in found.values() if declared is not None} == {"mhsds"}


# A programme's folder


def with_disclosure(folder: Path, section: str) -> Path:
    path = folder / "programme.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{section}\n", encoding="utf-8")
    return folder


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(InputRefused) as refused:
        read_programme(folder, at=READ_AT)
    return refused.value.faults


def declared_in(folder: Path) -> dict[str, Any]:
    return json.loads(read_programme(folder, at=READ_AT).tables["disclosure"][0].item())


def test_without_a_policy_nothing_is_kept(copy_of: Copy) -> None:
    folder = with_disclosure(copy_of("luton"), '[disclosure]\npopulation = "published"')
    assert "disclosure" not in read_programme(folder, at=READ_AT).tables


def test_the_people_who_work_are_under_a_policy_unless_the_programme_says_otherwise(copy_of: Copy) -> None:
    folder = copy_of("luton")
    header = "area,period,employer,role,characteristic,group,people,source,place\n"
    people = folder / "tables" / "workforce_people.csv"
    people.write_text(f"{header}E06000032,2003,Trust,all,ethnic group,Asian,3,002,Table 1\n", encoding="utf-8")
    found = declared_in(folder)
    assert found.keys() == {"workforce_people"}
    assert disclosure_from(json.dumps(found["workforce_people"])) == Disclosure(
        "opensafely",
        ("area", "period", "employer", "role", "characteristic", "group"),
        ("area",),
        ("people",),
        totals={"employer": "all", "role": "all", "group": "all"},
    )
    lifted = with_disclosure(folder, '[disclosure]\nworkforce_people = "published"')
    assert "disclosure" not in read_programme(lifted, at=READ_AT).tables


def test_what_is_known_is_kept_as_a_table_with_its_release(copy_of: Copy) -> None:
    folder = with_disclosure(copy_of("luton"), '[disclosure]\npopulation = "mhsds"\nservice_contacts = "mhsds"')
    read = read_programme(folder, at=READ_AT)
    frame, release = read.tables["disclosure"]
    assert set(json.loads(frame.item())) == {"population", "service_contacts"}
    assert (release.stem, release.rows, release.address) == ("disclosure", 2, "luton/programme.toml")
    changed = with_disclosure(copy_of("kent"), '[disclosure]\npopulation = "opensafely"')
    assert read_programme(changed, at=READ_AT).tables["disclosure"][1].sha256 != release.sha256
    assert not (folder / "tables" / "service_contacts.csv").exists()


def own_table(folder: Path, disclosure: object) -> Path:
    keys = [{"fields": "area", "reference": {"resource": "areas", "fields": "area"}}]
    fields = [{"name": "area"}, {"name": "people", "type": "integer", "constraints": {"minimum": 0}}]
    said = {"fields": fields, "primaryKey": "area", "foreignKeys": keys, "disclosure": disclosure}
    (folder / "tables" / "beds.schema.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "tables" / "beds.csv").write_text("area,people\nE06000032,3\n", encoding="utf-8")
    return folder


def test_a_table_of_the_programme_s_own_says_it_in_its_schema(copy_of: Copy) -> None:
    folder = own_table(copy_of("luton"), {"policy": "mhsds", "counts": ["people"]})
    told = declared_in(folder)["beds"]
    assert disclosure_from(json.dumps(told)) == Disclosure("mhsds", ("area",), ("area",), ("people",))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ('disclosure = "mhsds"', "[disclosure] gives a policy for each table that is under one."),
        ('[disclosure]\nbeds = "mhsds"', "[disclosure] names “beds”, which is no table: correct its name."),
        ('[disclosure]\nareas = "mhsds"', "[disclosure] cannot hold “areas”: it counts nobody."),
        (
            '[disclosure]\nspend = "mhsds"',
            "[disclosure] of “spend” cannot be used: “counts” must name the columns that count people.",
        ),
    ],
)
def test_a_section_that_cannot_be_followed_is_told(copy_of: Copy, section: str, sentence: str) -> None:
    folder = copy_of("luton")
    path = folder / "programme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{section}\n{text}" if "=" in section.split("\n")[0] else f"{text}\n{section}\n", "utf-8")
    assert faults_of(folder) == [Fault("programme.toml", sentence)]


def test_a_schema_that_only_names_a_policy_is_told_what_else_it_needs(copy_of: Copy) -> None:
    assert [fault.sentence for fault in faults_of(own_table(copy_of("luton"), "mhsds"))] == [
        "[disclosure] of “beds” cannot be used: “counts” must name the columns that count people."
    ]


def test_no_table_may_bear_the_name_under_which_policies_are_kept(copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "tables" / "disclosure.csv").write_text("area\nE06000032\n", encoding="utf-8")
    (folder / "tables" / "disclosure.schema.json").write_text('{"fields": [{"name": "area"}]}', encoding="utf-8")
    assert [str(fault) for fault in faults_of(folder)] == [
        "disclosure.schema.json: The schema cannot be used: a table's name holds letters, digits and “_”, and is not "
        "“disclosure”: choose another name."
    ]


# Relations


def relation(identity: str, **terms: object) -> dict[str, Any]:
    return {"id": identity, "kind": "equal", "says": "People of people", **terms}


def test_relations_that_rest_on_a_hidden_number_are_not_shown() -> None:
    declared = {
        "relation": [
            relation("A", value="people.value[area=x]"),
            relation("B", value="staff.wte[area=x]", printed="1"),
            relation("C", value="id:A"),
            relation("D", parts=["id:B", "minus id:C"]),
            relation("E", value="figure staff_wte[area=x]"),
            relation("F", value="fit:whole"),
            relation("G", value="id:B"),
            {"for_each": "one", "ids": {"x": "H1", "y": "H2"}, "value": "people.value[area={one}]"},
            relation("I", value="id:H2"),
            {"for_each": "one", "ids": {"H1": "J1"}, "value": "id:{one}"},
            relation("K", value="staff.wte[area=people_x]"),
            relation("L", value="id:B", printed="cell people.value[area=x]"),
        ],
        "fit": [{"name": "whole", "rows": "people[area=x]"}, {"name": "part", "rows": "staff[area=x]"}],
    }
    shown = relations_shown(declared, {"people"})
    assert [one["id"] for one in shown["relation"]] == ["B", "G", "K"]
    assert [one["name"] for one in shown["fit"]] == ["part"]


def test_a_programme_keeps_the_other_relations(copy_of: Copy) -> None:
    before = read_programme(copy_of("leicester"), at=READ_AT)
    folder = with_disclosure(copy_of("kent").parent / "leicester", '[disclosure]\nprevalence_estimates = "mhsds"')
    after = read_programme(folder, at=READ_AT)
    kept = json.loads(after.tables["relations"][0].item())["relation"]
    assert after.relations == before.relations
    assert 0 < len(kept) < len(before.relations["relation"])
    assert "prevalence_estimates" not in json.dumps([{**one, "says": ""} for one in kept])
