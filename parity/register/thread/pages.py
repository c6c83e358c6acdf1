"""The page of the thread."""

from django.http import HttpResponse

from parity.layout.addresses import programme_url
from parity.layout.page import DeskRequest, Page, page_response
from parity.register.thread.documents import thread_blocks


def show_thread(request: DeskRequest, programme: str) -> HttpResponse:
    """The links between a programme's records, both ways, and what hangs loose."""
    lead = "How need, targets, tasks and contracts hang together, and which records nothing is linked to."
    trail = (("Home", "/"), (request.programme.title, programme_url(programme)))
    return page_response(request, Page("Thread", lead, tuple(thread_blocks(request.desk)), "thread", trail))
