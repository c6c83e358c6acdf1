"""A host on the loopback that receives what we send, by TLS and under a name of its own; and the way there."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from parity.sources.reading.outgoing import Way

HOST = "hooks.council.example"
LOOPBACK = "127.0.0.1"
Answer = Callable[[BaseHTTPRequestHandler], None]
Request = tuple[str, dict[str, str], bytes]
"""What was asked for, its headers, and its content."""


def make_certificate(folder: Path) -> Path:
    """A certificate for the host, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "host.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def served(certificate: Path, answer: Answer) -> Iterator[tuple[str, list[Request]]]:
    """The address of a server on the loopback, and the requests that it gets."""
    heard: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            answer(self)

        def do_GET(self) -> None:
            heard.append((self.path, dict(self.headers), b""))
            answer(self)

        def log_message(self, *told: Any) -> None:
            """Nothing."""

    server = HTTPServer((LOOPBACK, 0), Handler)
    server.handle_error = lambda *_: None  # whoever waits no longer has closed the connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"https://{HOST}:{server.server_port}/in?from=parity", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def to_loopback(certificate: Path, **more: Any) -> Way:
    """The way to a server of this test, and to nobody else."""
    way: dict[str, Any] = {"look_up": lambda *_: [LOOPBACK], "may_reach": lambda ip: str(ip) == LOOPBACK}
    return Way(**{**way, "context": ssl.create_default_context(cafile=certificate), **more})


def plainly(status: int, *headers: tuple[str, str]) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()

    return answer
