"""The server for one person's machine: Django's threaded WSGI server, on loopback unless told otherwise."""

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from parity.web.wsgi import application

HOST = "127.0.0.1"
PORT = 8000


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
    server.set_app(application)
    return server
