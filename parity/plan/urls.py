"""The addresses of the stage."""

from parity.layout.topic_pages import stage_paths
from parity.plan.topics import STAGE

urlpatterns = stage_paths(STAGE)
