"""Options: totals and cost of a post."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.options import cost_per_wte, option_totals

SCHEMA = {"option": pl.String, "gbp": pl.Int64, "sign": pl.String}
ITEM = st.tuples(st.sampled_from("AB"), st.none() | st.integers(0, 100), st.sampled_from(["cost", "release", "other"]))


def items(*rows: tuple[str, int | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_no_items_no_posts() -> None:
    empty = option_totals(items())
    assert (empty.columns, empty.height) == (["option", "cost", "release", "net", "missing"], 0)
    frame = pl.DataFrame({"gbp": [10.0, None], "wte": [0.0, 2.0]})
    assert frame.select(cost_per_wte("gbp", "wte"))["gbp"].to_list() == [None, None]


@settings(deadline=None, max_examples=60)
@given(st.lists(ITEM, max_size=8))
def test_totals_against_a_loop(rows: list[tuple[str, int | None, str]]) -> None:
    wanted = {}
    for option, *_ in (row for row in rows if row[2] != "other"):
        own = [(gbp, sign) for name, gbp, sign in rows if name == option and sign != "other"]
        if any(gbp is None for gbp, _ in own):
            wanted[option] = (None, None, None, "The cost of an item of this option is not known.")
            continue
        cost = sum(gbp for gbp, sign in own if sign == "cost")
        release = sum(gbp for gbp, sign in own if sign == "release")
        wanted[option] = (cost, release, cost - release, None)
    found = option_totals(items(*rows))
    assert {option: tuple(rest) for option, *rest in found.rows()} == wanted
