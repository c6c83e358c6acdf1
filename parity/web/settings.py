"""Django's settings. What differs between places comes from the environment: PARITY_HOME, DATABASE_URL,
PARITY_ALLOWED_HOSTS, PARITY_CONTACT."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from csp.constants import NONE, SELF
from django.db.backends.signals import connection_created

from parity.register.jobs.rules import LONGEST_SECONDS
from parity.web.database import check_role, database

# Polars' threads spin while they wait: with tables of a few hundred rows that takes a fifth more CPU for nothing.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

PACKAGE = Path(__file__).resolve().parent.parent
PARITY_HOME = Path(os.environ.get("PARITY_HOME", ".parity")).resolve()
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SERVED_HOSTS = tuple(host.strip() for host in os.environ.get("PARITY_ALLOWED_HOSTS", "").split(",") if host.strip())
ON_LOOPBACK = not SERVED_HOSTS
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
    "parity.register",
    "parity.analyse",
    "parity.plan",
    "parity.secure",
    "parity.review",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parity.web.middleware.TokenMiddleware",
    "parity.web.middleware.SignInMiddleware",
    "parity.web.middleware.DeskMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"

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

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not ON_LOOPBACK
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
