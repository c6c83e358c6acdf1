"""Settings that differ between places, and the key that is made once."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from parity.web.settings import folders, secret_key

ASKED = (
    "import json; from parity.web import settings as s; print(json.dumps([s.ALLOWED_HOSTS, s.SECURE_HSTS_SECONDS > 0,"
    " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG, str(s.PARITY_HOME)]))"
)


def asked(home: Path, **more: str) -> list[object]:
    environment = {**os.environ, "PARITY_HOME": str(home), **more}
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, check=True, env=environment)
    return json.loads(done.stdout)


def test_one_persons_machine_answers_on_loopback_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert asked(home) == [["127.0.0.1", "localhost", "[::1]"], False, False, False, False, False, str(home)]


def test_a_named_host_brings_encryption_with_it(tmp_path: Path) -> None:
    assert asked(tmp_path, PARITY_ALLOWED_HOSTS="parity.council.example, ")[:5] == [
        ["127.0.0.1", "localhost", "[::1]", "parity.council.example"], True, True, True, True,
    ]  # fmt: skip


def test_cookies_are_bound_to_the_host_once_others_are_served(tmp_path: Path) -> None:
    names = ASKED.partition("print")[0] + "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME]))"
    told = [
        subprocess.run(
            [sys.executable, "-c", names],
            capture_output=True,
            check=True,
            env={**os.environ, "PARITY_HOME": str(tmp_path), "PARITY_ALLOWED_HOSTS": hosts},
        ).stdout
        for hosts in ("", "parity.council.example")
    ]
    assert [json.loads(each) for each in told] == [
        ["sessionid", "csrftoken"], ["__Host-sessionid", "__Host-csrftoken"],
    ]  # fmt: skip


def test_the_key_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "home")
    assert secret_key(tmp_path / "home") == first
    assert secret_key(tmp_path / "other") != first
    assert len(first) >= 50
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret-key"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_nobody_else_can_read_the_key(tmp_path: Path) -> None:
    secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_templates_are_found_beside_their_modules() -> None:
    assert {"layout", "web"} <= {folder.parent.name for folder in folders("templates")}
    assert folders("no-such-folder") == []
