"""What a process of its own answers about an uploaded file: little memory, little time, nothing of the environment.

So no file can harm the process that serves.
"""

import os
import subprocess
import sys
from pathlib import Path

import parity

if sys.platform == "linux":
    import resource

DONE, REFUSED = 0, 3
"""How the process ends: with its answer, or with what keeps the file from being read."""
_HANDED_ON = ("PATH", "SYSTEMROOT")
"""All of the environment that the process gets: no key, no address of a database."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Or each processor of a large machine takes of the memory."""


def run_apart(module: str, content: bytes, *, kind: str, seconds: float) -> tuple[int, bytes]:
    """How the module's process ended and what it answered. Raises TimeoutError where it takes longer."""
    settings = {name: os.environ[name] for name in _HANDED_ON if name in os.environ} | _ONE_THREAD
    settings["PYTHONPATH"] = str(Path(parity.__file__).parents[1])
    command = [sys.executable, "-m", module, kind]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, env=settings, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return done.returncode, done.stdout


def limit_memory(most: int) -> None:
    """Let this process ask for so many bytes and no more, where the system can hold it to that."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
