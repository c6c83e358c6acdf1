"""A publication's file is downloaded whole, under a name that is known, from the publisher's own hosts alone."""

import os
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import polars as pl
import pytest

from parity.sources.reading import fetching
from parity.sources.reading.fetching import MOST_REDIRECTS, fetch
from parity.sources.reading.outgoing import Unreachable, place_of
from parity.sources.shelf import SHELF
from parity.terms.errors import NotAllowed, NotFound, ParityError, SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication
from tests.receiving import HOST, LOOPBACK, Answer, make_certificate, plainly, served, to_loopback

CONTENT = os.urandom(200_000)
NAME = "Thing 2024 (final).csv"
BEDS = Publication(
    stem="beds", title="Beds", publisher="P", licence="L", address=f"https://{HOST}/beds", frequency="F", caveat="C",
    files=("thing*.csv",), columns={"beds": Column(Kind.WHOLE, "Beds")}, key=("beds",),
    tidy=lambda file: Edition(file.name, pl.DataFrame()),
)  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def found_at(address: str, name: str = NAME) -> Publication:
    """The publication, whose file is at the port of this address."""
    quoted = name.replace(" ", "%20")
    return replace(BEDS, download=f"https://{HOST}:{place_of(address).port}/files/{quoted}?v=2")


def sending(content: bytes, *, told: int | None = None, kind: str = "text/csv") -> Answer:
    """An answer that says its length, be it true or not, and that says at its end that it ends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        length = str(len(content) if told is None else told)
        plainly(200, ("Content-Type", kind), ("Content-Length", length))(handler)
        handler.wfile.write(content)
        handler.connection.unwrap()

    return answer


def in_chunks(handler: BaseHTTPRequestHandler) -> None:
    plainly(200, ("Transfer-Encoding", "chunked"))(handler)
    handler.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(CONTENT), CONTENT))


@pytest.mark.parametrize("answer", [sending(CONTENT), in_chunks], ids=["at once", "in chunks"])
def test_the_file_arrives_whole_in_place_of_the_old(answer: Answer, certificate: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / NAME).write_bytes(b"old")
    with served(certificate, answer) as (address, heard):
        file = fetch(found_at(address), folder, way=to_loopback(certificate))
    assert (file, [found.name for found in folder.iterdir()]) == (folder / NAME, [NAME])
    assert file.read_bytes() == CONTENT
    ((path, headers, _),) = heard
    assert (path, headers["User-Agent"]) == (
        "/files/Thing%202024%20(final).csv?v=2",
        "Parity (downloads official statistics)",
    )


def test_a_redirect_to_the_same_host_is_followed(certificate: Path, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        first = handler.path.startswith("/files/")
        (plainly(302, ("Location", "/moved/here.csv")) if first else sending(CONTENT))(handler)

    with served(certificate, answer) as (address, heard):
        file = fetch(found_at(address), tmp_path / "new", way=to_loopback(certificate))
    assert (file.read_bytes(), [path for path, _, _ in heard][1:]) == (CONTENT, ["/moved/here.csv"])


@pytest.mark.parametrize(
    ("location", "error", "words"),
    [
        (
            "https://elsewhere.example/x.csv",
            NotAllowed,
            "leads on to elsewhere.example, which is not one of its own hosts",
        ),
        (f"http://{HOST}/x.csv", NotAllowed, "An address begins with https://"),
        (f"https://{LOOPBACK}/x.csv", NotAllowed, "An address names a host"),
        ("", Unreachable, f"leads on more than {MOST_REDIRECTS} times"),
    ],
)
def test_no_other_redirect_is(
    location: str, error: type[ParityError], words: str, certificate: Path, tmp_path: Path
) -> None:
    with served(certificate, plainly(302, ("Location", location))) as (address, _), pytest.raises(error, match=words):
        fetch(found_at(address), tmp_path, way=to_loopback(certificate))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (plainly(404), Unreachable, "answers 404 instead of sending the file"),
        (sending(b"<html>", kind="text/html; charset=utf-8"), SourceChanged, "sends a page instead of the file"),
        (
            sending(CONTENT, told=len(CONTENT) + 1),
            Unreachable,
            f"broke off after {len(CONTENT)} of {len(CONTENT) + 1} bytes",
        ),
    ],
)
def test_what_is_not_the_whole_file_is_not_kept(
    answer: Answer, error: type[ParityError], words: str, certificate: Path, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(b"old")
    with served(certificate, answer) as (address, _), pytest.raises(error, match=words):
        fetch(found_at(address), tmp_path, way=to_loopback(certificate))
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(NAME, b"old")]


def test_a_file_without_end_is_broken_off(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    with (
        served(certificate, sending(CONTENT)) as (address, _),
        pytest.raises(SourceChanged, match="has more than 100000 bytes"),
    ):
        fetch(found_at(address), tmp_path, way=to_loopback(certificate))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["other.csv", "..%2Fthing.csv", "thing.xlsx", ".thing.csv", "thing%00.csv", ""])
def test_a_name_that_is_not_known_is_refused_before_anybody_is_asked(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="is not the name of a file of Beds"):
        fetch(found_at(f"https://{HOST}", name), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_publisher_without_a_lasting_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as told:
        fetch(BEDS, tmp_path)
    assert str(told.value) == (
        f"Beds: no address of the file stays the same. Download it from https://{HOST}/beds, "
        "then say `parity import beds FILE`."
    )


@pytest.mark.parametrize("stem", [stem for stem, each in SHELF.items() if each.download])
def test_a_declared_address_may_be_asked_and_names_a_file_that_is_known(stem: str) -> None:
    assert place_of(SHELF[stem].download).port == 443
    assert fetching._name(SHELF[stem])
