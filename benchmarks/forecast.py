"""How fast the flow model runs, with the extra `fast` and with NumPy alone, beside Simlin, PySD and atomica.

Run: python benchmarks/forecast.py          (the others are in the extra `bench`, the compiled kernel in `fast`)
Twelve settings, 47 flows, seven of the settings with limits, ten years by month; every rate and arrival is drawn. End
to end: 10,000 draws made, run with waits and costs, and five quantiles taken of every series. The others run some draws
one by one; their people are compared with ours, and their time is told for 10,000 in proportion. Portfolios: all sets
of 13 options, 1,000 draws each. Everybody works in a fresh process; the best and the median of some rounds are told.
"""

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from parity.methods import flow_kernel, flow_run
from parity.methods.chance import quantiles
from parity.methods.flow import FlowModel, Month, held_to_one
from parity.methods.flow_case import Account, Case
from parity.methods.flow_cost import monthly_costs, no_costs
from parity.methods.flow_levers import Lever, Operation, Part, profile
from parity.methods.flow_portfolios import Choice, Option, every_portfolio, portfolios
from parity.methods.flow_run import Series

MONTHS, DRAWS = 120, 10_000
OPTIONS, DRAWS_OF_PORTFOLIO, PORTFOLIOS_BY_NUMPY = 13, 1_000, 16
DRAWS_OF = {"Simlin": 100, "PySD": 20, "atomica": 10}
"""As many as each of the others is given."""
SHARES = (0.025, 0.1, 0.5, 0.9, 0.975)
ROUNDS = 7
THREADS = 2
SPREAD = 0.1
SEED = 1
CLOSE = 1e-9
"""How near the others' people must come to ours, as a share of them."""
KEPT = (Series.PEOPLE, Series.REFUSED)
SETTINGS = {
    # people, places, arrivals, share leaving, pounds a month
    "home": (6000, np.inf, 420, 0.03, 0),
    "cmht": (9000, np.inf, 380, 0.012, 310),
    "home_care": (900, np.inf, 0, 0.012, 780),
    "supported_living": (700, 720, 0, 0.006, 2900),
    "residential": (520, 530, 0, 0.014, 4600),
    "nursing": (260, 270, 0, 0.028, 5300),
    "crisis_team": (420, np.inf, 210, 0.05, 900),
    "crisis_house": (28, 30, 0, 0.01, 9800),
    "acute": (310, 315, 0, 0.012, 15100),
    "picu": (22, 24, 0, 0.004, 26800),
    "rehab": (95, 100, 0, 0.004, 13200),
    "out_of_area": (35, np.inf, 0, 0.01, 19800),
}
RATES = {
    "home": {"cmht": 0.03, "crisis_team": 0.01, "acute": 0.002, "home_care": 0.002},
    "cmht": {
        **{"home": 0.035, "home_care": 0.004, "supported_living": 0.0015, "residential": 0.0008},
        **{"crisis_team": 0.018, "acute": 0.006, "crisis_house": 0.001},
    },
    "home_care": {
        **{"cmht": 0.02, "supported_living": 0.006, "residential": 0.006, "nursing": 0.003, "acute": 0.006},
    },
    "supported_living": {"cmht": 0.012, "home_care": 0.004, "residential": 0.003, "acute": 0.01},
    "residential": {"supported_living": 0.007, "nursing": 0.006, "acute": 0.008, "home_care": 0.003},
    "nursing": {"acute": 0.006, "residential": 0.003},
    "crisis_team": {"home": 0.3, "cmht": 0.25, "acute": 0.1, "crisis_house": 0.06},
    "crisis_house": {"cmht": 0.5, "home": 0.2, "acute": 0.08},
    "acute": {
        **{"cmht": 0.38, "home": 0.18, "supported_living": 0.03, "residential": 0.015, "picu": 0.02, "rehab": 0.02},
        **{"crisis_team": 0.08, "out_of_area": 0.006},
    },
    "picu": {"acute": 0.6, "out_of_area": 0.04},
    "rehab": {"supported_living": 0.06, "cmht": 0.04},
    "out_of_area": {"acute": 0.2, "rehab": 0.05},
}
MODEL = FlowModel(tuple(SETTINGS), tuple((origin, end) for origin, ends in RATES.items() for end in ends))
START, PLACES, ARRIVALS, LEAVING, GBP = np.array([*SETTINGS.values()]).T[..., None]
RATE = np.array([rate for ends in RATES.values() for rate in ends.values()])[:, None]
COSTS = replace(no_costs(len(MODEL.settings), len(MODEL.flows)), per_person=GBP)


def drawn(draws: int) -> Month:
    """What a month brings, each number drawn from a lognormal distribution around the stated one."""
    chance, sd = np.random.default_rng(SEED), np.sqrt(np.log1p(SPREAD**2))
    parts = (part * np.exp(sd * chance.standard_normal((len(part), draws)) - sd**2 / 2) for part in DRAWN)
    return held_to_one(MODEL, Month(*parts, capacities=PLACES))


DRAWN = (RATE, LEAVING, ARRIVALS)


def end_to_end(run: Callable[..., flow_run.Run], *, is_compiled: bool, **how: int) -> dict[str, float]:
    """Seconds for each part of the work, all draws from nothing to bands."""
    times = [time.perf_counter()]
    month = drawn(DRAWS)
    times.append(time.perf_counter())
    series = run(MODEL, START, months=[month] * MONTHS, keep=KEPT, **how).series
    times.append(time.perf_counter())
    people = series[Series.PEOPLE]
    nobody = np.broadcast_to(0.0, (MONTHS, len(MODEL.flows), DRAWS))
    same = {"costs": [COSTS] * MONTHS, "places": [month.capacities] * MONTHS, "prices": np.ones((MONTHS, 1))}
    cost = monthly_costs(people[1:], nobody, **same)
    times.append(time.perf_counter())
    told = [
        quantiles(rows, SHARES, threads=THREADS, is_compiled=is_compiled)
        for rows in (people, series[Series.REFUSED], cost)
    ]
    times.append(time.perf_counter())
    assert sum(len(rows.reshape(-1, len(SHARES))) for rows in told) == len(MODEL.settings) * (2 * MONTHS + 1) + MONTHS
    return dict(zip(("drawing", "running", "costs", "quantiles"), np.diff(times).tolist(), strict=True))


def by_kernel() -> dict[str, Any]:
    """Ours by the compiled kernel; the seconds of its first call are told apart."""
    first = time.perf_counter()
    end_to_end(flow_kernel.run, is_compiled=True, threads=THREADS)
    first = time.perf_counter() - first
    return {"first": first, **ours(lambda: end_to_end(flow_kernel.run, is_compiled=True, threads=THREADS))}


def by_numpy() -> dict[str, Any]:
    """Ours by NumPy alone."""
    return ours(lambda: end_to_end(flow_run.run, is_compiled=False))


def ours(work: Callable[[], dict[str, float]]) -> dict[str, Any]:
    """The seconds of each round, the parts of the fastest, and CPU."""
    walls, processors, parts = [], [], []
    for _ in range(ROUNDS):
        wall, processor = time.perf_counter(), time.process_time()
        parts.append(work())
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    fastest = parts[walls.index(min(walls))]
    return {"walls": walls, "cpu": min(processors), "parts": fastest, "peak": peak()}


def names(sep: str) -> tuple[list[str], list[str], list[str]]:
    """What the numbers of the month are called elsewhere: rates, shares leaving, arrivals."""
    return (
        [f"p{sep}{origin}{sep}to{sep}{end}" for origin, end in MODEL.flows],
        [f"px{sep}{name}" for name in MODEL.settings],
        [f"arr{sep}{name}" for name in MODEL.settings],
    )


def vensim() -> str:
    """The model in Vensim's language."""
    lines = ["{UTF-8}"]
    for values, each in zip(DRAWN, names(" "), strict=True):
        lines += [f"{name}= {value} ~~|" for name, value in zip(each, values[:, 0], strict=True)]
    flows = [(origin, end, f"{origin} to {end}") for origin, end in MODEL.flows]
    lines += [f"want {flow}= x {origin}*p {flow} ~~|" for origin, _, flow in flows]
    limited = [name for name, places in zip(MODEL.settings, PLACES[:, 0], strict=True) if np.isfinite(places)]
    for name, (people, places, *_) in SETTINGS.items():
        lines.append(f"leave {name}= x {name}*px {name} ~~|")
        if name in limited:
            lines.append(f"asked {name}= {'+'.join(f'want {flow}' for _, end, flow in flows if end == name)} ~~|")
            free = f"MAX(0, {places}-x {name}+leave {name})"
            lines.append(f"ratio {name}= MIN(1, {free}/MAX(asked {name}, 1e-12)) ~~|")
        came = "".join(f"+move {flow}" for _, end, flow in flows if end == name)
        went = "".join(f"-move {flow}" for origin, _, flow in flows if origin == name)
        lines.append(f"x {name}= INTEG(arr {name}-leave {name}{came}{went}, {people}) ~~|")
    for _, end, flow in flows:
        lines.append(f"move {flow}= want {flow}{f'*ratio {end}' if end in limited else ''} ~~|")
    ends = ("INITIAL TIME = 0", f"FINAL TIME = {MONTHS}", "TIME STEP = 1", "SAVEPER = TIME STEP")
    return "\n\n".join([*lines, *(f"{line} ~~|" for line in ends)]) + "\n"


def compared(party: str, run_one: Callable[[list[tuple[str, float]]], np.ndarray], sep: str) -> dict[str, Any]:
    """Seconds of a draw when another runs some of them, whose people (months × settings) must be ours."""
    draws = DRAWS_OF[party]
    month = drawn(DRAWS)
    numbers = [month.rates[:, :draws], month.exits[:, :draws], month.arrivals[:, :draws]]
    told = [name for each in names(sep) for name in each]
    wanted = flow_run.run(
        MODEL, START, months=[month] * MONTHS, keep=[Series.PEOPLE], part=next(flow_run.blocks(MODEL, DRAWS))
    )
    changes = [list(zip(told, np.concatenate(numbers)[:, draw].tolist(), strict=True)) for draw in range(draws)]
    run_one(changes[0])
    wall, processor = time.perf_counter(), time.process_time()
    found = [run_one(each) for each in changes]
    wall, processor = (time.perf_counter() - wall) / draws, (time.process_time() - processor) / draws
    people = wanted.series[Series.PEOPLE][..., :draws]
    error = np.max(np.abs(np.stack(found, axis=-1) - people) / np.maximum(people, 1))
    if not error < CLOSE:
        sys.exit(f"{party} finds other people: {error:.1e}")
    return {"wall": wall, "cpu": processor, "error": error}


def by_simlin() -> dict[str, Any]:
    """Simlin, whose compiled machine is set anew for each draw."""
    simlin: Any = importlib.import_module("simlin")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.mdl"
        path.write_text(vensim(), "utf-8")
        machine = simlin.load(path).simulate()

    def run_one(changes: list[tuple[str, float]]) -> np.ndarray:
        machine.reset()
        for name, value in changes:
            machine.set_value(name, value)
        machine.run_to_end()
        return np.array([machine.get_series(f"x_{name}") for name in MODEL.settings]).T

    return compared("Simlin", run_one, "_")


def by_pysd() -> dict[str, Any]:
    """PySD, which gives back the people alone."""
    pysd: Any = importlib.import_module("pysd")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.mdl"
        path.write_text(vensim(), "utf-8")
        model = pysd.read_vensim(str(path))
        columns = [f"x {name}" for name in MODEL.settings]
        return compared(
            "PySD", lambda changes: model.run(params=dict(changes), return_columns=columns)[columns].to_numpy(), " "
        )


def framework() -> list[tuple[str, list[list[Any]]]]:
    """The sheets of atomica's framework: a compartment for each setting, and two for those who come and go."""
    share, number = ("Probability", "pr"), ("Number", "pr")
    limited = [name for name, places in zip(MODEL.settings, PLACES[:, 0], strict=True) if np.isfinite(places)]
    parameters, arrows = [], {}
    month = 1 / 12
    rates = dict(zip(MODEL.flows, RATE[:, 0].tolist(), strict=True))
    for (origin, end), rate in rates.items():
        name = f"p_{origin}_to_{end}"
        parameters.append([name, f"Rate {name}", *share, rate, None, month])
        arrows[origin, end] = name
        if end in limited:
            arrows[origin, end] = f"e_{origin}_to_{end}"
            how = f"{name}*r_{end}"
            parameters.append([arrows[origin, end], f"Movers {name}", "Probability", None, None, how, month])
    for name, (_, places, arriving, leaving, _) in SETTINGS.items():
        parameters.append([f"px_{name}", f"Leaving {name}", *share, leaving, None, month])
        arrows[name, "out"] = f"px_{name}"
        if arriving:
            parameters.append([f"arr_{name}", f"Arrivals {name}", *number, arriving, None, month])
            arrows["src", name] = f"arr_{name}"
        if name in limited:
            asked = "+".join(f"c_{origin}*p_{origin}_to_{end}" for origin, end in rates if end == name)
            free = f"max(0,{places}-c_{name}+c_{name}*px_{name})"
            how = f"min(1,{free}/max({asked},0.000000000001))"
            parameters.append([f"r_{name}", f"Ratio {name}", None, None, None, how, None])
    called = {name: f"c_{name}" for name in MODEL.settings} | {"src": "src", "out": "out"}
    stocks = [[code, f"Stock {name}", "n", "n", "n", "sv"] for name, code in called.items()][:-2]
    ends = [["src", "Source", "y", "n", "n", None], ["out", "Gone", "n", "y", "n", None]]
    all_in = [["ch_all", "All", None, ",".join(list(called.values())[:-2]), None, None]]
    heads = ["Code Name", "Display Name"]
    return [
        ("Databook Pages", [["Datasheet Code Name", "Datasheet Title"], ["sv", "Stocks"], ["pr", "Rates"]]),
        ("Compartments", [[*heads, "Is Source", "Is Sink", "Is Junction", "Databook Page"], *stocks, *ends]),
        (
            "Transitions",
            [[None, *called.values()], *([code, *(arrows.get((a, b)) for b in called)] for a, code in called.items())],
        ),
        ("Characteristics", [[*heads, "Databook Page", "Components", "Denominator", "Default Value"], *all_in]),
        (
            "Parameters",
            [[*heads, "Format", "Databook Page", "Default Value", "Function", "Timescale"], *parameters],
        ),
    ]


def by_atomica() -> dict[str, Any]:
    """atomica, whose parameters are set anew for each draw."""
    warnings.simplefilter("ignore")
    openpyxl: Any = importlib.import_module("openpyxl")
    atomica: Any = importlib.import_module("atomica")
    atomica.logger.setLevel("ERROR")
    book = openpyxl.Workbook()
    for title, rows in framework():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    with tempfile.TemporaryDirectory() as folder:
        book.save(f"{folder}/framework.xlsx")
        framed = atomica.ProjectFramework(f"{folder}/framework.xlsx")
    data = atomica.ProjectData.new(framed, [2025], pops={"area": "Area"}, transfers=0)
    for name, people in zip(MODEL.settings, START[:, 0], strict=True):
        data.tdve[f"c_{name}"].ts["area"].insert(2025, people)
    for name, value in ((row[0], row[4]) for row in framework()[-1][1][1:] if row[3]):
        data.tdve[name].ts["area"].assumption = value
    years = {"sim_start": 2025, "sim_end": 2025 + MONTHS / 12, "sim_dt": 1 / 12}
    project = atomica.Project(framework=framed, databook=data, do_run=False, **years)
    numbers = project.parsets["default"]

    def run_one(changes: list[tuple[str, float]]) -> np.ndarray:
        for name, value in changes:
            if name in numbers.pars:
                numbers.pars[name].ts["area"].assumption = value
        found = project.run_sim(numbers, store_results=False)
        return np.array([found.get_variable(f"c_{name}")[0].vals for name in MODEL.settings]).T[: MONTHS + 1]

    return compared("atomica", run_one, "_")


def choice() -> Choice:
    """Options that each change three rates and the places of one setting, and cost something every month."""
    draws, numbers = DRAWS_OF_PORTFOLIO, np.random.default_rng(SEED)
    limited = np.flatnonzero(np.isfinite(PLACES[:, 0]))
    options = []
    for option in range(OPTIONS):
        name, when = f"option {option}", profile(numbers.integers(0, 24), months=MONTHS, ramp=numbers.integers(0, 13))
        sure = np.exp(numbers.standard_normal((3, draws)) * SPREAD / 2)
        values = 1 + (numbers.uniform(0.75, 1.2, (3, 1)) - 1) * sure
        rows = numbers.choice(len(MODEL.flows), 3, replace=False)
        flow = [
            Lever(name, Part.RATES, row, Operation.TIMES, value, when) for row, value in zip(rows, values, strict=True)
        ]
        more = np.array([float(numbers.integers(0, 12))])
        flow.append(Lever(name, Part.CAPACITIES, numbers.choice(limited), Operation.PLUS, more, when))
        cost = Lever(name, Part.FIXED, 0, Operation.PLUS, numbers.uniform(20_000, 120_000, 1), when)
        options.append(Option(flow, {Account.COST: [cost]}))
    nothing = no_costs(len(MODEL.settings), len(MODEL.flows))
    accounts = {Account.COST: COSTS, Account.INCOME: nothing}
    case = Case(MODEL, START, drawn(draws), accounts, np.ones((MONTHS, 1)), {}, {}, weeks=52)
    return Choice(case, options, 1.035 ** -(np.arange(MONTHS) / 12))


def all_portfolios() -> dict[str, Any]:
    """Every portfolio by the kernel, compiled before."""
    given, every = choice(), every_portfolio(OPTIONS)
    portfolios(given, every[:2], threads=THREADS)
    return {**timed(lambda: portfolios(given, every, threads=THREADS)), "share": 1}


def some_portfolios() -> dict[str, Any]:
    """Some portfolios by NumPy, in proportion."""
    given, every = choice(), every_portfolio(OPTIONS)
    some = every[:: max(len(every) // PORTFOLIOS_BY_NUMPY, 1)]
    return {**timed(lambda: portfolios(given, some, is_compiled=False)), "share": len(every) / len(some)}


def timed(work: Callable[[], Any]) -> dict[str, Any]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - processor, "peak": peak()}


def peak() -> float:
    """The most memory the process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


WORK: dict[str, tuple[str | None, Callable[[], dict[str, Any]]]] = {
    "ours, fast": ("numba", by_kernel),
    "ours, NumPy": (None, by_numpy),
    "Simlin": ("simlin", by_simlin),
    "PySD": ("pysd", by_pysd),
    "atomica": ("atomica", by_atomica),
    "portfolios, fast": ("numba", all_portfolios),
    "portfolios, NumPy": (None, some_portfolios),
}
"""Everybody, with the package that must be there."""


def told(party: str) -> dict[str, Any]:
    """What a process of its own measured."""
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, party]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print what everybody who is there takes, and how many times ours that is."""
    print(f"End to end: {DRAWS:,} draws of {MONTHS} months (limits: 0.4 s with the extra, 1 s by NumPy alone)")
    ours: dict[str, float] = {}
    for party, (package, _) in WORK.items():
        if package and not find_spec(package):
            print(f"  {party:17} {package} is not installed and was left out.")
            continue
        found = told(party)
        if "walls" in found:
            ours = ours or {"wall": min(found["walls"]), "cpu": found["cpu"]}
            parts = ", ".join(f"{name} {seconds:.3f}" for name, seconds in found["parts"].items())
            first = f", the first time {found['first']:.1f} s" if "first" in found else ""
            middle = statistics.median(found["walls"])
            print(
                f"  {party:17} {min(found['walls']):.3f} s wall, median {middle:.3f}, {found['cpu']:.3f} s CPU "
                f"({parts}){first}, at most {found['peak']:.2f} GB"
            )
        elif "error" in found:
            whole = found["cpu"] * DRAWS
            times = {name: found[name] * DRAWS / seconds for name, seconds in ours.items()}
            beside = f", {times['cpu']:,.0f} times our CPU and {times['wall']:,.0f} times our time" if times else ""
            some = f"{DRAWS_OF[party]} draws, people alone"
            print(
                f"  {party:17} {found['cpu'] * 1e3:.2f} ms CPU a draw, {found['wall'] * 1e3:.2f} wall ({some}), "
                f"{DRAWS:,} in proportion {whole:,.1f} s{beside}; equal ({found['error']:.0e})"
            )
        else:
            sets, share = f"{2**OPTIONS:,} sets of {OPTIONS} options, {DRAWS_OF_PORTFOLIO:,} draws", found["share"]
            some = "" if share == 1 else f", in proportion from {2**OPTIONS / share:.0f}"
            print(
                f"  {party:17} {sets}: {found['wall'] * share:.1f} s wall, {found['cpu'] * share:.1f} s CPU{some}, "
                f"at most {found['peak']:.2f} GB (limits: 30 s, 2 GB)"
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(WORK[sys.argv[1]][1]()))
    else:
        main()
