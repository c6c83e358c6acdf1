"""Parameters of a flow model: who falls ill, of what, and which services they reach (The Strategy Unit)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import PER_CENT, read_sheet, under_heading
from parity.sources.reading.written_periods import day, each, months
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

NAMED = re.compile(r"params_(.+)\.xlsx", re.IGNORECASE)
NONE = "none"
WHO = ("group", "condition", "service", "curve", "month")
CURVES = ("Sudden Shock", "Prolonged Pandemic", "Even Ebb", "Incubating Impact", "Fluctuating Fears")
Sheet = tuple[dict[str, str], dict[str, tuple[str, str, int]]]
SHEETS: dict[str, Sheet] = {
    "curves": ({"month": "month"}, dict.fromkeys(CURVES, ("curve", "share", 1))),
    "groups": (
        {"group": "group", "curve": "curve"},
        {"size": ("size", "people", 1), "pcnt": ("susceptible", "share", PER_CENT)},
    ),
    "g2c": ({"group": "group", "condition": "condition"}, {"pcnt": ("falls ill", "share", 1)}),
    "c2t": (
        {"group": "group", "condition": "condition", "treatment": "service"},
        {"split": ("reaches", "share", PER_CENT)},
    ),
    "treatments": (
        {"treatment": "service"},
        {
            "success": ("success", "share", 1),
            "months": ("decay months", "months", 1),
            "decay": ("decay", "share", 1),
            "demand": ("demand per person", "contacts", 1),
            "treat_pcnt": ("treated", "share", 1),
        },
    ),
    "demand": (
        {"service": "service", "month": "month"},
        {"underlying": ("underlying demand", "referrals", 1), "suppressed": ("suppressed demand", "referrals", 1)},
    ),
}
"""Of each sheet: what names a row, and of each number its measure, its unit, and how many of it are one."""


def tidy(file: Path) -> Edition:
    """One area's workbook, whose name says the area. Raises SourceChanged where that, a sheet or a heading is gone."""
    found = NAMED.search(file.name)
    if not found:
        raise SourceChanged(f"{file.name} names no area, such as params_England, and its content names none either.")
    edition = found[1].replace("_", " ")
    table = pl.concat([_sheet(file, name) for name in SHEETS])
    return Edition(edition, table.with_columns(edition=pl.lit(edition)))


def _sheet(file: Path, sheet: str) -> pl.DataFrame:
    """One sheet in long form; the heading of a number on the sheet of curves is the curve's name."""
    who, measures = SHEETS[sheet]
    said = pl.DataFrame(
        [(head.lower(), head, *given) for head, given in measures.items()],
        schema=["head", "heading", "measure", "unit", "so_many"],
        orient="row",
    )
    table = under_heading(read_sheet(file, sheet), (*who, *measures), file=file).drop_nulls(list(who)).rename(who)
    if sheet == "demand":
        table = table.with_columns(month=each(table["month"], lambda text: months(day(text), day(text))))
    long = table.unpivot(said["head"].to_list(), index=list(who.values()), variable_name="head").join(said, on="head")
    if sheet == "curves":
        long = long.with_columns(curve=pl.col("heading"))
    absent = [pl.lit(NONE).alias(name) for name in WHO if name not in long.columns]
    return long.with_columns(absent).select(
        pl.col(*WHO, "measure").str.replace_all("\u00a0", " "),
        "unit",
        pl.col("value").cast(pl.Float64) / pl.col("so_many"),
    )


PUBLICATION = Publication(
    stem="service_flow_parameters",
    title="Mental health surge model: groups, conditions, services and demand",
    publisher="The Strategy Unit",
    licence="MIT",
    address="https://github.com/The-Strategy-Unit/723_mh_covid_surge_modelling",
    frequency="once, in 2020",
    caveat="Made for the pandemic: sizes of groups, shares that fall ill and curves are of its first year, many "
    "from experts' judgement; demand was projected when the model was made. Services and the shares that reach "
    "them are of use beyond.",
    files=("*params_*.xlsx",),
    columns={
        "edition": Column(Kind.CODE, "The area that the workbook is of"),
        "group": Column(Kind.CODE, "Group of people; none where the number is not of a group"),
        "condition": Column(Kind.CODE, "Condition; none where the number is not of one"),
        "service": Column(Kind.CODE, "Service; none where the number is not of one"),
        "curve": Column(Kind.CODE, "How the need of a group comes over time; none where the number is not of one"),
        "month": Column(Kind.CODE, "Month of the calendar, or its number on a curve; none where there is none"),
        "measure": Column(Kind.CODE, "What the number is"),
        "unit": Column(Kind.CODE, "share, people, months, contacts or referrals"),
        "value": Column(Kind.NUMBER, "The number, in its unit; a share from 0 to 1"),
    },
    key=("edition", "measure", *WHO),
    tidy=tidy,
    download="https://raw.githubusercontent.com/The-Strategy-Unit/723_mh_covid_surge_modelling/HEAD/"
    "inst/app/data/params_England.xlsx",
)
