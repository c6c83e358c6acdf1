"""The parts of a workbook's archive, read as streams without trust in anything that they say of themselves.

A document type declaration, and with it every entity, ends the reading; only the parts that a table needs are opened,
and no other file. Layout: ECMA-376 (Office Open XML), parts 1 and 2, transitional and strict.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from zipfile import ZipFile

from parity.sources.brought.serial_dates import Style, style_of
from parity.sources.brought.upload_guard import (
    LINKS,
    LONG,
    LONGEST_CELL,
    MOST_TEXT,
    TOO_LONG,
    open_archive,
    refused,
    unwanted,
)

DATA = "data"
"""The sheet of this name is read, however it is capitalised; a workbook without one must have one visible sheet."""
_TYPES = "[Content_Types].xml"
_PIECE = 65_536
_ESCAPED = re.compile(r"_x([0-9A-CEFa-cef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")
"""A character by its number; half a surrogate pair is none."""
_DECLARED = "The workbook declares a document type, which no spreadsheet program does: save it anew as .xlsx."

Mark = tuple[str, Mapping[str, str] | None, str]
"""An element's name and, at its start, its attributes; at its end None and the text since the last start."""


class _Names(dict[str, str]):
    """The plain name of each element asked for, by its name with its name space; nothing for every other."""

    def __init__(self, wanted: str) -> None:
        self._wanted = frozenset(wanted.split())

    def __missing__(self, name: str) -> str:
        plain = name.rpartition(" ")[2]
        return self.setdefault(name, plain if plain in self._wanted else "")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a workbook, by their paths."""

    file: str
    archive: ZipFile

    def marks(self, path: str, *, starts: str, ends: str = "") -> Iterator[Mark]:
        """The starts and ends of the elements named, in the order of the part."""
        opened, closed = _Names(starts), _Names(ends)
        found: list[Mark] = []
        text: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            text.clear()
            if known := opened[name]:
                found.append((known, attributes, ""))

        def end(name: str) -> None:
            if known := closed[name]:
                found.append((known, None, "".join(text)))

        def declare(*_: object) -> None:
            raise refused(self.file, _DECLARED)

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text.append, declare
        with self.archive.open(path) as part:
            while piece := part.read(_PIECE):
                parser.Parse(piece)
                yield from found
                found.clear()
                if sum(map(len, text)) > LONGEST_CELL:
                    raise refused(self.file, LONG)
        parser.Parse(b"", True)
        yield from found

    def starts(self, path: str, *names: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        """The names and attributes of the elements named, in the order of the part."""
        for name, attributes, _ in self.marks(path, starts=" ".join(names)):
            yield name, attributes or {}

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """What the part refers to by id: the kind of the relation and the path of the other part."""
        folder, name = posixpath.split(path)
        found = {}
        for _, relation in self.starts(posixpath.join(folder, f"_rels/{name}.rels"), "Relationship"):
            if relation.get("TargetMode") == "External":
                raise refused(self.file, LINKS)
            target = posixpath.normpath(posixpath.join("/", folder, relation["Target"]))
            found[relation["Id"]] = (posixpath.basename(relation["Type"]), target.lstrip("/"))
        return found


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of the data sheet rest on: its path, the shared texts, what each style shows, and the epoch."""

    parts: Parts
    sheet: str
    strings: list[str]
    styles: list[Style]
    from_1904: bool


def open_book(file: str, content: bytes) -> Book:
    """The workbook, ready for its data sheet to be read.

    Raises InputRefused where it holds more than values or has no one data sheet; another error means that it is
    damaged.
    """
    parts = Parts(file, open_archive(file, content))
    types = (given.get("ContentType", "") for _, given in parts.starts(_TYPES, "Default", "Override"))
    if sentence := unwanted(types):
        raise refused(file, sentence)
    workbook = next((path for kind, path in parts.related("").values() if kind == "officeDocument"), "")
    related = parts.related(workbook)
    sheets, from_1904 = _sheets(parts, workbook, related)
    if DATA not in sheets and len(sheets) != 1:
        sentence = f"The workbook has {len(sheets)} sheets: call the one with the table “Data”, or keep only that one."
        raise refused(file, sentence)
    paths = dict(related.values())
    return Book(
        parts,
        sheets.get(DATA) or next(iter(sheets.values())),
        list(_strings(parts, paths["sharedStrings"])) if "sharedStrings" in paths else [],
        list(_styles(parts, paths["styles"])) if "styles" in paths else [],
        from_1904,
    )


def unescaped(text: str) -> str:
    """The text with the characters that XML has no place for, written _x000D_, put back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _sheets(parts: Parts, workbook: str, related: Mapping[str, tuple[str, str]]) -> tuple[dict[str, str], bool]:
    """The path of each visible sheet, and of a hidden one called Data, by its name; and whether days are from 1904."""
    from_1904 = False
    sheets: dict[str, str] = {}
    for name, given in parts.starts(workbook, "workbookPr", "sheet"):
        if name == "workbookPr":
            from_1904 = given.get("date1904") in ("1", "true")
            continue
        kind, path = related[next(value for key, value in given.items() if key.endswith(" id"))]
        title = given["name"].strip().lower()
        if title in sheets:
            raise ValueError(title)
        if kind == "worksheet" and (title == DATA or given.get("state", "visible") == "visible"):
            sheets[title] = path
    return sheets, from_1904


def _strings(parts: Parts, path: str) -> Iterator[str]:
    """The texts that cells refer to by number. Readings of East Asian words stand beside the text and are left out."""
    pieces: list[str] = []
    total = 0
    aside = False
    for name, given, text in parts.marks(path, starts="si rPh", ends="t rPh si"):
        if name == "rPh":
            aside = given is not None
        elif name == "t" and not aside:
            pieces.append(text)
            total += len(text)
        elif name == "si" and given is None:
            yield unescaped("".join(pieces)).strip()
            pieces.clear()
        if total > MOST_TEXT:
            raise refused(parts.file, TOO_LONG)


def _styles(parts: Parts, path: str) -> Iterator[Style]:
    """What each style of a cell shows, in their order."""
    codes: dict[int, str] = {}
    of_cells = False
    for name, given, _ in parts.marks(path, starts="numFmt cellXfs xf", ends="cellXfs"):
        if name == "cellXfs":
            of_cells = given is not None
        elif name == "numFmt" and given is not None:
            codes[int(given["numFmtId"])] = given["formatCode"]
        elif of_cells and given is not None:
            number = int(given.get("numFmtId", 0))
            yield style_of(number, codes.get(number, ""))
