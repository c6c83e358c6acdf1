"""A small model of a home and flats, and counts of its people made by chance from numbers that are known."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from django.utils import timezone

from parity.methods.flow_case import case_of
from parity.methods.flow_outcome import outcome_of
from parity.methods.flow_parameters import as_stated
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers
from parity.plan.calibration.models import CareCount
from parity.plan.flow_tables import FlowTables, told_of
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting
from parity.register.models import Person, Programme
from parity.register.records.actions import Keeping, add_records, as_cells, written
from tests.stages.analyse.frames import table

MODEL, HOME, FLAT = "Care", "Home", "Flat"
AT_END, CAME, MOVED = "people at the month's end", "people who arrived", "people who moved"
FACTS: dict[str, Any] = {
    "model": MODEL, "area": "L", "starts": date(2026, 4, 20), "months": 36, "rationing": "in proportion to who asks",
    "basis": "net", "price_year": "2026/27",
}  # fmt: skip
NUMBERS = (
    ("N1", "people at the start", HOME, "", 240.0, None, None),
    ("N2", "people at the start", FLAT, "", 60.0, None, None),
    ("N3", "arrivals a month", HOME, "", 12.0, 8.0, 18.0),
    ("N4", "share asking to move a month", HOME, FLAT, 0.03, 0.01, 0.08),
    ("N5", "share leaving services a month", FLAT, "", 0.05, 0.02, 0.12),
    ("N6", "cost of a person a week", HOME, "", 500.0, 400.0, 620.0),
)
CELLS = ("code", "parameter", "setting", "destination", "value", "lower", "upper")
TRUE = {"N3": 15.0, "N4": 0.05, "N5": 0.07}
"""The numbers from which the counts are made."""
MONTHS = 24


def number(code: str, **other: Any) -> dict[str, Any]:
    """A row of the table of numbers, as stated but for what is other."""
    (cells,) = (cells for cells in NUMBERS if cells[0] == code)
    named = dict(zip(CELLS, cells, strict=True))
    return {"model": MODEL, "source": "000", "place": "s12", **named, **other}


def tables(**true: float) -> dict[str, pl.DataFrame]:
    """The tables of the model as stated, but for these values."""
    settings = [{"code": f"S{place}", "model": MODEL, "setting": name} for place, name in enumerate((HOME, FLAT), 1)]
    rows = [number(cells[0], **({"value": true[cells[0]]} if cells[0] in true else {})) for cells in NUMBERS]
    return {
        "flow_models": table("flow_models", FACTS),
        "flow_settings": table("flow_settings", *settings),
        "flow_parameters": table("flow_parameters", *rows),
    }


def counted(seed: int, *, months: int = MONTHS, **true: float) -> list[dict[str, Any]]:
    """Counts of so many months of the model whose numbers are those, whole people by Poisson's chance."""
    given = tables(**true)
    told = told_of(FlowTables(*given.values()), MODEL, weeks=52)
    found = outcome_of(case_of(told, as_stated), Levers()).run.series
    kinds = {
        (AT_END, HOME, ""): found[Series.PEOPLE][1:, 0, 0],
        (AT_END, FLAT, ""): found[Series.PEOPLE][1:, 1, 0],
        (CAME, HOME, ""): found[Series.ARRIVED][:, 0, 0],
        (MOVED, HOME, FLAT): found[Series.MOVED][:, 0, 0],
    }
    chance = np.random.default_rng(seed)
    rows = [
        dict(zip(("counted", "setting", "destination", "period", "people"), (*of, period, people), strict=True))
        for of, means in kinds.items()
        for period, people in zip(told.periods[:months], chance.poisson(means[:months]).tolist(), strict=True)
    ]
    return [
        {"code": f"C{place}", "model": MODEL, "source": "000", "place": "s3", **row} for place, row in enumerate(rows)
    ]


def keep(programme: Programme, keeping: Keeping, *, by: Person, area: str) -> CareModel:
    """The model, kept with its settings, its numbers and two years of counts."""
    told: dict[str, Any] = {"keeping": keeping, "by": by}
    facts = {**FACTS, "area": area, "starts": FACTS["starts"].isoformat()}
    (model,) = add_rows(programme, CareModel, [facts], **told)
    settings = [{"code": f"S{place}", "model": MODEL, "setting": name} for place, name in enumerate((HOME, FLAT), 1)]
    add_rows(programme, CareSetting, settings, **told)
    add_rows(programme, CareNumber, [number(cells[0]) for cells in NUMBERS], **told)
    add_rows(programme, CareCount, counted(1, **TRUE), **told)
    return model


def add_rows(
    programme: Programme, kind: type[Any], rows: list[dict[str, Any]], *, keeping: Keeping, by: Person
) -> list[Any]:
    """The records of these rows."""
    texts = [{name: written(cell) for name, cell in row.items() if cell is not None} for row in rows]
    return add_records(programme, kind, as_cells(kind, texts), keeping=keeping, by=by, on=timezone.localdate())


def counts(*rows: dict[str, Any]) -> pl.DataFrame:
    """The table of these counts."""
    return table("flow_counts", *rows)
