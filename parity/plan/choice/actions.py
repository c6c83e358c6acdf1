"""Working out the answer to a question of choice: at once, or in the background, where the job's files keep it."""

import os
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

from parity.assumptions import assumption
from parity.layout.csv_file import frame_csv
from parity.plan.flow_answer import answer, answered, digest_of, portfolio_rows
from parity.plan.flow_asking import held, tables_on, told_on
from parity.plan.flow_choice import Question, question_from, ready
from parity.plan.flow_tables import FlowTables, faults_of
from parity.register.jobs.actions import Progress
from parity.register.policy import enters, viewer_of
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed, WrongState

ANSWER, EVERY = "answer.json", "portfolios.csv"
"""The files of a job: all of the answer, and every portfolio for people to read."""
RUNNING, WRITING = "Running portfolios", "Comparing them"


def answer_on(desk: Desk, tables: FlowTables, question: Question) -> pl.DataFrame:
    """The answer to a question that is not large, as `flow_answer.answer`; held for who asks the same again.

    Raises WrongState as `flow_choice.asked_of` and `flow_answer.answered` do.
    """
    weeks = assumption("weeks_per_year").value
    return held(desk, question, lambda: answer(tables, question, weeks=weeks))


def work_out_job(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The hash of the answer, which is in the job's files: to the payload's question, of what the person may see.

    Raises NotAllowed where the person may not enter the programme any more, WrongState where there is no answer.
    """
    programme, today = progress.job.programme, timezone.localdate()
    if programme is None or not enters(viewer := viewer_of(progress.job.by, programme, on=today)):
        raise NotAllowed("A choice is worked out for who takes part in its programme, and you do not.")
    question = question_from(payload["question"])
    tables = tables_on(Desk(Store(settings.PARITY_HOME), programme.slug, viewer))
    known = [] if tables is None else tables.flow_models["model"].to_list()
    if tables is None or question.model not in known:
        raise WrongState("The model is not there any more.")
    told = told_on(tables, question.model)
    if faults := faults_of(told):
        raise WrongState(" ".join(faults))
    facts = tables.flow_models.filter(model=question.model).row(0, named=True)

    def heard(done: int, of: int) -> None:
        progress(done, of, WRITING if done == of else RUNNING)

    frame = answered(ready(told, question), facts, heard=heard, threads=os.cpu_count() or 1)
    frame.write_ndjson(progress.into / ANSWER)
    (progress.into / EVERY).write_text(frame_csv(portfolio_rows(frame)), encoding="utf-8-sig")
    return {"sha256": digest_of(frame)}
