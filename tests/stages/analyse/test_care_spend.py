from typing import Any

import polars as pl
import pytest

from parity.analyse.care_returns import body_today, care_beside, care_bodies, care_heads, care_lines, care_providers
from parity.analyse.care_spend.indicators import (
    care_residential_share,
    care_service_share,
    care_spend,
    care_spend_net,
    care_spend_per_head,
    care_spend_per_weighted_head,
    care_spend_rank,
    care_spend_real,
    care_spend_real_change,
    care_spend_share,
    care_spend_spread,
    care_what_if,
)
from parity.assumptions import assumption
from parity.terms.areas import ENGLAND
from tests.sources.official_data import needs_data, official_table
from tests.stages.analyse.frames import rows

KENT, SHEFFIELD, CUMBRIA = "E10000016", "E08000019", "E10000006"
MENTAL = "mental health support, 18 to 64"
GROSS = "gross current expenditure"


def asc(*lines: tuple[Any, ...]) -> pl.DataFrame:
    """Lines of the return of 2016/17: area, age, reason, setting, purpose, basis and pounds."""
    names = ("area", "age", "reason", "setting", "purpose", "basis", "cost_gbp")
    frame = pl.DataFrame(lines, schema=dict.fromkeys(names[:-1], pl.String) | {"cost_gbp": pl.Float64}, orient="row")
    return frame.with_columns(
        period=pl.lit("2016/17"),
        edition=pl.lit("2016/17"),
        cassr=pl.when(pl.col("area") == KENT).then(pl.lit("820")).otherwise(None),
    )


ASC = asc(
    (KENT, "18 to 64", "Mental health support", "Residential", "none", GROSS, 60.0),
    (KENT, "18 to 64", "Mental health support", "Community: home care", "none", GROSS, 30.0),
    (KENT, "18 to 64", "Mental health support", "none", "Other short term", GROSS, 10.0),
    (KENT, "18 to 64", "Mental health support", "Residential", "none", "net current expenditure", 50.0),
    (KENT, "18 to 64", "Mental health support", "Fairer charging income", "none", GROSS, 0.0),
    (KENT, "65 to 74", "Mental health support", "Residential", "none", GROSS, 999.0),
    (KENT, "all", "Social care activities", "none", "none", GROSS, 100.0),
    (KENT, "all", "Social care activities", "none", "none", "total income", 7.0),
    (SHEFFIELD, "18 to 64", "Mental health support", "Residential", "none", GROSS, 40.0),
    (CUMBRIA, "18 to 64", "Mental health support", "Residential", "none", GROSS, None),
    ("E10000009", "18 to 64", "Mental health support", "Residential", "none", GROSS, 5.0),
    ("E10000023", "18 to 64", "Mental health support", "Residential", "none", GROSS, 0.0),
    (ENGLAND, "18 to 64", "Mental health support", "Residential", "none", GROSS, 300.0),
)
PSS = pl.DataFrame(
    [
        ("Long term", "Age 18 to 64", "Mental health support", "Residential", "Gross current expenditure", 80.0),
        ("Long term", "Age 18 to 64", "Mental health support", "Total", "Gross current expenditure", 80.0),
        ("Long term", "Age 18 to 64", "Total", "Residential", "Gross current expenditure", 80.0),
        ("Non Salt Totals", "all", "Social care activities", "Total", "Gross current expenditure", 20.0),
        ("Non Salt Totals", "all", "Adult Social Care", "Total", "Gross current expenditure", 100.0),
        ("Non Salt Totals", "all", "Social care activities", "Total", "Income: total", 3.0),
    ],
    schema=["support", "age", "reason", "service", "basis", "cost_gbp"],
    orient="row",
).with_columns(cassr=pl.lit("820"), council=pl.lit("Kent"), period=pl.lit("2014/15"), edition=pl.lit("2014/15"))
LINES = care_lines(ASC, PSS)
GROUPS = pl.DataFrame(
    {
        "area": [KENT, SHEFFIELD, ENGLAND, ENGLAND, "E06000065", "E06000063", "E06000064"],
        "council": ["E07000105", SHEFFIELD, "E07000105", SHEFFIELD, "E06000065", "E06000063", "E06000064"],
    }
)
PEOPLE = pl.DataFrame(
    {
        "edition": ["rebased 2000 to 2018"] * 6,
        "area": ["E07000105", "E07000105", SHEFFIELD, "E06000063", "E06000064", "E06000065"],
        "period": ["2016", "2014", "2016", "2016", "2016", "2016"],
        "age": [18, 30, 64, 40, 40, 17],
        "people": [10, 8, 2, 5, 5, 9],
    }
)
LOW = pl.DataFrame({"area": [KENT, ENGLAND], "domain": ["income", "income"], "score": [0.1, 0.2]})
REACH = assumption("outlier_reach")
HEADS = care_heads(LINES, PEOPLE, GROUPS, LOW, REACH)
DEFLATORS = pl.DataFrame(
    {
        "measure": ["GDP deflator"] * 4 + ["CPI"],
        "period": ["2014/15", "2016/17", "2024/25", "2025/26", "2016/17"],
        "nature": ["outturn", "outturn", "outturn", "forecast", "outturn"],
        "value": [50.0, 80.0, 100.0, 110.0, 1.0],
    }
)


def of(frame: pl.DataFrame, area: str, people: str = MENTAL) -> pl.DataFrame:
    return frame.filter(pl.col("area") == area, pl.col("people") == people)


def test_a_county_that_is_one_council_today_speaks_under_its_code_and_others_under_their_own() -> None:
    codes = pl.DataFrame({"area": ["E10000023", CUMBRIA, KENT, "E10000009"]})
    assert codes.select(body_today("area"))["area"].to_list() == ["E06000065", CUMBRIA, KENT, "E10000009"]


def test_who_speaks_for_a_district_a_new_council_and_a_health_body() -> None:
    counties = pl.DataFrame(
        {
            "edition": ["2021", "2023", "2023", "2023"],
            "area": ["E07000026", "E07000105", "E06000063", SHEFFIELD],
            "county": [CUMBRIA, KENT, None, None],
        }
    )
    pieces = pl.DataFrame(
        {"area": ["E54000032", KENT], "part": ["E07000105 in E38000237"] * 2, "kind": ["icb", "county"]}
    )
    found = dict(care_bodies(ASC, counties, pieces).group_by("area").agg(pl.col("body").sort()).iter_rows())
    assert {area: found[area] for area in ("E07000105", "E06000063", "E06000058", "E54000032", KENT, ENGLAND)} == {
        "E07000105": [KENT],
        "E06000063": [CUMBRIA],
        "E06000058": ["E06000028", "E06000029", "E10000009"],
        "E54000032": [KENT],
        KENT: [KENT],
        ENGLAND: [ENGLAND],
    }


def test_lines_add_up_by_reason_and_age_without_totals_parts_or_income() -> None:
    found = care_spend(LINES).filter(pl.col("service") == "all", pl.col("area") == KENT)
    assert sorted(rows(found, "period", "people", "value", "basis", "price_year")) == [
        ("2014/15", "all adult social care", 100.0, "gross", "2014/15"),
        ("2014/15", "mental health support, 18 to 64", 80.0, "gross", "2014/15"),
        ("2014/15", "mental health support, all ages", 80.0, "gross", "2014/15"),
        ("2014/15", "social care activities, all ages", 20.0, "gross", "2014/15"),
        ("2016/17", "all adult social care", 200.0, "gross", "2016/17"),
        ("2016/17", "mental health support, 18 to 64", 100.0, "gross", "2016/17"),
        ("2016/17", "mental health support, all ages", 100.0, "gross", "2016/17"),
        ("2016/17", "social care activities, all ages", 100.0, "gross", "2016/17"),
    ]
    assert rows(of(care_spend_net(LINES), KENT), "value", "basis") == [(50.0, "net")]
    assert rows(of(care_spend(LINES), ENGLAND).filter(pl.col("period") == "2014/15"), "service", "value") == [
        ("residential", 80.0),
        ("all", 80.0),
    ]


def paid(basis: str, pounds: float, service: str = "Residential", age: str = "Age 18 to 64") -> pl.DataFrame:
    """A line of the return of 2014/15 by who gives what is paid for."""
    return PSS.head(1).with_columns(
        basis=pl.lit(f"Gross total cost: {basis}"), service=pl.lit(service), age=pl.lit(age), cost_gbp=pl.lit(pounds)
    )


PAID = pl.concat(
    [
        paid("own provision", 10.0), paid("provision by others", 20.0), paid("grants to voluntary org", 5.0),
        paid("provision by others", 5.0, "Community: home care"), paid("provision by others", 25.0, "Total"),
        paid("total expenditure", 40.0), paid("own provision", 0.0, age="Age 65 and over"), PSS,
    ]
)  # fmt: skip
PROVIDERS = care_providers(PAID, ASC)


def test_what_is_paid_for_by_who_gives_it_without_totals() -> None:
    found = PROVIDERS.filter(pl.col("area") == KENT)
    assert rows(found, "period", "people", "provider_kind", "amount_gbp", "read_from") == [
        ("2014/15", MENTAL, "in-house", 10.0, "pss_expenditure/2014/15"),
        ("2014/15", MENTAL, "bought from others", 25.0, "pss_expenditure/2014/15"),
        ("2014/15", MENTAL, "grants to voluntary organisations", 5.0, "pss_expenditure/2014/15"),
        ("2014/15", "mental health support, 65 and over", "in-house", 0.0, "pss_expenditure/2014/15"),
    ]
    assert rows(of(PROVIDERS, ENGLAND), "amount_gbp") == [(10.0,), (25.0,), (5.0,)]


def test_a_line_that_is_not_known_makes_its_sum_missing() -> None:
    assert (
        rows(of(care_spend(LINES), CUMBRIA), "value", "missing") == [(None, "A line of the return is not known.")] * 2
    )


def test_shares_of_everything_of_services_and_of_homes() -> None:
    later = pl.col("period") == "2016/17"
    assert rows(of(care_spend_share(HEADS), KENT).filter(later), "value", "basis") == [(0.5, "gross")]
    assert rows(of(care_service_share(LINES), KENT).filter(later), "service", "value") == [
        ("residential", 0.6),
        ("community: home care", 0.3),
        ("other short term", 0.1),
    ]
    homes = care_residential_share(LINES)
    assert rows(of(homes, KENT).filter(later), "value", "missing") == [(0.666666667, None)]
    assert rows(of(homes, "E06000065"), "value", "missing") == [
        (None, "The spending on long-term support is zero, so nothing can be divided by it.")
    ]


def test_heads_are_those_of_the_age_and_year_and_of_a_divided_county_those_of_both_councils() -> None:
    assert rows(HEADS.filter(pl.col("people") == MENTAL).sort("area", "period"), "area", "period", "heads") == [
        ("E06000065", "2016/17", None),
        (SHEFFIELD, "2016/17", 2),
        (CUMBRIA, "2016/17", 10),
        ("E10000009", "2016/17", None),
        (KENT, "2014/15", 8),
        (KENT, "2016/17", 10),
        (ENGLAND, "2014/15", 8),
        (ENGLAND, "2016/17", 12),
    ]


def test_spending_a_head_plain_and_weighted_and_its_rank() -> None:
    later = pl.col("period") == "2016/17"
    note = "A head of the people of 18 to 64 at mid-2016."
    assert rows(of(care_spend_per_head(HEADS), KENT).filter(later), "value", "note", "read_from") == [
        (10.0, note, "asc_expenditure/2016/17; population_estimates/rebased 2000 to 2018")
    ]
    assert rows(of(care_spend_per_weighted_head(HEADS), KENT).filter(later), "value", "missing") == [(20.0, None)]
    unknown = "The people of this council, as it then was, are in no table that was taken in."
    for function in (care_spend_per_head, care_spend_per_weighted_head, care_spend_rank):
        assert rows(of(function(HEADS), "E10000009"), "value", "missing") == [(None, unknown)]
    ranks = care_spend_rank(HEADS).filter(later, pl.col("people") == MENTAL).drop_nulls("value").sort("value")
    assert rows(ranks, "area", "value", "note") == [
        (SHEFFIELD, 1, "Of 2 councils; within the range by Tukey’s rule."),
        (KENT, 2, "Of 2 councils; within the range by Tukey’s rule."),
    ]


def test_a_council_that_spends_far_more_than_others_is_told() -> None:
    councils = [f"E0600000{number}" for number in range(1, 7)]
    amounts = [10.0, 11.0, 12.0, 13.0, 14.0, 90.0]
    lines = pl.DataFrame({"area": councils, "amount_gbp": amounts}).with_columns(
        period=pl.lit("2016/17"), people=pl.lit(MENTAL), service=pl.lit("all"), basis=pl.lit("gross"),
        read_from=pl.lit("asc_expenditure/2016/17"),
    )  # fmt: skip
    england = lines.head(1).with_columns(area=pl.lit(ENGLAND), amount_gbp=pl.lit(150.0))
    people = pl.DataFrame({"area": councils}).with_columns(
        edition=pl.lit("rebased 2000 to 2018"), period=pl.lit("2016"), age=pl.lit(40), people=pl.lit(1)
    )
    groups = pl.DataFrame({"area": [*councils, *[ENGLAND] * 6], "council": councils * 2})
    heads = care_heads(pl.concat([lines, england]), people, groups, LOW, REACH)
    ranks = care_spend_rank(heads).sort("value")
    assert rows(ranks.head(2), "area", "value", "note") == [
        (councils[-1], 1, "Of 6 councils; far above by Tukey’s rule."),
        (councils[-2], 2, "Of 6 councils; within the range by Tukey’s rule."),
    ]
    assert rows(care_spend_spread(heads), "area", "place_in_order", "value", "note") == [
        (ENGLAND, "lower quartile", 11.25, "Of 6 councils."),
        (ENGLAND, "median", 12.5, "Of 6 councils."),
        (ENGLAND, "upper quartile", 13.75, "Of 6 councils."),
    ]


def test_amounts_of_two_years_in_prices_of_the_last_year_that_is_no_forecast() -> None:
    found = of(care_spend_real(HEADS, DEFLATORS), KENT).sort("period")
    assert rows(found, "period", "value", "price_year") == [
        ("2014/15", 160.0, "2024/25"),
        ("2016/17", 125.0, "2024/25"),
    ]
    assert rows(of(care_spend_real_change(HEADS, DEFLATORS), KENT), "period", "value") == [
        ("2014/15 to 2016/17", -0.21875)
    ]
    assert (
        rows(of(care_spend_real(HEADS, DEFLATORS.clear()), KENT), "value", "missing")
        == [(None, "The rise of prices since then is not known.")] * 2
    )


def test_change_is_missing_between_two_bases() -> None:
    mixed = HEADS.with_columns(basis=pl.when(pl.col("period") == "2014/15").then(pl.lit("net")).otherwise("basis"))
    assert rows(of(care_spend_real_change(mixed, DEFLATORS), KENT), "value", "missing") == [
        (None, "One amount is gross and the other net of income: they are not compared.")
    ]


def test_at_another_area_s_level_on_one_basis_alone() -> None:
    beside = care_beside(HEADS)
    names = pl.DataFrame({"area": [SHEFFIELD], "name": ["Sheffield"]})
    found = of(care_what_if(beside, names), KENT).filter(pl.col("comparator") == "Sheffield")
    assert rows(found, "value", "missing", "basis") == [(-100.0, None, "gross")]
    other = beside.with_columns(their_basis=pl.lit("net"))
    assert of(care_what_if(other), KENT)["value"].null_count() == of(care_what_if(other), KENT).height
    assert of(care_what_if(other), KENT)["missing"].unique().to_list() == [
        "The total is on the basis “gross”. The figures a head are on mixed bases. "
        "Only amounts on one stated basis can be compared."
    ]


@pytest.mark.parametrize("function", [care_spend, care_spend_net, care_service_share, care_residential_share])
def test_no_line_gives_no_figure(function: Any) -> None:
    assert function(LINES.clear()).is_empty()


@needs_data
def test_councils_add_up_to_what_was_published() -> None:
    asc_table = official_table("ascfr_totals_2016_17.csv.gz")
    lines = care_lines(asc_table, official_table("pssex1_expenditure_by_council_2014_15.csv.gz"))
    whole = lines.filter(pl.col("people") == "all adult social care", pl.col("basis") == "gross")
    amounts = {
        (area, period): value for area, period, value in whole.select("area", "period", "amount_gbp").iter_rows()
    }
    assert round(amounts[KENT, "2014/15"]) == 435_752_000
    # Publications of 2015 and 2017: gross current expenditure of £17.0 and £17.5 billion
    assert [round(amounts[ENGLAND, year] / 1e9, 1) for year in ("2014/15", "2016/17")] == [17.0, 17.5]
    councils = whole.filter(pl.col("period") == "2016/17", pl.col("area").str.contains("^E(06|08|09|10)"))
    assert round(councils["amount_gbp"].sum() / amounts[ENGLAND, "2016/17"], 3) == 1.0


@needs_data
def test_own_bought_and_granted_add_up_to_the_total_of_the_return() -> None:
    table = official_table("pssex1_expenditure_by_council_2014_15.csv.gz")
    found = care_providers(table, official_table("ascfr_totals_2016_17.csv.gz"))
    kent = of(found, KENT).select("provider_kind", "amount_gbp")
    assert sorted(kent.iter_rows()) == [
        ("bought from others", 9_353_000.0),
        ("grants to voluntary organisations", 2_506_000.0),
        ("in-house", 1_295_000.0),
    ]
    total = table.filter(
        pl.col("basis") == "Gross total cost: total expenditure", pl.col("reason") == "Mental health support",
        pl.col("age") == "Age 18 to 64", pl.col("support") == "Non Salt Totals",
    )  # fmt: skip
    assert abs(of(found, ENGLAND)["amount_gbp"].sum() - total["cost_gbp"].sum()) < 1_000
