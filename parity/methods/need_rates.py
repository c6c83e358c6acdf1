"""Rates of the reference library: which of them resident populations can be multiplied by, and how sure they are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from parity.methods.age_bands import ages_covered, overlapping, share_matrix
from parity.methods.chance import Chance, betas, normals, uniforms
from parity.methods.headcount import CELLS, SEXES
from parity.methods.intervals import z_for
from parity.terms.assumption import Confidence
from parity.terms.errors import WrongState
from parity.terms.units import Unit

PER = {"%": 100, "per 1000": 1_000, "per 100000": 100_000}
"""The people that a rate counts among, by the unit that the library prints."""
SUMMED = ("band", "single")
"""Roles of rates that make up a total; a total is a check, and an extra is outside it."""
BOTH = "all"
CI95, RANGE = "ci95", "range"
OWN = ("condition", "source")
INTERVAL = 0.95


def projectable(library: pl.DataFrame) -> pl.DataFrame:
    """The rates that apply to residents: condition, source, age_band, sex, share, low, high (0–1), interval,
    effective_people, confidence and note.

    Kept are rows that make up a total (role band or single), outside any setting, per so many residents, with a value.
    The sample of a source that publishes no interval is shared out equally over its rates of a condition.
    Raises WrongState where the bands of one condition and source overlap for a sex.

    Source: the columns of the reference-rate library.
    """
    used = library.filter(_is_projectable())
    per = pl.col("unit").replace_strict(PER, default=None, return_dtype=pl.Float64)
    rates = used.select(
        *OWN,
        "age_band",
        "sex",
        (pl.col("rate") / per).alias("share"),
        (pl.col("low") / per).alias("low"),
        (pl.col("high") / per).alias("high"),
        "interval",
        (pl.col("effective_people") / pl.col("interval").is_null().sum().over(OWN)).alias("effective_people"),
        "confidence",
        "note",
    )
    for (condition, source), rows in rates.group_by(*OWN, maintain_order=True):
        check_bands(rows, f"{condition}, {source}")
    return rates


def check_bands(rates: pl.DataFrame, name: str) -> None:
    """Nothing; raises WrongState where two bands of the same sex overlap, as their cases would be counted twice.

    Source: arithmetic of prevalence.
    """
    for sex in SEXES:
        found = overlapping(rates.filter(pl.col("sex").is_in([sex, BOTH]))["age_band"].to_list())
        if found:
            first, second = found[0]
            raise WrongState(f"{name}: the bands {first} and {second} overlap, so their cases cannot be added up.")


def left_out(library: pl.DataFrame) -> pl.DataFrame:
    """A row for each condition, source and setting that is not projected on residents: these, and why (a sentence).

    Source: the columns of the reference-rate library.
    """
    why = (
        pl.when(pl.col("setting") == "maternity")
        .then(pl.lit("A rate among women who give birth: it needs the number of births, not of residents."))
        .when(pl.col("setting").is_not_null())
        .then(pl.lit("A rate among people in prison: it needs the people held there, by sex and whether sentenced."))
        .when(pl.col("role") == "extra")
        .then(pl.lit("Not part of the total at 65 and over."))
        .otherwise(pl.lit("A total that checks the rates by band; it is not a part."))
    )
    rows = library.filter(~_is_projectable()).select(*OWN, "setting", why.alias("why"))
    return rows.unique(maintain_order=True)


def _is_projectable() -> pl.Expr:
    return (
        pl.col("role").is_in(SUMMED)
        & pl.col("setting").is_null()
        & pl.col("unit").is_in(list(PER))
        & pl.col("rate").is_not_null()
    )


def about(rates: pl.DataFrame) -> pl.DataFrame:
    """A row for each condition and source: ages (in words), confidence (the least of its rates) and caveat.

    The caveat says how the interval was made where the source publishes none, and repeats the rates' notes.

    Source: convention of this package.
    """
    ranked = {word.value: rank for rank, word in enumerate(Confidence)}
    made, rows = made_intervals(rates), []
    for name, parts in rates.group_by(*OWN, maintain_order=True):
        confidence = max(parts["confidence"], key=ranked.__getitem__)
        notes = [f"{note}." for note in parts["note"].drop_nulls().unique(maintain_order=True)]
        words = " ".join([made[name], *notes] if name in made else notes)
        rows.append((*name, ages_covered(parts["age_band"].to_list()), confidence, words))
    names = (*OWN, "ages", "confidence", "caveat")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def made_intervals(rates: pl.DataFrame) -> dict[tuple[str, ...], str]:
    """For each condition and source that publishes no interval, the sentence that says what ours rests on.

    Source: convention of this package.
    """
    bare = rates.filter(pl.col("interval").is_null()).group_by(OWN, maintain_order=True)
    return {
        (row["condition"], row["source"]): "No interval is published for these rates: theirs is as wide as if "
        f"{Unit.PEOPLE.write(row['effective_people'], bare=True)} people had been asked in a simple random sample, "
        "shared out equally over the rates, a number chosen by us."
        for row in bare.agg(pl.col("effective_people").sum()).iter_rows(named=True)
    }


@dataclass(frozen=True)
class Rates:
    """Rates ready to be multiplied: one row for each rate and sex, those of one condition and source together.

    `matrix` (rows × cells of sex and age) holds the people a rate counts, `rate` (rows) the place of each row's rate
    among `shares`, `spans` the first and last row (excluded) of each condition and source in `names`.
    """

    names: tuple[tuple[str, str], ...]
    spans: tuple[tuple[int, int], ...]
    bands: tuple[tuple[str, str], ...]
    matrix: np.ndarray
    rate: np.ndarray
    shares: np.ndarray
    frame: pl.DataFrame


def rates_for(rates: pl.DataFrame, *, aged_95: Mapping[str, float]) -> Rates:
    """The rates of `projectable`, one row for each rate and sex: a rate of both sexes stands once for each.

    `aged_95` is the share (0–1) of those of 90 and over who are 95 or older, by sex, for sources that split them.

    Source: as for `share_matrix`.
    """
    own = rates.unique(OWN, maintain_order=True).select(OWN).rows()
    order = {name: place for place, name in enumerate(own)}
    listed = [
        (order[row["condition"], row["source"]], row["age_band"], sex, place)
        for place, row in enumerate(rates.iter_rows(named=True))
        for sex in (SEXES if row["sex"] == BOTH else (row["sex"],))
    ]
    listed.sort(key=lambda row: row[0])
    ages = share_matrix([band for _, band, _, _ in listed], aged_95=[aged_95[sex] for _, _, sex, _ in listed])
    held = np.array([[sex == each for each in SEXES] for _, _, sex, _ in listed], float).reshape(-1, len(SEXES))
    matrix = (held[:, :, None] * ages[:, None, :]).reshape(len(listed), CELLS)
    starts = np.searchsorted([place for place, *_ in listed], range(len(own) + 1)).tolist()
    return Rates(
        names=tuple(own),
        spans=tuple(pairwise(starts)),
        bands=tuple((band, sex) for _, band, sex, _ in listed),
        matrix=matrix,
        rate=np.array([row for *_, row in listed], int),
        shares=rates["share"].to_numpy(),
        frame=rates,
    )


def rate_draws(rates: pl.DataFrame, *, chance: Chance) -> np.ndarray:
    """Rates × draws: each rate (0–1) drawn from its interval; one draw serves all areas and years, as one survey does.

    A 95% interval is normal on the logit scale, its standard deviation the distance of its ends there over 3.92. A
    `range` is uniform between its ends, as nothing says which value is likelier. A rate without an interval has the
    beta distribution of those with and without the condition in a simple random sample of `effective_people`: its mean
    is the rate, however rare, so that the band of a sum of rates lies around its point. A rate of 0 or 1 stays.

    Source: normal approximation on the logit scale; beta distribution of a binomial share; Kish 1965, effective sample
    size. Raises WrongState for a rate with neither an interval nor an effective sample.
    """
    names = ["|".join(("rate", *map(str, row))) for row in rates.select(*OWN, "sex", "age_band").rows()]
    drawn = np.empty((len(names), chance.draws))
    for place, row in enumerate(rates.iter_rows(named=True)):
        drawn[place] = _drawn(row, name=names[place], chance=chance)
    return drawn


def _drawn(row: Mapping[str, Any], *, name: str, chance: Chance) -> np.ndarray:
    """The draws of one rate."""
    share = row["share"]
    if row["interval"] == RANGE:
        return row["low"] + (row["high"] - row["low"]) * uniforms(chance, [name])[0]
    if share in (0, 1):
        return np.full(chance.draws, share)
    if row["interval"] == CI95:
        low, middle, high = (math.log(row[end] / (1 - row[end])) for end in ("low", "share", "high"))
        spread = (high - low) / (2 * z_for(INTERVAL))
        return 1 / (1 + np.exp(-(middle + spread * normals(chance, [name])[0, 0].astype(float))))
    if row["effective_people"] is None:
        raise WrongState(f"{row['condition']}, {row['source']}: no interval and no sample to make one of.")
    cases = row["effective_people"] * share
    return betas(chance, name, yes=cases, no=row["effective_people"] - cases)
