import polars as pl
import pytest

from parity.analyse.consultation.indicators import (
    minority_share_of_respondents,
    representation_ratio,
    respondents_implied,
    respondents_representative,
    respondents_share,
    survey_margin_of_error,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

SURE, FIFTHS = assumption("confidence_level"), assumption("four_fifths")
ANSWERS = table(
    "respondents",
    {"dimension": "sex", "category": "female", "share": 0.65, "share_printed": "65%"},
    {"dimension": "sex", "category": "male", "share": 0.345},
    {"dimension": "ethnicity", "category": "White", "share": 0.2, "population_group": "White"},
    {"dimension": "ethnicity", "category": "Asian", "share": 0.5, "population_group": "Asian"},
    {"dimension": "ethnicity", "category": "Chinese", "share": 0.05, "population_group": "Other"},
    {"dimension": "ethnicity", "category": "Other", "share": 0.05, "population_group": "Other"},
    {"dimension": "ethnicity", "category": "not stated", "share": 0.2},
    area="L",
    period="2010",
    survey="big",
    base_people=1000,
)
MIX = table(
    "ethnic_mix",
    {"period": "2007", "ethnic_group": "White", "share": 0.5},
    {"period": "2007", "ethnic_group": "Asian", "share": 0.25},
    {"period": "2007", "ethnic_group": "Other", "share": 0.25},
    {"period": "2001", "ethnic_group": "White", "share": 0.6},
    {"period": "2001", "ethnic_group": "Asian", "share": 0.2},
    {"period": "2001", "ethnic_group": "Other", "share": 0.2},
    {"period": "2009", "ethnic_group": "White", "share": 0.9},
    {"period": "2009", "ethnic_group": "Asian", "share": None},
    area="L",
)
SMALL = table(
    "respondents",
    {"dimension": "sex", "category": "female", "share": 1},
    {"dimension": "ethnicity", "category": "Asian", "share": 1, "population_group": "Asian"},
    area="L",
    period="2010",
    survey="small",
    base_people=4,
)


def test_shares_are_as_stated_and_two_surveys_are_told_apart() -> None:
    assert rows(respondents_share(ANSWERS), "dimension", "category", "value")[:2] == [
        ("sex", "female", 0.65),
        ("sex", "male", 0.345),
    ]
    two = respondents_share(pl.concat([ANSWERS, SMALL]))
    assert two["dimension"].unique(maintain_order=True).to_list() == [
        "sex (big)",
        "ethnicity (big)",
        "sex (small)",
        "ethnicity (small)",
    ]


def test_the_range_of_people_follows_the_printed_digits() -> None:
    found = rows(respondents_implied(ANSWERS), "category", "value", "lower", "upper")
    assert found[:3] == [("female", 650.0, 645.0, 655.0), ("male", 345.0, 344.5, 345.5), ("White", 200.0, 150.0, 250.0)]
    assert [category for category, *_ in found] == ANSWERS["category"].to_list()


def test_representation_is_of_those_who_stated_their_group() -> None:
    found = representation_ratio(ANSWERS, MIX, SURE, FIFTHS)
    note = "Beside the population of 2007:"
    # 200, 500 and 100 of the 800 who stated theirs: the ratio × and ÷ exp(1.96 × √(1/200 − 1/800))
    assert rows(found, "population_group", "value", "missing", "note") == [
        ("White", 0.5, None, f"{note} under-represented."),
        ("Asian", 2.5, None, f"{note} over-represented."),
        ("Other", 0.5, None, f"{note} under-represented."),
    ]
    assert found["lower"].to_list() == pytest.approx([0.44345011, 2.36934823, 0.41624343])
    assert found["upper"].to_list() == pytest.approx([0.56376128, 2.63785624, 0.60061008])
    nobody = representation_ratio(ANSWERS, MIX.with_columns(share=0.0), SURE, FIFTHS)
    zero = "The share of the population is zero, so nothing can be divided by it."
    assert nobody["missing"].to_list() == [zero] * 3


def test_a_group_of_two_surveys_is_told_apart() -> None:
    found = representation_ratio(pl.concat([ANSWERS, SMALL]), MIX, SURE, FIFTHS)
    assert found["population_group"].to_list() == ["White", "Asian (big)", "Other", "Asian (small)"]


def test_minority_groups_among_the_respondents() -> None:
    unknown = "The survey names no White group, or nobody stated their group."
    assert rows(minority_share_of_respondents(pl.concat([ANSWERS, SMALL])), "survey", "value", "missing") == [
        ("big", 0.75, None),
        ("small", None, unknown),
    ]
    silent = ANSWERS.with_columns(share=pl.when(pl.col("category") == "not stated").then(1.0).otherwise(0.0))
    assert rows(minority_share_of_respondents(silent), "value", "missing") == [(None, unknown)]


def test_the_margin_is_the_widest() -> None:
    found = survey_margin_of_error(ANSWERS.with_columns(base_people=240), SURE)
    assert rows(found, "survey", "missing") == [("big", None)]
    assert found["value"].to_list() == [pytest.approx(0.0632576, abs=1e-7)]
    nobody = survey_margin_of_error(ANSWERS.with_columns(base_people=0), SURE)
    assert rows(nobody, "value", "missing") == [(None, "Nobody answered the survey.")]


def test_unlike_the_population_is_said_in_words() -> None:
    like = (
        "The respondents are not spread over the groups as the population is: read the answers as those of the people"
    )
    found = respondents_representative(ANSWERS, MIX, SURE)
    assert rows(found, "survey", "dimension", "missing", "note") == [("big", "ethnicity", None, f"{like} reached.")]
    assert found["value"].to_list() == [pytest.approx(0, abs=1e-12)]


def test_like_the_population_is_said_in_words() -> None:
    same = ANSWERS.with_columns(
        pl.col("category")
        .replace_strict({"White": 0.4, "Asian": 0.2, "Other": 0.2, "not stated": 0.2}, default=0.0)
        .alias("share"),
        base_people=10,
    )
    found = respondents_representative(same, MIX, SURE)
    words = (
        "No sign that the respondents differ from the population. Some groups are too small for the test to be exact."
    )
    assert rows(found, "value", "missing", "note") == [(1.0, None, words)]


def test_one_group_cannot_be_tested() -> None:
    found = respondents_representative(SMALL, MIX, SURE)
    assert rows(found, "survey", "value", "missing", "note") == [
        ("small", None, "Fewer than two groups are known, so there is nothing to compare.", None)
    ]


def test_empty_tables_give_no_figure() -> None:
    empty = ANSWERS.clear()
    found = [
        respondents_share(empty),
        respondents_implied(empty),
        representation_ratio(empty, MIX, SURE, FIFTHS),
        respondents_representative(empty, MIX, SURE),
        survey_margin_of_error(empty, SURE),
    ]
    assert [frame.height for frame in found] == [0] * 5
