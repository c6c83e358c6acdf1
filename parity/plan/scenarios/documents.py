"""The chapter on scenarios."""

from parity.documents.model import Block, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk


def chapter(desk: Desk) -> list[Block]:
    """To come."""
    return [Paragraph(("x",))]


TOPIC = Topic(
    slug="scenarios",
    stage="plan",
    title="Scenarios",
    lead="What happens to people, places, staff and money, month by month, if services change.",
    chapter=chapter,
)
