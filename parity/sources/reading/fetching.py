"""How a publication's file comes here from the publisher's address: by HTTPS, to its end, under a name that we know."""

import re
from fnmatch import fnmatch
from http.client import HTTPResponse
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from parity.sources.reading.outgoing import Place, Unreachable, Way, connected, place_of
from parity.terms.errors import NotAllowed, NotFound, SourceChanged
from parity.terms.publication import Publication

DOWNLOAD_SECONDS = 600
LARGEST = 300_000_000
"""Bytes. The largest file that we read has a third of it."""
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
FOUND = 200
PIECE = 65_536
NAME = re.compile(r"[\w()+,-][\w ()+,.-]*")
HEADERS = {"User-Agent": "Parity (downloads official statistics)", "Accept": "*/*", "Accept-Encoding": "identity"}
PAGE = "text/html"
BY_HAND = (
    "{title}: no address of the file stays the same. Download it from {address}, then say `parity import {stem} FILE`."
)
ALLOWING_TIME = Way(seconds=DOWNLOAD_SECONDS)
"""The way out for files: it takes longer than a message."""


def fetch(publication: Publication, into: Path, *, way: Way = ALLOWING_TIME) -> Path:
    """The publication's file, downloaded into the folder; what stood there under its name is replaced when it is whole.

    Raises NotFound where the publisher has no lasting address, Unreachable where it does not answer as it should, and
    SourceChanged for another file than we know, or one that is too large.
    """
    if not publication.download:
        raise NotFound(BY_HAND.format(title=publication.title, address=publication.address, stem=publication.stem))
    name = _name(publication)
    hosts = {place_of(address).host for address in (publication.address, publication.download)}
    into.mkdir(parents=True, exist_ok=True)
    part = into / f".{name}.part"
    try:
        _download(publication.download, part, hosts=hosts, way=way)
        return part.replace(into / name)
    finally:
        part.unlink(missing_ok=True)


def _name(publication: Publication) -> str:
    """The file's name, which the end of its address holds. Raises SourceChanged for one that is not among its names."""
    name = unquote(PurePosixPath(urlsplit(publication.download).path).name)
    if NAME.fullmatch(name) and any(fnmatch(name.lower(), known) for known in publication.files):
        return name
    raise SourceChanged(f"“{name}” is not the name of a file of {publication.title}.")


def _download(address: str, part: Path, *, hosts: set[str], way: Way) -> None:
    """What is found at the address, written to a file. A redirect is followed to the hosts alone."""
    for _ in range(MOST_REDIRECTS + 1):
        place = place_of(address)
        if place.host not in hosts:
            raise NotAllowed(f"The publisher's address leads on to {place.host}, which is not one of its own hosts.")
        with connected(place, way=way) as connection:
            connection.request("GET", place.target, headers=HEADERS)
            answer = connection.getresponse()
            if answer.status not in REDIRECTS:
                return _write(answer, part, place=place)
            address = urljoin(address, answer.getheader("Location", ""))
    raise Unreachable(f"The publisher's address leads on more than {MOST_REDIRECTS} times.")


def _write(answer: HTTPResponse, part: Path, *, place: Place) -> None:
    if answer.status != FOUND:
        raise Unreachable(f"{place.host} answers {answer.status} instead of sending the file.")
    if answer.getheader("Content-Type", "").startswith(PAGE):
        raise SourceChanged(f"{place.host} sends a page instead of the file: the file has moved.")
    told = answer.length
    size = 0
    with part.open("wb") as file:
        while piece := answer.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise SourceChanged(f"The file has more than {LARGEST} bytes, more than any that we know.")
            file.write(piece)
    if told is not None and size < told:
        raise Unreachable(f"{place.host} broke off after {size} of {told} bytes.")
