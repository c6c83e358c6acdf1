"""Files that mean harm, made when they are needed: each with the name it comes under and what is said of it.

`python corpus.py FOLDER` writes them down, reads each in a process as an upload is, and prints what that took.
"""

import codecs
import io
import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DAMAGED = "The workbook is damaged: open it in a spreadsheet program and save it anew as .xlsx."
DECLARED = "The workbook declares a document type, which no spreadsheet program does: save it anew as .xlsx."
MACROS = "The workbook holds macros: save it as a workbook without macros (.xlsx)."
LINKS = "The workbook takes values from other files or databases: save a copy that holds values only."
EMBEDDED = "Other files or controls are embedded in the workbook: save a copy without them."
CLOSED = "The file is an old or a password-protected workbook: take the password off and save it as .xlsx."
UNKNOWN = "Only workbooks (.xlsx) and comma-separated files (.csv) are read: save the table as one of them."
NOT_XLSX = "The file is not what its name says (.xlsx): save the table anew as .xlsx or .csv."
NOT_CSV = "The file is not what its name says (.csv): save the table anew as .xlsx or .csv."
TOO_LARGE = "The file is larger than 20 MB: split the table into several files."
TOO_WIDE = "The sheet is larger than any table here once unpacked: keep only the rows and columns that hold the table."
TOO_LONG = "The table is too long: split it before this row. 200,000 rows, or 2 million cells, are read at once."
WIDE = "The row has more than 200 cells: remove what does not belong to the table."
LONG = "A cell has more than 32,767 characters: shorten it."
NO_UTF_8 = "A character here is not UTF-8: save the file as CSV UTF-8."
UNSEEN = "An unseen control character stands in cell {}: remove it."
TOO_MUCH = "The file takes more memory than one table may: split it, or save it anew."

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
LAUGHS = "<!DOCTYPE l [<!ENTITY l0 'ha'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: its name, how it is made, and the sentence it is refused with, with row and column where they are."""

    make: Callable[[], bytes]
    told: str
    name: str = "sheet.xlsx"
    row: int | None = None
    column: str | None = None


def sheet(rows: str, *, after: str = "", before: str = "") -> str:
    """A sheet's XML."""
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(items: str, *, before: str = "") -> str:
    """The XML of the shared texts."""
    return f'{before}<sst xmlns="{MAIN}">{items}</sst>'


def parts(**changed: str | bytes) -> dict[str, str | bytes]:
    """The parts of the smallest workbook; `sheet`, `workbook`, `rels`, `types` and `strings` may be others."""
    sheets = '<sheets><sheet name="Any" sheetId="1" r:id="r1"/></sheets>'
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>'
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "strings.xml")), 1
        )
    )
    root = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{KINDS}.{kind}+xml"/>'
        for part, kind in (("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"))
    )
    related = '<Relationships xmlns="{}/relationships">{}</Relationships>'
    return {
        "[Content_Types].xml": changed.get("types", f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'),
        "_rels/.rels": related.format(PACKAGE, root),
        "xl/workbook.xml": changed.get("workbook", workbook),
        "xl/_rels/workbook.xml.rels": related.format(PACKAGE, relations + str(changed.get("rels", ""))),
        "xl/strings.xml": changed.get("strings", strings("")),
        SHEET: changed.get("sheet", sheet(HEADER)),
    }


def packed(entries: Iterable[tuple[str, str | bytes]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of the entries, which may have one name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
    return buffer.getvalue()


def book(
    *, method: int = zipfile.ZIP_DEFLATED, extra: Iterable[tuple[str, str | bytes]] = (), **changed: str | bytes
) -> bytes:
    """A workbook with some of its parts changed and other entries added."""
    return packed([*parts(**changed).items(), *extra], method=method)


def declared(content: bytes, name: str, *, size: int | None = None, flags: int | None = None) -> bytes:
    """The archive, saying another size or other flags of an entry in its list of entries."""
    patched = bytearray(content)
    at = content.index(name.encode(), content.index(b"PK\x01\x02")) - 46
    if size is not None:
        patched[at + 24 : at + 28] = struct.pack("<I", size)
    if flags is not None:
        patched[at + 8 : at + 10] = struct.pack("<H", flags)
    return bytes(patched)


def cells(*xml: str) -> bytes:
    """A workbook with the cells given in row 2."""
    return book(sheet=sheet(f'{HEADER}<row r="2">{"".join(xml)}</row>'))


def of_many_parts() -> bytes:
    """Five more entries, each as large as an entry may say that it is."""
    names = [f"xl/part{n}.xml" for n in range(5)]
    content = book(extra=[(name, bytes(460_000)) for name in names], method=zipfile.ZIP_STORED)
    for name in names:
        content = declared(content, name, size=45_000_000)
    return content


def filled(columns: int) -> str:
    """A row of so many cells with a number each, their places not given."""
    return f'<row r="2">{"<c><v>1</v></c>" * columns}</row>'


def noise(size: int) -> str:
    """Text that cannot be packed well."""
    return random.Random(3).randbytes(size // 2).hex()


CORPUS: dict[str, Hostile] = {
    # archives
    "zip bomb": Hostile(lambda: book(sheet=bytes(60_000_000)), TOO_WIDE),
    "zip bomb under the largest entry": Hostile(lambda: book(sheet=sheet(filled(2_000_000))), TOO_WIDE),
    "zip bomb of many parts": Hostile(of_many_parts, TOO_WIDE),
    "zip bomb that lies about its size": Hostile(
        lambda: declared(book(sheet=bytes(60_000_000)), SHEET, size=1_000), DAMAGED
    ),
    "zip in a zip": Hostile(lambda: packed([("inner.zip", book())]), DAMAGED),
    "one entry under two names": Hostile(lambda: book().replace(b"xl/strings.xml", b"xl/string2.xml", 1), DAMAGED),
    "an entry twice": Hostile(lambda: book(extra=[(SHEET.upper(), sheet(HEADER))]), DAMAGED),
    "a thousand entries": Hostile(lambda: book(extra=[(f"xl/{n}.xml", "") for n in range(1_000)]), DAMAGED),
    "another way of packing": Hostile(lambda: book(method=zipfile.ZIP_LZMA), DAMAGED),
    "encrypted entries": Hostile(lambda: declared(book(), SHEET, flags=1), CLOSED),
    "name above its folder": Hostile(lambda: book(extra=[("../../start.py", "")]), DAMAGED),
    "name above its folder inside": Hostile(lambda: book(extra=[("xl/../../start.py", "")]), DAMAGED),
    "absolute name": Hostile(lambda: book(extra=[("/etc/cron.d/x", "")]), DAMAGED),
    "name with a backslash": Hostile(lambda: book(extra=[("..\\start.py", "")]), DAMAGED),
    "name with a drive": Hostile(lambda: book(extra=[("C:start.py", "")]), DAMAGED),
    "truncated": Hostile(lambda: book()[:-100], DAMAGED),
    "half an archive": Hostile(lambda: book()[:400], DAMAGED),
    "bytes inside changed": Hostile(lambda: book(method=zipfile.ZIP_STORED).replace(b"<t>a<", b"<t>c<"), DAMAGED),
    # files that are several things
    "a PDF before a workbook": Hostile(lambda: b"%PDF-1.7\n" + book(), NOT_XLSX),
    "a workbook before a page": Hostile(lambda: book() + b"<html><script>1</script>", DAMAGED),
    "a workbook in the remark of an archive": Hostile(lambda: book()[:-2] + b"\x04\x00%PDF", DAMAGED),
    "a workbook called CSV": Hostile(book, NOT_CSV, "sheet.csv"),
    "a PDF called CSV": Hostile(lambda: b"%PDF-1.7\na,b\n1,2\n", NOT_CSV, "sheet.csv"),
    "a picture called CSV": Hostile(lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NO_UTF_8, "sheet.csv", 1),
    "text called XLSX": Hostile(lambda: b"a,b\n1,2\n", NOT_XLSX),
    "a program": Hostile(lambda: b"MZ", UNKNOWN, "sheet.xlsx.exe"),
    "a page": Hostile(lambda: b"<table>", UNKNOWN, "sheet.html"),
    "no ending": Hostile(lambda: b"a,b\n", UNKNOWN, "sheet"),
    "too large": Hostile(lambda: b"a,b\n" * 5_000_001, TOO_LARGE, "sheet.csv"),
    "empty": Hostile(lambda: b"", "The file is empty: it needs a header row."),
    "an old workbook": Hostile(lambda: codecs.decode("d0cf11e0a1b11ae1", "hex") + bytes(512), CLOSED, "sheet.xls"),
    "a password": Hostile(lambda: codecs.decode("d0cf11e0a1b11ae1", "hex") + bytes(512), CLOSED),
    # what a workbook may carry
    "macros by name": Hostile(book, MACROS, "sheet.xlsm"),
    "macros in a document": Hostile(book, MACROS, "letter.DOCM"),
    "macros inside": Hostile(lambda: book(extra=[("xl/vbaProject.bin", "x")]), MACROS),
    "macros under another name": Hostile(
        lambda: book(
            types=f'<Types xmlns="{PACKAGE}/content-types">'
            '<Override PartName="/xl/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        ),
        MACROS,
    ),
    "a sheet of macros": Hostile(lambda: book(extra=[("xl/macrosheets/sheet1.xml", "x")]), MACROS),
    "another workbook": Hostile(lambda: book(extra=[("xl/externalLinks/externalLink1.xml", "x")]), LINKS),
    "a database": Hostile(lambda: book(extra=[("xl/connections.xml", "x")]), LINKS),
    "a part from elsewhere": Hostile(
        lambda: book(rels='<Relationship Id="x" Type="y" Target="file:///etc/hostname" TargetMode="External"/>'), LINKS
    ),
    "an embedded file": Hostile(lambda: book(extra=[("xl/embeddings/oleObject1.bin", "x")]), EMBEDDED),
    "a control": Hostile(lambda: book(extra=[("xl/activeX/activeX1.bin", "x")]), EMBEDDED),
    # XML
    "an entity from a file": Hostile(
        lambda: book(strings=strings("<si><t>&x;</t></si>", before=OUTSIDE)), DECLARED
    ),
    "an entity in the sheet": Hostile(lambda: book(sheet=sheet(HEADER, before=OUTSIDE)), DECLARED),
    "an entity in the workbook": Hostile(lambda: book(workbook=f"{OUTSIDE}<workbook/>"), DECLARED),
    "an entity in the types": Hostile(lambda: book(types=f"{OUTSIDE}<Types/>"), DECLARED),
    "an entity in UTF-16": Hostile(lambda: book(sheet=sheet(HEADER, before=OUTSIDE).encode("utf-16")), DECLARED),
    "a billion laughs": Hostile(lambda: book(strings=strings("<si><t>&l9;</t></si>", before=LAUGHS)), DECLARED),
    "elements in elements": Hostile(lambda: book(sheet="<a>" * 300_000), DAMAGED),
    "an endless attribute": Hostile(lambda: book(sheet=f'<worksheet a="{noise(15_000_000)}'), DAMAGED),
    "an endless text": Hostile(lambda: book(strings=strings(f"<si><t>{noise(15_000_000)}</t></si>")), LONG),
    "no workbook in it": Hostile(lambda: packed([("readme.txt", "x")]), DAMAGED),
    "a relation out of the archive": Hostile(
        lambda: book(workbook="<workbook/>").replace(b"xl/workbook.xml", b"../../../../etc"), DAMAGED
    ),
    # sheets
    "ten million columns": Hostile(lambda: b"a" + b"," * 10_000_000, WIDE, "sheet.csv", 1),
    "twenty million columns": Hostile(lambda: b"a" + b"," * 19_999_998, TOO_MUCH, "sheet.csv"),
    "a million columns": Hostile(
        lambda: book(sheet=sheet(HEADER + filled(1_200_000)), method=zipfile.ZIP_STORED), WIDE, row=2
    ),
    "a column no sheet has": Hostile(lambda: cells('<c r="ZZZZ2"><v>1</v></c>'), DAMAGED),
    "the last column": Hostile(lambda: cells('<c r="XFD2"><v>1</v></c>'), WIDE, row=2),
    "the last row": Hostile(
        lambda: book(sheet=sheet(f'{HEADER}<row r="1048576"><c><v>1</v></c></row>')), TOO_LONG, row=200_001
    ),
    "a row beyond": Hostile(lambda: book(sheet=sheet(f'{HEADER}<row r="9999999"/>')), DAMAGED),
    "rows out of order": Hostile(lambda: book(sheet=sheet(f'{HEADER}<row r="1"/>')), DAMAGED),
    "cells out of order": Hostile(lambda: cells('<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>'), DAMAGED),
    "a long text again and again": Hostile(
        lambda: book(
            strings=strings(f"<si><t>{noise(30_000)}</t></si>"),
            sheet=sheet(HEADER + '<row><c t="s"><v>0</v></c></row>' * 20_000),
        ),
        TOO_LONG,
        row=668,
    ),
    "a text too long": Hostile(
        lambda: book(sheet=sheet(f'{HEADER}<row><c t="str"><v>{noise(40_000)}</v></c></row>')), LONG, row=2
    ),
    "a text too long in pieces": Hostile(
        lambda: book(sheet=sheet(f'{HEADER}<row><c t="inlineStr"><is>{f"<t>{noise(20_000)}</t>" * 9}</is></c></row>')),
        LONG,
        row=2,
    ),
    "a shared text that is not there": Hostile(lambda: cells('<c t="s"><v>7</v></c>'), DAMAGED),
    "a shared text from the end": Hostile(
        lambda: book(strings=strings("<si><t>x</t></si>"), sheet=sheet('<row><c t="s"><v>-1</v></c></row>')), DAMAGED
    ),
    "no number": Hostile(lambda: cells("<c><v>nan</v></c>"), DAMAGED),
    "a number beyond all": Hostile(lambda: cells("<c><v>1e999</v></c>"), DAMAGED),
    "a number with a dash": Hostile(lambda: cells("<c><v>1_000</v></c>"), DAMAGED),
    "a type no cell has": Hostile(lambda: cells('<c t="x"><v>1</v></c>'), DAMAGED),
    "a formula": Hostile(
        lambda: cells("<c/>", '<c r="B2"><f>HYPERLINK("x")</f><v>1</v></c>'),
        "B2 holds a formula: put its value in its place.",
        row=2,
        column="b",
    ),
    "a shared formula": Hostile(
        lambda: cells('<c><f t="shared" si="0"/></c>'),
        "A2 holds a formula: put its value in its place.",
        row=2,
        column="a",
    ),
    "a formula in the header": Hostile(
        lambda: book(sheet=sheet("<row><c><f>1</f></c></row>")),
        "A1 holds a formula: put its value in its place.",
        row=1,
    ),
    "an error": Hostile(
        lambda: cells('<c t="e"><v>#REF!</v></c>'),
        "A2 holds #REF!: put a value in its place, or leave the cell empty.",
        row=2,
        column="a",
    ),
    "merged cells": Hostile(
        lambda: book(sheet=sheet(HEADER, after='<mergeCells><mergeCell ref="A2:B3"/></mergeCells>')),
        "A2 is merged with other cells: split them, and fill in each.",
        row=2,
        column="a",
    ),
    "an unseen character": Hostile(lambda: cells('<c t="str"><v>_x0000_</v></c>'), UNSEEN.format(1), row=2),
    # comma-separated text
    "UTF-16": Hostile(lambda: "a,b\n1,2\n".encode("utf-16"), NO_UTF_8, "sheet.csv", 1),
    "UTF-16 without its mark": Hostile(lambda: "a".encode("utf-16-le"), UNSEEN.format(1), "sheet.csv", 1),
    "Latin-1": Hostile(lambda: "a,b\n£,2\n".encode("latin-1"), NO_UTF_8, "sheet.csv", 2),
    "null characters": Hostile(lambda: b"a,b\n1,\0\n", UNSEEN.format(2), "sheet.csv", 2),
    "an escape for a terminal": Hostile(lambda: b"a,b\n\x1b[2J,1\n", UNSEEN.format(1), "sheet.csv", 2),
    "a quotation without an end": Hostile(
        lambda: b'a,b\n"1,2\n',
        "The file cannot be read as comma-separated text: unexpected end of data.",
        "sheet.csv",
    ),
    "a cell of twenty million characters": Hostile(
        lambda: b"a,b\n1," + b"x" * 19_999_000,
        "The file cannot be read as comma-separated text: field larger than field limit (131072).",
        "sheet.csv",
    ),
    "a cell too long": Hostile(lambda: b"a,b\n1," + b"x" * 40_000, LONG, "sheet.csv", 2),
    "too many rows": Hostile(lambda: b"a\n" * 200_001, TOO_LONG, "sheet.csv", 200_001),
    "too many cells": Hostile(lambda: b"a,b,c,d,e,f,g,h,i,j,k\n" * 190_000, TOO_LONG, "sheet.csv", 181_819),
}  # fmt: skip


def measure(folder: Path) -> dict[str, tuple[float, int]]:
    """By each file's title, the seconds of processor time and the most bytes of memory that reading it took."""
    taken = {}
    for title, hostile in CORPUS.items():
        path = folder / "file"
        path.write_bytes(hostile.make())
        kind = "xlsx" if path.read_bytes()[:2] == b"PK" else "csv"
        with path.open("rb") as content:
            started = subprocess.Popen(
                [sys.executable, "-m", "parity.sources.brought.sheet_worker", kind],
                stdin=content,
                stdout=subprocess.DEVNULL,
            )
            _, _, usage = os.wait4(started.pid, 0)
        taken[title] = (usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
    return taken


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
