"""A page made of blocks, and the answer to whoever asks for it: HTML, one of its tables as CSV, or a chart as SVG."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from parity.documents.model import Block, Chart, Heading, Table
from parity.layout.charts import chart_svg
from parity.layout.csv_file import table_csv
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.areas import ENGLAND

UNDER_TITLE = 2
Trail = tuple[tuple[str, str], ...]
"""The breadcrumb: words and address, from the home page down to the page above."""


class Named(Protocol):
    """What a page must know of a programme."""

    slug: str
    title: str
    home_area: str


@dataclass(frozen=True, slots=True)
class Published:
    """England as whoever is signed in sees it: what is published, of which no programme is the owner."""

    slug: str
    title: str
    menu: tuple[tuple[str, str], ...]
    home_area: str = ENGLAND


PUBLISHED = Published(
    ENGLAND_SCOPE, "England", (("places", "Places"), ("maps", "Maps"), ("figures", "Figures"), ("sources", "Sources"))
)


class DeskRequest(HttpRequest):
    """A request on a programme's page: it brings the programme and its desk."""

    programme: Named
    desk: Desk


@dataclass(frozen=True, slots=True)
class Page:
    """A page's title, lead sentence, blocks, place in the menu and breadcrumb."""

    title: str
    lead: str
    blocks: tuple[Block, ...]
    stage: str = ""
    trail: Trail = ()


def page_response(
    request: HttpRequest, page: Page, *, template: str = "layout/page.jinja", **more: Any
) -> HttpResponse:
    """The page as HTML, or with `?table=<slug>&format=csv` that table as CSV, with `format=svg` that chart's drawing.

    Drawings are files of their own, because drawing takes longer than all the rest of a page. Headings are moved so
    that the highest stands right under the page's title. `more` goes to the template, which may extend
    `layout/page.jinja`. Raises Http404 for a table or chart the page has not.
    """
    slug, form = request.GET.get("table"), request.GET.get("format")
    if slug is not None and form == "csv":
        return csv_response(page.blocks, slug)
    if slug is not None and form == "svg":
        return svg_response(page.blocks, slug)
    blocks = under_title(page.blocks)
    context = {"title": page.title, "lead": page.lead, "blocks": blocks, "stage": page.stage, "trail": page.trail}
    return render(request, template, {**context, **more})


def under_title(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with the highest heading at level 2, whatever level their chapter has in a longer document."""
    kept = tuple(blocks)
    levels = [block.level for block in kept if isinstance(block, Heading)]
    moved = min(levels, default=UNDER_TITLE) - UNDER_TITLE
    return tuple(replace(block, level=block.level - moved) if isinstance(block, Heading) else block for block in kept)


def csv_response(blocks: Iterable[Block], slug: str) -> HttpResponse:
    """The table of this slug as a CSV download, with the mark by which spreadsheets know UTF-8."""
    for table in tables_in(blocks):
        if table.slug == slug:
            response = HttpResponse(table_csv(table).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{table.slug}.csv"'
            return response
    raise Http404(f"This page has no table called {slug}.")


def svg_response(blocks: Iterable[Block], slug: str) -> HttpResponse:
    """The drawing of the chart whose table has this slug, as an SVG file."""
    for block in blocks:
        if isinstance(block, Chart) and block.table.slug == slug:
            response = HttpResponse(chart_svg(block).encode(), content_type="image/svg+xml")
            response["Content-Disposition"] = f'inline; filename="{slug}.svg"'
            return response
    raise Http404(f"This page has no chart called {slug}.")


def tables_in(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables of the blocks: those printed, then those behind charts.

    A printed table stands for the table behind a chart that has its slug, as in every document.
    """
    kept = tuple(blocks)
    yield from (block for block in kept if isinstance(block, Table))
    yield from (block.table for block in kept if isinstance(block, Chart))
