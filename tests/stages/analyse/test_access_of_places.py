"""Access of any place: series by month, the treatment gap, outcomes by ethnic group, and the chapter."""

from pathlib import Path

import polars as pl

from parity.analyse.access.documents import NO_SERIES, OF_SERVICE, profile
from parity.analyse.access.indicators import (
    dementia_not_diagnosed_share,
    measure_by_month,
    monthly_process,
    people_seen,
    recovery_by_ethnic_group,
    recovery_of_groups,
)
from parity.analyse.published import BEGUN, DEMENTIA_REGISTER, DIAGNOSED, RELIABLY
from parity.assumptions import assumption
from parity.documents.model import Callout, Chart, Paragraph, Table
from parity.terms.areas import ENGLAND, Area, Place
from parity.terms.figure import Figure
from tests.stages.analyse.frames import desk, rows, table
from tests.stages.analyse.measures import (
    AREAS,
    ASHIRE,
    MONTHS,
    OFFICIAL,
    RELATED,
    SERVICE,
    line,
    measured,
    measured_desk,
    shares,
)

PROCESS = monthly_process(OFFICIAL, assumption("points_of_a_run"))
SEEN = measured(
    shares(ENGLAND, DEMENTIA_REGISTER, 40, 9000),
    shares(ENGLAND, DEMENTIA_REGISTER, 30, 9000) | {"period": "2023/24"},
    line("E10000001", DEMENTIA_REGISTER, None),
    *(line(ENGLAND, BEGUN, 100.0, period=month) for month in MONTHS),
    *(line(SERVICE, BEGUN, 9.0 if month < "2025-07" else None, period=month) for month in MONTHS),
    line("RXX", BEGUN, 9.0, period="2025-12"),
    line("E10000001", DIAGNOSED, 0.625),
    line("E10000002", DIAGNOSED, None),
)
SERVICE_PLACE = Place(Area(SERVICE, "A trust", "provider"), (), "2026")


def shown(found: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if isinstance(cell, Figure) else str(cell) for cell in row) for row in found.rows]


def test_a_series_has_limits_once_it_is_long_enough() -> None:
    assert sorted(PROCESS.select("area", "measure").unique().rows()) == [(ENGLAND, BEGUN), (SERVICE, RELIABLY)]
    last = PROCESS.filter(area=SERVICE).row(-1, named=True)
    assert (last["rule"], last["verdict"]) == ("outside", "improvement")
    assert PROCESS.filter(area=SERVICE).select((pl.col("upper") <= 1) & (pl.col("lower") >= 0)).to_series().all()


def test_months_are_as_published_in_their_unit() -> None:
    found = rows(measure_by_month(PROCESS), "area", "period", "measure", "value", "unit", "missing")
    assert found[0] == (ENGLAND, "2024-01", BEGUN, 1000, "people", None)
    assert found[-1] == (SERVICE, "2025-12", RELIABLY, 0.81, "share", None)
    assert len(found) == 48


def test_the_newest_register_and_twelve_whole_months_are_seen() -> None:
    unknown = "The number of one of the twelve months is not known."
    assert rows(people_seen(SEEN), "area", "period", "condition", "value", "missing") == [
        (ENGLAND, "2024/25", "dementia", 40, None),
        ("E10000001", "2024/25", "dementia", None, "Not published."),
        (ENGLAND, "2025-01 to 2025-12", "common mental health condition", 1200, None),
        (SERVICE, "2025-01 to 2025-12", "common mental health condition", None, unknown),
    ]


def test_the_gap_of_dementia_is_what_diagnosis_leaves() -> None:
    assert rows(dementia_not_diagnosed_share(SEEN), "area", "value", "missing") == [
        ("E10000001", 0.375, None),
        ("E10000002", None, "Not published."),
    ]


def test_recovery_of_groups_is_as_published() -> None:
    lines = [(ENGLAND, "2026-03", "M206", 0.496, None), (ENGLAND, "2026-03", "M193", 9.0, None),
             ("RXY", "2026-03", "M209", None, "Suppressed.")]  # fmt: skip
    table = pl.DataFrame(lines, schema=["area", "period", "measure", "value", "missing"], orient="row")
    found = recovery_by_ethnic_group(recovery_of_groups(table))
    assert rows(found, "area", "ethnic_group", "value", "missing") == [
        (ENGLAND, "White", 0.496, None),
        ("RXY", "Mixed", None, "Suppressed."),
    ]


def test_nothing_comes_of_nothing() -> None:
    none = OFFICIAL.clear()
    process = monthly_process(none, assumption("points_of_a_run"))
    made = [measure_by_month(process), people_seen(none), dementia_not_diagnosed_share(none)]
    assert [found.height for found in made] == [0, 0, 0]


def test_a_place_without_series_shows_those_of_the_one_service_around_it(tmp_path: Path) -> None:
    blocks = profile(measured_desk(tmp_path).looking_at(ASHIRE.codes), ASHIRE)
    assert Paragraph((OF_SERVICE.format("Ashire", "A trust"),)) in blocks
    assert [block.title for block in blocks if isinstance(block, Chart)] == [f"{RELIABLY}: A trust"]
    (lasts,) = (block for block in blocks if isinstance(block, Table) and block.slug == "last-months")
    assert [row[:3] for row in shown(lasts)] == [(BEGUN, "England", "December 2025")]
    assert [column.title for column in lasts.columns if column.numeric] == ["Value", "Limits"]


def test_where_several_services_go_on_englands_series_are_shown_and_the_last_month_of_each(tmp_path: Path) -> None:
    other = [shares("RXX", RELIABLY, 50 + place % 2, 100) | {"period": month} for place, month in enumerate(MONTHS)]
    names = table("areas", {"area": "RXX", "name": "Another trust", "kind": "provider"})
    around = pl.DataFrame({"area": ["E10000001"] * 2, "related": [SERVICE, "RXX"]})
    told = {"official_measures": pl.concat([OFFICIAL, measured(*other)]), "areas": pl.concat([AREAS, names])}
    blocks = profile(desk(tmp_path, related_areas=around, **told).looking_at(ASHIRE.codes), ASHIRE)
    assert Paragraph((NO_SERIES.format("Ashire"),)) in blocks
    assert [block.title for block in blocks if isinstance(block, Chart)] == [f"{BEGUN}: England"]
    (lasts,) = (block for block in blocks if isinstance(block, Table) and block.slug == "last-months")
    assert [row[:4] + row[5:] for row in shown(lasts)] == [
        (RELIABLY, "A trust", "December 2025", "81.0%", "outside the limits, improvement"),
        (RELIABLY, "Another trust", "December 2025", "51.0%", "no more than chance"),
    ]


def test_a_service_shows_its_own_series(tmp_path: Path) -> None:
    blocks = profile(measured_desk(tmp_path).looking_at(SERVICE_PLACE.codes), SERVICE_PLACE)
    assert [block.title for block in blocks if isinstance(block, Chart)] == [f"{RELIABLY}: A trust"]


def test_gap_and_groups_stand_beside_each_other(tmp_path: Path) -> None:
    groups = pl.DataFrame({"area": [ENGLAND], "period": ["2026-03"], "ethnic_group": ["White"], "value": [0.496],
                           "missing": pl.Series([None], dtype=pl.String)})  # fmt: skip
    here = desk(tmp_path, official_measures=SEEN, areas=AREAS, related_areas=RELATED, recovery_of_groups=groups)
    tables = {
        each.slug: shown(each) for each in profile(here.looking_at(ASHIRE.codes), ASHIRE) if isinstance(each, Table)
    }
    assert tables["people-seen"][2] == (
        "Dementia", "England", "practices (register)", "2024/25", "40", "CFAS II (Matthews et al)", "2025",
        "not available",
    )  # fmt: skip
    assert tables["not-diagnosed"] == [("Ashire", "37.5%"), ("Beeshire", "not available")]
    assert tables["recovery-groups"] == [("White", "49.6%")]


def test_the_bodies_in_which_a_place_lies_say_whom_services_see_of_it(tmp_path: Path) -> None:
    seen = pl.concat([SEEN, measured(shares("E10000004", DEMENTIA_REGISTER, 20, 9000))])
    bodies = pl.DataFrame({"area": ["E10000001"], "body": ["E10000004"]})
    here = desk(tmp_path, official_measures=seen, areas=AREAS, related_areas=RELATED, registering_bodies=bodies)
    blocks = profile(here.looking_at(ASHIRE.codes), ASHIRE)
    table = next(block for block in blocks if isinstance(block, Table) and block.slug == "people-seen")
    assert [row[1] for row in shown(table) if row[0] == "Dementia"] == ["Deeshire", "England"]


def test_a_body_of_which_no_register_was_read_is_named(tmp_path: Path) -> None:
    bodies = pl.DataFrame({"area": ["E10000001"] * 2, "body": ["E10000002", "E10000004"]})
    seen = pl.concat([SEEN, measured(shares("E10000004", DEMENTIA_REGISTER, 20, 9000))])
    here = desk(tmp_path, official_measures=seen, areas=AREAS, related_areas=RELATED, registering_bodies=bodies)
    told = [block.parts[0] for block in profile(here.looking_at(ASHIRE.codes), ASHIRE) if isinstance(block, Paragraph)]
    assert "Ashire lies in Beeshire, of which no such register was read." in told


def test_a_body_is_not_said_to_lie_in_itself(tmp_path: Path) -> None:
    bodies = pl.DataFrame({"area": ["E10000001"], "body": ["E10000001"]})
    seen = SEEN.filter(pl.col("area") == ENGLAND)
    here = desk(tmp_path, official_measures=seen, areas=AREAS, related_areas=RELATED, registering_bodies=bodies)
    told = [block.parts[0] for block in profile(here.looking_at(ASHIRE.codes), ASHIRE) if isinstance(block, Paragraph)]
    assert "No register of the newest year was read of Ashire." in told


def test_without_publications_a_box_names_them(tmp_path: Path) -> None:
    (box,) = profile(desk(tmp_path), ASHIRE)
    assert isinstance(box, Callout)
