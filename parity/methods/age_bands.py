"""Age bands as sources print them, against single years of age from 0 to 90, where 90 stands for 90 and over."""

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from parity.terms.errors import WrongState

OLDEST = 90
"""The last single year of age in official populations: 90 and over."""
AGES = OLDEST + 1
ANY = "any"
LAST = 120
"""No band is read further than this."""
SPLITS_THE_OLDEST = 95
"""The age at which sources split those of 90 and over."""

_CLOSED = re.compile(r"(\d+)-(\d+)")
_OPEN = re.compile(r"(\d+)\+")


def ages_of(band: str) -> range:
    """The single years of age in a band: `65-69`, `85+`, a single age such as `18`, or `any`; an open band ends at 120.

    Source: convention of official age bands, both ends included. Raises WrongState for any other text.
    """
    text = band.strip()
    if text == ANY:
        return range(LAST + 1)
    if found := _OPEN.fullmatch(text):
        return range(int(found[1]), LAST + 1)
    if found := _CLOSED.fullmatch(text):
        ages = range(int(found[1]), int(found[2]) + 1)
    else:
        ages = range(int(text), int(text) + 1) if text.isdecimal() else range(0)
    if not ages:
        raise WrongState(f"“{band}” is not an age band: write it as 65-69, 85+, 18 or any.")
    return ages


def overlapping(bands: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of bands that have an age in common, so that their cases may not be added up.

    Source: arithmetic of intervals.
    """
    spans = [(band, ages_of(band)) for band in bands]
    return [
        (first, second)
        for (first, a), (second, b) in combinations(spans, 2)
        if max(a.start, b.start) < min(a.stop, b.stop)
    ]


def share_matrix(bands: Sequence[str], *, aged_95: Sequence[float]) -> np.ndarray:
    """Bands × 91 ages: which share (0–1) of the people of each single year of age a band holds.

    0 or 1 everywhere but at 90, which official populations do not split: of those of 90 and over, a band such as 90-94
    holds 1 - `aged_95`, and 95+ holds `aged_95`, the share given for each band (by its sex) that is 95 or older.

    Source: POPPI, which merges the rates at 90-94 and 95+ by population; bands merge and split by the people in them.
    Raises WrongState for a band that splits those of 90 and over at any age but 95.
    """
    matrix = np.zeros((len(bands), AGES))
    for row, (band, older) in enumerate(zip(bands, aged_95, strict=True)):
        ages = ages_of(band)
        matrix[row, ages.start : min(ages.stop, OLDEST)] = 1
        matrix[row, OLDEST] = _share_of_oldest(band, ages, older)
    return matrix


def _share_of_oldest(band: str, ages: range, aged_95: float) -> float:
    """The share of those of 90 and over whom a band holds."""
    starts, stops = max(ages.start, OLDEST), ages.stop
    if stops <= OLDEST:
        return 0
    if starts not in (OLDEST, SPLITS_THE_OLDEST) or stops not in (SPLITS_THE_OLDEST, LAST + 1):
        raise WrongState(
            f"The band {band} splits those of 90 and over, of whom only the share of 95 and over is known."
        )
    below = 1 - aged_95 if starts == OLDEST else 0
    above = aged_95 if stops > SPLITS_THE_OLDEST else 0
    return below + above


def ages_covered(bands: Sequence[str]) -> str:
    """The ages that bands hold between them, in words: `18 to 64`, `65 and over`, `30 to 64 and 70 to 74`, `all ages`.

    Source: convention of this package.
    """
    held = sorted({age for band in bands for age in ages_of(band)})
    if held == list(range(LAST + 1)):
        return "all ages"
    breaks = [0, *(place for place in range(1, len(held)) if held[place] > held[place - 1] + 1), len(held)]
    runs = [(held[first], held[last - 1]) for first, last in pairwise(breaks) if held]
    return " and ".join(_in_words(first, last) for first, last in runs)


def _in_words(first: int, last: int) -> str:
    if last == LAST:
        return f"{first} and over"
    return str(first) if first == last else f"{first} to {last}"
