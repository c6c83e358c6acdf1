"""Figures of service costs: services as they are and as they are to be, what they cost a year, and the saving."""

import polars as pl

from parity.methods import money
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import absolute_change
from parity.plan.totals import totals
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.periods import span
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

AS_IS, TO_BE = "as_is", "to_be"
BY_SERVICE = ("area", "period", "scenario", "service")
BY_SCENARIO = ("area", "period", "scenario")
PRINTED_COST_USED = "The source gives no clients or no weekly cost here: its printed yearly cost is used."
NOT_DISTINCT = "A sum of uses of services, not of distinct people."
SOME_LEFT_OUT = "A sum of uses of services, not of distinct people; services without a number are left out."
UNLIKE = "The two scenarios are on different bases or in prices of different years."


@indicator(
    rows="B11",
    title="Clients of a service",
    unit=Unit.PEOPLE,
    numerator="Clients as the scenario states them",
    formula="as stated",
    purpose="See which services grow and which shrink",
    dimensions=("scenario", "service"),
)
def clients(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Clients of each service in each scenario."""
    unknown = pl.when(pl.col("clients").is_null()).then(pl.lit("The source gives no number of clients."))
    return service_costs.select(*BY_SERVICE, value="clients", missing=unknown)


@indicator(
    rows="B11",
    title="Cost of a client a week",
    unit=Unit.GBP_PER_WEEK,
    numerator="Unit cost as the scenario states it",
    formula="as stated",
    purpose="Compare what the same service costs in each scenario",
    polarity=Polarity.LOW,
    dimensions=("scenario", "service"),
)
def weekly_cost(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a client a week of each service in each scenario."""
    unit_cost = pl.col("unit_cost_gbp_per_week")
    unknown = pl.when(unit_cost.is_null()).then(pl.lit("The source gives no weekly cost."))
    return service_costs.select(*BY_SERVICE, "basis", "price_year", value=unit_cost, missing=unknown)


@indicator(
    rows="B11",
    title="Yearly cost of a service",
    unit=Unit.GBP,
    numerator="Clients × cost of a client a week × weeks",
    formula="clients × weekly cost × weeks in a year; the printed cost where either is not given",
    purpose="See what each scenario costs, reckoned the same way throughout",
    polarity=Polarity.LOW,
    dimensions=("scenario", "service"),
)
def annual_cost(service_costs: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year of each service, reckoned from clients and weekly cost wherever both are given."""
    reckoned = money.annual_cost("clients", "unit_cost_gbp_per_week", weeks_per_year.value)
    printed_used = reckoned.is_null() & pl.col("cost_gbp").is_not_null()
    unknown = pl.lit("The source gives neither clients with a weekly cost nor a yearly cost.")
    value = pl.coalesce(reckoned, "cost_gbp")
    return service_costs.select(
        *BY_SERVICE,
        "basis",
        "price_year",
        value=value,
        missing=pl.when(value.is_null()).then(unknown),
        note=pl.when(printed_used).then(pl.lit(PRINTED_COST_USED)),
    )


@indicator(
    rows="B11 E11",
    title="Yearly cost of a service as printed",
    unit=Unit.GBP,
    numerator="Yearly cost as the source prints it",
    formula="as printed",
    purpose="Set the source's own cost beside the one reckoned",
    polarity=Polarity.LOW,
    dimensions=("scenario", "service"),
)
def annual_cost_printed(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year of each service as the source prints them."""
    unknown = pl.when(pl.col("cost_gbp").is_null()).then(pl.lit("The source prints no yearly cost."))
    return service_costs.select(*BY_SERVICE, "basis", "price_year", value="cost_gbp", missing=unknown)


@indicator(
    rows="B11",
    title="Clients of all services of a scenario",
    unit=Unit.PEOPLE,
    numerator="Clients of its services",
    formula="sum of the clients that are stated",
    purpose="See how much service each scenario holds",
    dimensions=("scenario",),
)
def scenario_clients(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Clients stated in each scenario. Someone who uses two services counts twice."""
    stated = pl.col("clients").drop_nulls()
    some_left_out = pl.col("clients").null_count() > 0
    none_stated = pl.when(stated.len() == 0).then(pl.lit("The source gives no clients in this scenario."))
    return service_costs.group_by(BY_SCENARIO, maintain_order=True).agg(
        value=total(stated),
        missing=none_stated,
        note=pl.when(some_left_out).then(pl.lit(SOME_LEFT_OUT)).otherwise(pl.lit(NOT_DISTINCT)),
    )


@indicator(
    rows="B11",
    title="Yearly cost of a scenario",
    unit=Unit.GBP,
    numerator="Yearly cost of its services, reckoned",
    formula="sum over services of clients × weekly cost × weeks in a year",
    purpose="Compare the scenarios",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
)
def scenario_cost(service_costs: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year of all services of each scenario, reckoned from clients and weekly cost."""
    return totals(annual_cost(service_costs, weeks_per_year), by=BY_SCENARIO, amount="value")


@indicator(
    rows="B11 E11",
    title="Yearly cost of a scenario, from printed costs",
    unit=Unit.GBP,
    numerator="Yearly cost of its services as printed",
    formula="sum of the printed costs",
    purpose="Compare the scenarios on the source's own numbers",
    polarity=Polarity.LOW,
    dimensions=("scenario",),
)
def scenario_cost_printed(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year of all services of each scenario as the source prints them."""
    return totals(annual_cost_printed(service_costs), by=BY_SCENARIO, amount="value")


@indicator(
    rows="B11",
    title="Yearly net saving",
    unit=Unit.GBP,
    numerator="Cost as it is − cost as it is to be, reckoned",
    formula="yearly cost of the as-is scenario − yearly cost of the to-be scenario",
    purpose="See what the change releases",
    polarity=Polarity.HIGH,
)
def net_saving(service_costs: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Pounds a year saved, on reckoned costs; negative where the new services cost more."""
    return _saving(scenario_cost(service_costs, weeks_per_year))


@indicator(
    rows="B11 E11",
    title="Yearly net saving, from printed costs",
    unit=Unit.GBP,
    numerator="Cost as it is − cost as it is to be, as printed",
    formula="printed cost of the as-is scenario − printed cost of the to-be scenario",
    purpose="Check the saving the source promises on its own numbers",
    polarity=Polarity.HIGH,
)
def net_saving_printed(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year saved, on printed costs."""
    return _saving(scenario_cost_printed(service_costs))


@indicator(
    rows="B11",
    title="Net saving as a share of present cost",
    unit=Unit.SHARE,
    numerator="Yearly net saving, reckoned",
    denominator="Yearly cost of the as-is scenario",
    formula="net saving ÷ yearly cost as it is",
    purpose="Set the saving beside the size of the service",
    polarity=Polarity.HIGH,
)
def saving_share(service_costs: pl.DataFrame, weeks_per_year: Assumption) -> pl.DataFrame:
    """Share (0–1) of the present cost that is saved, on reckoned costs."""
    return _share(scenario_cost(service_costs, weeks_per_year))


@indicator(
    rows="B11 E11",
    title="Net saving as a share of present cost, from printed costs",
    unit=Unit.SHARE,
    numerator="Yearly net saving, from printed costs",
    denominator="Printed cost of the as-is scenario",
    formula="net saving ÷ yearly cost as it is",
    purpose="Check the efficiency the source promises on its own numbers",
    polarity=Polarity.HIGH,
)
def saving_share_printed(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the present cost that is saved, on printed costs."""
    return _share(scenario_cost_printed(service_costs))


def paired(rows: pl.DataFrame, *on: str) -> pl.DataFrame:
    """A row for every as-is and to-be period of an area, and equal `on`: the to-be columns end in `_to_be`.

    `period` is the span of the two; it is the one period where both are the same.
    """
    now = rows.filter(pl.col("scenario") == AS_IS).drop("scenario")
    then = rows.filter(pl.col("scenario") == TO_BE).drop("scenario")
    joined = now.join(then, on=["area", *on], suffix="_to_be", maintain_order="left")
    both = pl.format(span("{}", "{}"), "period", "period_to_be")
    return joined.with_columns(
        period=pl.when(pl.col("period") == pl.col("period_to_be")).then("period").otherwise(both)
    )


def _saving(costs: pl.DataFrame) -> pl.DataFrame:
    """The pairs of scenarios with value (pounds saved), the cost it comes from, and why there is none."""
    pairs = paired(costs)
    unlike = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_to_be")) for name in ("basis", "price_year"))
    reason = pl.coalesce("missing", "missing_to_be", pl.when(unlike).then(pl.lit(UNLIKE)))
    saved = absolute_change("value_to_be", "value")
    return pairs.with_columns(value=pl.when(reason.is_null()).then(saved), cost=pl.col("value"), missing=reason)


def _share(costs: pl.DataFrame) -> pl.DataFrame:
    """The saving as a share of the cost it comes from."""
    why = why_not_divided("value", "cost", whole_name="cost of the services as they are")
    return _saving(costs).select("area", "period", value=divide("value", "cost"), missing=pl.coalesce("missing", why))
