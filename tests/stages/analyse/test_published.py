"""Publications in one shape: by hand on small frames, and the published numbers themselves."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from parity.analyse.published import (
    ADULTS_IN_FOUR,
    ADULTS_MEDIAN,
    BEGUN,
    CONTRADICTORY,
    DEMENTIA_REGISTER,
    DEPRESSION_REGISTER,
    EARLY,
    EARLY_DEATH,
    EIGHTEEN_WEEKS,
    IMPROVED,
    IN_CONTACT,
    LEARNING_REGISTER,
    OCCUPIED,
    RECOVERED,
    RELIABLY,
    SELF_HARM,
    SERIOUS_REGISTER,
    SHAPE,
    SIX_WEEKS,
    UNPUBLISHED,
    YOUNG_ROUTINE,
    YOUNG_URGENT,
    bed_measures,
    contact_measures,
    early_measures,
    fingertips_measures,
    region_measures,
    register_measures,
    therapy_measures,
    wait_measures,
    young_measures,
)
from parity.terms.areas import ENGLAND
from tests.sources.official_data import needs_data, official_table
from tests.stages.analyse.frames import rows

COUNTED = ("area", "measure", "count", "of", "value", "missing")


def frame(names: str, *lines: Sequence[Any]) -> pl.DataFrame:
    """The rows, of one edition where none is named."""
    found = pl.DataFrame(lines, schema=names.split(), orient="row", infer_schema_length=None)
    return found if "edition" in found.columns else found.with_columns(edition=pl.lit("2020"))


def test_indicators_keep_the_publishers_judgement_and_deaths_become_a_multiple() -> None:
    deaths = "Excess under 75 mortality rate in adults with serious mental illness"
    harm = "Emergency Hospital Admissions for Intentional Self-Harm"
    found = fingertips_measures(
        frame(
            "indicator area period value compared missing",
            (deaths, "E10000016", "2014/15", 335.2, "Not compared", None),
            (harm, "E06000001", "2017/18", 50.6, "Better", None),
            (harm, "E06000053", "2017/18", None, None, "Not published."),
            ("Another", "E06000001", "2017/18", 1.0, "Higher 99.8", None),
        )
    )
    assert dict(found.schema) == SHAPE
    assert rows(found, "area", "measure", "value", "compared", "missing") == [
        ("E10000016", EARLY_DEATH, 3.352, None, None),
        ("E06000001", SELF_HARM, 50.6, "better", None),
        ("E06000053", SELF_HARM, None, None, "Not published."),
    ]


def test_registers_are_those_last_published_and_add_up_for_boards_and_england() -> None:
    found = register_measures(
        frame(
            "condition area period published_in register list_size missing",
            ("MH", "E38000001", "2018/19", "2018/19", 9, 900, None),
            ("MH", "E38000001", "2018/19", "2019/20", 8, 1000, None),
            ("MH", "E38000002", "2018/19", "2019/20", 2, 1000, None),
            ("MH", "E38000003", "2018/19", "2019/20", None, None, "Not shown."),
            ("AST", "E38000001", "2018/19", "2019/20", 70, 1000, None),
        ),
        frame("icb sub_icb", ("E54000001", "E38000001"), ("E54000001", "E38000002"), ("E54000002", "E38000002"),
              ("E54000002", "E38000009"), ("E54000003", "E38000003")),
    )  # fmt: skip
    assert rows(found, *COUNTED) == [
        ("E38000001", SERIOUS_REGISTER, 8, 1000, 0.008, None),
        ("E38000002", SERIOUS_REGISTER, 2, 1000, 0.002, None),
        ("E38000003", SERIOUS_REGISTER, None, None, None, "Not shown."),
        ("E54000001", SERIOUS_REGISTER, 10, 2000, 0.005, None),
        (ENGLAND, SERIOUS_REGISTER, 10, 2000, 0.005, None),
    ]


def test_waits_are_divided_anew_and_keep_why_a_number_is_hidden() -> None:
    held = "Suppressed."
    found = wait_measures(
        frame(
            "edition area period measure value missing",
            ("2024-07", "QE1", "2024-07", "MRS01", 300.0, None),
            ("2024-07", "QE1", "2024-07", "MRS01a", 75.0, None),
            ("2024-07", "QF7", "2024-07", "MRS01", 300.0, None),
            ("2024-07", "QF7", "2024-07", "MRS01a", None, held),
            ("2024-07", "RXY", "2024-07", "MRS01", 5.0, None),
            ("2024-07", "RXY", "2024-07", "MRS01a", 10.0, None),
            ("2024-07", "RXY", "2024-07", "MRS03a", 28.0, None),
        ),
        frame("icb_ods icb", ("QE1", "E54000048"), ("QF7", "E54000061")),
    )
    assert rows(found, *COUNTED) == [
        ("E54000048", ADULTS_IN_FOUR, 75, 300, 0.25, None),
        ("E54000061", ADULTS_IN_FOUR, None, 300, None, held),
        ("RXY", ADULTS_IN_FOUR, 10, 5, None, CONTRADICTORY),
        ("RXY", ADULTS_MEDIAN, None, None, 28.0, None),
    ]


def test_shares_of_treatment_rest_on_those_at_caseness_or_all_that_ended() -> None:
    codes = {"M076": 1000, "M179": 200, "M191": 420, "M193": 400, "M185": 600, "M052": 900, "M054": 990, "M031": 2000}
    lines = [("RXY", "2026-03", code, float(value)) for code, value in codes.items()]
    found = therapy_measures(frame("area period measure value", *lines, ("RXX", "2026-03", "M076", 5.0)))
    assert rows(found.filter(area="RXY"), "measure", "value", "of") == [
        (RECOVERED, 0.525, 800), (RELIABLY, 0.5, 800), (IMPROVED, 0.6, 1000), (SIX_WEEKS, 0.9, 1000),
        (EIGHTEEN_WEEKS, 0.99, 1000), (BEGUN, 2000, None),
    ]  # fmt: skip
    assert found.filter(area="RXX")["missing"].to_list() == [UNPUBLISHED] * 6


def test_early_intervention_counts_two_weeks_by_group_provider_and_england() -> None:
    found = early_measures(
        frame(
            "provider area period pathway weeks pathways",
            *(
                ("RXY", "99J", "2019-09", "completed", weeks, n)
                for weeks, n in (("0 to 1", 2), ("1 to 2", 1), ("all", 4))
            ),
            ("RXX", "10J", "2019-09", "completed", "all", 0),
            ("RXX", "10J", "2019-09", "incomplete", "all", 9),
        ),
        frame("ods area", ("99J", "E38000999")),
    )
    assert rows(found, *COUNTED) == [
        ("E38000999", EARLY, 3, 4, 0.75, None),
        ("10J", EARLY, 0, 0, None, UNPUBLISHED),
        ("RXY", EARLY, 3, 4, 0.75, None),
        ("RXX", EARLY, 0, 0, None, UNPUBLISHED),
        (ENGLAND, EARLY, 3, 4, 0.75, None),
    ]


def test_beds_and_contacts_speak_of_england() -> None:
    beds = frame("area period measure beds", (ENGLAND, "2019/20", "available", 200.0),
                 (ENGLAND, "2019/20", "occupied", 180.0))  # fmt: skip
    assert rows(bed_measures(beds), "area", "period", "measure", "value") == [(ENGLAND, "2019/20", OCCUPIED, 0.9)]
    seen = frame("area period people", (ENGLAND, "2024-04", 7))
    assert rows(contact_measures(seen), "period", "measure", "value") == [("2024-04", IN_CONTACT, 7.0)]


def test_every_row_says_from_which_edition_it_was_read() -> None:
    harm = "Emergency Hospital Admissions for Intentional Self-Harm"
    profile = frame("edition indicator area period value compared missing",
                    ("Self-harm, to 2018", harm, "E06000001", "2017/18", 50.6, "Better", None))  # fmt: skip
    assert fingertips_measures(profile)["read_from"].to_list() == ["fingertips_indicators/Self-harm, to 2018"]
    registers = frame(
        "edition condition area period published_in register list_size missing",
        ("2018/19", "MH", "E38000001", "2018/19", "2018/19", 9, 900, None),
        ("all", "MH", "E38000002", "2018/19", "2018/19", 8, 1000, None),
    )
    places = frame("icb sub_icb", ("E54000001", "E38000001"), ("E54000002", "E38000002"))
    both = "qof_registers/2018/19; qof_registers/all"
    assert rows(register_measures(registers, places), "area", "read_from") == [
        ("E38000001", "qof_registers/2018/19"), ("E38000002", "qof_registers/all"),
        ("E54000001", "qof_registers/2018/19"), ("E54000002", "qof_registers/all"), (ENGLAND, both),
    ]  # fmt: skip
    beds = frame("area period measure beds", (ENGLAND, "2019/20", "available", 200.0),
                 (ENGLAND, "2019/20", "occupied", 180.0))  # fmt: skip
    assert bed_measures(beds)["read_from"].to_list() == ["mental_health_beds/2020"]


def test_every_publication_may_be_empty() -> None:
    nothing = {
        fingertips_measures: ["edition indicator area period value compared missing"],
        register_measures: ["edition condition area period published_in register list_size missing", "icb sub_icb"],
        wait_measures: ["edition area period measure value missing", "icb_ods icb"],
        early_measures: ["edition provider area period pathway weeks pathways", "ods area"],
        contact_measures: ["edition area period people"],
    }
    numbers = ("value", "register", "list_size", "pathways", "people")
    for make, tables in nothing.items():
        empty = [pl.DataFrame(schema={name: pl.Float64 if name in numbers else pl.String for name in names.split()})
                 for names in tables]  # fmt: skip
        assert make(*empty).rows() == []


@needs_data
def test_registers_recomputed_are_the_published_prevalence_of_every_group() -> None:
    table = official_table("qof_mh_dep_dem_ld_register_by_ccg_2014_15_to_2019_20.csv.gz")
    places = pl.DataFrame(schema={"icb": pl.String, "sub_icb": pl.String})
    found = register_measures(table, places).filter(pl.col("area") != ENGLAND)
    names = {"MH": SERIOUS_REGISTER, "DEM": DEMENTIA_REGISTER, "DEP": DEPRESSION_REGISTER, "LD": LEARNING_REGISTER}
    last = pl.col("published_in") == pl.col("published_in").max().over("condition", "period")
    stated = table.filter(last).with_columns(measure=pl.col("condition").replace_strict(names, default=None))
    both = found.drop_nulls("value").join(stated, on=["area", "period", "measure"])
    apart = both.filter((pl.col("value") - pl.col("prevalence")).abs() > 0.000001)
    assert (both.height, apart.height) == (found["value"].count(), 0)


@needs_data
def test_england_in_march_2026_is_as_published() -> None:
    table = official_table("nhstt_activity_performance_monthly_2021_01_to_2026_03.parquet")
    found = therapy_measures(table.filter(area=ENGLAND, period="2026-03"))
    shares = found.filter(pl.col("of").is_not_null())
    assert [round(value * 100, 1) for value in shares["value"]] == [51.2, 48.4, 68.7, 88.3, 98.1]


PIECES = [
    ("E12000001", "a", "region"), ("E12000001", "b", "region"), ("E12000002", "c", "region"),
    ("E12000002", "d", "region"), ("E12000003", "e", "region"),
    ("E38000001", "a", "sub_icb"), ("E38000002", "b", "sub_icb"), ("E38000003", "c", "sub_icb"),
    ("E38000004", "d", "sub_icb"), ("E38000004", "e", "sub_icb"),
    ("E54000001", "a", "icb"), ("E54000001", "b", "icb"), ("E54000002", "c", "icb"), ("E54000002", "d", "icb"),
    ("E54000003", "e", "icb"),
]  # fmt: skip
"""Of three regions the first is made of whole bodies of both kinds, the others of whole ICBs alone."""


def shares_of(measure: str, **numbers: tuple[int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"area": area, "period": "2024", "measure": measure, "count": count, "of": of, "read_from": f"{area[:3]}@1"}
            for area, (count, of) in numbers.items()
        ],
        schema=SHAPE,
    )


def test_a_region_has_the_sums_of_its_bodies_where_all_lie_in_it_whole() -> None:
    pieces = pl.DataFrame(PIECES, schema=["area", "part", "kind"], orient="row")
    listed = shares_of(SERIOUS_REGISTER, E38000001=(1, 10), E38000002=(2, 10), E38000003=(3, 10), E38000004=(4, 10))
    waited = shares_of(ADULTS_IN_FOUR, E54000001=(5, 20), E54000002=(None, 40), E54000003=(20, 10))
    found = region_measures(pl.concat([listed, waited]), pieces)
    assert rows(found, *COUNTED, "read_from") == [
        ("E12000001", SERIOUS_REGISTER, 3.0, 20.0, 0.15, None, "E38@1"),
        ("E12000001", ADULTS_IN_FOUR, 5.0, 20.0, 0.25, None, "E54@1"),
        ("E12000003", ADULTS_IN_FOUR, 20.0, 10.0, None, CONTRADICTORY, "E54@1"),
    ]
    assert region_measures(listed.clear(), pieces).is_empty()


def test_waits_of_children_with_eating_disorders_are_of_groups_whose_area_is_the_same_today() -> None:
    urgent, routine = (f"CYP with eating disorders seen within {wait}, 12 months to the end"
                       for wait in ("1 week if urgent", "4 weeks if routine"))  # fmt: skip
    found = young_measures(
        frame(
            "area period measure value missing",
            ("91Q", "2022-01 to 2022-03", urgent, 0.5, None),
            ("91Q", "2022-01 to 2022-03", routine, None, "Suppressed."),
            ("00X", "2022-01 to 2022-03", urgent, 1.0, None),
            ("91Q", "2021/22", "Another", 1.0, None),
        ),
        frame("body area whole", ("91Q", "E38000237", True), ("00X", "E38000227", False)),
    )
    assert rows(found, *COUNTED, "read_from") == [
        ("E38000237", YOUNG_URGENT, None, None, 0.5, None, "access_and_spend/2020"),
        ("E38000237", YOUNG_ROUTINE, None, None, None, "Suppressed.", "access_and_spend/2020"),
    ]
