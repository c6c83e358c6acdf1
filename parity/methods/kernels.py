"""Plain loops compiled by numba, where the extra `fast` is there."""

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from inspect import isfunction


@cache
def is_there() -> bool:
    """Whether loops can be compiled.

    Source: convention of this package.
    """
    return find_spec("numba") is not None


@cache
def compiled(loops: Callable[..., None]) -> Callable[..., None]:
    """The loops, compiled once for each kind of what they are given, which takes seconds; kept on disk where it can be.

    Functions beside them whose names begin with an underscore are compiled into them.

    Source: numba's manual. By its error model NumPy's division asks no question about 0, so that loops can work out
    several draws at once; with the lock of the interpreter released, threads run side by side.
    """
    from numba import njit  # noqa: PLC0415
    from numba.extending import register_jitable  # noqa: PLC0415

    for name, part in vars(sys.modules[loops.__module__]).items():
        if name.startswith("_") and isfunction(part):
            register_jitable(error_model="numpy", forceinline=True)(part)
    try:
        return njit(nogil=True, error_model="numpy", cache=True)(loops)
    except RuntimeError:  # numba finds no folder in which it may write
        return njit(nogil=True, error_model="numpy")(loops)
