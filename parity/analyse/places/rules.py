"""Which area somebody means by what they wrote, and which areas it is compared with."""

from collections.abc import Iterable, Mapping

from parity.terms.areas import COUNCILS, ENGLAND, Area, Place

ASSESSMENT = "assessment"
"""The name of the assessment's files, and of the job that writes them."""
MOST_COMPARED = 20
SUGGESTED = 5
"""How many of a council's nearest neighbours are offered to compare it with: as many as a page shows side by side."""
BETWEEN = ";,"
KINDS_FIRST = (
    "country", "region", "county", "unitary authority", "metropolitan district", "London borough", "district",
    "integrated care board", "sub-ICB location",
)  # fmt: skip
"""The order in which kinds of area are listed; others follow in alphabetical order."""


def areas_named(areas: Iterable[Area], text: str) -> list[Area]:
    """The areas that a code or a name may mean: first those of that very name, then those whose names hold the text.

    Of each, larger kinds come first, then names in alphabetical order. None for an empty text.
    """
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return []
    known = list(areas)
    exact = [area for area in known if wanted in (area.code.casefold(), area.name.casefold())]
    within = [area for area in known if wanted in area.name.casefold() and area not in exact]
    return [*sorted(exact, key=_order), *sorted(within, key=_order)]


def by_kind(areas: Iterable[Area]) -> dict[str, list[Area]]:
    """The areas by kind, larger kinds first, each list in alphabetical order."""
    found: dict[str, list[Area]] = {}
    for area in sorted(areas, key=_order):
        found.setdefault(area.kind, []).append(area)
    return found


def place_from(areas: Mapping[str, Area], code: str, *, compared: str = "", year: str = "") -> tuple[Place, list[str]]:
    """The place of a code with the areas named in `compared` (codes or names, with commas or semicolons between them),
    and what was wrong.

    Where there is a semicolon, commas belong to names, such as `Bristol, City of`.
    What was wrong is a sentence for each name that no area has or several have. Raises KeyError for an unknown code.
    """
    wrong: list[str] = []
    found: dict[str, Area] = {}
    between = next((sign for sign in BETWEEN if sign in compared), BETWEEN[-1])
    for name in filter(None, (part.strip() for part in compared.split(between))):
        meant = [areas[name]] if name in areas else areas_named(areas.values(), name)
        if not meant:
            wrong.append(f"No area is called “{name}”.")
        elif len(meant) > 1 and meant[0].name.casefold() != name.casefold():
            wrong.append(f"“{name}” may be {_either(meant)}: write one of these, or its code.")
        elif meant[0].code not in (code, ENGLAND):
            found[meant[0].code] = meant[0]
    if len(found) > MOST_COMPARED:
        wrong.append(f"At most {MOST_COMPARED} areas are compared; the first {MOST_COMPARED} are.")
    return Place(areas[code], tuple(found.values())[:MOST_COMPARED], year), wrong


def named_to_compare(areas: Iterable[Area]) -> str:
    """The areas as `place_from` reads them back: names, or codes where a name has a comma in it."""
    return f"{BETWEEN[-1]} ".join(area.code if BETWEEN[-1] in area.name else area.name for area in areas)


def without_neighbours(area: Area) -> str:
    """The sentence that stands where an area has no published nearest neighbours."""
    if area.code.startswith(COUNCILS):
        return "The official list of statistical nearest neighbours (nearest_neighbours) was not taken in yet."
    whole = "England as a whole" if area.code == ENGLAND else f"a place of this kind ({area.kind})"
    return f"Statistical nearest neighbours are published of councils; there is no list of them for {whole}."


def _either(areas: list[Area]) -> str:
    """The first few names with their codes, joined by or."""
    return " or ".join(f"{area.name} ({area.code})" for area in areas[:4])


def _order(area: Area) -> tuple[int, str, str]:
    rank = KINDS_FIRST.index(area.kind) if area.kind in KINDS_FIRST else len(KINDS_FIRST)
    return rank, area.kind if rank == len(KINDS_FIRST) else "", area.name
