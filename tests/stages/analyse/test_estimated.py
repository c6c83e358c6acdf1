"""People estimated since they were projected: which editions count, for whom, and by how much the projection is off."""

import polars as pl
import pytest

from parity.analyse.population.documents import profile
from parity.analyse.population.indicators import projected_above_estimated, residents_estimated
from parity.analyse.residents import local_estimates
from parity.documents.model import Paragraph, Table
from parity.tables import Store
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure
from tests.england import SEATON, take_in

CORBY, NORTH = "E07000150", "E06000061"
PROJECTED = pl.DataFrame(
    [
        {"area": area, "period": period, "people": people}
        for area, people in {NORTH: 330.0, "E38000001": 90.0, "E54000001": 90.0, ENGLAND: 500.0}.items()
        for period in ("2018", "2020", "2021")
    ]
)
ESTIMATED = pl.DataFrame(
    [
        {"edition": edition, "area": area, "period": period, "sex": sex, "age": 7, "people": people}
        for edition, area, period, people in (
            ("mid-2018", NORTH, "2018", 1),
            ("mid-2020", CORBY, "2020", 50),
            ("mid-2020", NORTH, "2020", 100),
            ("rebased 2000 to 2020", NORTH, "2020", 7),
        )
        for sex in ("female", "male")
    ]
)
HEALTH = pl.DataFrame(
    [
        {"geography": geography, "area": area, "within": "E54000001", "period": "2021", "people": 100}
        for geography, area in (("ICB 2023", "E38000001"), ("CCG 2021", "E38000001"), ("LHB 2023", "W11000001"))
    ]
)


def test_a_mid_year_s_own_edition_counts_and_merged_councils_are_one() -> None:
    found = local_estimates(PROJECTED, ESTIMATED, HEALTH)
    assert found.rows() == [
        (NORTH, "2020", 300.0, 330.0),
        ("E38000001", "2021", 100.0, 90.0),
        ("E54000001", "2021", 100.0, 90.0),
        (ENGLAND, "2021", 100.0, 500.0),
    ]
    assert residents_estimated(found)["value"].to_list() == [300, 100, 100, 100]
    assert projected_above_estimated(found)["value"].to_list() == pytest.approx([0.1, -0.1, -0.1, 4.0])


def test_without_estimates_and_without_anybody_nothing_is_told() -> None:
    assert local_estimates(PROJECTED).height == 0
    nobody = ESTIMATED.with_columns(people=pl.lit(0))
    (row,) = projected_above_estimated(local_estimates(PROJECTED, nobody)).iter_rows(named=True)
    assert (row["value"], row["missing"]) == (None, "The number estimated is zero, so nothing can be divided by it.")


def test_the_page_names_the_base_year_and_what_was_estimated_since(store: Store) -> None:
    counted = {"edition": "mid-2026", "area": SEATON, "area_name": "Seaton", "period": "2026"}
    estimates = pl.DataFrame([{**counted, "sex": "male", "age": 7, "people": 1_000}])
    england = take_in(store, population_estimates=estimates)
    place = Place(england.areas[SEATON], (), "2026")
    blocks = profile(england.looking_at(place.codes), place)
    words = " ".join(str(part) for block in blocks if isinstance(block, Paragraph) for part in block.parts)
    assert "the estimates of mid-2018, the base year" in words
    table = next(block for block in blocks if isinstance(block, Table) and block.slug == "estimated")
    cells = [[cell.text if isinstance(cell, Figure) else str(cell) for cell in row] for row in table.rows]
    assert cells == [["2026", "2,002", "1,000", "100.2%"]]
