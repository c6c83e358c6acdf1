"""The addresses of the stage, under `<programme>/analyse/`."""

from parity.analyse.topics import STAGE
from parity.layout.topic_pages import stage_paths

urlpatterns = stage_paths(STAGE)
