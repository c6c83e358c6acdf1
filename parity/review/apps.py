"""Stage 4 as a Django app; its indicators are in the catalogue once this module is read."""

from django.apps import AppConfig

from parity.register.jobs.rules import offer_job
from parity.register.records.tables import offer_records
from parity.review.kpis import indicators as kpis
from parity.review.risks import indicators as risks
from parity.review.topics import STAGE

INDICATORS = (kpis, risks)


class ReviewConfig(AppConfig):
    """The stage with the records it offers as tables."""

    name = "parity.review"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on, and people may ask for a pack."""
        offer_records(self)
        offer_job("pack", "parity.review.pack.actions.write_pack_job", title="Strategy pack")
