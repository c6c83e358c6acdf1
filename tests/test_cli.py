"""The verbs of the terminal: what they print, and how they refuse."""

import argparse
import csv
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from parity.cli import BAD_INPUT, OUR_FAULT, VERBS, main, parser
from parity.register.models import Person, Programme
from parity.terms.indicator import CATALOGUE
from tests.given import EXAMPLES, HOUSE
from tests.members import join_everything

Copy = Callable[[str], Path]
Run = Callable[..., tuple[int, str, str]]
KEY = "population_weighted_by_need"
SLOW_TO_LOAD = ("django", "polars", "numpy", "altair", "parity.tables", "parity.web.settings")


@pytest.fixture
def run(db: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: its exit status, and what it wrote to standard output and error."""

    def running(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:
            status = int(left.code or 0)
        written = capsys.readouterr()
        return status, written.out, written.err

    return running


@pytest.fixture
def luton(run: Run) -> None:
    assert run("load", EXAMPLES / "luton")[0] == 0


def command(*words: object) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own."""
    line = [sys.executable, "-m", "parity.cli", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, cwd=HOUSE, timeout=120, check=False)


def refused(outcome: tuple[int, str, str]) -> str:
    """The one thing said on standard error by a command that refused its input and did nothing else."""
    status, out, error = outcome
    assert (status, out) == (BAD_INPUT, "")
    assert "Traceback" not in error
    return error.removesuffix("\n")


# Help


def test_help_names_every_verb_and_loads_nothing_slow() -> None:
    code = (
        "import sys\n"
        "from parity.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as left:\n    status = left.code\n"
        f"print([name for name in {SLOW_TO_LOAD!r} if name in sys.modules], status)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    *told, last = done.stdout.splitlines()
    assert last == "[] 0"
    listed = [line.split()[0] for line in told if line.startswith("    ") and line.split()[0] in VERBS]
    assert listed == list(VERBS)


@pytest.mark.parametrize(("asked", "found"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_one_thread_multiplies_matrices_unless_another_number_is_asked_for(asked: dict[str, str], found: str) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "OPENBLAS_NUM_THREADS"} | asked
    code = "import parity, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, cwd=HOUSE, timeout=120, check=True, env=environment)
    assert done.stdout.strip() == found


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, run: Run) -> None:
    status, out, error = run(verb, "--help")
    words = VERBS[verb][1]
    assert (status, error, out.split()[:3]) == (0, "", ["usage:", "parity", verb])
    assert " ".join(f"{words[0].upper()}{words[1:]}.".split()) in " ".join(out.split())


def test_every_argument_of_every_verb_is_explained() -> None:
    (verbs,) = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    silent = [
        (name, action.dest) for name, verb in verbs.choices.items() for action in verb._actions if not action.help
    ]
    assert silent == []


@pytest.mark.parametrize("words", [(), ("dance",), ("load",), ("figure", KEY), ("pack", "luton")])
def test_a_command_that_is_not_whole_is_refused_with_its_usage(words: tuple[str, ...], run: Run) -> None:
    said = refused(run(*words))
    assert said.splitlines()[0].startswith("usage: parity")


# Load


def test_load_tells_what_it_took_in(run: Run) -> None:
    status, out, error = run("load", EXAMPLES / "luton")
    # the files, the relations, and the library of the documents that programme.toml declares
    tables = len(list((EXAMPLES / "luton" / "tables").glob("*.csv"))) + 2
    title = Programme.objects.get().title
    assert (status, error) == (0, "")
    assert out == f"Loaded “{title}” as luton ({tables} tables).\n"


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert refused(run("load", nowhere)) == f"programme.toml: The file is missing: {nowhere} must hold it."


def test_bad_toml_is_told(run: Run, copy_of: Copy) -> None:
    folder = copy_of("luton")
    (folder / "programme.toml").write_text("title = Luton\n", encoding="utf-8")
    assert refused(run("load", folder)) == (
        "programme.toml: The file is not valid TOML: Invalid value (at line 1, column 9)."
    )


def test_a_file_where_a_folder_should_be_is_told(run: Run, copy_of: Copy) -> None:
    folder = copy_of("luton")
    path = folder / "programme.toml"
    path.unlink()
    path.mkdir()
    assert refused(run("load", folder)) == f"{path}: Is a directory."


def test_every_fault_is_a_line(run: Run, copy_of: Copy) -> None:
    folder = copy_of("luton")
    with (folder / "tables" / "population.csv").open("a", encoding="utf-8") as file:
        file.write("E06000032,soon,65+,resident,many,,002,p,\n")
    assert refused(run("load", folder)).splitlines() == [
        "population.csv, row 3, column period: “soon” is not a period such as 2008, 2009/10 or 2010-03.",
        "population.csv, row 3, column people: “many” is not a number written with digits and a full stop only.",
    ]


# Figure


@pytest.mark.usefixtures("luton")
def test_a_figure_is_told_with_what_it_rests_on(run: Run) -> None:
    status, out, error = run("figure", KEY, "--programme", "luton", "--area", "luton")
    assert (status, error) == (0, "")
    first, *rest = out.splitlines()
    assert first.endswith(": 133,276")
    assert [line.split()[0] for line in rest] == ["formula", "from", "from"]


@pytest.mark.usefixtures("luton")
def test_its_json_is_the_api_s(run: Run) -> None:
    ana = Person.objects.create_user("ana", password="three plain words")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ana)
    join_everything(ana)
    for key in CATALOGUE:
        answer = client.get("/api/programmes/luton/figures", {"key": key, "limit": 1000}).json()
        status, out, _ = run("figure", key, "--programme", "luton", "--json")
        told = json.loads(out)
        assert status == 0
        assert [one for one in told if one["missing"] is None] == [
            one for one in answer["items"] if one["missing"] is None
        ]
        assert answer["items"] in (told, [])


@pytest.mark.usefixtures("luton")
def test_a_figure_that_is_missing_says_why(run: Run) -> None:
    status, out, _ = run("figure", KEY, "--programme", "luton", "--period", "1066")
    assert status == 0
    assert "  missing   The programme's tables hold nothing on period 1066." in out.splitlines()


@pytest.mark.usefixtures("luton")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing", "--programme", "luton"), "No indicator is called “nothing”."),
        ((KEY, "--programme", "derby"), "No programme is called “derby”. Loaded are: luton."),
        ((KEY, "--programme", "../luton"), "No programme is called “../luton”. Loaded are: luton."),
        (
            (KEY, "--programme", "luton", "--area", "Derby"),
            "The programme knows no area “Derby”. It knows: England; Luton; Sainsbury Centre database average.",
        ),
        ((KEY, "--programme", "luton", "--where", "colour=red"), f"The indicator {KEY} is not divided by colour."),
        ((KEY, "--programme", "luton", "--where", "red"), "“red” is not of the form NAME=VALUE."),
    ],
)
def test_a_figure_that_cannot_be_found_is_told(words: tuple[str, ...], sentence: str, run: Run) -> None:
    assert refused(run("figure", *words)) == sentence


def test_without_a_programme_it_says_how_to_load_one(run: Run) -> None:
    for words in (("figure", KEY, "--programme", "luton"), ("tie-out", "luton"), ("pack", "luton", "--into", "x")):
        assert refused(run(*words)) == (
            "No programme is called “luton”. Loaded are: none; load one with “parity load DIR”."
        )


# Figures


@pytest.mark.usefixtures("luton")
def test_figures_are_written_as_csv(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    status, out, error = run("figures", "--programme", "luton", "--csv", path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (status, error, out) == (0, "", f"{len(rows)} figures written to {path}.\n")
    assert {row["stage"] for row in rows} >= {"analyse", "plan"}
    assert [row["key"] for row in rows if not (row["value"] or row["missing"])] == []
    some = tmp_path / "some.csv"
    run("figures", "--programme", "luton", "--where", "stage=analyse", "--where", f"key={KEY}", "--csv", some)
    with some.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [row for row in rows if row["key"] == KEY]


@pytest.mark.usefixtures("luton")
def test_a_filter_that_no_figure_has_is_told(run: Run, tmp_path: Path) -> None:
    said = refused(run("figures", "--programme", "luton", "--where", "colour=red", "--csv", tmp_path / "x.csv"))
    assert said.startswith("No figure has a colour. There are: ")
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.usefixtures("luton")
def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "figures.csv"
    assert refused(run("figures", "--programme", "luton", "--csv", path)) == f"{path}: No such file or directory."


# Tie-out


@pytest.mark.usefixtures("luton")
def test_the_tie_out_counts_tells_and_writes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tie-out.csv"
    status, out, error = run("tie-out", "luton", "--csv", path)
    assert (status, error) == (0, "")
    assert out.splitlines() == [
        "    2  discrepancy",
        "    2  label_error",
        "    2  cross_check",
        "    3  ambiguous",
        "    9  match",
        "   35  derived",
        "LUT-031: Vision targets that the plan's tasks are linked to: printed all the targets (37), recomputed 36 "
        "count (tolerance 0.5); value would have to be 37",
        "LUT-043: Option 3: saving, release less floating support: printed £95,000, recomputed 195,000 GBP "
        "(tolerance 1.5); parts would have to be −100,000",
        f"53 rows written to {path}.",
    ]
    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 53


OWN = """
[[relation]]
id = "A-1"
source = "own"
place = "table 1"
says = "Cases a thousand"
kind = "rate"
count = "own.cases[year=2008]"
population = "own.people[year=2008]"
per = 1000
unit = "per 1,000"
exact = true
printed = "8.0"
solve_for = "population"
"""


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A table of one's own and the relations of its figures."""
    table, relations = tmp_path / "own.csv", tmp_path / "own.toml"
    table.write_text('year,cases,people\n2008,50,"10,000"\n2009,60,"10,000"\n', encoding="utf-8")
    relations.write_text(OWN, encoding="utf-8")
    return table, relations


def test_the_tie_out_of_tables_of_one_s_own(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    assert run("tie-out", "--table", table, "--relations", relations) == (
        0,
        "    1  discrepancy\nA-1: Cases a thousand: printed 8.0, recomputed 5 per 1,000 (tolerance 0.05); population "
        "would have to be 6,250\n",
        "",
    )


def test_a_discrepancy_that_nothing_would_mend_says_so(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    relations.write_text(OWN.replace('printed = "8.0"', 'printed = "0.0"'), encoding="utf-8")
    assert run("tie-out", "--table", table, "--relations", relations) == (
        0,
        "    1  discrepancy\nA-1: Cases a thousand: printed 0.0, recomputed 5 per 1,000 (tolerance 0.05); It cannot be "
        "solved for the population: a denominator is 0.\n",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('kind = "rate"', 'kind = "mean"', "Relation A-1: kind “mean” is none of "),
        ("own.cases", "own.visits", "Relation A-1: “own.visits[year=2008]” names no column of its table."),
        ("own.cases", "other.cases", "Relation A-1: “other.cases[year=2008]”: there is no table “other”."),
        ("[[relation]]", "[[relation", "own.toml: The file is not valid TOML: "),
    ],
)
def test_bad_relations_are_told(old: str, new: str, sentence: str, run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    relations.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    said = refused(run("tie-out", "--table", table, "--relations", relations))
    assert said.startswith(sentence)
    assert len(said.splitlines()) == 1


def test_a_bad_table_of_one_s_own_is_told(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    table.write_bytes(b"a\n\xff\n")
    assert refused(run("tie-out", "--table", table, "--relations", relations)) == (
        "own.csv, row 2: A character here is not UTF-8: save the file as CSV UTF-8."
    )
    nowhere = table.with_name("nowhere.csv")
    said = refused(run("tie-out", "--table", nowhere, "--relations", relations))
    assert said == f"{nowhere}: No such file or directory."


def test_no_text_in_a_csv_file_is_a_formula(run: Run, own: tuple[Path, Path], tmp_path: Path) -> None:
    table, relations = own
    relations.write_text(OWN.replace('"Cases a thousand"', '"=1+1"').replace('"8.0"', '"-8.0"'), encoding="utf-8")
    written = tmp_path / "result.csv"
    assert run("tie-out", "--table", table, "--relations", relations, "--csv", written)[0] == 0
    with written.open(encoding="utf-8", newline="") as file:
        assert [(row["says"], row["printed"]) for row in csv.DictReader(file)] == [("'=1+1", "-8.0")]


def test_without_relations_it_says_so(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    relations.write_text("", encoding="utf-8")
    assert run("tie-out", "--table", table, "--relations", relations) == (
        0,
        "No relation between published figures is declared, so there is nothing to recompute.\n",
        "",
    )


def test_two_tables_of_one_name_are_refused(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    assert refused(run("tie-out", "--table", table, "--table", table, "--relations", relations)) == (
        "Two of the tables bear the same name: a relation could not tell them apart."
    )


def test_a_programme_or_a_table_but_not_both_and_not_neither(run: Run, own: tuple[Path, Path]) -> None:
    table, relations = own
    both = "Name a programme, or a table with its relations, not both."
    neither = "Name a programme, or give --table FILE and --relations FILE."
    assert refused(run("tie-out", "luton", "--table", table)) == both
    assert refused(run("tie-out")) == neither
    assert refused(run("tie-out", "--relations", relations)) == neither


# Serve


def test_a_port_that_is_taken_is_told(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused(run("serve", "--port", port)) == (
            f"127.0.0.1:{port} cannot be listened on: Address already in use. Try another --port."
        )


@pytest.mark.parametrize("port", ["99999", "-1", "web", "８０００"])
def test_what_is_no_port_is_told(port: str, run: Run) -> None:
    said = refused(run("serve", f"--port={port}"))
    assert said.splitlines()[-1] == (
        f"parity serve: error: argument --port: “{port}” is no port: give a number from 0 to 65535"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org", "192.168.0.1"])
def test_the_demo_is_for_one_s_own_machine(host: str, run: Run) -> None:
    assert refused(run("demo", "--host", host)) == "The demo is served on this machine alone: use 127.0.0.1."


# In a process of its own


def test_a_whole_run_from_an_empty_home(home: Path) -> None:
    loaded = command("load", EXAMPLES / "luton")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    figure = command("figure", KEY, "--programme", "luton", "--json")
    assert (figure.returncode, [one["text"] for one in json.loads(figure.stdout)]) == (0, ["133,276"])
    refusal = command("figure", "nothing", "--programme", "luton")
    assert (refusal.returncode, refusal.stdout, refusal.stderr) == (2, "", "No indicator is called “nothing”.\n")
    assert (home / "tables" / "luton" / "releases.json").exists()


def test_a_home_that_is_no_folder_is_told(home: Path) -> None:
    home.write_text("A file.", encoding="utf-8")
    done = command("load", EXAMPLES / "luton")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(str(home))


def test_records_that_cannot_be_opened_are_told(home: Path) -> None:
    (home / "parity.sqlite3").mkdir(parents=True)
    done = command("load", EXAMPLES / "luton")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"The records in {home} cannot be used: unable to open database file. Nothing was changed; try again.\n"
    )


def test_two_loads_into_an_empty_home_wait_for_each_other(home: Path) -> None:
    lines = [[sys.executable, "-m", "parity.cli", "load", str(EXAMPLES / slug)] for slug in ("luton", "kent")]
    loading = [
        subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=HOUSE)
        for line in lines
    ]
    assert [(each.communicate(timeout=120)[1], each.returncode) for each in loading] == [("", 0), ("", 0)]
    assert sorted(path.name for path in (home / "tables").iterdir()) == ["kent", "luton"]


def test_a_terminal_without_our_letters_shows_others() -> None:
    line = [sys.executable, "-m", "parity.cli", "figure", "nothing", "--programme", "luton"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(line, capture_output=True, cwd=HOUSE, timeout=120, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr.startswith(b"No programme is called ?luton?.")) == (2, b"", True)


def test_a_reader_who_has_read_enough_ends_the_command_in_silence(own: tuple[Path, Path]) -> None:
    table, relations = own
    line = [sys.executable, "-m", "parity.cli", "tie-out", "--table", str(table), "--relations", str(relations)]
    telling = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOUSE)
    assert telling.stdout is not None
    telling.stdout.close()
    assert telling.stderr is not None
    assert (telling.stderr.read(), telling.wait(timeout=120)) == (b"", 0)
    telling.stderr.close()


def test_nobody_at_a_terminal_is_shown_a_stack_of_calls(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "pack", ("json:loads", "a verb that fails, for it is given no text"))
    status, out, error = run("pack", "luton", "--into", "packs")
    path = Path(error.partition("What happened stands in ")[2].partition(";")[0])
    report = path.read_text(encoding="utf-8")
    path.unlink()
    assert (status, out, len(error.splitlines())) == (OUR_FAULT, "", 1)
    assert error.startswith("Something went wrong, and it is our fault, not yours: TypeError.")
    assert report.startswith("Traceback")
