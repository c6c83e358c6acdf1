"""The population weighted by need over which services are counted: known, or solved from the table itself."""

import polars as pl

from parity.analyse.people import WORKING_AGE, people_of
from parity.analyse.printed import half_unit
from parity.methods.population import Fit, fit_denominator, weighted_population

PER_HUNDRED_THOUSAND = 100_000
NO_POPULATION = "The population weighted by need is not known for this area."
RATE = "rate_per_100k_weighted"
ALGORITHM = Fit.LEAST_ABSOLUTE
"""One misprinted row does not move it, so that no row needs to be left out beforehand."""


def solved_populations(services: pl.DataFrame) -> pl.DataFrame:
    """One row an area and period that prints rates beside counts: weighted (whole people) and note, how it was got."""
    rated = services.filter(pl.col(RATE) > 0)
    rows = [(*place, *_solved(part)) for place, part in rated.group_by("area", "period", maintain_order=True)]
    texts = {"area": pl.String, "period": pl.String}
    return pl.DataFrame(rows, schema={**texts, "weighted": pl.Float64, "note": pl.String}, orient="row")


def _solved(rows: pl.DataFrame) -> tuple[float | None, str]:
    fitted = fit_denominator(
        rows["value"].to_list(),
        rows[RATE].to_list(),
        per=PER_HUNDRED_THOUSAND,
        half_units=[half_unit(*row) for row in rows.select("rate_per_100k_weighted_printed", RATE).iter_rows()],
        algorithm=ALGORITHM,
    )
    words = f"Solved from the table's own counts and rates ({fitted.algorithm.value}): the source does not print it."
    return fitted.people, words


def weighted_populations(
    places: pl.DataFrame,
    services: pl.DataFrame,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row for each area and period of `places`: weighted (people, null where not known) and note, where it is from.

    The area's people of working age weighted by need, of their latest year; else the population solved from the table.
    """
    known = _weighted_by_need(population, need_index)
    solved = solved_populations(services)
    joined = (
        places.select("area", "period")
        .unique(maintain_order=True)
        .join(known, on="area", how="left", maintain_order="left")
        .join(solved, on=["area", "period"], how="left", suffix="_solved", maintain_order="left")
    )
    return joined.select(
        "area",
        "period",
        weighted=pl.coalesce("weighted", "weighted_solved"),
        note=pl.coalesce("note", "note_solved"),
    )


def no_services() -> pl.DataFrame:
    """An empty table in the shape of services, from which no population can be solved."""
    texts = ("area", "period", "service_type", "measure", "service", f"{RATE}_printed")
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), **dict.fromkeys(("value", RATE), pl.Float64)})


def latest_populations(places: pl.DataFrame, population: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row for each area and period of `places`: people of working age of the latest year, and note, which they are.

    Null for both where the population is not known.
    """
    known = _latest(population).select(
        "area", "people", note=pl.format("Counted over the people aged {} of {}.", "population_group", "period")
    )
    return (
        places.select("area", "period")
        .unique(maintain_order=True)
        .join(known, on="area", how="left", maintain_order="left")
    )


def _latest(population: pl.DataFrame | None) -> pl.DataFrame:
    """The people of working age of each area in its latest year."""
    if population is None:
        texts = dict.fromkeys(("area", "period", "population_group"), pl.String)
        return pl.DataFrame(schema={**texts, "people": pl.Float64})
    people = people_of(population, WORKING_AGE).sort("period", maintain_order=True)
    return people.unique(["area"], keep="last", maintain_order=True)


def _weighted_by_need(population: pl.DataFrame | None, need_index: pl.DataFrame | None) -> pl.DataFrame:
    """The latest weighted population of working age of each area, by the first of its need indices."""
    if population is None or need_index is None:
        return pl.DataFrame(schema={"area": pl.String, "weighted": pl.Float64, "note": pl.String})
    latest = _latest(population)
    index = need_index.sort("period", descending=True, maintain_order=True).unique(
        ["area"], keep="first", maintain_order=True
    )
    words = "Counted over the people aged {} of {}, weighted by the {}."
    return latest.join(index, on="area", suffix="_index", maintain_order="left").select(
        "area",
        weighted=weighted_population("people", "index_value"),
        note=pl.format(words, "population_group", "period", "index_name"),
    )
