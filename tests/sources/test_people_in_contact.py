"""People in contact: one series by month, and no other measure under its name."""

from pathlib import Path

import pytest

from parity.sources.people_in_contact import MEASURE, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

HEAD = ["date", "measure", "count"]


def test_the_series_is_by_month(tmp_path: Path) -> None:
    file = typed(tmp_path / "people.csv", [HEAD, ["2016-05-31", MEASURE, 12], ["2016-04-30", MEASURE, 10]])
    name, frame = read_edition(PUBLICATION, file)
    assert (name, frame.drop("edition").rows()) == (
        "to 2016-05",
        [("E92000001", "2016-04", 10), ("E92000001", "2016-05", 12)],
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["2016-04-30", "People in beds", 10], "holds “People in beds” beside"),
        (["April", MEASURE, 10], "“April” is no day"),
    ],
)
def test_another_measure_or_date_is_refused(row: list[object], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "people.csv", [HEAD, row]))


@needs_data
def test_the_file_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official("mhsds_people_in_contact_england_monthly_2016_04_to_2024_04.csv"))
    assert (name, frame.height, frame["people"][-2], frame["period"][-2]) == ("to 2024-04", 97, 1_941_391, "2024-03")
