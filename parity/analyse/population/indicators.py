"""Figures of the population: ethnic groups, beside a comparator, everyone but White groups, and new communities."""

import polars as pl

from parity.analyse.comparators import beside_comparators
from parity.analyse.people import people_of
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import location_quotient
from parity.terms.indicator import indicator
from parity.terms.units import Unit

WHITE = "White"
ALL_AGES = ("all ages",)
ENDS = {"people_low": "low", "people_high": "high"}
UNREADABLE = "The source's cell cannot be read."


@indicator(
    rows="A2",
    title="Share of an ethnic group in the population",
    unit=Unit.SHARE,
    numerator="People of the group",
    denominator="All people of the area",
    formula="as stated by the source",
    purpose="Know who lives here, to plan services that reach everyone",
    dimensions=("ethnic_group",),
)
def ethnic_share(ethnic_mix: pl.DataFrame) -> pl.DataFrame:
    """The shares as the source states them; missing where its cell cannot be read."""
    return ethnic_mix.select(
        "area",
        "period",
        "ethnic_group",
        "note",
        value="share",
        missing=pl.when(pl.col("share").is_null()).then(pl.lit(UNREADABLE)),
    )


@indicator(
    rows="A2",
    title="Ethnic group's share as a multiple of the comparator's",
    unit=Unit.RATIO,
    numerator="Share of the group in the area",
    denominator="Share of the group at the comparator, in the same period",
    formula="share ÷ comparator's share; 1 means the same",
    purpose="See which groups are larger here than elsewhere",
    dimensions=("ethnic_group", "comparator"),
)
def ethnic_location_quotient(
    ethnic_mix: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Share over share, for every comparator of need that states the same group in the same period."""
    shares = ethnic_mix.select("area", "period", "ethnic_group", "share")
    beside = beside_comparators(shares, comparators, use="need", on=("ethnic_group",), areas=areas)
    return beside.select(
        "area",
        "period",
        "ethnic_group",
        "comparator",
        why_not_divided("share", "share_comparator", part_name="area's share", whole_name="comparator's share"),
        value=location_quotient("share", "share_comparator"),
    )


@indicator(
    rows="A2",
    title="Share of the population from minority ethnic groups",
    unit=Unit.SHARE,
    numerator="People of all groups but those whose name begins with “White”",
    denominator="All people of the area",
    formula="1 − share of White groups",
    purpose="Size the part of the population whose access to care is watched for inequality",
)
def ethnic_minority_share(ethnic_mix: pl.DataFrame) -> pl.DataFrame:
    """One less the shares of all groups whose name begins with “White”.

    Missing where there is no such group, or the share of one cannot be read.
    """
    white = pl.col("share").filter(pl.col("ethnic_group").str.starts_with(WHITE))
    shares = ethnic_mix.group_by("area", "period", maintain_order=True).agg(value=1 - total(white))
    unknown = pl.lit("The source names no White group, or the share of one cannot be read.")
    return shares.with_columns(missing=pl.when(pl.col("value").is_null()).then(unknown))


@indicator(
    rows="A4",
    title="People of a community, as estimated",
    unit=Unit.PEOPLE,
    numerator="People of the community",
    formula="as stated; the lowest and the highest estimate stand side by side, and no middle is made",
    purpose="Plan for new communities that no census has counted yet",
    dimensions=("community", "end"),
)
def community_people(community_estimates: pl.DataFrame) -> pl.DataFrame:
    """Lowest and highest estimate of each community (`end` is low or high)."""
    return _ends(community_estimates).select("area", "period", "community", "end", "note", value="people")


@indicator(
    rows="A4",
    title="Share of a community in the population, as estimated",
    unit=Unit.SHARE,
    numerator="People of the community, by its lowest and its highest estimate",
    denominator="All people of the area, of all ages, in the latest period known",
    formula="estimate ÷ people",
    purpose="See how large a new community may be",
    dimensions=("community", "end"),
)
def community_share(community_estimates: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Lowest and highest share of each community; missing where the people of the area are not known.

    The note says of which period the population is.
    """
    everyone = people_of(population, ALL_AGES).sort("period", maintain_order=True)
    latest = everyone.unique("area", keep="last", maintain_order=True).select(
        "area", everyone="people", counted="period"
    )
    joined = _ends(community_estimates).join(latest, on="area", how="left", maintain_order="left")
    return joined.select(
        "area",
        "period",
        "community",
        "end",
        why_not_divided("people", "everyone", whole_name="population of all ages"),
        value=divide("people", "everyone"),
        note=pl.format("Of the population of {}.", "counted"),
    )


def _ends(estimates: pl.DataFrame) -> pl.DataFrame:
    """Two rows an estimate, its low and its high end (people), in the order of the estimates."""
    long = estimates.with_row_index("order").unpivot(
        list(ENDS), index=["order", "area", "period", "community", "note"], variable_name="end", value_name="people"
    )
    return long.with_columns(pl.col("end").replace_strict(ENDS)).sort("order", maintain_order=True)
