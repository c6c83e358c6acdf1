"""The forms of a trial: what is tried, and how a trial becomes a scenario of its own."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django import forms
from django.http import QueryDict

from parity.layout.forms import DateBoxes, FaultForm
from parity.methods.flow_case import Told
from parity.plan.flow_growth import GROWS_WITH
from parity.plan.flow_pages import rows_of
from parity.plan.flow_tables import FlowTables, faults_of, told_of
from parity.plan.scenarios.models import CareNumber, Scenario, ScenarioChange
from parity.plan.scenarios.rules import (
    BECAUSE,
    CHANGES,
    COLUMNS,
    DATES,
    ENDS,
    LEFT_OUT,
    NUMBERS,
    SCENARIOS,
    TRIED,
    UNKNOWN,
    Changed,
    Tried,
    date_fault,
    differences,
    noted,
    supposed,
    tried_rows,
    with_intervals,
)
from parity.register.policy import ProgrammeRequest, Viewer
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, as_cells, written
from parity.register.records.forms import (
    ReasonForm,
    lot_field,
    owner_field,
    owners,
    reason_field,
    sharing_field,
)
from parity.register.records.models import Record
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import check_cells
from parity.tables import Desk
from parity.terms.errors import NotFound, WrongState
from parity.terms.figure import Figure

NEED = "need_ahead"
MODELS: dict[str, type[Record]] = {SCENARIOS: Scenario, CHANGES: ScenarioChange, NUMBERS: CareNumber}
TABLES = (*MODELS, "flow_models", "flow_settings", "flow_numbers", "service_costs", NEED)
LONGEST_NAME = 120
EMPTY = "Enter a number."


class TrialForm(FaultForm):
    """The numbers of a scenario as saved, or as tried; it knows which differ, and the tables that suppose those.

    `asked` are the names of an address, or of the form, with their texts; what is not asked is as saved.
    """

    long = False

    def __init__(self, desk: Desk, scenario: Mapping[str, Any], *, asked: QueryDict) -> None:
        self.desk, self.scenario = desk, scenario
        found = {stem: desk.table(stem) for stem in TABLES}
        self.tables = {stem: table[0] for stem, table in found.items() if table is not None}
        self.rows = tried_rows(self.tables, scenario)
        self.saved = {name_of(row, column): _text(row.row[column]) for row, column in self._cells()}
        super().__init__(data=self._sent(asked), initial=self.saved)
        for row, column in self._cells():
            widget = DateBoxes() if column in DATES else forms.TextInput({"inputmode": "decimal"})
            field = forms.CharField(label=row.label(column), required=False, widget=widget)
            self.fields[name_of(row, column)] = field
        self.strange = [name for name in asked if name.rpartition(".")[2] in COLUMNS and name not in self.saved]
        self.changed: dict[str, Changed] = {}

    def _cells(self) -> list[tuple[Tried, str]]:
        return [(row, column) for row in self.rows for column in row.columns]

    def _sent(self, asked: QueryDict) -> dict[str, str]:
        """What the browser would send, had it been given all the boxes: as asked, the rest as saved."""
        dates = {name for name in self.saved if name.rpartition(".")[2] in DATES}
        whole = {name: asked.get(name, text) for name, text in self.saved.items()}
        boxes = {part: text for name in dates for part, text in DateBoxes.parts(name, whole[name]).items()}
        return {**whole, **{part: asked.get(part, text) for part, text in boxes.items()}}

    def clean(self) -> None:
        """Nothing; what differs from what is saved is checked as if it were to be saved."""
        if self.strange:
            self.add_error(None, UNKNOWN.format(names=", ".join(self.strange)))
        texts = {name: text for name in self.saved if (text := self.cleaned_data.get(name, "")) != self.saved[name]}
        for row in self.rows:
            name = name_of(row, "value")
            if texts.get(name) == "" and not row.is_rest:
                self.add_error(name, f"{row.label('value')}: {EMPTY}")
        found = {stem: self._typed(stem, texts) for stem in TRIED}
        if self.errors:
            return
        self.changed = found
        self._check_dates()
        self._check_model()
        if self.errors:
            self.changed = {}

    def _typed(self, stem: str, texts: Mapping[str, str]) -> Changed:
        """What differs in the rows of one table, as the one checker of tables reads it."""
        touched = [
            (row, {column: texts[name] for column in row.columns if (name := name_of(row, column)) in texts})
            for row in self.rows
            if row.stem == stem
        ]
        touched = [(row, cells) for row, cells in touched if cells]
        if not touched:
            return {}
        cells = [{**_cells_of(row), **columns} for row, columns in touched]
        schema = house_schemas()[stem]
        typed, faults = check_cells(as_cells(MODELS[stem], cells), schema, file=stem)
        for fault in faults:
            row = touched[(fault.row or FIRST_ROW) - FIRST_ROW][0]
            sentence = f"{fault.sentence[:1].lower()}{fault.sentence[1:]}"
            column = fault.column if fault.column in row.columns else "value"
            self.add_error(name_of(row, column), f"{row.label(column)}: {sentence}")
        values = typed.to_dicts() or [{} for _ in touched]
        changed = {
            row.code: with_intervals(
                row, {name: now[name] for name in columns if name in now and now[name] != row.row[name]}
            )
            for (row, columns), now in zip(touched, values, strict=True)
        }
        return {code: columns for code, columns in changed.items() if columns}

    def _check_dates(self) -> None:
        facts = self._facts or {}
        for row, column, day in self._differing() if facts else ():
            starts, months = facts["starts"], facts["months"]
            if column in DATES and (sentence := date_fault(column, day, starts=starts, months=months)):
                self.add_error(name_of(row, column), f"{row.label(column)}: {sentence}")

    def _check_model(self) -> None:
        """Nothing; what the model cannot be run with stands at the field that brought it."""
        if not any(self.changed.values()) or self._facts is None:
            return
        faults = faults_of(self._told({**self.tables, **self.supposing, **self._need}))
        if not faults:
            return
        before = faults_of(self._told(self.tables))
        for sentence in (one for one in faults if one not in before):
            row = next((one for one in self.rows if sentence.startswith(f"{one.code} (")), None)
            self.add_error(None if row is None else name_of(row, self._column(row)), sentence)

    @property
    def _need(self) -> dict[str, pl.DataFrame]:
        """The people that arrivals grow with, where others are tried."""
        grown = any(GROWS_WITH in columns for columns in self.changed[NUMBERS].values())
        found = self.tried.table(NEED) if grown else None
        return {} if found is None else {NEED: found[0]}

    def _column(self, row: Tried) -> str:
        """The column at which a fault of the row stands: the first that differs."""
        return next(column for column in (*self.changed[row.stem].get(row.code, {}), "value"))

    def _told(self, tables: Mapping[str, pl.DataFrame]) -> Told:
        """The model as the tables tell it; how many weeks a year has is no matter here."""
        found = FlowTables(*(tables[name] for name in NEEDED), *map(tables.get, OPTIONAL))
        return told_of(found, self.scenario["model"], weeks=1)

    @cached_property
    def _facts(self) -> dict[str, Any] | None:
        """The model's own row; None where a table is not there without which it cannot be run."""
        if any(stem not in self.tables for stem in NEEDED):
            return None
        rows = self.tables["flow_models"].filter(model=self.scenario["model"]).to_dicts()
        return rows[0] if rows else None

    def _differing(self) -> list[tuple[Tried, str, Any]]:
        return [
            (row, column, value)
            for row in self.rows
            for column, value in self.changed.get(row.stem, {}).get(row.code, {}).items()
        ]

    def is_touched(self, names: Iterable[str]) -> bool:
        """True where one of the fields of these names is refused, or is not as saved."""
        return any(name in self.errors or self[name].value() != self.saved[name] for name in names)

    def touches(self, rows: Iterable[Tried]) -> bool:
        """True where a field of one of these rows is refused, or is not as saved."""
        return self.is_touched(name_of(row, column) for row in rows for column in row.columns)

    @property
    def is_trial(self) -> bool:
        """True where something differs from what is saved."""
        return any(self.changed.values())

    @property
    def supposing(self) -> dict[str, pl.DataFrame]:
        """The tables with what is tried in them."""
        return {stem: supposed(self.tables[stem], changed) for stem, changed in self.changed.items() if changed}

    @property
    def tried(self) -> Desk:
        """The desk that supposes what is tried, of every model and scenario; the desk itself where nothing is."""
        return self.desk.supposing(self.supposing, because=BECAUSE) if self.is_trial else self.desk

    @cached_property
    def shown(self) -> Desk:
        """The desk that supposes what is tried, and runs nothing but this scenario: its page shows no other.

        Other models have no settings there, so that figures call this one as they do everywhere.
        """
        if not self.is_trial:
            return self.desk
        tables = {**self.tables, **self.supposing}
        own = {"model": self.scenario["model"]}
        narrowed = {"flow_settings": own, CHANGES: own | {"scenario": self.scenario["scenario"]}}
        kept = {stem: tables[stem].filter(**equal) for stem, equal in narrowed.items() if stem in tables}
        return self.desk.supposing({**self.supposing, **kept}, because=BECAUSE)

    def figures(self, desk: Desk, key: str) -> list[Figure]:
        """The figures of an indicator of scenarios that speak of this one, as a desk has them."""
        model, name = self.scenario["model"], self.scenario["scenario"]
        return [one for one in desk.figures(key) if dict(one.where)["scenario"] in (name, f"{model}: {name}")]

    @property
    def query(self) -> str:
        """The end of an address that asks for this trial; empty where nothing differs. Ends that moved along are not
        in it, so that they follow from the value there too."""
        told = {
            name_of(row, column): self.cleaned_data[name_of(row, column)]
            for row, column, _ in self._differing()
            if self.cleaned_data[name_of(row, column)] != self.saved[name_of(row, column)]
        }
        return f"?{urlencode(told)}" if told else ""

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """What is tried: what it is, what is saved, and what is tried instead, in words."""
        return self._differences(*self.rows)

    def _differences(self, *rows: Tried) -> list[tuple[str, str, str]]:
        return [told for row in rows for told in differences(row, self.changed.get(row.stem, {}).get(row.code, {}))]

    @property
    def notes(self) -> dict[str, dict[str, str]]:
        """By table and code of a row that differs: a note that says what is tried in it, and what is saved."""
        found: dict[str, dict[str, str]] = {stem: {} for stem in TRIED}
        for row in self.rows:
            if changed := self.changed.get(row.stem, {}).get(row.code):
                found[row.stem][row.code] = noted(row, changed)
        return found

    @property
    def of_scenario(self) -> list[tuple[str, str, str]]:
        """What is tried of the scenario and its changes, in words."""
        return self._differences(*(row for row in self.rows if row.stem != NUMBERS))

    @property
    def left_out(self) -> str:
        """That numbers of the model itself are no part of one scenario, where such are tried."""
        return LEFT_OUT.format(codes=", ".join(codes)) if (codes := list(self.changed.get(NUMBERS, {}))) else ""

    @property
    def copied(self) -> tuple[dict[str, str], list[dict[str, str]]]:
        """The scenario and its changes as text, as they are tried: what is read from service costs stays empty."""
        found = [
            {
                **_cells_of(row),
                **({"value": ""} if row.is_found else {}),
                **self.cells.get(row.stem, {}).get(row.code, {}),
            }
            for row in self.rows
            if row.stem != NUMBERS
        ]
        return found[0], found[1:]

    @property
    def moved(self) -> dict[str, str]:
        """By the key of a row, its interval in words, where it moved along with the value."""
        found = {}
        for row in self.rows:
            now = self.changed.get(row.stem, {}).get(row.code, {})
            if any(
                name in now and self.cleaned_data[name_of(row, name)] == self.saved[name_of(row, name)] for name in ENDS
            ):
                ends = [now.get(name, row.row[name]) for name in ENDS]
                found[row.key] = " to ".join(row.words(name, end) for name, end in zip(ENDS, ends, strict=True))
        return found

    @property
    def cells(self) -> dict[str, dict[str, dict[str, str]]]:
        """By table and code, the columns that differ as text, to be saved."""
        return {
            stem: {code: {name: _text(value) for name, value in columns.items()} for code, columns in changed.items()}
            for stem, changed in self.changed.items()
            if changed
        }


FIRST_ROW = 2
"""The number of the first row in a file, under its headings: faults name rows so."""
NEEDED = ("flow_models", "flow_settings", NUMBERS)
OPTIONAL = (SCENARIOS, CHANGES, "service_costs", NEED)


def name_of(row: Tried, column: str) -> str:
    """The name of a field, in the form and in an address: `B02.value`."""
    return f"{row.key}.{column}"


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else written(value)


def _cells_of(row: Tried) -> dict[str, str]:
    """The row as text, in the columns of its table."""
    names = [entry["name"] for entry in house_schemas()[row.stem].fields]
    return {name: _text(row.row[name]) for name in names}


def scenario_asked(request: ProgrammeRequest, code: str) -> dict[str, Any]:
    """The row of the scenario of this code. Raises NotFound where there is none that the viewer may see."""
    found = next((row for row in rows_of(request, SCENARIOS) if row["code"] == code), None)
    if found is None:
        raise NotFound("There is no such scenario.")
    return found


def trial_asked(request: ProgrammeRequest, code: str) -> TrialForm:
    """The scenario of this code as the address tries it, checked.

    Raises NotFound as `scenario_asked`, WrongState where the trial is none that can be computed.
    """
    trial = TrialForm(request.desk, scenario_asked(request, code), asked=request.GET)
    if not trial.is_valid():
        raise WrongState(" ".join(str(each) for told in trial.errors.values() for each in told))
    return trial


class SaveForm(ReasonForm):
    """Why a trial is saved; it knows which versions of the records the person looked at."""

    def __init__(self, seen: str, **more: Any) -> None:
        super().__init__(**more)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=seen)


class KeptForm(FaultForm):
    """Who keeps what is added, with whom it is shared, for which lot, and why it is added."""

    def __init__(self, programme: Programme, viewer: Viewer, **more: Any) -> None:
        super().__init__(**more)
        self.owners = {str(one.pk): one for one in owners(programme, viewer)}

    def add_keeping(self, viewer: Viewer) -> None:
        """Nothing; the form asks how it is kept, after its own fields."""
        self.fields["kept_organisation"] = owner_field(self.owners)
        self.fields["kept_sharing"] = sharing_field(viewer)
        self.fields["kept_lot"] = lot_field(viewer)
        self.fields["kept_reason"] = reason_field("Why it is added (optional)")

    def keeping(self) -> Keeping:
        """How it is kept."""
        said = self.cleaned_data
        owner = self.owners[said["kept_organisation"]]
        return Keeping(owner, said["kept_sharing"], said["kept_lot"], reason=said["kept_reason"])


class CopyForm(KeptForm):
    """What a copy of a scenario is called, and how it is kept; `taken` are the names that it cannot have."""

    def __init__(self, programme: Programme, viewer: Viewer, *, taken: Collection[str], **more: Any) -> None:
        super().__init__(programme, viewer, **more)
        self.taken = taken
        self.fields["scenario"] = name_field("Name of the new scenario", "Enter a name.")
        self.add_keeping(viewer)

    def clean_scenario(self) -> str:
        """The name, which no other scenario of the model has."""
        name: str = self.cleaned_data["scenario"]
        if name in self.taken:
            raise forms.ValidationError(f"There is a scenario {name} already. Enter another name.")
        return name


def name_field(label: str, sentence: str) -> forms.CharField:
    """A field for the name of a model or a scenario."""
    return forms.CharField(label=label, max_length=LONGEST_NAME, error_messages={"required": sentence})
