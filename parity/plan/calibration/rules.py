"""What becomes of a fit: which of its numbers can be saved, what their records then say, and how that is told."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from parity.documents.figure_tables import period_words
from parity.methods.flow_parameters import unit_of, written
from parity.plan.calibration.indicators import number_name
from parity.plan.flow_calibration import COUNT, IS_TOLD, NUMBER, WHOLE, place_after
from parity.terms.units import Unit

DIGITS = 4
"""Significant digits of a number that is saved."""
STATED, NUMBERS = ("value", "lower", "upper"), ("fitted", "fitted_lower", "fitted_upper")
SAVED = ("saved", "saved_lower", "saved_upper")
BEFORE = "Before its fit to counts up to {last}: {stated}."
NOT_FITTED = "There are no counts of it yet."
NOTHING = "The counts tell too little of its numbers for any to be saved."
IN_USE = "Its numbers were fitted to these counts before: bring counts of later months."
CANNOT_RUN = "The model could not be run with the fitted numbers, so they cannot be saved: {fault}"


def why_not(fits: pl.DataFrame) -> str:
    """Why the numbers of a model cannot be saved as fitted, from its rows of `flow_fits`; empty where they can."""
    whole = fits.filter(part=WHOLE).to_dicts()
    if not whole:
        return NOT_FITTED
    if whole[0]["missing"]:
        return str(whole[0]["missing"])
    if whole[0]["is_compared"]:
        return IN_USE
    if fits.filter(IS_TOLD, part=NUMBER).is_empty():
        return NOTHING
    return CANNOT_RUN.format(fault=whole[0]["fault"]) if whole[0]["fault"] else ""


def fitted_numbers(fits: pl.DataFrame) -> list[dict[str, Any]]:
    """The numbers of a model that the counts tell, from its rows of `flow_fits`: as they would be saved, with `last`,
    the last month of the counts, and `name`, what each is called."""
    last = fits.filter(part=COUNT)["period"].max()
    told = fits.filter(IS_TOLD, part=NUMBER)
    rounded = {new: pl.col(name).round_sig_figs(DIGITS) for new, name in zip(SAVED, NUMBERS, strict=True)}
    return told.with_columns(**rounded, last=pl.lit(last, pl.String), name=number_name()).to_dicts()


def difference(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a number is, as it is saved now, and as it would be saved, each with its interval."""
    fitted = SAVED if unit_of(row) is Unit.NUMBER else NUMBERS
    return row["name"], _with_interval(row, *STATED), _with_interval(row, *fitted)


def saved_cells(row: Mapping[str, Any], *, note: str) -> dict[str, Any]:
    """What the record of a number says once it is saved as fitted: its place tells up to when, its note what it was."""
    last = period_words(row["last"])
    told = BEFORE.format(last=last, stated=_with_interval(row, *STATED))
    values = {name: row[saved] for name, saved in zip(STATED, SAVED, strict=True)}
    return {**values, "place": place_after(row["place"] or "", last=row["last"]), "note": f"{note} {told}".strip()}


def _with_interval(row: Mapping[str, Any], *names: str) -> str:
    """A number and its interval in words, in its unit."""
    value, lower, upper = (written(row, row[name]) for name in names)
    return f"{value} ({lower} to {upper})"
