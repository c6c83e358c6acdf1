"""A small home for people: what its figures are, by hand, and what its chapter says."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.documents.model import Block, Bullets, Callout, Chart, Heading, Paragraph, Table
from parity.methods.flow_compare import NEVER_OWED
from parity.plan.flow_courses import YEAR
from parity.plan.flow_paths import NO_CHANCE, series_of
from parity.plan.flow_pictures import PAID_BACK
from parity.plan.flow_shown import READ
from parity.plan.flow_tables import AS_IT_IS
from parity.plan.scenarios.documents import ABSENT, CERTAIN, DOUBTFUL, INFLATED, SHORT, WORTH, chapter, scenario_blocks
from parity.tables import Desk
from parity.terms.figure import Figure
from tests.stages.analyse.frames import desk, table

HOME, FLAT = "Home", "Flat"
OUT = "Moving out"
MODEL = {
    "model": "Care",
    "area": "L",
    "starts": date(2026, 4, 20),
    "months": 24,
    "rationing": "in proportion to who asks",
    "basis": "net",
    "price_year": "2026/27",
}


def number(code: str, parameter: str, setting: str = "", destination: str = "", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "model": "Care",
        "parameter": parameter,
        "setting": setting,
        "destination": destination,
        **more,
    }


NUMBERS = (
    number("N1", "people at the start", HOME, value=24),
    number("N2", "cost of a person a week", HOME, value=300),
    number("N3", "cost of a person a week", FLAT, value=100, source="000", place="s3"),
    number("N4", "places", FLAT, value=6),
)
MOVES = number(
    "C1",
    "people to move",
    HOME,
    FLAT,
    scenario=OUT,
    lever="Team",
    operation="in all",
    value=12,
    starts=date(2026, 4, 1),
    ends=date(2027, 3, 1),
)


def tables(*, numbers: tuple[dict[str, Any], ...] = NUMBERS, **model: Any) -> dict[str, pl.DataFrame]:
    return {
        "flow_models": table("flow_models", {**MODEL, **model}),
        "flow_settings": table(
            "flow_settings", *({"code": name, "model": "Care", "setting": name} for name in (HOME, FLAT))
        ),
        "flow_parameters": table("flow_parameters", *numbers),
        "scenarios": table(
            "scenarios", {"code": "S", "model": "Care", "scenario": OUT, "description": "Who can moves."}
        ),
        "scenario_changes": table("scenario_changes", MOVES),
    }


def values(shown: Desk, key: str, **where: str) -> list[tuple[str, float | None]]:
    return [
        (figure.period, None if figure.value is None else round(figure.value, 6))
        for figure in shown.figures(key).all(**where)
    ]


def test_people_waits_places_and_cost_at_the_end_of_each_year(tmp_path: Path) -> None:
    shown = desk(tmp_path, **tables())
    assert values(shown, "scenario_people", scenario=OUT, setting=HOME) == [("2027-03", 18), ("2028-03", 18)]
    assert values(shown, "scenario_people", scenario=OUT, setting=FLAT) == [("2027-03", 6), ("2028-03", 6)]
    assert values(shown, "scenario_waiting_for_place", scenario=OUT) == [("2027-03", 6), ("2028-03", 6)]
    assert values(shown, "scenario_waiting_for_team", scenario=OUT) == []
    assert values(shown, "scenario_occupancy", scenario=OUT) == [("2027-03", 1), ("2028-03", 1)]
    assert values(shown, "scenario_places", scenario=OUT) == [("2027-03", 6), ("2028-03", 6)]
    assert values(shown, "scenario_staff") == []
    a_month, moved = 24 * 300 * 52 / 12, 200 * 52 / 12
    first = 12 * a_month - sum(min(month, 6) for month in range(1, 13)) * moved
    assert values(shown, "scenario_net_cost", scenario=OUT) == [
        ("2027-03", round(first, 6)),
        ("2028-03", round(12 * (a_month - 6 * moved), 6)),
    ]
    assert values(shown, "scenario_cost_at_end", scenario=AS_IT_IS)[1] == ("2028-03", 24 * 300 * 52)


def test_what_is_saved_what_it_is_worth_and_when_it_pays_back(tmp_path: Path) -> None:
    given = tables()
    start = {**number("C2", "paid once", HOME, value=26_000, starts=date(2026, 4, 1)), "operation": "in all"}
    given["scenario_changes"] = table("scenario_changes", MOVES, {**start, "scenario": OUT, "lever": "Team"})
    shown = desk(tmp_path, **given)
    moved = 200 * 52 / 12
    first, second = sum(min(month, 6) for month in range(1, 13)) * moved - 26_000, 12 * 6 * moved
    saved = [("2027-03", round(first, 6)), ("2028-03", round(second, 6))]
    assert values(shown, "scenario_saving", scenario=OUT) == saved
    so_far = [("2027-03", round(first, 6)), ("2028-03", round(first + second, 6))]
    assert values(shown, "scenario_saved_so_far", scenario=OUT) == so_far
    picture = drawn(scenario_blocks(shown, "Care", OUT))["saved-1-1"]
    assert f"Line at November 2026: {PAID_BACK}." in picture.description
    whole = "2026-04 to 2028-03"
    assert values(shown, "scenario_saving_in_all", scenario=OUT) == [(whole, round(first + second, 6))]
    worth = first + second / 1.035
    assert values(shown, "scenario_net_present_value", scenario=OUT) == [(whole, round(worth, 6))]
    # 1 + 2 + 3 + 4 + 5 + 6 = 21 months of people in half a year, then 6 a month: 30 after seven and a half months
    assert values(shown, "scenario_payback", scenario=OUT) == [(whole, 7.5 / 12)]
    assert shown.figures("scenario_payback").one(scenario=OUT).note == "Paid back in November 2026, as stated."
    chance = shown.figures("scenario_payback_chance").one(scenario=OUT)
    assert (chance.period, chance.value, chance.missing) == (whole, None, NO_CHANCE)
    (short,) = (block for block in scenario_blocks(shown, "Care", OUT) if isinstance(block, Bullets))
    told = {words: figure.text for words, figure in short.items if isinstance(figure, Figure)}
    texts = ["£85,800", f"£{worth:,.0f}", "0.6 years", "not available"]
    assert told == {f"{words}: ": text for words, text in zip(WORTH.values(), texts, strict=True)}
    assert shown.figures("scenario_saving").all(scenario=AS_IT_IS) == []


def test_money_is_told_in_the_prices_that_it_is_in(tmp_path: Path) -> None:
    """With inflation a month's pounds are that month's; only a present value is in those of the model's year."""
    keys = ("scenario_net_cost", "scenario_saving", "scenario_saving_in_all", "scenario_net_present_value")
    reasons = ("scenario_lever_saving", "scenario_saving_step", "scenario_change_benefit", "scenario_equal_year")
    for rate, of_month, said in ((0.03, "each month", INFLATED), (0, "2026/27", "Pounds are those of 2026/27.")):
        folder = tmp_path / of_month.replace("/", "-")
        folder.mkdir()
        shown = desk(folder, **tables(numbers=(*NUMBERS, number("N9", "inflation a year", value=rate))))
        found = {key: {one.price_year for one in shown.figures(key).all()} for key in (*keys, *reasons)}
        assert [found[key] for key in keys] == [{of_month}] * 3 + [{"2026/27"}]
        assert [found[key] for key in reasons] == [{of_month}] * 2 + [{"2026/27"}] * 2
        (opening, *_) = (block for block in chapter(shown) if isinstance(block, Paragraph))
        assert said in opening.parts[0]


def test_every_series_has_its_unit(tmp_path: Path) -> None:
    paths = desk(tmp_path, **tables()).table("flow_paths")
    assert paths is not None
    units = dict(series_of(paths[0], "Care").select("measure", "unit").unique().rows())
    assert set(units.values()) == {"people", "places", "pounds", "share (0–1)", "whole-time equivalents", "months"}
    assert (units["net cost"], units["payback"], units["occupancy"]) == ("pounds", "months", "share (0–1)")
    assert {name for name, unit in units.items() if unit == "pounds"} == {
        name for name in units if name.removeprefix(YEAR).startswith(("cost", "income", "net cost", "saving", "saved"))
    }


def paid_in(folder: Path, *, late: float) -> str | None:
    """What is said of a payback after £900 are spent at the start, and more in January 2027."""
    given, whole = tables(), {"scenario": OUT, "lever": "Team", "operation": "in all"}
    paid = ((900, date(2026, 4, 1)), (late, date(2027, 1, 1)))
    once = [number(f"P{at}", "paid once", HOME, value=value, starts=day) for at, (value, day) in enumerate(paid)]
    given["scenario_changes"] = table("scenario_changes", MOVES, *({**row, **whole} for row in once))
    return desk(folder, **given).figures("scenario_payback").one(scenario=OUT).note


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (0, ""),
        # £33,900 are saved by December 2026, and £5,200 a month from then on: £56,100 are out again
        (90_000, " Later more has been spent again than was saved, until November 2027."),
        (900_000, " Later more has been spent again than was saved, and still has at the end."),
    ],
)
def test_a_payback_says_if_the_money_goes_out_again(tmp_path: Path, late: float, said: str) -> None:
    assert paid_in(tmp_path, late=late) == f"Paid back in May 2026, as stated.{said}"


def test_what_never_costs_more_has_nothing_to_pay_back(tmp_path: Path) -> None:
    figure = desk(tmp_path, **tables()).figures("scenario_payback").one(scenario=OUT)
    assert (figure.value, figure.missing, figure.note) == (None, NEVER_OWED, None)


def test_a_number_with_an_interval_leaves_a_band_and_one_without_none(tmp_path: Path) -> None:
    uncertain = (*NUMBERS[:1], {**NUMBERS[1], "lower": 250, "upper": 360}, *NUMBERS[2:])
    certain, drawn = (
        desk(tmp_path / name, **tables(numbers=given)).figures("scenario_net_cost").one(scenario=AS_IT_IS)
        for name, given in (("certain", NUMBERS), ("drawn", uncertain))
    )
    narrow = (
        desk(tmp_path / "drawn", **tables(numbers=uncertain)).figures("scenario_net_cost_narrow").one(scenario=AS_IT_IS)
    )
    assert (certain.lower, certain.upper) == (None, None)
    assert drawn.value == certain.value == narrow.value
    assert drawn.lower is not None
    assert drawn.upper is not None
    assert narrow.lower is not None
    assert narrow.upper is not None
    assert drawn.lower < narrow.lower < drawn.value < narrow.upper < drawn.upper
    assert drawn.lower == pytest.approx(24 * 250 * 52, rel=0.02)
    assert drawn.upper == pytest.approx(24 * 360 * 52, rel=0.02)
    shown = desk(tmp_path / "drawn", **tables(numbers=uncertain))
    assert shown.figures("scenario_payback_chance").one(scenario=OUT).value == 1


def test_people_may_be_whole(tmp_path: Path) -> None:
    leaving = (*NUMBERS, number("N5", "share leaving services a month", HOME, value=0.05))
    shown = desk(tmp_path, **tables(numbers=leaving, whole_people=True))
    figure = shown.figures("scenario_people").one(scenario=AS_IT_IS, setting=HOME)
    assert figure.value == pytest.approx(24 * 0.95**24)
    assert figure.lower is not None
    assert figure.lower == round(figure.lower)
    assert figure.upper is not None
    assert figure.upper > figure.lower


def test_a_model_that_cannot_be_run_says_why_in_each_scenario(tmp_path: Path) -> None:
    shown = desk(tmp_path, **tables(numbers=({**NUMBERS[0], "setting": "Castle"},)))
    why = "N1 (people at the start): the model has no setting called “Castle”."
    assert {figure.missing for figure in shown.figures("scenario_people")} == {why}
    assert [dict(figure.where)["scenario"] for figure in shown.figures("scenario_net_cost")] == [AS_IT_IS, OUT]
    blocks = chapter(shown)
    assert [block.parts for block in blocks if isinstance(block, Callout)] == [(why,)]
    assert [block.slug for block in blocks if isinstance(block, Table)] == ["numbers-1"]


def test_places_are_told_where_and_while_there_is_a_limit(tmp_path: Path) -> None:
    """Home has no limit until the second year of the scenario; the flats have six places in each."""
    limited = {**number("C2", "places", HOME, value=30), "scenario": OUT, "lever": "A limit", "operation": "set to"}
    given = tables() | {
        "scenario_changes": table("scenario_changes", MOVES, {**limited, "starts": date(2027, 4, 1)}),
    }
    shown = desk(tmp_path, **given)
    assert values(shown, "scenario_places", scenario=OUT, setting=HOME) == [("2028-03", 30)]
    assert values(shown, "scenario_places", scenario=AS_IT_IS, setting=HOME) == []
    assert values(shown, "scenario_places", scenario=AS_IT_IS, setting=FLAT) == [("2027-03", 6), ("2028-03", 6)]
    assert values(shown, "scenario_occupancy", scenario=OUT, setting=HOME) == [("2028-03", 18 / 30)]
    assert "scenario_places-1-1" in captions(chapter(shown))


def test_gross_cost_stands_beside_net_cost_where_income_comes_in(tmp_path: Path) -> None:
    paying = (*NUMBERS, number("N9", "income from a person a week", HOME, value=10))
    shown = desk(tmp_path, **tables(numbers=paying))
    a_year = 24 * 300 * 52
    assert values(shown, "scenario_gross_cost", scenario=AS_IT_IS) == [("2027-03", a_year), ("2028-03", a_year)]
    assert values(shown, "scenario_net_cost", scenario=AS_IT_IS)[0] == ("2027-03", a_year - 24 * 10 * 52)
    assert "scenario_gross_cost-1" in captions(chapter(shown))
    assert "scenario_gross_cost-1" not in captions(chapter(desk(tmp_path / "other", **tables())))


def captions(blocks: list[Block]) -> list[str]:
    return [block.slug for block in blocks if isinstance(block, Table)]


def test_the_chapter_sets_scenarios_side_by_side_then_tells_of_each(tmp_path: Path) -> None:
    blocks = chapter(desk(tmp_path, **tables()))
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "Care",
        "The scenarios side by side",
        OUT,
        "What it rests on",
    ]
    assert captions(blocks) == [
        "people-1",
        "scenario_net_cost-1",
        "scenario_saving-1",
        "worth-1",
        "changes-1-1",
        "scenario_people-1-1",
        "scenario_waiting_for_place-1-1",
        "scenario_places-1-1",
        "scenario_occupancy-1-1",
        "numbers-1",
    ]
    opening = next(block for block in blocks if isinstance(block, Paragraph)).parts[0]
    assert opening == (
        "From April 2026 for 24 months, month by month. Where more people ask for a place than there are, free places "
        f"go: in proportion to who asks. {CERTAIN} Pounds are those of 2026/27."
    )


def test_every_number_stands_with_its_interval_and_source(tmp_path: Path) -> None:
    blocks = chapter(desk(tmp_path, **tables()))
    numbers = next(block for block in blocks if isinstance(block, Table) and block.slug == "numbers-1")
    assert numbers.rows[2] == (
        "N3: cost of a person a week",
        FLAT,
        "£100.00 a week",
        "",
        "000",
        "section 3",
    )
    changes = next(block for block in blocks if isinstance(block, Table) and block.slug == "changes-1-1")
    assert changes.rows == (
        ("C1: Team", "people to move, Home to Flat", "in all 12", "April 2026", "March 2027", "not said", "–"),
    )


def test_one_scenario_stands_beside_the_model_as_it_is(tmp_path: Path) -> None:
    blocks = scenario_blocks(desk(tmp_path, **tables()), "Care", OUT)
    assert "changes-1-1" in captions(blocks)
    people = next(block for block in blocks if isinstance(block, Table) and block.slug == "people-1")
    assert [column.title for column in people.columns] == ["Setting", AS_IT_IS, OUT]


def drawn(blocks: list[Block]) -> dict[str, Chart]:
    return {block.table.slug: block for block in blocks if isinstance(block, Chart)}


def cells(chart: Chart) -> list[tuple[str, ...]]:
    return [tuple(each if isinstance(each, str) else each.text for each in row) for row in chart.table.rows]


def test_cost_and_people_are_drawn_by_month_and_how_people_move(tmp_path: Path) -> None:
    leaving = (*NUMBERS, number("N5", "share leaving services a month", FLAT, value=0.1))
    charts = drawn(scenario_blocks(desk(tmp_path, **tables(numbers=leaving)), "Care", OUT))
    assert list(charts) == ["cost-1-1", "saved-1-1", "people-fan-1-1", "flows-1-1"]
    cost, saved, people, flows = charts.values()
    assert [row[0] for row in cells(cost)] == ["March 2027", "March 2028"]
    assert [column.title for column in cost.table.columns] == ["At the end of", AS_IT_IS, OUT]
    assert len(cost.spec["data"]["values"]) == 2 * 24
    assert [column.title for column in saved.table.columns] == ["At the end of", OUT]
    assert len(saved.spec["data"]["values"]) == 24
    assert [column.title for column in people.table.columns] == ["At the end of", HOME, FLAT]
    assert {row["series"]: row["value"] for row in people.spec["data"]["values"] if row["label"] == "2026-04"} == {
        HOME: 23,
        FLAT: 1,
    }
    assert [column.title for column in flows.table.columns][1:3] == ["start of April 2026", "March 2028"]
    assert [row[0] for row in cells(flows)] == [HOME, FLAT, f"{HOME} → {FLAT}"]
    assert [row[-1] for row in cells(flows)] == ["–", "–", "12"]
    assert [row[1:3] for row in cells(flows)[:2]] == [("24", "12"), ("0", "2")]
    assert cells(flows)[1][-2] == "10"
    assert cells(flows)[0][-2] == "–"


def test_people_have_a_narrower_range_where_anything_is_uncertain(tmp_path: Path) -> None:
    leaving = (*NUMBERS, number("N5", "share leaving services a month", HOME, value=0.05, lower=0.02, upper=0.1))
    shown = desk(tmp_path, **tables(numbers=leaving))
    assert "scenario_people_narrow-1-1" in captions(scenario_blocks(shown, "Care", OUT))
    wide, narrow = (
        shown.figures(key).one(scenario=OUT, setting=HOME) for key in ("scenario_people", "scenario_people_narrow")
    )
    assert wide.value == narrow.value
    ends = [one for figure in (wide, narrow) for one in (figure.lower, figure.upper) if one is not None]
    assert len(ends) == 4
    assert ends[0] < ends[2] < ends[3] < ends[1]


def test_nothing_is_drawn_of_less_than_a_year_or_of_a_scenario_that_moves_nobody(tmp_path: Path) -> None:
    short = chapter(desk(tmp_path / "short", **tables(months=11)))
    assert drawn(short) == {}
    (opening, *_) = (block for block in short if isinstance(block, Paragraph))
    assert "for 11 months, month by month." in str(opening.parts)
    assert str(opening.parts[0]).endswith(SHORT)
    given = tables()
    given["scenario_changes"] = table(
        "scenario_changes",
        {**number("C2", "paid once", HOME, value=26_000, starts=date(2026, 4, 1)), "operation": "in all"}
        | {"scenario": OUT, "lever": "Team"},
    )
    assert list(drawn(chapter(desk(tmp_path / "still", **given)))) == ["cost-1-1", "saved-1-1"]


def test_a_change_that_is_likely_a_slip_is_asked_about(tmp_path: Path) -> None:
    given = tables()
    given["scenario_changes"] = table("scenario_changes", {**MOVES, "ends": date(2028, 6, 1)})
    blocks = scenario_blocks(desk(tmp_path, **given), "Care", OUT)
    boxes = [(block.title, block.parts) for block in blocks if isinstance(block, Callout)]
    assert boxes == [(DOUBTFUL, ("C1 (people to move): a part of it comes after the last month of the model.",))]


def test_what_is_left_empty_is_read_from_the_service_costs_and_compared_with_them(tmp_path: Path) -> None:
    costs = table(
        "service_costs",
        {"scenario": "as_is", "service": HOME, "clients": 24, "unit_cost_gbp_per_week": 300, "cost_gbp": 374_400},
        {"scenario": "to_be", "service": HOME, "clients": 18, "unit_cost_gbp_per_week": 300, "cost_gbp": 280_000},
        {"scenario": "to_be", "service": FLAT, "clients": 6, "unit_cost_gbp_per_week": 100, "cost_gbp": 31_200},
        area="L",
        period="2026",
        service_group="accommodation",
        basis="net",
    )
    given = tables(numbers=tuple({**each, "value": None} for each in NUMBERS[:3]))
    given["scenario_changes"] = table("scenario_changes", {**MOVES, "value": None})
    blocks = chapter(desk(tmp_path, **given, service_costs=costs))
    end = next(block for block in blocks if isinstance(block, Table) and block.slug == "end-1")
    planned = [row[2].text for row in end.rows if not isinstance(row[2], str)]
    assert planned == ["£374,400", "£312,000", "£312,000", "£311,200"]
    numbers = next(block for block in blocks if isinstance(block, Table) and block.slug == "numbers-1")
    assert [row[4:] for row in numbers.rows] == [("not said", READ), ("not said", READ), ("000", f"section 3; {READ}")]


def test_two_models_are_told_apart(tmp_path: Path) -> None:
    both = tables()
    for stem in ("flow_models", "flow_settings", "flow_parameters"):
        both[stem] = pl.concat([both[stem], both[stem].with_columns(model=pl.lit("Other"))])
    shown = desk(tmp_path, **both)
    names = {dict(figure.where)["scenario"] for figure in shown.figures("scenario_net_cost")}
    assert names == {"Care: As it is", f"Care: {OUT}", "Other: As it is"}
    blocks = chapter(shown)
    slugs = captions(blocks)
    assert len(slugs) == len(set(slugs))
    (worth,) = (block for block in blocks if isinstance(block, Table) and block.slug.startswith("worth-"))
    assert [row[0] for row in worth.rows] == [f"Care: {OUT}"], "also what but one of the models has is of that model"


@pytest.mark.django_db
def test_a_programme_without_models_says_what_they_need(tmp_path: Path) -> None:
    assert chapter(desk(tmp_path, service_costs=table("service_costs"))) == [Paragraph((ABSENT,))]


def test_a_trial_changes_what_follows_and_says_so(tmp_path: Path) -> None:
    shown = desk(tmp_path, **tables())
    kept = shown.figures("scenario_people").one(scenario=OUT, setting=FLAT)
    trial = shown.supposing(
        {"scenario_changes": table("scenario_changes", {**MOVES, "value": 4})}, "A trial: nothing of it is saved."
    )
    found = trial.figures("scenario_people").one(scenario=OUT, setting=FLAT)
    assert found.value == pytest.approx(4)
    assert found.caveats == ("A trial: nothing of it is saved.",)
    assert kept == shown.figures("scenario_people").one(scenario=OUT, setting=FLAT)
    assert kept.caveats == ()


def test_a_scenario_called_as_services_are_is_refused_in_words(tmp_path: Path) -> None:
    given = tables()
    named = {
        stem: given[stem].with_columns(scenario=pl.lit(AS_IT_IS))
        for stem in ("scenarios", "scenario_changes")
        if stem in given
    }
    figures = list(desk(tmp_path, **{**given, **named}).figures("scenario_net_cost"))
    assert [figure.value for figure in figures] == [None]
    assert AS_IT_IS in str(figures[0].missing)


def test_what_costs_the_same_elsewhere_saves_nothing_and_owes_nothing(tmp_path: Path) -> None:
    same = (
        number("N1", "people at the start", HOME, value=24.3),
        *(number(f"N{name}", "cost of a person a week", name, value=339.9) for name in (HOME, FLAT)),
        *(number(f"L{name}", "share leaving services a month", name, value=0.013) for name in (HOME, FLAT)),
        number("N4", "arrivals a month", HOME, value=1.1),
    )
    home = desk(tmp_path, **tables(numbers=same))
    (saved,), (back,) = (home.figures(key).all() for key in ("scenario_saving_in_all", "scenario_payback"))
    assert (saved.value, back.value, back.missing) == (0, None, NEVER_OWED)
