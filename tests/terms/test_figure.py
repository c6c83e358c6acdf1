"""The figure: a value or a reason, its words and its JSON."""

import json
from datetime import date
from typing import Any

import pytest

from parity.terms.areas import Area
from parity.terms.assumption import Assumption, Confidence
from parity.terms.figure import NOT_AVAILABLE, Figure
from parity.terms.indicator import Indicator
from parity.terms.polarity import Polarity
from parity.terms.release import Release
from parity.terms.units import Unit

TREATED = Indicator(
    key="treated_share", rows=("A24",), title="Share treated", unit=Unit.SHARE, numerator="people treated",
    denominator="people with the condition", multiplier="1", polarity=Polarity.HIGH, frequency="once per release",
    purpose="shows the gap", formula="treated / people", dimensions=("condition",), interval="95% Wilson", basis=None,
    stage="analyse", topic="access", method="", tables=("treatment",), optional_tables=(), assumptions=(),
    function=lambda: None,
)  # fmt: skip
LEICESTER = Area("E06000016", "Leicester", "unitary")
RELEASE = Release("treatment", "leicester", "abc", "abcdef", "leicester/treatment.csv", "2026-01-02", 3)


def chosen(confidence: Confidence) -> Assumption:
    title = f"Rate {confidence.name.lower()}"
    return Assumption(confidence.name, "prevalence", title, 0.5, "share", date(2007, 1, 1), "A survey", confidence)


def figure(**changed: Any) -> Figure:
    told = {"value": 0.24, "lower": 0.2, "upper": 0.28, "releases": (RELEASE,), **changed}
    return Figure(TREATED, "leicester", LEICESTER, "2008", (("condition", "Psychosis"),), **told)


def missing(reason: str | None) -> Figure:
    return figure(value=None, lower=None, upper=None, missing=reason)


def test_a_figure_has_a_value_or_a_reason_and_never_both_or_neither() -> None:
    assert (figure().missing, missing("Suppressed.").value) == (None, None)
    for broken in (lambda: figure(missing="Suppressed."), lambda: missing(None), lambda: missing("")):
        with pytest.raises(ValueError, match=r"^treated_share: a figure has either a value or a reason"):
            broken()


def test_zero_is_a_value() -> None:
    assert figure(value=0.0).text == "0.0%"


def test_its_words() -> None:
    told = figure()
    assert told.title == "Share treated, Psychosis, Leicester, 2008"
    assert (told.text, told.write(bare=True), told.interval_text) == ("24.0%", "24.0", "20.0 to 28.0%")
    assert told.address == {"area": "E06000016", "period": "2008", "condition": "Psychosis"}


def test_a_missing_figure_says_so_and_has_no_interval() -> None:
    assert (missing("Suppressed.").text, missing("Suppressed.").interval_text) == (NOT_AVAILABLE, "")
    assert missing("Suppressed.").write(bare=True) == NOT_AVAILABLE


def test_half_an_interval_is_none() -> None:
    assert (figure(upper=None).interval_text, figure(lower=None).interval_text) == ("", "")


def test_caveats_are_its_note_what_is_illustrative_and_which_number_no_source_shows_each_once() -> None:
    invented = Release("bids", "leicester", "d", "d", "leicester/bids.csv", "2026", 4, "The bids are invented.")
    told = figure(
        note="Rounded.",
        releases=(RELEASE, invented, invented),
        assumptions=tuple(map(chosen, Confidence)),
    )
    assert told.caveats == (
        "Rounded.",
        "The bids are invented.",
        "Rests on “Rate unchecked”, a number not yet seen in its source.",
        "Rests on “Rate chosen”, a number chosen by us to show the method.",
    )
    assert figure().caveats == ()


def test_the_one_json() -> None:
    told = figure(basis="gross", price_year="2010", note="Rounded.", assumptions=(chosen(Confidence.SEEN),))
    assert json.loads(json.dumps(told.as_json())) == {
        "key": "treated_share",
        "title": "Share treated",
        "programme": "leicester",
        "area": "E06000016",
        "area_name": "Leicester",
        "period": "2008",
        "where": {"condition": "Psychosis"},
        "value": 0.24,
        "lower": 0.2,
        "upper": 0.28,
        "unit": "share",
        "unit_label": "share",
        "text": "24.0%",
        "missing": None,
        "basis": "gross",
        "price_year": "2010",
        "polarity": "high",
        "formula": "treated / people",
        "interval": "95% Wilson",
        "caveats": ["Rounded."],
        "releases": [
            {
                "stem": "treatment",
                "scope": "leicester",
                "id": "abc",
                "sha256": "abcdef",
                "address": "leicester/treatment.csv",
                "at": "2026-01-02",
                "rows": 3,
                "illustrative": "",
                "disclosure": "",
            }
        ],
        "assumptions": ["SEEN"],
    }


def test_a_missing_figure_has_the_same_keys() -> None:
    assert missing("Suppressed.").as_json().keys() == figure().as_json().keys()
    assert (missing("Suppressed.").as_json()["value"], missing("Suppressed.").as_json()["missing"]) == (
        None,
        "Suppressed.",
    )
