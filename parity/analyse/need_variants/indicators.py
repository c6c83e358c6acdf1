"""Variants of need: people weighted by deprivation or by ethnic mix before national rates are applied.

Each variant is a table and an indicator of its own, and is never joined with the plain estimate. It takes the same
draws, so that it adds up as that does; that the weights themselves are not certain is in no band.
"""

import polars as pl

from parity.analyse.pieces import NO_SPLIT, PIECE, as_figures, outlook_places, simulated_need, simulation_of
from parity.methods.columns import divide, total
from parity.methods.headcount import headcount
from parity.methods.need_rates import projectable
from parity.methods.need_variants import weighted_by_ethnic_mix, weighted_by_index
from parity.methods.places import council_today
from parity.methods.population import INDEX_OF_AVERAGE
from parity.terms.areas import ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.units import Unit

FIFTHS = 5
TENTHS_TOGETHER = 2
DEPRIVED = pl.col("condition") == "common mental health condition", pl.col("source") == "APMS 2023/4"
MIXED = pl.col("condition") == "psychotic disorder", pl.col("source") == "APMS 2023/4"
"""The rates to which each variant is applied: of the survey and of the condition that its weights speak of."""
BAND = "95% band of 1,000 draws of the national rate and of the error of projection, and not of the weights"
COLUMNS = {
    **dict.fromkeys(
        ("area", "period", "condition", "source", "variant", "missing", "ages", "confidence", "caveat"), pl.String
    ),
    **dict.fromkeys(("value", "mean", "lower_80", "upper_80", "lower_95", "upper_95"), pl.Float64),
}
NOT_RANKED = "A small area of this area has no rank of deprivation or no people."


@derived_table(words="People of each piece by the fifth of deprivation they live in", version=1)
def piece_fifths(
    small_area_places: pl.DataFrame, deprivation: pl.DataFrame, census_disability: pl.DataFrame
) -> pl.DataFrame:
    """Columns area (the piece), period (edition), fifth (1 the most deprived), people (census) and of_england.

    Every piece has a row for each fifth that there is, so that England's people by fifth can be told from any of them.
    """
    latest = deprivation.filter(pl.col("edition") == pl.col("edition").max(), pl.col("domain") == "imd")
    ranked = latest.select(
        part="area", period="edition", fifth=(pl.col("decile") + TENTHS_TOGETHER - 1) // TENTHS_TOGETHER
    )
    people = census_disability.group_by(part="area").agg(pl.col("people").sum())
    met = small_area_places.select("part", area=PIECE).join(ranked, on="part", how="left", maintain_order="left")
    known = met.join(people, on="part", how="left", maintain_order="left")
    counted = known.group_by("area", "period", "fifth", maintain_order=True).agg(total("people").alias("people"))
    fifths = counted.select("period", "fifth").drop_nulls().unique(maintain_order=True)
    every = counted.select("area").unique(maintain_order=True).join(fifths, how="cross")
    nobody = every.join(counted, on=["area", "fifth"], how="anti").with_columns(people=pl.lit(0, dtype=pl.Int64))
    whole = pl.concat([counted, nobody.select(counted.columns)])
    return whole.sort("area", "fifth").with_columns(of_england=pl.col("people").sum().over("fifth"))


@derived_table(words="People of each area by the fifth of deprivation they live in", version=1, by_area=True)
def local_fifths(piece_fifths: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, fifth, people and of_england, as for pieces."""
    met = place_pieces.select("area", "part").join(
        piece_fifths.rename({"area": "part"}), on="part", maintain_order="left"
    )
    keys = ["area", "period", "fifth", "of_england"]
    return met.group_by(keys, maintain_order=True).agg(total("people").alias("people"))


def index_by_deprivation(fifths: pl.DataFrame, rates: Assumption) -> pl.DataFrame:
    """Columns area, period and index_value (England 100): the mean rate of the area's people over that of England's.

    A fifth's rate lies on a straight line from `rates.high` in the most deprived to `rates.low` in the least. Null
    where somebody's fifth is not known. Raises ValueError for rates without both ends.
    """
    if rates.low is None or rates.high is None:
        raise ValueError(f"{rates.key} needs a low and a high.")
    step = (rates.high - rates.low) / (FIFTHS - 1)
    rate = rates.high - (pl.col("fifth") - 1) * step
    england = fifths.unique("fifth").drop_nulls("fifth")
    average = england.select(divide(total(pl.col("of_england") * rate), total("of_england"))).item()
    found = fifths.group_by("area", maintain_order=True).agg(
        pl.col("period").drop_nulls().first(), divide(total(pl.col("people") * rate), total("people")).alias("mean")
    )
    return found.select("area", "period", index_value=pl.col("mean") / average * INDEX_OF_AVERAGE)


@indicator(
    rows="A6",
    title="Index of need for common mental health conditions, by deprivation",
    unit=Unit.INDEX,
    numerator="Mean rate of the fifths of deprivation that the area's people live in",
    denominator="Mean rate of the fifths that England's people live in",
    multiplier="100",
    formula="mean rate of the area ÷ mean rate of England × 100",
    purpose="See how much more or less need deprivation makes likely, for the same number of people",
    dimensions=(),
)
def deprivation_need_index(local_fifths: pl.DataFrame, common_condition_by_deprivation: Assumption) -> pl.DataFrame:
    """By the newest index of multiple deprivation of small areas, and the people of the census of 2021, all ages.

    There is no interval: the survey's margins of the two ends were not found.
    """
    found = index_by_deprivation(local_fifths, common_condition_by_deprivation).drop_nulls("period")
    unknown = pl.when(pl.col("index_value").is_null()).then(pl.lit(NOT_RANKED))
    return found.select("area", "period", value="index_value", missing=unknown)


@derived_table(
    words="People expected to have a common mental health condition, weighted by deprivation", version=2, by_area=True
)
def need_by_deprivation(
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    piece_fifths: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    common_condition_by_deprivation: Assumption,
) -> pl.DataFrame:
    """Columns as of the plain table, for every area that is made of pieces and every projected year."""
    people = headcount(piece_people)
    index = index_by_deprivation(piece_fifths, common_condition_by_deprivation)
    simulation = simulation_of(people, outlook_places(piece_people, place_pieces), projection_errors)
    return simulated_need(
        weighted_by_index(people, index, name="deprivation"),
        projectable(reference_rates).filter(*DEPRIVED),
        simulation=simulation,
        parts=place_pieces.select("area", "part"),
        aged_95=NO_SPLIT,
    )


@derived_table(words="People expected to have a psychotic disorder, weighted by ethnic mix", version=2, by_area=True)
def need_by_ethnic_mix(
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    census_ethnicity: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    ethnic_risks: pl.DataFrame,
) -> pl.DataFrame:
    """Columns as of the plain table. A piece has the ethnic mix of its council, as the census of 2021 counted it.

    No row at all where the census names a group of which the risks do not speak: no area could be held against England.
    """
    people = headcount(piece_people)
    risks = ethnic_risks.select("relative_risk", group="ethnic_group")
    mix = piece_mix(census_ethnicity, place_pieces)
    if mix.join(risks, on="group", how="anti").height:
        return pl.DataFrame(schema=COLUMNS)
    simulation = simulation_of(people, outlook_places(piece_people, place_pieces), projection_errors)
    return simulated_need(
        weighted_by_ethnic_mix(people, mix, risks, average=ENGLAND),
        projectable(reference_rates).filter(*MIXED),
        simulation=simulation,
        parts=place_pieces.select("area", "part"),
        aged_95=NO_SPLIT,
    )


def piece_mix(census_ethnicity: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """Columns area (pieces, then England), group and share (0–1) of the council's people, or of England's."""
    counts = census_ethnicity.select("people", group="ethnic_group", council=council_today("area"))
    councils = place_pieces.filter(pl.col("kind") == "council").select("part", council="area")
    pieces = councils.join(counts, on="council", maintain_order="left").select("group", "people", area="part")
    england = counts.select("group", "people", area=pl.lit(ENGLAND))
    summed = pl.concat([pieces, england]).group_by("area", "group", maintain_order=True)
    people = summed.agg(total("people").alias("people"))
    return people.select("area", "group", share=divide("people", total("people").over("area")))


@indicator(
    rows="A8",
    title="People expected to have a common mental health condition, weighted by deprivation",
    unit=Unit.PEOPLE,
    numerator="People, as projected × index of need by deprivation ÷ 100 × national rate",
    formula="sum over pieces of population × index ÷ 100 × rate",
    purpose="Share money or places between areas by how deprived they are",
    dimensions=("condition", "rate_source"),
    interval=BAND,
)
def expected_by_deprivation(need_by_deprivation: pl.DataFrame) -> pl.DataFrame:
    """A variant: national rates, raised and lowered by deprivation. Never to be added to the plain estimate."""
    return _told(need_by_deprivation)


@indicator(
    rows="A7",
    title="People expected to have a psychotic disorder, weighted by ethnic mix",
    unit=Unit.PEOPLE,
    numerator="People, as projected × mean relative risk of the ethnic mix over England's × national rate",
    formula="sum over pieces of population × mean risk ÷ mean risk of England × rate",
    purpose="Plan care for psychosis where the ethnic mix differs from England's",
    dimensions=("condition", "rate_source"),
    interval=BAND,
)
def expected_by_ethnic_mix(need_by_ethnic_mix: pl.DataFrame) -> pl.DataFrame:
    """A variant: national rates, weighted by published risks of being diagnosed. Never to be added to the plain one."""
    return _told(need_by_ethnic_mix)


def _told(found: pl.DataFrame) -> pl.DataFrame:
    """The rows of a variant as figures; the note says for which ages, and how sure anybody is of the rate."""
    return as_figures(found, note=pl.format("National rate of ages {}, {}.", "ages", "variant"))
