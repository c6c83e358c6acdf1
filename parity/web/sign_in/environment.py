"""What the environment says about e-mail and other identity providers, checked before anything starts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from parity.terms.errors import NotAllowed

STARTTLS_PORT, TLS_PORT = 587, 465
SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
NEEDED = ("id", "name", "server", "client_id", "client_secret")
OPTIONAL = ("scope", "asks", "second_factor", "hosts", "token_auth")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that sends our e-mail; without a host, e-mail is printed in the terminal."""

    host: str = ""
    port: int = STARTTLS_PORT
    user: str = ""
    password: str = ""
    encrypted_from_start: bool = False

    @property
    def backend(self) -> str:
        """The address of the class by which Django sends."""
        return SMTP if self.host else CONSOLE


def mail_from(address: str) -> Mail:
    """The server of `smtp://user:password@host:port` (STARTTLS) or `smtps://…` (TLS from the start).

    Raises NotAllowed for an address of another form.
    """
    if not address:
        return Mail()
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NotAllowed("PARITY_EMAIL_URL must have the form smtp://user:password@host:587 or smtps://…:465.")
    at_once = parts.scheme == "smtps"
    port = parts.port or (TLS_PORT if at_once else STARTTLS_PORT)
    return Mail(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), at_once)


def providers_from(path: str) -> list[dict[str, Any]]:
    """The identity providers that the JSON file declares, as django-allauth wants them; none without a file.

    Raises NotAllowed where the file cannot be read, or a provider lacks a field, has an unknown one, or is not reached
    by HTTPS.
    """
    if not path:
        return []
    try:
        declared = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotAllowed(f"PARITY_OIDC names {path}, which is no JSON file that can be read: {error}.") from None
    if not isinstance(declared, list) or not all(isinstance(one, dict) for one in declared):
        raise NotAllowed(f"{path} must hold a list of identity providers.")
    return [_provider(one, path) for one in declared]


def _provider(one: Mapping[str, Any], path: str) -> dict[str, Any]:
    lacking = [name for name in NEEDED if not one.get(name)]
    unknown = sorted(set(one) - {*NEEDED, *OPTIONAL})
    if lacking or unknown:
        fault = f"lacks {', '.join(lacking)}" if lacking else f"has {', '.join(unknown)}, which means nothing here"
        raise NotAllowed(f"An identity provider in {path} {fault}.")
    server = urlsplit(one["server"])
    if server.scheme != "https" and not (server.scheme == "http" and server.hostname in LOOPBACK):
        raise NotAllowed(f"The identity provider {one['id']} in {path} must be reached by https.")
    settings = {
        "server_url": one["server"].rstrip("/"),
        "hosts": one.get("hosts", []),
        "second_factor": one.get("second_factor", {}),
        "auth_params": one.get("asks", {}),
        "scope": one.get("scope", ["openid", "profile"]),
        "token_auth_method": one.get("token_auth"),
        "fetch_userinfo": False,
        "oauth_pkce_enabled": True,
    }
    names = {"provider_id": one["id"], "name": one["name"]}
    return {**names, "client_id": one["client_id"], "secret": one["client_secret"], "settings": settings}
