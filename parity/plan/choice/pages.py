"""The page of a choice among options: what is asked stands in its address, and every portfolio can be taken as CSV."""

from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parity.documents.model import Block
from parity.layout.addresses import asked_url, register_url
from parity.layout.csv_file import frame_csv
from parity.layout.page import Page, page_response
from parity.plan.choice.actions import ANSWER, answer_on
from parity.plan.choice.documents import ABSENT, TOPIC, choice_blocks
from parity.plan.choice.forms import QuestionForm
from parity.plan.choice.rules import BECAUSE, JOB, address_of
from parity.plan.flow_answer import COLUMNS, digest_of, portfolio_rows
from parity.plan.flow_asking import told_on
from parity.plan.flow_choice import Question
from parity.plan.flow_pages import HASH_SHOWN, Asked, asked_by, trail_to
from parity.plan.flow_tables import faults_of
from parity.register.jobs.actions import enqueue, file_of, job_for
from parity.register.jobs.models import Job
from parity.register.jobs.rules import DONE
from parity.register.policy import ProgrammeRequest
from parity.terms.errors import NotFound, WrongState


@require_http_methods(("GET", "HEAD", "POST"))
def show_choice(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form, and the answer to what is asked; or how far it is, where it is worked out in the background."""
    asked = asked_by(request, QuestionForm)
    question, here = asked.question, reverse("plan-choice", args=(programme,))
    if question is not None and (request.method == "POST" or "option" in request.GET):
        if request.method == "POST" and question.is_large:
            _ask(request, question)
        return redirect(here + _query(question))
    job = None if question is None or not question.is_large else _job(request, question)
    frame, sentence = _answer(request, asked, question, job)
    blocks: list[Block] = []
    if question is not None and frame is not None:
        is_as_ever = asked.form is not None and asked.form.is_as_ever and not question.is_large
        desk = request.desk if is_as_ever else request.desk.supposing({"flow_portfolios": frame}, because=BECAUSE)
        blocks = choice_blocks(desk, question.model)
    page = Page(TOPIC.title, TOPIC.lead, tuple(blocks), TOPIC.stage, trail_to(request, TOPIC))
    if "table" in request.GET:
        return page_response(request, page)
    context: dict[str, Any] = {
        "form": asked.form,
        "models": asked.models,
        "question": question,
        "job": job,
        "sentence": sentence,
        "absent": "" if asked.models else ABSENT,
        "query": "" if question is None else _query(question),
        "digest": "" if frame is None else digest_of(frame)[:HASH_SHOWN],
        "register": register_url(programme, "scenario_changes"),
        "here": here,
    }
    return page_response(request, page, template="choice/choice.jinja", **context)


@require_safe
def take_portfolios(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every portfolio of the question in the address as CSV. Raises NotFound where there is no answer to it."""
    asked = asked_by(request, QuestionForm)
    question = asked.question
    job = None if question is None or not question.is_large else _job(request, question)
    frame, sentence = _answer(request, asked, question, job)
    if frame is None:
        raise NotFound(sentence or "There is no answer to this question yet.")
    response = HttpResponse(
        frame_csv(portfolio_rows(frame)).encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="portfolios.csv"'
    return response


def _answer(
    request: ProgrammeRequest, asked: Asked[Question], question: Question | None, job: Job | None
) -> tuple[pl.DataFrame | None, str]:
    """The answer, or None and a sentence that says why there is none; the sentence is empty where a job brings it."""
    if question is None or asked.tables is None:
        return None, ""
    if question.is_large:
        faults = faults_of(told_on(asked.tables, question.model))
        is_done = job is not None and job.state == DONE
        if faults or job is None or not is_done:
            return None, " ".join(faults)
        return pl.read_ndjson(file_of(job, ANSWER, by=request.user, on=request.viewer.on), schema=COLUMNS), ""
    try:
        return answer_on(request.desk, asked.tables, question), ""
    except WrongState as error:
        return None, str(error)


def _payload(request: ProgrammeRequest, question: Question) -> dict[str, Any]:
    return {"programme": request.programme.slug, "question": question.as_dict()}


def _job(request: ProgrammeRequest, question: Question) -> Job | None:
    """The person's own job for the question, where it was asked for."""
    told: dict[str, Any] = {"by": request.user, "on": request.viewer.on, "programme": request.programme}
    return job_for(JOB, _payload(request, question), **told)


def _ask(request: ProgrammeRequest, question: Question) -> None:
    """Nothing; the question is worked out in the background."""
    told: dict[str, Any] = {"by": request.user, "on": request.viewer.on, "programme": request.programme}
    enqueue(JOB, _payload(request, question), **told)
    messages.success(request, "The portfolios are worked out in the background.")


def _query(question: Question) -> str:
    """The end of an address that asks the question."""
    return asked_url(address_of(question.as_dict()).items())
