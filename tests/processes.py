"""Running Parity in a process of its own, as a terminal does."""

import os
import subprocess
import sys

from tests.given import HOUSE

PATIENCE_SECONDS = 300


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the code did."""
    whole = {**os.environ, "DJANGO_SETTINGS_MODULE": "parity.web.settings", **environment}
    line = [sys.executable, "-c", code]
    return subprocess.run(
        line, capture_output=True, text=True, cwd=HOUSE, env=whole, timeout=PATIENCE_SECONDS, check=False
    )


def parity(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command did."""
    given = [str(word) for word in words]
    return python(f"import sys; from parity.cli import main; sys.exit(main({given!r}))", **environment)
