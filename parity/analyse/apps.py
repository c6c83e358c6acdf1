"""Stage 1 as a Django app; its indicators are in the catalogue once this module is read."""

from django.apps import AppConfig

from parity.analyse.access import indicators as access
from parity.analyse.consultation import indicators as consultation
from parity.analyse.market import indicators as market
from parity.analyse.need import indicators as need
from parity.analyse.older_people import indicators as older_people
from parity.analyse.performance import indicators as performance
from parity.analyse.places import indicators as places
from parity.analyse.population import indicators as population
from parity.analyse.resource import indicators as resource
from parity.analyse.spend import indicators as spend
from parity.analyse.supply import indicators as supply
from parity.analyse.topics import STAGE
from parity.analyse.workforce import indicators as workforce
from parity.register.records.tables import offer_records

INDICATORS = (
    access, consultation, market, need, older_people, performance, places, population, resource, spend, supply,
    workforce,
)  # fmt: skip


class AnalyseConfig(AppConfig):
    """The stage with the records it offers as tables."""

    name = "parity.analyse"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on."""
        offer_records(self)
