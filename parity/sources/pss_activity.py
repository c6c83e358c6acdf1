"""People, weeks and hours of adult social care by council, as returned until 2013/14 (NHS Digital, PSS EX1)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import number_or_reason, read_cells
from parity.sources.reading.social_care import NOT_AVAILABLE, councils, year_in_title
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

CODE = re.compile(r"[A-J][0-9]+(\.[0-9]+)?")


def tidy(file: Path) -> Edition:
    """One year's file. Raises SourceChanged where the title names no year or the row of codes is gone."""
    cells = read_cells(file)
    year = year_in_title(cells, file=file)
    top = next((place for place, cell in enumerate(cells["column_1"]) if cell and CODE.fullmatch(cell)), None)
    if top is None:
        raise SourceChanged(f"{file.name} has no row of codes such as A1.1: its layout has changed.")
    heads = _headings(cells[1:top].rows())
    codes = {name: code for name, code in zip(cells.columns, cells.row(top), strict=True) if code}
    body = pl.concat([councils(cells["column_0"]), cells], how="horizontal")[top + 1 :].drop_nulls("cassr")
    long = body.unpivot(list(codes), index=["cassr", "council"], variable_name="place", value_name="cell")
    value, missing = number_or_reason("cell", NOT_AVAILABLE)
    section, words = ({name: heads[at][part] for at, name in enumerate(cells.columns)} for part in (0, 1))
    return Edition(
        year,
        long.select(
            edition=pl.lit(year),
            cassr=pl.col("cassr"),
            council=pl.col("council"),
            period=pl.lit(year),
            measure=pl.col("place").replace_strict(codes),
            section=pl.col("place").replace_strict(section),
            measure_name=pl.col("place").replace_strict(words),
            value=value,
            missing=missing,
        ),
    )


def _headings(rows: list[tuple[str | None, ...]]) -> list[tuple[str, str]]:
    """Of each column its section, and its headings below that joined into one; a heading goes on to the right.

    A heading ends where one above it begins anew.
    """
    standing: list[str] = [""] * len(rows)
    found = []
    for column in zip(*rows, strict=True):
        begins = next((level for level, cell in enumerate(column) if cell), None)
        if begins is not None:
            standing[begins:] = [" ".join((cell or "").split()) for cell in column[begins:]]
        found.append((standing[0].capitalize(), ": ".join(text.rstrip(":") for text in standing[1:] if text)))
    return found


PUBLICATION = Publication(
    stem="pss_activity",
    title="Personal social services: activity by council, until 2013/14",
    publisher="NHS England, formerly the Health and Social Care Information Centre",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "personal-social-services-expenditure-and-unit-costs",
    frequency="once a year, until 2013/14",
    caveat="Rounded to 5. England's numbers hold estimates for councils that returned none, so councils add up to "
    "less. Client groups were replaced by primary support reasons in 2014/15: the two do not compare.",
    files=("pssex1_activity_by_council_*.csv*", "annex_final_cassr_level_activity_data*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "Financial year"),
        "cassr": Column(Kind.CODE, "The council's number in social care returns; England's ONS code for its total"),
        "council": Column(Kind.CODE, "Name of the council"),
        "period": Column(Kind.CODE, "Financial year"),
        "measure": Column(Kind.CODE, "The publisher's code, such as A2.3"),
        "section": Column(Kind.CODE, "Part of the return"),
        "measure_name": Column(Kind.CODE, "What is counted, in the publisher's words"),
        "value": Column(Kind.NUMBER, "People, weeks, hours or meals, as the measure says"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "cassr", "measure"),
    tidy=tidy,
)
