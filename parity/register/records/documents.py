"""What the pages of a register say: its list as asked for, a record's facts, its sharing and its links."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from parity.documents.figure_tables import period_words, titled
from parity.documents.model import Block, Heading
from parity.layout.searching import holding
from parity.register.audit.documents import Wording, story_blocks
from parity.register.policy import KNOW, Viewer
from parity.register.programmes.models import Programme
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Grant, Sharing
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, Schema
from parity.tables import Desk
from parity.terms.errors import NotFound
from parity.terms.indicator import CATALOGUE
from parity.terms.units import Unit, write_number

Kind = TypeVar("Kind", bound=Record)
Entry = Mapping[str, Any]

PROSE = "prose"
NOTHING = "Nothing entered"
FIGURE = "figure"
SOURCE = "source"
DOCUMENTS = "documents"
KNOWN_AS, OWNER, SORT, PAGE = "known_as", "organisation", "sort", "page"
WITHDRAWN_TOO = "yes"
COLUMNS_LISTED = 4
MOST_WORDS = 10
MOST_CHOICES = 100
ANSWERS_HELD = 1024
ONE_DAY = timedelta(days=1)
TITLES = ("title", "text", "subject")
"""The columns that say in words what a record is, the best first."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a programme calls the areas and the source documents that its records name by their codes."""

    areas: Mapping[str, str]
    documents: Mapping[str, str]


class Fact(NamedTuple):
    """One line of a record: what it is called, what it says, and what the column means."""

    label: str
    words: str
    meaning: str = ""


class Tie(NamedTuple):
    """One link of a record as its reader sees it: words before and after the other end, its name and its key."""

    before: str
    name: str
    after: str
    stem: str = ""
    key: str = ""


def register_of(stem: str) -> type[Record]:
    """The model whose records make up this register. Raises NotFound for one that is not kept as records."""
    if stem not in RECORDS:
        raise NotFound("There is no such register.")
    return RECORDS[stem]


def schema_of(model: type[Record]) -> Schema:
    """The Table Schema of a register: its title, columns and key."""
    return house_schemas()[model.STEM]


def names_of(programme: Programme, desk: Desk) -> Names:
    """The names of the programme's areas and documents, by code."""
    documents = {entry["key"]: entry["title"] for entry in programme.described.get("document", ())}
    kept = desk.table(DOCUMENTS)
    if kept is not None:
        documents |= dict(kept[0].select("document", "title").iter_rows())
    return Names({code: area.name for code, area in desk.areas.items()}, documents)


def columns_listed(model: type[Record]) -> tuple[Entry, ...]:
    """The columns that a list shows beside a record's name; the first few where the register names none."""
    schema = schema_of(model)
    fields = {entry["name"]: entry for entry in schema.fields if entry["name"] not in schema.key}
    chosen = [name for name in model.LISTED if name in fields] or list(fields)[:COLUMNS_LISTED]
    return tuple(fields[name] for name in chosen)


def sortable(model: type[Record]) -> tuple[str, ...]:
    """What a list can be sorted by: a record's name, the columns it shows or names, and its owner."""
    shown = [entry["name"] for entry in columns_listed(model)]
    return tuple(dict.fromkeys((KNOWN_AS, *shown, *model.LISTED, OWNER)))


def listed(
    programme: Programme, model: type[Kind], *, viewer: Viewer | None, asked: Mapping[str, str]
) -> QuerySet[Kind]:
    """The records of a register that the viewer may see, narrowed and sorted as asked, for its pages and exports.

    `q` are words (the first ten) that must each stand in some text of the record; each of the register's FILTERS, and
    `sharing`, must equal what is asked, `organisation` its owner's code; `withdrawn=yes` brings those withdrawn too;
    `sort` is one of `sortable`, with `-` before it from the end. Whatever else is asked changes nothing.
    """
    said = {name: text.replace("\0", "").strip() for name, text in asked.items()}
    found = model.seen_by(viewer).filter(programme=programme).select_related("organisation")
    if said.get("withdrawn") != WITHDRAWN_TOO:
        # so written, and not as withdrawn=False, SQLite takes the index that has the list's order
        found = found.filter(withdrawn__in=(False,))
    exact = {OWNER: "organisation__code", "sharing": "sharing", **{name: name for name in model.FILTERS}}
    for name, lookup in exact.items():
        if said.get(name):
            found = found.filter(**{lookup: said[name]})
    return _sorted(searched(found, said.get("q", "")), said.get(SORT, ""))


def searched(found: QuerySet[Kind], text: str) -> QuerySet[Kind]:
    """Those of the records in which each word of the text, of the first ten, stands somewhere."""
    words = text.replace("\0", "").split()[:MOST_WORDS]
    names = [KNOWN_AS, *(entry["name"] for entry in schema_of(found.model).fields if entry["type"] == "string")]
    return holding(found, names, words) if words else found


def _sorted(found: QuerySet[Kind], sort: str) -> QuerySet[Kind]:
    """The records in the order asked for, what is missing last; else in the order of their places."""
    wanted, model = sort.removeprefix("-"), found.model
    if wanted not in sortable(model):
        return found.order_by("position", "id")
    columns = {KNOWN_AS: schema_of(model).key, OWNER: ("organisation__name",)}.get(wanted, (wanted,))
    ways = [F(name).desc(nulls_last=True) if sort != wanted else F(name).asc(nulls_last=True) for name in columns]
    return found.order_by(*ways, "position", "id")


@dataclass(frozen=True)
class _Question:
    """A question about records. Two are equal when the state of the records, who asks and what is asked are."""

    stem: str
    version: UUID
    who: tuple[Hashable, ...]
    asked: tuple[tuple[str, str], ...]
    records: QuerySet[Any] = field(compare=False)


def _question(programme: Programme, model: type[Record], viewer: Viewer | None, asked: Mapping[str, str]) -> _Question:
    who = (programme.pk, *(() if viewer is None else (viewer.on, viewer.standings)))
    narrowing = tuple(sorted((name, text) for name, text in asked.items() if name not in (SORT, PAGE)))
    records = listed(programme, model, viewer=viewer, asked=asked)
    return _Question(model.STEM, programme.records_version, who, narrowing, records)


@lru_cache(maxsize=ANSWERS_HELD)
def _count(question: _Question) -> int:
    return question.records.count()


@lru_cache(maxsize=ANSWERS_HELD)
def _values(question: _Question, name: str) -> tuple[str, ...]:
    there = question.records.exclude(**{name: ""}).order_by(name).values_list(name, flat=True)
    return tuple(there.distinct()[:MOST_CHOICES])


def how_many(programme: Programme, model: type[Record], *, viewer: Viewer | None, asked: Mapping[str, str]) -> int:
    """How many records `listed` gives: counted once for each state of the programme's records."""
    return _count(_question(programme, model, viewer, asked))


def filter_choices(
    programme: Programme, model: type[Record], *, viewer: Viewer | None, names: Names
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each of the register's FILTERS may be narrowed to: its allowed values, else those the viewer sees in it."""
    entries = {entry["name"]: entry for entry in schema_of(model).fields}
    question, choices = _question(programme, model, viewer, {}), {}
    for name in model.FILTERS:
        titles = names.documents if name == SOURCE else {}
        values = entries[name].get("constraints", {}).get("enum") or _values(question, name)
        choices[name] = tuple((value, titles.get(value) or choice_words(value)) for value in values)
    return choices


def label_of(entry: Entry) -> str:
    """What a reader calls a column."""
    return str(entry.get("title") or titled(entry["name"]))


def meaning_of(entry: Entry, schema: Schema) -> str:
    """What a column means, with its limits; empty where its label says it all, or where a name stands for its code."""
    told, name = entry["description"], entry["name"]
    by_name = name == SOURCE or name in schema.areas
    one_word = " " not in told and name not in schema.key
    if by_name or one_word or told.casefold() == label_of(entry).casefold():
        told = ""
    limits = entry.get("constraints", {})
    if "minimum" in limits and "maximum" in limits:
        told += f". From {write_number(limits['minimum'])} to {write_number(limits['maximum'])}"
    elif "minimum" in limits:
        told += f". At least {write_number(limits['minimum'])}"
    told = told.lstrip(". ")
    return told[:1].upper() + told[1:] + ("" if told.endswith(("…", ".")) or not told else ".")


def choice_words(value: str) -> str:
    """An allowed value as a reader sees it: a unit by its name, spaces for underscores."""
    name = value.upper()
    words = Unit[name].label if name in Unit.__members__ else value.replace("_", " ")
    return words[:1].upper() + words[1:]


def day_words(day: date) -> str:
    """A day in words: `31 March 2027`."""
    return period_words(day.isoformat())


def words_of(record: Record, entry: Entry, names: Names) -> str:
    """What a record says in one column, in words; empty where it says nothing there."""
    name = entry["name"]
    value = getattr(record, name)
    match value:
        case None | "":
            return ""
        case bool():
            return "Yes" if value else "No"
        case date():
            return day_words(value)
        case int() | float():
            return _number_words(value, record.printed.get(name + PRINTED) or "")
    if "enum" in entry.get("constraints", {}):
        return choice_words(value)
    if name in schema_of(type(record)).areas:
        return names.areas.get(value, value)
    return names.documents.get(value, value) if name == SOURCE else str(value)


def _number_words(value: float, printed: str) -> str:
    """A number as words, with what its document prints where that says more than the number."""
    digits = printed.replace(",", "").strip("£ ")
    try:
        same = not digits or float(digits) == value
    except ValueError:
        same = False
    return write_number(value) if same else f"{write_number(value)} (“{printed}”)"


def record_name(record: Record) -> str:
    """What people call a record: `Risk 3`, `Milestone A.1 2`."""
    return f"{kind_words(type(record))} {code_words(record)}"


def kind_words(model: type[Record]) -> str:
    """What one record of a register is called, with a capital: `Risk`."""
    return titled(model.KIND or "record")


def a_record(model: type[Record]) -> str:
    """One record of a register inside a sentence: `a risk`, `an agreement`."""
    kind = model.KIND or "record"
    return f"{'an' if kind.startswith(tuple('aeiou')) else 'a'} {kind}"


def code_words(record: Record) -> str:
    """A record's code as a reader sees it."""
    return record.known_as.replace("/", " ")


def title_of(record: Record) -> str:
    """What the record is, in words; empty where no column says so."""
    names = [entry["name"] for entry in schema_of(type(record)).fields]
    return next((str(getattr(record, name)) for name in TITLES if name in names), "")


def facts_of(record: Record, names: Names) -> list[Fact]:
    """Every column of the record in the order of its table: label, what it says, what the column means."""
    schema = schema_of(type(record))
    return [
        Fact(label_of(entry), words_of(record, entry, names) or NOTHING, meaning_of(entry, schema))
        for entry in schema.fields
    ]


def story_of(record: Record, viewer: Viewer, names: Names) -> list[Block]:
    """What happened to the record, as far as the viewer may know it, under a heading of its own."""
    wording = Wording(label_of, lambda state, entry: words_of(state, entry, names))
    return [Heading("Story"), *story_blocks(record, viewer, wording)]


def keeping_of(record: Record, viewer: Viewer) -> list[Fact]:
    """Who keeps the record, with whom it is shared, for which lot, and who holds it."""
    holder, last = record.held_by, record.history.order_by("-history_date", "-history_id").first()
    return [
        Fact("Kept by", record.organisation.name),
        Fact("Shared with", sharing_words(record, viewer)),
        Fact("Lot", record.lot or "All lots"),
        Fact("Held by", "Nobody by name" if holder is None else holder.get_full_name() or holder.get_username()),
        Fact("Last changed", f"{day_words(localdate(last.history_date))}, version {record.version}"),
    ]


def last_day(ends_on: date | None) -> date | None:
    """The last day of something that ends on a day: the day before; None where it has no end."""
    return ends_on and ends_on - ONE_DAY


def grants_of(record: Record, on: date) -> QuerySet[Grant]:
    """The organisations a record is shared with by name on a day, with their names."""
    return (
        Grant.objects.filter(Grant.on(on), record=record.pk)
        .select_related("organisation")
        .order_by("organisation__name")
    )


def sharing_words(record: Record, viewer: Viewer) -> str:
    """With whom the record is shared. Only its owner reads who else was named: others read about themselves."""
    if record.sharing != Sharing.NAMED:
        return str(Sharing(record.sharing).label) if record.sharing != Sharing.PRIVATE else "Nobody else"
    ours = {standing.organisation for standing in viewer.standings}
    told = grants_of(record, viewer.on)
    if not KNOW.holds(viewer, record):
        told = told.filter(organisation__in=ours)
    named = ((grant.organisation.name, last_day(grant.ends_on)) for grant in told)
    words = (f"{name}, {f'until {day_words(last)}' if last else 'without end'}" for name, last in named)
    return "; ".join(words) or "Organisations that were named, for none of them today"


def ties_of(record: Record, viewer: Viewer) -> list[Tie]:
    """The links from and to a record whose other end the viewer may see; a figure by its title."""
    this = str(record.pk)
    thread: Any = RECORDS["thread"]
    links = thread.seen_by(viewer).filter(programme=record.programme_id, withdrawn=False)
    rows = list(
        links.filter(Q(from_end=this) | Q(to_end=this))
        .order_by("position", "id")
        .values_list("from_end", "from_kind", "relation", "to_kind", "to_end")
    )
    others = [(to_kind, to) if end == this else (kind, end) for end, kind, _, to_kind, to in rows]
    seen = _seen_ends(others, viewer)
    ties = []
    for (end, _, relation, _, _), other in zip(rows, others, strict=True):
        if other not in seen:
            continue
        kind, (name, stem, key) = other[0], seen[other]
        before, after = (f"{titled(relation)} {kind}", "") if end == this else (titled(kind), f"{relation} this")
        ties.append(Tie(before, name, after, stem, key))
    return ties


def _seen_ends(ends: Iterable[tuple[str, str]], viewer: Viewer) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Those of the ends, each a kind and an id or a figure's key, that the viewer may see: name, register and key."""
    keys: dict[str, set[str]] = {}
    for kind, end in ends:
        keys.setdefault(kind, set()).add(end)
    models = {model.KIND: model for model in RECORDS.values() if model.KIND}
    found = {(FIGURE, key): (CATALOGUE[key].title, FIGURE, key) for key in keys.pop(FIGURE, set()) & set(CATALOGUE)}
    for kind in keys.keys() & models.keys():
        records = models[kind].seen_by(viewer).filter(pk__in=keys[kind], withdrawn=False)
        found |= {(kind, str(one.pk)): (named(one), one.STEM, str(one.pk)) for one in records}
    return found


def named(record: Record) -> str:
    """A record by its code and what it is: `A.1: One team for each district`."""
    title = title_of(record)
    return f"{code_words(record)}: {title}" if title else code_words(record)
