"""How precisely a number was printed, in the unit of the table."""

from parity.methods.quantities import RelationFault, number_in
from parity.terms.units import Unit


def half_unit(printed: str, value: float) -> float:
    """Half a unit of the last printed digit, in the value's unit: 0.005 for 56%, 0.0005 for 0.561, 500 for £12k.

    A text without digits is taken for the value's own.
    """
    try:
        number, half = number_in(printed)
    except RelationFault:
        number, half = number_in(repr(value))
    if "%" in printed:
        return half / Unit.SHARE.value.scale
    return half * abs(value / number) if number and value else half
