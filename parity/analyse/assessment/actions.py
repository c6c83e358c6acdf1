"""Writing the assessment of a place into a folder."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings

from parity.analyse.assessment.documents import assessment
from parity.analyse.places.rules import ASSESSMENT
from parity.analyse.profiles import PROFILES
from parity.documents.pack import Told, pack_files, untold, with_manifest, write_files
from parity.register.jobs.actions import Progress
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.areas import Place


def write_assessment(desk: Desk, place: Place, into: Path, *, told: Told = untold) -> list[Path]:
    """The paths written under `into/<name>-<code>/`: the assessment three times, its workbook, a manifest of hashes.

    The same tables, place and year give the same bytes. Raises OSError where the folder cannot be written.
    """
    seen = desk.looking_at(place.codes)
    document = assessment(seen, place, PROFILES)
    sheets = replace(document, workbook="")
    contents = pack_files(document, name=ASSESSMENT, sheets=sheets, figures=tuple(document.figures()), told=told)
    facts = {"area": place.area.code, "title": document.title, "year": place.year}
    facts |= {"compared": ", ".join(area.code for area in place.compared)}
    return write_files(with_manifest(contents, facts, seen.store.listed(ENGLAND_SCOPE)), into / folder_name(place))


def write_assessment_job(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Nothing beside the job's files: the assessment of the place whose codes and year the payload gives."""
    desk = Desk(Store(settings.PARITY_HOME), ENGLAND_SCOPE)
    compared = tuple(desk.areas[code] for code in payload["with"])
    place = Place(desk.areas[payload["area"]], compared, payload["year"])
    write_assessment(desk, place, progress.into, told=progress)
    return {}


def folder_name(place: Place) -> str:
    """The name of the folder: the area's name in small letters with hyphens, and its code."""
    return f"{re.sub('[^a-z0-9]+', '-', place.area.name.lower()).strip('-')}-{place.area.code.lower()}"
