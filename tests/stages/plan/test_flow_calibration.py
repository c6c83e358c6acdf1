"""A model fitted to counts that were made from known numbers: it finds them, tells how well it fits, and uses no count
twice."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from parity.documents.model import Block, Bullets, Callout, Chart, Paragraph, Table
from parity.methods.flow_fit_words import RELIED_ON
from parity.methods.flow_growth import Need, growth
from parity.plan.calibration.documents import BRING, COMPARED, GROWN, LATER, MOST_CHARTS, TOPIC
from parity.plan.calibration.indicators import ALL, FEW, NOUGHT
from parity.plan.calibration.rules import IN_USE, NOT_FITTED, NOTHING, fitted_numbers, saved_cells, why_not
from parity.plan.flow_calibration import COUNT, NUMBER, WHOLE
from parity.plan.flow_growth import UNTOLD
from parity.tables import Desk
from tests.stages.analyse.frames import desk, table
from tests.stages.plan.calibrated import (
    AT_END,
    CAME,
    FLAT,
    HOME,
    MODEL,
    MONTHS,
    MOVED,
    NUMBERS,
    TRUE,
    counted,
    counts,
    number,
    tables,
)

pytestmark = pytest.mark.django_db
SEEDS = range(20)
SPAN = "2026-04 to 2028-03"
AHEAD = [("2026", 100), ("2029", 200)]
NAMES = {
    "N3": "N3: arrivals a month, Home",
    "N4": "N4: share asking to move a month, Home to Flat",
    "N5": "N5: share leaving services a month, Flat",
}


def fits(shown: Desk, part: str) -> list[dict[str, Any]]:
    found = shown.table("flow_fits")
    assert found is not None
    return found[0].filter(part=part).to_dicts()


def texts(blocks: list[Block]) -> list[str]:
    """What the chapter says in sentences."""
    return [
        "".join(part if isinstance(part, str) else part.text for part in parts)
        for block in blocks
        if isinstance(block, Paragraph | Callout | Bullets)
        for parts in (block.items if isinstance(block, Bullets) else [block.parts])
    ]


def with_places(place: str) -> dict[str, pl.DataFrame]:
    """The tables of the model with what was fitted before, by the place of one number."""
    rows = [number(cells[0], **({"place": place} if cells[0] == "N4" else {})) for cells in NUMBERS]
    return {**tables(), "flow_parameters": table("flow_parameters", *rows)}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The model with two years of counts."""
    return desk(tmp_path_factory.mktemp("home"), **tables(), flow_counts=counts(*counted(1, **TRUE)))


# What the counts say of the numbers


def test_numbers_from_which_counts_were_made_are_found(shown: Desk) -> None:
    figures = shown.figures("calibration_number")
    for code, true in TRUE.items():
        figure = figures.one(model=MODEL, number=NAMES[code])
        assert figure.value == pytest.approx(true, rel=0.08)
        assert figure.lower < true < figure.upper
        assert figure.period == SPAN
    assert figures.one(number=NAMES["N4"]).text == "4.9%"
    assert figures.one(number="N6: cost of a person a week, Home").text == "£500.00 a week"
    learned = shown.figures("calibration_learned")
    assert [round(learned.one(number=name).value, 1) for name in NAMES.values()] == [0.8, 0.9, 0.8]
    assert learned.one(number="N6: cost of a person a week, Home").value == pytest.approx(0)


def test_intervals_hold_the_true_number_about_as_often_as_they_say(tmp_path: Path) -> None:
    held = 0
    for seed in SEEDS:
        given = tables() | {"flow_counts": counts(*counted(seed, **TRUE))}
        rows = fits(desk(tmp_path / str(seed), **given), NUMBER)
        held += sum(
            row["fitted_lower"] < TRUE[row["code"]] < row["fitted_upper"] for row in rows if row["code"] in TRUE
        )
    # of 60, 57 are expected; each is counted afresh each month here, where people in fact stay from month to month
    assert 53 <= held <= 60


# How well it fits


def test_each_count_stands_beside_what_the_model_expects(shown: Desk) -> None:
    where = {"model": MODEL, "series": "Home, people who arrived", "period": "2026-05"}
    stated, expected, was = (
        shown.figures(f"calibration_{key}").one(**where) for key in ("stated", "expected", "counted")
    )
    assert stated.value == 12
    assert (was.value, was.unit.label) == (17, "people")
    assert expected.lower < was.value < expected.upper
    assert expected.value == pytest.approx(shown.figures("calibration_number").one(number=NAMES["N3"]).value)
    assert len(shown.figures("calibration_counted").all()) == 4 * MONTHS


def test_how_many_counts_lie_in_their_range_and_how_far_the_model_misses(shown: Desk) -> None:
    within = shown.figures("calibration_within")
    points = fits(shown, COUNT)
    inside = sum(row["fitted_lower"] <= row["people"] <= row["fitted_upper"] for row in points)
    assert within.one(model=MODEL, series=ALL).value == inside / len(points)
    assert within.one(model=MODEL, series=ALL).value > 0.9
    series = "Home, people who arrived"
    own = [row for row in points if row["counted"] == CAME]
    error = sum(abs(row["people"] - row["fitted"]) / row["people"] for row in own) / MONTHS
    assert shown.figures("calibration_error").one(series=series).value == pytest.approx(error)
    assert shown.figures("calibration_error_by_chance").one(series=series).value == pytest.approx(error, rel=0.2)
    assert 0.7 < shown.figures("calibration_misfit").one(model=MODEL).value < 1.4


def test_too_few_counts_tell_nothing_of_the_fit(tmp_path: Path) -> None:
    rows = [row | {"people": 0} for row in counted(1, months=1, **TRUE) if row["counted"] == CAME]
    few = desk(tmp_path, **tables(), flow_counts=counts(*rows))
    assert few.figures("calibration_misfit").one().missing == FEW
    assert few.figures("calibration_within").one(series=ALL).value == 0
    assert few.figures("calibration_error").one().missing == NOUGHT
    none = [row | {"people": None} for row in rows]
    unknown = desk(tmp_path / "none", **tables(), flow_counts=counts(*none))
    assert texts(TOPIC.chapter(unknown)) == [BRING.format(what="this model")]


def test_counts_under_a_scenario_are_fitted_with_its_changes(tmp_path: Path) -> None:
    change = {
        "code": "B1", "model": MODEL, "scenario": "Move on", "lever": "Team", "parameter": "arrivals a month",
        "setting": HOME, "operation": "multiplied by", "value": 1.0, "lower": 0.5, "upper": 2.0,
        "starts": date(2026, 4, 1),
    }  # fmt: skip
    sure = [number(cells[0], **({"lower": None, "upper": None} if cells[0] == "N3" else {})) for cells in NUMBERS]
    given = tables() | {"flow_parameters": table("flow_parameters", *sure)}
    rows = [row | {"scenario": "Move on"} for row in counted(1, **TRUE)]
    both = desk(tmp_path, **given, scenario_changes=table("scenario_changes", change), flow_counts=counts(*rows))
    figure = both.figures("calibration_number").one(number="B1: arrivals a month, Home")
    assert (figure.value, figure.unit.name) == (pytest.approx(TRUE["N3"] / 12, rel=0.05), "NUMBER")
    assert any("“Move on”" in text for text in texts(TOPIC.chapter(both)))
    # put off until after the counts, the team explains none of them
    given |= {"scenario_changes": table("scenario_changes", change), "flow_counts": counts(*rows)}
    later = {"model": MODEL, "scenario": "Move on", "delay_months": MONTHS}
    put_off = desk(tmp_path / "later", **given, scenarios=table("scenarios", later))
    (known,) = (row for row in fits(put_off, NUMBER) if row["code"] == "B1")
    assert (known["fitted"], known["shrunk"]) == (pytest.approx(1.0), pytest.approx(0.0))
    twice = table("scenarios", later, later | {"delay_months": None})
    (whole,) = fits(desk(tmp_path / "twice", **given, scenarios=twice), WHOLE)
    assert "Move on" in whole["missing"]


# What cannot be fitted


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"scenario": "Plan"}, "The counts were made under several scenarios (“Plan”, none)"),
        ({"setting": "Hall"}, "people at the month's end: the model has no “Hall”."),
        ({"period": "2020-01"}, "C0: the model has no month “2020-01”. Months are told as 2026-04."),
        ({"period": "2026-05"}, "C1: another row counts the same people in the same month. Remove one of them."),
    ],
)
def test_counts_of_what_the_model_has_not_keep_it_from_being_fitted(
    other: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    first, *rows = counted(1, **TRUE)
    shown = desk(tmp_path, **tables(), flow_counts=counts(first | other, *rows))
    (whole,) = fits(shown, WHOLE)
    assert whole["missing"].startswith(sentence)
    assert shown.figures("calibration_misfit").one().missing == whole["missing"]
    assert [block.parts for block in TOPIC.chapter(shown) if isinstance(block, Callout)] == [(whole["missing"],)]
    assert why_not(pl.DataFrame([whole])) == whole["missing"]


def test_a_scenario_that_is_not_there_and_a_model_that_cannot_be_run_are_told(tmp_path: Path) -> None:
    rows = [row | {"scenario": "Plan"} for row in counted(1, **TRUE)]
    (whole,) = fits(desk(tmp_path / "scenario", **tables(), flow_counts=counts(*rows)), WHOLE)
    assert whole["missing"] == "C0: the model has no scenario called “Plan” that changes anything."
    given = tables() | {"flow_counts": counts(*counted(1, **TRUE))}
    given["flow_parameters"] = table("flow_parameters", number("N4", value=3.0, upper=4.0))
    (whole,) = fits(desk(tmp_path / "model", **given), WHOLE)
    assert "a share is at most 1" in whole["missing"]


def test_counts_of_a_model_that_is_not_there_are_told(tmp_path: Path) -> None:
    rows = [row | {"model": "Other"} for row in counted(1, months=1, **TRUE)]
    shown = desk(tmp_path, **tables(), flow_counts=counts(*rows))
    assert texts(TOPIC.chapter(shown)) == [
        "There are counts of “Other”, but no model of that name. Nothing is fitted to them.",
        BRING.format(what="this model"),
    ]


# Counts that were used before


def test_the_month_up_to_which_a_number_was_fitted_stands_in_its_place(shown: Desk) -> None:
    frame = shown.table("flow_fits")
    assert frame is not None
    assert why_not(frame[0]) == ""
    rows = {row["code"]: row for row in fitted_numbers(frame[0])}
    assert list(rows) == list(TRUE)
    cells = saved_cells(rows["N4"], note="Chosen.")
    assert cells["place"] == "s12; fitted to counts up to 2028-03"
    assert cells["note"] == "Chosen. Before its fit to counts up to March 2028: 3.0% (1.0% to 8.0%)."
    assert (cells["value"], cells["lower"], cells["upper"]) == (0.04911, 0.0452, 0.05334)
    again = saved_cells(rows["N3"] | {"place": "fitted to counts up to 2027-01", "operation": "multiplied by"}, note="")
    assert again["place"] == "fitted to counts up to 2028-03"
    assert again["note"] == "Before its fit to counts up to March 2028: 12 (8 to 18)."


def test_counts_are_not_used_twice(tmp_path: Path) -> None:
    used = desk(tmp_path, **with_places("s12; fitted to counts up to 2028-03"), flow_counts=counts(*counted(1, **TRUE)))
    (whole,) = fits(used, WHOLE)
    assert (whole["is_compared"], whole["before"], whole["counts"]) == (True, "2028-03", 4 * MONTHS)
    assert fits(used, NUMBER) == []
    assert texts(TOPIC.chapter(used))[0] == COMPARED.format(last="March 2028")
    assert why_not(pl.DataFrame([whole])) == IN_USE


def test_only_later_counts_are_used(tmp_path: Path) -> None:
    later = desk(tmp_path, **with_places("fitted to counts up to 2027-03"), flow_counts=counts(*counted(1, **TRUE)))
    (whole,) = fits(later, WHOLE)
    assert (whole["is_compared"], whole["counts"], whole["period"]) == (False, 4 * 12, "2027-04 to 2028-03")
    assert texts(TOPIC.chapter(later))[0] == LATER.format(last="March 2027")


def test_arrivals_that_grow_with_need_are_fitted_as_they_grow(tmp_path: Path) -> None:
    growing = [number(cells[0], **({"grows_with": "dementia"} if cells[0] == "N3" else {})) for cells in NUMBERS]
    given = tables() | {"flow_parameters": table("flow_parameters", *growing)}
    grown = growth(Need((2026, 2029), np.array([[100.0], [200.0]])), starts=date(2026, 4, 1), months=MONTHS)[:, 0]
    came = (row for row in counted(1, **TRUE) if row["counted"] == CAME)
    chance = np.random.default_rng(1)
    seen = [row | {"people": chance.poisson(TRUE["N3"] * times)} for row, times in zip(came, grown, strict=True)]
    ahead = {"area": "L", "condition": "dementia", "estimate_source": "Our profile"}
    estimates = table("prevalence_estimates", *(ahead | {"period": year, "people": many} for year, many in AHEAD))
    shown = desk(tmp_path / "told", **given, flow_counts=counts(*seen), prevalence_estimates=estimates)
    fitted = shown.figures("calibration_number").one(model=MODEL, number=NAMES["N3"])
    assert fitted.value == pytest.approx(TRUE["N3"], rel=0.08)
    assert [one["value"] for one in fits(shown, COUNT)] == pytest.approx(12 * grown)
    assert GROWN.format(names="“dementia”") in texts(TOPIC.chapter(shown))
    alone = desk(tmp_path / "alone", **given, flow_counts=counts(*seen))
    assert [one["missing"] for one in fits(alone, WHOLE)] == [
        f"N3 (arrivals a month): {UNTOLD.format(name='dementia')}"
    ]


def test_nothing_is_saved_that_the_counts_do_not_tell(tmp_path: Path) -> None:
    sure = [number(cells[0], **({} if cells[0] == "N6" else {"lower": None, "upper": None})) for cells in NUMBERS]
    given = tables() | {"flow_parameters": table("flow_parameters", *sure)}
    found = desk(tmp_path, **given, flow_counts=counts(*counted(1, **TRUE))).table("flow_fits")
    assert found is not None
    assert why_not(found[0]) == NOTHING
    assert why_not(found[0].clear()) == NOT_FITTED


def test_numbers_with_which_the_model_could_not_be_run_are_not_saved(tmp_path: Path) -> None:
    sure = {"lower": None, "upper": None}
    many = number("N1", value=2400.0)
    rows = [many, *(number(cells[0], **sure) for cells in NUMBERS[1:4]), number("N5", value=0.6, lower=0.4, upper=0.9)]
    back: dict[str, Any] = {"parameter": "share asking to move a month", "setting": FLAT, "destination": HOME}
    back |= {"value": 0.4, **sure}
    left = {"counted": "people who left services", "setting": FLAT, "destination": "", "people": 45}
    seen = [row | left for row in counted(1, **TRUE) if row["counted"] == CAME]
    given = tables() | {"flow_parameters": table("flow_parameters", *rows, number("N6", **back))}
    found = desk(tmp_path, **given, flow_counts=counts(*seen)).table("flow_fits")
    assert found is not None
    assert why_not(found[0]).startswith(
        "The model could not be run with the fitted numbers, so they cannot be saved: Flat"
    )


# The chapter


def test_the_chapter_says_whether_the_model_may_be_relied_on(shown: Desk) -> None:
    blocks = TOPIC.chapter(shown)
    said = texts(blocks)
    assert said[0] == RELIED_ON
    assert any("unless somebody saves those fitted" in text for text in said)
    assert said[-1].endswith("so they stay as stated: N6: cost of a person a week, Home.")
    tables_of = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert list(tables_of) == ["fit-1", "fitted-1"]
    assert [len(block.rows) for block in tables_of.values()] == [5, 3]
    assert tables_of["fitted-1"].rows[1][1:3] == ("3.0%", "1.0 to 8.0%")
    assert tables_of["fitted-1"].rows[1][-2:] == ("000", "section 12")


def test_charts_are_of_the_series_that_are_missed_most(shown: Desk) -> None:
    charts = [block for block in TOPIC.chapter(shown) if isinstance(block, Chart)]
    assert [chart.title for chart in charts] == [
        f"{name}: counted and expected"
        for name in (
            f"{HOME} to {FLAT}, {MOVED}",
            f"{FLAT}, {AT_END}",
            f"{HOME}, {AT_END}",
            f"{HOME}, {CAME}",
        )
    ]
    assert len(charts) <= MOST_CHARTS


def test_series_that_are_too_short_to_be_drawn_are_in_a_table(tmp_path: Path) -> None:
    blocks = TOPIC.chapter(desk(tmp_path, **tables(), flow_counts=counts(*counted(1, months=2, **TRUE))))
    assert [block for block in blocks if isinstance(block, Chart)] == []
    (found,) = [block for block in blocks if isinstance(block, Table) and block.slug == "counts-1"]
    assert (found.caption, len(found.rows), found.annexed) == ("Every count and what the model expects, Care", 8, True)


def test_a_number_outside_its_interval_is_told(tmp_path: Path) -> None:
    far = counts(*counted(1, **TRUE | {"N3": 30.0}))
    said = texts(TOPIC.chapter(desk(tmp_path, **tables(), flow_counts=far)))
    sentence = "the counts ask for a number outside the interval that its source gives."
    assert [text for text in said if sentence in text] == [f"{NAMES['N3']}: {sentence}"]


def test_without_counts_the_chapter_says_what_to_bring(tmp_path: Path) -> None:
    assert texts(TOPIC.chapter(desk(tmp_path, **tables()))) == [BRING.format(what="a flow model")]
