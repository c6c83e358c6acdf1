"""Digests of tables and files: how large each is, and the hash of what it says."""

import hashlib
from typing import IO, NamedTuple

CHUNK = 1 << 20
"""How many bytes of a file are held at once."""


class Digest(NamedTuple):
    """Rows of a table or bytes of a file, and the SHA-256 of them."""

    size: int
    sha256: str


class Count:
    """A digest in the making."""

    def __init__(self) -> None:
        self._size, self._hash = 0, hashlib.sha256()

    def add(self, content: bytes, *, size: int | None = None) -> None:
        """Nothing; the content is counted, as so many bytes as it has unless it is told otherwise."""
        self._hash.update(content)
        self._size += len(content) if size is None else size

    def digest(self) -> Digest:
        """The digest of what was counted so far."""
        return Digest(self._size, self._hash.hexdigest())


def measured(file: IO[bytes]) -> Digest:
    """The digest of a file from here to its end."""
    counted = Count()
    while chunk := file.read(CHUNK):
        counted.add(chunk)
    return counted.digest()
