"""What is said of figures where they are printed: why one is missing, its caveats, basis, prices and sources."""

from collections.abc import Iterable

from parity.terms.figure import Figure
from parity.terms.release import Release


def source_notes(figures: Iterable[Figure]) -> tuple[str, ...]:
    """The caveats of the figures and one sentence that names the releases they rest on, each once."""
    listed = list(figures)
    caveats = dict.fromkeys(caveat for figure in listed for caveat in figure.caveats)
    return (*caveats, *source_sentence(listed))


def source_sentence(figures: Iterable[Figure]) -> tuple[str, ...]:
    """One sentence that names every release once, such as `Source: spend@1a2b3c4d (seed 002).`; none without any."""
    named = list(dict.fromkeys(_named(release) for figure in figures for release in figure.releases))
    if not named:
        return ()
    return (f"{'Source' if len(named) == 1 else 'Sources'}: {'; '.join(named)}.",)


def remarks_on(figure: Figure) -> tuple[str, ...]:
    """What a reader must know of this one figure: why it is missing, basis, price year, caveats."""
    found = (
        figure.missing,
        f"Basis: {figure.basis}." if figure.basis else None,
        f"Prices of {figure.price_year}." if figure.price_year else None,
        *figure.caveats,
    )
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def interval_sentence(figure: Figure) -> tuple[str, ...]:
    """What the brackets after the figure hold; none where it has no interval."""
    if not figure.interval_text:
        return ()
    kind = figure.indicator.interval
    return (f"In brackets: {kind}.",) if kind else ("In brackets: the figure's interval.",)


def full_note(figure: Figure) -> str:
    """The note on a figure that stands in a sentence: what it is, its interval, remarks and sources."""
    value = f"{figure.text} ({figure.interval_text})" if figure.interval_text else figure.text
    sentences = (
        f"{figure.title}: {value}.",
        *interval_sentence(figure),
        *remarks_on(figure),
        *source_sentence([figure]),
    )
    return " ".join(sentences)


def _named(release: Release) -> str:
    """The release's name with the address it came from."""
    return f"{release.name} ({release.address})" if release.address else release.name
