"""Need of wards: a council's people and draws, shared out by the wards' shares of each age."""

from dataclasses import replace

import polars as pl

from parity.analyse.pieces import NO_SPLIT, as_figures, outlook_places, simulated_need, simulation_of
from parity.methods.headcount import Headcount, headcount, shared_out
from parity.methods.need_rates import projectable
from parity.terms.areas import COUNTY
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.units import Unit

SHOWN: dict[str, str] = {
    "common mental health condition": "APMS 2023/4",
    "psychotic disorder": "APMS 2023/4",
    "PTSD screen positive": "APMS 2023/4",
    "autism": "APMS 2023/4",
    "depression": "MRC CFAS (McDougall et al) used by POPPI",
    "dementia": "CFAS II (Matthews et al)",
}
"""Conditions shown by locality, each by the source of its rates that is latest, or best confirmed."""
TOLD = slice(2, 13)
"""Years after the base of the projection that are told: shares were counted two years after it (mid-2020), and are not
carried on for longer than ten."""
SHARE_HOLDS = "The ward’s share of its council at each age is that of mid-2020; its change since is in no band."


@derived_table(words="The wards of each council, and the districts of each county", version=1, by_area=True)
def localities(ward_shares: pl.DataFrame, council_groups: pl.DataFrame) -> pl.DataFrame:
    """Columns area and locality (a ward or a council), each pair once; regions and England are left whole."""
    wards = ward_shares.select(area="council", locality="area").unique(maintain_order=True)
    counties = council_groups.filter(pl.col("area").str.starts_with(COUNTY)).select("area", locality="council")
    return pl.concat([wards, counties])


@derived_table(words="People expected to have some conditions, by ward and year, with bands", version=1, by_area=True)
def ward_need(
    ward_shares: pl.DataFrame,
    population_projections: pl.DataFrame,
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
) -> pl.DataFrame:
    """Columns area (the ward), period, condition, source, ages, confidence, value, mean, bands, missing.

    A ward has the draws of its council: the wards of a council add up to it draw by draw. Neighbouring councils are
    worked together, and not all at once, since a thousand draws of every ward would not rest in memory.
    """
    newest = pl.col("edition") == pl.col("edition").max()
    councils = headcount(population_projections.filter(newest).select("area", "period", "sex", "age", "people"))
    places = outlook_places(piece_people, place_pieces).drop("area").unique("council", maintain_order=True)
    parts = ward_shares.rename({"area": "ward"}).with_columns(area=pl.format("{} in {}", "ward", "council"))
    met = parts.join(places, on="council", maintain_order="left")
    adopted = projectable(reference_rates).filter(_shown())
    return pl.concat(
        _of_neighbours(councils, held, adopted, projection_errors)
        for _, held in met.group_by("neighbours", maintain_order=True)
    )


def _of_neighbours(
    councils: Headcount, held: pl.DataFrame, adopted: pl.DataFrame, projection_errors: pl.DataFrame
) -> pl.DataFrame:
    """The need of the wards of some councils; `held` has their shares, and what the councils share errors with."""
    years = replace(councils, periods=councils.periods[TOLD], people=councils.people[:, TOLD])
    people = shared_out(years, held.select("area", "age", "share", whole="council"))
    places = held.select("area", "council", "region", "neighbours", "people").unique("area", maintain_order=True)
    return simulated_need(
        people,
        adopted,
        simulation=simulation_of(councils, places, projection_errors),
        parts=held.select("ward", "area").unique(maintain_order=True).select(part="area", area="ward"),
        aged_95=NO_SPLIT,
    )


def _shown() -> pl.Expr:
    """Whether a rate is one of those shown by locality."""
    return pl.any_horizontal(
        (pl.col("condition") == condition) & (pl.col("source") == source) for condition, source in SHOWN.items()
    )


@indicator(
    rows="A8 A13 A17",
    title="People expected to have a condition, by ward",
    unit=Unit.PEOPLE,
    numerator="People of each sex and age band of the council, as projected × the ward’s share × the national rate",
    formula="sum over sexes and bands of council’s population × ward’s share × rate",
    purpose="See in which wards a council’s people with a condition are likely to live",
    dimensions=("condition", "rate_source"),
    interval="95% band of 1,000 draws of the rates and of the error of the council’s projection",
)
def people_expected_in_ward(ward_need: pl.DataFrame) -> pl.DataFrame:
    """A ward's share of its council's expected people, by the ages of those who live there; they add up to the council.

    National rates know age and sex alone: that a ward is deprived, they do not know.
    """
    return as_figures(ward_need, note=pl.concat_str(pl.format("Ages {}.", "ages"), pl.lit(SHARE_HOLDS), separator=" "))
