"""Pictures of flows: settings of care as boxes, the people who move between them as bands, and who waits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parity.documents.drawing import specification
from parity.documents.flow_drawing import Card, Stream, drawn_flows
from parity.documents.flow_layout import Link, in_rows, rows_by_path
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.printable import clean
from parity.terms.figure import Figure

FEWEST = 2
_HEADS = ("Wait: no place", "Wait: no staff", "Arrive", "Leave services", "Move")
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: people at the start and at the end, who waits at the end to enter it and why, who comes and goes.

    `group` is the row it stands in (accommodation, community, hospital); without groups rows follow the flows.
    """

    name: str
    now: Figure
    then: Figure
    no_place: Figure | None = None
    no_staff: Figure | None = None
    outside: tuple[Figure | None, Figure | None] = (None, None)
    group: str = ""

    @property
    def numbers(self) -> tuple[Figure | None, ...]:
        """People at the start and end, who waits for place and for staff, who arrives and who leaves services."""
        return (self.now, self.then, self.no_place, self.no_staff, *self.outside)


@dataclass(frozen=True, slots=True)
class Flow:
    """People who move from one setting to another in the period shown."""

    origin: str
    destination: str
    people: Figure


def flow_picture(
    settings: Sequence[Setting],
    flows: Sequence[Flow],
    *,
    slug: str,
    title: str,
    moments: tuple[str, str],
    period: str,
) -> Chart:
    """Each setting as a box with its people at both moments, bands as wide as the people who move in the period.

    Who waits stands as a striped block before the box, by reason; short bands are arrivals and leavings. Settings
    with neither people nor flows are left out, and a note says so. Raises ValueError for fewer than two settings that
    are used, a name that comes twice, a flow from or to a setting that is not given, or one that is given twice.
    """
    _check(settings, flows, slug)
    moving = {(flow.origin, flow.destination): flow.people for flow in flows if flow.people.value}
    used = [one for one in settings if _is_used(one, moving)]
    if len(used) < FEWEST:
        raise ValueError(f"{slug}: a picture of flows needs two settings with people or flows.")
    cards = {one.name: _card(one) for one in used}
    streams = [Stream(link, figure.value or 0.0, figure.text) for link, figure in moving.items()]
    layers, width, height = drawn_flows(cards, streams, rows=_rows(used, moving), key=(*moments, period))
    spec = specification([], layers, encoding={}, height=round(height))
    spec["width"] = round(width)
    left_out = [one.name for one in settings if one not in used]
    table = _table(used, flows, slug=slug, title=title, moments=moments)
    notes: tuple[str, ...] = (f"Bands: people who move {period}. Waits: people at the end of {moments[1]}.",)
    if left_out:
        notes += (f"Left out, as nobody is, comes or goes there: {', '.join(left_out)}.",)
    told = Table(table.slug, table.caption, table.columns, table.rows, notes=notes)
    return Chart(title=title, description=_described(used, flows, moments, period), spec=spec, table=told)


def _check(settings: Sequence[Setting], flows: Sequence[Flow], slug: str) -> None:
    names = {one.name for one in settings}
    if len(names) < len(settings):
        raise ValueError(f"{slug}: every setting of a picture of flows needs a name of its own.")
    links = [(flow.origin, flow.destination) for flow in flows]
    if not {name for link in links for name in link} <= names or any(origin == end for origin, end in links):
        raise ValueError(f"{slug}: every flow joins two of the settings that are given.")
    if len(set(links)) < len(links):
        raise ValueError(f"{slug}: every flow is given once.")


def _is_used(one: Setting, moving: dict[Link, Figure]) -> bool:
    return any(one.name in link for link in moving) or any(figure and figure.value for figure in one.numbers)


def _rows(used: Sequence[Setting], moving: dict[Link, Figure]) -> list[list[str]]:
    groups = list(dict.fromkeys(one.group for one in used))
    if len(groups) > 1:
        return in_rows([[one.name for one in used if one.group == group] for group in groups])
    return rows_by_path([one.name for one in used], {link: figure.value or 0.0 for link, figure in moving.items()})


def _card(one: Setting) -> Card:
    reasons = (("place", one.no_place), ("staff", one.no_staff))
    waits = tuple((why, f"{figure.text} wait: no {why}") for why, figure in reasons if figure and figure.value)
    arrive, leave = ((figure.value or 0.0, figure.text) if figure else (0.0, "") for figure in one.outside)
    return Card(
        name=clean(one.name),
        words=f"{one.now.text} → {one.then.text}",
        people=(one.now.value or 0.0, one.then.value or 0.0),
        waits=waits,
        arrive=arrive,
        leave=leave,
    )


def _described(used: Sequence[Setting], flows: Sequence[Flow], moments: tuple[str, str], period: str) -> str:
    """People in each setting at both moments, the largest flows and who waits, in words."""
    first, last = moments
    people = "; ".join(f"{one.name}, {one.now.text} to {one.then.text}" for one in used)
    parts = [f"Picture of flows between {len(used)} settings. People from {first} to {last}: {people}."]
    most = sorted((flow for flow in flows if flow.people.value), key=lambda flow: -(flow.people.value or 0.0))[:3]
    if most:
        told = "; ".join(f"{flow.origin} to {flow.destination}, {flow.people.text}" for flow in most)
        parts.append(f"Largest flows {period}: {told}.")
    waits = list(_waits(used))
    parts.append(f"Waiting: {'; '.join(waits)}." if waits else "Nobody waits.")
    return " ".join(parts)


def _waits(used: Sequence[Setting]) -> Iterator[str]:
    for one in used:
        for why, figure in (("no place", one.no_place), ("no staff", one.no_staff)):
            if figure is not None and figure.value:
                yield f"{one.name}, {figure.text} ({why})"


def _table(used: Sequence[Setting], flows: Sequence[Flow], *, slug: str, title: str, moments: tuple[str, str]) -> Table:
    """A row a setting, then a row a flow."""
    heads = (Column("Setting or flow"), *(Column(head, numeric=True) for head in (*moments, *_HEADS)))
    rows: list[tuple[Cell, ...]] = [(one.name, *(each or _NONE for each in one.numbers), _NONE) for one in used]
    width = len(used[0].numbers)
    rows += [(f"{flow.origin} → {flow.destination}", *[_NONE] * width, flow.people) for flow in flows]
    return Table(slug, title, heads, tuple(rows))
