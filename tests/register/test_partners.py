"""What an organisation is: who may say so, which codes are refused, what became of it; each with history and event."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.register.audit.models import Event
from parity.register.models import Membership, Organisation, Person, Programme
from parity.register.organisations.rules import code_faults, codes_in, own_code
from parity.register.partners import actions
from parity.register.partners.actions import (
    Closing,
    Description,
    add_organisation,
    change_organisation,
    close_organisation,
    organisation_content,
)
from parity.register.records.rules import digest
from parity.terms.errors import InputRefused, NotAllowed, ParityError
from tests.members import join
from tests.register.worlds import TODAY, organisation, person, programme

TRUST = Description("A trust", "nhs_provider", ods_code="RT5")


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of a lead and two partners; the lead and the first partner have a director."""
    partners = [organisation(code) for code in ("lead", "ours", "theirs")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners[:2]:
        join(person(f"director-{partner.code}"), made, role="director", organisation=partner)
    join(person("officer"), made)
    return made


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def described(code: str) -> Description:
    return Description(body(code).name, body(code).kind)


def added(description: Description = TRUST, by: str = "director-lead") -> Organisation:
    return add_organisation(Programme.objects.get(slug="here"), description, by=who(by), on=TODAY)


def changed(code: str, by: str, **how: object) -> Organisation:
    within, description = Programme.objects.get(slug="here"), replace(described(code), **how)  # type: ignore[arg-type]
    return change_organisation(body(code), description, within=within, by=who(by), on=TODAY, reason="Renamed")


def closed(code: str, by: str, successor: str = "", *, on: date | None = TODAY, reason: str = "Merged") -> Organisation:
    closing = Closing(on, body(successor) if successor else None)
    within = Programme.objects.get(slug="here")
    return close_organisation(body(code), closing, within=within, by=who(by), on=TODAY, reason=reason)


def test_every_action_that_writes_is_tested_here() -> None:
    functions = {name: each for name, each in inspect.getmembers(actions, inspect.isfunction) if name[0] != "_"}
    ours = {name: each for name, each in functions.items() if inspect.unwrap(each).__module__ == actions.__name__}
    writing = {name for name, each in ours.items() if {"by", "on"} <= set(inspect.signature(each).parameters)}
    assert writing == {"add_organisation", "change_organisation", "close_organisation"}


@pytest.mark.parametrize(
    ("ons_code", "ods_code", "wrong"),
    [
        ("E06000016", "RT5", []), ("", "", []), ("E0600001", "", ["ons_code"]), ("e06000016", "", ["ons_code"]),
        ("E06000016\n", "", ["ons_code"]), ("", "RT", ["ods_code"]), ("", "rt5", ["ods_code"]),
        ("E060000160", "R-5", ["ons_code", "ods_code"]), ("E０6000016", "", ["ons_code"]),
    ],
)  # fmt: skip
def test_codes_of_another_form_are_named(ons_code: str, ods_code: str, wrong: list[str]) -> None:
    assert [name for name, _ in code_faults(ons_code=ons_code, ods_code=ods_code)] == wrong


@given(st.text(max_size=20))
def test_a_code_in_a_folder_is_one_that_has_no_fault(code: str) -> None:
    found = codes_in(code)
    assert list(code_faults(**{"ons_code": "", "ods_code": "", **found})) == []
    assert found in ({}, {"ons_code": code}, {"ods_code": code})


@pytest.mark.parametrize(("name", "code"), [("Age Concern", "age-concern"), ("St. Mary's", "st-mary-s"), ("?", "")])
def test_a_name_gives_a_code(name: str, code: str) -> None:
    assert own_code(name) == code


def test_an_organisation_joins_with_history_and_event(here: Programme) -> None:
    made = added()
    assert (made.code, made.name, here.organisations.filter(pk=made.pk).exists()) == ("RT5", "A trust", True)
    (event,) = Event.objects.all()
    assert (event.chain, event.verb, event.kind, event.record) == ("here", "added", "organisation", str(made.pk))
    assert (event.organisation, event.after) == (str(here.lead_id), digest(organisation_content(made)))
    assert [one.history_user for one in made.history.all()] == [who("director-lead")]


def test_an_organisation_that_another_programme_knows_is_written_once(here: Programme) -> None:
    known = Organisation.objects.create(code="RT5", name="The trust", kind="nhs_provider", ods_code="RT5")
    assert added(Description("Another name", "other", ods_code="RT5")) == known
    known.refresh_from_db()
    assert (known.name, Organisation.objects.filter(ods_code="RT5").count()) == ("The trust", 1)
    assert Event.objects.get().verb == "joined"


def test_a_change_has_history_and_event_and_no_change_has_none(here: Programme) -> None:
    done = changed("ours", "director-ours", name="Ours", ons_code="E06000016")
    event = Event.objects.get()
    assert (event.verb, event.organisation, event.reason) == ("changed", str(done.pk), "Renamed")
    assert event.after == digest(organisation_content(body("ours"))) != event.before
    assert done.history.first().history_user == who("director-ours")
    changed("ours", "director-ours", ons_code="E06000016")
    assert Event.objects.count() == 1


def test_a_body_closes_is_followed_and_opens_again(here: Programme) -> None:
    closed("theirs", "director-lead", "ours")
    assert (body("theirs").closed_on, list(body("ours").predecessors.all())) == (TODAY, [body("theirs")])
    closed("theirs", "director-lead", on=None, reason="It goes on")
    assert (body("theirs").closed_on, body("theirs").successor) == (None, None)
    assert list(Event.objects.values_list("verb", flat=True)) == ["closed", "reopened"]


REFUSED: tuple[tuple[str, Callable[[], object], type[ParityError]], ...] = (
    ("adding, by a partner", lambda: added(by="director-ours"), NotAllowed),
    ("adding, by an officer", lambda: added(by="officer"), NotAllowed),
    ("adding what takes part", lambda: added(Description("Lead", "council")), InputRefused),
    ("adding a code of another form", lambda: added(replace(TRUST, ods_code="rt5")), InputRefused),
    ("adding a kind that is none", lambda: added(replace(TRUST, kind="club")), InputRefused),
    ("adding no name", lambda: added(replace(TRUST, name="–")), InputRefused),
    ("changing what others manage, by the lead", lambda: changed("ours", "director-lead", name="X"), NotAllowed),
    ("changing a neighbour", lambda: changed("theirs", "director-ours", name="X"), NotAllowed),
    ("changing to another's code", lambda: changed("ours", "director-ours", name="Lead"), InputRefused),
    ("closing by the lead", lambda: closed("ours", "director-lead"), NotAllowed),
    ("closing without a reason", lambda: closed("ours", "director-ours", reason=" "), InputRefused),
    ("closing in advance", lambda: closed("ours", "director-ours", on=TODAY + timedelta(days=1)), InputRefused),
    ("following oneself", lambda: closed("ours", "director-ours", "ours"), InputRefused),
    ("following into nowhere", lambda: closed("ours", "director-ours", organisation("far").code), InputRefused),
)


@pytest.mark.parametrize(("act", "error"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_is_refused_leaves_nothing(here: Programme, act: Callable[[], object], error: type[ParityError]) -> None:
    before = list(Organisation.objects.exclude(code="far").values())
    with pytest.raises(error):
        act()
    assert list(Organisation.objects.exclude(code="far").values()) == before
    assert (Event.objects.count(), here.organisations.count()) == (0, 3)


def test_two_bodies_do_not_follow_each_other(here: Programme) -> None:
    closed("theirs", "director-lead", "ours")
    with pytest.raises(InputRefused, match="took over from"):
        closed("ours", "director-ours", "theirs")


def test_nobody_renames_an_organisation_that_others_have_managed_for_longer_elsewhere(here: Programme) -> None:
    elsewhere = programme("elsewhere", organisation("rogue"), body("theirs"), by=who("starter"))
    join(person("longer"), elsewhere, role="director", organisation=body("theirs"))
    friend = join(person("friend"), here, role="director", organisation=body("theirs"))
    Membership.objects.filter(pk=friend.pk).update(starts_on=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed):
        changed("theirs", "friend", name="Ours now")
    told = {"within": elsewhere, "by": who("longer"), "on": TODAY}
    assert change_organisation(body("theirs"), replace(described("theirs"), name="Theirs"), **told).name == "Theirs"


def test_an_organisation_is_managed_by_the_lead_while_it_has_nobody(here: Programme) -> None:
    assert changed("theirs", "director-lead", name="Theirs").name == "Theirs"
    join(person("director-theirs"), here, role="director", organisation=body("theirs"))
    with pytest.raises(NotAllowed):
        changed("theirs", "director-lead", name="Ours now")
