"""Text fit to print: without characters that no page has a place for."""

import re
from typing import Any

# Neither XML 1.0 nor a printed page has a place for control characters, lone surrogates or non-characters, and the
# program that draws charts ends the whole process when it meets a null character.
_UNPRINTABLE = re.compile("[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]+")


def clean(text: str) -> str:
    """The text with each run of characters that cannot be printed (line breaks too) as one space."""
    return _UNPRINTABLE.sub(" ", text)


def clean_within(value: Any) -> Any:
    """The JSON value with every text in it, names of fields too, made clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_within(name): clean_within(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean_within(inner) for inner in value]
    return value
