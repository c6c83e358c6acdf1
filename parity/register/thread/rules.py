"""The few relations of the thread, and which kinds of record each may join."""

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from parity.terms.indicator import CATALOGUE

FIGURE = "figure"

RELATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "evidences": (
        *(("figure", kind) for kind in ("target", "statement")),
        *(("statement", kind) for kind in ("target", "statement")),
        *(("theme", kind) for kind in ("target", "statement", "outcome", "task")),
        *(("case finding", kind) for kind in ("target", "statement", "task")),
        *(("document", kind) for kind in ("target", "statement", "option", "task", "risk", "decision", "contract")),
    ),
    "answers": (
        *(("target", kind) for kind in ("figure", "statement", "policy")),
        *(("task", kind) for kind in ("statement", "policy", "data issue")),
        ("option", "target"),
    ),
    "measures": (("measure", "outcome"), ("kpi", "outcome"), ("kpi", "target"), ("contract measure", "outcome")),
    "delivers": (("task", "target"), ("task", "statement"), ("task", "outcome"), ("statement", "statement")),
    "buys": (("contract", "task"), ("contract", "statement"), ("lot", "specification")),
    "scores": (("criterion", "outcome"), ("criterion", "statement")),
    "mitigates": (("task", "risk"),),
    "changes": (("decision", "task"), ("decision", "target"), ("statement", "statement"), ("statement", "task")),
    "reports": (("scrutiny line", "measure"), ("scrutiny line", "kpi")),
}
"""By relation: the pairs (kind of the later record, kind of the earlier one) it may join."""


def why_not_joined(from_kind: str, relation: str, to_kind: str) -> str:
    """The sentence that says why this relation cannot join these kinds; empty where it can."""
    pairs = RELATIONS.get(relation)
    if pairs is None:
        return f"“{relation}” is no relation of the thread: use one of {', '.join(RELATIONS)}."
    if (from_kind, to_kind) in pairs:
        return ""
    allowed = "; ".join(f"a {later} to a {earlier}" for later, earlier in pairs)
    return f"“{relation}” cannot join a {from_kind} to a {to_kind}: it joins {allowed}."


def misjoined(links: pl.DataFrame, ends: Mapping[str, Collection[str]]) -> Iterator[tuple[int, str, str]]:
    """Position, column and sentence for each link that may not join what it joins, or does not end at one of `ends`.

    `ends` are the codes there are, by kind; figures are known by themselves.
    """
    for position, row in enumerate(links.iter_rows(named=True)):
        told = {"relation": why_not_joined(row["from_kind"], row["relation"], row["to_kind"])}
        told |= {f"{side}_id": _why_no_end(ends, row[f"{side}_kind"], row[f"{side}_id"]) for side in ("from", "to")}
        yield from ((position, name, words) for name, words in told.items() if words)


def _why_no_end(ends: Mapping[str, Collection[str]], kind: str, code: str) -> str:
    known = CATALOGUE if kind == FIGURE else ends.get(kind, ())
    return "" if code in known else f"There is no {kind} “{code}” to link: correct its code or add it to its table."
