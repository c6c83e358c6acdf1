"""Labels that tell apart what would otherwise be called the same, and notes of several rows as one."""

from collections.abc import Sequence

import polars as pl


def told_apart(label: str, *, by: str, within: Sequence[str]) -> pl.Expr:
    """The label, with the column `by` in brackets where several of its values share the label within a group."""
    shared = pl.col(by).n_unique().over(*within, label) > 1
    return pl.when(shared).then(pl.format("{} ({})", label, by)).otherwise(pl.col(label)).alias(label)


def both_notes(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Two notes as one text, each closed by a full stop; null where there is neither."""
    closed = (pl.format("{}.", note.str.strip_chars_end(". ")) for note in (first, second))
    words = pl.concat_str(*closed, separator=" ", ignore_nulls=True)
    return pl.when(words != "").then(words)


def joined_notes(note: str) -> pl.Expr:
    """One text: the different sentences in a group's notes, each once; null where no row has a note."""
    sentences = pl.col(note).drop_nulls().str.strip_chars_end(".").str.split(". ").explode(empty_as_null=False)
    each = sentences.unique(maintain_order=True)
    return pl.when(each.len() > 0).then(pl.format("{}.", each.str.join(". ")))
