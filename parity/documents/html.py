"""A document as one web page that stands alone: no scripts, nothing fetched, charts drawn in the page."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from parity.documents.edition import Picture, edition_of
from parity.documents.model import Document
from parity.documents.pictures import svg_of

_ENVIRONMENT = Environment(
    loader=PackageLoader("parity.documents", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_html(document: Document) -> bytes:
    """The document as a UTF-8 page; the same document gives the same bytes."""
    edition = edition_of(document)
    page = _ENVIRONMENT.get_template("document.html.jinja").render(edition=edition, kind=_kind, drawn=_drawn)
    return page.encode("utf-8")


def _kind(block: object) -> str:
    """The name of the block's class, by which the template chooses how to print it."""
    return type(block).__name__


def _drawn(picture: Picture) -> Markup:
    """The chart as SVG inside the page. It is made by `svg_of`, which escapes every text in it."""
    return Markup(svg_of(picture.chart, prefix=picture.anchor))  # noqa: S704
