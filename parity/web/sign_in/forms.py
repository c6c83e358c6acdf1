"""The forms of sign-in: django-allauth's, with our words and one box for a new password, which can be made visible."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ConfirmByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.http import HttpRequest

from parity.register.models import Person

CODE_HOLDS_SECONDS = 90
"""How long one code of an app is taken: its own half minute, the one before and the one after."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands over a field, under it, and beside it where it is empty."""

    label: str
    missing: str
    hint: str = ""


PASSWORD = Words("Password", "Enter your password.")
NEW_PASSWORD = Words(
    "New password",
    "Enter a new password.",
    "At least 12 characters. Three words that have nothing to do with each other are easy to remember.",
)
CODE = Words("Code", "Enter a code.", "Six digits from your app, or one of your recovery codes.")
PASSKEY = Words("Passkey", "Your browser sent no passkey. Try again.")
NOT_ACCEPTED = "This passkey was not accepted. Try again, or use another way."
FORGED = (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSignature, struct.error)
"""What libraries raise when they read a passkey that no browser made."""
PASSKEY_NAME = Words("Name of the passkey", "Enter a name.", "So that you know it from others, such as “work laptop”.")


class Worded(forms.Form):
    """A form whose fields bear the words given for them. A new password is typed once."""

    WORDS: ClassVar[dict[str, Words]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, words in self.WORDS.items():
            field = self.fields[name]
            field.label, field.help_text = words.label, words.hint
            field.error_messages["required"] = words.missing


class SignInForm(Worded, LoginForm):
    """User name and password; the words do not tell which of the two was wrong."""

    WORDS: ClassVar = {
        "login": Words("User name or e-mail address", "Enter your user name or e-mail address."),
        "password": PASSWORD,
    }


class ForgottenForm(Worded, ResetPasswordForm):
    """The address of whoever forgot their password: it gets an e-mail whether or not somebody bears it."""

    WORDS: ClassVar = {"email": Words("E-mail address", "Enter your e-mail address.")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """The address. Who signs in by another provider, or was only invited, gets no link to a password."""
        email: str = self.cleaned_data["email"]
        people = [person for person in self.users if person.has_usable_password() and not person.is_demo]
        if people:
            request_password_reset(request, email, people, default_token_generator)
        else:
            get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(Worded, ResetPasswordKeyForm):
    """The new password of whoever forgot theirs."""

    WORDS: ClassVar = {"password1": NEW_PASSWORD}


class OtherPasswordForm(Worded, ChangePasswordForm):
    """The present and the new password."""

    WORDS: ClassVar = {
        "oldpassword": Words("Current password", "Enter your current password."),
        "password1": NEW_PASSWORD,
    }


class AcceptForm(Worded, forms.Form):
    """The password that an invited person chooses."""

    WORDS: ClassVar = {"password1": NEW_PASSWORD}

    password1 = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password1(self) -> str:
        """The password. Raises ValidationError for a short or common one."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.person)
        return password


class ConfirmForm(Worded, ReauthenticateForm):
    """The password of somebody who is signed in."""

    WORDS: ClassVar = {"password": PASSWORD}


class UsedOnce(forms.Form):
    """A form with a code that works once.

    django-allauth remembers a code for one period, but takes those of the periods before and after as well.
    """

    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong one, and for one that was used."""
        code: str = super().clean_code()  # type: ignore[misc]
        digits = "".join(filter(str.isdigit, code))
        if not cache.add(f"parity.code:{self.user.pk}:{digits}", True, CODE_HOLDS_SECONDS):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(Worded, UsedOnce, AuthenticateForm):
    """The code of the app, or a recovery code, while signing in."""

    WORDS: ClassVar = {"code": CODE}


class ConfirmCodeForm(Worded, UsedOnce, ConfirmByCodeForm):
    """The code of the app, or a recovery code, of somebody who is signed in."""

    WORDS: ClassVar = {"code": CODE}


class AppForm(Worded, ActivateTOTPForm):
    """The first code of an app, which shows that it holds our secret."""

    WORDS: ClassVar = {"code": Words("Code", "Enter a code.", "The six digits that the app shows now.")}


class FromBrowser(forms.Form):
    """A form that a browser fills in, so that its faults belong to no box. What no browser made is refused."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Nothing; the fault is one of the whole form."""
        super().add_error(None, error)


def _read(read: Callable[[], Any]) -> Any:
    """What is read. Raises ValidationError for what no browser made, and for a passkey that is none of the person's."""
    try:
        return read()
    except FORGED:
        raise forms.ValidationError(NOT_ACCEPTED) from None
    except forms.ValidationError as error:
        raise forms.ValidationError(NOT_ACCEPTED if error.code == "incorrect_code" else error.message) from None


class PasskeyForm(FromBrowser, Worded, AddWebAuthnForm):
    """The name of a new passkey; the browser fills in the rest."""

    WORDS: ClassVar = {"name": PASSKEY_NAME, "credential": PASSKEY}

    def clean(self) -> Any:
        """The passkey."""
        return _read(super().clean)


class PasskeyCheckForm(FromBrowser, Worded, AuthenticateWebAuthnForm):
    """A passkey, while signing in."""

    WORDS: ClassVar = {"credential": PASSKEY}

    def clean_credential(self) -> Any:
        """The passkey."""
        return _read(super().clean_credential)


class ConfirmPasskeyForm(PasskeyCheckForm):
    """A passkey of somebody who is signed in."""

    reauthenticated = True


class PasskeyNameForm(Worded, EditWebAuthnForm):
    """Another name for a passkey."""

    WORDS: ClassVar = {"name": PASSKEY_NAME}
