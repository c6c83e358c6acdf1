"""Pages of a person's own jobs: the list, one job, cancelling it, its files."""

from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from parity.layout.addresses import programme_url
from parity.register.jobs.actions import cancel_job, file_of, jobs_of
from parity.register.jobs.models import Job
from parity.register.jobs.rules import KEPT_DAYS, OFFERS
from parity.register.policy import PersonRequest

MOST_SHOWN = 100
HOME = ("Home", "/")
JOBS = ("Jobs", "/jobs/")


def told(at: datetime) -> str:
    """An instant as people write it here: 2 March 2026, 14:05."""
    return date_format(timezone.localtime(at), "j F Y, H:i")


COMMON = {"stage": "jobs", "days": KEPT_DAYS, "told": told}


def show_jobs(request: PersonRequest) -> HttpResponse:
    """The jobs that the person asked for, the latest first."""
    jobs = _mine(request)[:MOST_SHOWN]
    context = {"title": "Jobs", "jobs": jobs, "most": MOST_SHOWN, "trail": (HOME,)}
    return render(request, "jobs/jobs.jinja", {**COMMON, **context})


def show_job(request: PersonRequest, job: UUID) -> HttpResponse:
    """One job: how far it is, and its files when it is done."""
    found = _the_job(request, job)
    context = {"title": found.title, "job": found, "about": _page_of(found), "trail": (HOME, JOBS)}
    return render(request, "jobs/job.jinja", {**COMMON, **context})


@require_POST
def cancel(request: PersonRequest, job: UUID) -> HttpResponse:
    """The way back to the job, which is cancelled or about to be."""
    found = cancel_job(_the_job(request, job), by=request.user, on=timezone.localdate())
    messages.success(request, "The job stops with its next step." if found.is_stopping else "The job was cancelled.")
    return HttpResponseRedirect(reverse("job", args=(job,)))


def give_file(request: PersonRequest, job: UUID, name: str) -> FileResponse:
    """One file of a job, always as a download: none is shown as a page of ours."""
    found = _the_job(request, job)
    path = file_of(found, name, by=request.user, on=timezone.localdate())
    return FileResponse(path.open("rb"), as_attachment=True, filename=PurePosixPath(name).name)


def _page_of(job: Job) -> str:
    """The address of what the job is of: what its offer says, or its programme; none where it is no longer offered."""
    offer = OFFERS.get(job.what)
    if offer is not None and offer.page is not None:
        return offer.page(job.payload)
    return "" if job.programme is None else programme_url(job.programme.slug)


def _mine(request: PersonRequest) -> QuerySet[Job]:
    return jobs_of(request.user, on=timezone.localdate())


def _the_job(request: PersonRequest, job: UUID) -> Job:
    """The person's own job. Raises Http404 for any other, as for one that does not exist."""
    found = _mine(request).filter(pk=job).first()
    if found is None:
        raise Http404("There is no such job.")
    return found
