"""The figure: one number that knows what it is, and the one way it becomes text or JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from parity.terms.areas import Area
from parity.terms.assumption import Assumption, Confidence
from parity.terms.indicator import Indicator
from parity.terms.release import Release
from parity.terms.units import Unit

NOT_AVAILABLE = "not available"

Citation = tuple[str, str]
"""A source document's key and the place in it."""


def _nowhere() -> tuple[Citation, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit, interval, basis, releases, assumptions and definition; or a missing value with a reason.

    `value` is in the figure's `unit`: its indicator's, or its own where the unit differs by row.
    `missing` is a sentence exactly where `value` is None, and `sign` then stands in its place.
    """

    indicator: Indicator
    scope: str
    area: Area
    period: str
    where: tuple[tuple[str, str], ...]
    value: float | None
    lower: float | None = None
    upper: float | None = None
    missing: str | None = None
    basis: str | None = None
    price_year: str | None = None
    note: str | None = None
    releases: tuple[Release, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    own_unit: Unit | None = None
    sign: str = NOT_AVAILABLE
    cite: Callable[[], tuple[Citation, ...]] = field(default=_nowhere, compare=False, repr=False)

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.missing):
            raise ValueError(f"{self.indicator.key}: a figure has either a value or a reason why it is missing.")

    @property
    def unit(self) -> Unit:
        """The unit of the value."""
        return self.own_unit or self.indicator.unit

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Document and place of every input row the figure can rest on, each once; looked up when asked for."""
        return self.cite()

    @property
    def address(self) -> dict[str, str]:
        """What names this figure within its programme: area, period and dimensions."""
        return {"area": self.area.code, "period": self.period, **dict(self.where)}

    @property
    def title(self) -> str:
        """Indicator, dimensions, area and period in words."""
        parts = [self.indicator.title, *(value for _, value in self.where), self.area.name, self.period]
        return ", ".join(part for part in parts if part)

    @property
    def text(self) -> str:
        """The value as a reader sees it, with its unit; `not available` or a policy's symbol where it is missing."""
        return self.write()

    def write(self, *, bare: bool = False) -> str:
        """The value as text; bare leaves the unit to the column heading."""
        if self.value is None:
            return self.sign
        return self.unit.write(self.value, bare=bare)

    @property
    def interval_text(self) -> str:
        """`lower to upper` in the figure's unit, or nothing where it has no interval."""
        if self.lower is None or self.upper is None:
            return ""
        return self.unit.write_range(self.lower, self.upper)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know before using it: notes, invented or hidden inputs, numbers not seen in a source."""
        unseen = (
            f"Rests on “{chosen.title}”, a number {chosen.confidence.value}."
            for chosen in self.assumptions
            if chosen.confidence is not Confidence.SEEN
        )
        inputs = (sentence for release in self.releases for sentence in (release.illustrative, release.disclosure))
        return tuple(dict.fromkeys(sentence for sentence in (self.note, *inputs, *unseen) if sentence))

    def as_json(self) -> dict[str, Any]:
        """The one JSON of a figure, used by the API, the terminal and the pages."""
        return {
            "key": self.indicator.key,
            "title": self.indicator.title,
            "programme": self.scope,
            "area": self.area.code,
            "area_name": self.area.name,
            "period": self.period,
            "where": dict(self.where),
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "unit": self.unit.name.lower(),
            "unit_label": self.unit.label,
            "text": self.text,
            "missing": self.missing,
            "basis": self.basis,
            "price_year": self.price_year,
            "polarity": self.indicator.polarity.name.lower(),
            "formula": self.indicator.formula,
            "interval": self.indicator.interval,
            "caveats": list(self.caveats),
            "releases": [release.as_dict() for release in self.releases],
            "assumptions": [chosen.key for chosen in self.assumptions],
        }
