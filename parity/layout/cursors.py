"""Where a page of a long list goes on: a place as an opaque text, so that nobody builds on its form."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from uuid import UUID

from parity.terms.errors import NotFound

LONGEST_NUMBER = 12
NOT_OURS = "This cursor is not one that we gave."


def cursor_of(position: int, key: UUID | None = None) -> str:
    """The place as a cursor: a position, and of several records in it the one with this key."""
    return urlsafe_b64encode(f"{position}.{key.hex if key else ''}".encode()).decode()


def place_of(cursor: str) -> tuple[int, UUID]:
    """The place that a cursor stands for, with the least key where it names none. Raises NotFound for any other."""
    try:
        number, _, key = urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition(".")
        if not number.isdecimal() or len(number) > LONGEST_NUMBER:
            raise NotFound(NOT_OURS)
        return int(number), UUID(hex=key or "0" * 32)
    except (NotBase64, ValueError):
        raise NotFound(NOT_OURS) from None
