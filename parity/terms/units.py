"""Units of measurement and the one place where a number is written as text."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum

SIGNIFICANT = 6
# digits enough for every number a computer holds: decimal arithmetic keeps 28 by itself, and fails beyond
_WHOLE = Context(prec=700, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a unit is written: shown = value x scale, rounded half up to places, between prefix and suffix."""

    label: str
    places: int = 0
    scale: int = 1
    prefix: str = ""
    suffix: str = ""


class Unit(Enum):
    """A closed list of units. Shares are stored 0–1, money in pounds, rates as their number."""

    PEOPLE = _Writing("people")
    COUNT = _Writing("count")
    SHARE = _Writing("share", places=1, scale=100, suffix="%")
    CHANGE = _Writing("relative change", places=1, scale=100, suffix="%")
    POINTS = _Writing("percentage points", places=1, scale=100, suffix=" points")
    RATE_PER_1K = _Writing("per 1,000 people", places=1, suffix=" per 1,000")
    RATE_PER_10K = _Writing("per 10,000 people", places=1, suffix=" per 10,000")
    RATE_PER_100K = _Writing("per 100,000 people", places=1, suffix=" per 100,000")
    RATE_PER_100K_WEIGHTED = _Writing("per 100,000 weighted people", places=2, suffix=" per 100,000 weighted")
    GBP = _Writing("pounds", prefix="£")
    GBP_EXACT = _Writing("pounds and pence", places=2, prefix="£")
    GBP_PER_HEAD = _Writing("pounds per head", places=2, prefix="£", suffix=" a head")
    GBP_PER_WEEK = _Writing("pounds per week", places=2, prefix="£", suffix=" a week")
    WTE = _Writing("whole-time equivalents", places=2, suffix=" WTE")
    PLACES = _Writing("places", places=1, suffix=" places")
    INDEX = _Writing("index, England = 100", places=1)
    RATIO = _Writing("ratio", places=2)
    SCORE = _Writing("score", places=3)
    Z = _Writing("z statistic", places=2)
    RANK = _Writing("rank")
    YEARS = _Writing("years", places=1, suffix=" years")
    DAYS = _Writing("days", suffix=" days")
    NUMBER = _Writing("as printed, unit differs by row", places=2)

    @property
    def label(self) -> str:
        """The unit's name in words, for headings and definitions."""
        return self.value.label

    def write(self, value: float, *, places: int | None = None, bare: bool = False) -> str:
        """The value as text: rounded once, half up, thousands separated, with its unit unless bare.

        >>> Unit.SHARE.write(0.93206)
        '93.2%'
        >>> Unit.GBP.write(-91000)
        '−£91,000'
        """
        return self._written(value, places, prefix=not bare, suffix=not bare)

    def write_range(self, lower: float, upper: float) -> str:
        """Both ends as text, the unit's prefix before each and its suffix once: `£1,000 to £2,000`, `5.0 to 6.1%`."""
        return f"{self._written(lower, None, prefix=True, suffix=False)} to {self.write(upper)}"

    def _written(self, value: float, places: int | None, *, prefix: bool, suffix: bool) -> str:
        writing = self.value
        shown_places = writing.places if places is None else places
        quantum = Decimal(1).scaleb(-shown_places)
        shown = _WHOLE.multiply(Decimal(repr(float(value))), Decimal(writing.scale)).quantize(quantum, context=_WHOLE)
        sign = "−" if shown < 0 else ""
        digits = f"{abs(shown):,.{shown_places}f}"
        before, after = writing.prefix if prefix else "", writing.suffix if suffix else ""
        return f"{sign}{before}{digits}{after}"


def write_number(value: float) -> str:
    """A number of no one unit as text: all its whole digits, six significant ones at most, thousands separated.

    >>> write_number(24552.80000001), write_number(0.0005), write_number(-100000)
    ('24,552.8', '0.0005', '−100,000')
    """
    exact = Decimal(repr(float(value)))
    places = max(0, SIGNIFICANT - 1 - exact.adjusted()) if exact else 0
    digits = f"{abs(exact.quantize(Decimal(1).scaleb(-places), context=_WHOLE)):,f}"
    shown = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"−{shown}" if value < 0 and shown != "0" else shown
