"""Chance that depends on a seed and a name alone, and the bands that many draws leave.

A draw is known by what it is a draw of, not by its place in a queue: asked for one area or for all, in any order, the
same name gives the same numbers. So totals of areas add up draw by draw, and two runs can be compared.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from parity.methods.chance_kernel_source import order_statistics
from parity.methods.kernels import compiled, is_there
from parity.terms.errors import WrongState

KEY_BYTES = 8
LEAST = 1e-9
"""The part of a value that a range must be wide, so that it is more than rounding."""
CELLS_AT_ONCE = 128
"""Rows sorted together: they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How many draws are made, and the seed: the same seed gives the same draws."""

    draws: int
    seed: int


def normals(chance: Chance, names: Sequence[str], *, each: int = 1) -> np.ndarray:
    """Names × `each` × draws: standard normal draws (32-bit floats) that belong to each name.

    Source: Salmon and others 2011, Philox 4x64, keyed by the seed and the BLAKE2 digest of the name.
    """
    drawn = np.empty((len(names), each, chance.draws), np.float32)
    for place, name in enumerate(names):
        generator(chance, name).standard_normal(out=drawn[place], dtype=np.float32)
    return drawn


def uniforms(chance: Chance, names: Sequence[str]) -> np.ndarray:
    """Names × draws: draws between 0 and 1 that belong to each name.

    Source: as for `normals`.
    """
    drawn = np.empty((len(names), chance.draws))
    for place, name in enumerate(names):
        generator(chance, name).random(out=drawn[place])
    return drawn


def betas(chance: Chance, name: str, *, yes: float, no: float) -> np.ndarray:
    """Draws that belong to the name: the share of a population that may lie behind `yes` and `no` in a sample of it.

    They have the beta distribution of the two numbers, both above 0; its mean is yes ÷ (yes + no).

    Source: as for `normals`; Jöhnk 1964 and Cheng 1978.
    """
    return generator(chance, name).beta(yes, no, size=chance.draws)


def generator(chance: Chance, name: str) -> np.random.Generator:
    """A source of chance that belongs to the name, for draws of another kind than those here.

    Source: as for `normals`.
    """
    digest = int.from_bytes(blake2b(name.encode(), digest_size=KEY_BYTES).digest(), "little")
    return np.random.Generator(np.random.Philox(key=np.array([chance.seed, digest], np.uint64)))


def quantiles(draws: np.ndarray, shares: Sequence[float], *, threads: int = 1, is_compiled: bool = False) -> np.ndarray:
    """… × shares: the values below which these shares (0–1) of the draws lie; the draws are the last axis.

    Several threads work at once, or compiled loops where the extra `fast` is there, which changes no number.

    Source: linear interpolation between order statistics at (n - 1) p (Hyndman and Fan 1996, type 7). Raises
    WrongState where there is no draw.
    """
    count = draws.shape[-1]
    if not count:
        raise WrongState("There are no draws to take quantiles of.")
    places = np.asarray(shares) * (count - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, count - 1)
    weight = (places - below).astype(draws.dtype)
    ranks, order = np.unique([below, above], return_inverse=True)
    lower, upper = order.reshape(2, -1)
    cells = draws.reshape(-1, count)
    found = np.empty((len(cells), len(below)), draws.dtype)
    ranked = _ranked_by_kernel if is_compiled and is_there() else _ranked

    def take(start: int) -> None:
        values = ranked(cells[start : start + CELLS_AT_ONCE], ranks)
        found[start : start + CELLS_AT_ONCE] = values[:, lower] * (1 - weight) + values[:, upper] * weight

    starts = range(0, len(cells), CELLS_AT_ONCE)
    if threads == 1 or len(starts) == 1:
        for start in starts:
            take(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(take, starts))
    return found.reshape(*draws.shape[:-1], len(below))


def _ranked(cells: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Rows × ranks: the values of these ranks among those of each row, what is not a number last."""
    return np.sort(cells, axis=1)[:, ranks]


def _ranked_by_kernel(cells: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        is_finite = np.isfinite(cells.sum(axis=1)).all()
    if not is_finite:
        return _ranked(cells, ranks)
    values = np.empty((len(cells), len(ranks)), cells.dtype)
    compiled(order_statistics)(cells, ranks, values)
    return values


def band_shares(levels: Sequence[float]) -> list[float]:
    """The shares (0–1) at the two ends of each level of confidence: 0.025 and 0.975 for 0.95.

    Source: equal tails.
    """
    return [end for level in levels for end in ((1 - level) / 2, (1 + level) / 2)]


def is_wide(lower: Any, upper: Any, *, value: Any) -> Any:
    """Whether the range around a value is more than rounding: of numbers, of arrays, or of columns of a table.

    Source: double precision; the part of a value is a convention of this package.
    """
    return upper - lower > LEAST * abs(value)
