"""What a programme's page of description must hold: a sentence for each thing that keeps it from being used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

REQUIRED = {"slug": 50, "title": 200, "publisher": 200, "period": 60, "summary": 10_000, "home_area": 60}
"""Each text a description must have, with the most characters it may have."""
ENTRIES = {"organisation": {"code": 60, "name": 200, "kind": 40}, "document": {"key": 60, "title": 1000}}
"""Each list it may have, with the texts of an entry and the most characters of each."""
ALONE = ("code", "key")
"""Those that tell one entry from another."""
RESERVED = (
    "accessibility", "account", "api", "calendars", "england", "invitation", "jobs", "notices", "sign-in", "sign-out",
    "static",
)  # fmt: skip
"""Names that are addresses of the workspace or folders of its own."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Windows gives no folder such a name
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


def wrong_in(described: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each thing that keeps a programme's description from being used."""
    for name, most in REQUIRED.items():
        text = described.get(name)
        if not isinstance(text, str) or not text.strip():
            yield f"“{name}” is missing: give it a text in quotation marks."
        elif len(text) > most:
            yield f"“{name}” has {len(text)} characters: at most {most} are kept."
        elif name == "slug":
            yield from wrong_in_slug(text)
    for kind, names in ENTRIES.items():
        yield from _wrong_in_entries(kind, described.get(kind, []), names)
    notes = described.get("illustrative", {})
    if not isinstance(notes, dict) or not all(isinstance(sentence, str) for sentence in notes.values()):
        yield "[illustrative] holds one sentence for each table that is invented."
    if not isinstance(described.get("disclosure", {}), dict):
        yield "[disclosure] gives a policy for each table that is under one."
    sections = described.get("sections", {})
    if not isinstance(sections, dict) or not all(map(_is_list_of_texts, sections.values())):
        yield "[sections] holds for each section a list of texts."


def wrong_in_slug(slug: str) -> Iterator[str]:
    """A sentence where a programme, its folder and its addresses cannot be called so."""
    if not _SLUG.fullmatch(slug):
        yield f"The slug “{slug}” may hold only small letters, digits and single hyphens."
    elif slug in RESERVED or _DEVICE.fullmatch(slug):
        yield f"The slug “{slug}” is kept for another use: choose another."


def _wrong_in_entries(kind: str, entries: Any, names: Mapping[str, int]) -> Iterator[str]:
    if not isinstance(entries, list):
        yield f"“{kind}” is written once for each, as [[{kind}]]."
        return
    for name, most in names.items():
        given = [entry.get(name) if isinstance(entry, dict) else None for entry in entries]
        texts = [text for text in given if isinstance(text, str) and text.strip()]
        if len(texts) < len(given):
            yield f"A [[{kind}]] has no text “{name}”."
        elif max(map(len, texts), default=0) > most:
            yield f"A [[{kind}]] has more than {most} characters in “{name}”."
        elif name in ALONE:
            twice = sorted({text for text in texts if texts.count(text) > 1})
            yield from (f"Two [[{kind}]] have the {name} “{text}”." for text in twice)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
