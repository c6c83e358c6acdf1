"""The catalogue's pages: which addresses have a figure, what its tables are called, and which columns hold numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from parity.documents.model import Block, Table
from parity.layout.addresses import indicator_url
from parity.register.catalogue.documents import (
    catalogue_blocks,
    figure_blocks,
    indicator_blocks,
    read_for,
    table_words,
    why_unknown,
)
from parity.register.intake.actions import enlist_transcriber
from parity.sources.shelf import SHELF
from parity.tables import Desk, Store
from tests.england import take_in
from tests.given import EXAMPLES
from tests.members import join_everything

SHARES = indicator_url("luton", "spend_share_stated")


@pytest.fixture
def luton(load: Callable[[Path], object], store: Store) -> Desk:
    load(EXAMPLES / "luton")
    return Desk(store, "luton")


@pytest.fixture
def client(luton: Desk) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    person = enlist_transcriber()
    join_everything(person)
    client.force_login(person)
    return client


def tables_of(blocks: list[Block]) -> dict[str, Table]:
    return {block.slug: block for block in blocks if isinstance(block, Table)}


def numeric(table: Table) -> list[str]:
    return [column.title for column in table.columns if column.numeric]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"area": "E06000032", "period": "2000/01"}, 200),
        ({"area": "E06000032", "period": "2000/01", "service": "Dentists", "statement": "estimates"}, 200),
        ({"area": "E06000032", "period": "2000/01", "service": "Dentists"}, 404),
        ({"area": "scmh_average", "period": "2000/01", "service": "Mental health", "statement": "estimates"}, 200),
        ({"area": "E06000032", "period": ""}, 200),
        ({"area": "X99", "period": "2000/01"}, 404),
        ({"area": "E06000032", "period": "1066"}, 404),
        ({"area": "X99", "period": "1066", "service": "Mental health"}, 404),
    ],
)
def test_an_address_that_no_figure_can_have_is_not_found(client: Client, asked: dict[str, str], status: int) -> None:
    assert client.get(SHARES, asked).status_code == status


def test_it_is_told_what_is_not_known(luton: Desk) -> None:
    figures = luton.figures("spend_share_stated")
    known = {"area": "E06000032", "period": "2000/01"}
    assert [why_unknown(figures, {**known, **other}) for other in ({}, {"area": "X99"}, {"period": "1066"})] == [
        "",
        "The programme knows no area “X99”.",
        "The tables of this indicator know no period “1066”.",
    ]
    open_dimension = why_unknown(figures, {**known, "service": "Dentists"})
    assert open_dimension == "No figure fits this address, and it does not name every dimension."


def test_an_indicator_without_its_table_says_so_at_every_address(client: Client) -> None:
    answer = client.get(indicator_url("luton", "kpi_target"), {"area": "X99", "period": "1066", "code": "NI 1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [page.count(words) for words in ("No figure here", "no table “kpis”", "X99 (X99)")] == [1, 1, 0]


def test_tables_are_called_by_their_titles(luton: Desk) -> None:
    figures = luton.figures("spend_share_stated")
    tables = tables_of(figure_blocks(figures, figures.all()[0], luton.releases))
    assert tables["input-spend_shares"].caption == "Rows of the table “Shares of spending as stated” (spend_shares)"
    assert [row[0] for row in tables["releases"].rows] == ["“Shares of spending as stated” (spend_shares)"]
    assert table_words("bed_days") == "“Bed days” (bed_days)"


def test_a_computed_table_is_traced_to_what_was_published(store: Store) -> None:
    england = take_in(store)
    figures = england.figures("most_deprived_share")
    tables = tables_of(figure_blocks(figures, figures.all()[0], england.releases))
    computed, *read = [(row[0], row[2], row[3]) for row in tables["releases"].rows]
    assert computed == ("“Local deprivation” (local_deprivation)", "computed", "the tables below it")
    indices, *others = read
    assert indices == ("“Deprivation” (deprivation)", "4", f"{SHELF['deprivation'].credit}, 1")
    assert {stem for stem, *_ in others} == {
        table_words(stem)
        for stem in (
            "lsoa_changes", "lsoa_wards", "lsoa_health", "council_counties", "council_regions", "census_disability",
        )
    }  # fmt: skip
    assert SHELF["deprivation"].credit in tables["input-local_deprivation"].notes[0]
    assert read_for("deprivation", england.releases) == []


def test_columns_of_numbers_stand_on_the_right(luton: Desk) -> None:
    figures = luton.figures("cases_expected")
    tables = tables_of(figure_blocks(figures, figures.all()[0], luton.releases))
    assert {slug: numeric(table) for slug, table in tables.items()} == {
        "figure": [],
        "definition": [],
        "input-population": ["People"],
        "input-prevalence_rates": ["Rate per 100k"],
        "releases": ["Rows"],
    }
    assert numeric(tables_of(indicator_blocks(figures))["figures"]) == ["Value"]
    assert {tuple(numeric(table)) for table in tables_of(catalogue_blocks(luton)).values()} == {("Figures here",)}


def test_the_catalogue_says_why_there_is_none(luton: Desk) -> None:
    rows = {row[-1]: row for table in tables_of(catalogue_blocks(luton)).values() for row in table.rows}
    assert rows["target_coverage"][3:5] == ("1", "")
    assert rows["kpi_target"][3:5] == ("none", "The programme has no table “kpis”, on which this rests.")


def test_a_computed_number_is_shown_to_ten_digits(store: Store) -> None:
    england = take_in(store)
    figures = england.figures("people_expected")
    table = tables_of(figure_blocks(figures, figures.all()[0], england.releases))["input-expected_need"]
    place = [column.title for column in table.columns].index("Mean")
    shown = {str(row[place]) for row in table.rows}
    assert max(len(value.replace(".", "").lstrip("0")) for value in shown) == 10
