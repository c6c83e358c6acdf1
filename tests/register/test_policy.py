"""Who sees what: in any world, a permission's predicate and its filter agree with each other and with plain words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.register.models import Grant, Membership, Organisation, Person, Programme, Statement
from parity.register.people.rules import ROLES, May
from parity.register.policy import PERMISSIONS, SEE, Viewer, check, partnership, the_visible, viewer_of, visible
from parity.register.sharing.models import Sharing
from parity.terms.errors import NotAllowed, NotFound
from tests.register.worlds import TODAY, organisation, person, programme

pytestmark = pytest.mark.django_db

DAYS = st.sampled_from((-1, 0, 1))
LOTS = st.sampled_from(("", "north", "south"))
PLACES = st.integers(0, 2)
PROGRAMMES = st.integers(0, 1)


@dataclass(frozen=True)
class Seated:
    """A membership of the one who looks."""

    partner: int
    programme: int
    role: str
    lot: str
    starts: int
    ends: int | None


@dataclass(frozen=True)
class Kept:
    """A record, and to whom it is shown by name: partner, first day and the day it ends."""

    partner: int
    programme: int
    sharing: str
    lot: str
    held: str
    withdrawn: bool
    grants: tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True)
class World:
    seats: list[Seated]
    records: list[Kept]
    active: bool


SEATS = st.builds(Seated, PLACES, PROGRAMMES, st.sampled_from(sorted(ROLES)), LOTS, DAYS, st.none() | DAYS)
GRANTS = st.lists(st.tuples(PLACES, DAYS, st.none() | DAYS), max_size=3, unique_by=lambda grant: grant[0]).map(tuple)
HELD = st.sampled_from(("", "me", "another"))
KEPT = st.builds(Kept, PLACES, PROGRAMMES, st.sampled_from(Sharing.values), LOTS, HELD, st.booleans(), GRANTS)
WORLDS = st.builds(
    World,
    st.lists(SEATS, max_size=4),
    st.lists(KEPT, min_size=1, max_size=12),
    st.sampled_from((True, True, True, False)),
)


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def holds(starts: int, ends: int | None) -> bool:
    """True where what runs from one day to the day before another holds today."""
    return starts <= 0 and (ends is None or ends > 0)


def built(world: World) -> tuple[Viewer, list[Statement]]:
    """The world in the database, who looks at its first programme today, and its records in their order."""
    partners = Organisation.objects.bulk_create(
        Organisation(code=code, name=code, kind="council") for code in ("first", "second", "third")
    )
    me, another = Person.objects.bulk_create(
        [Person(username="me", is_active=world.active), Person(username="another")]
    )
    programmes = Programme.objects.bulk_create(
        Programme(slug=slug, described={}, lead=partners[0], loaded_by=me, loaded_on=TODAY)
        for slug in ("here", "there")
    )
    Membership.objects.bulk_create(
        Membership(
            person=me,
            organisation=partners[seat.partner],
            programme=programmes[seat.programme],
            role=seat.role,
            lot=seat.lot,
            starts_on=day(seat.starts),
            ends_on=day(seat.ends),
        )
        for seat in world.seats
    )
    holders = {"": None, "me": me, "another": another}
    records = Statement.objects.bulk_create(
        Statement(
            programme=programmes[kept.programme],
            organisation=partners[kept.partner],
            sharing=kept.sharing,
            lot=kept.lot,
            held_by=holders[kept.held],
            withdrawn=kept.withdrawn,
            position=position,
            known_as=str(position),
            number=position,
        )
        for position, kept in enumerate(world.records)
    )
    Grant.objects.bulk_create(
        Grant(
            programme=record.programme,
            record=record.pk,
            organisation=partners[partner],
            starts_on=day(starts),
            ends_on=day(ends),
            by=me,
        )
        for record, kept in zip(records, world.records, strict=True)
        for partner, starts, ends in kept.grants
    )
    return viewer_of(me, programmes[0], on=TODAY), records


def may(world: World, kept: Kept, what: May) -> list[Seated]:
    """The seats of the first programme that allow this today, in the record's lot."""
    seats = [seat for seat in world.seats if seat.programme == 0 and holds(seat.starts, seat.ends)]
    fitting = [seat for seat in seats if what in ROLES[seat.role].may and seat.lot in ("", kept.lot)]
    return fitting if world.active else []


def named(kept: Kept) -> set[int]:
    return {partner for partner, starts, ends in kept.grants if holds(starts, ends)}


def may_see(world: World, kept: Kept) -> bool:
    """The rule in plain words, from what was drawn alone."""
    readers = {seat.partner for seat in may(world, kept, May.READ)}
    shared = {
        Sharing.PUBLIC: True,
        Sharing.PARTNERS: bool(may(world, kept, May.PARTNER)),
        Sharing.NAMED: bool(readers & named(kept)),
        Sharing.PRIVATE: False,
    }
    return kept.programme == 0 and (shared[Sharing(kept.sharing)] or kept.partner in readers)


def may_change(world: World, kept: Kept) -> bool:
    editors = {seat.partner for seat in may(world, kept, May.EDIT)}
    holding = {seat.partner for seat in may(world, kept, May.EDIT_HELD)} if kept.held == "me" else set()
    return kept.programme == 0 and not kept.withdrawn and kept.partner in editors | holding


def may_keep(world: World, kept: Kept) -> bool:
    return kept.programme == 0 and kept.partner in {seat.partner for seat in may(world, kept, May.EDIT)}


def may_share(world: World, kept: Kept) -> bool:
    return kept.programme == 0 and kept.partner in {seat.partner for seat in may(world, kept, May.SHARE)}


def may_know(world: World, kept: Kept) -> bool:
    return kept.programme == 0 and kept.partner in {seat.partner for seat in may(world, kept, May.READ)}


IN_WORDS = {
    "see": may_see, "change": may_change, "say who holds": may_keep, "share or withdraw": may_share,
    "read the whole story of": may_know,
}  # fmt: skip


@settings(deadline=None, max_examples=120)
@given(WORLDS)
def test_predicate_filter_and_plain_words_agree(world: World) -> None:
    with transaction.atomic():
        viewer, records = built(world)
        told = {
            permission.words: (
                [permission.holds(viewer, record) for record in records],
                [record.pk in found for record in records],
            )
            for permission in PERMISSIONS
            for found in [set(Statement.objects.filter(permission.among(viewer)).values_list("pk", flat=True))]
        }
        transaction.set_rollback(True)
    expected = {words: [rule(world, kept) for kept in world.records] for words, rule in IN_WORDS.items()}
    assert told == {words: (answers, answers) for words, answers in expected.items()}


@settings(deadline=None, max_examples=30)
@given(WORLDS)
def test_whoever_has_no_standing_sees_what_is_public_and_no_more(world: World) -> None:
    with transaction.atomic():
        viewer, records = built(World([], world.records, world.active))
        seen = [record.pk for record in visible(Statement.objects.order_by("position"), viewer)]
        transaction.set_rollback(True)
    public = [kept.sharing == Sharing.PUBLIC and kept.programme == 0 for kept in world.records]
    assert seen == [record.pk for record, shown in zip(records, public, strict=True) if shown]


@settings(deadline=None, max_examples=30)
@given(WORLDS)
def test_partners_together_see_what_is_shared_among_them(world: World) -> None:
    with transaction.atomic():
        _, records = built(world)
        here = Programme.objects.get(slug="here")
        seen = {record.pk for record in visible(Statement.objects.all(), partnership(here, on=TODAY))}
        transaction.set_rollback(True)
    shared = [kept.sharing in (Sharing.PUBLIC, Sharing.PARTNERS) and kept.programme == 0 for kept in world.records]
    assert seen == {record.pk for record, shown in zip(records, shared, strict=True) if shown}


@pytest.fixture
def kept() -> Any:
    """Keeps a record of the first partner: `kept(sharing=…, lot=…)`."""
    ours, theirs = organisation("ours"), organisation("theirs")
    by = person("somebody")
    here = programme("here", ours, theirs, by=by)
    count = iter(range(100))

    def made(**how: Any) -> Statement:
        number = next(count)
        place = {"position": number, "known_as": str(number), "number": number}
        return Statement.objects.create(programme=here, organisation=ours, **place, **how)

    return made


def looking(role: str, code: str, *, lot: str = "") -> Viewer:
    """Who looks at the programme in this role, for the organisation of this code."""
    one = person(f"{role}-{code}-{lot}")
    here = Programme.objects.get(slug="here")
    partner = Organisation.objects.get(code=code)
    Membership.objects.create(person=one, organisation=partner, programme=here, role=role, lot=lot, starts_on=TODAY)
    return viewer_of(one, here, on=TODAY)


def test_a_person_of_one_lot_sees_that_lot_and_what_is_public(kept: Any) -> None:
    north, south, neither = kept(lot="north"), kept(lot="south"), kept()
    public = kept(lot="south", sharing=Sharing.PUBLIC)
    shared = kept(lot="south", sharing=Sharing.PARTNERS)
    viewer = looking("planning_officer", "ours", lot="north")
    assert list(Statement.seen_by(viewer)) == [north, public]
    assert [SEE.holds(viewer, one) for one in (north, south, neither, public, shared)] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_a_grant_by_name_holds_for_that_organisation_until_its_day(kept: Any) -> None:
    one = kept(sharing=Sharing.NAMED)
    viewer = looking("planning_officer", "theirs")
    assert list(Statement.seen_by(viewer)) == []
    theirs = Organisation.objects.get(code="theirs")
    by = Person.objects.get(username="somebody")
    ends = TODAY + timedelta(days=1)
    Grant.objects.create(
        programme=one.programme, record=one.pk, organisation=theirs, starts_on=TODAY, ends_on=ends, by=by
    )
    later = Viewer(viewer.person, viewer.programme, ends, viewer.standings)
    assert [list(Statement.seen_by(who)) for who in (viewer, later)] == [[one], []]


def test_a_provider_sees_nothing_that_is_shared_among_the_partners(kept: Any) -> None:
    kept(sharing=Sharing.PARTNERS)
    assert list(Statement.seen_by(looking("provider", "theirs"))) == []


def test_unknown_and_unseen_are_answered_alike(kept: Any) -> None:
    private, viewer = kept(), looking("director", "theirs")
    words = []
    for key in (private.pk, viewer.programme):
        with pytest.raises(NotFound) as refused:
            the_visible(Statement.objects.all(), viewer, key)
        words.append(str(refused.value))
    with pytest.raises(NotFound) as unseen:
        check(PERMISSIONS[1], viewer, private)
    assert words == [str(unseen.value)] * 2


def test_what_is_seen_but_not_allowed_is_refused_with_a_sentence(kept: Any) -> None:
    shared, viewer = kept(sharing=Sharing.PARTNERS), looking("director", "theirs")
    with pytest.raises(NotAllowed, match=r"^Your role does not let you change this record\.$"):
        check(PERMISSIONS[1], viewer, shared)


def test_whoever_runs_the_workspace_sees_everything(kept: Any) -> None:
    every = [kept(), kept(lot="north")]
    assert list(Statement.seen_by(None)) == every
