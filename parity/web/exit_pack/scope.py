"""What of the database is one programme's: every row with what it points to, the same wherever it is taken in."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import AutoField, Q

from parity.register.models import Event, Grant, Head, Membership, Organisation, Person, Programme
from parity.register.records.tables import RECORDS
from parity.web.backup.digest import Digest, measured
from parity.web.backup.rows import Fields, Kind, Row, columns, read_rows, tally

LEFT_OUT = {
    "register.calendar": "the secret address of one person's dates, who makes another",
    "register.choice": "what one person wants to be told, who chooses anew",
    "register.delivery": "what was sent to a program",
    "register.notice": "what one person was told",
    "register.progress": "how far people and programs were told",
    "register.webhook": "where one instance tells a program, with a secret of its own",
    "register.answered": "kept for a day, so that a request sent twice is done once",
    "register.job": "what somebody asked for, with files that can be made anew",
    "register.token": "lets a program sign in",
    "register.upload": "a sheet on its way into a register, of one person alone",
    "register.person_groups": "of no use: roles are memberships",
    "register.person_user_permissions": "of no use: roles are memberships",
}
"""Models of ours whose rows are in no exit pack, and why. Nor is any row of sign-in, which is no app of ours."""
DESCRIBED: Kind = Organisation.history.model
"""What organisations were described as, from when to when."""
OF_A_PERSON = ("id", "first_name", "last_name", "email")
"""All that is told of a person."""


@dataclass(frozen=True)
class Part:
    """Rows of one model that are a programme's, and the fields that are told of each.

    Numbers that the database gives by itself are not told: wherever the rows are taken in, they get others.
    """

    model: Kind
    among: Q

    @property
    def label(self) -> str:
        """The name of the model."""
        return self.model._meta.label_lower

    @property
    def fields(self) -> Fields:
        """The fields that are told, in the order of the model."""
        told = [each for each in columns(self.model) if not isinstance(each, AutoField)]
        return [each for each in told if self.model is not Person or each.name in OF_A_PERSON]

    def rows(self) -> Iterator[Row]:
        """The rows in the order of their keys."""
        if self.model is Person:
            return (identity_of(one) for one in Person.objects.filter(self.among).order_by("pk").iterator())
        return read_rows(self.model, among=self.among, fields=self.fields)

    def digest(self) -> Digest:
        """How many rows there are, and the hash of what they say."""
        return tally(self.model, self.rows())


def identity_of(person: Person) -> Row:
    """What is told of a person. Who has no other name is called as they sign in."""
    told = {name: getattr(person, name) for name in OF_A_PERSON}
    return told if person.get_full_name() else {**told, "first_name": person.get_username()}


def models_with_a_programme() -> list[Kind]:
    """The models whose rows have a programme: its partners, who acts for them, what is shared, records, history."""
    records = [model for _, model in sorted(RECORDS.items())]
    return [
        Programme.organisations.through,
        Membership,
        Grant,
        *records,
        *(model.history.model for model in records),
    ]


def parts_of(programme: Programme) -> dict[str, Part]:
    """Everything of the database that is the programme's, by the model's label."""
    chain, itself = Q(chain=programme.slug), Part(Programme, Q(pk=programme.pk))
    own = [itself, *(Part(model, Q(programme=programme.pk)) for model in models_with_a_programme())]
    bodies = _with_successors(_pointed(own, Organisation) | _named_in_events(programme, "organisation"))
    described = Part(DESCRIBED, Q(id__in=bodies))
    people = _pointed([*own, described], Person) | _named_in_events(programme, "by")
    found = [
        Part(Organisation, Q(pk__in=bodies)),
        Part(Person, Q(pk__in=people)),
        described,
        *own,
        Part(Event, chain),
        Part(Head, chain),
    ]
    return {part.label: part for part in found}


def programme_digests(programme: Programme, home: Path) -> Iterator[tuple[str, Digest]]:
    """Each model's rows and each file of the programme, by name with its digest: equal where nothing was lost."""
    for label, part in parts_of(programme).items():
        yield label, part.digest()
    for path in files_of(programme.slug, home):
        with path.open("rb") as file:
            yield path.relative_to(home).as_posix(), measured(file)


def files_of(slug: str, home: Path) -> list[Path]:
    """The tables of a programme as they rest, and the list of them, in order."""
    return sorted(path for pattern in ("*.json", "*.parquet") for path in (home / "tables" / slug).glob(pattern))


def _pointed(parts: Iterable[Part], at: Kind) -> set[UUID]:
    """The keys of the rows of a model to which these point."""
    found: set[UUID] = set()
    for part in parts:
        for each in part.fields:
            if each.is_relation and each.related_model is at:
                rows = part.model._base_manager.filter(part.among).order_by()
                found.update(rows.values_list(each.attname, flat=True).distinct())
    return found - {None}


def _named_in_events(programme: Programme, name: str) -> set[UUID]:
    """The keys in the programme's events; one that somebody altered may hold anything."""
    found = set()
    for key in Event.objects.filter(chain=programme.slug).order_by().values_list(name, flat=True).distinct():
        with suppress(ValueError):
            found.add(UUID(key))
    return found


def _with_successors(keys: set[UUID]) -> set[UUID]:
    """The organisations of these keys, and those that took over from them."""
    found: set[UUID] = set()
    while keys - found:
        found |= keys
        later = Organisation.objects.filter(pk__in=keys).exclude(successor=None)
        keys = set(later.values_list("successor_id", flat=True))
    return found
