"""How tests sign in: by the form, with the code of an app, with a link out of an e-mail."""

import re
import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from parity.register.models import Person
from tests.layout.reading import Element, read_page

PASSWORD = "three plain words"
HALF_MINUTE = 30


def browser() -> Client:
    """A client that keeps its cookies and, as a browser does, sees our error pages."""
    return Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    """The answer to the sign-in form."""
    return client.post("/sign-in/", {"login": name, "password": password, **more})


def code(secret: str, *, later: int = 0) -> str:
    """What an app with this secret shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // HALF_MINUTE + later))


def give_app(person: Person) -> str:
    """The secret of the app that the person has from now on, with recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def page(response: HttpResponse) -> Element:
    return read_page(response.content.decode())


def heading(response: HttpResponse) -> str:
    return page(response).one("h1").text


def faults(response: HttpResponse) -> list[str]:
    """The sentences of the error summary."""
    return [
        item.text for each in page(response).all("ul", class_="nhsuk-error-summary__list") for item in each.all("li")
    ]


def notices(response: HttpResponse) -> list[str]:
    return [each.text for each in page(response).all("div", role="status")]


def link(number: int = -1) -> str:
    """The path of the link in an e-mail that was sent."""
    (found,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", mail.outbox[number].body)
    return found
