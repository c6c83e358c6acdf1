"""Why a small home for people would save, what each of its numbers does, and what the chapter says of it."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.documents.model import Block, Callout, Chart, Heading, Paragraph, Table
from parity.methods.flow_explain import NO_SPENDING
from parity.plan.flow_names import END, START
from parity.plan.flow_paths import NO_CHANCE
from parity.plan.flow_reasons import number_name
from parity.plan.reasons.documents import (
    ABSENT,
    AS_AVERAGE,
    NO_INTERVAL,
    SURE,
    TOO_MANY,
    chapter,
    reason_blocks,
)
from parity.tables import Desk
from parity.terms.figure import Figure
from tests.stages.analyse.frames import desk, table
from tests.stages.plan.test_scenarios import FLAT, HOME, MOVES, NUMBERS, OUT, number, tables

MONTH = 52 / 12
UNCERTAIN = (*NUMBERS[:1], {**NUMBERS[1], "lower": 50, "upper": 600}, *NUMBERS[2:])
"""The home may cost far less than the flat: then moving out does not pay."""


def change(code: str, lever: str, parameter: str, setting: str, **more: Any) -> dict[str, Any]:
    told = {"scenario": OUT, "lever": lever, "starts": date(2026, 4, 1), **more}
    return {**number(code, parameter, setting), **told}


CHEAPER = change("C2", "Cheaper flats", "cost of a person a week", FLAT, operation="set to", value=50)
PLACES = change("C3", "More flats", "places", FLAT, operation="set to", value=12)


def world(folder: Path, *changes: dict[str, Any], numbers: tuple[dict[str, Any], ...] = NUMBERS, **model: Any) -> Desk:
    given = tables(numbers=numbers, **model)
    return desk(folder, **{**given, "scenario_changes": table("scenario_changes", MOVES, *changes)})


def values(shown: Desk, key: str, dimension: str) -> dict[str, float]:
    return {dict(one.where)[dimension]: round(one.value or 0, 6) for one in shown.figures(key)}


def drawn(blocks: list[Block]) -> dict[str, Chart]:
    return {block.table.slug: block for block in blocks if isinstance(block, Chart)}


def said(blocks: list[Block]) -> list[str]:
    parts = (block.parts for block in blocks if isinstance(block, Paragraph))
    return ["".join(part.text if isinstance(part, Figure) else part for part in each) for each in parts]


def test_steps_add_up_and_say_what_a_lever_would_do_alone(tmp_path: Path) -> None:
    shown = world(tmp_path, CHEAPER, PLACES)
    moved = sum(min(month, 6) for month in range(1, 25))
    steps = values(shown, "scenario_saving_step", "step")
    more = sum(min(month, 12) for month in range(1, 25)) - moved
    assert steps == {
        START: 0,
        "Team": round(200 * MONTH * moved, 6),
        "Cheaper flats": round(50 * MONTH * moved, 6),
        "More flats": round(250 * MONTH * more, 6),
        END: round(250 * MONTH * (moved + more), 6),
    }
    assert sum(value for name, value in steps.items() if name != END) == pytest.approx(steps[END])
    notes = {dict(one.where)["step"]: one.note for one in shown.figures("scenario_saving_step")}
    assert notes["More flats"] == (
        f"More flats: Alone it would make £0 of difference; after the levers before it, £{round(250 * MONTH * more):,}."
    )
    assert notes["Team"] is None
    people = shown.figures("scenario_people_step").all()
    assert [(dict(one.where)["step"], one.value, one.note) for one in people[:2]] == [
        (START, 24, f"People in {HOME}."),
        ("Team", pytest.approx(-6), f"People in {HOME}."),
    ]


def test_each_lever_alone_costs_saves_and_pays_or_not(tmp_path: Path) -> None:
    shown = world(
        tmp_path, change("C4", "A survey", "paid once", HOME, operation="in all", value=900, lower=500, upper=1500)
    )
    found = {key: values(shown, f"scenario_lever_{key}", "lever") for key in ("cost", "saving", "balance")}
    saved = round(200 * MONTH * sum(min(month, 6) for month in range(1, 25)), 6)
    assert found["cost"] == {"Team": 0, "A survey": 900}
    assert found["saving"] == {"Team": saved, "A survey": 0}
    assert found["balance"] == {"Team": saved, "A survey": -900}
    chances = [(one.value, one.missing) for one in shown.figures("scenario_lever_chance")]
    assert chances == [(None, NO_CHANCE), (0, None)]
    words = said(reason_blocks(shown, "Care", OUT))
    assert [
        each for each in words if each.endswith("pay for themselves: Team. These do not within these months: A survey.")
    ]


def test_what_is_spent_stands_beside_what_it_brings(tmp_path: Path) -> None:
    """A survey of £900 in the first month; what moving people saves is saved in two years, the second discounted."""
    shown = world(
        tmp_path, change("C4", "A survey", "paid once", HOME, operation="in all", value=900, lower=500, upper=1500)
    )
    months = [200 * MONTH * min(month, 6) for month in range(1, 25)]
    brings = sum(months[:12]) + sum(months[12:]) / 1.035
    lines = {
        "scenario_change_benefit": brings,
        "scenario_change_cost": 900,
        "scenario_benefit_cost_ratio": brings / 900,
        "scenario_equal_year": (brings - 900) * 0.035 / (1 - 1.035**-2),
        "scenario_benefit_may_fall": 1 - 900 / brings,
        "scenario_cost_may_rise": brings / 900 - 1,
    }
    found = {key: shown.figures(key).one() for key in lines}
    assert {key: one.value for key, one in found.items()} == pytest.approx(lines)
    assert {key for key, one in found.items() if one.lower is None} == {"scenario_change_benefit"}
    assert found["scenario_change_cost"].lower < 900 < found["scenario_change_cost"].upper
    (table,) = (block for block in reason_blocks(shown, "Care", OUT) if getattr(block, "slug", "") == "case-1-1")
    assert [row[1] for row in table.rows] == [found[key] for key in lines]


def test_where_nothing_is_spent_nothing_is_divided(tmp_path: Path) -> None:
    shown = world(tmp_path)
    assert shown.figures("scenario_change_cost").one().value == pytest.approx(0)
    assert shown.figures("scenario_benefit_cost_ratio").one().missing == NO_SPENDING
    assert shown.figures("scenario_cost_may_rise").one().missing == NO_SPENDING
    assert shown.figures("scenario_benefit_may_fall").one().value == pytest.approx(1)


def test_a_number_moves_the_saving_from_one_end_to_the_other(tmp_path: Path) -> None:
    shown = world(tmp_path, numbers=UNCERTAIN)
    name = number_name({**UNCERTAIN[1], "lever": None})
    moved = sum(min(month, 6) for month in range(1, 25)) * MONTH
    assert values(shown, "scenario_saving_low", "number") == {name: round((50 - 100) * moved, 6)}
    assert values(shown, "scenario_saving_high", "number") == {name: round((600 - 100) * moved, 6)}
    charts = drawn(reason_blocks(shown, "Care", OUT))
    assert list(charts) == ["saving-swings-1-1"]
    assert [row[0] for row in charts["saving-swings-1-1"].table.rows] == ["As it stands", name]
    assert charts["saving-swings-1-1"].table.rows[1][-2:] == ("not said", "–")


def test_it_is_worth_to_know_the_one_number_that_could_change_the_choice(tmp_path: Path) -> None:
    shown = world(tmp_path, numbers=UNCERTAIN)
    worth, better = (
        shown.figures(key).one(scenario=OUT) for key in ("scenario_certainty_value", "scenario_chance_better")
    )
    assert better.value is not None
    assert 0.7 < better.value < 1
    assert worth.value is not None
    assert worth.value > 0
    (one,) = shown.figures("scenario_number_value")
    assert one.value == pytest.approx(worth.value, rel=0.05)
    blocks = reason_blocks(shown, "Care", OUT)
    (found,) = [block for block in blocks if isinstance(block, Table) and block.slug == "worth-knowing-1-1"]
    assert found.rows[0][1] == "£50.00 a week to £600.00 a week"


def test_a_choice_that_is_the_same_in_every_draw_needs_no_inquiry(tmp_path: Path) -> None:
    likely = (*NUMBERS[:1], {**NUMBERS[1], "lower": 280, "upper": 320}, *NUMBERS[2:])
    blocks = reason_blocks(world(tmp_path, numbers=likely), "Care", OUT)
    assert SURE in said(blocks)
    assert [block.slug for block in blocks if isinstance(block, Table)] == ["levers-1-1", "case-1-1"]


def test_nothing_is_said_of_chance_where_nothing_is_uncertain(tmp_path: Path) -> None:
    chance = world(tmp_path).figures("scenario_chance_better").one()
    assert (chance.value, chance.missing) == (None, NO_CHANCE)


def test_the_chapter_explains_each_scenario(tmp_path: Path) -> None:
    blocks = chapter(world(tmp_path, CHEAPER, numbers=UNCERTAIN))
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        OUT,
        "What each lever adds",
        "Which lever pays for itself",
        "The case for spending",
        "Which numbers matter most",
        "What is worth knowing better",
    ]
    assert list(drawn(blocks)) == ["saving-steps-1-1", "people-steps-1-1", "saving-swings-1-1"]


def test_one_lever_and_no_interval_are_told_in_words(tmp_path: Path) -> None:
    words = said(reason_blocks(world(tmp_path), "Care", OUT))
    assert words[0].startswith("All of it comes from one lever, Team: it saves £")
    assert words[-2:] == [NO_INTERVAL, NO_INTERVAL]


def test_more_levers_than_can_be_drawn_stand_in_a_table(tmp_path: Path) -> None:
    many = [
        change(f"D{place}", f"Part {place}", "paid once", HOME, operation="in all", value=place)
        for place in range(1, 11)
    ]
    blocks = reason_blocks(world(tmp_path, *many), "Care", OUT)
    (found,) = [block for block in blocks if isinstance(block, Table) and block.slug == "saving-steps-1-1"]
    assert found.caption.endswith(TOO_MANY)
    assert len(found.rows) == 13


def test_whole_people_are_explained_as_an_average(tmp_path: Path) -> None:
    shown = world(tmp_path, whole_people=True)
    assert said(reason_blocks(shown, "Care", OUT))[0] == AS_AVERAGE


def test_two_models_are_told_apart(tmp_path: Path) -> None:
    both = tables()
    for stem in ("flow_models", "flow_settings", "flow_parameters"):
        both[stem] = pl.concat([both[stem], both[stem].with_columns(model=pl.lit("Other"))])
    shown = desk(tmp_path, **both)
    assert {dict(one.where)["scenario"] for one in shown.figures("scenario_saving_step")} == {f"Care: {OUT}"}
    assert next(block.text for block in chapter(shown) if isinstance(block, Heading)) == f"Care: {OUT}"


def test_what_cannot_be_run_says_why(tmp_path: Path) -> None:
    wrong = desk(tmp_path / "wrong", **tables(numbers=({**NUMBERS[0], "setting": "Castle"},)))
    why = "N1 (people at the start): the model has no setting called “Castle”."
    assert [block.parts for block in reason_blocks(wrong, "Care", OUT) if isinstance(block, Callout)] == [(why,)]
    assert said(chapter(wrong)) == [ABSENT]
    assert said(reason_blocks(wrong, "Care", "Another")) == [ABSENT]


def test_a_move_to_where_people_cost_the_same_neither_pays_nor_is_better(tmp_path: Path) -> None:
    same = (
        number("N1", "people at the start", HOME, value=23.7, lower=15, upper=30, source="000", place="s1"),
        number("N2", "cost of a person a week", HOME, value=313.7),
        number("N3", "cost of a person a week", FLAT, value=313.7),
    )
    told = {**tables(numbers=same), "scenario_changes": table("scenario_changes", {**MOVES, "value": 7.3})}
    shown = desk(tmp_path, **told)
    assert [one.value for one in shown.figures("scenario_saving_step")] == [0, 0, 0]
    assert shown.figures("scenario_lever_chance").all()[0].missing == NO_CHANCE
    assert shown.figures("scenario_chance_better").all()[0].missing == NO_CHANCE
