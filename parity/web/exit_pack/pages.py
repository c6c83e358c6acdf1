"""The page from which a programme is taken out: its strategy as documents, and all that one may see in one file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parity.layout.topic_pages import programme_trail
from parity.register.jobs.actions import enqueue
from parity.register.people.rules import May
from parity.register.policy import ProgrammeRequest
from parity.terms.errors import NotAllowed, NotFound

MENU = "take-out"
PACK, EXPORT = JOBS = "pack", "export"


@require_http_methods(("GET", "HEAD", "POST"))
def show_take_out(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """What can be taken out, with a button for each; once one was pressed, the way to the job that writes it.

    Raises NotFound for what is none of them, NotAllowed for an exit pack where the role may not audit.
    """
    audits = bool(request.viewer.may(May.AUDIT))
    if request.method == "POST":
        return _asked(request, request.POST.get("what", ""), audits=audits)
    trail = programme_trail(request)
    context = {"title": "Take the programme out", "stage": MENU, "trail": trail, "audits": audits}
    return render(request, "exit_pack/take_out.jinja", {**context, "pack": PACK, "export": EXPORT})


def _asked(request: ProgrammeRequest, what: str, *, audits: bool) -> HttpResponse:
    if what not in JOBS:
        raise NotFound("Nothing of that name can be taken out.")
    if what == EXPORT and not audits:
        raise NotAllowed("An exit pack is for roles that may read who did what, and yours may not.")
    job = enqueue(what, {}, by=request.user, on=request.viewer.on, programme=request.programme)
    messages.success(request, "It is written in the background. Its files stand here once it is done.")
    return redirect(reverse("job", args=(job.pk,)))
