"""The server for one person's machine, on loopback unless told otherwise, and the worker beside it."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

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


def whole_application() -> WSGIHandler:
    """The WSGI application with all its addresses read, so that the first request waits for none.

    What was read is told to the collector of unused memory as kept for good: looking through it again and again would
    hold up a page for a fifth of a second now and then.
    """
    application = get_wsgi_application()
    if get_resolver().url_patterns:
        gc.freeze()
    return application


def open_server(host: str = HOST, port: int = PORT) -> ThreadedWSGIServer:
    """A server that listens on the address but does not answer yet; port 0 takes any free one.

    Raises OSError where the port is taken.
    """
    server = ThreadedWSGIServer((host, port), QuietHandler)
    server.daemon_threads = True
    server.set_app(whole_application())
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
