"""What an organisation's codes look like, and what kinds there are: pure, without the database."""

import re
from collections.abc import Iterator

KINDS = {
    "council": "Council",
    "nhs_commissioner": "NHS commissioner",
    "nhs_provider": "NHS provider",
    "voluntary": "Voluntary organisation",
    "other": "Other",
}
"""Every kind of organisation by its code."""
ONS_CODE = re.compile(r"[A-Z][0-9]{8}")
ODS_CODE = re.compile(r"[A-Z0-9]{3,10}")


def code_faults(*, ons_code: str, ods_code: str) -> Iterator[tuple[str, str]]:
    """The name of each code that has another form than its register gives it, with a sentence. Any may be empty."""
    if ons_code and not ONS_CODE.fullmatch(ons_code):
        yield "ons_code", "An ONS code is a capital letter and eight digits, such as E06000016."
    if ods_code and not ODS_CODE.fullmatch(ods_code):
        yield "ods_code", "An ODS code is three to ten capital letters and digits, such as RT5."


def codes_in(code: str) -> dict[str, str]:
    """The ONS or the ODS code that a programme's folder means by the code it gives an organisation."""
    if ONS_CODE.fullmatch(code):
        return {"ons_code": code}
    return {"ods_code": code} if ODS_CODE.fullmatch(code) else {}


def own_code(name: str) -> str:
    """A code of our own for an organisation that has no other: its name in small letters, joined by dashes."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
