"""The chapter on options."""

import polars as pl

from parity.documents.charts import Point, grouped_bar_chart
from parity.documents.figure_tables import joined, worded
from parity.documents.model import Block, Bullets, Callout, Cell, Chart, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk

KINDS = {"cost": "costs", "release": "releases"}


def chapter(desk: Desk) -> list[Block]:
    """The options side by side in words and money, the one recommended, and what each cost is made of."""
    options, costs = desk.table("options"), desk.figures("option_cost").all()
    if options is None and not costs:
        return [Paragraph(("The programme has no tables “options” and “option_costs”, which would hold them.",))]
    words = [] if options is None else _words(options[0])
    titles = {} if options is None else dict(options[0].select("option", "title").rows())
    chosen = [] if options is None else options[0].filter("recommended")["option"].to_list()
    money = _money(desk, titles) if costs else [Paragraph(("The source gives no costs of the options.",))]
    recommended = [_recommended(desk, option, titles[option]) for option in chosen]
    return [*words, *recommended, *money]


def _words(options: pl.DataFrame) -> list[Block]:
    heads = {
        "title": "Option",
        "meets_targets": "Meets the targets?",
        "unit_cost_effect": "Effect on unit cost",
        "tailoring": "Tailoring to people",
    }
    in_words = options.with_columns(
        title=pl.when("recommended")
        .then(pl.format("{} (recommended): {}", "option", "title"))
        .otherwise(pl.format("{}: {}", "option", "title"))
    )
    table = worded("options", "The options compared", in_words, heads=heads)
    remarks = options.filter(pl.col("note").is_not_null())
    items = tuple((f"Option {row['option']}: {row['note']}.",) for row in remarks.iter_rows(named=True))
    return [table, Bullets(items)] if items else [table]


def _recommended(desk: Desk, option: str, title: str) -> Callout:
    keys = ("option_cost", "option_release", "option_net")
    cost, release, net = (desk.figures(key).one(option=option) for key in keys)
    sentence = (f"{title}. It costs ", cost, " a year, releases ", release, ", and needs ", net, " on balance.")
    return Callout(f"Recommended: option {option}", sentence)


def _money(desk: Desk, titles: dict[str, str]) -> list[Block]:
    """What each option costs and releases, as a chart and tables."""
    rows: list[tuple[Cell, ...]] = []
    points: list[Point] = []
    for cost in desk.figures("option_cost").all():
        option = dict(cost.where)["option"]
        name = f"{option}: {titles[option]}" if option in titles else option
        release, net = (desk.figures(key).one(option=option) for key in ("option_release", "option_net"))
        rows.append((name, cost, release, net))
        points += [Point(name, cost, "Cost"), Point(name, release, "Release")]
    heads = ("Option", "Cost a year", "Released a year", "Net cost a year")
    return [
        Heading("What the options cost", 3),
        _chart(points),
        joined("option-costs", "Cost, release and net cost of each option", heads, rows),
        Heading("What the costs are made of", 3),
        _items(desk),
    ]


def _chart(points: list[Point]) -> Chart:
    return grouped_bar_chart(points, slug="option-money", title="What each option costs and releases", labels="Option")


def _items(desk: Desk) -> Table:
    posts = {figure.where: figure for figure in desk.figures("option_posts")}
    each = {figure.where: figure for figure in desk.figures("option_cost_per_wte")}
    found = desk.table("option_costs")
    kinds = (
        {} if found is None else {row[:2]: KINDS[row[2]] for row in found[0].select("option", "item", "kind").rows()}
    )
    rows: list[tuple[Cell, ...]] = []
    for amount in desk.figures("option_item_amount"):
        option, item = (value for _, value in amount.where)
        more = (posts.get(amount.where, "–"), each.get(amount.where, "–"))
        rows.append((option, item, kinds[option, item], amount, *more))
    heads = ("Option", "Item", "Costs or releases", "A year", "Posts", "For one post")
    return joined("option-items", "Items of each option", heads, rows)


TOPIC = Topic(
    slug="options",
    stage="plan",
    title="Options",
    lead="What could be done instead, what each way costs and releases, and which one is recommended.",
    chapter=chapter,
)
