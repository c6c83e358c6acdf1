"""Addresses, written in one place."""

from dataclasses import replace

from parity.layout.addresses import (
    asked_url,
    chart_svg_url,
    figure_url,
    indicator_url,
    programme_url,
    record_url,
    register_url,
    stage_url,
    table_csv_url,
    topic_url,
)
from tests.layout.sample import PEOPLE


def test_addresses() -> None:
    assert programme_url("kent") == "/kent/"
    assert stage_url("kent", "plan") == "/kent/plan/"
    assert topic_url("kent", "plan", "budget") == "/kent/plan/budget/"
    assert indicator_url("kent", "budget_gross") == "/kent/figures/budget_gross/"
    assert table_csv_url("cost & more") == "?table=cost+%26+more&format=csv"
    assert chart_svg_url("cost & more", [("year", "2026")]) == "?year=2026&table=cost+%26+more&format=svg"


def test_a_figure_is_named_by_area_period_and_dimensions() -> None:
    assert figure_url(PEOPLE) == (
        "/leicester/figures/expected_people/?area=E06000016&period=2025%2F26&condition=mood+%26+anxiety"
    )
    assert (
        figure_url(replace(PEOPLE, where=())) == "/leicester/figures/expected_people/?area=E06000016&period=2025%2F26"
    )


def test_a_tables_address_keeps_what_its_page_was_asked_for() -> None:
    asked = {"area": "E06000016", "period": "2025/26", "table": "other", "format": "html"}
    assert table_csv_url("costs", asked.items()) == "?area=E06000016&period=2025%2F26&table=costs&format=csv"


def test_a_register_and_a_record_have_addresses() -> None:
    assert register_url("luton", "targets") == "/luton/registers/targets/"
    assert record_url("luton", "targets", "a b") == "/luton/registers/targets/a%20b/"
    assert record_url("luton", "targets", "1", "edit") == "/luton/registers/targets/1/edit/"


def test_a_page_is_asked_the_same_but_for_what_changes() -> None:
    asked = {"q": "a & b", "page": "2"}.items()
    assert asked_url(asked, page="3") == "?q=a+%26+b&page=3"
    assert asked_url(asked, q="", page="") == "?"
