"""Writes `docs/generated/` from the declarations: `python docs/generate.py`. A test compares each page with them."""

import argparse
import importlib
import io
import json
import os
import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from parity.assumptions import all_assumptions
from parity.assumptions.discount_rates import CONFIDENCE, FROM_DATE, REFERENCE, Discounting, all_discount_rates
from parity.assumptions.reference_rates import rate_samples, reference_rates
from parity.assumptions.standard_population import StandardPopulation, standard_populations
from parity.cli import VERBS, parser
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.scenario_file import json_schema
from parity.sources.brought.table_schema import Schema
from parity.terms.assumption import Assumption
from parity.terms.indicator import CATALOGUE, Indicator

HOUSE = Path(__file__).resolve().parent.parent
STAGES = ("analyse", "plan", "secure", "review")
MADE = "<!-- Made by docs/generate.py from the declarations. Change those, not this page. -->"


def page(title: str, lead: str, lines: Iterator[str]) -> str:
    """A page of Markdown: title, lead, the lines."""
    return "\n".join((MADE, "", f"# {title}", "", lead, "", *lines)).rstrip() + "\n"


def row(*cells: object) -> str:
    """A row of a table; what is empty is shown as a dash."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") or "–" for cell in cells) + " |"


def heading_row(*names: str) -> Iterator[str]:
    """The two lines that open a table."""
    yield row(*names)
    yield row(*("---" for _ in names))


def code(names: Sequence[str]) -> str:
    """Names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def indicators() -> str:
    """Every indicator by stage and topic: what it is, how it is computed, what it reads."""
    for path in sorted(HOUSE.glob("parity/*/*/indicators.py")):
        importlib.import_module(".".join(path.relative_to(HOUSE).with_suffix("").parts))
    order = sorted(CATALOGUE.values(), key=lambda each: (STAGES.index(each.stage), each.topic, each.key))
    lead = (
        f"{len(order)} indicators. Every figure has an area and a period; the dimensions come beside them. The rows "
        "are those of the inventory of systems in the documents that the examples were transcribed from."
    )
    return page("Indicators", lead, _indicator_lines(order))


def _indicator_lines(order: Sequence[Indicator]) -> Iterator[str]:
    for (stage, topic), members in groupby(order, key=lambda each: (each.stage, each.topic)):
        yield f"## {stage.title()}: {topic.replace('_', ' ')}"
        yield ""
        for each in members:
            yield from _indicator(each)


def _indicator(each: Indicator) -> Iterator[str]:
    yield f"### `{each.key}`"
    yield ""
    yield f"**{each.title}.** {each.purpose.rstrip('.')}."
    yield ""
    tables = (*each.tables, *(f"{name}?" for name in each.optional_tables))
    facts = {
        "Formula": each.formula,
        "Numerator": each.numerator,
        "Denominator": each.denominator,
        "Multiplier": each.multiplier,
        "Unit": each.unit.label,
        "Direction": each.polarity.value,
        "Dimensions": code(each.dimensions),
        "Interval": each.interval,
        "Basis": each.basis.value if each.basis else "",
        "Frequency": each.frequency,
        "Tables": code(tables),
        "Assumptions": code(each.assumptions),
        "Rows": ", ".join(each.rows),
    }
    yield from heading_row("Part", "Definition")
    yield from (row(name, words) for name, words in facts.items() if words not in ("", "none", "1"))
    yield ""


def tables() -> str:
    """Every table with its columns."""
    schemas = dict(sorted(house_schemas().items()))
    lead = (
        f"{len(schemas)} tables that a programme may bring as `tables/<name>.csv`. Each numeric column may have a twin "
        "whose name ends in `_printed`: the text as the document prints it, needed where the value was scaled."
    )
    return page("Tables", lead, _table_lines(schemas))


def _table_lines(schemas: Mapping[str, Schema]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f"## `{name}`"
        yield ""
        yield f"{schema.title}. One row for each {code(schema.key)}."
        yield ""
        yield from heading_row("Column", "Type", "Required", "What it holds")
        for column in schema.fields:
            limits = column.get("constraints", {})
            words = column["description"] + (f": {code(limits['enum'])}" if "enum" in limits else "")
            needed = "yes" if limits.get("required") else "no"
            yield row(f"`{column['name']}`", column.get("kind", column["type"]), needed, words)
        yield ""


def assumptions() -> str:
    """Every chosen number with its reference."""
    chosen = sorted(all_assumptions().values(), key=lambda each: (each.family, each.key))
    lead = (
        "Numbers that we chose, one file a family in `parity/assumptions/`. A figure that rests on one not yet seen in "
        "its source, or on one chosen only to show the method, says so."
    )
    return page(
        "Assumptions",
        lead,
        chain(_assumption_lines(chosen), _discount_lines(), _standard_lines(standard_populations())),
    )


def _assumption_lines(chosen: Sequence[Assumption]) -> Iterator[str]:
    for family, members in groupby(chosen, key=lambda each: each.family):
        yield f"## {family.replace('_', ' ').title()}"
        yield ""
        yield from heading_row("Key", "What", "Value", "Unit", "From", "Reference", "Confidence", "Note")
        for each in members:
            value = each.value if each.low is None else f"{each.low} to {each.high}"
            where = (each.from_date.isoformat(), each.reference, each.confidence.value, each.note)
            yield row(f"`{each.key}`", each.title, value, each.unit, *where)
        yield ""


def _discount_lines() -> Iterator[str]:
    yield "## Discount rates"
    yield ""
    yield f"From {FROM_DATE.isoformat()}. {REFERENCE}: {CONFIDENCE.value}. Year 0 is the first twelve months."
    yield ""
    yield from heading_row("From year", *(each.value[0].upper() + each.value[1:] for each in Discounting))
    yield from (row(*steps) for steps in all_discount_rates().iter_rows())
    yield ""


def _standard_lines(standards: Sequence[StandardPopulation]) -> Iterator[str]:
    for each in standards:
        yield f"## {each.title}"
        yield ""
        yield f"`{each.key}`, from {each.from_date.isoformat()}. {each.reference}: {each.confidence.value}."
        yield ""
        yield from heading_row("Band", "People")
        yield from (row(band, people) for band, people in each.people.items())
        yield ""


def rates() -> str:
    """Every rate of the reference library with its source, and what stands in for intervals that are not published."""
    lead = (
        "What is published about how common conditions are: [Need](../need.md) says how it is used. Rates of different "
        "conditions overlap in the same people and are never added up."
    )
    return page("Reference rates", lead, _rate_lines())


def _rate_lines() -> Iterator[str]:
    for condition, own in reference_rates().group_by("condition", maintain_order=True):
        yield f"## {condition[0][0].upper()}{condition[0][1:]}"
        yield ""
        yield from heading_row(
            "Source", "Ages", "Sex", "Rate", "Range", "Unit", "Role", "Setting", "Confidence", "Note"
        )
        for each in own.iter_rows(named=True):
            between = "" if each["low"] is None else f"{each['low']:g} to {each['high']:g} ({each['interval']})"
            value = "" if each["rate"] is None else f"{each['rate']:g}"
            words = (each["unit"], each["role"], each["setting"] or "", each["confidence"], each["note"] or "")
            yield row(each["source"], each["age_band"], each["sex"], value, between, *words)
        yield ""
    yield "## Samples chosen by us where no interval is published"
    yield ""
    yield from heading_row("Source", "People, in effect", "What it rests on")
    for each in rate_samples().iter_rows(named=True):
        yield row(each["source"], f"{each['effective_people']:g}", each["reference"])


def terminal() -> str:
    """Every verb of the terminal with the words of its help."""
    lead = (
        "`python3 start.py VERB …` sets Parity up if need be and passes the verb on. Bad input ends in a plain "
        f"sentence and exit status 2. {parser().epilog}"
    )
    return page("The terminal", lead, _verb_lines())


def _verb_lines() -> Iterator[str]:
    made = next(each for each in parser()._actions if isinstance(each, argparse._SubParsersAction)).choices
    for verb in VERBS:
        actions = [action for action in made[verb]._actions if action.dest != "help"]
        yield f"## `parity {verb}`"
        yield ""
        yield made[verb].description
        yield ""
        yield "```text"
        yield " ".join((f"parity {verb}", *map(_in_usage, actions)))
        yield "```"
        yield ""
        if actions:
            yield from heading_row("Argument", "What it is")
            yield from (row(f"`{_in_usage(action).strip('[]')}`", action.help) for action in actions)
            yield ""


def _in_usage(action: argparse.Action) -> str:
    words = " ".join(word for word in (*action.option_strings[:1], action.metavar or _shown_name(action)) if word)
    optional = action.nargs == "?" or (action.option_strings and not action.required)
    return f"[{words}]" if optional else words


def _shown_name(action: argparse.Action) -> str:
    """What stands for the value; nothing for a switch."""
    return "" if action.nargs == 0 else action.dest.upper()


def house() -> str:
    """The map of the house, as `python3 start.py map` prints it."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(HOUSE / "start.py"))["show_map"](HOUSE / "parity")
    lead = "Each folder and module with the first line of its docstring and its public names: `python3 start.py map`."
    return page("Map of the house", lead, iter(("```text", printed.getvalue().rstrip(), "```")))


def openapi() -> str:
    """The description of the API, as it is served."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
    importlib.import_module("django").setup()
    described = importlib.import_module("parity.web.api").api.get_openapi_schema(path_prefix="/api/")
    return json.dumps(described, indent=1, default=str, ensure_ascii=False) + "\n"


def coverage() -> str:
    """Every row of the inventory that the first stage serves, and where it is reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
    importlib.import_module("django").setup()
    told = importlib.import_module("parity.analyse.coverage")
    lead = (
        f"The inventory of systems has {len(told.ROWS)} rows for the first stage, found in five documents of joint "
        "commissioning. Each is reached from the menu *Analyse* of a programme, from tables that it brings or people "
        "enter, or from the pages of a place of England, from official statistics."
    )
    return page("What of the inventory is served", lead, _coverage_lines(told))


def _coverage_lines(told: Any) -> Iterator[str]:
    yield from heading_row("Row", "What", "In a programme", "Of any place in England", "Otherwise")
    for each, words in told.ROWS.items():
        own, england = (", ".join(titles) for titles in told.reached(each))
        waits = f"Waits for the stage {told.WAITING[each]}" if each in told.WAITING else ""
        yield row(each, words, own, england, told.ELSEWHERE.get(each, waits))
    yield ""
    yield f"{len(told.WAITING) or 'No'} row{'' if len(told.WAITING) == 1 else 's'} wait for a later stage."


PAGES: dict[str, Callable[[], str]] = {
    "generated/indicators.md": indicators,
    "generated/tables.md": tables,
    "generated/assumptions.md": assumptions,
    "generated/rates.md": rates,
    "generated/terminal.md": terminal,
    "generated/house.md": house,
    "coverage.md": coverage,
    "generated/openapi.json": openapi,
    "generated/scenario.schema.json": lambda: json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n",
    "generated/parts.cdx.json": lambda: runpy.run_path(str(HOUSE / "docs" / "parts.py"))["parts"](),
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (HOUSE / "docs" / name).write_text(make(), encoding="utf-8")
