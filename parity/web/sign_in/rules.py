"""Who needs a second factor, when a session ends, and which settings are unsafe: pure predicates."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

IDLE_SECONDS = 30 * 60
"""A session ends after this time without a request."""
WHOLE_SECONDS = 12 * 60 * 60
"""A session ends after this time in any case."""
NOTED_SECONDS = 60
"""How exactly a session notes when it was last used: often enough for its end, seldom enough to write little."""
OTHERS_BITS = 0o077
"""What a file's mode must not have, so that its owner alone can read it."""


class Known(Protocol):
    """What the rules ask of a person."""

    is_demo: bool
    is_public: bool


def needs_second_factor(person: Known) -> bool:
    """True for everyone but members of the public, and the demo's people, whose passwords last as long as the demo."""
    return not (person.is_public or person.is_demo)


def has_ended(*, signed_in_at: int, seen_at: int, now: int) -> bool:
    """True for a session that was not used for half an hour, or is twelve hours old."""
    return now - seen_at > IDLE_SECONDS or now - signed_in_at > WHOLE_SECONDS


def gave_second_factor(claims: Mapping[str, object], wanted: Mapping[str, Collection[str]]) -> bool:
    """True where one of the claims says that the other provider asked for a second factor.

    `wanted` names for each claim the values that say so; a claim may hold one value or several.
    """
    return any(_values(claims.get(name)) & set(values) for name, values in wanted.items())


def _values(claim: object) -> set[object]:
    return set(claim) if isinstance(claim, (list, tuple)) else {claim}


@dataclass(frozen=True, slots=True)
class Served:
    """What decides whether the workspace may be served to others."""

    hosts: tuple[str, ...]
    debug: bool
    demo: bool
    sends_mail: bool
    secrets: Mapping[str, int]
    """The mode of each file that holds a secret, by its name."""


def unsafe(served: Served) -> Iterator[str]:
    """A sentence for each thing that must be changed before anybody else is served."""
    if not served.hosts:
        yield "Name the hosts that people will use in PARITY_ALLOWED_HOSTS: without them the pages travel unencrypted."
    for host in served.hosts:
        if "*" in host or host.startswith("."):
            yield f"PARITY_ALLOWED_HOSTS names {host}: write every host out, for a pattern lets others pose as us."
    if served.debug:
        yield "DEBUG is on: error pages would show the program's insides. Turn it off."
    if served.demo:
        yield "PARITY_DEMO is on: its people sign in without a second factor. Turn it off."
    if not served.sends_mail:
        yield "PARITY_EMAIL_URL is not set: invitations and new passwords would be printed in the terminal."
    for name, mode in served.secrets.items():
        if mode & OTHERS_BITS:
            yield f"{name} can be read by others than its owner: set its mode to 600, and replace what it holds."
