"""Pages that belong to no stage and ask for no sign-in: the accessibility statement and the security contact."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

VALID = timedelta(days=180)


@login_not_required
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    context = {"title": "Accessibility statement", "trail": (("Home", "/"),), "contact": settings.CONTACT}
    return render(request, "web/accessibility.jinja", context)


@login_not_required
def show_security_contact(request: HttpRequest) -> HttpResponse:
    """How to report a weakness, in the form of RFC 9116; without a contact of its own, the statement's page is it."""
    contact = settings.CONTACT or request.build_absolute_uri(reverse("accessibility"))
    expires = timezone.now().replace(microsecond=0) + VALID
    lines = (f"Contact: {contact}", f"Expires: {expires.isoformat()}", "Preferred-Languages: en")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
