"""The calendar feed: for whoever brings its secret address, and as much as its person may see today."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from parity.register.calendars.actions import calendar_of
from parity.register.calendars.documents import calendar_text

TYPE = "text/calendar; charset=utf-8"


@login_not_required
@require_safe
@conditional_page
def show_calendar(request: HttpRequest, calendar: UUID, secret: str) -> HttpResponse:
    """The calendar, with an ETag: a program that has this state already is told so."""
    found, viewer = calendar_of(calendar, secret, on=timezone.localdate())
    return HttpResponse(calendar_text(found.programme, viewer), content_type=TYPE)
