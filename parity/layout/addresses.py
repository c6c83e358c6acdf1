"""Addresses of pages, written in one place: a programme, a stage, a topic, a figure, a table's CSV, a chart's SVG."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, urlencode

from parity.terms.figure import Figure

ASKED_HELD = 8192


def programme_url(programme: str) -> str:
    """The address of a programme's own page."""
    return f"/{quote(programme)}/"


def stage_url(programme: str, stage: str) -> str:
    """The address of a stage's page: `/{programme}/{stage}/`."""
    return f"{programme_url(programme)}{quote(stage)}/"


def topic_url(programme: str, stage: str, topic: str) -> str:
    """The address of a topic's page: `/{programme}/{stage}/{topic}/`."""
    return f"{stage_url(programme, stage)}{quote(topic)}/"


def place_url(area: str = "", topic: str = "") -> str:
    """The address of England's places, of one of them, or of a topic of it: `/england/places/{code}/{topic}/`."""
    return "/england/places/" + "".join(f"{quote(part)}/" for part in (area, topic) if part)


def indicator_url(programme: str, key: str) -> str:
    """The address of the page that lists an indicator's figures: `/{programme}/figures/{key}/`."""
    return f"{stage_url(programme, 'figures')}{quote(key)}/"


def figure_url(figure: Figure) -> str:
    """The address of a figure's own page: its indicator's, narrowed by area, period and dimensions."""
    asked = "&".join(_asked(name, text) for name, text in figure.address.items())
    return f"{indicator_url(figure.scope, figure.indicator.key)}?{asked}"


@lru_cache(maxsize=ASKED_HELD)
def _asked(name: str, text: str) -> str:
    """One name and what is asked of it: a page's figures share most of them."""
    return urlencode([(name, text)])


def table_csv_url(slug: str, asked: Iterable[tuple[str, str]] = ()) -> str:
    """The address of one table's CSV, relative to the page it stands on; `asked` is what the page itself was asked."""
    return f"?{urlencode({**dict(asked), 'table': slug, 'format': 'csv'})}"


def chart_svg_url(slug: str, asked: Iterable[tuple[str, str]] = ()) -> str:
    """The address of one chart's drawing, relative to the page it stands on; the slug is its table's."""
    return f"?{urlencode({**dict(asked), 'table': slug, 'format': 'svg'})}"


def asked_url(asked: Iterable[tuple[str, str]], **changes: str) -> str:
    """The address of the page itself, asked as it is but for these changes; what is empty is left out."""
    kept = {name: text for name, text in {**dict(asked), **changes}.items() if text}
    return f"?{urlencode(kept)}"


def register_url(programme: str, stem: str) -> str:
    """The address of a register's list: `/{programme}/registers/{stem}/`."""
    return f"{stage_url(programme, 'registers')}{quote(stem)}/"


def record_url(programme: str, stem: str, key: str, act: str = "") -> str:
    """The address of a record's page, or of the form for an act: `/{programme}/registers/{stem}/{id}/edit/`."""
    return f"{register_url(programme, stem)}{quote(key)}/" + (f"{quote(act)}/" if act else "")
