"""Django's settings. What differs between places comes from the environment: PARITY_HOME, DATABASE_URL, PARITY_CONTACT,
PARITY_ALLOWED_HOSTS, PARITY_EMAIL_URL, PARITY_EMAIL_FROM, PARITY_OIDC, PARITY_DEMO."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from csp.constants import NONE, SELF
from django.db.backends.signals import connection_created

from parity.register.jobs.rules import LONGEST_SECONDS
from parity.web.database import check_role, database
from parity.web.sign_in.environment import mail_from, providers_from
from parity.web.sign_in.rules import WHOLE_SECONDS

# Polars' threads spin while they wait: with tables of a few hundred rows that takes a fifth more CPU for nothing.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

PACKAGE = Path(__file__).resolve().parent.parent
PARITY_HOME = Path(os.environ.get("PARITY_HOME", ".parity")).resolve()
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SERVED_HOSTS = tuple(host.strip() for host in os.environ.get("PARITY_ALLOWED_HOSTS", "").split(",") if host.strip())
ON_LOOPBACK = not SERVED_HOSTS
ADDRESS = "http://127.0.0.1:8000" if ON_LOOPBACK else f"https://{SERVED_HOSTS[0]}"
"""Where the links of our e-mails lead. Never where a request says it came to."""
DEMO = os.environ.get("PARITY_DEMO") == "1"
"""True while the demo's people may sign in."""
OIDC_FILE = os.environ.get("PARITY_OIDC", "")
PROVIDERS = providers_from(OIDC_FILE)
MAIL = mail_from(os.environ.get("PARITY_EMAIL_URL", ""))
CONTACT = os.environ.get("PARITY_CONTACT", "")
"""A `mailto:` or `https:` address for questions on accessibility and reports of weaknesses."""


def secret_key(home: Path) -> str:
    """The key that signs sessions: made once and kept in `secret-key` under the home, readable by its owner only."""
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=home)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        # a link, not a move: of two processes that start together the second must take the first one's key
        with suppress(FileExistsError):
            os.link(partial, path)
        Path(partial).unlink()
    return path.read_text(encoding="ascii")


def folders(name: str) -> list[Path]:
    """Every folder of this name in the package: beside a layer's modules or inside a topic."""
    return sorted(path for pattern in (f"*/{name}", f"*/*/{name}") for path in PACKAGE.glob(pattern) if path.is_dir())


SECRET_KEY = secret_key(PARITY_HOME)
DEBUG = False
ALLOWED_HOSTS = [*LOOPBACK, *SERVED_HOSTS]
ROOT_URLCONF = "parity.web.urls"
WSGI_APPLICATION = "parity.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_q",
    "simple_history",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "parity.register",
    "parity.analyse",
    "parity.plan",
    "parity.secure",
    "parity.review",
    "parity.web",
]
if PROVIDERS:
    # only then, for it brings a client for HTTP, which takes a fifth of a second to load
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parity.web.sign_in.middleware.SessionEndMiddleware",
    "parity.web.middleware.TokenMiddleware",
    "parity.web.middleware.ProgramMiddleware",
    "parity.web.middleware.SignInMiddleware",
    "parity.web.sign_in.middleware.SecondFactorMiddleware",
    "parity.web.middleware.DeskMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": folders("templates"),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "parity.layout.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages"],
        },
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), PARITY_HOME)}
if not ON_LOOPBACK:
    connection_created.connect(check_role)
# The queue of jobs. What a worker did not acknowledge is handed out again after `retry`, which must be later than
# `timeout`; a worker that vanished is noticed far sooner, by its silence.
Q_CLUSTER = {
    "name": "parity",
    "orm": "default",
    "poll": 0.5,
    "timeout": LONGEST_SECONDS,
    "retry": LONGEST_SECONDS + 120,
    "save_limit": -1,
    "catch_up": False,
    "log_level": "WARNING",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "register.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["parity.web.sign_in.backend.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "parity.web.sign_in.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 -- a class
ACCOUNT_RATE_LIMITS = {
    # a whole council may come from one address at nine o'clock, so that only failures are counted closely
    "login": "300/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "accept_invitation": "20/m/ip",
    "invite": "60/h/user",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_FORMS = {
    "change_password": "parity.web.sign_in.forms.OtherPasswordForm",
    "login": "parity.web.sign_in.forms.SignInForm",
    "reauthenticate": "parity.web.sign_in.forms.ConfirmForm",
    "reset_password": "parity.web.sign_in.forms.ForgottenForm",
    "reset_password_from_key": "parity.web.sign_in.forms.NewPasswordForm",
}
MFA_ADAPTER = "parity.web.sign_in.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "parity.web.sign_in.forms.AppForm",
    "add_webauthn": "parity.web.sign_in.forms.PasskeyForm",
    "authenticate": "parity.web.sign_in.forms.CodeForm",
    "authenticate_webauthn": "parity.web.sign_in.forms.PasskeyCheckForm",
    "edit_webauthn": "parity.web.sign_in.forms.PasskeyNameForm",
    "reauthenticate": "parity.web.sign_in.forms.ConfirmCodeForm",
    "reauthenticate_webauthn": "parity.web.sign_in.forms.ConfirmPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "parity.web.sign_in.provider.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": PROVIDERS, "provider_class": "parity.web.sign_in.provider.Provider"},
}
# the last of the addresses that a request names is the one that the server before us has seen
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if ON_LOOPBACK else 1

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "parity_cache",
        # so many that nobody fills it to have the attempts on a name forgotten
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_SSL = MAIL.encrypted_from_start
EMAIL_USE_TLS = bool(MAIL.host) and not MAIL.encrypted_from_start
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PARITY_EMAIL_FROM", "parity@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = folders("static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Django keeps errors to itself unless it debugs; whoever runs the server must see them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["terminal"], "level": "ERROR"},
        "django.server": {"level": "WARNING"},
    },
}

SESSION_COOKIE_AGE = WHOLE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "sessionid" if ON_LOOPBACK else "__Host-sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not ON_LOOPBACK
CSRF_COOKIE_NAME = "csrftoken" if ON_LOOPBACK else "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not ON_LOOPBACK
CSRF_FAILURE_VIEW = "parity.web.errors.form_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 31_536_000
SECURE_SSL_REDIRECT = not ON_LOOPBACK
SECURE_PROXY_SSL_HEADER = None if ON_LOOPBACK else ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
