"""The topics of the stage, in the order in which they are read."""

from parity.layout.topic import Stage
from parity.review.comparators.documents import TOPIC as COMPARATORS
from parity.review.kpis.documents import TOPIC as KPIS
from parity.review.risks.documents import TOPIC as RISKS
from parity.review.tie_out.documents import TOPIC as TIE_OUT

STAGE = Stage(
    slug="review",
    title="Review",
    lead="Whether what was promised is kept, how the area compares, what could go wrong, and whether the figures hold.",
    topics=(KPIS, COMPARATORS, RISKS, TIE_OUT),
)
