"""Age bands: as printed, against single years of age."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.age_bands import AGES, LAST, ages_covered, ages_of, overlapping, share_matrix
from parity.terms.errors import WrongState


@pytest.mark.parametrize(
    ("band", "first", "last"),
    [("65-69", 65, 69), ("85+", 85, LAST), ("any", 0, LAST), ("18", 18, 18), (" 0-4 ", 0, 4), ("95+", 95, LAST)],
)
def test_a_band_holds_both_its_ends(band: str, first: int, last: int) -> None:
    ages = ages_of(band)
    assert (ages[0], ages[-1]) == (first, last)


@pytest.mark.parametrize("text", ["69-65", "old", "", "65 to 69", "-5"])
def test_what_is_no_band_is_refused(text: str) -> None:
    with pytest.raises(WrongState, match="is not an age band"):
        ages_of(text)


def test_bands_that_share_an_age_are_found() -> None:
    assert overlapping(["18-64", "64-70", "71+", "any"]) == [
        ("18-64", "64-70"),
        ("18-64", "any"),
        ("64-70", "any"),
        ("71+", "any"),
    ]
    assert overlapping([]) == []


def test_ages_covered_are_told_in_words() -> None:
    given_and_told = {
        ("18-24", "25-64"): "18 to 64",
        ("90+", "65-89"): "65 and over",
        ("30-64", "70-74", "80"): "30 to 64 and 70 to 74 and 80",
        ("0-17", "18+"): "all ages",
        (): "",
    }
    assert {bands: ages_covered(bands) for bands in given_and_told} == given_and_told


@pytest.mark.parametrize("band", ["92-94", "90-92", "85-92", "96+", "94+"])
def test_those_of_90_and_over_split_only_at_95(band: str) -> None:
    with pytest.raises(WrongState, match="splits those of 90 and over"):
        share_matrix([band], aged_95=[0.2])


def test_no_band_gives_no_row() -> None:
    assert share_matrix([], aged_95=[]).shape == (0, AGES)


@given(
    st.lists(st.integers(0, 89), min_size=1, max_size=6, unique=True).map(sorted),
    st.floats(0, 1),
    st.booleans(),
)
def test_bands_that_cut_all_ages_hold_everybody_once(cuts: list[int], older: float, split: bool) -> None:
    """Against a loop over every single year from 0 to 120, of which those over 89 stand for shares of 90 and over."""
    edges = [0, *(cut for cut in cuts if cut), 90]
    bands = [f"{first}-{after - 1}" for first, after in pairwise(edges)]
    bands += ["90-94", "95+"] if split else ["90+"]
    matrix = share_matrix(bands, aged_95=[older] * len(bands))
    slow = np.zeros((len(bands), AGES))
    for row, band in enumerate(bands):
        for age in range(AGES):
            slow[row, age] = float(age in ages_of(band)) if age < 90 else 0
        younger_held, older_held = 90 in ages_of(band), 95 in ages_of(band)
        slow[row, 90] = (1 - older) * younger_held + older * older_held
    assert matrix == pytest.approx(slow)
    assert matrix.sum(axis=0) == pytest.approx(np.ones(AGES))
