"""The API root: read-only, for people who are signed in, with errors as problem documents."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any, Literal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, SessionAuth

from parity import __version__
from parity.analyse.supply.api import directory_router
from parity.layout.api_shapes import REFUSED, tell_answers
from parity.layout.cursors import cursor_of, place_of
from parity.plan.care_models.api import scenarios_router
from parity.register.records.api import registers_router
from parity.register.tokens.models import Token
from parity.tables import Desk
from parity.terms.errors import ParityError
from parity.terms.figure import Figure
from parity.terms.indicator import CATALOGUE
from parity.web.errors import error_answer, refusal

MOST_AT_ONCE = 1000
AT_ONCE = 100


class TokenAuth(HttpBearer):
    """A program's token, which the middleware has read already."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, or None where there is none that holds."""
        return getattr(request, "token", None)


class Wanted(Schema):
    """Which figures are asked for, and from where on."""

    key: str | None = Field(None, description="The indicator's key.")
    stage: Literal["analyse", "plan", "secure", "review"] | None = Field(None, description="A stage of the cycle.")
    area: str | None = Field(None, description="The area's code.")
    period: str | None = Field(None, description="The period, such as 2025/26.")
    cursor: str | None = Field(None, description="`next` of the page before.")
    limit: int = Field(AT_ONCE, ge=1, le=MOST_AT_ONCE)


class FiguresPage(Schema):
    """Figures in the catalogue's order; `next` is the cursor of the page that follows, if there is one."""

    items: list[dict[str, Any]]
    next: str | None


class Root(NinjaAPI):
    """The API, whose description says of refusals what they are: problem documents."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of every operation (OpenAPI 3.1) under the prefix, worked out once: it takes a while."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = super().get_openapi_schema(path_prefix=prefix)
            tell_answers(self._described[prefix])
        return self._described[prefix]


api = Root(
    title="Parity",
    version=__version__,
    description="Every figure of a programme with its unit, interval, basis, releases and assumptions; every register.",
    urls_namespace="api",
    auth=[TokenAuth(), SessionAuth()],
    docs_url=None,
    docs_decorator=login_required,
)


api.add_router("/programmes/{slug:programme}/registers", registers_router())
api.add_router("/programmes/{slug:programme}/directory", directory_router())
api.add_router("/programmes/{slug:programme}/scenarios", scenarios_router())


@api.get(
    "/programmes/{slug:programme}/figures",
    response={HTTPStatus.OK: FiguresPage, **REFUSED},
    url_name="figures",
)
def list_figures(request: HttpRequest, programme: str, wanted: Query[Wanted]) -> dict[str, Any]:
    """The programme's figures that match every filter given."""
    start = 0 if wanted.cursor is None else place_of(wanted.cursor)[0]
    found = _matching(request.desk, wanted)  # type: ignore[attr-defined]
    page = list(islice(found, start, start + wanted.limit + 1))
    more = len(page) > wanted.limit
    return {
        "items": [figure.as_json() for figure in page[: wanted.limit]],
        "next": cursor_of(start + wanted.limit) if more else None,
    }


@api.exception_handler(ParityError)
def _refuse(request: HttpRequest, error: ParityError) -> HttpResponse:
    return refusal(request, error)


@api.exception_handler(AuthenticationError)
def _ask_to_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = error_answer(request, HTTPStatus.UNAUTHORIZED)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _refuse_as_asked(request: HttpRequest, error: HttpError) -> HttpResponse:
    return error_answer(request, HTTPStatus(error.status_code), sentences=[f"{error}."])


@api.exception_handler(ValidationError)
def _refuse_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    sentences = [f"{fault['loc'][-1]}: {fault['msg']}." for fault in error.errors]
    return error_answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, sentences=sentences)


def _matching(desk: Desk, wanted: Wanted) -> Iterator[Figure]:
    """The figures that match, one indicator at a time. Raises NotFound for a key that no indicator has."""
    keys = [wanted.key] if wanted.key is not None else list(CATALOGUE)
    places = {"area": wanted.area, "period": wanted.period}
    where = {name: value for name, value in places.items() if value is not None}
    for key in keys:
        figures = desk.figures(key)
        if wanted.stage in (None, figures.indicator.stage):
            yield from figures.all(**where)
