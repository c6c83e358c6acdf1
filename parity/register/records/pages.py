"""The pages of every register: its list, a record, and the forms by which a record is added, changed and shared."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parity.layout.addresses import asked_url, record_url, register_url, stage_url
from parity.layout.forms import FaultForm
from parity.layout.page import Page, Trail, page_response
from parity.layout.paging import pagination, shown_words
from parity.layout.topic_pages import programme_trail
from parity.register.policy import CHANGE, KEEP, SHARE, ProgrammeRequest, check, the_visible
from parity.register.records.actions import (
    add_records,
    as_cells,
    change_record,
    note_listing,
    note_reading,
    restore_record,
    share_record,
    withdraw_record,
)
from parity.register.records.documents import (
    KNOWN_AS,
    OWNER,
    PAGE,
    SORT,
    Names,
    a_record,
    code_words,
    columns_listed,
    facts_of,
    filter_choices,
    grants_of,
    how_many,
    keeping_of,
    kind_words,
    label_of,
    listed,
    names_of,
    record_name,
    register_of,
    schema_of,
    sharing_words,
    story_of,
    ties_of,
    title_of,
    words_of,
)
from parity.register.records.forms import (
    ChangedRecordForm,
    FilterForm,
    NewRecordForm,
    ReasonForm,
    SharingForm,
    owners,
)
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.sources.brought.table_schema import NUMERIC
from parity.terms.errors import NotAllowed, WrongState
from parity.terms.units import Unit

PER_PAGE = 25
CLIP = 160
MENU = "registers"
STAGES = {"register": "Shared by all stages"}
ACTS = {
    "Change": "edit", "Change lot or holder": "keep", "Share": "share", "Hand over": "give", "Withdraw": "withdraw",
    "Restore": "restore",
}  # fmt: skip
"""Each button of a record's page, and the last part of its address."""
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@require_safe
def show_registers(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every register of the programme by stage, with how many records the viewer sees in it."""
    stages: dict[str, list[tuple[str, str, str]]] = {}
    for stem, model in RECORDS.items():
        seen = how_many(request.programme, model, viewer=request.viewer, asked={})
        label = model._meta.app_label
        row = (schema_of(model).title, register_url(programme, stem), Unit.COUNT.write(seen))
        stages.setdefault(STAGES.get(label, label.title()), []).append(row)
    context = {"title": "Registers", "stage": MENU, "trail": programme_trail(request), "stages": stages}
    return render(request, "records/registers.jinja", context)


@require_safe
def show_register(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponse:
    """A page of the records of one register that the viewer may see, searched, narrowed and sorted as asked."""
    model = register_of(stem)
    asked = {name: str(text) for name, text in request.GET.items() if text}
    found = listed(request.programme, model, viewer=request.viewer, asked=asked)
    # first the keys in their order, then what the page shows: a database sorts narrow rows far faster
    paginator = Paginator(found.values_list("pk", flat=True), PER_PAGE)
    paginator.count = how_many(request.programme, model, viewer=request.viewer, asked=asked)
    page = paginator.get_page(asked.get(PAGE))
    rows = list(found.filter(pk__in=list(page)))
    note_listing(request.programme, rows, by=request.user, on=request.viewer.on)
    names = names_of(request.programme, request.desk)
    choices = filter_choices(request.programme, model, viewer=request.viewer, names=names)
    form = FilterForm(model, choices, request.programme.organisations.all(), data=request.GET)
    context = {
        "title": schema_of(model).title,
        "stage": MENU,
        "trail": _trail(request),
        "form": form,
        "head": _head(model, asked),
        "rows": [_row(programme, record, names) for record in rows],
        "caption": shown_words(page, "record"),
        "narrowed": any(name in form.fields and name != SORT for name in asked),
        "asked_more": any(name in form.fields and name != "q" for name in asked),
        "pages": pagination(page, asked.items()),
        "one": a_record(model),
        "add": register_url(programme, stem) + "new/" if owners(request.programme, request.viewer).exists() else "",
    }
    return render(request, "records/register.jinja", context)


def _head(model: type[Record], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The headings of a list: each a link that sorts by its column, once more from the end."""
    columns = [(KNOWN_AS, kind_words(model), False)]
    columns += [(entry["name"], label_of(entry), entry["type"] in NUMERIC) for entry in columns_listed(model)]
    columns.append((OWNER, "Kept by", False))
    sort, head = asked.get(SORT, ""), []
    for name, label, numeric in columns:
        state = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
        href = asked_url(asked.items(), sort=f"-{name}" if sort == name else name, page="")
        head.append({"text": label, "href": href, "sort": state, "numeric": numeric})
    return head


def _row(programme: str, record: Record, names: Names) -> list[dict[str, str]]:
    """The cells of a line of a list: the record's name as a link to it, what it says, and who keeps it."""
    name = code_words(record) + (" (withdrawn)" if record.withdrawn else "")
    first = {"text": name, "href": record_url(programme, record.STEM, str(record.pk))}
    said = [{"text": _clipped(words_of(record, entry, names)) or "–"} for entry in columns_listed(type(record))]
    return [first, *said, {"text": record.organisation.name}]


def _address(record: Record, act: str = "") -> str:
    return record_url(record.programme.slug, record.STEM, str(record.pk), act)


def _clipped(text: str) -> str:
    return text if len(text) <= CLIP else f"{text[:CLIP].rstrip()}…"


@require_safe
def show_record(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """A record: what it says, how it is kept and shared, what it is linked with, and its story."""
    found = _found(request, stem, record)
    note_reading(found, by=request.user, on=request.viewer.on)
    names = names_of(request.programme, request.desk)
    story = tuple(story_of(found, request.viewer, names))
    page = Page(record_name(found), title_of(found), story, MENU, _trail(request, type(found)))
    return page_response(
        request,
        page,
        template="records/record.jinja",
        record=found,
        facts=facts_of(found, names),
        keeping=keeping_of(found, request.viewer),
        ties=ties_of(found, request.viewer),
        acts=_acts(request, found),
    )


def _acts(request: ProgrammeRequest, record: Record) -> list[tuple[str, str]]:
    """What the viewer may do with a record: words and address of each form."""
    acts = ["Change"] if CHANGE.holds(request.viewer, record) else []
    if acts and KEEP.holds(request.viewer, record):
        acts += ["Change lot or holder"]
    if SHARE.holds(request.viewer, record):
        acts += ["Restore"] if record.withdrawn else ["Share", "Hand over", "Withdraw"]
    return [(words, _address(record, ACTS[words])) for words in acts]


@FORMS
def show_new(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponse:
    """The form for a new record, filled in as the address says; once it was taken in, the way to it."""
    model = register_of(stem)
    if not owners(request.programme, request.viewer).exists():
        raise NotAllowed("Your role does not let you add records here.")
    names = names_of(request.programme, request.desk)
    whose: dict[str, Any] = {"programme": request.programme, "viewer": request.viewer}
    # how a record is kept no address may choose beforehand
    given = {name: text for name, text in request.GET.items() if not name.startswith("kept_")}
    form = NewRecordForm(model, names, **whose, data=_sent(request), initial=given)

    def add() -> Record:
        cells, keeping = as_cells(model, [form.cells()]), form.keeping()
        return add_records(request.programme, model, cells, keeping=keeping, by=request.user, on=request.viewer.on)[0]

    made = form.done(add)
    if made is not None:
        return _back(request, made, f"{record_name(made)} was added.")
    title = f"Add {a_record(model)}"
    place = {"back": register_url(programme, stem), "trail": _trail(request, model)}
    context = {"title": title, "submit": "Add", "keeping": "How it is kept", **place}
    return _asked(request, form, context, template="records/record_form.jinja")


@FORMS
def show_edit(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form that changes a record; once it was taken in, the way back to it."""
    found = _found(request, stem, record)
    check(CHANGE, request.viewer, found)
    if request.method != "POST":
        note_reading(found, by=request.user, on=request.viewer.on)
    form = ChangedRecordForm(found, names_of(request.programme, request.desk), data=_sent(request))

    def change() -> Record:
        seen, reason = form.cleaned_data["kept_seen"], form.cleaned_data["kept_reason"]
        return change_record(found, form.cells(), by=request.user, on=request.viewer.on, reason=reason, seen=seen)

    try:
        done = form.done(change)
    except WrongState as stale:
        form, done = form.rebased(_found(request, stem, record), str(stale)), None
    if done is not None:
        same = done.version == found.version
        return _back(request, done, "Nothing was changed." if same else f"{record_name(done)} was changed.")
    context = _about(request, found, title=f"Change {_name_within(found)}", submit="Save")
    return _asked(request, form, context, template="records/record_form.jinja")


@FORMS
def show_sharing(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form that says with whom a record is shared; once it was taken in, the way back to it."""
    found = _found(request, stem, record)
    check(SHARE, request.viewer, found)
    on = request.viewer.on
    form = SharingForm(found, grants_of(found, on), on=on, data=_sent(request))

    def share() -> Record:
        said = form.cleaned_data
        return share_record(
            found, said["sharing"], named=form.named(), by=request.user, on=on, reason=said["reason"]
        )  # fmt: skip

    done = form.done(share)
    if done is not None:
        return _back(request, done, f"{record_name(done)} is shared with: {sharing_words(done, request.viewer)}.")
    context = _about(request, found, title=f"Share {_name_within(found)}", submit="Share")
    return _asked(request, form, context, template="records/share.jinja")


@FORMS
def show_withdrawal(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form that withdraws a record, with the reason; once it was taken in, the way back to it."""
    said = "It stays with its story, but no list and no figure counts it any more. You can restore it."
    return _reasoned(request, _found(request, stem, record), withdraw_record, words=("Withdraw", "withdrawn", said))


@FORMS
def show_restoration(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form that restores a withdrawn record, with the reason; once it was taken in, the way back to it."""
    said = "Lists and figures will count it again."
    return _reasoned(request, _found(request, stem, record), restore_record, words=("Restore", "restored", said))


def _reasoned(
    request: ProgrammeRequest, record: Record, act: Callable[..., Record], *, words: tuple[str, str, str]
) -> HttpResponse:
    """The form for an act that needs a reason; straight back to a record of which it is true already."""
    verb, past, said = words
    check(SHARE, request.viewer, record)
    if record.withdrawn == (act is withdraw_record):
        return _back(request, record, f"{record_name(record)} is {past} already." if record.withdrawn else "")
    form = ReasonForm(data=_sent(request))

    def done_so() -> Record:
        return act(record, by=request.user, on=request.viewer.on, reason=form.cleaned_data["reason"])

    done = form.done(done_so)
    if done is not None:
        return _back(request, done, f"{record_name(done)} was {past}.")
    return _asked(
        request, form, _about(request, record, title=f"{verb} {_name_within(record)}", submit=verb) | {"said": said}
    )


def _found(request: ProgrammeRequest, stem: str, key: UUID) -> Record:
    """The record of the programme. Raises NotFound where there is none that the viewer may see."""
    records = register_of(stem)._default_manager.filter(programme=request.programme)
    return the_visible(records.select_related("organisation", "held_by", "programme"), request.viewer, key)


def _sent(request: ProgrammeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _back(request: ProgrammeRequest, record: Record, told: str) -> HttpResponse:
    """The way to the record's page, which then says what was done."""
    if told:
        messages.success(request, told)
    return redirect(_address(record))


def _about(request: ProgrammeRequest, record: Record, *, title: str, submit: str) -> dict[str, Any]:
    """What a form about one record shows besides its fields."""
    trail = (*_trail(request, type(record)), (record_name(record), _address(record)))
    return {"title": title, "submit": submit, "back": _address(record), "trail": trail, "about": title_of(record)}


def _asked(
    request: ProgrammeRequest, form: FaultForm, context: Mapping[str, Any], *, template: str = "layout/act.jinja"
) -> HttpResponse:
    return render(request, template, {"form": form, "stage": MENU, **context})


def _name_within(record: Record) -> str:
    """A record's name inside a sentence: `risk 3`."""
    name = record_name(record)
    return f"{name[:1].lower()}{name[1:]}"


def _trail(request: ProgrammeRequest, model: type[Record] | None = None) -> Trail:
    """The breadcrumb down to the registers, or to one of them."""
    slug = request.programme.slug
    above = (*programme_trail(request), ("Registers", stage_url(slug, MENU)))
    return above if model is None else (*above, (schema_of(model).title, register_url(slug, model.STEM)))
