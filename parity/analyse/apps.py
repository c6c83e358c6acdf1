"""Stage 1 as a Django app; its indicators are in the catalogue once this module is read."""

from django.apps import AppConfig

from parity.analyse.access import indicators as access
from parity.analyse.consultation import indicators as consultation
from parity.analyse.need import indicators as need
from parity.analyse.older_people import indicators as older_people
from parity.analyse.performance import indicators as performance
from parity.analyse.places import indicators as places
from parity.analyse.population import indicators as population
from parity.analyse.resource import indicators as resource
from parity.analyse.spend import indicators as spend
from parity.analyse.supply import indicators as supply
from parity.analyse.topics import STAGE

INDICATORS = (access, consultation, need, older_people, performance, places, population, resource, spend, supply)


class AnalyseConfig(AppConfig):
    """The stage; it keeps no records of its own."""

    name = "parity.analyse"
    stage = STAGE
