"""What a person was told, and the link that stops their e-mails without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from parity.layout.topic_pages import programme_trail
from parity.register.audit.documents import moment_words, people_called
from parity.register.audit.models import Event
from parity.register.notices.actions import choice_of, place_of_notice, reason_words, stop_notices, told
from parity.register.notices.models import Choice
from parity.register.policy import ProgrammeRequest
from parity.register.records.documents import kind_words
from parity.register.records.tables import RECORDS

MOST_SHOWN = 100
HEADS = ("What", "Why you are told", "Who did it", "When")


@require_safe
def show_notices(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """What the person was told of this programme, the latest first, as far as they may still hear of it."""
    choice = Choice.objects.filter(person=request.user, programme=request.programme).first()
    pairs = told(choice, request.viewer, choice.notices.all()[:MOST_SHOWN]) if choice else []
    people = people_called(event.by for _, event in pairs)
    rows = [
        [
            {"text": f"{_what(event)}: {event.verb}", "href": place_of_notice(programme, notice, event)},
            {"text": reason_words(notice.reason)},
            {"text": people.get(event.by, "")},
            {"text": moment_words(event.at)},
        ]
        for notice, event in pairs
    ]
    context = {"title": "What you were told", "trail": programme_trail(request), "rows": rows, "most": MOST_SHOWN}
    return render(request, "notices/notices.jinja", {**context, "heads": [{"text": text} for text in HEADS]})


@csrf_exempt
@login_not_required
@require_http_methods(("GET", "HEAD", "POST"))
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether the e-mails are to stop; once that is sent, they have. A mail program sends it by itself.

    The link alone is what is needed, so no page of ours has to have been opened before.
    """
    choice = choice_of(token)
    if choice is not None and request.method == "POST":
        stop_notices(choice, by=choice.person, on=timezone.localdate())
        choice = None
    context = {"title": "E-mails about a programme" if choice else "You get no more of these e-mails"}
    return render(request, "notices/stop.jinja", {**context, "choice": choice})


def _what(event: Event) -> str:
    """What an event is about: `Risk R7`, `Planning officer for A council`."""
    return f"{kind_words(RECORDS[event.kind])} {event.code}" if event.kind in RECORDS else event.code or "A webhook"
