"""Standardised rates: what a rate or a count would be if every place had people of the same ages.

Events come as `counts`: a row for each of `by` and of the strata (age bands, or sexes and bands), with `count` (events)
and `people`. An empty count is no event, unless a column `missing` says why it is not known: that of a small number
which its publisher hides. Results have a row for each of `by`, with value, lower, upper and missing.
"""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import divide, total
from parity.methods.intervals import byar, crude_rate, crude_rate_interval
from parity.terms.errors import WrongState

PLACE_AND_TIME = ("area", "period")
BANDS = ("band",)

FEWEST_FOR_A_RATE = 10
"""OHID calculates no directly standardised rate from fewer events."""
ALIKE = 1e-9
"""Two age structures are the same where no stratum's share differs by more."""


def direct_rate(
    counts: pl.DataFrame,
    standard: pl.DataFrame,
    *,
    per: float,
    confidence: float,
    by: Sequence[str] = PLACE_AND_TIME,
    strata: Sequence[str] = BANDS,
) -> pl.DataFrame:
    """Directly standardised rate per `per` people: the columns `by`, count, value, lower, upper and missing.

    `standard` has the strata and `people`. Where `counts` has a column `squares` (see `events_of_people`) the limits
    are those of events that repeat in one person, else of independent events. Missing, with a sentence, where there are
    fewer than 10 events, a stratum has nobody or is not in the standard, or a count is not known. Raises WrongState for
    a standard that differs between places, or that is everyone's own age structure: that gives the crude rate back.

    Source: OHID Technical Guide (2018): limits of Dobson and others 1991 with Byar's of the total count; where one
    person has many events, with the variance sum of f^2 w^2 x / n^2 over the x persons who had f events each. No limit
    is below 0.
    """
    if not set(standard.columns).isdisjoint(by):
        raise WrongState("One standard serves all places: rates weighted in different ways cannot be compared.")
    joined = _by_stratum(counts, standard.select(*strata, pl.col("people").alias("weight")), by=by, strata=strata)
    _check_not_own_structure(joined, by=by)
    weight, people = pl.col("weight"), pl.col("people")
    error = total((weight / people) ** 2 * pl.col("squares")).sqrt() / weight.sum()
    summed = joined.group_by(*by, maintain_order=True).agg(
        total("events").alias("count"),
        (total(weight / people * pl.col("events")) / weight.sum()).alias("rate"),
        error.alias("error"),
        _sentences(
            (weight.fill_null(0) <= 0, "The standard population has nobody of {}."),
            (people == 0, "There is nobody of {}, so they have no rate to be weighted."),
        ),
    )
    few = pl.lit(f"There are fewer than {FEWEST_FOR_A_RATE} events, too few for a directly standardised rate.")
    missing = pl.coalesce("missing", pl.when(pl.col("count") < FEWEST_FOR_A_RATE).then(few))
    stretch = pl.col("error") / pl.col("count").sqrt()
    reaches = (stretch * (limit - pl.col("count")) for limit in byar("count", confidence=confidence))
    limits = ((pl.col("rate") + reach).clip(lower_bound=0) for reach in reaches)
    return _told(summed.with_columns(missing), [part * per for part in (pl.col("rate"), *limits)])


def indirect_ratio(
    counts: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    per: float,
    confidence: float,
    by: Sequence[str] = PLACE_AND_TIME,
    strata: Sequence[str] = BANDS,
) -> pl.DataFrame:
    """Events over those expected at the reference's rates, times `per`: 100 gives a standardised mortality ratio.

    `reference` has the strata, `count` and `people`; with `reference_rate` as `per` the result is an indirectly
    standardised rate. The columns are `by`, count, expected, value, lower, upper and missing, a sentence where a count,
    a population or a reference rate is not known, or no event is expected.

    Source: OHID Technical Guide (2018): O / E, with exact limits of O under 10 events and Byar's from 10.
    """
    rates = reference.select(*strata, divide("count", "people").alias("weight"))
    joined = _by_stratum(counts, rates, by=by, strata=strata)
    summed = joined.group_by(*by, maintain_order=True).agg(
        total("events").alias("count"),
        total(pl.col("people") * pl.col("weight")).alias("expected"),
        _sentences((pl.col("weight").is_null(), "There is no reference rate for {}.")),
    )
    none = pl.lit("No event is expected, so nothing can be divided by it.")
    missing = pl.coalesce("missing", pl.when(pl.col("expected") == 0).then(none))
    limits = crude_rate_interval("count", "expected", per=per, confidence=confidence)
    return _told(summed.with_columns(missing), [crude_rate("count", "expected", per=per), *limits])


def reference_rate(reference: pl.DataFrame, *, per: float) -> float | None:
    """The crude rate of the reference per `per` people; None where a number is not known or there is nobody.

    Source: OHID Technical Guide (2018): an indirectly standardised rate is O / E times this.
    """
    rate: float | None = reference.select(divide(total("count"), total("people"), per=per)).item()
    return rate


def events_of_people(persons: pl.DataFrame, *, by: Sequence[str] = (*PLACE_AND_TIME, *BANDS)) -> pl.DataFrame:
    """A row for each of `by`: count (events) and squares (each person's events squared, summed).

    `persons` has `by`, `events` and `persons`: how many people had so many events. Null where one is not known.

    Source: OHID's rates for events that are not independent: sum of f x and sum of f^2 x.
    """
    return persons.group_by(*by, maintain_order=True).agg(
        total(pl.col("events") * pl.col("persons")).alias("count"),
        total(pl.col("events") ** 2 * pl.col("persons")).alias("squares"),
    )


def _by_stratum(
    counts: pl.DataFrame, weights: pl.DataFrame, *, by: Sequence[str], strata: Sequence[str]
) -> pl.DataFrame:
    """A row for each of `by` and stratum of either side: stratum (its name), events, squares, people, weight, why."""
    if counts.select(*by, *strata).is_duplicated().any() or weights.select(strata).is_duplicated().any():
        raise WrongState("A stratum stands twice in the counts of a place, or in the standard: add its rows up first.")
    absent = {"squares": pl.col("count"), "missing": pl.lit(None, dtype=pl.String)}
    whole = counts.with_columns(made.alias(name) for name, made in absent.items() if name not in counts.columns)
    wanted = counts.select(*by).unique(maintain_order=True).join(weights, how="cross")
    is_empty = pl.col("count").is_null() & pl.col("missing").is_null()
    joined = whole.join(wanted, on=[*by, *strata], how="full", coalesce=True, maintain_order="left_right")
    known = {"events": pl.col("count"), "squares": pl.col("squares")}
    return joined.select(
        *by,
        pl.concat_str(strata, separator=", ").alias("stratum"),
        *(pl.when(is_empty).then(0).otherwise(given).alias(name) for name, given in known.items()),
        "people",
        "weight",
        pl.col("missing").alias("why"),
    )


def _check_not_own_structure(joined: pl.DataFrame, *, by: Sequence[str]) -> None:
    """Nothing. Raises WrongState where the standard is the age structure of every place itself."""
    shares = [pl.col(name) / pl.col(name).sum() for name in ("weight", "people")]
    is_own = joined.group_by(*by).agg(
        ((shares[0] - shares[1]).abs().max() < ALIKE) & (pl.len() > 1) & (pl.col("people").null_count() == 0)
    )
    own = is_own.get_columns()[-1].fill_null(False)
    if own.len() and own.all():
        raise WrongState(
            "The standard is the age structure of the people themselves, which only gives their crude rate back: "
            "choose one standard for all, such as the European Standard Population."
        )


def _sentences(*faults: tuple[pl.Expr, str]) -> pl.Expr:
    """Text column `missing`: a sentence for each stratum at fault; null where there is none."""
    known = (
        (pl.col("events").is_null() | pl.col("squares").is_null(), "The events of {} are not known."),
        (pl.col("people").is_null(), "The people of {} are not known."),
    )
    told = (pl.when(is_at_fault).then(pl.format(words, "stratum")) for is_at_fault, words in (*known, *faults))
    sentence = pl.concat_str(pl.coalesce(*told), "why", separator=" ", ignore_nulls=True)
    found = sentence.filter(sentence != "")
    return pl.when(found.len() > 0).then(found.str.join(" ")).first().alias("missing")


def _told(summed: pl.DataFrame, parts: Sequence[pl.Expr]) -> pl.DataFrame:
    """The sums with value, lower and upper where nothing is missing."""
    known = pl.col("missing").is_null()
    named = zip(("value", "lower", "upper"), parts, strict=True)
    return summed.select(
        pl.exclude("rate", "error", "missing"),
        *(pl.when(known).then(part).alias(name) for name, part in named),
        "missing",
    )
