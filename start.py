"""The one way in: sets Parity up and runs it. Standard library only.

python3 start.py            sets up, loads the examples, writes the packs, serves on http://127.0.0.1:8000
python3 start.py test       sets up with the test tools and runs every test this machine can run
python3 start.py check      the static part of the checks: lint, types, import contracts, architecture, fresh docs
python3 start.py map        prints the house: each folder's and module's first line with its public names
python3 start.py VERB …     anything else is passed to the `parity` command
"""

# Read by every Python since 3.7, so that an older one can be told in words which it must be.
from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
VENV = HOUSE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
INTERRUPTED = 130


def set_up(lock: str) -> None:
    """Make .venv and install exactly what the lock names, once for each content of the lock and place of the house."""
    wanted = hashlib.sha256((HOUSE / lock).read_bytes() + str(HOUSE).encode()).hexdigest()
    stamp = VENV / f"{lock}.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not any(VENV.glob("*.sha256")):
        print("Making .venv …", flush=True)
        make_environment()
    print(f"Installing what {lock} names …", flush=True)
    quiet = ("--quiet", "--disable-pip-version-check")
    exact = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
    run(PYTHON, "-m", "pip", "install", *quiet, *exact, "-r", HOUSE / lock)
    run(PYTHON, "-m", "pip", "install", *quiet, "--no-deps", "--no-build-isolation", "--editable", HOUSE)
    stamp.write_text(wanted)


def make_environment() -> None:
    """Make .venv, also where an earlier start was interrupted; leave with a sentence where Python cannot."""
    try:
        venv.create(VENV, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("Python cannot make .venv: on Debian and Ubuntu, install the package python3-venv first.")


def run(*command: object, folder: Path | None = HOUSE) -> None:
    """Run a command in the folder, the working folder for None; leave with its exit status where it fails."""
    with subprocess.Popen([str(part) for part in command], cwd=folder) as process:
        try:
            process.wait()
        except KeyboardInterrupt:
            # Ctrl+C reaches the command too, which ends in its own way
            process.wait()
            sys.exit(INTERRUPTED)
    if process.returncode:
        sys.exit(process.returncode)


def words_for_parity(arguments: list[str]) -> list[str]:
    """The words for the `parity` command: those of the demo where the first is an option, but a call for help."""
    asks_for_help = arguments[:1] in (["-h"], ["--help"])
    return arguments if asks_for_help or not arguments[0].startswith("-") else ["demo", *arguments]


def test(arguments: list[str]) -> None:
    """Every test the machine can run, in parallel; a line tells what was skipped and why."""
    set_up("requirements-test.lock")
    run(PYTHON, "-m", "pytest", "-n", "auto", "-r", "s", *arguments)


def check() -> None:
    """The static checks, each by the tool that is best at it."""
    set_up("requirements-test.lock")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    run(BIN / "lint-imports")
    run(PYTHON, "-m", "pytest", "-n", "auto", "tests/architecture")


def first_line(source: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def public_names(source: Path) -> list[str]:
    """The public functions and classes of a module, in order."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = ast.parse(source.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, definitions) and not node.name.startswith("_")]


def show_map(folder: Path, depth: int = 0) -> None:
    """Print a folder's first line, its modules with theirs and their public names, and the folders below."""
    print(f"{'  ' * depth}{folder.name}/  {first_line(folder / '__init__.py')}")
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and (entry / "__init__.py").exists() and entry.name != "migrations":
            show_map(entry, depth + 1)
        elif entry.suffix == ".py" and entry.name != "__init__.py":
            names = ", ".join(public_names(entry))
            print(f"{'  ' * (depth + 1)}{entry.name}  {first_line(entry)}{'  · ' + names if names else ''}")


def main(arguments: list[str]) -> None:
    """Do what the first word asks; without one, the demo."""
    if sys.version_info < OLDEST:
        sys.exit(f"Parity needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}.")
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("demo", [])
    if verb == "test":
        test(rest)
    elif verb == "check":
        check()
    elif verb == "map":
        show_map(HOUSE / "parity")
    else:
        set_up("requirements.lock")
        os.environ.setdefault("PARITY_HOME", str(HOUSE / ".parity"))
        # -P, for the working folder may hold a module of any name
        run(PYTHON, "-P", "-m", "parity.cli", *words_for_parity([verb, *rest]), folder=None)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    try:
        main(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # whoever read these lines has read enough, and Python must not try to write the rest when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
