"""Where tidy tables rest, and the one way from an indicator to its figures."""

from parity.tables.desk import Desk, Offered, offer_table
from parity.tables.england import HOUSE_TABLES, compute_tables, is_of_england, recognised, take_edition
from parity.tables.figures import AREAS, Figures
from parity.tables.store import ENGLAND_SCOPE, Store

__all__ = [
    "AREAS",
    "ENGLAND_SCOPE",
    "HOUSE_TABLES",
    "Desk",
    "Figures",
    "Offered",
    "Store",
    "compute_tables",
    "is_of_england",
    "offer_table",
    "recognised",
    "take_edition",
]
