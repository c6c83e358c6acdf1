"""A topic and a stage: the few words and the chapter that its page, its menu and the pack all share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parity.documents.model import Block
from parity.tables import Desk


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a stage: its address, words, and the function that writes its chapter from a programme's figures."""

    slug: str
    stage: str
    title: str
    lead: str
    chapter: Callable[[Desk], Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the commissioning cycle with its topics."""

    slug: str
    title: str
    lead: str
    topics: tuple[Topic, ...]
