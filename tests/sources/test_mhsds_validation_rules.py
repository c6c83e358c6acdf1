"""Validation rules: one row a code, one way to write an outcome."""

from pathlib import Path

import pytest

from parity.sources.mhsds_validation_rules import PUBLICATION, RENAMED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed


def test_a_rule_is_a_row(tmp_path: Path) -> None:
    rows = table([*RENAMED], {**dict.fromkeys(RENAMED, " x "), "Error Code": "MHS1", "Error Level": "Record Rejected"})
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "rules_v6.0.csv", rows))
    assert (name, frame["outcome"].to_list(), frame["table"].to_list()) == ("MHSDS v6", ["Record rejected"], ["x"])


@pytest.mark.parametrize(
    ("file", "head", "words"),
    [("rules.csv", [*RENAMED], "names no version"), ("rules_v6.csv", ["Table"], "has no column “Error Code”")],
)
def test_what_is_gone_is_named(file: str, head: list[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / file, [head]))


@needs_data
def test_the_file_holds_every_rule() -> None:
    name, frame = read_edition(PUBLICATION, official("nhse_mhsds_v6_validation_rules.csv.gz"))
    assert (name, frame.height, frame["outcome"].n_unique()) == ("MHSDS v6", 1134, 4)
