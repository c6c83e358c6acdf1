"""The chapter on which options to choose, and the blocks of one choice."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from parity.documents.figure_tables import joined, period_words
from parity.documents.frontiers import Measure, frontier_chart
from parity.documents.model import Block, Bullets, Callout, Cell, Chart, Heading, Paragraph
from parity.layout.topic import Topic
from parity.methods.portfolios import NO_OPTION
from parity.plan.flow_answer import AT_ONCE_LIMIT, LIMIT, OPTION, PORTFOLIO, WHOLE
from parity.plan.flow_paths import NO_CHANCE
from parity.tables import Desk
from parity.terms.figure import Figure
from parity.terms.units import Unit

ABSENT = "The programme has no flow model with scenarios, among which one could choose."
MEANING = (
    "Every set of the options is run on the same draws of the model’s numbers, and compared with services that stay as "
    "they are. Pounds are those of the model’s first month. The net present value is the mean of the draws, counted "
    "for less the later it comes, as the Green Book says; the range beside it holds 95 of 100 draws. The page of "
    "scenarios shows instead what follows from the numbers as stated, so the two differ a little."
)
WHOLE_PEOPLE = "People are counted in parts here, as an average, though elsewhere the model counts whole people."
REGRET = (
    "Regret is what a choice gives away on average, because some draws would have favoured another portfolio. The "
    "chance to be best is the share of draws in which no other portfolio within the limits is worth more; portfolios "
    "that are worth the same share a draw."
)
WHAT_IT_USES = (
    "Out at once is the most that has been spent, at any time, beyond what was saved until then: money that must be "
    "found before savings come back. Extra in a year is the most by which a year of the model, counted from its first "
    "month, costs more than services as they are."
)
GOOD = (
    "Of the tenth of all portfolios within the limits that is worth most, the share that holds each option: an option "
    "that nearly all of them hold is safe to begin with."
)
APART = (
    "What two such options would come to together cannot be told from what each changes, so no portfolio holds both. "
    "Those that only move people out of the same setting can be combined where the page is asked to."
)
CERTAIN = (
    "Taken as certain, since no number that changes has an interval: {names}. A chance to be best says nothing of what "
    "could go wrong there."
)
ALL_CERTAIN = "All options are taken as certain, so no range and no chance is shown."
LESS = "Regret is how much less a portfolio is worth than the best."
SHARED = "The best is not certain: in some draws another portfolio is worth more."
ALONE = "No other portfolio keeps within the limits."
SURE = "In every draw no other portfolio within the limits is worth more."
WAITING = "portfolio_waiting"
HALF = 0.5
"""Of a person: less is written as nobody."""
WORTH, AT_ONCE, IN_YEAR = "Net present value", "Out at once", "Extra in a year"
COSTS = "Net present cost against services as they are (below £0 it saves)"
MONEY_OUT = "Most money out at once before savings come back"


@dataclass(frozen=True)
class _Chosen:
    """A choice as its figures and the rows of its answer tell of it."""

    desk: Desk
    rows: pl.DataFrame
    slug: str
    is_whole: bool

    @property
    def model(self) -> str:
        return str(self.rows["model"][0])

    @property
    def aim(self) -> str:
        """What is wanted beside money; empty for nothing."""
        return str(self.part(PORTFOLIO)["aim"][0] or "")

    @property
    def is_certain(self) -> bool:
        """Whether nothing can be said of chance, since no number that decides has an interval."""
        return self.part(PORTFOLIO).filter("is_best")["chance_best"][0] is None

    def part(self, name: str) -> pl.DataFrame:
        return self.rows.filter(part=name)

    def figures(self, key: str, by: str) -> dict[str, Figure]:
        """The figures of an indicator of this model, by the value of a dimension."""
        found = (one for one in self.desk.figures(key) if dict(one.where)["model"] == self.model)
        return {dict(one.where)[by]: one for one in found}


def chapter(desk: Desk) -> list[Block]:
    """For each model of the programme that has options: what is best, the frontier, every option and limit."""
    found = desk.table("flow_portfolios")
    models = [] if found is None else found[0]["model"].unique(maintain_order=True).to_list()
    return [block for model in models for block in choice_blocks(desk, model)] or [Paragraph((ABSENT,))]


def choice_blocks(desk: Desk, model: str) -> list[Block]:
    """The choice among the options of one model; nothing where it has none."""
    found, told = desk.table("flow_portfolios"), desk.table("flow_models")
    rows = pl.DataFrame() if found is None else found[0].filter(model=model)
    if rows.is_empty() or told is None:
        return []
    places = told[0]["model"].to_list()
    is_whole = bool(told[0].filter(model=model)["whole_people"].any())
    chosen = _Chosen(desk, rows, slug=str(places.index(model) + 1), is_whole=is_whole)
    missing = rows["missing"].drop_nulls()
    if missing.len():
        return [Heading(model, 3), Callout("The portfolios are not worked out here", (missing[0],))]
    return [
        *_opening(chosen),
        *_best(chosen),
        *_frontier(chosen),
        *_portfolios(chosen),
        *_options(chosen),
        *_limits(chosen),
        *_alternatives(chosen),
    ]


def _opening(chosen: _Chosen) -> list[Block]:
    """Among what it is chosen, on how many draws, and within which limits."""
    whole = chosen.part(WHOLE).row(0, named=True)
    options, limits = chosen.part(OPTION)["item"].to_list(), _limit_rows(chosen)
    count, draws = (Unit.COUNT.write(whole[name], bare=True) for name in ("portfolios", "draws"))
    rests = "The options are scenarios of the model, or levers of its only scenario, each with all that it changes:"
    drawn = f"{count} portfolios, each on {draws} draws" if whole["draws"] > 1 else f"{count} portfolios"
    sentence = f"{period_words(chosen.rows['period'][0])}: {drawn}. {rests}"
    return [
        Heading(chosen.model, 3),
        Paragraph((sentence,)),
        Bullets(tuple((name,) for name in options)),
        *_within(limits),
        Paragraph((" ".join([MEANING, *([WHOLE_PEOPLE] if chosen.is_whole else [])]),)),
        *_certain(chosen),
    ]


def _certain(chosen: _Chosen) -> list[Block]:
    """Which options have no range, alone."""
    if chosen.is_certain:
        return [Paragraph((ALL_CERTAIN,))]
    alone = chosen.part(PORTFOLIO).filter(pl.col("item").is_in(chosen.part(OPTION)["item"].implode()))
    names = alone.filter(pl.col("worth_lower").is_null())["item"]
    return [Paragraph((CERTAIN.format(names=", ".join(f"“{name}”" for name in names)),))] if len(names) else []


def _within(limits: list[dict[str, Any]]) -> list[Block]:
    words = [f"{row['item']}: at most {Unit[row['unit']].write(row['most'])}." for row in limits]
    return [Paragraph(("Within these limits:",)), Bullets(tuple((one,) for one in words))] if words else []


def _limit_rows(chosen: _Chosen) -> list[dict[str, Any]]:
    return chosen.part(LIMIT).filter(pl.col("unit").is_not_null()).to_dicts()


def _best(chosen: _Chosen) -> list[Block]:
    """What is best, how sure that is, and what it would be worth to know more."""
    name = chosen.part(PORTFOLIO).filter("is_best")["item"][0]
    keys = ("portfolio_worth", "portfolio_chance_best", "portfolio_regret")
    worth, chance, regret = (chosen.figures(key, "portfolio")[name] for key in keys)
    information = chosen.figures("choice_information", "model")[chosen.model]
    if name == NO_OPTION:
        said: tuple[Cell, ...] = ("Within the limits nothing is worth more than that services stay as they are. ",)
    else:
        said = (f"“{name}”. Its net present value is ", worth, ". ")
    title = "Best within the limits" if _limit_rows(chosen) else "Best of all portfolios"
    if chosen.is_certain:
        return [Callout(title, (*said, NO_CHANCE))]
    is_alone = chosen.part(PORTFOLIO)["is_allowed"].sum() == 1
    sure = ALONE if is_alone else SHARED if regret.value else SURE
    return [
        Callout(
            title,
            (*said, "The chance that it is the best is ", chance, f". {sure} On average it gives away ", regret,
             ". To know beforehand how things turn out would be worth ", information,
             ": no study or trial before the choice is worth more."),
        )
    ]  # fmt: skip


def _frontier(chosen: _Chosen) -> list[Block]:
    """The efficient frontier: what it brings for what it costs."""
    rows = _on_chart(chosen)
    aim = chosen.aim
    cost = Measure(COSTS if aim else MONEY_OUT, Unit.GBP)
    gain = Measure(f"How many {aim} at the end", Unit.PEOPLE) if aim else Measure(WORTH, Unit.GBP)
    drawn = rows.select(
        portfolio="item",
        cost=-pl.col("worth") if aim else pl.col("at_once"),
        gain="gain" if aim else "worth",
        efficient="is_efficient",
        chosen="is_best",
    ).with_columns(pl.col("cost") + 0.0)
    budget = None if aim else chosen.figures("limit_most", "limit").get(AT_ONCE_LIMIT)
    title = f"What portfolios bring for what they need, {chosen.model}"
    slug = f"frontier-{chosen.slug}"
    chart = frontier_chart(drawn, slug=slug, title=title, cost=cost, gain=gain, budget=budget)
    return [Heading("Which portfolios no other beats", 4), _told(chosen, chart, rows)]


def _on_chart(chosen: _Chosen) -> pl.DataFrame:
    """The portfolios within the limits, and those that only need more at once, where that is drawn."""
    only_dear = (pl.col("words") == AT_ONCE_LIMIT).fill_null(value=False) & pl.lit(not chosen.aim)
    return chosen.part(PORTFOLIO).filter(pl.col("is_allowed") | only_dear)


def _told(chosen: _Chosen, chart: Chart, rows: pl.DataFrame) -> Chart:
    """The chart with a table of figures behind it, of those that no other beats, in the order of the chart."""
    keys = {"portfolio_gain": chosen.aim[:1].upper() + chosen.aim[1:]} if chosen.aim else {"portfolio_at_once": AT_ONCE}
    measures = {"portfolio_worth": WORTH, **keys}
    found = {key: chosen.figures(key, "portfolio") for key in measures}
    order = ("worth", "gain") if chosen.aim else ("at_once", "worth")
    names = rows.filter("is_efficient").sort(*order, "item", descending=[bool(chosen.aim), False, False])["item"]
    body: list[tuple[Cell, ...]] = [
        (name, str(number), *(of[name] for of in found.values())) for number, name in enumerate(names, start=1)
    ]
    table = joined(chart.table.slug, chart.table.caption, ("Portfolio", "Number", *measures.values()), body)
    return replace(chart, table=replace(table, notes=chart.table.notes))


def _portfolios(chosen: _Chosen) -> list[Block]:
    """Each portfolio that has figures, those worth most first; then those beyond the limits."""
    rows = chosen.part(PORTFOLIO).filter("is_shown").sort("is_allowed", "worth", descending=True, maintain_order=True)
    measures = {
        "portfolio_worth": WORTH,
        "portfolio_at_once": AT_ONCE,
        "portfolio_in_year": IN_YEAR,
        WAITING: "Not moved at the end",
        **({"portfolio_gain": chosen.aim[:1].upper() + chosen.aim[1:]} if chosen.aim else {}),
        **({} if chosen.is_certain else {"portfolio_chance_best": "Chance to be best"}),
        "portfolio_regret": "Regret",
    }
    found = {key: chosen.figures(key, "portfolio") for key in measures}
    if not any((one.value or 0) >= HALF for one in found[WAITING].values()):
        del found[WAITING]
    is_told = not rows["is_allowed"].all()
    body: list[tuple[Cell, ...]] = [
        (row["item"], *([_broken(row)] if is_told else []), *(of.get(row["item"], "–") for of in found.values()))
        for row in rows.to_dicts()
    ]
    heads = ("Portfolio", *(["Within the limits"] if is_told else []), *(measures[key] for key in found))
    table = joined(f"portfolios-{chosen.slug}", "Portfolios, those worth most first", heads, body)
    notes = (f"Left out here: {left}.",) if (left := _left_out(chosen)) else ()
    return [
        Heading("Portfolios", 4),
        replace(table, notes=notes),
        Paragraph((f"{WHAT_IT_USES} {LESS if chosen.is_certain else REGRET}",)),
    ]


def _left_out(chosen: _Chosen) -> str:
    """How many portfolios have no figures, in words; empty where all have."""
    others = chosen.part(PORTFOLIO).filter(~pl.col("is_shown"))
    counts = [others.filter(is_allowed=allowed).height for allowed in (True, False)]
    words = ("within the limits and worth less", "with options that exclude each other, or beyond a limit")
    return "; ".join(
        f"{Unit.COUNT.write(count, bare=True)} {said}" for count, said in zip(counts, words, strict=True) if count
    )


def _broken(row: dict[str, Any]) -> str:
    return "yes" if row["is_allowed"] else f"no: {row['words']}"


def _options(chosen: _Chosen) -> list[Block]:
    """How often each option is among the good portfolios, and what is lost without it."""
    measures = {
        "option_share_of_best": "Share of the good portfolios that hold it",
        **({} if chosen.is_certain else {"option_chance_in_best": "Chance that the best holds it"}),
        "option_lost_without": "Lost without it",
    }
    found = {key: chosen.figures(key, "option") for key in measures}
    body: list[tuple[Cell, ...]] = [
        (name, *(of.get(name, "–") for of in found.values())) for name in chosen.part(OPTION)["item"]
    ]
    table = joined(f"options-{chosen.slug}", "Each option", ("Option", *measures.values()), body)
    return [Heading("Options", 4), table, Paragraph((GOOD,))]


def _limits(chosen: _Chosen) -> list[Block]:
    """What the best uses of each limit, and what more of it would bring, in words."""
    rows = _limit_rows(chosen)
    if not rows:
        return []
    most, used = (chosen.figures(key, "limit") for key in ("limit_most", "limit_used"))
    gain = chosen.figures("limit_gain", "limit")
    body: list[tuple[Cell, ...]] = [
        (row["item"], most[row["item"]], used[row["item"]], gain[row["item"]], row["words"]) for row in rows
    ]
    heads = ("Limit", "At most", "The best uses", "Worth more without it", "What more of it would bring")
    return [Heading("Limits", 4), joined(f"limits-{chosen.slug}", "What each limit costs", heads, body)]


def _alternatives(chosen: _Chosen) -> list[Block]:
    """Which options exclude each other, and why."""
    rows = chosen.part(LIMIT).filter(pl.col("unit").is_null()).to_dicts()
    if not rows:
        return []
    body: list[tuple[Cell, ...]] = [(row["item"], row["words"]) for row in rows]
    table = joined(f"alternatives-{chosen.slug}", "Options that exclude each other", ("At most one of", "Why"), body)
    return [Heading("Alternatives", 4), table, Paragraph((APART,))]


TOPIC = Topic(
    slug="choice",
    stage="plan",
    title="Which options to choose",
    lead="Every combination of options that invest to save: which is worth most within a budget, and how sure that is.",
    chapter=chapter,
)
