"""How much of each option of a small home to buy: sizes beside scenarios, against every plan, and as a chapter."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from parity.documents.model import Block, Bullets, Callout, Chart, Heading, Paragraph, Table
from parity.methods.sizing import CHANGES_NOTHING, plan_name
from parity.plan.flow_answer import AT_ONCE_LIMIT, IN_YEAR_LIMIT, LIMIT, OPTION, PORTFOLIO, WAITING_LIMIT, WHOLE
from parity.plan.flow_choice import AT_ONCE, Question
from parity.plan.flow_sizes import STAFF_LIMIT, SizesQuestion, answer_of, menu_of
from parity.plan.flow_sizes_answer import COLUMNS, PAIR, SIZE, size_rows, sizes_answer
from parity.plan.flow_tables import told_of
from parity.plan.sizes.documents import ABSENT, CERTAIN, KEEPS, NEITHER, chapter, sizes_blocks
from parity.plan.sizes.rules import address_of
from parity.terms.errors import WrongState
from tests.stages.analyse.frames import desk
from tests.stages.plan.test_choice import CHANGES, NUMBERS, WEEKS, asked, change, many, number, read, rows, tables

CERTAIN_NUMBERS = tuple({**each, "lower": None, "upper": None} for each in NUMBERS)
MEASURED = ("worth", "at_once", "in_year", "waiting")
DEAR = 30_000.0
FLATS, HOUSES, HOME = "To flats", "To houses", "Home at once"
PEOPLE_NOW = 24


def sized(given: dict[str, pl.DataFrame] | None = None, *, limits: dict[str, float] | None = None, **more: Any) -> Any:
    """The answer to a question about the small home, in which people may be shared."""
    question = Question("Care", may_share=True, **(limits or {}))
    return sizes_answer(read(**(given or tables())), SizesQuestion(question, **more), weeks=WEEKS)


def text_of(block: Block) -> str:
    match block:
        case Paragraph(parts=parts) | Callout(parts=parts):
            return "".join(part if isinstance(part, str) else part.text for part in parts)
        case _:
            return ""


def cells(blocks: list[Block], slug: str) -> list[list[str]]:
    table = next(block for block in blocks if isinstance(block, Table) and block.slug == slug)
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in table.rows]


def test_an_option_at_the_size_of_one_is_its_portfolio_and_half_of_it_moves_half_the_people() -> None:
    found = rows(sized(), SIZE)
    portfolios = rows(asked(may_share=True), PORTFOLIO)
    for name in (FLATS, HOUSES, HOME):
        assert [found[name][measure] for measure in MEASURED] == [portfolios[name][measure] for measure in MEASURED]
    assert found[f"{FLATS} (0.5 times)"]["words"] == "6 people to move, £30,000 paid once"
    assert found[f"{FLATS} (0.5 times)"]["worth"] == pytest.approx(found[FLATS]["worth"] / 2)
    # 24 people are there, so that twice as many as 12 all move, and what is paid once is paid twice
    assert found[f"{FLATS} (2 times)"]["worth"] == pytest.approx(2 * found[FLATS]["worth"])


def test_who_is_not_there_cannot_be_moved_so_that_worth_stops_growing() -> None:
    found = rows(sized(times=3), SIZE)
    worth = [found[plan_name({FLATS: size})]["worth"] for size in (1.5, 2.0, 2.5, 3.0)]
    assert worth[1] - worth[0] > 0 > worth[3] - worth[2]
    assert found[f"{FLATS} (3 times)"]["waiting"] == pytest.approx(3 * 12 - PEOPLE_NOW)


def test_the_plan_is_the_best_of_all_whose_sums_keep_the_limits() -> None:
    question = SizesQuestion(Question("Care", may_share=True, most_at_once=80_000.0, most_in_year=40_000.0))
    told = told_of(read(**tables()), "Care", weeks=WEEKS)
    found = answer_of(menu_of(told, question))
    entries, worth = found.menu.entries, found.uses.saved.mean(axis=1)
    ways = [[None, *(at for at, entry in enumerate(entries) if entry.option == name)] for name in (FLATS, HOUSES, HOME)]
    best = 0.0
    for plan in product(*ways):
        chosen = [at for at in plan if at is not None]
        used = [found.uses.rows[limit.name][chosen].sum(axis=0) for limit in question.limits]
        if all((row <= limit.most).all() for row, limit in zip(used, question.limits, strict=True)):
            best = max(best, float(worth[chosen].sum()))
    assert found.plan.worth == pytest.approx(best)
    together = found.together.saved.mean()
    assert found.plan.worth != pytest.approx(together)
    assert [found.is_kept(limit) for limit in question.limits] == [
        bool(found.together.most(limit.name)[0] <= limit.most) for limit in question.limits
    ]


def test_one_option_run_together_is_itself() -> None:
    found = sized(tables(CHANGES[:2]))
    whole, (chosen,) = found.filter(part=WHOLE).row(0, named=True), found.filter("is_chosen", part=SIZE).to_dicts()
    assert (whole["added"], whole["worth"], whole["between"]) == (chosen["worth"], chosen["worth"], 0)
    assert (whole["worth_lower"], whole["worth_upper"]) == (chosen["worth_lower"], chosen["worth_upper"])


TEAM = (
    change("Team", "T1", "people to move", "Home", "Flat", value=12, ends=CHANGES[0]["ends"]),
    change("Team", "T2", "workers of the team", "Home", "Flat", operation="raised by", value=2),
)
WORKERS = (
    *NUMBERS,
    number("N7", "moves of a worker a month", "Home", "Flat", value=0.5),
    number("N8", "cost of a worker a year", "Home", "Flat", value=12_000),
    number("N9", "staff for a person", "Home", value=0.25),
)


def test_staff_are_counted_by_month_and_a_limit_of_them_holds() -> None:
    given = tables((*TEAM, *CHANGES[3:]), WORKERS)
    free = rows(sized(given), SIZE)
    # one of the two workers' first month: two of staff are there, and a quarter of one fewer for whom they move
    assert free["Team"]["staff"] == pytest.approx(2 - 0.25)
    assert free["Team (2 times)"]["staff"] == pytest.approx(2 * (2 - 0.25))
    assert free[HOME]["staff"] == pytest.approx(3 * 0.25)
    tight = sized(given, most_staff=2.0)
    (row,) = rows(tight, LIMIT).values()
    chosen = tight.filter("is_chosen", part=SIZE)["item"].to_list()
    assert (row["unit"], row["step"], row["is_kept"]) == ("WTE", 1, True)
    assert row["used"] <= 2
    assert row["words"].startswith("The first ")
    assert "WTE more would let in Team" in row["words"]
    assert row["words"].endswith("for each whole-time equivalent. Less than that would bring nothing.")
    assert chosen != sized(given).filter("is_chosen", part=SIZE)["item"].to_list()


def test_what_must_be_in_the_plan_is_in_it_and_limits_that_clash_are_named() -> None:
    dear = change("Dear", "D1", "paid once", "Home", value=DEAR)
    given = tables((*CHANGES, dear))
    assert rows(sized(given), OPTION)["Dear"]["size"] == 0
    assert rows(sized(given, must=("Dear",)), OPTION)["Dear"]["size"] == 0.5
    (why,) = sized(given, must=("Dear",), limits={"most_at_once": 10.0, "most_waiting": 0.0})["missing"]
    assert why == (
        "No plan keeps within “Out at once before savings come back” (at most £10), as Dear must be chosen."
    )  # fmt: skip
    told = told_of(read(**given), "Care", weeks=WEEKS)
    with pytest.raises(WrongState, match="“Nowhere” must be in the plan, and is not among"):
        menu_of(told, SizesQuestion(Question("Care"), must=("Nowhere",)))
    with pytest.raises(WrongState, match="no option called “Nowhere”"):
        menu_of(told, SizesQuestion(Question("Care", ("Nowhere",))))


def test_more_of_a_limit_is_told_in_words() -> None:
    free, tight = sized(), sized(limits={"most_at_once": 0.0, "most_in_year": 1e9, "most_waiting": 0.0})
    limits = rows(tight, LIMIT)
    assert list(limits) == [AT_ONCE_LIMIT, IN_YEAR_LIMIT, WAITING_LIMIT]
    assert limits[IN_YEAR_LIMIT]["words"] == CHANGES_NOTHING
    row = limits[AT_ONCE_LIMIT]
    assert (row["most"], row["used"], row["left"], row["step"]) == (0, 0, 0, 10_000)
    assert row["one_more"] >= 0
    assert row["words"].startswith("The first £")
    assert free.filter(part=WHOLE)["added"][0] > tight.filter(part=WHOLE)["added"][0]


@pytest.mark.parametrize(
    ("changes", "amounts"),
    [
        (
            (
                change("A", "1", "people to move", "Home", "Flat", value=5),
                change("A", "2", "people to move", "Ward", "Home", value=2),
                change("A", "3", "paid once", "Home", value=-500),
            ),
            "7.5 people to move (Home to Flat), 3 people to move (Ward to Home), −£750 paid once (Home)",
        ),
        (
            (
                change("A", "1", "staff of the setting", "Home", operation="raised by", value=-2),
                change("A", "2", "arrivals a month", "Home", operation="raised by", value=1),
                change("A", "3", "cost of the setting a year", "Home", operation="raised by", value=-1000),
                change("A", "4", "people who join", "Home", value=3),
            ),
            "3 WTE of staff less, 1.5 arrivals a month more, £1,500 a year less for the setting, "
            "4.5 people who join",
        ),
        (TEAM, "18 people to move, 3 WTE in the team"),
        (
            (change("A", "1", "places", "Flat", operation="raised by", value=4),),
            "6 places more",
        ),
    ],
)  # fmt: skip
def test_amounts_at_a_size_in_words(changes: tuple[dict[str, Any], ...], amounts: str) -> None:
    there = (("places", "Flat", 8), ("staff of the setting", "Home", 4), ("cost of the setting a year", "Home", 2000))
    more = [number(f"M{place}", of, where, value=value) for place, (of, where, value) in enumerate(there)]
    found = sized(tables(changes, (*NUMBERS, *more)))
    assert found.filter(part=SIZE, size=1.5)["words"].to_list() == [amounts]


def test_no_more_is_saved_than_is_spent() -> None:
    """What a setting costs can be saved once, however much of the option is bought."""
    less = change("A", "1", "cost of the setting a year", "Home", operation="raised by", value=-1000)
    found = sized(tables((less,), (*NUMBERS, number("M1", "cost of the setting a year", "Home", value=1000))))
    worth = dict(found.filter(part=SIZE).select("size", "worth").rows())
    assert worth[2] == pytest.approx(worth[1])
    assert worth[0.5] == pytest.approx(worth[1] / 2)


def test_an_option_that_changes_a_rate_is_taken_whole_and_says_so(tmp_path: Path) -> None:
    rate = [
        change(HOUSES, f"B{place}", "cost of a person a week", name, operation="multiplied by", value=0.9)
        for place, name in enumerate(("House", "Ward"), start=2)
    ]
    place = change(HOUSES, "B9", "staff of the setting", "Home", operation="set to", value=1)
    given = tables((*CHANGES, *rate, place))
    found = sized(given)
    assert found.filter(part=SIZE, option=HOUSES)["size"].to_list() == [1]
    why = "“cost of a person a week” is multiplied (House, Ward); “staff of the setting” is set (Home)"
    assert rows(found, OPTION)[HOUSES]["words"] == why
    assert [rows(found, OPTION)[name]["words"] for name in (FLATS, HOME)] == [None, None]
    blocks = chapter(desk(tmp_path, **given))
    assert (f"{HOUSES}: {why}.",) in [item for block in blocks if isinstance(block, Bullets) for item in block.items]


def test_levers_are_the_options_of_a_single_scenario_and_pairs_exclude_each_other(tmp_path: Path) -> None:
    changes = tuple({**each, "lever": each["scenario"], "scenario": "To be"} for each in CHANGES)
    found = sizes_answer(read(**tables(changes)), SizesQuestion(Question("Care")), weeks=WEEKS)
    assert rows(found, PAIR)["“To flats” or “To houses”, not both"]["words"] == "Both plan to move people out of Home."
    sizes = {name: row["size"] for name, row in rows(found, OPTION).items()}
    assert (sizes[FLATS] == 0) != (sizes[HOUSES] == 0)
    table = cells(chapter(desk(tmp_path, **tables(changes))), "size-alternatives-1")
    assert table == [["“To flats” or “To houses”, not both", "Both plan to move people out of Home."]]


def test_more_runs_than_somebody_waits_for_are_refused_with_what_to_do() -> None:
    told = told_of(read(**many(14)), "Care", weeks=WEEKS)
    question = SizesQuestion(Question("Care", draws=1_000, may_share=True), step=0.25, times=3)
    with pytest.raises(WrongState) as refused:
        menu_of(told, question)
    assert str(refused.value) == (
        "168 sizes of options on 1,000 draws each are 168,000 runs of the model, more than the 64,000 that are worked "
        "out while you wait. Ask about fewer options, larger steps or fewer draws."
    )
    assert AT_ONCE == 64_000
    assert menu_of(told, SizesQuestion(Question("Care", draws=1_000, may_share=True), step=1.0)).runs == 28_000


def test_fourteen_options_and_more_have_sizes_though_not_every_set_of_them() -> None:
    found = sizes_answer(read(**many(14)), SizesQuestion(Question("Care", draws=50, may_share=True)), weeks=WEEKS)
    assert found.filter(part=SIZE).height == 14 * 4
    assert found.filter(part=WHOLE)["between"][0] == pytest.approx(0, abs=1e-6)
    assert found.filter(part=WHOLE)["size"][0] >= 1


def test_the_figures_and_the_chapter_tell_the_plan_options_growth_and_how(tmp_path: Path) -> None:
    given = tables((*CHANGES[:2], *CHANGES[3:]))
    shown = desk(tmp_path, **given)
    blocks = chapter(shown)
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "Care", "Options", "What size brings", "How sizes are found",
    ]  # fmt: skip
    plan = next(block for block in blocks if isinstance(block, Callout))
    assert plan.title == "Best sizes"
    figures = {key: shown.figures(key).one() for key in ("sizes_added", "sizes_together", "sizes_between")}
    added, together, between = figures.values()
    assert (between.value or 0) == pytest.approx((together.value or 0) - (added.value or 0))
    assert together.lower is not None
    assert text_of(plan) == (
        f"“{FLATS} (2 times) + {HOME} (2 times)”. The sizes add up to {added.text}; run together they bring "
        f"{together.text}. {NEITHER}"
    )
    names = [row[0] for row in cells(blocks, "sizes-1")]
    assert names == [FLATS, HOME]
    assert cells(blocks, "sizes-1")[0][1] == "2 times what is stated: 24 people to move, £120,000 paid once"
    chart = next(block for block in blocks if isinstance(block, Chart))
    assert [row[0] for row in chart.table.rows] == ["0.5 times", "as stated", "1.5 times", "2 times"]
    assert [column.title for column in chart.table.columns][1:] == [FLATS, HOME]
    assert shown.figures("option_size").one(option=FLATS).text == "2.00"
    assert shown.figures("size_worth").one(sized_option=FLATS).value == rows(sized(given), SIZE)[FLATS]["worth"]


def test_options_that_want_the_same_people_lose_and_one_that_makes_room_for_another_gains(tmp_path: Path) -> None:
    rivals = tables((CHANGES[0], CHANGES[2]))
    room = change("Room", "R1", "places", "Flat", operation="raised by", value=10)
    cost = change("Room", "R2", "paid once", "Flat", value=5_000)
    helpers = tables((CHANGES[0], room, cost), (*NUMBERS, number("N7", "places", "Flat", value=2)))
    told = []
    for given, more in ((rivals, {}), (helpers, {"must": ("Room",)})):
        frame = sized(given, **more)
        shown = desk(tmp_path / str(len(told)), **given).supposing({"flow_sizes": frame}, because="Asked.")
        plan = text_of(next(block for block in sizes_blocks(shown, "Care") if isinstance(block, Callout)))
        between = shown.figures("sizes_between").one()
        told.append((plan.partition(f"The difference, {between.text}, ")[2], (between.value or 0) > 0))
    assert told == [
        ("is what options lose by getting in each other’s way.", False),
        ("is what options gain by helping each other.", True),
    ]


def test_limits_stand_in_a_table_and_the_plan_says_whether_it_keeps_them(tmp_path: Path) -> None:
    frame = sized(limits={"most_at_once": 50_000.0, "most_waiting": 2.0}, most_staff=0.0)
    shown = desk(tmp_path, **tables()).supposing({"flow_sizes": frame}, because="Asked.")
    blocks = sizes_blocks(shown, "Care")
    plan = next(block for block in blocks if isinstance(block, Callout))
    assert plan.title == "Best sizes within the limits"
    found, table = rows(frame, LIMIT), cells(blocks, "size-limits-1")
    assert [row[0] for row in table] == [AT_ONCE_LIMIT, STAFF_LIMIT, WAITING_LIMIT]
    assert [row[5] for row in table] == ["£10,000", "1.00 WTE", "one person"]
    assert table[1][1:5] == ["0.00 WTE"] * 4
    is_kept = all(row["is_kept"] for row in found.values())
    assert text_of(plan).endswith(KEEPS) == is_kept


def test_a_plan_that_breaks_a_limit_when_run_together_says_by_what(tmp_path: Path) -> None:
    given = tables((CHANGES[0], CHANGES[2]))
    frame = sized(given, limits={"most_waiting": 0.0})
    row = rows(frame, LIMIT)[WAITING_LIMIT]
    assert (row["used"], row["is_kept"]) == (0, False)
    assert row["together"] == pytest.approx(24)
    shown = desk(tmp_path, **given).supposing({"flow_sizes": frame}, because="Asked.")
    plan = next(block for block in sizes_blocks(shown, "Care") if isinstance(block, Callout))
    assert text_of(plan).endswith(
        "Run together, they do not keep every limit: people who were to move and have not at the end (24). Ask "
        "for a lower limit, so that there is room."
    )


def test_nothing_may_be_best(tmp_path: Path) -> None:
    given = tables((change("Dear", "A1", "paid once", "Home", value=1_000),))
    shown = desk(tmp_path, **given)
    blocks = chapter(shown)
    assert text_of(next(block for block in blocks if isinstance(block, Callout))) == (
        "Nothing is worth more than that services stay as they are."
    )
    assert cells(blocks, "sizes-1") == [["Dear lever", "left out", "–", "–", "–"]]
    assert CERTAIN.format(names="“Dear lever”") in [text_of(block) for block in blocks]
    within = shown.supposing({"flow_sizes": sized(given, limits={"most_at_once": 5.0})}, because="Asked.")
    callout = next(block for block in sizes_blocks(within, "Care") if isinstance(block, Callout))
    assert text_of(callout) == "Within the limits nothing is worth more than that services stay as they are."


def test_more_options_than_colours_draw_those_worth_most(tmp_path: Path) -> None:
    given = many(8)
    frame = sizes_answer(read(**given), SizesQuestion(Question("Care", draws=20, may_share=True)), weeks=WEEKS)
    shown = desk(tmp_path, **given).supposing({"flow_sizes": frame}, because="Asked.")
    blocks = sizes_blocks(shown, "Care")
    chart = next(block for block in blocks if isinstance(block, Chart))
    assert len(chart.table.columns) == 1 + 6
    assert "Drawn are the 6 options that are worth most at their best size." in [text_of(block) for block in blocks]


def test_only_options_taken_whole_have_no_chart(tmp_path: Path) -> None:
    cheaper = change("Cheaper", "A1", "cost of a person a week", "Home", operation="multiplied by", value=0.9)
    blocks = chapter(desk(tmp_path, **tables((cheaper,))))
    assert not [block for block in blocks if isinstance(block, Chart)]
    assert cells(blocks, "sizes-1")[0][1] == "as it is stated"


@pytest.mark.django_db
def test_a_model_that_cannot_be_run_says_why_and_one_without_options_nothing(tmp_path: Path) -> None:
    wrong = desk(tmp_path / "wrong", **tables(months=0))
    assert [type(block) for block in chapter(wrong)] == [Heading, Callout]
    assert wrong.figures("size_worth").one().missing is not None
    none = tables()
    none["scenario_changes"] = none["scenario_changes"].clear()
    assert text_of(chapter(desk(tmp_path / "none", **none))[0]) == ABSENT
    assert text_of(chapter(desk(tmp_path / "bare"))[0]) == ABSENT
    empty = sizes_answer(read(**none), SizesQuestion(Question("Care")), weeks=WEEKS)
    assert (empty.height, empty.columns) == (0, list(COLUMNS))


def test_every_size_can_be_taken() -> None:
    found = size_rows(sized())
    assert found["option"].to_list() == [name for name in (FLATS, HOUSES, HOME) for _ in range(4)]
    assert found["size"].to_list() == [0.5, 1, 1.5, 2] * 3
    assert np.isfinite(found["net_present_value_gbp"].to_numpy()).all()
    assert found["is_chosen"].sum() <= 3


def test_an_address_holds_what_differs() -> None:
    question = SizesQuestion(
        Question("Care", ("a", "b & c"), most_at_once=250_000.0), step=0.25, times=3, most_staff=1_000.5, must=("a",)
    )
    assert {name: text for name, text in address_of(question).items() if text} == {
        "model": "Care", "options": "a|b & c", "at_once": "250000", "step": "0.25", "times": "3", "staff": "1000.5",
        "must": "a",
    }  # fmt: skip
    assert question.sizes == tuple(number / 4 for number in range(1, 13))
