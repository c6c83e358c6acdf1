"""Boards, their members, decisions, and conflicts of interest."""

from parity.register.records.models import Record


class Board(Record):
    """A board with its terms of reference and quorum."""

    STEM = "boards"
    KIND = "board"
    LISTED = ("title", "chair_role", "quorum", "meets", "review")
    FILTERS = ()


class BoardMember(Record):
    """A role or body that sits on a board, with or without a vote."""

    STEM = "board_members"
    KIND = "board member"
    LISTED = ("represents", "place_on_board", "votes", "since", "until")
    FILTERS = ("board", "place_on_board")


class Decision(Record):
    """What a board or body decided: recommendation, outcome and reasons."""

    STEM = "decisions"
    KIND = "decision"
    LISTED = ("title", "forum", "decided", "outcome")
    FILTERS = ("forum", "outcome")


class Interest(Record):
    """An interest that somebody declared, and how the conflict is managed. Reading one is an event too."""

    STEM = "interests"
    KIND = "interest"
    LISTED = ("declared", "declared_by", "nature", "concerns", "managed")
    FILTERS = ("nature", "managed")
    SENSITIVE = True
