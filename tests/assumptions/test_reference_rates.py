"""The library of reference rates, and the numbers of projection errors: whole, and consistent with themselves."""

import polars as pl
import pytest

from parity.assumptions.projection_errors import councils_revised_little, projection_errors
from parity.assumptions.reference_rates import ROLES, rate_samples, reference_rates, shares_aged_95
from parity.methods.need_rates import CI95, RANGE, check_bands, left_out, projectable
from parity.methods.projection_error import FIRST_AGES, error_from
from parity.terms.assumption import Confidence

RATES = reference_rates()
OWN = ["condition", "source", "setting"]


def test_every_rate_is_whole() -> None:
    needed = ["condition", "source", "year", "unit", "age_band", "sex", "confidence", "role"]
    assert RATES.select(needed).null_count().row(0) == (0,) * len(needed)
    assert set(RATES["confidence"]) <= {Confidence.SEEN.value, Confidence.UNCHECKED.value}
    assert (set(RATES["role"]), set(RATES["sex"])) == (set(ROLES), {"all", "female", "male"})
    assert set(RATES["unit"]) == {"%", "per 1000", "per 100000", "per 1000 maternities"}
    assert (RATES.height, RATES.select([*OWN, "age_band", "sex"]).is_duplicated().any()) == (146, False)


def test_an_interval_holds_its_rate_and_a_rate_that_is_not_printed_has_a_range() -> None:
    assert set(RATES["interval"].drop_nulls()) == {CI95, RANGE}
    assert RATES.filter(pl.col("interval").is_null() != pl.col("low").is_null()).height == 0
    assert RATES.filter(~pl.col("rate").is_between("low", "high")).height == 0
    assert RATES.filter(pl.col("rate").is_null())["interval"].unique().to_list() == [RANGE]


@pytest.mark.parametrize("key", RATES.select(OWN).unique(maintain_order=True).rows(), ids=str)
def test_bands_of_a_source_do_not_overlap(key: tuple[str | None, ...]) -> None:
    same = [pl.col(name).eq_missing(pl.lit(value)) for name, value in zip(OWN, key, strict=True)]
    check_bands(RATES.filter(*same, pl.col("role").is_in(["band", "single"])), str(key))


def test_every_rate_that_lacks_an_interval_has_a_sample_and_every_sample_is_used() -> None:
    bare = projectable(RATES).filter(pl.col("interval").is_null())
    assert set(bare["source"]) == set(rate_samples()["source"])
    assert bare["effective_people"].null_count() == 0
    assert rate_samples().null_count().row(0) == (0, 0, 0)


def test_what_needs_births_or_prisoners_is_not_projected_on_residents() -> None:
    used = projectable(RATES)
    assert (used.height, used.select("condition", "source").unique().height) == (114, 32)
    assert [name for name in used["condition"] if "prison" in name or "perinatal" in name] == []
    assert left_out(RATES).group_by("setting").len().sort("setting", nulls_last=False).rows() == [
        (None, 6),
        ("maternity", 6),
        ("prison", 5),
        ("prison remand", 3),
        ("prison sentenced", 3),
    ]


def test_shares_of_the_oldest() -> None:
    assert shares_aged_95() == {"female": 0.23, "male": 0.17}


def test_the_numbers_of_projection_errors_make_a_model() -> None:
    error = error_from(projection_errors())
    by_group = (error.national, error.area, error.growth, error.size, error.region, error.neighbours)
    assert [len(numbers) for numbers in by_group] == [len(FIRST_AGES)] * 6
    shares = (*error.region, *error.neighbours, error.ages, error.national_ages, error.rolled_forward)
    assert (min(shares) >= 0, max(shares) < 1) == (True, True)
    assert councils_revised_little() == 0.88
