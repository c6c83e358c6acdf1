"""Figures of a choice among options: what portfolios are worth and need, which is best, and what to know would bring.

They read `flow_portfolios`, where all is worked out, and `flow_numbers`, so that a figure names what it rests on.
"""

import polars as pl

from parity.plan.flow_answer import LIMIT, OPTION, PORTFOLIO, WHOLE, answered_part, in_real_pounds
from parity.plan.flow_paths import BAND, NO_CHANCE
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

RUN = "every set of the options is run on the same draws of the model"
EACH = ("model", "portfolio")


def _portfolios(flow_portfolios: pl.DataFrame, name: str) -> pl.DataFrame:
    """The portfolios that have figures of their own, with the column of this name as value."""
    shown = flow_portfolios.filter(pl.col("is_shown").fill_null(value=True))
    return answered_part(shown, PORTFOLIO, name, key="portfolio")


def _told_why(flow_portfolios: pl.DataFrame, part: str, name: str) -> pl.DataFrame:
    """The answers; rows of this part that keep within the limits and yet have no such chance say why."""
    is_none = (pl.col("part") == part) & pl.col(name).is_null() & pl.col("is_allowed").fill_null(value=True)
    why = pl.when(is_none & pl.col("missing").is_null()).then(pl.lit(NO_CHANCE)).otherwise("missing")
    return flow_portfolios.with_columns(missing=why)


@indicator(
    rows="B13 B14 E20",
    title="Net present value of a portfolio of options",
    unit=Unit.GBP,
    numerator="What it saves against services as they are, in prices of the first month × the year's discount factor",
    formula="mean over draws of the sum over years of saving × discount factor; the first year whole, then 3.5% a year",
    purpose="Choose the portfolio that is worth most",
    polarity=Polarity.HIGH,
    dimensions=EACH,
    interval=BAND,
)
def portfolio_worth(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month; the mean of the draws, where figures of scenarios have what is as stated."""
    rows = _portfolios(flow_portfolios, "worth")
    ends = flow_portfolios.filter(part=PORTFOLIO).select(
        "model", portfolio="item", lower="worth_lower", upper="worth_upper"
    )
    return in_real_pounds(flow_portfolios, rows.join(ends, on=EACH, how="left", maintain_order="left"))


@indicator(
    rows="B13 B14 E20",
    title="Most that a portfolio has out at once before its savings come back",
    unit=Unit.GBP,
    numerator="Highest running sum, month by month, of what it costs more than services as they are",
    formula="max over months of the running sum of extra cost, means of the draws; £0 where it never costs more",
    purpose="See how much money must be found up front",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def portfolio_at_once(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month."""
    return in_real_pounds(flow_portfolios, _portfolios(flow_portfolios, "at_once"))


@indicator(
    rows="B13 B14 E20",
    title="Most that a portfolio costs more in any one year",
    unit=Unit.GBP,
    numerator="Net cost of twelve months − that of services as they are, in the year in which this is most",
    formula="max over years of the sum over twelve months of extra cost, means of the draws; £0 where none does",
    purpose="See whether a year's budget bears it",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def portfolio_in_year(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month."""
    return in_real_pounds(flow_portfolios, _portfolios(flow_portfolios, "in_year"))


@indicator(
    rows="B14 E20",
    title="People who were to move and have not at the end, in a portfolio",
    unit=Unit.PEOPLE,
    numerator="People whom the portfolio means to move by the last month, and who have not been moved",
    formula=f"planned moves − moves, mean of the draws; {RUN}",
    purpose="See whether places and teams are enough for what is planned",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def portfolio_waiting(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People at the end of the last month."""
    return _portfolios(flow_portfolios, "waiting")


@indicator(
    rows="B14 E20",
    title="How many people fewer, or more, a portfolio leaves in the setting that is asked about",
    unit=Unit.PEOPLE,
    numerator="People in the setting at the end of the last month − people there if services stay as they are",
    formula=f"difference of means of the draws, counted as what is wanted; {RUN}",
    purpose="See what money brings for people",
    polarity=Polarity.HIGH,
    dimensions=EACH,
)
def portfolio_gain(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People; none where the question names no setting."""
    rows = _portfolios(flow_portfolios, "gain")
    return rows.filter(pl.col("missing").is_null())


@indicator(
    rows="B14 E20",
    title="Chance that a portfolio is the best",
    unit=Unit.SHARE,
    numerator="Draws in which no portfolio within the limits is worth more",
    denominator="All draws",
    formula="draws in which it is worth most ÷ draws; portfolios that tie share a draw",
    purpose="See how sure the choice is",
    polarity=Polarity.HIGH,
    dimensions=EACH,
)
def portfolio_chance_best(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws, none where all are alike; no row for a portfolio that does not keep to the limits."""
    return _portfolios(_told_why(flow_portfolios, PORTFOLIO, "chance_best"), "chance_best")


@indicator(
    rows="B14 E20",
    title="Regret of a portfolio",
    unit=Unit.GBP,
    numerator="What whichever portfolio turns out best is worth − what this one is worth, in each draw",
    formula="mean over the draws of the most that any portfolio within the limits is worth − what this one is worth",
    purpose="See what a choice gives away if things turn out otherwise",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def portfolio_regret(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month; none for a portfolio that does not keep within the limits."""
    return in_real_pounds(flow_portfolios, _portfolios(flow_portfolios, "regret"))


@indicator(
    rows="B14 E20",
    title="What it would be worth to know how things turn out before choosing",
    unit=Unit.GBP,
    numerator="What whichever portfolio turns out best is worth − what the best on average is worth, in each draw",
    formula="regret of the portfolio that is best on average (expected value of perfect information)",
    purpose="See whether to find out more before choosing",
    dimensions=("model",),
)
def choice_information(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month, the most that any study or trial beforehand could be worth."""
    return in_real_pounds(flow_portfolios, answered_part(flow_portfolios, WHOLE, "evpi"))


@indicator(
    rows="B14 E20",
    title="Share of the good portfolios that hold an option",
    unit=Unit.SHARE,
    numerator="Portfolios that hold the option, of the tenth that is worth most",
    denominator="The tenth of the portfolios within the limits that is worth most, rounded up",
    formula="portfolios with the option ÷ portfolios, among the best tenth",
    purpose="See which options are safe to begin with, whatever else is chosen",
    polarity=Polarity.HIGH,
    dimensions=("model", "option"),
)
def option_share_of_best(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1)."""
    return answered_part(flow_portfolios, OPTION, "share_of_best", key="option")


@indicator(
    rows="B14 E20",
    title="Chance that the best portfolio holds an option",
    unit=Unit.SHARE,
    numerator="Draws in which the portfolio that is worth most holds the option",
    denominator="All draws",
    formula="sum of the chances to be best of the portfolios with the option",
    purpose="See how sure it is that an option belongs in",
    polarity=Polarity.HIGH,
    dimensions=("model", "option"),
)
def option_chance_in_best(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the draws; none where all are alike."""
    told = _told_why(flow_portfolios, OPTION, "chance_in_best")
    return answered_part(told, OPTION, "chance_in_best", key="option")


@indicator(
    rows="B14 E20",
    title="What is lost where the choice is made without an option",
    unit=Unit.GBP,
    numerator="What the best portfolio is worth − what the best without the option is worth",
    formula="difference of net present values, means of the draws; £0 where the best does without it",
    purpose="See what an option brings that no other can",
    dimensions=("model", "option"),
)
def option_lost_without(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month."""
    return in_real_pounds(flow_portfolios, answered_part(flow_portfolios, OPTION, "lost_without", key="option"))


def _limit(flow_portfolios: pl.DataFrame, name: str) -> pl.DataFrame:
    """The limits in their own units."""
    rows = flow_portfolios.filter((pl.col("part") == LIMIT) & pl.col("unit").is_not_null())
    return rows.select("area", "period", "model", "unit", "basis", "price_year", limit="item", value=name)


@indicator(
    rows="B14 E20",
    title="A limit that a portfolio must keep",
    unit=Unit.GBP,
    numerator="The limit as it was asked",
    formula="as it was asked",
    purpose="See within what the choice was made",
    dimensions=("model", "limit"),
)
def limit_most(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds or people; none where no limit is asked for."""
    return _limit(flow_portfolios, "most")


@indicator(
    rows="B14 E20",
    title="What the best portfolio uses of a limit",
    unit=Unit.GBP,
    numerator="Pounds or people that count towards the limit",
    formula="as the limit counts them, mean of the draws",
    purpose="See how much room is left",
    dimensions=("model", "limit"),
)
def limit_used(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds or people; none where no limit is asked for."""
    return _limit(flow_portfolios, "used")


@indicator(
    rows="B14 E20",
    title="What the best portfolio would be worth more without a limit",
    unit=Unit.GBP,
    numerator="What the best portfolio would be worth without the limit, with all others − what the best is worth",
    formula="difference of net present values, means of the draws",
    purpose="See which limit costs most",
    dimensions=("model", "limit"),
)
def limit_gain(flow_portfolios: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month; none where no limit is asked for."""
    rows = _limit(flow_portfolios, "gain").drop("unit", "basis", "price_year")
    return in_real_pounds(flow_portfolios, rows)
