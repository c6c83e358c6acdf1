"""Figures of resource: what several bodies spend together, tiers of service, balance of care, cost per person."""

from collections.abc import Mapping, Sequence

import polars as pl

from parity.analyse.labels import joined_notes
from parity.analyse.spend_lines import STATEMENT, one_basis, summed
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.money import share_of_total
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.units import Unit

TOGETHER = ("statement", "period")
UNALLOCATED = "unallocated"
CASELOAD = "caseload"
LONG_TERM, COMMUNITY = SETTINGS = ("hospital or long-term", "community")


@indicator(
    rows="A37",
    title="Resource of one body among several",
    unit=Unit.GBP,
    numerator="Pounds of the body",
    formula="sum of the body's lines in a statement that several bodies share",
    purpose="See who brings what to a common purpose",
    dimensions=("statement", "body"),
)
def combined_resource(spend: pl.DataFrame) -> pl.DataFrame:
    """Each body's pounds in every statement with lines of several bodies, each on its own basis."""
    return _bodies(spend).rename({"amount": "value"})


@indicator(
    rows="A37",
    title="Resource of several bodies together",
    unit=Unit.GBP,
    numerator="Pounds of all bodies of the statement",
    formula="sum over bodies",
    purpose="See the whole of the money that could be planned as one",
    dimensions=("statement",),
)
def combined_resource_total(spend: pl.DataFrame, areas: pl.DataFrame | None = None) -> pl.DataFrame:
    """The sum over bodies, for the smallest listed area that holds all of theirs; the note says whose bases differ."""
    parents: Mapping[str, str | None] = {} if areas is None else dict(areas.select("area", "parent").iter_rows())
    sums = (
        _bodies(spend)
        .group_by(*TOGETHER, maintain_order=True)
        .agg(pl.col("area"), value=total("amount"), basis=one_basis(), note=_mixture())
    )
    held = pl.Series("area", [_common(codes, parents) for codes in sums["area"]], dtype=pl.String)
    return sums.with_columns(held).drop_nulls("area")


@indicator(
    rows="A37",
    title="Share of one body in the resource of several",
    unit=Unit.SHARE,
    numerator="Pounds of the body",
    denominator="Pounds of all bodies of the statement",
    formula="body ÷ sum over bodies",
    purpose="See who carries the common purpose",
    dimensions=("statement", "body"),
)
def combined_resource_share(spend: pl.DataFrame) -> pl.DataFrame:
    """Each body's share of the sum; mixed where the bodies' amounts are on different bases, as the note says."""
    whole = total("amount").over(*TOGETHER)
    return _bodies(spend).select(
        *STATEMENT,
        "body",
        why_not_divided("amount", whole, whole_name="sum of the bodies"),
        one_basis().over(*TOGETHER),
        value=share_of_total("amount", within=TOGETHER),
        note=_mixture().over(*TOGETHER),
    )


@indicator(
    rows="A38",
    title="Share of spending by tier of service",
    unit=Unit.SHARE,
    numerator="Pounds of the lines allocated to the tier",
    denominator="Pounds of all lines allocated to a tier",
    formula="tier ÷ allocated lines; what is not allocated is left out and shown beside",
    purpose="See the balance between early help and the most intensive care",
    dimensions=("statement", "tier"),
)
def tier_share(spend: pl.DataFrame) -> pl.DataFrame:
    """Each tier's share of what is allocated; the notes say where the allocation was inferred."""
    allocated = spend.filter(_is_allocated())
    sums = summed(allocated, "tier")
    notes = allocated.group_by(*STATEMENT, "tier", maintain_order=True).agg(note=joined_notes("note"))
    whole = total("amount").over(*STATEMENT)
    return sums.join(notes, on=[*STATEMENT, "tier"], maintain_order="left").select(
        *STATEMENT,
        "tier",
        "note",
        why_not_divided("amount", whole, whole_name="sum of the allocated lines"),
        one_basis().over(*STATEMENT),
        value=share_of_total("amount", within=STATEMENT),
    )


@indicator(
    rows="A38",
    title="Share of spending not allocated to a tier",
    unit=Unit.SHARE,
    numerator="Pounds of the lines without a tier",
    denominator="Pounds in the statement",
    formula="unallocated ÷ total of the statement",
    purpose="Know how much the shares by tier leave out",
    dimensions=("statement",),
)
def unallocated_share(spend: pl.DataFrame) -> pl.DataFrame:
    """The share left out by the shares by tier, for every statement that has tiers."""
    tiered = spend.filter(_is_allocated().any().over(*STATEMENT))
    left = pl.when(_is_allocated()).then(0.0).otherwise("amount_gbp")
    sums = tiered.group_by(*STATEMENT, maintain_order=True).agg(
        left=left.sum(), whole=total("amount_gbp"), basis=one_basis()
    )
    return sums.select(
        *STATEMENT,
        "basis",
        why_not_divided("left", "whole", whole_name="total of the statement"),
        value=divide("left", "whole"),
    )


@indicator(
    rows="A39",
    title="Balance of care by spending",
    unit=Unit.RATIO,
    numerator="Pounds of lines for hospital or long-term care",
    denominator="Pounds of lines for care in the community",
    formula="hospital or long-term ÷ community; lines of services given to neither are left out",
    purpose="See whether money moves from hospital and long-term care to the community",
    dimensions=("statement",),
)
def care_balance_spend(spend: pl.DataFrame, care_settings: pl.DataFrame) -> pl.DataFrame:
    """Pounds against pounds of every statement with lines of either setting; the note tells what was left out."""
    lines = spend.rename({"amount_gbp": "amount"})
    balances = _balance(lines, care_settings, by=STATEMENT)
    bases = spend.group_by(STATEMENT, maintain_order=True).agg(one_basis())
    return balances.join(bases, on=STATEMENT, how="left", maintain_order="left")


@indicator(
    rows="A39",
    title="Balance of care by activity",
    unit=Unit.RATIO,
    numerator="Beds, places or people of services for hospital or long-term care",
    denominator="The same of services in the community",
    formula="hospital or long-term ÷ community, for each thing that is counted; beds and places are never mixed",
    purpose="See whether care moves from hospital and long-term care to the community",
    dimensions=("measure",),
)
def care_balance_activity(services: pl.DataFrame, care_settings: pl.DataFrame) -> pl.DataFrame:
    """Activity against activity of every area, period and measure that both settings have in common."""
    lines = services.drop("service").rename({"service_type": "service", "value": "amount"})
    return _balance(lines, care_settings, by=("area", "period", "measure"))


@indicator(
    rows="A51",
    title="Cost per person supported",
    unit=Unit.GBP_EXACT,
    numerator="Yearly value of the contracts that buy the service",
    denominator="People the service supports",
    formula="yearly value ÷ caseload",
    purpose="Compare what services cost for each person they reach",
    dimensions=("service_type",),
    basis=Basis.BUDGET,
)
def cost_per_person(contracts: pl.DataFrame, services: pl.DataFrame, contract_services: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year for each person on the caseload, for each service, area and period that a contract buys.

    Missing where a contract's value is not known, or nobody is on the caseload.
    """
    key = ["area", "service_type"]
    bought = contract_services.join(contracts, on="contract", maintain_order="left")
    costs = bought.group_by(key, maintain_order=True).agg(cost=total("annual_value_gbp"))
    caseloads = services.filter(pl.col("measure") == CASELOAD).group_by(*key, "period", maintain_order=True)
    people = caseloads.agg(people=total("value"), note=joined_notes("note"))
    joined = people.join(costs, on=key, maintain_order="left")
    reason = why_not_divided("cost", "people", part_name="value of a contract", whole_name="number of people")
    return joined.select("area", "period", "service_type", reason, "note", value=divide("cost", "people"))


def _bodies(spend: pl.DataFrame) -> pl.DataFrame:
    """Each body's sum, in statements that several bodies share in one period."""
    return summed(spend, "body").filter(pl.col("body").n_unique().over(*TOGETHER) > 1)


def _balance(lines: pl.DataFrame, settings: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Value, missing and note by group: amounts of hospital or long-term care over those of the community."""
    placed = lines.join(settings.select("service", "setting"), on="service", how="left", maintain_order="left")
    both = placed.filter(pl.col("setting").drop_nulls().n_unique().over(by) == len(SETTINGS))
    left_out = pl.col("setting").is_null().sum()
    sums = both.group_by(by, maintain_order=True).agg(
        long_term=total(pl.col("amount").filter(pl.col("setting") == LONG_TERM)),
        community=total(pl.col("amount").filter(pl.col("setting") == COMMUNITY)),
        note=pl.when(left_out > 0).then(pl.format("Lines of neither setting, left out: {}.", left_out)),
    )
    reason = why_not_divided(
        "long_term", "community", part_name="amount of hospital or long-term care",
        whole_name="amount of care in the community",
    )  # fmt: skip
    return sums.select(*by, reason, "note", value=divide("long_term", "community"))


def _mixture() -> pl.Expr:
    """Text: the different bases of a group in words; null where it has one."""
    words = {basis.name.lower(): basis.value for basis in Basis}
    bases = pl.col("basis").replace(words).unique(maintain_order=True)
    sentence = pl.format(
        "The amounts are on different bases ({}), so the sum is only an order of size.", bases.str.join("; ")
    )
    return pl.when(bases.len() > 1).then(sentence)


def _is_allocated() -> pl.Expr:
    return (pl.col("tier") != UNALLOCATED).fill_null(value=False)


def _common(codes: Sequence[str], parents: Mapping[str, str | None]) -> str | None:
    """The smallest area that holds all of these; None where the list of areas knows none."""
    lines = [_upwards(code, parents) for code in codes]
    return next((code for code in lines[0] if all(code in line for line in lines)), None)


def _upwards(code: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The area and those it lies in, the smallest first."""
    line: list[str] = []
    while code is not None and code not in line:
        line.append(code)
        code = parents.get(code)
    return line
