"""Figures of the workforce: posts funded and filled, vacancies, skill mix, who pays, a head and over time."""

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.weighted import NO_POPULATION, PER_HUNDRED_THOUSAND, no_services, weighted_populations
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import absolute_change
from parity.methods.money import share_of_total
from parity.methods.population import rate
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")
FUNDED, FILLED = "funded", "in post"
UNKNOWN = "The table does not say it of every post."


@indicator(
    rows="A48",
    title="Posts",
    unit=Unit.WTE,
    numerator="Whole-time equivalents of all employers and roles",
    formula="sum over the table",
    purpose="See how large the workforce is, and how much of it is there",
    dimensions=("posts",),
)
def workforce_total(workforce: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents that are funded and those in post; missing where a row does not say."""
    sums = workforce.group_by(*PLACE, maintain_order=True).agg(
        total("wte_funded").alias(FUNDED), total("wte_in_post").alias(FILLED)
    )
    long = sums.unpivot([FUNDED, FILLED], index=list(PLACE), variable_name="posts")
    return _missing_where_unknown(long)


@indicator(
    rows="A48",
    title="Staff in post",
    unit=Unit.WTE,
    numerator="Whole-time equivalents in post",
    formula="sum over teams, grades and funding",
    purpose="See who does the work, and for whom they work",
    dimensions=("employer", "role"),
)
def staff_in_post(workforce: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents in post by employer and role."""
    return _missing_where_unknown(_summed(workforce, "wte_in_post", "employer", "role"))


@indicator(
    rows="A48",
    title="Share of staff in post by role and grade",
    unit=Unit.SHARE,
    numerator="Whole-time equivalents in post of the role and grade",
    denominator="Whole-time equivalents in post",
    formula="role and grade ÷ all",
    purpose="See the mix of skills",
    dimensions=("role", "grade"),
)
def skill_mix_share(workforce: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each role and grade in all staff in post."""
    return _shares(_summed(workforce, "wte_in_post", "role", "grade"), "staff in post")


@indicator(
    rows="A48",
    title="Share of posts that are vacant",
    unit=Unit.SHARE,
    numerator="Whole-time equivalents funded less those in post",
    denominator="Whole-time equivalents funded",
    formula="(funded − in post) ÷ funded; below 0 where more are in post than are funded",
    purpose="See where the money is there and the people are not",
    polarity=Polarity.LOW,
    dimensions=("role",),
)
def vacancy_rate(workforce: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the funded posts of each role that nobody fills."""
    return _vacancy(workforce, "role")


@indicator(
    rows="A48",
    title="Share of all posts that are vacant",
    unit=Unit.SHARE,
    numerator="Whole-time equivalents funded less those in post",
    denominator="Whole-time equivalents funded",
    formula="(funded − in post) ÷ funded",
    purpose="See how much of the workforce is missing",
    polarity=Polarity.LOW,
)
def vacancy_rate_total(workforce: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of all funded posts that nobody fills."""
    return _vacancy(workforce)


@indicator(
    rows="A48",
    title="Share of funded posts by who pays",
    unit=Unit.SHARE,
    numerator="Whole-time equivalents funded by the payer",
    denominator="Whole-time equivalents funded",
    formula="payer ÷ all",
    purpose="See how much hangs on money that others can withdraw",
    dimensions=("funding",),
)
def workforce_funding_share(workforce: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the funded posts that each payer funds."""
    return _shares(_summed(workforce, "wte_funded", "funding"), "funded posts")


@indicator(
    rows="A29 A48",
    title="Staff in post per 100,000 weighted people",
    unit=Unit.RATE_PER_100K_WEIGHTED,
    numerator="Whole-time equivalents in post of the role",
    denominator="Population of working age, weighted by need",
    multiplier="100,000",
    formula="in post ÷ weighted population × 100,000",
    purpose="Compare the workforce between places of different size and need",
    dimensions=("role",),
)
def workforce_rate(
    workforce: pl.DataFrame, population: pl.DataFrame | None = None, need_index: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Staff in post of each role per 100,000 weighted people; the note says which people."""
    weighted = weighted_populations(workforce, no_services(), population, need_index)
    posts = _missing_where_unknown(_summed(workforce, "wte_in_post", "role"))
    joined = posts.join(weighted, on=list(PLACE), maintain_order="left")
    nobody = pl.when(pl.col("weighted").is_null()).then(pl.lit(NO_POPULATION))
    return joined.select(
        *PLACE,
        "role",
        "note",
        value=rate("value", "weighted", per=PER_HUNDRED_THOUSAND),
        missing=pl.coalesce("missing", nobody),
    )


@indicator(
    rows="A48",
    title="Change of staff in post",
    unit=Unit.WTE,
    numerator="Whole-time equivalents in post of the later period − those of the first",
    formula="later − first",
    purpose="See which roles grow",
    dimensions=("role",),
)
def workforce_change(workforce: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents more than in the first period, for each role and later period that has it."""
    beside = beside_first(_summed(workforce, "wte_in_post", "role"), by=("area", "role"))
    return _missing_where_unknown(beside.select(*PLACE, "role", value=absolute_change("value_first", "value")))


def _summed(workforce: pl.DataFrame, posts: str, *by: str) -> pl.DataFrame:
    """One row for each area, period and `by`: value, whole-time equivalents, null where one is not known."""
    return workforce.group_by(*PLACE, *by, maintain_order=True).agg(value=total(posts))


def _missing_where_unknown(sums: pl.DataFrame) -> pl.DataFrame:
    return sums.with_columns(missing=pl.when(pl.col("value").is_null()).then(pl.lit(UNKNOWN)))


def _shares(sums: pl.DataFrame, whole_name: str) -> pl.DataFrame:
    """Each row's share of the sum of its area and period."""
    whole = total("value").over(*PLACE)
    why = why_not_divided("value", whole, part_name=f"number of {whole_name}", whole_name=f"number of all {whole_name}")
    return sums.with_columns(why, value=share_of_total("value", within=PLACE))


def _vacancy(workforce: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Funded posts that are not filled, as a share of those funded."""
    sums = workforce.group_by(*PLACE, *by, maintain_order=True).agg(
        funded=total("wte_funded"), open=total("wte_funded") - total("wte_in_post")
    )
    why = why_not_divided("open", "funded", part_name="number of vacant posts", whole_name="number of funded posts")
    return sums.select(*PLACE, *by, why, value=divide("open", "funded"))
