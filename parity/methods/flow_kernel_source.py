"""The month rule of the flow model as plain loops over draws, which numba compiles; `flow_kernel` calls it.

The rule is that of `flow_steps` and `flow_plans` with expected numbers, the changes are those of `flow_levers`, the
money that of `flow_cost`. Draws are run in blocks of one width, the last filled up by repeating its last draw, and the
innermost loops run over a block's draws: the processor works out several at once, and each comes to the same numbers
wherever it stands. All that is compiled stands in this file, since what is kept on disk is renewed when the file is.
"""

import numpy as np

from parity.methods.flow import ROUNDING, Numbers
from parity.methods.flow_kernel_layout import Cut, Kept, Net, Numbered, Room, Table

BLOCK = 256
"""Draws that are run together: what they need stays in the processor's cache."""
TINY = 1e-200
TIMES, PLUS = 1, 2
SCRATCH = 3
SUMS = 4
STANDING, COST, TOTAL = 0, 1, 2
REFUSALS = 3
"""The rows of `sums`: what this month costs whoever is there, what it costs, and both of all months so far."""


def sweep(net: Net, table: Table, kept: Kept, first: int, last: int) -> None:
    """Nothing; the draws from `first` to before `last` are run, and what is to be kept of them is written down.

    Source: convention of this package.
    """
    flows, settings = len(net.origin), len(table.start)
    room = Room(
        np.zeros((len(table.acting_from) - 1, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((settings, BLOCK)),
        np.zeros((settings, BLOCK)),
        np.zeros((settings, BLOCK)),
        np.zeros((settings, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((settings, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((flows, BLOCK)),
        np.zeros((SCRATCH, BLOCK)),
        np.zeros((SUMS, BLOCK)),
    )
    for low in range(first, last, BLOCK):
        _run_block(net, table, kept, room, Cut(low, min(BLOCK, last - low)))


def _run_block(net: Net, table: Table, kept: Kept, room: Room, cut: Cut) -> None:
    for setting in range(len(table.start)):
        _fetch(table, table.start[setting], room.people[setting], cut)
    _tell(kept.people, room.people, 0, cut)
    _clear(room.due)
    _clear(room.sums)
    for month in range(len(table.weights)):
        _renew(net, table, room, month, cut)
        for turn in range(net.steps):
            _take(net, room)
            _count(net, room)
            _tell_step(net, kept, room, month, cut, turn)
        _tell_month(table, kept, room, month, cut)
    _tell_outcome(kept, room, cut)


def _fetch(table: Table, source: int, into: Numbers, cut: Cut) -> None:
    """Write down the number for each draw of the block."""
    if source < 0:
        for draw in range(BLOCK):
            into[draw] = table.shared[-1 - source]
        return
    for draw in range(cut.wide):
        into[draw] = table.drawn[source, cut.low + draw]
    for draw in range(cut.wide, BLOCK):
        into[draw] = into[cut.wide - 1]


def _clear(rows: Numbers) -> None:
    for row in range(len(rows)):
        for draw in range(BLOCK):
            rows[row, draw] = 0.0


def _renew(net: Net, table: Table, room: Room, month: int, cut: Cut) -> None:
    """Write down what holds from this month on."""
    first, last = table.fresh_from[month], table.fresh_from[month + 1]
    for place in range(first, last):
        row = table.fresh[place]
        _fetch(table, table.sources[place], room.now[row], cut)
        for turn in range(table.acting_from[row], table.acting_from[row + 1]):
            lever = table.acting[turn]
            _fetch(table, table.values[lever], room.scratch[0], cut)
            _change(room.now[row], room.scratch[0], table.operations[lever], table.profiles[lever, month])
        if row not in net.once:
            _floor(room.now[row])
    for place in range(table.turned_from[month], table.turned_from[month + 1]):
        _share_out(net, room, table.turned[place])
    if first < last:
        _stand(net, room)


def _change(row: Numbers, value: Numbers, operation: int, share: float) -> None:
    """Let a lever act on a row, as far as it holds."""
    if share == 0:
        return
    for draw in range(BLOCK):
        old, new = row[draw], value[draw]
        if operation == PLUS:
            row[draw] = old + share * new
        elif operation == TIMES:
            row[draw] = old * (1 + share * (new - 1)) if np.isfinite(old) else old
        else:
            row[draw] = old + share * (new - old) if np.isfinite(old) else new


def _floor(row: Numbers) -> None:
    for draw in range(BLOCK):
        row[draw] = max(row[draw], 0.0)


def _share_out(net: Net, room: Room, setting: int) -> None:
    """Write down the shares of a setting's people who leave and who ask in a step, held to 1 in all."""
    factor, exits = room.scratch[0], room.now[net.rows.exits + setting]
    for draw in range(BLOCK):
        factor[draw] = exits[draw]
    for place in range(net.out_from[setting], net.out_from[setting + 1]):
        flow = net.out[place]
        for draw in range(BLOCK):
            factor[draw] += room.now[flow, draw]
    for draw in range(BLOCK):
        factor[draw] = _shrunk(factor[draw], net.steps)
        room.leaving[setting, draw] = exits[draw] * factor[draw]
    for place in range(net.out_from[setting], net.out_from[setting + 1]):
        flow = net.out[place]
        for draw in range(BLOCK):
            room.asking[flow, draw] = room.now[flow, draw] * factor[draw]


def _shrunk(share: float, steps: int) -> float:
    """By what the rates of a setting that add up to this share are multiplied."""
    if steps == 1 or share > 1 - ROUNDING:
        return 1 / max(share, 1.0)
    return (1 - (1 - share) ** (1 / steps)) / share if share > 0 else 0.0


def _stand(net: Net, room: Room) -> None:
    """Write down what the month costs whoever is there."""
    standing = room.sums[STANDING]
    for draw in range(BLOCK):
        standing[draw] = 0.0
    for place in range(len(net.whole)):
        money = net.whole[place]
        row, sign = money[0], money[2]
        for draw in range(BLOCK):
            standing[draw] += sign * room.now[row, draw]
    for place in range(len(net.per_place)):
        money = net.per_place[place]
        row, limit, sign = money[0], net.rows.capacities + money[1], money[2]
        for draw in range(BLOCK):
            each = room.now[row, draw]
            standing[draw] += sign * room.now[limit, draw] * each if each > 0 else 0.0


def _take(net: Net, room: Room) -> None:
    """Take the step that follows."""
    _leave(net, room)
    _ask(net, room.people, room.asking, room.moved)
    if len(net.planned):
        _plan(net, room)
    for place in range(len(net.limited)):
        _serve(net, room, place)
    if len(net.planned):
        _carry_over(net, room)
    _move(net, room)


def _leave(net: Net, room: Room) -> None:
    people, after, left, part = room.people, room.after, room.left, 1 / net.steps
    for setting in range(len(people)):
        arrivals = net.rows.arrivals + setting
        for draw in range(BLOCK):
            left[setting, draw] = people[setting, draw] * room.leaving[setting, draw]
        for draw in range(BLOCK):
            after[setting, draw] = people[setting, draw] + room.now[arrivals, draw] * part - left[setting, draw]


def _ask(net: Net, people: Numbers, asking: Numbers, moved: Numbers) -> None:
    for place in range(len(net.asked)):
        flow = net.asked[place]
        origin = net.origin[flow]
        for draw in range(BLOCK):
            moved[flow, draw] = people[origin, draw] * asking[flow, draw]


def _move(net: Net, room: Room) -> None:
    people, after, asking, moved = room.people, room.after, room.asking, room.moved
    for place in range(len(net.free)):
        flow = net.free[place]
        origin, end = net.origin[flow], net.end[flow]
        for draw in range(BLOCK):
            movers = people[origin, draw] * asking[flow, draw]
            after[origin, draw] -= movers
            after[end, draw] += movers
    for place in range(len(net.asked)):
        flow = net.asked[place]
        origin, end = net.origin[flow], net.end[flow]
        for draw in range(BLOCK):
            after[origin, draw] -= moved[flow, draw]
            after[end, draw] += moved[flow, draw]
    for setting in range(len(people)):
        for draw in range(BLOCK):
            people[setting, draw] = max(after[setting, draw], 0.0)


def _plan(net: Net, room: Room) -> None:
    """Let those whom a plan would move ask too, where people are there who neither leave nor ask otherwise."""
    for setting in range(len(room.people)):
        first, last = net.planned_from[setting], net.planned_from[setting + 1]
        if first == last:
            continue
        there, able = room.scratch[0], room.scratch[1]
        for draw in range(BLOCK):
            there[draw] = room.people[setting, draw] - room.left[setting, draw]
            able[draw] = 0.0
        for place in range(net.out_from[setting], net.out_from[setting + 1]):
            flow = net.out[place]
            for draw in range(BLOCK):
                there[draw] -= room.moved[flow, draw]
        for place in range(first, last):
            _wish(net, room, net.planned[place], able)
        for place in range(first, last):
            _ask_for_plan(room, net.planned[place], there, able)


def _wish(net: Net, room: Room, flow: int, able: Numbers) -> None:
    """Write down those due along a flow, as far as staff can manage."""
    rows, steps = net.rows, net.steps
    for draw in range(BLOCK):
        due = room.due[flow, draw] + room.now[rows.planned + flow, draw] / steps
        wish = min(due, room.now[rows.limits + flow, draw] / steps)
        room.due[flow, draw] = due
        room.held[flow, draw] = due - wish
        room.plan[flow, draw] = wish
        able[draw] += wish


def _ask_for_plan(room: Room, flow: int, there: Numbers, able: Numbers) -> None:
    for draw in range(BLOCK):
        room.plan[flow, draw] *= min(max(there[draw], 0.0) / max(able[draw], TINY), 1.0)
        room.moved[flow, draw] += room.plan[flow, draw]


def _serve(net: Net, room: Room, place: int) -> None:
    """Give those who ask for a setting's free places as many of them as there are."""
    setting, flows = net.limited[place], net.into[net.into_from[place] : net.into_from[place + 1]]
    places, total, limit = room.scratch[0], room.scratch[1], net.rows.capacities + setting
    for draw in range(BLOCK):
        places[draw] = max(room.now[limit, draw] - room.people[setting, draw] + room.left[setting, draw], 0.0)
        total[draw] = 0.0
    for turn in range(len(flows)):
        flow = flows[turn]
        for draw in range(BLOCK):
            total[draw] += room.moved[flow, draw]
    for draw in range(BLOCK):
        room.refused[setting, draw] = max(total[draw] - places[draw], 0.0)
    if net.by_flow:
        _note(flows, room.moved, room.not_moved, True)
    if net.by_priority:
        _in_turn(flows, places, room.moved)
    else:
        _in_proportion(flows, places, total, room.moved)
    if net.by_flow:
        _note(flows, room.moved, room.not_moved, False)


def _note(flows: Numbered, moved: Numbers, not_moved: Numbers, is_before: bool) -> None:
    """Write down who asks, and afterwards who of them did not move."""
    for turn in range(len(flows)):
        flow = flows[turn]
        for draw in range(BLOCK):
            not_moved[flow, draw] = moved[flow, draw] if is_before else not_moved[flow, draw] - moved[flow, draw]


def _in_proportion(flows: Numbered, places: Numbers, total: Numbers, moved: Numbers) -> None:
    """Give all who ask the same chance."""
    for draw in range(BLOCK):
        total[draw] = min(places[draw] / max(total[draw], TINY), 1.0)
    for turn in range(len(flows)):
        flow = flows[turn]
        for draw in range(BLOCK):
            moved[flow, draw] *= total[draw]


def _in_turn(flows: Numbered, places: Numbers, moved: Numbers) -> None:
    """Give places to those who come first in the order."""
    for turn in range(len(flows)):
        flow = flows[turn]
        for draw in range(BLOCK):
            given = min(moved[flow, draw], places[draw])
            moved[flow, draw] = given
            places[draw] -= given


def _carry_over(net: Net, room: Room) -> None:
    """Leave those due whom the plan could not move; they are not told among the refused."""
    for place in range(len(net.planned)):
        flow = net.planned[place]
        end = net.end[flow]
        for draw in range(BLOCK):
            has, plan = room.moved[flow, draw], room.plan[flow, draw]
            done = plan * min(has / max(has + room.not_moved[flow, draw], TINY), 1.0)
            room.due[flow, draw] = max(room.due[flow, draw] - done, 0.0)
            room.not_moved[flow, draw] = max(room.not_moved[flow, draw] - plan + done, 0.0)
            room.refused[end, draw] = max(room.refused[end, draw] - plan + done, 0.0)


def _count(net: Net, room: Room) -> None:
    """Add up what the step costs, and who was refused in it."""
    cost, refusals = room.sums[COST], room.sums[REFUSALS]
    for place in range(len(net.per_person)):
        row, setting, part = net.per_person[place, 0], net.per_person[place, 1], net.per_person[place, 2] / net.steps
        for draw in range(BLOCK):
            cost[draw] += part * room.now[row, draw] * room.people[setting, draw]
    for place in range(len(net.per_move)):
        row, flow, sign = net.per_move[place, 0], net.per_move[place, 1], net.per_move[place, 2]
        for draw in range(BLOCK):
            cost[draw] += sign * room.now[row, draw] * room.moved[flow, draw]
    for place in range(len(net.limited)):
        setting = net.limited[place]
        for draw in range(BLOCK):
            refusals[draw] += room.refused[setting, draw]


def _tell_step(net: Net, kept: Kept, room: Room, month: int, cut: Cut, turn: int) -> None:
    """Add what the step did to what is kept of its month."""
    steps = net.steps
    if kept.arrived.size:
        arrived = room.now[net.rows.arrivals : net.rows.capacities]
        _add(kept.arrived, arrived, month, cut, turn, 1 / steps)
    _add(kept.person_months, room.people, month, cut, turn, 1 / steps)
    _add(kept.left, room.left, month, cut, turn, 1.0)
    _add(kept.moved, room.moved, month, cut, turn, 1.0)
    _add(kept.refused, room.refused, month, cut, turn, 1.0)
    _add(kept.refused_by_flow, room.not_moved, month, cut, turn, 1.0)


def _add(kept: Numbers, rows: Numbers, month: int, cut: Cut, turn: int, part: float) -> None:
    if not kept.size:
        return
    for row in range(len(rows)):
        told = kept[month, row]
        if turn == 0:
            for draw in range(cut.wide):
                told[cut.low + draw] = rows[row, draw] * part
        else:
            for draw in range(cut.wide):
                told[cut.low + draw] += rows[row, draw] * part


def _tell(kept: Numbers, rows: Numbers, month: int, cut: Cut) -> None:
    if not kept.size:
        return
    for row in range(len(rows)):
        for draw in range(cut.wide):
            kept[month, row, cut.low + draw] = rows[row, draw]


def _tell_month(table: Table, kept: Kept, room: Room, month: int, cut: Cut) -> None:
    """Write down what is so at the month's end, and what the month cost."""
    _tell(kept.people, room.people, month + 1, cut)
    _tell(kept.due, room.due, month, cut)
    _tell(kept.held, room.held, month, cut)
    price, sums = room.scratch[0], room.sums
    _fetch(table, table.prices[month], price, cut)
    for draw in range(BLOCK):
        sums[COST, draw] = (sums[COST, draw] + sums[STANDING, draw]) * price[draw]
        sums[TOTAL, draw] += sums[COST, draw] * table.weights[month]
    _tell(kept.cost, sums[COST : COST + 1], month, cut)
    for draw in range(BLOCK):
        sums[COST, draw] = 0.0


def _tell_outcome(kept: Kept, room: Room, cut: Cut) -> None:
    """Write down what all months came to."""
    _tell(kept.at_end, room.people, 0, cut)
    _tell(kept.total, room.sums[TOTAL : TOTAL + 1], 0, cut)
    _tell(kept.refusals, room.sums[REFUSALS : REFUSALS + 1], 0, cut)
    if kept.still_due.size:
        due = room.scratch[0:1]
        _clear(due)
        for flow in range(len(room.due)):
            for draw in range(BLOCK):
                due[0, draw] += room.due[flow, draw]
        _tell(kept.still_due, due, 0, cut)
