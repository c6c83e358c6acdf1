"""The topics of the stage, in the order in which they are read."""

from parity.layout.topic import Stage
from parity.secure.allocation.documents import TOPIC as ALLOCATION
from parity.secure.contracts.documents import TOPIC as CONTRACTS
from parity.secure.moving_on.documents import TOPIC as MOVING_ON
from parity.secure.tenders.documents import TOPIC as TENDERS

STAGE = Stage(
    slug="secure",
    title="Secure",
    lead="How money is shared among lots, who is chosen to provide, what is agreed until when, and who has moved on.",
    topics=(ALLOCATION, TENDERS, CONTRACTS, MOVING_ON),
)
