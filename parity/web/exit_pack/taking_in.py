"""Taking an exit pack into an instance that has no such programme: every row and file of it, or nothing."""

import os
import shutil
import tempfile
from itertools import islice
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q

from parity.register.models import Event, Grant, Head, Organisation, Person, Programme
from parity.register.records.tables import RECORDS
from parity.sources.brought.description import wrong_in_slug
from parity.tables import Store
from parity.terms.errors import NotAllowed, WrongState
from parity.web.backup.digest import CHUNK
from parity.web.backup.restoring import as_sentence
from parity.web.backup.rows import ROWS_AT_ONCE, Row, read_rows, write_rows
from parity.web.exit_pack.reading import ExitPack, opened_pack
from parity.web.exit_pack.scope import DESCRIBED, Part, identity_of, parts_of

LONGEST_USER_NAME = 150


def take_in(path: Path, home: Path) -> Programme:
    """The programme that the pack brought.

    Raises NotAllowed where it, its chain or its tables are here, or where the pack means somebody else by what stands
    for a person or an organisation here; WrongState where the pack is damaged. Then nothing of it is kept.
    """
    with opened_pack(path) as pack:
        folder = home / "tables" / pack.told.slug
        _check_new(pack, folder)
        staged = Path(tempfile.mkdtemp(prefix="taking-in-", dir=home))
        try:
            return _take_in(pack, _stage(pack, staged), folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _check_new(pack: ExitPack, folder: Path) -> None:
    for sentence in wrong_in_slug(pack.told.slug):
        raise WrongState(f"{pack.path} cannot be taken in. {sentence}")
    slug = pack.told.slug
    here = Programme.objects.filter(slug=slug).exists() or Event.objects.filter(chain=slug).exists()
    if here or Head.objects.filter(chain=slug).exists() or folder.exists():
        raise NotAllowed(f"There is a programme called {slug} here, or what one left: it is not written over.")


def _stage(pack: ExitPack, staged: Path) -> Path:
    """Where the programme's tables are now. Raises WrongState where one that is listed is not there."""
    folder = staged / "tables" / pack.told.slug
    folder.mkdir(parents=True)
    for name in pack.tables():
        with pack.archive.open(name) as content, (folder / Path(name).name).open("wb") as file:
            shutil.copyfileobj(content, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
    there = {path.name for path in folder.iterdir()}
    with as_sentence("the list of its tables"):
        for release in Store(staged).releases(pack.told.slug).values():
            if release.scope != pack.told.slug or f"{release.name}.parquet" not in there:
                raise ValueError(f"{release.name} is not among them")
    return folder


def _take_in(pack: ExitPack, staged: Path, folder: Path) -> Programme:
    """The programme, with its rows in the database and its tables in their place. Where anything fails, neither is."""
    try:
        with transaction.atomic():
            programme = _written(pack)
            if any(staged.iterdir()):
                folder.parent.mkdir(parents=True, exist_ok=True)
                staged.rename(folder)
    except BaseException:
        if not staged.exists():
            shutil.rmtree(folder)
        raise
    return programme


def _written(pack: ExitPack) -> Programme:
    """The programme, once its rows are in the database as the pack says."""
    programme = Programme(pk=pack.told.programme, slug=pack.told.slug)
    for part in parts_of(programme).values():
        with as_sentence(f"the rows of {part.label}"):
            _write(pack, part, programme)
    with as_sentence("the pack as a whole"):
        connection.check_constraints()
    _check_written(pack, programme)
    programme.refresh_from_db()
    return programme


def _write(pack: ExitPack, part: Part, programme: Programme) -> None:
    """Nothing; the part's rows are in the database. Raises ValueError for one that is not the programme's."""
    rows, told = pack.rows_of(part), 0
    while some := list(islice(rows, ROWS_AT_ONCE)):
        told += len(some)
        for row in some:
            _check_own(row, programme)
        if part.model is Person:
            _add_people(some)
        else:
            write_rows(part.model, _unknown(part, some), fields=part.fields)
    if part.label not in pack.told.rows or told != pack.told.rows[part.label].size:
        raise ValueError("there are more or fewer of them than the pack says")


def _check_own(row: Row, programme: Programme) -> None:
    """Nothing where the row is this programme's, or of no one programme. Raises ValueError."""
    own = {"programme_id": programme.pk, "chain": programme.slug}
    if "slug" in row:
        own |= {"id": programme.pk, "slug": programme.slug}
    if any(row.get(name, value) != value for name, value in own.items()):
        raise ValueError("one of them is another programme's")


def _unknown(part: Part, rows: list[Row]) -> list[Row]:
    """Those of the rows that are to be added: all but organisations, and earlier states of them, that are here.

    Raises NotAllowed where an organisation here is not the one that the pack means.
    """
    if part.model is DESCRIBED:
        known = list(read_rows(DESCRIBED, among=Q(id__in={row["id"] for row in rows}), fields=part.fields))
        return [row for row in rows if row not in known]
    if part.model is not Organisation:
        return rows
    here = {row["id"]: row for row in read_rows(Organisation, among=Q(pk__in=[row["id"] for row in rows]))}
    codes = dict(Organisation.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "pk"))
    for row in rows:
        if codes.get(row["code"], row["id"]) != row["id"] or here.get(row["id"], row) != row:
            raise NotAllowed(
                f"The organisation “{row['name']}” ({row['code']}) of the pack is not the one that is here under its "
                "code or id: a pack goes where each stands for the same."
            )
    return [row for row in rows if row["id"] not in here]


def _add_people(rows: list[Row]) -> None:
    """Nothing; who is not here yet is, and cannot sign in before somebody invites them.

    Raises NotAllowed where a person here is not the one that the pack means.
    """
    here = {one.pk: identity_of(one) for one in Person.objects.filter(pk__in=[row["id"] for row in rows])}
    for row in rows:
        others = Person.objects.filter(email__iexact=row["email"]).exclude(pk=row["id"])
        if here.get(row["id"], row) != row or (row["email"] and others.exists()):
            raise NotAllowed(
                f"“{row['first_name']} {row['last_name']}” of the pack is not the person who is here under that id or "
                "e-mail address: nobody is taken for another. Change the address here, then take the pack in again."
            )
    new = [row for row in rows if row["id"] not in here]
    Person.objects.bulk_create(Person(**row, username=_user_name(row), password=make_password(None)) for row in new)


def _user_name(row: Row) -> str:
    """By what a person will sign in once they are invited: their address where nobody else does, else their id."""
    email: str = row["email"]
    taken = len(email) > LONGEST_USER_NAME or Person.objects.filter(username__iexact=email).exists()
    return str(row["id"]) if taken or not email else email


def _check_written(pack: ExitPack, programme: Programme) -> None:
    """Nothing where the programme is here as the pack says. Raises WrongState.

    What is shared, and what was once so, must be of this programme's own records: a record is found by its id alone.
    """
    for label, part in parts_of(programme).items():
        if part.digest() != pack.told.rows[label]:
            raise WrongState(f"The rows of {label} are not those of the pack once they are in this database.")
    shared = set(Grant.objects.filter(programme=programme).values_list("record", flat=True))
    for model in RECORDS.values():
        own = model._default_manager.filter(programme=programme).values("pk")
        shared -= set(own.filter(pk__in=shared).values_list("pk", flat=True))
        if model.history.filter(programme=programme).exclude(id__in=own).exists():
            raise WrongState(f"{pack.path} tells of earlier states of records that it does not hold.")
    if shared:
        raise WrongState(f"{pack.path} shares records that it does not hold.")
