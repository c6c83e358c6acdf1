"""Which blocks of an edition stand on upright pages and which on pages turned on their side."""

from collections.abc import Iterable

from parity.documents.edition import Print, Prose, Title
from parity.documents.grid import Grid


def oriented(blocks: Iterable[Print]) -> list[tuple[bool, list[Print]]]:
    """The blocks in runs, each with whether its pages are turned on their side, in reading order.

    Wide tables that follow each other are turned together with the headings and paragraphs that lead to them, which
    would else stand alone on the page before.
    """
    runs: list[tuple[bool, list[Print]]] = [(False, [])]
    for block in blocks:
        turned, run = runs[-1]
        if not (isinstance(block, Grid) and block.wide):
            if turned:
                runs.append((False, []))
            runs[-1][1].append(block)
        elif turned:
            run.append(block)
        else:
            start = len(run) - _lead(run)
            runs.append((True, [*run[start:], block]))
            del run[start:]
    return [(turned, run) for turned, run in runs if run]


def _lead(run: list[Print]) -> int:
    """How many of the last blocks are headings with the paragraphs under them, and no other block between."""
    first = len(run)
    while first and isinstance(run[first - 1], Prose):
        first -= 1
    if not first or not isinstance(run[first - 1], Title):
        return 0
    while first and isinstance(run[first - 1], Title):
        first -= 1
    return len(run) - first
