"""Counting, in the database: it is the one thing that all processes share, and adds up what comes at once."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parity.register.limits.models import Tally
from parity.register.limits.rules import LIMITS, stretch
from parity.terms.errors import TooOften


def count_one(what: str, who: str, *, at: datetime) -> None:
    """Nothing; once more is counted. Raises TooOften where that is more often than the limit of this name allows."""
    limit, now = LIMITS[what], int(at.timestamp())
    ends = stretch(limit, now)
    # kept as a hash, so that nobody's address stands there
    key = salted_hmac("parity.limits", f"{what} {who}", algorithm="sha256").hexdigest()
    mine = Tally.objects.filter(key=key, ends_at=ends)
    if not mine.update(count=F("count") + 1):
        Tally.objects.bulk_create([Tally(key=key, ends_at=ends)], ignore_conflicts=True)
        mine.update(count=F("count") + 1)
    if mine.values_list("count", flat=True).get() > limit.most:
        raise TooOften(ends - now)


def forget_tallies() -> int:
    """How many counts were removed: those of stretches that are over."""
    removed, _ = Tally.objects.filter(ends_at__lte=int(timezone.now().timestamp())).delete()
    return removed
