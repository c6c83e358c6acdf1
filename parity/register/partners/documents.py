"""What the pages say of an organisation."""

from datetime import date

from parity.documents.figure_tables import period_words
from parity.register.organisations.models import Organisation
from parity.register.organisations.rules import KINDS
from parity.register.records.documents import Fact

COLUMNS = ("Organisation", "Kind", "ONS code", "ODS code", "Since", "Closed", "Followed by")
NOTHING = "–"


def row_of(one: Organisation, address: str, *, leads: bool) -> list[dict[str, str]]:
    """An organisation's cells in the order of `COLUMNS`."""
    kind = KINDS.get(one.kind, one.kind) + (", leads this programme" if leads else "")
    told = (
        kind, one.ons_code, one.ods_code, _day(one.opened_on), _day(one.closed_on),
        one.successor.name if one.successor else "",
    )  # fmt: skip
    return [{"text": one.name, "href": address}, *({"text": text or NOTHING} for text in told)]


def facts_of(one: Organisation) -> list[Fact]:
    """What an organisation is, what came before it and what after."""
    before = [each.name for each in one.predecessors.order_by("closed_on", "name")]
    told = (
        ("Kind", KINDS.get(one.kind, one.kind)),
        ("ONS code", one.ons_code),
        ("ODS code", one.ods_code),
        *(() if one.ons_code or one.ods_code else (("Our own code", one.code),)),
        ("Since", _day(one.opened_on)),
        ("Closed", _day(one.closed_on)),
        ("Took over from", "; ".join(before)),
        ("Followed by", one.successor.name if one.successor else ""),
    )
    return [Fact(label, words or NOTHING) for label, words in told]


def _day(day: date | None) -> str:
    return period_words(day.isoformat()) if day else ""
