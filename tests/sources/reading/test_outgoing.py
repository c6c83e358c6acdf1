"""The way out: to public hosts by HTTPS and nowhere else, whatever a name, a resolver or an answer tries."""

import threading
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, create_server

import pytest

from parity.sources.reading.outgoing import (
    DIRECT,
    LONGEST_ADDRESS,
    Ip,
    Place,
    Unreachable,
    Way,
    is_public,
    place_of,
    send,
)
from parity.terms.errors import NotAllowed, ParityError
from tests.receiving import HOST, LOOPBACK, make_certificate, plainly, served, to_loopback

PUBLIC = "8.8.8.8"
BODY, HEADERS = b'{"type":"record.changed"}', {"Content-Type": "application/json"}
NOT_PUBLIC = "The host is not on the public network, and nothing is sent to any other."
LATE = "The host did not answer as it should, or not in time."


# Which addresses


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (f"https://{HOST}", Place(HOST, 443, "/")),
        (f"https://{HOST.upper()}:8443/in?from=parity", Place(HOST, 8443, "/in?from=parity")),
        ("https://bücher.example/", Place("xn--bcher-kva.example", 443, "/")),
    ],
)
def test_an_address_has_a_host_a_port_and_what_is_asked_there(address: str, place: Place) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    "address",
    [
        "", "hooks.council.example", f"http://{HOST}", f"ftp://{HOST}", "file:///etc/passwd", f"//{HOST}",
        f"https://ana@{HOST}", f"https://ana:secret@{HOST}", f"https://@{HOST}", f"https://{HOST}@127.0.0.1",
        f"https://{HOST}:22", f"https://{HOST}:80", f"https://{HOST}:0", f"https://{HOST}:99999", f"https://{HOST}:x",
        "https://127.0.0.1", "https://2130706433", "https://0x7f000001", "https://0177.0.0.1", "https://127.1",
        "https://0x7f.0.0.0x1", "https://017700000001", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://",
        "https://127.0.0.1.", "https://１２７.0.0.1", "https://a..example", "https://a_b", "https://a;b.example",
        f"https://{HOST}/a b", f"https://{HOST}/#part", f"https://{HOST}\\@127.0.0.1", f"https://{HOST}/\r\nHost: x",
        f"https://{HOST}/ü", f"https://{HOST}/{'a' * LONGEST_ADDRESS}",
    ],
)  # fmt: skip
def test_what_is_no_public_https_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        place_of(address)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::1",
        "2002:808:808::1", "2001::1", "2001:db8::1", "3fff::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1",
        "fec0::1", "ff02::1", "100::1", "5f00::1",
    ],
)  # fmt: skip
def test_no_address_of_ours_or_of_nobody_is_public(ip: str) -> None:
    assert not is_public(ip_address(ip))


@pytest.mark.parametrize("ip", [PUBLIC, "1.1.1.1", "193.62.22.98", "2606:4700:4700::1111", "2a00:1450:4009::200e"])
def test_other_addresses_are(ip: str) -> None:
    assert is_public(ip_address(ip))


@pytest.mark.parametrize("found", [[LOOPBACK], [PUBLIC, LOOPBACK], ["::1"], ["169.254.169.254"], ["10.0.0.1"]])
def test_every_address_behind_a_name_must_be_public(found: list[str]) -> None:
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        send(f"https://{HOST}", BODY, HEADERS, way=Way(look_up=lambda *_: found))


def test_a_name_of_our_own_is_refused_as_the_system_knows_it() -> None:
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        send("https://localhost:8443", BODY, HEADERS, way=DIRECT)


@pytest.mark.parametrize("found", [[], ["words"]])
def test_a_host_without_an_address_is_not_known(found: list[str]) -> None:
    with pytest.raises(Unreachable, match="The host is not known"):
        send(f"https://{HOST}", BODY, HEADERS, way=Way(look_up=lambda *_: found))


# What happens there


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def test_a_post_arrives_as_it_was_sent(certificate: Path) -> None:
    with served(certificate, plainly(204)) as (address, heard):
        assert send(address, BODY, HEADERS, way=to_loopback(certificate)) == 204
    ((path, headers, body),) = heard
    port = place_of(address).port
    assert (path, headers["Host"], body) == ("/in?from=parity", f"{HOST}:{port}", BODY)
    assert headers["Content-Type"] == "application/json"


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere(certificate: Path) -> None:
    """A resolver that answers first what may be asked, and the next time what may not."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [LOOPBACK] if len(asked) == 1 else ["169.254.169.254"]

    with served(certificate, plainly(200)) as (address, heard):
        assert send(address, BODY, HEADERS, way=to_loopback(certificate, look_up=rebinding)) == 200
        with pytest.raises(NotAllowed, match=NOT_PUBLIC):
            send(address, BODY, HEADERS, way=to_loopback(certificate, look_up=rebinding))
    assert (asked, len(heard)) == ([HOST, HOST], 1)


def test_no_redirect_is_followed(certificate: Path) -> None:
    with served(certificate, plainly(200)) as (inner, untouched):
        port = place_of(inner).port
        with served(certificate, plainly(307, ("Location", f"https://{LOOPBACK}:{port}/"))) as (address, heard):
            assert send(address, BODY, HEADERS, way=to_loopback(certificate)) == 307
    assert (len(heard), untouched) == (1, [])


def test_no_proxy_of_the_environment_is_asked(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with served(certificate, plainly(200)) as (address, _):
        assert send(address, BODY, HEADERS, way=to_loopback(certificate)) == 200


@pytest.mark.parametrize("dripping", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_who_answers_slowly_is_left(certificate: Path, dripping: bytes) -> None:
    over = threading.Event()

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(dripping)
        while not over.wait(0.05):
            handler.wfile.write(dripping[-1:])

    with served(certificate, slowly) as (address, _):
        begun = time.monotonic()
        with pytest.raises(Unreachable, match=LATE):
            send(address, BODY, HEADERS, way=to_loopback(certificate, seconds=0.3))
        took = time.monotonic() - begun
        over.set()
    assert took < 2


def test_of_a_huge_answer_nothing_is_read(certificate: Path) -> None:
    def hugely(handler: BaseHTTPRequestHandler) -> None:
        plainly(200, ("Content-Length", str(10**12)))(handler)
        for _ in range(10**4):
            handler.wfile.write(b"a" * 10**6)

    with served(certificate, hugely) as (address, _):
        assert send(address, BODY, HEADERS, way=to_loopback(certificate)) == 200


def test_endless_headers_are_not_read_to_their_end(certificate: Path) -> None:
    def endlessly(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(10**4):
            handler.wfile.write(b"X: " + b"a" * 10**4 + b"\r\n")

    with served(certificate, endlessly) as (address, _), pytest.raises(Unreachable, match=LATE):
        send(address, BODY, HEADERS, way=to_loopback(certificate))


def test_a_certificate_must_be_of_the_host_that_was_named(certificate: Path) -> None:
    with served(certificate, plainly(200)) as (address, heard):
        other = address.replace(HOST, "other.council.example")
        with pytest.raises(Unreachable, match="The host's certificate does not hold"):
            send(other, BODY, HEADERS, way=to_loopback(certificate))
        with pytest.raises(Unreachable, match="The host's certificate does not hold"):
            send(address, BODY, HEADERS, way=to_loopback(certificate, context=None))
    assert heard == []


def test_a_closed_port_is_told_in_a_sentence(certificate: Path) -> None:
    with create_server((LOOPBACK, 0), family=AF_INET) as server:
        port = server.getsockname()[1]
    with pytest.raises(ParityError, match="The host takes no connection"):
        send(f"https://{HOST}:{port}", BODY, HEADERS, way=to_loopback(certificate))


def test_tests_alone_go_another_way() -> None:
    asked: list[Ip] = [ip_address(LOOPBACK), ip_address(PUBLIC)]
    assert [DIRECT.may_reach(ip) for ip in asked] == [False, True]
