"""The tie-out: every published figure recomputed from its inputs and told apart from what was printed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import polars as pl

from parity.methods.population import Fit as Algorithm
from parity.methods.population import fit_denominator
from parity.methods.quantities import EmptyCell, Origin, Quantity, Reader, number_in
from parity.methods.relations import LARGEST, METHODS, Fit, Relation, RelationFault
from parity.terms.errors import ParityError

FACTORS = {"%": 0.01, "points": 0.01, "GBP thousand": 1_000.0, "GBP million": 1_000_000.0}
"""How many canonical units (share 0–1, pounds) one printed unit is; 1 where not listed."""

FITS = dict(zip(METHODS, (Algorithm.LEAST_SQUARES, Algorithm.LEAST_ABSOLUTE), strict=True))

SLACK = 1e-9
SLACK_OF_LARGE = 1e-12
"""What binary fractions may add to a difference: in the printed unit, or as a share of a large number."""

COLUMNS = {
    "id": pl.String,
    "source": pl.String,
    "place": pl.String,
    "says": pl.String,
    "kind": pl.String,
    "inputs": pl.String,
    "unit": pl.String,
    "printed": pl.String,
    "published": pl.Float64,
    "recomputed": pl.Float64,
    "right": pl.String,
    "tolerance": pl.Float64,
    "status": pl.String,
    "solved_for": pl.String,
    "implied": pl.Float64,
    "note": pl.String,
    "nature": pl.String,
}

Known = Mapping[str, float]


class Unsolvable(RelationFault):
    """A relation that these numbers leave without an answer, and why."""

    def __init__(self, unknown: str, why: str) -> None:
        super().__init__(f"its {unknown.replace('_', ' ')} cannot be computed: {why}.")
        self.why = why


def _cost_of(known: Known, without: str) -> float:
    """The product of the factors of a cost, weeks 1 where not given, leaving one out."""
    product = 1.0
    for role in ("volume", "unit_cost", "weeks"):
        if role != without:
            product *= known.get(role, 1.0)
    return product


_SOLVE: dict[tuple[str, str], Callable[[Known], float]] = {
    ("sum", "total"): lambda k: k["parts"],
    ("sum", "parts"): lambda k: k["total"] - k["parts"],
    ("share", "share"): lambda k: k["part"] / k["total"],
    ("share", "part"): lambda k: k["share"] * k["total"],
    ("share", "total"): lambda k: k["part"] / k["share"],
    ("rate", "rate"): lambda k: k["count"] / k["population"] * k["per"],
    ("rate", "count"): lambda k: k["rate"] * k["population"] / k["per"],
    ("rate", "population"): lambda k: k["count"] / k["rate"] * k["per"],
    ("cost", "cost"): lambda k: _cost_of(k, "cost"),
    ("cost", "volume"): lambda k: k["cost"] / _cost_of(k, "volume"),
    ("cost", "unit_cost"): lambda k: k["cost"] / _cost_of(k, "unit_cost"),
    ("cost", "weeks"): lambda k: k["cost"] / _cost_of(k, "weeks"),
    ("change", "change"): lambda k: (k["to"] - k["from"]) / k["from"],
    ("change", "to"): lambda k: k["from"] * (1 + k["change"]),
    ("change", "from"): lambda k: k["to"] / (1 + k["change"]),
}
"""Each relation solved for each of its unknowns. A sum solved for its parts gives what is missing from them."""

_ASKED = {
    "sum": ("total",),
    "share": ("share", "part", "total"),
    "rate": ("rate", "count", "population"),
    "cost": ("cost", "volume", "unit_cost"),
    "change": ("change", "to", "from"),
}


@dataclass
class TieOut:
    """The tie-out of one set of relations over one set of tables; relations and fits are computed once each.

    Source: methods in `docs/tie-out.md`; tolerance by moving every inexact input half a printed unit the same way.
    """

    relations: Mapping[str, Relation]
    fits: Mapping[str, Fit]
    tables: Mapping[str, pl.DataFrame]
    figure: Callable[[str, dict[str, str]], float | None]
    _computed: dict[str, tuple[Quantity, float]] = field(default_factory=dict)
    _fits: dict[str, Quantity] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader = Reader(self.tables, self.figure, self._other, self._fitted)

    def rows(self, *, nature: str = "") -> pl.DataFrame:
        """One row a relation that is not hidden, with the columns of COLUMNS.

        published, recomputed, tolerance and implied are in the printed unit, implied in its input's own unit where
        that is another. Raises RelationFault naming the relation whose terms do not fit the tables.
        """
        shown = [
            relation for relation in self.relations.values() if not relation.hidden and nature in ("", relation.nature)
        ]
        return pl.DataFrame([self._row(relation) for relation in shown], schema=COLUMNS)

    def row(self, identity: str) -> dict[str, str | float | None]:
        """One relation's row, hidden or not, as in `rows`. Raises RelationFault where its terms do not fit."""
        return self._row(self.relations[identity])

    def origin(self, identity: str) -> Origin | None:
        """Where the first cells of a relation stand, its own or those of a relation it is made of; None without."""
        for term in self.relations[identity].terms.values():
            for one in [term] if isinstance(term, str) else term:
                _, is_other, other = one.partition("id:")
                found = self.origin(other) if is_other else self.reader.origin(one)
                if found is not None:
                    return found
        return None

    def _row(self, relation: Relation) -> dict[str, str | float | None]:
        row: dict[str, str | float | None] = {
            name: getattr(relation, name)
            for name in ("id", "source", "place", "says", "kind", "unit", "nature", "right")
        }
        try:
            row |= {"printed": self._printed(relation), "note": relation.reason}
            if relation.kind == "label":
                return row | {"status": relation.status or "label_error"}
            recomputed, half = self._compute(relation.id)
            return row | self._compared(relation, str(row["printed"]), recomputed, half)
        except ParityError as fault:
            raise RelationFault(f"Relation {relation.id}: {fault}") from None
        except RecursionError:
            raise RelationFault(f"Relation {relation.id}: too many terms rest on one another.") from None

    def _compared(
        self, relation: Relation, text: str, recomputed: Quantity, half: float
    ) -> dict[str, str | float | None]:
        factor = FACTORS.get(relation.unit, 1.0)
        result: dict[str, str | float | None] = {"recomputed": recomputed.value / factor, "inputs": recomputed.words}
        if not text:
            return result | {"status": "derived"}
        published, half_published = number_in(text)
        if relation.kind == "about":
            half_published = _rounding(published, relation.rounded_to)
        tolerance = half / factor + half_published
        result |= {"published": published, "tolerance": tolerance}
        short = published - recomputed.value / factor
        beyond = short if relation.kind == "at_least" else abs(short)
        within = beyond <= tolerance + max(SLACK, SLACK_OF_LARGE * abs(published))
        if relation.status:
            return result | {"status": relation.status}
        if within:
            return result | {"status": "fitted_match" if recomputed.fitted else "match"}
        return result | {"status": "discrepancy"} | self._implied(relation, published * factor)

    def _implied(self, relation: Relation, published: float) -> dict[str, str | float | None]:
        """What the named input would have to be for the published figure to be right, in that input's own unit.

        Where no value of it would do, `implied` is missing and the note says why.
        """
        if relation.kind not in _ASKED:
            return {"solved_for": "value", "implied": published / FACTORS.get(relation.unit, 1.0)}
        if not relation.solve_for:
            raise RelationFault("it does not match, so it must say which input to solve for (solve_for).")
        known = self._known(relation)
        asked = _asked(relation)
        values = {role: quantity.value for role, quantity in known.items()} | {asked: published, "per": relation.per}
        try:
            implied = _solved(relation.kind, relation.solve_for, values)
        except Unsolvable as fault:
            sentence = f"It cannot be solved for the {relation.solve_for.replace('_', ' ')}: {fault.why}."
            note = " ".join(text for text in (relation.reason, sentence) if text)
            return {"solved_for": relation.solve_for, "implied": None, "note": note}
        return {"solved_for": relation.solve_for, "implied": implied}

    def _printed(self, relation: Relation) -> str:
        if relation.printed.startswith("cell "):
            return self.reader.printed(relation.printed.removeprefix("cell "))
        return relation.printed

    def _known(self, relation: Relation) -> dict[str, Quantity]:
        """The given terms as numbers; those declared exact lose their half unit."""
        known = {}
        for role, term in relation.terms.items():
            quantity = self.reader.quantity(term)
            known[role] = replace(quantity, half=0.0) if role in relation.exact else quantity
        return known

    def _compute(self, identity: str) -> tuple[Quantity, float]:
        """A relation's recomputed value in canonical units, and how far inexact inputs can move it."""
        if identity in self._computed:
            return self._computed[identity]
        if identity not in self.relations:
            raise RelationFault(f"there is no relation {identity}.")
        relation = self.relations[identity]
        with self._opened(identity):
            self._computed[identity] = _evaluated(relation, self._known(relation))
        return self._computed[identity]

    @contextmanager
    def _opened(self, name: str) -> Iterator[None]:
        """Marks a relation or fit as being computed. Raises RelationFault where it rests on itself."""
        if name in self._open:
            raise RelationFault(f"{' → '.join((*self._open, name))} go round in a circle.")
        self._open.append(name)
        try:
            yield
        finally:
            self._open.pop()

    def _other(self, identity: str) -> Quantity:
        quantity, half = self._compute(identity)
        return replace(quantity, half=half, words=f"{identity}")

    def _fitted(self, name: str) -> Quantity:
        """The unknown of a fit, to the nearest whole number; see `fit_denominator`."""
        if name not in self.fits:
            raise RelationFault(f"there is no fit “{name}”.")
        if name not in self._fits:
            with self._opened(f"fit:{name}"):
                self._fits[name] = self._solved_fit(self.fits[name])
        return self._fits[name]

    def _solved_fit(self, fit: Fit) -> Quantity:
        rows = self.reader.rows(fit.rows).iter_rows(named=True)
        seen = [row for row in rows if not set(map(str, row.values())) & set(fit.leave_out)]
        pairs = [pair for row in seen if (pair := self._pair(fit, row)) is not None]
        try:
            fitted = fit_denominator(
                [count.value for count, _ in pairs],
                [rate.value for _, rate in pairs],
                per=fit.per,
                half_units=[rate.half or 1.0 for _, rate in pairs],
                algorithm=FITS[fit.method],
            )
        except ArithmeticError:
            raise RelationFault(
                f"the fit “{fit.name}” cannot be solved: its rates are too fine or too small."
            ) from None
        if fitted.people is None:
            raise RelationFault(f"the fit “{fit.name}” has no row to learn from.")
        words = f"{fit.name}, solved by {fitted.algorithm.value} from {len(fitted.rows)} rows"
        return Quantity(float(fitted.people), 0.0, words, True)

    def _pair(self, fit: Fit, row: Mapping[str, object]) -> tuple[Quantity, Quantity] | None:
        """The row's count and rate; None where it has not both, so that it cannot tell anything."""
        try:
            return self.reader.quantity(_filled(fit.count, row)), self.reader.quantity(_filled(fit.rate, row))
        except EmptyCell:
            return None


def _evaluated(relation: Relation, known: dict[str, Quantity]) -> tuple[Quantity, float]:
    if relation.kind not in _ASKED:
        if "value" not in known:
            raise RelationFault(f"a relation of kind {relation.kind} needs a value.")
        return known["value"], known["value"].half
    asked = _asked(relation)
    middle = {role: quantity.value for role, quantity in known.items()} | {"per": relation.per}
    value = _solved(relation.kind, asked, middle)
    words = "; ".join(f"{role} {quantity.words}" for role, quantity in known.items())
    fitted = any(quantity.fitted for quantity in known.values())
    return Quantity(value, 0.0, words, fitted), _reach(relation.kind, asked, known, middle)


def _reach(kind: str, asked: str, known: Mapping[str, Quantity], middle: dict[str, float]) -> float:
    """How far the result moves when every inexact input moves half a unit, all of them the same way for the result."""
    value = _solved(kind, asked, middle)
    high, low = dict(middle), dict(middle)
    for role, quantity in known.items():
        if not quantity.half:
            continue
        rises = _solved(kind, asked, middle | {role: quantity.value + quantity.half}) >= value
        step = quantity.half if rises else -quantity.half
        high[role] = quantity.value + step
        low[role] = quantity.value - step
    return max(abs(_solved(kind, asked, high) - value), abs(_solved(kind, asked, low) - value))


def _asked(relation: Relation) -> str:
    """The role a relation leaves out, which is what it computes."""
    if relation.kind == "sum" and set(relation.terms) != {"parts"}:
        raise RelationFault("a sum gives its parts, and computes the total.")
    missing = [role for role in _ASKED[relation.kind] if role not in relation.terms]
    if len(missing) != 1:
        raise RelationFault(f"a {relation.kind} gives all of {', '.join(_ASKED[relation.kind])} but one.")
    return missing[0]


def _solved(kind: str, unknown: str, known: Known) -> float:
    if (kind, unknown) not in _SOLVE:
        raise RelationFault(f"a {kind} cannot be solved for “{unknown}”.")
    try:
        solved = _SOLVE[kind, unknown](known)
    except ZeroDivisionError:
        raise Unsolvable(unknown, "a denominator is 0") from None
    if not abs(solved) <= LARGEST:
        raise Unsolvable(unknown, "it is too large a number")
    return solved


def _rounding(published: float, rounded_to: float) -> float:
    """Half of what a number said to be about right was rounded to; the place of its last non-zero digit if unsaid."""
    if rounded_to:
        return rounded_to / 2
    digits = f"{published:f}".rstrip("0")
    if not digits.endswith("."):
        return 0.5 * 10.0 ** -len(digits.partition(".")[2])
    whole = digits.rstrip(".")
    return 0.5 * 10.0 ** (len(whole) - len(whole.rstrip("0")))


def _filled(text: str, row: Mapping[str, object]) -> str:
    """A term with `{column}` replaced by the row's values."""
    for name, value in row.items():
        text = text.replace("{" + name + "}", str(value))
    return text
