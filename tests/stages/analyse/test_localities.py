"""Need of localities: wards add up to their council draw by draw, districts to their county, and gaps say why."""

from dataclasses import replace

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from parity.analyse.localities.documents import CONDITIONS, locality_blocks, ward_blocks, ward_map
from parity.analyse.localities.indicators import SHOWN, localities
from parity.analyse.need.documents import profile
from parity.documents.figure_tables import titled
from parity.documents.model import Callout, Chart, Paragraph, Table
from parity.tables import Desk, Store
from parity.terms.areas import Place
from parity.terms.figure import Figure
from tests.england import INLAND, NORTHTON, REGION, SEATON, SHIRE, SOUTHTON, tables, take_in

YEARS = [str(year) for year in range(2018, 2044)]
WARDS_OF_SOUTHTON = ["E05000002", "E05000003"]


@pytest.fixture
def desk(store: Store) -> Desk:
    """The small England, with a projection of every year."""
    every = tables()["population_projections"]
    yearly = [every.filter(period="2026").with_columns(period=pl.lit(year)) for year in YEARS]
    return take_in(store, population_projections=pl.concat(yearly))


def frame(desk: Desk, stem: str) -> pl.DataFrame:
    found = desk.looking_at(None).table(stem)
    assert found is not None
    return found[0]


def test_wards_have_the_draws_of_their_council_and_add_up_to_it(desk: Desk) -> None:
    keys = ["period", "condition", "source"]
    wards = frame(desk, "ward_need").filter(pl.col("area").is_in(WARDS_OF_SOUTHTON))
    summed = wards.group_by(keys).agg(pl.col("value", "mean").sum())
    council = frame(desk, "expected_need").filter(area=SOUTHTON).select(*keys, whole="value", whole_mean="mean")
    both = summed.join(council, on=keys)
    assert both.height == len(SHOWN) * 11
    assert both.select((pl.col("value") / pl.col("whole") - 1).abs().max()).item() < 1e-9
    # a mean of draws adds up only where each draw does
    assert both.select((pl.col("mean") / pl.col("whole_mean") - 1).abs().max()).item() < 1e-5


def test_a_ward_that_is_half_its_council_has_half_its_band(desk: Desk) -> None:
    keys = {"period": "2026", "condition": "dementia"}
    ward = frame(desk, "ward_need").filter(area=WARDS_OF_SOUTHTON[0], **keys).row(0, named=True)
    council = frame(desk, "expected_need").filter(area=SOUTHTON, source=ward["source"], **keys).row(0, named=True)
    ends = ("lower_80", "upper_80", "lower_95", "upper_95")
    assert [ward[end] for end in ends] == [pytest.approx(council[end] / 2, rel=1e-5) for end in ends]


def test_wards_are_told_for_ten_years_after_their_shares(desk: Desk) -> None:
    assert frame(desk, "ward_need")["period"].unique().sort().to_list() == YEARS[2:13]


def test_a_council_has_wards_and_a_county_districts() -> None:
    shares = pl.DataFrame(
        {"area": ["w1", "w1", "w2"], "council": ["C", "C", "C"], "age": [0, 1, 0], "share": [1.0] * 3}
    )
    groups = pl.DataFrame({"area": ["E10000001", "E12000001", "C"], "council": ["C", "C", "C"]})
    assert localities(shares, groups).rows() == [("C", "w1"), ("C", "w2"), ("E10000001", "C")]


def shown(desk: Desk, code: str, option: str = "", year: str = "2026") -> list[tuple[str, float | None]]:
    """The rows of the table, the place itself last."""
    blocks = locality_blocks(desk.looking_at([code]), Place(desk.areas[code], (), year, option))
    tables_shown = [block for block in blocks if isinstance(block, Table)]
    rows = tables_shown[0].rows if tables_shown else ()
    return [(str(row[0]), row[1].value) for row in rows if isinstance(row[1], Figure)]


def test_the_table_ends_with_the_place_that_its_rows_add_up_to(desk: Desk) -> None:
    for code, names in ((SOUTHTON, ["Ward 2", "Ward 3", "Southton"]), (SHIRE, ["Northton", "Southton", "Shire"])):
        rows = shown(desk, code, "dementia")
        assert [name for name, _ in rows] == names
        assert sum(value or 0 for _, value in rows[:-1]) == pytest.approx(rows[-1][1])
    assert shown(desk, SEATON)[-1][1] != shown(desk, SEATON, "dementia")[-1][1]


@pytest.mark.parametrize(("code", "year"), [(SOUTHTON, "2031"), (SHIRE, "1990")])
def test_what_is_not_told_says_so(desk: Desk, code: str, year: str) -> None:
    _, told = locality_blocks(desk.looking_at([code]), Place(desk.areas[code], (), year))
    assert isinstance(told, Paragraph)
    assert "is not told for this place and year" in str(told.parts[0])


def test_the_page_of_a_ward_tells_what_is_known_of_wards(desk: Desk) -> None:
    ward = Place(desk.areas[WARDS_OF_SOUTHTON[0]], (), "2026")
    _, table = ward_blocks(desk.looking_at(ward.codes), ward)
    assert isinstance(table, Table)
    assert {row[:2] for row in table.rows} == {(titled(condition), source) for condition, source in SHOWN.items()}
    assert ward_blocks(desk.looking_at(ward.codes), replace(ward, year="2040")) == []
    (box,) = profile(desk.looking_at(ward.codes), replace(ward, year="2040"))
    assert isinstance(box, Callout)


def test_other_places_are_not_divided(desk: Desk) -> None:
    assert [locality_blocks(desk, Place(desk.areas[code], (), "2026")) for code in (REGION, INLAND)] == [[], []]


@pytest.mark.django_db
def test_the_address_chooses_the_condition(desk: Desk) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_user("analyst"))
    address = f"/england/places/{NORTHTON}/need/?year=2026"
    first, chosen, strange = (
        client.get(f"{address}{more}").content.decode() for more in ("", "&shown=dementia", "&shown=moon")
    )
    assert "Common mental health condition in Northton by ward, 2026" in first
    assert "Dementia in Northton by ward, 2026" in chosen
    assert '<option value="dementia" selected>' in chosen
    assert "Common mental health condition in Northton by ward, 2026" in strange
    assert [f'<option value="{condition}"' in first for condition in CONDITIONS] == [True] * len(CONDITIONS)
    whole = client.get(f"/england/places/{REGION}/need/?year=2026&shown=dementia").content.decode()
    assert ("Condition shown by ward" in first, "Condition shown by ward" in whole) == (True, False)
    csv = client.get(f"{address}&shown=dementia&table=localities&format=csv").content.decode()
    assert [line.split(",")[0] for line in csv.splitlines()[1:]] == ["Ward 1", "Northton"]
    figure = client.get("/england/figures/people_expected_in_ward/?area=E05000001&period=2026&condition=dementia")
    assert "Ward 1" in figure.content.decode()


# On a map


@pytest.fixture
def outlined(store: Store) -> Desk:
    """The small England with outlines of its wards beside those of its councils, for which others' serve."""
    known = tables()["boundaries"]
    outline = known["geometry"][0]
    rows = [("2024 ward", "ward", f"E0500000{number}", f"Ward {number}", outline) for number in range(1, 5)]
    return take_in(store, boundaries=pl.concat([known, pl.DataFrame(rows, schema=known.schema, orient="row")]))


def test_wards_of_a_council_and_of_a_county_stand_on_a_map(outlined: Desk) -> None:
    wards = {SOUTHTON: ["Ward 2", "Ward 3"], SHIRE: ["Ward 1", "Ward 2", "Ward 3"]}
    for code, names in wards.items():
        chart, _ = ward_map(outlined, Place(outlined.areas[code], (), "2026"))
        assert isinstance(chart, Chart)
        assert [row[0] for row in chart.table.rows] == names
        assert chart.title == "Score of deprivation, multiple deprivation, 2025"
    assert ward_map(outlined, Place(outlined.areas[REGION], (), "2026")) == []


def test_without_outlines_of_wards_a_sentence_says_where_they_are(store: Store) -> None:
    desk = take_in(store)
    (told,) = ward_map(desk, Place(desk.areas[SOUTHTON], (), "2026"))
    assert isinstance(told, Paragraph)
    assert "which the Office for National Statistics publishes" in str(told.parts[0])
    bare = take_in(store, lsoa_wards=None)
    assert ward_map(bare, Place(desk.areas[SOUTHTON], (), "2026")) == []


def test_outlines_of_wards_without_a_figure_give_no_map(store: Store) -> None:
    known, ranked = tables()["boundaries"], tables()["deprivation"]
    rows = [("2024 ward", "ward", "E05000003", "Ward 3", known["geometry"][0])]
    outlines = pl.concat([known, pl.DataFrame(rows, schema=known.schema, orient="row")])
    desk = take_in(store, boundaries=outlines, deprivation=ranked.filter(pl.col("area") != "E01000003"))
    (told,) = ward_map(desk, Place(desk.areas[SOUTHTON], (), "2026"))
    assert isinstance(told, Paragraph)


def test_a_rate_not_seen_in_its_source_says_so_of_wards_too(desk: Desk) -> None:
    told = desk.looking_at(WARDS_OF_SOUTHTON).figures("people_expected_in_ward").all(period="2026")
    unseen = {figure.where for figure in told if "The rates were not yet seen in their source." in (figure.note or "")}
    needs = frame(desk, "ward_need").filter(pl.col("area").is_in(WARDS_OF_SOUTHTON), pl.col("period") == "2026")
    unchecked = needs.filter(pl.col("confidence") != "seen in its source")
    assert {dict(where)["condition"] for where in unseen} == set(unchecked["condition"])
    assert unseen
