"""What the pages of flow models and their scenarios share: rows, records, ways to add some, and the trail above."""

from collections.abc import Mapping
from typing import Any

from parity.layout.addresses import register_url, stage_url, topic_url
from parity.layout.page import Trail
from parity.layout.topic import Topic
from parity.layout.topic_pages import programme_trail
from parity.register.policy import ProgrammeRequest
from parity.register.records.forms import owners
from parity.register.records.models import Record
from parity.register.records.tables import coded

MAY_NOT_ADD = "Your role does not let you add records here."
ADDED = ("flow_models", "flow_settings", "flow_parameters", "scenario_changes", "scenarios")


def rows_of(request: ProgrammeRequest, stem: str) -> list[dict[str, Any]]:
    """The rows of a table that the viewer sees; none where there is no such table."""
    found = request.desk.table(stem)
    return [] if found is None else found[0].to_dicts()


def records_of(request: ProgrammeRequest, kind: type[Record]) -> dict[str, Record]:
    """The records of a register that the viewer sees, by what their rows are called in its table."""
    seen = kind.seen_by(request.viewer).filter(programme=request.programme, withdrawn=False)
    return coded(seen.select_related("organisation").order_by("position", "id"))


def may_add(request: ProgrammeRequest) -> bool:
    """True where the viewer may add records for an organisation."""
    return owners(request.programme, request.viewer).exists()


def adds_of(request: ProgrammeRequest) -> Mapping[str, str]:
    """The forms by which the parts of a model are added; none for whom may add nothing."""
    return {stem: register_url(request.programme.slug, stem) + "new/" for stem in ADDED} if may_add(request) else {}


def trail_to(request: ProgrammeRequest, topic: Topic, *above: str) -> Trail:
    """The way to a page of the topic; `above` is the topic's title where the page stands below it."""
    slug = request.programme.slug
    trail = (*programme_trail(request), ("Plan", stage_url(slug, topic.stage)))
    return (*trail, *((title, topic_url(slug, topic.stage, topic.slug)) for title in above))
