"""New records of flow models and scenarios: codes that nobody has taken, and rows that are added."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, add_records, as_cells
from parity.register.records.models import Record
from parity.terms.errors import Fault, InputRefused

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NONE_LEFT = (
    "Every code of one or two capitals is taken, also by what is withdrawn, so there is none to give. Add the "
    "record in its register, with a code of your own; where a file brings it, change its code in the file."
)


def fresh_codes(taken: Collection[str], before: str, *, count: int) -> list[str]:
    """So many codes that nobody has taken, such as `N25`: what stands before, and the next numbers in two digits."""
    codes: list[str] = []
    number = 0
    while len(codes) < count:
        number += 1
        code = before + str(number).zfill(2)
        if code not in taken:
            codes.append(code)
    return codes


def next_letter(taken: Collection[str]) -> str:
    """The first capital that is not taken; a pair of them after the last. Raises InputRefused after that."""
    pairs = (first + second for first in LETTERS for second in LETTERS)
    found = next((code for code in (*LETTERS, *pairs) if code not in taken), None)
    if found is None:
        raise InputRefused([Fault("code", NONE_LEFT, column="code")])
    return found


def add_rows(kind: type[Any], rows: Sequence[Mapping[str, str]], *, programme: Programme, **told: Any) -> list[Any]:
    """The new records of these rows of text. Raises as `add_records`."""
    return add_records(programme, kind, as_cells(kind, rows), **told)


def taken_codes(programme: Programme, kind: type[Record], keeping: Keeping) -> set[str]:
    """The codes that the keeper has used, even of what is withdrawn."""
    kept = kind._default_manager.filter(programme=programme, organisation=keeping.organisation)
    return set(kept.values_list("known_as", flat=True))
