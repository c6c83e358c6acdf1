"""What is said of figures where they are printed: why one is missing, its caveats, basis, prices and sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from parity.terms.basis import Basis
from parity.terms.figure import Citation, Figure

PLACES_SHOWN = 6
SECTION = re.compile(r"\bs(?=[0-9])")


def source_sentence(figures: Iterable[Figure]) -> tuple[str, ...]:
    """One sentence with every document and place, then the tables read with their releases; none without any.

    Such as `Source: document 002, para 7.3. Read from population (release 1a2b3c4d5e6f).`
    """
    listed = list(figures)
    releases = dict.fromkeys(release for figure in listed for release in figure.releases)
    places = dict.fromkeys(citation for figure in listed for citation in figure.citations)
    if not places:
        named = cited_publications(listed)
        return _sources("; ".join(named), len(named))
    documents = [_cited(key, list(found)) for key, found in groupby(sorted(places), key=itemgetter(0))]
    read = ", ".join(f"{release.stem.replace('_', ' ')} (release {release.id})" for release in releases)
    return _sources(f"{'; '.join(documents)}. Read from {read}", len(places))


def cited_publications(figures: Iterable[Figure]) -> tuple[str, ...]:
    """What the tables behind the figures cite, each once; tables that give no number only where there are no others."""
    releases = dict.fromkeys(release for figure in figures for release in figure.releases)
    counted = [release for release in releases if not release.lookup] or list(releases)
    return tuple(dict.fromkeys(part for release in counted for part in release.parts_cited))


def numbered_sources(named: Sequence[str], numbers: Mapping[str, int], *, told: set[str]) -> tuple[str, ...]:
    """The sentence on sources by their numbers in a list, such as `Sources: S1, S4.`; those not yet `told` in full."""
    full = [f"{name} (S{numbers[name]})" for name in named if name not in told]
    short = ", ".join(f"S{numbers[name]}" for name in named if name in told)
    told.update(named)
    return _sources("; ".join([*full, *([short] if short else [])]), len(named))


def _sources(words: str, number: int) -> tuple[str, ...]:
    return (f"{'Source' if number == 1 else 'Sources'}: {words}.",) if number else ()


def _cited(document: str, citations: Sequence[Citation]) -> str:
    """`document 002, para 7.3, para 7.6`; of many places the first few and how many more."""
    places = [SECTION.sub("section ", place) for _, place in citations]
    more = f" and {len(places) - PLACES_SHOWN} more places" if len(places) > PLACES_SHOWN else ""
    named = f"document {document}" if document.isdigit() else document
    return f"{named}, {', '.join(places[:PLACES_SHOWN])}{more}"


def remarks_on(figure: Figure) -> tuple[str, ...]:
    """What a reader must know of this one figure: why it is missing, basis, price year, caveats."""
    found = (
        figure.missing,
        _basis(figure.basis),
        f"Prices of {figure.price_year}." if figure.price_year else None,
        *figure.caveats,
    )
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def _basis(basis: str | None) -> str | None:
    if basis == Basis.NOT_STATED.value:
        return "The source does not state the basis."
    return f"Basis: {basis}." if basis else None


def interval_sentence(figure: Figure) -> tuple[str, ...]:
    """What the brackets after the figure hold; none where it has no interval."""
    if not figure.interval_text:
        return ()
    kind = figure.indicator.interval
    return (f"In brackets: {kind}.",) if kind else ("In brackets: the figure's interval.",)


def full_note(figure: Figure, sources: Iterable[str] | None = None) -> str:
    """The note on a figure that stands in a sentence: what it is, its interval, remarks and sources.

    `sources` is the sentence on sources, where it is not the figure's own in full.
    """
    value = f"{figure.text} ({figure.interval_text})" if figure.interval_text else figure.text
    sentences = (
        f"{figure.title}: {value}.",
        *interval_sentence(figure),
        *remarks_on(figure),
        *(source_sentence([figure]) if sources is None else sources),
    )
    return " ".join(sentences)
