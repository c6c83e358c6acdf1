import polars as pl

from parity.analyse.older_people.indicators import (
    cases_by_age_band,
    depression_65plus_flat,
    depression_65plus_range,
    depression_by_simple_rule,
    forecast_change,
    forecast_difference,
    people_forecast,
    population_65plus_implied,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

PROJECTED = pl.DataFrame(
    {"area": "L", "period": "2026", "sex": ["female", "male", "male"], "age": [65, 90, 64], "people": [600, 400, 9]}
)
PEOPLE = table(
    "population",
    {"period": "2010", "population_group": "65+", "people": 37_000, "note": "About."},
    {"period": "2010", "population_group": "65 and over", "people": 1},
    {"period": "2025", "population_group": "65+", "people": 45_000},
    {"period": "2010", "population_group": "75+", "people": 9},
    area="L",
    counted_as="resident",
)
ESTIMATES = table(
    "prevalence_estimates",
    {"period": "2008", "condition": "dementia", "estimate_source": "one", "people": 2000, "source": "003"},
    {"period": "2015", "condition": "dementia", "estimate_source": "one", "people": 2500, "source": "003"},
    {"period": "2025", "condition": "dementia", "estimate_source": "one", "people": 1000, "source": "003"},
    {"period": "2025", "condition": "dementia", "estimate_source": "two", "people": 3000, "source": "001"},
    {"period": "2008", "condition": "depression", "estimate_source": "one", "people": 300, "source": "003"},
    {"period": "2008", "condition": "depression", "estimate_source": "two", "people": 0, "source": "001"},
    {"period": "2009", "condition": "depression", "estimate_source": "two", "people": 5, "source": "001"},
    area="L",
)
BANDS = table(
    "population_bands",
    {"age_band": "60-64", "sex": "male", "people": 1000},
    {"age_band": "65-69", "sex": "male", "people": 1000},
    {"age_band": "85-89", "sex": "male", "people": 300},
    {"age_band": "90+", "sex": "male", "people": 100},
    {"age_band": "65-69", "sex": "female", "people": 2000},
    {"age_band": "85-89", "sex": "female", "people": 500},
    {"age_band": "90+", "sex": "female", "people": 300},
    area="L",
    period="2010",
)
RATES = table(
    "band_prevalence_rates",
    {"age_band": "65-69", "sex": "male", "rate_per_100k": 1000, "confidence": "seen"},
    {"age_band": "65-69", "sex": "female", "rate_per_100k": 2000, "confidence": "seen"},
    {"age_band": "85+", "sex": "male", "rate_per_100k": 10_000, "confidence": "unchecked"},
    {"age_band": "85+", "sex": "female", "rate_per_100k": 20_000, "confidence": "seen"},
    condition="dementia",
    rate_source="cohort",
)


def test_simple_rules_apply_to_people_of_65_and_over() -> None:
    flat = depression_65plus_flat(PEOPLE, assumption("depression_65plus_share"))
    assert rows(flat, "area", "period", "value", "note") == [
        ("L", "2010", 5550.0, "About."),
        ("L", "2025", 6750.0, None),
    ]
    ranged = depression_65plus_range(PEOPLE, assumption("depression_65plus_range"))
    assert rows(ranged, "period", "lower", "value", "upper") == [
        ("2010", 3700.0, 4810.0, 5920.0),
        ("2025", 4500.0, 5850.0, 7200.0),
    ]


def test_forecasts_are_as_stated() -> None:
    found = rows(people_forecast(ESTIMATES), "period", "condition", "estimate_source", "value")
    assert found == ESTIMATES.select("period", "condition", "estimate_source", "people").rows()


def test_change_runs_from_the_first_period_of_a_source_to_each_later_one() -> None:
    found = forecast_change(ESTIMATES)
    assert rows(found, "condition", "estimate_source", "period", "value", "missing") == [
        ("dementia", "one", "2008 to 2015", 0.25, None),
        ("dementia", "one", "2008 to 2025", -0.5, None),
        (
            "depression",
            "two",
            "2008 to 2009",
            None,
            "The first estimate is zero, so nothing can be divided by it.",
        ),
    ]


def test_two_sources_of_one_number_are_set_side_by_side() -> None:
    words = "Lowest: {}; highest: {}. Each source has rates and a population of its own, so both are kept."
    assert rows(forecast_difference(ESTIMATES), "period", "condition", "value", "note") == [
        ("2008", "depression", 300.0, words.format("two", "one")),
        ("2025", "dementia", 2000.0, words.format("one", "two")),
    ]


def test_a_population_is_implied_only_where_the_document_states_its_share() -> None:
    facts = table(
        "facts",
        {"fact": "x_depression_share_65plus", "value": 0.15, "source": "003"},
        {"fact": "depression_65plus_low", "value": 0.10, "source": "001"},
    )
    found = population_65plus_implied(ESTIMATES, facts)
    assert rows(found, "area", "period", "estimate_source", "value", "missing") == [("L", "2008", "one", 2000.0, None)]
    unknown = population_65plus_implied(ESTIMATES, facts.with_columns(value=None).cast({"value": float}))
    assert rows(unknown, "value", "missing") == [(None, "The stated share is not known.")]


def test_cases_are_summed_over_bands_and_sexes() -> None:
    """1,000 × 1% + 400 × 10% + 2,000 × 2% + 800 × 20% = 10 + 40 + 40 + 160."""
    found = cases_by_age_band(BANDS, RATES)
    assert rows(found, "area", "period", "condition", "rate_source", "value", "missing", "note") == [
        ("L", "2010", "dementia", "cohort", 250.0, None, "Rests on rates not yet seen in its source.")
    ]


def test_a_band_without_people_makes_the_sum_missing() -> None:
    seen = RATES.filter(RATES["confidence"] == "seen")
    found = cases_by_age_band(BANDS.filter(BANDS["age_band"] != "65-69"), seen)
    assert rows(found, "value", "missing", "note") == [
        (
            None,
            "There is no rate for male, 85+. There is no population for male, 65-69. "
            "There is no population for female, 65-69.",
            None,
        )
    ]


def test_no_rates_give_no_figure() -> None:
    assert rows(cases_by_age_band(BANDS, RATES.clear()), "area", "value", "note") == []
    assert forecast_difference(ESTIMATES.clear()).is_empty()
    assert forecast_change(ESTIMATES.clear()).is_empty()


def test_simple_rules_apply_to_anybody_projected_of_65_and_over() -> None:
    rules = assumption("depression_65plus_share"), assumption("depression_65plus_range")
    found = depression_by_simple_rule(PROJECTED, *rules)
    assert rows(found, "rule", "lower", "value", "upper") == [
        ("15% of all", None, 150.0, None),
        ("10% to 16% of all", 100.0, 130.0, 160.0),
    ]
    assert depression_by_simple_rule(PROJECTED.clear(), *rules).is_empty()
