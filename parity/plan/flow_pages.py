"""What the pages of flow models share: rows, records, ways to add some, the trail above, what is asked of a model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from parity.layout.addresses import register_url, stage_url, topic_url
from parity.layout.page import Trail
from parity.layout.topic import Topic
from parity.layout.topic_pages import programme_trail
from parity.plan.flow_asking import models_asked
from parity.plan.flow_tables import FlowTables
from parity.register.policy import ProgrammeRequest
from parity.register.records.forms import owners
from parity.register.records.models import Record
from parity.register.records.tables import coded

HASH_SHOWN = 12
"""So much of the hash of an answer stands on its page."""
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


Asking_co = TypeVar("Asking_co", covariant=True)


class AskingForm(Protocol[Asking_co]):
    """The form of a question of a model, made of the models' names, what is told of the one, and the address."""

    @property
    def question(self) -> Asking_co:
        """The question, of a form that is valid."""

    @property
    def is_as_ever(self) -> bool:
        """Whether it asks what is answered unasked, of a form that is valid."""

    def is_valid(self) -> bool:
        """Whether it can be answered."""


@dataclass(frozen=True, eq=False)
class Asked(Generic[Asking_co]):
    """What a request asks: the tables, the models that have options, and the form; there may be none of these."""

    tables: FlowTables | None
    models: list[str]
    form: AskingForm[Asking_co] | None

    @property
    def question(self) -> Asking_co | None:
        """The question; None where there is none, or none that can be answered."""
        return self.form.question if self.form is not None and self.form.is_valid() else None


def asked_by(request: ProgrammeRequest, form_of: Callable[..., AskingForm[Asking_co]]) -> Asked[Asking_co]:
    """What the request asks, of the model that it names or else of the first."""
    found = models_asked(request.desk, request.GET.get("model", ""))
    form = None if found.told is None else form_of(found.names, found.told, asked=request.GET)
    return Asked(found.tables, found.names, form)
