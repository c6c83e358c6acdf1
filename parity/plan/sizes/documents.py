"""The chapter on how much of each option to buy, and the blocks of one model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from parity.documents.charts import Point, line_chart
from parity.documents.drawing import PALETTE
from parity.documents.figure_tables import joined, period_words
from parity.documents.model import Block, Bullets, Callout, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.methods.sizing import plan_name
from parity.plan.flow_answer import LIMIT, OPTION, WHOLE
from parity.plan.flow_sizes import LIMITS, WAITING_LIMIT
from parity.plan.flow_sizes_answer import PAIR, SIZE
from parity.tables import Desk
from parity.terms.figure import Figure
from parity.terms.units import Unit, write_number

ABSENT = "The programme has no flow model with scenarios, of which one could choose sizes."
MEANING = (
    "A size multiplies what an option has in all – people to move, people who join, what is paid once – and what it "
    "adds of staff, places, arrivals, or the yearly cost of a setting. What is stated for each move and each worker "
    "holds at any size. More than is stated takes for granted that more of the same can be had at the same price."
)
METHOD = (
    "Each size of each option is run alone through the model, on the same draws of its numbers, and set beside "
    "services that stay as they are. The plan worth most is found by a mixed-integer program (HiGHS, without gap), in "
    "which the sizes add up; where plans are worth the same, the smaller sizes of the options named first are taken. "
    "The plan is then run as a whole. What more of a limit brings is found by solving again. Pounds are those of the "
    "model’s first month, counted for less the later they come, as the Green Book says, and means of the draws; a "
    "range holds 95 of 100 draws. People are counted in parts, as an average."
)
WHOLE_ONLY = (
    "Taken whole or not at all, since they change what has no size, such as a rate, a price, or an amount that is set "
    "or multiplied:"
)
CHART_NOTE = "Drawn are the {count} options that are worth most at their best size."
NEITHER = "The options neither help nor hinder each other."
CERTAIN = "Taken as certain, since no number that changes has an interval: {names}."
KEEPS_ALONE = "It keeps every limit."
KEEPS = "Run together, they keep every limit."
BREAKS = "Run together, they do not keep every limit: {words}. Ask for a lower limit, so that there is room."
HALF = 0.5
"""Of a pound: less is written as none."""
LEAST_SHOWN = {"size_staff": 0.005, "size_waiting": 0.5}
"""Staff and people of which less is written as none."""
WORTH, AT_ONCE, IN_YEAR = "Net present value", "Out at once", "Extra in a year"
STAFF, WAITING = "Most staff more", "Not moved at the end"


@dataclass(frozen=True)
class _Found:
    """An answer as its figures and its rows tell of it."""

    desk: Desk
    rows: pl.DataFrame
    slug: str

    @property
    def model(self) -> str:
        return str(self.rows["model"][0])

    def part(self, name: str) -> pl.DataFrame:
        return self.rows.filter(part=name)

    def figures(self, key: str, by: str = "model") -> dict[str, Figure]:
        """The figures of an indicator of this model, by the value of a dimension."""
        found = (one for one in self.desk.figures(key) if dict(one.where)["model"] == self.model)
        return {dict(one.where)[by]: one for one in found}


def chapter(desk: Desk) -> list[Block]:
    """For each model of the programme that has options: the best sizes, what every size is worth, and every limit."""
    found = desk.table("flow_sizes")
    models = [] if found is None else found[0]["model"].unique(maintain_order=True).to_list()
    return [block for model in models for block in sizes_blocks(desk, model)] or [Paragraph((ABSENT,))]


def sizes_blocks(desk: Desk, model: str) -> list[Block]:
    """How much of each option of one model to buy; nothing where it has none."""
    sizes, told = desk.table("flow_sizes"), desk.table("flow_models")
    rows = pl.DataFrame() if sizes is None else sizes[0].filter(model=model)
    if rows.is_empty() or told is None:
        return []
    found = _Found(desk, rows, slug=str(told[0]["model"].to_list().index(model) + 1))
    missing = rows["missing"].drop_nulls()
    if missing.len():
        return [Heading(model, 3), Callout("There is no plan of sizes here", (missing[0],))]
    return [
        *_opening(found),
        *_plan(found),
        *_options(found),
        *_limits(found),
        *_growing(found),
        *_alternatives(found),
        Heading("How sizes are found", 4),
        Paragraph((METHOD,)),
    ]


def _opening(found: _Found) -> Iterator[Block]:
    """On how many draws sizes were run, what a size is, and within which limits they are chosen."""
    whole = found.part(WHOLE).row(0, named=True)
    count, draws = (Unit.COUNT.write(whole[name], bare=True) for name in ("runs", "draws"))
    drawn = f"{count} sizes of options, each on {draws} draws" if whole["draws"] > 1 else f"{count} sizes of options"
    yield Heading(found.model, 3)
    yield Paragraph((f"{period_words(found.rows['period'][0])}: {drawn}. {MEANING}",))
    words = [f"{row['item']}: at most {Unit[row['unit']].write(row['most'])}." for row in found.part(LIMIT).to_dicts()]
    if words:
        yield Paragraph(("Within these limits:",))
        yield Bullets(tuple((one,) for one in words))


def _plan(found: _Found) -> Iterator[Block]:
    """The plan worth most, what it adds up to, what it brings run together, and whether it keeps its limits then."""
    whole = found.part(WHOLE).row(0, named=True)
    added, together, between = (
        found.figures(key)[found.model] for key in ("sizes_added", "sizes_together", "sizes_between")
    )
    limits = found.part(LIMIT).to_dicts()
    title = "Best sizes within the limits" if limits else "Best sizes"
    if not whole["size"]:
        nothing = "Nothing is worth more than that services stay as they are."
        yield Callout(title, (f"Within the limits {nothing[:1].lower()}{nothing[1:]}" if limits else nothing,))
        return
    named: tuple[Cell, ...] = (f"“{whole['item']}”. ",)
    if whole["size"] == 1:
        kept = f" {KEEPS_ALONE}" if limits else ""
        yield Callout(title, (*named, "Its net present value is ", together, f".{kept}"))
        return
    way = "lose by getting in each other’s way" if whole["between"] < 0 else "gain by helping each other"
    apart: tuple[Cell, ...] = (" The difference, ", between, f", is what options {way}.")
    kept = f" {_kept(limits)}" if limits else ""
    yield Callout(
        title,
        (*named, "The sizes add up to ", added, "; run together they bring ", together, ".",
         *(apart if abs(whole["between"]) >= HALF else (f" {NEITHER}",)), kept),
    )  # fmt: skip


def _kept(limits: list[dict[str, Any]]) -> str:
    """Whether the plan keeps its limits where its options are run together."""
    broken = [row for row in limits if not row["is_kept"]]
    words = "; ".join(
        f"{row['item'][:1].lower()}{row['item'][1:]} ({Unit[row['unit']].write(row['together'])})" for row in broken
    )
    return BREAKS.format(words=words) if broken else KEEPS


def _options(found: _Found) -> Iterator[Block]:
    """Each option with its size, what it has at it and what it is worth, and why some have no size."""
    sized = found.part(SIZE)
    measures = {"size_worth": WORTH, "size_at_once": AT_ONCE, "size_in_year": IN_YEAR, "size_staff": STAFF,
                "size_waiting": WAITING}  # fmt: skip
    figures = {key: found.figures(key, "sized_option") for key in measures}
    for key, least in LEAST_SHOWN.items():
        if not any((one.value or 0) >= least for one in figures[key].values()):
            del figures[key]
    amounts = dict(sized.select("item", "words").rows())
    body: list[tuple[Cell, ...]] = []
    for row in found.part(OPTION).to_dicts():
        name = plan_name({row["item"]: row["size"]})
        cells = (of.get(name, "–") for of in figures.values())
        body.append((row["item"], _size_words(row["size"], amounts.get(name) or ""), *cells))
    heads = ("Option", "How much of it", *(measures[key] for key in figures))
    table = joined(f"sizes-{found.slug}", "How much of each option to buy", heads, body)
    yield Heading("Options", 4)
    yield replace(table, notes=("Each option is told as if it were the only one.",))
    certain = sized.filter(pl.col("worth_lower").is_null())["option"].unique(maintain_order=True)
    if len(certain):
        yield Paragraph((CERTAIN.format(names=", ".join(f"“{name}”" for name in certain)),))
    whole = found.part(OPTION).filter(pl.col("words").is_not_null()).to_dicts()
    if whole:
        yield Paragraph((WHOLE_ONLY,))
        yield Bullets(tuple((f"{row['item']}: {row['words']}.",) for row in whole))


def _size_words(size: float, amounts: str) -> str:
    """How much of an option is bought, in words."""
    if not size:
        return "left out"
    words = "as it is stated" if size == 1 else f"{write_number(size)} times what is stated"
    return f"{words}: {amounts}" if amounts else words


def _growing(found: _Found) -> Iterator[Block]:
    """How what an option is worth grows with its size, of those that have sizes."""
    sized = found.part(SIZE)
    several = sized.group_by("option", maintain_order=True).agg(pl.len(), pl.col("worth").max())
    shown = several.filter(pl.col("len") > 1).sort("worth", descending=True, maintain_order=True).head(len(PALETTE))
    if shown.is_empty():
        return
    worth = found.figures("size_worth", "sized_option")
    kept = set(shown["option"])
    points = [
        Point("as stated" if size == 1 else f"{write_number(size)} times", worth[name], option)
        for name, option, size in sized.select("item", "option", "size").rows()
        if option in kept
    ]
    title = f"What an option is worth at each size, {found.model}"
    yield Heading("What size brings", 4)
    yield line_chart(points, slug=f"size-worth-{found.slug}", title=title, labels="Size, of what is stated")
    if several.filter(pl.col("len") > 1).height > shown.height:
        yield Paragraph((CHART_NOTE.format(count=shown.height),))


def _limits(found: _Found) -> Iterator[Block]:
    """What the plan uses of each limit, and what more of it would bring, in words."""
    rows = found.part(LIMIT).to_dicts()
    if not rows:
        return
    keys = ("size_limit_most", "size_limit_used", "size_limit_left", "size_limit_together", "size_limit_one_more")
    figures = [found.figures(key, "limit") for key in keys]
    body: list[tuple[Cell, ...]] = [
        (row["item"], *(of[row["item"]] for of in figures[:-1]), _step(row), figures[-1][row["item"]]) for row in rows
    ]
    heads = ("Limit", "At most", "The plan uses", "Left", "Uses run together", "Step", "A step more brings")
    yield Heading("Limits", 4)
    yield joined(f"size-limits-{found.slug}", "What each limit costs", heads, body)
    yield Paragraph(("What more of each would bring, where the others stay:",))
    yield Bullets(tuple((f"{row['item']}: {row['words']}",) for row in rows))


def _step(row: dict[str, Any]) -> str:
    """The step of a limit in words."""
    unit, one, step, _ = LIMITS[row["item"]]
    return f"one {one}" if row["item"] == WAITING_LIMIT else unit.write(step)


def _alternatives(found: _Found) -> Iterator[Block]:
    """Which options exclude each other, and why."""
    rows = found.part(PAIR).to_dicts()
    if rows:
        body: list[tuple[Cell, ...]] = [(row["item"], row["words"]) for row in rows]
        heads = ("At most one of", "Why")
        yield Heading("Alternatives", 4)
        yield joined(f"size-alternatives-{found.slug}", "Options that exclude each other", heads, body)


TOPIC = Topic(
    slug="sizes",
    stage="plan",
    title="How much of each option",
    lead="Which sizes of options to buy within budgets and staff, and what one more pound or post would bring.",
    chapter=chapter,
)
