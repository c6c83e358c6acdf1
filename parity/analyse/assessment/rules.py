"""Key messages: what may be said of figures, so that nothing claims more than its interval allows.

A message is a sentence in parts, in which every number is a figure with its provenance. None is written where a figure
that it needs has no value.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parity.analyse.people import ages_of
from parity.documents.figure_tables import by, period_words
from parity.documents.model import Cell
from parity.terms.figure import Figure
from parity.terms.units import Unit

Message = tuple[Cell, ...]
OLD_AFTER = 5
"""So many years before the year asked for, a figure is called old."""
MOST_NAMED = 3
"""So many measures are named in one message; the chapter has them all."""
NEITHER = ("higher", "lower")
"""Verdicts on measures of which neither way is better."""
YEARS = re.compile(r"(\d{4})(/\d{2})?")
"""Years in a period; a financial year ends in the next one."""
BASE_YEAR = re.compile(r"\d{4}-based")
"""How a projection names the year whose estimates it starts from."""
SCREEN = " screen positive"


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure of an area, England's, the verdict on the two, and how it lies beside others; empty where untold."""

    own: Figure
    england: Figure
    verdict: str
    beside: str

    @property
    def name(self) -> str:
        """The measure's name, as it stands in a sentence."""
        return _small(by("measure")(self.own).replace(": ", ", "))


def side(own: Figure, other: Figure) -> str:
    """`above` or `below` where the intervals of both lie apart, `not apart` where they do not, else `untold`.

    A figure without an interval is compared with the other's interval alone; without any it cannot be told whether a
    difference is more than chance.
    """
    ends = [_ends(figure) for figure in (own, other)]
    if None in ends or all(low == high for low, high in filter(None, ends)):
        return "untold"
    (low, high), (others_low, others_high) = filter(None, ends)
    if low > others_high:
        return "above"
    return "below" if high < others_low else "not apart"


def among(own: Figure, others: Sequence[Figure]) -> str:
    """How a full count stands among those compared: the highest, the lowest, or higher than how many; equals are none.

    For counts of everything there is: no chance is in them. An empty text where nobody compared has a value.
    """
    known = [figure.value for figure in others if figure.value is not None]
    if own.value is None or not known:
        return ""
    lower, higher = sum(value < own.value for value in known), sum(value > own.value for value in known)
    if lower == len(known):
        return "more than in any area compared"
    if higher == len(known):
        return "less than in any area compared"
    if not lower + higher:
        return "as much as in every area compared"
    word, number = ("more", lower) if lower else ("less", higher)
    return f"{word} than in {number} of the {len(known)} areas compared"


def people_message(now: Figure, older: Figure, older_last: Figure) -> Message | None:
    """Residents, and those of 65 and over now and in the last year projected."""
    if _lacks(now, older, older_last):
        return None
    base = BASE_YEAR.search(" ".join(release.cited for release in now.releases))
    whose = f"{base[0]} projection" if base else "projection"
    words = f" people live in {now.area.name} in {now.period} by the {whose}; "
    then = f" would be in {older_last.period}. The projection knows no birth, death or move since, and has no interval."
    return now, words, older, " of them are 65 and over, and ", older_last, then


def deprivation_message(own: Figure, others: Sequence[Figure], england: Figure) -> Message | None:
    """The share of small areas in the most deprived tenth beside England's: a count of all small areas."""
    if _lacks(own, england):
        return None
    words = f" of {own.area.name}’s small areas lie in the most deprived tenth of England ({own.period})"
    return own, f"{words}{_aside(among(own, others))}; in England as a whole ", england, " do."


def largest_message(now: Sequence[Figure], changes: Sequence[Figure]) -> Message | None:
    """The condition with the most people expected now, with its band, and how that changes."""
    pairs = _pairs(now, changes)
    if not pairs:
        return None
    first, change = max(pairs, key=lambda pair: pair[0].value or 0.0)
    opening = f"The largest number in the table below is of people expected to have {_worded(first)}: "
    return opening, *_with_band(first), *_changed(first, change)


def growing_message(now: Sequence[Figure], changes: Sequence[Figure]) -> Message | None:
    """The condition whose number grows most in proportion; none where the largest does, or none grows for sure."""
    pairs = _pairs(now, changes)
    largest = max((figure.value or 0.0 for figure, _ in pairs), default=0.0)
    growing = [(figure, change) for figure, change in pairs if (change.lower or 0.0) > 0]
    if not growing:
        return None
    first, change = max(growing, key=lambda pair: pair[1].value or 0.0)
    if first.value == largest:
        return None
    opening = f"The number of people expected to have {_worded(first)} grows most in proportion: "
    return opening, *_with_band(first), *_changed(first, change)


def measures_message(standings: Sequence[Standing], word: str, *, whose: str) -> Message | None:
    """The measures that are better, worse, higher or lower than England's by intervals or the publisher's judgement.

    `whose` names the area that they speak of.
    """
    told = [each for each in standings if each.verdict == word and not _lacks(each.own, each.england)]
    if not told:
        return None
    does = "is" if word in NEITHER else "does"
    parts: list[Cell] = [f"{whose} {does} {word} than England beyond chance in {_so_many(len(told), 'measure')}"]
    for number, each in enumerate(told[:MOST_NAMED]):
        parts += ["; " if number else ": ", f"{each.name} (", each.own, ", England ", each.england]
        parts.append(f", {period_words(each.own.period)})")
    return *parts, "." if len(told) <= MOST_NAMED else f"; and {len(told) - MOST_NAMED} more."


def beside_message(standings: Sequence[Standing], *, whose: str, others: str) -> Message | None:
    """In how many measures an area lies apart from others, and where that is told; none where in none.

    `whose` names the area that the measures speak of, `others` those it is compared with.
    """
    apart = [each for each in standings if each.beside]
    if not apart:
        return None
    named = "; ".join(f"{each.name} ({each.beside})" for each in apart[:MOST_NAMED])
    more = f"; and {len(apart) - MOST_NAMED} more" if len(apart) > MOST_NAMED else ""
    return (f"Beyond chance, {whose} lies apart from {others} in {_so_many(len(apart), 'measure')}: {named}{more}.",)


def apart_from(own: Figure, others: Sequence[Figure]) -> str:
    """Above and below how many of the others a figure's interval lies; empty where nothing can be told or is apart."""
    sides = [told for told in (side(own, figure) for figure in others) if told != "untold"]
    counted = ((word, sides.count(word)) for word in ("above", "below"))
    told = " and ".join(f"{word} {number}" for word, number in counted if number)
    return f"{told} of {len(sides)}" if told else ""


def diagnosis_message(
    own: Figure | None, around: Sequence[Figure], england: Figure, *, where: str, verdict: str | None
) -> Message | None:
    """The share of people expected to have dementia who are not diagnosed: the place's, or the range of its councils'.

    `where` names the place, `verdict` is the publisher's on its rate of diagnosis.
    """
    known = sorted((figure for figure in around if figure.value is not None), key=lambda figure: figure.value or 0.0)
    opening = "Of people of 65 and over expected to have dementia, "
    closing = ". No interval is published, so it cannot be told which differences are more than chance."
    if _lacks(england):
        return None
    whole = (" in England were not diagnosed in ", england.period)
    if own is not None and not _lacks(own):
        told = (
            f". The publisher calls its rate of diagnosis {verdict} {_than(verdict)} England’s." if verdict else closing
        )
        return opening, own, f" in {own.area.name} and ", england, "".join(whole), told
    if len(known) > 1 and known[0].period == england.period:
        low, high = known[0], known[-1]
        range_ = f"; among the councils in {where} from ", low, f" ({low.area.name}) to ", high, f" ({high.area.name})"
        return opening, england, "".join(whole), *range_, closing
    return None


def spending_message(own: Figure, others: Sequence[Figure], england: Figure, rank: Figure | None) -> Message | None:
    """Spending a head beside England's and that of areas compared: full accounts, in which more is not better."""
    if _lacks(own, england):
        return None
    parts: list[Cell] = [f"{own.area.name} spent ", own, f" on {_people(own)} in {own.period}, gross"]
    parts += [f"{_aside(among(own, others))}; England as a whole ", england]
    if rank is not None and not _lacks(rank):
        of, _, lies = (rank.note or "").rstrip(".").partition("; ")
        far = f"{lies.partition(' by ')[0]} the others, " if lies.startswith("far") else ""
        parts += ["; rank ", rank, f" {of.lower()}, {far}1 spends most"]
    return *parts, ". More is neither better nor worse."


def homes_message(own: Figure, others: Sequence[Figure], england: Figure) -> Message | None:
    """The share of long-term spending that goes to residential and nursing care."""
    if _lacks(own, england):
        return None
    words = f" of {own.area.name}’s long-term spending on {_people(own)} went to residential and nursing care in "
    return own, f"{words}{own.period}{_aside(among(own, others))}; in England as a whole ", england, "."


def nhs_message(head: Figure, england: Figure, share: Figure | None) -> Message | None:
    """What the NHS body that buys for the place spends on mental health a head, and of its allocation."""
    if _lacks(head, england):
        return None
    what = "on mental health, with learning disability and dementia,"
    parts: list[Cell] = [f"{head.area.name} spent ", head, f" {what} in {head.period}; England ", england]
    if share is not None and not _lacks(share):
        parts += [". That was ", share, " of its allocation"]
    return *parts, "."


def old_ones(figures: Iterable[Figure], year: str) -> dict[str, list[str]]:
    """What is five years old or more in the year asked for: by period, the newest first, the names of the figures.

    Of a kind of figure the newest period counts; nothing is old where the year is none.
    """
    if not year.isdecimal():
        return {}
    newest: dict[str, Figure] = {}
    for figure in figures:
        name = dict(figure.where).get("measure", figure.indicator.title)
        if figure.value is not None and figure.unit is not Unit.RANK:
            newest[name] = max(newest.get(name, figure), figure, key=lambda each: _last_year(each, year))
    found: dict[str, list[str]] = {}
    for name, figure in sorted(newest.items(), key=lambda pair: -_last_year(pair[1], year)):
        if int(year) - _last_year(figure, year) >= OLD_AFTER:
            found.setdefault(period_words(figure.period), []).append(_small(name))
    return found


def age_message(figures: Iterable[Figure], year: str, *, where: str = "above") -> Message | None:
    """Which kinds of figures are old, and of when they are; none where none is. `where` says which figures."""
    old = old_ones(figures, year)
    if not old:
        return None
    told = " ".join(f"{period}: {'; '.join(_few(names))}." for period, names in old.items())
    opening = f"Some figures {where} are {OLD_AFTER} years old or more, though the newest that were read."
    return (f"{opening} {told} Ask whether newer ones are published before acting on these.",)


def condition_words(name: str) -> str:
    """The condition as it stands after `expected to have`: with an article where one is said."""
    if name.endswith(SCREEN):
        return f"a positive screen for {name.removesuffix(SCREEN)}"
    return f"a {name}" if name.endswith(("condition", "disorder")) else name


def _ends(figure: Figure) -> tuple[float, float] | None:
    """The ends of the figure's interval, its value twice where it has none, nothing where it has no value."""
    if figure.value is None:
        return None
    if figure.lower is None or figure.upper is None:
        return figure.value, figure.value
    return figure.lower, figure.upper


def _pairs(now: Sequence[Figure], changes: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Each figure with the change of the same condition by the same rates, where both have a value."""
    known: Mapping[object, Figure] = {figure.where: figure for figure in changes}
    found = [(figure, known[figure.where]) for figure in now if figure.where in known]
    return [(figure, change) for figure, change in found if not _lacks(figure, change)]


def _changed(now: Figure, change: Figure) -> Message:
    """Of when the number is, by whose rates, how it changes, and what its band allows to say of that."""
    low, high = _ends(change) or (0.0, 0.0)
    told = "it grows" if low > 0 else "it falls" if high < 0 else "there may be no change"
    until = change.period.rpartition(" ")[2]
    whose = f"ages {ages_of(now)}, rates of {by('rate_source')(now)}"
    rates = f" in {now.period} ({whose}); at unchanged rates the change until {until} is "
    return rates, *_with_band(change), f", so {told}."


def _worded(figure: Figure) -> str:
    return condition_words(by("condition")(figure))


def _people(figure: Figure) -> str:
    """Whom the spending is for, as it stands in a sentence: their ages after a comma are said to be theirs."""
    return by("people")(figure).replace(", ", " for people of ")


def _few(names: Sequence[str]) -> list[str]:
    """The first names, and how many more there are."""
    rest = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], *([f"and {rest} more"] if rest > 0 else [])]


def _with_band(figure: Figure) -> Message:
    return (figure, f" ({figure.interval_text})") if figure.interval_text else (figure,)


def _lacks(*figures: Figure) -> bool:
    return any(figure.value is None for figure in figures)


def _aside(words: str) -> str:
    return f", {words}" if words else ""


def _so_many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _than(verdict: str) -> str:
    return "to" if verdict == "similar" else "than"


def _small(title: str) -> str:
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def _last_year(figure: Figure, otherwise: str) -> int:
    """The last year that the figure's period names; where it names none, it is not called old."""
    return max((int(year) + bool(rest) for year, rest in YEARS.findall(figure.period)), default=int(otherwise))
