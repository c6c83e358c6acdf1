from dataclasses import replace

import polars as pl

from parity.analyse.care_costs.indicators import (
    care_people,
    care_unit_cost,
    care_unit_cost_change,
    care_unit_cost_rank,
    care_unit_cost_spread,
    care_unit_costs,
    care_weeks,
)
from parity.assumptions import assumption
from parity.terms.areas import ENGLAND
from tests.sources.official_data import needs_data, official_table
from tests.stages.analyse.frames import rows

KENT = "E10000016"
CODES = pl.DataFrame({"cassr": ["820", None], "area": [KENT, "E12000008"]})
COST = "mental health, 18 to 64: residential care, a week"


def costs(period: str, *cells: tuple[str, float | None]) -> pl.DataFrame:
    frame = pl.DataFrame(cells, schema={"cassr": pl.String, "value": pl.Float64}, orient="row")
    return frame.with_columns(
        period=pl.lit(period),
        measure=pl.lit("unit cost"),
        client_group=pl.lit("mental health"),
        service=pl.lit("residential care"),
        provision=pl.lit("all"),
        net_of_income=pl.lit("no"),
        words=pl.lit("Average gross weekly expenditure. "),
        missing=pl.when(pl.col("value").is_null()).then(pl.lit("Not available.")),
    )


PUBLISHED = pl.concat(
    [
        costs("2008/09", ("820", 100.0), (ENGLAND, 90.0)),
        costs("2013/14", ("820", 150.0), ("101", 10.0), ("102", 11.0), ("103", 12.0), ("104", None), ("105", 0.0),
              ("106", 13.0), (ENGLAND, 12.0)),
    ]
)  # fmt: skip
ACTIVITY = pl.DataFrame(
    [
        (KENT, "18 to 64", "Mental health support", "Residential", "own provision", "weeks", 4.0),
        (KENT, "18 to 64", "Mental health support", "Residential", "provision by others", "weeks", 6.0),
        (KENT, "18 to 64", "Mental health support", "Nursing", "own provision", "weeks", None),
        (KENT, "18 to 64", "Mental health support", "none", "own provision", "as councils count it", 9.0),
        (KENT, "65 to 74", "Mental health support", "Nursing", "own provision", "weeks", 9.0),
    ],
    schema=["area", "age", "reason", "setting", "provision", "unit", "value"],
    orient="row",
).with_columns(period=pl.lit("2016/17"))
LINES = pl.DataFrame(
    {
        "area": [KENT] * 3,
        "period": ["2016/17"] * 3,
        "people": ["mental health support, 18 to 64"] * 3,
        "service": ["residential", "nursing", "community: home care"],
        "basis": ["gross"] * 3,
        "amount_gbp": [500.0, 100.0, 1.0],
    }
)
UNITS = care_unit_costs(PUBLISHED, ACTIVITY, LINES, CODES, assumption("outlier_reach"))


def test_published_costs_stand_among_all_that_returned_one() -> None:
    found = care_unit_cost(UNITS).filter(pl.col("period") == "2013/14")
    assert rows(found, "area", "unit_cost", "value", "note") == [
        (KENT, COST, 150.0, "Published as: Average gross weekly expenditure."),
        (ENGLAND, COST, 12.0, "Published as: Average gross weekly expenditure."),
    ]
    ranks = care_unit_cost_rank(UNITS).filter(pl.col("period") == "2013/14")
    assert rows(ranks, "area", "value", "note") == [(KENT, 1, "Of 5 councils; far above by Tukey’s rule.")]
    spread = care_unit_cost_spread(UNITS).filter(pl.col("period") == "2013/14")
    assert rows(spread, "area", "place_in_order", "value", "note") == [
        (ENGLAND, "lower quartile", 11.0, "Of 5 councils."),
        (ENGLAND, "median", 12.0, "Of 5 councils."),
        (ENGLAND, "upper quartile", 13.0, "Of 5 councils."),
    ]


def test_a_wider_reach_calls_fewer_outlying() -> None:
    reach = replace(assumption("outlier_reach"), value=1000.0)
    found = care_unit_costs(PUBLISHED, ACTIVITY, LINES, CODES, reach)
    assert "far above" not in found["standing"].to_list()


def test_a_region_has_its_cost_and_no_rank() -> None:
    region = "E12000008"
    activity, lines = (frame.with_columns(area=pl.lit(region)) for frame in (ACTIVITY, LINES))
    found = care_unit_costs(PUBLISHED.clear(), activity, lines, CODES, assumption("outlier_reach"))
    assert rows(care_unit_cost(found), "area", "value") == [(region, 50.0), (region, None)]
    assert care_unit_cost_rank(found).is_empty()


def test_costs_of_homes_are_worked_out_from_spending_and_weeks() -> None:
    found = care_unit_cost(UNITS).filter(pl.col("period") == "2016/17")
    assert rows(found, "unit_cost", "value", "missing", "basis") == [
        ("mental health support, 18 to 64: residential care, a week", 50.0, None, "gross"),
        (
            "mental health support, 18 to 64: nursing care, a week",
            None,
            "No such care was paid for, or its number is nought.",
            "gross",
        ),
    ]
    assert rows(care_weeks(ACTIVITY), "people", "service", "value", "missing") == [
        ("mental health support, 18 to 64", "residential", 10.0, None),
        ("mental health support, 18 to 64", "nursing", None, "Not given for this council."),
    ]


def test_change_of_a_published_cost_beyond_prices() -> None:
    prices = pl.DataFrame({"period": ["2008/09", "2013/14"], "value": [80.0, 100.0]}).with_columns(
        measure=pl.lit("GDP deflator"), nature=pl.lit("outturn")
    )
    found = care_unit_cost_change(UNITS, prices)
    assert rows(found, "area", "period", "value", "missing") == [
        (KENT, "2008/09 to 2013/14", 0.2, None),
        (ENGLAND, "2008/09 to 2013/14", -0.893333333, None),
    ]
    unknown = care_unit_cost_change(UNITS.with_columns(value=pl.lit(None, pl.Float64)), prices)
    assert unknown["missing"].unique().to_list() == ["One of the two unit costs is not known."]


def test_people_with_each_service_are_not_added_up() -> None:
    table = pl.DataFrame(
        {
            "cassr": ["820", "820", ENGLAND, "999", "820"],
            "period": ["2013/14"] * 5,
            "measure": ["A4.4", "B3", "A4.4", "A4.4", "A1.1"],
            "value": [80.0, None, 9.0, 1.0, 2.0],
            "missing": [None, None, None, None, None],
        },
        schema_overrides={"missing": pl.String},
    )
    assert rows(care_people(table, CODES), "area", "service", "value", "missing") == [
        (KENT, "home care", 80.0, None),
        (KENT, "residential or nursing care", None, "Not given for this council."),
        (ENGLAND, "home care", 9.0, None),
    ]


def test_no_table_row_gives_no_figure() -> None:
    empty = UNITS.clear()
    functions = (care_unit_cost, care_unit_cost_rank, care_unit_cost_spread)
    assert [function(empty).height for function in functions] == [0, 0, 0]
    assert care_weeks(ACTIVITY.clear()).is_empty()


@needs_data
def test_published_unit_costs_come_back_as_they_are() -> None:
    expenditure = official_table("ascfr_totals_2016_17.csv.gz")
    table = official_table("pssex1_unit_costs_by_council_2013_14.csv.gz")
    found = care_unit_costs(table, ACTIVITY.clear(), LINES.clear(), expenditure, assumption("outlier_reach"))
    one = found.filter(pl.col("unit_cost") == COST)
    assert rows(one.filter(pl.col("area").is_in([KENT, ENGLAND])), "area", "value", "rank", "bodies") == [
        (KENT, 694.8, 92, 152),
        (ENGLAND, 751.0, None, 152),
    ]
    assert found.group_by("area", "period", "unit_cost").len()["len"].unique().to_list() == [1]
