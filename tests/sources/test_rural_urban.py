"""Rural and urban classes of small areas and of councils."""

from pathlib import Path

import pytest

from parity.sources.rural_urban import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

CLASSES = {"classification": ["Rural village"], "ruc": ["Rural"]}


@pytest.mark.parametrize(
    ("heads", "edition"),
    [
        (("lsoa11_code", "ruc11_code"), "2011 small areas"),
        (("lsoa21_code", "ruc21_code"), "2021 small areas"),
        (("ltla24_code", "ruc21_code"), "2021 councils"),
    ],
)
def test_each_classification_is_an_edition(heads: tuple[str, str], edition: str, tmp_path: Path) -> None:
    area, code = heads
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "ruc.csv", {area: ["E01"], code: ["E1"], **CLASSES}))
    assert (name, frame.rows()) == (edition, [(edition, "E01", "E1", "Rural village", "rural")])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa21_code”"):
        tidy(kept(tmp_path / "ruc.csv", {"other": ["x"]}))


@needs_data
@pytest.mark.parametrize(
    ("file", "rural", "urban"),
    [("ruc11_lsoa11.parquet", 6_204, 28_549), ("ruc21_lsoa21.parquet", 6_115, 29_557), ("ruc21_lad24.csv", 87, 231)],
)
def test_every_area_is_rural_or_urban(file: str, rural: int, urban: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert dict(frame.group_by("settlement").len().iter_rows()) == {"rural": rural, "urban": urban}
