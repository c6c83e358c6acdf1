"""The compiled kernel against NumPy, and its loops run uncompiled."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods import flow_kernel
from parity.methods.flow import FlowModel, Month, Numbers, Rationing
from parity.methods.flow_kernel_source import BLOCK, sweep
from parity.methods.flow_run import Run, Series, run
from parity.terms.errors import WrongState
from tests.methods.test_flow_run import CARE, CARE_MONTH, CARE_START, EVERYTHING, models

RULES = (Rationing.PROPORTIONAL, Rationing.PRIORITY)
Given = tuple[FlowModel, Numbers, Month]


def changing(month: Month) -> list[Month]:
    """Months of which some are the same object, and some differ in a part."""
    other = replace(month, arrivals=month.arrivals * 2, capacities=month.capacities + 1)
    return [month, month, other, month, other, other]


def check_same(found: Run, wanted: Run) -> None:
    assert set(found.series) == set(wanted.series)
    for name, rows in wanted.series.items():
        assert np.abs(found.series[name] - rows).max(initial=0) < 1e-9, name


@given(models(), st.sampled_from(RULES), st.sets(st.sampled_from(sorted(EVERYTHING, key=lambda each: each.name))))
@settings(deadline=None)
def test_the_kernel_is_numpy(given_model: Given, rule: Rationing, keep: set[Series]) -> None:
    model, start, month = given_model
    model = replace(model, rationing=rule)
    how = {"months": changing(month), "keep": keep}
    check_same(flow_kernel.run(model, start, **how), run(model, start, **how))


@given(models(), st.sampled_from(RULES))
@settings(deadline=None)
def test_people_are_neither_made_nor_lost(given_model: Given, rule: Rationing) -> None:
    model, start, month = given_model
    model = replace(model, rationing=rule)
    found = flow_kernel.run(model, start, months=changing(month), keep=EVERYTHING).series
    people = found[Series.PEOPLE]
    after = people[:-1] + found[Series.ARRIVED] - found[Series.LEFT]
    for flow, (origin, end) in enumerate(model.flows):
        after[:, model.settings.index(origin)] -= found[Series.MOVED][:, flow]
        after[:, model.settings.index(end)] += found[Series.MOVED][:, flow]
    assert np.abs(people[1:] - after).max() < 1e-9
    assert min(rows.min(initial=0) for rows in found.values()) >= 0


def test_who_moves_without_a_plan_is_not_there_for_one() -> None:
    model = FlowModel(("home", "flat", "street"), (("home", "flat"), ("home", "street")))
    nothing, free = np.zeros((3, 1)), np.full((3, 1), np.inf)
    month = Month(np.array([[0.0], [0.5]]), nothing, nothing, free, planned=np.array([[8.0], [0.0]]))
    for how in (run, flow_kernel.run):
        found = how(model, np.array([[10.0], [0], [0]]), months=[month], keep=[Series.DUE_BY_FLOW])
        assert found.series[Series.DUE_BY_FLOW][0, :, 0].tolist() == [3, 0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", [1, 4])
def test_threads_change_no_number(rule: Rationing, steps: int) -> None:
    model = replace(CARE, rationing=rule, priority=CARE.settings, steps=steps)
    month = replace(CARE_MONTH, arrivals=CARE_MONTH.arrivals * np.linspace(0.9, 1.1, 2 * BLOCK + 3))
    how = {"months": [month] * 24, "keep": EVERYTHING}
    check_same(flow_kernel.run(model, CARE_START, **how), run(model, CARE_START, **how))
    digests = set()
    for threads in (1, 2, 5):
        found = flow_kernel.run(model, CARE_START, threads=threads, **how).series
        digests.add(sha256(b"".join(found[name].tobytes() for name in Series if name in found)).hexdigest())
    assert len(digests) == 1


def test_where_all_leave_steps_leave_nobody() -> None:
    model = FlowModel(("home", "clinic", "ward"), (("home", "clinic"), ("home", "ward")), steps=3)
    month = Month(np.array([[0.7], [0.1]]), np.array([[0.2], [0], [0]]), np.zeros((3, 1)), np.full((3, 1), np.inf))
    for how in (run, flow_kernel.run):
        people = how(model, np.array([[9.0], [0], [0]]), months=[month], keep=[Series.PEOPLE]).series[Series.PEOPLE]
        assert people[1, :, 0] == pytest.approx([0, 6.3, 0.9], abs=1e-9)


def test_no_month_leaves_the_start() -> None:
    found = flow_kernel.run(CARE, CARE_START, months=[], keep=EVERYTHING)
    check_same(found, run(CARE, CARE_START, months=[], keep=EVERYTHING))


def test_what_the_kernel_runs() -> None:
    assert [flow_kernel.can_run(replace(CARE, rationing=rule)) for rule in Rationing] == [True, True, False]
    with pytest.raises(WrongState, match="There is no setting called moon"):
        flow_kernel.run(replace(CARE, flows=(("moon", "home"),)), CARE_START, months=[CARE_MONTH], keep=[])


def test_without_the_extra_there_is_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_kernel, "is_there", lambda: False)
    assert not flow_kernel.can_run(CARE)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("keep", [EVERYTHING, frozenset({Series.PEOPLE})])
def test_the_loops_are_plain_python(rule: Rationing, keep: frozenset[Series], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_kernel, "compiled", lambda loops: sweep)
    model = FlowModel(("home", "ward"), (("home", "ward"), ("ward", "home")), rule, ("ward", "home"), steps=2)
    month = Month(
        np.array([[0.4, 0.5], [0.3, 0.4]]),
        np.array([[0.1, 0.0], [0.0, 0.0]]),
        np.array([[2.0], [0.0]]),
        np.array([[np.inf], [3.0]]),
        *(np.array([[2.0], [0.0]]), np.array([[1.0], [np.inf]])) if keep is EVERYTHING else (),
    )
    how = {"months": [month, month], "keep": keep}
    check_same(flow_kernel.run(model, np.array([[9.0], [1.0]]), **how), run(model, np.array([[9.0], [1.0]]), **how))
