"""The chapter on fitting flow models to what was counted, and the blocks of one model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.documents.counted import counted_chart
from parity.documents.figure_tables import aligned, annexed, joined, period_words, place_words
from parity.documents.model import Block, Bullets, Callout, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.plan.calibration.indicators import ALL, number_name, series_name
from parity.plan.flow_calibration import IS_TOLD, NUMBER, SENTENCE, SERIES, WHOLE
from parity.tables import Desk
from parity.terms.figure import Figure

BRING = (
    "Nothing was counted yet that {what} could be fitted to. Bring a table “flow_counts”, or enter counts in its "
    "register: for a month and a setting of the model, how many people were there at the month’s end, arrived, left "
    "services or moved on. Some numbers of the model need an interval too, within which they may move. Until then "
    "forecasts rest on the numbers as stated, and nothing says how well they meet what happened."
)
MEANING = (
    "The numbers of the model that have an interval are moved within it to where the counts are most likely. An "
    "interval that becomes narrower was told by the counts; one that stays rests on its own source."
)
AS_STATED = "Forecasts use the numbers as stated, unless somebody saves those fitted in their place."
TOGETHER = (
    "Counts often tell two numbers only together: more people who come and shorter stays give as many people. The "
    "intervals are of each number alone."
)
COMPARED = (
    "Numbers of this model were fitted to counts up to {last}, and saved. They are not fitted to these again, which "
    "would use them twice: the model as it stands is compared with them, its numbers taken as certain, so the "
    "ranges are of chance alone. Bring counts of later months to go on."
)
LATER = (
    "Numbers of this model were fitted to counts up to {last} before, and saved. Only counts of later months are used "
    "here, for the others are in the numbers already."
)
UNDER = "What was counted was counted under the changes of the scenario “{scenario}”."
GROWN = (
    "Arrivals grow with {names} as it is expected to: the counts move how many arrive in the model’s first month. "
    "Growth that turned out otherwise than expected is taken for more or fewer arrivals from the start."
)
STRANGE = "There are counts of {names}, but no model of that name. Nothing is fitted to them."
UNTOLD = "Of these numbers the counts tell next to nothing, so they stay as stated: {numbers}."
FIT_HEADS = ("Counts", "Months", "Within their range", "Missed by, on average", "Chance alone would miss by")
NUMBER_HEADS = (
    "Number",
    "As stated",
    "As stated, 95% interval",
    "As fitted",
    "Interval narrower by",
    "Source",
    "Place",
)
COUNT_HEADS = ("Counts", "Month", "Counted", "As stated", "As fitted")
EVERY, OTHERS = "Every count", "All other counts"
MOST_CHARTS = 6
"""Charts of a model: of the counts that it misses most."""
LEAST_MONTHS = 3
"""Months that a chart has at least."""


@dataclass(frozen=True)
class _Fitted:
    """A model with what its fit tells."""

    desk: Desk
    name: str
    slug: str
    rows: pl.DataFrame

    def part(self, name: str) -> pl.DataFrame:
        """The rows of the table of fits that speak of this."""
        return self.rows.filter(part=name)

    @property
    def whole(self) -> Mapping[str, Any]:
        """What is told of the model and all its counts."""
        return self.part(WHOLE).row(0, named=True)

    def figures(self, key: str, by: str) -> dict[str, Figure]:
        """The figures of the model by the value of a dimension."""
        found = self.desk.figures(f"calibration_{key}").all(model=self.name)
        return {dict(figure.where)[by]: figure for figure in found}

    def months(self, key: str, series: str) -> list[Figure]:
        """The figures of a series by month."""
        return sorted(
            self.desk.figures(f"calibration_{key}").all(model=self.name, series=series), key=lambda one: one.period
        )


def chapter(desk: Desk) -> list[Block]:
    """Each model of the programme: how well it meets what was counted, and what the counts say of its numbers."""
    models, fits = desk.table("flow_models"), desk.table("flow_fits")
    if models is None or fits is None:
        return [Paragraph((BRING.format(what="a flow model"),))]
    names = models[0]["model"].to_list()
    return [
        *_strange(desk, names),
        *(
            block
            for place, name in enumerate(names, start=1)
            for block in (Heading(name, 3), *_model_blocks(_Fitted(desk, name, str(place), fits[0].filter(model=name))))
        ),
    ]


def _strange(desk: Desk, names: list[str]) -> list[Block]:
    """That there are counts of models that are not there."""
    counts = desk.table("flow_counts")
    others = [] if counts is None else [name for name in counts[0]["model"].unique().sort() if name not in names]
    words = STRANGE.format(names=", ".join(f"“{name}”" for name in others))
    return [Callout("Counts without a model", (words,))] if others else []


def _model_blocks(model: _Fitted) -> list[Block]:
    """A model: may it be relied on, how well it meets each series of counts, and its numbers before and after."""
    if model.rows.is_empty():
        return [Paragraph((BRING.format(what="this model"),))]
    whole = model.whole
    if whole["missing"]:
        return [Callout("The model cannot be fitted yet", (whole["missing"],))]
    last = period_words(whole["before"] or "")
    used = [(COMPARED if whole["is_compared"] else LATER).format(last=last)] if last else []
    under = [UNDER.format(scenario=whole["scenario"])] if whole["scenario"] else []
    grown = [GROWN.format(names=whole["grown"])] if whole["grown"] else []
    told = [*under, *grown, *used]
    return [
        *(Paragraph((sentence,)) for sentence in told),
        Heading("May it be relied on?", 4),
        Bullets(tuple((words,) for words in model.part(SENTENCE)["words"])),
        *_fit(model),
        *_charts(model),
        *_numbers(model),
    ]


def _fit(model: _Fitted) -> Iterator[Block]:
    """How well the model meets all counts, and each series of them."""
    rows = model.part(SERIES).with_columns(name=series_name())
    if rows.is_empty():
        return
    within, error, by_chance = (model.figures(key, "series") for key in ("within", "error", "error_by_chance"))
    cells: list[tuple[Cell, ...]] = [
        (name, period_words(period), within[name], error[name], by_chance[name])
        for name, period in rows.select("name", "period").rows()
    ]
    every = (ALL, period_words(model.whole["period"]), within[ALL], "–", "–")
    caption = f"How well the fitted model meets the counts, {model.name}"
    yield joined(f"fit-{model.slug}", caption, FIT_HEADS, [every, *cells] if len(cells) > 1 else cells)
    (misfit,) = model.desk.figures("calibration_misfit").all(model=model.name)
    yield Paragraph(("By how much the counts differ from the model, where chance alone would be 1: ", misfit, "."))


def _charts(model: _Fitted) -> Iterator[Block]:
    """What was counted over what the model expects, of the series first that are missed most beyond chance."""
    beyond = pl.col("error") - pl.col("by_chance")
    rows = model.part(SERIES).sort(beyond, descending=True, nulls_last=True)
    names = rows.select(series_name()).to_series().to_list()
    months = {name: [model.months(key, name) for key in ("counted", "stated", "expected")] for name in names}
    drawn = [name for name in names if len(months[name][0]) >= LEAST_MONTHS][:MOST_CHARTS]
    for place, name in enumerate(drawn, start=1):
        counted, stated, expected = months[name]
        slug, title = f"counts-{model.slug}-{place}", f"{name}: counted and expected"
        yield counted_chart(counted, stated=stated, expected=expected, slug=slug, title=title)
    cells: list[tuple[Cell, ...]] = [
        (name, period_words(one[0].period), *one)
        for name in names
        if name not in drawn
        for one in zip(*months[name], strict=True)
    ]
    if cells:
        caption = f"{OTHERS if drawn else EVERY} and what the model expects, {model.name}"
        yield annexed(joined(f"counts-{model.slug}", caption, COUNT_HEADS, cells))


def _numbers(model: _Fitted) -> Iterator[Block]:
    """The numbers that the counts tell, before and after; those that they do not tell; and what forecasts use."""
    rows = model.part(NUMBER).with_columns(name=number_name())
    if rows.is_empty():
        return
    fitted, learned = (model.figures(key, "number") for key in ("number", "learned"))
    told = rows.filter(IS_TOLD)
    yield Heading("What the counts say of its numbers", 4)
    yield Paragraph((f"{MEANING} {AS_STATED}",))
    if told.height:
        cells = [(*_stated(row, fitted[row["name"]]), learned[row["name"]], *_from(row)) for row in told.to_dicts()]
        caption = f"Numbers as stated and as fitted, {model.name}"
        yield aligned(joined(f"fitted-{model.slug}", caption, NUMBER_HEADS, cells), *NUMBER_HEADS[1:3])
        yield Paragraph((TOGETHER,))
        against = [row for row in told.to_dicts() if row["words"]]
        if against:
            yield Callout(
                "Counts that contradict a source", (" ".join(f"{one['name']}: {one['words']}" for one in against),)
            )
    untold = rows.filter(~IS_TOLD)["name"].to_list()
    if untold:
        yield Paragraph((UNTOLD.format(numbers="; ".join(untold)),))


def _stated(row: Mapping[str, Any], fitted: Figure) -> tuple[Cell, ...]:
    """A number by name, as stated with its interval, in the unit of the number as fitted, which follows."""
    write = fitted.unit
    return row["name"], write.write(row["value"]), write.write_range(row["lower"], row["upper"]), fitted


def _from(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"] or "not said", place_words(row["place"] or "") or "–"


TOPIC = Topic(
    slug="calibration",
    stage="plan",
    title="Fit to counts",
    lead="How well the models of care meet what was counted, and what the counts say of their numbers.",
    chapter=chapter,
)
