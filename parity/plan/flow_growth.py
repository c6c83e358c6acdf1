"""What arrivals of flow models grow with: people whom the programme or the official projections expect, by year."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from parity.analyse.pieces import outlook_places, simulation_of
from parity.methods.flow_case import Told
from parity.methods.flow_growth import Need, lasts, weights_of_years
from parity.methods.flow_parameters import Parameter
from parity.methods.headcount import Headcount, headcount
from parity.methods.need import Simulation, need_draws, need_in_total
from parity.methods.need_rates import Rates, projectable, rates_for
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

GROWS_WITH = "grows_with"
YEAR = r"^\d{4}$"
KEYS = ("area", "condition", "rate_source", "period")
NEED = {
    **dict.fromkeys(KEYS, pl.String()),
    "people": pl.Float64(),
    "draws": pl.List(pl.Float64()),
}
BY_SOURCE = pl.format("{} ({})", "condition", "rate_source")
"""What a condition is called where several sources of rates tell of it."""
FOR_ARRIVALS = "only arrivals grow with need. Leave “grows with” empty."
UNTOLD = (
    "nobody tells how many people with “{name}” are to be expected in the model’s area. Take in the official "
    "projections, bring estimates of your own (prevalence_estimates), or leave “grows with” empty."
)
UNKNOWN = "no condition called “{name}” is projected for the model’s area. Enter one of these: {names}."
SEVERAL = "several sources tell of “{name}”. Enter one of these: {names}."
NOT_KNOWN = "people with “{name}” are not known for {year}."
NOBODY = "nobody is expected to have “{name}” in the model’s first month, so arrivals cannot grow with it."
OUTSIDE = (
    "people with “{name}” are projected for {first} to {last}, and the model runs outside those years. Nothing is made "
    "up beyond them: begin and end the model within them, or leave “grows with” empty."
)


@derived_table(
    words="People whom the programme’s own sources expect, where arrivals of a flow model grow with them",
    version=1,
    by_content=True,
)
def own_need_ahead(
    flow_models: pl.DataFrame, flow_parameters: pl.DataFrame, prevalence_estimates: pl.DataFrame
) -> pl.DataFrame:
    """Columns area, condition, rate_source, period (a year) and people, for the conditions that arrivals grow with."""
    asked = _asked(flow_models, flow_parameters)
    if asked.is_empty():
        return pl.DataFrame(schema={name: NEED[name] for name in (*KEYS, "people")})
    told = prevalence_estimates.filter(pl.col("period").str.contains(YEAR)).select(
        "area", "condition", "period", "people", rate_source="estimate_source"
    )
    named = pl.concat(told.with_columns(name=name) for name in (pl.col("condition"), BY_SOURCE))
    found = named.join(asked, on=["area", "name"], how="semi", maintain_order="left")
    return found.select(*KEYS, "people").unique(maintain_order=True)


@derived_table(
    words="What arrivals of flow models grow with that the programme’s own sources do not tell",
    version=1,
    by_content=True,
    lookup=True,
)
def grown_arrivals(
    flow_models: pl.DataFrame, flow_parameters: pl.DataFrame, own_need_ahead: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Columns area (of the model) and name (what `grows_with` says), each pair once."""
    asked = _asked(flow_models, flow_parameters)
    if own_need_ahead is None:
        return asked
    named = [own_need_ahead.select("area", name=name) for name in (pl.col("condition"), BY_SOURCE)]
    return asked.join(pl.concat(named), on=["area", "name"], how="anti", maintain_order="left")


def _asked(flow_models: pl.DataFrame, flow_parameters: pl.DataFrame) -> pl.DataFrame:
    grown = flow_parameters.select("model", name=GROWS_WITH).drop_nulls("name")
    found = grown.join(flow_models.select("model", "area"), on="model")
    return found.select("area", "name").unique().sort("area", "name")


@derived_table(words="Pieces of the areas in which arrivals of flow models grow with need", version=1)
def grown_pieces(grown_arrivals: pl.DataFrame, piece_people: pl.DataFrame, place_pieces: pl.DataFrame) -> pl.DataFrame:
    """Columns whole (the model's area), name, area (a piece) and what the piece shares its error of projection with."""
    parts = grown_arrivals.join(place_pieces.select("area", "part"), on="area", maintain_order="left")
    outlook = outlook_places(piece_people, place_pieces)
    return (
        parts.select("name", whole="area", area="part")
        .unique(maintain_order=True)
        .join(outlook, on="area", maintain_order="left")
    )


@derived_table(
    words="People expected to have each condition, with every draw of those that arrivals of flow models grow with",
    version=1,
)
def drawn_need(
    grown_pieces: pl.DataFrame,
    piece_people: pl.DataFrame,
    reference_rates: pl.DataFrame,
    projection_errors: pl.DataFrame,
    aged_95_of_90_women: Assumption,
    aged_95_of_90_men: Assumption,
) -> pl.DataFrame:
    """Columns area, condition, rate_source, period, people (as stated) and draws (null where nothing grows with them).

    The draws are those on which the bands of `expected_need` rest, so that a rate or a projection that turns out high
    does so everywhere.
    """
    if grown_pieces.is_empty():
        return pl.DataFrame(schema=NEED)
    parts = grown_pieces.select("area", whole="whole").unique(maintain_order=True)
    people = headcount(piece_people.filter(pl.col("area").is_in(parts["area"].implode())))
    aged_95 = {"female": aged_95_of_90_women.value, "male": aged_95_of_90_men.value}
    adopted = projectable(reference_rates)
    made_of = parts.select(area="whole", part="area")
    stated = need_in_total(people, rates_for(adopted, aged_95=aged_95), parts=made_of)
    is_asked = _called(grown_pieces["name"].unique(), source="source")
    outlook = grown_pieces.drop("name", "whole").unique(maintain_order=True)
    drawn = _draws(
        people,
        rates_for(adopted.filter(is_asked), aged_95=aged_95),
        simulation=simulation_of(people, outlook, projection_errors),
        parts=made_of,
    )
    known = stated.select(*KEYS[:2], "period", rate_source="source", people="value")
    return known.join(drawn, on=KEYS, how="left", maintain_order="left").select(*NEED)


def _draws(people: Headcount, rates: Rates, *, simulation: Simulation, parts: pl.DataFrame) -> pl.DataFrame:
    """A row for each area, condition, source and period, with every draw of the people expected."""
    areas = parts["area"].unique(maintain_order=True)
    blocks = zip(people.periods, need_draws(people, rates, simulation=simulation, parts=parts), strict=True)
    rows = [
        (area, *name, period, draws)
        for period, block in blocks
        for name, by_area in zip(rates.names, block.astype(float), strict=True)
        for area, draws in zip(areas, by_area, strict=True)
    ]
    return pl.DataFrame(rows, schema={name: NEED[name] for name in (*KEYS, "draws")}, orient="row")


@derived_table(words="People expected to have what arrivals of flow models grow with, by year", version=1)
def need_ahead(own_need_ahead: pl.DataFrame | None = None, drawn_need: pl.DataFrame | None = None) -> pl.DataFrame:
    """Columns area, condition, rate_source, period, people, draws, is_own: whether the programme's own sources tell."""
    tables = [(own_need_ahead, True), (drawn_need, False)]
    told = [table.with_columns(is_own=pl.lit(own)) for table, own in tables if table is not None]
    return pl.concat([pl.DataFrame(schema=NEED), *told], how="diagonal")


def _called(names: pl.Series, *, source: str) -> pl.Expr:
    """Whether a row tells of one of these names: of a condition, or of a condition by one source."""
    known = names.implode()
    return pl.col("condition").is_in(known) | pl.format("{} ({})", "condition", source).is_in(known)


def needs_of(names: Sequence[str], area: str, need_ahead: pl.DataFrame | None) -> dict[str, Need | str]:
    """What each of these names stands for in the area, or a sentence why nothing does.

    The programme's own sources go before the official projections.
    """
    if need_ahead is None:
        return {name: UNTOLD.format(name=name) for name in names}
    here = need_ahead.filter(area=area)
    return {name: _need_of(name, here) for name in names}


def rows_named(name: str, here: pl.DataFrame) -> pl.DataFrame:
    """The rows of an area that tell of the name, by year: of the programme's own sources where these do."""
    every = here.filter(_called(pl.Series([name]), source="rate_source"))
    return every.filter(pl.col("is_own") == every["is_own"].any()).sort("period")


def _need_of(name: str, here: pl.DataFrame) -> Need | str:
    found = rows_named(name, here)
    if found.is_empty():
        return (UNKNOWN if here.height else UNTOLD).format(name=name, names="; ".join(_names_in(here)))
    sources = found.select(BY_SOURCE).to_series().unique(maintain_order=True)
    if len(sources) > 1:
        return SEVERAL.format(name=name, names="; ".join(sources))
    absent = found.filter(pl.col("people").is_null())["period"]
    if absent.len():
        return NOT_KNOWN.format(name=name, year=absent[0])
    stated = found["people"].to_numpy()[:, None]
    drawn = [] if found["draws"].null_count() else [np.array(found["draws"].to_list())]
    return Need(tuple(int(year) for year in found["period"]), np.hstack([stated, *drawn]))


def _names_in(table: pl.DataFrame) -> list[str]:
    """What each condition of a table is called: with its source where there are several."""
    pairs = table.select("condition", "rate_source").unique(maintain_order=True)
    several = pl.len().over("condition") > 1
    return pairs.select(pl.when(several).then(BY_SOURCE).otherwise("condition").alias("name"))["name"].to_list()


def faults_of_growth(told: Told) -> Iterator[str]:
    """A sentence for each number that cannot grow as its row says."""
    for row in told.parameters.iter_rows(named=True):
        name, what = row.get(GROWS_WITH), f"{row['code']} ({row['parameter']})"
        if name and row["parameter"] != Parameter.ARRIVALS.value:
            yield f"{what}: {FOR_ARRIVALS}"
        elif name and (fault := _fault_of(told, name)):
            yield f"{what}: {fault}"


def _fault_of(told: Told, name: str) -> str:
    need = told.needs[name]
    if isinstance(need, str):
        return need
    if not lasts(need.years, starts=told.starts, months=told.months):
        return OUTSIDE.format(name=name, first=need.years[0], last=need.years[-1])
    at_first = weights_of_years(need.years, starts=told.starts, months=1) @ need.people
    return "" if (at_first > 0).all() else NOBODY.format(name=name)
