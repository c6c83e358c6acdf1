"""Figures of the allocation to lots: what each lot brings, its share, its pounds, and what each factor does.

The budget of an allocation is shared out by the factors of the latest period in their table.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from parity.analyse.scope import WHOLE_PROGRAMME
from parity.methods.allocate import POPULATION, RURALITY, Formula, allocate, factor_effects
from parity.methods.money import exactly
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.errors import WrongState
from parity.terms.indicator import indicator
from parity.terms.units import Unit

PLACE = ("area", "period")
PREVALENCE, DEPRIVATION = "prevalence", "deprivation"


@indicator(
    rows="B25",
    title="People of a lot",
    unit=Unit.PEOPLE,
    numerator="Population as the table of factors states it",
    formula="as stated",
    purpose="See what the allocation starts from",
)
def lot_people(allocation_factors: pl.DataFrame) -> pl.DataFrame:
    """People of each lot."""
    return allocation_factors.select(*PLACE, value="people")


@indicator(
    rows="B25",
    title="Index of a lot",
    unit=Unit.RATIO,
    numerator="Prevalence or deprivation relative to 1, the average place",
    formula="as stated",
    purpose="See which lots have more need than their number of people shows",
    dimensions=("factor",),
)
def lot_index(allocation_factors: pl.DataFrame) -> pl.DataFrame:
    """Prevalence and deprivation of each lot, relative to 1."""
    return _lots(allocation_factors).unpivot(
        [PREVALENCE, DEPRIVATION], index=PLACE, variable_name="factor", value_name="value"
    )


@indicator(
    rows="B25",
    title="Share of a lot's people in rural places",
    unit=Unit.SHARE,
    numerator="People in rural places",
    denominator="People of the lot",
    formula="as stated",
    purpose="See where reaching people costs more",
)
def lot_rural_share(allocation_factors: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each lot's people who live in rural places."""
    return allocation_factors.select(*PLACE, value="rural_share")


@indicator(
    rows="B25",
    title="Weight of a factor in the allocation",
    unit=Unit.SHARE,
    numerator="The weight chosen",
    formula="as chosen; population weighs what prevalence and deprivation leave; rurality is added on top",
    purpose="Publish the weights before they are used",
    dimensions=("factor",),
)
def allocation_weight(
    allocation_factors: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
) -> pl.DataFrame:
    """The weight of each factor, once for each period of the factors. That of rurality is for a wholly rural lot."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    weights = {**formula.weights, RURALITY: formula.rurality}
    factors = pl.DataFrame({"factor": list(weights), "value": list(weights.values())})
    periods = allocation_factors.select("period").unique(maintain_order=True)
    return periods.join(factors, how="cross", maintain_order="left_right").with_columns(area=pl.lit(WHOLE_PROGRAMME))


@indicator(
    rows="B25",
    title="People of a lot weighted for need and rurality",
    unit=Unit.PEOPLE,
    numerator="People × weighted indices × rurality",
    formula="people × (w0 + w1 × prevalence + w2 × deprivation) × (1 + r × rural share)",
    purpose="See the number that the shares follow",
)
def lot_weighted_people(
    allocation_factors: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
) -> pl.DataFrame:
    """Weighted people of each lot."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    return _shares(allocation_factors, formula, value="weighted")


@indicator(
    rows="B25",
    title="Share of a lot in the budget",
    unit=Unit.SHARE,
    numerator="Weighted people of the lot",
    denominator="Weighted people of all lots",
    formula="weighted people ÷ weighted people of all lots",
    purpose="Share any budget in the same way",
)
def lot_share(
    allocation_factors: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
) -> pl.DataFrame:
    """Share (0–1) of each lot."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    return _shares(allocation_factors, formula, value="share")


@indicator(
    rows="B25",
    title="Share of a lot in the budget, with a floor",
    unit=Unit.SHARE,
    numerator="Weighted people of the lot",
    denominator="Weighted people of all lots",
    formula="the floor for lots below it; the others share the rest in proportion, until none is below",
    purpose="See what a least share for small lots would cost the others",
)
def lot_share_with_floor(
    allocation_factors: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
    allocation_floor: Assumption,
) -> pl.DataFrame:
    """Share (0–1) of each lot where none may be below the floor."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    return _shares(allocation_factors, formula, value="share", floor=allocation_floor.value)


@indicator(
    rows="B25",
    title="Allocation to a lot",
    unit=Unit.GBP,
    numerator="Budget × share of the lot",
    formula="budget × share, in whole pounds by largest remainder, so that the lots add up to the budget",
    purpose="Tell bidders what each lot is worth",
    dimensions=("allocation",),
    basis=Basis.BUDGET,
)
def lot_allocation(
    allocation_factors: pl.DataFrame,
    allocation_budgets: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
) -> pl.DataFrame:
    """Whole pounds of each lot, for each budget."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    return _pounds(allocation_factors, allocation_budgets, formula)


@indicator(
    rows="B25",
    title="Allocation to a lot, with a floor",
    unit=Unit.GBP,
    numerator="Budget × share of the lot with a floor",
    formula="budget × share with a floor, in whole pounds by largest remainder",
    purpose="See what a least share for small lots would cost the others",
    dimensions=("allocation",),
    basis=Basis.BUDGET,
)
def lot_allocation_with_floor(
    allocation_factors: pl.DataFrame,
    allocation_budgets: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
    allocation_floor: Assumption,
) -> pl.DataFrame:
    """Whole pounds of each lot where none may be below the floor, for each budget."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    return _pounds(allocation_factors, allocation_budgets, formula, floor=allocation_floor.value)


@indicator(
    rows="B25",
    title="What a factor does to a lot's allocation",
    unit=Unit.GBP,
    numerator="Allocation − allocation run again with that factor off",
    formula="allocation − allocation without the factor; the effects of several factors need not add up",
    purpose="See which lot gains and which loses by each factor",
    dimensions=("allocation", "factor"),
    basis=Basis.BUDGET,
)
def factor_effect(
    allocation_factors: pl.DataFrame,
    allocation_budgets: pl.DataFrame,
    allocation_prevalence_weight: Assumption,
    allocation_deprivation_weight: Assumption,
    allocation_rurality_factor: Assumption,
) -> pl.DataFrame:
    """Pounds that each factor adds to each lot, or takes from it, for each budget."""
    formula = _formula(allocation_prevalence_weight, allocation_deprivation_weight, allocation_rurality_factor)
    found = [
        factor_effects(lots, formula=formula, budget=round(budget["amount_gbp"]))
        .select("area", "factor", "missing", value=pl.col("effect").cast(pl.Float64))
        .select(pl.lit(budget["period"]).alias("period"), pl.lit(budget["allocation"]).alias("allocation"), pl.all())
        for budget, lots in _budgets(allocation_factors, allocation_budgets)
    ]
    texts = {name: pl.String() for name in ("period", "allocation", "area", "factor", "missing")}
    return pl.concat([pl.DataFrame(schema={**texts, "value": pl.Float64()}), *found])


def _formula(prevalence: Assumption, deprivation: Assumption, rurality: Assumption) -> Formula:
    """The formula with these weights; plain population weighs what they leave of 1."""
    rest = 1 - exactly(prevalence.value) - exactly(deprivation.value)
    weights = {POPULATION: float(rest), PREVALENCE: prevalence.value, DEPRIVATION: deprivation.value}
    return Formula(weights, rurality.value)


def _lots(allocation_factors: pl.DataFrame) -> pl.DataFrame:
    """The lots with their factors under the formula's names."""
    return allocation_factors.select(
        *PLACE,
        pl.col("people").alias(POPULATION),
        pl.col("rural_share").alias(RURALITY),
        pl.col("prevalence_index").alias(PREVALENCE),
        pl.col("deprivation_index").alias(DEPRIVATION),
    )


def _allocated(lots: pl.DataFrame, formula: Formula, *, budget: int, floor: float | None) -> pl.DataFrame:
    """The allocation, or every lot without a value where the floor cannot be kept."""
    try:
        return allocate(lots, formula=formula, budget=budget, floor=floor)
    except WrongState as refusal:
        nothing = pl.lit(None, pl.Float64)
        return lots.select("area", weighted=nothing, share=nothing, value=nothing, missing=pl.lit(str(refusal)))


def _shares(
    allocation_factors: pl.DataFrame, formula: Formula, *, value: str, floor: float | None = None
) -> pl.DataFrame:
    """One column of the allocation that does not depend on the budget, for each period of the factors."""
    found = [
        _allocated(lots, formula, budget=0, floor=floor).select(
            "area", "missing", pl.lit(period).alias("period"), pl.col(value).alias("value")
        )
        for (period,), lots in _lots(allocation_factors).group_by("period", maintain_order=True)
    ]
    texts = {name: pl.String() for name in ("area", "missing", "period")}
    return pl.concat([pl.DataFrame(schema={**texts, "value": pl.Float64()}), *found])


def _pounds(
    allocation_factors: pl.DataFrame, allocation_budgets: pl.DataFrame, formula: Formula, *, floor: float | None = None
) -> pl.DataFrame:
    """The pounds of each lot, for each budget."""
    found = [
        _allocated(lots, formula, budget=round(budget["amount_gbp"]), floor=floor).select(
            "area",
            "missing",
            pl.lit(budget["period"]).alias("period"),
            pl.lit(budget["allocation"]).alias("allocation"),
            pl.col("value").cast(pl.Float64),
        )
        for budget, lots in _budgets(allocation_factors, allocation_budgets)
    ]
    texts = {name: pl.String() for name in ("area", "missing", "period", "allocation")}
    return pl.concat([pl.DataFrame(schema={**texts, "value": pl.Float64()}), *found])


def _budgets(
    allocation_factors: pl.DataFrame, allocation_budgets: pl.DataFrame
) -> Iterator[tuple[dict[str, Any], pl.DataFrame]]:
    """Each budget with the lots it is shared among: those of the latest period of the factors."""
    lots = _lots(allocation_factors).filter(pl.col("period") == pl.col("period").max())
    if not lots.is_empty():
        yield from ((budget, lots) for budget in allocation_budgets.iter_rows(named=True))
