"""A small programme to be packed, and packs that somebody changed on their way."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from parity.register.memberships.actions import Seat, end_membership, seat_person
from parity.register.models import Organisation, Person, Programme
from parity.register.records.actions import Keeping, change_record, share_record, withdraw_record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.sources.brought.programme import house_schemas
from parity.tables import Store
from parity.web.exit_pack.package import NAME
from tests.given import release
from tests.members import LONG_AGO
from tests.register.worlds import TODAY, add, organisation, person, programme

Files = dict[str, bytes]
Change = Callable[[Files], None]
AREA = "E06000099"
AWKWARD = ("=1+1", "'=1", '“a”, "b"\nand £ – é', "-5", "1.50", "true")
"""Texts that tables of comma-separated text may get wrong."""


def small_programme(home: Path, *, slug: str = "here", name: str = "") -> Programme:
    """A programme with a record in every register, changed, shared, withdrawn; with history, grants and who left."""
    ours, theirs = organisation(f"{name}ours"), organisation(f"{name}theirs")
    heir = organisation(f"{name}heir")
    Organisation.objects.filter(pk=theirs.pk).update(successor=heir, closed_on=TODAY)
    by, other = person(f"{name}director"), person(f"{name}other")
    Person.objects.filter(pk=other.pk).update(email=f"{name}other@example.org", last_name="Person")
    made = programme(slug, ours, theirs, by=by)
    save_areas(home, slug)
    seat_person(by, Seat(made, ours, "director"), by=by, on=LONG_AGO)
    left = seat_person(other, Seat(made, theirs, "planning_officer", "north"), by=by, on=LONG_AGO)
    keeping, added = Keeping(ours, held_by=other, reason="First"), []
    # what is linked comes before the links
    for stem, model in sorted(RECORDS.items(), key=lambda each: each[0] == "thread"):
        rows = [{"risk": text} for text in AWKWARD] if stem == "risks" else [{}]
        added.append([add(model, made, keeping=keeping, by=by, **area_of(stem), **cells) for cells in rows][-1])
    for one in reversed(added):
        one = change_record(one, {"note": "Second\nline"}, by=by, on=TODAY, reason="Because")
        one = share_record(one, Sharing.NAMED, named={theirs: None}, by=by, on=TODAY)
        withdraw_record(one, by=by, on=TODAY, reason="Because")
    end_membership(left, by=by, on=TODAY, reason="Moved on")
    return made


def area_of(stem: str) -> dict[str, str]:
    """The cells of a row of the register that name an area."""
    return dict.fromkeys(house_schemas()[stem].areas, AREA)


def save_areas(home: Path, slug: str) -> None:
    """Nothing; the programme has a table of one area, and an earlier one that nothing lists any more."""
    row = {
        "area": AREA,
        "name": "=Anywhere",
        "kind": "town",
        "parent": None,
        "source": None,
        "place": None,
        "note": None,
    }
    frame = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    for version in ("0", "1"):
        Store(home).save(slug, [(frame, release("areas", slug, version))])


def contents(path: Path) -> Files:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def rewritten(path: Path, change: Change, *, honest: bool = True) -> Path:
    """The pack with its files changed; an honest one has a datapackage.json that says so."""
    files = contents(path)
    change(files)
    if honest:
        told = json.loads(files.pop(NAME))
        hashes = {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
        told["resources"] = [
            {"path": name, "bytes": len(text), "hash": f"sha256:{hashes[name]}"} for name, text in files.items()
        ]
        files[NAME] = json.dumps(told).encode()
    target = path.with_name("changed.zip")
    target.write_bytes(packed(files))
    return target
