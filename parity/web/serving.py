"""The server for one person's machine, on loopback unless told otherwise, and the worker beside it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

HOST = "127.0.0.1"
PORT = 8000
PATIENCE_SECONDS = 10
APART: dict[str, Any] = {"start_new_session": True}
if sys.platform == "win32":
    APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}


class QuietHandler(WSGIRequestHandler):
    """Handles requests without a line in the terminal for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def open_server(host: str = HOST, port: int = PORT) -> ThreadedWSGIServer:
    """A server that listens on the address but does not answer yet; port 0 takes any free one.

    Raises OSError where the port is taken.
    """
    server = ThreadedWSGIServer((host, port), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    return server


@contextmanager
def worker_beside() -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own that ends with this one, however this one ends: then its input ends too.

    A Ctrl+C in the terminal does not reach it; it is told to stop, and ended where it does not within ten seconds.
    """
    line = [sys.executable, "-m", "parity.cli", "work", "--until-input-ends"]
    with subprocess.Popen(  # noqa: S603 -- our own command, with no word of anybody else in it
        line,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        **APART,
    ) as worker:
        try:
            yield worker
        finally:
            worker.stdin.close()  # type: ignore[union-attr]
            try:
                worker.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                # what it was at is done again by the next worker
                worker.kill()
