"""The parts of a flow model in a model of stocks and flows: rates, shares who leave, arrivals, places; and no part.

All in the file's own unit of time, by key. A flow's equation may stand in a flow of its own, or, as Vensim allows, in
what a stock gains and another loses: then what is gained in proportion to a stock is taken from what this loses.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from parity.methods.flow_equations import BOUND, Beyond, Limited, Ratio, Sum, Value, names_in, value_of
from parity.terms.system_dynamics import Equation, SystemModel, key_of

DUST = 1e-12
"""What is left where numbers cancel out."""
CLOSE = 1e-9
"""By how much, relatively, two writings of the same number differ."""
NUMBERS = {"pi": math.pi}
FIXED = "it moves a fixed number of people, however many there are"
GROWING = "it adds people in proportion to those who are there already"
HELD_AT_0 = "its program holds it at 0 where it would fall below"
CHANGES = "it changes with the numbers of people"


@dataclass(frozen=True)
class Parts:
    """What a model comes to: `rates` by origin and destination, the others by setting, each for one unit of time.

    `faults` says of flows and stocks why they are no part of it, `held` why variables are held at their starting
    value; `aside` are stocks that nothing depends on, `unused` other variables of the kind.
    """

    settings: tuple[str, ...] = ()
    rates: Mapping[tuple[str, str], float] = field(default_factory=dict)
    exits: Mapping[str, float] = field(default_factory=dict)
    arrivals: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, float] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def parts_of(described: SystemModel) -> Parts:
    """The parts of the model that is described; stocks that only keep an account are put aside.

    Where a flow cannot be followed, the variables that its equation names and that change are held, if it can be then.

    Source: compartment models as linear systems (Jacquez and Simon 1993).
    """
    meanings = _Meanings(described)
    values = {key: meanings.of(key) for key in described.flows}
    parts = _assembled(described, values, aside=())
    aside = _accounts(described, parts.faults)
    if aside and len(aside) < len(described.stocks):
        parts = _assembled(described, values, aside=aside)
    if parts.faults:
        again, held = meanings.with_held(parts.faults)
        tried = _assembled(described, {**values, **again}, aside=parts.aside)
        parts = parts if tried.faults else replace(tried, held=held)
    needed = _reached(described, [key for key in described.flows if not _ends(described, key) <= {*parts.aside}])
    return replace(parts, unused=tuple(key for key in described.others if key not in needed))


def _ends(described: SystemModel, flow: str) -> set[str]:
    """The stocks that a flow fills or empties."""
    return {key for key, stock in described.stocks.items() if flow in (*stock.inflows, *stock.outflows)}


def _reached(described: SystemModel, flows: Collection[str]) -> set[str]:
    """Everything that the equations of these flows name, directly or through others."""
    reached: set[str] = set()
    waiting = [*flows]
    formulas = {**described.others, **described.flows}
    while waiting:
        formula = formulas.get(waiting.pop(), Equation("", ""))
        new = {key_of(name) for name in names_in(formula.equation)} - reached
        reached |= new
        waiting += new
    return reached


def _accounts(described: SystemModel, faults: Collection[str]) -> tuple[str, ...]:
    """Stocks with a fault that are joined to no other stock, and that no flow of another depends on."""
    joined = {flow: _ends(described, flow) for flow in described.flows}
    found = []
    for key, stock in described.stocks.items():
        own = {*stock.inflows, *stock.outflows}
        others = [flow for flow, ends in joined.items() if ends - {key}]
        if {key, *own} & {*faults} and not own & {*others} and key not in _reached(described, others):
            found.append(key)
    return tuple(found)


class _Meanings:
    """What each variable of a model comes to."""

    def __init__(self, described: SystemModel) -> None:
        self.described = described
        self.formulas = {**described.others, **described.flows}
        self.known: dict[str, Value] = {}

    def of(self, key: str) -> Value:
        """What the variable comes to."""
        if key not in self.known:
            self.known[key] = Beyond("it depends on itself")
            self.known[key] = self._found(key)
        return self.known[key]

    def _found(self, key: str) -> Value:
        if key in self.described.stocks:
            return Sum(0, {key: 1})
        if formula := self.formulas.get(key):
            return Beyond(f"it {formula.unlike}") if formula.unlike else value_of(formula.equation, self._named, key_of)
        numbers = {"dt": self.described.dt, "starttime": self.described.start, **NUMBERS}
        return Sum(numbers[key], {}) if key in numbers else Beyond(f"it changes with {key.replace('_', ' ')}")

    def _named(self, key: str) -> Value:
        """What the variable comes to; where it is beyond, the reason names it."""
        value, formula = self.of(key), self.formulas.get(key)
        if isinstance(value, Beyond) and formula and value.why.startswith("it "):
            return Beyond(formula.name + value.why.removeprefix("it"))
        return value

    def with_held(self, faults: Collection[str]) -> tuple[dict[str, Value], dict[str, str]]:
        """What the flows with a fault come to with the variables held that change, and why these are."""
        values: dict[str, Value] = {}
        held: dict[str, str] = {}
        for flow in faults:
            if flow in self.described.flows and not self.described.flows[flow].unlike:
                origins = [key for key, stock in self.described.stocks.items() if flow in stock.outflows]
                meaning = self._holding({*origins}, held)
                values[flow] = value_of(self.described.flows[flow].equation, meaning, key_of)
        return values, held

    def _holding(self, origins: set[str], held: dict[str, str]) -> Callable[[str], Value]:
        """What variables come to, each held at its start unless it is constant or in proportion to the origin."""

        def meaning(key: str) -> Value:
            value = self._named(key)
            is_plain = isinstance(value, Sum) and (
                value.is_constant or (not value.constant and {*value.stocks} <= origins)
            )
            number = self.described.begins.get(key, math.nan)
            if is_plain or key not in self.formulas or not math.isfinite(number):
                return value
            held[key] = value.why if isinstance(value, Beyond) else CHANGES
            return Sum(number, {})

        return meaning


class _Assembly:
    """The parts as they come together, flow by flow."""

    def __init__(self, described: SystemModel) -> None:
        self.described = described
        self.rates: dict[tuple[str, str], float] = defaultdict(float)
        self.exits: dict[str, float] = defaultdict(float)
        self.arrivals: dict[str, float] = defaultdict(float)
        self.limited: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.limits: dict[str, list[tuple[str, Ratio]]] = defaultdict(list)
        self.loose: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
        self.faults: dict[str, str] = {}

    def take(self, flow: str, value: Value) -> None:
        """Take a flow in, or its fault."""
        stocks = self.described.stocks.items()
        into = [key for key, stock in stocks if flow in stock.inflows]
        out_of = [key for key, stock in stocks if flow in stock.outflows]
        origin, end = (side[0] if side else None for side in (out_of, into))
        match value:
            case Beyond():
                self.faults[flow] = value.why
            case _ if max(len(into), len(out_of)) > 1:
                self.faults[flow] = "it leads from or to several stocks at once"
            case Sum() if self.described.flows[flow].never_below and not value.is_never_below:
                self.faults[flow] = HELD_AT_0
            case Sum():
                self._take_sum(flow, value, origin=origin, end=end)
            case Limited() if origin and end and not value.wanted.constant and [*value.wanted.stocks] == [origin]:
                self.limited[end][origin] += value.wanted.stocks[origin]
                self.limits[end].append((flow, value.by))
            case _:
                self.faults[flow] = BOUND

    def _take_sum(self, flow: str, value: Sum, *, origin: str | None, end: str | None) -> None:
        """Take in a flow that is a number, and stocks each times a number."""
        gain = value.constant if end else -value.constant
        if gain < 0 or (gain and origin and end):
            self.faults[flow] = FIXED
        elif gain:
            self.arrivals[end or origin or ""] += gain
        for stock, number in value.stocks.items():
            if stock == origin and number >= 0:
                self._leave(origin, end, number)
            elif stock == end and number < 0:
                self._leave(end, origin, -number)
            elif number:
                changes = {end: number, origin: -number}
                for side in filter(None, changes):
                    self.loose[side, stock].append((flow, changes[side]))

    def _leave(self, origin: str, end: str | None, number: float) -> None:
        """People who leave a setting in proportion to those there."""
        if end:
            self.rates[origin, end] += number
        else:
            self.exits[origin] += number

    def balance(self) -> None:
        """Take what stocks gain in proportion to others from what these lose; what does not balance is a fault."""
        for (end, origin), gains in self.loose.items():
            if end == origin:
                self.faults.update((flow, GROWING) for flow, _ in gains)
                continue
            number, name = math.fsum(gain for _, gain in gains), self.described.stocks[origin].name
            self.exits[origin] -= number
            if abs(number) > DUST:
                self.rates[origin, end] += number
            if number < -DUST or self.exits[origin] < -DUST:
                what = "which loses none for it" if number > 0 else "which gains none for it"
                self.faults.update((flow, f"it goes by the number of {name}, {what}") for flow, _ in gains)

    def places(self) -> dict[str, float]:
        """The places of each setting that has a limit; a limit that does not tell places is a fault."""
        found = {}
        for end, limits in self.limits.items():
            places = [self._places(end, ratio) for _, ratio in limits]
            is_same = all(each is not None and _is_close(each, places[0] or 0) for each in places)
            if is_same and not any(rate for (_, into), rate in self.rates.items() if into == end):
                found[end] = places[0] or 0.0
            else:
                name = self.described.stocks[end].name
                why = f"it is not limited to the free places of {name}, shared in proportion by all who ask for them"
                self.faults.update((flow, why) for flow, _ in limits)
            self.rates.update(((origin, end), rate) for origin, rate in self.limited[end].items())
        return found

    def _places(self, end: str, ratio: Ratio) -> float | None:
        """How many places a limit tells, if it tells free places, for each one who asks."""
        asking, rates, step = ratio.asking, self.limited[end], self.described.dt
        if asking.constant or {*asking.stocks} != {*rates}:
            return None
        scales = [asking.stocks[origin] / rate for origin, rate in rates.items() if rate] or [1]
        is_asking = all(_is_close(asking.stocks[origin], rate * scales[0]) for origin, rate in rates.items())
        taken = scales[0] * (self.exits[end] - 1 / step)
        is_free = {*ratio.free.stocks} <= {end} and _is_close(ratio.free.stocks.get(end, 0), taken)
        return ratio.free.constant / scales[0] * step if is_asking and is_free and scales[0] else None


def _is_close(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=CLOSE, abs_tol=DUST)


def _assembled(described: SystemModel, values: Mapping[str, Value], *, aside: tuple[str, ...]) -> Parts:
    """The parts of all flows but those of the stocks put aside."""
    assembly = _Assembly(described)
    settings = tuple(key for key in described.stocks if key not in aside)
    for flow, value in values.items():
        if _ends(described, flow) - {*aside}:
            assembly.take(flow, value)
    assembly.balance()
    places = assembly.places()
    unlike = {key: f"it {why}" for key in settings if (why := _unlike(described, key))}
    exits = {key: max(number, 0) for key, number in assembly.exits.items()}
    return Parts(settings, assembly.rates, exits, assembly.arrivals, places, {**assembly.faults, **unlike}, aside=aside)


def _unlike(described: SystemModel, stock: str) -> str:
    """Why a stock is none of people, or nothing."""
    return described.stocks[stock].unlike or ("" if stock in described.run else "is not in the file's own run")
