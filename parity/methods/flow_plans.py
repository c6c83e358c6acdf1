"""Moves that a plan means to make, and those whom it could not move yet: for want of staff, of a place, or of them."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from parity.methods.flow import Month, Rationing

Row = NDArray[Any]
"""A number for each draw of the block: of people (whole where chance is on), or a share."""

TINY = 1e-200


class Sharing(Protocol):
    """How people are shared out."""

    def counted(self, numbers: Row) -> Row:
        """People or places, as they are counted."""

    def arriving(self, mean: Row) -> Row:
        """People who arrive where so many are expected."""

    def thinned(self, people: Row, share: Row) -> Row:
        """Those of the people to whom something happens that happens to this share."""

    def split(self, people: Row, shares: Sequence[Row]) -> list[Row]:
        """Those of the people to whom each of several things happens that exclude each other."""

    def chosen(self, asking: Sequence[Row], places: Row) -> list[Row]:
        """Those of several groups who get one of the places, all with the same chance."""


class Plans:
    """Plans of moves carried from step to step.

    `due` are those whom the plan still means to move, by flow, and `held` those of them for whom staff had no time in
    the last step. Where people are whole, what a step plans, or staff can manage, beyond whole people is kept for the
    next (`planned`, `able`). Under longest wait, who has asked is on a list and no longer due.
    """

    def __init__(self, flows: frozenset[int], rationing: Rationing, *, sharing: Sharing) -> None:
        self.listed = rationing is Rationing.LONGEST_WAIT
        self.sharing = sharing
        self.due: dict[int, Row | float] = dict.fromkeys(flows, 0.0)
        self.held: dict[int, Row | float] = dict.fromkeys(flows, 0.0)
        self.planned: dict[int, Row | float] = dict.fromkeys(flows, 0.0)
        self.able: dict[int, Row | float] = dict.fromkeys(flows, 0.0)

    def wishes(self, flows: Sequence[int], now: Month, *, there: Row) -> dict[int, Row]:
        """Those whom the plan would move along each of these flows out of one setting in this step.

        As many as staff can manage; where fewer people are there, each flow has its part of them.
        """
        if not flows:
            return {}
        able = [self._able(flow, now) for flow in flows]
        return dict(zip(flows, self.sharing.chosen(able, np.maximum(there, 0)), strict=True))

    def _able(self, flow: int, now: Month) -> Row:
        """Those due along the flow, as far as staff can manage."""
        new = self._counted(flow, 0.0 if now.planned is None else now.planned[flow], kept=self.planned)
        due = self.due[flow] + new
        most = due - self.able[flow]
        able = self._counted(flow, most if now.limits is None else np.minimum(most, now.limits[flow]), kept=self.able)
        self.due[flow], self.held[flow] = due, due - able
        return able

    def _counted(self, flow: int, numbers: Row | float, *, kept: dict[int, Row | float]) -> Row:
        """The numbers with what was kept of those before, as they are counted; what is left of them is kept."""
        whole = np.asarray(numbers + kept[flow])
        counted = self.sharing.counted(whole)
        kept[flow] = np.maximum(whole - counted, 0)
        return counted

    def carry_over(self, flow: int, plan: Row, *, asked: Row, moved: Row) -> Row | float:
        """Those of the plan who were refused and stay due, after a step in which it asked for places among others."""
        mine = plan if self.listed else self.sharing.chosen([plan, asked - plan], moved)[0]
        self.due[flow] = np.maximum(self.due[flow] - mine, 0)
        return plan - mine
