"""Refuses to serve others with settings that are safe on one's own machine alone."""

import os
import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from parity.terms.errors import NotAllowed
from parity.web.sign_in.environment import CONSOLE
from parity.web.sign_in.rules import Served, unsafe


def check_served(app_configs: Any, **told: Any) -> list[CheckMessage]:
    """An error for each sentence, for `django check --deploy`."""
    return [Error(sentence, id=f"parity.E{number:03}") for number, sentence in enumerate(unsafe(_served()), 1)]


def refuse_unsafe() -> None:
    """Nothing where others may be served. Raises NotAllowed with a sentence for each thing to change."""
    sentences = list(unsafe(_served()))
    if sentences:
        raise NotAllowed("\n".join(sentences))


def _served() -> Served:
    # Windows has no such modes: who may read a file is said elsewhere there
    named = (settings.PARITY_HOME / "secret-key", settings.OIDC_FILE) if os.name != "nt" else ()
    held = [Path(name) for name in named if name and Path(name).exists()]
    return Served(
        hosts=settings.SERVED_HOSTS,
        debug=settings.DEBUG,
        demo=settings.DEMO,
        sends_mail=settings.EMAIL_BACKEND != CONSOLE,
        secrets={str(path): stat.S_IMODE(path.stat().st_mode) for path in held},
    )
