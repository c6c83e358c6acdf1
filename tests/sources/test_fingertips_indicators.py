"""Public health indicators: both layouts give one table, percentages as shares."""

from pathlib import Path

import pytest

from parity.sources.fingertips_indicators import COMPARED, PUBLICATION, SIGNS, WANTED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed

ROW = {
    "area_code": "E06000001", "area_name": "Hartlepool", "period": "2014/15", "value": "6.1", "indicator": "Depression",
    "measure": "Percentage", "unit": "Persons",
}  # fmt: skip


@pytest.mark.parametrize("compared", COMPARED)
def test_both_layouts_give_one_table(compared: str, tmp_path: Path) -> None:
    head = (*WANTED, compared)
    rows = table(head, {"period": "2013", "value": "NA", compared: "NA"}, {compared: "Lower"}, **ROW)
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "indicator.csv", rows))
    assert name == "Depression, to 2014/15"
    assert frame.select("area", "period", "who", "unit", "value", "compared", "missing").rows() == [
        ("E06000001", "2013", "persons", "share", None, None, SIGNS["NA"]),
        ("E06000001", "2014/15", "persons", "share", 0.061, "Lower", None),
    ]


@pytest.mark.parametrize(
    ("head", "change", "words"),
    [
        (WANTED, {}, "has no comparison with England"),
        ((*WANTED, COMPARED[0]), {"measure": "Score"}, "has “Score” in the column “measure”"),
        ((*WANTED, COMPARED[0]), {"period": "May"}, "“May” is no financial year"),
        ((*WANTED, COMPARED[0]), {"value": "[x]"}, "missing with a sign that is not known"),
        ((*WANTED, COMPARED[0]), {"indicator": "Anxiety"}, "holds 2 indicators instead of one"),
    ],
)
def test_another_layout_is_refused(head: tuple[str, ...], change: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "indicator.csv", table(head, {"period": "2013"}, change, **ROW)))


@needs_data
@pytest.mark.parametrize(
    ("file", "rows", "gaps", "england"),
    [
        ("fingertips_admissions_self_harm.csv", 2624, 23, 185.5),
        ("fingertips_dementia_diagnosis.csv", 656, 0, 0.675),
        ("fingertips_depression_qof_prevalence_lad_2014_15_to_2024_25.csv", 3011, 0, 0.143),
        ("fingertips_mortality_serious_mental_illness.csv", 924, 18, 370.0),
    ],
)
def test_the_files_hold_what_was_published(file: str, rows: int, gaps: int, england: float) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert (frame.height, frame["value"].null_count()) == (rows, gaps)
    assert round(frame.filter(area="E92000001")["value"][-1], 3) == england
