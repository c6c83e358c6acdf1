"""How fast need is calculated, with and without chance, beside DuckDB and pandas that do the same.

Run: python benchmarks/needs.py          (pandas is in the extra `bench`)
Two tasks on invented people of the size of England. Points: every council, 26 years, every rate of the library, by age
band and sex and in total. Bands: 153 areas, 25 years, 20 conditions, 1,000 draws, and their ICBs, regions and England,
95% bands. Each begins with people by area, year, sex and age, and ends with all its rows in memory. Everybody works in
a fresh process; the others' results are compared with ours.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

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
DRAWS_OF = {"Parity": DRAWS, "DuckDB": 20, "pandas": 10}
"""As many as each is given; the others need some seconds for theirs."""
ROUNDS = 5
SEED = 3
AGED_95 = dict.fromkeys(SEXES, 0.2)
KEY = ["area", "period", "condition", "source"]
BAND_KEY = [*KEY, "age_band", "sex"]
CLOSE = {"points": 1e-9, "bands": 1e-5}
"""How near the others' numbers must come to ours, which in simulations have seven digits."""
LOWER, UPPER = 0.025, 0.975
TITLES = {
    "points": f"Points: {COUNCILS} councils, {COUNCIL_YEARS} years, every rate of the library (limit: 2 s of CPU)",
    "bands": f"Bands: {AREAS} areas, {YEARS} years, {CONDITIONS} conditions, {DRAWS:,} draws, ICBs, regions, England "
    "(limits: 0.6 s, 1 GB)",
}
POINTS_IN_SQL = """
    create or replace table found as
    with parted as (select area, period, condition, source, age_band, sex, sum(people * weight) as value
                    from people join weights using (sex, age) group by all)
    from parted union all by name
    select area, period, condition, source, sum(value) as value from parted group by all"""
BANDS_IN_SQL = f"""
    create or replace table found as
    with held as (select parts.area, period, age_band, sex, sum(people * weight) as held
                  from people join ages using (sex, age) join parts on parts.part = people.area group by all),
         cases as (select area, period, condition, source, draw, sum(held * share) as cases
                   from held join shares using (age_band, sex) group by all)
    select area, period, condition, source, avg(cases) as mean,
           quantile_cont(cases, {LOWER}) as lower_95, quantile_cont(cases, {UPPER}) as upper_95
    from cases group by all"""


def people_made(areas: int, years: int) -> Headcount:
    """Invented people of so many areas and years: fewer at old ages, growing, each area with a size of its own."""
    chance, ages = np.random.default_rng(SEED), np.arange(AGES)
    shape = np.exp(-(((ages - 38) / 45) ** 2)) * chance.lognormal(0, 0.05, (areas, 1, len(SEXES), AGES))
    grown = np.linspace(1, 1.12, years)[None, :, None, None] * chance.lognormal(7.6, 0.5, (areas, 1, 1, 1))
    names = tuple(f"A{area:03}" for area in range(areas))
    periods = tuple(str(FIRST_YEAR + year) for year in range(years))
    return Headcount(names, periods, (shape * grown).reshape(areas, years, CELLS))


def rates_made() -> Rates:
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
    told = {"source": pl.lit("survey"), "interval": pl.lit(CI95), "effective_people": pl.lit(None, pl.Float64)}
    return rates_for(frame.with_columns(**told), aged_95=AGED_95)


def rates_of_the_library() -> Rates:
    return rates_for(projectable(reference_rates()), aged_95=shares_aged_95())


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


def counted_by(rates: Rates) -> pl.DataFrame:
    """A row for each condition, source, band, sex and age: the share of people whom the rate counts, and its own."""
    rows = []
    for name, (first, last) in zip(rates.names, rates.spans, strict=True):
        for place in range(first, last):
            share = rates.shares[rates.rate[place]]
            rows += [
                (*name, *rates.bands[place], int(cell % AGES), rates.matrix[place, cell], share)
                for cell in np.flatnonzero(rates.matrix[place])
            ]
    names = ["condition", "source", "age_band", "sex", "age", "weight", "share"]
    return pl.DataFrame(rows, schema=names, orient="row")


def given(task: str, draws: int) -> dict[str, pl.DataFrame]:
    """The tables that the others join: people; for points weights, for bands ages, drawn shares and parts."""
    if task == "points":
        weights = counted_by(rates_of_the_library()).with_columns(pl.col("weight") * pl.col("share")).drop("share")
        return {"people": long(people_made(COUNCILS, COUNCIL_YEARS)), "weights": weights}
    people, rates = people_made(AREAS, YEARS), rates_made()
    ages = counted_by(rates).select("age_band", "sex", "age", "weight").unique()
    drawn = rate_draws(rates.frame, chance=Chance(draws, SEED))
    shares = rates.frame.select("condition", "source", "age_band", "sex").with_columns(share=pl.Series(drawn.tolist()))
    shares = shares.with_columns(draw=pl.lit(list(range(draws)))).explode("share", "draw")
    return {"people": long(people), "ages": ages, "shares": shares, "parts": parts_made(people.areas)}


Work = tuple[Callable[[], Any], Callable[[], pl.DataFrame]]
"""What is timed, and afterwards what it found."""


def by_parity(task: str, draws: int) -> Work:
    """As the pages do it: arrays inside, tables at the borders."""
    found: list[pl.DataFrame] = []

    def points() -> None:
        held = headcount(population)
        found[:] = [pl.concat([need_by_band(held, rates), need_in_total(held, rates)], how="diagonal")]

    def bands() -> None:
        simulation = Simulation(Chance(draws, SEED), levels=(UPPER - LOWER,))
        found[:] = [need_intervals(people, rates, simulation=simulation, parts=parts)]

    if task == "points":
        population, rates = long(people_made(COUNCILS, COUNCIL_YEARS)), rates_of_the_library()
        return points, lambda: found[0].select(*BAND_KEY, "value")
    people, rates = people_made(AREAS, YEARS), rates_made()
    parts = parts_made(people.areas)
    return bands, lambda: found[0].select(*KEY, "mean", "lower_95", "upper_95")


def by_duckdb(task: str, draws: int) -> Work:
    """One statement of joins, sums and quantiles."""
    link = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        for name, table in given(task, draws).items():
            table.write_parquet(f"{folder}/{name}.parquet")
            link.execute(f"create table {name} as from '{folder}/{name}.parquet'")
    statement = POINTS_IN_SQL if task == "points" else BANDS_IN_SQL
    return lambda: link.execute(statement), lambda: pl.DataFrame(link.execute("from found").fetchnumpy())


def by_pandas(task: str, draws: int) -> Work:
    """Merged and grouped, texts as categories: points one condition after another, since all at once want too much."""
    pandas: Any = importlib.import_module("pandas")
    tables = given(task, draws)
    frames = {name: _in_pandas(pandas, table, tables["people"]["area"]) for name, table in tables.items()}
    found: list[Any] = []

    def total(rows: Any, by: list[str], what: str) -> Any:
        return rows.groupby(by, observed=True)[what].sum().reset_index()

    def points() -> None:
        parted = []
        for _, weights in frames["weights"].groupby(["condition", "source"], observed=True):
            rows = frames["people"].merge(weights, on=["sex", "age"])
            rows["value"] = rows["people"] * rows["weight"]
            parted.append(total(rows, BAND_KEY, "value"))
        by_band = pandas.concat(parted)
        found[:] = [pandas.concat([by_band, total(by_band, KEY, "value")])]

    def bands() -> None:
        rows = frames["people"].merge(frames["ages"], on=["sex", "age"])
        rows["held"] = rows["people"] * rows["weight"]
        held = total(rows, ["area", "period", "age_band", "sex"], "held").rename(columns={"area": "part"})
        held = total(held.merge(frames["parts"], on="part"), ["area", "period", "age_band", "sex"], "held")
        rows = held.merge(frames["shares"], on=["age_band", "sex"])
        rows["cases"] = rows["held"] * rows["share"]
        cases = total(rows, [*KEY, "draw"], "cases").groupby(KEY, observed=True)["cases"]
        ends = cases.quantile([LOWER, UPPER]).unstack().set_axis(["lower_95", "upper_95"], axis=1)
        found[:] = [ends.assign(mean=cases.mean()).reset_index()]

    def as_polars() -> pl.DataFrame:
        known = {name: column.astype(object).where(column.notna(), None) for name, column in found[0].items()}
        return pl.DataFrame({name: column.to_list() for name, column in known.items()})

    return points if task == "points" else bands, as_polars


def _in_pandas(pandas: Any, table: pl.DataFrame, areas: pl.Series) -> Any:
    """The table as pandas has it, texts as categories; those of areas are the same wherever they stand."""
    columns = {}
    for column in table:
        columns[column.name] = column.to_numpy() if column.dtype != pl.String else None
        if column.dtype == pl.String:
            kinds = (areas if column.name == "part" else column).unique().sort()
            codes = column.cast(pl.Enum(kinds)).to_physical().to_numpy()
            columns[column.name] = pandas.Categorical.from_codes(codes, kinds.to_list())
    return pandas.DataFrame(columns)


PARTIES = {"Parity": by_parity, "DuckDB": by_duckdb, "pandas": by_pandas}


def peak() -> float:
    """The most memory the process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(task: str, party: str) -> None:
    """Nothing; prints as JSON the fewest seconds that a party took, its memory and rows, and compares its result."""
    draws = DRAWS_OF[party]
    work, found = PARTIES[party](task, draws)
    before, walls, processors = peak(), [], []
    for _ in range(ROUNDS if party == "Parity" else 1):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    told = {"wall": min(walls), "cpu": min(processors), "peak": peak(), "before": before}
    theirs = found()
    if party != "Parity":
        again, ours = by_parity(task, draws)
        again()
        wanted = ours().with_columns(pl.col(pl.String).fill_null(""))
        theirs = theirs.select(wanted.columns).with_columns(pl.col(pl.String).fill_null(""))
        assert_frame_equal(theirs, wanted, check_row_order=False, rel_tol=CLOSE[task], abs_tol=0, check_dtypes=False)
    print(json.dumps({**told, "rows": theirs.height}))


def main() -> None:
    """Print both tasks, each done by everybody who is there."""
    parties = [party for party in PARTIES if party != "pandas" or find_spec("pandas")]
    # as `import parity` sets it, which comes too late here: NumPy stands above it
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    for task, title in TITLES.items():
        print(title)
        ours = 0.0
        for party in parties:
            command = [sys.executable, __file__, task, party]
            done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr)
            told = json.loads(done.stdout)
            draws = DRAWS_OF[party] if task == "bands" else DRAWS
            ours = ours or told["cpu"]
            print(
                f"  {party:7} {told['wall']:6.2f} s wall, {told['cpu']:6.2f} s CPU, at most {told['peak']:.2f} GB "
                f"({told['before']:.2f} before), {told['rows']:,} rows{_beside(told['cpu'], ours, draws)}",
                flush=True,
            )
    if "pandas" not in parties:
        print("pandas is not installed and was left out: it is in the extra `bench`.")


def _beside(cpu: float, ours: float, draws: int) -> str:
    """What another party's CPU is beside ours, for all draws; nothing for ours."""
    if cpu == ours:
        return ""
    whole = cpu * DRAWS / draws
    share = "" if draws == DRAWS else f"; {draws} draws, {DRAWS:,} in proportion {whole:,.0f} s of CPU"
    return f", equal{share}, {whole / ours:,.0f} times ours"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
    else:
        main()
