"""Tables of places that England's figures rest on: what makes up what, who lives in every area, and what they need.

Councils and sub-ICB locations cut each other into pieces. People and draws are counted by piece, so that councils,
counties, regions, health bodies and England are sums of the same parts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from parity.analyse.pieces import PIECE, newest, outlook_places, simulated_change, simulated_need, simulation_of
from parity.methods.headcount import headcount
from parity.methods.need import Mixture
from parity.methods.need_rates import projectable
from parity.methods.places import (
    carried_over,
    council_shares,
    council_today,
    estimated_people,
    small_areas_of_england,
)
from parity.methods.shapes import simplified
from parity.terms.areas import ENGLAND
from parity.terms.assumption import Assumption, Confidence
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.units import Unit

IN_ENGLAND = "^E"
MIXED_CONDITIONS = ("dementia",)
"""Conditions whose sources differ by method and not by year, so that their spread tells how sure anybody is."""
MIXED = "Each draw takes one of the sources, so that the band holds what they disagree about."


@derived_table(words="Small areas of 2021 with their council, ward, sub-ICB location and ICB of today", version=2)
def small_area_places(lsoa_changes: pl.DataFrame, lsoa_wards: pl.DataFrame, lsoa_health: pl.DataFrame) -> pl.DataFrame:
    """A row for each small area (LSOA 2021) of England: part, council, ward, sub_icb, icb.

    The council is the one it lies in: the ward that it fits best may be another's.
    """
    councils = lsoa_changes.select(part="area", council=council_today("council")).unique(maintain_order=True)
    wards = newest(lsoa_wards).select("ward", part="area")
    health = newest(lsoa_health).select("sub_icb", "icb", part="area")
    placed = councils.join(wards, on="part", maintain_order="left")
    return placed.join(health, on="part", maintain_order="left")


@derived_table(
    words="People of each small area of 2021 by single year of age, carried over from those of 2011", version=1
)
def small_area_people(
    population_small_areas: pl.DataFrame, lsoa_changes: pl.DataFrame, census_disability: pl.DataFrame
) -> pl.DataFrame:
    """Columns part, age and people, by the newest estimates of small areas; the census of 2021 says how many moved."""
    counted = census_disability.group_by("area", maintain_order=True).agg(pl.col("people").sum())
    people = newest(population_small_areas).filter(pl.col("area").str.contains(IN_ENGLAND))
    found = carried_over(people.select("area", "age", "people"), changes=lsoa_changes, weights=counted)
    return found.rename({"area": "part"})


@derived_table(words="Share of each council's people by age who live in each of its pieces", version=1)
def piece_shares(small_area_places: pl.DataFrame, small_area_people: pl.DataFrame) -> pl.DataFrame:
    """Columns area (the piece: a council's part in one sub-ICB location), council, age and share."""
    return _shares(small_area_places, small_area_people, PIECE)


@derived_table(words="Share of each council's people by age who live in each of its wards", version=1, by_area=True)
def ward_shares(small_area_places: pl.DataFrame, small_area_people: pl.DataFrame) -> pl.DataFrame:
    """Columns area (the ward), council, age and share."""
    return _shares(small_area_places, small_area_people, pl.col("ward"))


def _shares(places: pl.DataFrame, people: pl.DataFrame, area: pl.Expr) -> pl.DataFrame:
    known = people.join(places.select("part", "council"), on="part", maintain_order="left")
    return council_shares(known, parts=places.select("part", area=area))


@derived_table(words="Which pieces make up each council, county, region, ICB, sub-ICB location, and England", version=1)
def place_pieces(
    small_area_places: pl.DataFrame, council_counties: pl.DataFrame, council_regions: pl.DataFrame
) -> pl.DataFrame:
    """Columns area, part (a piece) and kind (council, county, region, country, icb, sub_icb), each pair once."""
    pieces = small_area_places.select("council", "sub_icb", "icb", part=PIECE).unique(maintain_order=True)
    counties = newest(council_counties).select("county", council="area")
    regions = newest(council_regions).select("region", council="area")
    known = pieces.join(counties, on="council", how="left", maintain_order="left")
    known = known.join(regions, on="council", how="left", maintain_order="left").with_columns(country=pl.lit(ENGLAND))
    kinds = ("council", "county", "region", "country", "icb", "sub_icb")
    rows = [known.select("part", area=kind, kind=pl.lit(kind)) for kind in kinds]
    return pl.concat(rows).select("area", "part", "kind").drop_nulls()


@derived_table(words="People of each piece by year, sex and single year of age, as projected", version=1)
def piece_people(population_projections: pl.DataFrame, piece_shares: pl.DataFrame) -> pl.DataFrame:
    """Columns area (the piece), period, sex, age, people (unrounded) and missing."""
    councils = newest(population_projections).select("area", "period", "sex", "age", "people")
    return estimated_people(councils, shares=piece_shares)


@derived_table(words="People of each area by year, sex and single year of age, as projected", version=1, by_area=True)
def local_population(piece_people: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """Columns area, kind, period, sex, age and people (unrounded), for every area that is made of pieces."""
    known = piece_people.select("period", "sex", "age", "people", part="area")
    levels = [
        part.join(known, on="part", maintain_order="left_right")
        for _, part in place_pieces.group_by("kind", maintain_order=True)
    ]
    keys = ["area", "kind", "period", "sex", "age"]
    return pl.concat(level.group_by(keys, maintain_order=True).agg(pl.col("people").sum()) for level in levels)


@derived_table(words="Which councils of today make up each council, county, region and England", version=1)
def council_groups(council_counties: pl.DataFrame, council_regions: pl.DataFrame) -> pl.DataFrame:
    """Columns area and council, each pair once; a council makes up itself."""
    counties = newest(council_counties).select("county", council="area")
    known = newest(council_regions).select("region", council="area").with_columns(country=pl.lit(ENGLAND))
    known = known.join(counties, on="council", how="left", maintain_order="left").with_columns(itself="council")
    kinds = ("itself", "county", "region", "country")
    return pl.concat(known.select("council", area=kind) for kind in kinds).drop_nulls().select("area", "council")


@derived_table(words="Small areas that make up each ward, council, county, region, health body, and England", version=2)
def area_small_areas(
    lsoa_changes: pl.DataFrame,
    lsoa_wards: pl.DataFrame,
    lsoa_health: pl.DataFrame,
    council_counties: pl.DataFrame,
    council_regions: pl.DataFrame,
) -> pl.DataFrame:
    """Columns part (LSOA 2021) and area, each pair once."""
    return small_areas_of_england(
        lsoa_changes, wards=lsoa_wards, health=lsoa_health, counties=council_counties, regions=council_regions
    )


NEIGHBOURS_KEPT = 15
"""How many neighbours of a council are shown, nearest first: as many as groups of comparators usually have."""


@derived_table(words="Councils most like each council, nearest first, as published", version=1, by_area=True)
def near_councils(nearest_neighbours: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period (year of release), tier, place (1 the nearest), neighbour, neighbour_name and distance.

    A council of both tiers is held against those that have social care duties too.
    """
    pairs = newest(nearest_neighbours).filter(pl.col("tier") == pl.col("tier").max().over("area"))
    names = pairs.select(neighbour="area", neighbour_name="area_name").unique(maintain_order=True)
    near = pairs.filter(pl.col("place") <= NEIGHBOURS_KEPT).join(names, on="neighbour", maintain_order="left")
    return near.sort("area", "place").select(
        "area", "tier", "place", "neighbour", "neighbour_name", "distance", period="edition"
    )


@indicator(
    rows="A43",
    title="Distance of a council from the councils most like it",
    unit=Unit.NUMBER,
    numerator="Distance on standardised measures of people, economy and place, as published",
    formula="as published; 0 would be a council alike in every measure",
    purpose="Compare a place with places like it",
    dimensions=("neighbour",),
)
def neighbour_distance(near_councils: pl.DataFrame) -> pl.DataFrame:
    """The published distance of the nearest fifteen; distances compare within a tier only, and have no interval."""
    return near_councils.select("area", "period", neighbour="neighbour_name", value="distance")


MAP_TOLERANCE = 0.01
"""How far an outline may be off, in degrees: about a kilometre, less than a line's width on a map of England."""
WARD_TOLERANCE = 0.002
"""The same for wards, which fill a page in one council: about 200 metres."""
LAYERS = ("council", "upper_tier", "region", "icb", "sub_icb")


@derived_table(words="Outlines of areas by layer, with as few points as a page needs", version=2)
def map_shapes(boundaries: pl.DataFrame) -> pl.DataFrame:
    """Columns layer, year, area and geometry (GeoJSON text), of England's areas, by each layer's newest edition."""
    return _outlines(boundaries, LAYERS, tolerance=MAP_TOLERANCE)


@derived_table(words="Outlines of wards, with as few points as a page needs", version=1, by_area=True)
def ward_shapes(boundaries: pl.DataFrame) -> pl.DataFrame:
    """As `map_shapes`, of the wards alone; no row where no outlines of wards were taken in."""
    return _outlines(boundaries, ("ward",), tolerance=WARD_TOLERANCE)


def _outlines(boundaries: pl.DataFrame, layers: Sequence[str], *, tolerance: float) -> pl.DataFrame:
    here = boundaries.filter(pl.col("area").str.contains(IN_ENGLAND), pl.col("layer").is_in(layers))
    latest = here.filter(pl.col("edition") == pl.col("edition").max().over("layer"))
    year = pl.col("edition").str.extract(r"(\d{4})")
    return simplified(latest.select("layer", "area", "geometry", year=year), tolerance=tolerance)


@derived_table(
    words="People expected to have each condition, by source, area and year, with bands", version=3, by_area=True
)
def expected_need(
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    aged_95_of_90_women: Assumption,
    aged_95_of_90_men: Assumption,
) -> pl.DataFrame:
    """Columns area, period, condition, source, ages, confidence, caveat, value, mean, lower_80 … upper_95, missing.

    For every area that is made of pieces and every projected year; one draw of a rate serves all areas and years.
    """
    aged_95 = {"female": aged_95_of_90_women.value, "male": aged_95_of_90_men.value}
    return _drawn(simulated_need, piece_people, place_pieces, reference_rates, projection_errors, aged_95)


@derived_table(
    words="By which share people expected to have a condition are more ten years later, by source, area and year, with "
    "bands",
    version=2,
    by_area=True,
)
def expected_need_change(
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    aged_95_of_90_women: Assumption,
    aged_95_of_90_men: Assumption,
) -> pl.DataFrame:
    """Columns as of `expected_need`, with shares instead of people; draw by draw, so that rates hardly matter."""
    aged_95 = {"female": aged_95_of_90_women.value, "male": aged_95_of_90_men.value}
    return _drawn(simulated_change, piece_people, place_pieces, reference_rates, projection_errors, aged_95)


def _drawn(
    simulated: Callable[..., pl.DataFrame],
    piece_people: pl.DataFrame,
    place_pieces: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    aged_95: Mapping[str, float],
) -> pl.DataFrame:
    """What is simulated for every area that is made of pieces, with what is known of rates and of mixtures of them."""
    people, adopted = headcount(piece_people), projectable(reference_rates)
    plain = simulation_of(people, outlook_places(piece_people, place_pieces), projection_errors)
    simulation = replace(plain, mixtures=_mixtures(adopted))
    parts = place_pieces.select("area", "part")
    known = simulated(people, adopted, simulation=simulation, parts=parts, aged_95=aged_95)
    ages = pl.col("ages").fill_null(pl.col("ages").drop_nulls().first().over("condition"))
    return known.with_columns(
        ages, pl.col("confidence").fill_null(Confidence.UNCHECKED.value), pl.col("caveat").fill_null(MIXED)
    )


def _mixtures(rates: pl.DataFrame) -> tuple[Mixture, ...]:
    """The mixtures of sources among which nobody can choose, where the library has them."""
    known = {condition: rates.filter(pl.col("condition") == condition)["source"] for condition in MIXED_CONDITIONS}
    sources = {condition: tuple(found.unique(maintain_order=True)) for condition, found in known.items()}
    return tuple(Mixture(condition, found) for condition, found in sources.items() if len(found) > 1)


@derived_table(words="Residents of all ages of each area and year, as projected", version=1, by_area=True)
def local_residents(local_population: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period and people (unrounded)."""
    return local_population.group_by("area", "period", maintain_order=True).agg(pl.col("people").sum())
