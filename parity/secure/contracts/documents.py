"""The chapter on contracts."""

from calendar import month_name
from datetime import date

import polars as pl

from parity.assumptions import assumption
from parity.documents.figure_tables import joined, listed, worded
from parity.documents.model import Block, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.secure.contracts.rules import contract_dates
from parity.tables import Desk

ABSENT = "The programme has no table “contracts”, which would hold what runs until when."
CONTRACT = "contract"
CONTRIBUTIONS = (
    "What one body pays to another as its contribution is part of what the service's own contract costs: the rows are "
    "not added up."
)
NOTICE = (
    "A decision is due early enough for people to be moved before it takes effect. A new tender needs far longer than "
    "the last day to decide on a successor says."
)


def chapter(desk: Desk) -> list[Block]:
    """The register, when each contract ends and must be decided on, and what it costs."""
    found = desk.table("contracts")
    if found is None or found[0].is_empty():
        return [Paragraph((ABSENT,))]
    register = found[0].with_columns(name=pl.format("{} ({}, {})", "contract", "kind", "status"))
    heads = {
        "name": "Contract",
        "title": "What is bought",
        "provider": "Provider",
        "funders": "Who pays",
        "note": "Remarks",
    }
    counts = desk.figures("contracts_count").all()
    return [
        listed("contracts-count", "Contracts by status", counts, rows=("status", "area", "period"), value="Contracts"),
        worded("contracts", "The register", register, heads=heads),
        Heading("When they end", 3),
        Paragraph((NOTICE,)),
        _dates(desk),
        Heading("What they cost and how long they run", 3),
        *_contributions(found[0]),
        _values(desk),
    ]


def _contributions(contracts: pl.DataFrame) -> list[Block]:
    """What to know of rows that are one body's part of what another row costs."""
    if (contracts["kind"] == CONTRACT).all():
        return []
    return [Paragraph((CONTRIBUTIONS,))]


def _dates(desk: Desk) -> Table:
    """First and last days of each contract, and the last days to decide."""
    found = desk.table("contracts")
    notice = int(assumption("contract_notice_months").value)
    rows: list[tuple[Cell, ...]] = []
    for row in () if found is None else found[0].iter_rows(named=True):
        if row["start"] is None:
            rows.append((row["contract"], *["start not known"] * 5))
            continue
        months, extension = row["initial_months"], row["extension_months"]
        dates = contract_dates(row["start"], months=months, extension_months=extension, notice_months=notice)
        days = (row["start"], dates.ends.initial, dates.decide_extension, dates.ends.extended, dates.decide_successor)
        rows.append((row["contract"], *(_day(day) for day in days)))
    heads = (
        "Contract",
        "First day",
        "End of the initial term",
        "Decide on extension by",
        "Last day if extended",
        "Decide on successor by",
    )
    return joined("contract-dates", "Terms of the contracts", heads, rows)


def _day(day: date | None) -> str:
    return "no extension" if day is None else f"{day.day} {month_name[day.month]} {day.year}"


def _values(desk: Desk) -> Table:
    keys = ("contract_longest_years", "contract_years_to_decision", "contract_lifetime_value")
    rows: list[tuple[Cell, ...]] = []
    for yearly in desk.figures("contract_value_a_year"):
        beside = (desk.figures(key).one(**yearly.address) for key in keys)
        rows.append((dict(yearly.where)["contract"], yearly, *beside))
    heads = (
        "Contract",
        "Value a year",
        "Longest term",
        "From first day to first decision",
        "Value over the longest term",
    )
    return joined("contract-values", "Value and term of the contracts", heads, rows)


TOPIC = Topic(
    slug="contracts",
    stage="secure",
    title="Contracts",
    lead="What runs until when, what it costs, and by when to decide what follows.",
    chapter=chapter,
)
