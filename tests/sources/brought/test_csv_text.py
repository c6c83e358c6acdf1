"""A comma-separated file as text: what keeps it from being read."""

from pathlib import Path

import pytest

from parity.sources.brought.csv_text import read_text
from parity.terms.errors import Fault


def faults_of(folder: Path, content: str) -> list[Fault]:
    path = folder / "a.csv"
    path.write_bytes(content.encode())
    return read_text(path)[1]


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x9b"])
def test_a_control_character_is_told_without_being_shown(tmp_path: Path, letter: str) -> None:
    sentence = "An unseen control character stands in cell 2: remove it."
    assert faults_of(tmp_path, f"a,b\n1,x{letter}y\n") == [Fault("a.csv", sentence, 2)]


def test_a_cell_may_have_lines_and_tabs(tmp_path: Path) -> None:
    assert faults_of(tmp_path, 'a,b\n1,"one\ntwo\tthree"\n') == []


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_told(tmp_path: Path, separator: str) -> None:
    sentence = "The columns are not separated by commas: save the file as CSV with commas."
    assert faults_of(tmp_path, f"a{separator}b\n1{separator}2\n") == [Fault("a.csv", sentence, 1)]


def test_a_cell_too_large_is_told(tmp_path: Path) -> None:
    sentence = "The file cannot be read as comma-separated text: field larger than field limit (131072)."
    assert faults_of(tmp_path, f"a,b\n1,{'x' * 200_000}\n") == [Fault("a.csv", sentence)]
