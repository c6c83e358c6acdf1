"""The page of a programme's areas."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from parity.documents.model import Paragraph
from parity.layout.page import Page, page_response
from parity.layout.topic_pages import programme_trail
from parity.register.areas.documents import areas_table
from parity.register.policy import ProgrammeRequest
from parity.tables import AREAS

LEAD = "The places and groups that the figures are about, and what they are compared with."
NONE = "This programme has no table of areas, so its figures tell their areas by code alone."


@require_safe
def show_areas(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every area of the programme with its code, kind and boundaries, after the one it lies in."""
    found = request.desk.table(AREAS)
    blocks = (Paragraph((NONE,)),) if found is None else (areas_table(found[0].iter_rows(named=True)),)
    return page_response(request, Page("Areas", LEAD, blocks, "", programme_trail(request)))
