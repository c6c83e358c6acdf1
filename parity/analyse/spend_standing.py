"""Where an amount of each body stands among those of all: the quarters of their order, its rank, and outliers."""

from collections.abc import Sequence

import polars as pl

from parity.methods.comparison import rank
from parity.methods.quantiles import outlying, quartiles
from parity.terms.figure import Figure
from parity.terms.polarity import Polarity

QUARTERS = ("lower_quartile", "median", "upper_quartile")
FAR = ("far above", "far below")
"""The words of a standing that is outside the group."""
RULE = " by Tukey’s rule"


def standing(value: pl.Expr, *, reach: float, within: Sequence[str]) -> list[pl.Expr]:
    """Columns lower_quartile, median and upper_quartile, rank (1 the highest), bodies (how many) and standing.

    All are among the values that are not null, within each group of `within`.
    """
    return [
        *quartiles(value, within=within),
        rank(value, polarity=Polarity.HIGH, within=within).alias("rank"),
        value.count().over(within).alias("bodies"),
        outlying(value, reach=reach, within=within).alias("standing"),
    ]


def standing_note(bodies: str = "councils") -> pl.Expr:
    """Text: among how many a rank is, and whether it lies far outside; of how many alone where it has no standing."""
    words = pl.format("Of {} " + bodies + "; {}" + RULE + ".", "bodies", "standing")
    return pl.coalesce(words, pl.format("Of {} " + bodies + ".", "bodies"))


def among_words(rank_of: Figure) -> str:
    """Among how many a rank is and how its value lies, for a table under words that name the rule."""
    return (rank_of.note or rank_of.missing or "").replace(RULE, "")


def quarters(table: pl.DataFrame, keys: Sequence[str], *, bodies: str = "councils") -> pl.DataFrame:
    """One row for each row of the table and quarter of the order: keys, place_in_order, value, missing and note."""
    named = [*keys, "bodies"]
    long = table.select(*named, *QUARTERS).unpivot(
        QUARTERS, index=named, variable_name="place_in_order", value_name="value"
    )
    return long.select(
        *keys,
        "value",
        place_in_order=pl.col("place_in_order").str.replace("_", " "),
        missing=pl.when(pl.col("value").is_null()).then(pl.lit("None is known.")),
        note=pl.format("Of {} " + bodies + ".", "bodies"),
    )


def is_far(rank_of: Figure) -> bool:
    """True for a rank whose note says that the value lies far outside the group."""
    return any(words in (rank_of.note or "") for words in FAR)
