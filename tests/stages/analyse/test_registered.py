"""People registered with practices beside residents: of whom lists speak, by which workbook, and why there is none."""

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from parity.analyse.pieces import PIECE
from parity.analyse.population.indicators import registered_above_residents, registered_people
from parity.analyse.residents import bodies_of_councils, local_lists, registering_bodies, resident_year
from parity.assumptions import assumption
from parity.tables import Store
from tests.england import ENGLAND, INLAND, REGION, SEATON, SHIRE, take_in

EAST, WEST, LATER = "E38000001", "E38000002", "E38000003"
SLIVER = assumption("sliver_of_a_council")
SMALL_AREAS = pl.DataFrame({"council": ["E06000001", "E06000001", "E06000002"], "sub_icb": [EAST, WEST, LATER]})
HERE, THERE, BEYOND = SMALL_AREAS.select(PIECE).to_series()
PIECES = pl.DataFrame(
    [
        {"kind": kind, "area": area, "part": part}
        for kind, parts in {
            "council": {HERE: "E06000001", THERE: "E06000001", BEYOND: "E06000002"},
            "sub_icb": {HERE: EAST, THERE: WEST, BEYOND: LATER},
            "icb": {HERE: "E54000001", THERE: "E54000001", BEYOND: "E54000002"},
            "region": {HERE: REGION, THERE: REGION, BEYOND: REGION},
            "country": {HERE: ENGLAND, THERE: ENGLAND, BEYOND: ENGLAND},
        }.items()
        for part, area in parts.items()
    ]
)
GONE = "E38000099"


def lists(published: str = "2019/20", **people: int) -> pl.DataFrame:
    """The registers of a workbook: everybody's lists, and a list of adults that must not be counted."""
    rows = [
        {"area": area, "condition": condition, "ages": ages, "list_size": count}
        for area, count in people.items()
        for condition, ages in (("MH", "all"), ("DEM", "all"), ("DEP", "18+"))
    ]
    return pl.DataFrame(rows).with_columns(period=pl.lit("2019/20"), published_in=pl.lit(published))


REGISTERS = lists(**{EAST: 110, WEST: 220, GONE: 70})
RESIDENTS = pl.DataFrame(
    {"area": [EAST, WEST, LATER, ENGLAND], "period": "2020", "people": [100.0, 200.0, 50.0, 320.0]}
)


def test_the_lists_of_a_year_stand_beside_residents_of_the_year_it_ends_in() -> None:
    found = local_lists(REGISTERS, PIECES, RESIDENTS).sort("area")
    assert found.select("area", "registered", "resident_year", "residents").rows() == [
        (EAST, 110, "2020", 100.0), (WEST, 220, "2020", 200.0), (LATER, None, "2020", 50.0),
        ("E54000001", 330, "2020", None), ("E54000002", None, "2020", None), (ENGLAND, 400, "2020", 320.0),
    ]  # fmt: skip


def test_the_newest_workbook_of_a_year_counts() -> None:
    both = pl.concat([lists("2018/19", **{EAST: 1, WEST: 1}), REGISTERS])
    assert local_lists(both, PIECES, RESIDENTS).filter(area=EAST)["registered"].to_list() == [110]


def test_figures_say_by_how_much_lists_differ_or_why_nobody_knows() -> None:
    found = local_lists(REGISTERS, PIECES, RESIDENTS)
    above = registered_above_residents(found).sort("area")
    assert above["value"].to_list() == [pytest.approx(0.1), pytest.approx(0.1), None, pytest.approx(0.25)]
    assert [words is None for words in above["missing"]] == [True, True, False, True]
    assert above["note"][0] == "Residents of mid-2020, as projected."
    people = registered_people(found).filter(area=LATER)
    assert (people["value"][0], "has other borders" in people["missing"][0]) == (None, True)


def test_of_no_registers_and_no_residents_nothing_is_told() -> None:
    assert local_lists(REGISTERS.clear(), PIECES, RESIDENTS).height == 0
    assert registered_above_residents(local_lists(REGISTERS, PIECES, RESIDENTS.clear())).height == 0


def test_nobody_in_the_area_gives_no_share() -> None:
    empty = RESIDENTS.with_columns(people=pl.lit(0.0))
    above = registered_above_residents(local_lists(REGISTERS, PIECES, empty))
    assert above.filter(area=EAST).select("value", "missing").rows() == [
        (None, "The number of residents is zero, so nothing can be divided by it.")
    ]


def test_a_council_is_spoken_for_by_the_bodies_it_lies_in_and_a_body_by_itself() -> None:
    bodies = (
        registering_bodies(PIECES, bodies_of_councils(PIECES, SMALL_AREAS, SLIVER))
        .group_by("area")
        .agg(pl.col("body").sort())
        .sort("area")
    )
    assert dict(bodies.iter_rows()) == {
        "E06000001": [EAST, WEST], "E06000002": [LATER], EAST: [EAST], WEST: [WEST], LATER: [LATER],
        "E54000001": ["E54000001"], "E54000002": ["E54000002"], ENGLAND: [ENGLAND],
    }  # fmt: skip


def test_a_body_that_holds_a_sliver_of_a_council_is_left_out() -> None:
    twenty = pl.concat([SMALL_AREAS, *[SMALL_AREAS.filter(sub_icb=EAST)] * 20])
    told = bodies_of_councils(PIECES, twenty, SLIVER).filter(area="E06000001", level="sub_icb")
    assert told["body"].to_list() == [EAST]


def test_a_financial_year_ends_in_the_year_of_its_residents() -> None:
    assert (resident_year("2019/20"), resident_year("1999/00")) == ("2020", "2000")


@pytest.mark.django_db
def test_lists_stand_beside_residents_on_the_page_and_as_a_download(store: Store) -> None:
    registers = lists(**{EAST: 3003, WEST: 5000}).with_columns(
        period=pl.lit("2017/18"), published_in=pl.lit("2017/18"), edition=pl.lit("2017/18"), area_name=pl.lit("A body")
    )
    take_in(store, qof_registers=registers)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_user("analyst"))
    asked = {"table": "registered", "format": "csv", "year": "2026", "with": "Seaton"}
    csv = client.get(f"/england/places/{SHIRE}/population/", asked).content.decode().splitlines()
    # 20 people of each of 91 ages in each council: Inland has one council and a half
    assert csv[1].split(",")[:2] == ["Sub 1", "3003"]
    assert [line.split(",")[0] for line in csv[1:4]] == ["Sub 1", "Sub 2", "England"]
    for area, words in ((SHIRE, "10.0%"), (INLAND, "10.0%"), (SEATON, "83.2%"), (REGION, "is not told for this place")):
        assert words in client.get(f"/england/places/{area}/population/?year=2026").content.decode()
