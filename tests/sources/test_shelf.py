"""The shelf: every publication in a file of its own, in order, and no file that two of them take."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from parity.sources.shelf import SHELF, publication, publication_of
from parity.terms.errors import NotFound
from tests.architecture.source import PACKAGE
from tests.sources.official_data import FOLDER, needs_data


def test_every_file_of_the_folder_is_on_the_shelf_in_order() -> None:
    stems = sorted(path.stem for path in (PACKAGE / "sources").glob("*.py") if path.stem not in ("__init__", "shelf"))
    assert list(SHELF) == stems


def test_a_publication_is_found_by_its_stem_and_by_a_files_name() -> None:
    assert publication("deflators") is SHELF["deflators"]
    assert publication_of(Path("UK_Cost_Indices_2025.CSV")) is SHELF["deflators"]
    assert publication_of(Path("holiday.jpeg")) is None
    with pytest.raises(NotFound, match="No publication is called “holiday”; `parity sources` lists them"):
        publication("holiday")


@needs_data
def test_every_official_file_is_known_by_its_name_as_one_publication() -> None:
    known = {
        file.name: [
            stem for stem, each in SHELF.items() if any(fnmatch(file.name.lower(), name) for name in each.files)
        ]
        for file in Path(FOLDER).rglob("*.*")
        if file.suffix != ".md"
    }
    assert {name: stems for name, stems in known.items() if len(stems) != 1} == {}
