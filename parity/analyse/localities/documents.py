"""The part of the chapter on need that divides a place into its localities: a council's wards, a county's districts."""

from collections.abc import Iterable

from parity.analyse.localities.indicators import SHOWN
from parity.analyse.mapped import WHOLE_INDEX, MapChoice, map_blocks
from parity.documents.figure_tables import by, joined, titled
from parity.documents.model import Block, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import COUNTY, LOWER_TIER, Place
from parity.terms.figure import Figure

CONDITIONS = tuple(SHOWN)
WARD, DISTRICT = "ward", "district"
HOW = (
    "The same draws serve the place and its {parts}, so these add up to it in every draw; the ends of bands do not add "
    "up. They differ by how many live there and how old they are: national rates do not know how deprived a {part} is. "
    "Parity’s page on need lets you choose another condition."
)
NO_OUTLINES = (
    "Its wards are not shown on a map: their outlines of the same year, which the Office for National Statistics "
    "publishes, were not read."
)
OF_WARDS = "Wards have their council’s share at each age as it was in mid-2020; how that changed since is in no band."
NOT_TOLD = "Need by {part} is not told for this place and year: wards are told of one council, for 2020 to 2030."


def locality_blocks(desk: Desk, place: Place) -> list[Block]:
    """People expected to have the condition asked for, by ward of a council or by district of a county.

    None for other places, which are made of more than can be read.
    """
    code = place.area.code
    if code.startswith(LOWER_TIER):
        return _divided(desk, place, key="people_expected_in_ward", part=WARD)
    if code.startswith(COUNTY):
        return _divided(desk, place, key="people_expected", part=DISTRICT)
    return []


def ward_blocks(desk: Desk, place: Place) -> list[Block]:
    """People of a ward expected to have each condition that is told of wards; none for other places and years."""
    figures = desk.figures("people_expected_in_ward").all(area=place.area.code, period=place.year)
    if not figures:
        return []
    caption = f"People of {place.area.name} expected to have each condition, {place.year}"
    rows = [(titled(by("condition")(figure)), by("rate_source")(figure), figure) for figure in figures]
    table = joined("expected", caption, ("Condition", "Rates of", "People, with the 95% band"), rows)
    return [Paragraph((OF_WARDS,)), table]


def ward_map(desk: Desk, place: Place) -> list[Block]:
    """How deprived the wards of a council or county are, on a map; a sentence where their outlines were not taken in.

    None for other places.
    """
    if not place.area.code.startswith((*LOWER_TIER, COUNTY)):
        return []
    wards = _wards(desk, place.area.code)
    if not wards:
        return []
    seen = desk.looking_at(wards)
    shapes = seen.table("ward_shapes")
    if shapes is None or shapes[0].is_empty():
        return [Paragraph((NO_OUTLINES,))]
    figures = seen.figures("deprivation_score")
    # outlines of another year may be of other wards
    drawn = figures.frame.join(shapes[0], on="area", how="semi")
    if drawn.is_empty():
        return [Paragraph((NO_OUTLINES,))]
    chosen = {"period": str(drawn["period"].max()), "domain": WHOLE_INDEX}
    return map_blocks(figures, shapes[0], MapChoice({}, chosen, [WARD], WARD), slug="wards")


def _wards(desk: Desk, code: str) -> list[str]:
    """The wards of a council, or of the councils of a county."""
    parts = _parts(desk, [code])
    return _parts(desk, parts) if parts and code.startswith(COUNTY) else parts


def _parts(desk: Desk, codes: Iterable[str]) -> list[str]:
    """The wards or districts that the areas are made of."""
    found = desk.looking_at(codes).table("localities")
    return [] if found is None else found[0]["locality"].to_list()


def _divided(desk: Desk, place: Place, *, key: str, part: str) -> list[Block]:
    title = Heading(f"By {part}", 3)
    condition = place.option or CONDITIONS[0]
    found = _figures(desk, place, key=key, condition=condition)
    if not found:
        return [title, Paragraph((NOT_TOLD.format(part=part),))]
    whole = desk.figures("people_expected").one(
        area=place.area.code, period=place.year, condition=condition, rate_source=SHOWN[condition]
    )
    rows = [(figure.area.name, figure) for figure in sorted(found, key=lambda figure: -(figure.value or 0))]
    caption = f"{titled(condition)} in {place.area.name} by {part}, {place.year}"
    table = joined(
        "localities", caption, (titled(part), "People, with the 95% band"), [*rows, (place.area.name, whole)]
    )
    words = HOW.format(part=part, parts=f"{part}s")
    return [title, Paragraph((f"{words} {OF_WARDS}" if part == WARD else words,)), table]


def _figures(desk: Desk, place: Place, *, key: str, condition: str) -> list[Figure]:
    """The figures of the parts of the place, for its year and the condition."""
    parts = _parts(desk, [place.area.code])
    if not parts:
        return []
    return desk.looking_at(parts).figures(key).all(period=place.year, condition=condition, rate_source=SHOWN[condition])
