"""England's tables: files taken in edition by edition, areas named once, and what a terminal says of it."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from parity.cli import main
from parity.sources.population_estimates import PUBLICATION
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk, Store, compute_tables, recognised, take_edition
from parity.terms.errors import NotFound, SourceChanged
from tests.england import take_in
from tests.given import READ_AT
from tests.sources.official_data import FOLDER, needs_data
from tests.sources.workbooks import written

HEADS = ["Code", "Name", "All ages", *range(90), "90+"]
PEOPLE = [4095, *range(91)]
ROWS = [
    ["E06000016", "Leicester", *PEOPLE],
    ["E10000016", "Kent", *PEOPLE],
    ["W06000001", "Ynys Môn", *PEOPLE],
]


def workbook(folder: Path, year: int, *, name: str = "") -> Path:
    titled = [["MYE2", f"mid-{year}"], HEADS, *ROWS]
    return written(folder / (name or f"mye_mid{year}.xlsx"), {"Males": titled, "Females": titled})


def test_files_are_taken_in_beside_each_other_with_who_published_them(store: Store, tmp_path: Path) -> None:
    for year in (2018, 2015):
        take_edition(store, PUBLICATION, workbook(tmp_path, year), at=READ_AT)
    release = store.releases(ENGLAND_SCOPE)["population_estimates"]
    assert (release.rows, release.edition, release.by_area) == (1092, "mid-2015, mid-2018", True)
    assert release.cited == f"{PUBLICATION.credit}, mid-2015, mid-2018"
    assert store.frame(release, frozenset(["E10000016"]))["period"].unique().sort().to_list() == ["2015", "2018"]


def test_of_a_file_with_another_layout_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged):
        take_edition(store, PUBLICATION, written(tmp_path / "mye.xlsx", {"Cover": []}), at=READ_AT)
    assert not list((store.home / "tables").rglob("*"))


def test_areas_of_england_are_named_once_with_their_kind(store: Store, tmp_path: Path) -> None:
    take_edition(store, PUBLICATION, workbook(tmp_path, 2018), at=READ_AT)
    assert "areas" in compute_tables(store)
    desk = Desk(store, ENGLAND_SCOPE)
    assert {code: (area.name, area.kind) for code, area in desk.areas.items()} == {
        "E06000016": ("Leicester", "unitary authority"),
        "E10000016": ("Kent", "county"),
        "E92000001": ("England", "country"),
    }


def test_a_programme_knows_its_own_areas_and_england_s(store: Store, tmp_path: Path) -> None:
    take_edition(store, PUBLICATION, workbook(tmp_path, 2018), at=READ_AT)
    assert Desk(store, "luton").areas["E10000016"].name == "Kent"


def test_a_file_is_known_by_its_name(tmp_path: Path) -> None:
    assert recognised(tmp_path / "ONS_MYE_mid2018.xls") is PUBLICATION
    with pytest.raises(NotFound, match="say which publication it is of"):
        recognised(tmp_path / "book.xlsx")


def test_a_folder_is_taken_in_and_listed(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook(tmp_path, 2018)
    (tmp_path / "letter.txt").write_text("not a table")
    assert main(["import", str(tmp_path)]) == 0
    assert main(["sources"]) == 0
    told = capsys.readouterr().out
    assert "mye_mid2018.xlsx: population_estimates, mid-2018, 546 rows." in told
    assert f"{PUBLICATION.address}\n  Read: mid-2018\n" in told


def test_a_file_of_any_name_is_taken_in_for_the_publication_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workbook(tmp_path, 2018, name="download.xlsx")
    assert main(["import", str(file)]) == 2
    assert main(["import", "population_estimates", str(file)]) == 0
    assert "download.xlsx: population_estimates, mid-2018, 546 rows." in capsys.readouterr().out


def test_what_is_refused_keeps_nothing_else_out(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = written(tmp_path / "mye_mid1.xlsx", {"Cover": []}), workbook(tmp_path, 2018)
    assert main(["import", str(bad), str(good)]) == 2
    told = capsys.readouterr().out
    assert "mye_mid1.xlsx has no sheets of males" in told
    assert "mye_mid2018.xlsx: population_estimates" in told


def test_a_place_that_is_not_there_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "nowhere.xls"]) == 2
    assert "There is no file and no publication called nowhere.xls" in capsys.readouterr().err


def test_nothing_is_computed_where_nothing_was_read(store: Store) -> None:
    assert compute_tables(store) == []
    assert Desk(store, ENGLAND_SCOPE).areas == {}


def test_what_must_be_downloaded_by_hand_is_told_with_its_address(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "population_estimates"]) == 2
    told = capsys.readouterr().err
    assert f"Download it from {PUBLICATION.address}, then say `parity import population_estimates FILE`." in told


def test_a_publication_that_is_not_known_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "moon"]) == 2
    assert "No publication is called “moon”; `parity sources` lists them." in capsys.readouterr().err


@needs_data
def test_every_official_file_is_known_by_its_name_as_one_publication() -> None:
    files = [file for file in Path(FOLDER).rglob("*") if file.is_file() and file.name != "README.md"]
    fits = {
        file.name: [each.stem for each in SHELF.values() if any(fnmatch(file.name.lower(), one) for one in each.files)]
        for file in files
    }
    assert {name: stems for name, stems in fits.items() if len(stems) != 1} == {}
    assert len(files) == 75


def test_an_assessment_needs_an_area(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "england", "--into", str(tmp_path)]) == 2
    take_in(store)
    assert main(["pack", "england", "--into", str(tmp_path)]) == 2
    assert main(["pack", "england", "--area", "Shire", "--compare", "moon", "--into", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "Say of which area of England: --area NAME or CODE." in told
    assert "No area is called “moon”." in told


def test_a_figure_of_an_area_of_england_is_printed(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    take_in(store)
    where = ["--where", "age_group=all ages", "--where", "sex=all", "--period", "2018"]
    assert main(["figure", "residents", "--programme", "england", "--area", "Shire", *where]) == 0
    assert "3,640" in capsys.readouterr().out
