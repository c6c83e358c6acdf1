"""Arrivals that grow with need: which people they follow, and what keeps them from it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from parity.analyse.pieces import DRAWS
from parity.documents.model import Table
from parity.methods.chance import band_shares, quantiles
from parity.methods.flow_growth import Need, growth
from parity.methods.flow_parameters import Parameter
from parity.plan.flow_growth import (
    FOR_ARRIVALS,
    NOBODY,
    NOT_KNOWN,
    OUTSIDE,
    SEVERAL,
    UNKNOWN,
    UNTOLD,
    faults_of_growth,
    needs_of,
)
from parity.plan.flow_tables import AS_IT_IS
from parity.plan.scenarios.documents import chapter
from parity.tables import Desk, Store
from tests.england import SEATON, SHIRE, take_in
from tests.methods.flow_told import number, told_by
from tests.methods.test_flow_growth import NEED
from tests.stages.analyse.frames import desk, table

CARE = {
    "model": "Care", "area": SHIRE, "starts": date(2026, 7, 1), "months": 24,
    "rationing": "in proportion to who asks", "basis": "net",
}  # fmt: skip
ARRIVALS = {"code": "N1", "model": "Care", "parameter": "arrivals a month", "setting": "Home", "value": 10.0}
OWN = {"area": SHIRE, "condition": "dementia", "estimate_source": "Our profile"}


def care(*, grows_with: str | None, **model: Any) -> dict[str, pl.DataFrame]:
    """A home to which ten people come a month, each of whom stays; arrivals grow with this."""
    return {
        "flow_models": table("flow_models", {**CARE, **model}),
        "flow_settings": table("flow_settings", {"code": "S1", "model": "Care", "setting": "Home"}),
        "flow_parameters": table("flow_parameters", {**ARRIVALS, "grows_with": grows_with}),
        "scenarios": table("scenarios"),
        "scenario_changes": table("scenario_changes"),
    }


def own(*rows: tuple[str, float], **more: str) -> pl.DataFrame:
    return table(
        "prevalence_estimates", *({"period": period, "people": people} for period, people in rows), **OWN | more
    )


def people(shown: Desk) -> pl.DataFrame:
    found = shown.table("flow_paths")
    assert found is not None
    return found[0].filter(measure="people", scenario=AS_IT_IS)


def in_england(home: Path, tables: dict[str, pl.DataFrame]) -> Desk:
    """A programme with these tables beside a small England."""
    take_in(Store(home))
    return desk(home, **tables)


def test_arrivals_follow_the_programme_s_own_estimates(tmp_path: Path) -> None:
    tables = care(grows_with="dementia") | {"prevalence_estimates": own(("2026", 100), ("2027", 124), ("2028", 172))}
    months = np.arange(24) + 0.5
    grown = 10 * np.interp(months, [0, 12, 24], [100, 124, 172]) / 101
    assert people(desk(tmp_path, **tables))["value"].to_list() == pytest.approx(np.cumsum(grown).tolist())
    named = care(grows_with="dementia (Our profile)") | {"prevalence_estimates": tables["prevalence_estimates"]}
    assert people(desk(tmp_path, **named))["value"].to_list() == pytest.approx(np.cumsum(grown).tolist())


def test_arrivals_that_grow_with_nothing_stay(tmp_path: Path) -> None:
    tables = care(grows_with=None) | {"prevalence_estimates": own(("2026", 100), ("2027", 124))}
    shown = desk(tmp_path, **tables)
    assert people(shown)["value"].to_list() == pytest.approx(np.arange(10, 250, 10).tolist())
    assert [shown.table(stem) for stem in ("own_need_ahead", "grown_arrivals", "drawn_need", "need_ahead")] == [
        None
    ] * 4


def test_arrivals_follow_the_official_projections_draw_by_draw(tmp_path: Path) -> None:
    name = "dementia (Dementia UK)"
    shown = in_england(tmp_path, care(grows_with=name))
    ahead, expected = shown.table("need_ahead"), shown.looking_at([SHIRE]).table("expected_need")
    assert ahead is not None
    assert expected is not None
    asked = ahead[0].filter(area=SHIRE, condition="dementia", rate_source="Dementia UK")
    there = expected[0].filter(area=SHIRE, condition="dementia", source="Dementia UK")
    assert asked["people"].to_list() == pytest.approx(there["value"].to_list())
    draws = np.array(asked["draws"].to_list())
    assert draws.shape == (4, DRAWS)
    ends = quantiles(np.ascontiguousarray(draws), band_shares((0.95,)))
    assert ends == pytest.approx(there.select("lower_95", "upper_95").to_numpy(), rel=1e-5)
    need = needs_of([name], SHIRE, ahead[0])[name]
    assert isinstance(need, Need)
    grown = 10 * np.cumsum(growth(need, starts=CARE["starts"], months=24), axis=0)
    found = people(shown)
    assert found["value"].to_list() == pytest.approx(grown[:, 0].tolist())
    bands = quantiles(np.ascontiguousarray(grown[:, 1:]), band_shares((0.95,)))
    assert found.select("lower_95", "upper_95").to_numpy() == pytest.approx(bands)


def cited(shown: Desk) -> set[str]:
    """The stems of the tables that figures of people cite, and the names of publications."""
    releases = shown.figures("scenario_people").releases
    return {part.partition("@")[0] for one in releases for part in one.parts_cited}


def test_what_grows_cites_the_projections_and_what_does_not_cites_none(tmp_path: Path) -> None:
    assert cited(in_england(tmp_path, care(grows_with=None))) == {"flow_paths", "flow_numbers"}
    found = cited(in_england(tmp_path, care(grows_with="early onset dementia")))
    assert {"Parity’s reference rates", "Parity’s projection errors"} < found
    assert [one for one in found if "Population projections" in one] != []
    assert {one for one in found if one.startswith("flow") or one.endswith("arrivals")} == {
        "flow_models", "flow_settings", "flow_numbers",
    }  # fmt: skip


def test_the_programme_s_own_estimates_go_before_the_official_ones(tmp_path: Path) -> None:
    tables = care(grows_with="dementia") | {"prevalence_estimates": own(("2026", 100), ("2028", 100))}
    shown = in_england(tmp_path, tables)
    assert people(shown)["value"].to_list() == pytest.approx(np.arange(10, 250, 10).tolist())
    assert shown.table("drawn_need") is None


def rows_told(shown: Desk) -> list[list[str]]:
    """The table of what arrivals grow with, as the chapter has it."""
    tables = [block for block in chapter(shown) if isinstance(block, Table) and block.slug == "growth-1"]
    return [[getattr(cell, "text", cell) for cell in row] for found in tables for row in found.rows]


def test_the_chapter_tells_what_arrivals_grow_with(tmp_path: Path) -> None:
    estimates = own(("2025", 90), ("2026", 100), ("2027", 124), ("2030", 172))
    shown = desk(tmp_path, **care(grows_with="dementia"), prevalence_estimates=estimates)
    assert rows_told(shown) == [["Home", "dementia", "2026 to 2030", "100", "172", "not said", "–"]]
    assert rows_told(desk(tmp_path, **care(grows_with=None), prevalence_estimates=estimates)) == []
    assert rows_told(desk(tmp_path, **care(grows_with="dementia", months=240), prevalence_estimates=estimates)) == []
    england = in_england(tmp_path, care(grows_with="early onset dementia")).looking_at([SHIRE])
    (row,) = rows_told(england)
    figures = england.figures("people_expected")
    where = {"area": SHIRE, "condition": "early onset dementia"}
    assert row[2:5] == ["2026 to 2036", *(figures.one(**where, period=year).text for year in ("2026", "2036"))]
    assert rows_told(in_england(tmp_path, care(grows_with="dementia"))) == []


def reasons(shown: Desk) -> list[str]:
    found = shown.table("flow_paths")
    assert found is not None
    return found[0]["missing"].drop_nulls().to_list()


def at(sentence: str, **said: Any) -> list[str]:
    return [f"N1 (arrivals a month): {sentence.format(**said)}"]


def test_what_cannot_be_followed_is_told(tmp_path: Path) -> None:
    assert reasons(desk(tmp_path / "alone", **care(grows_with="dementia"))) == at(UNTOLD, name="dementia")
    (sentence,) = reasons(in_england(tmp_path, care(grows_with="dementa")))
    assert sentence.startswith(at(UNKNOWN, name="dementa", names="")[0][:-1])
    assert "; dementia (Dementia UK); " in sentence
    assert "; early onset dementia; " in sentence
    assert reasons(in_england(tmp_path, care(grows_with="dementia (Dementia UK)", area="E09000099"))) == at(
        UNTOLD, name="dementia (Dementia UK)"
    )
    (sentence,) = reasons(in_england(tmp_path, care(grows_with="dementia")))
    names = "dementia (Dementia UK); dementia (Dementia UK second edition); dementia (CFAS II (Matthews et al))"
    assert sentence == at(SEVERAL, name="dementia", names=names)[0]
    late = in_england(tmp_path, care(grows_with="early onset dementia", starts=date(2043, 1, 1)))
    assert reasons(late) == at(OUTSIDE, name="early onset dementia", first=2018, last=2043)
    assert reasons(in_england(tmp_path, care(grows_with="early onset dementia", area=SEATON))) == []


def faults(*, parameter: Parameter = Parameter.ARRIVALS, need: Need | str = NEED) -> list[str]:
    row = number(parameter, "ward", 3.0) | {"grows_with": "dementia"}
    return list(faults_of_growth(told_by(("ward",), [row], months=12, needs={"dementia": need})))


def test_each_fault_of_what_is_followed() -> None:
    assert faults() == []
    assert faults(parameter=Parameter.PLACES) == [f"N1 (places): {FOR_ARRIVALS}"]
    assert faults(need=NOBODY) == at(NOBODY, name="{name}")
    assert faults(need=replace(NEED, people=NEED.people * 0)) == at(NOBODY, name="dementia")
    assert faults(need=replace(NEED, years=(2027, 2028, 2029))) == at(OUTSIDE, name="dementia", first=2027, last=2029)
    ahead = pl.DataFrame(
        {"area": ["L"], "condition": ["dementia"], "rate_source": ["x"], "period": ["2026"], "is_own": [True]}
    ).with_columns(people=pl.lit(None, pl.Float64), draws=pl.lit(None, pl.List(pl.Float64)))
    assert needs_of(["dementia"], "L", ahead) == {"dementia": NOT_KNOWN.format(name="dementia", year="2026")}
