"""What the MHSDS checks when providers send their data, and what it rejects (NHS England)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_text_table
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

RENAMED = {
    "Error Code": "rule", "Table": "table", "UID / Table ID": "item", "Data Item Name (Data Dict Element)": "item_name",
    "XML ELEMENT NAME": "element", "Validation Level (File, Group, Record)": "level", "Validation Type": "check",
    "Error Level": "outcome", "Validation Text with Action": "words",
    "Additional Guidance not for inclusion in error message": "guidance",
}  # fmt: skip
VERSION = re.compile(r"v(\d+)(?:\.\d+)?")


def tidy(file: Path) -> Edition:
    """Every rule of one version; its name holds the version. Raises SourceChanged where that or a column is gone."""
    found = VERSION.search(file.name.lower())
    if not found:
        raise SourceChanged(f"{file.name} names no version, such as v6, and its content names none either.")
    table = read_text_table(file, wanted=tuple(RENAMED))
    edition = f"MHSDS v{found[1]}"
    trimmed = table.select(pl.col(old).str.strip_chars().alias(new) for old, new in RENAMED.items())
    # the publisher writes one outcome in two ways
    outcome = pl.col("outcome").str.to_lowercase().str.replace(r"^.", pl.col("outcome").str.slice(0, 1))
    return Edition(edition, trimmed.with_columns(edition=pl.lit(edition), outcome=outcome))


PUBLICATION = Publication(
    stem="mhsds_validation_rules",
    title="Mental Health Services Data Set: validation rules",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/data-collections-and-data-sets/data-sets/"
    "mental-health-services-data-set/tools-and-guidance",
    frequency="with each version of the data set",
    caveat="What is rejected at the door. Data that pass can still be wrong: a rule sees form and code, not truth.",
    files=("*mhsds*validation_rules*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "Version of the data set"),
        "rule": Column(Kind.TEXT, "Code of the error"),
        "table": Column(Kind.CODE, "Table of the data set"),
        "item": Column(Kind.CODE, "Number of the data item"),
        "item_name": Column(Kind.CODE, "Name of the data item"),
        "element": Column(Kind.CODE, "Name of the item in the file that is sent"),
        "level": Column(Kind.CODE, "File, Group or Record: what is checked"),
        "check": Column(Kind.CODE, "Kind of check, such as Blank or Format"),
        "outcome": Column(Kind.CODE, "What happens: a warning, or what is rejected"),
        "words": Column(Kind.TEXT, "The message that the provider gets"),
        "guidance": Column(Kind.TEXT, "Guidance; empty where there is none"),
    },
    key=("edition", "rule"),
    tidy=tidy,
)
