"""One step of a flow model, for a block of draws: who leaves, who asks, who gets a place, who waits.

Numbers of people are expected numbers, or whole people where chance is on: the step is the same, the two ways to share
people out (`Expected` and `WholePeople`) differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parity.methods.flow import ROUNDING, FlowModel, Month, Rationing
from parity.methods.flow_plans import TINY, Plans, Row, Sharing

MOST = 2.0**53
"""More people or places than any setting has; whole numbers up to it are exact."""


class Expected:
    """Expected numbers: shares of people."""

    def counted(self, numbers: Row) -> Row:
        """As they are."""
        return numbers

    def arriving(self, mean: Row) -> Row:
        """As many as are expected."""
        return mean

    def thinned(self, people: Row, share: Row) -> Row:
        """That share of the people."""
        return people * share

    def split(self, people: Row, shares: Sequence[Row]) -> list[Row]:
        """Each share of the people."""
        return [people * share for share in shares]

    def chosen(self, asking: Sequence[Row], places: Row) -> list[Row]:
        """The same share of each group."""
        share = np.minimum(places / np.maximum(_total(asking), TINY), 1)
        return [group * share for group in asking]


class WholePeople:
    """Whole people: binomial and Poisson draws, and places given by lot."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def counted(self, numbers: Row) -> Row:
        """Whole numbers, rounded down; what misses one by rounding is whole."""
        return np.minimum(numbers + ROUNDING, MOST).astype(np.int64)

    def arriving(self, mean: Row) -> Row:
        """A Poisson draw."""
        return self.generator.poisson(mean)

    def thinned(self, people: Row, share: Row) -> Row:
        """A binomial draw."""
        return self.generator.binomial(people, np.clip(share, 0, 1))

    def split(self, people: Row, shares: Sequence[Row]) -> list[Row]:
        """A multinomial draw, as binomial draws among those to whom nothing has happened yet."""
        left, rest, found = people, np.ones(people.shape), []
        for share in shares:
            found.append(self.thinned(left, share / np.maximum(rest, TINY)))
            left, rest = left - found[-1], rest - share
        return found

    def chosen(self, asking: Sequence[Row], places: Row) -> list[Row]:
        """A draw without replacement, as hypergeometric draws, where not all get a place."""
        others = _total(asking)
        full = np.flatnonzero(others > places)
        others, places = others[full], places[full]
        given = [group.copy() for group in asking]
        for group in given:
            others = others - group[full]
            group[full] = self.generator.hypergeometric(group[full], others, places)
            places = places - group[full]
        return given


@dataclass(frozen=True)
class Network:
    """The places of settings and flows among their like.

    `ends` are the settings each flow joins, `out_of` the flows from each setting, `into` the flows to each setting
    that has a limit, in the order in which they are served, `planned` the flows along which a plan moves people.
    """

    ends: tuple[tuple[int, int], ...]
    out_of: tuple[tuple[int, ...], ...]
    into: tuple[tuple[int, tuple[int, ...]], ...]
    planned: frozenset[int]


@dataclass(frozen=True)
class Step:
    """What one step did: people in each setting after it, and during it those who arrived, left, moved, were refused.

    `refused` are those refused for the first time, by flow; a flow into a setting without limit refuses nobody (None).
    Those whom a plan means to move are not among them: they wait as planned.
    """

    network: Network
    people: list[Row]
    arrived: list[Row]
    left: list[Row]
    moved: list[Row]
    refused: list[Row | None]

    @property
    def refused_by_setting(self) -> list[Row | None]:
        """Those refused for the first time, by the setting they asked for; None where it has no limit."""
        found: list[Row | None] = [None] * len(self.people)
        for setting, flows in self.network.into:
            found[setting] = _total([row for flow in flows if (row := self.refused[flow]) is not None])
        return found


def network_of(model: FlowModel, months: Sequence[Month]) -> Network:
    """The network of a model; a setting has a limit if it has one in any of the months.

    Source: convention of this package.
    """
    place = {name: number for number, name in enumerate(model.settings)}
    ends = tuple((place[origin], place[destination]) for origin, destination in model.flows)
    numbers = list(range(len(ends)))
    order = {place[name]: turn for turn, name in enumerate(model.priority)}
    if model.rationing is Rationing.PRIORITY:
        numbers = sorted(numbers, key=lambda flow: order[ends[flow][0]])
    distinct = {id(month): month for month in months}.values()
    into = tuple(
        (setting, tuple(flow for flow in numbers if ends[flow][1] == setting))
        for setting in range(len(place))
        if any(np.isfinite(month.capacities[setting]).any() for month in distinct)
    )
    out_of = tuple(tuple(flow for flow, (origin, _) in enumerate(ends) if origin == here) for here in range(len(place)))
    plans = [month.planned for month in distinct if month.planned is not None]
    planned = frozenset(flow for flow in range(len(ends)) if any((plan[flow] > 0).any() for plan in plans))
    return Network(ends, out_of, tuple((setting, flows) for setting, flows in into if flows), planned)


class Steps:
    """Steps one after the other of a block of draws; it keeps who waits where waits are kept.

    `lists` (flows × cohorts × draws) hold who waits by the flows into a setting, the cohort first refused the longest
    ago first; `waiting` is the part of each flow in them.
    """

    def __init__(self, network: Network, rationing: Rationing, *, sharing: Sharing) -> None:
        self.network = network
        self.rationing = rationing
        self.sharing = sharing
        self.lists: dict[tuple[int, ...], Row] = {}
        self.waiting: dict[int, Row] = {}
        self.plans = Plans(network.planned, rationing, sharing=sharing)

    def take(self, people: list[Row], now: Month) -> Step:
        """The step that follows: `people` in each setting before it, and what it brings, for the block's draws."""
        left, asked = self._wishes(people, now)
        plans = self._planned(people, now, left=left, asked=asked)
        for flow, plan in plans.items():
            asked[flow] = asked[flow] + plan
        moved: list[Row] = list(asked)
        refused: list[Row | None] = [None] * len(asked)
        for setting, flows in self.network.into:
            limit = self.sharing.counted(now.capacities[setting])
            places = np.maximum(limit - people[setting] + left[setting], 0)
            given, not_given = self._given(flows, [asked[flow] for flow in flows], places=places)
            for flow, has, has_not in zip(flows, given, not_given, strict=True):
                moved[flow], refused[flow] = has, has_not
        for flow, plan in plans.items():
            again = self.plans.carry_over(flow, plan, asked=asked[flow], moved=moved[flow])
            if (row := refused[flow]) is not None:
                refused[flow] = np.maximum(row - again, 0)
        arrived = [self.sharing.arriving(mean) for mean in now.arrivals]
        after = [here + new - gone for here, new, gone in zip(people, arrived, left, strict=True)]
        for (origin, destination), movers in zip(self.network.ends, moved, strict=True):
            after[origin] = after[origin] - movers
            after[destination] = after[destination] + movers
        return Step(self.network, [np.maximum(here, 0) for here in after], arrived, left, moved, refused)

    def queue(self, flow: int) -> Row | int:
        """People who wait for this flow, by draw: 0 where none ever did."""
        return self.waiting[flow].sum(axis=0) if flow in self.waiting else 0

    def _planned(self, people: list[Row], now: Month, *, left: list[Row], asked: list[Row]) -> dict[int, Row]:
        """Those whom a plan would move in this step, by flow, of those who neither leave, ask nor wait."""
        found: dict[int, Row] = {}
        for here, gone, flows in zip(people, left, self.network.out_of, strict=True):
            busy = _total([gone, *(asked[flow] + self.queue(flow) for flow in flows)])
            found |= self.plans.wishes([flow for flow in flows if flow in self.network.planned], now, there=here - busy)
        return found

    def _wishes(self, people: list[Row], now: Month) -> tuple[list[Row], list[Row]]:
        """Those who leave services, by setting, and those who newly ask for a place, by flow."""
        left: list[Row] = []
        asked: dict[int, Row] = {}
        for here, flows in zip(people, self.network.out_of, strict=True):
            gone, *wishes = self._fates(here, [now.exits[len(left)], *(now.rates[flow] for flow in flows)], flows=flows)
            left.append(gone)
            asked.update(zip(flows, wishes, strict=True))
        return left, [asked[flow] for flow in range(len(asked))]

    def _fates(self, people: Row, shares: list[Row], *, flows: tuple[int, ...]) -> list[Row]:
        """Those who leave services and who newly ask for each flow of one setting; waits may be given up for these."""
        queues = {place: self.waiting[flow] for place, flow in enumerate(flows, 1) if flow in self.waiting}
        if not queues:
            return self.sharing.split(people, shares)
        undecided = people - _total([queue.sum(axis=0) for queue in queues.values()])
        fates = self.sharing.split(np.maximum(undecided, 0), shares)
        for own, queue in queues.items():
            others = [place for place in range(len(shares)) if place != own]
            giving_up = _total([shares[place] for place in others])
            kept = self.sharing.thinned(queue, np.maximum(1 - giving_up, 0))
            lost = (queue - kept).sum(axis=0)
            parts = self.sharing.split(lost, [shares[place] / np.maximum(giving_up, TINY) for place in others])
            for place, part in zip(others, parts, strict=True):
                fates[place] = fates[place] + part
            queue[:] = kept
        return fates

    def _given(self, flows: tuple[int, ...], asking: list[Row], *, places: Row) -> tuple[list[Row], list[Row]]:
        """Those who get a place and those newly refused, by flow."""
        if self.rationing is Rationing.LONGEST_WAIT:
            return self._first_come(flows, asking, places=places)
        if self.rationing is Rationing.PROPORTIONAL:
            given = self.sharing.chosen(asking, places)
        else:
            given = []
            for group in asking:
                given.append(np.minimum(group, places))
                places = places - given[-1]
        return given, [group - has for group, has in zip(asking, given, strict=True)]

    def _first_come(self, flows: tuple[int, ...], asking: list[Row], *, places: Row) -> tuple[list[Row], list[Row]]:
        """Those who get a place and those newly refused, by flow: cohorts of first refusal, the oldest first.

        A cohort has all it asks for while places last; in the one where they end, all have the same chance.
        """
        cohorts = np.stack(asking)[:, None]
        if flows in self.lists:
            cohorts = np.concatenate([self.lists[flows], cohorts], axis=1)
        wanted = cohorts.sum(axis=0)
        granted = np.clip(places - np.cumsum(wanted, axis=0) + wanted, 0, wanted)
        reached = np.flatnonzero(granted.any(axis=1)).max(initial=0) + 1
        wanted, granted, served = wanted[:reached], granted[:reached], cohorts[:, :reached]
        given = np.where(granted == wanted, served, 0)
        last, draws = np.argmax(granted < wanted, axis=0), np.arange(wanted.shape[1])
        given[:, last, draws] = self.sharing.chosen(list(served[:, last, draws]), granted[last, draws])
        served -= given
        held = np.flatnonzero(served.any(axis=(0, 2)))
        oldest = held[0] if held.size else min(reached, cohorts.shape[1] - 1)
        self.lists[flows] = cohorts[:, oldest:]
        self.waiting.update(zip(flows, self.lists[flows], strict=True))
        return list(given.sum(axis=1)), list(cohorts[:, -1].copy())


def _total(rows: Sequence[Row]) -> Row:
    total = rows[0]
    for row in rows[1:]:
        total = total + row
    return total
