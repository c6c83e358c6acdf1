"""Pieces of England, where councils and sub-ICB locations cut each other: their names, and what is drawn for them.

Need is drawn by piece, with one draw of a rate for all, so that councils, counties, regions, health bodies and England
add up draw by draw; so do variants and wards, which take the same draws.
"""

from collections.abc import Mapping

import polars as pl

from parity.methods.chance import Chance
from parity.methods.headcount import Headcount
from parity.methods.need import Simulation, need_change, need_intervals
from parity.methods.need_rates import about, rates_for
from parity.methods.projection_error import Outlook, error_from
from parity.terms.assumption import Confidence

DRAWS = 1_000
"""How many draws bands rest on."""
SEED = 2018
"""What a second run is given, so that it makes the same draws."""
CENSUS_EVERY = 10
YEARS_AHEAD = 10
"""How far ahead changes of need are told: as far as plans reach."""
UNSEEN = "The rates were not yet seen in their source."
NO_SPLIT = {"female": 0.0, "male": 0.0}
"""The share of those of 90 and over who are 95 or older, for rates that do not part them."""
PIECE = pl.format("{} in {}", "council", "sub_icb")


def ahead_of(year: str) -> str:
    """The period over which a change from this year is told; empty for a text that is no year."""
    return f"{year} to {int(year) + YEARS_AHEAD}" if year.isdecimal() else ""


def newest(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of the last edition of a publication."""
    return table.filter(pl.col("edition") == pl.col("edition").max())


def simulation_of(people: Headcount, places: pl.DataFrame, projection_errors: pl.DataFrame) -> Simulation:
    """What is drawn for these people: the rates, and the error of their projection from its first year.

    `places` says what each area of the people shares its error with (area, council, region, neighbours, people).
    """
    base = int(people.periods[0])
    outlook = Outlook(
        error=error_from(projection_errors),
        base=base,
        census=base - (base - 1) % CENSUS_EVERY,
        places=places,
    )
    return Simulation(Chance(DRAWS, SEED), outlook)


def outlook_places(piece_people: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """What each piece shares its error of projection with: its council, that council's ICB and region, and its size."""
    above = place_pieces.pivot("kind", index="part", values="area")
    base = piece_people.filter(pl.col("period") == pl.col("period").min())
    size = base.group_by(part="area").agg(pl.col("people").sum())
    known = above.join(size, on="part", maintain_order="left")
    largest = pl.col("icb").sort_by("people").last().over("council")
    return known.select(
        "council", "region", area="part", neighbours=largest, people=pl.col("people").sum().over("council")
    )


def simulated_need(
    people: Headcount,
    adopted: pl.DataFrame,
    *,
    simulation: Simulation,
    parts: pl.DataFrame,
    aged_95: Mapping[str, float],
) -> pl.DataFrame:
    """A row for each area of `parts`, period, condition and source, with value, mean, bands, missing, and what is known
    of its rates: ages, confidence, caveat.

    `adopted` is what `projectable` kept of the library, `aged_95` the share of those of 90 and over who are 95 or
    older.
    """
    found = need_intervals(people, rates_for(adopted, aged_95=aged_95), simulation=simulation, parts=parts)
    return _with_rates(found, adopted)


def simulated_change(
    people: Headcount,
    adopted: pl.DataFrame,
    *,
    simulation: Simulation,
    parts: pl.DataFrame,
    aged_95: Mapping[str, float],
) -> pl.DataFrame:
    """As `simulated_need`: by which share people expected are more ten years after each period, by the same draws."""
    rates = rates_for(adopted, aged_95=aged_95)
    found = need_change(people, rates, simulation=simulation, ahead=YEARS_AHEAD, parts=parts)
    return _with_rates(found, adopted)


def as_figures(found: pl.DataFrame, *, note: pl.Expr, level: str = "95") -> pl.DataFrame:
    """The rows of a table of need as an indicator gives them, with the band of a level.

    The note is the one given, and says of rates that were not seen in their source that they were not.
    """
    unseen = pl.when(pl.col("confidence") != Confidence.SEEN.value).then(pl.lit(UNSEEN))
    return found.select(
        "area",
        "period",
        "condition",
        "value",
        "missing",
        rate_source="source",
        lower=f"lower_{level}",
        upper=f"upper_{level}",
        note=pl.concat_str(note, unseen, separator=" ", ignore_nulls=True),
    )


def _with_rates(found: pl.DataFrame, adopted: pl.DataFrame) -> pl.DataFrame:
    """What was drawn, with what is known of its rates: ages, confidence, caveat."""
    return found.drop("caveat").join(about(adopted), on=["condition", "source"], how="left", maintain_order="left")
