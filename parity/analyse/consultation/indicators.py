"""Figures of a consultation: who answered, and whether they are like the people of the area."""

import polars as pl

from parity.analyse.labels import told_apart
from parity.analyse.printed import half_unit
from parity.analyse.shares import KATZ, represented
from parity.methods.columns import total, why_not_divided
from parity.methods.survey import (
    implied_count,
    margin_of_error,
    representativeness,
    share_of_stated,
)
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.units import Unit

SURVEY = ("area", "period", "survey")
WHITE = "White"
WIDEST_SHARE = 0.5
"""The share whose margin of error is the widest."""
NOT_STATED = "(?i)not stated|not given|not known|unknown|no response|non-?resp|prefer not|did not (say|answer)|refused"


@indicator(
    rows="A52",
    title="Share of responses",
    unit=Unit.SHARE,
    numerator="Responses in the category",
    denominator="All responses to the survey",
    formula="as stated by the source",
    purpose="Know who answered",
    dimensions=("dimension", "category"),
)
def respondents_share(respondents: pl.DataFrame) -> pl.DataFrame:
    """The shares as stated, by dimension (sex, ethnicity …) and category."""
    return _labelled(respondents).select("area", "period", "dimension", "category", "note", value="share")


@indicator(
    rows="A52",
    title="Responses implied by a rounded share",
    unit=Unit.PEOPLE,
    numerator="Share × responses",
    formula="share × responses; lower and upper are the fewest and most that round to the printed share",
    purpose="See how few people a percentage can stand for",
    dimensions=("dimension", "category"),
    interval="range that the rounding of the printed share leaves",
)
def respondents_implied(respondents: pl.DataFrame) -> pl.DataFrame:
    """People behind each printed share, with the range its rounding leaves."""
    halves = [half_unit(*row) for row in respondents.select("share_printed", "share").iter_rows()]
    rows = _labelled(respondents).with_columns(half=pl.Series(halves, dtype=pl.Float64)).with_row_index("order")
    columns = ["order", "area", "period", "dimension", "category"]
    parts = [
        part.select(*columns, *implied_count("share", "base_people", half_unit=half))
        for (half,), part in rows.group_by("half", maintain_order=True)
    ]
    numbers = dict.fromkeys(("value", "lower", "upper"), pl.Float64)
    empty = pl.DataFrame(schema={"order": pl.UInt32, **dict.fromkeys(columns[1:], pl.String), **numbers})
    return pl.concat([empty, *parts]).sort("order").drop("order")


@indicator(
    rows="A52 A22",
    title="Share of respondents as a multiple of the share of the population",
    unit=Unit.RATIO,
    numerator="Group's share of those respondents who stated their group",
    denominator="Group's share of the area's population",
    formula="share of respondents ÷ share of the population; above 1 is over-represented",
    purpose="See whose voice a consultation carries",
    dimensions=("population_group",),
    interval=f"{KATZ}; of chance alone, as if those who answered had been drawn at random",
)
def representation_ratio(
    respondents: pl.DataFrame, ethnic_mix: pl.DataFrame, confidence_level: Assumption, four_fifths: Assumption
) -> pl.DataFrame:
    """Ratio for every population group of a survey; the note says what its interval tells, and of which population."""
    beside = _beside_population(respondents, ethnic_mix)
    stated = beside.with_columns(people=pl.col("base_people") * (1 - pl.col("left_out")))
    groups = stated.with_columns(
        represented("stated", "people", "population", confidence_level=confidence_level, four_fifths=four_fifths)
    )
    several = told_apart("population_group", by="survey", within=("area", "period"))
    return groups.with_columns(several).select(
        "area",
        "period",
        "population_group",
        why_not_divided("stated", "population", part_name="share of respondents", whole_name="share of the population"),
        "value",
        "lower",
        "upper",
        note=pl.concat_str(
            pl.format("Beside the population of {}", "mix_period"),
            pl.format(": {}", "flag"),
            pl.lit("."),
            ignore_nulls=True,
        ),
    )


@indicator(
    rows="A52",
    title="Share of respondents from minority ethnic groups",
    unit=Unit.SHARE,
    numerator="Respondents of all groups but those whose name begins with “White”",
    denominator="Respondents who stated their group",
    formula="1 − share of White groups among those who stated theirs",
    purpose="Set beside the share of the population",
    dimensions=("survey",),
)
def minority_share_of_respondents(respondents: pl.DataFrame) -> pl.DataFrame:
    """One less the White groups' share of those who stated their group; missing where no White group is named."""
    white = _stated(respondents).filter(pl.col("population_group").str.starts_with(WHITE))
    shares = white.group_by(*SURVEY, maintain_order=True).agg(stated=total("stated"))
    surveys = _stated(respondents).select(SURVEY).unique(maintain_order=True)
    joined = surveys.join(shares, on=SURVEY, how="left", maintain_order="left")
    unknown = pl.lit("The survey names no White group, or nobody stated their group.")
    return joined.select(*SURVEY, value=1 - pl.col("stated"), missing=pl.when(pl.col("stated").is_null()).then(unknown))


@indicator(
    rows="A52",
    title="Margin of error of a survey",
    unit=Unit.POINTS,
    numerator="z × √(0.5 × 0.5)",
    denominator="√ responses",
    formula="z × √(0.25 ÷ responses): the widest, for a result of 50%, as if the sample had been drawn at random",
    purpose="Know how far a result may be off by chance alone",
    dimensions=("survey",),
)
def survey_margin_of_error(respondents: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Half the width of the widest interval. It says nothing of who chose not to answer."""
    sizes = respondents.group_by(*SURVEY, maintain_order=True).agg(pl.col("base_people").max())
    value = margin_of_error(WIDEST_SHARE, "base_people", confidence=confidence_level.value)
    return sizes.select(
        *SURVEY, value=value, missing=pl.when(value.is_null()).then(pl.lit("Nobody answered the survey."))
    )


@indicator(
    rows="A52",
    title="Probability that a representative sample would differ as much from the population",
    unit=Unit.SCORE,
    numerator="Squared differences between respondents and those expected, by group",
    denominator="Respondents expected",
    formula="p of the chi-square test, Σ (observed − expected)² ÷ expected; the smaller, the less representative",
    purpose="Decide whether answers may be read as the area's, or only as those of the people reached",
    dimensions=("survey", "dimension"),
)
def respondents_representative(
    respondents: pl.DataFrame, ethnic_mix: pl.DataFrame, confidence_level: Assumption
) -> pl.DataFrame:
    """p for every survey and dimension with population groups; the note says in words what it means."""
    groups = _beside_population(respondents, ethnic_mix).with_columns(
        respondents=pl.col("share") * pl.col("base_people")
    )
    rows = []
    for key, part in groups.group_by(*SURVEY, "dimension", maintain_order=True):
        test = representativeness(part)
        note = None if test.p is None else _verdict(test.p, test.small_groups, confidence_level.value)
        rows.append((*key, test.p, test.missing, note))
    texts = dict.fromkeys((*SURVEY, "dimension"), pl.String)
    schema = {**texts, "value": pl.Float64, "missing": pl.String, "note": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _verdict(p: float, small_groups: int | None, confidence: float) -> str:
    like = (
        "The respondents are not spread over the groups as the population is: read the answers as those of the people"
    )
    words = f"{like} reached." if p < 1 - confidence else "No sign that the respondents differ from the population."
    return f"{words} Some groups are too small for the test to be exact." if small_groups else words


def _labelled(respondents: pl.DataFrame) -> pl.DataFrame:
    """The rows, with the survey's name in the dimension where two surveys share an area and period."""
    return respondents.with_columns(told_apart("dimension", by="survey", within=("area", "period")))


def _stated(respondents: pl.DataFrame) -> pl.DataFrame:
    """One row a survey, dimension and population group: share, base_people, and stated, the share of those who stated.

    Only dimensions that name population groups are meant; several categories of one group are added.
    """
    key = [*SURVEY, "dimension"]
    unstated = pl.col("population_group").is_null() & pl.col("category").str.contains(NOT_STATED)
    left_out = pl.when(unstated).then("share").otherwise(0.0).sum().over(key)
    grouped = respondents.with_columns(left_out=left_out).drop_nulls("population_group")
    sums = grouped.group_by(*key, "population_group", maintain_order=True).agg(
        pl.col("share").sum(), pl.col("base_people", "left_out").first()
    )
    return sums.with_columns(stated=share_of_stated("share", "left_out"))


def _beside_population(respondents: pl.DataFrame, ethnic_mix: pl.DataFrame) -> pl.DataFrame:
    """The groups of a survey beside the population (share and mix_period) of the period that knows most of them.

    Of two such periods the later is taken.
    """
    key = [*SURVEY, "dimension"]
    mix = ethnic_mix.select(
        "area", population_group="ethnic_group", mix_period="period", population="share"
    ).drop_nulls("population")
    joined = _stated(respondents).join(mix, on=["area", "population_group"], maintain_order="left_right")
    counted = joined.with_columns(known=pl.len().over(*key, "mix_period"))
    fullest = counted.filter(pl.col("known") == pl.col("known").max().over(key))
    return fullest.filter(pl.col("mix_period") == pl.col("mix_period").max().over(key))
