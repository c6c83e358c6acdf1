"""Money: shares and totals, cost of a service, what-if at a comparator, budgets, concentration, whole pounds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import fsum, isclose

import polars as pl

from parity.methods.columns import Column, column, divide, total
from parity.terms.basis import Basis
from parity.terms.errors import WrongState

HHI_SCALE = 10_000
"""The Herfindahl-Hirschman index squares percentages: a share of 1 counts 100 x 100."""

Exact = Fraction | Decimal | int | float | str
BasisColumn = Basis | str | pl.Expr


def share_of_total(part: Column, *, within: Sequence[str] = ()) -> pl.Expr:
    """Each item's share (0–1) of the total, of its own group where `within` names columns.

    Source: part / total. Null for every item where one is missing or the total is zero.
    """
    whole = total(part)
    return divide(part, whole.over(*within) if within else whole)


def annual_cost(clients: Column, unit_cost: Column, weeks: Column) -> pl.Expr:
    """Cost of a year in the unit of `unit_cost`, which is a week's: clients x unit cost x weeks.

    Source: seed 000, section 12. Null where a factor is missing.
    """
    return column(clients) * column(unit_cost) * column(weeks)


def required_reduction(total: Column, *, own: Column, comparator: Column) -> pl.Expr:
    """What must be taken off a total for its own figure per head to fall to the comparator's; negative if below it.

    Source: T (1 - comparator / own), seed 003, section 2.5.1. Null where the own figure per head is zero.
    """
    return column(total) * (1 - divide(comparator, own))


def share_after(line: Column, total: Column, *, reduction: Column) -> pl.Expr:
    """Share (0–1) of one line in the total after it alone has borne a reduction.

    Source: (L - R) / (T - R), seed 003, section 2.5.1. Null where nothing is left of the total.
    """
    return divide(column(line) - column(reduction), column(total) - column(reduction))


def what_if_at_comparator(
    total: Column, line: Column, *, own: Column, comparator: Column, total_basis: BasisColumn, head_basis: BasisColumn
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Named reduction (money), share (0–1) and missing: spending per head at the comparator's, one line bearing it all.

    `total_basis` is the basis of the total and its line, `head_basis` that of both figures per head; where they differ,
    are mixed or are not stated, reduction and share are null and `missing` says why.

    Source: seed 003, section 2.5.1: R = T (1 - comparator / own), new share = (L - R) / (T - R).
    """
    whole, head = _basis_words(total_basis), _basis_words(head_basis)
    reduction = required_reduction(total, own=own, comparator=comparator)
    share = share_after(line, total, reduction=reduction)
    stated = pl.all_horizontal(~words.is_in([Basis.MIXED.value, Basis.NOT_STATED.value]) for words in (whole, head))
    agree = (stated & (whole == head)).fill_null(value=False)
    differ = pl.format(
        "{} {} Only amounts on one stated basis can be compared.",
        _basis_sentence(whole, stated="The total is on", not_stated="the total counts"),
        _basis_sentence(head, stated="The figures a head are on", not_stated="the figures a head count"),
    )
    unknown = pl.lit("The total, the line or a figure per head is missing, or what they are divided by is zero.")
    missing = pl.when(~agree).then(differ).when(reduction.is_null() | share.is_null()).then(unknown)
    return (
        pl.when(agree).then(reduction).alias("reduction"),
        pl.when(agree).then(share).alias("share"),
        missing.alias("missing"),
    )


def unit_cost_ratio(spend_change: Column, activity_change: Column) -> pl.Expr:
    """Ratio of the unit cost now to the unit cost before, from the relative changes of spend and of activity.

    Source: (1 + change of spend) / (1 + change of activity). Null where the activity has ended.
    """
    return divide(1 + column(spend_change), 1 + column(activity_change))


def in_prices_of(amount: Column, deflator: Column, *, base: Column) -> pl.Expr:
    """The amount in the prices of the year whose deflator is `base`; `deflator` is that of the amount's own year.

    Source: HM Treasury's GDP deflator: amount x base / deflator. Null where the deflator is zero or a part is missing.
    """
    return column(amount) * divide(base, deflator)


def real_change(first: Column, last: Column, *, first_deflator: Column, last_deflator: Column) -> pl.Expr:
    """Change of an amount or a unit cost beyond that of prices, as a share of the first: 0.05 is a twentieth more.

    Source: (last / first) / (last deflator / first deflator) - 1. Null where the first or a deflator is zero.
    """
    return divide(in_prices_of(last, last_deflator, base=first_deflator), first) - 1


def growth_of_total(shares: Sequence[float | None], growths: Sequence[float | None]) -> float | None:
    """Relative growth of a total, from its parts' shares of it now (0–1, summing to 1) and their growths.

    None where a part is missing, there is none, or a part was nothing before. Raises WrongState where the shares do not
    make a whole.

    Source: 1 / sum(share / (1 + growth)) - 1, a harmonic mean, since the shares are of the later total.
    """
    pairs = list(zip(shares, growths, strict=True))
    known = [(share, growth) for share, growth in pairs if share is not None and growth is not None]
    if not pairs or len(known) < len(pairs) or any(growth <= -1 for _, growth in known):
        return None
    if not isclose(fsum(share for share, _ in known), 1):
        raise WrongState("The shares of the parts must add up to the whole.")
    return 1 / fsum(share / (1 + growth) for share, growth in known) - 1


def budget(lines: pl.DataFrame, *, expenses: Sequence[str], income: Sequence[str]) -> pl.DataFrame:
    """The lines with gross (sum of the expense columns), controllable (gross + income, which is negative) and missing.

    A line with an unknown expense has no gross, and one with an unknown income has no controllable amount.

    Source: seed 004, service budget.
    """
    gross = pl.sum_horizontal(*expenses, ignore_nulls=False)
    controllable = gross + pl.sum_horizontal(*income, ignore_nulls=False)
    unknown = pl.lit("An expense or the income of this line is not known.")
    return lines.with_columns(
        gross.alias("gross"),
        controllable.alias("controllable"),
        pl.when(controllable.is_null()).then(unknown).alias("missing"),
    )


def concentration(share: Column) -> pl.Expr:
    """One number, 0–10,000: how concentrated a market is, from the shares (0–1) of all its providers.

    Source: Herfindahl-Hirschman index, sum of squared percentages. Null where a share is missing or there is none.
    """
    return total(column(share) ** 2) * HHI_SCALE


def concentration_band(index: Column, *, concentrated: float, high: float) -> pl.Expr:
    """Text: not concentrated, concentrated or highly concentrated, from the thresholds that an index must exceed.

    Source: the UK's merger guidelines of 2010 (over 1,000, over 2,000), withdrawn in 2021: the thresholds are a choice.
    Null where there is no index.
    """
    level = column(index)
    return (
        pl.when(level > high)
        .then(pl.lit("highly concentrated"))
        .when(level > concentrated)
        .then(pl.lit("concentrated"))
        .when(level.is_not_null())
        .then(pl.lit("not concentrated"))
    )


def largest_remainder(weights: Mapping[str, Exact], *, whole: int) -> dict[str, int]:
    """Whole units (pounds) by key, in proportion to the weights, that add up to `whole` exactly.

    What rounding down leaves over goes, a unit each, to the largest remainders; equal remainders to the larger weight,
    then to the first key. Weights are taken as the decimals they are written as, so no remainder is blurred by binary
    rounding. Raises WrongState where nothing can be shared out.

    Source: Hamilton's method, largest remainder.
    """
    exact = {key: exactly(weight) for key, weight in weights.items()}
    full = sum(exact.values())
    if whole < 0 or any(weight < 0 for weight in exact.values()):
        raise WrongState("Neither the sum to share out nor a weight may be negative.")
    if full == 0:
        raise WrongState("The weights add up to zero, so nothing can be shared out.")
    quotas = {key: weight * whole / full for key, weight in exact.items()}
    pounds = {key: int(quota) for key, quota in quotas.items()}
    order = sorted(exact, key=lambda key: (pounds[key] - quotas[key], -exact[key], key))
    for key in order[: whole - sum(pounds.values())]:
        pounds[key] += 1
    return pounds


def exactly(number: Exact) -> Fraction:
    """The fraction that a number is written as: 0.1 is one tenth, not its binary neighbour.

    Source: shortest decimal that reads back as the same float.
    """
    return number if isinstance(number, Fraction) else Fraction(str(number))


def _basis_sentence(words: pl.Expr, *, stated: str, not_stated: str) -> pl.Expr:
    """What an amount counts, in a sentence, or that the source does not say."""
    unsaid = pl.lit(f"The source does not say what {not_stated}.")
    return (
        pl.when(words.is_null() | (words == Basis.NOT_STATED.value))
        .then(unsaid)
        .when(words == Basis.MIXED.value)
        .then(pl.lit(f"{stated} {Basis.MIXED.value}."))
        .otherwise(pl.format(f"{stated} the basis “{{}}”.", words))
    )


def _basis_words(basis: BasisColumn) -> pl.Expr:
    """The basis in words; null where the column holds neither a code nor the words of one."""
    if isinstance(basis, Basis):
        return pl.lit(basis.value)
    words = {text: known.value for known in Basis for text in (known.name.lower(), known.value)}
    return column(basis).replace_strict(words, default=None, return_dtype=pl.String)
