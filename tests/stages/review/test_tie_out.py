"""The chapter of the tie-out, and the tie-out of tables of one's own."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.documents.model import Callout, Paragraph, Table
from parity.methods.relations import RelationFault
from parity.register.programmes.models import Programme
from parity.review.tie_out.documents import (
    STATUSES,
    amount_text,
    chapter,
    programme_tie_out,
    relations_tie_out,
    result_counts,
    two_digits,
)
from parity.sources.brought.loose_tables import read_loose_table
from parity.tables import Desk, Store
from tests.given import EXAMPLES

Load = Callable[[Path], Programme]
RATE = {
    "id": "A-1", "source": "own", "place": "table 1", "says": "Cases a thousand", "kind": "rate",
    "count": "own.cases", "population": "own.people", "per": 1000, "unit": "per 1,000", "solve_for": "population",
}  # fmt: skip


@pytest.fixture
def luton(load: Load, store: Store) -> Desk:
    load(EXAMPLES / "luton")
    return Desk(store, "luton")


def tables_of(desk: Desk) -> dict[str, Table]:
    return {block.slug: block for block in chapter(desk) if isinstance(block, Table)}


def test_results_are_counted_the_ones_to_look_at_first(luton: Desk) -> None:
    counts = result_counts(programme_tie_out(luton))
    assert counts == [
        ("discrepancy", 2),
        ("label_error", 2),
        ("cross_check", 2),
        ("ambiguous", 3),
        ("match", 9),
        ("derived", 35),
    ]
    body = tables_of(luton)["tie-out-results"].rows
    assert body == tuple(
        (status.replace("_", " ").capitalize(), STATUSES[status], str(count)) for status, count in counts
    )


def test_every_discrepancy_says_what_it_would_need(luton: Desk) -> None:
    rows = {row[0]: row for row in tables_of(luton)["discrepancies"].rows}
    assert list(rows) == ["LUT-031", "LUT-043"]
    assert rows["LUT-043"] == (
        "LUT-043",
        "Option 3: saving, release less floating support",
        "002, para 8.29",
        "£95,000",
        "£195,000",
        "£1.5",
        "Parts: −100,000",
        "The items give £195,000: £95,000 needs a further £100,000 of cost that is not listed.",
    )


def test_every_figure_is_listed_labels_with_the_right_one(luton: Desk) -> None:
    tables = tables_of(luton)
    labels = {row[0]: row for row in tables["tie-out-labels"].rows}
    assert len(tables["tie-out"].rows) + len(labels) == 53
    assert list(labels) == ["LUT-023", "LUT-049", "LUT-050", "LUT-051", "LUT-053"]
    assert labels["LUT-049"][3:6] == ("1998", "1999", "Label error")


def test_statements_on_different_grounds_show_both_sides_and_why(luton: Desk) -> None:
    rows = {slug: {row[0]: row for row in table.rows} for slug, table in tables_of(luton).items()}
    assert rows["cross-check"]["LUT-033"] == (
        "LUT-033",
        "Option 1: itemised costs",
        "002, para 8.16",
        "in excess of £450,000",
        "£500,000",
        "In excess of holds: the items come to £500,000, and to £450,000 exactly without the residential pressure.",
    )
    assert rows["label-error"]["LUT-049"][3:5] == ("1998", "1999")
    assert list(rows["ambiguous"]) == ["LUT-050", "LUT-051", "LUT-053"]


def test_columns_of_numbers_stand_on_the_right_and_those_of_labels_do_not(luton: Desk) -> None:
    numeric = {
        slug: [column.title for column in table.columns if column.numeric] for slug, table in tables_of(luton).items()
    }
    assert numeric == {
        "tie-out-results": ["Figures"],
        "discrepancies": ["Printed", "Recomputed", "Tolerance"],
        "cross-check": ["Printed", "Other side"],
        "label-error": [],
        "ambiguous": [],
        "tie-out": ["Printed", "Recomputed", "Tolerance"],
        "tie-out-labels": [],
    }


UNITS = {
    "GBP million": "−£1.5m",
    "GBP thousand": "−£1.5k",
    "GBP a week": "−1.5 pounds a week",
    "%": "−1.5%",
    "count": "−1.5",
    "per 1,000": "−1.5 per 1,000",
}


@pytest.mark.parametrize("unit", UNITS)
def test_numbers_are_written_with_the_unit_of_their_relation(unit: str) -> None:
    assert amount_text(-1.5, unit) == UNITS[unit]


def test_a_tolerance_has_two_digits() -> None:
    assert [two_digits(value) for value in (0.000555065, 1.49966, 0.0, 578.0)] == [0.00056, 1.5, 0.0, 580.0]


def test_a_programme_without_relations_says_so(copy_of: Callable[[str], Path], load: Load, store: Store) -> None:
    folder = copy_of("luton")
    (folder / "relations.toml").unlink()
    load(folder)
    desk = Desk(store, "luton")
    assert programme_tie_out(desk).is_empty()
    assert chapter(desk) == [Paragraph(("The programme declares no relation between published figures.",))]


def test_new_relations_are_seen_at_once(copy_of: Callable[[str], Path], load: Load, store: Store) -> None:
    folder = copy_of("luton")
    load(folder)
    before = programme_tie_out(Desk(store, "luton")).height
    path = folder / "relations.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('printed = "£95,000"', 'printed = "£195,000"'), encoding="utf-8")
    load(folder)
    after = programme_tie_out(Desk(store, "luton"))
    assert (after.height, dict(result_counts(after))["discrepancy"]) == (before, 1)


def test_where_all_follows_it_says_so(copy_of: Callable[[str], Path], load: Load, store: Store) -> None:
    folder = copy_of("luton")
    text = '[[relation]]\nid = "LUT-901"\nsource = "002"\nplace = "p"\nsays = "People"\nkind = "sum"\n'
    (folder / "relations.toml").write_text(text + "parts = 'sum population.people'\n", encoding="utf-8")
    load(folder)
    callouts = [block for block in chapter(Desk(store, "luton")) if isinstance(block, Callout)]
    assert [callout.title for callout in callouts] == ["No discrepancy"]


def test_tables_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text('cases,people\n50,"10,000"\n', encoding="utf-8")
    tables = {"own": read_loose_table(tmp_path / "own.csv")}
    right = relations_tie_out({"relation": [{**RATE, "printed": "5.0"}]}, tables)
    assert right.select("recomputed", "status", "implied").rows() == [(5.0, "match", None)]
    wrong = relations_tie_out({"relation": [{**RATE, "printed": "8.0", "exact": True}]}, tables)
    assert wrong.select("recomputed", "status", "implied").rows() == [(5.0, "discrepancy", 6250.0)]


def test_tables_of_one_s_own_have_no_figures() -> None:
    entry = {**RATE, "count": "figure cases_expected[area=A]"}
    with pytest.raises(RelationFault, match=r"^Relation A-1: The figure cases_expected\[area=A\] is missing\.$"):
        relations_tie_out({"relation": [entry]}, {"own": pl.DataFrame({"people": [1.0]})})
