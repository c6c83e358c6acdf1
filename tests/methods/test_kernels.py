"""Loops that are compiled: where they are kept, and where they cannot be."""

import pytest

from parity.methods import kernels
from parity.methods.chance_kernel_source import order_statistics
from parity.methods.kernels import compiled, is_there


def test_without_the_extra_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    is_there.cache_clear()
    try:
        assert not is_there()
    finally:
        is_there.cache_clear()


def test_where_nothing_can_be_kept_it_is_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    numba = pytest.importorskip("numba")

    def unable(**how: bool) -> object:
        if how.get("cache"):
            raise RuntimeError
        return lambda function: function

    monkeypatch.setattr(numba, "njit", unable)
    compiled.cache_clear()
    try:
        assert compiled(order_statistics) is order_statistics
    finally:
        compiled.cache_clear()
