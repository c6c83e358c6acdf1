"""Where django-allauth asks us: who gets in, where they may be led, what they are told, how secrets rest."""

import base64
import hashlib
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from parity.layout.addresses import programme_url
from parity.layout.sign_in import OPENED_WITHIN_SECONDS, SENT_WITHIN_SECONDS, was_confirmed
from parity.register.models import Person
from parity.register.people.rules import may_sign_in
from parity.register.policy import programmes_of
from parity.web.errors import error_answer
from parity.web.sign_in.rules import needs_second_factor
from parity.web.sign_in.sessions import FACTOR_ELSEWHERE, LACKS_FACTOR
from parity.web.sign_in.words import FAULTS, NOTICES, letter

SECOND_STEP = "parity.web.sign_in.stages.SecondStep"
ENDED = "This person can no longer sign in. Ask whoever runs the workspace."


class AccountAdapter(DefaultAccountAdapter):
    """Signs people in. Nobody signs up: people come in by invitation."""

    error_messages = {**DefaultAccountAdapter.error_messages, **FAULTS}  # noqa: RUF012 -- the way django-allauth words it

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """False: these pages answer browsers alone."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """True for a path of our own, without a host."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where whoever signed in goes on: to their programme, or home where they have several or none."""
        found = (
            list(programmes_of(request.user, on=timezone.localdate())[:2]) if isinstance(request.user, Person) else []
        )
        return programme_url(found[0].slug) if len(found) == 1 else super().get_login_redirect_url(request)

    def get_login_stages(self) -> list[str]:
        """The one stage between password and pages."""
        return [SECOND_STEP]

    def pre_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse | None:
        """None, or the refusal of whoever may not sign in, whichever way they came."""
        if may_sign_in(user, demo=settings.DEMO):
            return None
        return error_answer(request, HTTPStatus.FORBIDDEN, sentences=(ENDED,))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Nothing; the person is signed in, in a session that knows whether it still needs a second factor."""
        # read first, for signing in may begin the session anew
        steps = [step for step in get_authentication_records(request, user) if step["method"] == "mfa"]
        super().login(request, user)
        request.session[FACTOR_ELSEWHERE] = any(step["type"] == "elsewhere" for step in steps)
        request.session[LACKS_FACTOR] = needs_second_factor(user) and not steps

    def is_reauthentication_required(self, *, app: str, **told: Any) -> bool:
        """True unless the person showed a moment ago who they are."""
        request = self.request
        if request is None:
            return True
        within = SENT_WITHIN_SECONDS if request.method == "POST" else OPENED_WITHIN_SECONDS
        return not was_confirmed(request, within=within)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of an e-mail: on our own address, whatever host the request named."""
        person, _, token = key.partition("-")
        return settings.ADDRESS + reverse("account_reset_password_from_key", args=[person, token])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing; the e-mail of this name is sent."""
        subject, text = letter(template_prefix, context.get("password_reset_url", ""))
        send_mail(subject, text, None, [email])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *rest: Any,
        message: str | None = None,
        **told: Any,
    ) -> None:
        """Nothing; the notice is shown on the next page where we have words for it."""
        words = message or NOTICES.get(message_template or "")
        if words:
            messages.add_message(request, level, words)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets rest encrypted, so that the database alone does not give them away."""

    error_messages = {**DefaultMFAAdapter.error_messages, **FAULTS}  # noqa: RUF012 -- the way django-allauth words it

    def get_totp_issuer(self) -> str:
        """The name under which an app lists us."""
        return "Parity"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host that a passkey is bound to, and the name under which a browser lists us."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Parity"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """The name of a passkey to which its owner gave none."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        """The secret, readable only with the key of the workspace."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken where the key of the workspace is another now."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(f"parity.web.sign_in {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
