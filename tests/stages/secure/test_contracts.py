from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from parity.assumptions import assumption
from parity.documents.model import Paragraph, Table
from parity.methods.dates import ContractEnds
from parity.secure.contracts.documents import ABSENT, chapter
from parity.secure.contracts.indicators import (
    NO_VALUE,
    contract_lifetime_value,
    contract_longest_years,
    contract_value_a_year,
    contract_years_to_decision,
    contracts_count,
)
from parity.secure.contracts.rules import ContractDates, contract_dates
from tests.stages.analyse.frames import desk, rows, table

CONTRACTS = table(
    "contracts",
    {
        "contract": "Now", "start": date(2014, 10, 1), "initial_months": 24, "extension_months": 12,
        "annual_value_gbp": 300.0, "status": "current",
    },
    {"contract": "Next", "start": date(2017, 10, 1), "initial_months": 36, "extension_months": 0, "status": "planned"},
    {"contract": "Vague", "initial_months": 12, "extension_months": 0, "status": "planned"},
    area="L", title="Recovery", provider="A", kind="contract",
)  # fmt: skip
NOTICE = replace(assumption("contract_notice_months"), value=3)


def test_a_contract_runs_as_long_as_it_can_be_extended() -> None:
    assert rows(contract_longest_years(CONTRACTS), "area", "period", "contract", "value") == [
        ("L", "2014-10-01 to 2017-09-30", "Now", 3),
        ("L", "2017-10-01 to 2020-09-30", "Next", 3),
        ("L", "undated", "Vague", 1),
    ]
    assert rows(contract_years_to_decision(CONTRACTS, NOTICE), "value") == [(1.75,), (2.75,), (0.75,)]


def test_a_value_that_is_not_given_is_not_zero() -> None:
    assert rows(contract_value_a_year(CONTRACTS), "value", "missing") == [(300, None), *[(None, NO_VALUE)] * 2]
    assert rows(contract_lifetime_value(CONTRACTS), "value", "missing") == [(900, None), *[(None, NO_VALUE)] * 2]


def test_contracts_are_counted_by_status() -> None:
    assert rows(contracts_count(CONTRACTS), "area", "period", "status", "value") == [
        ("L", "2014-10-01 to 2017-09-30", "current", 1),
        ("L", "2017-10-01 to 2020-09-30", "planned", 2),
    ]
    assert rows(contracts_count(CONTRACTS.tail(1)), "period", "value") == [("undated", 1)]


def test_no_contracts_give_no_figure() -> None:
    assert contract_longest_years(CONTRACTS.clear()).height == 0
    assert contracts_count(CONTRACTS.clear()).height == 0


def test_decisions_are_due_before_they_take_effect() -> None:
    ends = ContractEnds(date(2016, 9, 30), date(2017, 9, 30))
    found = contract_dates(date(2014, 10, 1), months=24, extension_months=12, notice_months=3)
    assert found == ContractDates(ends, date(2016, 6, 30), date(2017, 6, 30))


def test_without_an_extension_there_is_nothing_to_decide_on() -> None:
    found = contract_dates(date(2017, 10, 1), months=36, extension_months=0, notice_months=3)
    assert (found.decide_extension, found.decide_successor) == (None, date(2020, 6, 30))


@pytest.mark.usefixtures("db")
def test_the_chapter_writes_the_dates_in_words(home: Path) -> None:
    blocks = chapter(desk(home, contracts=CONTRACTS))
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert list(tables) == ["contracts-count", "contracts", "contract-dates", "contract-values"]
    assert tables["contract-dates"].rows == (
        ("Now", "1 October 2014", "30 September 2016", "30 June 2016", "30 September 2017", "30 June 2017"),
        ("Next", "1 October 2017", "30 September 2020", "no extension", "30 September 2020", "30 June 2020"),
        ("Vague", *["start not known"] * 5),
    )


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
