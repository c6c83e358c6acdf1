"""Numbers for programs that write them themselves: a value as it is shown, and a spreadsheet's number format."""

from decimal import Decimal

from parity.terms.units import Unit

_PERCENT = "%"


def shown_value(unit: Unit, value: float) -> float:
    """The value on the scale readers see: 0.932 of `Unit.SHARE` as 93.2, pounds as pounds."""
    return float(_scaled(unit, value))


def sheet_value(unit: Unit, value: float) -> float:
    """The value for a spreadsheet's cell: on the scale readers see, but shares as shares, which `%` formats show."""
    return float(value) if unit.value.suffix == _PERCENT else shown_value(unit, value)


def sheet_format(unit: Unit) -> str:
    """The number format that shows `sheet_value` as `Unit.write` writes the value, with a true minus sign."""
    writing = unit.value
    digits = "#,##0" + ("." + "0" * writing.places if writing.places else "")
    prefix = f'"{writing.prefix}"' if writing.prefix else ""
    suffix = _quoted(writing.suffix)
    return f'{prefix}{digits}{suffix};"−"{prefix}{digits}{suffix}'


def axis_label(unit: Unit) -> str:
    """The Vega expression that writes an axis label: thousands separated, with the sign for pounds or per cent."""
    writing = unit.value
    suffix = writing.suffix if writing.suffix == _PERCENT else ""
    return f"replace('{writing.prefix}' + datum.label, /(.*)−/, '−$1') + '{suffix}'"


def says_more_than_a_sign(unit: Unit) -> bool:
    """True where the unit is written in words after the number, so that a table does better to say it once."""
    return unit.value.suffix not in {"", _PERCENT}


def _scaled(unit: Unit, value: float) -> Decimal:
    # Decimal, because 0.034 * 100 is 3.4000000000000004 in binary.
    return Decimal(repr(float(value))) * unit.value.scale


def _quoted(suffix: str) -> str:
    """The suffix as part of a number format; the bare per cent sign makes a spreadsheet show shares."""
    if not suffix or suffix == _PERCENT:
        return suffix
    return f'"{suffix}"'
