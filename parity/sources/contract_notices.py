"""Notices of public contracts, planned, tendered and awarded, in the Open Contracting Data Standard."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.reading.official import unpacked
from parity.terms.errors import SourceChanged
from parity.terms.publication import TYPES, Column, Edition, Kind, Publication

Release = Mapping[str, Any]
NO_VALUE = "The notice gives no value."
NEEDED = ("ocid", "id", "date", "tag")


def tidy(file: Path) -> Edition:
    """A package of releases or of records; of a record, the release that compiles the others.

    People are never read: neither contact points nor their addresses. Raises SourceChanged where the file is no such
    package, or a release lacks what names it.
    """
    try:
        package = json.loads(unpacked(file))
    except ValueError:
        raise SourceChanged(f"{file.name} is no JSON.") from None
    if not isinstance(package, dict) or not {"releases", "records"} & set(package):
        raise SourceChanged(f"{file.name} is no package of releases or records of the Open Contracting Data Standard.")
    edition = f"{_of(package, 'publisher', 'name')}, {str(package.get('publishedDate', ''))[:10]}"
    try:
        rows = [_row(release, file=file) for release in _releases(package)]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise SourceChanged(f"{file.name} holds a release that is not made as the standard says.") from None
    schema = {name: TYPES[column.kind] for name, column in COLUMNS.items() if name != "edition"}
    return Edition(edition, pl.DataFrame(rows, schema=schema).with_columns(edition=pl.lit(edition)))


def _releases(package: Release) -> Iterator[Release]:
    yield from package.get("releases", ())
    for record in package.get("records", ()):
        if "compiledRelease" in record:
            yield record["compiledRelease"]
        else:
            yield from (release for release in record.get("releases", ()) if "id" in release)


def _row(release: Release, *, file: Path) -> dict[str, Any]:
    lacking = [name for name in NEEDED if not release.get(name)]
    if lacking:
        raise SourceChanged(f"{file.name} has a release without {', '.join(lacking)}: its layout has changed.")
    tender, awards = release.get("tender") or {}, release.get("awards") or []
    tendered, awarded = _amounts([tender]), _amounts(awards)
    currencies = {currency for _, currency in (*tendered, *awarded)}
    one = len(currencies) == 1
    suppliers = {supplier.get("id") for award in awards for supplier in award.get("suppliers") or ()}
    period: Release = next((given for part in (*awards, tender) if (given := part.get("contractPeriod"))), {})
    return {
        "ocid": release["ocid"],
        "release": release["id"],
        "period": release["date"][:10],
        "tag": ", ".join(release["tag"]),
        "buyer": _of(release, "buyer", "id"),
        "buyer_name": _of(release, "buyer", "name"),
        "title": tender.get("title") or next((award["title"] for award in awards if award.get("title")), None),
        "status": tender.get("status"),
        "procedure": tender.get("procurementMethod"),
        "procedure_details": tender.get("procurementMethodDetails"),
        "category": tender.get("mainProcurementCategory"),
        "cpv": _of(tender, "classification", "id") or _of((tender.get("items") or [{}])[0], "classification", "id"),
        "cpv_name": _of(tender, "classification", "description"),
        "tender_value": sum(amount for amount, _ in tendered) if one and tendered else None,
        "awarded_value": sum(amount for amount, _ in awarded) if one and awarded else None,
        "currency": ", ".join(sorted(currencies)) or None,
        "suppliers": len(suppliers) if awards else None,
        "starts": (period.get("startDate") or "")[:10] or None,
        "ends": (period.get("endDate") or "")[:10] or None,
        "missing": None if one else NO_VALUE if not currencies else "The values are in several currencies.",
    }


def _of(holder: Release, part: str, name: str) -> str | None:
    """What a part of an object holds under a name; None where either is not there."""
    return (holder.get(part) or {}).get(name)


def _amounts(parts: list[Release]) -> list[tuple[float, str]]:
    values = [part["value"] for part in parts if part.get("value")]
    return [
        (float(value["amount"]), value.get("currency") or "GBP") for value in values if value.get("amount") is not None
    ]


COLUMNS = {
    "edition": Column(Kind.CODE, "Who published the package, and the day"),
    "ocid": Column(Kind.TEXT, "The procurement: one number through all its notices"),
    "release": Column(Kind.TEXT, "The notice"),
    "period": Column(Kind.CODE, "Day of the notice"),
    "tag": Column(Kind.CODE, "planning, tender, award, contract …; compiled is all of them in one"),
    "buyer": Column(Kind.CODE, "The buyer's number with the publisher"),
    "buyer_name": Column(Kind.CODE, "Name of the buyer"),
    "title": Column(Kind.TEXT, "Title of the notice"),
    "status": Column(Kind.CODE, "Where the tender stands: planned, active, complete …"),
    "procedure": Column(Kind.CODE, "open, selective, limited or direct; empty where it is not said"),
    "procedure_details": Column(Kind.CODE, "The procedure, in the publisher's words"),
    "category": Column(Kind.CODE, "goods, works or services"),
    "cpv": Column(Kind.CODE, "Code of the Common Procurement Vocabulary; 85 is health and social care"),
    "cpv_name": Column(Kind.CODE, "What the code stands for"),
    "tender_value": Column(Kind.NUMBER, "Value of the tender, in its currency"),
    "awarded_value": Column(Kind.NUMBER, "Value of all its awards, in their currency"),
    "currency": Column(Kind.CODE, "Currency of the values"),
    "suppliers": Column(Kind.SMALL, "Number of suppliers; empty before an award"),
    "starts": Column(Kind.CODE, "First day of the contract"),
    "ends": Column(Kind.CODE, "Last day of the contract"),
    "missing": Column(Kind.CODE, "Why there is no value"),
}

PUBLICATION = Publication(
    stem="contract_notices",
    title="Notices of public contracts: planned, tendered and awarded",
    publisher="Crown Commercial Service, and others that publish in the Open Contracting Data Standard",
    licence="Open Government Licence v3.0",
    address="https://www.contractsfinder.service.gov.uk/",
    frequency="every day",
    caveat="One row a notice: a procurement has several, and their values are never added up. A value is a promise "
    "over the whole contract, often of a framework that several bodies use. The example of the Open "
    "Contracting Partnership is fiction.",
    files=("*_ocds_*.json*", "*ocds-*.json*"),
    columns=COLUMNS,
    key=("edition", "ocid", "release"),
    tidy=tidy,
)
