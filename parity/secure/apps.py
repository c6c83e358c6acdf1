"""Stage 3 as a Django app; its indicators are in the catalogue once this module is read."""

from django.apps import AppConfig

from parity.register.records.tables import offer_records
from parity.secure.allocation import indicators as allocation
from parity.secure.contracts import indicators as contracts
from parity.secure.moving_on import indicators as moving_on
from parity.secure.tenders import indicators as tenders
from parity.secure.topics import STAGE

INDICATORS = (allocation, contracts, moving_on, tenders)


class SecureConfig(AppConfig):
    """The stage with the records it offers as tables."""

    name = "parity.secure"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on."""
        offer_records(self)
