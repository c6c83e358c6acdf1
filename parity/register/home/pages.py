"""The home page and a programme's own page."""

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parity.layout.page import Page, page_response
from parity.register.catalogue.documents import document_blocks
from parity.register.people.rules import May
from parity.register.policy import PersonRequest, ProgrammeRequest, programmes_of
from parity.register.programmes.models import Programme


def show_home(request: PersonRequest) -> HttpResponse:
    """The programmes a person may see."""
    context = {
        "title": "Programmes",
        "stage": "home",
        "programmes": programmes_of(request.user, on=timezone.localdate()),
    }
    return render(request, "home/home.jinja", context)


def show_programme(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """A programme: what it is, its partners, the four stages, and the documents it was transcribed from."""
    found = Programme.objects.prefetch_related("organisations").get(slug=programme)
    stages = [config.stage for config in apps.get_app_configs() if hasattr(config, "stage")]
    page = Page(found.title, found.summary, tuple(document_blocks(found.described)), "", (("Home", "/"),))
    audits = bool(request.viewer.may(May.AUDIT))
    return page_response(request, page, template="home/programme.jinja", stages=stages, found=found, audits=audits)
