"""Pictures of a scenario: what it costs and how many people are where, month by month, and how people move."""

from collections.abc import Iterator, Mapping

import polars as pl

from parity.documents.drawing import Point
from parity.documents.fans import COLUMNS, MOST_SCENARIOS, fan_chart
from parity.documents.figure_tables import by, period_words
from parity.documents.flow_picture import FEWEST, Flow, Setting, flow_picture
from parity.documents.model import Chart
from parity.plan.flow_courses import PAYBACK, SAVED, arriving, flow_name, leaving
from parity.plan.flow_shown import ShownModel
from parity.plan.flow_tables import AS_IT_IS
from parity.terms.figure import Figure

EVERY_MONTH = "The page of the scenario offers the numbers of every month as a file."
OF_SETTING = (
    "scenario_people_at_start",
    "scenario_people",
    "scenario_waiting_for_place",
    "scenario_waiting_for_team",
)
PAID_BACK = "Paid back, as stated"
LEAST = 1e-6
"""By how many people a setting must change to be drawn."""


def pictures(model: ShownModel, scenario: str) -> list[Chart]:
    """The charts of a scenario of the model; none where the model cannot be run, or has no whole year."""
    if model.faults or not model.figures("scenario_monthly_cost", scenario):
        return []
    return [_cost(model, scenario), _saved(model, scenario), *_people(model, scenario), *_flows(model, scenario)]


def _cost(model: ShownModel, scenario: str) -> Chart:
    """Net cost by month, as it is beside the scenario."""
    ends = [
        Point(period_words(figure.period), figure, name)
        for name in (AS_IT_IS, scenario)
        for figure in model.figures("scenario_monthly_cost", name)
    ]
    months = _months(model, "net cost", AS_IT_IS, scenario).select(*COLUMNS)
    slug, title = f"cost-{model.slug_of(scenario)}", f"Net cost of each month, {scenario}"
    return fan_chart(months, ends, slug=slug, title=title, note=EVERY_MONTH)


def _saved(model: ShownModel, scenario: str) -> Chart:
    """What the scenario has saved by the end of each month, and the month in which it has paid back."""
    figures = model.figures("scenario_saved_so_far", scenario)
    ends = [Point(period_words(figure.period), figure, scenario) for figure in figures]
    months = _months(model, SAVED, scenario).select(*COLUMNS)
    (back,) = _months(model, PAYBACK, scenario)["note"]
    slug, title = f"saved-{model.slug_of(scenario)}", f"Saved from the start to each month’s end, {scenario}"
    event = (back, PAID_BACK) if back else None
    return fan_chart(months, ends, slug=slug, title=title, event=event, note=EVERY_MONTH)


def _people(model: ShownModel, scenario: str) -> Iterator[Chart]:
    """People by month in the settings that change most; nothing where none does."""
    now, then = (_months(model, "people", name) for name in (AS_IT_IS, scenario))
    keys = ["item", "period"]
    apart = then.join(now.select(*keys, before="value"), on=keys, maintain_order="left")
    change = apart.group_by("item", maintain_order=True).agg((pl.col("value") - pl.col("before")).abs().max())
    most = change.filter(pl.col("value") > LEAST).sort("value", descending=True, maintain_order=True)
    names = most["item"].to_list()[:MOST_SCENARIOS]
    figures = model.figures("scenario_people", scenario)
    ends = [
        Point(period_words(figure.period), figure, name)
        for name in names
        for figure in figures
        if by("setting")(figure) == name
    ]
    if names:
        order = pl.DataFrame({"item": names})
        months = order.join(then, on="item", maintain_order="left_right").drop("scenario").rename({"item": "scenario"})
        slug, title = f"people-fan-{model.slug_of(scenario)}", f"People in the settings that change most, {scenario}"
        yield fan_chart(months.select(*COLUMNS), ends, slug=slug, title=title, note=EVERY_MONTH)


def _months(model: ShownModel, measure: str, *scenarios: str) -> pl.DataFrame:
    return model.paths.filter(pl.col("measure") == measure, pl.col("scenario").is_in(scenarios))


def _flows(model: ShownModel, scenario: str) -> Iterator[Chart]:
    """The settings with the people in them and the ways between them; nothing for fewer than two of them."""
    moves = {by("way")(figure): figure for figure in model.figures("scenario_moves", scenario) if figure.value}
    settings = list(_settings(model, scenario, moves))
    if len(settings) < FEWEST:
        return
    ways = {flow_name(one.name, other.name): (one.name, other.name) for one in settings for other in settings}
    first, last = settings[0].now.period, settings[0].then.period
    yield flow_picture(
        settings,
        [Flow(*ways[name], figure) for name, figure in moves.items() if name in ways],
        slug=f"flows-{model.slug_of(scenario)}",
        title=f"Where people are and how they move, {scenario}",
        moments=(f"start of {period_words(first)}", period_words(last)),
        period=f"from {period_words(first)} to {period_words(last)}",
    )


def _settings(model: ShownModel, scenario: str, moves: Mapping[str, Figure]) -> Iterator[Setting]:
    """The settings of the model in which anybody is at the end of a year."""
    told = model.desk.table("flow_settings")
    groups = {} if told is None else dict(told[0].filter(model=model.name).select("setting", "setting_group").rows())
    start, end, place, team = (
        {by("setting")(figure): figure for figure in model.figures(key, scenario)} for key in OF_SETTING
    )
    for name, then in end.items():
        outside = (moves.get(arriving(name)), moves.get(leaving(name)))
        yield Setting(name, start[name], then, place.get(name), team.get(name), outside, groups[name] or "")
