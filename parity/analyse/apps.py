"""Stage 1 as a Django app; its indicators are in the catalogue once this module is read."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig

from parity.analyse.access import indicators as access
from parity.analyse.care_costs import indicators as care_costs
from parity.analyse.care_spend import indicators as care_spend
from parity.analyse.circumstances import indicators as circumstances
from parity.analyse.consultation import indicators as consultation
from parity.analyse.data_quality import indicators as data_quality
from parity.analyse.groups import indicators as groups
from parity.analyse.inpatients import indicators as inpatients
from parity.analyse.intelligence import indicators as intelligence
from parity.analyse.localities import indicators as localities
from parity.analyse.market import indicators as market
from parity.analyse.need import indicators as need
from parity.analyse.need_variants import indicators as need_variants
from parity.analyse.nhs_spend import indicators as nhs_spend
from parity.analyse.older_people import indicators as older_people
from parity.analyse.opportunities import indicators as opportunities
from parity.analyse.performance import indicators as performance
from parity.analyse.places import indicators as places
from parity.analyse.places.rules import ASSESSMENT
from parity.analyse.policy import indicators as policy
from parity.analyse.population import indicators as population
from parity.analyse.resource import indicators as resource
from parity.analyse.spend import indicators as spend
from parity.analyse.spend_adjusted import indicators as spend_adjusted
from parity.analyse.supply import indicators as supply
from parity.analyse.topics import STAGE
from parity.analyse.workforce import indicators as workforce
from parity.analyse.workforce_people import indicators as workforce_people
from parity.layout.addresses import asked_url, place_url
from parity.register.jobs.rules import offer_job
from parity.register.records.tables import offer_records

INDICATORS = (
    access, care_costs, care_spend, circumstances, consultation, data_quality, groups, inpatients, intelligence,
    localities, market, need, need_variants, nhs_spend, older_people, opportunities, performance, places, policy,
    population, resource, spend, spend_adjusted, supply, workforce, workforce_people,
)  # fmt: skip


class AnalyseConfig(AppConfig):
    """The stage with the records it offers as tables, and the job of an assessment."""

    name = "parity.analyse"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on, and people may ask for an assessment."""
        offer_records(self)
        work = "parity.analyse.assessment.actions.write_assessment_job"
        offer_job(ASSESSMENT, work, title="Assessment", page=_page_of_assessment)


def _page_of_assessment(payload: Mapping[str, Any]) -> str:
    """The address of the place that an assessment was asked of, compared and dated as it was asked."""
    asked = {"with": ",".join(payload["with"]), "year": payload["year"]}
    return place_url(payload["area"]) + asked_url(asked.items())
