"""Changes that take a number of a flow model below 0, or let more people leave than are there, as they are stated."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from parity.methods.flow import ROUNDING, Numbers
from parity.methods.flow_case import Told, Where
from parity.methods.flow_growth import Need, growth
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import TOTALS, Parameter, as_stated, written
from parity.methods.flow_scenario import Change, changes_of
from parity.terms.units import Unit, write_number

Place = tuple[Parameter, Where]
"""What a number is, and of what."""
Own = dict[Place, list[Change]]
"""The changes of one scenario."""
ASKED, SHARED = frozenset({Parameter.RATE, Parameter.LEAVING}), frozenset({Parameter.SHARE})
SHARES = ASKED | SHARED
ASKING: Mapping[frozenset[Parameter], str] = {
    ASKED: "the shares that move or leave services a month",
    SHARED: "the changed shares of those whose stay ends",
}
"""Numbers of a setting that add up to at most 1, in words."""


def faults_of_bounds(told: Told) -> Iterator[str]:
    """A sentence for each number that the changes of a scenario take below 0 in a month, and for shares above 1.

    All is as stated; of a number it names the change that first takes it there. A length of stay, which has more to
    keep to, is left out. Call it only where nothing else is wrong with what is told.
    """
    stated = _stated(told)
    for scenario in told.scenarios:
        own: Own = {}
        for change in changes_of(told, scenario, drawing=as_stated):
            own.setdefault((change.parameter, change.where), []).append(change)
        now = dict(stated)
        for place, changes in own.items():
            if _may_fall(changes) or place[0] in SHARES:
                course = _course(stated.get(place), changes)
                now[place] = course[-1]
                yield from _below(changes, course)
        for setting in told.settings["setting"]:
            for group, words in ASKING.items():
                changed = [change for place in _of(group, setting, own) for change in own[place]]
                asking = sum((now[place] * _holds(place, own) for place in _of(group, setting, now)), np.zeros(1))
                yield from _above(changed, np.broadcast_to(asking, told.months), f"{words} of {setting}")


def _stated(told: Told) -> dict[Place, Numbers]:
    """The numbers of the model by month; arrivals as they grow, and the share that takes what others leave."""
    found: dict[Place, Numbers] = {}
    for row in told.parameters.iter_rows(named=True):
        need = told.needs.get(row.get("grows_with") or "")
        grown = growth(need, starts=told.starts, months=told.months)[:, 0] if isinstance(need, Need) else 1.0
        if row["value"] is not None:
            found[Parameter(row["parameter"]), (row["setting"], row["destination"])] = np.full(
                told.months, row["value"] * grown
            )
    for row in told.parameters.filter(pl.col("value").is_null()).iter_rows(named=True):
        others = sum((found[place] for place in _of(SHARED, row["setting"], found)), np.zeros(told.months))
        found[Parameter.SHARE, (row["setting"], row["destination"])] = 1 - others
    return found


def _of(group: Collection[Parameter], setting: str, places: Iterable[Place]) -> list[Place]:
    """Those of the places that are of one of these parameters, and of the setting or out of it."""
    return [(of, where) for of, where in places if of in group and where[0] == setting]


def _may_fall(changes: Sequence[Change]) -> bool:
    """Whether one of the changes of a number lowers it; a length of stay has more to keep to than 0."""
    of, lowered = changes[0].parameter, [change for change in changes if change.values[0] < 0]
    return of not in TOTALS | {Parameter.STAY} and bool(lowered)


def _course(stated: Numbers | None, changes: Sequence[Change]) -> Numbers:
    """Months as the number is stated, and below them as it is after each of its changes."""
    months = range(len(changes[0].profile))
    bare = np.inf if changes[0].parameter is Parameter.PLACES else 0.0
    rows = [np.full(len(months), bare) if stated is None else stated]
    for change in changes:
        rows.append(np.array([change.changed(rows[-1][[month]], month)[0] for month in months]))
    return np.array(rows)


def _below(changes: Sequence[Change], course: Numbers) -> Iterator[str]:
    """The sentence on a number that is below 0 in a month after all of its changes; nothing where it is in none."""
    month = int(course[-1].argmin())
    if course[-1, month] >= -ROUNDING:
        return
    place = int((course[1:, month] < -ROUNDING).argmax())
    change, before, after = changes[place], float(course[place, month]), float(course[place + 1, month])
    what, number = f"{change.row['code']} ({change.parameter.value})", {**change.row, "operation": None}
    if before <= ROUNDING:
        yield f"{what}: there is nothing to lower, as the number is 0 then. Enter the number, or remove the change."
        return
    least = write_number(-before / float(change.profile[month]))
    yield (
        f"{what}: it takes the number from {written(number, before)} to {written(number, after)}, below 0. Enter "
        f"{least} or more, or let it be “{Operation.SET.value}” 0."
    )


def _holds(place: Place, own: Own) -> Numbers:
    """Months: 1 where a share is asked for as it stands; of those whose stay ends, where a change of it holds, else 0.

    What no change of these tells of gives way to what one tells.
    """
    if place[0] is not Parameter.SHARE:
        return np.ones(1)
    return np.sign(sum((change.profile for change in own.get(place, ())), np.zeros(1)))


def _above(changes: Sequence[Change], asking: Numbers, words: str) -> Iterator[str]:
    """The sentence on shares that add up to more than 1 in a month in which one of the changes holds."""
    month = int(asking.argmax())
    holding = [change for change in changes if change.profile[month]]
    if holding and asking[month] > 1 + ROUNDING:
        what = f"{holding[-1].row['code']} ({holding[-1].parameter.value})"
        yield f"{what}: with it {words} add up to {Unit.SHARE.write(asking[month])}. Lower it, or another of them."
