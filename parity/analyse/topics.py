"""The stage and its topics, in the order in which a commissioner reads them."""

from parity.analyse.access.documents import TOPIC as ACCESS
from parity.analyse.circumstances.documents import TOPIC as CIRCUMSTANCES
from parity.analyse.consultation.documents import TOPIC as CONSULTATION
from parity.analyse.data_quality.documents import TOPIC as DATA_QUALITY
from parity.analyse.groups.documents import TOPIC as GROUPS
from parity.analyse.inpatients.documents import TOPIC as INPATIENTS
from parity.analyse.intelligence.documents import TOPIC as INTELLIGENCE
from parity.analyse.market.documents import TOPIC as MARKET
from parity.analyse.need.documents import TOPIC as NEED
from parity.analyse.older_people.documents import TOPIC as OLDER_PEOPLE
from parity.analyse.opportunities.documents import TOPIC as OPPORTUNITIES
from parity.analyse.performance.documents import TOPIC as PERFORMANCE
from parity.analyse.policy.documents import TOPIC as POLICY
from parity.analyse.population.documents import TOPIC as POPULATION
from parity.analyse.resource.documents import TOPIC as RESOURCE
from parity.analyse.spend.documents import TOPIC as SPEND
from parity.analyse.supply.documents import TOPIC as SUPPLY
from parity.analyse.workforce.documents import TOPIC as WORKFORCE
from parity.layout.topic import Stage

STAGE = Stage(
    slug="analyse",
    title="Analyse",
    lead="Who lives here, what they need, what there is for them, what it costs, and how it compares.",
    topics=(
        POPULATION,
        CIRCUMSTANCES,
        NEED,
        GROUPS,
        OLDER_PEOPLE,
        ACCESS,
        INPATIENTS,
        SUPPLY,
        WORKFORCE,
        MARKET,
        SPEND,
        RESOURCE,
        PERFORMANCE,
        OPPORTUNITIES,
        CONSULTATION,
        INTELLIGENCE,
        POLICY,
        DATA_QUALITY,
    ),
)
