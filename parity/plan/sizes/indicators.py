"""Figures of how much of each option to buy: what every size is worth and needs, the best plan, and its limits.

They read `flow_sizes`, where all is worked out, and `flow_numbers`, so that a figure names what it rests on.
"""

import polars as pl

from parity.plan.flow_answer import LIMIT, OPTION, WHOLE, answered_part, in_real_pounds
from parity.plan.flow_paths import BAND
from parity.plan.flow_sizes_answer import SIZE
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

RUN = "each size of each option is run alone, on the same draws of the model"
EACH = ("model", "sized_option")


@indicator(
    rows="B14 E20",
    title="Net present value of an option at a size",
    unit=Unit.GBP,
    numerator="What it saves against services as they are, in prices of the first month × the year's discount factor",
    formula="mean over draws of the sum over years of saving × discount factor; the first year whole, then 3.5% a year",
    purpose="See how what an option brings grows with its size",
    polarity=Polarity.HIGH,
    dimensions=EACH,
    interval=BAND,
)
def size_worth(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month, of the option run alone."""
    ends = flow_sizes.filter(part=SIZE).select("model", sized_option="item", lower="worth_lower", upper="worth_upper")
    rows = answered_part(flow_sizes, SIZE, "worth", key="sized_option")
    return in_real_pounds(flow_sizes, rows.join(ends, on=EACH, how="left", maintain_order="left"))


@indicator(
    rows="B14 E20",
    title="Most that an option at a size has out at once before its savings come back",
    unit=Unit.GBP,
    numerator="Highest running sum, month by month, of what it costs more than services as they are",
    formula="max over months of the running sum of extra cost, means of the draws; £0 where it never costs more",
    purpose="See how much money must be found up front",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def size_at_once(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month, of the option run alone."""
    return in_real_pounds(flow_sizes, answered_part(flow_sizes, SIZE, "at_once", key="sized_option"))


@indicator(
    rows="B14 E20",
    title="Most that an option at a size costs more in any one year",
    unit=Unit.GBP,
    numerator="Net cost of twelve months − that of services as they are, in the year in which this is most",
    formula="max over years of the sum over twelve months of extra cost, means of the draws; £0 where none does",
    purpose="See whether a year's budget bears it",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def size_in_year(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month, of the option run alone."""
    return in_real_pounds(flow_sizes, answered_part(flow_sizes, SIZE, "in_year", key="sized_option"))


@indicator(
    rows="B14 E20",
    title="Most staff that an option at a size takes beyond those of today",
    unit=Unit.WTE,
    numerator="Whole-time equivalents − those of services as they are, in the month in which this is most",
    formula=f"max over months of the difference, means of the draws, 0 where it takes none; {RUN}",
    purpose="See whom an option needs",
    dimensions=EACH,
)
def size_staff(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Whole-time equivalents, of the option run alone."""
    return answered_part(flow_sizes, SIZE, "staff", key="sized_option")


@indicator(
    rows="B14 E20",
    title="People who were to move and have not at the end, of an option at a size",
    unit=Unit.PEOPLE,
    numerator="People whom the option means to move by the last month, and who have not been moved",
    formula=f"planned moves − moves, mean of the draws; {RUN}",
    purpose="See from which size on places and teams are not enough",
    polarity=Polarity.LOW,
    dimensions=EACH,
)
def size_waiting(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """People at the end of the last month."""
    return answered_part(flow_sizes, SIZE, "waiting", key="sized_option")


@indicator(
    rows="B14 E20",
    title="Size of an option in the plan that is worth most",
    unit=Unit.RATIO,
    numerator="People, staff, places and sums of the option in the plan",
    denominator="The same as they are stated of the option",
    formula="0 left out, 1 as stated; found by a mixed-integer program over all sizes of all options",
    purpose="See how much of each option to buy",
    dimensions=("model", "option"),
)
def option_size(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Times what is stated; 0 for an option that is left out."""
    return answered_part(flow_sizes, OPTION, "size", key="option")


@indicator(
    rows="B14 E20",
    title="What the sizes of the plan that is worth most add up to",
    unit=Unit.GBP,
    numerator="Net present values of its options, each at its size and by itself",
    formula=f"sum over the options in the plan; {RUN}",
    purpose="Choose the sizes that are worth most",
    polarity=Polarity.HIGH,
    dimensions=("model",),
)
def sizes_added(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month."""
    return in_real_pounds(flow_sizes, answered_part(flow_sizes, WHOLE, "added"))


@indicator(
    rows="B14 E20",
    title="Net present value of the plan of sizes, its options run together",
    unit=Unit.GBP,
    numerator="What the plan saves against services as they are, in prices of the first month × discount factor",
    formula="mean over draws of the sum over years of saving × discount factor; the first year whole, then 3.5% a year",
    purpose="See whether options help or hinder each other",
    polarity=Polarity.HIGH,
    dimensions=("model",),
    interval=BAND,
)
def sizes_together(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month, of all options of the plan in one run of the model."""
    ends = flow_sizes.filter(part=WHOLE).select("model", lower="worth_lower", upper="worth_upper")
    rows = answered_part(flow_sizes, WHOLE, "worth").join(ends, on="model", how="left", maintain_order="left")
    return in_real_pounds(flow_sizes, rows)


@indicator(
    rows="B14 E20",
    title="What options of the plan of sizes gain or lose by each other",
    unit=Unit.GBP,
    numerator="What the plan is worth run together − what its sizes add up to",
    formula="difference of net present values; below £0 where options compete for the same people or places",
    purpose="See how far sizes can be added up",
    polarity=Polarity.HIGH,
    dimensions=("model",),
)
def sizes_between(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month."""
    return in_real_pounds(flow_sizes, answered_part(flow_sizes, WHOLE, "between"))


def _limit(flow_sizes: pl.DataFrame, name: str) -> pl.DataFrame:
    """The limits in their own units."""
    rows = flow_sizes.filter(part=LIMIT)
    return rows.select("area", "period", "model", "unit", "basis", "price_year", limit="item", value=name)


@indicator(
    rows="B14 E20",
    title="A limit that a plan of sizes must keep",
    unit=Unit.GBP,
    numerator="The limit as it was asked",
    formula="as it was asked",
    purpose="See within what sizes were chosen",
    dimensions=("model", "limit"),
)
def size_limit_most(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds, people or whole-time equivalents; none where no limit is asked for."""
    return _limit(flow_sizes, "most")


@indicator(
    rows="B14 E20",
    title="What the plan of sizes uses of a limit, its options added up",
    unit=Unit.GBP,
    numerator="Pounds, people or staff that count towards the limit, in the month or year in which they are most",
    formula="max over months or years of the sum over options, means of the draws",
    purpose="See how much of the limit is used",
    dimensions=("model", "limit"),
)
def size_limit_used(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds, people or whole-time equivalents; none where no limit is asked for."""
    return _limit(flow_sizes, "used")


@indicator(
    rows="B14 E20",
    title="What is left of a limit in the plan of sizes",
    unit=Unit.GBP,
    numerator="The limit − what the plan uses of it, its options added up",
    formula="difference",
    purpose="See how much room is left",
    dimensions=("model", "limit"),
)
def size_limit_left(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds, people or whole-time equivalents; none where no limit is asked for."""
    return _limit(flow_sizes, "left")


@indicator(
    rows="B14 E20",
    title="What the plan of sizes uses of a limit, its options run together",
    unit=Unit.GBP,
    numerator="Pounds, people or staff that count towards the limit, in the month or year in which they are most",
    formula="max over months or years, means of the draws, of all options in one run of the model",
    purpose="See whether the plan keeps the limit in truth",
    dimensions=("model", "limit"),
)
def size_limit_together(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds, people or whole-time equivalents; none where no limit is asked for."""
    return _limit(flow_sizes, "together")


@indicator(
    rows="B14 E20",
    title="What a step more of a limit would bring",
    unit=Unit.GBP,
    numerator="What the best plan is worth with the limit raised by a step − what the best is worth now",
    formula="found by solving again; the step is £10,000, one whole-time equivalent, or one person",
    purpose="See whether it pays to ask for more",
    polarity=Polarity.HIGH,
    dimensions=("model", "limit"),
)
def size_limit_one_more(flow_sizes: pl.DataFrame, flow_numbers: pl.DataFrame) -> pl.DataFrame:
    """Pounds of the first month; none where no limit is asked for."""
    return in_real_pounds(flow_sizes, _limit(flow_sizes, "one_more").drop("unit", "basis", "price_year"))
