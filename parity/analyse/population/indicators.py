"""Figures of the population: ethnic groups, beside a comparator, and everyone but White groups."""

import polars as pl

from parity.analyse.comparators import beside_comparators
from parity.analyse.residents import EVERYBODY
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import location_quotient, relative_change
from parity.methods.deprivation import average_score, share_most_deprived
from parity.methods.places import council_today
from parity.terms.areas import ENGLAND
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

WHITE = "White"
UNREADABLE = "The source's cell cannot be read."
AGE_GROUPS = {"all ages": (0, 90), "0-17": (0, 17), "18-64": (18, 64), "65 and over": (65, 90), "85 and over": (85, 90)}
"""The groups of ages that services are planned for: first and last age, 90 standing for 90 and over."""
OTHER_BORDERS = "This health body, or a part of it, has other borders than the bodies of which lists were read."
NOT_WHOLE = "The census counts of a council that makes up this area are not known."


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
    rows="A1",
    title="People who live here, as projected",
    unit=Unit.PEOPLE,
    numerator="People usually resident at 30 June",
    formula="sum over single years of age of the councils that make up the area, or of their parts",
    purpose="Know for how many people services are planned, and how that changes",
    dimensions=("age_group", "sex"),
)
def residents(local_population: pl.DataFrame) -> pl.DataFrame:
    """Projected residents by age group and sex; a body that divides a council has its share of each age."""
    keys = ["area", "period", "sex"]
    groups = [
        local_population.filter(pl.col("age").is_between(first, last))
        .group_by(keys, maintain_order=True)
        .agg(value=pl.col("people").sum())
        .with_columns(age_group=pl.lit(name))
        for name, (first, last) in AGE_GROUPS.items()
    ]
    by_sex = pl.concat(groups)
    both = by_sex.group_by("area", "period", "age_group", maintain_order=True).agg(pl.col("value").sum())
    return pl.concat([both.with_columns(sex=pl.lit(EVERYBODY)), by_sex], how="diagonal")


@indicator(
    rows="A1",
    title="People who live here, as estimated since they were projected",
    unit=Unit.PEOPLE,
    numerator="People usually resident at 30 June, as the mid-year's own edition estimated them",
    formula="sum over ages and sexes",
    purpose="See whether the projection that everything rests on came true",
)
def residents_estimated(local_estimates: pl.DataFrame) -> pl.DataFrame:
    """Of councils as rolled forward from the census of 2011, of health bodies by that of 2021."""
    return local_estimates.select("area", "period", value="estimated")


@indicator(
    rows="A1",
    title="Projection above what was estimated since",
    unit=Unit.CHANGE,
    numerator="People projected less people estimated",
    denominator="People estimated",
    formula="(projected − estimated) ÷ estimated",
    purpose="Know how far the projection has gone wrong here",
)
def projected_above_estimated(local_estimates: pl.DataFrame) -> pl.DataFrame:
    """The difference as a share of the estimate; below nought where more people live here than were projected."""
    return local_estimates.select(
        "area",
        "period",
        why_not_divided("projected", "estimated", whole_name="number estimated"),
        value=relative_change("estimated", "projected"),
    )


@indicator(
    rows="A1",
    title="People registered with practices",
    unit=Unit.PEOPLE,
    numerator="People of all ages on the lists of the practices of a health body",
    formula="sum of the lists of the bodies that make up the area",
    purpose="Know for how many people practices and mental-health services are responsible",
)
def registered_people(local_lists: pl.DataFrame) -> pl.DataFrame:
    """The lists that come with practices' registers; a count, so it has no interval."""
    return local_lists.select(
        "area",
        "period",
        value="registered",
        missing=pl.when(pl.col("registered").is_null()).then(pl.lit(OTHER_BORDERS)),
    )


@indicator(
    rows="A1",
    title="People registered with practices above residents",
    unit=Unit.CHANGE,
    numerator="People registered with the body's practices less people who live in its area",
    denominator="People who live in its area, as projected for the year in which the financial year ends",
    formula="(registered − residents) ÷ residents",
    purpose="Know by how much a rate changes with whom it counts",
)
def registered_above_residents(local_lists: pl.DataFrame) -> pl.DataFrame:
    """The difference as a share of residents, where these were projected; the note names their year."""
    both = local_lists.drop_nulls("residents")
    unknown = (
        pl.when(pl.col("registered").is_null())
        .then(pl.lit(OTHER_BORDERS))
        .otherwise(why_not_divided("registered", "residents", whole_name="number of residents"))
    )
    return both.select(
        "area",
        "period",
        value=relative_change("residents", "registered"),
        missing=unknown,
        note=pl.format("Residents of mid-{}, as projected.", "resident_year"),
    )


@indicator(
    rows="A2",
    title="Share of an ethnic group in the population, census",
    unit=Unit.SHARE,
    numerator="People of the group",
    denominator="All people of the area",
    formula="people of the group ÷ all people",
    purpose="Know who lives here, to plan services that reach everyone",
    dimensions=("ethnic_group",),
)
def census_ethnic_share(census_ethnicity: pl.DataFrame, council_groups: pl.DataFrame) -> pl.DataFrame:
    """Census counts of the councils that make up the area, those that were merged since in their council of today."""
    return _census_share(census_ethnicity, council_groups, "ethnic_group")


@indicator(
    rows="A2",
    title="Ethnic group's share as a multiple of England's, census",
    unit=Unit.RATIO,
    numerator="Share of the group in the area",
    denominator="Share of the group in England",
    formula="share ÷ England's share; 1 means the same",
    purpose="See which groups are larger here than elsewhere",
    dimensions=("ethnic_group",),
)
def census_ethnic_quotient(census_ethnicity: pl.DataFrame, council_groups: pl.DataFrame) -> pl.DataFrame:
    """Share over England's share of the same census; England itself is left out."""
    shares = _census_share(census_ethnicity, council_groups, "ethnic_group")
    england = shares.filter(pl.col("area") == ENGLAND).select("period", "ethnic_group", whole="value")
    others = shares.filter(pl.col("area") != ENGLAND)
    beside = others.join(england, on=["period", "ethnic_group"], how="left", maintain_order="left")
    why = why_not_divided("value", "whole", part_name="area's share", whole_name="share of England")
    return beside.select(
        "area",
        "period",
        "ethnic_group",
        value=location_quotient("value", "whole"),
        missing=pl.coalesce("missing", why),
    )


@indicator(
    rows="A3",
    title="Share of a religion in the population, census",
    unit=Unit.SHARE,
    numerator="People of the religion, of none, or who did not answer",
    denominator="All people of the area",
    formula="people ÷ all people",
    purpose="Plan services that respect belief, and reach communities through their places of worship",
    dimensions=("religion",),
)
def census_religion_share(census_religion: pl.DataFrame, council_groups: pl.DataFrame) -> pl.DataFrame:
    """Census counts of the councils that make up the area."""
    return _census_share(census_religion, council_groups, "religion")


def _census_share(census: pl.DataFrame, council_groups: pl.DataFrame, group: str) -> pl.DataFrame:
    counts = census.select("period", group, "people", council=council_today("area"))
    met = council_groups.join(counts, on="council", how="left", maintain_order="left").with_columns(
        is_whole=pl.col("period").is_not_null().all().over("area")
    )
    whole = met.group_by("area", "period", group, "is_whole", maintain_order=True).agg(total("people"))
    shares = whole.drop_nulls(["period", group]).with_columns(of=pl.col("people").sum().over("area", "period"))
    unknown = pl.when(pl.col("people").is_null() | ~pl.col("is_whole")).then(pl.lit(NOT_WHOLE))
    return shares.select(
        "area",
        "period",
        group,
        value=pl.when(unknown.is_null()).then(divide("people", "of")),
        missing=unknown,
    )


@derived_table(words="People of five ethnic groups in each area, by its small areas", version=1, by_area=True)
def local_ethnic_groups(census_ethnicity_small_areas: pl.DataFrame, area_small_areas: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, ethnic_group and people."""
    counts = census_ethnicity_small_areas.select("period", "people", part="area", ethnic_group="broad_group")
    met = area_small_areas.join(counts, on="part", maintain_order="left")
    return met.group_by("area", "period", "ethnic_group", maintain_order=True).agg(total("people").alias("people"))


@indicator(
    rows="A2",
    title="Share of a broad ethnic group in the population, census, by small areas",
    unit=Unit.SHARE,
    numerator="People of the group",
    denominator="All people of the small areas that make up the area",
    formula="people of the group ÷ all people",
    purpose="Know who lives in a ward or the area of a health body",
    dimensions=("ethnic_group",),
)
def census_broad_ethnic_share(local_ethnic_groups: pl.DataFrame) -> pl.DataFrame:
    """Census counts of five groups in the small areas of 2021 that make up the area."""
    everybody = pl.col("people").sum().over("area", "period")
    share = divide("people", everybody)
    return local_ethnic_groups.select(
        "area", "period", "ethnic_group", why_not_divided("people", everybody), value=share
    )


@derived_table(words="Deprivation of each area, summed up from its small areas", version=1)
def local_deprivation(
    deprivation: pl.DataFrame, area_small_areas: pl.DataFrame, census_disability: pl.DataFrame
) -> pl.DataFrame:
    """Columns area, period, domain, domain_name, score (weighted by the people of the census of 2021) and
    share_most_deprived (0-1), by the newest indices.
    """
    latest = deprivation.filter(pl.col("edition") == pl.col("edition").max())
    ranked = latest.with_columns(of=pl.len().over("domain")).rename({"area": "part", "edition": "period"})
    people = census_disability.group_by(part="area").agg(people=pl.col("people").sum())
    known = ranked.join(people, on="part", maintain_order="left")
    met = area_small_areas.join(known, on="part", maintain_order="left")
    return met.group_by("area", "period", "domain", "domain_name", maintain_order=True).agg(
        score=average_score("score", "people"),
        share_most_deprived=share_most_deprived("rank", of="of"),
    )


@indicator(
    rows="A5",
    title="Score of deprivation",
    unit=Unit.SCORE,
    numerator="Score of each small area × its people",
    denominator="People of the area",
    formula="mean score of the small areas, weighted by the people of the census of 2021",
    purpose="See how deprived a place is as a whole; higher is more deprived",
    dimensions=("domain",),
    polarity=Polarity.LOW,
)
def deprivation_score(local_deprivation: pl.DataFrame) -> pl.DataFrame:
    """The index of multiple deprivation and its domains, by small areas; the publisher weights by people of 2022."""
    return _deprivation(local_deprivation.drop_nulls("score"), "score")


@indicator(
    rows="A5",
    title="Share of small areas in the most deprived tenth of England",
    unit=Unit.SHARE,
    numerator="Small areas (LSOA) that are among the most deprived tenth of England",
    denominator="Small areas of the area",
    formula="small areas in the first tenth by rank ÷ small areas",
    purpose="See where deprivation is concentrated",
    dimensions=("domain",),
    polarity=Polarity.LOW,
)
def most_deprived_share(local_deprivation: pl.DataFrame) -> pl.DataFrame:
    """The share of an area's small areas whose rank lies in the most deprived tenth, each counting as one."""
    return _deprivation(local_deprivation, "share_most_deprived")


def _deprivation(found: pl.DataFrame, column: str) -> pl.DataFrame:
    unknown = pl.when(pl.col(column).is_null()).then(pl.lit("A small area of this area has no rank or no people."))
    return found.select("area", "period", value=column, missing=unknown, domain="domain_name")
