"""The chapter on what people tell."""

import polars as pl

from parity.documents.figure_tables import by, joined, listed, period_words, worded
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = "This programme keeps no register of what people tell (themes), so their voices are not heard here."
SAMPLE = (
    "The intervals say how far chance alone could move a share. Who comes to be heard is no random sample, so a share "
    "is not that of all people."
)
HEADS = {
    "named": "Theme",
    "said": "What was told",
    "tone": "Tone",
    "gathered_by": "Gathered by",
    "when": "When",
    "note": "Remarks",
}


def chapter(desk: Desk) -> list[Block]:
    """Whose voices were heard, what each told, how many said so, and what rests on it."""
    found = desk.table("themes")
    if found is None or found[0].is_empty():
        return [Paragraph((WITHOUT,))]
    themes = found[0].with_columns(
        named=pl.format("{}: {}", "theme", "title"), when=pl.col("dated").map_elements(period_words, pl.String)
    )
    voices = themes.group_by("voice", maintain_order=True)
    return [
        listed("themes-count", "Themes by who told them", desk.figures("themes_count").all(), rows=("voice",),
               value="Themes"),
        *(
            block
            for number, ((voice,), part) in enumerate(voices, start=1)
            for block in (
                Heading(str(voice)[:1].upper() + str(voice)[1:], 3),
                worded(f"themes-{number}", f"What was told: {voice}", part, heads=HEADS),
            )
        ),
        *_weight(desk, themes),
        *_evidence(desk, themes),
    ]  # fmt: skip


def _weight(desk: Desk, themes: pl.DataFrame) -> list[Block]:
    """How many people told each theme, and how often, where that was counted."""
    names = dict(themes.select("theme", "named").iter_rows())
    shares = desk.figures("theme_people_share").all()
    mentions = desk.figures("theme_mentions").all()
    blocks: list[Block] = []
    if shares:
        rows: list[tuple[Cell, ...]] = [(names[by("theme")(figure)], figure) for figure in shares]
        caption = "Share of the people heard who told a theme"
        blocks += [Paragraph((SAMPLE,)), joined("themes-people", caption, ("Theme", "Share"), rows)]
    if mentions:
        rows = [(names[by("theme")(figure)], figure) for figure in mentions]
        blocks.append(joined("themes-mentions", "How often a theme was told", ("Theme", "Mentions"), rows))
    return [Heading("How many said so", 3), *blocks] if blocks else []


def _evidence(desk: Desk, themes: pl.DataFrame) -> list[Block]:
    """What each theme is evidence for, where the thread links it."""
    thread = desk.table("thread")
    if thread is None:
        return []
    links = thread[0].filter((pl.col("from_kind") == "theme") & (pl.col("relation") == "evidences"))
    named = links.join(themes, left_on="from_id", right_on="theme", maintain_order="left")
    if named.is_empty():
        return []
    rows = named.with_columns(end=pl.format("{} {}", "to_kind", "to_id"))
    heads = {"named": "Theme", "end": "Evidence for"}
    return [
        Heading("What rests on it", 3),
        worded("themes-evidence", "What the themes are evidence for", rows, heads=heads),
    ]


TOPIC = Topic(
    slug="intelligence",
    stage="analyse",
    title="What people tell",
    lead="What people with experience, advisory bodies and those who work in services tell, and what rests on it.",
    chapter=chapter,
)
