"""The chapter on scenarios, and the blocks of one of them."""

from datetime import date
from typing import Any

import polars as pl

from parity.documents.figure_tables import annexed, crossed, joined, period_words
from parity.documents.model import Block, Bullets, Callout, Cell, Column, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow_parameters import Parameter, written
from parity.plan.flow_courses import CHANCE, DOUBT, YEAR
from parity.plan.flow_growth_words import growth_blocks
from parity.plan.flow_paths import inflates
from parity.plan.flow_pictures import pictures
from parity.plan.flow_reasons import where_words
from parity.plan.flow_shown import ShownModel, cited, models_of
from parity.plan.flow_tables import AS_IT_IS
from parity.plan.service_costs.indicators import TO_BE
from parity.tables import Desk
from parity.terms.units import Unit

ABSENT = (
    "The programme has no tables “flow_models”, “flow_settings” and “flow_parameters”, which would say between which "
    "settings people move, how many they are, and what their care costs."
)
RULE = "Where more people ask for a place than there are, free places go: "
ALIKE = (
    "Every number that has an interval is drawn from it {draws} times, and each scenario sees the same draws. A value "
    "is what follows from the numbers as stated; the range beside it holds 95 of 100 draws."
)
SHORT = (
    "It ends before a year is over, so nothing is told of the ends of years here: the page of a scenario offers every "
    "month as a file."
)
CERTAIN = "None of the numbers has an interval, so no range is shown: they are taken as certain."
INFLATED = (
    "Pounds are those of each month, with inflation, and so are savings; present values are in pounds of the first."
)
HEADS = ("Number", "Of", "Value", "95% interval", "Source", "Place")
NARROW = "scenario_net_cost_narrow"
NARROW_PEOPLE = "scenario_people_narrow"
DOUBTFUL = "Is this meant?"
BY_SETTING = {
    "scenario_people": "People in each setting at the end of each year",
    NARROW_PEOPLE: "The same people with the ranges that hold 80 of 100 draws",
    "scenario_waiting_for_place": "People who wait for a free place at the end of each year",
    "scenario_waiting_for_team": "People who wait for the team that moves them at the end of each year",
    "scenario_places": "Places in each setting at the end of each year",
    "scenario_occupancy": "Share of places in use in the last month of each year",
}
GROSS = "scenario_gross_cost"
BY_SCENARIO = {
    GROSS: "Gross cost of the twelve months to each month shown, before income",
    "scenario_net_cost": "Net cost of the twelve months to each month shown",
    NARROW: "The same net cost with the ranges that hold 80 of 100 draws",
    "scenario_saving": "What is saved in the twelve months to each month shown, against services as they are",
    "scenario_staff": "Staff in the last month of each year",
}
WORTH = {
    "scenario_saving_in_all": "Saved over all months",
    "scenario_net_present_value": "Net present value",
    "scenario_payback": "Paid back after",
    "scenario_payback_chance": "Chance that it pays back",
}
IN_WORDS = (
    "Savings are set against the same draw of services as they are, so what is uncertain in both cancels out. A saving "
    "below £0 is a cost. Payback is not discounted; the net present value is, at the rates of the Green Book."
)
IN_SHORT = "In short, against services as they are:"
CHANGE_HEADS = ("Change", "What", "How", "From", "To", "Source", "Place")


def chapter(desk: Desk) -> list[Block]:
    """Each model of the programme: its scenarios side by side, then each of them, then every number they rest on."""
    models = models_of(desk)
    return [block for model in models for block in _model_blocks(model)] if models else [Paragraph((ABSENT,))]


def scenario_blocks(desk: Desk, model: str, scenario: str) -> list[Block]:
    """One scenario of a model: what it changes, what becomes of people and money, and every number it rests on."""
    (shown,) = (each for each in models_of(desk) if each.name == model)
    return [*_opening(shown), *_scenario(shown, scenario), *_compared(shown, AS_IT_IS, scenario), *_numbers(shown)]


def _model_blocks(model: ShownModel) -> list[Block]:
    """A model: what it rests on, its scenarios side by side, each of them, and every number of it."""
    changed = [name for name in model.scenarios if name != AS_IT_IS]
    if model.faults:
        return [*_opening(model), *_numbers(model)]
    return [
        *_opening(model),
        Heading("The scenarios side by side", 4),
        *_compared(model),
        *(block for name in changed for block in (Heading(name, 4), *_scenario(model, name))),
        *_numbers(model),
    ]


def _opening(model: ShownModel) -> list[Block]:
    """From when, for how long, who goes first, what the ranges mean, and what keeps the model from being run."""
    facts, steps = model.facts, model.facts["steps"] or 1
    of_year = f"Pounds are those of {facts['price_year']}." if facts["price_year"] else ""
    is_drawn = model.numbers["lower"].is_not_null().any()
    count = facts["months"]
    sentences = (
        f"From {period_words(_month(facts['starts']))} for {count} month{'' if count == 1 else 's'}"
        + (f", in {steps} steps a month." if steps > 1 else ", month by month."),
        f"{RULE}{facts['rationing']}.",
        ALIKE.format(draws=Unit.COUNT.write(CHANCE.draws, bare=True)) if is_drawn else CERTAIN,
        INFLATED if inflates(model.numbers, model.name) else of_year,
        "People are whole, and chance decides for each of them." if facts["whole_people"] else "",
        facts["note"] or "",
        SHORT if count < MONTHS_OF_A_YEAR else "",
    )
    opening: list[Block] = [Heading(model.name, 3), Paragraph((" ".join(one for one in sentences if one),))]
    return [*opening, Callout("The model cannot be run yet", (model.faults,))] if model.faults else opening


def _scenario(model: ShownModel, scenario: str) -> list[Block]:
    """What a scenario changes, what it costs and where people are by month, and who waits at the end of each year."""
    slug = model.slug_of(scenario)
    told = model.desk.table("scenarios")
    rows = [] if told is None else told[0].filter(model=model.name, scenario=scenario).to_dicts()
    words = [Paragraph((row["description"],)) for row in rows if row["description"]]
    notes = [Callout("What to know of this scenario", (row["note"],)) for row in rows if row["note"]]
    tables = []
    for key, caption in BY_SETTING.items():
        figures = model.figures(key, scenario)
        if any(figure.interval_text if key == NARROW_PEOPLE else figure.value for figure in figures):
            title = f"{caption}, {scenario}"
            table = crossed(f"{key}-{slug}", title, figures, rows="setting", columns="period", head="Setting")
            tables.append(annexed(table) if key == NARROW_PEOPLE else table)
    changes = _changes(model, scenario, slug)
    opening = [*words, *_in_short(model, scenario), *notes, *_doubts(model, scenario)]
    return [*opening, *changes, *pictures(model, scenario), *tables]


def _in_short(model: ShownModel, scenario: str) -> list[Block]:
    """What a scenario saves, what that is worth and when it pays back, before all that it follows from."""
    worth = tuple((f"{words}: ", figure) for key, words in WORTH.items() for figure in model.figures(key, scenario))
    return [Paragraph((IN_SHORT,)), Bullets(worth)] if worth else []


def _doubts(model: ShownModel, scenario: str) -> list[Block]:
    """The changes of the scenario that are likely to be slips, in a box."""
    found = model.paths.filter(scenario=scenario, measure=DOUBT)["note"].to_list()
    return [Callout(DOUBTFUL, (" ".join(found),))] if found else []


def _compared(model: ShownModel, *scenarios: str) -> list[Block]:
    """Where each scenario ends, and what each costs year by year."""
    people = model.figures("scenario_people", *scenarios)
    last = max((figure.period for figure in people), default="")
    at_end = [figure for figure in people if figure.period == last]
    blocks: list[Block] = []
    if at_end:
        caption = f"People in each setting at the end of {period_words(last)}"
        slug = f"people-{model.slug}"
        blocks.append(crossed(slug, caption, at_end, rows="setting", columns="scenario", head="Setting"))
    for key, caption in BY_SCENARIO.items():
        figures = model.figures(key, *scenarios)
        is_there = any(figure.interval_text if key == NARROW else figure.value for figure in figures)
        if is_there and (key != GROSS or _has_income(model)):
            slug = f"{key}-{model.slug}"
            table = crossed(slug, caption, figures, rows="scenario", columns="period", head="Scenario")
            blocks.append(annexed(table) if key == NARROW else table)
    return [*blocks, *_worth(model, *scenarios), *_beside_plan(model, *scenarios)]


def _has_income(model: ShownModel) -> bool:
    """Whether anything comes in, so that gross and net cost differ."""
    return model.paths.filter((pl.col("measure") == f"{YEAR}income") & (pl.col("value") != 0)).height > 0


def _worth(model: ShownModel, *scenarios: str) -> list[Block]:
    """What each scenario saves in all, what that is worth, and when and how surely it pays back."""
    found = {key: {dict(one.where)["scenario"]: one for one in model.figures(key, *scenarios)} for key in WORTH}
    names = found["scenario_saving_in_all"]
    if not names:
        return []
    rows: list[tuple[Cell, ...]] = [(name, *(found[key][name] for key in WORTH)) for name in names]
    caption = "What each scenario saves in all, and when it pays back"
    heads = ("Scenario", *WORTH.values())
    return [joined(f"worth-{model.slug}", caption, heads, rows), Paragraph((IN_WORDS,))]


def _beside_plan(model: ShownModel, *scenarios: str) -> list[Block]:
    """Where each scenario ends beside what the plan's own tables of services give, computed and as printed."""
    ends = model.figures("scenario_cost_at_end", *scenarios)
    planned = model.desk.figures("scenario_cost").all(scenario=TO_BE, area=model.facts["area"])
    if not planned or not ends:
        return []
    last = max(figure.period for figure in ends)
    rows: list[tuple[Cell, ...]] = [
        (f"This forecast: {dict(figure.where)['scenario']}", period_words(figure.period), figure)
        for figure in ends
        if figure.period == last
    ]
    for figure in planned:
        printed = model.desk.figures("scenario_cost_printed").one(**figure.address)
        rows.append(("The plan’s own table, computed", figure.period, figure))
        rows.append(("The plan’s own table, as printed", figure.period, printed))
    caption = "What services cost a year in the end, beside the plan’s own table"
    sentence = "Where the plan’s printed costs do not follow from its own numbers, the tie-out says so."
    return [joined(f"end-{model.slug}", caption, ("From", "When", "Net cost a year"), rows), Paragraph((sentence,))]


def _numbers(model: ShownModel) -> list[Block]:
    """Every number of the model, with its interval and where it is from."""
    rows = [
        (f"{row['code']}: {row['parameter']}", where_words(row), _value(row), _interval(row), *cited(row))
        for row in model.numbers.filter(pl.col("scenario").is_null()).to_dicts()
    ]
    columns = tuple(Column(title, numeric=title in HEADS[2:4]) for title in HEADS)
    table = Table(f"numbers-{model.slug}", f"Every number of the model, {model.name}", columns, tuple(rows))
    grown = growth_blocks(model.desk, model.facts, model.numbers, slug=model.slug)
    return [Heading("What it rests on", 4), table, *grown]


def _changes(model: ShownModel, scenario: str, slug: str) -> list[Block]:
    """What the scenario changes."""
    rows = [
        (
            f"{row['code']}: {row['lever']}",
            f"{row['parameter']}, {where_words(row)}",
            f"{row['operation']} {_value(row)} {_in_brackets(_interval(row))}".strip(),
            period_words(_month(row["starts"])) + _growing(row["ramp_months"]),
            period_words(_month(row["ends"])) if row["ends"] else "the end",
            *cited(row),
        )
        for row in model.numbers.filter(scenario=scenario).to_dicts()
    ]
    columns = tuple(Column(title) for title in CHANGE_HEADS)
    return [Table(f"changes-{slug}", f"What changes, {scenario}", columns, tuple(rows))] if rows else []


def _growing(months: int | None) -> str:
    return f", growing over {months} months" if months else ""


def _value(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "all others" if row["parameter"] == Parameter.SHARE.value else "not known"
    return written(row, row["value"])


def _interval(row: dict[str, Any]) -> str:
    if row["lower"] is None or row["upper"] is None:
        return ""
    return f"{written(row, row['lower'])} to {written(row, row['upper'])}"


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""


def _month(day: date) -> str:
    return day.isoformat()[:7]


TOPIC = Topic(
    slug="scenarios",
    stage="plan",
    title="Scenarios",
    lead="What happens to people, places, staff and money, month by month, if services change.",
    chapter=chapter,
)
