"""A programme's folder read whole, or refused with every fault."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from parity.sources.brought.programme import ProgrammeFolder, read_programme
from parity.terms.errors import Fault, InputRefused
from tests.given import EXAMPLES, READ_AT, SLUGS

Copy = Callable[[str], Path]


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(InputRefused) as refused:
        read_programme(folder, at=READ_AT)
    return refused.value.faults


def read(folder: Path) -> ProgrammeFolder:
    return read_programme(folder, at=READ_AT)


def described(folder: Path, old: str, new: str) -> Path:
    """The folder with one text of its description replaced."""
    path = folder / "programme.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("slug", SLUGS)
def test_each_example_is_read_whole(slug: str) -> None:
    folder = read(EXAMPLES / slug)
    files = {path.stem for path in (EXAMPLES / slug / "tables").glob("*.csv")}
    assert folder.slug == slug
    assert set(folder.tables) == {*files, "relations"}
    assert [release.stem for _, release in folder.tables.values()] == list(folder.tables)
    assert {release.scope for _, release in folder.tables.values()} == {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_release_is_known_by_the_bytes_of_its_file(slug: str) -> None:
    for stem, (frame, release) in read(EXAMPLES / slug).tables.items():
        path = EXAMPLES / slug / ("relations.toml" if stem == "relations" else f"tables/{stem}.csv")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert (release.sha256, release.id, release.at) == (digest, digest[:12], READ_AT)
        assert stem == "relations" or release.rows == frame.height


def test_an_invented_table_says_so() -> None:
    notes = {stem: release.illustrative for stem, (_, release) in read(EXAMPLES / "leicester").tables.items()}
    told = read(EXAMPLES / "leicester").described["illustrative"]
    assert {stem: note for stem, note in notes.items() if note} == {stem: told[stem] for stem in notes if stem in told}
    assert "bids" in told


def test_what_is_declared_is_a_table_too() -> None:
    folder = read(EXAMPLES / "luton")
    (cell,) = folder.tables["relations"][0]["declared"].to_list()
    assert json.loads(cell) == folder.relations


def test_a_folder_without_relations_has_none(copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "relations.toml").unlink()
    assert (read(folder).relations, "relations" in read(folder).tables) == ({}, False)


def test_no_folder_no_programme(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "nowhere") == [
        Fault("programme.toml", f"The file is missing: {tmp_path / 'nowhere'} must hold it.")
    ]


def test_no_tables_no_programme(copy_of: Copy) -> None:
    folder = copy_of("luton")
    for path in (folder / "tables").glob("*.csv"):
        path.unlink()
    assert faults_of(folder) == [Fault("tables", f"There is no table in {folder / 'tables'}: put the CSV files there.")]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('period = "2003-07"', "", "“period” is missing: give it a text in quotation marks."),
        ('period = "2003-07"', "period = 2003", "“period” is missing: give it a text in quotation marks."),
        ('slug = "luton"', 'slug = ""', "“slug” is missing: give it a text in quotation marks."),
        (
            'slug = "luton"',
            'slug = "../luton"',
            "The slug “../luton” may hold only small letters, digits and single hyphens.",
        ),
        (
            'slug = "luton"',
            'slug = "Luton one"',
            "The slug “Luton one” may hold only small letters, digits and single hyphens.",
        ),
        ('date = "2003-07"', "date = 2003-07-01", "A date must stand in quotation marks."),
        ('kind = "council"', "", "A [[organisation]] has no text “kind”."),
        ('key = "002"', "key = 2", "A [[document]] has no text “key”."),
        ("[sections]", "[illustrative]", "[illustrative] holds one sentence for each table that is invented."),
    ],
)
def test_a_bad_description_is_told(copy_of: Copy, old: str, new: str, sentence: str) -> None:
    assert faults_of(described(copy_of("luton"), old, new)) == [Fault("programme.toml", sentence)]


def test_entries_that_are_no_list_are_told(copy_of: Copy) -> None:
    folder = copy_of("luton")
    text = (folder / "programme.toml").read_text(encoding="utf-8").replace("[[document]]", "[document]", 1)
    head, *_ = text.split("[[document]]")
    (folder / "programme.toml").write_text(head, encoding="utf-8")
    assert faults_of(folder) == [Fault("programme.toml", "“document” is written once for each, as [[document]].")]


def test_a_home_area_must_be_known(copy_of: Copy) -> None:
    folder = described(copy_of("luton"), 'home_area = "E06000032"', 'home_area = "E06000033"')
    sentence = "The home area “E06000033” is not in areas.csv: add it there."
    assert faults_of(folder) == [Fault("programme.toml", sentence, column="home_area")]


def test_a_date_in_the_relations_is_told(copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "relations.toml").write_text("[[relation]]\nprinted = 2003-07-01\n", encoding="utf-8")
    assert faults_of(folder) == [Fault("relations.toml", "A date must stand in quotation marks.")]


def test_a_document_must_be_declared_and_is_told_once(copy_of: Copy) -> None:
    folder = described(copy_of("luton"), 'key = "002"', 'key = "003"')
    assert [str(fault) for fault in faults_of(folder) if fault.file == "areas.csv"] == [
        "areas.csv, row 4, column source: The document “002” is not declared: add it to programme.toml."
    ]


# Tables of the programme's own


def test_an_unknown_table_is_told(copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "tables" / "visits.csv").write_text("area,visits\nE06000032,5\n", encoding="utf-8")
    sentence = "Parity knows no table “visits”: correct the name, or put visits.schema.json beside it."
    assert faults_of(folder) == [Fault("visits.csv", sentence)]


def test_a_table_of_its_own_is_read_by_its_own_schema(copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "tables" / "visits.csv").write_text("area,visits\nE06000032,5\n", encoding="utf-8")
    schema = {"fields": [{"name": "area"}, {"name": "visits", "type": "integer"}]}
    (folder / "tables" / "visits.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    assert read(folder).tables["visits"][0].rows() == [("E06000032", 5, "5")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "The schema cannot be used: it is no Table Schema: it needs a list of fields."),
        (
            "{",
            "The schema cannot be used: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
    ],
)
def test_a_bad_schema_of_its_own_is_told(copy_of: Copy, text: str, sentence: str) -> None:
    folder = copy_of("luton")
    (folder / "tables" / "visits.csv").write_text("area,visits\nE06000032,5\n", encoding="utf-8")
    (folder / "tables" / "visits.schema.json").write_text(text, encoding="utf-8")
    assert faults_of(folder) == [Fault("visits.schema.json", sentence)]


def test_a_faulty_list_of_areas_hides_nothing_and_blames_no_other_table(copy_of: Copy) -> None:
    folder = copy_of("luton")
    with (folder / "tables" / "areas.csv").open("a", encoding="utf-8") as file:
        file.write("E06000032,Luton again,unitary,,ons,Codes,\n")
    assert [(fault.file, fault.row, fault.column) for fault in faults_of(folder)] == [("areas.csv", 5, "area")]


def test_faults_of_several_tables_are_told_together(copy_of: Copy) -> None:
    folder = copy_of("luton")
    for name, line in (("population", "E06000032,1999,65+,resident,many,,002,p,\n"), ("tasks", "1\n")):
        with (folder / "tables" / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(line)
    assert [(fault.file, fault.row) for fault in faults_of(folder)] == [("population.csv", 3), ("tasks.csv", 8)]


SCHEMA = '{"fields": [{"name": "a"}]}'


@pytest.mark.parametrize(
    ("stem", "sentence"),
    [
        ("population", "“population” is one of Parity's own tables, with its own columns: remove this file."),
        ("relations", "a table's name holds letters, digits and “_”, and is not “relations”: choose another name."),
        ("our visits", "a table's name holds letters, digits and “_”, and is not “relations”: choose another name."),
    ],
)
def test_a_table_of_its_own_has_a_name_of_its_own(copy_of: Copy, stem: str, sentence: str) -> None:
    folder = copy_of("luton")
    if stem != "population":
        (folder / "tables" / f"{stem}.csv").write_text("a\nx\n", encoding="utf-8")
    (folder / "tables" / f"{stem}.schema.json").write_text(SCHEMA, encoding="utf-8")
    assert faults_of(folder) == [Fault(f"{stem}.schema.json", f"The schema cannot be used: {sentence}")]


def test_an_invented_table_must_be_a_table(copy_of: Copy) -> None:
    folder = copy_of("luton")
    with (folder / "programme.toml").open("a", encoding="utf-8") as file:
        file.write('\n[illustrative]\nbids = "Invented."\nbid = "Invented."\n')
    sentence = "[illustrative] names “bid”, which is no table: correct its name."
    assert faults_of(folder) == [Fault("programme.toml", sentence)]
