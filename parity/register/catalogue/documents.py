"""What stands on a figure's own page, and in the catalogue."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from parity.documents.figure_tables import titled
from parity.documents.model import Block, Callout, Cell, Column, Heading, Paragraph, Table
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED
from parity.tables import Desk, Figures
from parity.terms.assumption import Assumption
from parity.terms.derived import DERIVED
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE, Indicator
from parity.terms.release import Release
from parity.terms.units import write_number

ROWS_SHOWN = 40
CITED = ("source", "place", "note")
SOURCED = {"source", "place"}
"""Columns that say where a row is from. A table computed from such rows is not shown where they are."""
DIGITS = 10
"""So many digits of a number that was computed are shown: more than anybody needs who computes it again."""
AREA_COLUMNS = ("area", "comparator", "lot", "parent")

Facts = Iterable[tuple[str, str]]


def catalogue_blocks(desk: Desk) -> list[Block]:
    """One table a stage: title, what it counts, and how many figures this programme has of it."""
    blocks: list[Block] = []
    for stage in dict.fromkeys(definition.stage for definition in CATALOGUE.values()):
        rows = [_catalogue_row(desk.figures(key)) for key, found in CATALOGUE.items() if found.stage == stage]
        heads = _heads("Indicator", "Topic", "Unit", "Figures here", "Why none", "Key", numeric=("Figures here",))
        title = stage.capitalize()
        blocks += [Heading(title), Table(f"indicators-{stage}", f"Indicators of {title}", heads, tuple(rows))]
    return blocks


def indicators_shown(desk: Desk) -> list[tuple[str, list[Indicator]]]:
    """The indicators that this programme has a figure of, by stage."""
    shown = [found for key, found in CATALOGUE.items() if not desk.figures(key).frame.is_empty()]
    stages = dict.fromkeys(definition.stage for definition in shown)
    return [(stage, [found for found in shown if found.stage == stage]) for stage in stages]


def _catalogue_row(figures: Figures) -> tuple[str, ...]:
    definition = figures.indicator
    number = "none" if figures.absent else str(figures.frame.height)
    topic = definition.topic.replace("_", " ")
    return (definition.title, topic, definition.unit.label, number, figures.absent, definition.key)


def indicator_blocks(figures: Figures) -> list[Block]:
    """An indicator's definition and every figure of it in the programme."""
    definition = figures.indicator
    blocks: list[Block] = [_definition(definition)]
    if figures.absent:
        return [*blocks, Callout("No figure here", (figures.absent,))]
    names = ("area", "period", *definition.dimensions)
    heads = (*(Column(titled(name)) for name in names), Column("Value", numeric=True))
    rows: list[tuple[Cell, ...]] = [
        (figure.area.name, figure.period, *(value for _, value in figure.where), figure) for figure in figures
    ]
    return [*blocks, Table("figures", definition.title, heads, tuple(rows))]


def why_unknown(figures: Figures, where: Mapping[str, str]) -> str:
    """The sentence that says what of an address the programme does not know; empty where a figure may be missing there.

    A period is known where a figure of the indicator has it, or a row that it was computed from. An address that leaves
    a dimension open is that of a figure where one fits it.
    """
    if where["area"] not in {*figures.areas, *figures.frame["area"]}:
        return f"The programme knows no area “{where['area']}”."
    dated = (frame for frame in (figures.frame, *figures.inputs.values()) if "period" in frame.columns)
    periods = {period for frame in dated for period in frame["period"].cast(pl.String)}
    if where["period"] not in periods:
        return f"The tables of this indicator know no period “{where['period']}”."
    if not set(figures.indicator.keys) <= set(where) and not figures.all(**where):
        return "No figure fits this address, and it does not name every dimension."
    return ""


def figure_blocks(figures: Figures, figure: Figure, known: Mapping[str, Release]) -> list[Block]:
    """All that a figure rests on: its value in words, definition, input rows with source and place, assumptions.

    `known` are the releases by stem that a table which was computed may rest on.
    """
    blocks: list[Block] = [_table("figure", "The figure", _stated(figure))]
    blocks += [Callout("Before you use it", (caveat,)) for caveat in figure.caveats]
    blocks += [_definition(figure.indicator), Heading("What it was computed from")]
    traced = figures.traced(figure)
    is_told_below = any(set(rows.columns) >= SOURCED for rows in traced.values())
    for stem, rows in traced.items():
        if stem in DERIVED and is_told_below and not set(rows.columns) >= SOURCED:
            continue
        release = next(found for found in figures.releases if found.stem == stem)
        blocks += _input_rows(stem, _areas_named(rows, figures), release)
    blocks += _assumptions(figures.assumptions)
    below = (found for release in figures.releases for found in read_for(release.stem, known))
    return [*blocks, Heading("Releases read"), _releases(dict.fromkeys((*figures.releases, *below)))]


def read_for(stem: str, known: Mapping[str, Release]) -> list[Release]:
    """The releases that a table which was computed rests on, down to what was published; none for any other table."""
    derived = DERIVED.get(stem)
    stems = () if derived is None else (*derived.tables, *derived.optional_tables)
    found = (release for each in stems for release in ([known[each]] if each in known else read_for(each, known)))
    return list(dict.fromkeys(found))


def _stated(figure: Figure) -> Facts:
    yield "Value", figure.text
    if figure.missing:
        yield "Why it is missing", figure.missing
    if figure.interval_text:
        yield "Interval", f"{figure.interval_text} ({figure.indicator.interval or 'interval not named'})"
    yield "Area", f"{figure.area.name} ({figure.area.code})"
    yield "Period", figure.period
    yield from ((titled(name), value) for name, value in figure.where)
    yield "Unit", figure.unit.label
    yield "Basis", figure.basis or "does not apply"
    if figure.price_year:
        yield "Prices of", figure.price_year


def _definition(definition: Indicator) -> Table:
    facts: Facts = (
        ("Formula", definition.formula),
        ("Numerator", definition.numerator),
        ("Denominator", definition.denominator),
        ("Multiplier", definition.multiplier),
        ("Which way is good", definition.polarity.value),
        ("Purpose", definition.purpose),
        ("How often", definition.frequency),
        ("Method", " ".join(definition.method.split())),
        ("Serves", ", ".join(definition.rows)),
        ("Key", definition.key),
    )
    return _table("definition", "Definition", facts)


def _input_rows(stem: str, rows: pl.DataFrame, release: Release) -> list[Block]:
    """The rows of one input table that the figure can rest on: numbers as printed, with document and place."""
    shown = _as_printed(rows.head(ROWS_SHOWN))
    names = [name for name in shown.columns if shown[name].null_count() < shown.height]
    heads = tuple(Column(titled(name), numeric=rows[name].dtype.is_numeric()) for name in names)
    body = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in shown.select(names).iter_rows())
    notes = [f"{release.name}, {release.address or release.cited}."]
    if rows.height > ROWS_SHOWN:
        notes.append(f"The first {ROWS_SHOWN} of {rows.height} rows are shown.")
    return [Table(f"input-{stem}", f"Rows of the table {table_words(stem)}", heads, body, tuple(notes))]


def table_words(stem: str) -> str:
    """What a reader calls a table, with its code name behind: `“Targets” (targets)`."""
    schema = house_schemas().get(stem)
    return f"“{schema.title if schema else titled(stem)}” ({stem})"


def _areas_named(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """The rows with the names of areas where their codes stand."""
    names = {code: area.name for code, area in figures.areas.items()}
    found = [name for name in AREA_COLUMNS if name in rows.columns]
    return rows.with_columns(pl.col(name).replace(names) for name in found)


def _as_printed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with each number as its source printed it, one that was computed to ten digits, the sources last."""
    twins = {name.removesuffix(PRINTED): name for name in rows.columns if name.endswith(PRINTED)}
    plain = [name for name in rows.columns if not name.endswith(PRINTED) and name not in CITED]
    cited = [name for name in CITED if name in rows.columns]
    short = rows.with_columns(pl.selectors.float().round_sig_figs(DIGITS))
    return short.select(*(pl.col(twins.get(name, name)).cast(pl.String).alias(name) for name in (*plain, *cited)))


def _assumptions(chosen: tuple[Assumption, ...]) -> list[Block]:
    if not chosen:
        return [Paragraph(("It rests on no chosen number.",))]
    heads = _heads(
        "Assumption", "Value", "Range", "Unit", "From", "Reference", "Confidence", numeric=("Value", "Range")
    )
    rows = tuple(
        (
            number.title,
            write_number(number.value),
            ""
            if number.low is None or number.high is None
            else f"{write_number(number.low)} to {write_number(number.high)}",
            number.unit,
            number.from_date.isoformat(),
            number.reference,
            number.confidence.value,
        )
        for number in chosen
    )
    return [Table("assumptions", "Numbers chosen, and why", heads, rows)]


def _releases(releases: Iterable[Release]) -> Table:
    heads = _heads("Table", "Release", "Rows", "Read from", "At", "SHA-256", numeric=("Rows",))
    rows = tuple((table_words(found.stem), found.id, *_read_from(found), found.at, found.sha256) for found in releases)
    return Table("releases", "The versions of the tables that were read", heads, rows)


def _read_from(release: Release) -> tuple[str, str]:
    """How many rows were read, and whose they are and from where; of a table that was computed, that it was."""
    if release.stem in DERIVED:
        return "computed", "the tables below it"
    named = (release.credit and release.cited, release.address)
    return str(release.rows), ": ".join(filter(None, named))


def document_blocks(described: Mapping[str, Any]) -> list[Block]:
    """The source documents a programme cites."""
    heads = _heads("Key", "Document", "Date", "File")
    entries = described.get("document", ())
    rows = tuple(tuple(str(entry.get(name, "")) for name in ("key", "title", "date", "file")) for entry in entries)
    return [Table("documents", "Documents the tables were transcribed from", heads, rows)]


def _table(slug: str, caption: str, facts: Facts) -> Table:
    return Table(slug, caption, _heads("Fact", "Value"), tuple(facts))


def _heads(*titles: str, numeric: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return tuple(Column(title, numeric=title in numeric) for title in titles)
