"""How a delivery is signed, and when one that failed is tried again."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

PREFIX, VERSION = "whsec_", "v1"
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 60, 12 * 60 * 60
MOST_ATTEMPTS = 16
"""With the pauses between them, about five days."""
FAILING_DAYS = 5
"""A webhook to which nothing could be delivered for so long is stopped."""
BOTH_HOLD_HOURS = 24
"""For so long after a new secret, deliveries are signed with the old one too."""
KEPT_DAYS = 30
"""How long a delivery that has ended is listed."""


def signature(secrets: Iterable[str], identity: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`, one signature for each secret, as Standard Webhooks 1.0 has it.

    Source: Standard Webhooks specification 1.0, “Signature scheme”.
    """
    signed = f"{identity}.{timestamp}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(PREFIX)) for secret in secrets]
    macs = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return " ".join(f"{VERSION},{mac}" for mac in macs)


def pause(attempts: int, chance: float) -> float:
    """Seconds until what failed so many times is tried again: twice as long each time, less up to half by chance.

    `chance` lies between 0 and 1. So those that failed together do not all come back together.
    """
    longest = min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
    return longest * (1 + chance) / 2


def is_taken(status: int) -> bool:
    """True for the status by which a receiver says that it has a delivery."""
    return status // 100 == 2
