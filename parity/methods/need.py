"""Need: people expected to have each condition, by area, period, age band and sex, and the band that chance leaves.

Conditions overlap in the same people, so nothing here adds two conditions up. Sources of one condition stand side by
side and are never mixed, but where a mixture is asked for by name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.methods.age_bands import ages_covered
from parity.methods.chance import Chance, band_shares, quantiles, uniforms
from parity.methods.headcount import SEXES, Headcount, Whole, in_groups, rolled_up, whole_of
from parity.methods.need_rates import Rates, made_intervals, rate_draws
from parity.methods.projection_error import Outlook, drawn_errors, group_matrix
from parity.terms.errors import WrongState
from parity.terms.units import Unit

UNKNOWN = "The population at some of these ages is not known."
NOBODY = "Nobody is expected to have it now, so nothing can be said of a change."
LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Mixture:
    """Sources of one condition among which nobody can choose: each draw takes one of them, with equal chance."""

    condition: str
    sources: tuple[str, ...]

    @property
    def name(self) -> tuple[str, str]:
        """The condition, and in place of its source the words that say what was mixed.

        Source: convention of this package.
        """
        return self.condition, f"Model choice, each with equal chance: {'; '.join(self.sources)}"


@dataclass(frozen=True)
class Simulation:
    """What is drawn: how often, from which errors of projection (None takes the population as certain), what is mixed.

    `levels` are the levels of confidence (0–1) of the bands.
    """

    chance: Chance
    outlook: Outlook | None = None
    mixtures: tuple[Mixture, ...] = ()
    levels: tuple[float, ...] = LEVELS


def need_by_band(people: Headcount, rates: Rates) -> pl.DataFrame:
    """A row for each area, period and rate, twice where a rate serves both sexes: value, people expected (unrounded).

    Columns: area, period, condition, source, age_band, sex, variant, value, missing (a sentence where there is none).

    Source: Institute of Public Care, POPPI and PANSI: population x national rate, constant over time.
    """
    values = in_groups(people.people, _weights(rates))
    named = [
        (*name, *band)
        for name, span in zip(rates.names, rates.spans, strict=True)
        for band in rates.bands[slice(*span)]
    ]
    return _frame(
        people,
        people.areas,
        pl.DataFrame(named, schema=_text("condition", "source", "age_band", "sex"), orient="row"),
        values,
    )


def need_in_total(people: Headcount, rates: Rates, *, parts: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row for each area, period, condition and source: value, people expected over all ages that the source covers.

    Columns as for `need_by_band` without age_band and sex. `parts` (area, part, weight) makes areas of others, and only
    these come back; without it the areas are those of the population.

    Source: as for `need_by_band`; sums of unrounded bands of one source.
    """
    whole = _whole(people, parts)
    names = pl.DataFrame(rates.names, schema=_text("condition", "source"), orient="row")
    return _frame(people, whole.areas, names, rolled_up(whole, _totals(people, rates)))


def need_intervals(
    people: Headcount, rates: Rates, *, simulation: Simulation, parts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """As `need_in_total`, with the mean of the draws and each level's band: lower_80, upper_80, lower_95, upper_95.

    The value is the point: population x rate. A mixture stands under the name of its sources, its value their mean. The
    column caveat says what an interval rests on that the source does not publish.

    Source: as for `need_draws`; bands by quantiles of the draws, equal tails.
    """
    whole = _whole(people, parts)
    frame = _frame(
        people,
        whole.areas,
        _names_with_caveats(rates, simulation.mixtures),
        _points(people, rates, simulation=simulation, whole=whole),
    )
    return _with_bands(frame, need_draws(people, rates, simulation=simulation, parts=parts), simulation=simulation)


def need_change(
    people: Headcount, rates: Rates, *, simulation: Simulation, ahead: int, parts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """A row for each area, period, condition and source: by which share (0.1 is 10% more) need grows `ahead` years on.

    Columns as for `need_intervals`; a period without one so many years later is left out. Both years take the same draw
    of a rate, so how sure a rate is hardly matters for how need changes: what is left is the error of projection.

    Source: as for `need_draws`; (later − now) ÷ now, draw by draw.
    """
    years = _years(people.periods)
    starts = [place for place, year in enumerate(years) if year + ahead in years]
    ends = [years.index(years[place] + ahead) for place in starts]
    whole = _whole(people, parts)
    now, later = (_in_periods(people, places) for places in (starts, ends))
    points = [_points(each, rates, simulation=simulation, whole=whole) for each in (now, later)]
    names = _names_with_caveats(rates, simulation.mixtures)
    frame = _frame(now, whole.areas, names, _grown(*points))
    nobody = pl.Series(points[0].ravel() == 0)
    draws = (need_draws(each, rates, simulation=simulation, parts=parts) for each in (now, later))
    changes = (_grown(*blocks) for blocks in zip(*draws, strict=True))
    return _with_bands(
        frame.with_columns(missing=pl.when(nobody).then(pl.lit(NOBODY)).otherwise("missing")),
        changes,
        simulation=simulation,
    )


def need_draws(
    people: Headcount, rates: Rates, *, simulation: Simulation, parts: pl.DataFrame | None = None
) -> Iterator[np.ndarray]:
    """For each period in turn: conditions and sources (then mixtures) × areas × draws of people expected.

    Rates are drawn once for all areas and periods, errors of projection once for each council, its neighbours, its
    region and the nation: so the draws of an area are the sums of those of its parts. An unknown population counts as
    none, and is told by `need_intervals`.

    Source: Monte Carlo; POPPI's sum with its rates and populations drawn.
    """
    whole = _whole(people, parts)
    used = np.flatnonzero((whole.weights != 0).any(axis=0))
    areas = [people.areas[place] for place in used]
    counts = np.nan_to_num(people.people[used])
    weights = whole.weights[:, used]
    drawn = rate_draws(rates.frame, chance=simulation.chance).astype(np.float32)[rates.rate]
    mixed = [(_places(rates, mixture), _picked(simulation.chance, mixture)) for mixture in simulation.mixtures]
    if simulation.outlook is None:
        held = np.tensordot(weights, counts, axes=1)
        for place in range(len(people.periods)):
            yield _with_mixtures(_certain(held[:, place], rates, drawn), mixed)
        return
    errors = drawn_errors(simulation.outlook, areas, chance=simulation.chance)
    for place, year in enumerate(_years(people.periods)):
        block = _uncertain(counts[:, place], rates, drawn, factors=errors.factors(year), weights=weights)
        yield _with_mixtures(block, mixed)


def _in_periods(people: Headcount, places: Sequence[int]) -> Headcount:
    """The same people in the periods of these places alone."""
    return replace(people, periods=tuple(people.periods[place] for place in places), people=people.people[:, places])


def _grown(now: np.ndarray, later: np.ndarray) -> np.ndarray:
    """By which share the later numbers are more; not a number where there is nobody now."""
    return np.divide(later, now, out=np.full_like(now, np.nan), where=now > 0) - 1


def _points(people: Headcount, rates: Rates, *, simulation: Simulation, whole: Whole) -> np.ndarray:
    """Areas × periods × conditions and sources, then mixtures: people expected, of a mixture its sources' mean."""
    points = rolled_up(whole, _totals(people, rates))
    for mixture in simulation.mixtures:
        points = np.concatenate([points, points[:, :, _places(rates, mixture)].mean(axis=2, keepdims=True)], axis=2)
    return points


def _with_bands(frame: pl.DataFrame, blocks: Iterable[np.ndarray], *, simulation: Simulation) -> pl.DataFrame:
    """The frame (areas × periods × names) with the mean and the bands of the draws of each period."""
    levels = [Unit.SHARE.write(level, places=0, bare=True) for level in simulation.levels]
    columns = ["mean", *(f"{end}_{level}" for level in levels for end in ("lower", "upper"))]
    shares = band_shares(simulation.levels)
    found = [np.dstack([block.mean(axis=2)[..., None], quantiles(block, shares)]).swapaxes(0, 1) for block in blocks]
    drawn = np.stack(found, axis=1) if found else np.empty((0, len(columns)))
    told = pl.DataFrame(drawn.reshape(-1, len(columns)).astype(float), schema=columns)
    known = pl.when(pl.col("missing").is_null())
    return pl.concat([frame, told], how="horizontal").with_columns(
        known.then(pl.col(name)).alias(name) for name in columns
    )


def _years(periods: Sequence[str]) -> list[int]:
    """The periods as years. Raises WrongState for a period that is not one."""
    odd = [period for period in periods if not period.isdecimal()]
    if odd:
        raise WrongState(f"Errors of projection grow from year to year, and {odd[0]} is not a year.")
    return [int(period) for period in periods]


def _certain(people: np.ndarray, rates: Rates, drawn: np.ndarray) -> np.ndarray:
    """Conditions × areas × draws, the people (areas × cells) taken as they are."""
    held = (people @ rates.matrix.T).astype(np.float32)
    block = np.empty((len(rates.spans), len(people), drawn.shape[1]), np.float32)
    for place, (first, last) in enumerate(rates.spans):
        np.matmul(held[:, first:last], drawn[first:last], out=block[place])
    return block


def _uncertain(
    people: np.ndarray, rates: Rates, drawn: np.ndarray, *, factors: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Conditions × areas × draws, the people of each part (parts × cells) and age group multiplied by their error."""
    groups = np.tile(group_matrix(), len(SEXES))
    held = [(people @ (rates.matrix * group).T).astype(np.float32) for group in groups]
    add_up = weights.astype(np.float32)
    block = np.empty((len(rates.spans), len(weights), drawn.shape[1]), np.float32)
    for place, (first, last) in enumerate(rates.spans):
        cases = np.zeros((len(people), drawn.shape[1]), np.float32)
        for group, part in enumerate(held):
            if part[:, first:last].any():
                cases += part[:, first:last] @ drawn[first:last] * factors[:, group]
        block[place] = add_up @ cases
    return block


def _with_mixtures(block: np.ndarray, mixed: list[tuple[list[int], np.ndarray]]) -> np.ndarray:
    """The block, and after it each mixture: in every draw the source that was picked for it."""
    every = np.arange(block.shape[2])
    found = [block[np.array(places)[picked], :, every].T[None] for places, picked in mixed]
    return np.concatenate([block, *found]) if found else block


def _picked(chance: Chance, mixture: Mixture) -> np.ndarray:
    """Which of its sources each draw of a mixture takes: the same for all areas and periods."""
    drawn = uniforms(chance, ["|".join(("mixture", mixture.condition, *mixture.sources))])[0]
    return (drawn * len(mixture.sources)).astype(int)


def _places(rates: Rates, mixture: Mixture) -> list[int]:
    """The places of a mixture's sources among the rates. Raises WrongState where they cannot stand for one another."""
    wanted = [(mixture.condition, source) for source in mixture.sources]
    absent = [source for condition, source in wanted if (condition, source) not in rates.names]
    if absent:
        raise WrongState(f"There are no rates of {mixture.condition} by {absent[0]}.")
    places = [rates.names.index(name) for name in wanted]
    ages = {ages_covered([band for band, _ in rates.bands[slice(*rates.spans[place])]]) for place in places}
    if len(ages) > 1:
        raise WrongState(
            f"Sources of {mixture.condition} cover different ages and cannot be mixed: {', '.join(sorted(ages))}."
        )
    return places


def _weights(rates: Rates) -> np.ndarray:
    """Rows × cells: the share of the people of each cell who are expected to have the condition."""
    return rates.matrix * rates.shares[rates.rate][:, None]


def _totals(people: Headcount, rates: Rates) -> np.ndarray:
    """Areas × periods × conditions and sources: people expected."""
    weights = _weights(rates)
    return in_groups(
        people.people,
        np.array([weights[first:last].sum(axis=0) for first, last in rates.spans]).reshape(-1, weights.shape[1]),
    )


def _names_with_caveats(rates: Rates, mixtures: Sequence[Mixture]) -> pl.DataFrame:
    """Condition, source and caveat: of the rates, then of mixtures, each of which has those of all its sources."""
    made = made_intervals(rates.frame)
    rows = [(*name, made.get(name)) for name in rates.names]
    for mixture in mixtures:
        sources = [(mixture.condition, source) for source in mixture.sources]
        words = dict.fromkeys(made[name] for name in sources if name in made)
        rows.append((*mixture.name, " ".join(words) or None))
    return pl.DataFrame(rows, schema=_text("condition", "source", "caveat"), orient="row")


def _whole(people: Headcount, parts: pl.DataFrame | None) -> Whole:
    return Whole(people.areas, np.eye(len(people.areas))) if parts is None else whole_of(parts, people.areas)


def _text(*names: str) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(names, pl.String)


def _frame(people: Headcount, areas: tuple[str, ...], names: pl.DataFrame, values: np.ndarray) -> pl.DataFrame:
    """A row for each area, period and name, with its value (areas × periods × names) or why there is none."""
    keys = pl.DataFrame({"area": areas}, schema=_text("area")).join(
        pl.DataFrame({"period": people.periods}, schema=_text("period")), how="cross"
    )
    value = pl.Series("value", values.ravel()).fill_nan(None)
    return keys.join(names, how="cross").with_columns(
        pl.lit(people.variant).alias("variant"),
        value,
        pl.when(value.is_null()).then(pl.lit(UNKNOWN)).alias("missing"),
    )
