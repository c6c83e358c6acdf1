"""Figures of an options appraisal: items, what each option costs and releases, net cost, cost of a post."""

import polars as pl

from parity.analyse.scope import of_the_programme
from parity.methods.columns import why_not_divided
from parity.methods.options import cost_per_wte, option_totals
from parity.plan.totals import UNLIKE, totals
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")


@indicator(
    rows="B16",
    title="Amount of an option's item",
    unit=Unit.GBP,
    numerator="Pounds a year that the item costs or releases",
    formula="as stated",
    purpose="See what an option's cost is made of",
    dimensions=("option", "item"),
    basis=Basis.NOT_STATED,
)
def option_item_amount(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year of each item; whether it is a cost or a release stands in the note."""
    words = pl.when(pl.col("kind") == "release").then(pl.lit("Money that the option releases."))
    items = of_the_programme(option_costs)
    return items.select(*PLACE, "option", "item", "price_year", value="amount_gbp", note=words)


@indicator(
    rows="B16",
    title="Posts of an option's item",
    unit=Unit.WTE,
    numerator="Whole-time equivalents",
    formula="as stated",
    purpose="See how many people an option employs",
    dimensions=("option", "item"),
)
def option_posts(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents of each item that pays for posts."""
    return _posts(option_costs).select(*PLACE, "option", "item", value="wte")


@indicator(
    rows="B15 B16",
    title="Cost of an option",
    unit=Unit.GBP,
    numerator="Items that cost money",
    formula="sum of the items of kind cost",
    purpose="Compare what the options cost before any release",
    polarity=Polarity.LOW,
    dimensions=("option",),
    basis=Basis.GROSS,
)
def option_cost(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each option costs."""
    return _totals(option_costs, "cost")


@indicator(
    rows="B15 B16",
    title="Money released by an option",
    unit=Unit.GBP,
    numerator="Items that release money: savings and grants",
    formula="sum of the items of kind release",
    purpose="See how much of its cost an option pays for itself",
    polarity=Polarity.HIGH,
    dimensions=("option",),
    basis=Basis.NOT_STATED,
)
def option_release(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each option releases; zero where it names no release."""
    return _totals(option_costs, "release")


@indicator(
    rows="B15 B16",
    title="Net cost of an option",
    unit=Unit.GBP,
    numerator="Cost − money released",
    formula="sum of costs − sum of releases; negative where the option saves",
    purpose="Compare what the options cost after what they release",
    polarity=Polarity.LOW,
    dimensions=("option",),
    basis=Basis.NET,
)
def option_net(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year that each option costs on balance."""
    return _totals(option_costs, "net")


@indicator(
    rows="B16",
    title="Cost of a post in an option",
    unit=Unit.GBP,
    numerator="Pounds a year of the item",
    denominator="Whole-time equivalents of the item",
    formula="amount ÷ whole-time equivalents",
    purpose="See whether the options price the same post alike",
    dimensions=("option", "item"),
    basis=Basis.GROSS,
)
def option_cost_per_wte(option_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year for a whole-time equivalent, of each item that pays for posts."""
    why = why_not_divided("amount_gbp", "wte", whole_name="number of posts")
    value = cost_per_wte("amount_gbp", "wte")
    return _posts(option_costs).select(*PLACE, "option", "item", "price_year", why, value=value)


def _posts(option_costs: pl.DataFrame) -> pl.DataFrame:
    return of_the_programme(option_costs.filter(pl.col("wte").is_not_null()))


def _totals(option_costs: pl.DataFrame, column: str) -> pl.DataFrame:
    """One column of the options' totals; none where an option's items are in prices of different years."""
    items = option_costs.select("option", "item", sign="kind", gbp="amount_gbp")
    prices = totals(option_costs, by=("option",)).select(
        "option", "price_year", mixed=pl.when(pl.col("missing") == UNLIKE).then("missing")
    )
    joined = option_totals(items).join(prices, on="option", maintain_order="left")
    reason = pl.coalesce("mixed", "missing")
    return of_the_programme(joined).select(
        *PLACE, "option", "price_year", value=pl.when(reason.is_null()).then(column), missing=reason
    )
