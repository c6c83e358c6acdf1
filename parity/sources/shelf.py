"""All publications that Parity reads, each declared in a file of its own beside this one."""

from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import polars as pl
from polars.exceptions import PolarsError

from parity import sources
from parity.sources.reading.official import checked
from parity.terms.errors import NotFound, SourceChanged
from parity.terms.publication import Publication

_BESIDE = (module.name for module in iter_modules(sources.__path__, f"{sources.__name__}.") if not module.ispkg)
_DECLARED = (import_module(name).PUBLICATION for name in _BESIDE if name != __name__)
SHELF: dict[str, Publication] = {publication.stem: publication for publication in _DECLARED}
"""Every publication by its stem, in alphabetical order."""


def publication(stem: str) -> Publication:
    """The publication of this stem. Raises NotFound with a sentence that tells how to list them."""
    try:
        return SHELF[stem]
    except KeyError:
        raise NotFound(f"No publication is called “{stem}”; `parity sources` lists them.") from None


def publication_of(file: Path) -> Publication | None:
    """The publication whose files have such a name; None where there is none."""
    name = file.name.lower()
    return next((each for each in SHELF.values() if any(fnmatch(name, known) for known in each.files)), None)


def read_edition(publication: Publication, file: Path) -> tuple[str, pl.DataFrame]:
    """A file's edition and its rows, tidy and checked. Raises SourceChanged where its layout is not the one known."""
    try:
        edition = publication.tidy(file)
    except PolarsError as error:
        raise SourceChanged(f"{file.name} is not as it was: {str(error).splitlines()[0]}.") from None
    return edition.name, checked(publication, edition, file=file)
