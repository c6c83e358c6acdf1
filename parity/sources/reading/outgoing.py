"""The one way out to an address that somebody entered: to public hosts by HTTPS, and nowhere else.

The name is looked up once, every address behind it must be public, and the connection goes to the very address that was
checked: a name that is looked up differently a moment later leads nowhere. No redirect is followed, no proxy is asked,
and of the answer to what we send nothing is read but its status.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Timer
from urllib.parse import urlsplit

from parity.terms.errors import NotAllowed, ParityError

HTTPS_PORT, FIRST_OPEN_PORT = 443, 1024
LONGEST_ADDRESS = 500
CONNECT_SECONDS, WHOLE_SECONDS = 5, 10
MOST_ADDRESSES = 4
"""So many of a name's addresses are tried, one after the other."""
HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z][a-z0-9-]*")
"""A name. Its last part begins with a letter: a number, in whatever form, is an address to one library or another."""
UNICAST = IPv6Network("2000::/3")
LEADS_ELSEWHERE = tuple(map(ip_network, ("192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")))
"""Addresses that hold another address, or lead through whoever carries it: Teredo, 6to4; and one for documents."""

Ip = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]


class Unreachable(ParityError):
    """Nobody answered at an address, or too late."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: host and port, and what is asked for there."""

    host: str
    port: int
    target: str


def place_of(address: str) -> Place:
    """The place of an address that somebody entered. Raises NotAllowed for one that may not be asked."""
    try:
        parts = urlsplit(address)
        port = HTTPS_PORT if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise NotAllowed("This is not an address.") from None
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or {*address} & {*" \\#"}:
        raise NotAllowed(f"An address has at most {LONGEST_ADDRESS} characters, and no space, # or \\ among them.")
    if parts.scheme != "https" or "@" in parts.netloc:
        raise NotAllowed("An address begins with https:// and holds neither user name nor password.")
    if port != HTTPS_PORT and port < FIRST_OPEN_PORT:
        raise NotAllowed(f"An address has port {HTTPS_PORT}, or one from {FIRST_OPEN_PORT} on.")
    if not HOST.fullmatch(host):
        raise NotAllowed("An address names a host, such as hooks.council.example, and no number.")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    if not target.isascii():
        raise NotAllowed("Write letters other than a to z in an address as %XX.")
    return Place(host, port, target)


def is_public(ip: Ip) -> bool:
    """True for an address of the public network that stands for itself: none that holds or leads to another."""
    if isinstance(ip, IPv6Address) and ip not in UNICAST:
        return False
    elsewhere = any(ip.version == one.version and ip in one for one in LEADS_ELSEWHERE)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or elsewhere)


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them. Raises OSError where it knows none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Way:
    """How we get out: who looks names up, which addresses may be asked, whose certificates count, and how long."""

    look_up: Resolver = look_up
    may_reach: Callable[[Ip], bool] = is_public
    context: ssl.SSLContext | None = None
    seconds: float = WHOLE_SECONDS

    def addresses(self, place: Place) -> list[str]:
        """The addresses of the place. Raises Unreachable where there is none, NotAllowed where one may not be asked."""
        try:
            found = list(dict.fromkeys(self.look_up(place.host, place.port)))
            allowed = [self.may_reach(ip_address(one)) for one in found]
        except (OSError, ValueError):
            found, allowed = [], []
        if not found:
            raise Unreachable("The host is not known.")
        if not all(allowed):
            raise NotAllowed("The host is not on the public network, and nothing is sent to any other.")
        return found[:MOST_ADDRESSES]


DIRECT = Way()
"""The way out in use: tests go another."""


def send(address: str, body: bytes, headers: Mapping[str, str], *, way: Way = DIRECT) -> int:
    """The status of the answer to a POST. Raises NotAllowed for an address that may not be asked, Unreachable."""
    place = place_of(address)
    with connected(place, way=way) as connection:
        connection.request("POST", place.target, body, dict(headers))
        return connection.getresponse().status


@contextmanager
def connected(place: Place, *, way: Way) -> Iterator[HTTPConnection]:
    """A connection to the place by TLS, which ends when it is left, and when it took longer than the way allows.

    Raises NotAllowed for a place that may not be asked, Unreachable where it does not answer as it should.
    """
    context = way.context or ssl.create_default_context()
    connection = HTTPConnection(place.host, place.port)
    connection.default_port = HTTPS_PORT
    raw = _connected(way.addresses(place), place.port)
    # each read may take long; the whole may not, however slowly the other side speaks
    same = raw.dup()
    over = Timer(way.seconds, _break_off, (same,))
    over.daemon = True
    over.start()
    try:
        with context.wrap_socket(raw, server_hostname=place.host, suppress_ragged_eofs=False) as connection.sock:
            yield connection
    except ssl.SSLCertVerificationError:
        raise Unreachable("The host's certificate does not hold.") from None
    except (OSError, HTTPException):
        raise Unreachable("The host did not answer as it should, or not in time.") from None
    finally:
        over.cancel()
        same.close()


def _connected(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first address that takes one. Raises Unreachable where none does."""
    for one in addresses:
        with suppress(OSError):
            return socket.create_connection((one, port), CONNECT_SECONDS)
    raise Unreachable("The host takes no connection.")


def _break_off(same: socket.socket) -> None:
    """Nothing; the connection ends, for whoever else holds it too."""
    with suppress(OSError):
        same.shutdown(socket.SHUT_RDWR)
