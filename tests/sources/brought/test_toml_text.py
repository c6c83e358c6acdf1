"""TOML read whole, or refused with a sentence."""

from pathlib import Path

import pytest

from parity.sources.brought.toml_text import read_toml
from parity.terms.errors import Fault, InputRefused


def test_toml_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[one]\ntwo = "three"\n', encoding="utf-8")
    assert read_toml(tmp_path / "a.toml") == {"one": {"two": "three"}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title = Luton\n", "The file is not valid TOML: Invalid value (at line 1, column 9)."),
        (b"title = 1\ntitle = 2\n", "The file is not valid TOML: Cannot overwrite a value (at line 2, column 10)."),
    ],
)
def test_bad_toml_is_told_with_its_place(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        read_toml(tmp_path / "a.toml")
    assert refused.value.faults == [Fault("a.toml", sentence)]


def test_toml_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'title = "Caf\xe9"\n')
    with pytest.raises(InputRefused, match=r"^a\.toml: The file is not valid TOML: 'utf-8' codec can't decode"):
        read_toml(tmp_path / "a.toml")


def test_missing_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        read_toml(tmp_path / "a.toml")
    assert refused.value.faults == [Fault("a.toml", f"The file is missing: {tmp_path} must hold it.")]


def test_the_mark_that_windows_puts_before_a_text_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfone = "two"\r\n')
    assert read_toml(tmp_path / "a.toml") == {"one": "two"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a = " + "[" * 5000, "The file's lists stand too deep in one another."),
        ("a = [nan]", "A number is too large or not a number."),
        ("a = {b = inf}", "A number is too large or not a number."),
        ("a = " + "9" * 400, "A number is too large or not a number."),
        ("a = 2003-07-01", "A date must stand in quotation marks."),
        ("[[a]]\nb = 10:00:00", "A date must stand in quotation marks."),
        ('a = "x\\u001b[31m"', "An unseen control character stands in a text: remove it."),
        ('"a\\u0000" = 1', "An unseen control character stands in a text: remove it."),
    ],
)
def test_values_that_cannot_be_kept_are_told(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "a.toml").write_text(content, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_toml(tmp_path / "a.toml")
    assert refused.value.faults == [Fault("a.toml", sentence)]


def test_a_number_of_more_digits_than_python_reads_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = " + "9" * 5000, encoding="utf-8")
    with pytest.raises(InputRefused, match=r"^a\.toml: The file is not valid TOML: Exceeds the limit"):
        read_toml(tmp_path / "a.toml")
