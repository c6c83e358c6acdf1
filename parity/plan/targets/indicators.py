"""Figures of the targets: how many there are, how many a task delivers, and the values their milestones name."""

import polars as pl

from parity.analyse.scope import counted, of_the_programme
from parity.methods.columns import divide
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")


@indicator(
    rows="B18",
    title="Targets",
    unit=Unit.COUNT,
    numerator="Targets of the programme",
    formula="number of targets",
    purpose="See how much is promised",
)
def targets_count(targets: pl.DataFrame) -> pl.DataFrame:
    """Targets, each once however many milestones it has."""
    return counted(targets)


@indicator(
    rows="B18 B19",
    title="Targets that a task delivers",
    unit=Unit.COUNT,
    numerator="Targets to which at least one task is linked",
    formula="number of targets with a link “task delivers target”",
    purpose="See whether every promise has somebody at work on it",
    polarity=Polarity.HIGH,
)
def targets_linked(targets: pl.DataFrame, thread: pl.DataFrame) -> pl.DataFrame:
    """Targets with at least one task. Links to a target that is not in the table are left aside."""
    return _linked(targets, thread)


@indicator(
    rows="B18 B19",
    title="Share of targets that a task delivers",
    unit=Unit.SHARE,
    numerator="Targets that a task delivers",
    denominator="Targets",
    formula="targets with a task ÷ targets",
    purpose="See how complete the plan is",
    polarity=Polarity.HIGH,
)
def target_coverage(targets: pl.DataFrame, thread: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the targets that at least one task delivers."""
    both = targets_count(targets).join(_linked(targets, thread), on=PLACE, suffix="_linked")
    return both.select(*PLACE, value=divide("value_linked", "value"))


@indicator(
    rows="B18",
    title="Targets of a theme",
    unit=Unit.COUNT,
    numerator="Targets under the theme",
    formula="number of its targets",
    purpose="See where the promises lie",
    dimensions=("theme",),
)
def theme_targets(targets: pl.DataFrame) -> pl.DataFrame:
    """Targets of each theme."""
    return counted(targets, "theme")


@indicator(
    rows="B18 B19",
    title="Targets of a theme that a task delivers",
    unit=Unit.COUNT,
    numerator="Targets under the theme to which at least one task is linked",
    formula="number of its targets with a link “task delivers target”",
    purpose="See which theme has promises without a task",
    polarity=Polarity.HIGH,
    dimensions=("theme",),
)
def theme_targets_linked(targets: pl.DataFrame, thread: pl.DataFrame) -> pl.DataFrame:
    """Targets of each theme with at least one task."""
    return _linked(targets, thread, "theme")


@indicator(
    rows="B18",
    title="Value that a milestone is to reach",
    unit=Unit.NUMBER,
    numerator="Value as the target states it",
    formula="as stated",
    purpose="Know when a target is met",
    dimensions=("target", "step"),
)
def milestone_value(milestones: pl.DataFrame) -> pl.DataFrame:
    """The value of each milestone that names one, in that milestone's own unit."""
    stated = of_the_programme(milestones.filter(pl.col("value").is_not_null()))
    return stated.select(*PLACE, "target", "value", "unit", step=pl.col("milestone").cast(pl.String))


def delivered(thread: pl.DataFrame) -> pl.DataFrame:
    """The links from tasks to targets, as columns task and target."""
    links = thread.filter(
        pl.col("from_kind") == "task", pl.col("relation") == "delivers", pl.col("to_kind") == "target"
    )
    return links.select(task="from_id", target="to_id")


def _linked(targets: pl.DataFrame, thread: pl.DataFrame, *by: str) -> pl.DataFrame:
    """A row a group of targets: value, how many of them a task delivers."""
    with_task = pl.col("target").is_in(delivered(thread)["target"].implode())
    return of_the_programme(targets).group_by(*PLACE, *by, maintain_order=True).agg(value=with_task.sum())
