"""What the verbs on backups do."""

from argparse import Namespace
from pathlib import Path

from django.conf import settings

from parity.terms.errors import NotAllowed
from parity.web.backup.archive import Key, Lock, passphrase_in
from parity.web.backup.drill import drill
from parity.web.backup.manifest import Manifest, place_of, unknown_entries
from parity.web.backup.restoring import restore_backup
from parity.web.backup.writing import write_backup


def backup(given: Namespace) -> int:
    """0; everything the instance holds is in the file."""
    path, home = Path(given.file), settings.PARITY_HOME
    manifest = write_backup(path, home, _lock(given))
    tell(f"{_held(manifest)} are in {path}.")
    left = unknown_entries(home)
    if left:
        tell(f"Not in it, for Parity does not know them: {', '.join(left)}.")
    if given.plain:
        tell("It is not encrypted: whoever has the file reads everything in it.")
    return 0


def _lock(given: Namespace) -> Lock:
    """Whom the backup is encrypted for. Raises NotAllowed where that is not said, or said twice."""
    if sum(map(bool, (given.to, given.passphrase_file, given.plain))) != 1:
        raise NotAllowed(
            "Say who may open the backup: --to RECIPIENT, or --passphrase-file FILE, or --plain for anybody."
        )
    if given.passphrase_file:
        return Lock(passphrase=passphrase_in(Path(given.passphrase_file)))
    return Lock.to(given.to)


def restore(given: Namespace) -> int:
    """0; the instance, which was empty, holds what the backup does."""
    key = Key()
    if given.identity:
        key = Key.from_file(Path(given.identity))
    elif given.passphrase_file:
        key = Key(passphrase=passphrase_in(Path(given.passphrase_file)))
    manifest = restore_backup(Path(given.file), settings.PARITY_HOME, key)
    tell(f"Restored as of {manifest.written}: {_held(manifest)}.")
    tell("Whether anybody altered it before it was backed up is what “parity verify” tells.")
    return 0


def _held(manifest: Manifest) -> str:
    rows = sum(digest.size for digest in manifest.rows.values())
    files = sum(1 for name in manifest.files if place_of(name))
    return f"{rows} rows of {len(manifest.rows)} tables and {files} files"


def run_drill(given: Namespace) -> int:
    """0 where a backup restores to the very same, else 1; every check is printed."""
    failed = 0
    for check in drill(settings.PARITY_HOME):
        tell(f"{'holds' if check.holds else 'FAILS'}  {check.sentence}")
        failed += not check.holds
    return 1 if failed else 0


def tell(sentence: str) -> None:
    """Nothing; the sentence is on the terminal."""
    print(sentence, flush=True)  # noqa: T201 -- a verb speaks to a terminal
