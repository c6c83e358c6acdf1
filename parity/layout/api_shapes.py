"""What the API's operations have in common: how a refusal looks, which there are, and the headers they read."""

import re
from datetime import date
from typing import Annotated, Any

from ninja import Schema
from ninja.schema import NinjaGenerateJsonSchema
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool

PROBLEM_JSON = "application/problem+json"
JSON = "application/json"
LONGEST_KEY = 200
"""Characters of an Idempotency-Key."""
A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Problem(Schema):
    """A problem document (RFC 9457); `errors` names each column that is wrong, and why."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


class Given(Schema):
    """What a program sends: what is not named in it is refused, for it may be a word mistyped."""

    model_config = ConfigDict(extra="forbid")


def _no_text(value: object) -> object:
    if isinstance(value, str | bool):
        raise ValueError("Input should be a number")
    return value


def _day(value: object) -> object:
    if not isinstance(value, date) and not (isinstance(value, str) and A_DAY.fullmatch(value)):
        raise ValueError("Input should be a date such as 2026-01-31")
    return value


Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""A text that PostgreSQL can keep: without the sign of no sign."""
Day = Annotated[date, BeforeValidator(_day)]
TYPES: dict[str, Any] = {
    "string": str,
    "number": Annotated[float, BeforeValidator(_no_text)],
    "integer": Annotated[int, BeforeValidator(_no_text)],
    "date": Day,
    "boolean": StrictBool,
}
"""How a value of each type of a Table Schema is sent: as JSON has it, and never as a text of it."""

REFUSED: dict[Any, Any] = {frozenset({400, 401, 403, 404, 422, 429}): None}
"""What reading may be refused with; `tell_answers` says how that looks, for a shape of each would take seconds."""
STALE: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429}): None}
"""What a change may be refused with."""


def _header(name: str, told: str, *, required: bool = False, **limits: int) -> dict[str, Any]:
    schema = {"type": "string", **limits}
    return {"in": "header", "name": name, "required": required, "description": told, "schema": schema}


IF_MATCH = {"parameters": [_header("If-Match", "The ETag that you read, or *.", required=True)]}
IF_NONE_MATCH = {"parameters": [_header("If-None-Match", "The ETag of the version that you have.")]}
ONCE = {
    "parameters": [
        _header(
            "Idempotency-Key",
            "A word of your own; sent again with it within a day, nothing is added.",
            maxLength=LONGEST_KEY,
        )
    ]
}
HEADERS = {
    "ETag": "The version, for If-Match and If-None-Match.",
    "Location": "The address of the new record.",
    "Retry-After": "Seconds to wait.",
    "WWW-Authenticate": "How to say who you are.",
}
OF_REFUSALS = {"401": ("WWW-Authenticate",), "429": ("Retry-After",)}
FIRST_REFUSAL = 400
REFUSAL = {PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}


def tell_answers(described: dict[str, Any]) -> None:
    """Nothing; in the description each refusal is a problem document, told once for all, and answers have headers."""
    refusals = described["components"].setdefault("responses", {})
    shape = Problem.model_json_schema(schema_generator=NinjaGenerateJsonSchema, mode="serialization")
    described["components"]["schemas"][Problem.__name__] = shape
    for operations in described["paths"].values():
        for operation in operations.values():
            operation["responses"] = {str(status): told for status, told in operation["responses"].items()}
            _tell(operation["responses"], refusals)


def _tell(answers: dict[str, Any], refusals: dict[str, Any]) -> None:
    for status, answer in answers.items():
        if int(status) >= FIRST_REFUSAL:
            refusals[status] = {**answer, "content": REFUSAL, **_headers(*OF_REFUSALS.get(status, ()))}
            answers[status] = {"$ref": f"#/components/responses/{status}"}
        elif status == "201":
            answer |= _headers("ETag", "Location")
        elif status == "304" or answer["content"][JSON]["schema"].get("$ref", "").endswith("Record"):
            answer |= _headers("ETag")


def _headers(*names: str) -> dict[str, Any]:
    told = {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names}
    return {"headers": told} if told else {}
