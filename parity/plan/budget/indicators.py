"""Figures of a budget: lines by heading, gross and controllable, change, income, and the staff it pays.

A year for which the source prints only the controllable amounts keeps those; all other amounts are added up here.
"""

from collections.abc import Callable

import polars as pl

from parity.methods import money
from parity.methods.columns import Column, divide, total, why_not_divided
from parity.methods.comparison import absolute_change, relative_change
from parity.methods.money import share_of_total
from parity.plan.totals import only, totals
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.periods import span
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

Change = Callable[[Column, Column], pl.Expr]

PLACE = ("area", "period")
EXPENSES = ("employee", "running", "contracts", "transfers")
INCOME = ("external_income", "internal_income")
CONTROLLABLE, GROSS = "controllable", "gross"
AS_PRINTED = "As printed: for this year the source gives no headings to add up."
IN_CASH = "In the money of each year: the source does not say in which year's prices the two amounts are."
OWN, EXTERNAL, OF_WHICH_EXTERNAL = "own", "external", "of which external"
NOTHING = "nothing"
TOTAL_UNKNOWN = "The gross budget of a line is not known, or the total is zero."


@indicator(
    rows="B35",
    title="Budget of a line under a heading",
    unit=Unit.GBP,
    numerator="Pounds budgeted; income is negative",
    formula="as stated",
    purpose="See what a line's budget is made of",
    dimensions=("line", "heading"),
    basis=Basis.BUDGET,
)
def budget_amount(budget: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each line under each heading."""
    return budget.select(*PLACE, "line", "heading", "price_year", value="amount_gbp")


@indicator(
    rows="B35",
    title="Gross budget of a line",
    unit=Unit.GBP,
    numerator="Employee, running, contracts and transfers",
    formula="sum of the headings of expense",
    purpose="See what a service costs before income",
    dimensions=("line",),
    basis=Basis.GROSS,
)
def budget_gross(budget: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each line before income, in the years for which the source gives headings."""
    return _lines(budget).select(*PLACE, "line", "price_year", "missing", value="gross")


@indicator(
    rows="B35",
    title="Controllable budget of a line",
    unit=Unit.GBP,
    numerator="Gross budget and income, which is negative",
    formula="gross + income; as printed where the source gives no headings",
    purpose="See what the manager of a service answers for",
    dimensions=("line",),
    basis=Basis.NET,
)
def budget_controllable(budget: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each line after income."""
    columns = (*PLACE, "line", "price_year")
    added_up = _lines(budget).select(*columns, "missing", value="controllable", note=pl.lit(None, pl.String))
    stated = budget.filter(pl.col("heading") == CONTROLLABLE).join(added_up, on=[*PLACE, "line"], how="anti")
    nothing = pl.lit(None, pl.String)
    as_printed = stated.select(*columns, missing=nothing, value="amount_gbp", note=pl.lit(AS_PRINTED))
    return pl.concat([as_printed, added_up]).sort("area", "period", maintain_order=True)


@indicator(
    rows="B35",
    title="Budget under a heading, all lines",
    unit=Unit.GBP,
    numerator="Amounts of all lines",
    formula="sum over lines",
    purpose="See what the whole budget is made of",
    dimensions=("heading",),
)
def budget_total(budget: pl.DataFrame) -> pl.DataFrame:
    """Pounds under each heading, and the gross and controllable totals."""
    stated = budget.filter(pl.col("heading") != CONTROLLABLE)
    by_heading = totals(stated, by=(*PLACE, "heading")).with_columns(basis=pl.lit(Basis.BUDGET.value))
    found = [by_heading]
    for heading, lines, basis in (
        (GROSS, budget_gross(budget), Basis.GROSS),
        (CONTROLLABLE, budget_controllable(budget), Basis.NET),
    ):
        summed = totals(lines, by=PLACE, amount="value")
        found.append(summed.with_columns(heading=pl.lit(heading), basis=pl.lit(basis.value)))
    return pl.concat(found, how="diagonal")


@indicator(
    rows="B35",
    title="Change of a line's controllable budget",
    unit=Unit.CHANGE,
    numerator="Controllable budget − that of the year before",
    denominator="Controllable budget of the year before",
    formula="(this year − the year before) ÷ the year before",
    purpose="See which services grow and which are cut",
    dimensions=("line",),
)
def budget_change(budget: pl.DataFrame) -> pl.DataFrame:
    """Relative change of each line from one year of the table to the next."""
    years = budget_controllable(budget).drop("note")
    return _change(years, relative_change, "line").select(*PLACE, "line", "value", "missing", _in_cash())


@indicator(
    rows="B35",
    title="Change of the whole controllable budget",
    unit=Unit.CHANGE,
    numerator="Controllable budget of all lines − that of the year before",
    denominator="Controllable budget of all lines of the year before",
    formula="(this year − the year before) ÷ the year before",
    purpose="See whether the whole budget grows",
)
def budget_total_change(budget: pl.DataFrame) -> pl.DataFrame:
    """Relative change of all lines together from one year of the table to the next."""
    years = totals(budget_controllable(budget), by=PLACE, amount="value")
    return _change(years, relative_change).select(*PLACE, "value", "missing", _in_cash())


@indicator(
    rows="B35",
    title="Share of a line in the gross budget",
    unit=Unit.SHARE,
    numerator="Gross budget of the line",
    denominator="Gross budget of all lines",
    formula="gross budget of the line ÷ gross budget of all lines",
    purpose="See where the money goes",
    dimensions=("line",),
)
def budget_share(budget: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each line in its year's gross budget."""
    share = share_of_total("value", within=PLACE)
    reason = pl.when(share.is_null()).then(pl.lit(TOTAL_UNKNOWN))
    return budget_gross(budget).select(*PLACE, "line", value=share, missing=reason)


@indicator(
    rows="B35",
    title="Income as a share of the gross budget",
    unit=Unit.SHARE,
    numerator="Income of all lines",
    denominator="Gross budget of all lines",
    formula="(gross − controllable) ÷ gross",
    purpose="See how much of its cost the service earns",
    polarity=Polarity.HIGH,
)
def income_recovery(budget: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the gross budget that income pays."""
    income = absolute_change("controllable", "gross")
    summed = _lines(budget).group_by(PLACE, maintain_order=True).agg(income=total(income), gross=total("gross"))
    why = why_not_divided("income", "gross", part_name="income of a line", whole_name="gross budget")
    return summed.select(*PLACE, why, value=divide("income", "gross"))


@indicator(
    rows="B35",
    title="Staff of a grade",
    unit=Unit.WTE,
    numerator="Whole-time equivalents",
    formula="as stated",
    purpose="See who the budget pays",
    dimensions=("grade", "funding"),
)
def staffing_wte(staffing: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents by grade and by who pays for them."""
    return staffing.select(*PLACE, "grade", "funding", value="wte")


@indicator(
    rows="B35",
    title="Staff of all grades",
    unit=Unit.WTE,
    numerator="Whole-time equivalents of all grades, however funded",
    formula="sum over grades; posts stated as part of others are not added again",
    purpose="See how large the service is",
)
def staffing_total(staffing: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents of all grades."""
    counted = staffing.filter(pl.col("funding") != OF_WHICH_EXTERNAL)
    return counted.group_by(PLACE, maintain_order=True).agg(value=total("wte"))


@indicator(
    rows="B35",
    title="Change of staff",
    unit=Unit.WTE,
    numerator="Whole-time equivalents of all grades − those of the year before",
    formula="this year − the year before",
    purpose="See whether the service grows",
)
def staffing_change(staffing: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents more than in the year before in the table."""
    years = staffing_total(staffing).with_columns(missing=pl.lit(None, pl.String))
    return _change(years, absolute_change).select(*PLACE, "value", "missing")


@indicator(
    rows="B35",
    title="Share of staff that others pay for",
    unit=Unit.SHARE,
    numerator="Whole-time equivalents funded from outside",
    denominator="Whole-time equivalents of all grades",
    formula="externally funded ÷ all",
    purpose="See how much depends on money that others can withdraw",
)
def externally_funded_share(staffing: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the posts that are funded from outside."""
    outside = staffing.filter(pl.col("funding").is_in([EXTERNAL, OF_WHICH_EXTERNAL]))
    paid = outside.group_by(PLACE).agg(outside=total("wte"))
    joined = staffing_total(staffing).join(paid, on=PLACE, how="left", maintain_order="left")
    why = why_not_divided("outside", "value", part_name="number of externally funded posts", whole_name="staff")
    return joined.select(*PLACE, why, value=divide("outside", "value"))


@indicator(
    rows="B35",
    title="Employee cost of a whole-time equivalent",
    unit=Unit.GBP,
    numerator="Employee budget of all lines",
    denominator="Whole-time equivalents of all grades",
    formula="employee budget ÷ staff",
    purpose="Check that budget and staffing fit each other",
    basis=Basis.BUDGET,
)
def employee_cost_per_wte(budget: pl.DataFrame, staffing: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year for each whole-time equivalent, in the years that have both tables."""
    employees = totals(budget.filter(pl.col("heading") == "employee"), by=PLACE)
    joined = employees.join(staffing_total(staffing), on=PLACE, suffix="_wte", maintain_order="left")
    why = why_not_divided("value", "value_wte", part_name="employee budget", whole_name="staff")
    return joined.select(*PLACE, "price_year", why, value=divide("value", "value_wte"))


def _lines(budget: pl.DataFrame) -> pl.DataFrame:
    """A row an area, period and line that has headings: gross, controllable, price_year, missing.

    A heading that no line of the table has is not part of the budget; one that only this line lacks is not known.
    """
    used = set(budget["heading"])
    expenses, income = ([name for name in names if name in used] for names in (EXPENSES, INCOME))
    headed = budget.filter(pl.col("heading").is_in([*expenses, *income]))
    wide = headed.group_by(*PLACE, "line", maintain_order=True).agg(
        only("price_year"),
        *(pl.col("amount_gbp").filter(pl.col("heading") == name).first().alias(name) for name in (*expenses, *income)),
    )
    # A table without income, or without expenses, still has a sum: nothing is added to it.
    wide = wide.with_columns(pl.lit(0.0).alias(NOTHING))
    return money.budget(wide, expenses=[*expenses, NOTHING], income=[*income, NOTHING])


def _change(years: pl.DataFrame, changed: Change, *by: str) -> pl.DataFrame:
    """The change from each year of the table to the next, of each area and group, with the columns of both years."""
    group = ("area", *by)
    ordered = years.sort("period", maintain_order=True)
    others = [name for name in years.columns if name not in group]
    pairs = ordered.with_columns(pl.col(others).shift(1).over(group).name.suffix("_before")).filter(
        pl.col("period_before").is_not_null()
    )
    value = changed("value_before", "value")
    impossible = why_not_divided("value", "value_before", whole_name="amount of the year before")
    reason = pl.coalesce("missing_before", "missing", pl.when(value.is_null()).then(impossible))
    return pairs.with_columns(
        period=pl.format(span("{}", "{}"), "period_before", "period"), value=value, missing=reason
    )


def _in_cash() -> pl.Expr:
    """The note of a change of money whose two years are not in the same, stated prices."""
    same_prices = (pl.col("price_year") == pl.col("price_year_before")).fill_null(value=False)
    return pl.when(~same_prices).then(pl.lit(IN_CASH)).alias("note")
