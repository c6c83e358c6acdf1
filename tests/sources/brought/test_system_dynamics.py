"""Models of stocks and flows that people bring: what is read of them, what runs, and what is refused."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow import FlowModel, Month, flow_model, month_of, people_at_start
from parity.methods.flow_reading import Verdict, reading_of
from parity.methods.flow_run import Series, run
from parity.methods.flow_writing import xmile_of
from parity.sources.brought import system_dynamics
from parity.sources.brought.model_worker import _one_line, answer_to
from parity.sources.brought.system_dynamics import as_vensim, missing_reader, read_model
from parity.terms.errors import InputRefused, WrongState
from parity.terms.system_dynamics import Equation, Stock
from tests.worked_examples.test_worked_examples import HERE, Example, examples_in

TIMES = "<start>0</start><stop>12</stop><dt>1</dt>"
WARD = "<stock name='Old\\nward'><eqn>100</eqn><outflow>leaving</outflow></stock>"
LEAVING = "<flow name='leaving'><eqn>Old_Ward * rate</eqn></flow><aux name='rate'><eqn>0.1</eqn></aux>"
LOOKUP = "<gf><xscale min='0' max='10'/><ypts>0.1,0.2</ypts></gf>"
VENSIM = """{UTF-8}
Old ward = INTEG(-leaving, 100) ~~|
leaving = Old ward * rate ~~|
rate = 0.1 ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 12 ~~|
TIME STEP = 1 ~ Month ~|
SAVEPER = TIME STEP ~~|
"""


def xmile(variables: str = WARD + LEAVING, times: str = TIMES, before: str = "", method: str = "Euler") -> bytes:
    text = (
        f"<?xml version='1.0'?>{before}<xmile version='1.0' xmlns='http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'>"
        "<header><vendor>x</vendor><product version='1'>x</product></header>"
        f"<sim_specs method='{method}' time_units='Month'>{times}</sim_specs>"
        f"<model><variables>{variables}</variables></model></xmile>"
    )
    return text.encode()


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(InputRefused) as found:
        read_model(name, content)
    return str(found.value)


@pytest.mark.parametrize(("name", "content"), [("a.stmx", xmile()), ("b.MDL", VENSIM.encode())])
def test_what_stands_in_a_file(name: str, content: bytes) -> None:
    found = read_model(name, content)
    assert (found.title, found.start, found.dt, found.unit, found.method) == (name[0], 0, 1, "Month", "euler")
    assert {key: stock.name.lower() for key, stock in found.stocks.items()} == {"old_ward": "old ward"}
    assert found.others == {"rate": Equation("rate", "0.1")}
    assert (found.begins["rate"], found.begins["old_ward"]) == (0.1, 100)
    assert found.run == {"old_ward": pytest.approx([100 * 0.9**month for month in range(13)])}
    assert reading_of(found).verdict is Verdict.WHOLE


def test_every_step_is_told_whatever_the_file_saves() -> None:
    fine = VENSIM.replace("TIME STEP = 1", "TIME STEP = 0.25").replace("SAVEPER = TIME STEP", "SAVEPER = 3")
    assert len(read_model("a.mdl", fine.encode()).run["old_ward"]) == 49


def test_what_is_more_than_an_equation_is_named() -> None:
    parts = {
        "gf": f"<aux name='table'><eqn>Old_ward</eqn>{LOOKUP}</aux>",
        "queue": "<stock name='line'><eqn>0</eqn><queue/></stock>",
    }
    found = answer_to(".xmile", xmile(WARD + LEAVING + parts["gf"]))
    assert found["begins"]["table"] == 0.2
    described = system_dynamics._described("a", found)
    assert described.others["table"] == Equation("table", "Old_ward", "is read from a table (a lookup)")
    found["project"]["models"][0]["stocks"][0]["compat"] = {"queue": {}}
    found["project"]["models"][0]["modules"] = [{"name": "a part"}]
    described = system_dynamics._described("a", found)
    assert described.stocks["old_ward"] == Stock("Old ward", (), ("leaving",), "is a queue")
    assert described.others["a_part"] == Equation("a part", "", "is a module")


def test_subscripts_are_named() -> None:
    text = (
        VENSIM
        + "area: north, south ~~|\nbeds[area] = INTEG(new[area], 3) ~~|\nnew[north] = 1 ~~|\nnew[south] = 2 ~~|\n"
    )
    found = read_model("a.mdl", text.encode())
    assert (found.stocks["beds"].unlike, found.flows["new"].unlike) == ("has subscripts", "has subscripts")
    assert reading_of(found).sentences == (
        "beds: it is left out, as no flow of people depends on it.",
    )  # fmt: skip


def test_an_epidemic_cannot_be_run() -> None:
    stocks = (
        "<stock name='well'><eqn>990</eqn><outflow>falling_ill</outflow></stock>"
        "<stock name='ill'><eqn>10</eqn><inflow>falling_ill</inflow><outflow>recovering</outflow></stock>"
        "<flow name='falling ill'><eqn>well * ill * 0.0003</eqn></flow>"
        "<flow name='recovering'><eqn>ill / 5</eqn></flow>"
    )
    found = reading_of(read_model("a.xmile", xmile(stocks)))
    sentence = "falling ill: it multiplies or divides numbers of people by each other."
    assert (found.verdict, found.sentences) == (Verdict.REFUSED, (sentence,))


def test_a_table_is_held() -> None:
    table = f"<flow name='leaving'><eqn>Old_ward * rate</eqn></flow><aux name='rate'><eqn>TIME</eqn>{LOOKUP}</aux>"
    found = reading_of(read_model("a.xmile", xmile(WARD + table)))
    sentence = "rate: it is held at its starting value, 0.1, as rate is read from a table (a lookup)."
    assert (found.verdict, found.sentences) == (Verdict.HELD, (sentence,))


def test_another_method_than_eulers_is_told() -> None:
    found = reading_of(read_model("a.xmile", xmile(method="RK4")))
    assert found.sentences == ("The file asks for the method rk4; people move in whole steps here: ask for Euler.",)


@pytest.mark.parametrize("method", ["gear", "RK45", "rk4, euler"])
def test_a_method_that_is_not_known_is_refused(method: str) -> None:
    wanted = f"The model asks for the method {method.lower()}, which is not known here: ask for Euler."
    assert wanted in refusal("a.xmile", xmile(method=method))


@pytest.mark.parametrize(("mark", "verdict"), [("", Verdict.WHOLE), ("<non_negative/>", Verdict.REFUSED)])
def test_a_flow_that_is_held_at_0_is_no_sum(mark: str, verdict: Verdict) -> None:
    stocks = (
        "<stock name='home'><eqn>100</eqn><outflow>going</outflow></stock>"
        "<stock name='ward'><eqn>500</eqn><inflow>going</inflow></stock>"
    )
    described = read_model("a.xmile", xmile(f"{stocks}<flow name='going'><eqn>home*0.1 - ward*0.2</eqn>{mark}</flow>"))
    found = reading_of(described)
    assert (found.verdict, described.flows["going"].never_below) == (verdict, bool(mark))
    assert found.sentences == (("going: its program holds it at 0 where it would fall below.",) if mark else ())


def test_a_flow_that_cannot_fall_below_0_may_be_held_there() -> None:
    held = xmile(WARD + LEAVING.replace("</eqn></flow>", "</eqn><non_negative/></flow>"))
    assert reading_of(read_model("a.xmile", held)).verdict is Verdict.WHOLE


def benchmark() -> Example:
    """The twelve settings of the worked example."""
    return next(example for example in examples_in(HERE / "flow.md") if "gbp" in example.tables["settings"].columns)


def of_the_benchmark(steps: int) -> tuple[FlowModel, Any, Month]:
    tables = benchmark().tables
    model = flow_model(tables["settings"], tables["flows"], steps=steps)
    return model, people_at_start(tables["settings"]), month_of(tables["settings"], tables["flows"])


@pytest.mark.parametrize("kind", ["xmile", "mdl"])
@pytest.mark.parametrize("steps", [1, 4, 30])
def test_a_model_written_and_read_is_the_same(steps: int, kind: str) -> None:
    """Ten years of twelve settings with limits, run here and by the library: 1e-9, as `reading_of` compares them."""
    model, start, month = of_the_benchmark(steps)
    text = xmile_of(model, start, month=month, months=120, title="Twelve settings")
    text = as_vensim(text) if kind == "mdl" else text
    described = read_model(f"a.{kind}", text.encode())
    found = reading_of(described)
    assert (found.verdict, found.sentences) == (Verdict.WHOLE, ())
    assert found.brought
    again = found.brought.month
    settings = [found.brought.model.settings.index(name) for name in model.settings]
    flows = [found.brought.model.flows.index(ends) for ends in model.flows]
    given = month.given.values()
    same = (again.rates[flows], again.exits[settings], again.arrivals[settings], again.capacities[settings])
    for one, other in zip(given, same, strict=True):
        np.testing.assert_allclose(one, other, rtol=0 if steps == 1 else 1e-13)
    assert found.brought.start[settings].tolist() == start.tolist()
    own = run(model, start, months=[month] * 120, keep=[Series.PEOPLE]).series[Series.PEOPLE][..., 0]
    told = np.array([described.run[name.replace(" ", "_")][::steps] for name in model.settings]).T
    np.testing.assert_allclose(told, own, rtol=1e-9)


NAMES = st.text(st.sampled_from("abÄ1 -(),&'/:;+é"), min_size=1, max_size=8).map(str.strip).filter(bool)


@settings(max_examples=50, deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=3, unique=True), st.floats(0, 0.4), st.floats(1, 50))
def test_settings_of_any_name_come_back(names: list[str], rate: float, places: float) -> None:
    ends = list(pairwise(names))
    model = FlowModel((*names,), (*ends,))
    rows = [[rate] * len(ends), [0.01] * len(names), [1.5] * len(names), [math.inf, *[places] * (len(names) - 1)]]
    month = Month(*(np.array(each)[:, None] for each in rows))
    try:
        text = xmile_of(model, np.full((len(names), 1), 20.0), month=month, months=3, title="x")
    except WrongState:
        return
    found = reading_of(system_dynamics._described("a", answer_to(".xmile", text.encode())))
    assert found.verdict is Verdict.WHOLE
    assert found.brought
    told = {" ".join(name.split()) for name in names}
    assert {*found.brought.model.settings} == told


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
DAMAGED = "The model is damaged, or takes more memory than it may."
DECLARED = "The model declares a document type, which no model needs: save it anew."
NOT_A_NUMBER = "The model does not tell its {} as a number: write it as one, such as 0.25."
HOSTILE = {
    "entities.xmile": (xmile(before=ENTITIES), DECLARED),
    "large.xmile": (b"<a>" + b" " * 5_000_000, "The file is larger than 5 MB."),
    "empty.stmx": (b"", "The file is empty."),
    "table.csv": (b"a", "Only models in XMILE (.stmx, .xmile, .xml) and of Vensim (.mdl) are read."),
    "long.xmile": (
        xmile(times="<start>0</start><stop>12</stop><dt>1e-12</dt>"),
        "The model's run is too long: make its time step longer, or its time shorter.",
    ),
    "back.xmile": (
        xmile(times="<start>9</start><stop>2</stop><dt>1</dt>"),
        "The model's time does not run: its end comes before its start, or its time step is not above 0.",
    ),
    "nothing.xmile": (xmile(times="<start>0</start><stop>nan</stop><dt>1</dt>"), DAMAGED),
    "deep.xmile": (xmile(f"<aux name='a'><eqn>{'(' * 200_000}1{')' * 200_000}</eqn></aux>"), DAMAGED),
    "other.xml": (b"<hello/>", DAMAGED),
    "circle.xmile": (
        xmile("<aux name='a'><eqn>b</eqn></aux><aux name='b'><eqn>a</eqn></aux>"),
        "The model does not run by itself: circular dependency.",
    ),
    "noise.xmile": (b"\0\xff" * 99, "The model cannot be read: syntax error: line 1, column 0."),
    "noise.mdl": (b"\0\xff" * 99, NOT_A_NUMBER.format("INITIAL TIME")),
    "step.mdl": (VENSIM.replace("STEP = 1", "STEP = 1/4").encode(), NOT_A_NUMBER.format("TIME STEP")),
    "../../end.mdl": (VENSIM.replace("FINAL TIME = 12", "FINAL TIME = a").encode(), NOT_A_NUMBER.format("FINAL TIME")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_means_harm_is_refused_with_a_sentence(name: str) -> None:
    content, sentence = HOSTILE[name]
    assert refusal(name, content) == f"{Path(name).name}: {sentence}"


def test_what_cannot_be_parsed_is_told() -> None:
    assert refusal("a.mdl", VENSIM.replace("-leaving", "(((").encode()).startswith("a.mdl: The model cannot be read: ")


def test_more_subscripts_than_memory() -> None:
    dimension = b"<dimensions><dim name='q' size='100000000'/></dimensions><model>"
    variables = "<stock name='a'><eqn>1</eqn><dimensions><dim name='q'/></dimensions></stock>"
    assert refusal("a.xmile", xmile(variables).replace(b"<model>", dimension)) == f"a.xmile: {DAMAGED}"


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_dynamics, "LONGEST_SECONDS", 0.001)
    sentence = "The model takes too long to read and run: make its time step longer, or its time shorter."
    assert refusal("a.xmile", xmile()) == f"a.xmile: {sentence}"


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_reader() == ""
    monkeypatch.setattr(system_dynamics, "find_spec", {}.get)
    sentence = "Models are read with Simlin: install Parity with the extra “models”."
    with pytest.raises(WrongState, match=sentence):
        read_model("a.xmile", xmile())


@pytest.mark.parametrize(
    "name", ["entities.xmile", "long.xmile", "back.xmile", "noise.mdl", "noise.xmile", "circle.xmile"]
)
def test_the_worker_refuses_with_the_same_sentence(name: str) -> None:
    content, sentence = HOSTILE[name]
    with pytest.raises(WrongState) as found:
        answer_to(Path(name).suffix, content)
    assert str(found.value) == sentence


def test_the_worker_writes_what_it_reads() -> None:
    assert answer_to("vensim", xmile()).startswith("{UTF-8}")
    found = answer_to(".mdl", VENSIM.encode())
    assert (found["dt"], len(found["run"]["old_ward"])) == (1, 13)
    with pytest.raises(WrongState, match="The model cannot be read: "):
        answer_to(".mdl", VENSIM.replace("-leaving", "(((").encode())


def test_a_message_is_one_line() -> None:
    assert _one_line("") == "it is damaged"
    assert _one_line("error\n  near here.\n") == "near here"
    assert _one_line("SimulationError{bad_sim_specs: dt must be greater than 0}") == "dt must be greater than 0"
