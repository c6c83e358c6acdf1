"""The workspace's addresses and a few more: a sample topic, a grave act, and pages that fail."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from parity.layout.sign_in import recently_signed_in
from parity.layout.topic import Stage, Topic
from parity.layout.topic_pages import stage_paths
from parity.terms.errors import NotAllowed, SourceChanged
from parity.web import urls
from tests.layout.sample import blocks

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
handler429 = urls.handler429

SAMPLE = Topic("sample", "analyse", "Older people", "How many live with depression.", lambda desk: blocks())

STAGE = Stage("analyse", "Analyse", "What people need.", (SAMPLE,))


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def refuse(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("Only the lead buyer may open bids.")


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@recently_signed_in
def act_gravely(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def change(request: HttpRequest) -> HttpResponse:
    raise SourceChanged("The publisher renamed a column.")


urlpatterns = [
    path("forbid/", forbid),
    path("change/", change),
    path("fail/", fail),
    path("grave/", act_gravely),
    path("refuse/", refuse),
    path("<slug:programme>/analyse/", include(stage_paths(STAGE))),
    *urls.urlpatterns,
]
