"""Every indicator's value on the three examples: a refactoring leaves it as it was.

After a change of a method or of a table, write the golden file anew and say so in the changelog:

    PARITY_GOLDEN=write python3 start.py test tests/examples
"""

import json
import os
from typing import Any

import pytest

from parity.tables import is_of_england
from parity.terms.indicator import CATALOGUE
from tests.given import GOLDEN, SLUGS, Computed

pytestmark = pytest.mark.django_db

FILE = GOLDEN / "figures.json"
VALUES = ("value", "lower", "upper")
WORDS = ("missing", "basis", "price_year")

POSTS = "No document prints posts that are funded beside posts that are filled."
UNSEEN = {
    "cases_by_age_band": "No document prints people by age band and sex.",
    "spend_concentration": "No document names the providers of one service with what each gets.",
    **dict.fromkeys(
        (
            "workforce_total", "staff_in_post", "skill_mix_share", "vacancy_rate", "vacancy_rate_total",
            "workforce_funding_share", "workforce_rate", "workforce_change",
        ),
        POSTS,
    ),
    **dict.fromkeys(
        (
            "staff_people", "staff_group_share", "staff_not_stated_share", "staff_older", "staff_older_share",
            "staff_representation", "training_share", "training_remaining",
        ),
        "No document prints the age, sex, ethnic group or training of staff.",
    ),
    **dict.fromkeys(
        ("admission_rate", "bed_day_rate", "bed_days_an_admission", "median_stay"),
        "The document on in-patient care says how areas compare, and prints only the share of long stays.",
    ),
    **dict.fromkeys(("outside_share", "outside_rank"), "The share of placements outside the area is not printed."),
    **dict.fromkeys(("spend_real", "spend_real_change"), "The official deflators are none of the examples’ tables."),
    "service_gap_in_people": "Where a caseload is printed, no benchmark is.",
    "contact_representation": "The documents tell of ethnic groups in contact with services in words.",
    **dict.fromkeys(("staff_contact_rate", "follow_up_ratio"), "Contacts with staff are described in words."),
    **dict.fromkeys(("dual_diagnosis_people", "dual_diagnosis_share"), "Groups are named, their sizes are not."),
    **dict.fromkeys(("prison_people", "prison_cases_expected"), "No document prints how many people a prison holds."),
    **dict.fromkeys(
        ("case_finding_saving", "case_saving_stated"), "The review of case files prints no saving of its own."
    ),
    **dict.fromkeys(("theme_mentions", "theme_people_share"), "No document says how many told a theme."),
    **dict.fromkeys(
        ("data_issues_count", "data_issues_open", "data_issues_of_dataset", "data_issues_overdue"),
        "No document prints its log of data quality issues.",
    ),
    **dict.fromkeys(
        (
            "purchase_break_even", "purchase_use", "purchase_spot_cost", "purchase_block_cost",
            "purchase_used_place_cost", "purchase_block_saving", "purchase_block_chance",
        ),
        "Places bought one by one and in a block are weighed in words, without a price.",
    ),
    **dict.fromkeys(
        (
            "calibration_counted", "calibration_stated", "calibration_expected", "calibration_within",
            "calibration_error", "calibration_error_by_chance", "calibration_misfit", "calibration_number",
            "calibration_learned",
        ),
        "No document counts people by month.",
    ),
    **dict.fromkeys(
        ("moving_on_people", "moving_on_sustained_share"), "The plan tells who is to move, no document who has."
    ),
    "assessment_topics_count": "The check of the city's needs assessment is planned, not reported.",
}  # fmt: skip
"""Indicators that no example can show, and why."""

Kept = dict[str, dict[str, list[Any]]]


def address(figure: dict[str, Any]) -> str:
    where = [f"{name}={value}" for name, value in figure["where"].items()]
    return "; ".join((figure["area"], figure["period"], *where))


def kept(figures: list[dict[str, Any]]) -> Kept:
    """By programme and key, then by area, period and dimensions: value, interval, reason, basis, price year."""
    found: Kept = {}
    for figure in figures:
        group = found.setdefault(f"{figure['programme']}/{figure['key']}", {})
        group[address(figure)] = [figure[name] for name in (*VALUES, *WORDS)]
    return dict(sorted(found.items()))


def write(found: Kept) -> None:
    """One figure a line, so that a change can be read."""
    groups = [
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(
            f" {json.dumps(where, ensure_ascii=False)}: {json.dumps(row, ensure_ascii=False)}"
            for where, row in group.items()
        )
        + "\n}"
        for name, group in found.items()
    ]
    FILE.write_text("{\n" + ",\n".join(groups) + "\n}\n", encoding="utf-8")


def test_every_figure_is_what_it_was_before(computed: Computed) -> None:
    found = kept(computed.figures)
    if os.environ.get("PARITY_GOLDEN") == "write":
        write(found)
    before: Kept = json.loads(FILE.read_text(encoding="utf-8"))
    assert sorted(found) == sorted(before)
    for name, group in before.items():
        assert list(found[name]) == list(group), name
        for where, row in group.items():
            numbers, words = row[: len(VALUES)], row[len(VALUES) :]
            now = found[name][where]
            assert now[len(VALUES) :] == words, (name, where)
            assert now[: len(VALUES)] == [
                None if number is None else pytest.approx(number, rel=1e-12, abs=1e-300) for number in numbers
            ], (name, where)


def test_no_two_figures_share_an_address(computed: Computed) -> None:
    addresses = [(figure["programme"], figure["key"], address(figure)) for figure in computed.figures]
    assert len(set(addresses)) == len(addresses)


def test_every_other_indicator_shows_a_figure_in_some_example(computed: Computed) -> None:
    """England's indicators rest on what is published, of which the examples bring nothing."""
    own = {key for key, definition in CATALOGUE.items() if not is_of_england(definition)}
    assert own - {figure["key"] for figure in computed.figures} == set(UNSEEN)


def test_every_example_has_figures_of_several_stages(computed: Computed) -> None:
    stages = {
        slug: {CATALOGUE[one["key"]].stage for one in computed.figures if one["programme"] == slug} for slug in SLUGS
    }
    assert stages["leicester"] == {"analyse", "plan", "secure", "review"}
    assert [slug for slug, seen in stages.items() if len(seen) < 2] == []


def test_every_figure_names_a_release_and_every_number_is_plain_json(computed: Computed) -> None:
    assert [one["key"] for one in computed.figures if not one["releases"]] == []
    assert json.loads(json.dumps(computed.figures, allow_nan=False)) == computed.figures
