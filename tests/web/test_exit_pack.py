"""Exit packs: a programme goes out whole and comes in the very same, or not at all; on either database."""

import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.cli import main
from parity.register.invitations.actions import is_awaited
from parity.register.jobs.actions import enqueue, file_of, run_job
from parity.register.memberships.actions import Seat, seat_person
from parity.register.models import Event, Grant, Head, Organisation, Person, Programme, Statement
from parity.register.records.actions import Keeping, change_record, share_record, withdraw_record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.sources.brought.table_schema import read_table, schema_from
from parity.terms.errors import NotAllowed, ParityError
from parity.web.backup.drill import digests
from parity.web.backup.rows import kept_models
from parity.web.exit_pack.package import NAME
from parity.web.exit_pack.scope import LEFT_OUT, parts_of, programme_digests
from parity.web.exit_pack.taking_in import take_in
from parity.web.exit_pack.writing import write_exit_pack
from tests.emptying import empty_database
from tests.given import EXAMPLES
from tests.members import LONG_AGO, join
from tests.processes import parity, python
from tests.register.worlds import TODAY, add, organisation, person, programme
from tests.web.packing import AREA, Change, Files, contents, packed, rewritten, small_programme

OTHERS = ("account", "auth", "contenttypes", "mfa", "socialaccount")
"""Apps whose rows are of sign-in or made at set-up."""
NOWHERE = UUID(int=7)
TEXTS = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=20).map(str.strip).filter(bool)
ACTS = st.lists(
    st.tuples(st.sampled_from(("add", "change", "share", "withdraw")), st.integers(0, 5), TEXTS),
    max_size=10,
    unique_by=lambda act: act[2],
)


@pytest.fixture
def small(transactional_db: None, home: Path) -> Programme:
    return small_programme(home)


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The pack of a small programme; the database is empty afterwards."""
    folder = tmp_path_factory.mktemp("pack")
    with django_db_blocker.unblock(), override_settings(PARITY_HOME=folder / "home"):
        write_exit_pack(small_programme(folder / "home"), folder / "pack.zip", folder / "home")
        empty_database()
    return (folder / "pack.zip").read_bytes()


@pytest.fixture
def pack(transactional_db: None, home: Path, tmp_path: Path, written: bytes) -> Path:
    """A pack, beside an instance in which nothing is."""
    home.mkdir(exist_ok=True)
    path = tmp_path / "pack.zip"
    path.write_bytes(written)
    return path


def wipe(home: Path) -> None:
    empty_database()
    shutil.rmtree(home)
    home.mkdir()


def everything(home: Path) -> list[tuple[str, Any]]:
    """All that an instance holds but what every set-up makes."""
    return [(name, told) for name, told in digests(home) if name.partition(".")[0] not in OTHERS]


# There and back


def test_what_went_out_comes_in_the_very_same(small: Programme, home: Path, tmp_path: Path) -> None:
    before, small = list(programme_digests(small, home)), Programme.objects.get()
    state = {label: list(part.rows()) for label, part in parts_of(small).items()}
    write_exit_pack(small, tmp_path / "pack.zip", home)
    assert (tmp_path / "pack.zip").stat().st_mode & 0o777 == 0o600
    wipe(home)
    come = take_in(tmp_path / "pack.zip", home)
    assert (come.slug, come.lead.code, come.records_version) == ("here", "ours", small.records_version)
    assert list(programme_digests(come, home)) == before
    assert {label: list(part.rows()) for label, part in parts_of(come).items()} == state
    assert {label for label, rows in state.items() if not rows} == set()
    assert [path.name for path in home.iterdir()] == ["tables"]


def test_the_chain_and_every_record_are_as_they_were(
    pack: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(pack, home)
    assert main(["verify", "here"]) == 0
    assert capsys.readouterr().out.endswith("Every chain is whole, and every record is as its last event left it.\n")


def test_what_is_done_afterwards_follows_what_was_done_before(pack: Path, home: Path) -> None:
    come, last = take_in(pack, home), Event.objects.order_by("number").last()
    by = Person.objects.get(first_name="Director")
    change_record(RECORDS["risks"].objects.first(), {"note": "Third"}, by=by, on=TODAY, reason="New")
    assert last is not None
    assert Event.objects.get(number=last.number + 1).previous == last.hash
    come.organisations.add(organisation("new"))
    assert main(["verify", "here"]) == 0


def test_it_comes_into_an_instance_with_other_programmes(pack: Path, home: Path) -> None:
    other = small_programme(home, slug="other", name="other-")
    before = list(programme_digests(other, home))
    take_in(pack, home)
    assert list(programme_digests(other, home)) == before
    assert sorted(Programme.objects.values_list("slug", flat=True)) == ["here", "other"]
    assert main(["verify"]) == 0


def test_a_second_programme_of_the_same_people_finds_them(pack: Path, home: Path, tmp_path: Path) -> None:
    come = take_in(pack, home)
    second = programme("second", *come.organisations.order_by("code"), by=Person.objects.get(first_name="Director"))
    write_exit_pack(second, tmp_path / "second.zip", home)
    wipe(home)
    take_in(tmp_path / "second.zip", home)
    assert Person.objects.count() == 1
    take_in(pack, home)
    assert (Person.objects.count(), Organisation.objects.count()) == (2, 3)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_any_world_goes_out_and_comes_in(transactional_db: None, home: Path, tmp_path: Path, acts: list[Any]) -> None:
    path = tmp_path / f"{uuid4()}.zip"
    home.mkdir(exist_ok=True)
    try:
        made = played(acts)
        before = list(programme_digests(made, home))
        write_exit_pack(made, path, home)
        wipe(home)
        assert list(programme_digests(take_in(path, home), home)) == before
        assert main(["verify", "here"]) == 0
    finally:
        wipe(home)


def played(acts: list[tuple[str, int, str]]) -> Programme:
    """A programme in which these things were done, each as far as it could be."""
    ours, theirs, by = organisation("ours"), organisation("theirs"), person("director")
    made, kept = programme("here", ours, theirs, by=by), []
    seat_person(by, Seat(made, ours, "director"), by=by, on=LONG_AGO)
    for act, place, text in acts:
        if act == "add" or not kept:
            kept.append(add(Statement, made, keeping=Keeping(ours), by=by, text=text, number=str(len(kept) + 1)))
            continue
        one = Statement.objects.get(pk=kept[place % len(kept)].pk)
        if act == "share":
            share_record(one, Sharing.NAMED, named={theirs: TODAY}, by=by, on=TODAY, reason=text)
        elif act == "change" and not one.withdrawn:
            change_record(one, {"text": text}, by=by, on=TODAY, reason=text)
        elif act == "withdraw":
            withdraw_record(one, by=by, on=TODAY, reason=text)
    return made


def test_figures_are_the_same_in_another_instance(
    transactional_db: None, load: Callable[[Path], Programme], home: Path, tmp_path: Path
) -> None:
    luton, elsewhere = load(EXAMPLES / "luton"), {"PARITY_HOME": str(tmp_path / "elsewhere")}
    path, figures = tmp_path / "pack.zip", ("figures", "--programme", "luton", "--csv")
    write_exit_pack(luton, path, home)
    assert main([*figures, str(tmp_path / "here.csv")]) == 0
    taken = parity("take-in", path, **elsewhere)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout.splitlines()[0] == (
        "“Best value review of mental health and drug and alcohol services” is here as luton. Its people can sign in "
        "once they are invited."
    )
    assert taken.stdout.splitlines()[1].startswith("luton: 284 events, head ")
    assert parity(*figures, tmp_path / "elsewhere.csv", **elsewhere).returncode == 0
    # in the order in which a process met the indicators: this one has met others before
    there, here = (sorted((tmp_path / name).read_bytes().splitlines()) for name in ("elsewhere.csv", "here.csv"))
    assert there == here
    told = parity("digest", "luton", **elsewhere).stdout.splitlines()
    assert told == [f"{sha256} {size:>9} {name}" for name, (size, sha256) in programme_digests(luton, home)]


def test_from_one_database_to_another(pack: Path, home: Path, tmp_path: Path, request: Any) -> None:
    """From the database of this run to SQLite in another home, and on PostgreSQL from there to a second one."""
    elsewhere = {"PARITY_HOME": str(tmp_path / "elsewhere")}
    told = [f"{sha256} {size:>9} {name}" for name, (size, sha256) in programme_digests(take_in(pack, home), home)]
    assert parity("take-in", pack, **elsewhere).returncode == 0
    assert parity("digest", "here", **elsewhere).stdout.splitlines() == told
    if connection.vendor == "postgresql":
        again = {"PARITY_HOME": str(tmp_path / "again"), "DATABASE_URL": request.getfixturevalue("postgresql")}
        assert parity("export", "here", tmp_path / "again.zip", **elsewhere).returncode == 0
        assert parity("take-in", tmp_path / "again.zip", **again).returncode == 0
        assert parity("digest", "here", **again).stdout.splitlines() == told


def test_every_model_is_in_a_pack_or_left_out_for_a_reason(db: None) -> None:
    ours = {label for label in kept_models() if label.partition(".")[0] not in OTHERS}
    held = set(parts_of(Programme(slug="here")))
    assert (ours - held - set(LEFT_OUT), held & set(LEFT_OUT), set(LEFT_OUT) - ours) == (set(), set(), set())


# What people read in it


def test_every_table_fits_its_schema(small: Programme, home: Path, tmp_path: Path) -> None:
    folder = unpacked(small, home, tmp_path)
    tables = [one for one in json.loads((folder / NAME).read_text())["resources"] if one["type"] == "table"]
    faults, rows = {}, {}
    for one in tables:
        frame, found = read_table(folder / one["path"], schema_from(json.dumps(one["schema"])), areas=frozenset({AREA}))
        faults |= {one["path"]: found} if found else {}
        rows[one["name"]] = frame.height
    assert faults == {}
    assert {stem: rows[stem] for stem in RECORDS} == {stem: model.objects.count() for stem, model in RECORDS.items()}
    people = [rows[f"people-{name}"] for name in ("organisations", "memberships", "shared_by_name")]
    assert (rows["areas"], people) == (1, [2, 2, len(RECORDS)])


def test_it_is_a_data_package_to_others(small: Programme, home: Path, tmp_path: Path) -> None:
    folder = unpacked(small, home, tmp_path)
    command = [sys.executable, "-m", "frictionless", "validate", NAME, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert [task["errors"] for task in report["tasks"] if task["errors"]] == report["errors"] == []
    assert report["stats"]["tasks"] == len(contents(tmp_path / "pack.zip")) - 1


def test_its_events_are_checked_by_the_script_in_it(small: Programme, home: Path, tmp_path: Path) -> None:
    folder = unpacked(small, home, tmp_path)
    head = Head.objects.get(chain="here").hash
    for words, said in (((head,), "The chain is whole.\n"), ((), "The chain is whole.\n")):
        with (folder / "events.jsonl").open() as events:
            command = [sys.executable, "verify_events.py", *words]
            done = subprocess.run(command, cwd=folder, stdin=events, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, said)


def unpacked(made: Programme, home: Path, tmp_path: Path) -> Path:
    write_exit_pack(made, tmp_path / "pack.zip", home)
    with ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def test_nothing_by_which_somebody_signs_in_is_in_it(small: Programme, home: Path, tmp_path: Path) -> None:
    someone = Person.objects.get(first_name="Other")
    someone.set_password("a secret of mine")
    someone.save()
    write_exit_pack(small, tmp_path / "pack.zip", home)
    whole = b"\n".join(contents(tmp_path / "pack.zip").values())
    assert {word: word in whole for word in (b"argon2", b"password\"", b"username", someone.password.encode())} == {
        b"argon2": False, b"password\"": False, b"username": False, someone.password.encode(): False,
    }  # fmt: skip
    wipe(home)
    take_in(tmp_path / "pack.zip", home)
    people = list(Person.objects.order_by("first_name"))
    assert [(one.first_name, one.email, one.username) for one in people] == [
        ("Director", "", str(people[0].pk)), ("Other", "other@example.org", "other@example.org"),
    ]  # fmt: skip
    assert [is_awaited(one) for one in people] == [True, True]


def test_who_has_no_name_is_called_as_they_signed_in(small: Programme, home: Path, tmp_path: Path) -> None:
    Person.objects.filter(username="director").update(first_name="")
    write_exit_pack(small, tmp_path / "pack.zip", home)
    wipe(home)
    take_in(tmp_path / "pack.zip", home)
    assert Person.objects.filter(first_name="director").count() == 1


# What is refused


def refusal(path: Path, home: Path) -> str:
    """Why a pack was not taken in. Nothing of it is kept."""
    before = everything(home)
    with pytest.raises(ParityError) as refused:
        take_in(path, home)
    assert everything(home) == before
    assert [name.name for name in home.iterdir() if name.name.startswith("taking-in")] == []
    return str(refused.value)


def test_a_programme_that_is_here_is_left_alone(pack: Path, home: Path) -> None:
    take_in(pack, home)
    assert refusal(pack, home) == "There is a programme called here here, or what one left: it is not written over."


@pytest.mark.parametrize("left", ["tables", "chain"])
def test_what_a_programme_left_is_not_written_over(pack: Path, home: Path, left: str) -> None:
    if left == "tables":
        (home / "tables" / "here").mkdir(parents=True)
    else:
        Head.objects.create(chain="here")
    assert refusal(pack, home).startswith("There is a programme called here here, or what one left")


def altered(files: Files) -> None:
    files["rows/review.risk.jsonl"] = files["rows/review.risk.jsonl"].replace(b"Second", b"Sekond")


def gone(files: Files) -> None:
    del files["rows/review.risk.jsonl"]


def beside(files: Files) -> None:
    files["notes.txt"] = b"mine"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (altered, " was changed or damaged: “rows/review.risk.jsonl” is not what was written."),
        (gone, " is not whole: it lacks “rows/review.risk.jsonl”."),
        (beside, " holds “notes.txt”, of which its datapackage.json does not tell."),
        (lambda files: files.pop(NAME), " is no exit pack of Parity, or it is damaged. Take another copy of it."),
    ],
)
def test_what_is_not_what_was_written_is_found(pack: Path, home: Path, change: Change, sentence: str) -> None:
    path = rewritten(pack, change, honest=False)
    assert refusal(path, home) == f"{path}{sentence}"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_changed_byte_and_a_half_file_are_found(pack: Path, home: Path, part: float) -> None:
    whole = pack.read_bytes()
    place = int(len(whole) * part)
    pack.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert str(pack) in refusal(pack, home)
    pack.write_bytes(whole[:place])
    assert refusal(pack, home) == f"{pack} is no exit pack of Parity, or it is damaged. Take another copy of it."


@pytest.mark.parametrize("content", [b"", b"PK", b"no pack", bytes(10_000), b"PK\x05\x06" + bytes(18), packed({})])
def test_a_file_that_is_no_pack_is_refused(pack: Path, home: Path, content: bytes) -> None:
    pack.write_bytes(content)
    assert refusal(pack, home) == f"{pack} is no exit pack of Parity, or it is damaged. Take another copy of it."


OUTSIDE = " is no exit pack of Parity: it is encrypted, or names files outside of it."
LARGE = " holds more than 2 GB once unpacked, or more than 10,000 files: that is no exit pack."


@pytest.mark.parametrize(
    "name", ["../outside", "files/tables/here/../../secret-key", "/etc/passwd", "files\\tables\\x", "c:x", "readme.TXT"]
)
def test_a_name_that_leads_elsewhere_is_refused(pack: Path, home: Path, name: str) -> None:
    path = rewritten(pack, lambda files: files.update({name: b"x"}))
    assert refusal(path, home) == f"{path}{OUTSIDE}"


def bomb(files: Files) -> None:
    files["files/tables/here/zeros.parquet"] = bytes(20_000_000)


def very_many(files: Files) -> None:
    files |= {f"documents/{number}.txt": b"" for number in range(10_000)}


@pytest.mark.parametrize("change", [bomb, very_many])
def test_what_grows_without_bounds_is_refused(pack: Path, home: Path, change: Change) -> None:
    path = rewritten(pack, change)
    assert refusal(path, home) == f"{path}{LARGE}"


def test_a_list_of_files_without_bounds_is_not_read(pack: Path, home: Path) -> None:
    whole = pack.read_bytes()
    for length, before in ((4_000_000, b""), (100, b"PK\x06\x07" + bytes(16))):
        pack.write_bytes(whole[:-22] + before + whole[-22:-10] + struct.pack("<I", length) + whole[-6:])
        assert refusal(pack, home) == f"{pack} is no exit pack of Parity, or it is damaged. Take another copy of it."


def saying(**more: object) -> Change:
    """A pack that says something else of itself."""

    def change(files: Files) -> None:
        told = json.loads(files[NAME])
        told["parity"] |= more
        files[NAME] = json.dumps(told).encode()

    return change


def test_another_version_is_refused_with_what_to_do(pack: Path, home: Path) -> None:
    newer = rewritten(pack, saying(layout=2, version="9.0.0"))
    assert refusal(newer, home).startswith(f"{newer} was written in layout 2 by Parity 9.0.0; this is Parity ")
    other = rewritten(pack, saying(migrations=["register.0001_initial"], version="0.0.9"))
    assert refusal(other, home).startswith(f"{other} was written by Parity 0.0.9, whose records have other tables ")
    for rows in (7, {"review.risk": 7}):
        none = rewritten(pack, saying(rows=rows))
        assert refusal(none, home) == f"The datapackage.json in {none} is none that Parity wrote."
    seen = rewritten(pack, saying(holds="what one person may see"))
    assert refusal(seen, home).startswith(f"{seen} is not the whole programme, so it is not taken in. It holds what ")


def lines(files: Files, label: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Nothing; each line of a file is changed, or gone."""
    name = "events.jsonl" if label == "register.event" else f"rows/{label}.jsonl"
    changed = (change(json.loads(line)) for line in files[name].splitlines())
    files[name] = b"".join(json.dumps(row).encode() + b"\n" for row in changed if row is not None)


def each_with(label: str, **more: object) -> Change:
    return lambda files: lines(files, label, lambda row: {**row, **more})


def twice(files: Files) -> None:
    files["rows/review.risk.jsonl"] *= 2


def renamed(files: Files) -> None:
    files["rows/review.risk.jsonl"] = files["rows/review.risk.jsonl"].replace(b'"note"', b'"notes"')


def deep(files: Files) -> None:
    files["rows/review.risk.jsonl"] = b"[" * 100_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            each_with("review.risk", programme_id=str(NOWHERE)),
            "the rows of review.risk: one of them is another programme",
        ),
        (
            each_with("review.historicalrisk", programme_id=str(NOWHERE)),
            "the rows of review.historicalrisk: one of them",
        ),
        (
            each_with("register.membership", programme_id=str(NOWHERE)),
            "the rows of register.membership: one of them is ",
        ),
        (each_with("register.event", chain="there"), "the rows of register.event: one of them is another programme's"),
        (each_with("register.programme", slug="there"), "the rows of register.programme: one of them is another progr"),
        (each_with("review.risk", organisation_id=str(NOWHERE)), ""),
        (each_with("review.risk", sharing=7), ""),
        (each_with("review.risk", raised="soon"), "the rows of review.risk: "),
        (twice, "the rows of review.risk: "),
        (renamed, "the rows of review.risk: "),
        (deep, "the rows of review.risk: "),
        (gone, "the rows of review.risk: there are more or fewer of them than the pack says"),
    ],
)
def test_rows_that_are_not_the_programme_s_are_told_and_none_is_kept(
    pack: Path, home: Path, change: Change, words: str
) -> None:
    told = refusal(rewritten(pack, change), home)
    assert words in told
    assert told.count("\n") == 0


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("review.risk", "title"),
        ("review.historicalrisk", "note"),
        ("register.event", "reason"),
        ("register.head", "hash"),
        ("register.organisation", "name"),
        ("register.person", "last_name"),
    ],
)
def test_rows_that_are_not_those_that_were_counted_are_not_kept(pack: Path, home: Path, label: str, name: str) -> None:
    """Each is a sound row, but says something else."""
    told = refusal(rewritten(pack, each_with(label, **{name: str(uuid4())})), home)
    assert told == f"The rows of {label} are not those of the pack once they are in this database."


def test_nobody_gets_at_records_of_another_programme(pack: Path, home: Path, tmp_path: Path) -> None:
    """A grant and an earlier state are found by a record's id alone: those of a pack must be of its own records."""
    made = take_in(pack, home)
    strange = uuid4()
    grant = Grant.objects.filter(programme=made)
    history = RECORDS["risks"].history.filter(programme=made)  # type: ignore[attr-defined]
    grant.filter(pk=grant.values_list("pk", flat=True)[0]).update(record=strange)
    write_exit_pack(made, tmp_path / "grant.zip", home)
    history.filter(pk=history.values_list("pk", flat=True)[0]).update(id=strange)
    write_exit_pack(made, tmp_path / "history.zip", home)
    wipe(home)
    told = {name: refusal(tmp_path / f"{name}.zip", home) for name in ("grant", "history")}
    assert told == {
        "grant": f"{tmp_path / 'grant.zip'} shares records that it does not hold.",
        "history": f"{tmp_path / 'history.zip'} tells of earlier states of records that it does not hold.",
    }


@pytest.mark.parametrize("slug", ["../x", "england", "Here", ""])
def test_a_name_that_no_programme_may_have_is_refused(pack: Path, home: Path, slug: str) -> None:
    def change(files: Files) -> None:
        files[NAME] = json.dumps({**json.loads(files[NAME]), "name": slug}).encode()

    path = rewritten(pack, change)
    assert refusal(path, home).startswith(f"{path} cannot be taken in. The slug “{slug}” ")


@pytest.mark.parametrize(
    "more",
    [{"name": 7}, {"id": "x"}, {"id": 7}, {"resources": 7}, {"resources": [7]}, {"resources": [{}]},
     {"resources": [{"path": [], "bytes": 0, "hash": ""}]}, {"parity": []}, {"parity": {}}],
)  # fmt: skip
def test_a_package_that_says_nonsense_is_refused(pack: Path, home: Path, more: dict[str, object]) -> None:
    def change(files: Files) -> None:
        files[NAME] = json.dumps({**json.loads(files[NAME]), **more}).encode()

    path = rewritten(pack, change, honest=False)
    assert refusal(path, home) == f"The datapackage.json in {path} is none that Parity wrote."


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b"[" * 100_000, b'{"parity": ', bytes(9)])
def test_a_package_that_is_none_is_refused(pack: Path, home: Path, text: bytes) -> None:
    path = rewritten(pack, lambda files: files.update({NAME: text}), honest=False)
    assert refusal(path, home) == f"The datapackage.json in {path} is none that Parity wrote."


@pytest.mark.parametrize("listing", [b"[]x", b'[{"stem": 7}]', b'[{"stem": "../x"}]'])
def test_a_list_of_tables_that_names_none_is_refused(pack: Path, home: Path, listing: bytes) -> None:
    path = rewritten(pack, lambda files: files.update({"files/tables/here/releases.json": listing}))
    assert refusal(path, home).startswith("This database cannot take in the list of its tables: ")


def test_a_table_that_is_listed_must_be_there(pack: Path, home: Path) -> None:
    path = rewritten(pack, lambda files: files.pop("files/tables/here/areas@1.parquet"))
    assert refusal(path, home) == (
        "This database cannot take in the list of its tables: areas@1 is not among them. It is as before."
    )


def told_of(pack: Path, label: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in contents(pack)[f"rows/{label}.jsonl"].splitlines()]


def test_nobody_is_taken_for_another(pack: Path, home: Path) -> None:
    other = next(row for row in told_of(pack, "register.person") if row["email"])
    sentence = (
        "“Other Person” of the pack is not the person who is here under that id or e-mail address: nobody is taken for "
        "another. Change the address here, then take the pack in again."
    )
    one = Person.objects.create(username="same address", email=other["email"].upper())
    assert refusal(pack, home) == sentence
    one.delete()
    Person.objects.create(id=other["id"], username="same id", email="another@example.org")
    assert refusal(pack, home) == sentence


@pytest.mark.parametrize("same", ["id", "code"])
def test_no_organisation_is_taken_for_another(pack: Path, home: Path, same: str) -> None:
    theirs = next(row for row in told_of(pack, "register.organisation") if row["code"] == "theirs")
    Organisation.objects.create(**{"name": "Another", "code": "another", "kind": "council", same: theirs[same]})
    assert refusal(pack, home) == (
        "The organisation “Theirs council” (theirs) of the pack is not the one that is here under its code or id: a "
        "pack goes where each stands for the same."
    )


def test_a_name_to_sign_in_by_that_is_taken_goes_to_nobody_else(pack: Path, home: Path) -> None:
    Person.objects.create(username="other@example.org")
    take_in(pack, home)
    come = Person.objects.get(email="other@example.org")
    assert come.username == str(come.pk)


def test_no_pack_is_written_over_another(small: Programme, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_text("last week's")
    with pytest.raises(NotAllowed) as refused:
        write_exit_pack(small, path, home)
    assert str(refused.value) == f"{path} exists, and no pack is written over another: name a new file."
    assert (path.read_text(), [each.name for each in tmp_path.glob("pack*")]) == ("last week's", ["pack.zip"])


# By the page


@pytest.fixture
def browser() -> Callable[[str], Client]:
    def opened(name: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(Person.objects.get(username=name))
        return client

    return opened


def test_who_may_audit_takes_out_what_they_see(
    small: Programme, home: Path, browser: Callable[[str], Client], tmp_path: Path
) -> None:
    theirs = Organisation.objects.get(code="theirs")
    join(person("auditor"), small, role="scrutiny_member", organisation=theirs)
    answer = browser("auditor").post("/here/take-out/", {"what": "export"})
    asked = enqueue("export", {}, by=Person.objects.get(username="auditor"), on=TODAY, programme=small)
    assert answer["Location"] == f"/jobs/{asked.pk}/"
    run_job(str(asked.pk))
    asked.refresh_from_db()
    assert (asked.state, asked.failure, asked.result["files"]) == ("done", "", ["here-exit-pack.zip"])
    path = file_of(asked, "here-exit-pack.zip", by=asked.by, on=TODAY)
    files = contents(path)
    named = {stem: model.objects.filter(sharing=Sharing.NAMED).count() for stem, model in RECORDS.items()}
    seen = {stem: len(files[f"registers/{stem}.csv"].decode().split("\r\n")) - 2 for stem in RECORDS}
    assert named == dict.fromkeys(RECORDS, 1)
    assert files["people/shared_by_name.csv"].count(b"\r\n") == 1
    assert {name.partition("/")[0] for name in files} == {
        "README.txt", NAME, "documents", "registers", "tables", "people", "events.jsonl",
    }  # fmt: skip
    assert seen == named
    read = Event.objects.filter(verb="read", by=str(asked.by_id))
    assert read.count() == sum(named[stem] for stem, model in RECORDS.items() if model.SENSITIVE)
    assert refusal(path, home).startswith(f"{path} is not the whole programme, so it is not taken in.")


def test_the_strategy_pack_is_for_everybody_and_the_exit_pack_for_roles_that_audit(
    small: Programme, browser: Callable[[str], Client]
) -> None:
    join(person("officer"), small)
    client = browser("officer")
    page = client.get("/here/take-out/").content.decode()
    assert (page.count("<form method"), "Yours may not." in page) == (1, True)
    assert client.post("/here/take-out/", {"what": "export"}).status_code == 403
    assert client.post("/here/take-out/", {"what": "sample"}).status_code == 404
    assert client.post("/here/take-out/", {"what": "pack"}).status_code == 302
    assert browser("director").get("/here/take-out/").content.decode().count("<form method") == 2


# The command


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    status = main([str(word) for word in words])
    heard = capsys.readouterr()
    return status, heard.out + heard.err


def test_the_command_says_what_it_did(
    small: Programme, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    status, told = said(capsys, "export", "here", path)
    assert (status, told.splitlines()[0]) == (
        0, f"The whole programme is in {path}, with what each partner keeps to itself: mind who gets it.",
    )  # fmt: skip
    known = "No programme is called “there”. There are: here.\n"
    assert said(capsys, "export", "there", tmp_path / "none.zip") == (2, known)
    assert said(capsys, "digest", "there") == (2, known)
    assert said(capsys, "take-in", tmp_path / "none.zip") == (
        2,
        f"{tmp_path / 'none.zip'}: No such file or directory.\n",
    )


def test_what_was_altered_before_it_came_is_told(small: Programme, home: Path, tmp_path: Path, capsys: Any) -> None:
    """It comes in all the same: whoever leaves must not be held by what somebody did to them."""
    Event.objects.filter(number=1).update(reason="Another")
    write_exit_pack(small, tmp_path / "pack.zip", home)
    wipe(home)
    status, told = said(capsys, "take-in", tmp_path / "pack.zip")
    assert (status, told.splitlines()[2:]) == (1, ["  Event 1 was altered."])


KILLED = """
import os, sys, django; django.setup()
from pathlib import Path
from django.conf import settings
from parity.web.exit_pack import taking_in
from parity.web.verbs import migrate
migrate()
taking_in._check_written = lambda pack, programme: os._exit(9)
taking_in.take_in(Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["PACK"]), settings.PARITY_HOME)
"""


def test_whoever_is_killed_half_way_has_taken_in_nothing(pack: Path, tmp_path: Path) -> None:
    elsewhere = {"PARITY_HOME": str(tmp_path / "elsewhere")}
    assert python(KILLED, PACK=str(pack), **elsewhere).returncode == 9
    assert parity("take-in", pack, **elsewhere).returncode == 0
