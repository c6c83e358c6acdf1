"""Scenarios as an API: each as the one file that its page gives."""

import json
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router

from parity.layout.api_shapes import REFUSED
from parity.plan.care_models.documents import scenario_file
from parity.register.limits.actions import count_one
from parity.register.limits.rules import EXPORT
from parity.register.policy import ProgrammeRequest


def scenarios_router() -> Router:
    """The operations on scenarios."""
    router = Router(tags=["scenarios"])

    @router.get(
        "/{code}",
        response={HTTPStatus.OK: dict[str, Any], **REFUSED},
        url_name="scenario",
        operation_id="read_scenario",
    )
    def read_scenario(request: HttpRequest, programme: Path[str], code: str) -> Any:
        """A scenario with its model, numbers, changes and documents, in the format parity-scenario/1."""
        known = cast(ProgrammeRequest, request)
        count_one(EXPORT, f"person {known.user.pk}", at=timezone.now())
        return json.loads(scenario_file(known.desk, code).text())

    return router
