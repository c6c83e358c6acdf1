"""Figures of the risk register: ratings, risks in each band and in each cell of the matrix, total score.

A figure's period is the day a risk was raised, or the days from the first to the last of them.
"""

import polars as pl

from parity.analyse.scope import WHOLE_PROGRAMME
from parity.methods.columns import total
from parity.methods.risk import rating
from parity.review.risks.rules import BANDS, rated
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.periods import span
from parity.terms.polarity import Polarity
from parity.terms.units import Unit


@indicator(
    rows="E1",
    title="Rating of a risk",
    unit=Unit.COUNT,
    numerator="Impact × probability",
    formula="impact score × probability score",
    purpose="Put the risks in the order in which they need attention",
    polarity=Polarity.LOW,
    dimensions=("risk",),
)
def risk_rating(risks: pl.DataFrame) -> pl.DataFrame:
    """Rating of each risk."""
    return risks.select(
        "risk",
        area=pl.lit(WHOLE_PROGRAMME),
        period=pl.col("raised").cast(pl.String),
        value=rating("impact_score", "probability_score"),
    )


@indicator(
    rows="E1",
    title="Risks",
    unit=Unit.COUNT,
    numerator="Risks in the register",
    formula="number of risks",
    purpose="See how much there is to watch",
)
def risks_count(risks: pl.DataFrame) -> pl.DataFrame:
    """Risks in the register."""
    return _over_all(risks, pl.len())


@indicator(
    rows="E1",
    title="Sum of all ratings",
    unit=Unit.COUNT,
    numerator="Ratings of all risks",
    formula="sum over risks of impact score × probability score",
    purpose="Follow the weight of all risks together from one register to the next",
    polarity=Polarity.LOW,
)
def risk_total_score(risks: pl.DataFrame) -> pl.DataFrame:
    """Sum of the ratings of all risks."""
    return _over_all(risks, total(rating("impact_score", "probability_score")))


@indicator(
    rows="E1",
    title="Risks in a band",
    unit=Unit.COUNT,
    numerator="Risks whose rating lies in the band",
    formula="number of risks from the band's lowest rating up to the next band's",
    purpose="See how many risks need attention first",
    dimensions=("band",),
)
def risks_in_band(
    risks: pl.DataFrame, risk_low_from: Assumption, risk_medium_from: Assumption, risk_high_from: Assumption
) -> pl.DataFrame:
    """Risks in each band, from low to high; zero where a band has none."""
    lowest = (risk_low_from.value, risk_medium_from.value, risk_high_from.value)
    bands = pl.DataFrame({"band": BANDS})
    return _spread(risks, rated(risks, lowest=lowest).select("band"), bands)


@indicator(
    rows="E1",
    title="Risks of an impact and a probability",
    unit=Unit.COUNT,
    numerator="Risks with these two scores",
    formula="number of risks",
    purpose="See the register on the matrix of impact and probability",
    dimensions=("impact", "probability"),
)
def risks_at(risks: pl.DataFrame, risk_scale: Assumption) -> pl.DataFrame:
    """Risks in each cell of the matrix, the highest impact first; zero where a cell has none."""
    scores = range(1, int(risk_scale.value) + 1)
    impacts = pl.DataFrame({"impact": [str(score) for score in reversed(scores)]})
    probabilities = pl.DataFrame({"probability": [str(score) for score in scores]})
    cells = risks.select(
        impact=pl.col("impact_score").cast(pl.String), probability=pl.col("probability_score").cast(pl.String)
    )
    return _spread(risks, cells, impacts.join(probabilities, how="cross", maintain_order="left_right"))


def _register(risks: pl.DataFrame) -> pl.DataFrame:
    """One row: area and the days between which the register's risks were raised; no row without risks."""
    first, last = pl.col("raised").min().cast(pl.String), pl.col("raised").max().cast(pl.String)
    period = pl.when(first == last).then(first).otherwise(pl.format(span("{}", "{}"), first, last))
    everywhere = risks.with_columns(area=pl.lit(WHOLE_PROGRAMME))
    return everywhere.group_by("area").agg(period=period)


def _over_all(risks: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """One figure over the whole register."""
    return _register(risks).join(risks.select(value=value), how="cross")


def _spread(risks: pl.DataFrame, found: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """How many of the rows found fall in each place, in the order of the places."""
    counts = found.group_by(places.columns).agg(value=pl.len())
    joined = places.join(counts, on=places.columns, how="left", maintain_order="left")
    return _register(risks).join(joined.with_columns(pl.col("value").fill_null(0)), how="cross")
