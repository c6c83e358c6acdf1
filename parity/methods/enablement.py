"""Enablement: weeks of support after which fewer people need a package of care, what it costs and what it spares."""

import polars as pl

from parity.methods.columns import Column, column, divide


def episode_cost(weeks: Column, *, hours: Column, hourly: Column) -> pl.Expr:
    """Pounds for one episode of so many weeks, with so many hours of support a week at a cost of an hour.

    Source: weeks x hours a week x cost of an hour; seed 000, section 11, tells of six weeks on average. Null where a
    part is missing.
    """
    return column(weeks) * column(hours) * column(hourly)


def people_at_once(starts: Column, weeks: Column, *, weeks_per_year: Column) -> pl.Expr:
    """People in an episode at any one time, on average, where so many start in a year and each stays so many weeks.

    Source: Little 1961, L = λW: those who come in a week x the weeks that each stays.
    """
    return divide(column(starts) * column(weeks), weeks_per_year)


def packages_avoided(starts: Column, *, after: Column, otherwise: Column) -> pl.Expr:
    """Packages that people who start would have had, and have not: below 0 where more have one than without it.

    `after` is the share (0–1) who need none after an episode, `otherwise` the share who would need none without one:
    they are none that enablement avoids.

    Source: starts x difference of the two shares, as a risk difference is read.
    """
    return column(starts) * (column(after) - column(otherwise))


def difference_to_pay(episode: Column, *, weekly: Column, weeks: Column) -> pl.Expr:
    """How many more of those who start (a share, 0–1, or above 1: never) must need no package, to pay for all episodes.

    `episode` is the cost of one, `weekly` that of a package a week, `weeks` how many it would have been paid for.

    Source: cost of an episode / cost of a package; where the two shares of `packages_avoided` differ by as much, the
    packages avoided cost what the episodes do. Null where a package costs nothing.
    """
    return divide(episode, column(weekly) * column(weeks))
