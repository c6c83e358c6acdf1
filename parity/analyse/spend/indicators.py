"""Figures of spend: by service and provider, a head, beside comparators, and over time."""

from math import fsum, isclose

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.comparators import beside_comparators
from parity.analyse.labels import both_notes, joined_notes, told_apart
from parity.analyse.spend_lines import STATEMENT, price_note, same_basis_or_why, shares, summed
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import relative_change
from parity.methods.money import growth_of_total, unit_cost_ratio, what_if_at_comparator
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.units import Unit

INSIDE = ("in-house", "NHS")
UNNAMED = ("all", "not stated")
"""Words in the column of providers that name nobody."""
GROWTH = "spend_growth_"
"""How the key of a fact begins that states by how much spending on something grew."""
ACTIVITY = "_services_change"
"""How the key of a fact ends that states by how much the services for it changed."""
WHOLE_SPEND = "all"
FEWEST_PARTS = 2
TOO_SMALL = "The line is smaller than what would have to be saved."
UNSTATED = "The source does not say what the two amounts count."


@indicator(
    rows="A31",
    title="Spending",
    unit=Unit.GBP,
    numerator="Pounds, all lines of one statement of account",
    formula="sum of the lines",
    purpose="Know the money there is",
    dimensions=("statement",),
)
def spend_total(spend: pl.DataFrame) -> pl.DataFrame:
    """The sum of each statement's lines; different statements are never added."""
    return summed(spend).rename({"amount": "value"})


@indicator(
    rows="A31 A34",
    title="Share of spending by service",
    unit=Unit.SHARE,
    numerator="Pounds spent on the service",
    denominator="Pounds in the statement",
    formula="line ÷ total of the statement",
    purpose="See what the money goes to",
    dimensions=("statement", "service"),
)
def spend_share(spend: pl.DataFrame) -> pl.DataFrame:
    """Each service's share of its statement, whoever provides it."""
    return shares(spend, "service")


@indicator(
    rows="A31 A34",
    title="Share of spending by provider",
    unit=Unit.SHARE,
    numerator="Pounds paid to the kind of provider",
    denominator="Pounds in the statement",
    formula="lines of the provider ÷ total of the statement",
    purpose="See who provides what is bought",
    dimensions=("statement", "provider"),
)
def spend_by_provider_share(spend: pl.DataFrame) -> pl.DataFrame:
    """Each kind of provider's share of its statement, whatever the service."""
    return shares(spend, "provider")


@indicator(
    rows="A34 A46",
    title="Share of spending with providers outside the council and the NHS",
    unit=Unit.SHARE,
    numerator="Pounds paid to providers that are neither in-house nor NHS",
    denominator="Pounds in the statement",
    formula="outside ÷ total of the statement",
    purpose="Know how much of the budget a market holds",
    dimensions=("statement",),
)
def external_share(spend: pl.DataFrame) -> pl.DataFrame:
    """The outside share of each statement that names providers; missing where some of its money names none."""
    provider, amount = pl.col("provider"), pl.col("amount_gbp")
    unnamed = provider.is_in(UNNAMED)
    lines = spend.filter(~unnamed.all().over(*STATEMENT)).with_columns(
        outside=pl.when(provider.is_in(INSIDE)).then(0.0).when(~unnamed).then(amount).otherwise(None)
    )
    sums = lines.group_by(*STATEMENT, maintain_order=True).agg(outside=total("outside"), whole=total("amount_gbp"))
    unknown = pl.lit("Some lines do not say who provides the service.")
    zero = why_not_divided("outside", "whole", whole_name="total of the statement")
    return sums.select(
        *STATEMENT,
        value=divide("outside", "whole"),
        missing=pl.when(pl.col("outside").is_null()).then(unknown).otherwise(zero),
    )


@indicator(
    rows="A32 A35",
    title="Spending a head, as stated",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds",
    denominator="People, weighted or not as the source says",
    formula="as stated by the source",
    purpose="Compare spending between places of different size",
    dimensions=("statement", "service"),
)
def spend_per_head_stated(spend_per_head: pl.DataFrame) -> pl.DataFrame:
    """The figures a head as stated; the note says whose heads are counted."""
    return spend_per_head.select(
        *STATEMENT,
        "basis",
        told_apart("service", by="population_group", within=STATEMENT),
        note=both_notes(pl.format("A head of the population {}.", "population_group"), pl.col("note")),
        value="gbp_per_head",
    )


@indicator(
    rows="A32 A35",
    title="Spending a head above the comparator's",
    unit=Unit.CHANGE,
    numerator="Pounds a head less the comparator's",
    denominator="Comparator's pounds a head",
    formula="(own − comparator's) ÷ comparator's, within one statement and on one basis",
    purpose="See where spending differs from that of similar places",
    dimensions=("service", "comparator"),
)
def spend_above_comparator(
    spend_per_head: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Relative difference from each comparator of spend; missing where the two are on different bases."""
    on = ("statement", "service", "population_group")
    beside = beside_comparators(spend_per_head, comparators, use="spend", on=on, areas=areas)
    return _compared(beside, "gbp_per_head", ratio=relative_change("gbp_per_head_comparator", "gbp_per_head"), by=on)


@indicator(
    rows="A35",
    title="Share of spending, as stated",
    unit=Unit.SHARE,
    numerator="Pounds spent on the service",
    denominator="What the source says it is a share of",
    formula="as stated by the source",
    purpose="Hold published shares beside those that can be worked out",
    dimensions=("statement", "service"),
)
def spend_share_stated(spend_shares: pl.DataFrame) -> pl.DataFrame:
    """The shares as stated; the note says of what."""
    return spend_shares.select(
        *STATEMENT,
        "basis",
        told_apart("service", by="share_of", within=STATEMENT),
        note=both_notes(pl.format("A share of {}.", "share_of"), pl.col("note")),
        value="share",
    )


@indicator(
    rows="A35",
    title="Stated share of spending as a multiple of the comparator's",
    unit=Unit.RATIO,
    numerator="Stated share of the area",
    denominator="Stated share of the comparator",
    formula="share ÷ comparator's share, within one statement and on one basis",
    purpose="See what the area gives more or less weight to",
    dimensions=("service", "comparator"),
)
def spend_share_ratio(
    spend_shares: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Stated share over each comparator of spend's; missing where the two are on different bases."""
    on = ("statement", "service", "share_of")
    beside = beside_comparators(spend_shares, comparators, use="spend", on=on, areas=areas)
    return _compared(beside, "share", ratio=divide("share", "share_comparator"), by=on)


@indicator(
    rows="A33",
    title="Reduction that would bring spending a head to the comparator's",
    unit=Unit.GBP,
    numerator="Total × (own − comparator's spending a head)",
    denominator="Own spending a head",
    formula="total × (1 − comparator's ÷ own), on one basis",
    purpose="Put a size to being above others",
    dimensions=("statement", "comparator"),
)
def what_if_reduction(
    spend: pl.DataFrame, spend_per_head: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Pounds off the total; missing, with both bases named, where total and heads are not on one stated basis."""
    found = _what_if(spend, spend_per_head, comparators, areas).rename({"reduction": "value"}).drop("service")
    return found.unique([*STATEMENT, "comparator"], keep="first", maintain_order=True)


@indicator(
    rows="A33",
    title="Share of a line after it alone has brought spending to the comparator's",
    unit=Unit.SHARE,
    numerator="Line less the reduction",
    denominator="Total less the reduction",
    formula="(line − reduction) ÷ (total − reduction), on one basis",
    purpose="See how the balance of services would change, and which lines could bear it",
    dimensions=("line", "comparator"),
)
def what_if_share(
    spend: pl.DataFrame, spend_per_head: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Each line's new share, the largest first; missing as the reduction is, and where the line is smaller than it."""
    found, small = _what_if(spend, spend_per_head, comparators, areas), pl.col("share") < 0
    return found.with_columns(
        line=pl.format("{}: {}", "statement", "service"),
        value=pl.when(~small).then("share"),
        missing=pl.when(small).then(pl.lit(TOO_SMALL)).otherwise("missing"),
    )


@indicator(
    rows="A36",
    title="Change in spending by service",
    unit=Unit.CHANGE,
    numerator="Pounds of the later period less those of the first",
    denominator="Pounds of the first period",
    formula="(later − first) ÷ first, on one basis; nominal unless the note says otherwise",
    purpose="See which lines grow",
    dimensions=("statement", "service"),
)
def spend_change(spend: pl.DataFrame) -> pl.DataFrame:
    """Relative change of each service's lines from the first period to each later one."""
    return _changes(summed(spend, "service"), "service")


@indicator(
    rows="A36",
    title="Change in spending",
    unit=Unit.CHANGE,
    numerator="Pounds of the later period less those of the first",
    denominator="Pounds of the first period",
    formula="(later − first) ÷ first, on one basis; nominal unless the note says otherwise",
    purpose="See whether the money grows",
    dimensions=("statement",),
)
def spend_total_change(spend: pl.DataFrame) -> pl.DataFrame:
    """Relative change of each statement's total from its first period to each later one."""
    return _changes(summed(spend))


@indicator(
    rows="A36 A51",
    title="Unit cost as a multiple of what it was, implied by growth of spending and of activity",
    unit=Unit.RATIO,
    numerator="1 + growth of spending",
    denominator="1 + growth of activity",
    formula="(1 + growth of spending) ÷ (1 + growth of activity)",
    purpose="Test whether two published statements can both be true",
    dimensions=("subject",),
)
def unit_cost_ratio_implied(facts: pl.DataFrame) -> pl.DataFrame:
    """The ratio for every subject with facts `spend_growth_<subject>` and `<subject>_services_change`."""
    grown = facts.filter(pl.col("fact").str.starts_with(GROWTH)).select(
        "area", "period", pl.col("fact").str.strip_prefix(GROWTH).alias("subject"), spend="value"
    )
    activity = facts.filter(pl.col("fact").str.ends_with(ACTIVITY)).select(
        "area", "period", pl.col("fact").str.strip_suffix(ACTIVITY).alias("subject"), activity="value"
    )
    joined = grown.join(activity, on=["area", "subject"], suffix="_activity", maintain_order="left")
    value = unit_cost_ratio("spend", "activity")
    words = "Spending is over {}, activity over {}: the two periods differ."
    return joined.select(
        "area",
        "period",
        "subject",
        value=value,
        missing=pl.when(value.is_null()).then(pl.lit("One of the two growths is not known, or no activity is left.")),
        note=pl.when(pl.col("period") != pl.col("period_activity")).then(pl.format(words, "period", "period_activity")),
    )


@indicator(
    rows="A36",
    title="Growth of the total implied by the growth of its parts",
    unit=Unit.CHANGE,
    numerator="1",
    denominator="Sum over parts of share now ÷ (1 + growth)",
    formula="1 ÷ Σ (share now ÷ (1 + growth)) − 1",
    purpose="Test whether a published total grew as its published parts say",
)
def total_growth_implied(facts: pl.DataFrame, spend_shares: pl.DataFrame) -> pl.DataFrame:
    """Growth from facts `spend_growth_<part>` and the same document's stated shares of services named after the part.

    One part without a stated share has what the others leave.
    """
    parts = facts.filter(pl.col("fact").str.starts_with(GROWTH) & (pl.col("fact") != GROWTH + WHOLE_SPEND)).select(
        "area", "period", "source", pl.col("fact").str.strip_prefix(GROWTH).alias("part"), growth="value"
    )
    named = spend_shares.select("area", "source", pl.col("service").str.to_lowercase(), "share")
    matched = parts.join(named, on=["area", "source"], how="left", maintain_order="left_right").with_columns(
        share=pl.when(pl.col("service").str.starts_with(pl.col("part"))).then("share")
    )
    each = matched.group_by("area", "period", "part", maintain_order=True).agg(
        pl.col("growth").first(), pl.col("share").drop_nulls().first()
    )
    totals = each.group_by("area", "period", maintain_order=True).agg("share", "growth")
    rows = [(area, period, *_growth(given, grown)) for area, period, given, grown in totals.iter_rows()]
    schema = {"area": pl.String, "period": pl.String, "value": pl.Float64, "missing": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _growth(given: list[float | None], grown: list[float | None]) -> tuple[float | None, str | None]:
    """The growth of the total, or the sentence that says why there is none."""
    known = fsum(share for share in given if share is not None)
    shares_now = [1 - known if share is None else share for share in given]
    if len(given) < FEWEST_PARTS or given.count(None) > 1 or not isclose(fsum(shares_now), 1):
        return None, "The shares of the parts are not known."
    value = growth_of_total(shares_now, grown)
    return value, "The growth of a part is not known." if value is None else None


def _compared(beside: pl.DataFrame, column: str, *, ratio: pl.Expr, by: tuple[str, ...]) -> pl.DataFrame:
    """Area beside comparator: value where both are on one basis, labelled so that no two rows have one name."""
    differ = same_basis_or_why("basis", "basis_comparator")
    undivided = why_not_divided(column, f"{column}_comparator", whole_name="comparator's figure")
    within = ("area", "period", "comparator")
    labelled = beside.with_columns(told_apart(by[1], by=by[2], within=(*within, by[0])))
    return labelled.with_columns(told_apart(by[1], by=by[0], within=within)).select(
        *within,
        by[1],
        "basis",
        value=pl.when(differ.is_null()).then(ratio),
        missing=pl.coalesce(differ, undivided),
        note=pl.when(pl.col("basis") == Basis.NOT_STATED.name.lower()).then(pl.lit(UNSTATED)),
    )


def _what_if(
    spend: pl.DataFrame, spend_per_head: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None
) -> pl.DataFrame:
    """Reduction, share and missing by line, for statements and comparators that state spending a head for the whole."""
    lines = summed(spend, "service")
    whole = summed(spend).rename({"amount": "total", "basis": "total_basis"})
    heads = spend_per_head.join(lines, on=[*STATEMENT, "service"], how="anti", maintain_order="left")
    on = ("statement", "service", "population_group")
    beside = beside_comparators(heads, comparators, use="spend", on=on, areas=areas)
    # A figure a head for part of the spending is smaller than the one for all of it.
    widest = beside.sort("gbp_per_head", descending=True, maintain_order=True).unique(
        [*STATEMENT, "comparator"], keep="first", maintain_order=True
    )
    said = spend.group_by(*STATEMENT, "service", maintain_order=True).agg(line_note=joined_notes("note"))
    largest_first = lines.sort("amount", descending=True, maintain_order=True)
    bearing = largest_first.join(said, on=[*STATEMENT, "service"], maintain_order="left").select(
        *STATEMENT, "line_note", line="amount", bears="service"
    )
    joined = widest.join(whole, on=STATEMENT, maintain_order="left").join(
        bearing, on=STATEMENT, maintain_order="left_right"
    )
    one = pl.when(pl.col("basis") == pl.col("basis_comparator")).then("basis").otherwise(pl.lit("mixed"))
    return joined.select(
        *STATEMENT,
        "comparator",
        *what_if_at_comparator(
            "total",
            "line",
            own="gbp_per_head",
            comparator="gbp_per_head_comparator",
            total_basis="total_basis",
            head_basis=one,
        ),
        pl.col("total_basis").alias("basis"),
        service="bears",
        note=both_notes(pl.format("“{}” alone bears the reduction.", "bears"), pl.col("line_note")),
    )


def _changes(lines: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Relative change of amount from the first period, where the basis has not changed."""
    beside = beside_first(lines, by=("statement", "area", *by))
    differ = same_basis_or_why("basis", "basis_first")
    undivided = why_not_divided("amount", "amount_first", whole_name="amount of the first period")
    return beside.select(
        *STATEMENT,
        *by,
        "basis",
        note=price_note(),
        value=pl.when(differ.is_null()).then(relative_change("amount_first", "amount")),
        missing=pl.coalesce(differ, undivided),
    )
