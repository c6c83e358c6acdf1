"""A walk along every link from the home page: what each page holds, and what its tables give as CSV."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.test import Client

from tests.layout.reading import Element, read_page
from tests.limits import lift_limits

HOME = "/"
MOST_FIGURES = 6
"""Of the figures of one indicator in one programme so many are opened: those of other periods are alike."""
PRINTED_NUMBER = re.compile(r"(?P<sign>−?)£?(?P<digits>[\d,]+(?:\.\d+)?)")
CITING = (("Source", "Place"), ("Document and place",), ("Reference",))
COUNTING = ("Figures here", "Figures", "Rows")
RECORD_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BARE_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
HTML, CSV = "text/html; charset=utf-8", "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Table:
    """A table as printed: caption, rows of cells with the headings first, and the address of its CSV."""

    caption: str
    rows: list[list[Element]]
    csv: str

    @cached_property
    def texts(self) -> list[list[str]]:
        return [[words(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True)
class Answer:
    """What an address gave; of a page its elements are not kept, but what the tests ask of them is."""

    status: int
    kind: str
    links: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    loose_numbers: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    csv: tuple[tuple[str, ...], ...] = ()


def walk(client: Client) -> dict[str, Answer]:
    """Every address that can be reached from the home page, with what it answered.

    Of the many figures of one indicator, only the first met are opened, and the first of all has its tables fetched as
    CSV; of the many records of one register, and the many ways to sort and narrow its list, only the first met is
    opened.
    """
    found: dict[str, Answer] = {}
    fetched: set[tuple[str, ...]] = set()
    opened: Counter[str] = Counter()
    waiting = [HOME]
    with pytest.MonkeyPatch.context() as patch:
        lift_limits(patch)
        while waiting:
            address = waiting.pop()
            kind = table_of(address) or record_of(address)
            of = figure_of(address)
            if address in found or kind in fetched or opened[of] >= MOST_FIGURES:
                continue
            opened.update([of] if of else [])
            found[address] = answer(client, address)
            waiting += found[address].links
            fetched |= {kind} if kind else set()
    return found


def table_of(address: str) -> tuple[str, ...] | None:
    """The page's path, the table's slug and the format, where the address is that of a table's CSV or a chart's SVG."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    return (parts.path, asked["table"], asked["format"]) if "format" in asked else None


def figure_of(address: str) -> str:
    """The path of the indicator, where the address is that of one of its figures; empty elsewhere."""
    parts = urlsplit(address)
    return parts.path if "/figures/" in parts.path and "format" not in parts.query else ""


def record_of(address: str) -> tuple[str, ...] | None:
    """The path without the record's id and what is asked by name, where the address is that of a register's page."""
    parts = urlsplit(address)
    if "/registers/" not in parts.path:
        return None
    return (RECORD_ID.sub("", parts.path), *sorted(dict(parse_qsl(parts.query))))


def answer(client: Client, address: str) -> Answer:
    response = client.get(address)
    kind = response["Content-Type"]
    if kind not in (HTML, CSV):
        return Answer(response.status_code, kind)
    text = response.getvalue().decode("utf-8-sig")
    if kind == CSV:
        return Answer(response.status_code, kind, csv=tuple(tuple(row) for row in csv.reader(io.StringIO(text))))
    page = read_page(text)
    tables = list(tables_of(page, address))
    return Answer(
        response.status_code,
        kind,
        links=tuple(internal(page, address)),
        figures=tuple((urljoin(address, link.attributes["href"]), link.text) for link in figure_links(page)),
        facts={row[0]: row[1] for table in tables for row in table.texts if table.texts[0] == ["Fact", "Value"]},
        tables={table.caption: (len(table.rows) - 1, tuple(table.texts[0])) for table in tables},
        faults=tuple(faults(page)),
        loose_numbers=tuple(loose_numbers(tables)),
        rows=tuple((table.csv, tuple(tuple(row) for row in table.texts)) for table in tables),
    )


def tables_of(page: Element, address: str) -> Iterator[Table]:
    for box in page.all("div", class_="app-table"):
        rows = [[cell for cell in row.below() if cell.name in {"th", "td"}] for row in box.all("tr")]
        (link,) = box.one("p", class_="app-download").all("a")
        yield Table(box.one("caption").text, rows, urljoin(address, link.attributes["href"]))


def figure_links(page: Element) -> list[Element]:
    return page.all("a", class_="app-figure")


def internal(page: Element, address: str) -> Iterator[str]:
    """Where the page's links lead within the workspace, without the place on the page."""
    for link in page.all("a"):
        target = urljoin(address, link.attributes["href"]).partition("#")[0]
        if target.startswith("/"):
            yield target


def words(cell: Element) -> str:
    """The cell's text without the letters of its notes."""
    marks = "".join(mark.text for mark in cell.all("sup"))
    return cell.text.removesuffix(marks).rstrip() if marks else cell.text


def loose_numbers(tables: list[Table]) -> Iterator[str]:
    """The cells of number columns that hold digits and yet are no link to a figure, nor in a row that cites its source.

    Columns that count what the workspace itself holds need none.
    """
    for table in tables:
        heads = table.texts[0]
        if any(set(columns) <= set(heads) for columns in CITING):
            continue
        cells = (pair for row in table.rows[1:] for pair in zip(heads, row, strict=True))
        for cell in (cell for head, cell in cells if head not in COUNTING):
            numeric = "nhsuk-table__cell--numeric" in cell.attributes.get("class", "").split()
            if numeric and any(letter.isdigit() for letter in words(cell)) and not figure_links(cell):
                yield f"{table.caption}: {words(cell)}"


def faults(page: Element) -> Iterator[str]:
    """What is wrong with the page's frame: title, language, headings, doubled ids, code or style, other hosts."""
    if page.one("html").attributes.get("lang") != "en-GB" or not page.one("head").one("title").text.strip():
        yield "no language or no title"
    levels = [int(each.name[1]) for each in page.one("main").below() if each.name in {"h1", "h2", "h3", "h4", "h5"}]
    if levels.count(1) != 1 or any(later > earlier + 1 for earlier, later in pairwise(levels)):
        yield f"headings of the levels {levels}"
    elements = list(page.below())
    ids = Counter(each.attributes["id"] for each in elements if "id" in each.attributes)
    yield from (f"the id {name} stands twice" for name, times in ids.items() if times > 1)
    for each in elements:
        code = each.name == "script" and each.attributes.get("type") != "application/json" and any(each.children)
        styled = each.name == "style" or "style" in each.attributes
        if code or styled or any(name.startswith("on") for name in each.attributes):
            yield f"<{each.name}> carries code or style"
        for name in ("src", "href", "action", "xlink:href"):
            if "://" in each.attributes.get(name, "") or each.attributes.get(name, "").startswith("//"):
                yield f"<{each.name}> names another host: {each.attributes[name]}"


def without_units(rows: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """The rows of a CSV without the columns of units, and without what guards words against being formulas."""
    heads = rows[0] if rows else ()
    kept = [place for place, title in enumerate(heads) if not title.endswith(" (unit)")]
    return [[row[place].removeprefix("'") for place in kept] for row in rows]


def same(printed: str, given: str) -> bool:
    """True where a cell of the page and its CSV say the same: the same words, or the same number once rounded."""
    if printed == given.strip() or given.startswith(f"{printed}: "):
        return True
    shown = PRINTED_NUMBER.match(printed)
    if not shown or not BARE_NUMBER.fullmatch(given):
        return False
    number = Decimal(shown["sign"].replace("−", "-") + shown["digits"].replace(",", ""))
    return Decimal(given).quantize(number, rounding=ROUND_HALF_UP) == number
