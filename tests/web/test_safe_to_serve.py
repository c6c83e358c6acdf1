"""Nobody else is served with settings that are safe on one's own machine alone, whichever way the server starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SERVED = {"PARITY_ALLOWED_HOSTS": "parity.council.example", "PARITY_EMAIL_URL": "smtp://mail.example"}
CHECK = (sys.executable, "-m", "django", "check", "--deploy")
GUNICORN = (sys.executable, "-c", "import parity.web.wsgi")
CLI = (sys.executable, "-m", "parity.cli")


def started(home: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What became of a command that starts or checks the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARITY_", "DJANGO_"))}
    surroundings = {**kept, "DJANGO_SETTINGS_MODULE": "parity.web.settings", "PARITY_HOME": str(home), **more}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=120)


def test_safe_settings_start(tmp_path: Path) -> None:
    assert started(tmp_path, *GUNICORN, **SERVED).returncode == 0
    checked = started(tmp_path, *CHECK, "--fail-level", "ERROR", **SERVED)
    assert (checked.returncode, re.findall(r"parity\.E\d+|security\.W\d+", checked.stderr)) == (
        0, ["security.W005", "security.W021"],  # whether other names of the council speak HTTPS is not ours to say
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"PARITY_DEMO": "1"}, "PARITY_DEMO is on"),
        ({"PARITY_EMAIL_URL": ""}, "PARITY_EMAIL_URL is not set"),
        ({"PARITY_ALLOWED_HOSTS": "*"}, "PARITY_ALLOWED_HOSTS names *"),
    ],
)
def test_unsafe_settings_do_not_start(tmp_path: Path, more: dict[str, str], said: str) -> None:
    for command in (GUNICORN, (*CHECK, "--fail-level", "ERROR")):
        refused = started(tmp_path, *command, **{**SERVED, **more})
        assert (refused.returncode, said in refused.stderr) == (1, True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_key_that_others_can_read_does_not_start(tmp_path: Path) -> None:
    started(tmp_path, *GUNICORN, **SERVED)
    (tmp_path / "secret-key").chmod(0o644)
    refused = started(tmp_path, *GUNICORN, **SERVED)
    assert (refused.returncode, "secret-key can be read by others" in refused.stderr) == (1, True)


def test_the_terminal_serves_no_other_machine_unasked(tmp_path: Path) -> None:
    refused = started(tmp_path, *CLI, "serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == [
        "Name the hosts that people will use in PARITY_ALLOWED_HOSTS",
        "PARITY_EMAIL_URL is not set",
    ]


def test_the_demo_stays_on_this_machine(tmp_path: Path) -> None:
    refused = started(tmp_path, *CLI, "demo", "--no-serve", PARITY_ALLOWED_HOSTS="parity.council.example")
    assert (refused.returncode, refused.stderr) == (
        2, "The demo is served on this machine alone: unset PARITY_ALLOWED_HOSTS.\n",
    )  # fmt: skip


def test_a_mistake_in_the_environment_is_told_in_a_sentence(tmp_path: Path) -> None:
    refused = started(tmp_path, *CLI, "serve", PARITY_EMAIL_URL="mail.example")
    assert (refused.returncode, refused.stderr) == (
        2, "PARITY_EMAIL_URL must have the form smtp://user:password@host:587 or smtps://…:465.\n",
    )  # fmt: skip
