"""Figures of spending put over the people of an area, plain and weighted by need, and over the rise of prices."""

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.people import WORKING_AGE, counted_once, plain_group
from parity.analyse.prices import priced
from parity.analyse.spend_lines import STATEMENT, same_basis_or_why, summed
from parity.methods.columns import divide
from parity.methods.money import in_prices_of, real_change
from parity.methods.population import weighted_population
from parity.terms.indicator import indicator
from parity.terms.units import Unit

EVERYONE = ("all ages", "all")
ADULTS = ("18+", "18 and over", "16+", "16 and over")
COUNTED_FIRST = {name: order for order, names in enumerate((EVERYONE, ADULTS, WORKING_AGE)) for name in names}
"""Whose heads are counted: everybody; where they are not known adults, and else people of working age."""
TOGETHER = "all services together"
NO_PEOPLE = "The people of this area are not in the table of population."
NO_INDEX = "The need index of this area, or its people, are not known."
NO_PRICES = "The rise of prices since then is not known."


@indicator(
    rows="A35",
    title="Spending a head of the population",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds in the statement",
    denominator="People of the area: everybody, or else adults, as the note says",
    formula="total of the statement ÷ people of the nearest year",
    purpose="Compare places of different size where the source states no figure a head",
    dimensions=("statement",),
)
def spend_a_head(spend: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Each statement's total over the people of its area; the note says whose heads, and of which year."""
    found = _with_people(summed(spend), population)
    value = divide("amount", "people")
    return found.select(
        *STATEMENT,
        "basis",
        missing=pl.when(value.is_null()).then(pl.lit(NO_PEOPLE)),
        note=pl.format("A head of the people of {} in {}.", "whom", "year"),
        value=value,
        price_year=_prices(),
    )


@indicator(
    rows="A32 A35",
    title="Spending a head of the population weighted by need",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds in the statement",
    denominator="People of the area × need index ÷ 100",
    formula="total of the statement ÷ (people of the nearest year × need index ÷ 100)",
    purpose="Compare places of different size and need",
    dimensions=("statement",),
)
def spend_a_weighted_head(spend: pl.DataFrame, population: pl.DataFrame, need_index: pl.DataFrame) -> pl.DataFrame:
    """Each statement's total over the weighted people of its area, by the newest need index; the note names it."""
    newest = need_index.sort("period", descending=True, maintain_order=True).unique(
        ["area"], keep="first", maintain_order=True
    )
    indexed = newest.select("area", "index_name", "index_value")
    found = _with_people(summed(spend), population).join(indexed, on="area", how="left", maintain_order="left")
    value = divide("amount", weighted_population("people", "index_value"))
    return found.select(
        *STATEMENT,
        "basis",
        value=value,
        missing=pl.when(value.is_null()).then(pl.lit(NO_INDEX)),
        note=pl.format("A head of the people of {} in {}, weighted by the {}.", "whom", "year", "index_name"),
        price_year=_prices(),
    )


@indicator(
    rows="A36",
    title="Spending in prices of today",
    unit=Unit.GBP,
    numerator="Pounds in the statement",
    formula="total × GDP deflator of the latest year of outturn ÷ that of the prices of the statement",
    purpose="Compare years without the rise of prices",
    dimensions=("statement",),
)
def spend_real(spend: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Each statement's total in the prices of the latest year for which the GDP deflator is no forecast."""
    found = _priced(summed(spend), deflators)
    value = in_prices_of("amount", "deflator", base="base")
    unknown = pl.when(value.is_null()).then(pl.lit(NO_PRICES))
    return found.select(*STATEMENT, "basis", price_year="base_year", value=value, missing=unknown)


@indicator(
    rows="A36",
    title="Change in spending beyond the rise of prices",
    unit=Unit.CHANGE,
    numerator="Pounds of the later period, in prices of the first, less those of the first",
    denominator="Pounds of the first period",
    formula="(later ÷ first) ÷ (later deflator ÷ first deflator) − 1, on one basis",
    purpose="See which lines grew by more than prices, and which by less",
    dimensions=("statement", "service"),
)
def spend_real_change(spend: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Real change of each statement and of each of its services from its first period, by the GDP deflator."""
    totals = summed(spend).with_columns(service=pl.lit(TOGETHER))
    lines = pl.concat([totals, summed(spend, "service").select(totals.columns)])
    beside = beside_first(_priced(lines, deflators), by=("statement", "area", "service"))
    differ = same_basis_or_why("basis", "basis_first")
    value = real_change("amount_first", "amount", first_deflator="deflator_first", last_deflator="deflator")
    unknown = pl.when(value.is_null()).then(pl.lit("Nothing was spent in the first period, or prices are not known."))
    return beside.select(
        *STATEMENT,
        "service",
        "basis",
        value=pl.when(differ.is_null()).then(value),
        missing=pl.coalesce(differ, unknown),
    )


def _with_people(sums: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """The sums with people, whom (the group) and year: of the group counted first, in the year nearest the period."""
    order = plain_group("population_group").replace_strict(COUNTED_FIRST, default=None, return_dtype=pl.Int64)
    known = counted_once(population).drop_nulls("people").with_columns(order=order).drop_nulls("order")
    first = known.filter(pl.col("order") == pl.col("order").min().over("area"))
    heads = first.select("area", "people", whom="population_group", year=_year())
    joined = sums.join(heads, on="area", how="left", maintain_order="left_right")
    nearest = joined.with_columns(away=(pl.col("year") - _year()).abs()).sort("away", maintain_order=True)
    found = nearest.unique(STATEMENT, keep="first", maintain_order=True).select(*STATEMENT, "people", "whom", "year")
    return sums.join(found, on=STATEMENT, how="left", maintain_order="left")


def _year() -> pl.Expr:
    """The year in which a period begins."""
    return pl.col("period").str.extract(r"^(\d{4})").cast(pl.Int64)


def _prices() -> pl.Expr:
    """The year whose prices the amounts are in: as stated, else that of the period."""
    return pl.coalesce("price_year", "period")


def _priced(sums: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """The sums with the deflator of the prices they are in."""
    found = priced(sums.with_columns(of="period", period=_prices()), deflators)
    return found.with_columns(period="of").drop("of")
