"""The server of one person's machine: it answers on loopback, several at once, and stops when told."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from parity.web.serving import open_server


@pytest.fixture
def port() -> Iterator[int]:
    with open_server(port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def answer(port: int, address: str) -> tuple[int, str | None]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers["Content-Type"]


def test_it_serves_files_and_sends_visitors_to_sign_in(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert answer(port, "/static/parity/parity.css") == (200, 'text/css; charset="utf-8"')
    assert answer(port, "/")[0] == 302
    assert capfd.readouterr().err == ""


def test_what_was_read_at_the_start_is_not_swept_again(tmp_path: Path) -> None:
    """All addresses are read before the first request, and the collector of memory passes over what they brought."""
    asked = "'parity.web.api' in sys.modules, gc.get_freeze_count() > len(gc.get_objects())"
    line = f"import gc, sys, parity.web.wsgi; print({asked})"
    surroundings = {**os.environ, "PARITY_HOME": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", line], env=surroundings, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True"]


def test_a_port_that_is_taken_says_so(port: int) -> None:
    with pytest.raises(OSError, match="in use"):
        open_server(port=port)
