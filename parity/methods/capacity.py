"""Capacity: the beds that admissions need, and the use from which a block of places is cheaper than paying for each."""

import polars as pl

from parity.methods.columns import Column, column, divide

DIGITS = 9
"""Decimals of a bed that count; what lies beyond comes from arithmetic, and is not planned for."""


def beds_needed(admissions: Column, days: Column, *, occupancy: Column, days_of_period: Column = 365) -> pl.Expr:
    """Beds, unrounded: those that admissions of `days` each fill in a period, at an occupancy (0–1) that leaves room.

    Source: admissions x length of stay / (365 x occupancy). Null where the occupancy is zero or a part is missing.
    """
    return divide(column(admissions) * column(days), column(days_of_period) * column(occupancy))


def beds_planned(beds: Column) -> pl.Expr:
    """Whole beds, always up: 87.03 needs 88.

    Source: arithmetic; a part of a bed is a bed.
    """
    return column(beds).round(DIGITS).ceil().cast(pl.Int64)


def break_even_use(block_price: Column, spot_price: Column) -> pl.Expr:
    """Share (0–1, or above 1: never) of a block's places that must be used for it to cost no more than spot places.

    Source: block price / spot price, each for one place and the same time. Null where a spot place costs nothing.
    """
    return divide(block_price, spot_price)


def used_place_cost(block_price: Column, use: Column) -> pl.Expr:
    """What a place of a block costs for each that is used, where a share (0–1) of its places is.

    Source: block price / use; a block is paid for whether it is used or not. Null where no place is used.
    """
    return divide(block_price, use)


def block_saving(places: Column, *, use: Column, block_price: Column, spot_price: Column) -> pl.Expr:
    """What a block spares, for the time that the prices are for: below 0 where it costs more than spot places would.

    As many spot places are paid for as are used in the block: its `places` x the share (0–1) of them in `use`.

    Source: places x (use x spot price - block price); 0 where the use is `break_even_use`.
    """
    return column(places) * (column(use) * column(spot_price) - column(block_price))
