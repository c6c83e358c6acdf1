"""Spend on adult social care: six bases of one spend, codes in words, thousands made pounds."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.asc_expenditure import BASES, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.test_asc_activity import HEAD as ACTIVITY
from tests.sources.text_files import table, typed

HEAD = (*ACTIVITY[:9], "CarerSupportType_KEY", *BASES)
OTHER = {
    "FY_Ending": "2017", "CASSR_CODE": "111", "GEOGRAPHY_CODE": "E06000001", "REGION_GO_CODE": "E12000001",
    "PrimarySupportReason_KEY": "12", "CareType_KEY": "3", "CarerSupportType_KEY": "1",
}  # fmt: skip
SPENT = {basis: f"{place}.25" for place, basis in enumerate(BASES)}


def test_every_basis_is_a_row(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "totals.csv", table(HEAD, {**OTHER, **SPENT})))
    assert name == "2016/17"
    assert frame.select("age", "reason", "care", "setting", "purpose", "carer_support").unique().rows() == [
        ("all", "Social support: support to carer", "other", "none", "none", "code 1")
    ]
    spent = dict(frame.select("basis", "cost_gbp").iter_rows())
    assert spent == {words: 1000 * place + 250 for place, words in enumerate(BASES.values())}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CarerSupportType_KEY": "3"}, "has “3” in the column"),
        ({"TOTALINCOME": "x"}, "is not as it was: conversion from `str`"),
    ],
)
def test_what_is_not_known_is_refused(change: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "totals.csv", table(HEAD, {**OTHER, **SPENT, **change})))


@needs_data
def test_councils_add_up_to_what_england_spent() -> None:
    """Gross current expenditure of GBP 17.5 billion; fairer charging is income alone, by which its code was known."""
    name, frame = read_edition(PUBLICATION, official("ascfr_totals_2016_17.csv.gz"))
    bands = ["65 to 74", "75 to 84", "85 and over"]
    gross = frame.filter(pl.col("basis") == "gross current expenditure", ~pl.col("age").cast(pl.String).is_in(bands))
    england = gross.filter(pl.col("area") == "E92000001")["cost_gbp"].sum()
    councils = gross.filter(pl.col("cassr").is_not_null())["cost_gbp"].sum()
    assert (name, round(england / 1e6), abs(england - councils) < 2) == ("2016/17", 17_526, True)
    fees = gross.filter(area="E92000001", setting="Fairer charging income")["cost_gbp"].sum()
    assert fees == 0.0
