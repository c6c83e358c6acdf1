"""A topic's page, its stage's page, and their addresses."""

from collections.abc import Callable, Collection

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from parity.layout.addresses import programme_url, stage_url
from parity.layout.page import DeskRequest, Page, Trail, page_response
from parity.layout.topic import Stage, Topic
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.areas import Area

View = Callable[[DeskRequest, str], HttpResponse]


def topic_view(topic: Topic, *, stage_title: str = "") -> View:
    """The view of a topic's page: its chapter as HTML, or one of its tables as CSV."""

    def show_topic(request: DeskRequest, programme: str) -> HttpResponse:
        trail = (*programme_trail(request), (stage_title or topic.stage.title(), stage_url(programme, topic.stage)))
        blocks = tuple(topic.chapter(request.desk))
        return page_response(request, Page(topic.title, topic.lead, blocks, topic.stage, trail))

    return show_topic


def stage_view(stage: Stage) -> View:
    """The view of a stage's page: a card for each topic, and the way to what is published on the programme's area."""

    def show_stage(request: DeskRequest, programme: str) -> HttpResponse:
        context = {"title": stage.title, "lead": stage.lead, "topics": stage.topics, "stage": stage.slug}
        published = published_area(request) if any(topic.profile for topic in stage.topics) else None
        more = {"trail": programme_trail(request), "published": published}
        return render(request, "layout/stage.jinja", {**context, **more})

    return show_stage


def stage_paths(stage: Stage, apart: Collection[str] = ()) -> list[URLPattern]:
    """The addresses of a stage, to be included under `<slug:programme>/<stage>/`: its page and one page a topic.

    The topics of the slugs in `apart` have addresses of their own.
    """
    topics = [
        path(f"{topic.slug}/", topic_view(topic, stage_title=stage.title), name=f"{stage.slug}-{topic.slug}")
        for topic in stage.topics
        if topic.slug not in apart
    ]
    return [path("", stage_view(stage), name=stage.slug), *topics]


def published_area(request: DeskRequest) -> Area | None:
    """The programme's own area as England's tables name it; None where nothing that was taken in speaks of it."""
    return Desk(request.desk.store, ENGLAND_SCOPE).areas.get(request.programme.home_area)


def programme_trail(request: DeskRequest) -> Trail:
    """The breadcrumb from the home page to the programme's."""
    return (("Home", "/"), (request.programme.title, programme_url(request.programme.slug)))
