"""Signing in through another identity provider: OpenID Connect by code with PKCE, and from its own hosts alone."""

import hashlib
import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from parity.register.invitations.actions import accept_invitation
from parity.web.sign_in.rules import gave_second_factor

INVITATION = "invitation"
"""Where the session keeps the token of an invitation while its person is at their provider."""
ONLY_WAY = "This is your only way to sign in, so it stays."
ALGORITHMS = ("RS256", "PS256", "ES256")
PATIENCE_SECONDS = 5
LEEWAY_SECONDS = 30
"""How far the provider's clock may be from ours."""
PORTS = {"http": 80, "https": 443}
NONCE_BYTES = 16

log = logging.getLogger(__name__)


def place(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


class OwnHosts(requests.Session):
    """Asks the hosts of the configured providers and no other, whatever a provider's answer names."""

    def __init__(self, apps: list[SocialApp]) -> None:
        super().__init__()
        named = [f"https://{host}" for app in apps for host in app.settings["hosts"]]
        self.places = {place(address) for address in [*named, *(app.settings["server_url"] for app in apps)]}

    def request(self, method: Any, url: Any, *args: Any, **told: Any) -> requests.Response:
        """The answer. Raises OAuth2Error for another host; is led nowhere else."""
        if place(url) not in self.places:
            raise OAuth2Error(f"The identity provider names {url}, which is none of its configured hosts.")
        told |= {"allow_redirects": False, "timeout": PATIENCE_SECONDS}
        return super().request(method, url, *args, **told)


class Discovered(OpenIDConnectOAuth2Adapter):
    """What the provider publishes about itself, and its identity token, each checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description. Raises OAuth2Error where it is that of another issuer."""
        config: dict[str, Any] = super().openid_config
        server = self.get_provider().app.settings["server_url"]
        if config["issuer"].rstrip("/") != server:
            raise OAuth2Error(f"{server} calls itself {config['issuer']}.")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **told: Any) -> SocialLogin:
        """The sign-in of the token's subject. Raises OAuth2Error for a token that does not hold."""
        try:
            return super().complete_login(request, app, token, **told)
        except (KeyError, TypeError, ValueError, jwt.PyJWTError) as error:
            raise OAuth2Error(f"The identity token does not hold: {error!r}") from error

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The identity token is not signed as it must be.")
        for key in self._keys(header.get("kid")):
            try:
                return jwt.decode(
                    id_token,
                    key,
                    algorithms=[header["alg"]],
                    audience=app.client_id,
                    issuer=self.openid_config["issuer"],
                    leeway=LEEWAY_SECONDS,
                    options={"require": ["exp", "iat", "iss", "aud", "sub"]},
                )
            except (jwt.InvalidSignatureError, jwt.InvalidKeyError):
                continue
        raise OAuth2Error("The identity token is signed by none of the provider's keys.")

    def _keys(self, name: str | None) -> list[Any]:
        """The provider's keys of this name; all of them where the token names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        known = jwt.PyJWKSet.from_dict(answer.json()).keys
        return [key.key for key in known if name in (None, key.key_id)]


class Provider(OpenIDConnectProvider):
    """One configured provider. A person is known by issuer and subject, never by an e-mail address."""

    oauth2_adapter_class = Discovered

    def serialize(self) -> dict[str, Any]:
        """What names this provider among several, while a session waits for a second factor."""
        return {"id": self.sub_id, "app.client_id": self.app.client_id}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The subject of this issuer, as a hash: of the identity itself nothing is kept."""
        claims = data["id_token"]
        return hashlib.sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, bool]:
        """Whether the provider asked for a second factor; nothing else is kept."""
        return {"second_factor": gave_second_factor(data["id_token"], self.app.settings["second_factor"])}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, str]:
        """Nothing: names and addresses come from the invitation."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: nobody is known by an address."""
        return []

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        """The sign-in, with the nonce of its token beside it."""
        login: SocialLogin = super().sociallogin_from_response(request, response)
        login.nonce = response["id_token"].get("nonce")
        return login

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The configured scope, whatever the address asks for."""
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, Any]:
        """The configured parameters, whatever the address asks for."""
        return self.get_auth_params()

    def redirect(
        self, request: HttpRequest, process: Any, next_url: str | None = None, data: Any = None, **told: Any
    ) -> HttpResponse:
        """The way to the provider, with a nonce that its token must bring back."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        told["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, {"nonce": nonce}, **told)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Lets in who is linked already, or brings an invitation. A subject we do not know is refused."""

    error_messages = {**DefaultSocialAccountAdapter.error_messages, "no_password": ONLY_WAY}  # noqa: RUF012 -- its way

    def list_apps(self, request: Any, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """The providers of the settings; the database configures none."""
        declared: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]  # type: ignore[assignment]
        apps = [SocialApp(provider="openid_connect", **one) for one in declared]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> requests.Session:
        """The one way out to providers."""
        return OwnHosts(self.list_apps(self.request))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """False."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Nothing; whoever brought an invitation is linked to it. Raises OAuth2Error for a token meant for another."""
        expected = (sociallogin.state.get("data") or {}).get("nonce", "")
        if not expected or not constant_time_compare(sociallogin.nonce or "", expected):
            raise OAuth2Error("The identity token answers another request.")
        token = request.session.pop(INVITATION, None)
        if token is None or sociallogin.is_existing or sociallogin.state.get("process") != "login":
            return
        with transaction.atomic():
            person = accept_invitation(token, password=None, on=timezone.localdate())
            sociallogin.connect(request, person)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Nothing; whoever runs the workspace can read why."""
        log.warning("Sign-in through %s failed: %s", provider, exception or error)
