"""The page on one's own programme: what it shows can be loaded as it stands, and has a pack."""

import re
from collections.abc import Callable
from pathlib import Path

from parity.register.models import Programme
from parity.review.pack.actions import write_pack
from parity.review.pack.documents import SECTIONS
from parity.tables import Desk, Store
from tests.architecture.source import HOUSE

PAGE = (HOUSE / "docs" / "programme.md").read_text(encoding="utf-8")


def test_the_programme_of_the_page_is_taken_in_and_written(
    load: Callable[[Path], Programme], store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "somewhere"
    (folder / "tables").mkdir(parents=True)
    (described,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (folder / "programme.toml").write_text(described, encoding="utf-8")
    for name, text in re.findall(r"`(tables/\w+\.csv)`:\n\n```csv\n(.*?)```", PAGE, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    programme = load(folder)
    desk = Desk(store, programme.slug)
    assert (programme.slug, sorted(desk.releases)) == ("anyshire", ["areas", "population"])
    assert len(write_pack(desk, programme, tmp_path / "packs")) == 5


def test_the_page_names_the_sections_of_the_pack() -> None:
    named = re.search(r"The sections are (.*?)\.\n", PAGE, re.DOTALL)
    assert named is not None
    assert re.findall(r"`(\w+)`", named[1]) == [key for key, _, _ in SECTIONS]
