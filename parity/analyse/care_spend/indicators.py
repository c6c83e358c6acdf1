"""Figures of what councils spend on adult social care: by reason, age and service, a head, and in real terms."""

import polars as pl

from parity.analyse.care_returns import ALL, EVERYTHING, GROSS, HEADS, NET, OF_COUNCIL
from parity.analyse.changes import beside_first
from parity.analyse.comparators import area_name
from parity.analyse.prices import priced
from parity.analyse.spend_lines import same_basis_or_why
from parity.analyse.spend_standing import quarters, standing_note
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.money import in_prices_of, real_change, share_of_total, what_if_at_comparator
from parity.terms.areas import ENGLAND
from parity.terms.indicator import READ_FROM, indicator
from parity.terms.release import BETWEEN
from parity.terms.units import Unit

NOT_COUNTED = "The people of this council, as it then was, are in no table that was taken in."


@indicator(
    rows="A31",
    title="Council’s spending on adult social care",
    unit=Unit.GBP,
    numerator="Pounds in the year, gross current expenditure",
    formula="sum of the lines of the return",
    purpose="Know the money that councils put into mental-health and memory support, and into what services",
    dimensions=("people", "service"),
)
def care_spend(care_lines: pl.DataFrame) -> pl.DataFrame:
    """Gross spending by reason and age, and by service for mental-health and memory support."""
    found = care_lines.filter(pl.col("basis") == GROSS)
    keys = (*HEADS, "service", "basis", READ_FROM)
    return found.select(*keys, price_year="period", value="amount_gbp", missing=_unknown())


@indicator(
    rows="A31",
    title="Council’s spending on adult social care, net of what people pay",
    unit=Unit.GBP,
    numerator="Pounds in the year, net current expenditure",
    formula="sum of the lines of the return",
    purpose="Know what the council itself bears",
    dimensions=("people",),
)
def care_spend_net(care_lines: pl.DataFrame) -> pl.DataFrame:
    """Net spending by reason and age: it is not compared with gross spending."""
    found = care_lines.filter(pl.col("basis") == NET, pl.col("service") == ALL)
    return found.select(*HEADS, "basis", READ_FROM, price_year="period", value="amount_gbp", missing=_unknown())


@indicator(
    rows="A34 A35",
    title="Share of all adult social care spending",
    unit=Unit.SHARE,
    numerator="Pounds spent on the people, gross current expenditure",
    denominator="Pounds spent on all adult social care, on the same basis",
    formula="spending on the people ÷ spending on all adult social care",
    purpose="See what weight mental-health and memory support have in the council’s budget",
    dimensions=("people",),
)
def care_spend_share(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Share of each reason and age in everything the council spent on adult social care."""
    whole = total(pl.col("amount_gbp").filter(pl.col("people") == EVERYTHING)).over("area", "period")
    return care_heads.select(
        *HEADS,
        "basis",
        READ_FROM,
        why_not_divided("amount_gbp", whole, whole_name="spending on all adult social care"),
        value=divide("amount_gbp", whole),
    )


@indicator(
    rows="A34 A39",
    title="Share of social care spending by service",
    unit=Unit.SHARE,
    numerator="Pounds spent on the service, gross current expenditure",
    denominator="Pounds spent on the same people, all services",
    formula="line ÷ total of the people",
    purpose="See what the money goes to",
    dimensions=("people", "service"),
)
def care_service_share(care_lines: pl.DataFrame) -> pl.DataFrame:
    """Each service's share of what was spent on the people of one reason and age."""
    found = care_lines.filter(pl.col("basis") == GROSS, pl.col("service") != ALL)
    whole = total("amount_gbp").over(HEADS)
    return found.select(
        *HEADS,
        "service",
        "basis",
        READ_FROM,
        why_not_divided("amount_gbp", whole, whole_name="spending on these people"),
        value=share_of_total("amount_gbp", within=HEADS),
    )


@indicator(
    rows="A39",
    title="Share of long-term support that is spent on residential and nursing care",
    unit=Unit.SHARE,
    numerator="Pounds spent on residential and nursing care, gross current expenditure",
    denominator="Pounds spent on long-term support: residential, nursing, and in the community",
    formula="residential and nursing ÷ long-term support",
    purpose="See the balance between care in homes and support in the community",
    dimensions=("people",),
)
def care_residential_share(care_lines: pl.DataFrame) -> pl.DataFrame:
    """The share in homes; short-term support and income count on neither side."""
    homes = pl.col("service").is_in(["residential", "nursing"])
    long_term = homes | pl.col("service").str.contains("^(community|supported accommodation)")
    found = care_lines.filter(pl.col("basis") == GROSS, long_term).group_by(
        *HEADS, "basis", READ_FROM, maintain_order=True
    )
    sums = found.agg(homes=total(pl.col("amount_gbp").filter(homes)), whole=total("amount_gbp"))
    return sums.select(
        *HEADS,
        "basis",
        READ_FROM,
        why_not_divided("homes", "whole", whole_name="spending on long-term support"),
        value=divide("homes", "whole"),
    )


@indicator(
    rows="A32 A35",
    title="Spending on social care a head",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds in the year, gross current expenditure",
    denominator="People of that age living there in the middle of the year",
    formula="spending ÷ people",
    purpose="Compare councils of different size",
    dimensions=("people",),
)
def care_spend_per_head(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Pounds a head of the residents of the age the support is for, as of the estimates rebased on the last census."""
    marked = care_heads.with_columns(_read_and_counted())
    return _per_head(marked, "heads", "A head of the people {} at mid-{}.", READ_FROM)


@indicator(
    rows="A32",
    title="Spending on social care a head weighted by low income",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds in the year, gross current expenditure",
    denominator="People of that age × their share on a low income ÷ that of England",
    formula="spending ÷ weighted people",
    purpose="Compare councils whose people need more or less of social care, which is for those of small means",
    dimensions=("people",),
)
def care_spend_per_weighted_head(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Pounds a weighted head; the weight is our choice, and its indices are newer than the spending."""
    words = "A head of the people {} at mid-{}, weighted by the share on a low income (newest indices of deprivation)."
    return _per_head(care_heads, "weighted", words)


@indicator(
    rows="A43 A35",
    title="Rank of spending on social care a head among councils",
    unit=Unit.RANK,
    numerator="Councils that spent more a head, and one",
    formula="1 + councils that spent more a head; 1 spends the most",
    purpose="See how unusual the council’s spending is, and whether it is far from that of others",
    dimensions=("people",),
)
def care_spend_rank(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Rank among all councils with social-care duties whose people are known; the note tells outliers."""
    councils = care_heads.filter(pl.col("area").str.contains(OF_COUNCIL))
    return councils.select(
        *HEADS,
        "basis",
        _read_and_counted(),
        value="rank",
        missing=pl.when(pl.col("rank").is_null()).then(pl.lit(NOT_COUNTED)),
        note=pl.when(pl.col("rank").is_not_null()).then(standing_note()),
    )


@indicator(
    rows="A35",
    title="Spending on social care a head among all councils",
    unit=Unit.GBP_PER_HEAD,
    numerator="Spending a head of the council at a quarter, half and three quarters of the order",
    formula="quartiles, by linear interpolation",
    purpose="See the range within which half of the councils lie",
    dimensions=("people", "place_in_order"),
)
def care_spend_spread(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Lower quartile, median and upper quartile of all councils, each council counting as one."""
    england = care_heads.filter(pl.col("area") == ENGLAND)
    return quarters(england, (*HEADS, "basis")).with_columns(price_year="period")


@indicator(
    rows="A36",
    title="Spending on social care in prices of today",
    unit=Unit.GBP,
    numerator="Pounds in the year, gross current expenditure",
    formula="spending × GDP deflator of the latest year of outturn ÷ that of the year",
    purpose="Compare years without the rise of prices",
    dimensions=("people",),
)
def care_spend_real(care_heads: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Pounds in the prices of the latest year for which the GDP deflator is no forecast."""
    value = in_prices_of("amount_gbp", "deflator", base="base")
    missing = pl.when(value.is_null()).then(pl.lit("The rise of prices since then is not known."))
    found = priced(care_heads, deflators)
    return found.select(*HEADS, "basis", price_year="base_year", value=value, missing=missing)


@indicator(
    rows="A36",
    title="Change in spending on social care, beyond the rise of prices",
    unit=Unit.CHANGE,
    numerator="Pounds of the later year, in prices of the first, less those of the first",
    denominator="Pounds of the first year",
    formula="(later ÷ first) ÷ (later deflator ÷ first deflator) − 1",
    purpose="See whether the money kept up with prices",
    dimensions=("people",),
)
def care_spend_real_change(care_heads: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Real change from the first return to each later one, by the GDP deflator; on one basis alone."""
    beside = beside_first(priced(care_heads, deflators), by=("area", "people"))
    differ = same_basis_or_why("basis", "basis_first")
    value = real_change("amount_gbp_first", "amount_gbp", first_deflator="deflator_first", last_deflator="deflator")
    unknown = pl.when(value.is_null()).then(pl.lit("Nothing was spent in the first year, or prices are not known."))
    return beside.select(
        *HEADS,
        "basis",
        value=pl.when(differ.is_null()).then(value),
        missing=pl.coalesce(differ, unknown),
    )


@indicator(
    rows="A33",
    title="Reduction that would bring spending on social care a head to another council’s",
    unit=Unit.GBP,
    numerator="Total × (own − comparator’s spending a head)",
    denominator="Own spending a head",
    formula="total × (1 − comparator’s ÷ own), on one basis; with a minus, what more would be spent",
    purpose="Put a size to spending more or less than others",
    dimensions=("people", "comparator"),
)
def care_what_if(care_beside: pl.DataFrame, areas: pl.DataFrame | None = None) -> pl.DataFrame:
    """Pounds off the spending on these people; missing where the two are not on one stated basis."""
    reduction, _, missing = _what_if()
    return care_beside.with_columns(area_name("comparator", areas)).select(
        *HEADS,
        "comparator",
        "basis",
        value=pl.when(missing.is_null()).then(reduction),
        missing=missing,
        price_year="period",
    )


def _what_if() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    one = pl.when(pl.col("basis") == pl.col("their_basis")).then("basis").otherwise(pl.lit("mixed"))
    amount = "amount_gbp"
    return what_if_at_comparator(amount, amount, own="own", comparator="theirs", total_basis="basis", head_basis=one)


def _per_head(heads: pl.DataFrame, column: str, words: str, *kept: str) -> pl.DataFrame:
    aged = pl.when(pl.col("age") == "all ages").then(pl.lit("of 18 and over")).otherwise(pl.format("of {}", "age"))
    return heads.select(
        *HEADS,
        *kept,
        "basis",
        note=pl.format(words, aged, "year"),
        price_year="period",
        value=divide("amount_gbp", column),
        missing=pl.when(divide("amount_gbp", column).is_null()).then(pl.lit(NOT_COUNTED)),
    )


def _read_and_counted() -> pl.Expr:
    """The editions of the return and of the estimate of people."""
    return pl.concat_str(READ_FROM, "counted_from", separator=BETWEEN, ignore_nulls=True).alias(READ_FROM)


def _unknown() -> pl.Expr:
    return pl.when(pl.col("amount_gbp").is_null()).then(pl.lit("A line of the return is not known."))
