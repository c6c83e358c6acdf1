import polars as pl

from parity.analyse.nhs_spend import indicators
from parity.analyse.nhs_spend.indicators import (
    nhs_bodies,
    nhs_buyers,
    nhs_heads,
    nhs_spend,
    nhs_spend_per_head,
    nhs_spend_rank,
    nhs_spend_real,
    nhs_spend_share,
    nhs_spend_spread,
    nhs_spend_young,
    nhs_spending,
    nhs_unit_activity,
    nhs_unit_cost,
    placement_days_and_cost,
    placement_distance_share,
    placements,
    placements_out_of_area,
)
from parity.analyse.residents import bodies_of_councils
from parity.assumptions import assumption
from parity.sources.access_and_spend import CYP_SPEND, ED_SPEND, SPEND, SPEND_SHARE
from parity.terms.areas import ENGLAND
from tests.sources.official_data import needs_data, official_table
from tests.stages.analyse.frames import rows

SAME, CHANGED = "E38000001", "E38000009"
BOARD, OTHER = "E54000001", "E54000002"
HIDDEN = "Hidden by the publisher."
CHANGE_NOTE = "Of the body as it was in 2021/22, under its name of today: its area has changed since."
TABLE = pl.DataFrame(
    [
        ("ccg", "00A", "NHS OLD & NEW CCG", "QAA", "2021/22", SPEND, 100.0, None),
        ("ccg", "00B", "NHS CHANGED CCG", "QBB", "2021/22", SPEND, 50.0, None),
        ("ccg", "00A", "NHS OLD & NEW CCG", "QAA", "2020/21", SPEND, 80.0, None),
        ("ccg", "00A", "NHS OLD & NEW CCG", "QAA", "2021/22", ED_SPEND, 5.0, None),
        ("icb", "QAA", "Board A", "QAA", "2021/22", SPEND_SHARE, None, HIDDEN),
        ("icb", "QBB", "Board B", "QBB", "2021/22", SPEND, 50.0, None),
        ("ccg", "00A", "NHS OLD & NEW CCG", "QAA", "2021/22", "Something else", 1.0, None),
    ],
    schema=["level", "area", "area_name", "icb", "period", "measure", "value", "missing"],
    orient="row",
)
COUNTED = pl.DataFrame(
    {
        "geography": ["CCG 2021", "CCG 2021", "ICB 2023"],
        "area": [SAME, "E38000002", SAME],
        "area_name": ["NHS Old and New CCG", "NHS Changed CCG", "NHS Old and New CCG"],
        "period": ["2021"] * 3,
        "people": [10, 20, 99],
    }
)
HEALTH = pl.DataFrame(
    {
        "edition": ["2022", "2024", "2024"],
        "sub_icb": ["E38000000", SAME, CHANGED],
        "sub_icb_ods": ["00A", "00A", "00B"],
        "icb": [BOARD, BOARD, OTHER],
        "icb_ods": ["QAA", "QAA", "QBB"],
    }
)
BODIES = nhs_bodies(TABLE, COUNTED, HEALTH)
SPENT = nhs_spending(TABLE, BODIES)
REACH = assumption("outlier_reach")
HEADS = nhs_heads(SPENT, REACH)


def test_what_is_spent_is_called_as_the_publication_calls_it() -> None:
    ours = (indicators.SPEND, indicators.SPEND_SHARE, indicators.CYP_SPEND, indicators.ED_SPEND)
    assert ours == (SPEND, SPEND_SHARE, CYP_SPEND, ED_SPEND)


def test_a_body_is_whole_where_its_ons_code_still_stands() -> None:
    assert rows(BODIES, "body", "area", "whole", "heads") == [
        ("00A", SAME, True, 10),
        ("00B", CHANGED, False, 20),
        ("QAA", BOARD, True, 10),
        ("QBB", OTHER, False, 20),
        (ENGLAND, ENGLAND, True, 30),
    ]


def test_amounts_say_where_the_area_was_another() -> None:
    found = nhs_spend(SPENT).filter(pl.col("period") == "2021/22").sort("area")
    assert rows(found, "area", "value", "note") == [
        (SAME, 100.0, None),
        (CHANGED, 50.0, CHANGE_NOTE),
        (OTHER, 50.0, CHANGE_NOTE),
        (ENGLAND, 150.0, None),
    ]
    assert rows(nhs_spend_share(SPENT), "area", "value", "missing") == [(BOARD, None, HIDDEN)]
    assert rows(nhs_spend_young(SPENT), "area", "purpose", "value") == [
        (SAME, "eating disorders", 5.0),
        (ENGLAND, "eating disorders", 5.0),
    ]


def test_a_head_of_the_people_within_the_same_boundaries() -> None:
    assert rows(nhs_spend_per_head(HEADS).sort("area"), "area", "period", "value") == [
        (SAME, "2021/22", 10.0),
        (CHANGED, "2021/22", 2.5),
        (OTHER, "2021/22", 2.5),
        (ENGLAND, "2021/22", 5.0),
    ]
    nobody = SPENT.with_columns(heads=pl.lit(0))
    assert nhs_spend_per_head(nhs_heads(nobody, REACH))["missing"].unique().to_list() == [
        "The number of people is zero, so nothing can be divided by it."
    ]


def test_bodies_stand_among_those_of_their_kind_alone() -> None:
    words = "commissioning groups of 2021/22; within the range by Tukey’s rule."
    assert rows(nhs_spend_rank(HEADS).sort("area"), "area", "value", "note") == [
        (SAME, 1, f"Of 2 {words}"),
        (CHANGED, 2, f"Of 2 {words}"),
        (OTHER, 1, "Of 1 integrated care boards; within the range by Tukey’s rule."),
    ]
    spread = nhs_spend_spread(HEADS).filter(pl.col("area") == SAME)
    assert rows(spread, "place_in_order", "value", "note") == [
        ("lower quartile", 4.375, "Of 2 bodies of its kind."),
        ("median", 6.25, "Of 2 bodies of its kind."),
        ("upper quartile", 8.125, "Of 2 bodies of its kind."),
    ]


def test_amounts_in_prices_of_the_last_year_of_outturn() -> None:
    prices = pl.DataFrame(
        {
            "measure": ["GDP deflator"] * 3,
            "period": ["2021/22", "2024/25", "2025/26"],
            "nature": ["outturn", "outturn", "forecast"],
            "value": [80.0, 100.0, 110.0],
        }
    )
    found = nhs_spend_real(SPENT, prices).filter(pl.col("area") == SAME).sort("period")
    assert rows(found, "period", "value", "price_year", "missing") == [
        ("2020/21", None, "2024/25", "Not known."),
        ("2021/22", 125.0, "2024/25", None),
    ]


def test_who_buys_for_an_area_boards_first_and_a_location_that_is_its_board_left_to_it() -> None:
    pieces = pl.DataFrame(
        [("E1 in a", "E1", "council"), ("E1 in a", "a", "sub_icb"), ("E1 in a", "AB", "icb"),
         ("E1 in b", "E1", "council"), ("E1 in b", "b", "sub_icb"), ("E1 in b", "AB", "icb"),
         ("E2 in c", "E2", "council"), ("E2 in c", "c", "sub_icb"), ("E2 in c", "C", "icb"),
         ("E2 in c", "R", "region")],
        schema=["part", "area", "kind"], orient="row",
    )  # fmt: skip
    small = pl.DataFrame({"council": ["E1", "E1", "E2"], "sub_icb": ["a", "b", "c"]})
    bodies = bodies_of_councils(pieces, small, assumption("sliver_of_a_council"))
    found = dict(nhs_buyers(pieces, bodies).group_by("area", maintain_order=True).agg("body").iter_rows())
    assert found == {
        "AB": ["AB", "a", "b"], "C": ["C"], "E1": ["AB", "a", "b"], "E2": ["C"],
        "a": ["AB", "a"], "b": ["AB", "b"], "c": ["C"],
    }  # fmt: skip


AWAY = pl.DataFrame(
    [
        ("ccg", "00A", "NHS Old And New CCG", "all", "OAPs started in period", "placements", 5.0),
        ("ccg", "00B", "NHS Changed CCG", "all", "OAPs started in period", "placements", 7.0),
        ("country", ENGLAND, "England", "all", "OAPs started in period", "placements", 12.0),
        ("country", ENGLAND, "England", "Gender", "OAPs started in period", "placements", 6.0),
        ("country", ENGLAND, "England", "all", "Total number of OAP days over the period", "days", 90.0),
        ("country", ENGLAND, "England", "all", "Percentage of OAP days with cost recorded", "share", None),
        ("country", ENGLAND, "England", "all",
         "Number of OAPs active during the period with a distance of less than 25 km", "placements", 3.0),
        ("country", ENGLAND, "England", "all",
         "Number of OAPs active during the period with distance of 25km or greater", "placements", 9.0),
        ("ccg", "00A", "NHS Old And New CCG", "all",
         "Number of OAPs active during the period with a distance of less than 25 km", "placements", None),
    ],
    schema=["level", "area", "area_name", "breakdown", "measure", "unit", "value"],
    orient="row",
).with_columns(period=pl.lit("2016-12"), missing=pl.when(pl.col("value").is_null()).then(pl.lit(HIDDEN)))  # fmt: skip
NAMES = pl.DataFrame({"area": [SAME, "E38000002"], "area_name": ["NHS Old and New CCG", "NHS Changed CCG"]})
PLACED = placements(AWAY, BODIES, NAMES)


def test_placements_of_england_and_of_bodies_that_are_the_same_today() -> None:
    assert rows(placements_out_of_area(PLACED), "area", "counted", "value") == [
        (SAME, "started", 5.0),
        (ENGLAND, "started", 12.0),
    ]
    assert rows(placement_days_and_cost(PLACED), "measure", "unit", "value", "missing") == [
        ("Total number of OAP days over the period", "DAYS", 90.0, None),
        ("Percentage of OAP days with cost recorded", "SHARE", None, HIDDEN),
    ]
    assert rows(placement_distance_share(PLACED), "area", "distance", "value", "missing") == [
        (ENGLAND, "less than 25 km", 0.25, None),
        (ENGLAND, "25km or greater", 0.75, None),
        (SAME, "less than 25 km", None, "The number at this distance is not known."),
    ]


COSTS = pl.DataFrame(
    {
        "period": ["2024/25"] * 4 + ["2023/24"],
        "department": ["Mental Health Care Contact"] * 3 + ["Ambulance", "Mental Health Care Contact"],
        "currency": ["A01", "A01", "A02", "01", "A01"],
        "currency_name": ["Day Care", "Day Care", "Crisis", "Hear", "Day Care"],
        "activity": [10.0, 10.0, None, 5.0, 9.0],
        "unit_cost_gbp": [20.0, 20.0, None, 1.0, 2.0],
        "missing": [None, None, HIDDEN, None, None],
    }
)


def test_national_costs_of_mental_health_once_in_the_latest_year() -> None:
    assert rows(nhs_unit_cost(COSTS), "area", "currency", "value", "missing") == [
        (ENGLAND, "A01: Day Care", 20.0, None),
        (ENGLAND, "A02: Crisis", None, HIDDEN),
    ]
    assert nhs_unit_activity(COSTS)["value"].to_list() == [10.0, None]


def test_no_row_gives_no_figure() -> None:
    assert [function(SPENT.clear()).height for function in (nhs_spend, nhs_spend_share, nhs_spend_young)] == [0, 0, 0]
    assert [function(PLACED.clear()).height for function in (placements_out_of_area, placement_distance_share)] == [
        0,
        0,
    ]
    assert nhs_unit_cost(COSTS.clear()).is_empty()


@needs_data
def test_of_what_was_published() -> None:
    table = official_table("nhse_occ_mh_access_and_spend_ccg_icb_trend_to_2021_22.xlsx")
    boards = table.filter(pl.col("level") == "icb", pl.col("measure") == SPEND, pl.col("period") == "2021/22")
    groups = table.filter(pl.col("level") == "ccg", pl.col("measure") == SPEND, pl.col("period") == "2021/22")
    assert [round(value, -4) for value in boards.filter(pl.col("area") == "QK1")["value"]] == [236_350_000.0]
    assert round(boards["value"].sum() / groups["value"].sum(), 3) == 1.0
    costs = nhs_unit_cost(official_table("national_cost_collection_2024_25_mental_health.csv"))
    assert costs.group_by("department").len().sort("len")["len"].to_list() == [8, 25, 53]
