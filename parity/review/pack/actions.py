"""Writing a pack into a folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from parity.documents.pack import Told, pack_files, untold, with_manifest, write_files
from parity.register.jobs.actions import Progress
from parity.register.people.rules import May
from parity.register.policy import Viewer, enters, viewer_of
from parity.register.programmes.models import Programme
from parity.review.pack.documents import strategy, workbook_document
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed

NAME = "strategy"


def write_pack(desk: Desk, programme: Programme, into: Path, *, told: Told = untold) -> list[Path]:
    """The paths written under `into/<slug>/`: the strategy three times, the workbook, and a manifest of hashes.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    told(0, 1, "Composing the strategy")
    document = strategy(desk, programme)
    sheets, figures = workbook_document(desk, document), tuple(desk.all_figures())
    contents = pack_files(document, name=NAME, sheets=sheets, figures=figures, told=told)
    facts = {"programme": programme.slug, "title": programme.title}
    return write_files(with_manifest(contents, facts, desk.own_releases()), into / programme.slug)


def write_pack_job(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Nothing beside the job's files: the pack of its programme, of what the partners share and the person may see.

    Raises NotAllowed where the job has no programme, or the person may not enter it any more.
    """
    programme, today = progress.job.programme, timezone.localdate()
    if programme is None or not enters(viewer := viewer_of(progress.job.by, programme, on=today)):
        raise NotAllowed("A pack is written for who takes part in its programme, and you do not.")
    write_pack(shared_desk(programme, viewer, Store(settings.PARITY_HOME)), programme, progress.into, told=progress)
    return {}


def shared_desk(programme: Programme, viewer: Viewer, store: Store) -> Desk:
    """The desk of a document that is handed on: of what the partners share, as much as the viewer may see."""
    shared = tuple(replace(one, may=one.may & {May.PARTNER}) for one in viewer.standings)
    return Desk(store, programme.slug, replace(viewer, person=None, standings=shared))
