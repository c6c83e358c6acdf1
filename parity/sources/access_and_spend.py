"""Children's access to mental health care, and spend on mental health, by CCG and ICB (Children's Commissioner)."""

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from parity.sources.reading.official import number_or_reason, read_sheet, under_heading
from parity.sources.reading.written_periods import financial_year, quarter
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

CODE = re.compile(r"[0-9A-Z]{3,5}")
SUPPRESSED = "Suppressed by NHS England: the number is below 5."
FORMED_LATER = "Shown as 0 because the CCG was formed later: this is not its number."
COPIED = "The workbook repeats the numbers of other bodies in this column: the ICB's own are not known."
SIGNS = {"*": SUPPRESSED, "": "Not in the workbook."}
ONE_CONTACT, TWO_CONTACTS = "CYP with at least one contact, 12 months", "CYP with at least two contacts, 12 months"
PLAN = "CYP with at least one contact, 12 months: indicative trajectory"
SPEND = "Mental health spend with learning disabilities and dementia"
SPEND_SHARE = "Mental health spend with learning disabilities and dementia, of the allocation"
CYP_SPEND = "CYP mental health spend without learning disabilities and eating disorders"
ED_SPEND = "CYP mental health spend on eating disorders"
URGENT = "CYP with eating disorders seen within 1 week if urgent, 12 months to the end"
ROUTINE = "CYP with eating disorders seen within 4 weeks if routine, 12 months to the end"
TITLED_CYP, TITLED_ED = "CYP Mental Health CCG spend - excluding", "CYP Mental Health CCG spend - eating"
TITLED_SHARE, TITLED_SPEND = "CCG spend on MH as a %", "Mental Health acutal spend"


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a sheet: `title` stands in column `at`, the periods `below` it, from column `first` on."""

    sheet: str
    measure: str
    unit: str
    title: str
    at: int
    below: int
    code: int
    name: int
    first: int
    count: int


BLOCKS = (
    _Block("Trend CYP (i.a)", ONE_CONTACT, "people", "Period Type", 2, 0, 0, 1, 3, 2),
    _Block("CYP (i.b) - 1+ access ICB 21_22", ONE_CONTACT, "people", "Q4 2021-22 (12m rolling)", 10, 0, 8, 9, 10, 1),
    _Block("CYP (i.b) - 1+ access ICB 21_22", PLAN, "people", "2021/22 indicative LTP", 11, 0, 8, 9, 11, 1),
    _Block("Trend CYP (i.c)", TWO_CONTACTS, "people", "Period Type", 2, 0, 0, 1, 3, 2),
    _Block("Trend CYP (ii)", URGENT, "share", "within 1 week (urgent)", 3, 2, 0, 1, 3, 12),
    _Block("Trend CYP (ii)", ROUTINE, "share", "within 4 weeks (routine)", 19, 2, 16, 17, 19, 12),
    _Block("Trend CYP (iii)", "CYP bed days in tier 4 wards", "days", "Total bed days of CYP", 3, 2, 0, 1, 3, 20),
    _Block(
        "Trend CYP (iii)", "CYP admissions to tier 4 wards", "admissions", "Number of admissions", 3, 2, 0, 1, 3, 20
    ),
    _Block("Trend CYP (iv)", "CYP bed days in adult wards", "days", "Bed days of CYP", 3, 1, 0, 1, 3, 8),
    _Block("Trend CYP (iv)", "CYP in adult wards", "people", "Number of CYP under 18", 16, 1, 13, 14, 16, 8),
    _Block("Trend CYP (v and vi)", CYP_SPEND, "GBP", TITLED_CYP, 3, 2, 0, 2, 4, 5),
    _Block("Trend CYP (v and vi)", ED_SPEND, "GBP", TITLED_ED, 13, 2, 11, 12, 14, 5),
    _Block("Trend CYP (v and vi) by ICB", CYP_SPEND, "GBP", TITLED_CYP, 2, 2, 0, 1, 3, 5),
    _Block("Trend CYP (v and vi) by ICB", ED_SPEND, "GBP", TITLED_ED, 12, 2, 10, 11, 13, 5),
    _Block("Trend MHF (i and ii)", SPEND_SHARE, "share", TITLED_SHARE, 3, 2, 0, 1, 3, 5),
    _Block("Trend MHF (i and ii)", SPEND, "GBP", TITLED_SPEND, 12, 2, 9, 10, 12, 5),
    _Block("Trend MHF(i and ii) ICB", SPEND_SHARE, "share", TITLED_SHARE, 3, 2, 0, 1, 3, 5),
    _Block("Trend MHF(i and ii) ICB", SPEND, "GBP", TITLED_SPEND, 12, 2, 9, 10, 12, 5),
)
"""Where each measure stands. Some titles of the workbook are wrong: a block is known by the one that is right."""


def tidy(file: Path) -> Edition:
    """The trends of every measure, CCGs and ICBs. Raises SourceChanged where a sheet, a title or a period is gone."""
    table = pl.concat([_read(file, block) for block in BLOCKS])
    lookup = under_heading(read_sheet(file, "Lookup"), ("2122 sub-icb code", "icb code"), file=file)
    icbs = dict(lookup.drop_nulls().select("2122 sub-icb code", "icb code").iter_rows())
    value, missing = number_or_reason("cell", SIGNS)
    is_icb = pl.col("area").is_in(list(icbs.values()))
    table = table.with_columns(
        value,
        missing,
        level=pl.when(is_icb).then(pl.lit("icb")).otherwise(pl.lit("ccg")),
        icb=pl.when(is_icb).then(pl.col("area")).otherwise(pl.col("area").replace_strict(icbs, default=None)),
    )
    edition = str(table.filter(pl.col("period").str.contains("/"))["period"].max())
    return Edition(edition, _without_gaps(table).with_columns(edition=pl.lit(edition)))


def _read(file: Path, block: _Block) -> pl.DataFrame:
    """A block's cells: area, name, period, measure, unit and the text in the cell."""
    rows = read_sheet(file, block.sheet).rows()
    titled = [place for place, row in enumerate(rows) if block.at < len(row) and block.title in (row[block.at] or "")]
    places = range(block.first, block.first + block.count)
    if not titled or titled[0] + block.below >= len(rows) or max(*places, block.code, block.name) >= len(rows[0]):
        raise SourceChanged(f"{file.name}: sheet {block.sheet} does not say “{block.title}” in its place.")
    top = titled[0] + block.below
    periods = [_period(rows[top][place], file=file) for place in places]
    cells: list[tuple[str | None, ...]] = []
    for row in rows[top + 1 :]:
        code = (row[block.code] or "").strip()
        if CODE.fullmatch(code):
            cells += [(code, row[block.name], when, row[place]) for when, place in zip(periods, places, strict=True)]
        elif cells:
            break
    table = pl.DataFrame(cells, schema=dict.fromkeys(("area", "area_name", "period", "cell"), pl.String), orient="row")
    return table.with_columns(measure=pl.lit(block.measure), unit=pl.lit(block.unit))


def _period(cell: str | None, *, file: Path) -> str:
    """The year or quarter that a heading begins with. The 12 months to Q4 of a year are the year itself."""
    if found := re.match(r"Q4 (\d{4}-\d\d) \(12m", cell or ""):
        return financial_year(found[1])
    found = re.match(r"(Q[1-4] )?(\d{4}/\d\d)", cell or "")
    if not found:
        raise SourceChanged(f"{file.name}: “{cell or ''}” is no period.")
    return quarter(found[0]) if found[1] else financial_year(found[2])


def _without_gaps(table: pl.DataFrame) -> pl.DataFrame:
    """The table without two kinds of numbers that are none: zeros of CCGs that were not there, and copies.

    Where every ICB's share in a year is a CCG's to the last digit, the column was copied from the CCGs.
    """
    shares = table.filter(measure=SPEND_SHARE)
    theirs = shares.filter(level="ccg").select("period", "value").unique()
    copied = pl.col("value").is_not_null() & pl.col("found").fill_null(False)
    own = shares.filter(level="icb").join(theirs.with_columns(found=pl.lit(True)), on=["period", "value"], how="left")
    years = own.group_by("period").agg(copied.all().alias("all")).filter("all")["period"].to_list()
    why = (
        pl.when((pl.col("measure") == ONE_CONTACT) & (pl.col("value") == 0))
        .then(pl.lit(FORMED_LATER))
        .when((pl.col("measure") == SPEND_SHARE) & (pl.col("level") == "icb") & pl.col("period").is_in(years))
        .then(pl.lit(COPIED))
    )
    why_not = table.with_columns(why=why)
    return why_not.with_columns(
        value=pl.when(pl.col("why").is_null()).then(pl.col("value")), missing=pl.coalesce("why", "missing")
    )


PUBLICATION = Publication(
    stem="access_and_spend",
    title="Children's access to mental health care and spend on mental health, by CCG and ICB",
    publisher="NHS England, published by the Children's Commissioner for England",
    licence="Open Government Licence v3.0",
    address="https://www.childrenscommissioner.gov.uk/resource/childrens-mental-health-services-2021-2022/",
    frequency="once a year, until 2021/22",
    caveat="Spend holds learning disabilities and dementia, and is that of commissioners alone: specialised "
    "commissioning and primary care are not in it. CCGs are those of 2021/22, earlier years recalculated by "
    "the publisher. Children's numbers are of people under 18; those in adult wards are rounded to 5. ICBs' "
    "shares of 2017/18 are missing: the workbook repeats those of CCGs.",
    files=("nhse_occ_mh_access_and_spend_*.xlsx", "occ data file and trend*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "The last year of the workbook"),
        "level": Column(Kind.CODE, "ccg or icb"),
        "area": Column(Kind.CODE, "ODS code of the CCG or ICB"),
        "area_name": Column(Kind.CODE, "Name of the CCG or ICB"),
        "icb": Column(Kind.CODE, "ODS code of the ICB to which it belongs"),
        "period": Column(Kind.CODE, "Financial year, or the months of a quarter"),
        "measure": Column(Kind.CODE, "What is measured; CYP are children and young people under 18"),
        "unit": Column(Kind.CODE, "people, admissions, days, share or GBP"),
        "value": Column(Kind.NUMBER, "The measure, in its unit; a share from 0 to 1"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "period", "measure"),
    tidy=tidy,
)
