"""Figures of resource: what several bodies spend together, and how much of it goes to each tier of service."""

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


def _bodies(spend: pl.DataFrame) -> pl.DataFrame:
    """Each body's sum, in statements that several bodies share in one period."""
    return summed(spend, "body").filter(pl.col("body").n_unique().over(*TOGETHER) > 1)


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
