"""The stage and its topics, in the order in which a commissioner reads them."""

from parity.analyse.access.documents import TOPIC as ACCESS
from parity.analyse.consultation.documents import TOPIC as CONSULTATION
from parity.analyse.market.documents import TOPIC as MARKET
from parity.analyse.need.documents import TOPIC as NEED
from parity.analyse.older_people.documents import TOPIC as OLDER_PEOPLE
from parity.analyse.performance.documents import TOPIC as PERFORMANCE
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
        NEED,
        OLDER_PEOPLE,
        ACCESS,
        SUPPLY,
        WORKFORCE,
        MARKET,
        SPEND,
        RESOURCE,
        PERFORMANCE,
        CONSULTATION,
    ),
)
