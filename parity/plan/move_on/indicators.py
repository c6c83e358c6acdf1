"""Figures of move-on: people who leave one kind of accommodation for another, and what that saves year by year.

People leave the accommodation that loses the most clients from the as-is to the to-be scenario, and go to the one that
gains the most. Both names stand in every figure's note.
"""

from typing import Any

import polars as pl

from parity.methods.columns import divide
from parity.methods.comparison import absolute_change
from parity.methods.move_on import plan_move_on
from parity.plan.service_costs.indicators import AS_IS, TO_BE, UNLIKE
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.periods import span
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

ACCOMMODATION = "accommodation"
PLACE = ("area", "period")
ELSEWHERE = "More people leave than the new service takes in, so where they go and what it costs is not known."
NO_COST = "The weekly cost of one of the two services is not known."
FROM_TO = "People leave “{}” for “{}”: the accommodation that loses the most clients and the one that gains the most."


@indicator(
    rows="B12",
    title="People who move on",
    unit=Unit.PEOPLE,
    numerator="Clients of the accommodation they leave, as it is − as it is to be",
    formula="clients now − clients to be",
    purpose="Plan the size of the move",
)
def move_on_out(service_costs: pl.DataFrame) -> pl.DataFrame:
    """People who leave the accommodation that loses the most."""
    return _moves(service_costs).select(*PLACE, "note", value="out")


@indicator(
    rows="B12",
    title="People who stay in the accommodation that others leave",
    unit=Unit.PEOPLE,
    numerator="Its clients in the to-be scenario",
    formula="as stated",
    purpose="See what must be kept",
)
def move_on_staying(service_costs: pl.DataFrame) -> pl.DataFrame:
    """People who stay."""
    return _moves(service_costs).select(*PLACE, "note", value="staying")


@indicator(
    rows="B12",
    title="People in the new accommodation once all have moved",
    unit=Unit.PEOPLE,
    numerator="Its clients in the to-be scenario − in the as-is scenario",
    formula="people who move on + others who join",
    purpose="Plan how many places the new service needs",
)
def move_on_assisted(service_costs: pl.DataFrame) -> pl.DataFrame:
    """People whom the new accommodation takes in, those who come from elsewhere included."""
    return _moves(service_costs).select(*PLACE, "note", value="joining")


@indicator(
    rows="B12",
    title="Reduction of the accommodation that people leave",
    unit=Unit.SHARE,
    numerator="People who move on",
    denominator="Clients of that accommodation now",
    formula="people who move on ÷ clients now",
    purpose="Compare with the reduction that the plan promises in words",
)
def residential_reduction(service_costs: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the present clients who leave."""
    return _moves(service_costs).select(*PLACE, "note", value=divide("out", "residents"))


@indicator(
    rows="B12",
    title="Yearly saving once all have moved on",
    unit=Unit.GBP,
    numerator="People who move on × difference of weekly cost × weeks",
    formula="people who move on × (weekly cost now − weekly cost of the new place) × weeks in a year",
    purpose="Set the yearly saving against the cost of moving people, which is not in it",
    polarity=Polarity.HIGH,
)
def move_on_saving(service_costs: pl.DataFrame, weeks_per_year: Assumption, move_on_years: Assumption) -> pl.DataFrame:
    """Pounds a year saved when all have moved, gross of what the move itself costs."""
    years = _by_year(service_costs, weeks_per_year, move_on_years).unique(PLACE, keep="first", maintain_order=True)
    return years.select(*PLACE, "note", "basis", "price_year", "missing", value="yearly_saving")


@indicator(
    rows="B12",
    title="People who have moved on by the end of a year of the programme",
    unit=Unit.PEOPLE,
    numerator="People who move on × share of the years that have passed",
    formula="people who move on × years passed ÷ years of the programme",
    purpose="Plan places and staff year by year",
    dimensions=("year",),
)
def move_on_people(service_costs: pl.DataFrame, weeks_per_year: Assumption, move_on_years: Assumption) -> pl.DataFrame:
    """People who have moved by the end of each year, at an even pace."""
    years = _by_year(service_costs, weeks_per_year, move_on_years)
    return years.select(*PLACE, "year", "note", value="moved")


@indicator(
    rows="B12",
    title="Yearly saving of those who have moved on by the end of a year of the programme",
    unit=Unit.GBP,
    numerator="People who have moved × difference of weekly cost × weeks",
    formula="people who have moved by then × (weekly cost now − weekly cost of the new place) × weeks in a year",
    purpose="See how the saving builds up",
    polarity=Polarity.HIGH,
    dimensions=("year",),
)
def move_on_saving_so_far(
    service_costs: pl.DataFrame, weeks_per_year: Assumption, move_on_years: Assumption
) -> pl.DataFrame:
    """Pounds of a full year for all who have moved by the end of each year."""
    years = _by_year(service_costs, weeks_per_year, move_on_years)
    return years.select(*PLACE, "year", "note", "basis", "price_year", "missing", value="saving")


def _moves(service_costs: pl.DataFrame) -> pl.DataFrame:
    """A row for every as-is and to-be period of an area between which people move on; `missing` is of the saving only.

    A service that only one of the two scenarios names has no clients in the other; one whose clients either does not
    tell is left out.
    """
    there = service_costs.filter(pl.col("service_group") == ACCOMMODATION)
    now = there.filter(pl.col("scenario") == AS_IS)
    then = there.filter(pl.col("scenario") == TO_BE).rename({"period": "period_to_be"})
    planned = then.select("area", "period_to_be").unique(maintain_order=True)
    periods = now.select(*PLACE).unique(maintain_order=True).join(planned, on="area", maintain_order="left_right")
    both = periods.join(then, on=["area", "period_to_be"], maintain_order="left_right").join(
        periods.join(now, on=PLACE, maintain_order="left_right"),
        on=[*PLACE, "period_to_be", "service"], how="full", suffix="_now", coalesce=True, maintain_order="left_right",
    )  # fmt: skip
    told = both.with_columns(
        pl.when(pl.col(f"scenario{which}").is_not_null()).then(f"clients{which}").otherwise(0).alias(f"clients{which}")
        for which in ("", "_now")
    ).drop_nulls(["clients", "clients_now"])
    changes = told.with_columns(change=absolute_change("clients_now", "clients"))
    ends = changes.sort("change", maintain_order=True).group_by(*PLACE, "period_to_be", maintain_order=True)
    moves = ends.agg(
        leaving=pl.col("service").first(),
        residents=pl.col("clients_now").first(),
        staying=pl.col("clients").first(),
        cost_now=pl.col("unit_cost_gbp_per_week_now").first(),
        arriving=pl.col("service").last(),
        joining=pl.col("change").last(),
        cost_then=pl.col("unit_cost_gbp_per_week").last(),
        basis=pl.col("basis").last(),
        price_year=pl.col("price_year").last(),
        unlike=pl.any_horizontal(
            pl.col(f"{name}_now").first().ne_missing(pl.col(name).last()) for name in ("basis", "price_year")
        ),
    )
    return _explained(moves.with_columns(out=absolute_change("staying", "residents")))


def _explained(moves: pl.DataFrame) -> pl.DataFrame:
    """The moves in which people leave one service and another gains, with their period, note and reason."""
    difference = absolute_change("cost_then", "cost_now")
    reason = (
        pl.when(pl.col("joining") < pl.col("out"))
        .then(pl.lit(ELSEWHERE))
        .when(difference.is_null())
        .then(pl.lit(NO_COST))
        .when("unlike")
        .then(pl.lit(UNLIKE))
    )
    same = pl.col("period") == pl.col("period_to_be")
    both = pl.format(span("{}", "{}"), "period", "period_to_be")
    return moves.filter((pl.col("out") > 0) & (pl.col("joining") > 0)).with_columns(
        difference=difference,
        missing=reason,
        note=pl.format(FROM_TO, "leaving", "arriving"),
        period=pl.when(same).then("period").otherwise(both),
    )


def _by_year(service_costs: pl.DataFrame, weeks: Assumption, years: Assumption) -> pl.DataFrame:
    """A row a move and year: year, people moved so far, their saving, and the yearly saving when all have moved."""
    moves = _moves(service_costs)
    kept = {name: moves.schema[name] for name in (*PLACE, "note", "basis", "price_year", "missing")}
    rows = [row for move in moves.iter_rows(named=True) for row in _years_of(move, weeks=weeks, years=years)]
    numbers = {"year": pl.String(), "moved": pl.Float64(), "saving": pl.Float64(), "yearly_saving": pl.Float64()}
    return pl.DataFrame(rows, schema={**kept, **numbers}, orient="row")


def _years_of(move: dict[str, Any], *, weeks: Assumption, years: Assumption) -> list[dict[str, Any]]:
    """The years of one move; those who join from elsewhere save nothing and are not in them."""
    plan = plan_move_on(
        move["residents"],
        staying=move["staying"],
        others=0,
        yearly_shares=[1 / years.value] * int(years.value),
        weekly_difference=move["difference"] or 0,
        weeks=weeks.value,
    )
    known = move["missing"] is None
    return [
        {
            **move,
            "year": str(year.number),
            "moved": year.moved_so_far,
            "saving": year.saving if known else None,
            "yearly_saving": plan.yearly_saving if known else None,
        }
        for year in plan.years
    ]
