"""TOML read whole, or refused with a sentence."""

from pathlib import Path

import pytest

from parity.sources.toml_text import read_toml
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
