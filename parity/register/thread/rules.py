"""The few relations of the thread, and which kinds of record each may join."""

FIGURE = "figure"

RELATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "evidences": (
        *(("figure", kind) for kind in ("target", "statement")),
        *(("statement", kind) for kind in ("target", "statement")),
        *(("document", kind) for kind in ("target", "statement", "option", "task", "risk", "decision", "contract")),
    ),
    "answers": (("target", "figure"), ("target", "statement"), ("task", "statement"), ("option", "target")),
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
