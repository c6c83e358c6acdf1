"""The blocks of each service of which a table tells numbers: in words, its figures, and what they rest on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parity.documents.figure_tables import joined, parted, period_words
from parity.documents.model import Block, Cell, Heading
from parity.plan.told_numbers import WHERE, Units, numbers_table
from parity.tables import Desk
from parity.terms.figure import Figure


@dataclass(frozen=True, eq=False)
class ToldServices:
    """What is shown of each service: its table of numbers with their units, and its figures with what they are called.

    `slug` and `caption` are those of the table of figures; `in_words` tells them in sentences.
    """

    stem: str
    units: Units
    titles: Mapping[str, str]
    slug: str
    caption: str
    in_words: Callable[[dict[str, Figure]], list[Block]]


def service_blocks(desk: Desk, figures: Sequence[Figure], shown: ToldServices) -> list[Block]:
    """The blocks of each service, area and period of these figures, of which there is one for each."""
    places = parted(figures, keys=WHERE).values()
    return [block for number, (one,) in enumerate(places, start=1) for block in _service(desk, one, number, shown)]


def _service(desk: Desk, figure: Figure, number: int, shown: ToldServices) -> list[Block]:
    """One service of an area and period."""
    title = f"{dict(figure.where)['service']}, {figure.area.name}, {period_words(figure.period)}"
    found = {key: desk.figures(key).one(**figure.address) for key in shown.titles}
    rows: list[tuple[Cell, ...]] = [(words, found[key]) for key, words in shown.titles.items()]
    told = desk.table(shown.stem)
    own = [] if told is None else [told[0].filter(**figure.address)]
    slug, caption = f"{shown.slug}-numbers-{number}", f"What it rests on: {title}"
    return [
        Heading(title, 3),
        *shown.in_words(found),
        joined(f"{shown.slug}-{number}", f"{shown.caption}: {title}", ("Figure", "Value"), rows),
        *(numbers_table(numbers, units=shown.units, slug=slug, caption=caption) for numbers in own),
    ]
