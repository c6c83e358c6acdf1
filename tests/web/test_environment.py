"""What the environment says about e-mail and identity providers, and what it may not say."""

import json
from pathlib import Path
from typing import Any

import pytest

from parity.terms.errors import NotAllowed
from parity.web.sign_in.environment import Mail, mail_from, providers_from

ENTRA = {
    "id": "entra", "name": "Council", "server": "https://login.example/tenant/v2.0/", "client_id": "a",
    "client_secret": "b",
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "mail"),
    [
        ("", Mail()),
        ("smtp://mail.example", Mail("mail.example", 587)),
        ("smtp://mail.example:25", Mail("mail.example", 25)),
        ("smtps://mail.example", Mail("mail.example", 465, encrypted_from_start=True)),
        ("smtp://a%40b.example:p%3Aw@mail.example:587", Mail("mail.example", 587, "a@b.example", "p:w")),
    ],
)
def test_the_server_that_sends_our_e_mail(address: str, mail: Mail) -> None:
    assert mail_from(address) == mail
    assert mail.backend.rpartition(".")[0] == f"django.core.mail.backends.{'smtp' if address else 'console'}"


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://", "smtp:mail.example"])
def test_an_address_of_another_form_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed, match="PARITY_EMAIL_URL must have the form"):
        mail_from(address)


def declared(folder: Path, *providers: Any) -> str:
    path = folder / "providers.json"
    path.write_text(json.dumps(list(providers)))
    return str(path)


def test_a_provider_is_declared_in_a_few_words(tmp_path: Path) -> None:
    assert providers_from("") == []
    more = {"asks": {"acr_values": "x"}, "second_factor": {"amr": ["mfa"]}, "hosts": ["keys.example"]}
    (found,) = providers_from(declared(tmp_path, {**ENTRA, **more, "token_auth": "client_secret_post"}))
    assert found == {
        "provider_id": "entra", "name": "Council", "client_id": "a", "secret": "b",
        "settings": {
            "server_url": "https://login.example/tenant/v2.0", "hosts": ["keys.example"],
            "auth_params": {"acr_values": "x"}, "second_factor": {"amr": ["mfa"]}, "scope": ["openid", "profile"],
            "fetch_userinfo": False, "oauth_pkce_enabled": True, "token_auth_method": "client_secret_post",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ({**ENTRA, "client_id": ""}, "lacks client_id"),
        ({"id": "entra"}, "lacks name, server, client_id, client_secret"),
        ({**ENTRA, "pkce": False}, "has pkce, which means nothing here"),
        ({**ENTRA, "server": "http://login.example"}, "must be reached by https"),
        ({**ENTRA, "server": "login.example"}, "must be reached by https"),
        ("entra", "must hold a list of identity providers"),
    ],
)
def test_a_provider_that_is_declared_wrong_is_refused(tmp_path: Path, provider: Any, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        providers_from(declared(tmp_path, provider))


@pytest.mark.parametrize("text", ["", "{", "\xff"])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "providers.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(NotAllowed, match="is no JSON file that can be read"):
        providers_from(str(tmp_path / "providers.json"))
    with pytest.raises(NotAllowed, match="is no JSON file that can be read"):
        providers_from(str(tmp_path / "nowhere.json"))


def test_a_file_that_holds_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "providers.json").write_text(json.dumps(ENTRA))
    with pytest.raises(NotAllowed, match="must hold a list"):
        providers_from(str(tmp_path / "providers.json"))
