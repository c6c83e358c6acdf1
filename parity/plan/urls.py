"""The addresses of the stage."""

from django.urls import include, path

from parity.layout.topic_pages import stage_paths
from parity.plan.calibration.documents import TOPIC as CALIBRATION
from parity.plan.choice.documents import TOPIC as CHOICE
from parity.plan.scenarios.documents import TOPIC as SCENARIOS
from parity.plan.sizes.documents import TOPIC as SIZES
from parity.plan.topics import STAGE

urlpatterns = [
    path("", include("parity.plan.calibration.urls")),
    path("", include("parity.plan.care_models.urls")),
    path("", include("parity.plan.choice.urls")),
    path("", include("parity.plan.reasons.urls")),
    path("", include("parity.plan.scenarios.urls")),
    path("", include("parity.plan.sizes.urls")),
    *stage_paths(STAGE, apart={CALIBRATION.slug, CHOICE.slug, SCENARIOS.slug, SIZES.slug}),
]
