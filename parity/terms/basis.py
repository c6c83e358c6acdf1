"""Bases of money: figures on different bases are never compared without saying so."""

from enum import Enum


class Basis(Enum):
    """What an amount of money counts. A figure of money always carries one."""

    GROSS = "gross"
    GROSS_DIRECT = "gross, direct costs only"
    GROSS_TOTAL = "gross, with overheads and indirect costs"
    NET = "net of income"
    WHOLE_DEPARTMENT = "whole department"
    BUDGET = "budget"
    SPEND = "spend"
    MIXED = "mixed bases"
    NOT_STATED = "basis not stated"


def basis_of(text: str) -> Basis:
    """The basis whose code (`gross_direct`) or words are given; KeyError where there is none."""
    for basis in Basis:
        if text in (basis.name.lower(), basis.value):
            return basis
    raise KeyError(text)
