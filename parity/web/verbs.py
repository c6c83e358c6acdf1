"""What each verb of the terminal does."""

import csv
import json
import os
import secrets
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.utils import timezone

import parity
from parity.analyse.assessment.actions import write_assessment
from parity.analyse.places.rules import areas_named, place_from
from parity.layout.csv_file import safe_text
from parity.register.intake.actions import enlist_transcriber, load_programme
from parity.register.memberships.actions import Seat, seat_person
from parity.register.models import Person, Programme
from parity.register.policy import partnership
from parity.review.pack.actions import write_pack
from parity.review.tie_out.documents import programme_tie_out, relations_tie_out, result_counts
from parity.sources.brought.loose_tables import read_loose_table
from parity.sources.brought.programme import read_programme
from parity.sources.brought.toml_text import read_toml
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.errors import NotAllowed, NotFound
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE
from parity.terms.units import write_number
from parity.web.checks import refuse_unsafe
from parity.web.database import setting_up
from parity.web.serving import open_server, worker_beside

Item = TypeVar("Item")
EXAMPLES = Path(parity.__file__).parent.parent / "examples"
DEMO_PEOPLE = (
    ("commissioner", "Demo commissioner", "director"),
    ("analyst", "Demo analyst", "performance_analyst"),
    ("partner", "Demo partner", "lead_commissioner_nhs"),
)
"""Each demo person: sign-in name, name and role."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PASSWORD_BYTES = 9
FIGURE_COLUMNS = (
    "key", "title", "stage", "topic", "area", "area_name", "period", "where", "value", "lower", "upper", "unit",
    "text", "basis", "price_year", "missing", "caveats", "releases",
)  # fmt: skip


def demo(given: Namespace) -> int:
    """0; the examples are loaded, their packs written, three demo people may sign in, and the pages are served."""
    _check_loopback(given.host)
    settings.DEMO = True
    migrate()
    folders = sorted(entry for entry in EXAMPLES.iterdir() if (entry / "programme.toml").exists())
    for folder in _progress(folders, "Loading"):
        _load(folder)
    programmes = list(Programme.objects.filter(slug__in=[folder.name for folder in folders]))
    for programme in _progress(programmes, "Writing packs"):
        write_pack(_shared_desk(programme), programme, Path(given.into))
    print(f"Packs are in {Path(given.into).resolve()}.")
    people = _enlist_demo_people()
    _seat_demo_people(Programme.objects.all())
    if given.no_serve:
        return 0
    print("Sign in as one of:")
    for name, password in people:
        print(f"  {name}  {password}")
    return _serve(given)


def load(given: Namespace) -> int:
    """0; the folder is a programme now."""
    migrate()
    programme = _load(Path(given.folder))
    _seat_demo_people([programme])
    desk = _desk(programme.slug)
    print(f"Loaded “{programme.title}” as {programme.slug} ({len(desk.own_releases())} tables).")
    return 0


def figure(given: Namespace) -> int:
    """0; every figure that matches is printed, as JSON where asked."""
    desk = _known_desk(given.programme)
    where = _pairs(given.where)
    if given.area:
        where["area"] = _area_code(desk, given.area)
        desk = desk.looking_at([where["area"]]) if given.programme == ENGLAND_SCOPE else desk
    if given.period:
        where["period"] = given.period
    figures = desk.figures(given.key)
    found = figures.all(**where) or [figures.one(**where)]
    if given.json:
        print(json.dumps([one.as_json() for one in found], indent=2, ensure_ascii=False))
        return 0
    for one in found:
        print("\n".join(_told(one)))
    return 0


def _told(one: Figure) -> Iterator[str]:
    """A figure as lines: title and value, interval, basis, why missing, formula, caveats, releases."""
    yield f"{one.title}: {one.text}"
    if one.interval_text:
        yield f"  interval  {one.interval_text} ({one.indicator.interval})"
    if one.missing:
        yield f"  missing   {one.missing}"
    if one.basis:
        yield f"  basis     {one.basis}"
    yield f"  formula   {one.indicator.formula}"
    yield from (f"  caveat    {caveat}" for caveat in one.caveats)
    yield from (f"  from      {release.name} ({release.address})" for release in one.releases)


def figures(given: Namespace) -> int:
    """0; the programme's figures are in the file, one row each."""
    desk = _known_desk(given.programme)
    where = _pairs(given.where)
    _check_names(where)
    if given.programme == ENGLAND_SCOPE and "area" in where:
        desk = desk.looking_at([where["area"]])
    every = list(desk.figures(where["key"]) if "key" in where else desk.all_figures())
    rows = [row for one in _progress(every, "Writing figures") if _fits(row := _row(one), where)]
    _write_csv(Path(given.csv), FIGURE_COLUMNS, rows)
    print(f"{len(rows)} figures written to {given.csv}.")
    return 0


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Nothing; the columns of the rows are in the file, and no text in it is a formula to a spreadsheet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            cells = (row[name] for name in columns)
            writer.writerow(safe_text(cell) if isinstance(cell, str) else cell for cell in cells)


def _check_names(where: Iterable[str]) -> None:
    """Nothing. Raises NotFound for a name that no figure has."""
    known = {*FIGURE_COLUMNS, *(name for one in CATALOGUE.values() for name in one.dimensions)}
    unknown = sorted(set(where) - known)
    if unknown:
        raise NotFound(f"No figure has a {unknown[0]}. There are: {', '.join(sorted(known))}.")


def _row(one: Figure) -> dict[str, object]:
    told = one.as_json()
    places = {"stage": one.indicator.stage, "topic": one.indicator.topic}
    joined = {
        "where": "; ".join(f"{name}={value}" for name, value in one.where),
        "caveats": " ".join(one.caveats),
        "releases": " ".join(release.name for release in one.releases),
    }
    return {**told, **places, **dict(one.where), **joined}


def _fits(row: dict[str, object], where: dict[str, str]) -> bool:
    return all(str(row.get(name)) == value for name, value in where.items())


def tie_out(given: Namespace) -> int:
    """0; the results are counted, every discrepancy is told, and all rows are in the file where one was named."""
    if given.programme and (given.table or given.relations):
        raise NotAllowed("Name a programme, or a table with its relations, not both.")
    if given.programme:
        rows = programme_tie_out(_known_desk(given.programme))
    elif given.table and given.relations:
        tables = _loose_tables([Path(file) for file in given.table])
        rows = relations_tie_out(read_toml(Path(given.relations)), tables)
    else:
        raise NotFound("Name a programme, or give --table FILE and --relations FILE.")
    if rows.is_empty():
        print("No relation between published figures is declared, so there is nothing to recompute.")
    for status, count in result_counts(rows):
        print(f"{count:5d}  {status}")
    for row in rows.filter(rows["status"] == "discrepancy").iter_rows(named=True):
        print(
            f"{row['id']}: {row['says']}: printed {row['printed']}, recomputed {write_number(row['recomputed'])} "
            f"{row['unit']} (tolerance {write_number(row['tolerance'])}); {_needed(row)}"
        )
    if given.csv:
        _write_csv(Path(given.csv), rows.columns, rows.iter_rows(named=True))
        print(f"{rows.height} rows written to {given.csv}.")
    return 0


def _needed(row: Mapping[str, Any]) -> str:
    """What would make a discrepancy right, or the note that says why nothing would."""
    if row["implied"] is None:
        return str(row["note"])
    return f"{row['solved_for'].replace('_', ' ')} would have to be {write_number(row['implied'])}"


def _loose_tables(paths: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """Each file's table by its name. Raises NotAllowed where two bear the same."""
    tables = {path.stem: read_loose_table(path) for path in paths}
    if len(tables) < len(paths):
        raise NotAllowed("Two of the tables bear the same name: a relation could not tell them apart.")
    return tables


def pack(given: Namespace) -> int:
    """0; the programme's pack is in the folder, or the assessment of an area of England."""
    if given.programme == ENGLAND_SCOPE:
        return _assess(given)
    _known_desk(given.programme)
    programme = Programme.objects.get(slug=given.programme)
    for path in write_pack(_shared_desk(programme), programme, Path(given.into)):
        print(path)
    return 0


def _assess(given: Namespace) -> int:
    desk = _known_desk(ENGLAND_SCOPE)
    if not given.area:
        raise NotFound("Say of which area of England: --area NAME or CODE.")
    year = given.year or str(timezone.localdate().year)
    place, wrong = place_from(desk.areas, _area_code(desk, given.area), compared=given.compare, year=year)
    if wrong:
        raise NotFound(" ".join(wrong))
    for path in write_assessment(desk, place, Path(given.into)):
        print(path)
    return 0


def serve(given: Namespace) -> int:
    """0 when interrupted; until then the pages are served. Raises NotAllowed where it would be unsafe."""
    migrate()
    if given.host not in LOOPBACK or not settings.ON_LOOPBACK:
        refuse_unsafe()
    return _serve(given)


def _serve(given: Namespace) -> int:
    with _opened(given.host, given.port) as server, nullcontext() if given.no_work else worker_beside():
        host, port = server.server_address[:2]
        if settings.ON_LOOPBACK:
            settings.ADDRESS = f"http://{host!s}:{port}"
        print(f"Parity is at http://{host!s}:{port}/ – press Ctrl+C to stop.", flush=True)
        server.serve_forever()
    return 0


def _opened(host: str, port: int) -> ThreadedWSGIServer:
    """The server. Raises NotAllowed with a sentence where the address cannot be listened on."""
    try:
        return open_server(host, port)
    except OSError as error:
        reason = error.strerror or error
        raise NotAllowed(f"{host}:{port} cannot be listened on: {reason}. Try another --port.") from None


def _check_loopback(host: str) -> None:
    """Nothing on this machine's own address. Raises NotAllowed elsewhere: demo passwords are for one's own machine."""
    if host not in LOOPBACK:
        raise NotAllowed("The demo is served on this machine alone: use 127.0.0.1.")
    if not settings.ON_LOOPBACK:
        raise NotAllowed("The demo is served on this machine alone: unset PARITY_ALLOWED_HOSTS.")


def migrate() -> None:
    """Nothing; the records' tables are those of this version. Of two processes the second waits for the first."""
    with setting_up(settings.PARITY_HOME):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)


def _load(folder: Path) -> Programme:
    now = timezone.now()
    read = read_programme(folder, at=now.isoformat(timespec="seconds"))
    return load_programme(read, _store(), by=enlist_transcriber(), on=timezone.localdate(now))


def _enlist_demo_people() -> list[tuple[str, str]]:
    """Name and password of each demo person; a new password each time, kept only as a hash."""
    told = []
    for name, words, _ in DEMO_PEOPLE:
        person, _ = Person.objects.get_or_create(username=name, defaults={"first_name": words})
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        person.is_demo = True
        person.set_password(password)
        person.save()
        told.append((name, password))
    return told


def _seat_demo_people(programmes: Iterable[Programme]) -> None:
    """Nothing; where there are demo people, two act for each lead, the third for an NHS body, else another partner."""
    by, on = enlist_transcriber(), timezone.localdate()
    people = {one.username: one for one in Person.objects.filter(is_demo=True)}
    for programme in programmes:
        others = programme.organisations.exclude(pk=programme.lead_id)
        other = others.filter(kind="nhs_commissioner").first() or others.first()
        for (name, _, role), organisation in zip(DEMO_PEOPLE, (programme.lead, programme.lead, other), strict=True):
            if name in people and organisation is not None:
                seat_person(people[name], Seat(programme, organisation, role), by=by, on=on)


def _store() -> Store:
    return Store(settings.PARITY_HOME)


def _desk(slug: str) -> Desk:
    return Desk(_store(), slug)


def _shared_desk(programme: Programme) -> Desk:
    """The desk of a document for all partners: without what one of them keeps to itself."""
    return Desk(_store(), programme.slug, partnership(programme, on=timezone.localdate()))


def _known_desk(slug: str) -> Desk:
    """The desk of a programme that is loaded. Raises NotFound naming those that are."""
    loaded = _store().scopes()
    if slug not in loaded:
        known = ", ".join(loaded) or "none; load one with “parity load DIR”"
        raise NotFound(f"No programme is called “{slug}”. Loaded are: {known}.")
    return _desk(slug)


def _area_code(desk: Desk, wanted: str) -> str:
    """The code of an area given by code or name, of namesakes the larger. Raises NotFound naming those there are."""
    for area in areas_named(desk.areas.values(), wanted):
        if wanted.casefold() in (area.code.casefold(), area.name.casefold()):
            return area.code
    known = "; ".join(area.name for area in desk.areas.values())
    raise NotFound(f"The programme knows no area “{wanted}”. It knows: {known}.")


def _pairs(given: Iterable[str]) -> dict[str, str]:
    """`name=value` texts as a dictionary. Raises NotFound for a text of another form."""
    pairs = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise NotFound(f"“{text}” is not of the form NAME=VALUE.")
        pairs[name] = value
    return pairs


def _progress(items: Sequence[Item], words: str) -> Iterator[Item]:
    """The items one by one, counted on standard error where somebody is watching a terminal that can rewrite a line."""
    watched = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    for number, item in enumerate(items, 1):
        if watched:
            end = "\n" if number == len(items) else ""
            print(f"\r{words}: {number} of {len(items)}", end=end, file=sys.stderr, flush=True)
        yield item
