"""Flow models of a programme fitted to what was counted: a table that figures, sentences and savings are read from."""

import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from parity.methods.flow_case import Told
from parity.methods.flow_fit import Fit, fitted, with_fit
from parity.methods.flow_fit_words import LITTLE, said_of_number, sentences_of_numbers
from parity.plan.flow_tables import faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.errors import WrongState

SENTENCE, NUMBER, COUNT, SERIES, WHOLE = "sentence", "number", "count", "series", "whole"
"""What a row of the table speaks of: `WHOLE` is the model with all its counts."""
KEYS = ("counted", "setting", "destination")
FITS = {
    **dict.fromkeys(("model", "area", "scenario", "part", "words", "missing", "fault", "before", "grown"), pl.String),
    **dict.fromkeys(("code", "lever", "parameter", "operation", *KEYS, "period", "source", "place"), pl.String),
    **dict.fromkeys(("people", "value", "lower", "upper", "fitted", "fitted_lower", "fitted_upper"), pl.Float64),
    **dict.fromkeys(("moved", "shrunk", "error", "by_chance", "within", "misfit"), pl.Float64),
    **dict.fromkeys(("counts", "longest_run"), pl.Int64),
    "is_compared": pl.Boolean,
}
DELAYS = {"model": pl.String(), "scenario": pl.String(), "delay_months": pl.Int64()}
FITTED = "fitted to counts up to "
"""What the place of a number says once it was fitted and saved; the last month of those counts follows."""
_FITTED = re.compile(rf"(?:; )?{FITTED}(\d{{4}}-\d{{2}})")
IS_TOLD = pl.col("shrunk") >= LITTLE
"""Whether the counts tell enough of a number for its fitted value to take the place of the one stated."""
SCENARIOS = "The counts were made under several scenarios ({names}): a model is fitted to those of one."
UNKNOWN = "{code}: the model has no scenario called “{name}” that changes anything."
NO_MONTH = "{code}: the model has no month “{period}”. Months are told as {first}."
DOUBLE = "{code}: another row counts the same people in the same month. Remove one of them."


@derived_table(
    words="What was counted of flow models, and by how many months the scenario of each was put off", version=1
)
def known_counts(flow_counts: pl.DataFrame, scenarios: pl.DataFrame | None = None) -> pl.DataFrame:
    """The counts that are known, with the `delays` in months of each scenario of that model and name."""
    named = pl.DataFrame(schema=DELAYS) if scenarios is None else scenarios.select(*DELAYS)
    delays = named.group_by("model", "scenario", maintain_order=True).agg(delays="delay_months")
    known = flow_counts.filter(pl.col("people").is_not_null())
    return known.join(delays, on=["model", "scenario"], how="left", maintain_order="left")


@derived_table(words="Flow models fitted to what was counted, with how well they fit", version=3)
def flow_fits(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    known_counts: pl.DataFrame,
    weeks_per_year: Assumption,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """For each model of which there are counts: a row for each sentence on the fit, each number that may move (as
    stated: value, lower and upper; and as fitted), each count (value: as the model as stated expects it; fitted with
    the ends within which 95% of such counts lie), each series of counts, and one for the whole.

    Counts to which numbers were fitted before, and saved, are not used again; `before` is the last month of those.
    Where there are no others, the model `is_compared` with them, its numbers taken as certain. `missing` says why a
    model cannot be fitted; `fault` why what was fitted cannot be saved. Arrivals that grow do so with need as it is
    expected; `grown` says with what.
    """
    scenarios = known_counts.select("model", "scenario", delay_months="delays").unique(maintain_order=True)
    named = scenarios.drop_nulls().explode("delay_months")
    tables = tables_of(flow_models, flow_settings, flow_numbers, named, need_ahead)
    frames = [
        frame.with_columns(model=pl.lit(facts["model"]), area=pl.lit(facts["area"]))
        for facts in flow_models.to_dicts()
        for frame in _parts(
            told_of(tables, facts["model"], weeks=weeks_per_year.value),
            known_counts.filter(model=facts["model"]).with_columns(pl.col("scenario", *KEYS).fill_null("")),
        )
    ]
    return pl.concat([pl.DataFrame(schema=FITS), *frames], how="diagonal").select(*FITS)


def _parts(told: Told, counts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of one model; none where no count is known."""
    if counts.is_empty():
        return
    scenario = counts["scenario"][0] or None
    faults = faults_of(told) or faults_of_counts(told, counts)
    before = fitted_before(told)
    fresh = counts.filter(pl.col("period") > before)
    is_new = fresh.height > 0
    try:
        if faults:
            raise WrongState(" ".join(faults))
        fit = fitted(told if is_new else _certain(told), fresh if is_new else counts, scenario=scenario)
    except WrongState as refused:
        yield pl.DataFrame({"part": [WHOLE], "period": told.periods[-1:], "missing": str(refused)})
        return
    grown = ", ".join(f"“{name}”" for name in told.needs)
    whole = {"scenario": scenario, "before": before or None, "grown": grown or None, "fault": _fault(told, fit)}
    for frame in _rows(told, fit):
        yield frame.with_columns(
            **{name: pl.lit(value, pl.String) for name, value in whole.items()}, is_compared=pl.lit(not is_new)
        )


def faults_of_counts(told: Told, counts: pl.DataFrame) -> list[str]:
    """A sentence for each thing in the counts of a model that keeps it from being fitted: empty where there is none."""
    names = counts["scenario"].unique(maintain_order=True).to_list()
    if len(names) > 1:
        return [SCENARIOS.format(names=", ".join(f"“{name}”" if name else "none" for name in names))]
    if names[0] and names[0] not in told.scenarios:
        return [UNKNOWN.format(code=counts["code"][0], name=names[0])]
    periods = told.periods
    other = counts.filter(~pl.col("period").is_in(periods)).select("code", "period").rows()
    if other:
        return [NO_MONTH.format(code=code, period=period, first=periods[0]) for code, period in other]
    double = counts.filter(~pl.struct("period", *KEYS).is_first_distinct())
    return [DOUBLE.format(code=code) for code in double["code"]]


def fitted_before(told: Told) -> str:
    """The last month of the counts to which numbers of the model were fitted before and saved; empty where none was."""
    places = [*told.parameters["place"], *told.changes["place"]]
    return max((found[1] for place in places if (found := _FITTED.search(place or ""))), default="")


def place_after(place: str, *, last: str) -> str:
    """What the place of a number says after it was fitted to counts up to this month: where it was stated, then that.

    >>> place_after("s12", last="2027-03"), place_after("s12; fitted to counts up to 2026-09", last="2027-03")
    ('s12; fitted to counts up to 2027-03', 's12; fitted to counts up to 2027-03')
    """
    return "; ".join(filter(None, (_FITTED.sub("", place), f"{FITTED}{last}")))


def _certain(told: Told) -> Told:
    """The model with no number that may move."""
    none = dict.fromkeys(("lower", "upper"), pl.lit(None, pl.Float64))
    return replace(told, parameters=told.parameters.with_columns(**none), changes=told.changes.with_columns(**none))


def _fault(told: Told, fit: Fit) -> str | None:
    """Why the model could not be run with the numbers that the counts tell as fitted; None where it could."""
    return " ".join(faults_of(with_fit(told, replace(fit, parameters=fit.parameters.filter(IS_TOLD))))) or None


def _rows(told: Told, fit: Fit) -> Iterator[pl.DataFrame]:
    """The rows of each part of a fit."""
    points = fit.points.rename({"lower": "fitted_lower", "upper": "fitted_upper"})
    within = pl.col("people").is_between("fitted_lower", "fitted_upper").mean()
    misfit = fit.deviance / fit.freedom if fit.freedom >= 1 else None
    spans = points.group_by(KEYS).agg(_span())
    rows = pl.concat([told.parameters.with_columns(lever=pl.lit(None, pl.String)), told.changes], how="diagonal")
    cited = rows.select("code", "lever", "operation", "source", "place")
    numbers = fit.parameters.join(cited, on=["code", "lever"], how="left", nulls_equal=True, maintain_order="left")
    of_numbers = {*sentences_of_numbers(fit.parameters)}
    said = [said_of_number(row) or None for row in fit.parameters.to_dicts()]
    parts = {
        SENTENCE: pl.DataFrame({"words": [one for one in fit.sentences if one not in of_numbers]}),
        NUMBER: numbers.with_columns(
            period=pl.lit(points.select(_span()).item()), words=pl.Series(said, dtype=pl.String)
        ),
        COUNT: points,
        SERIES: fit.items.join(spans, on=KEYS, how="left", maintain_order="left"),
        WHOLE: points.select(_span(), within.alias("within"), counts=pl.len(), misfit=pl.lit(misfit, pl.Float64)),
    }
    for part, frame in parts.items():
        kinds = (pl.col(name).cast(kind) for name, kind in FITS.items() if name in frame.columns)
        yield frame.with_columns(kinds).with_columns(part=pl.lit(part))


def _span() -> pl.Expr:
    """From the first month of the rows to the last, as periods are written."""
    first, last = pl.col("period").min(), pl.col("period").max()
    return pl.when(first == last).then(first).otherwise(pl.format("{} to {}", first, last)).alias("period")
