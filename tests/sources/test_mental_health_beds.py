"""Mental illness beds: quarters, years and the years long ago in one table, each number once."""

from pathlib import Path

import pytest

from parity.sources.mental_health_beds import AVAILABLE, OCCUPANCY, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

HEAD = [
    "Year",
    "Period",
    "Available beds",
    "Occupied beds",
    "% occupied",
    None,
    "Year",
    "Available beds",
    "Occupied beds",
]
OCCUPIED: Rows = [
    ["Timeseries"],
    HEAD,
    ["2010/11", "Q4", 23607.5, 20455.5, 0.866, None, "2010/2011", 23448, 20276],
    ["2011/12", "Q1", 23253, 20177, 0.867],
]
LONG_AGO: Rows = [
    ["Year", "end of Q4", "number of beds"],
    ["1987/1988", "1988-03-31", 67122],
    ["2010/2011", None, 23448],
]


def test_quarters_and_years_stand_in_one_table(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, written(tmp_path / "beds.xlsx", {OCCUPANCY: OCCUPIED, AVAILABLE: LONG_AGO}))
    assert name == "to Q1 2011/12"
    assert frame.select("period", "measure", "beds").rows() == [
        ("1987/88", "available", 67122.0),
        ("2010/11", "available", 23448.0),
        ("2010/11", "occupied", 20276.0),
        ("2011-01 to 2011-03", "available", 23607.5),
        ("2011-01 to 2011-03", "occupied", 20455.5),
        ("2011-04 to 2011-06", "available", 23253.0),
        ("2011-04 to 2011-06", "occupied", 20177.0),
    ]


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({AVAILABLE: LONG_AGO}, "has no sheet “overnight bed occupancy”"),
        ({OCCUPANCY: [HEAD[:5]], AVAILABLE: LONG_AGO}, "has no block of years beside that of quarters"),
        ({OCCUPANCY: OCCUPIED, AVAILABLE: [*LONG_AGO, ["2010/2011", None, 9]]}, "two rows have the same"),
        ({OCCUPANCY: [*OCCUPIED, ["2010", "Q9", 1, 1]], AVAILABLE: LONG_AGO}, "“Q9 2010” is no quarter"),
        ({OCCUPANCY: OCCUPIED, AVAILABLE: [*LONG_AGO, ["2010/2012", None, 9]]}, "“2010/2012” is no financial year"),
    ],
)
def test_another_layout_is_refused(sheets: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, written(tmp_path / "beds.xlsx", sheets))


@needs_data
def test_the_workbook_holds_what_was_published() -> None:
    """18,171 is the average of the year 2019/20; its last quarter alone had 18,139."""
    _, frame = read_edition(PUBLICATION, official("nhse_kh03_mental_illness_beds_timeseries.xlsx"))
    available = frame.filter(measure="available").select("period", "beds").rows()
    beds = {period: round(number) for period, number in available}
    assert [beds[period] for period in ("1987/88", "2019/20", "2020-01 to 2020-03")] == [67_122, 18_171, 18_139]
