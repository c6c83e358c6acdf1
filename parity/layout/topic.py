"""A topic and a stage: the few words and the chapter that its page, its menu and the pack all share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parity.documents.model import Block
from parity.tables import Desk
from parity.terms.areas import Place


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a stage: its address, words, and the function that writes its chapter from a programme's figures.

    `profile` writes a chapter on any place of England from what is published; None where nothing is. `options` are
    what the address of a council may choose of it (words, then each option), where not everything is shown at once.
    """

    slug: str
    stage: str
    title: str
    lead: str
    chapter: Callable[[Desk], Sequence[Block]]
    profile: Callable[[Desk, Place], Sequence[Block]] | None = None
    options: tuple[str, tuple[str, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the commissioning cycle with its topics."""

    slug: str
    title: str
    lead: str
    topics: tuple[Topic, ...]
