"""Benchmarks still run, on a few areas, and find what the others find; how fast they are is not judged here."""

import json

import pytest

from benchmarks import disclosure, forecast, needs, spc


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for where, sizes in {
        needs: {"AREAS": 3, "YEARS": 2, "COUNCILS": 2, "COUNCIL_YEARS": 2, "ICBS": 1, "REGIONS": 1, "ROUNDS": 1},
        spc: {"AREAS": 2, "MEASURES": 2, "ROUNDS": 1, "ROUNDS_OF_PEERS": 1},
        disclosure: {"REGIONS": 1, "DISTRICTS": 3, "GROUPS": 2},
        forecast: {
            **{"MONTHS": 12, "DRAWS": 6, "ROUNDS": 1, "OPTIONS": 3, "DRAWS_OF_PORTFOLIO": 4, "PORTFOLIOS_BY_NUMPY": 2},
            "DRAWS_OF": {"Simlin": 2},
        },
    }.items():
        for name, size in sizes.items():
            monkeypatch.setattr(where, name, size)


@pytest.mark.parametrize("task", needs.TITLES)
def test_others_need_is_ours(few: None, task: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for party in ("Parity", "DuckDB"):
        needs.measure(task, party)
        rows.append(json.loads(capsys.readouterr().out)["rows"])
    assert rows[0] == rows[1] > 0


def test_every_way_marks_the_same_points(few: None, capsys: pytest.CaptureFixture[str]) -> None:
    spc.main()
    told = capsys.readouterr().out
    ways = [line for line in told.splitlines() if "ms of CPU" in line]
    assert len(ways) >= 4
    assert all(line.endswith("the same points") for line in ways)


def test_every_policy_is_measured(few: None, capsys: pytest.CaptureFixture[str]) -> None:
    disclosure.main()
    policies = len(disclosure.POLICIES) - (disclosure.PUBLISHED in disclosure.POLICIES)
    assert len(capsys.readouterr().out.splitlines()) == 1 + 3 * len(disclosure.MEANS) * policies


@pytest.mark.parametrize("party", ["ours, fast", "ours, NumPy", "Simlin", "portfolios, fast", "portfolios, NumPy"])
def test_others_forecast_is_ours(few: None, party: str) -> None:
    found = forecast.WORK[party][1]()
    assert found.get("error", 0) < forecast.CLOSE
    assert found["cpu"] > 0
