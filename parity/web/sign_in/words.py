"""What our e-mails and notices say. An e-mail carries no name and no content of the workspace: at most a link."""

LETTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account/email/password_reset_key": (
        "choose a new password",
        (
            "Somebody asked for a new password for this address. Choose it here:",
            "{password_reset_url}",
            "The link works once, within one hour. If it was not you, do nothing: your password stays as it is.",
        ),
    ),
    "account/email/unknown_account": (
        "no password to choose",
        (
            "Somebody asked for a new password for this address, but nobody signs in to Parity with it and a password.",
            "If it was you, try another address, sign in through your organisation, or ask who invited you.",
        ),
    ),
    "account/email/password_changed": ("your password was changed", ("Your password was changed.",)),
    "account/email/password_reset": ("your password was changed", ("Your password was changed.",)),
    "mfa/email/totp_activated": ("an app was added", ("An app now gives codes for your sign-in.",)),
    "mfa/email/totp_deactivated": ("an app was removed", ("No app gives codes for your sign-in any more.",)),
    "mfa/email/webauthn_added": ("a passkey was added", ("A passkey was added to your sign-in.",)),
    "mfa/email/webauthn_removed": ("a passkey was removed", ("A passkey was removed from your sign-in.",)),
    "mfa/email/recovery_codes_generated": ("new recovery codes", ("You have new recovery codes. The old are void.",)),
    "socialaccount/email/account_connected": (
        "another way to sign in",
        ("An account of another organisation now signs you in.",),
    ),
    "socialaccount/email/account_disconnected": (
        "one way less to sign in",
        ("An account of another organisation signs you in no longer.",),
    ),
}
"""Subject and paragraphs of each e-mail, by the name that django-allauth gives it."""

NOT_YOU = "If this was not you, choose a new password and tell whoever runs the workspace."
ASKED_FOR = ("account/email/password_reset_key", "account/email/unknown_account")

NOTICES: dict[str, str] = {
    "account/messages/logged_out.txt": "You are signed out.",
    "account/messages/password_changed.txt": "Your password is changed.",
    "mfa/messages/totp_activated.txt": "The app is set up.",
    "mfa/messages/totp_deactivated.txt": "The app is removed.",
    "mfa/messages/webauthn_added.txt": "The passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes.",
    "socialaccount/messages/account_connected.txt": "This account signs you in from now on.",
    "socialaccount/messages/account_connected_updated.txt": "This account signs you in already.",
    "socialaccount/messages/account_connected_other.txt": "This account cannot be used here.",
    "socialaccount/messages/account_disconnected.txt": "This account signs you in no longer.",
}
"""The sentence of each notice, by the name that django-allauth gives it; one that is not here is not shown."""

FAULTS: dict[str, str] = {
    "enter_current_password": "Enter your current password.",
    "incorrect_code": "Enter the code as it is shown now. Each code works once.",
    "incorrect_password": "Enter your password.",
    "invalid_password_reset": "This link was used or is older than an hour.",
    "rate_limited": "You tried too often. Wait five minutes.",
    "too_many_login_attempts": "You tried too often. Wait five minutes.",
    "username_password_mismatch": "Enter a user name and password that belong together.",
}
"""What is wrong with a form, by the code that django-allauth gives it; the words do not tell who exists."""


def letter(name: str, link: str) -> tuple[str, str]:
    """Subject and text of an e-mail, with its link where it has one."""
    subject, paragraphs = LETTERS[name]
    told = [paragraph.format(password_reset_url=link) for paragraph in paragraphs]
    return f"Parity: {subject}", "\n\n".join(told if name in ASKED_FOR else [*told, NOT_YOU]) + "\n"
