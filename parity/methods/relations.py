"""Relations between published figures, read from what a programme declares, or refused with a sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from parity.terms.errors import ParityError

METHODS = ("least squares", "least absolute deviations")
NATURES = ("published", "control")
OPTIONAL = ("weeks",)
LARGEST = 1e15
"""Every product and quotient of numbers up to this one can be computed; nothing to be counted lies beyond."""
ROLES = {
    "sum": ("parts", "total"),
    "share": ("part", "total", "share"),
    "rate": ("count", "population", "rate"),
    "cost": ("volume", "unit_cost", "weeks", "cost"),
    "change": ("from", "to", "change"),
    "equal": ("value",),
    "at_least": ("value",),
    "about": ("value",),
    "label": (),
}
DECLARED = ("cross_check", "ambiguous")

Term = str | list[str]


class RelationFault(ParityError):
    """A relation that cannot be read or whose terms do not fit the tables. Carries one sentence."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One published figure and how it hangs together with others; see `docs/tie-out.md` for every field."""

    id: str
    kind: str
    source: str
    place: str
    says: str
    terms: Mapping[str, Term]
    unit: str = "count"
    per: float = 1
    printed: str = ""
    right: str = ""
    exact: tuple[str, ...] = ()
    solve_for: str = ""
    rounded_to: float = 0
    status: str = ""
    reason: str = ""
    nature: str = "published"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """An unknown number that several printed rows share, to be solved from the rows it names."""

    name: str
    rows: str
    count: str
    rate: str
    per: float
    reason: str
    method: str = "least squares"
    leave_out: tuple[str, ...] = ()


def relations_from(declared: Mapping[str, Any]) -> list[Relation]:
    """Every relation declared, `for_each` written out. Raises RelationFault naming the relation and what to mend.

    Source: the form of relations in `docs/tie-out.md`.
    """
    found = [relation for entry in _entries(declared, "relation") for relation in _written_out(entry)]
    seen: set[str] = set()
    for relation in found:
        if relation.id in seen:
            raise RelationFault(f"Relation {relation.id} is declared twice: give each its own id.")
        seen.add(relation.id)
    return found


def fits_from(declared: Mapping[str, Any]) -> dict[str, Fit]:
    """Every fitted unknown declared, by name. Raises RelationFault naming the fit and what to mend.

    Source: the form of relations in `docs/tie-out.md`.
    """
    fits = {}
    for entry in _entries(declared, "fit"):
        words = f"Fit {entry.get('name', '(without name)')}"
        _check_fields(words, entry, Fit)
        if entry.get("method", METHODS[0]) not in METHODS:
            raise RelationFault(f"{words}: its method is {' or '.join(METHODS)}.")
        fits[entry["name"]] = Fit(**{**entry, "leave_out": tuple(entry.get("leave_out", ()))})
    return fits


def _entries(declared: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of one name. Raises RelationFault where they are not written as `[[name]]`."""
    entries = declared.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RelationFault(f"Each {name} is written as [[{name}]] with its fields below.")
    return entries


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_FIELD_TYPES: dict[Any, tuple[Callable[[object], bool], str]] = {
    str: (lambda value: isinstance(value, str), "a text in quotation marks"),
    float: (_is_amount, "a number of 0 or more, and not too large"),
    bool: (lambda value: isinstance(value, bool), "true or false"),
    tuple[str, ...]: (_is_texts, "a list of texts"),
}


def _check_fields(words: str, entry: Mapping[str, Any], kind: type[Relation] | type[Fit]) -> None:
    """Nothing. Raises RelationFault where a field is unknown, missing, or of another type than it is declared with."""
    known = {field.name: field for field in fields(kind) if field.type in _FIELD_TYPES}
    unknown = sorted(set(entry) - set(known))
    if unknown:
        raise RelationFault(f"{words}: there is no field {', '.join(unknown)}.")
    for name, field in known.items():
        if name not in entry and field.default is MISSING:
            raise RelationFault(f"{words}: the field “{name}” is missing.")
        is_fit, meant = _FIELD_TYPES[field.type]
        if name in entry and not is_fit(entry[name]):
            raise RelationFault(f"{words}: “{name}” must be {meant}.")


def _written_out(entry: Mapping[str, Any]) -> Iterator[Relation]:
    """The relations of one entry: one, or one for each key of its `ids`."""
    if "for_each" not in entry:
        yield _relation(entry)
        return
    each, ids = entry["for_each"], entry.get("ids")
    if not isinstance(ids, dict):
        raise RelationFault(f"A relation for each {each} needs “ids”: one id for each.")
    if not isinstance(each, str):
        named = ", ".join(map(str, ids.values()))
        raise RelationFault(f"Relation {named}: “for_each” must be a text in quotation marks.")
    for key, identity in ids.items():
        stated = {name: value for name, value in entry.items() if name not in ("for_each", "ids")}
        chosen = {
            name: value[key] if isinstance(value, dict) else value
            for name, value in stated.items()
            if not isinstance(value, dict) or key in value
        }
        chosen["id"] = identity
        yield _relation(_replaced(chosen, "{" + each + "}", key))


def _replaced(value: Any, slot: str, key: str) -> Any:
    if isinstance(value, str):
        return value.replace(slot, key)
    if isinstance(value, list):
        return [_replaced(item, slot, key) for item in value]
    if isinstance(value, dict):
        return {name: _replaced(item, slot, key) for name, item in value.items()}
    return value


def _relation(entry: Mapping[str, Any]) -> Relation:
    words = f"Relation {entry.get('id', '(without id)')}"
    kind = entry.get("kind", "")
    if not isinstance(kind, str) or kind not in ROLES:
        raise RelationFault(f"{words}: kind “{kind}” is none of {', '.join(ROLES)}.")
    terms = {role: entry[role] for role in ROLES[kind] if role in entry}
    exact = entry.get("exact", False)
    if isinstance(exact, bool):
        exact = list(terms) if exact else []
    given = {name: value for name, value in entry.items() if name not in terms} | {"exact": exact}
    _check_fields(words, given, Relation)
    relation = Relation(**{**given, "terms": terms, "exact": tuple(exact)})
    for broken, sentence in _BROKEN:
        if broken(relation):
            raise RelationFault(f"{words}: {sentence}")
    return relation


def _is_term(term: object) -> bool:
    items = term if isinstance(term, list) else [term]
    return bool(items) and all(isinstance(item, str) and item.strip() for item in items)


_BROKEN: tuple[tuple[Callable[[Relation], bool], str], ...] = (
    (lambda one: not all(map(_is_term, one.terms.values())), "each role is a term or a list of terms."),
    (lambda one: not set(one.exact) <= set(one.terms), "“exact” names a role that is not given."),
    (lambda one: one.status not in ("", *DECLARED), f"arithmetic decides; declared is only {' or '.join(DECLARED)}."),
    (lambda one: bool(one.status) and not (one.printed and one.reason), "its status needs “printed” and “reason”."),
    (lambda one: one.kind == "label" and not (one.printed and one.right), "a label needs “printed” and “right”."),
    (lambda one: one.nature not in NATURES, f"its nature is {' or '.join(NATURES)}."),
    (lambda one: one.solve_for not in ("", *one.terms, *OPTIONAL), "“solve_for” names no input of its own."),
)
"""What makes a relation unusable, with the sentence that says so."""
