"""How fast need is calculated, with and without chance, beside DuckDB, Polars and pandas that do the same.

Run: python benchmarks/needs.py
Two tasks on invented people of the size of England. Points: every council, 26 years, every rate of the library, by age
band and sex. Bands: 153 areas, 25 years, 20 conditions, 1,000 draws, and their ICBs, regions and England, 95% bands.
Each peer's result is compared with ours; pandas takes part only where it is installed.
"""

import importlib.util
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from parity.assumptions.reference_rates import reference_rates, shares_aged_95
from parity.methods.age_bands import AGES
from parity.methods.chance import Chance
from parity.methods.headcount import CELLS, SEXES, Headcount, headcount
from parity.methods.need import Simulation, need_by_band, need_in_total, need_intervals
from parity.methods.need_rates import CI95, Rates, projectable, rate_draws, rates_for

AREAS, YEARS, CONDITIONS, DRAWS = 153, 25, 20, 1_000
COUNCILS, COUNCIL_YEARS = 318, 26
BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
ICBS, REGIONS = 42, 9
FIRST_YEAR = 2018
DRAWS_OF_PEERS = 20
"""As many as DuckDB is given, its time being in proportion."""
ROUNDS = 5
SEED = 3
AGED_95 = dict.fromkeys(SEXES, 0.2)
KEY = ["area", "period", "condition", "source"]
CLOSE = 1e-5
IN_SQL = """
    select area, period, condition, source, avg(cases) as mean,
           quantile_cont(cases, 0.025) as lower_95, quantile_cont(cases, 0.975) as upper_95
    from (select parts.area, period, shares.condition, shares.source, draw, sum(value * share) as cases
          from held join shares using (age_band, sex) join parts on parts.part = held.area group by all)
    group by all"""


def people_made(areas: int, years: int) -> Headcount:
    """Invented people of so many areas and years: fewer at old ages, growing, each area with a size of its own."""
    chance, ages = np.random.default_rng(SEED), np.arange(AGES)
    shape = np.exp(-(((ages - 38) / 45) ** 2)) * chance.lognormal(0, 0.05, (areas, 1, len(SEXES), AGES))
    grown = np.linspace(1, 1.12, years)[None, :, None, None] * chance.lognormal(7.6, 0.5, (areas, 1, 1, 1))
    names = tuple(f"A{area:03}" for area in range(areas))
    periods = tuple(str(FIRST_YEAR + year) for year in range(years))
    return Headcount(names, periods, (shape * grown).reshape(areas, years, CELLS))


def rates_made() -> pl.DataFrame:
    """Invented rates of 20 conditions by band and sex, each with a 95% interval."""
    chance = np.random.default_rng(SEED)
    rows = []
    for condition in range(CONDITIONS):
        level = chance.uniform(0.003, 0.2)
        for place, band in enumerate(BANDS):
            for sex in SEXES:
                share = level * np.exp(-0.25 * place) * chance.uniform(0.7, 1.3)
                rows.append((f"condition {condition:02}", band, sex, share, share * 0.8, share * 1.25))
    frame = pl.DataFrame(rows, schema=["condition", "age_band", "sex", "share", "low", "high"], orient="row")
    return frame.with_columns(source=pl.lit("survey"), interval=pl.lit(CI95), effective_people=pl.lit(None, pl.Float64))


def parts_made(areas: tuple[str, ...]) -> pl.DataFrame:
    """Each area as itself, and in an ICB, a region and England."""
    chance = np.random.default_rng(SEED)
    icb, region = chance.integers(0, ICBS, len(areas)), chance.integers(0, REGIONS, len(areas))
    of = [
        *areas,
        *(f"ICB {each:02}" for each in icb),
        *(f"Region {each}" for each in region),
        *("England" for _ in areas),
    ]
    return pl.DataFrame({"area": of, "part": [*areas] * 4})


def long(people: Headcount) -> pl.DataFrame:
    """People as a row for each area, period, sex and age."""
    cells = pl.DataFrame({"sex": np.repeat(SEXES, AGES), "age": np.tile(np.arange(AGES), len(SEXES))})
    keys = pl.DataFrame({"area": people.areas}).join(pl.DataFrame({"period": people.periods}), how="cross")
    return keys.join(cells, how="cross").with_columns(people=pl.Series(people.people.ravel()))


def best(task: Callable[[], pl.DataFrame], rounds: int = ROUNDS) -> tuple[float, float, pl.DataFrame]:
    """The fewest wall seconds, the fewest CPU seconds and the result of a task done so many times."""
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        result = task()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors), result


def told(what: str, measured: tuple[float, float, pl.DataFrame], ours: float | None = None) -> pl.DataFrame:
    """The result of a task, its times printed, beside ours where it is a peer's."""
    wall, processor, result = measured
    ratio = f", {wall / ours:,.1f} times ours" if ours else ""
    print(f"{what:56} {wall:7.2f} s wall, {processor:6.2f} s CPU{ratio}", flush=True)
    return result


def in_proportion(peer: str, seconds: float, ours: float) -> None:
    """Nothing; prints the time that a peer would take for all draws, beside ours."""
    print(f"{f'{peer}, {DRAWS} draws in proportion':56} {seconds:7,.0f} s wall, {seconds / ours:,.0f} times ours")


def peak() -> float:
    """The most memory the process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def same(ours: pl.DataFrame, theirs: pl.DataFrame, key: list[str]) -> None:
    """Nothing; AssertionError where a peer's result is not ours."""
    assert_frame_equal(ours.select(theirs.columns), theirs, check_row_order=False, rel_tol=CLOSE, check_dtypes=False)
    print(f"{'':56} equal in {theirs.height:,} rows by {', '.join(key)}")


def weights_long(rates: Rates) -> pl.DataFrame:
    """Rates as a row for each condition, source, band, sex and age: what a plain join multiplies people by."""
    rows = []
    for name, (first, last) in zip(rates.names, rates.spans, strict=True):
        for place in range(first, last):
            share = rates.shares[rates.rate[place]]
            rows += [
                (*name, *rates.bands[place], int(cell % AGES), rates.matrix[place, cell] * share)
                for cell in np.flatnonzero(rates.matrix[place])
            ]
    return pl.DataFrame(rows, schema=["condition", "source", "age_band", "sex", "age", "weight"], orient="row")


def points() -> None:
    """Every council, year and rate of the library by age band and sex, and in total."""
    population = long(people_made(COUNCILS, COUNCIL_YEARS))
    rates = rates_for(projectable(reference_rates()), aged_95=shares_aged_95())
    key = [*KEY, "age_band", "sex"]
    print(f"Points: {COUNCILS} councils, {COUNCIL_YEARS} years, {len(rates.names)} conditions and sources")
    measured = best(
        lambda: pl.concat(
            [need_by_band(headcount(population), rates), need_in_total(headcount(population), rates)], how="diagonal"
        )
    )
    ours = told("Parity, from rows of people to rows by band and total", measured).filter(pl.col("sex").is_not_null())
    joined = weights_long(rates).partition_by("condition", "source")

    def plain() -> pl.DataFrame:
        cases = (pl.col("people") * pl.col("weight")).sum().alias("value")
        return pl.concat([population.join(each, on=["sex", "age"]).group_by(key).agg(cases) for each in joined])

    same(ours, told("Polars, join and group, one condition after another", best(plain, rounds=1), measured[0]), key)
    if by_pandas := pandas_task(population, joined, key):
        told_by_pandas = told("pandas, merge and group, one after another", best(by_pandas, rounds=1), measured[0])
        same(ours, told_by_pandas, key)


def pandas_task(
    population: pl.DataFrame, weights: list[pl.DataFrame], key: list[str]
) -> Callable[[], pl.DataFrame] | None:
    """People times weights, summed by key, by pandas; None, and told, where it is not installed."""
    if not importlib.util.find_spec("pandas"):
        print("pandas is not installed: left out")
        return None
    pandas = importlib.import_module("pandas")
    people, *each = (pandas.DataFrame(table.to_dict(as_series=False)) for table in (population, *weights))

    def merged() -> pl.DataFrame:
        found = []
        for rates in each:
            rows = people.merge(rates, on=["sex", "age"])
            rows["value"] = rows["people"] * rows["weight"]
            found.append(rows.groupby(key, as_index=False)["value"].sum())
        return pl.DataFrame(pandas.concat(found).to_dict("list"))

    return merged


def bands() -> None:
    """Draws of every area, year and condition, and of the areas made of them."""
    people, frame = people_made(AREAS, YEARS), rates_made()
    rates, parts = rates_for(frame, aged_95=AGED_95), parts_made(people.areas)

    def simulated(draws: int) -> pl.DataFrame:
        simulation = Simulation(Chance(draws, SEED), levels=(0.95,))
        return need_intervals(people, rates, simulation=simulation, parts=parts)

    print(f"Bands: {AREAS} areas, {YEARS} years, {CONDITIONS} conditions, {DRAWS} draws, ICBs, regions, England")
    measured = best(lambda: simulated(DRAWS))
    told("Parity", measured)
    print(f"{'':56} peak {peak():.2f} GB, {measured[2].height:,} rows")
    ours = simulated(DRAWS_OF_PEERS)
    theirs = by_duckdb(people, rates, parts)
    same(ours, told(f"DuckDB, {DRAWS_OF_PEERS} draws", theirs), KEY)
    in_proportion("DuckDB", theirs[0] * DRAWS / DRAWS_OF_PEERS, measured[0])
    if by_pandas := pandas_task(long(people), [weights_long(rates)], KEY):
        theirs = best(by_pandas, rounds=1)
        same(ours.filter(pl.col("area").is_in(people.areas)), told("pandas, one draw, the point", theirs), KEY)
        in_proportion("pandas", theirs[0] * DRAWS, measured[0])


def by_duckdb(people: Headcount, rates: Rates, parts: pl.DataFrame) -> tuple[float, float, pl.DataFrame]:
    """The same by DuckDB, from people by band: joined with the draws of the rates, summed, and their quantiles."""
    drawn = rate_draws(rates.frame, chance=Chance(DRAWS_OF_PEERS, SEED))
    shares = rates.frame.select("condition", "source", "age_band", "sex").with_columns(share=pl.Series(drawn.tolist()))
    shares = shares.with_columns(draw=pl.lit(list(range(DRAWS_OF_PEERS)))).explode("share", "draw")
    everybody = rates.frame.unique(["age_band", "sex"], maintain_order=True).with_columns(share=pl.lit(1.0))
    held = need_by_band(people, rates_for(everybody, aged_95=AGED_95))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as link:
        for name, table in (("held", held), ("shares", shares), ("parts", parts)):
            table.write_parquet(Path(folder) / f"{name}.parquet")
            link.execute(f"create table {name} as from read_parquet('{folder}/{name}.parquet')")
        return best(lambda: pl.DataFrame(link.execute(IN_SQL).fetchnumpy()), rounds=1)


def main() -> None:
    """Print both tasks."""
    bands()
    points()


if __name__ == "__main__":
    main()
