"""Unit costs of adult social care by council, client group and service, until 2013/14 (NHS Digital, PSS EX1)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import by_pattern, number_or_reason, read_cells
from parity.sources.reading.social_care import ALL, NOT_AVAILABLE, THOUSAND, councils, year_in_title
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

MEASURES = {"Numerator": "cost", "Denominator": "activity", "Unit Cost": "unit cost"}
GROUPS = {
    "all adult client groups|adults and older people": "all adults",
    "older people": "older people",
    "learning disability": "learning disability",
    "mental illness|mental health": "mental health",
    "physical disability": "physical disability",
}
SERVICES = {
    "residential and nursing care and home": "residential, nursing and home care",
    "residential and nursing care": "residential and nursing care",
    "nursing care": "nursing care",
    "residential care": "residential care",
    "day care": "day care",
    "home care": "home care",
    "direct payments": "direct payments",
    "meals": "meals",
}
PROVISION = {
    "own provision|provided by la": "own provision", "provided by others|independent sector": "provision by others",
    "": ALL,
}  # fmt: skip
UNITS = {
    "^gross total cost": "GBP", "^average gross": "GBP a unit", "number of weeks": "weeks", "hours": "hours",
    "number of meals": "meals a week", "number of clients": "clients a week", "^number of": "people at 31 March",
}  # fmt: skip
NET = {"less income from": "yes", "": "no"}


def tidy(file: Path) -> Edition:
    """One year's file. Raises SourceChanged where the year, a row of headings or a known client group is gone."""
    cells = read_cells(file)
    year = year_in_title(cells, file=file)
    heads = _headings(cells, file=file)
    body = pl.concat([councils(cells["column_0"]), cells], how="horizontal").drop_nulls("cassr")
    places = heads["place"].to_list()
    long = body.unpivot(places, index=["cassr", "council"], variable_name="place", value_name="cell")
    value, missing = number_or_reason("cell", NOT_AVAILABLE)
    cost = pl.col("measure") == "cost"
    tidied = long.join(heads, on="place").select(
        pl.lit(year).alias("edition"),
        "cassr",
        "council",
        pl.lit(year).alias("period"),
        *("indicator", "client_group", "service", "provision", "net_of_income", "measure", "unit"),
        pl.when(cost).then(value * THOUSAND).otherwise(value).alias("value"),
        missing,
        "words",
    )
    return Edition(year, tidied)


def _headings(cells: pl.DataFrame, *, file: Path) -> pl.DataFrame:
    """Of each column: its indicator, measure and words, and what the words of the indicator's cost say it is of."""
    rows = cells.head(10).rows()
    top = next((place for place, row in enumerate(rows) if set(row[1:4]) == set(MEASURES)), 0)
    if top < 2:
        raise SourceChanged(f"{file.name} has no row of {', '.join(MEASURES)}: its layout has changed.")
    said = pl.DataFrame(
        {"place": cells.columns, "words": rows[top - 2], "indicator": rows[top - 1], "measure": rows[top]},
        schema_overrides=dict.fromkeys(("words", "indicator", "measure"), pl.String),
    ).drop_nulls()
    said = said.with_columns(
        pl.col("words").str.replace_all(r"\s+", " "), measure=pl.col("measure").replace_strict(MEASURES)
    )
    unit = by_pattern(said["words"].str.to_lowercase(), UNITS, file=file)
    costs = said.filter(measure="cost")
    text = costs["words"].str.to_lowercase()
    groups = costs.select(
        "indicator",
        client_group=by_pattern(text, GROUPS, file=file),
        service=by_pattern(text, SERVICES, file=file),
        provision=by_pattern(text, PROVISION, file=file),
        net_of_income=by_pattern(text, NET, file=file),
    )
    return said.with_columns(unit=unit).join(groups, on="indicator")


PUBLICATION = Publication(
    stem="pss_unit_costs",
    title="Personal social services: unit costs by council, until 2013/14",
    publisher="NHS England, formerly the Health and Social Care Information Centre",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "personal-social-services-expenditure-and-unit-costs",
    frequency="once a year, until 2013/14",
    caveat="Each unit cost stands with the cost and the activity that it is of. Those of residential and nursing "
    "care are a week and person; what a unit is, the publisher's words say. Numbers of people are rounded to "
    "5. Take the published unit cost and do not divide anew: activity is of a week in 2013/14 where it is of a year "
    "in 2008/09. Unit costs of councils swing where few people are served.",
    files=("pssex1_unit_costs_by_council_*.csv*", "annex_final_cassr_level_unit_costs*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "Financial year"),
        "cassr": Column(Kind.CODE, "The council's number in social care returns; England's ONS code for its total"),
        "council": Column(Kind.CODE, "Name of the council"),
        "period": Column(Kind.CODE, "Financial year"),
        "indicator": Column(Kind.CODE, "The publisher's code of the unit cost, such as 2.12"),
        "client_group": Column(
            Kind.CODE, "all adults, older people, learning disability, mental health, physical disability"
        ),
        "service": Column(Kind.CODE, "Service that the cost is of"),
        "provision": Column(Kind.CODE, "all, own provision or provision by others"),
        "net_of_income": Column(Kind.CODE, "yes where income from the NHS and others was taken off"),
        "measure": Column(Kind.CODE, "cost, activity or unit cost"),
        "unit": Column(Kind.CODE, "GBP, GBP a unit, weeks, hours, people …"),
        "value": Column(Kind.NUMBER, "The measure, in its unit; the publisher's thousands made pounds"),
        "missing": Column(Kind.CODE, "Why there is no number"),
        "words": Column(Kind.CODE, "The publisher's heading"),
    },
    key=("edition", "cassr", "indicator", "measure"),
    tidy=tidy,
)
