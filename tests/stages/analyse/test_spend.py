import polars as pl

from parity.analyse.spend.indicators import (
    external_share,
    spend_above_comparator,
    spend_by_provider_share,
    spend_change,
    spend_per_head_stated,
    spend_share,
    spend_share_ratio,
    spend_share_stated,
    spend_total,
    spend_total_change,
    total_growth_implied,
    unit_cost_ratio_implied,
    what_if_reduction,
    what_if_share,
)
from tests.stages.analyse.frames import rows, table

ACCOUNT = ("statement", "area", "period")
SPEND = table(
    "spend",
    {"period": "2006", "service": "Home care", "provider": "in-house", "amount_gbp": 100, "price_year": "2006"},
    {"period": "2006", "service": "Home care", "provider": "independent", "amount_gbp": 100, "price_year": "2006"},
    {"period": "2006", "service": "Residential", "provider": "independent", "amount_gbp": 600, "price_year": "2006"},
    {"period": "2007", "service": "Home care", "provider": "in-house", "amount_gbp": 100, "price_year": "2006"},
    {"period": "2007", "service": "Residential", "provider": "NHS", "amount_gbp": 900, "price_year": "2006"},
    statement="council",
    area="L",
    body="Council",
    basis="gross",
)
ODD = table(
    "spend",
    {"statement": "pooled", "service": "One", "provider": "not stated", "amount_gbp": 30, "basis": "gross"},
    {"statement": "pooled", "service": "Two", "provider": "voluntary", "amount_gbp": 10, "basis": "net"},
    {"statement": "pooled", "period": "2007", "service": "One", "provider": "all", "amount_gbp": 60, "basis": "net"},
    {"statement": "nought", "service": "One", "provider": "NHS", "amount_gbp": 0, "basis": "spend"},
    {"statement": "nought", "period": "2007", "service": "One", "provider": "NHS", "amount_gbp": 5, "basis": "spend"},
    area="L",
    period="2006",
    body="Council",
)
NOMINAL = "Nominal: not corrected for the rise of prices."
ZERO_TOTAL = "The total of the statement is zero, so nothing can be divided by it."


def both() -> pl.DataFrame:
    return pl.concat([SPEND, ODD.with_columns(pl.col("period").fill_null("2006"))])


def test_totals_stay_within_a_statement_and_carry_the_basis() -> None:
    assert rows(spend_total(both()), *ACCOUNT, "value", "basis", "price_year") == [
        ("council", "L", "2006", 800.0, "gross", "2006"),
        ("council", "L", "2007", 1000.0, "gross", "2006"),
        ("pooled", "L", "2006", 40.0, "mixed", None),
        ("pooled", "L", "2007", 60.0, "net", None),
        ("nought", "L", "2006", 0.0, "spend", None),
        ("nought", "L", "2007", 5.0, "spend", None),
    ]


def test_shares_by_service_and_by_provider() -> None:
    assert rows(spend_share(both()), *ACCOUNT, "service", "value", "missing", "basis") == [
        ("council", "L", "2006", "Home care", 0.25, None, "gross"),
        ("council", "L", "2006", "Residential", 0.75, None, "gross"),
        ("council", "L", "2007", "Home care", 0.1, None, "gross"),
        ("council", "L", "2007", "Residential", 0.9, None, "gross"),
        ("pooled", "L", "2006", "One", 0.75, None, "mixed"),
        ("pooled", "L", "2006", "Two", 0.25, None, "mixed"),
        ("pooled", "L", "2007", "One", 1.0, None, "net"),
        ("nought", "L", "2006", "One", None, ZERO_TOTAL, "spend"),
        ("nought", "L", "2007", "One", 1.0, None, "spend"),
    ]
    assert rows(spend_by_provider_share(SPEND), "period", "provider", "value") == [
        ("2006", "in-house", 0.125),
        ("2006", "independent", 0.875),
        ("2007", "in-house", 0.1),
        ("2007", "NHS", 0.9),
    ]


def test_the_outside_share_needs_every_provider_named() -> None:
    assert rows(external_share(both()), *ACCOUNT, "value", "missing") == [
        ("council", "L", "2006", 0.875, None),
        ("council", "L", "2007", 0.0, None),
        ("pooled", "L", "2006", None, "Some lines do not say who provides the service."),
        ("nought", "L", "2006", None, ZERO_TOTAL),
        ("nought", "L", "2007", 0.0, None),
    ]


HEADS = table(
    "spend_per_head",
    {"area": "L", "service": "everything", "population_group": "18–64", "gbp_per_head": 50},
    {"area": "L", "service": "Residential", "population_group": "18–64", "gbp_per_head": 30, "note": "About."},
    {"area": "L", "service": "Residential", "population_group": "65+", "gbp_per_head": 60},
    {"area": "E", "service": "everything", "population_group": "18–64", "gbp_per_head": 40},
    {"area": "E", "service": "Residential", "population_group": "18–64", "gbp_per_head": 0},
    {"area": "E", "service": "Residential", "population_group": "65+", "gbp_per_head": 40, "basis": "net"},
    {"area": "L", "statement": "other", "service": "everything", "population_group": "18–64", "gbp_per_head": 10},
    {"area": "E", "statement": "other", "service": "everything", "population_group": "18–64", "gbp_per_head": 20,
     "basis": "not_stated"},
)  # fmt: skip
HEADS = HEADS.with_columns(
    pl.col("statement").fill_null("council"), pl.col("basis").fill_null("gross"), period=pl.lit("2006")
)
COMPARED = table(
    "comparators",
    {"area": "L", "comparator": "E", "use": "spend"},
    {"area": "L", "comparator": "E", "use": "need"},
)
AREAS = table("areas", {"area": "E", "name": "England"})


def test_heads_are_told_apart_and_say_whose_they_are() -> None:
    found = spend_per_head_stated(HEADS)
    assert rows(found, "area", "service", "value", "note")[:3] == [
        ("L", "everything", 50.0, "A head of the population 18–64."),
        ("L", "Residential (18–64)", 30.0, "A head of the population 18–64. About."),
        ("L", "Residential (65+)", 60.0, "A head of the population 65+."),
    ]


def test_a_comparator_on_another_basis_is_not_compared() -> None:
    found = spend_above_comparator(HEADS, COMPARED, AREAS)
    differ = "One amount is {} and the other {}: they are not compared."
    zero = "The comparator's figure is zero, so nothing can be divided by it."
    assert rows(found, "area", "service", "comparator", "value", "missing", "basis", "note") == [
        ("L", "everything (council)", "England", 0.25, None, "gross", None),
        ("L", "Residential (18–64)", "England", None, zero, "gross", None),
        ("L", "Residential (65+)", "England", None, differ.format("gross", "net of income"), "gross", None),
        ("L", "everything (other)", "England", None, differ.format("gross", "basis not stated"), "gross", None),
    ]


STATED = table(
    "spend_shares",
    {"area": "L", "service": "Residential care", "share_of": "mental health", "share": 0.55, "source": "000"},
    {"area": "E", "service": "Residential care", "share_of": "mental health", "share": 0.25, "source": "000"},
    {"area": "L", "service": "Residential care", "share_of": "all care", "share": 0.1, "source": "000"},
    {"area": "L", "service": "mental health", "share_of": "all care", "share": 0.1, "source": "001"},
    statement="council",
    period="2006",
    basis="not_stated",
)


def test_stated_shares_say_of_what_and_stand_beside_the_comparator() -> None:
    assert rows(spend_share_stated(STATED), "area", "service", "value", "note") == [
        ("L", "Residential care (mental health)", 0.55, "A share of mental health."),
        ("E", "Residential care", 0.25, "A share of mental health."),
        ("L", "Residential care (all care)", 0.1, "A share of all care."),
        ("L", "mental health", 0.1, "A share of all care."),
    ]
    unstated = "The source does not say what the two amounts count."
    assert rows(spend_share_ratio(STATED, COMPARED), "area", "service", "comparator", "value", "note") == [
        ("L", "Residential care", "E", 2.2, unstated)
    ]


def test_what_if_is_answered_on_one_basis_only() -> None:
    """800 × (1 − 40 ÷ 50) = 160 off; (600 − 160) ÷ (800 − 160) is left to the largest line."""
    given = (both(), HEADS, COMPARED, AREAS)
    columns = (*ACCOUNT, "comparator", "value", "missing", "basis", "note")
    bears = "“Residential” alone bears the reduction."
    council = ("council", "L", "2006", "England")
    assert rows(what_if_reduction(*given), *columns) == [(*council, 160.0, None, "gross", bears)]
    small = "The line is smaller than what would have to be saved."
    assert rows(what_if_share(*given), "line", *columns) == [
        ("council: Residential", *council, 0.6875, None, "gross", bears),
        ("council: Home care", *council, 0.0625, None, "gross", "“Home care” alone bears the reduction."),
    ]
    dearer = HEADS.with_columns(gbp_per_head=pl.when(pl.col("area") == "E").then(30.0).otherwise("gbp_per_head"))
    found = what_if_share(both(), dearer, COMPARED, AREAS)
    assert rows(found, "service", "value", "missing") == [
        ("Residential", 0.583333333, None),
        ("Home care", None, small),
    ]
    unlike = both().with_columns(basis=pl.lit("gross_direct"))
    why = (
        "The total is on the basis “gross, direct costs only”. The figures a head are on the basis “gross”. "
        "Only amounts on one stated basis can be compared."
    )
    assert rows(what_if_reduction(unlike, HEADS, COMPARED), "value", "missing") == [(None, why)]
    assert rows(what_if_share(unlike, HEADS, COMPARED), "value", "missing") == [(None, why)] * 2


def test_figures_a_head_on_two_bases_count_as_mixed() -> None:
    mixed = HEADS.with_columns(basis=pl.when(pl.col("area") == "E").then(pl.lit("net")).otherwise(pl.lit("gross")))
    why = (
        "The total is on the basis “gross”. The figures a head are on mixed bases. "
        "Only amounts on one stated basis can be compared."
    )
    assert rows(what_if_reduction(SPEND, mixed, COMPARED), "value", "missing") == [(None, why)]


def test_change_is_nominal_or_in_the_prices_of_one_year() -> None:
    found = spend_change(both())
    zero = "The amount of the first period is zero, so nothing can be divided by it."
    differ = "One amount is net of income and the other gross: they are not compared."
    assert rows(found, *ACCOUNT, "service", "value", "missing", "note") == [
        ("council", "L", "2006 to 2007", "Home care", -0.5, None, "In prices of 2006."),
        ("council", "L", "2006 to 2007", "Residential", 0.5, None, "In prices of 2006."),
        ("pooled", "L", "2006 to 2007", "One", None, differ, NOMINAL),
        ("nought", "L", "2006 to 2007", "One", None, zero, NOMINAL),
    ]
    assert rows(spend_total_change(SPEND), *ACCOUNT, "value", "basis") == [
        ("council", "L", "2006 to 2007", 0.25, "gross")
    ]


FACTS = table(
    "facts",
    {"fact": "spend_growth_all", "value": 0.22},
    {"fact": "spend_growth_residential", "value": 0.25},
    {"fact": "spend_growth_community", "value": 0.6},
    {"fact": "community_services_change", "period": "2006 to 2010", "value": -0.2},
    {"fact": "residential_services_change", "value": -1.0},
    {"fact": "other", "value": 9},
)
FACTS = FACTS.with_columns(pl.col("period").fill_null("2005 to 2010"), area=pl.lit("L"), source=pl.lit("000"))


def test_growth_of_spend_and_activity_imply_a_unit_cost() -> None:
    assert rows(unit_cost_ratio_implied(FACTS), "area", "period", "subject", "value", "missing", "note") == [
        (
            "L",
            "2005 to 2010",
            "residential",
            None,
            "One of the two growths is not known, or no activity is left.",
            None,
        ),
        (
            "L",
            "2005 to 2010",
            "community",
            2.0,
            None,
            "Spending is over 2005 to 2010, activity over 2006 to 2010: the two periods differ.",
        ),
    ]


def test_growth_of_the_parts_implies_that_of_the_total() -> None:
    """1 ÷ (0.55 ÷ 1.25 + 0.45 ÷ 1.6) − 1."""
    found = total_growth_implied(FACTS, STATED)
    assert rows(found, "area", "period", "value", "missing") == [
        ("L", "2005 to 2010", round(1 / (0.55 / 1.25 + 0.45 / 1.6) - 1, 9), None)
    ]


def test_the_total_is_missing_where_a_part_is_not_known() -> None:
    unshared = total_growth_implied(FACTS, STATED.clear())
    assert rows(unshared, "value", "missing") == [(None, "The shares of the parts are not known.")]
    alone = total_growth_implied(FACTS.filter(pl.col("fact") != "spend_growth_community"), STATED)
    assert rows(alone, "value", "missing") == [(None, "The shares of the parts are not known.")]
    ungrown = FACTS.with_columns(value=pl.when(pl.col("fact") != "spend_growth_residential").then("value"))
    assert rows(total_growth_implied(ungrown, STATED), "value", "missing") == [
        (None, "The growth of a part is not known.")
    ]


def test_empty_tables_give_no_figure() -> None:
    empty = SPEND.clear()
    found = (
        spend_total(empty),
        spend_share(empty),
        external_share(empty),
        spend_change(empty),
        what_if_reduction(empty, HEADS, COMPARED),
        total_growth_implied(FACTS.clear(), STATED),
    )
    assert [frame.height for frame in found] == [0] * len(found)
