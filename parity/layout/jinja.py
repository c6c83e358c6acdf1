"""The Jinja2 environment of every page: NHS components, escaping on, our addresses and charts as globals."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from parity.layout.addresses import (
    chart_svg_url,
    figure_url,
    indicator_url,
    place_url,
    programme_url,
    record_url,
    stage_url,
    table_csv_url,
    topic_url,
)
from parity.layout.blocks import block_notes, grid_of, most_marks
from parity.layout.charts import chart_json, chart_words
from parity.layout.forms import nhs_errors, nhs_fields
from parity.terms.figure import Figure
from parity.terms.units import write_number

STAGES = (("analyse", "Analyse"), ("plan", "Plan"), ("secure", "Secure"), ("review", "Review"))
REFERENCE = (
    ("figures", "Figures"), ("thread", "Thread"), ("registers", "Registers"), ("organisations", "Organisations"),
    ("people", "People"),
)  # fmt: skip
GLOBALS = {
    "NAVIGATION": (*STAGES, *REFERENCE),
    "block_notes": block_notes,
    "chart_json": chart_json,
    "chart_svg_url": chart_svg_url,
    "chart_words": chart_words,
    "figure_url": figure_url,
    "grid_of": grid_of,
    "indicator_url": indicator_url,
    "most_marks": most_marks,
    "nhs_errors": nhs_errors,
    "nhs_fields": nhs_fields,
    "place_url": place_url,
    "programme_url": programme_url,
    "record_url": record_url,
    "stage_url": stage_url,
    "static": static,
    "table_csv_url": table_csv_url,
    "topic_url": topic_url,
    "url": reverse,
}


def environment(*, loader: BaseLoader, **options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for, given its loader and options.

    Undefined values are chainable, as the NHS components need; so a mistyped name prints nothing.
    """
    both = ChoiceLoader([loader, PackageLoader("nhsuk_frontend_jinja")])
    options |= {"autoescape": True, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(loader=both, **options)  # noqa: S701 -- autoescape is set above
    made.globals.update(GLOBALS)
    made.tests["figure"] = _is_figure
    made.filters |= {"kind": _kind, "number": write_number, "slugify": slugify}
    return made


def _is_figure(cell: object) -> bool:
    """True for a figure, False for words."""
    return isinstance(cell, Figure)


def _kind(block: object) -> str:
    """The lower-case name of a block's class, by which the template chooses its macro."""
    return type(block).__name__.lower()
