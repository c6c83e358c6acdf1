"""Answers where something cannot be done: a page in plain words, or for the API a problem document (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from parity.layout.api_shapes import PROBLEM_JSON
from parity.methods.relations import RelationFault
from parity.terms.errors import (
    Fault,
    InputRefused,
    NotAllowed,
    NotFound,
    ParityError,
    Stale,
    TooOften,
    Unconditional,
    WrongState,
)

API = "/api/"
STATUSES: dict[type[ParityError], HTTPStatus] = {
    InputRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Unconditional: HTTPStatus.PRECONDITION_REQUIRED,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    RelationFault: HTTPStatus.CONFLICT,
    WrongState: HTTPStatus.CONFLICT,
}
WORDS: dict[HTTPStatus, tuple[str, tuple[str, ...]]] = {
    HTTPStatus.BAD_REQUEST: ("We could not understand this request", ("Go back and try again.",)),
    HTTPStatus.UNAUTHORIZED: ("You are not signed in", ("Sign in and try again.",)),
    HTTPStatus.FORBIDDEN: (
        "You may not do this",
        ("Your role does not give you access.", "Ask whoever runs the programme if you think it should."),
    ),
    HTTPStatus.NOT_FOUND: ("Page not found", ("If you typed the address, check that it is correct.",)),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This cannot be done here", ("The header Allow says what can be done.",)),
    HTTPStatus.CONFLICT: ("This cannot be done now", ()),
    HTTPStatus.PRECONDITION_FAILED: ("This cannot be done now", ()),
    HTTPStatus.PRECONDITION_REQUIRED: ("This cannot be done so", ()),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("This is too large", ("Send less at once.",)),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("This cannot be read", ("Send JSON, and say so in the header Content-Type.",)),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("This could not be taken in", ()),
    HTTPStatus.TOO_MANY_REQUESTS: ("You tried too often", ("Wait a few minutes, then try again.",)),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something went wrong", ("This is our fault, not yours.", "Try again later.")),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a request that makes no sense."""
    return error_answer(request, HTTPStatus.BAD_REQUEST)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a person who may not do this."""
    return error_answer(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer where there is no such page, or none that this person may know of."""
    return error_answer(request, HTTPStatus.NOT_FOUND)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """The answer after an error of our own; its page asks neither for the person nor for the programme."""
    return error_answer(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def too_often(request: HttpRequest) -> HttpResponse:
    """The answer to whoever tries the same thing too often."""
    return error_answer(request, HTTPStatus.TOO_MANY_REQUESTS)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that did not come from one of our pages, or from a page left open too long."""
    sentences = (
        "The page you sent was too old, or your browser did not accept our cookies.",
        "Go back, reload the page and try again.",
    )
    return error_answer(request, HTTPStatus.FORBIDDEN, sentences=sentences)


def refusal(request: HttpRequest, error: ParityError) -> HttpResponse:
    """The answer to an error of ours that a person can act on: its own sentences, and the status that fits."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)
    if status is None:
        return went_wrong(request)
    told = error.faults if isinstance(error, InputRefused) else ()
    answer = error_answer(request, status, sentences=str(error).splitlines(), faults=told)
    if isinstance(error, TooOften):
        answer["Retry-After"] = str(error.seconds)
    return answer


def error_answer(
    request: HttpRequest, status: HTTPStatus, *, sentences: Sequence[str] = (), faults: Sequence[Fault] = ()
) -> HttpResponse:
    """The error as a page or problem document, with these sentences or else the usual ones, and each fault's column."""
    title, usual = WORDS[status]
    said = tuple(sentences) or usual
    if request.path.startswith(API):
        problem: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value}
        problem |= {"detail": " ".join(said)}
        if faults:
            problem |= {"errors": [{"column": fault.column or "", "detail": fault.sentence} for fault in faults]}
        return JsonResponse(problem, status=status, content_type=PROBLEM_JSON)
    known = None if status is HTTPStatus.INTERNAL_SERVER_ERROR else request
    return render(known, "layout/error.jinja", {"title": title, "sentences": said}, status=status)
