"""Pages of the catalogue: all indicators, one indicator, one figure."""

from django.http import Http404, HttpResponse

from parity.layout.addresses import indicator_url, programme_url
from parity.layout.page import DeskRequest, Page, Trail, page_response
from parity.register.catalogue.documents import (
    catalogue_blocks,
    figure_blocks,
    indicator_blocks,
    indicators_shown,
    why_unknown,
)
from parity.tables import Figures
from parity.terms.errors import NotFound
from parity.terms.indicator import KEYS

MENU = "figures"


def show_catalogue(request: DeskRequest, programme: str) -> HttpResponse:
    """Every indicator, by stage."""
    lead = "Every indicator with its definition. Open one to see all its figures, and a figure to see what it rests on."
    page = Page("Figures", lead, tuple(catalogue_blocks(request.desk)), MENU, _trail(request))
    shelves = indicators_shown(request.desk)
    return page_response(request, page, template="catalogue/catalogue.jinja", shelves=shelves)


def show_indicator(request: DeskRequest, programme: str, key: str) -> HttpResponse:
    """One indicator with all its figures; one figure where the address names its area, period and dimensions.

    An indicator whose tables the programme lacks has no figure, whatever the address names: its page says so. A key
    that is left blank names nothing.
    """
    try:
        figures = request.desk.figures(key)
    except NotFound as error:
        raise Http404(str(error)) from None
    wanted = {name: request.GET[name] for name in figures.indicator.keys if name in request.GET}
    if set(KEYS) <= set(wanted) and all(wanted.values()) and not figures.absent:
        return _show_figure(request, figures, wanted)
    trail = (*_trail(request), ("Figures", f"{programme_url(programme)}{MENU}/"))
    definition = figures.indicator
    return page_response(
        request, Page(definition.title, definition.purpose + ".", tuple(indicator_blocks(figures)), MENU, trail)
    )


def _show_figure(request: DeskRequest, figures: Figures, wanted: dict[str, str]) -> HttpResponse:
    """One figure's page. A figure that is missing has its page too, with the reason.

    Raises Http404 for an address that no figure can have.
    """
    unknown = why_unknown(figures, wanted)
    if unknown:
        raise Http404(unknown)
    figure = figures.one(**wanted)
    definition = figures.indicator
    trail = (
        *_trail(request),
        ("Figures", f"{programme_url(figure.scope)}{MENU}/"),
        (definition.title, indicator_url(figure.scope, definition.key)),
    )
    blocks = tuple(figure_blocks(figures, figure, request.desk.releases))
    page = Page(figure.title, f"{figure.text}.", blocks, MENU, trail)
    return page_response(request, page)


def _trail(request: DeskRequest) -> Trail:
    return (("Home", "/"), (request.programme.title, programme_url(request.programme.slug)))
