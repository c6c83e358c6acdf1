"""The one way in: what it passes on, where it runs it, and how it ends."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from start import words_for_parity
from tests.given import HOUSE

OLDEST_THAT_READS_IT = (3, 7)
INTERRUPTED = 130
WAITS = "import time; print('here', flush=True); time.sleep(60)"


def test_an_older_python_can_read_it_and_say_which_is_needed() -> None:
    source = (HOUSE / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=OLDEST_THAT_READS_IT)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert (imports[0].module, [name.name for name in imports[0].names]) == ("__future__", ["annotations"])


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (["--port", "8001"], ["demo", "--port", "8001"]),
        (["load", "folder"], ["load", "folder"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
        (["demo"], ["demo"]),
    ],
)
def test_options_without_a_verb_are_the_demo_s(given: list[str], passed_on: list[str]) -> None:
    assert words_for_parity(given) == passed_on


def test_a_verb_runs_in_the_folder_from_which_it_was_called(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); import start\n"
    code += "start.run(sys.executable, '-c', 'import os; print(os.getcwd())', folder=None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == str(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that reaches a group of processes like Ctrl+C.")
def test_ctrl_c_ends_in_silence() -> None:
    code = f"import start, sys; start.run(sys.executable, '-c', {WAITS!r})"
    waiting = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HOUSE,
        start_new_session=True,
    )
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "here\n"
    os.killpg(waiting.pid, signal.SIGINT)
    _, error = waiting.communicate(timeout=120)
    # the one stack of calls is that of the command itself, which here does nothing about it
    assert (waiting.returncode, error.count("Traceback"), "start.py" in error) == (INTERRUPTED, 1, False)


def test_a_reader_who_has_read_enough_ends_it_in_silence() -> None:
    mapping = subprocess.Popen(
        [sys.executable, "start.py", "map"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOUSE
    )
    assert mapping.stdout is not None
    mapping.stdout.close()
    assert mapping.stderr is not None
    assert (mapping.stderr.read(), mapping.wait(timeout=120)) == (b"", 0)
    mapping.stderr.close()
