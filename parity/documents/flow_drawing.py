"""The marks of a picture of flows, in pixels: cards, striped waits, bands, short bands of who comes and goes, words."""

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.drawing import PALETTE
from parity.documents.flow_layout import Layout, Link, Node, laid_out

CARD = 148
"""A card's width; the people in it are two bars of one scale for all cards."""
_LINE, _NUMBERS, _BAR, _EDGE = 15, 20, 5, 8
_LETTERS, _LETTER = 19, 7
_STRIP, _STRIPES = 18, 16
_GAP, _BETWEEN, _STUB = 26, 100, 22
_WIDEST, _THINNEST, _APART = 44.0, 1.5, 4.0
_STEPS, _BEND = 18, 60
_KEY = 54
_HALO = 3.5
_DOWN, _UP, _INK, _WAIT, _PALE = "#9DB8D6", "#8CCBC3", "#4C6272", "#A33B00", "#A6B1BA"
Box = tuple[float, float, float, float]
Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What a setting's card shows: name, words and people at both moments, waits by reason, who arrives and leaves."""

    name: str
    words: str
    people: tuple[float, float]
    waits: tuple[tuple[str, str], ...]
    arrive: tuple[float, str]
    leave: tuple[float, str]

    @property
    def lines(self) -> list[str]:
        """The name on as many lines as it needs."""
        return textwrap.wrap(self.name, _LETTERS) or [self.name]


@dataclass(frozen=True, slots=True)
class Stream:
    """A flow: from where to where, how many people, and that number in words."""

    link: Link
    people: float
    words: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """The layout with what stands in it, the top and foot of each row, and how many pixels wide a person is."""

    layout: Layout
    cards: Mapping[str, Card]
    tops: list[float]
    feet: list[float]
    scale: float

    def box(self, key: str) -> Box:
        """Left, top (with its waits), right and foot of a card, or of the place at which a flow passes a row."""
        node = self.layout.nodes[key]
        left, right = node.x - node.width / 2, node.x + node.width / 2
        foot = self.feet[node.row]
        if key not in self.cards:
            return left, self.tops[node.row], right, foot
        return left, foot - _height(self.cards[key]) - _STRIP * len(self.cards[key].waits), right, foot

    def wide(self, people: float) -> float:
        """How wide the band of so many people is."""
        return round(max(_THINNEST, people * self.scale), 2)


def drawn_flows(
    cards: Mapping[str, Card], streams: Sequence[Stream], *, rows: Sequence[Sequence[str]], key: tuple[str, str, str]
) -> tuple[list[Mark], float, float]:
    """The layers of the picture, its width and its height; `key` is the two moments and the period of the flows."""
    scale = _scale(cards, streams)
    links = [stream.link for stream in streams]
    passing = {stream.link: max(_THINNEST, stream.people * scale) for stream in streams}
    layout = laid_out(rows, links, width=CARD, gap=_GAP, passing=passing)
    tops, feet, reached = [], [], float(_STUB + _LINE + 6)
    for row in layout.rows:
        shown = [cards[name] for name in row if name in cards]
        tops.append(reached)
        reached += max(_height(card) + _STRIP * len(card.waits) for card in shown)
        feet.append(reached)
        reached += _BETWEEN
    frame = _Frame(layout, cards, tops, feet, scale)
    ports = _ports(frame, streams)
    back = any(layout.nodes[origin].row > layout.nodes[end].row for origin, end in links)
    below = any({*link} <= {*layout.rows[-1]} for link in links)
    height = reached - _BETWEEN + (_BEND if below else _STUB) + _LINE
    routes = {stream.link: _route(frame, stream.link, ports) for stream in streams}
    bands = _bands(frame, streams, routes, ports)
    words = _words(frame, streams, routes, ports)
    width = max(layout.width, 2 * CARD + _GAP)
    return [*bands, *_boxes(frame), *words, *_key(key, height, back=back)], width, height + _KEY


def _height(card: Card) -> int:
    return 2 * _EDGE + _LINE * len(card.lines) + _NUMBERS + 2 * (_BAR + 2)


def _scale(cards: Mapping[str, Card], streams: Sequence[Stream]) -> float:
    """Pixels for a person at which all bands on one side of a card have room, and the widest is not too wide."""
    sides: dict[tuple[str, str], list[float]] = {}
    for stream in streams:
        sides.setdefault((stream.link[0], "out"), []).append(stream.people)
        sides.setdefault((stream.link[1], "in"), []).append(stream.people)
    for name, card in cards.items():
        sides.setdefault((name, "in"), []).append(card.arrive[0])
        sides.setdefault((name, "out"), []).append(card.leave[0])
    most = max((people for side in sides.values() for people in side), default=0.0)
    fullest = max((sum(side) for side in sides.values()), default=0.0)
    return min(_WIDEST / most, (CARD / 2) / fullest) if most else 0.0


Port = tuple[str, str, Link]
"""A card, its side (top or foot) and the flow that is joined there; arrivals come from, leavings go to nowhere."""


def _ports(frame: _Frame, streams: Sequence[Stream]) -> dict[Port, float]:
    """Where along its card's edge each band ends: in the order of where they lead, arrivals first, leavings last."""
    nodes = frame.layout.nodes
    found: dict[tuple[str, str], list[tuple[float, Link, float]]] = {}
    for stream in streams:
        keys = frame.layout.paths[stream.link]
        for here, there in ((keys[0], keys[1]), (keys[-1], keys[-2])):
            side = _side(nodes[here], nodes[there])
            found.setdefault((here, side), []).append((nodes[there].x, stream.link, frame.wide(stream.people)))
    for name, card in frame.cards.items():
        if card.arrive[0]:
            found.setdefault((name, "top"), []).append((float("-inf"), ("", name), frame.wide(card.arrive[0])))
        if card.leave[0]:
            found.setdefault((name, "foot"), []).append((float("inf"), (name, ""), frame.wide(card.leave[0])))
    places: dict[Port, float] = {}
    for (name, side), ends in found.items():
        ends.sort()
        total = sum(wide for *_, wide in ends)
        step = (CARD - total) / (len(ends) + 1)
        at = nodes[name].x - CARD / 2
        for _, link, wide in ends:
            at += step + wide / 2
            places[name, side, link] = round(at, 1)
            at += wide / 2
    return places


def _side(here: Node, there: Node) -> str:
    return "top" if there.row < here.row else "foot"


def _route(frame: _Frame, link: Link, ports: Mapping[Port, float]) -> list[tuple[float, float]]:
    """The points of a band's middle from its origin's edge to its destination's."""
    keys = frame.layout.paths[link]
    nodes = frame.layout.nodes
    if nodes[keys[0]].row == nodes[keys[-1]].row:
        foot = frame.feet[nodes[keys[0]].row]
        return _arch(ports[keys[0], "foot", link], ports[keys[-1], "foot", link], foot)
    points: list[tuple[float, float]] = []
    for here, there in itertools.pairwise(keys):
        down = nodes[there].row > nodes[here].row
        start, end = (here, "foot" if down else "top"), (there, "top" if down else "foot")
        (x0, y0), (x1, y1) = (_end(frame, key, side, link, ports) for key, side in (start, end))
        for step in range(_STEPS + 1):
            part = step / _STEPS
            points.append((x0 + (x1 - x0) * part * part * (3 - 2 * part), y0 + (y1 - y0) * part))
    return points


def _end(frame: _Frame, key: str, side: str, link: Link, ports: Mapping[Port, float]) -> tuple[float, float]:
    _, top, _, foot = frame.box(key)
    x = ports.get((key, side, link), frame.layout.nodes[key].x)
    return x, top if side == "top" else foot


def _arch(start: float, end: float, foot: float) -> list[tuple[float, float]]:
    """Below a row from the foot of one card to that of another."""
    return [
        (start + (end - start) * part * part * (3 - 2 * part), foot + 4 * part * (1 - part) * _BEND)
        for part in (step / _STEPS for step in range(_STEPS + 1))
    ]


def _bands(
    frame: _Frame,
    streams: Sequence[Stream],
    routes: Mapping[Link, list[tuple[float, float]]],
    ports: Mapping[Port, float],
) -> list[Mark]:
    """The bands, those that lead upwards dashed, with a head at each end; and the short ones of who comes and goes."""
    nodes = frame.layout.nodes
    points: list[Mark] = []
    heads: list[Mark] = []
    for stream in sorted(streams, key=lambda each: -each.people):
        route, wide = routes[stream.link], frame.wide(stream.people)
        back = nodes[stream.link[0]].row > nodes[stream.link[1]].row
        points += _points(" → ".join(stream.link), route, wide, back=back)
        heads.append(_head(route[-1], down=route[-2][1] < route[-1][1]))
    for (name, side, link), x in ports.items():
        if "" in link:
            _, top, _, foot = frame.box(name)
            start, end = (top - _STUB, top) if side == "top" else (foot, foot + _STUB)
            card = frame.cards[name]
            people = card.arrive[0] if side == "top" else card.leave[0]
            points += _points(" → ".join(link), [(x, start), (x, end)], frame.wide(people), back=False)
            heads.append(_head((x, end), down=True))
    encoding = {**_AT, "detail": {"field": "flow", "type": "nominal"}, "order": _ORDER,
                "strokeWidth": {"field": "wide", "type": "quantitative", "scale": None}}  # fmt: skip
    lines = [
        {"data": {"values": [point for point in points if point["back"] is back]},
         "mark": {"type": "line", "color": colour, "strokeDash": dash},
         "encoding": encoding}
        for back, colour, dash in ((False, _DOWN, [1, 0]), (True, _UP, [7, 3]))
        if any(point["back"] is back for point in points)
    ]  # fmt: skip
    shape = {"field": "shape", "type": "nominal", "scale": None}
    arrows = {"data": {"values": heads}, "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1,
                                                  "color": _INK}, "encoding": {**_AT, "shape": shape}}  # fmt: skip
    return [*lines, arrows]


def _points(flow: str, route: Sequence[tuple[float, float]], wide: float, *, back: bool) -> list[Mark]:
    return [
        {"flow": flow, "step": step, "x": round(x, 1), "y": round(y, 1), "wide": wide, "back": back}
        for step, (x, y) in enumerate(route)
    ]


def _head(end: tuple[float, float], *, down: bool) -> Mark:
    x, y = end
    return {"x": round(x, 1), "y": round(y + (-4 if down else 4), 1),
            "shape": "triangle-down" if down else "triangle-up"}  # fmt: skip


_AT: Mark = {name: {"field": name, "type": "quantitative", "scale": None, "axis": None} for name in ("x", "y")}
_ORDER: Mark = {"field": "step", "type": "quantitative"}
_TO: Mark = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}


def _boxes(frame: _Frame) -> list[Mark]:
    """The cards with their names, numbers and bars, and the striped blocks of those who wait before them."""
    most = max((people for card in frame.cards.values() for people in card.people), default=0.0) or 1.0
    cards: list[Mark] = []
    bars: list[Mark] = []
    waits: list[Mark] = []
    stripes: list[Mark] = []
    for name, card in frame.cards.items():
        left, top, right, foot = frame.box(name)
        for place, (why, _) in enumerate(card.waits):
            block = {"x": left, "y": top + _STRIP * place, "x2": right, "y2": top + _STRIP * (place + 1)}
            waits.append(block)
            stripes += _striped(block, upright=why == "place")
        cards.append({"x": left, "y": top + _STRIP * len(card.waits), "x2": right, "y2": foot})
        for place, people in enumerate(card.people):
            y = foot - _EDGE - (2 - place) * (_BAR + 2) + 2
            end = left + _EDGE + people / most * (CARD - 2 * _EDGE)
            bars.append({"x": left + _EDGE, "y": y, "x2": round(end, 1), "y2": y + _BAR,
                         "fill": (_PALE, PALETTE[0])[place]})  # fmt: skip
    fill = {"field": "fill", "type": "nominal", "scale": None}
    box: Mark = {"type": "rect", "fill": "white", "strokeWidth": 1.5}
    found: list[Mark] = [
        {"data": {"values": cards}, "mark": {**box, "stroke": PALETTE[0]}, "encoding": {**_AT, **_TO}},
        {"data": {"values": bars}, "mark": {"type": "rect"}, "encoding": {**_AT, **_TO, "fill": fill}},
        {"data": {"values": waits}, "mark": {**box, "stroke": _WAIT}, "encoding": {**_AT, **_TO}},
        {"data": {"values": stripes}, "mark": {"type": "rule", "color": _WAIT, "strokeWidth": 1.5},
         "encoding": {**_AT, **_TO}},
    ]  # fmt: skip
    return [layer for layer in found if layer["data"]["values"]]


def _striped(block: Mark, *, upright: bool) -> list[Mark]:
    """Stripes at the left of a block: upright for those who lack a place, level for those who lack staff."""
    left, top = block["x"], block["y"]
    ends = [4 * number for number in range(1, _STRIPES // 4 + 1)]
    if upright:
        return [{"x": left + at, "y": top, "x2": left + at, "y2": top + _STRIP} for at in ends]
    return [{"x": left, "y": top + at, "x2": left + _STRIPES, "y2": top + at} for at in ends]


def _words(
    frame: _Frame,
    streams: Sequence[Stream],
    routes: Mapping[Link, list[tuple[float, float]]],
    ports: Mapping[Port, float],
) -> list[Mark]:
    """All words: names, numbers and waits in their cards; who comes and goes; and of the bands those that have room."""
    bold: list[Mark] = []
    plain: list[Mark] = []
    over: list[Mark] = []
    taken = [frame.box(name) for name in frame.cards]
    for name, card in frame.cards.items():
        left, top, _, foot = frame.box(name)
        for place, (_, text) in enumerate(card.waits):
            plain.append({"x": left + _STRIPES + 6 + (CARD - _STRIPES - 6) / 2, "y": top + _STRIP * (place + 0.5),
                          "text": text})  # fmt: skip
        start = foot - _height(card) + _EDGE + _LINE / 2
        bold += [{"x": left + CARD / 2, "y": start + _LINE * line, "text": text}
                 for line, text in enumerate(card.lines)]  # fmt: skip
        plain.append({"x": left + CARD / 2, "y": start + _LINE * len(card.lines) + 2, "text": card.words})
    for (name, side, link), x in ports.items():
        if "" in link:
            _, top, _, foot = frame.box(name)
            card = frame.cards[name]
            text = f"{card.arrive[1]} arrive" if side == "top" else f"{card.leave[1]} leave"
            y = top - _STUB - _LINE / 2 if side == "top" else foot + _STUB + _LINE / 2
            over.append({"x": x, "y": y, "text": text})
            taken.append(_around(x, y, text))
    for stream in sorted(streams, key=lambda each: -each.people):
        others = [point for link, route in routes.items() if link != stream.link for point in route]
        if (at := _room(routes[stream.link], stream.words, taken, others)) is not None:
            over.append({"x": at[0], "y": at[1], "text": stream.words})
            taken.append(_around(*at, stream.words))
    return [*_halo(over), _text(bold, bold=True), _text(plain, bold=False)]


def _room(
    route: Sequence[tuple[float, float]], text: str, taken: Sequence[Box], others: Sequence[tuple[float, float]]
) -> tuple[float, float] | None:
    """The point of the band, its middle first, at which the words touch no others and lie on no other band."""
    middle = len(route) // 2
    for x, y in sorted(route[2:-2], key=lambda point: abs(route.index(point) - middle)):
        box = _around(x, y, text)
        left, top, right, foot = box
        on_another = any(left < a < right and top < b < foot for a, b in others)
        if not on_another and not any(_touch(box, other) for other in taken):
            return round(x, 1), round(y, 1)
    return None


def _around(x: float, y: float, text: str) -> Box:
    half = len(text) * _LETTER / 2 + 2
    return x - half, y - _LINE / 2, x + half, y + _LINE / 2


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _halo(rows: Sequence[Mark]) -> list[Mark]:
    """The words over a white shadow, so that they can be read on a band."""
    shadow = _text(rows, bold=False)
    shadow["mark"] |= {"stroke": "white", "strokeWidth": _HALO, "strokeJoin": "round"}
    return [shadow, _text(rows, bold=False)] if rows else []


def _text(rows: Sequence[Mark], *, bold: bool) -> Mark:
    mark: Mark = {"type": "text", "baseline": "middle", "fontWeight": "bold" if bold else "normal"}
    return {"data": {"values": list(rows)}, "mark": mark,
            "encoding": {**_AT, "text": {"field": "text", "type": "nominal"}}}  # fmt: skip


def _key(key: tuple[str, str, str], top: float, *, back: bool) -> list[Mark]:
    """What the bars and the bands are."""
    first, last, period = key
    bars = [{"x": 0, "y": top + 8 + _LINE * place, "x2": 26, "y2": top + 8 + _BAR + _LINE * place, "fill": fill}
            for place, fill in enumerate((_PALE, PALETTE[0]))]  # fmt: skip
    dashed = "; dashed: to a row above" if back else ""
    texts = (f"people, {first}", f"people, {last}", f"width of a band: people who move {period}{dashed}")
    words = [{"x": 34, "y": top + 10 + _LINE * place, "text": text} for place, text in enumerate(texts)]
    fill = {"field": "fill", "type": "nominal", "scale": None}
    named = _text(words, bold=False)
    named["mark"] |= {"align": "left"}
    return [{"data": {"values": bars}, "mark": {"type": "rect"}, "encoding": {**_AT, **_TO, "fill": fill}}, named]
