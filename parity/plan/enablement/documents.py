"""The chapter on enablement."""

from parity.documents.model import Block, Callout, Cell, Paragraph
from parity.layout.topic import Topic
from parity.plan.enablement.indicators import AFTER, HOURLY, HOURS, STARTS, UNITS, WEEKS
from parity.plan.told_numbers import RANGES, unsure, warned
from parity.plan.told_services import ToldServices, service_blocks
from parity.tables import Desk
from parity.terms.figure import Figure

ABSENT = (
    "The programme has no table “enablement”, which would tell how many people have some weeks of support, what those "
    "cost, and how many of them need no package of care afterwards."
)
NET = (
    "Only packages that enablement itself avoids are counted: people who would have needed none without it are taken "
    "off. What they would have cost is added up over all the weeks that a package would last, and is not discounted."
)
IN_A_FLOW = (
    f"In a model of scenarios an episode is a setting of its own. Its arrivals a month are the “{STARTS}” ÷ 12, its "
    f"length of stay is the “{WEEKS}”, and its cost of a person a week the “{HOURS}” × the “{HOURLY}”. Of those whose "
    f"stay ends, the “{AFTER}” leave services, and all others go on to a setting of packages; as services are, the "
    "same people arrive there at once, less those who would need none. Once its settings have filled, such a model "
    "holds as many people, costs as much a year and saves as much as is told here. Where a setting of a scenario "
    "already has this support in its cost, what is told here does not come on top of it."
)
TITLES = {
    "enablement_episode_cost": "Cost of one episode",
    "enablement_cost": "Cost of all episodes a year",
    "enablement_places": "Places filled on average",
    "enablement_packages_avoided": "Packages avoided a year",
    "enablement_spared": "What these packages would have cost",
    "enablement_saving": "Saving",
    "enablement_pays_chance": "Chance that it pays for itself",
    "enablement_break_even": "It pays where the share who need no package rises by",
}


def chapter(desk: Desk) -> list[Block]:
    """What each enablement service costs and avoids, whether that pays, and every number it rests on."""
    told = desk.table("enablement")
    savings = desk.figures("enablement_saving").all()
    if told is None or not savings:
        return [Paragraph((ABSENT,))]
    in_a_flow = Callout("How a scenario tells of the same episodes", (IN_A_FLOW,))
    return [*warned(told[1]), *service_blocks(desk, savings, SHOWN), Paragraph((RANGES,)), in_a_flow]


def _in_words(figures: dict[str, Figure]) -> list[Block]:
    """Cost, packages avoided and saving in sentences, as far as they are known."""
    cost, avoided, spared, saving, chance, even = (
        figures[f"enablement_{key}"]
        for key in ("cost", "packages_avoided", "spared", "saving", "pays_chance", "break_even")
    )
    if saving.value is None:
        return [Paragraph((f"Whether it pays cannot be told. {saving.missing}",))]
    pays = "it pays for itself and saves " if saving.value > 0 else "it does not pay for itself, as its saving is "
    parts: list[Cell] = ["A year’s episodes cost ", cost, ". Packages that they avoid: ", avoided]
    parts += [". These would have cost ", spared, ". By the numbers as stated ", pays, saving, unsure(saving), "."]
    if chance.value is not None:
        parts += [" The chance that it pays is ", chance, "."]
    if even.value is not None:
        parts += [" It pays where it raises the share who need no package by ", even, " or more."]
    return [Paragraph(tuple(parts)), Paragraph((NET,))]


SHOWN = ToldServices("enablement", UNITS, TITLES, "enablement", "What it costs and what it avoids", _in_words)
TOPIC = Topic(
    slug="enablement",
    stage="plan",
    title="Enablement",
    lead="What some weeks of support cost, how many packages of care they avoid, and whether that pays.",
    chapter=chapter,
)
