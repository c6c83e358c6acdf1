"""The worked examples of the methods: read from the Markdown that is also their documentation, and calculated.

A section (`##`) holds one Python expression and its tables. A table takes its name from the line above it that ends
with a colon and names it in backquotes; the last table is the example itself and is called `table`. Its columns
headed `→ name` are what is expected, row by row, to the precision printed; the rest are inputs.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import parity.methods
from parity.assumptions.projection_errors import projection_errors
from parity.assumptions.reference_rates import reference_rates
from parity.terms.basis import Basis
from parity.terms.polarity import Polarity
from parity.terms.system_dynamics import Equation, Stock

HERE = Path(__file__).parent
ARROW = "→ "
TEXT = {"period", "area"}
NUMBER = re.compile(r"−?[\d,]*\.?\d+")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SHARED = (
    *("columns", "flow", "flow_case", "flow_cost", "flow_levers", "flow_measures", "flow_outcome"),
    *("flow_parameters", "flow_run", "flow_scenario", "headcount", "information", "need", "need_rates"),
)
"""Methods that every example may call beside those of its own family."""
DOCUMENTED_ELSEWHERE = {
    *("columns", "tie_out", "relations", "quantities", "xmr"),
    *("flow_steps", "flow_run", "flow_plans", "flow_parts", "flow_measures", "flow_fit_words"),
    *("kernels", "chance_kernel_source", "flow_kernel", "flow_kernel_layout", "flow_kernel_source"),
}


@dataclass(frozen=True)
class Example:
    family: str
    title: str
    expression: str
    tables: Mapping[str, pl.DataFrame]
    expected: tuple[Mapping[str, str], ...]

    def __str__(self) -> str:
        return f"{self.family}: {self.title}"


def cell(text: str) -> Any:
    """What a table's cell holds: nothing, a number, a date or words."""
    if not text:
        return None
    if DAY.fullmatch(text):
        return date.fromisoformat(text)
    if NUMBER.fullmatch(text):
        plain = text.replace(",", "").replace("−", "-")
        return float(plain) if "." in plain else int(plain)
    return text


def rows_of(block: list[str]) -> list[dict[str, str]]:
    """A Markdown table as rows of text."""
    heads, _, *body = [[part.strip() for part in line.strip().strip("|").split("|")] for line in block]
    return [dict(zip(heads, line, strict=True)) for line in body]


def frame_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    """The input columns of a table; whole numbers and decimals in one column are all decimals."""
    inputs = [{head: text for head, text in row.items() if not head.startswith(ARROW)} for row in rows]
    plain = [{head: text if head in TEXT else cell(text) for head, text in row.items()} for row in inputs]
    return pl.DataFrame(plain, infer_schema_length=None, strict=False)


def examples_in(path: Path) -> Iterator[Example]:
    for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        (expression,) = re.findall(r"```python\n(.*?)\n```", text, flags=re.DOTALL)
        tables: dict[str, list[dict[str, str]]] = {}
        name, block = "table", []
        for line in [*text.splitlines(), ""]:
            if line.startswith("|"):
                block.append(line)
                continue
            if block:
                tables[name], name, block = rows_of(block), "table", []
            named = re.fullmatch(r".*`(\w+)`.*:", line)
            name = named[1] if named else name
        expected = tuple(
            {head.removeprefix(ARROW): text for head, text in row.items() if head.startswith(ARROW)}
            for row in tables["table"]
        )
        frames = {name: frame_of(rows) for name, rows in tables.items()}
        yield Example(path.stem, title.strip(), expression, frames, expected)


PAGES = sorted(HERE.glob("*.md"))
EXAMPLES = [example for page in PAGES for example in examples_in(page)]


def result_rows(result: Any, expected: tuple[Mapping[str, str], ...]) -> list[dict[str, Any]]:
    """What a method returned, as rows with the expected names."""
    names = list(expected[0])
    if isinstance(result, pl.DataFrame):
        return result.select(names).to_dicts()
    if isinstance(result, Mapping):
        return [{names[0]: value} for value in result.values()]
    if isinstance(result, list | tuple) and result and is_dataclass(result[0]):
        return [{name: getattr(item, name) for name in names} for item in result]
    if is_dataclass(result):
        return [{name: getattr(result, name) for name in names}]
    values = result if isinstance(result, list | tuple) else [result]
    return [{names[0]: value} for value in values]


def as_printed(value: Any, printed: str) -> str:
    """A calculated value written with the digits that the example prints."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float | Fraction | Decimal) or not NUMBER.fullmatch(printed):
        return str(value)
    places = len(printed.partition(".")[2])
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    shown = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(shown):,}" if "," in printed else str(abs(shown))
    return f"−{text}" if shown < 0 else text


def names_in_reach(family: str) -> dict[str, Any]:
    modules = [importlib.import_module(f"parity.methods.{name}") for name in (*SHARED, family)]
    public = {name: value for module in modules for name, value in vars(module).items() if not name.startswith("_")}
    library = {"reference_rates": reference_rates, "projection_errors": projection_errors}
    return {
        **public,
        **library,
        "pl": pl,
        "Polarity": Polarity,
        "Basis": Basis,
        "date": date,
        "Equation": Equation,
        "Stock": Stock,
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_method_gives_what_the_example_prints(example: Example) -> None:
    ast.parse(example.expression, mode="eval")
    result = eval(example.expression, {**names_in_reach(example.family), **example.tables})
    calculated = result_rows(result, example.expected)
    printed = [dict(row) for row in example.expected]
    assert len(calculated) == len(printed)
    assert [
        {name: as_printed(row[name], text) for name, text in wanted.items()}
        for row, wanted in zip(calculated, printed, strict=True)
    ] == printed


def test_every_family_of_methods_has_its_page() -> None:
    families = {module.name for module in pkgutil.iter_modules(parity.methods.__path__)}
    assert families - DOCUMENTED_ELSEWHERE == {page.stem for page in PAGES}


def test_every_page_opens_with_a_title_and_a_paragraph() -> None:
    openings = [page.read_text(encoding="utf-8").split("\n\n") for page in PAGES]
    assert [opening[0].startswith("# ") and not opening[1].startswith(("#", "|")) for opening in openings] == [
        True for _ in PAGES
    ]
