"""The list of all parts that a release runs with: a CycloneDX document, from the lock and the vendored folders."""

import hashlib
import json
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from parity import __version__

HOUSE = Path(__file__).resolve().parent.parent
LOCKED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
SEEN = {
    "colorama": "BSD-3-Clause",
    "pycparser": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
    "pyrage": "MIT",
    "qrcode": "BSD-3-Clause",
}
"""Licences as their files say: of packages that only some systems need, and of those that tell none or a vague one."""
VENDORED = (
    ("nhsuk-frontend", "10.6.1", "MIT", "parity/layout/static/parity/nhsuk-frontend-10.6.1"),
    ("vega", "6.4.0", "BSD-3-Clause", "parity/layout/static/parity/vega-6.4.0"),
    ("liberation-sans", "2.1.5", "OFL-1.1", "parity/documents/fonts"),
)


def parts() -> str:
    """The parts as JSON: each package of the base lock, and each vendored file with its hash."""
    listed = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "parity", "version": __version__, "licenses": _licence("MIT")}
        },
        "components": [*_packages(), *_vendored()],
    }
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"


def _packages() -> Iterator[dict[str, Any]]:
    """Every locked package. The hashes of its files, one a system and interpreter, stand in the lock."""
    for name, version in LOCKED.findall((HOUSE / "requirements.lock").read_text("utf-8")):
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": _licence(SEEN.get(name) or licence_of(name)),
        }


def _vendored() -> Iterator[dict[str, Any]]:
    for name, version, licence, folder in VENDORED:
        files = sorted(path for path in (HOUSE / folder).rglob("*") if path.suffix in (".js", ".css", ".ttf", ".svg"))
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "licenses": _licence(licence),
            "components": [
                {
                    "type": "file",
                    "name": path.relative_to(HOUSE).as_posix(),
                    "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
                }
                for path in files
            ],
        }


def licence_of(name: str) -> str:
    """What an installed package says of its licence: an SPDX expression where it gives one, or else its own words."""
    told = distribution(name).metadata
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if "License ::" in line]
    words = told["License"] or ""
    return told["License-Expression"] or " or ".join(classified) or words.partition("\n")[0]


def _licence(words: str) -> list[dict[str, Any]]:
    return [{"license": {"name": words}}]
