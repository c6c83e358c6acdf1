"""The file of a backup: a tar encrypted with age, written and read as a stream, so that nothing rests in the clear.

It opens without Parity too: `age --decrypt --identity KEY FILE | tar --extract`. Under a passphrase the file is a tar
of two: `key.age`, a one-off key that the passphrase opens, and `backup.tar.age`, which that key opens.
"""

import io
import os
import tarfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple, Self

from pyrage import (  # type: ignore[import-untyped]
    DecryptError,
    EncryptError,
    IdentityError,
    RecipientError,
    decrypt_io,
    encrypt_io,
    passphrase,
    x25519,
)

from parity.terms.errors import NotAllowed, WrongState

OWNER_ALONE = 0o600
MAGIC = b"age-encryption.org/"
WRAPPED_KEY, WRAPPED = "key.age", "backup.tar.age"
SHORTEST_PASSPHRASE = 12
DAMAGED = "{name} is no backup of Parity, or it is damaged: it cannot be read to its end. Take another copy of it."


class Member(NamedTuple):
    """One file of the archive: its name, how many bytes it has, and these in chunks."""

    name: str
    size: int
    chunks: Iterable[bytes]


class Entry(NamedTuple):
    """One file of an archive that is read: its name, how many bytes it has, and these."""

    name: str
    size: int
    content: IO[bytes]


@dataclass(frozen=True)
class Lock:
    """Who may open a backup: holders of a key, or of a passphrase; without both, anybody."""

    recipients: tuple[x25519.Recipient, ...] = ()
    passphrase: str = ""

    @classmethod
    def to(cls, recipients: Iterable[str]) -> Self:
        """A lock for holders of these public keys. Raises NotAllowed for what is none."""
        found = []
        for text in recipients:
            try:
                found.append(x25519.Recipient.from_str(text))
            except RecipientError:
                raise NotAllowed(f"“{text}” is no public key of age, which begins with “age1”.") from None
        return cls(recipients=tuple(found))


@dataclass(frozen=True)
class Key:
    """What opens a backup: keys or a passphrase; a backup that is not encrypted needs neither."""

    identities: tuple[x25519.Identity, ...] = ()
    passphrase: str = ""

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The keys in a file of age: one a line, with comments between them. Raises NotAllowed where there is none."""
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        try:
            found = tuple(x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#"))
        except IdentityError:
            found = ()
        if not found:
            raise NotAllowed(f"{path} holds no key of age, which begins with “AGE-SECRET-KEY-1”.")
        return cls(identities=found)

    @classmethod
    def made_once(cls) -> Self:
        """A new key that nobody else has."""
        return cls(identities=(x25519.Identity.generate(),))

    def lock(self) -> Lock:
        """The lock that this key opens."""
        return Lock(recipients=tuple(each.to_public() for each in self.identities), passphrase=self.passphrase)

    def as_text(self) -> str:
        """The keys as a file of age holds them."""
        return "".join(f"{each}\n" for each in self.identities)


def passphrase_in(path: Path) -> str:
    """The first line of a file. Raises NotAllowed where it is too short to keep anybody out."""
    text = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    if len(text) < SHORTEST_PASSPHRASE:
        raise NotAllowed(f"The passphrase in {path} must have {SHORTEST_PASSPHRASE} letters or more on its first line.")
    return text


def write_archive(path: Path, members: Iterable[Member], lock: Lock) -> None:
    """Nothing; the archive is at the path, its owner's alone, once it is whole. Raises NotAllowed where a file is."""
    if path.exists():
        raise NotAllowed(f"{path} exists, and no backup is written over another: name a new file.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, OWNER_ALONE), "r+b") as file:
            stream = _Stream(_tar(members))
            _write_locked(stream, file, lock)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except EncryptError:
        # the library tells an error of what it reads from as text only
        raise stream.error or WrongState(f"{path} could not be encrypted.") from None
    finally:
        partial.unlink(missing_ok=True)


def _write_locked(stream: "_Stream", file: IO[bytes], lock: Lock) -> None:
    if lock.recipients:
        encrypt_io(stream, file, list(lock.recipients))
    elif lock.passphrase:
        _write_wrapped(stream, file, lock.passphrase)
    else:
        file.writelines(stream.chunks)


def _write_wrapped(stream: "_Stream", file: IO[bytes], words: str) -> None:
    """Nothing; the file is a tar of a one-off key under the passphrase and of what that key opens."""
    once = x25519.Identity.generate()
    key = passphrase.encrypt(str(once).encode(), words)
    file.writelines(_entry(Member(WRAPPED_KEY, len(key), [key])))
    header = file.tell()
    file.write(bytes(tarfile.BLOCKSIZE))
    start = file.tell()
    encrypt_io(stream, file, [once.to_public()])
    end = file.tell()
    file.write(_padding(end - start) + _END)
    file.seek(header)
    file.write(_header(WRAPPED, end - start))


_END = bytes(2 * tarfile.BLOCKSIZE)


def _tar(members: Iterable[Member]) -> Iterator[bytes]:
    """The bytes of a tar with these members."""
    for member in members:
        yield from _entry(member)
    yield _END


def _entry(member: Member) -> Iterator[bytes]:
    """A member as it stands in a tar. Raises WrongState where it grew or shrank meanwhile."""
    yield _header(member.name, member.size)
    sent = 0
    for chunk in member.chunks:
        sent += len(chunk)
        yield chunk
    if sent != member.size:
        raise WrongState(f"{member.name} changed while it was read. Nothing was written; try again.")
    yield _padding(sent)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, OWNER_ALONE
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


class _Stream(io.RawIOBase):
    """Chunks as a file to read from. Keeps the error that ended it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.error: Exception | None = None
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """How many bytes were put into the buffer; 0 at the end."""
        try:
            while not self._rest:
                self._rest = memoryview(next(self.chunks))
        except StopIteration:
            return 0
        except Exception as error:
            self.error = error
            raise
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


@contextmanager
def opened_archive(path: Path, key: Key) -> Iterator[Iterator[Entry]]:
    """The archive's files in their order: each must be read before the next.

    Raises NotAllowed where the key does not open it, WrongState where it is damaged or no backup.
    """
    damaged = WrongState(DAMAGED.format(name=path))
    try:
        with (
            path.open("rb") as file,
            _unwrapped(file, path, key) as (content, identities),
            _decrypted(content, identities, damaged) as plain,
        ):
            yield _files(plain, damaged)
    except DecryptError:
        raise NotAllowed(f"The key or passphrase does not open {path}.") from None
    except tarfile.TarError:
        raise damaged from None


@contextmanager
def _unwrapped(file: IO[bytes], path: Path, key: Key) -> Iterator[tuple[IO[bytes], tuple[x25519.Identity, ...]]]:
    """What is to be read and the keys that open it; no keys where it is not encrypted."""
    start = file.read(tarfile.BLOCKSIZE)
    file.seek(0)
    if start.startswith(MAGIC):
        if not key.identities:
            raise NotAllowed(f"{path} is encrypted to a key: name the file that holds it with --identity.")
        yield file, key.identities
    elif not start.startswith(WRAPPED_KEY.encode() + b"\0"):
        yield file, ()
    elif not key.passphrase:
        raise NotAllowed(f"{path} is under a passphrase: name the file that holds it with --passphrase-file.")
    else:
        with tarfile.open(fileobj=file, mode="r:") as both:
            yield _part(both, WRAPPED), (_once(_part(both, WRAPPED_KEY).read(), key.passphrase),)


@lru_cache(maxsize=1)
def _once(wrapped: bytes, words: str) -> x25519.Identity:
    """The one-off key under a passphrase; opening it takes seconds, and a backup that is restored is read twice."""
    return x25519.Identity.from_str(passphrase.decrypt(wrapped, words).decode())


def _part(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name) if name in archive.getnames() else None
    if found is None:
        raise tarfile.ReadError(name)
    return found


@contextmanager
def _decrypted(
    encrypted: IO[bytes], identities: tuple[x25519.Identity, ...], damaged: Exception
) -> Iterator[IO[bytes]]:
    """What was encrypted, as a file to read from. The library pushes what we pull: a thread and a pipe lie between."""
    if not identities:
        yield encrypted
        return
    out, into = os.pipe()
    failed: list[Exception] = []

    def push() -> None:
        try:
            with os.fdopen(into, "wb") as sink:
                decrypt_io(encrypted, sink, list(identities))
        except BrokenPipeError:
            pass
        except (DecryptError, OSError) as error:
            failed.append(error)

    thread = threading.Thread(target=push)
    thread.start()
    try:
        with os.fdopen(out, "rb") as source:
            yield source
    finally:
        thread.join()
        for error in failed:
            # what a reader of half a stream complains of is not the cause
            raise error if isinstance(error, DecryptError) else damaged from None


def _files(plain: IO[bytes], damaged: Exception) -> Iterator[Entry]:
    """Each file. Raises WrongState where the archive holds anything but files."""
    with tarfile.open(fileobj=plain, mode="r|") as archive:
        for entry in archive:
            content = archive.extractfile(entry) if entry.isreg() else None
            if content is None:
                raise damaged
            yield Entry(entry.name, entry.size, content)
    while plain.read(tarfile.RECORDSIZE):
        # to the end, where the last part of what is encrypted proves to be whole
        pass
