"""The page of sizes: what is asked stands in its address, and every size of every option can be taken as CSV."""

from typing import Any

import polars as pl
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from parity.assumptions import assumption
from parity.documents.model import Block
from parity.layout.addresses import asked_url, register_url
from parity.layout.csv_file import frame_csv
from parity.layout.page import Page, page_response
from parity.plan.flow_answer import digest_of
from parity.plan.flow_asking import held
from parity.plan.flow_pages import HASH_SHOWN, Asked, asked_by, trail_to
from parity.plan.flow_sizes import SizesQuestion
from parity.plan.flow_sizes_answer import size_rows, sizes_answer
from parity.plan.sizes.documents import ABSENT, TOPIC, sizes_blocks
from parity.plan.sizes.forms import SizesForm
from parity.plan.sizes.rules import BECAUSE, address_of
from parity.register.policy import ProgrammeRequest
from parity.terms.errors import NotFound


@require_safe
def show_sizes(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form, and the answer to what is asked."""
    asked = asked_by(request, SizesForm)
    question, here = asked.question, reverse("plan-sizes", args=(programme,))
    if question is not None and "option" in request.GET:
        return redirect(here + _query(question))
    frame = _answer(request, asked)
    blocks: list[Block] = []
    if question is not None and frame is not None:
        is_as_ever = asked.form is not None and asked.form.is_as_ever
        desk = request.desk if is_as_ever else request.desk.supposing({"flow_sizes": frame}, because=BECAUSE)
        blocks = sizes_blocks(desk, question.asked.model)
    page = Page(TOPIC.title, TOPIC.lead, tuple(blocks), TOPIC.stage, trail_to(request, TOPIC))
    if "table" in request.GET:
        return page_response(request, page)
    context: dict[str, Any] = {
        "form": asked.form,
        "models": asked.models,
        "absent": "" if asked.models else ABSENT,
        "query": "" if question is None else _query(question),
        "digest": "" if frame is None or not _is_answered(frame) else digest_of(frame)[:HASH_SHOWN],
        "register": register_url(programme, "scenario_changes"),
        "here": here,
    }
    return page_response(request, page, template="sizes/sizes.jinja", **context)


@require_safe
def take_sizes(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every size of the question in the address as CSV. Raises NotFound where there is no answer to it."""
    asked = asked_by(request, SizesForm)
    frame = _answer(request, asked)
    if frame is None or not _is_answered(frame):
        raise NotFound("There is no answer to this question." if frame is None else frame["missing"][0])
    response = HttpResponse(frame_csv(size_rows(frame)).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sizes.csv"'
    return response


def _answer(request: ProgrammeRequest, asked: Asked[SizesQuestion]) -> pl.DataFrame | None:
    """The answer, of which a row may say why there is none; None where nothing is asked that can be answered."""
    question, tables, weeks = asked.question, asked.tables, assumption("weeks_per_year").value
    if question is None or tables is None:
        return None
    return held(request.desk, question, lambda: sizes_answer(tables, question, weeks=weeks))


def _is_answered(frame: pl.DataFrame) -> bool:
    return frame["missing"].is_null().all()


def _query(question: SizesQuestion) -> str:
    """The end of an address that asks the question."""
    return asked_url(address_of(question).items())
