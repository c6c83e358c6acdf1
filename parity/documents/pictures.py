"""Charts drawn: a chart's specification as an SVG that a screen reader can read, or as a PNG."""

import json
import re
from html import escape

import vl_convert

from parity.documents.model import Chart
from parity.documents.printable import clean, clean_within

VEGA_LITE = "6.4"
PNG_SCALE = 3
_PAGE_PIXELS = 760
_PNG_WIDTH = slice(16, 20)
# The whole picture has one description; the drawing program's own labels inside it would only repeat marks one by one.
_INNER_LABELS = re.compile(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"')
_OPENING = re.compile(r'<svg [^>]*width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)" viewBox="(?P<box>[^"]*)">')
_IDENTITY = re.compile(r'(?<= id=")(?=[^"])|(?<=url\(#)|(?<=href="#)')


def svg_of(chart: Chart, *, prefix: str = "chart") -> str:
    """The chart as SVG text with title, description and role; every id in it starts with the prefix.

    The same chart and prefix give the same text. Nothing is fetched: a specification with an address raises ValueError.
    """
    drawn = vl_convert.vegalite_to_svg(json.dumps(clean_within(chart.spec)), vl_version=VEGA_LITE, allowed_base_urls=[])
    drawn = _IDENTITY.sub(f"{prefix}-", _INNER_LABELS.sub("", clean(drawn)))
    found = _OPENING.match(drawn)
    if found is None:
        raise ValueError("The drawing program no longer writes the opening tag this module knows.")
    title, description = escape(clean(chart.title)), escape(clean(chart.description))
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-description" '
        f'width="{found["width"]}" height="{found["height"]}" viewBox="{found["box"]}">'
        f'<title id="{prefix}-title">{title}</title><desc id="{prefix}-description">{description}</desc>'
    )
    return opening + drawn[found.end() :]


def png_of(chart: Chart) -> bytes:
    """The chart as a PNG, drawn at three times its size so that it prints sharply."""
    return vl_convert.vegalite_to_png(
        json.dumps(clean_within(chart.spec)), vl_version=VEGA_LITE, scale=PNG_SCALE, allowed_base_urls=[]
    )


def png_share(png: bytes) -> float:
    """The share of a page's text width, at most 1, at which a PNG's letters are as large as other charts' letters."""
    return _share(int.from_bytes(png[_PNG_WIDTH]) / PNG_SCALE)


def svg_share(svg: str) -> float:
    """The same for an SVG made by `svg_of`."""
    found = re.search(r' width="([\d.]+)"', svg)
    return _share(float(found[1])) if found else 1.0


def _share(pixels: float) -> float:
    return min(pixels / _PAGE_PIXELS, 1.0)
