"""England's pages: find a place, see it described topic by topic, and what publications this rests on."""

from collections.abc import Container
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parity.analyse.mapped import map_blocks, map_choice, mappable
from parity.analyse.places.documents import near_blocks, near_councils, near_words, sources_blocks
from parity.analyse.places.rules import (
    ASSESSMENT,
    areas_named,
    by_kind,
    named_to_compare,
    place_from,
)
from parity.analyse.profiles import PROFILES
from parity.documents.model import Block, Callout
from parity.layout.addresses import asked_url, place_url
from parity.layout.page import DeskRequest, Page, Trail, page_response
from parity.register.jobs.actions import enqueue
from parity.register.models import Person, Programme
from parity.register.policy import EnglandRequest, programmes_of
from parity.terms.areas import COUNCILS, Place

ENGLAND: Trail = (("Home", "/"), ("England", "/england/"))
OPTION = "shown"
ASKED = ("with", "year", OPTION)
NO_MAP = "A map needs the official table of boundaries, and figures of two areas at least."


@require_safe
def show_places(request: DeskRequest, programme: str) -> HttpResponse:
    """Every place of England by kind, or those that a text may mean."""
    text = request.GET.get("q", "")
    areas, made = request.desk.areas, request.desk.looking_at(None).table("place_pieces")
    today = set(made[0]["area"]) if made is not None else set(areas)
    found = areas_named(areas.values(), text) if text else [area for code, area in areas.items() if code in today]
    own = [(programme, areas[programme.home_area]) for programme in _programmes(request, areas)]
    context = {"title": "England", "stage": "places", "text": text, "kinds": by_kind(found), "trail": ENGLAND[:1]}
    return render(request, "places/places.jinja", {**context, "own": own})


@require_safe
def show_place(request: DeskRequest, programme: str, area: str) -> HttpResponse:
    """A place: what it is, what it is compared with, a card for each topic, and which councils are most like it."""
    place, wrong = _place(request, area)
    kind = place.area.kind
    page = Page(
        place.area.name,
        f"{kind[:1].upper()}{kind[1:]}, {place.area.code}",
        tuple(near_blocks(request.desk, place.area)),
        "places",
        ENGLAND,
    )
    about = {"topics": PROFILES, "programmes": _programmes(request, [place.area.code])}
    return page_response(request, page, template="places/place.jinja", **about, **_asked(request, place, wrong))


@require_safe
def show_profile(request: DeskRequest, programme: str, area: str, topic: str) -> HttpResponse:
    """One topic of a place, as a page or one of its tables as CSV."""
    place, wrong = _place(request, area)
    found = next((each for each in PROFILES if each.slug == topic), None)
    if found is None or found.profile is None:
        raise Http404(f"There is no topic called {topic}.")
    words, options = found.options if place.area.code.startswith(COUNCILS) else ("", ())
    asked = request.GET.get(OPTION, "")
    place = replace(place, option=asked if asked in options else "")
    blocks = tuple(found.profile(request.desk.looking_at(place.codes), place))
    told = _asked(request, place, wrong)
    trail = (*ENGLAND, (place.area.name, f"{place_url(place.area.code)}{told['same']}"))
    page = Page(f"{found.title}: {place.area.name}", found.lead, blocks, "places", trail)
    chosen = {"option_words": words, "options": options, "option": place.option}
    return page_response(request, page, template="places/topic.jinja", **chosen, **told)


@require_POST
def make_assessment(request: EnglandRequest, programme: str, area: str) -> HttpResponse:
    """The way to the job that writes the assessment of a place, as it is compared and for the year that is asked."""
    place, wrong = _place(request, area)
    for sentence in wrong:
        messages.warning(request, sentence)
    asked = {"area": place.area.code, "with": [one.code for one in place.compared], "year": place.year}
    job = enqueue(ASSESSMENT, asked, by=request.user, on=timezone.localdate(), about=place.area.name)
    messages.success(request, "It is written in the background. Its files stand here once it is done.")
    return redirect(reverse("job", args=(job.pk,)))


@require_safe
def show_sources(request: DeskRequest, programme: str) -> HttpResponse:
    """Every publication that can be read, with who publishes it, where, how often, and what was read."""
    lead = "What is published about need, services, spending and performance in England, and what of it was taken in."
    page = Page("Sources", lead, tuple(sources_blocks(request.desk)), "sources", ENGLAND)
    return page_response(request, page, template="places/sources.jinja")


@require_safe
def show_maps(request: DeskRequest, programme: str) -> HttpResponse:
    """Every indicator by which a map of England can be filled."""
    context = {"title": "Maps", "stage": "maps", "indicators": mappable(), "trail": ENGLAND}
    return render(request, "places/maps.jinja", context)


@require_safe
def show_map(request: DeskRequest, programme: str, key: str) -> HttpResponse:
    """England's areas filled by an indicator, for the period and the values of its dimensions that are asked for."""
    whole = request.desk.looking_at(None)
    if key not in {one.key for one in mappable()}:
        raise Http404(f"No map is filled by {key}.")
    figures, shapes = whole.figures(key), whole.table("map_shapes")
    definition, trail = figures.indicator, (*ENGLAND, ("Maps", "/england/maps/"))
    choice = None if shapes is None else map_choice(figures, shapes[0], {"period": _this_year(), **request.GET.dict()})
    if shapes is None or choice is None:
        none: tuple[Block, ...] = (Callout("There is no map", (f"{figures.absent} {NO_MAP}".strip(),)),)
        return page_response(request, Page(definition.title, f"{definition.purpose}.", none, "maps", trail))
    marked = request.GET.get("marked", "").split(",")
    blocks = tuple(map_blocks(figures, shapes[0], choice, marked=marked))
    page = Page(definition.title, f"{definition.purpose}.", blocks, "maps", trail)
    return page_response(request, page, template="places/map.jinja", choice=choice)


def _programmes(request: DeskRequest, areas: Container[str]) -> list[Programme]:
    """The programmes of these areas that whoever is signed in takes part in; nobody is told of others."""
    if not isinstance(request.user, Person):
        return []
    return [one for one in programmes_of(request.user, on=timezone.localdate()) if one.home_area in areas]


def _place(request: DeskRequest, code: str) -> tuple[Place, list[str]]:
    """The place that is asked for, and what of it could not be understood. Raises Http404 for an unknown area."""
    areas, asked = request.desk.areas, request.POST or request.GET
    if code not in areas:
        raise Http404(f"No area of England has the code {code}.")
    year = asked.get("year", "").strip() or _this_year()
    return place_from(areas, code, compared=asked.get("with", ""), year=year)


def _this_year() -> str:
    return str(timezone.localdate().year)


def _asked(request: DeskRequest, place: Place, wrong: list[str]) -> dict[str, object]:
    """What the templates need of a place: itself, what was asked, and the end of an address that asks the same."""
    asked = {name: request.GET.get(name, "") for name in ASKED}
    near = near_councils(request.desk, place.area)
    beside = {"with": named_to_compare(near)}
    return {
        "place": place,
        "asked": asked,
        "wrong": wrong,
        "same": asked_url(asked.items()),
        "near": near,
        "near_url": asked_url(asked.items(), **beside),
        "near_words": near_words(request.desk, place.area),
    }
