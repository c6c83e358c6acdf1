"""Need: points, bands, what adds up and what may not be mixed."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from parity.methods.age_bands import ages_of
from parity.methods.chance import Chance
from parity.methods.headcount import Headcount
from parity.methods.need import (
    UNKNOWN,
    Mixture,
    Simulation,
    need_by_band,
    need_change,
    need_draws,
    need_in_total,
    need_intervals,
)
from parity.methods.need_rates import Rates, rates_for
from parity.methods.need_variants import weighted_by_index
from parity.methods.projection_error import Outlook, ProjectionError
from parity.terms.errors import WrongState
from tests.populations import counted, everywhere

CHANCE = Chance(400, seed=3)
ERROR = ProjectionError(
    national=(0.005,) * 7,
    area=(0.01,) * 7,
    growth=(1.0,) * 7,
    size=(0.3,) * 7,
    region=(0.1,) * 7,
    neighbours=(0.2,) * 7,
    ages=0.3,
    national_ages=0.5,
    rolled_forward=0.5,
)
SEX_AGE = {"female": 0.2, "male": 0.1}
Row = tuple[str, str, str, str, float]


def rates(*rows: Row) -> Rates:
    columns = ["condition", "source", "age_band", "sex", "share"]
    frame = pl.DataFrame(rows, schema=dict(zip(columns, [pl.String] * 4 + [pl.Float64], strict=True)), orient="row")
    nothing = {"low": None, "high": None, "interval": pl.lit(None, pl.String), "effective_people": 4_000.0}
    return rates_for(frame.with_columns(**nothing), aged_95=SEX_AGE)


SOME = rates(
    ("dementia", "one", "65-84", "all", 0.04),
    ("dementia", "one", "85-94", "female", 0.2),
    ("dementia", "one", "95+", "female", 0.4),
    ("dementia", "two", "65+", "female", 0.09),
    ("anxiety", "one", "16+", "all", 0.15),
)


def outlook(people: Headcount, *, councils: dict[str, str] | None = None, base: int = 2020) -> Outlook:
    places = pl.DataFrame({"area": people.areas}).with_columns(
        council=pl.col("area").replace(councils or {}),
        people=pl.lit(150_000),
        neighbours=pl.lit("N"),
        region=pl.lit("R"),
    )
    return Outlook(ERROR, base, 2011, places)


def test_points_by_band_and_sex() -> None:
    people = counted(("A", "2030", "female", 70, 100), ("A", "2030", "female", 90, 50), ("A", "2030", "male", 90, 10))
    found = need_by_band(people, SOME).select("condition", "source", "age_band", "sex", "value")
    assert [(*row[:4], round(row[4], 9)) for row in found.rows()] == [
        ("dementia", "one", "65-84", "female", 4),
        ("dementia", "one", "65-84", "male", 0),
        ("dementia", "one", "85-94", "female", 8),
        ("dementia", "one", "95+", "female", 4),
        ("dementia", "two", "65+", "female", 13.5),
        ("anxiety", "one", "16+", "female", 22.5),
        ("anxiety", "one", "16+", "male", 1.5),
    ]


def test_totals_are_the_sums_of_bands() -> None:
    people = everywhere(3)
    key = ["area", "period", "condition", "source", "variant"]
    summed = need_by_band(people, SOME).group_by(key, maintain_order=True).agg(pl.col("value").sum())
    total = need_in_total(people, SOME)
    assert_frame_equal(total.select(*key, "value"), summed)
    assert total["missing"].null_count() == total.height


def test_an_unknown_age_makes_only_its_conditions_missing() -> None:
    people = everywhere(2)
    people.people[0, 1, 30] = np.nan
    for table in (need_in_total(people, SOME), need_intervals(people, SOME, simulation=Simulation(CHANCE))):
        gaps = table.filter(pl.col("missing").is_not_null())
        assert gaps.select("area", "period", "condition", "missing").rows() == [("A0", "2030", "anxiety", UNKNOWN)]
        drawn = [name for name in table.columns if name.startswith(("value", "mean", "lower", "upper"))]
        assert gaps.select(drawn).row(0) == (None,) * len(drawn)
        assert table.filter(pl.col("missing").is_null()).select(drawn).null_count().sum_horizontal().item() == 0


def test_no_people_and_no_rates() -> None:
    simulation = Simulation(CHANCE)
    nobody, none = counted(), rates()
    assert need_by_band(nobody, SOME).height == need_in_total(nobody, SOME).height == 0
    assert need_by_band(everywhere(1), none).height == need_in_total(everywhere(1), none).height == 0
    for people, table in ((nobody, SOME), (everywhere(1), none)):
        assert need_intervals(people, table, simulation=simulation).height == 0
    certain = replace(simulation, outlook=outlook(everywhere(1)))
    assert need_intervals(everywhere(1), none, simulation=certain).height == 0


def test_nobody_has_nothing() -> None:
    people = counted(("A", "2030", "female", 3, 0))
    found = need_intervals(people, SOME, simulation=Simulation(CHANCE))
    assert found.select("value", "mean", "lower_95", "upper_95").unique().rows() == [(0, 0, 0, 0)]


def test_bands_hold_the_point_and_the_wider_holds_the_narrower() -> None:
    found = need_intervals(everywhere(2), SOME, simulation=Simulation(CHANCE, outlook=outlook(everywhere(2))))
    order = ["lower_95", "lower_80", "value", "upper_80", "upper_95"]
    inside = [pl.col(low) < pl.col(high) for low, high in pairwise(order)]
    assert found.select(pl.all_horizontal(inside).all()).item()
    assert (found["mean"] / found["value"] - 1).abs().max() < 0.1


def test_uncertain_populations_widen_with_the_years() -> None:
    people = everywhere(1, ("2011", "2020", "2040"))
    known = Simulation(CHANCE, outlook=outlook(people), levels=(0.95,))
    found = need_intervals(people, SOME, simulation=known).filter(pl.col("condition") == "anxiety")
    width = ((found["upper_95"] - found["lower_95"]) / found["value"]).to_list()
    bare = need_intervals(people, SOME, simulation=Simulation(CHANCE, levels=(0.95,)))
    bare_width = ((bare["upper_95"] - bare["lower_95"]) / bare["value"]).filter(bare["condition"] == "anxiety")
    assert width[0] == pytest.approx(bare_width[0], rel=1e-4)
    assert width[0] < width[1] < width[2]


PARTS = pl.DataFrame(
    {
        "area": ["A1", "A2", "West", "West", "East", "East", *["England"] * 5],
        "part": ["A1", "A2", "A0", "A1", "A2", "A3", "A0", "A1", "A2", "A3", "A4"],
    }
)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32), st.booleans())
def test_areas_add_up_draw_by_draw(seed: int, certain: bool) -> None:
    """Councils make the county, counties and the rest make England, in every draw, condition and period."""
    people = everywhere(5, seed=seed)
    simulation = Simulation(Chance(40, seed), outlook=None if certain else outlook(people))
    wholes = need_draws(people, SOME, simulation=simulation, parts=PARTS)
    for whole, parts in zip(wholes, need_draws(people, SOME, simulation=simulation), strict=True):
        order = PARTS["area"].unique(maintain_order=True).to_list()
        drawn = {area: whole[:, place] for place, area in enumerate(order)}
        assert drawn["A1"] == pytest.approx(parts[:, 1], rel=1e-5)
        assert drawn["West"] == pytest.approx(parts[:, 0] + parts[:, 1], rel=1e-5)
        assert drawn["England"] == pytest.approx(drawn["West"] + drawn["East"] + parts[:, 4], rel=1e-5)


def test_draws_do_not_depend_on_what_else_is_asked() -> None:
    people = everywhere(5)
    simulation = Simulation(CHANCE, outlook=outlook(people))
    alone = PARTS.filter(pl.col("area") == "East")
    everything = need_intervals(people, SOME, simulation=simulation, parts=PARTS)
    only = need_intervals(people, SOME, simulation=simulation, parts=alone)
    assert_frame_equal(everything.filter(pl.col("area") == "East"), only, rel_tol=1e-5)
    fewer = rates(("anxiety", "one", "16+", "all", 0.15))
    same = need_intervals(people, fewer, simulation=simulation, parts=alone)
    assert_frame_equal(only.filter(pl.col("condition") == "anxiety"), same, rel_tol=1e-5)


def test_parts_of_one_council_err_together() -> None:
    people = everywhere(2)
    together = Simulation(CHANCE, outlook=outlook(people, councils={"A0": "C", "A1": "C"}))
    sure = rates(("people", "all", "16-24", "all", 1.0))
    *_, last = need_draws(people, sure, simulation=together)
    assert np.corrcoef(last[0])[0, 1] == pytest.approx(1)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 9_999))
def test_totals_against_a_loop(seed: int) -> None:
    people = everywhere(2, ("2030",), seed=seed)
    found = need_in_total(people, SOME, parts=PARTS.filter(pl.col("area") == "West"))
    for row in found.iter_rows(named=True):
        used = SOME.frame.filter(condition=row["condition"], source=row["source"]).iter_rows(named=True)
        slow = 0.0
        for rate, (place, sex), age in product(used, enumerate(("female", "male")), range(91)):
            ages, older = ages_of(rate["age_band"]), SEX_AGE[sex]
            held = (1 - older) * (90 in ages) + older * (95 in ages) if age == 90 else age in ages
            applies = rate["sex"] in (sex, "all")
            slow += rate["share"] * held * applies * people.people[:, 0, 91 * place + age].sum()
        assert row["value"] == pytest.approx(slow)


def test_a_mixture_stands_beside_its_sources_and_adds_up() -> None:
    people = everywhere(5)
    given_rates = rates(("dementia", "low", "65+", "all", 0.05), ("dementia", "high", "65+", "all", 0.1))
    mixture = Mixture("dementia", ("low", "high"))
    simulation = Simulation(CHANCE, mixtures=(mixture,), outlook=outlook(people))
    found = need_intervals(people, given_rates, simulation=simulation, parts=PARTS.filter(pl.col("area") == "England"))
    low, high, mixed = found.filter(pl.col("period") == "2030").iter_rows(named=True)
    assert mixed["source"] == "Model choice, each with equal chance: low; high"
    assert mixed["value"] == pytest.approx((low["value"] + high["value"]) / 2)
    assert (mixed["lower_80"] < low["value"], mixed["upper_80"] > high["value"]) == (True, True)
    for block in need_draws(people, given_rates, simulation=simulation):
        either = np.isclose(block[2], block[0]) | np.isclose(block[2], block[1])
        assert either.all()
        assert (np.isclose(block[2], block[0]).all(axis=0) | np.isclose(block[2], block[1]).all(axis=0)).all()


def test_a_band_says_what_it_rests_on_where_that_is_ours() -> None:
    some = rates(("dementia", "low", "65+", "all", 0.05), ("dementia", "high", "65+", "all", 0.1))
    published = some.frame.with_columns(
        interval=pl.when(pl.col("source") == "low").then(pl.lit("ci95")), low=pl.lit(0.03), high=pl.lit(0.2)
    )
    simulation = Simulation(CHANCE, mixtures=(Mixture("dementia", ("low", "high")),))
    found = need_intervals(everywhere(1, ("2030",)), rates_for(published, aged_95=SEX_AGE), simulation=simulation)
    sentence = (
        "No interval is published for these rates: theirs is as wide as if 4,000 people had been asked in a simple "
        "random sample, shared out equally over the rates, a number chosen by us."
    )
    assert found["caveat"].to_list() == [None, sentence, sentence]


def test_sources_that_cannot_stand_for_one_another_are_not_mixed() -> None:
    people = everywhere(1)
    other = rates(("dementia", "one", "65+", "all", 0.05), ("dementia", "two", "60+", "all", 0.1))
    for sources, sentence in (
        (("one", "two"), "cover different ages"),
        (("one", "three"), "no rates of dementia by three"),
    ):
        simulation = Simulation(CHANCE, mixtures=(Mixture("dementia", sources),))
        with pytest.raises(WrongState, match=sentence):
            need_intervals(people, other, simulation=simulation)


def test_years_that_are_no_years_cannot_be_projected() -> None:
    people = everywhere(1, ("2025/26",))
    with pytest.raises(WrongState, match="2025/26 is not a year"):
        need_intervals(people, SOME, simulation=Simulation(CHANCE, outlook=outlook(people)))
    assert need_intervals(people, SOME, simulation=Simulation(CHANCE)).height == len(SOME.names)


def test_the_variant_is_told_in_every_table() -> None:
    people = everywhere(1)
    weighted = weighted_by_index(people, pl.DataFrame({"area": ["A0"], "index_value": [200.0]}), name="an index")
    plain, doubled = need_in_total(people, SOME), need_in_total(weighted, SOME)
    assert (plain["variant"].unique().to_list(), doubled["variant"].unique().to_list()) == (
        ["national rates"],
        ["weighted by an index"],
    )
    assert doubled["value"].to_list() == pytest.approx([2 * value for value in plain["value"]])


# By how much need changes


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 9_999), st.booleans())
def test_change_against_a_loop_over_draws(seed: int, certain: bool) -> None:
    people = everywhere(3, ("2020", "2025", "2030", "2035"), seed=seed)
    simulation = Simulation(Chance(40, seed), outlook=None if certain else outlook(people), levels=(0.8,))
    found = need_change(people, SOME, simulation=simulation, ahead=10)
    blocks = list(need_draws(people, SOME, simulation=simulation))
    assert found["period"].unique(maintain_order=True).to_list() == ["2020", "2025"]
    for row in found.iter_rows(named=True):
        start = people.periods.index(row["period"])
        place = people.areas.index(row["area"]), SOME.names.index((row["condition"], row["source"]))
        draws = sorted(blocks[start + 2][place[1], place[0]] / blocks[start][place[1], place[0]] - 1)
        low, high = (float(np.quantile(draws, share)) for share in (0.1, 0.9))
        assert (row["lower_80"], row["upper_80"]) == pytest.approx((low, high), abs=1e-5)
        assert row["mean"] == pytest.approx(float(np.mean(draws)), abs=1e-5)


def test_how_sure_a_rate_is_does_not_matter_for_how_need_changes() -> None:
    people = everywhere(1, ("2020", "2030"))
    sure, unsure = (rates(("anxiety", "one", "16+", "all", share)) for share in (0.15, 0.5))
    simulation = Simulation(CHANCE)
    points = people.people[0, :, 16:91].sum(axis=1) + people.people[0, :, 107:].sum(axis=1)
    for used in (sure, unsure):
        found = need_change(people, used, simulation=simulation, ahead=10)
        told = found.select("value", "lower_95", "upper_95").row(0)
        assert told == pytest.approx([points[1] / points[0] - 1] * 3, abs=1e-5)


def test_a_change_is_surer_than_two_numbers() -> None:
    people = everywhere(2, ("2020", "2030"))
    simulation = Simulation(CHANCE, outlook=outlook(people))
    found = need_change(people, SOME, simulation=simulation, ahead=10)
    apart = need_intervals(people, SOME, simulation=simulation)
    keys = ["area", "condition", "source"]
    now, later = (apart.filter(pl.col("period") == period) for period in ("2020", "2030"))
    both = now.join(later, on=keys, suffix="_later").join(found, on=keys, suffix="_change")
    widest = pl.col("upper_95_later") / pl.col("lower_95") - pl.col("lower_95_later") / pl.col("upper_95")
    inside = pl.col("lower_95_change") < pl.col("value_change"), pl.col("value_change") < pl.col("upper_95_change")
    assert both.height == 6
    assert both.select((pl.col("upper_95_change") - pl.col("lower_95_change") < widest).all()).item()
    assert both.select(pl.all_horizontal(inside).all()).item()


def test_no_change_is_told_of_nobody_or_of_an_unknown_number() -> None:
    people = counted(
        ("A", "2020", "female", 70, 0), ("A", "2030", "female", 70, 5),
        ("B", "2020", "female", 70, None), ("B", "2030", "female", 70, 5),
    )  # fmt: skip
    old = rates(("dementia", "one", "70-74", "female", 0.04))
    found = need_change(people, old, simulation=Simulation(CHANCE), ahead=10)
    assert found.select("area", "value", "lower_95", "missing").rows() == [
        ("A", None, None, "Nobody is expected to have it now, so nothing can be said of a change."),
        ("B", None, None, "The population at some of these ages is not known."),
    ]
    assert need_change(people, old, simulation=Simulation(CHANCE), ahead=3).height == 0
