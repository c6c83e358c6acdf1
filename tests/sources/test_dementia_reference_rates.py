"""Reference rates of dementia: twelve bands of age and sex, each with its interval."""

from pathlib import Path

import pytest

from parity.sources.dementia_reference_rates import HEADINGS, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import written


def test_bands_are_read(tmp_path: Path) -> None:
    rows = [HEADINGS, ["65-69", "Male", 0.012, 0.006, 0.023], ["90+", "Female", 0.35, 0.284, 0.423]]
    name, frame = read_edition(PUBLICATION, written(tmp_path / "rates.xlsx", {"Sheet1": rows}))
    assert (name, frame.drop("edition").rows()) == (
        "CFAS II",
        [("female", 90, None, 0.35, 0.284, 0.423), ("male", 65, 69, 0.012, 0.006, 0.023)],
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [([HEADINGS[:3]], "has no row with the headings"), ([HEADINGS, ["old", "Male", 1, 0, 1]], "“old” is no age band")],
)
def test_another_layout_is_refused(rows: list[list[object]], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, written(tmp_path / "rates.xlsx", {"Sheet1": rows}))


@needs_data
def test_the_workbook_holds_every_band() -> None:
    _, frame = read_edition(PUBLICATION, official("dementia_reference_prevalence_rates_age_sex.xlsx"))
    assert (frame.height, frame["from_age"].n_unique(), frame["share"].max()) == (12, 6, 0.35)
