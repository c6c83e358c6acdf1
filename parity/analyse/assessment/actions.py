"""Writing the assessment of a place into a folder."""

import re
from dataclasses import replace
from pathlib import Path

from parity.analyse.assessment.documents import assessment
from parity.analyse.profiles import PROFILES
from parity.documents.pack import pack_files, with_manifest, write_files
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.areas import Place

NAME = "assessment"


def write_assessment(desk: Desk, place: Place, into: Path) -> list[Path]:
    """The paths written under `into/<name>-<code>/`: the assessment three times, its workbook, a manifest of hashes.

    The same tables, place and year give the same bytes. Raises OSError where the folder cannot be written.
    """
    seen = desk.looking_at(place.codes)
    document = assessment(seen, place, PROFILES)
    sheets = replace(document, workbook="")
    contents = pack_files(document, name=NAME, sheets=sheets, figures=tuple(document.figures()))
    facts = {"area": place.area.code, "title": document.title, "year": place.year}
    facts |= {"compared": ", ".join(area.code for area in place.compared)}
    return write_files(with_manifest(contents, facts, seen.store.listed(ENGLAND_SCOPE)), into / folder_name(place))


def folder_name(place: Place) -> str:
    """The name of the folder: the area's name in small letters with hyphens, and its code."""
    return f"{re.sub('[^a-z0-9]+', '-', place.area.name.lower()).strip('-')}-{place.area.code.lower()}"
