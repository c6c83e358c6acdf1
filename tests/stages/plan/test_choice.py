"""A choice among options of a small home: portfolios beside scenarios, by hand, within limits, and as a chapter."""

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.documents.model import Block, Bullets, Callout, Chart, Heading, Paragraph, Table
from parity.plan.choice.documents import (
    ABSENT,
    ALL_CERTAIN,
    ALONE,
    CERTAIN,
    LESS,
    REGRET,
    SHARED,
    SURE,
    WHOLE_PEOPLE,
    chapter,
    choice_blocks,
)
from parity.plan.choice.rules import address_of
from parity.plan.flow_answer import (
    AT_ONCE_LIMIT,
    IN_YEAR_LIMIT,
    LIMIT,
    NO_CHOICE,
    OPTION,
    PORTFOLIO,
    WAITING_LIMIT,
    answer,
    answered,
    digest_of,
)
from parity.plan.flow_choice import AT_ONCE, Question, asked_of, options_of, question_from, ready
from parity.plan.flow_paths import NO_CHANCE, flow_numbers
from parity.plan.flow_tables import FlowTables, tables_of, told_of
from parity.terms.errors import WrongState
from tests.stages.analyse.frames import desk, table

WEEKS = 52
FLATS, TEAM, SHORT = "Flats", "Team", "Shorter stays"
MODEL = {
    "model": "Care", "area": "L", "starts": date(2026, 4, 1), "months": 24, "rationing": "in proportion to who asks",
    "basis": "net", "price_year": "2026/27",
}  # fmt: skip


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
    number("N1", "people at the start", "Home", value=24),
    number("N2", "cost of a person a week", "Home", value=300, lower=200, upper=450, source="000", place="s3"),
    number("N3", "cost of a person a week", "Flat", value=100),
    number("N4", "cost of a person a week", "House", value=150, lower=60, upper=375),
    number("N5", "people at the start", "Ward", value=5),
    number("N6", "cost of a person a week", "Ward", value=900),
)


def change(scenario: str, code: str, parameter: str, *where: str, **more: Any) -> dict[str, Any]:
    told = {
        "operation": "in all",
        "starts": date(2026, 4, 1),
        "scenario": scenario,
        "lever": f"{scenario} lever",
        **more,
    }
    return number(code, parameter, *where, **told)


CHANGES = (
    change("To flats", "A1", "people to move", "Home", "Flat", value=12, ends=date(2027, 3, 1)),
    change("To flats", "A2", "paid once", "Home", value=60_000),
    change("To houses", "B1", "people to move", "Home", "House", value=12, ends=date(2027, 3, 1)),
    change("Home at once", "C1", "people to move", "Ward", "Home", value=3),
    change("Home at once", "C2", "paid once", "Ward", value=10_000),
)


def tables(
    changes: tuple[dict[str, Any], ...] = CHANGES, numbers: tuple[dict[str, Any], ...] = NUMBERS, **model: Any
) -> dict[str, pl.DataFrame]:
    names = dict.fromkeys(each["scenario"] for each in changes)
    settings = dict.fromkeys(name for each in (*numbers, *changes) for name in (each["setting"], each["destination"]))
    return {
        "flow_models": table("flow_models", {**MODEL, **model}),
        "flow_settings": table(
            "flow_settings", *({"code": name, "model": "Care", "setting": name} for name in settings if name)
        ),
        "flow_parameters": table("flow_parameters", *numbers),
        "scenarios": table("scenarios", *({"code": name, "model": "Care", "scenario": name} for name in names)),
        "scenario_changes": table("scenario_changes", *changes),
    }


def certain(**model: Any) -> dict[str, pl.DataFrame]:
    """The tables without an interval."""
    return tables(numbers=tuple({**each, "lower": None, "upper": None} for each in NUMBERS), **model)


def read(**given: pl.DataFrame) -> FlowTables:
    """The tables with every number in its place, as the answer reads them."""
    numbers = flow_numbers(
        given["flow_models"], given["flow_settings"], given["flow_parameters"], given["scenario_changes"]
    )
    return tables_of(given["flow_models"], given["flow_settings"], numbers, given["scenarios"])


def rows(frame: pl.DataFrame, part: str) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in frame.filter(part=part).to_dicts()}


def asked(**more: Any) -> pl.DataFrame:
    return answer(read(**tables()), Question("Care", **more), weeks=WEEKS)


def test_each_option_alone_is_worth_what_its_scenario_is(tmp_path: Path) -> None:
    shown = desk(tmp_path, **certain())
    for name in ("To flats", "To houses", "Home at once"):
        wanted = shown.figures("scenario_net_present_value").one(scenario=name).value
        found = shown.figures("portfolio_worth").one(portfolio=name)
        assert found.value == pytest.approx(wanted, abs=1e-6)
        assert (found.lower, found.upper) == (None, None)
    assert shown.figures("portfolio_worth").one(portfolio="No option").value == 0


def test_what_is_out_at_once_and_extra_in_a_year_by_hand() -> None:
    found = rows(answer(read(**certain()), Question("Care"), weeks=WEEKS), PORTFOLIO)
    saved = 200 * WEEKS / 12
    # one more has moved each month: after the first, £60,000 less what one saves is out, and in all 12 months 78 save
    assert found["To flats"]["at_once"] == pytest.approx(60_000 - saved)
    assert found["To flats"]["in_year"] == pytest.approx(max(0, 60_000 - 78 * saved))
    assert (found["To houses"]["at_once"], found["To houses"]["in_year"]) == (0, 0)
    ward = 3 * 600 * WEEKS / 12
    assert found["Home at once"]["at_once"] == pytest.approx(10_000 - ward)


def test_who_would_undo_whom_is_no_portfolio_unless_they_only_share_people() -> None:
    why = "Both plan to move people out of Home."
    found = asked()
    assert [(name, row["words"]) for name, row in rows(found, LIMIT).items()] == [
        ("“To flats” or “To houses”, not both", why)
    ]
    assert not rows(found, PORTFOLIO)["To flats + To houses"]["is_allowed"]
    together = asked(may_share=True)
    assert rows(together, LIMIT) == {}
    assert together.filter(part=PORTFOLIO)["is_allowed"].all()


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (("cost of a person a week", "Flat", {"operation": "set to"}),
         ("cost of a person a week", "Flat", {"operation": "multiplied by"}),
         "both change “cost of a person a week” (Flat)"),
        (("workers of the team", "Home", {"operation": "raised by"}), ("moves of a worker a month", "Home", {}),
         "both change the team (Home to Flat)"),
        (("cost of a person a week", "Flat", {"operation": "raised by"}),
         ("cost of a person a week", "Flat", {"operation": "multiplied by"}), ""),
        (("cost of a person a week", "Flat", {"operation": "set to"}),
         ("cost of a person a week", "Home", {"operation": "set to"}), ""),
    ],
)  # fmt: skip
def test_which_options_clash(first: Any, second: Any, why: str) -> None:
    moves = change("A", "M", "people to move", "Home", "Flat", value=2)

    def made(scenario: str, parameter: str, setting: str, more: dict[str, Any]) -> dict[str, Any]:
        is_flow = parameter.startswith(("workers", "moves"))
        told = {"operation": "set to", "value": 2, **more}
        return change(scenario, scenario, parameter, setting, *(["Flat"] if is_flow else []), **told)

    given = tables((moves, made("A", *first), made("B", *second)))
    told = told_of(read(**given), "Care", weeks=WEEKS)
    assert [each for *_, each in ready(told, Question("Care")).clashes] == ([why] if why else [])


def test_stays_of_one_setting_clash() -> None:
    numbers = (*NUMBERS, number("N7", "length of stay in weeks", "Ward", value=20))
    changes = tuple(
        change(name, name, "length of stay in weeks", "Ward", operation="multiplied by", value=0.5) for name in "AB"
    )
    told = told_of(read(**tables(changes, numbers)), "Care", weeks=WEEKS)
    (clash,) = ready(told, Question("Care")).clashes
    assert clash == ("A", "B", "both change how long people stay and where they go then (Ward)")


@pytest.mark.parametrize(
    ("second", "is_paid_twice", "clash"),
    [
        ("cost of a person a week", True, True),
        ("cost of a person a week", False, False),
        ("weeks of double running", False, True),
    ],
)
def test_what_a_move_costs_is_worked_out_from_one_option_alone(second: str, is_paid_twice: bool, clash: bool) -> None:
    weeks = number("N7", "weeks of double running", "Home", "Flat", value=4)
    more = {"operation": "multiplied by", "value": 0.5}
    changes = (
        change("A", "A1", "people to move", "Home", "Flat", value=2),
        change("A", "A2", "cost of a person a week", "Home", **more),
        change("B", "B1", second, "Home", *(["Flat"] if second.startswith("weeks") else []), **more),
    )
    told = told_of(read(**tables(changes, (*NUMBERS, *([weeks] if is_paid_twice else [])))), "Care", weeks=WEEKS)
    wanted = [("A", "B", "both change what a move out of Home costs")] if clash else []
    assert ready(told, Question("Care")).clashes == wanted


def test_a_budget_lets_in_what_it_pays_for_and_says_what_more_would_bring() -> None:
    free = rows(asked(), PORTFOLIO)
    best = next(name for name, row in free.items() if row["is_best"])
    assert best == "To flats + Home at once"
    tight = asked(most_at_once=20_000.0)
    found, limits = rows(tight, PORTFOLIO), rows(tight, LIMIT)
    assert next(name for name, row in found.items() if row["is_best"]) == "To houses + Home at once"
    row = limits[AT_ONCE_LIMIT]
    more = free[best]["worth"] - free["To houses + Home at once"]["worth"]
    assert row["gain"] == pytest.approx(more)
    added = free[best]["at_once"] - 20_000
    assert row["words"] == (
        f"Without this rule the best would be {best}, worth £{more:,.0f} more. The first £{added:,.0f} more would let "
        f"in {best}, worth £{more:,.0f} more: £{more / added:,.2f} for each pound. Less than that would bring nothing."
    )
    assert found[best]["words"] == AT_ONCE_LIMIT
    assert [found[best][name] for name in ("chance_best", "regret")] == [None, None]


def test_every_limit_is_kept_or_there_is_no_choice() -> None:
    limited = asked(most_in_year=0.0, most_waiting=0.0)
    found = rows(limited, LIMIT)
    assert [found[name]["words"] for name in (IN_YEAR_LIMIT, WAITING_LIMIT)] == [
        "A larger limit alone would change nothing."
    ] * 2
    with pytest.raises(WrongState, match=NO_CHOICE):
        asked(most_waiting=-1.0)


def test_regret_chance_and_information_agree() -> None:
    found = asked()
    kept = found.filter(pl.col("part") == PORTFOLIO, "is_allowed")
    assert kept["chance_best"].sum() == pytest.approx(1)
    best = kept.filter("is_best").row(0, named=True)
    assert (best["regret"], best["worth"]) == (kept["regret"].min(), kept["worth"].max())
    assert found.filter(part="choice")["evpi"][0] == pytest.approx(best["regret"])
    assert 0 < best["chance_best"] < 1
    assert kept["worth"].max() - kept["worth"].min() == pytest.approx(kept["regret"].max() - kept["regret"].min())
    options = rows(found, OPTION)
    assert options["Home at once"]["lost_without"] == pytest.approx(
        best["worth"] - rows(found, PORTFOLIO)["To flats"]["worth"]
    )


@pytest.mark.parametrize("way", ["fewer", "more"])
def test_people_in_a_setting_may_be_what_is_wanted(way: str) -> None:
    found = rows(asked(aim=f"{way} people in Home"), PORTFOLIO)
    gains = {name: row["gain"] for name, row in found.items() if row["is_allowed"]}
    sign = 1 if way == "fewer" else -1
    assert gains["No option"] == 0
    assert gains["To flats"] == pytest.approx(12 * sign)
    assert gains["Home at once"] == pytest.approx(-3 * sign)
    efficient = {name for name, row in found.items() if row["is_efficient"]}
    for name in efficient:
        assert not any(
            gains[other] >= gains[name] and found[other]["worth"] > found[name]["worth"] + 1e-5 for other in gains
        )


def test_what_cannot_be_asked() -> None:
    told = told_of(read(**tables()), "Care", weeks=WEEKS)
    with pytest.raises(WrongState, match="no option called “Nowhere”"):
        asked_of(told, Question("Care", ("Nowhere",)))
    with pytest.raises(WrongState, match="no setting called “Nowhere”"):
        asked_of(told, Question("Care", aim="fewer people in Nowhere"))
    assert asked_of(told, Question("Care", ("To houses", "To flats"))).options == ("To flats", "To houses")
    question = Question("Care", ("To flats",), most_at_once=5.0, aim="more people in Flat", may_share=True)
    assert question_from(question.as_dict()) == question


def test_levers_are_the_options_of_a_single_scenario() -> None:
    changes = tuple({**each, "lever": each["scenario"], "scenario": "To be"} for each in CHANGES)
    given = read(**tables(changes))
    assert options_of(told_of(given, "Care", weeks=WEEKS)) == ("To flats", "To houses", "Home at once")
    found, wanted = answer(given, Question("Care"), weeks=WEEKS), asked()
    worth = [frame.filter(part=PORTFOLIO)["worth"].to_list() for frame in (found, wanted)]
    assert worth[0] == pytest.approx(worth[1])


def many(options: int) -> dict[str, pl.DataFrame]:
    """A home from which so many options each move a person or two to a flat of their own."""
    changes = tuple(
        each
        for place in range(1, options + 1)
        for each in (
            change(f"Flat {place}", f"A{place}", "people to move", "Home", f"Flat {place}", value=1 + place % 2),
            change(f"Flat {place}", f"B{place}", "paid once", "Home", value=4_000 * place),
        )
    )
    return tables(changes, NUMBERS[:2], months=12)


def _digest(threads: int) -> str:
    """The hash of all portfolios of seven options, worked out in so many threads; a process calls it."""
    given = read(**many(7))
    told = told_of(given, "Care", weeks=WEEKS)
    facts = given.flow_models.row(0, named=True)
    question = Question("Care", draws=200, may_share=True, most_at_once=90_000.0)
    return digest_of(answered(ready(told, question), facts, threads=threads))


def test_the_hash_is_the_same_whatever_the_number_of_threads_and_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert {_digest(1), _digest(2), pool.submit(_digest, 2).result()} == {_digest(1)}


def test_too_many_are_left_to_the_page_and_fourteen_cannot_be_asked(tmp_path: Path) -> None:
    shown = desk(tmp_path, **many(7))
    figure = shown.figures("portfolio_worth").one()
    assert figure.missing is not None
    assert figure.missing.startswith("This model has 7 options, which make 128 portfolios: too many")
    assert [type(block) for block in chapter(shown)] == [Heading, Callout]
    told = told_of(read(**many(14)), "Care", weeks=WEEKS)
    with pytest.raises(WrongState, match="At most 13 options"):
        asked_of(told, Question("Care"))
    assert not Question("Care", ("a",) * 6).is_large
    assert Question("Care", ("a",) * 6, draws=AT_ONCE).is_large


def test_thirteen_options_are_read_as_easily_as_two(tmp_path: Path) -> None:
    given = read(**many(13))
    told = told_of(given, "Care", weeks=WEEKS)
    facts = given.flow_models.row(0, named=True)
    frame = answered(ready(told, Question("Care", draws=20, may_share=True, most_at_once=90_000.0)), facts)
    assert frame.filter(part=PORTFOLIO).height == 8192
    shown = desk(tmp_path, **many(13)).supposing({"flow_portfolios": frame}, because="Asked.")
    blocks = choice_blocks(shown, "Care")
    portfolios = next(block for block in blocks if isinstance(block, Table) and block.slug == "portfolios-1")
    assert len(portfolios.rows) < 80
    assert "8,192 portfolios, each on 20 draws" in text_of(blocks[1])
    chart = next(block for block in blocks if isinstance(block, Chart))
    assert len(chart.table.rows) == frame["is_efficient"].sum()


def text_of(block: Block) -> str:
    match block:
        case Paragraph(parts=parts) | Callout(parts=parts):
            return "".join(part if isinstance(part, str) else part.text for part in parts)
        case _:
            return ""


def test_the_chapter_tells_the_best_the_frontier_options_and_alternatives(tmp_path: Path) -> None:
    blocks = chapter(desk(tmp_path, **tables()))
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "Care", "Which portfolios no other beats", "Portfolios", "Options", "Alternatives",
    ]  # fmt: skip
    best = next(block for block in blocks if isinstance(block, Callout))
    assert best.title == "Best of all portfolios"
    assert text_of(best).startswith("“To flats + Home at once”. Its net present value is £")
    assert next(block for block in blocks if isinstance(block, Bullets)).items == (
        ("To flats",), ("To houses",), ("Home at once",),
    )  # fmt: skip
    portfolios = next(block for block in blocks if isinstance(block, Table) and block.slug == "portfolios-1")
    assert [column.title for column in portfolios.columns] == [
        "Portfolio", "Net present value", "Out at once", "Extra in a year", "Chance to be best", "Regret",
    ]  # fmt: skip
    assert portfolios.notes == ("Left out here: 2 with options that exclude each other, or beyond a limit.",)
    assert [text_of(block) for block in blocks if text_of(block) == CERTAIN.format(names="“Home at once”")] == []


def test_where_nothing_is_uncertain_nothing_is_said_of_chance(tmp_path: Path) -> None:
    shown = desk(tmp_path, **certain())
    found = [(dict(one.where)["portfolio"], one.value, one.missing) for one in shown.figures("portfolio_chance_best")]
    kept = ("No option", "To flats", "To houses", "Home at once", "To flats + Home at once", "To houses + Home at once")
    assert sorted(found) == sorted((name, None, NO_CHANCE) for name in kept)
    options = [(dict(one.where)["option"], one.missing) for one in shown.figures("option_chance_in_best")]
    assert options == [(name, NO_CHANCE) for name in ("To flats", "To houses", "Home at once")]
    blocks = chapter(shown)
    best = text_of(next(block for block in blocks if isinstance(block, Callout)))
    worth = shown.figures("portfolio_worth").one(portfolio="To houses + Home at once")
    assert best == f"“To houses + Home at once”. Its net present value is {worth.text}. {NO_CHANCE}"
    heads = [column.title for block in blocks if isinstance(block, Table) for column in block.columns]
    assert [head for head in heads if "hance" in head] == []
    words = [text_of(block) for block in blocks]
    assert (words.count(ALL_CERTAIN), sum(each.endswith(f" {LESS}") for each in words)) == (1, 1)
    assert [each for each in words if "100%" in each or REGRET in each] == []


def test_what_is_alone_within_the_limits_is_best_for_certain(tmp_path: Path) -> None:
    frame = answer(read(**certain()), Question("Care", ("To flats",), most_at_once=10.0), weeks=WEEKS)
    shown = desk(tmp_path, **certain()).supposing({"flow_portfolios": frame}, because="Asked.")
    chances = [(dict(one.where)["portfolio"], one.value) for one in shown.figures("portfolio_chance_best")]
    assert chances == [("No option", 1)]
    assert ALONE in text_of(next(block for block in choice_blocks(shown, "Care") if isinstance(block, Callout)))


def test_an_answer_within_limits_says_who_breaks_them(tmp_path: Path) -> None:
    frame = asked(most_at_once=0.0, aim="fewer people in Home")
    shown = desk(tmp_path, **tables(whole_people=True)).supposing({"flow_portfolios": frame}, because="Asked.")
    blocks = choice_blocks(shown, "Care")
    assert WHOLE_PEOPLE in text_of(blocks[5])
    limits = next(block for block in blocks if isinstance(block, Table) and block.slug == "limits-1")
    assert [cell if isinstance(cell, str) else cell.text for cell in limits.rows[0]][:3] == [AT_ONCE_LIMIT, "£0", "£0"]
    portfolios = next(block for block in blocks if isinstance(block, Table) and block.slug == "portfolios-1")
    assert [column.title for column in portfolios.columns][:2] == ["Portfolio", "Within the limits"]
    assert {row[1] for row in portfolios.rows} == {"yes", f"no: {AT_ONCE_LIMIT}"}
    assert "Fewer people in Home" in [column.title for column in portfolios.columns]


def test_nothing_may_be_best_and_alone(tmp_path: Path) -> None:
    dear = (change("Dear", "A1", "paid once", "Home", value=1_000),)
    given = tables(dear)
    frame = answer(read(**given), Question("Care", most_at_once=10.0), weeks=WEEKS)
    shown = desk(tmp_path, **given).supposing({"flow_portfolios": frame}, because="Asked.")
    best = next(block for block in choice_blocks(shown, "Care") if isinstance(block, Callout))
    assert best.title == "Best within the limits"
    assert text_of(best).startswith("Within the limits nothing is worth more than that services stay as they are.")
    assert ALONE in text_of(best)


@pytest.mark.django_db
def test_a_model_that_cannot_be_run_says_why_and_one_without_options_nothing(tmp_path: Path) -> None:
    wrong = desk(tmp_path / "wrong", **tables(months=0))
    assert [type(block) for block in chapter(wrong)] == [Heading, Callout]
    none = tables()
    none["scenario_changes"] = none["scenario_changes"].clear()
    assert text_of(chapter(desk(tmp_path / "none", **none))[0]) == ABSENT
    assert text_of(chapter(desk(tmp_path / "bare"))[0]) == ABSENT


def test_an_address_holds_what_differs() -> None:
    question = Question("Care", ("a", "b & c"), most_at_once=250_000.67, draws=2_000, may_share=True)
    assert {name: text for name, text in address_of(question.as_dict()).items() if text} == {
        "model": "Care", "options": "a|b & c", "at_once": "250000.67", "draws": "2000", "share": "yes",
    }  # fmt: skip


def test_an_option_that_brings_nothing_is_not_chosen_for_rounding_and_ties_share_a_draw(tmp_path: Path) -> None:
    same = {"value": 313.7, "lower": None, "upper": None}
    people = {"N1": {"value": 23.7}, "N2": same, "N4": same, "N6": {"lower": 800, "upper": 1_000}}
    numbers = tuple({**each, **people.get(each["code"], {})} for each in NUMBERS)
    numbers = tuple({"source": "000", "place": "s3", **each} for each in numbers)
    changes = (
        change("To houses", "B1", "people to move", "Home", "House", value=7.3, ends=date(2027, 3, 1)),
        change("Ward", "C1", "people to move", "Ward", "Flat", value=3),
    )
    given = tables(changes, numbers)
    found = answer(read(**given), Question("Care"), weeks=WEEKS)
    of = rows(found, PORTFOLIO)
    assert [name for name, row in of.items() if row["is_best"]] == ["Ward"]
    assert {name: row["chance_best"] for name, row in of.items() if row["chance_best"]} == {
        "Ward": 0.5,
        "To houses + Ward": 0.5,
    }
    assert [of[name]["regret"] for name in ("Ward", "To houses + Ward")] == [0, 0]
    words = str(choice_blocks(desk(tmp_path, **given), "Care"))
    assert SURE in words
    assert SHARED not in words


def test_what_is_said_to_let_a_better_portfolio_in_is_enough() -> None:
    at_once = rows(answer(read(**certain()), Question("Care"), weeks=WEEKS), PORTFOLIO)["To houses + Home at once"]
    dear = tables((*CHANGES[:-1], {**CHANGES[-1], "value": 10_000.4}), NUMBERS)
    certain_ones = {**certain(), "scenario_changes": dear["scenario_changes"]}
    said = rows(answer(read(**certain_ones), Question("Care", most_at_once=0), weeks=WEEKS), LIMIT)[AT_ONCE_LIMIT]
    enough = at_once["at_once"] + 1
    assert f"The first £{enough:,.0f} more would let in To houses + Home at once" in said["words"]
    found = answer(read(**certain_ones), Question("Care", most_at_once=enough), weeks=WEEKS)
    assert rows(found, PORTFOLIO)["To houses + Home at once"]["is_best"]
