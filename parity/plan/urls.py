"""The addresses of the stage."""

from django.urls import include, path

from parity.layout.topic_pages import stage_paths
from parity.plan.scenarios.documents import TOPIC as SCENARIOS
from parity.plan.topics import STAGE

urlpatterns = [
    path("", include("parity.plan.scenarios.urls")),
    path("", include("parity.plan.care_models.urls")),
    *stage_paths(STAGE, apart={SCENARIOS.slug}),
]
