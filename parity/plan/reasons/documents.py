"""The chapter on why scenarios come out as they do, and the blocks of one of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from parity.documents.drawing import Point
from parity.documents.figure_tables import by, joined, period_words
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.documents.steps import FEWEST, MOST, waterfall_chart
from parity.documents.tornado import Swing, tornado_chart
from parity.layout.topic import Topic
from parity.methods.flow_parameters import written
from parity.plan.flow_names import END, START
from parity.plan.flow_reasons import PEOPLE, number_name
from parity.plan.flow_shown import ShownModel, cited, models_of
from parity.plan.flow_tables import AS_IT_IS
from parity.tables import Desk
from parity.terms.figure import Figure

REASONS = "flow_reasons"
ABSENT = "There is no scenario that could be explained: the chapter on scenarios says what one needs."
NOT_RUN = "The model cannot be run yet"
AS_AVERAGE = (
    "Here people are counted in parts, as an average: what chance does to each of them cannot be known beforehand."
)
IN_ORDER = (
    "Levers are added one after the other, those first that begin earlier, and their steps add up to the end. Where "
    "two levers act on each other, the order matters: a note says what one would do alone."
)
ONE_LEVER = ("All of it comes from one lever, ", ": it saves ", " in all.")
TOO_MANY = "There are more levers than can be drawn, so the steps stand in a table."
ALONE = (
    "Each lever as if it were the only one, over all months and before discounting: what it pays and makes dearer, and "
    "what it saves."
)
AT_ENDS = (
    "Each number with an interval is set to its lower and then to its upper end, all others as stated. The longer the "
    "bar, the more the outcome hangs on that number."
)
NO_INTERVAL = "No number that this scenario rests on has an interval, so nothing can be said of how sure it is."
MOVES_NOTHING = "none of the numbers with an interval moves it."
SURE = (
    "Knowing more before deciding would not change the choice: in every draw it is the same. So nothing is lost by "
    "deciding now."
)
CASE_WORDS = (
    "What the change itself takes – its prices, payments, teams and staff – beside what is no longer spent because it "
    "moves people, both discounted to the first year. Were the benefits to fall, or the costs to rise, by as much as "
    "the last two lines say, it would be worth nothing; below 0, they would have to move the other way, and where "
    "benefits may fall by more than all of them, they would have to turn into costs."
)
CASE_LINES = {
    "scenario_change_benefit": "What it brings, at present value",
    "scenario_change_cost": "What it costs, at present value",
    "scenario_benefit_cost_ratio": "Brought by each pound spent",
    "scenario_equal_year": "Worth as much as this at the end of each year",
    "scenario_benefit_may_fall": "Benefits may fall by",
    "scenario_cost_may_rise": "Costs may rise by",
}
LEVER_HEADS = ("Lever", "It costs", "It saves", "On balance", "Chance that it pays")
SWINGS = {
    "saving": ("scenario_saving_step", "scenario_saving_low", "scenario_saving_high"),
    PEOPLE: ("scenario_people_step", "scenario_people_low", "scenario_people_high"),
}
"""By what they are of: the figures of the steps, and those with a number at its low and at its high end."""


def chapter(desk: Desk) -> list[Block]:
    """Each scenario of each model: why it comes out as it does, and how sure that is."""
    blocks = [
        block
        for model in models_of(desk)
        for name in model.scenarios
        if name != AS_IT_IS and not model.faults
        for block in (Heading(model.label(name), 3), *_reasons(model, name))
    ]
    return blocks or [Paragraph((ABSENT,))]


def reason_blocks(desk: Desk, model: str, scenario: str) -> list[Block]:
    """One scenario of a model: its levers, the numbers that matter most, and what is worth knowing better."""
    shown = next((each for each in models_of(desk) if each.name == model), None)
    if shown is None or scenario not in shown.scenarios:
        return [Paragraph((ABSENT,))]
    return [Callout(NOT_RUN, (shown.faults,))] if shown.faults else _reasons(shown, scenario)


def _reasons(model: ShownModel, scenario: str) -> list[Block]:
    opening = [Paragraph((AS_AVERAGE,))] if model.facts["whole_people"] else []
    return [
        *opening,
        Heading("What each lever adds", 4),
        *_steps(model, scenario),
        Heading("Which lever pays for itself", 4),
        *_levers(model, scenario),
        *_case(model, scenario),
        Heading("Which numbers matter most", 4),
        *_swings(model, scenario),
        Heading("What is worth knowing better", 4),
        *_knowing(model, scenario),
    ]


def _named(model: ShownModel, scenario: str, key: str, dimension: str) -> dict[str, Figure]:
    """The figures of a scenario by lever, step or number."""
    return {by(dimension)(figure): figure for figure in model.figures(key, scenario)}


def _steps(model: ShownModel, scenario: str) -> Iterator[Block]:
    """Waterfalls of the saving and of people in the setting that changes most."""
    saved = _named(model, scenario, SWINGS["saving"][0], "step")
    levers = [name for name in saved if name not in (START, END)]
    if len(levers) < FEWEST:
        yield from (Paragraph((ONE_LEVER[0], name, ONE_LEVER[1], saved[name], ONE_LEVER[2])) for name in levers)
    else:
        title = f"What each lever adds to the saving, {period_words(saved[END].period)}, {scenario}"
        yield Paragraph((IN_ORDER,))
        yield _waterfall(saved, slug=f"saving-steps-{model.slug_of(scenario)}", title=title)
    people = _named(model, scenario, SWINGS[PEOPLE][0], "step")
    if people and len(levers) >= FEWEST:
        title = f"What each lever does to {_of_people(model, scenario, people[END])}"
        yield _waterfall(people, slug=f"people-steps-{model.slug_of(scenario)}", title=title)


def _waterfall(found: Mapping[str, Figure], *, slug: str, title: str) -> Block:
    """The steps as a chart, or as a table where there are too many to be drawn."""
    start, *steps, end = [Point(name, figure) for name, figure in found.items()]
    if len(steps) > MOST:
        rows = [(name, figure) for name, figure in found.items()]
        return joined(slug, f"{title}. {TOO_MANY}", ("Step", "Amount"), rows)
    return waterfall_chart(start, steps, end, slug=slug, title=title, labels="Step")


def _of_people(model: ShownModel, scenario: str, at: Figure) -> str:
    return f"people in {_setting(model, scenario)} at the end of {period_words(at.period)}, {scenario}"


def _setting(model: ShownModel, scenario: str) -> str:
    """The setting that changes most in the scenario."""
    table = model.desk.table(REASONS)
    rows = [] if table is None else table[0].filter(model=model.name, scenario=scenario, measure=PEOPLE).to_dicts()
    return str(rows[0]["setting"]) if rows else ""


def _levers(model: ShownModel, scenario: str) -> list[Block]:
    """What each lever costs and saves alone, and in words which pays."""
    keys = ("cost", "saving", "balance", "chance")
    found = [_named(model, scenario, f"scenario_lever_{key}", "lever") for key in keys]
    rows: list[tuple[Cell, ...]] = [(name, *(figures[name] for figures in found)) for name in found[0]]
    pays = {name: (figure.value or 0.0) > 0 for name, figure in found[2].items()}
    table = joined(f"levers-{model.slug_of(scenario)}", f"Each lever alone, {scenario}", LEVER_HEADS, rows)
    return [Paragraph((f"{ALONE} {_in_words(pays)}",)), table] if rows else []


def _case(model: ShownModel, scenario: str) -> list[Block]:
    """The case for spending on the scenario: costs, benefits, and how wrong they may be."""
    rows: list[tuple[Cell, ...]] = [
        (words, figure) for key, words in CASE_LINES.items() for figure in model.figures(key, scenario)
    ]
    table = joined(f"case-{model.slug_of(scenario)}", f"The case for spending, {scenario}", ("Line", "Value"), rows)
    return [Heading("The case for spending", 4), Paragraph((CASE_WORDS,)), table] if rows else []


def _in_words(pays: Mapping[str, bool]) -> str:
    """Which levers pay for themselves, and which do not."""
    parts = {
        "As stated, these pay for themselves": [name for name, is_so in pays.items() if is_so],
        "These do not within these months": [name for name, is_so in pays.items() if not is_so],
    }
    return " ".join(f"{words}: {'; '.join(names)}." for words, names in parts.items() if names)


def _swings(model: ShownModel, scenario: str) -> Iterator[Block]:
    """Tornados of the saving and of people, without the numbers that move nothing."""
    rows = _numbers(model, scenario)
    if not rows:
        yield Paragraph((NO_INTERVAL,))
        return
    yield Paragraph((AT_ENDS,))
    for of, (step, *ends) in SWINGS.items():
        steps = _named(model, scenario, step, "step")
        low, high = (_named(model, scenario, key, "number") for key in ends)
        if not low:
            continue
        swings = [_swing(rows[name], low[name], high[name]) for name in low if low[name].text != high[name].text]
        what = _of_people(model, scenario, steps[END]) if of == PEOPLE else f"the saving over all months, {scenario}"
        title = f"How far one number moves {what}"
        slug = f"{of}-swings-{model.slug_of(scenario)}"
        yield from (
            [tornado_chart(steps[END], swings, slug=slug, title=title)]
            if swings
            else [Paragraph((f"{title}: {MOVES_NOTHING}",))]
        )


def _numbers(model: ShownModel, scenario: str) -> dict[str, Mapping[str, Any]]:
    """The rows of the model and of the scenario that have an interval, by the name of the number."""
    own = pl.col("scenario").is_null() | (pl.col("scenario") == scenario)
    is_drawn = pl.col("lower").is_not_null() & pl.col("upper").is_not_null()
    return {number_name(row): row for row in model.numbers.filter(own & is_drawn).to_dicts()}


def _swing(row: Mapping[str, Any], low: Figure, high: Figure) -> Swing:
    ends = (written(row, row["lower"]), written(row, row["upper"]))
    return Swing(number_name(row), ends, (low, high), cited(row))


def _knowing(model: ShownModel, scenario: str) -> list[Block]:
    """What it would be worth to know more before choosing between the scenario and services as they are."""
    if not _numbers(model, scenario):
        return [Paragraph((NO_INTERVAL,))]
    chance, worth = (model.figures(key, scenario)[0] for key in ("scenario_chance_better", "scenario_certainty_value"))
    better = Paragraph(
        (chance.missing,)
        if chance.missing
        else ("The scenario is the better choice than services as they are in ", chance, " of the draws.")
    )
    if not worth.value:
        return [better, Paragraph((SURE,))]
    most = (
        "To know every number beforehand would be worth ",
        worth,
        " on average: inquiries before the decision should not cost more. The table tells which number alone is worth "
        "most; numbers that would not change the choice are left out.",
    )
    return [better, Paragraph(most), *_worth(model, scenario)]


def _worth(model: ShownModel, scenario: str) -> list[Table]:
    rows = _numbers(model, scenario)
    found = _named(model, scenario, "scenario_number_value", "number")
    body: list[tuple[Cell, ...]] = [
        (name, f"{written(rows[name], rows[name]['lower'])} to {written(rows[name], rows[name]['upper'])}", figure,
         *cited(rows[name]))
        for name, figure in found.items()
        if figure.value
    ]  # fmt: skip
    heads = ("Number", "95% interval", "Worth knowing", "Source", "Place")
    slug = f"worth-knowing-{model.slug_of(scenario)}"
    return [joined(slug, f"What it is worth to know a number, {scenario}", heads, body)] if body else []


TOPIC = Topic(
    slug="reasons",
    stage="plan",
    title="Why, and how sure",
    lead="Which change brings what, which numbers a forecast hangs on, and what would be worth knowing better.",
    chapter=chapter,
)
