"""A trial: numbers of a scenario that are other than saved, without being kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from parity.documents.figure_tables import period_words
from parity.methods.dates import add_months
from parity.methods.flow_parameters import Parameter, unit_of, written
from parity.methods.flow_trial import moved_interval
from parity.plan.flow_growth import GROWS_WITH
from parity.terms.units import Unit

CHANGES, NUMBERS, SCENARIOS = "scenario_changes", "flow_parameters", "scenarios"
TRIED = {
    SCENARIOS: ("delay_months",),
    CHANGES: ("value", "starts", "lower", "upper", "ramp_months", "ends"),
    NUMBERS: ("value", "lower", "upper"),
}
"""The columns of each table of which other values can be tried; of arrivals, also what they grow with."""
COLUMNS = frozenset(column for columns in TRIED.values() for column in columns) | {GROWS_WITH}
ENDS = ("lower", "upper")
DATES = ("starts", "ends")
WORDS = {
    "value": "",
    "lower": "lower end of the interval",
    "upper": "upper end of the interval",
    GROWS_WITH: "what they grow with",
    "starts": "first month",
    "ends": "last month",
    "ramp_months": "months over which it grows",
    "delay_months": "months by which all changes come later",
}
SHARE_WORDS = "share, from 0 to 1"
BECAUSE = "A trial: numbers were changed on this page and are not saved."
UNKNOWN = (
    "The address names numbers that this scenario does not have, or that are not shared with you: {names}. Nothing was "
    "computed with it."
)
LEFT_OUT = (
    "Numbers of the model itself hold for all of its scenarios, so what you tried for {codes} is no part of it: save "
    "those for all, or add a change of the number to the new scenario."
)
TRIED_ONLY = "Tried, not saved: {what}, {tried} in place of {saved}."
PRINTED = "_printed"
UNBROKEN = "\u00a0"
"""Stands for a space in the name of a field, in which none may be."""
Changed = dict[str, dict[str, Any]]
"""By the code of a row, the columns that are other than saved, with their values."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A row of which other values can be tried: its table, its code, what it says as it is saved and used.

    `key` names it in an address. `is_found` tells that its value was left empty and is read from the service costs;
    `is_rest` that it takes the share that others leave.
    """

    stem: str
    code: str
    row: Mapping[str, Any] = field(hash=False)
    key: str
    is_found: bool = False
    is_rest: bool = False

    @property
    def name(self) -> str:
        """What the number is, and of what."""
        if self.stem == SCENARIOS:
            return str(self.row["scenario"])
        where = " to ".join(filter(None, (self.row["setting"], self.row["destination"])))
        what = str(self.row["parameter"])
        return f"{what[:1].upper()}{what[1:]}, {where or 'the whole model'}"

    @property
    def unit(self) -> str:
        """The unit in which its numbers are written; empty where its name says it."""
        found = unit_of(self.row)
        if found is Unit.NUMBER:
            return ""
        return SHARE_WORDS if found is Unit.SHARE else found.label

    @property
    def asked(self) -> str:
        """What is asked for of a change: what is done with the number, and its unit."""
        operation = str(self.row["operation"])
        return f"{operation[:1].upper()}{operation[1:]}{f' ({self.unit})' if self.unit else ''}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of which other values can be tried."""
        grows = self.stem == NUMBERS and self.row["parameter"] == Parameter.ARRIVALS.value
        return (*TRIED[self.stem], GROWS_WITH) if grows else TRIED[self.stem]

    @property
    def has_interval(self) -> bool:
        """True where its value is known within an interval."""
        return self.row["lower"] is not None and self.row["upper"] is not None

    def label(self, column: str) -> str:
        """What a column of it is called."""
        lever = f"{self.row['lever']}: " if self.stem == CHANGES else ""
        return lever + ", ".join(filter(None, (self.name, WORDS[column])))

    def words(self, column: str, value: Any) -> str:
        """A value of a column as a reader sees it."""
        if value is None:
            return "all others" if self.is_rest else "none"
        if column == GROWS_WITH:
            return str(value)
        if isinstance(value, date):
            return month_words(value)
        if column not in ("value", *ENDS):
            return f"{value} month{'' if value == 1 else 's'}"
        return written(self.row, value)


def differences(row: Tried, changed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What differs of a row, in words: what it is, as saved, and as tried; both ends of an interval in one."""
    both = all(name in changed for name in ENDS)
    told = [
        (f"{row.label(name)} ({row.code})", row.words(name, row.row[name]), row.words(name, value))
        for name, value in changed.items()
        if not (both and name in ENDS)
    ]
    before, after = (
        (" to ".join(row.words(name, of[name]) for name in ENDS) for of in (row.row, changed)) if both else ("", "")
    )
    return [*told, *([(f"{row.label('value')}, 95% interval ({row.code})", before, after)] if both else [])]


def noted(row: Tried, changed: Mapping[str, Any]) -> str:
    """What differs of a row, as its note says it wherever the row is taken to as it is tried."""
    told = differences(row, changed)
    return " ".join(TRIED_ONLY.format(what=what, tried=after, saved=before) for what, before, after in told)


def month_words(day: date) -> str:
    """The month of a day in words: `October 2011`."""
    return period_words(day.isoformat()[:7])


def tried_rows(tables: Mapping[str, pl.DataFrame | None], scenario: Mapping[str, Any]) -> list[Tried]:
    """The rows of which other values can be tried on the page of a scenario: itself, its changes, its model's numbers.

    `tables` are those of `TRIED` and `flow_numbers`, which tells the values that are used. A row is named in an address
    by its code; where rows of two tables have one code, by its table's name too.
    """
    used = _used(tables.get("flow_numbers"), scenario["model"])
    own = {SCENARIOS: ("code",), CHANGES: ("model", "scenario"), NUMBERS: ("model",)}
    found = [
        (stem, row)
        for stem, names in own.items()
        for row in _rows(tables.get(stem))
        if all(row[name] == scenario[name] for name in names)
    ]
    codes = [row["code"] for _, row in found]
    return [_tried(stem, row, used=used, is_alone=codes.count(row["code"]) == 1) for stem, row in found]


def _rows(table: pl.DataFrame | None) -> list[dict[str, Any]]:
    return [] if table is None else table.to_dicts()


def _used(numbers: pl.DataFrame | None, model: str) -> dict[tuple[bool, str], dict[str, Any]]:
    """The numbers of the model as they are used, by whether they are changes, and their code."""
    rows = [row for row in _rows(numbers) if row["model"] == model]
    return {(row["scenario"] is not None, row["code"]): row for row in rows}


def _tried(stem: str, row: dict[str, Any], *, used: Mapping[tuple[bool, str], Any], is_alone: bool) -> Tried:
    code = row["code"]
    key = UNBROKEN.join((code if is_alone else f"{stem} {code}").split())
    as_used = used.get((stem == CHANGES, code), {}) if stem != SCENARIOS else {}
    is_found = bool(as_used.get("is_found"))
    filled = {**row, **({"value": as_used["value"]} if is_found else {})}
    is_share = row.get("parameter") == Parameter.SHARE.value
    is_rest = stem == NUMBERS and is_share and filled["value"] is None
    return Tried(stem, code, filled, key, is_found, is_rest)


def with_intervals(row: Tried, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that differ, with the ends of the interval moved along where the value alone was changed."""
    if "value" not in changed or any(name in changed for name in ENDS):
        return dict(changed)
    ends = zip(ENDS, moved_interval({"operation": None, **row.row}, changed["value"]), strict=True)
    return {**changed, **{name: end for name, end in ends if end != row.row[name]}}


def supposed(frame: pl.DataFrame, changed: Changed) -> pl.DataFrame:
    """The table with what was changed in it: nothing was printed of that, and no document says it."""
    rows = [_supposed(row, changed.get(row["code"], {})) for row in frame.to_dicts()]
    return pl.DataFrame(rows, schema=frame.schema)


def _supposed(row: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    twins = {name + PRINTED: None for name in changed if name + PRINTED in row}
    return {**row, **changed, **twins, **({"source": None, "place": None} if "value" in changed else {})}


def date_fault(column: str, day: date | None, *, starts: date, months: int) -> str:
    """Why a first or last month cannot be tried: the model has not begun then, or has ended; empty where it can."""
    if day is None:
        return ""
    first, last = starts.replace(day=1), add_months(starts.replace(day=1), months=months - 1)
    if day < first:
        return f"The model begins in {month_words(first)}: enter a day in that month or later."
    if column == "starts" and day >= add_months(last, months=1):
        return f"The model ends in {month_words(last)}, so the change would never hold: enter a day before."
    return ""
