"""The part of the chapter on need that divides a place into its localities: a council's wards, a county's districts."""

from parity.analyse.localities.indicators import SHOWN
from parity.documents.figure_tables import joined, titled
from parity.documents.model import Block, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import LOWER_TIER, Place, kind_of
from parity.terms.figure import Figure

CONDITIONS = tuple(SHOWN)
COUNTY, WARD, DISTRICT = "county", "ward", "district"
HOW = (
    "The same draws serve the place and its {parts}, so these add up to it in every draw; the ends of bands do not add "
    "up. They differ by how many live there and how old they are: national rates do not know how deprived a {part} is. "
    "The page lets you choose another condition. There is no map: outlines of wards are not among the tables that are "
    "taken in."
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
    if kind_of(code, "") == COUNTY:
        return _divided(desk, place, key="people_expected", part=DISTRICT)
    return []


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
    parts = desk.looking_at([place.area.code]).table("localities")
    if parts is None:
        return []
    seen = desk.looking_at(parts[0]["locality"].to_list())
    return seen.figures(key).all(period=place.year, condition=condition, rate_source=SHOWN[condition])
