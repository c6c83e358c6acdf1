"""Figures of what a unit of social care costs, beside all councils, and of the people and weeks of support."""

import polars as pl

from parity.analyse.care_returns import GROSS, OF_COUNCIL, SUPPORTS, body_today
from parity.analyse.changes import beside_first
from parity.analyse.prices import priced
from parity.analyse.spend_standing import quarters, standing, standing_note
from parity.methods.columns import divide, total
from parity.methods.money import real_change
from parity.terms.areas import ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.units import Unit

GROUPS = {"mental health": "mental health, 18 to 64", "older people": "older people"}
KEYS = ("area", "period", "unit_cost")
A_WEEK = "a week"
ABOVE = "^E(12|92)"
"""Codes of regions and England, which are not ranked among councils."""
HOMES = ("residential", "nursing")
PEOPLE = {"A4.4": "home care", "A4.5": "day care", "A4.6": "direct payments", "B3": "residential or nursing care"}
"""The publisher's codes of people aged 18 to 64 with mental health needs who had a service at 31 March."""
NONE_BOUGHT = "No such care was paid for, or its number is nought."
NOT_GIVEN = "Not given for this council."


@derived_table(words="Unit costs of councils' social care, and where each stands among them", version=2, by_area=True)
def care_unit_costs(
    pss_unit_costs: pl.DataFrame,
    asc_activity: pl.DataFrame,
    care_lines: pl.DataFrame,
    asc_expenditure: pl.DataFrame,
    outlier_reach: Assumption,
) -> pl.DataFrame:
    """Columns area, period, unit_cost, value, missing, note, lower_quartile, median, upper_quartile, rank, bodies
    and standing. Quartiles, ranks and standing are among all councils that returned one, by unit cost and year.
    """
    codes = asc_expenditure.select("cassr", code=body_today("area")).drop_nulls().unique()
    costs = pl.concat([_published(pss_unit_costs, codes), _worked_out(asc_activity, care_lines)])
    of_councils = pl.when(~pl.col("area").str.contains(ABOVE)).then(pl.col("value"))
    return costs.with_columns(standing(of_councils, reach=outlier_reach.value, within=["period", "unit_cost"])).filter(
        pl.col("area").str.contains(OF_COUNCIL) | pl.col("area").str.contains(ABOVE)
    )


def _published(table: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Published unit costs; a council without a code of ours keeps its number, so that it counts among the others."""
    wanted = table.filter(pl.col("measure") == "unit cost", pl.col("client_group").is_in(list(GROUPS)))
    by_others = pl.when(pl.col("provision") != "all").then(pl.format(", {}", "provision")).otherwise(pl.lit(""))
    less_income = pl.when(pl.col("net_of_income") == "yes").then(pl.lit(", less income")).otherwise(pl.lit(""))
    each = pl.when(pl.col("words").str.contains("weekly")).then(pl.lit(A_WEEK)).otherwise(pl.lit("a client"))
    given = pl.when(pl.col("value") != 0).then(pl.col("value"))
    joined = wanted.join(codes, on="cassr", how="left", maintain_order="left")
    return joined.select(
        "period",
        area=pl.coalesce("code", "cassr"),
        unit_cost=pl.format(
            "{}: {}{}{}, {}", pl.col("client_group").replace(GROUPS), "service", by_others, less_income, each
        ),
        value=given,
        missing=pl.when(given.is_null()).then(pl.coalesce("missing", pl.lit(NONE_BOUGHT))),
        note=pl.format("Published as: {}.", pl.col("words").str.strip_chars(". ")),
    )


def _worked_out(activity: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Spending on homes over the weeks paid for, by reason, age and kind of home."""
    weeks = _weeks(activity).rename({"value": "weeks"})
    costs = lines.filter(pl.col("basis") == GROSS, pl.col("service").is_in(HOMES))
    joined = costs.join(weeks, on=["area", "period", "people", "service"], maintain_order="left")
    value = divide("amount_gbp", "weeks")
    given = pl.when(value > 0).then(value)
    return joined.select(
        "period",
        "area",
        unit_cost=pl.format(f"{{}}: {{}} care, {A_WEEK}", "people", "service"),
        value=given,
        missing=pl.when(given.is_null()).then(pl.lit(NONE_BOUGHT)),
        note=pl.lit("Gross current expenditure over the weeks paid for: it is not a published unit cost."),
    )


def _weeks(activity: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, people, service and value: weeks of care in homes, whoever provides it."""
    wanted = activity.filter(
        pl.col("unit") == "weeks",
        pl.col("age").is_in(["18 to 64", "65 and over"]),
        pl.col("reason").str.to_lowercase().is_in(SUPPORTS),
    ).select(
        "period",
        "value",
        area=body_today("area"),
        people=pl.format("{}, {}", pl.col("reason").str.to_lowercase(), "age"),
        service=pl.col("setting").str.to_lowercase(),
    )
    keys = ["area", "period", "people", "service"]
    return wanted.filter(pl.col("service").is_in(HOMES)).group_by(keys, maintain_order=True).agg(value=total("value"))


@indicator(
    rows="A51",
    title="Unit cost of social care",
    unit=Unit.GBP_EXACT,
    numerator="Pounds spent on the service",
    denominator="Weeks or people served, as the unit cost says",
    formula="as published until 2013/14; spending ÷ weeks for 2016/17",
    purpose="Know what a unit of care costs the council",
    dimensions=("unit_cost",),
)
def care_unit_cost(care_unit_costs: pl.DataFrame) -> pl.DataFrame:
    """Pounds a unit, on gross costs; the note gives the publisher's words."""
    return care_unit_costs.select(*KEYS, "value", "missing", "note", basis=pl.lit(GROSS), price_year="period")


@indicator(
    rows="A51 A43",
    title="Rank of a unit cost among councils",
    unit=Unit.RANK,
    numerator="Councils with a higher unit cost, and one",
    formula="1 + councils with a higher unit cost; 1 is the highest",
    purpose="See where the council stands, and whether its cost is far from that of others",
    dimensions=("unit_cost",),
)
def care_unit_cost_rank(care_unit_costs: pl.DataFrame) -> pl.DataFrame:
    """Rank among all councils that returned one; the note says of how many, and whether it is far outside the group."""
    return care_unit_costs.filter(~pl.col("area").str.contains(ABOVE)).select(
        *KEYS,
        "missing",
        value=pl.when(pl.col("value").is_not_null()).then("rank"),
        note=pl.when(pl.col("value").is_not_null()).then(standing_note()),
    )


@indicator(
    rows="A51",
    title="Unit costs of social care among all councils",
    unit=Unit.GBP_EXACT,
    numerator="Unit cost of the council at a quarter, half and three quarters of the order",
    formula="quartiles, by linear interpolation",
    purpose="See the range within which half of the councils lie",
    dimensions=("unit_cost", "place_in_order"),
)
def care_unit_cost_spread(care_unit_costs: pl.DataFrame) -> pl.DataFrame:
    """Lower quartile, median and upper quartile of all councils, each council counting as one."""
    england = care_unit_costs.filter(pl.col("area") == ENGLAND)
    return quarters(england, KEYS).with_columns(basis=pl.lit(GROSS))


@indicator(
    rows="A51 A36",
    title="Change in a unit cost, beyond the rise of prices",
    unit=Unit.CHANGE,
    numerator="Unit cost of the later year, in prices of the first, less that of the first",
    denominator="Unit cost of the first year",
    formula="(later ÷ first) ÷ (later deflator ÷ first deflator) − 1",
    purpose="See whether care became dearer than other things",
    dimensions=("unit_cost",),
)
def care_unit_cost_change(care_unit_costs: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Real change of published weekly unit costs from the first return to each later one, by the GDP deflator."""
    weekly = care_unit_costs.filter(pl.col("unit_cost").str.ends_with(A_WEEK)).select(*KEYS, "value")
    beside = beside_first(priced(weekly, deflators), by=("area", "unit_cost"))
    value = real_change("value_first", "value", first_deflator="deflator_first", last_deflator="deflator")
    unknown = pl.lit("One of the two unit costs is not known.")
    return beside.select(*KEYS, basis=pl.lit(GROSS), value=value, missing=pl.when(value.is_null()).then(unknown))


@indicator(
    rows="A39",
    title="People with a service of social care at 31 March, mental health, 18 to 64",
    unit=Unit.PEOPLE,
    numerator="People aged 18 to 64 with mental health needs who had the service at 31 March, rounded to 5",
    formula="as published",
    purpose="See the balance of care in homes and in the community by people",
    dimensions=("service",),
)
def care_people(pss_activity: pl.DataFrame, asc_expenditure: pl.DataFrame) -> pl.DataFrame:
    """People by service; who has several services in the community is counted in each, so they are never added up."""
    codes = asc_expenditure.select("cassr", code=body_today("area")).drop_nulls().unique()
    found = pss_activity.filter(pl.col("measure").is_in(list(PEOPLE))).join(
        codes, on="cassr", how="left", maintain_order="left"
    )
    area = pl.coalesce("code", pl.when(pl.col("cassr") == ENGLAND).then("cassr"))
    return found.select(
        "period",
        "value",
        area=area,
        service=pl.col("measure").replace_strict(PEOPLE),
        missing=pl.when(pl.col("value").is_null()).then(pl.coalesce("missing", pl.lit(NOT_GIVEN))),
    ).drop_nulls("area")


@indicator(
    rows="A39 A51",
    title="Weeks of residential and nursing care paid for",
    unit=Unit.COUNT,
    numerator="Weeks in the year",
    formula="sum over own provision and provision by others",
    purpose="See how much of the support is given in homes",
    dimensions=("people", "service"),
)
def care_weeks(asc_activity: pl.DataFrame) -> pl.DataFrame:
    """Weeks by reason, age and kind of home."""
    found = _weeks(asc_activity)
    return found.with_columns(missing=pl.when(pl.col("value").is_null()).then(pl.lit(NOT_GIVEN)))
