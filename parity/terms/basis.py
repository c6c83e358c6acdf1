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
