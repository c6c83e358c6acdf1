"""Figures of the people who work in services: age, sex and ethnic group, those near retirement, and training."""

from collections.abc import Sequence

import polars as pl

from parity.analyse.people import people_of
from parity.analyse.shares import TOO_MANY, WILSON, counted_share
from parity.methods.age_bands import ages_of
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import representation_ratio
from parity.methods.survey import representation
from parity.terms.assumption import Assumption
from parity.terms.errors import WrongState
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")
ALL, NOT_STATED = "all", "not stated"
AGE, ETHNIC_GROUP = "age", "ethnic group"
STATED = ~pl.col("group").is_in([ALL, NOT_STATED])
GROUPED = ("characteristic", "group")
ALL_AGES = ("all ages",)
OLDER, YOUNGER = "older", "younger"
UNKNOWN = "The table does not say how many."
BOTH_SIDES = "An age band holds people on both sides of the age, or is not written as 45-54 or 65+."
NO_SUCH_GROUP = "The table of the population's ethnic groups has no group of this name."
NOBODY_LIVES = "The group's share of the population is zero, so nothing can be divided by it."
NO_INTERVAL = "The number of people of all ages is not known, so there is no interval."
KATZ = "95% by Katz's log method, where the area's number of people of all ages is known"


@indicator(
    rows="A48",
    title="People employed",
    unit=Unit.PEOPLE,
    numerator="People of all employers, each counted once whatever their hours",
    formula="the table's own total where it has one, else the sum",
    purpose="Know of how many people the shares are",
    dimensions=("role",),
)
def staff_people(workforce_people: pl.DataFrame) -> pl.DataFrame:
    """People by role, and of all roles: the most that one characteristic counts.

    Who works for two employers is counted by both.
    """
    people = (
        _by_role(workforce_people).group_by(*PLACE, "role", maintain_order=True).agg(value=pl.col("everyone").max())
    )
    return people.with_columns(missing=_unless_known("value"))


@indicator(
    rows="A48",
    title="Share of staff by age, sex, ethnic group or disability",
    unit=Unit.SHARE,
    numerator="People employed of the group",
    denominator="People employed who stated their group",
    formula="group ÷ all who stated theirs",
    purpose="See who the staff are",
    dimensions=GROUPED,
)
def staff_group_share(workforce_people: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each group of a characteristic among those who stated theirs, all employers and roles."""
    groups = _of_all_roles(workforce_people).filter(STATED)
    return groups.select(*PLACE, *GROUPED, _why_no_share(), value=divide("people", "stated"))


@indicator(
    rows="A48",
    title="Share of staff whose group is not known",
    unit=Unit.SHARE,
    numerator="People employed who did not state their group",
    denominator="People employed",
    formula="not stated ÷ all",
    purpose="Know how far the shares can be relied on",
    polarity=Polarity.LOW,
    dimensions=("characteristic",),
)
def staff_not_stated_share(workforce_people: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of all staff; no row for a characteristic of which the table holds nobody as not stated."""
    unstated = _of_all_roles(workforce_people).filter(pl.col("group") == NOT_STATED)
    why = why_not_divided("people", "everyone", part_name="number who did not say", whole_name="number of staff")
    return unstated.select(*PLACE, "characteristic", why, value=divide("people", "everyone"))


@indicator(
    rows="A48",
    title="Staff old enough to think of retiring",
    unit=Unit.PEOPLE,
    numerator="People employed of the age or older",
    formula="sum over the age bands from that age",
    purpose="Plan for those who may leave together",
    dimensions=("role",),
)
def staff_older(workforce_people: pl.DataFrame, retiring_from_age: Assumption) -> pl.DataFrame:
    """People by role, and of all roles; missing where an age band lies on both sides of the age."""
    found = _by_age(workforce_people, retiring_from_age.value)
    straddles = pl.when("straddles").then(pl.lit(BOTH_SIDES))
    return found.select(*PLACE, "role", value="older", missing=pl.coalesce(straddles, _unless_known("older")))


@indicator(
    rows="A48",
    title="Share of staff old enough to think of retiring",
    unit=Unit.SHARE,
    numerator="People employed of the age or older",
    denominator="People employed whose age is known",
    formula="that age or older ÷ all whose age is known",
    purpose="See which roles may soon lack people",
    polarity=Polarity.LOW,
    dimensions=("role",),
)
def staff_older_share(workforce_people: pl.DataFrame, retiring_from_age: Assumption) -> pl.DataFrame:
    """Share (0–1) by role, and of all roles; missing where an age band lies on both sides of the age."""
    found = _by_age(workforce_people, retiring_from_age.value)
    straddles = pl.when("straddles").then(pl.lit(BOTH_SIDES))
    why = why_not_divided("older", "stated", part_name="number of them", whole_name="number of staff of known age")
    return found.select(*PLACE, "role", value=divide("older", "stated"), missing=pl.coalesce(straddles, why))


@indicator(
    rows="A48",
    title="Share of staff as a multiple of the share of the population",
    unit=Unit.RATIO,
    numerator="Ethnic group's share of the staff who stated theirs",
    denominator="Ethnic group's share of the area's population",
    formula="share of staff ÷ share of the population; above 1 is over-represented",
    purpose="See whether the staff are like the people they serve",
    dimensions=("ethnic_group",),
    interval=KATZ,
)
def staff_representation(
    workforce_people: pl.DataFrame,
    ethnic_mix: pl.DataFrame,
    confidence_level: Assumption,
    population: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Ratio of each ethnic group of the staff; the note says of which period the population is.

    The interval needs how many people of all ages live in the area. It begins at 0 where nobody is of the group.
    """
    staff = _of_all_roles(workforce_people.filter(pl.col("characteristic") == ETHNIC_GROUP)).filter(STATED)
    beside = staff.join(_mix(staff, ethnic_mix), on=[*PLACE, "group"], how="left", maintain_order="left")
    counted = beside.join(_residents(population), on="area", how="left", maintain_order="left")
    ratio = representation(divide("people", "stated"), "share").alias("ratio")
    _, lower, upper = representation_ratio(
        "people", "stated", comparator_count=pl.col("share") * pl.col("residents"), comparator_of="residents",
        confidence=confidence_level.value,
    )  # fmt: skip
    found = counted.with_columns(ratio, lower, upper)
    known, nobody = pl.col("ratio").is_not_null(), pl.col("people") == 0
    no_group = pl.when(pl.col("share").is_null()).then(pl.lit(NO_SUCH_GROUP))
    no_share = pl.when(~known).then(pl.lit(NOBODY_LIVES))
    without = pl.when(pl.col("residents").is_null()).then(pl.lit(NO_INTERVAL))
    return found.select(
        *PLACE,
        ethnic_group="group",
        value="ratio",
        lower=pl.when(known).then(pl.when(nobody).then(0.0).otherwise("lower")),
        upper=pl.when(known).then("upper"),
        missing=pl.coalesce(no_group, _why_no_share(), no_share),
        note=pl.concat_str(pl.format("Beside the population of {}.", "mix_period"), without, separator=" ",
                           ignore_nulls=True),
    )  # fmt: skip


@indicator(
    rows="A48",
    title="Share of staff who have a training",
    unit=Unit.SHARE,
    numerator="People who have the training",
    denominator="People who should have it",
    formula="have it ÷ should have it",
    purpose="See who still has to be trained, course by course and employer by employer",
    polarity=Polarity.HIGH,
    dimensions=("course", "employer"),
    interval=WILSON,
)
def training_share(workforce_training: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Share (0–1) by course and employer, and of all employers, with its interval."""
    share = counted_share("people_trained", "people_due", confidence_level=confidence_level)
    return _courses(workforce_training).select(*PLACE, "course", "employer", *share)


@indicator(
    rows="A48",
    title="Staff still to be trained",
    unit=Unit.PEOPLE,
    numerator="People who should have the training less those who have it",
    formula="should have it − have it",
    purpose="Know how many places on a course are needed",
    polarity=Polarity.LOW,
    dimensions=("course", "employer"),
)
def training_remaining(workforce_training: pl.DataFrame) -> pl.DataFrame:
    """People by course and employer, and of all employers; missing where more have it than should."""
    remaining = pl.col("people_due") - pl.col("people_trained")
    impossible = pl.when(remaining < 0).then(pl.lit(TOO_MANY))
    value = pl.when(remaining >= 0).then(remaining)
    courses = _courses(workforce_training).with_columns(value=value, impossible=impossible)
    return courses.select(
        *PLACE, "course", "employer", "value", missing=pl.coalesce("impossible", _unless_known("value"))
    )


def _why_no_share() -> pl.Expr:
    return why_not_divided("people", "stated", part_name="number of staff of the group", whole_name="number of staff")


def _unless_known(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_null()).then(pl.lit(UNKNOWN))


def _together(table: pl.DataFrame, *counts: str, over: Sequence[str], by: Sequence[str]) -> pl.DataFrame:
    """The counts by `by`, in which the table is no longer divided `over` its other columns.

    Of each of these the row that says “all” is taken where there is one, else the sum: null where a part is.
    """
    left = [*by, *over]
    for name in over:
        left.remove(name)
        said = pl.col(name) == ALL
        taken = [pl.when(said.any()).then(pl.col(count).filter(said).first()).otherwise(total(count)).alias(count)
                 for count in counts]  # fmt: skip
        table = table.group_by(left, maintain_order=True).agg(taken)
    return table


def _of_all_roles(workforce_people: pl.DataFrame) -> pl.DataFrame:
    """People of all employers and roles by area, period, characteristic and group, as `_told` has them."""
    by = [*PLACE, *GROUPED]
    return _told(_together(workforce_people, "people", over=["role", "employer"], by=by), *PLACE)


def _by_role(workforce_people: pl.DataFrame) -> pl.DataFrame:
    """The same by role, and of all roles below under the role “all”."""
    by = [*PLACE, "role", *GROUPED]
    each = _together(workforce_people, "people", over=["employer"], by=by).filter(pl.col("role") != ALL)
    every = _of_all_roles(workforce_people).with_columns(role=pl.lit(ALL))
    return pl.concat([_told(each, *PLACE, "role"), every], how="diagonal")


def _told(people: pl.DataFrame, *within: str) -> pl.DataFrame:
    """The rows with everyone of the characteristic, and who stated their group: both null where they are not known.

    Who stated a group are those of all groups; where one of them is hidden, everyone less those who did not.
    """
    group, count = pl.col("group"), pl.col("people")
    unstated = pl.when((group == NOT_STATED).any()).then(count.filter(group == NOT_STATED).first()).otherwise(0)
    groups, whole = total(count.filter(STATED)), count.filter(group == ALL).first()
    return people.with_columns(
        stated=pl.coalesce(groups, whole - unstated).over(*within, "characteristic"),
        everyone=pl.coalesce(whole, groups + unstated).over(*within, "characteristic"),
    )


def _by_age(workforce_people: pl.DataFrame, age: float) -> pl.DataFrame:
    """By role, and of all roles: older, stated (people of known age), and whether a band straddles the age."""
    bands = _by_role(workforce_people.filter(pl.col("characteristic") == AGE)).filter(STATED)
    sides = {band: _side(band, age) for band in bands["group"].unique()}
    sorted_out = bands.with_columns(side=pl.col("group").replace_strict(sides, return_dtype=pl.String))
    older = pl.col("people").filter(pl.col("side") == OLDER)
    straddles = pl.col("side").is_null().any()
    return sorted_out.group_by(*PLACE, "role", maintain_order=True).agg(
        pl.col("stated").first(),
        straddles.alias("straddles"),
        older=pl.when(~straddles).then(pl.when(older.len() > 0).then(total(older)).otherwise(0)),
    )


def _side(band: str, age: float) -> str | None:
    """Whether those of a band are all of the age or older, or all younger; None where it holds both, or is no band."""
    try:
        ages = ages_of(band)
    except WrongState:
        return None
    return OLDER if ages[0] >= age else YOUNGER if ages[-1] < age else None


def _mix(staff: pl.DataFrame, ethnic_mix: pl.DataFrame) -> pl.DataFrame:
    """For each area and period of the staff the population's share of each group, in the period that knows most groups.

    Of two such periods the later is taken.
    """
    shares = ethnic_mix.select("area", "share", group="ethnic_group", mix_period="period").drop_nulls("share")
    joined = staff.select(*PLACE, "group").join(shares, on=["area", "group"], maintain_order="left_right")
    counted = joined.with_columns(known=pl.len().over(*PLACE, "mix_period"))
    fullest = counted.filter(pl.col("known") == pl.col("known").max().over(PLACE))
    return fullest.filter(pl.col("mix_period") == pl.col("mix_period").max().over(PLACE)).drop("known")


def _residents(population: pl.DataFrame | None) -> pl.DataFrame:
    """People of all ages of each area in its latest year; none where the population is not known."""
    if population is None:
        return pl.DataFrame(schema={"area": pl.String, "residents": pl.Float64})
    people = people_of(population, ALL_AGES).sort("period", maintain_order=True)
    return people.unique(["area"], keep="last", maintain_order=True).select("area", residents="people")


def _courses(workforce_training: pl.DataFrame) -> pl.DataFrame:
    """People who should have each course and who have it, by employer, with all employers together below as “all”."""
    by, counts = [*PLACE, "course"], ("people_due", "people_trained")
    each = _together(workforce_training, *counts, over=["role"], by=[*by, "employer"])
    every = _together(each, *counts, over=["employer"], by=by).with_columns(employer=pl.lit(ALL))
    return pl.concat([each.filter(pl.col("employer") != ALL), every], how="diagonal")
