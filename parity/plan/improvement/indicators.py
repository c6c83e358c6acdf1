"""Figures of the improvement plans: tasks, the money they take and release, and the targets they deliver."""

import polars as pl

from parity.analyse.scope import counted, of_the_programme
from parity.plan.targets.indicators import delivered
from parity.plan.totals import totals
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")
REVENUE, CAPITAL = "revenue", "capital"


@indicator(
    rows="B19 B20",
    title="Tasks of a plan",
    unit=Unit.COUNT,
    numerator="Tasks, actions or projects of the plan",
    formula="number of its tasks",
    purpose="See how much work the plan is",
    dimensions=("plan",),
)
def tasks_count(tasks: pl.DataFrame) -> pl.DataFrame:
    """Tasks of each plan."""
    return counted(tasks, "plan")


@indicator(
    rows="B19",
    title="Money of a task's item",
    unit=Unit.GBP,
    numerator="Pounds the item takes, or releases where negative",
    formula="as stated",
    purpose="See what each task needs",
    dimensions=("task", "item"),
    basis=Basis.BUDGET,
)
def task_amount(task_resources: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each item of each task; negative where it releases money."""
    return of_the_programme(task_resources).select(*PLACE, "task", "item", "price_year", value="amount_gbp")


@indicator(
    rows="B19",
    title="Yearly money that a plan takes",
    unit=Unit.GBP,
    numerator="Revenue items that take money",
    formula="sum of revenue items above zero",
    purpose="See what the plan needs before any release",
    polarity=Polarity.LOW,
    dimensions=("plan",),
    basis=Basis.GROSS,
)
def plan_revenue(tasks: pl.DataFrame, task_resources: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each plan's tasks take."""
    return _money(tasks, task_resources, pl.col("kind") == REVENUE, pl.col("amount_gbp") >= 0)


@indicator(
    rows="B19",
    title="Yearly money that a plan releases",
    unit=Unit.GBP,
    numerator="Revenue items that release money",
    formula="sum of revenue items below zero, written without the minus",
    purpose="See what the plan pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("plan",),
    basis=Basis.BUDGET,
)
def plan_release(tasks: pl.DataFrame, task_resources: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each plan's tasks release; a plan that releases nothing is not listed."""
    released = _money(tasks, task_resources, pl.col("kind") == REVENUE, pl.col("amount_gbp") < 0)
    return released.with_columns(value=-pl.col("value"))


@indicator(
    rows="B19",
    title="Net yearly money of a plan",
    unit=Unit.GBP,
    numerator="Revenue items, releases taken off",
    formula="sum of all revenue items",
    purpose="See whether the plan pays for itself",
    polarity=Polarity.LOW,
    dimensions=("plan",),
    basis=Basis.NET,
)
def plan_net(tasks: pl.DataFrame, task_resources: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each plan needs on balance; negative where it releases more than it takes."""
    return _money(tasks, task_resources, pl.col("kind") == REVENUE)


@indicator(
    rows="B19",
    title="Capital of a plan",
    unit=Unit.GBP,
    numerator="Capital items",
    formula="sum of capital items",
    purpose="See what must be found once",
    polarity=Polarity.LOW,
    dimensions=("plan",),
    basis=Basis.BUDGET,
)
def plan_capital(tasks: pl.DataFrame, task_resources: pl.DataFrame) -> pl.DataFrame:
    """Pounds of capital that each plan's tasks take."""
    return _money(tasks, task_resources, pl.col("kind") == CAPITAL)


@indicator(
    rows="B19",
    title="Targets delivered by a task",
    unit=Unit.COUNT,
    numerator="Targets to which the task is linked",
    formula="number of links “task delivers target”",
    purpose="Find tasks that carry many targets, and tasks that carry none",
    dimensions=("task",),
)
def task_targets(tasks: pl.DataFrame, thread: pl.DataFrame) -> pl.DataFrame:
    """Targets that each task delivers; zero where it is linked to none."""
    links = delivered(thread).group_by("task").agg(value=pl.len())
    joined = of_the_programme(tasks).join(links, on="task", how="left", maintain_order="left")
    return joined.select(*PLACE, "task", pl.col("value").fill_null(0))


def _money(tasks: pl.DataFrame, task_resources: pl.DataFrame, *which: pl.Expr) -> pl.DataFrame:
    """The sum of the items chosen, for each plan that has any."""
    items = task_resources.filter(*which).join(tasks.select("task", "plan"), on="task", maintain_order="left")
    return of_the_programme(totals(items, by=("plan",)))
