"""The registers as an API: made from the same Table Schemas as their pages, and under the same policy."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status
from pydantic import create_model

from parity.layout.api_shapes import (
    IF_MATCH,
    IF_NONE_MATCH,
    LONGEST_KEY,
    ONCE,
    REFUSED,
    STALE,
    TYPES,
    Day,
    Given,
    Words,
)
from parity.layout.cursors import cursor_of, place_of
from parity.register.people.models import Person
from parity.register.policy import ProgrammeRequest, the_visible
from parity.register.records.actions import (
    Keeping,
    add_records,
    as_cells,
    change_record,
    note_listing,
    note_reading,
    restore_record,
    share_record,
    values_of,
    withdraw_record,
    written,
)
from parity.register.records.documents import searched
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Grant, Sharing
from parity.register.tokens.models import Answered
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import whole
from parity.terms.errors import Fault, InputRefused, Stale, Unconditional, WrongState

AT_ONCE, MOST_AT_ONCE = 100, 500


class Why(Given):
    """Why it is done."""

    reason: Words = Field(description="A sentence that stays in the record's story.", min_length=1)


class Named(Given):
    """An organisation a record is shared with, until the day before `until` or without end."""

    organisation: Words = Field(description="The organisation's code.")
    until: Day | None = None


class Shared(Given):
    """With whom a record is shared."""

    sharing: Sharing
    named: list[Named] = Field([], description="The organisations, where it is shared by name.")
    reason: Words = ""


class Asked(Schema):
    """Which records are asked for, and from where on."""

    q: str = Field("", description="Words, each of which stands in a text of the record.")
    withdrawn: bool = Field(False, description="Those that were withdrawn, instead of those that hold.")
    cursor: str | None = Field(None, description="`next` of the page before.")
    limit: int = Field(AT_ONCE, ge=1, le=MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Shapes:
    """What one register's records look like, coming in and going out."""

    cells: type[Schema]
    new: type[Schema]
    change: type[Schema]
    record: type[Schema]
    page: type[Schema]


def shapes(stem: str) -> Shapes:
    """The shapes of a register's records, from its Table Schema. What a column may hold is checked by that alone."""
    name = "".join(word.title() for word in stem.split("_"))
    columns = {entry["name"]: (TYPES[entry["type"]] | None, _column(entry)) for entry in house_schemas()[stem].fields}
    needed = [entry["name"] for entry in house_schemas()[stem].fields if _limits(entry).get("required")]
    cells = create_model(f"{name}Cells", __base__=Given, **columns)  # type: ignore[call-overload]
    new_cells = create_model(f"{name}NewCells", __base__=cells)
    new_cells.model_config = {**cells.model_config, "json_schema_extra": {"required": needed}}
    new_cells.model_rebuild(force=True)
    new = create_model(
        f"{name}New",
        __base__=Given,
        organisation=(Words, Field(description="The code of the organisation that keeps it.")),
        sharing=(Sharing, Sharing.PRIVATE),
        lot=(Words, Field("", max_length=60)),
        reason=(Words, ""),
        values=(new_cells, ...),
    )
    change = create_model(f"{name}Change", __base__=Given, reason=(Words, ""), values=(cells, ...))
    record = create_model(
        f"{name}Record",
        __base__=Schema,
        id=(UUID, ...),
        code=(str, Field(description="What people call it: the values of its key.")),
        version=(int, Field(description="One more after every change; its ETag.")),
        organisation=(str, Field(description="The code of the organisation that keeps it.")),
        sharing=(Sharing, ...),
        shared_with=(list[str], Field(description="The codes of the organisations it is shared with by name.")),
        lot=(str, ...),
        withdrawn=(bool, ...),
        values=(cells, ...),
    )
    page = create_model(f"{name}Page", __base__=Schema, items=(list[record], ...), next=(str | None, ...))  # type: ignore[valid-type]
    return Shapes(cells, new, change, record, page)


def _limits(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    limits: Mapping[str, Any] = entry.get("constraints", {})
    return limits


def _column(entry: Mapping[str, Any]) -> Any:
    """What the description says of a column: its meaning, and what it may hold; any may be null."""
    limits = _limits(entry)
    told: dict[str, Any] = {name: value for name, value in limits.items() if name not in ("required", "unique", "enum")}
    if "enum" in limits:
        told["enum"] = [*limits["enum"], None]
    if "pattern" in limits:
        told["pattern"] = whole(limits["pattern"])
    return Field(None, description=entry["description"], json_schema_extra=told)


def told(records: Iterable[Record]) -> list[dict[str, Any]]:
    """The records as the API tells them."""
    kept = list(records)
    granted: dict[UUID, list[str]] = {}
    by_name = [record.pk for record in kept if record.sharing == Sharing.NAMED]
    if by_name:
        rows = Grant.objects.filter(record__in=by_name).values_list("record", "organisation__code")
        for key, code in rows.order_by("organisation__code"):
            granted.setdefault(key, []).append(code)
    return [
        {
            "id": record.pk,
            "code": record.known_as,
            "version": record.version,
            "organisation": record.organisation.code,
            "sharing": record.sharing,
            "shared_with": granted.get(record.pk, []),
            "lot": record.lot,
            "withdrawn": record.withdrawn,
            "values": values_of(record),
        }
        for record in kept
    ]


def registers_router() -> Router:
    """The operations of every register."""
    router = Router(tags=["registers"])
    for stem, model in sorted(RECORDS.items()):
        router.add_router(f"/{stem}", register_router(model))
    return router


def register_router(model: type[Record]) -> Router:
    """The operations of one register: list, read, add, change, share, withdraw and restore."""
    router, shape = Router(tags=[house_schemas()[model.STEM].title]), shapes(model.STEM)
    _add_reading(router, model, shape)
    _add_writing(router, model, shape)
    _add_sharing(router, model, shape)
    for verb, act in (("withdraw", withdraw_record), ("restore", restore_record)):
        _add_verb(router, model, verb, act, {HTTPStatus.OK: shape.record, **STALE})
    return router


def _add_reading(router: Router, model: type[Record], shape: Shapes) -> None:
    one, stem = {HTTPStatus.OK: shape.record}, model.STEM

    @router.get(
        "", response={HTTPStatus.OK: shape.page, **REFUSED}, url_name=f"{stem}-list", operation_id=f"list_{stem}"
    )
    def list_records(request: HttpRequest, programme: Path[str], asked: Query[Asked]) -> Any:
        """The records that you may see, in the order in which they were added."""
        return _page(model, _known(request), asked)

    @router.get(
        "/{record}",
        response={**one, HTTPStatus.NOT_MODIFIED: None, **REFUSED},
        operation_id=f"read_{stem}",
        openapi_extra=IF_NONE_MATCH,
    )
    def read_record(request: HttpRequest, programme: Path[str], record: UUID, response: HttpResponse) -> Any:
        """One record, with its version as ETag."""
        known = _known(request)
        found = _found(model, known, record)
        if model.SENSITIVE:
            note_reading(found, by=known.user, on=known.viewer.on)
        return _answer(found, response, known.headers.get("If-None-Match"))


def _add_writing(router: Router, model: type[Record], shape: Shapes) -> None:
    one, stem = {HTTPStatus.OK: shape.record}, model.STEM

    @router.post(
        "",
        response={HTTPStatus.CREATED: shape.record, **STALE},
        operation_id=f"add_{stem}",
        openapi_extra=ONCE,
    )
    def add_record(
        request: HttpRequest,
        programme: Path[str],
        given: shape.new,  # type: ignore[name-defined]
        response: HttpResponse,
    ) -> Any:
        """The new record. Sent again with the same Idempotency-Key, it is not added again."""
        record = _added(model, _known(request), given.dict())
        response["Location"] = f"{request.path}/{record.pk}"
        return Status(HTTPStatus.CREATED, _answer(record, response))

    @router.patch("/{record}", response={**one, **STALE}, operation_id=f"change_{stem}", openapi_extra=IF_MATCH)
    def change(
        request: HttpRequest,
        programme: Path[str],
        record: UUID,
        given: shape.change,  # type: ignore[name-defined]
        response: HttpResponse,
    ) -> Any:
        """The record with these values; those not named stay. Needs If-Match with the ETag you read."""
        known = _known(request)
        cells = _cells(given.dict(exclude_unset=True)["values"])
        found = _found(model, known, record)
        seen = _seen(known, found)
        done = change_record(found, cells, by=known.user, on=known.viewer.on, reason=given.reason, seen=seen)
        return _answer(done, response)


def _add_sharing(router: Router, model: type[Record], shape: Shapes) -> None:
    one, stem = {HTTPStatus.OK: shape.record}, model.STEM

    @router.post("/{record}/share", response={**one, **STALE}, operation_id=f"share_{stem}", openapi_extra=IF_MATCH)
    def share(request: HttpRequest, programme: Path[str], record: UUID, given: Shared, response: HttpResponse) -> Any:
        """The record, shared as said. Needs If-Match."""
        known = _known(request)
        found = _found(model, known, record)
        _seen(known, found)
        named = _partners(known, given.named)
        done = share_record(found, given.sharing, named=named, by=known.user, on=known.viewer.on, reason=given.reason)
        return _answer(done, response)


def _add_verb(router: Router, model: type[Record], verb: str, act: Any, answers: dict[Any, Any]) -> None:
    @router.post(
        f"/{{record}}/{verb}",
        response=answers,
        operation_id=f"{verb}_{model.STEM}",
        summary=verb.title(),
        openapi_extra=IF_MATCH,
    )
    def done(request: HttpRequest, programme: Path[str], record: UUID, why: Why, response: HttpResponse) -> Any:
        """The record afterwards. Needs If-Match and a reason."""
        known = _known(request)
        found = _found(model, known, record)
        _seen(known, found)
        return _answer(act(found, by=known.user, on=known.viewer.on, reason=why.reason), response)


def _known(request: HttpRequest) -> ProgrammeRequest:
    """The request with what the middleware brought: nobody comes here without."""
    return cast(ProgrammeRequest, request)


def _all(model: type[Record], known: ProgrammeRequest) -> Any:
    return model.seen_by(known.viewer).filter(programme=known.programme).select_related("organisation", "programme")


def _found(model: type[Record], known: ProgrammeRequest, key: UUID) -> Record:
    return cast(Record, the_visible(_all(model, known), known.viewer, key))


def _page(model: type[Record], known: ProgrammeRequest, asked: Asked) -> dict[str, Any]:
    """A page of records in the order of their places; the cursor is the last one's place."""
    # so written, SQLite takes the index that has the list's order
    found = searched(_all(model, known).filter(withdrawn__in=(asked.withdrawn,)), asked.q)
    if asked.cursor is not None:
        position, key = place_of(asked.cursor)
        found = found.filter(position__gte=position).exclude(position=position, pk__lte=key)
    rows = list(found.order_by("position", "id")[: asked.limit + 1])
    page, more = rows[: asked.limit], len(rows) > asked.limit
    note_listing(known.programme, page, by=known.user, on=known.viewer.on)
    return {"items": told(page), "next": cursor_of(page[-1].position, page[-1].pk) if more else None}


def _answer(record: Record, response: HttpResponse, known: str | None = None) -> Any:
    """The record with its ETag, or nothing where the client has this version already."""
    tag = f'"{record.version}"'
    response["ETag"] = tag
    if known is not None and tag in [one.strip().removeprefix("W/") for one in known.split(",")]:
        return Status(HTTPStatus.NOT_MODIFIED, None)
    return told([record])[0]


def _seen(known: ProgrammeRequest, record: Record) -> int:
    """The version that the client read. Raises Unconditional where it does not say, Stale where it is not the last."""
    tag = known.headers.get("If-Match")
    if tag is None:
        raise Unconditional("Send the ETag you read as If-Match.")
    if tag.strip() not in ("*", f'"{record.version}"'):
        raise Stale("This record has changed since you read it: read it again, then send your change.")
    return record.version


def _cells(values: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else written(value) for name, value in values.items()}


@transaction.atomic
def _added(model: type[Record], known: ProgrammeRequest, given: dict[str, Any]) -> Record:
    """The new record, or the one that the same request added before. Raises WrongState for a key used otherwise."""
    key = known.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise InputRefused([Fault(model.STEM, f"An Idempotency-Key has at most {LONGEST_KEY} characters.")])
    asked = hashlib.sha256(json.dumps([known.path, given], sort_keys=True, default=str).encode()).hexdigest()
    if key:
        # held until the transaction ends, so that the same request sent twice at once is done once
        Person.objects.select_for_update().get(pk=known.user.pk)
    before = Answered.objects.filter(person=known.user, key=key).first() if key else None
    now = timezone.now()
    if before is not None and not Answered.objects.filter(Answered.kept(now), pk=before.pk).exists():
        before.delete()
    elif before is not None:
        if before.asked != asked:
            raise WrongState("This Idempotency-Key was used for another request.")
        return _found(model, known, before.record)
    partner = known.programme.organisations.filter(code=given["organisation"]).first()
    if partner is None:
        sentence = f"No organisation “{given['organisation']}” takes part in this programme."
        raise InputRefused([Fault(model.STEM, sentence, column="organisation")])
    if given["sharing"] == Sharing.NAMED:
        sentence = "Add the record first, then share it with those you name."
        raise InputRefused([Fault(model.STEM, sentence, column="sharing")])
    keeping = Keeping(partner, given["sharing"], given["lot"], reason=given["reason"])
    cells = as_cells(model, [_cells(given["values"])])
    (record,) = add_records(known.programme, model, cells, keeping=keeping, by=known.user, on=known.viewer.on)
    if key:
        Answered.objects.create(person=known.user, key=key, asked=asked, record=record.pk, at=now)
    return record


def _partners(known: ProgrammeRequest, named: Iterable[Named]) -> dict[Any, date | None]:
    """Each organisation that is named, until when. Raises InputRefused for one that takes no part."""
    partners = {partner.code: partner for partner in known.programme.organisations.all()}
    strange = [one.organisation for one in named if one.organisation not in partners]
    if strange:
        sentence = f"No organisation “{strange[0]}” takes part in this programme."
        raise InputRefused([Fault("share", sentence, column="named")])
    return {partners[one.organisation]: one.until for one in named}
