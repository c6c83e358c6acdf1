"""Figures of a place beside those of the areas it is compared with, in the order in which a reader meets them."""

from collections.abc import Sequence

import polars as pl

from parity.documents.charts import Point
from parity.documents.model import Block, Callout
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure
from parity.terms.mergers import COUNTIES, SINCE_2023

TOLD_OF = "councils of today, counties, regions, health bodies and England"


def of_place(desk: Desk, key: str, place: Place, **where: str) -> list[Figure]:
    """The figures of an indicator for the place, then for those it is compared with, then for England."""
    order = {code: number for number, code in enumerate(place.codes)}
    found = (figure for figure in desk.figures(key).all(**where) if figure.area.code in order)
    return sorted(found, key=lambda figure: order[figure.area.code])


def own(figures: Sequence[Figure], place: Place) -> list[Figure]:
    """Those of the place alone."""
    return [figure for figure in figures if figure.area.code == place.area.code]


def latest(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the latest period among them."""
    last = max((figure.period for figure in figures), default="")
    return [figure for figure in figures if figure.period == last]


def latest_until(figures: Sequence[Figure], year: str) -> list[Figure]:
    """The figures of the latest period among them that does not lie after the year."""
    return latest([figure for figure in figures if figure.period[: len(year)] <= year])


def beside(figures: Sequence[Figure], *, series: str = "") -> list[Point]:
    """The figures as points, each at the name of its area."""
    return [Point(figure.area.name, figure, series) for figure in figures]


def spoken_for(desk: Desk, place: Place, *, bodies: str) -> tuple[Desk, Place] | None:
    """The desk and the place with the bodies that speak for each area instead of it; None where none speaks for it.

    `bodies` is the stem of a table of areas and bodies. Of several bodies that speak for the place the first takes its
    part, and the others follow before those of the areas compared with.
    """
    found = desk.table(bodies)
    if found is None:
        return None
    wanted = found[0].filter(pl.col("area").is_in([place.area.code, *(area.code for area in place.compared)]))
    by_area = dict(wanted.group_by("area", maintain_order=True).agg("body").iter_rows())
    if place.area.code not in by_area:
        return None
    order = (code for area in (place.area, *place.compared) for code in by_area.get(area.code, ()))
    first, *others = (desk.areas[code] for code in dict.fromkeys(order))
    spoken = Place(first, tuple(others), place.year)
    return desk.looking_at(spoken.codes), spoken


def not_read(what: str, stems: str) -> list[Block]:
    """A box that says which official tables a chapter would need."""
    return [Callout(f"{what} is not shown", (f"It needs the official tables {stems}, which were not taken in yet.",))]


def not_told(desk: Desk, place: Place, what: str, *, key: str, stems: str) -> list[Block]:
    """A box that says why an indicator of years tells nothing of the place and its year: the place was merged into
    another, the year is not told, nothing is told of such places; or the tables were not taken in.
    """
    years = sorted({figure.period for figure in desk.figures(key).all()})
    if not years:
        return not_read(what, stems)
    mine = sorted({figure.period for figure in desk.figures(key).all(area=place.area.code)})
    since = SINCE_2023.get(place.area.code)
    today = (since,) if since else COUNTIES.get(place.area.code, ())
    if mine:
        why = f"{place.area.name} is told of from {mine[0]} to {mine[-1]}, not of {place.year}."
    elif today:
        names = " and ".join(f"{desk.areas[code].name} ({code})" if code in desk.areas else code for code in today)
        why = f"{place.area.name} is a council no more: its area lies in {names}. Look there."
    else:
        why = f"It is told of {TOLD_OF}, not of a place of this kind ({place.area.kind})."
    return [Callout(f"{what} is not shown", (why,))]
