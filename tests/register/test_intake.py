"""A programme's folder taken in: all of it or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models import Model
from django.urls import get_resolver

from parity.methods.quantities import Origin
from parity.register.intake.actions import TRANSCRIPTION, _fault_at, enlist_transcriber
from parity.register.models import Link, Organisation, Person, Programme, SourceDocument, Statement
from parity.register.records.tables import RECORDS
from parity.register.thread.documents import table_of
from parity.sources.brought.description import ENTRIES, REQUIRED, RESERVED
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import read_table
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.errors import Fault, InputRefused
from tests.given import EXAMPLES, LOADED_ON, SLUGS

Copy = Callable[[str], Path]
Load = Callable[[Path], Programme]
Break = Callable[[Path], None]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line)


CONTROL = """
[[relation]]
id = "LUT-900"
source = "002"
place = "s9 plan"
says = "Revenue of the tasks"
kind = "sum"
parts = 'sum task_resources.amount_gbp[kind="revenue"]'
unit = "GBP"
printed = "{printed}"
solve_for = "parts"
nature = "control"
"""
CONTROL_FAULT = Fault(
    "task_resources.csv",
    "The control total LUT-900 (Revenue of the tasks) does not add up: £999,000 is printed, the rows give 0 GBP. "
    "Correct the rows, or the total in relations.toml if it was misread. Rows: 3, 4, 5, 6, 7.",
    3,
    "amount_gbp",
)


def missing_column(folder: Path) -> None:
    edit(folder, "tables/population.csv", "area,period,", "area,when,")


def text_for_a_number(folder: Path) -> None:
    edit(folder, "tables/population.csv", "125851", "about 126 thousand")


def a_total_that_does_not_add_up(folder: Path) -> None:
    append(folder, "relations.toml", CONTROL.format(printed="£999,000"))


def an_unknown_area(folder: Path) -> None:
    append(folder, "tables/population.csv", "E06000099,1999,15–64,resident,5,,002,para 7.3,\n")


def a_row_twice(folder: Path) -> None:
    append(folder, "tables/population.csv", "E06000032,1999,15–64,resident,5,,002,para 7.3,\n")


def a_link_to_nothing(folder: Path) -> None:
    append(folder, "tables/thread.csv", "task,99,delivers,target,A.1,002,s9 plan,\n")


def a_link_of_the_wrong_kind(folder: Path) -> None:
    append(folder, "tables/thread.csv", "task,1,buys,target,A.1,002,s9 plan,\n")


def a_relation_that_cannot_be_read(folder: Path) -> None:
    append(folder, "relations.toml", CONTROL.format(printed="£1").replace('kind = "sum"', 'kind = "total"'))


def a_published_figure_of_no_row(folder: Path) -> None:
    relation = CONTROL.format(printed="£0").replace('nature = "control"', "")
    append(
        folder, "relations.toml", relation.replace('sum task_resources.amount_gbp[kind="revenue"]', "task_resources.x")
    )


def a_control_total_of_no_table(folder: Path) -> None:
    append(folder, "relations.toml", CONTROL.format(printed="£1").replace("task_resources", "resources"))


def england(folder: Path) -> None:
    edit(folder, "programme.toml", 'slug = "luton"', 'slug = "england"')


THREAD_ROW = 1 + len((EXAMPLES / "luton" / "tables" / "thread.csv").read_text(encoding="utf-8").splitlines())
REFUSALS: list[tuple[Break, list[Fault]]] = [
    (
        missing_column,
        [
            Fault("population.csv", "The column “period” is missing: add it to the header.", column="period"),
            Fault(
                "population.csv",
                "The column “when” is not one of this table's: remove it, or correct its name.",
                column="when",
            ),
        ],
    ),
    (
        text_for_a_number,
        [
            Fault(
                "population.csv",
                "“about 126 thousand” is not a number written with digits and a full stop only.",
                2,
                "people",
            )
        ],
    ),
    (a_total_that_does_not_add_up, [CONTROL_FAULT]),
    (
        an_unknown_area,
        [Fault("population.csv", "The area “E06000099” is not in areas.csv: add it there.", 3, "area")],
    ),
    (
        a_row_twice,
        [
            Fault(
                "population.csv",
                "A row with the same area, period, population_group, counted_as stands above: remove one of them.",
                3,
                "area",
            )
        ],
    ),
    (
        a_link_to_nothing,
        [
            Fault(
                "thread.csv",
                "There is no task “99” to link: correct its code or add it to its table.",
                THREAD_ROW,
                "from_id",
            )
        ],
    ),
    (
        a_link_of_the_wrong_kind,
        [
            Fault(
                "thread.csv",
                "“buys” cannot join a task to a target: it joins a contract to a task; a contract to a statement; "
                "a lot to a specification.",
                THREAD_ROW,
                "relation",
            )
        ],
    ),
    (
        a_relation_that_cannot_be_read,
        [
            Fault(
                "relations.toml",
                "Relation LUT-900: kind “total” is none of sum, share, rate, cost, change, equal, at_least, about, "
                "label.",
            )
        ],
    ),
    (
        a_published_figure_of_no_row,
        [Fault("relations.toml", "Relation LUT-900: “task_resources.x” names no column of its table.")],
    ),
    (
        a_control_total_of_no_table,
        [
            Fault(
                "relations.toml",
                'Relation LUT-900: “resources.amount_gbp[kind="revenue"]”: there is no table “resources”.',
            )
        ],
    ),
    (england, [Fault("programme.toml", "The slug “england” is kept for another use: choose another.")]),
]
each_refusal = pytest.mark.parametrize(("spoil", "faults"), REFUSALS, ids=lambda given: getattr(given, "__name__", ""))


def records() -> dict[str, list[dict[str, object]]]:
    return {stem: list(model.objects.order_by("id").values()) for stem, model in RECORDS.items()}


def figures(store: Store, slug: str) -> list[dict[str, object]]:
    return [figure.as_json() for figure in Desk(store, slug).all_figures()]


@each_refusal
def test_a_broken_folder_is_refused_and_nothing_of_it_is_kept(
    spoil: Break, faults: list[Fault], copy_of: Copy, load: Load, store: Store
) -> None:
    folder = copy_of("luton")
    spoil(folder)
    with pytest.raises(InputRefused) as refused:
        load(folder)
    assert refused.value.faults == faults
    assert (Programme.objects.count(), Organisation.objects.count()) == (0, 0)
    assert {stem: len(rows) for stem, rows in records().items()} == dict.fromkeys(RECORDS, 0)
    assert (store.scopes(), list(store.home.rglob("releases.json"))) == ([], [])


@each_refusal
def test_a_version_that_was_loaded_before_stays_intact(
    spoil: Break, faults: list[Fault], copy_of: Copy, load: Load, store: Store
) -> None:
    folder = copy_of("luton")
    load(folder)
    before = (records(), figures(store, "luton"), store.releases("luton"), Programme.objects.values().get())
    spoil(folder)
    with pytest.raises(InputRefused) as refused:
        load(folder)
    assert refused.value.faults == faults
    assert (records(), figures(store, "luton"), store.releases("luton"), Programme.objects.values().get()) == before


def test_a_store_that_cannot_be_written_leaves_no_records(load: Load, store: Store) -> None:
    store.home.mkdir(parents=True)
    (store.home / "tables").write_text("A file where the folder should be.", encoding="utf-8")
    with pytest.raises(OSError, match="tables"):
        load(EXAMPLES / "luton")
    assert (Programme.objects.count(), Statement.objects.count(), Link.objects.count()) == (0, 0, 0)


def test_a_control_total_that_adds_up_is_no_hindrance(copy_of: Copy, load: Load) -> None:
    folder = copy_of("luton")
    append(folder, "relations.toml", CONTROL.format(printed="£0"))
    assert load(folder).slug == "luton"


# Loading twice


@pytest.mark.parametrize("slug", ["luton", "kent"])
def test_loading_twice_gives_the_same_records_and_figures(slug: str, load: Load, store: Store) -> None:
    first, records_before, figures_before = load(EXAMPLES / slug), records(), figures(store, slug)
    second = load(EXAMPLES / slug)
    assert second.id == first.id
    assert records() == records_before
    assert figures(store, slug) == figures_before


def test_what_a_new_version_leaves_out_is_gone(copy_of: Copy, load: Load, store: Store) -> None:
    folder = copy_of("luton")
    load(folder)
    for stem in ("thread", "statements", "population"):
        (folder / "tables" / f"{stem}.csv").unlink()
    (folder / "relations.toml").unlink()
    load(folder)
    held = [model.objects.filter(withdrawn=False).count() for model in (Link, Statement)]
    assert (held, Link.objects.count() > 0, Statement.objects.count() > 0) == ([0, 0], True, True)
    desk = Desk(store, "luton")
    assert [desk.table(stem) for stem in ("thread", "statements", "population", "relations")] == [None] * 4


def test_a_change_of_a_record_s_table_changes_its_release(copy_of: Copy, load: Load, store: Store) -> None:
    folder = copy_of("luton")
    load(folder)
    before = Desk(store, "luton").table("statements")
    edit(folder, "tables/statements.csv", "Step change", "Great change")
    load(folder)
    after = Desk(store, "luton").table("statements")
    assert (before[1].id != after[1].id, before[0].height) == (True, after[0].height)


# What was loaded


def test_the_programme_is_as_its_folder_says(load: Load) -> None:
    programme = load(EXAMPLES / "luton")
    assert (programme.slug, programme.period, programme.home_area) == ("luton", "2003-07", "E06000032")
    assert (programme.loaded_on, programme.loaded_by.username) == (LOADED_ON, TRANSCRIPTION)
    codes = [entry["code"] for entry in programme.described["organisation"]]
    assert sorted(programme.organisations.values_list("code", flat=True)) == sorted(codes)


def test_who_transcribes_cannot_sign_in_and_is_one_person(db: None) -> None:
    assert enlist_transcriber() == enlist_transcriber()
    assert enlist_transcriber().has_usable_password() is False
    assert Person.objects.count() == 1


@pytest.mark.parametrize("slug", ["luton", "kent"])
def test_records_are_offered_as_the_tables_they_were_read_from(slug: str, load: Load, store: Store) -> None:
    load(EXAMPLES / slug)
    desk = Desk(store, slug)
    for stem in sorted(set(RECORDS) - {SourceDocument.STEM}):
        path = EXAMPLES / slug / "tables" / f"{stem}.csv"
        offered = desk.table(stem)
        if not path.exists():
            assert offered is None
            continue
        frame, _ = read_table(path, house_schemas()[stem])
        assert offered[0].equals(frame), stem
        assert (offered[1].rows, offered[1].stem, offered[1].scope) == (frame.height, stem, slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_library_holds_the_documents_that_the_folder_declares(slug: str, load: Load) -> None:
    declared = load(EXAMPLES / slug).described["document"]
    kept = SourceDocument.objects.order_by("position").values_list("document", "title")
    assert list(kept) == [(entry["key"], entry["title"]) for entry in declared]


def test_links_end_at_records_or_at_figures(load: Load) -> None:
    load(EXAMPLES / "luton")
    known = {str(row["id"]) for rows in records().values() for row in rows}
    ends = [
        (getattr(link, f"{side}_kind"), getattr(link, f"{side}_id"), getattr(link, f"{side}_end"))
        for link in Link.objects.all()
        for side in ("from", "to")
    ]
    assert [end for kind, _, end in ends if kind != "figure" and end not in known] == []
    assert [code for kind, code, end in ends if kind == "figure" and code != end] == []
    assert {past.history_user.username for past in Link.history.all()} == {TRANSCRIPTION}


def test_a_published_figure_may_wait_for_one_of_ours(copy_of: Copy, load: Load) -> None:
    folder = copy_of("luton")
    relation = CONTROL.format(printed="£0").replace('nature = "control"', "")
    term = 'sum task_resources.amount_gbp[kind="revenue"]'
    append(folder, "relations.toml", relation.replace(term, "figure contact_rate[area=nowhere]"))
    assert load(folder).slug == "luton"


def test_a_long_list_of_rows_is_cut_short() -> None:
    fault = _fault_at(Origin("spend", "amount_gbp", tuple(range(25))), "It is wrong.")
    rows = ", ".join(str(row) for row in range(2, 22))
    assert fault == Fault("spend.csv", f"It is wrong. Rows: {rows} and 5 more.", 2, "amount_gbp")


# What a folder may hold, and what can be kept


@pytest.mark.parametrize(
    ("model", "fields", "limits"),
    [
        (Programme, ("slug", "title", "publisher", "period", "home_area"), REQUIRED),
        (Organisation, ("code", "name", "kind"), ENTRIES["organisation"]),
    ],
)
def test_a_description_is_no_longer_than_can_be_kept(
    model: type[Model], fields: tuple[str, ...], limits: dict[str, int]
) -> None:
    assert {name: limits[name] for name in fields} == {name: model._meta.get_field(name).max_length for name in fields}


def test_a_slug_is_no_name_of_the_house() -> None:
    top = get_resolver().url_patterns
    within = [inner for outer in top if not str(outer.pattern) for inner in getattr(outer, "url_patterns", ())]
    patterns = [str(found.pattern) for found in (*top, *within)]
    own = {pattern.partition("/")[0] for pattern in patterns if pattern[:1].isalpha()}
    assert own | {ENGLAND_SCOPE, "static"} == set(RESERVED)


def test_a_table_that_is_absent_is_empty_in_its_own_columns(store: Store, db: None) -> None:
    statements = table_of(Desk(store, "nowhere"), "statements")
    assert (statements.height, statements.columns[:3]) == (0, ["list", "number", "text"])
