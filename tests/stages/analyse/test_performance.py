from parity.analyse.performance.indicators import (
    comparator_mean,
    measure_value,
    rank_in_group,
    stated_rank,
    stated_rank_percentile,
)
from tests.stages.analyse.frames import rows, table

MEASURES = table(
    "measures",
    {"area": "Kent", "code": "low", "value": 1.5, "unit": "rate_per_10k", "polarity": "low"},
    {"area": "A", "code": "low", "value": 1.0, "unit": "rate_per_10k", "polarity": "low"},
    {"area": "B", "code": "low", "value": 1.5, "unit": "rate_per_10k", "polarity": "low"},
    {"area": "C", "code": "low", "value": 0.1, "unit": "rate_per_10k", "polarity": "low"},
    {"area": "Kent", "code": "high", "value": 0.9, "unit": "share", "polarity": "high"},
    {"area": "A", "code": "high", "value": 0.5, "unit": "share", "polarity": "high"},
    {"area": "Kent", "code": "neither", "value": 3, "unit": "number", "polarity": "neutral"},
    {"area": "B", "code": "neither", "value": 4, "unit": "number", "polarity": "neutral"},
    {"area": "Kent", "code": "alone", "value": 3, "unit": "number", "polarity": "high"},
    {"area": "A", "code": "absent", "value": 3, "unit": "number", "polarity": "high"},
    period="2009/10",
)
COMPARED = table(
    "comparators",
    {"area": "Kent", "comparator": "A", "use": "performance"},
    {"area": "Kent", "comparator": "B", "use": "performance"},
    {"area": "Kent", "comparator": "C", "use": "need"},
)
NOBODY = "None of the areas it is compared with has a value."


def test_measures_are_as_stated_in_their_own_unit() -> None:
    assert rows(measure_value(MEASURES), "area", "code", "value", "unit")[4] == ("Kent", "high", 0.9, "share")


def test_ranks_follow_polarity_and_equals_share_one() -> None:
    neutral = "Neither a high nor a low value is better, so there is no rank."
    assert rows(rank_in_group(MEASURES, COMPARED), "area", "period", "code", "value", "missing", "note") == [
        ("Kent", "2009/10", "low", 2, None, "Of 3."),
        ("Kent", "2009/10", "high", 1, None, "Of 2."),
        ("Kent", "2009/10", "neither", None, neutral, "Of 2."),
        ("Kent", "2009/10", "alone", None, NOBODY, "Of 1."),
    ]


def test_the_mean_leaves_the_area_itself_out() -> None:
    assert rows(comparator_mean(MEASURES, COMPARED), "code", "value", "missing", "unit") == [
        ("low", 1.25, None, "rate_per_10k"),
        ("high", 0.5, None, "share"),
        ("neither", 4.0, None, "number"),
        ("alone", None, NOBODY, "number"),
    ]


RANKS = table(
    "ranks",
    {"code": "NI 149", "rank": 10, "group_size": 18, "note": "Provisional."},
    {"code": "one", "rank": 1, "group_size": 1},
    area="L",
    period="2009/10",
    polarity="high",
)


def test_stated_ranks_become_shares_of_the_others() -> None:
    assert rows(stated_rank(RANKS), "code", "value", "note") == [
        ("NI 149", 10, "Of 18. Provisional."),
        ("one", 1, "Of 1."),
    ]
    alone = "The number of others in the group is zero, so nothing can be divided by it."
    assert rows(stated_rank_percentile(RANKS), "code", "value", "missing") == [
        ("NI 149", round(8 / 17, 9), None),
        ("one", None, alone),
    ]


def test_empty_tables_give_no_figure() -> None:
    assert rank_in_group(MEASURES.clear(), COMPARED).is_empty()
    assert comparator_mean(MEASURES, COMPARED.clear()).is_empty()
    assert stated_rank_percentile(RANKS.clear()).is_empty()
