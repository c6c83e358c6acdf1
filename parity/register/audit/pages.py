"""The page of a programme's events: who did what, as far as the reader may know."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parity.documents.figure_tables import titled
from parity.layout.addresses import asked_url, record_url, register_url
from parity.layout.paging import pagination, shown_words
from parity.layout.topic_pages import programme_trail
from parity.register.audit.documents import (
    NOTHING,
    event_told,
    events_told,
    moment_words,
    organisations_called,
    people_called,
    verb_words,
)
from parity.register.audit.forms import EventsForm
from parity.register.audit.models import LISTED, Event, Head
from parity.register.limits.actions import count_one
from parity.register.limits.rules import EXPORT
from parity.register.people.rules import May
from parity.register.policy import ProgrammeRequest
from parity.sources.brought.programme import house_schemas
from parity.terms.errors import NotFound
from parity.terms.units import Unit

PER_PAGE = 50
MENU = "audit"
HEAD = ("Number", "When", "Who", "What", "For", "Why", "Hash")
HIDDEN = "Something that another organisation keeps to itself"
HASH_SHOWN = 12
JSON_LINES = "application/jsonl; charset=utf-8"
Kinds = Mapping[str, type[Model]]


@require_safe
def show_audit(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """A page of the events, narrowed as asked; with `?format=jsonl` all of them, one a line.

    Raises NotFound for people who may not read who did what.
    """
    if not request.viewer.may(May.AUDIT):
        raise NotFound("There is no such page.")
    every = events_told(request.programme, request.viewer)
    form = EventsForm(_choices(every), data=request.GET)
    events = form.narrowed(every)
    if request.GET.get("format") == "jsonl":
        count_one(EXPORT, f"person {request.user.pk}", at=timezone.now())
        return _download(programme, events)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    asked = [(name, str(text)) for name, text in request.GET.items() if text]
    context = {
        "title": "Who did what",
        "stage": MENU,
        "trail": programme_trail(request),
        "form": form,
        "head": [{"text": text} for text in HEAD],
        "rows": _rows(request, page),
        "caption": shown_words(page, "event"),
        "pages": pagination(page, asked),
        "narrowed": any(name != "page" for name, _ in asked),
        "end": Head.objects.filter(chain=programme).first(),
        "download": asked_url(asked, format="jsonl", page=""),
    }
    return render(request, "audit/audit.jinja", context)


def _choices(events: QuerySet[Any]) -> Iterable[tuple[str, str]]:
    """The kinds of things that the events tell of, each with its name, in the order of their names."""
    kinds = events.filter(told=True).order_by().values_list("kind", flat=True).distinct()
    schemas = house_schemas()
    return sorted(((kind, schemas[kind].title if kind in schemas else titled(kind)) for kind in kinds), key=_by_name)


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]


def _rows(request: ProgrammeRequest, page: Page[Any]) -> list[list[dict[str, str]]]:
    """The cells of each event; of one that is hidden number, time and hash alone."""
    told = [event for event in page if event.told]
    people = people_called(event.by for event in told)
    owners = organisations_called(event.organisation for event in told)
    kinds: Kinds = {model.STEM: model for model in apps.get_models() if hasattr(model, "STEM")}
    rows = []
    for event in page:
        who, what, owner, why = NOTHING, {"text": HIDDEN}, NOTHING, NOTHING
        if event.told:
            who, owner = people.get(event.by, NOTHING), owners.get(event.organisation, NOTHING)
            what, why = _what(request, event, kinds), str(event_told(event).get("reason") or NOTHING)
        number, when, mark = str(event.number), moment_words(event.at), f"{event.hash[:HASH_SHOWN]}…"
        rows.append([_text(number), _text(when), _text(who), what, _text(owner), _text(why), _text(mark)])
    return rows


def _text(text: str) -> dict[str, str]:
    return {"text": text}


def _what(request: ProgrammeRequest, event: Event, kinds: Kinds) -> dict[str, str]:
    """What was done to what, as a link where it has a page."""
    model = kinds.get(event.kind)
    if model is None:
        return {"text": f"{verb_words(event)}: {event.code or event.kind}"}
    if event.verb == LISTED:
        many = len(event.code.split())
        words = f"{verb_words(event)}: {Unit.COUNT.write(many)} record{'' if many == 1 else 's'}"
        return {"text": words, "href": register_url(request.programme.slug, event.kind)}
    name = f"{verb_words(event)}: {getattr(model, 'KIND', '') or 'record'} {event.code.replace('/', ' ')}"
    return {"text": name, "href": record_url(request.programme.slug, event.kind, event.record)}


def _download(programme: str, events: QuerySet[Any]) -> HttpResponse:
    """The events as they may be handed on, the first first, one JSON object a line."""
    lines = (json.dumps(event_told(event), sort_keys=True, ensure_ascii=False) for event in events.order_by("number"))
    response = HttpResponse("".join(f"{line}\n" for line in lines), content_type=JSON_LINES)
    response["Content-Disposition"] = f'attachment; filename="{programme}-events.jsonl"'
    return response
