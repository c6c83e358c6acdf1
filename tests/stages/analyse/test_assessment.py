"""The assessment of a place: what its messages may claim, and the document with its workbook."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from parity.analyse.assessment.actions import write_assessment
from parity.analyse.assessment.documents import OLD_TITLE, assessment, key_messages
from parity.analyse.assessment.rules import (
    OLD_AFTER,
    Message,
    Standing,
    age_message,
    among,
    apart_from,
    beside_message,
    condition_words,
    deprivation_message,
    diagnosis_message,
    growing_message,
    homes_message,
    largest_message,
    measures_message,
    nhs_message,
    old_ones,
    people_message,
    side,
    spending_message,
)
from parity.analyse.nhs_spend.documents import BOARD
from parity.analyse.people import ages_of
from parity.analyse.profiles import PROFILES
from parity.analyse.published import ADULTS_IN_FOUR
from parity.analyse.sourced import last_reading
from parity.documents.model import Bullets, Callout, Chart, Heading, Table
from parity.tables import Store
from parity.terms.areas import ENGLAND, Area, Place
from parity.terms.figure import Figure
from parity.terms.units import Unit
from tests.documents.sample import indicator, release
from tests.england import SEATON, SHIRE, take_in
from tests.stages.analyse import frames
from tests.stages.analyse.measures import AREAS, ASHIRE, OFFICIAL, RELATED, measured, shares

SHARE = indicator("share", "Share of something", Unit.SHARE)
HEAD = indicator("head", "Spending a head", Unit.GBP_PER_HEAD)
PEOPLE = indicator("people", "People expected", Unit.PEOPLE)
CHANGE = indicator("change", "Change of need", Unit.CHANGE)
RANK = indicator("rank", "Rank of spending", Unit.RANK)


def figure(of: Any, area: str, value: float | None, *ends: float, period: str = "2026", **where: str) -> Figure:
    lower, upper = ends or (None, None)
    missing = None if value is not None else "Not published."
    return Figure(of, "england", Area(area[:3].upper(), area, "county"), period, tuple(where.items()), value, lower,
                  upper, missing)  # fmt: skip


def said(message: Message | None) -> str | None:
    """The message as it is read; nothing where there is none."""
    return message and "".join(cell.text if isinstance(cell, Figure) else cell for cell in message)


def need(condition: str, value: float | None, *ends: float, period: str = "2026") -> Figure:
    made = figure(PEOPLE, "Kent", value, *ends, period=period, condition=condition, rate_source="A survey")
    return replace(made, note="Ages 16 to 64. Seen at the publisher.")


def changing(condition: str, value: float, *ends: float) -> Figure:
    where = {"condition": condition, "rate_source": "A survey"}
    return figure(CHANGE, "Kent", value, *ends, period="2026 to 2036", **where)


# What may be claimed


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        ((5.0, 4.0, 6.0), (3.0, 2.0, 3.9), "above"),
        ((5.0, 4.0, 6.0), (7.0, 6.1, 8.0), "below"),
        ((5.0, 4.0, 6.0), (3.0, 2.0, 4.0), "not apart"),
        ((5.0, 4.0, 6.0), (3.0,), "above"),
        ((3.0,), (5.0, 4.0, 6.0), "below"),
        ((5.0,), (3.0,), "untold"),
        ((None,), (3.0, 2.0, 4.0), "untold"),
    ],
)
def test_figures_differ_where_their_intervals_lie_apart(own: Any, other: Any, told: str) -> None:
    assert side(figure(SHARE, "Kent", *own), figure(SHARE, "Essex", *other)) == told


def test_a_full_count_stands_among_others() -> None:
    others = [figure(SHARE, "Essex", 0.2), figure(SHARE, "Surrey", 0.4), figure(SHARE, "Devon", None)]
    told = [among(figure(SHARE, "Kent", value), others) for value in (0.5, 0.1, 0.3, 0.2, None)]
    assert told == [
        "more than in any area compared", "less than in any area compared", "more than in 1 of the 2 areas compared",
        "less than in 1 of the 2 areas compared", "",
    ]  # fmt: skip
    assert among(figure(SHARE, "Kent", 0.5), others[2:]) == ""
    assert among(figure(SHARE, "Kent", 0.2), others[:1]) == "as much as in every area compared"


def test_who_lives_here_and_how_deprived_it_is() -> None:
    now, older, later = (figure(PEOPLE, "Kent", value, period=year) for value, year in
                         ((1000.0, "2026"), (200.0, "2026"), (300.0, "2043")))  # fmt: skip
    assert said(people_message(now, older, later)) == (
        "1,000 people live in Kent in 2026 by the projection; 200 of them are 65 and over, and 300 would be in 2043. "
        "The projection knows no birth, death or move since, and has no interval."
    )
    based = replace(now, releases=(replace(release("local"), credit="Office, Projections, 2018-based; Office, X"),))
    assert " in 2026 by the 2018-based projection; 200 " in (said(people_message(based, older, later)) or "")
    assert people_message(now, older, figure(PEOPLE, "Kent", None)) is None
    own, england = figure(SHARE, "Kent", 0.06), figure(SHARE, "England", 0.1)
    assert said(deprivation_message(own, [figure(SHARE, "Essex", 0.03)], england)) == (
        "6.0% of Kent’s small areas lie in the most deprived tenth of England (2026), more than in any area compared; "
        "in England as a whole 10.0% do."
    )
    assert deprivation_message(figure(SHARE, "Kent", None), [], england) is None


def test_growth_is_called_sure_only_where_the_band_of_the_change_says_so() -> None:
    now = [need("depression", 100.0, 90.0, 110.0), need("dementia", 40.0, 35.0, 45.0), need("autism", None)]
    changes = [
        changing("depression", 0.05, -0.02, 0.12),
        changing("dementia", 0.25, 0.1, 0.4),
        changing("autism", 0.5, 0.4, 0.6),
    ]
    assert said(largest_message(now, changes)) == (
        "The largest number in the table below is of people expected to have depression: 100 (90 to 110) in 2026 "
        "(ages 16 to 64, rates of A survey); at unchanged rates the change until 2036 is 5.0% (−2.0 to 12.0%), so "
        "there may be no change."
    )
    assert said(growing_message(now, changes)) == (
        "The number of people expected to have dementia grows most in proportion: 40 (35 to 45) in 2026 (ages 16 "
        "to 64, rates of A survey); at unchanged rates the change until 2036 is 25.0% (10.0 to 40.0%), so it grows."
    )
    assert growing_message(now[:1], changes[:1]) is None
    assert growing_message(now[1:], changes[1:]) is None
    assert (largest_message([], []), growing_message([], [])) == (None, None)
    falling = said(
        largest_message([need("psychotic disorder", 50.0)], [changing("psychotic disorder", -0.2, -0.3, -0.1)])
    )
    assert falling is not None
    assert "expected to have a psychotic disorder: 50 in 2026" in falling
    assert falling.endswith("the change until 2036 is −20.0% (−30.0 to −10.0%), so it falls.")


def standing(name: str, verdict: str, value: float | None = 0.5, *, beside: str = "") -> Standing:
    own = figure(SHARE, "Kent", value, *((0.4, 0.6) if value else ()), period="2024-07", measure=name)
    return Standing(own, figure(SHARE, "England", 0.3, period="2024-07", measure=name), verdict, beside)


def test_measures_are_told_by_their_verdicts_and_no_more_than_three() -> None:
    rows = [standing("Adults: seen soon", "better"), standing("Other", "similar"), standing("Lost", "better", None)]
    assert said(measures_message(rows, "better", whose="Kent")) == (
        "Kent does better than England beyond chance in 1 measure: adults, seen soon (50.0%, England 30.0%, July 2024)."
    )
    assert measures_message(rows, "worse", whose="Kent") is None
    many = [standing(f"Measure {number}", "higher") for number in range(4)]
    words = said(measures_message(many, "higher", whose="Kent")) or ""
    assert words.startswith("Kent is higher than England beyond chance in 4 measures: measure 0 (")
    assert words.endswith("; and 1 more.")


def test_measures_beside_others_need_intervals_apart() -> None:
    own = figure(SHARE, "Kent", 0.5, 0.4, 0.6, measure="Seen soon")
    others = [
        figure(SHARE, name, *ends)
        for name, ends in (("Essex", (0.3, 0.2, 0.39)), ("Surrey", (0.2, 0.1, 0.3)), ("Devon", (0.5, 0.4, 0.6)),
                           ("Avon", (0.9, 0.8, 1.0)))
    ]  # fmt: skip
    told = [apart_from(own, others), apart_from(own, others[2:3]), apart_from(own, others[:1])]
    assert told == ["above 2 and below 1 of 4", "", "above 1 of 1"]
    assert apart_from(figure(SHARE, "Kent", 0.5), [figure(SHARE, "Essex", 0.1)]) == ""


def test_a_message_names_the_first_three_measures_that_lie_apart() -> None:
    told = {"whose": "Kent", "others": "areas compared"}
    apart = [standing(f"Adults: measure {number}", "similar", beside="above 1 of 2") for number in range(4)]
    assert said(beside_message([*apart[:1], standing("Other", "better")], **told)) == (
        "Beyond chance, Kent lies apart from areas compared in 1 measure: adults, measure 0 (above 1 of 2)."
    )
    assert (said(beside_message(apart, **told)) or "").endswith("; adults, measure 2 (above 1 of 2); and 1 more.")
    assert beside_message([standing("Other", "better")], **told) is None


def test_ages_and_conditions_are_said_as_in_a_sentence() -> None:
    assert [ages_of(need("x", 1.0)), ages_of(figure(PEOPLE, "Kent", 1.0))] == ["16 to 64", "–"]
    assert [condition_words(name) for name in ("dementia", "psychotic disorder", "PTSD screen positive")] == [
        "dementia", "a psychotic disorder", "a positive screen for PTSD",
    ]  # fmt: skip


def test_a_gap_is_the_places_own_or_the_range_of_its_councils() -> None:
    england, own = figure(SHARE, "England", 0.3, period="2018"), figure(SHARE, "Luton", 0.4, period="2018")
    closing = "No interval is published, so it cannot be told which differences are more than chance."
    luton: dict[str, Any] = {"where": "Luton", "verdict": None}
    told = "40.0% in Luton and 30.0% in England were not diagnosed in 2018"
    opening = f"Of people of 65 and over expected to have dementia, {told}"
    assert said(diagnosis_message(own, [], england, **luton)) == f"{opening}. {closing}"
    judged = {
        word: said(diagnosis_message(own, [], england, where="Luton", verdict=word)) for word in ("worse", "similar")
    }
    assert judged == {
        "worse": f"{opening}. The publisher calls its rate of diagnosis worse than England’s.",
        "similar": f"{opening}. The publisher calls its rate of diagnosis similar to England’s.",
    }
    kent: dict[str, Any] = {"where": "Kent", "verdict": None}
    around = [
        figure(SHARE, name, value, period="2018") for name, value in (("Dover", 0.5), ("Swale", 0.2), ("X", None))
    ]
    assert said(diagnosis_message(None, around, england, **kent)) == (
        "Of people of 65 and over expected to have dementia, 30.0% in England were not diagnosed in 2018; among the "
        f"councils in Kent from 20.0% (Swale) to 50.0% (Dover). {closing}"
    )
    assert diagnosis_message(None, around[:1], england, **kent) is None
    assert diagnosis_message(own, [], figure(SHARE, "England", None), **luton) is None


def test_money_is_told_beside_others_without_a_verdict() -> None:
    own, essex, england = (figure(HEAD, name, value, period="2016/17", people="mental health support")
                           for name, value in (("Kent", 10.0), ("Essex", 12.0), ("England", 15.0)))  # fmt: skip
    rank = replace(figure(RANK, "Kent", 3.0, period="2016/17"), note="Of 148 councils.")
    assert said(spending_message(own, [essex], england, rank)) == (
        "Kent spent £10.00 a head on mental health support in 2016/17, gross, less than in any area compared; England "
        "as a whole £15.00 a head; rank 3 of 148 councils, 1 spends most. More is neither better nor worse."
    )
    lying = (
        ("within the range", "rank 3 of 148 councils, 1 spends most."),
        ("far below", "councils, far below the others, 1 spends"),
    )
    for lies, words in lying:
        there = replace(rank, note=f"Of 148 councils; {lies} by Tukey’s rule.")
        assert words in (said(spending_message(own, [essex], england, there)) or "")
    assert said(spending_message(own, [], england, None)) == (
        "Kent spent £10.00 a head on mental health support in 2016/17, gross; England as a whole £15.00 a head. More "
        "is neither better nor worse."
    )
    share, whole = (figure(SHARE, name, value, period="2016/17", people="mental health support")
                    for name, value in (("Kent", 0.6), ("England", 0.4)))  # fmt: skip
    ages = replace(own, where=(("people", "mental health support, 18 to 64"),))
    assert " on mental health support for people of 18 to 64 in 2016/17" in (
        said(spending_message(ages, [], england, None)) or ""
    )
    assert said(homes_message(share, [], whole)) == (
        "60.0% of Kent’s long-term spending on mental health support went to residential and nursing care in 2016/17; "
        "in England as a whole 40.0%."
    )
    part = replace(share, period="2021/22")
    assert said(nhs_message(own, england, part)) == (
        "Kent spent £10.00 a head on mental health, with learning disability and dementia, in 2016/17; England £15.00 "
        "a head. That was 60.0% of its allocation."
    )
    assert (said(nhs_message(own, england, None)) or "").endswith(" in 2016/17; England £15.00 a head.")
    gone = figure(HEAD, "Kent", None, people="x")
    assert spending_message(gone, [], england, rank) is None
    assert homes_message(gone, [], whole) is None
    assert nhs_message(gone, england, None) is None


def test_old_figures_are_named_once_a_kind_and_ranks_are_none() -> None:
    old = figure(HEAD, "Kent", 10.0, period="2016/17")
    found = [old, old, figure(RANK, "Kent", 3.0, period="2016/17"), figure(SHARE, "Kent", 0.5, period="2021/22"),
             figure(SHARE, "Kent", 0.4, period="no year")]  # fmt: skip
    assert said(age_message(found, "2026")) == (
        "Some figures above are 5 years old or more, though the newest that were read. 2016/17: spending a head. Ask "
        "whether newer ones are published before acting on these."
    )
    assert "share of something" not in (said(age_message(found, "2027")) or ""), "the newest of a kind counts"
    assert old_ones(found[:4], "2027") == {"2021/22": ["share of something"], "2016/17": ["spending a head"]}
    assert (age_message(found, "2020"), age_message(found, "no year")) == (None, None)
    nhs = replace(old, indicator=indicator("nhs", "NHS spending", Unit.GBP_PER_HEAD))
    assert ": NHS spending. " in (said(age_message([nhs], "2026", where="below")) or "")
    many = [replace(old, indicator=indicator(f"n{number}", f"Kind {number}", Unit.PEOPLE)) for number in range(5)]
    assert ": kind 0; kind 1; kind 2; and 2 more. " in (said(age_message(many, "2026")) or "")
    assert age_message([figure(HEAD, "Kent", None, period="2016/17")], "2026") is None


# The document


def test_every_message_holds_a_figure_of_the_place(store: Store) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SHIRE], (desk.areas[SEATON],), "2026")
    messages = key_messages(desk.looking_at(place.codes), place)
    assert [said(message)[:30] for message in messages] == [  # type: ignore[index]
        "4,004 people live in Shire in ", "0.0% of Shire’s small areas li", "The largest number in the tabl",
    ]  # fmt: skip
    assert [any(isinstance(cell, Figure) for cell in message) for message in messages] == [True] * 3


def test_the_board_around_a_council_speaks_beside_those_around_others(tmp_path: Path) -> None:
    boards = {"E54000001": "Board A", "E54000002": "Board B"}
    names = frames.table("areas", *({"area": code, "name": name, "kind": BOARD} for code, name in boards.items()))
    waits = [shares(code, ADULTS_IN_FOUR, count, 400) for code, count in zip(boards, (300, 200), strict=True)]
    parts = {"E10000001": "1", "E10000002": "2", "E10000003": "3"}
    inside = pl.DataFrame({"area": list(parts), "part": list(parts.values())})
    places = pl.DataFrame({"part": ["1", "2", "3"], "icb": ["E54000001", "E54000002", "E54000002"]})
    known = {"areas": pl.concat([AREAS, names]), "related_areas": RELATED, "area_small_areas": inside}
    desk = frames.desk(
        tmp_path, official_measures=pl.concat([OFFICIAL, measured(*waits)]), small_area_places=places, **known
    )
    told = [said(message) or "" for message in key_messages(desk.looking_at(ASHIRE.codes), ASHIRE)]
    assert told[0].startswith("Ashire does worse than England beyond chance in 1 measure: emergency admissions for ")
    assert told[0].endswith(
        " Beyond chance, it lies apart from areas compared in 1 measure: adults, care begun within four weeks (above 2 "
        "of 2)."
    )
    assert told[1] == (
        "Board A, where most of Ashire lies, does better than England beyond chance in 1 measure: adults, care begun "
        "within four weeks (75.0%, England 56.3%, 2024/25). Beyond chance, it lies apart from boards of areas compared "
        "in 1 measure: adults, care begun within four weeks (above 1 of 1)."
    )
    assert len(told) == 2
    later = replace(ASHIRE, year="2040")
    boxes = [block for block in assessment(desk.looking_at(ASHIRE.codes), later, PROFILES).blocks
             if isinstance(block, Callout) and block.title == OLD_TITLE]  # fmt: skip
    assert len(boxes) > 0
    assert all("".join(map(str, box.parts)).startswith("Some figures below are 5 years old or more, ") for box in boxes)
    tables = [block for block in assessment(desk.looking_at(ASHIRE.codes), ASHIRE, ()).blocks
              if isinstance(block, Table) and block.slug.startswith("apart-")]  # fmt: skip
    assert [(table.caption, table.rows[-1][4:]) for table in tables] == [
        ("Ashire: measures that differ beyond chance", ("worse", "–")),
        ("Board A: measures that differ beyond chance", ("better", "above 1 of 1")),
    ]


def test_the_document_opens_with_what_was_asked_and_ends_with_its_sources(store: Store) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SEATON], (desk.areas[SHIRE],), "2026")
    document = assessment(desk.looking_at(place.codes), place, PROFILES)
    assert [name for name, _ in document.facts] == ["Area", "Compared with", "Year of need", "Publications read until"]
    chapters = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]
    assert (chapters[:2], chapters[-2:]) == (
        ["Summary", "Population"],
        ["What this does not tell", "Sources and methods"],
    )
    maps = [block for block in document.blocks if isinstance(block, Chart) and block.table.slug.startswith("map-")]
    assert [len(chart.table.notes) for chart in maps] == [1, 1]
    assert "short-forms" in {block.slug for block in document.blocks if isinstance(block, Table)}
    listed = next(block for block in document.blocks if isinstance(block, Table) and block.slug == "publications")
    assert [row[0] for row in listed.rows] == [f"S{number}" for number in range(1, len(document.sources) + 1)]
    assert {words for words, row in zip(document.sources, listed.rows, strict=True) if row[2] == "–"} == {
        "Parity’s reference rates", "Parity’s projection errors",
    }  # fmt: skip


def test_what_was_read_lately_is_not_old_for_a_year_to_come(store: Store) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SHIRE], (desk.areas[SEATON],), "2036")
    newest = str(desk.figures("most_deprived_share").frame["period"].max())
    assert int(last_reading(desk)[:4]) - int(newest) < OLD_AFTER <= int(place.year) - int(newest)
    document = assessment(desk.looking_at(place.codes), place, PROFILES)
    told = [block.parts for block in document.blocks if isinstance(block, Callout) and block.title == OLD_TITLE]
    told += [item for block in document.blocks if isinstance(block, Bullets) for item in block.items]
    assert [parts for parts in told if f"{newest}: " in "".join(map(str, parts))] == []


def test_england_is_compared_with_nothing_and_stands_once_in_its_figures(store: Store) -> None:
    desk = take_in(store)
    place = Place(desk.areas[ENGLAND], (), "2026")
    document = assessment(desk.looking_at(place.codes), place, ())
    assert (document.subtitle, [name for name, _ in document.facts][1]) == ("2026", "Year of need")
    table = next(block for block in document.blocks if isinstance(block, Table) and block.slug == "headlines")
    heads = [column.title for column in table.columns]
    assert (heads[:2], len(heads)) == (["People", "England, 2026"], 3)


def test_the_assessment_is_written_twice_alike(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SHIRE], (desk.areas[SEATON],), "2026")
    written = [write_assessment(desk, place, tmp_path_factory.mktemp("packs")) for _ in range(2)]
    assert [path.name for path in written[0]] == [
        "assessment.html", "assessment.pdf", "assessment.docx", "figures.xlsx", "manifest.json",
    ]  # fmt: skip
    assert written[0][0].parent.name == f"shire-{SHIRE.lower()}"
    assert [path.read_bytes() for path in written[0]] == [path.read_bytes() for path in written[1]]
    page = written[0][0].read_text(encoding="utf-8")
    assert "Mental-health needs and resources: Shire" in page
    assert "In the workbook figures.xlsx: Table 3, People who live here by age, 2026, men and women." in page
    assert "people-by-sex" in openpyxl.load_workbook(written[0][3]).sheetnames
