"""Rates of need: which apply to residents, how they are told, how they are drawn."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.chance import Chance, normals
from parity.methods.headcount import CELLS
from parity.methods.need_rates import about, check_bands, left_out, projectable, rate_draws, rates_for
from parity.terms.assumption import Confidence
from parity.terms.errors import WrongState

CHANCE = Chance(4_000, seed=11)
LIBRARY = {
    "condition": pl.String,
    "source": pl.String,
    "unit": pl.String,
    "age_band": pl.String,
    "sex": pl.String,
    "rate": pl.Float64,
    "confidence": pl.String,
    "note": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "interval": pl.String,
    "setting": pl.String,
    "role": pl.String,
    "effective_people": pl.Float64,
}
PLAIN = {
    "condition": "dementia",
    "source": "survey",
    "unit": "%",
    "age_band": "65+",
    "sex": "all",
    "rate": 7.0,
    "confidence": Confidence.SEEN.value,
    "role": "band",
    "effective_people": 5_000.0,
}


def library(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**PLAIN, **row} for row in rows], schema=LIBRARY)


def test_a_rate_becomes_a_share_whatever_its_unit() -> None:
    units = ("%", "per 1000", "per 100000")
    rates = projectable(library(*({"unit": unit, "condition": unit, "low": 3.5, "high": 9.0} for unit in units)))
    assert rates["share"].to_list() == pytest.approx([0.07, 0.007, 0.00007])
    assert rates["low"].to_list() == pytest.approx([0.035, 0.0035, 0.000035])
    assert rates["high"].to_list() == pytest.approx([0.09, 0.009, 0.00009])


def test_what_does_not_apply_to_residents_is_left_out_with_its_reason() -> None:
    rows = library(
        {},
        {"role": "total", "source": "check"},
        {"role": "extra", "age_band": "60-64", "source": "aside"},
        {"setting": "maternity", "unit": "per 1000 maternities", "source": "births"},
        {"setting": "prison remand", "source": "prison"},
    )
    assert projectable(rows)["source"].to_list() == ["survey"]
    out = left_out(rows)
    assert {row["source"]: row["why"].split(":")[0] for row in out.iter_rows(named=True)} == {
        "check": "A total that checks the rates by band; it is not a part.",
        "aside": "Not part of the total at 65 and over.",
        "births": "A rate among women who give birth",
        "prison": "A rate among people in prison",
    }


def test_an_empty_library() -> None:
    rates = projectable(library())
    assert (rates.height, left_out(library()).height, about(rates).height) == (0, 0, 0)
    assert rates_for(rates, aged_95={"female": 0.2, "male": 0.2}).names == ()
    assert rate_draws(rates, chance=CHANCE).shape == (0, 4_000)


def test_bands_that_overlap_for_a_sex_are_refused() -> None:
    rows = library({"sex": "male", "age_band": "65-74"}, {"sex": "all", "age_band": "70+"})
    with pytest.raises(WrongState, match="dementia, survey: the bands 65-74 and 70"):
        projectable(rows)
    check_bands(library({"sex": "male"}, {"sex": "female"}), "dementia")


def test_what_is_told_about_a_source() -> None:
    rows = library(
        {"age_band": "65-74", "note": "one note"},
        {"age_band": "75+", "note": "one note", "confidence": Confidence.UNCHECKED.value},
        {"source": "other", "interval": "ci95", "low": 6.0, "high": 8.0},
    )
    first, second = about(projectable(rows)).iter_rows(named=True)
    assert (first["ages"], first["confidence"]) == ("65 and over", Confidence.UNCHECKED.value)
    assert first["caveat"] == (
        "No interval is published for these rates: theirs is as wide as if 5,000 people had been asked in a simple "
        "random sample, shared out equally over the rates, a number chosen by us. one note."
    )
    assert (second["confidence"], second["caveat"]) == (Confidence.SEEN.value, "")


def test_a_rate_of_both_sexes_stands_once_for_each_and_shares_its_draw() -> None:
    rows = library({"age_band": "65-74"}, {"sex": "male", "source": "other"}, {"age_band": "75+"})
    rates = rates_for(projectable(rows), aged_95={"female": 0.2, "male": 0.2})
    assert rates.names == (("dementia", "survey"), ("dementia", "other"))
    assert rates.spans == ((0, 4), (4, 5))
    assert rates.bands == (("65-74", "female"), ("65-74", "male"), ("75+", "female"), ("75+", "male"), ("65+", "male"))
    assert (rates.rate.tolist(), rates.matrix.shape) == ([0, 0, 2, 2, 1], (5, CELLS))
    assert rates.matrix.sum(axis=1).tolist() == [10, 10, 16, 16, 26]


def test_the_share_of_95_and_over_differs_by_sex() -> None:
    rows = library({"age_band": "95+"})
    rates = rates_for(projectable(rows), aged_95={"female": 0.25, "male": 0.15})
    assert rates.matrix.sum(axis=1).tolist() == [0.25, 0.15]


def test_an_interval_is_drawn_back() -> None:
    rows = library({"interval": "ci95", "low": 5.0, "high": 9.6, "effective_people": None})
    drawn = rate_draws(projectable(rows), chance=CHANCE)[0]
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([0.05, 0.07, 0.096], rel=0.05)


def test_a_range_is_drawn_evenly() -> None:
    rows = library({"interval": "range", "low": 5.0, "high": 9.0})
    drawn = rate_draws(projectable(rows), chance=CHANCE)[0]
    assert np.quantile(drawn, [0, 0.25, 0.5, 1]) == pytest.approx([0.05, 0.06, 0.07, 0.09], abs=0.002)


def test_a_sample_is_shared_out_over_the_rates_of_its_source() -> None:
    alone = rate_draws(projectable(library({})), chance=CHANCE)[0]
    shared = rate_draws(projectable(library({"sex": "male"}, {"sex": "female"})), chance=CHANCE)[0]
    wanted = math.sqrt(0.07 * 0.93 / 5_000)
    assert (alone.std(), shared.std()) == pytest.approx((wanted, wanted * math.sqrt(2)), rel=0.06)


@pytest.mark.parametrize("rate", [0.02, 0.2, 2.0, 20.0, 99.5])
def test_draws_of_a_sample_lie_around_the_rate_however_rare_it_is(rate: float) -> None:
    rows = library({"rate": rate, "effective_people": 500.0})
    drawn = rate_draws(projectable(rows), chance=Chance(40_000, seed=11))[0]
    share = rate / 100
    assert drawn.mean() == pytest.approx(share, rel=0.05)
    assert drawn.std() == pytest.approx(math.sqrt(share * (1 - share) / 501), rel=0.05)


def test_rates_of_nobody_and_everybody_stay() -> None:
    rows = library({"rate": 0.0, "age_band": "65-74"}, {"rate": 100.0, "age_band": "75+", "interval": "ci95"})
    assert rate_draws(projectable(rows), chance=CHANCE).std(axis=1).tolist() == [0, 0]
    assert rate_draws(projectable(rows), chance=CHANCE)[:, 0].tolist() == [0, 1]


def test_a_rate_without_interval_and_sample_is_refused() -> None:
    with pytest.raises(WrongState, match="no interval and no sample"):
        rate_draws(projectable(library({"effective_people": None})), chance=CHANCE)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(1, 20), st.floats(0.2, 0.9), st.floats(1.1, 3)), min_size=1, max_size=5))
def test_draws_against_a_loop(rows: list[tuple[float, float, float]]) -> None:
    chance = Chance(20, seed=5)
    bands = [f"{place}-{place}" for place in range(len(rows))]
    rates = projectable(
        library(
            *(
                {"age_band": band, "rate": rate, "low": rate * below, "high": rate * above, "interval": "ci95"}
                for band, (rate, below, above) in zip(bands, rows, strict=True)
            )
        )
    )
    drawn = rate_draws(rates, chance=chance)
    for place, (rate, below, above) in enumerate(rows):
        low, middle, high = (
            math.log(share / (1 - share)) for share in (rate * below / 100, rate / 100, rate * above / 100)
        )
        standard = normals(chance, [f"rate|dementia|survey|all|{bands[place]}"])[0, 0]
        slow = [1 / (1 + math.exp(-(middle + z * (high - low) / 3.919928))) for z in standard]
        assert drawn[place] == pytest.approx(slow, rel=1e-5)
