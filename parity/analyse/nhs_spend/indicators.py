"""Figures of NHS spending on mental health by ICB and sub-ICB location, out-of-area placements, and national costs."""

import polars as pl

from parity.analyse.prices import priced
from parity.analyse.spend_standing import quarters, standing, standing_note
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.money import in_prices_of
from parity.terms.areas import ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

SPEND = "Mental health spend with learning disabilities and dementia"
SPEND_SHARE = "Mental health spend with learning disabilities and dementia, of the allocation"
CYP_SPEND = "CYP mental health spend without learning disabilities and eating disorders"
ED_SPEND = "CYP mental health spend on eating disorders"
"""The publication’s words for what is spent."""
YOUNG = {CYP_SPEND: "mental health", ED_SPEND: "eating disorders"}
COUNTED = "CCG 2021"
YEAR_COUNTED = "2021/22"
"""The year of spending whose bodies’ people are counted within the boundaries of that year."""
BODIES = {"E54": "integrated care boards", "E38": "commissioning groups of 2021/22"}
"""How codes begin, and the bodies among which a figure stands."""
CHANGED = "Of the body as it was in 2021/22, under its name of today: its area has changed since."
DISTANCE = "(?i)active during the period with (?:a )?distance of (.*)$"
PLACED = {
    "OAPs started in period": "started",
    "OAPs ended during period": "ended",
    "OAPs active at period end": "active at the end of the month",
}
MENTAL_HEALTH = "(?i)mental health|talking therap"


@derived_table(words="NHS bodies of 2021/22 as areas of today, and whether their areas are the same", version=1)
def nhs_bodies(
    access_and_spend: pl.DataFrame, population_health_geographies: pl.DataFrame, lsoa_health: pl.DataFrame
) -> pl.DataFrame:
    """Columns body (ODS code), area, whole (true where the area is the same today) and heads at mid-2021.

    A commissioning group of 2021/22 is known by its name in the estimates of 2021; its area is the same where its ONS
    code still stands. A board is whole where all of its groups are, and no other location is in it.
    """
    newest = lsoa_health.filter(pl.col("edition") == pl.col("edition").max())
    today = newest.select(body="sub_icb_ods", area="sub_icb", board="icb_ods", board_area="icb").unique()
    people = population_health_geographies.filter(pl.col("geography") == COUNTED, pl.col("period") == "2021")
    counted = people.group_by(name=_name(), then="area").agg(heads=pl.col("people").sum())
    groups = (
        access_and_spend.filter(pl.col("level") == "ccg")
        .select("icb", body="area", name=_name())
        .unique(["body"], keep="any")
        .join(counted, on="name", how="left")
        .join(today, on="body")
        .with_columns(whole=(pl.col("then") == pl.col("area")) & (pl.col("icb") == pl.col("board")))
    )
    boards = groups.group_by(body="board", area="board_area").agg(pl.col("whole").all(), total("heads").alias("heads"))
    england = groups.select(body=pl.lit(ENGLAND), area=pl.lit(ENGLAND), whole=pl.lit(True), heads=total("heads")).head(
        1
    )
    columns = ("body", "area", "whole", "heads")
    return pl.concat(part.select(columns) for part in (groups, boards, england)).sort("area")


@derived_table(words="Which ICBs and sub-ICB locations buy NHS care for each area", version=2)
def nhs_buyers(place_pieces: pl.DataFrame, bodies_of_councils: pl.DataFrame) -> pl.DataFrame:
    """Columns area and body (ONS codes): the ICBs and sub-ICB locations that the area lies in, boards first.

    A location that is the whole of its board is left to the board.
    """
    health = place_pieces.filter(pl.col("kind").is_in(["icb", "sub_icb"])).select("part", body="area", level="kind")
    boards = health.filter(pl.col("level") == "icb").select("part", board="body")
    within = health.filter(pl.col("level") == "sub_icb").join(boards, on="part").select("body", "board").unique()
    alone = within.filter(pl.col("body").n_unique().over("board") == 1)
    places = health.select("part", area="body")
    theirs = places.join(health, on="part").select("area", "body", "level").unique()
    pairs = pl.concat([theirs, bodies_of_councils]).join(alone, on="body", how="anti")
    return pairs.sort("area", "level", "body").select("area", "body")


@derived_table(words="NHS spending on mental health by area and year", version=1, by_area=True)
def nhs_spending(access_and_spend: pl.DataFrame, nhs_bodies: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, measure, value, missing, whole and heads; England is the sum of the groups."""
    wanted = access_and_spend.filter(pl.col("measure").is_in([SPEND, SPEND_SHARE, *YOUNG]))
    groups = wanted.filter((pl.col("level") == "ccg") & (pl.col("measure") != SPEND_SHARE))
    england = groups.group_by("period", "measure", maintain_order=True).agg(total("value").alias("value"))
    rows = pl.concat(
        [
            wanted.select("period", "measure", "value", "missing", body="area"),
            england.with_columns(missing=pl.lit(None, dtype=pl.String), body=pl.lit(ENGLAND)).select(
                "period", "measure", "value", "missing", "body"
            ),
        ]
    )
    return rows.join(nhs_bodies, on="body", maintain_order="left").drop("body")


@derived_table(words="NHS spending on mental health a head, and where each body stands", version=1, by_area=True)
def nhs_heads(nhs_spending: pl.DataFrame, outlier_reach: Assumption) -> pl.DataFrame:
    """Columns area, period, value (pounds a head), missing, whole, kind, and those of standing among its kind."""
    found = nhs_spending.filter(pl.col("measure") == SPEND, pl.col("period") == YEAR_COUNTED).with_columns(
        why_not_divided("value", "heads", whole_name="number of people"),
        value=divide("value", "heads"),
        kind=pl.col("area")
        .str.extract("^([A-Z][0-9]{2})")
        .replace_strict(BODIES, default=None, return_dtype=pl.String),
    )
    of_bodies = pl.when(pl.col("kind").is_not_null()).then("value")
    return found.with_columns(standing(of_bodies, reach=outlier_reach.value, within=["kind"]))


@derived_table(words="Placements far from home by sub-ICB location, where its area is that of 2016", version=1)
def placements(
    out_of_area_placements: pl.DataFrame, nhs_bodies: pl.DataFrame, deprivation_summaries: pl.DataFrame
) -> pl.DataFrame:
    """Columns area, period, measure, unit, value and missing, of England and of groups whose ONS code still stands."""
    table = out_of_area_placements.filter(pl.col("breakdown") == "all")
    named = table.filter(pl.col("level") == "ccg").select(body="area", name=_name()).drop_nulls().unique()
    coded = deprivation_summaries.select(then="area", name=_name()).unique()
    same = (
        named.join(coded, on="name")
        .join(nhs_bodies.select("body", "area"), on="body")
        .filter(pl.col("then") == pl.col("area"))
    )
    known = pl.concat([same.select("body", "area"), pl.DataFrame({"body": [ENGLAND], "area": [ENGLAND]})])
    rows = table.filter(pl.col("level").is_in(["ccg", "country"])).rename({"area": "body"})
    return rows.join(known, on="body", maintain_order="left").select(
        "area", "period", "measure", "unit", "value", "missing"
    )


@indicator(
    rows="A31",
    title="NHS spending on mental health",
    unit=Unit.GBP,
    numerator="Pounds in the year, with learning disabilities and dementia, without specialised commissioning",
    formula="as published; England is the sum of the commissioning groups",
    purpose="Know the money the NHS puts into mental health in a place",
)
def nhs_spend(nhs_spending: pl.DataFrame) -> pl.DataFrame:
    """Pounds by ICB and sub-ICB location."""
    return _told(nhs_spending.filter(pl.col("measure") == SPEND), price_year="period")


@indicator(
    rows="A31 A36",
    title="NHS spending on mental health in prices of today",
    unit=Unit.GBP,
    numerator="Pounds in the year, with learning disabilities and dementia, without specialised commissioning",
    formula="spending × GDP deflator of the latest year of outturn ÷ that of the year",
    purpose="Compare years without the rise of prices",
)
def nhs_spend_real(nhs_spending: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """Pounds in the prices of the latest year for which the GDP deflator is no forecast."""
    found = priced(nhs_spending.filter(pl.col("measure") == SPEND), deflators)
    value = in_prices_of("value", "deflator", base="base")
    return _told(found.with_columns(value=value), price_year="base_year")


@indicator(
    rows="A31 A35",
    title="Share of the NHS allocation spent on mental health",
    unit=Unit.SHARE,
    numerator="Pounds spent on mental health, learning disabilities and dementia",
    denominator="Pounds allocated to the commissioner",
    formula="as published",
    purpose="See what weight mental health has in the local NHS budget",
)
def nhs_spend_share(nhs_spending: pl.DataFrame) -> pl.DataFrame:
    """Share by ICB and sub-ICB location; allocations changed in 2020/21, and shares fell with it."""
    return _told(nhs_spending.filter(pl.col("measure") == SPEND_SHARE))


@indicator(
    rows="A32 A35",
    title="NHS spending on mental health a head",
    unit=Unit.GBP_PER_HEAD,
    numerator="Pounds in the year, with learning disabilities and dementia, without specialised commissioning",
    denominator="People of all ages living in the area in the middle of 2021",
    formula="spending ÷ people",
    purpose="Compare places of different size",
)
def nhs_spend_per_head(nhs_heads: pl.DataFrame) -> pl.DataFrame:
    """Pounds a head in the year whose people are counted, with the boundaries of that year on both sides."""
    return _told(nhs_heads, price_year="period")


@indicator(
    rows="A43 A35",
    title="Rank of NHS spending on mental health a head among bodies of its kind",
    unit=Unit.RANK,
    numerator="Bodies that spent more a head, and one",
    formula="1 + bodies of the kind that spent more a head; 1 spends the most",
    purpose="See how unusual the spending is, and whether it is far from that of others",
)
def nhs_spend_rank(nhs_heads: pl.DataFrame) -> pl.DataFrame:
    """Rank among integrated care boards, or among commissioning groups; the note tells of how many, and outliers."""
    ranked = nhs_heads.drop_nulls("rank")
    notes = [pl.when(pl.col("kind") == kind).then(standing_note(kind)) for kind in BODIES.values()]
    return ranked.select("area", "period", value="rank", note=pl.coalesce(*notes))


@indicator(
    rows="A35",
    title="NHS spending on mental health a head among bodies of a kind",
    unit=Unit.GBP_PER_HEAD,
    numerator="Spending a head of the body at a quarter, half and three quarters of the order",
    formula="quartiles, by linear interpolation",
    purpose="See the range within which half of the bodies lie",
    dimensions=("place_in_order",),
)
def nhs_spend_spread(nhs_heads: pl.DataFrame) -> pl.DataFrame:
    """Lower quartile, median and upper quartile of the bodies of an area's kind, beside each of them."""
    ranked = nhs_heads.drop_nulls("rank")
    return quarters(ranked, ("area", "period"), bodies="bodies of its kind").with_columns(price_year="period")


@indicator(
    rows="A31",
    title="NHS spending on the mental health of children and young people",
    unit=Unit.GBP,
    numerator="Pounds in the year",
    formula="as published; England is the sum of the commissioning groups",
    purpose="Know the money for children and young people",
    dimensions=("purpose",),
)
def nhs_spend_young(nhs_spending: pl.DataFrame) -> pl.DataFrame:
    """Pounds for mental health (without learning disabilities), and for eating disorders."""
    found = nhs_spending.filter(pl.col("measure").is_in(list(YOUNG)))
    return _told(found).with_columns(purpose=found["measure"].replace_strict(YOUNG), price_year="period")


@indicator(
    rows="A41",
    title="Placements out of area",
    unit=Unit.COUNT,
    numerator="Placements in the month outside the usual network of services",
    formula="as published",
    purpose="See how many people are treated far from home",
    dimensions=("counted",),
    polarity=Polarity.LOW,
)
def placements_out_of_area(placements: pl.DataFrame) -> pl.DataFrame:
    """Placements started, ended and active; a number hidden by the publisher is missing for its reason."""
    found = placements.filter(pl.col("measure").is_in(list(PLACED)))
    return found.select("area", "period", "value", "missing", counted=pl.col("measure").replace_strict(PLACED))


@indicator(
    rows="A41",
    title="Days of placement out of area, their cost, and the share with a cost",
    unit=Unit.NUMBER,
    numerator="Days, pounds, or days with a cost",
    formula="as published",
    purpose="See what treatment far from home costs",
    dimensions=("measure",),
    polarity=Polarity.LOW,
)
def placement_days_and_cost(placements: pl.DataFrame) -> pl.DataFrame:
    """Days of the month, cost recorded, cost of a day, and share of the days whose cost was recorded."""
    units = {"days": "DAYS", "GBP": "GBP", "GBP a day": "GBP", "share": "SHARE"}
    found = placements.filter(pl.col("unit").is_in(list(units)))
    return found.select("area", "period", "measure", "value", "missing", unit=pl.col("unit").replace_strict(units))


@indicator(
    rows="A41",
    title="Share of placements out of area by distance",
    unit=Unit.SHARE,
    numerator="Placements active in the month at that distance",
    denominator="Placements active in the month whose distance is known",
    formula="placements at the distance ÷ placements at all distances",
    purpose="See how far from home people are treated",
    dimensions=("distance",),
)
def placement_distance_share(placements: pl.DataFrame) -> pl.DataFrame:
    """Shares by band of distance; missing for all where a band is hidden, since the whole is then not known."""
    found = placements.filter(pl.col("measure").str.contains(DISTANCE))
    whole = total("value").over("area", "period")
    return found.select(
        "area",
        "period",
        why_not_divided("value", whole, part_name="number at this distance", whole_name="number at all distances"),
        distance=pl.col("measure").str.extract(DISTANCE),
        value=divide("value", whole),
    )


@indicator(
    rows="A51",
    title="National unit cost of NHS mental-health care",
    unit=Unit.GBP_EXACT,
    numerator="Pounds that providers in England spent",
    denominator="Contacts of a team, or bed days of a provider spell, as the department says",
    formula="as published: cost ÷ units",
    purpose="Check a price or a plan against what care costs elsewhere",
    dimensions=("department", "currency"),
)
def nhs_unit_cost(national_cost_collection: pl.DataFrame) -> pl.DataFrame:
    """Pounds a unit by kind of care and currency, of the part of the collection that is mental health."""
    return _national(national_cost_collection, "unit_cost_gbp").with_columns(price_year="period")


@indicator(
    rows="A51",
    title="Activity of NHS mental-health care behind the national unit costs",
    unit=Unit.COUNT,
    numerator="Contacts of a team, or bed days of a provider spell, as the department says",
    formula="as published",
    purpose="See on how much care a unit cost rests",
    dimensions=("department", "currency"),
)
def nhs_unit_activity(national_cost_collection: pl.DataFrame) -> pl.DataFrame:
    """Units by kind of care and currency."""
    return _national(national_cost_collection, "activity")


def _national(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """The latest collection's rows of mental health, each once, for England."""
    latest = table.filter(pl.col("department").str.contains(MENTAL_HEALTH), pl.col("period") == pl.col("period").max())
    once = latest.unique(["department", "currency"], keep="first", maintain_order=True)
    return once.select(
        "period",
        "department",
        area=pl.lit(ENGLAND),
        currency=pl.format("{}: {}", "currency", "currency_name"),
        value=column,
        missing=pl.when(pl.col(column).is_null()).then(pl.coalesce("missing", pl.lit("Not given."))),
    )


def _name() -> pl.Expr:
    """The name of a body in capitals, with “and” always written out, so that two tables name it alike."""
    return pl.col("area_name").str.strip_chars().str.to_uppercase().str.replace_all("&", "AND", literal=True)


def _told(found: pl.DataFrame, **more: str) -> pl.DataFrame:
    """Area, period, value, missing, a note where the area was another then, and more columns under other names."""
    unknown = pl.when(pl.col("value").is_null()).then(pl.coalesce("missing", pl.lit("Not known.")))
    note = pl.when(~pl.col("whole")).then(pl.lit(CHANGED))
    return found.select("area", "period", "value", missing=unknown, note=note, **more)
