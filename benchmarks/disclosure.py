"""What hiding costs: how many counts of a table like those that are published are hidden, and how long it takes.

Run: python benchmarks/disclosure.py
"""

import random
import time
from itertools import product

import polars as pl

from parity.assumptions import assumption
from parity.methods.disclosure import safe_table
from parity.terms.disclosure import POLICIES, PUBLISHED, Disclosure, policy_named

REGIONS, DISTRICTS, GROUPS, SEXES = 9, 17, 8, 2
"""As many as England has regions, and about as many councils in each."""
MEANS = (20, 100)
SEED = 20260101


def places() -> pl.DataFrame:
    """England, its regions and the districts in each."""
    rows = [("E", "country", None)]
    rows += [(f"R{region}", "region", "E") for region in range(REGIONS)]
    rows += [
        (f"R{region}D{each}", "district", f"R{region}") for region, each in product(range(REGIONS), range(DISTRICTS))
    ]
    return pl.DataFrame(rows, schema=["area", "kind", "parent"], orient="row")


def counts(areas: pl.DataFrame, divisions: tuple[int, ...], mean: float) -> pl.DataFrame:
    """A count for each district and group, skewed as counts of people are, with every total."""
    chance = random.Random(SEED)
    above = dict(areas.drop_nulls("parent").select("area", "parent").iter_rows())
    found: dict[tuple[str, ...], int] = {}
    for district in areas.filter(pl.col("kind") == "district")["area"]:
        size = chance.random() * 2
        for groups in product(*(range(division) for division in divisions)):
            people = int(chance.expovariate(1 / (mean * size)))
            for key in product((district, above[district], "E"), *((f"g{group}", "all") for group in groups)):
                found[key] = found.get(key, 0) + people
    names = ["area", *(f"group{place}" for place in range(len(divisions)))]
    return pl.DataFrame([(*key, people) for key, people in found.items()], schema=[*names, "people"], orient="row")


def main() -> None:
    """Print for each table and policy the share of counts that are small, the share hidden, and the seconds."""
    areas = places()
    print("divisions | mean | policy | counts | small | hidden | seconds of CPU")
    for divisions, mean, name in product(((), (GROUPS,), (SEXES, GROUPS)), MEANS, POLICIES):
        if name == PUBLISHED:
            continue
        table = counts(areas, divisions, mean)
        groups = tuple(table.columns[1:-1])
        declared = Disclosure(name, ("area", *groups), ("area",), ("people",), totals=dict.fromkeys(groups, "all"))
        policy = policy_named(name, lambda key: assumption(key).value)
        start = time.process_time()
        shown = safe_table(table, declared, policy=policy, areas=areas).frame["people"]
        seconds = time.process_time() - start
        is_open = policy.national & (table["area"] == "E")
        small = (table["people"].is_between(policy.least, policy.most) & ~is_open).sum() / table.height
        hidden = shown.null_count() / table.height
        what = " x ".join(["areas", *map(str, divisions)])
        print(f"{what} | {mean} | {policy.title} | {table.height} | {small:.1%} | {hidden:.1%} | {seconds:.2f}")


if __name__ == "__main__":
    main()
