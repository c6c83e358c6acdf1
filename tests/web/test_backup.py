"""Backups: complete, encrypted, restored to the very same or not at all; on whichever database this run has."""

import dataclasses
import hashlib
import io
import json
import shutil
import tarfile
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from parity.cli import main
from parity.register.calendars.actions import calendar_of, give_calendar
from parity.register.models import Event, Organisation, Person, Programme
from parity.register.tokens.actions import Wish, give_token, token_of
from parity.register.tokens.models import Scope
from parity.register.webhooks.actions import add_webhook, secret_of
from parity.terms.errors import NotAllowed, ParityError, WrongState
from parity.web.backup.archive import Key, Lock, Member, passphrase_in, write_archive
from parity.web.backup.drill import digests, drill
from parity.web.backup.manifest import NAME, label_of, place_of
from parity.web.backup.restoring import checked_backup, restore_backup
from parity.web.backup.rows import canonical, columns, kept_models, line_of, row_of
from parity.web.backup.writing import write_backup
from tests.emptying import empty_database
from tests.given import EXAMPLES
from tests.members import join
from tests.processes import parity, python

Rewrite = Callable[[dict[str, bytes]], None]
KEY = Key.made_once()
LOCK = KEY.lock()
PUBLIC = str(LOCK.recipients[0])
WORDS = "three plain words"


@pytest.fixture
def luton(transactional_db: None, load: Callable[[Path], Programme]) -> Programme:
    programme = load(EXAMPLES / "luton")
    Person.objects.update(last_login=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    return programme


@pytest.fixture
def plain(luton: Programme, home: Path, tmp_path: Path) -> Path:
    """A backup that is not encrypted; the instance it was made of is wiped."""
    path = tmp_path / "plain"
    write_backup(path, home, Lock())
    wipe(home)
    return path


def wipe(home: Path) -> None:
    empty_database()
    shutil.rmtree(home)


def nothing_was_kept(home: Path) -> bool:
    left = [path.name for path in home.iterdir() if not path.name.startswith("setting-up")] if home.exists() else []
    return not Person.objects.exists() and not Programme.objects.exists() and left == []


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def rewritten(path: Path, change: Rewrite, *, honest: bool) -> Path:
    """The plain backup with its files changed; an honest one has a manifest that says so."""
    files = contents(path)
    change(files)
    manifest = json.loads(files.pop(NAME))
    if honest:
        manifest["files"] = {name: [len(text), hashlib.sha256(text).hexdigest()] for name, text in files.items()}
    target = path.with_name("changed")
    with tarfile.open(target, "w") as archive:
        for name, text in {**files, NAME: json.dumps(manifest).encode()}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return target


# There and back


@pytest.mark.parametrize(
    ("lock", "key"),
    [(LOCK, KEY), (Lock(passphrase=WORDS), Key(passphrase=WORDS)), (Lock(), Key())],
    ids=["key", "words", "plain"],
)
def test_what_was_wiped_is_restored_to_the_very_same(
    luton: Programme, home: Path, tmp_path: Path, lock: Lock, key: Key
) -> None:
    before, organisations = list(digests(home)), Organisation.objects.count()
    written = write_backup(tmp_path / "backup", home, lock)
    whole = (tmp_path / "backup").read_bytes()
    assert {word in whole for word in (b"Luton", b"manifest", b"rows/")} == {lock == Lock()}
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    wipe(home)
    assert Programme.objects.count() == 0
    assert restore_backup(tmp_path / "backup", home, key) == written
    assert list(digests(home)) == before
    assert len(before) == len(kept_models()) + len(list((home / "tables").rglob("*.*")))
    assert Person.objects.get().last_login == datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    assert Organisation.objects.create(code="new", name="New", kind="council").pk is not None
    assert Organisation.objects.count() == organisations + 1
    assert [path.name for path in home.iterdir() if path.name.startswith("restoring")] == []


def test_a_row_made_after_a_restore_takes_a_number_that_none_has(plain: Path, home: Path) -> None:
    restore_backup(plain, home, Key())
    programme = Programme.objects.get()
    other = Organisation.objects.create(code="new", name="New", kind="council")
    programme.organisations.add(other)
    assert programme.organisations.filter(code="new").count() == 1


def test_sqlite_moves_to_postgresql_and_back(
    luton: Programme, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup, elsewhere = tmp_path / "backup", {"PARITY_HOME": str(tmp_path / "elsewhere")}
    write_backup(backup, home, Lock())
    assert parity("restore", backup, "--into-empty", **elsewhere).returncode == 0
    assert parity("backup", tmp_path / "again", "--plain", **elsewhere).returncode == 0
    assert main(["digest"]) == 0
    told = capsys.readouterr().out
    assert parity("digest", **elsewhere).stdout == told
    wipe(home)
    restore_backup(tmp_path / "again", home, Key())
    assert main(["digest"]) == 0
    assert capsys.readouterr().out == told


def test_the_drill_compares_every_table_and_all_files(luton: Programme, home: Path) -> None:
    checks = list(drill(home))
    assert [check.sentence for check in checks if not check.holds] == []
    named = [check.sentence.partition(":")[0] for check in checks]
    assert named[4:-1] == list(kept_models())
    assert checks[-1].sentence == f"{len(list((home / 'tables').rglob('*.*')))} files"


def test_the_drill_fails_where_an_audit_was_altered(
    luton: Programme, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = Event.objects.order_by("number").last()
    Event.objects.filter(pk=last.pk).update(reason="another")
    assert main(["drill"]) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("holds")]
    assert [line.startswith("FAILS  the audit restored from it is whole: luton: ") for line in failed] == [True]
    assert f" Event {last.number} was altered." in failed[0]


def test_the_end_of_every_audit_is_noted(luton: Programme, home: Path, tmp_path: Path) -> None:
    manifest = write_backup(tmp_path / "backup", home, Lock())
    last = Event.objects.order_by("number").last()
    assert manifest.heads == {last.chain: last.hash}


def test_the_drill_leaves_the_instance_as_it_was(
    luton: Programme, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(digests(home))
    assert main(["drill"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"holds"}
    assert list(digests(home)) == before


# What is in it


def test_secrets_and_sessions_are_not_in_it(luton: Programme, home: Path, tmp_path: Path) -> None:
    (home / "secret-key").write_text("a-key-nobody-may-have")
    session = SessionStore()
    session["who"] = "ana"
    session.save()
    write_backup(tmp_path / "backup", home, Lock())
    whole = (tmp_path / "backup").read_bytes()
    assert (b"a-key-nobody-may-have" in whole, session.session_key.encode() in whole) == (False, False)
    names = set(contents(tmp_path / "backup"))
    assert {name for name in names if not (label_of(name) or place_of(name))} == {NAME}
    assert {label_of(name).partition(".")[0] for name in names if label_of(name)} == {
        "analyse", "auth", "contenttypes", "register", "plan",
    }  # fmt: skip


def test_secrets_told_once_are_not_in_it_and_hold_again(luton: Programme, home: Path, tmp_path: Path) -> None:
    """A webhook's follows from the key of the workspace, which is not in it either."""
    on, owner = date(2026, 1, 2), luton.lead
    ana = Person.objects.create(username="ana")
    join(ana, luton, role="director")
    calendar, address = give_calendar(luton, by=ana, on=on)
    token = give_token(luton, Wish("upload", Scope.READ, date(2026, 2, 1)), by=ana, on=on)[1]
    webhook, secret = add_webhook(luton, owner, "https://hooks.council.example", by=ana, on=on)
    write_backup(tmp_path / "backup", home, Lock())
    whole = (tmp_path / "backup").read_bytes()
    assert [one for one in (address, token.split("_", 2)[2], secret) if one.encode() in whole] == []
    wipe(home)
    restore_backup(tmp_path / "backup", home, Key())
    assert calendar_of(calendar.pk, address, on=on)[0] == calendar
    assert token_of(token, on=on).person == ana
    assert secret_of(webhook) == secret


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_any_json_value_comes_back_as_it_was(value: object) -> None:
    row = {each.attname: None for each in columns(Programme)} | {"described": value}
    again = row_of(Programme, line_of(row))
    assert again == row
    assert canonical(Programme, again) == canonical(Programme, row)


def test_a_digest_does_not_depend_on_how_a_database_writes_json() -> None:
    row = {each.attname: None for each in columns(Programme)}
    one = canonical(Programme, {**row, "described": {"b": 1e16, "a": [2.0]}})
    assert one == canonical(Programme, {**row, "described": {"a": [2], "b": 10**16}})
    assert one != canonical(Programme, {**row, "described": {"a": [2], "b": 10**16 + 2}})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.DateTimeField(), datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        (models.DateField(), date(2026, 1, 2)),
        (models.TimeField(), time(3, 4, 5, 678901)),
        (models.DurationField(), timedelta(days=-1, microseconds=1)),
        (models.DecimalField(max_digits=20, decimal_places=10), Decimal("1234567890.0123456789")),
        (models.UUIDField(), UUID(int=7)),
        (models.FloatField(), 0.1 + 0.2),
        (models.BigIntegerField(), 2**63 - 1),
        (models.BooleanField(), True),
        (models.TextField(), "“a”\r\n\u2028\x01 £"),
    ],
)
def test_every_type_comes_back_exactly(field: "models.Field[object, object]", value: object) -> None:
    field.set_attributes_from_name("told")
    assert line_of({"told": value}).count(b"\n") == 1
    assert field.to_python(json.loads(line_of({"told": value}))["told"]) == value


def test_bytes_come_back_exactly() -> None:
    told = json.loads(line_of({"told": b"\x00\xff"}))["told"]
    assert bytes(models.BinaryField().to_python(told)) == b"\x00\xff"


def test_a_value_of_an_unknown_type_is_no_row() -> None:
    with pytest.raises(TypeError, match="a backup cannot hold a set"):
        line_of({"told": {1}})


def test_many_rows_are_never_held_at_once(transactional_db: None, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    many = 12_000
    Organisation.objects.bulk_create(
        (Organisation(code=str(number), name="A name of some length " * 8, kind="council") for number in range(many)),
        batch_size=1000,
    )
    tracemalloc.start()
    write_backup(tmp_path / "backup", home, LOCK)
    empty_database()
    restore_backup(tmp_path / "backup", home, KEY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Organisation.objects.count() == many
    assert peak < 16 * 2**20


ONE_STATE = """
import django, threading; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from parity.register.models import Organisation
from parity.web.backup.writing import one_state
def write():
    Organisation.objects.create(code="late", name="Late", kind="council")
    connection.close()
with one_state():
    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    print(Organisation.objects.count())
print(Organisation.objects.count())
"""


def test_others_write_meanwhile_and_are_not_seen(home: Path) -> None:
    home.mkdir()
    done = python(ONE_STATE)
    assert (done.stdout.split(), done.stderr) == (["0", "1"], "")


# What is refused


def refusal(path: Path, home: Path, key: Key) -> str:
    """Why a backup was not restored. Nothing of it is kept."""
    with pytest.raises(ParityError) as refused:
        restore_backup(path, home, key)
    assert nothing_was_kept(home)
    return str(refused.value)


def test_an_instance_that_holds_anything_is_left_alone(luton: Programme, home: Path, tmp_path: Path) -> None:
    write_backup(tmp_path / "backup", home, LOCK)
    before = list(digests(home))
    with pytest.raises(NotAllowed, match=r"^This instance holds records already \(analyse\.historicalpolicy\): a "):
        restore_backup(tmp_path / "backup", home, KEY)
    assert list(digests(home)) == before


def test_a_home_that_holds_tables_is_left_alone(plain: Path, home: Path) -> None:
    there = home / "tables" / "here" / "releases.json"
    there.parent.mkdir(parents=True)
    there.write_text("[]")
    with pytest.raises(NotAllowed, match=r"^The home folder holds .*/tables/here already: a backup goes into an "):
        restore_backup(plain, home, Key())
    assert (there.read_text(), Person.objects.count()) == ("[]", 0)


def test_whoever_has_no_key_or_another_is_refused(luton: Programme, home: Path, tmp_path: Path) -> None:
    sealed, under_words = tmp_path / "sealed", tmp_path / "under words"
    write_backup(sealed, home, LOCK)
    write_backup(under_words, home, Lock(passphrase=WORDS))
    wipe(home)
    assert refusal(sealed, home, Key()) == (
        f"{sealed} is encrypted to a key: name the file that holds it with --identity."
    )
    assert refusal(sealed, home, Key.made_once()) == f"The key or passphrase does not open {sealed}."
    assert refusal(under_words, home, KEY) == (
        f"{under_words} is under a passphrase: name the file that holds it with --passphrase-file."
    )
    assert refusal(under_words, home, Key(passphrase="three other words")) == (
        f"The key or passphrase does not open {under_words}."
    )


@pytest.mark.parametrize("lock", [LOCK, Lock()], ids=["key", "plain"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_damaged_backup_is_refused(luton: Programme, home: Path, tmp_path: Path, lock: Lock, part: float) -> None:
    path = tmp_path / "backup"
    write_backup(path, home, lock)
    wipe(home)
    whole = path.read_bytes()
    place = int(len(whole) * part)
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert str(path) in refusal(path, home, KEY)
    path.write_bytes(whole[:place])
    assert str(path) in refusal(path, home, KEY)


@pytest.mark.parametrize("text", [b"", b"no backup", b"age-encryption.org/v1\nnonsense", b"key.age\0", bytes(10_240)])
def test_a_file_that_is_no_backup_is_refused(transactional_db: None, home: Path, tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "backup"
    path.write_bytes(text)
    assert str(path) in refusal(path, home, dataclasses.replace(KEY, passphrase=WORDS))


def rows_of(files: dict[str, bytes], label: str) -> str:
    return next(name for name in files if label_of(name) == label)


def alter(files: dict[str, bytes]) -> None:
    name = rows_of(files, "register.programme")
    files[name] = files[name].replace(b"Luton", b"Lutum")


def drop(files: dict[str, bytes]) -> None:
    del files[rows_of(files, "plan.task")]


def drop_a_table(files: dict[str, bytes]) -> None:
    del files[next(name for name in files if name.endswith(".parquet"))]


@pytest.mark.parametrize("change", [alter, drop, drop_a_table])
def test_what_is_not_what_was_written_is_found_before_anything_is_written(
    plain: Path, home: Path, change: Rewrite
) -> None:
    path = rewritten(plain, change, honest=False)
    assert refusal(path, home, Key()).startswith(f"The backup {path} is damaged: “")
    with pytest.raises(WrongState):
        checked_backup(path, Key())


@pytest.mark.parametrize("change", [alter, drop])
def test_rows_that_are_not_those_of_the_manifest_are_not_kept(plain: Path, home: Path, change: Rewrite) -> None:
    told = refusal(rewritten(plain, change, honest=True), home, Key())
    assert told.endswith(" are not those of the backup once they are in this database.")


def orphan(files: dict[str, bytes]) -> None:
    name = rows_of(files, "plan.task")
    files[name] = files[name].replace(b'"programme_id": "', b'"programme_id": "0', 1)


def strange_column(files: dict[str, bytes]) -> None:
    name = rows_of(files, "plan.task")
    files[name] = files[name].replace(b'"programme_id"', b'"program_id"')


def no_json(files: dict[str, bytes]) -> None:
    files[rows_of(files, "plan.task")] = b"{\n"


def twice(files: dict[str, bytes]) -> None:
    files[rows_of(files, "plan.task")] *= 2


def unknown_table(files: dict[str, bytes]) -> None:
    files["rows/plan.wish/000001.jsonl"] = b"{}\n"


@pytest.mark.parametrize("change", [orphan, strange_column, no_json, twice, unknown_table])
def test_rows_the_database_cannot_take_in_are_told_and_none_is_kept(plain: Path, home: Path, change: Rewrite) -> None:
    told = refusal(rewritten(plain, change, honest=True), home, Key())
    assert told.startswith("This database cannot take in “rows/plan.")
    assert told.endswith(" It is as before.")


def stray(files: dict[str, bytes]) -> None:
    name = rows_of(files, "plan.task")
    ids = {json.loads(line)["programme_id"] for line in files[name].splitlines()}
    files[name] = files[name].replace(ids.pop().encode(), str(UUID(int=7)).encode())


def test_a_row_that_points_to_nothing_is_told_and_none_is_kept(plain: Path, home: Path) -> None:
    told = refusal(rewritten(plain, stray, honest=True), home, Key())
    assert told.startswith("This database cannot take in the backup as a whole: ")
    assert told.endswith(" It is as before.")


@pytest.mark.parametrize(
    "name",
    [
        "files/secret-key", "files/tables/../../secret-key", "files/tables/./x", "/etc/passwd", "../x", "files/tables",
        "files/tables/a\\..\\x", "files/tables/c:x", "rows/plan.task/1.jsonl", "notes", "rows/plan.task/000001.jsonl/x",
    ],
)  # fmt: skip
def test_a_file_that_belongs_nowhere_is_refused(plain: Path, home: Path, name: str) -> None:
    path = rewritten(plain, lambda files: files.update({name: b"x"}), honest=True)
    assert refusal(path, home, Key()) == f"{path} is no backup of Parity: it holds “{name}”."


def test_a_link_is_refused(plain: Path, home: Path) -> None:
    path = plain.with_name("linked")
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("files/tables/luton/areas.parquet")
        entry.type, entry.linkname = tarfile.SYMTYPE, "../../secret-key"
        archive.addfile(entry)
    assert refusal(path, home, Key()).startswith(f"{path} is no backup of Parity, or it is damaged")


def telling(path: Path, **more: object) -> Path:
    """The plain backup with other words in its manifest."""

    def change(files: dict[str, bytes]) -> None:
        files[NAME] = json.dumps({**json.loads(files[NAME]), **more}).encode()

    return rewritten(path, change, honest=False)


def test_another_version_is_refused_with_what_to_do(plain: Path, home: Path) -> None:
    other = telling(plain, parity="0.0.9", migrations=["register.0001_initial"])
    assert refusal(other, home, Key()).startswith("The backup was written by Parity 0.0.9, whose records have other ")
    form = telling(plain, parity="9.0.0", format=2)
    assert refusal(form, home, Key()).startswith("The backup was written in form 2 by Parity 9.0.0; this is Parity ")
    assert refusal(telling(plain, rows=7), home, Key()) == "The backup's manifest.json is none that Parity wrote."


def test_no_backup_is_written_over_another(luton: Programme, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_text("last week's")
    with pytest.raises(NotAllowed) as refused:
        write_backup(path, home, Lock())
    assert str(refused.value) == f"{path} exists, and no backup is written over another: name a new file."
    assert path.read_text() == "last week's"


@pytest.mark.parametrize("lock", [LOCK, Lock()], ids=["key", "plain"])
def test_a_backup_that_fails_leaves_no_file(tmp_path: Path, lock: Lock) -> None:
    with pytest.raises(WrongState) as refused:
        write_archive(tmp_path / "backup", [Member("grown", 2, [b"one", b"more"])], lock)
    assert str(refused.value) == "grown changed while it was read. Nothing was written; try again."
    assert list(tmp_path.iterdir()) == []


def test_tables_of_another_version_are_not_backed_up(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    done = parity("backup", tmp_path / "backup", "--plain")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The records' tables are not those of this version of Parity. Start it once ")


# The command


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    try:
        status = main([str(word) for word in words])
    except SystemExit as left:
        status = int(left.code or 0)
    written = capsys.readouterr()
    return status, written.out + written.err


def test_the_command_backs_up_and_restores(
    luton: Programme, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = tmp_path / "key", tmp_path / "backup"
    key.write_text("# made today\n" + KEY.as_text())
    (home / "notes.txt").write_text("mine")
    (home / "secret-key").write_text("key")
    status, told = said(capsys, "backup", path, "--to", PUBLIC)
    held = told.partition(" are in ")[0]
    assert (status, told) == (
        0, f"{held} are in {path}.\nNot in it, for Parity does not know them: notes.txt.\n"
    )  # fmt: skip
    wipe(home)
    status, told = said(capsys, "restore", path, "--into-empty", "--identity", key)
    first, second = told.splitlines()
    assert (status, first.startswith("Restored as of "), first.endswith(f": {held}.")) == (0, True, True)
    assert second == "Whether anybody altered it before it was backed up is what “parity verify” tells."


def test_a_plain_backup_says_that_it_is_one(
    luton: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = said(capsys, "backup", tmp_path / "backup", "--plain")
    assert told.splitlines()[1:] == ["It is not encrypted: whoever has the file reads everything in it."]


WHO = "Say who may open the backup: --to RECIPIENT, or --passphrase-file FILE, or --plain for anybody.\n"


def test_the_command_refuses_what_does_not_say_who_may_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, file = tmp_path / "words", tmp_path / "backup"
    words.write_text("short\nand a long second line\n")
    both = ("--plain", "--passphrase-file", words)
    assert said(capsys, "backup", file) == (2, WHO)
    assert said(capsys, "backup", file, *both) == (2, WHO)
    assert said(capsys, "backup", file, "--to", "age1ana") == (
        2, "“age1ana” is no public key of age, which begins with “age1”.\n"
    )  # fmt: skip
    assert said(capsys, "backup", file, "--passphrase-file", words) == (
        2, f"The passphrase in {words} must have 12 letters or more on its first line.\n"
    )  # fmt: skip
    assert said(capsys, "restore", file, "--into-empty", "--identity", words) == (
        2, f"{words} holds no key of age, which begins with “AGE-SECRET-KEY-1”.\n"
    )  # fmt: skip
    assert said(capsys, "restore", file)[0] == 2
    assert said(capsys, "restore", file, "--into-empty") == (2, f"{file}: No such file or directory.\n")


def test_a_passphrase_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "words").write_text(f"{WORDS} \r\nsecond\n")
    assert passphrase_in(tmp_path / "words") == WORDS
