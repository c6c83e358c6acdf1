"""Themes of what people with experience and advisory bodies tell."""

from parity.register.records.models import Record


class Theme(Record):
    """What somebody's voice told, who gathered it, and how many people said so. The thread links it as evidence."""

    STEM = "themes"
    KIND = "theme"
    LISTED = ("title", "voice", "gathered_by", "dated", "people")
    FILTERS = ("voice", "tone", "gathered_by")
