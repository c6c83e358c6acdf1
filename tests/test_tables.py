"""Where tables rest, and how an indicator becomes figures."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.tables import ENGLAND_SCOPE, Desk, Offered, Store, desk, figures, offer_table
from parity.terms.areas import Area
from parity.terms.derived import DERIVED, derived_table
from parity.terms.errors import NotFound, WrongState
from parity.terms.indicator import CATALOGUE, indicator
from parity.terms.release import Release
from parity.terms.units import Unit
from tests.given import release

Save = Callable[..., Desk]
PEOPLE = pl.DataFrame(
    {
        "area": ["A", "A", "B"],
        "period": ["2008", "2010", "2009"],
        "sex": ["men", "men", "women"],
        "people": [10.0, 20.0, 30.0],
    }
)
WORDS = {"rows": "A1", "unit": Unit.PEOPLE, "title": "People", "numerator": "people", "formula": "people"}


@pytest.fixture(autouse=True)
def _declarations_as_before() -> Iterator[None]:
    """Takes out again what a test enters; results of one key must not outlive it either."""
    catalogue, providers, derived = dict(CATALOGUE), dict(desk._PROVIDERS), dict(DERIVED)
    yield
    for held, before in ((CATALOGUE, catalogue), (desk._PROVIDERS, providers), (DERIVED, derived)):
        held.clear()
        held.update(before)
    figures.result.cache_clear()


def people_by_sex(**changed: Any) -> None:
    """Enters an indicator that shows its table, with columns changed."""

    @indicator(dimensions=("sex",), purpose="counts", **WORDS)
    def people_shown(people: pl.DataFrame) -> pl.DataFrame:
        return people.rename({"people": "value"}).with_columns(**changed)


# Store


def test_a_home_without_tables_has_none(home: Path) -> None:
    store = Store(home)
    assert (store.releases("luton"), store.scopes()) == ({}, [])


def test_what_is_saved_is_read_back(store: Store) -> None:
    saved = release("people", "luton", "one", rows=3, illustrative="Invented.")
    store.save("luton", [(PEOPLE, saved)])
    assert store.releases("luton") == {"people": saved}
    assert store.frame(saved).equals(PEOPLE)
    assert store.scopes() == ["luton"]
    assert sorted(path.name for path in (store.home / "tables" / "luton").iterdir()) == [
        "people@one.parquet",
        "releases.json",
    ]


def test_saving_replaces_the_list_and_keeps_the_frames(store: Store) -> None:
    first, second = release("people", "luton", "one"), release("spend", "luton", "two")
    store.save("luton", [(PEOPLE, first)])
    store.save("luton", [(PEOPLE.head(1), second)])
    assert store.releases("luton") == {"spend": second}
    assert store.frame(first).equals(PEOPLE)


def test_the_frame_of_a_release_is_written_again(store: Store) -> None:
    """Another version of a schema gives the same bytes other types; what an older version wrote must not stay."""
    same = release("people", "luton", "one")
    store.save("luton", [(PEOPLE.select("area"), same)])
    store.save("luton", [(PEOPLE, same)])
    assert pl.read_parquet(store.home / "tables" / "luton" / "people@one.parquet").equals(PEOPLE)


def test_a_failure_in_the_middle_leaves_the_old_tables_readable(store: Store) -> None:
    old = release("people", "luton", "one")
    store.save("luton", [(PEOPLE, old)])

    def tables_that_break() -> Iterator[Offered]:
        yield PEOPLE.head(1), release("people", "luton", "two")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        store.save("luton", tables_that_break())
    assert store.releases("luton") == {"people": old}
    assert Store(store.home).frame(old).equals(PEOPLE)


def test_a_failure_while_a_frame_is_written_leaves_the_old_tables_readable(store: Store) -> None:
    old = release("people", "luton", "one")
    store.save("luton", [(PEOPLE, old)])
    unwritable = pl.DataFrame({"thing": [object()]})
    with pytest.raises((pl.exceptions.PolarsError, pl.exceptions.PanicException)):
        store.save("luton", [(PEOPLE.head(1), release("spend", "luton", "two")), (unwritable, old)])
    assert store.releases("luton") == {"people": old}
    assert pl.read_parquet(store.home / "tables" / "luton" / "people@one.parquet").equals(PEOPLE)


def test_a_list_half_written_is_not_read(store: Store) -> None:
    old = release("people", "luton", "one")
    store.save("luton", [(PEOPLE, old)])
    (store.home / "tables" / "luton" / "releases.json.partial").write_text('[{"stem": "peo', encoding="utf-8")
    assert store.releases("luton") == {"people": old}
    store.save("luton", [])
    assert store.releases("luton") == {}


def test_the_list_is_plain_json(store: Store) -> None:
    store.save("luton", [(PEOPLE, release("people", "luton", "one"))])
    listed = json.loads((store.home / "tables" / "luton" / "releases.json").read_text(encoding="utf-8"))
    assert listed == [release("people", "luton", "one").as_dict()]


# Desk


def test_a_programme_s_own_tables_come_before_england_s(save: Save) -> None:
    save(ENGLAND_SCOPE, people=PEOPLE.head(1), rates=PEOPLE.head(2))
    desk = save("luton", people=PEOPLE)
    assert [desk.table(stem)[0].height for stem in ("people", "rates")] == [3, 2]
    assert [desk.table(stem)[1].scope for stem in ("people", "rates")] == ["luton", ENGLAND_SCOPE]
    assert desk.table("spend") is None


def test_england_sees_no_programme_s_tables(save: Save, store: Store) -> None:
    save("luton", people=PEOPLE)
    assert Desk(store, ENGLAND_SCOPE).table("people") is None


def test_an_offered_table_comes_last_and_is_asked_once(save: Save) -> None:
    asked = []

    def provider(scope: str, viewer: object) -> Offered | None:
        asked.append((scope, viewer))
        return (PEOPLE.head(1), release("tasks_in_a_test", scope, "v1")) if scope == "luton" else None

    offer_table("tasks_in_a_test", provider)
    desk = save("luton", people=PEOPLE)
    assert [desk.table("tasks_in_a_test")[1].id for _ in range(3)] == ["v1"] * 3
    assert save("kent", people=PEOPLE).table("tasks_in_a_test") is None
    assert asked == [("luton", None), ("kent", None)]
    own = save("luton", tasks_in_a_test=PEOPLE)
    assert own.table("tasks_in_a_test")[0].height == 3
    assert asked == [("luton", None), ("kent", None)]
    assert {"people", "tasks_in_a_test"} <= set(desk.stems())


def test_areas_are_known_by_code(save: Save) -> None:
    listed = pl.DataFrame({"area": ["A"], "name": ["Aston"], "kind": ["district"]})
    assert save("luton", areas=listed).areas == {"A": Area("A", "Aston", "district")}
    assert save("kent", people=PEOPLE).areas == {}


def test_an_unknown_key_is_told(save: Save) -> None:
    with pytest.raises(NotFound, match=r"^No indicator is called “no_such_thing”\.$"):
        save(people=PEOPLE).figures("no_such_thing")


# Figures


def test_figures_come_in_the_order_of_the_indicator_with_their_releases(save: Save) -> None:
    people_by_sex()
    figures = save(people=PEOPLE).figures("people_shown")
    assert [(one.area.code, one.period, one.where, one.value) for one in figures] == [
        ("A", "2008", (("sex", "men"),), 10.0),
        ("A", "2010", (("sex", "men"),), 20.0),
        ("B", "2009", (("sex", "women"),), 30.0),
    ]
    assert [one.name for one in figures.releases] == ["people@first"]
    assert figures.all(area="A", period="2008")[0].as_json() == figures.all()[0].as_json()
    assert figures.all(sex="other") == []


def test_a_table_that_is_absent_gives_a_missing_figure_with_its_reason(save: Save) -> None:
    people_by_sex()
    figures = save(spend=PEOPLE).figures("people_shown")
    reason = "The programme has no table “people”, on which this rests."
    assert (figures.absent, figures.all(), figures.frame.height) == (reason, [], 0)
    asked = figures.one(area="A", sex="men")
    assert (asked.value, asked.missing, asked.where) == (None, reason, (("sex", "men"),))


def test_an_optional_table_may_be_absent(save: Save) -> None:
    @indicator(purpose="counts", **WORDS)
    def people_counted(people: pl.DataFrame, extras: pl.DataFrame | None = None) -> pl.DataFrame:
        return people.head(1).select("area", "period", value=pl.lit(0.0 if extras is None else float(extras.height)))

    assert save(people=PEOPLE).figures("people_counted").one(area="A").value == 0.0
    with_extras = save(people=PEOPLE, extras=PEOPLE).figures("people_counted")
    assert with_extras.one(area="A").value == 3.0
    assert [one.stem for one in with_extras.releases] == ["people", "extras"]


def test_one_takes_the_latest_period(save: Save) -> None:
    people_by_sex()
    figures = save(people=PEOPLE).figures("people_shown")
    assert (figures.one(area="A").period, figures.one(area="A", period="2008").value) == ("2010", 10.0)


def test_one_says_what_it_was_asked_where_there_is_nothing(save: Save) -> None:
    people_by_sex()
    figures = save(people=PEOPLE).figures("people_shown")
    assert figures.one(area="Z", sex="men").missing == "The programme's tables hold nothing on area Z, sex men."
    assert figures.one(area="Z").area == Area("Z", "Z", "not listed")


def test_one_asks_for_a_dimension_where_several_figures_match(save: Save) -> None:
    people_by_sex(period=pl.lit("2010"), area=pl.lit("A"), sex=pl.Series(["men", "women", "all"]))
    figures = save(people=PEOPLE).figures("people_shown")
    with pytest.raises(NotFound, match=r"^3 figures of people_shown match: name sex too\.$"):
        figures.one(area="A")
    with pytest.raises(NotFound, match=r"^3 figures of people_shown match: name area, sex too\.$"):
        figures.one()
    assert figures.one(area="A", sex="women").value == 20.0


@pytest.mark.parametrize("name", ["self", "where"])
def test_a_word_of_our_own_is_a_division_like_any_other(save: Save, name: str) -> None:
    people_by_sex(period=pl.lit("2010"), area=pl.lit("A"), sex=pl.Series(["men", "women", "all"]))
    figures = save(people=PEOPLE).figures("people_shown")
    for ask in (figures.one, figures.all):
        with pytest.raises(NotFound, match=f"^The indicator people_shown is not divided by {name}\\.$"):
            ask(**{name: "x"})


def test_a_division_that_the_indicator_does_not_have_is_told(save: Save) -> None:
    people_by_sex()
    with pytest.raises(NotFound, match=r"^The indicator people_shown is not divided by age, lot\.$"):
        save(people=PEOPLE).figures("people_shown").all(lot="1", age="65+", area="A")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"period": pl.lit("2010"), "area": pl.lit("A"), "sex": pl.lit("men")}, "two rows name the same figure."),
        ({"value": None}, "a value is missing without a reason, or has one beside it."),
        ({"value": float("nan")}, "a value is missing without a reason, or has one beside it."),
        ({"missing": pl.lit("Why not?")}, "a value is missing without a reason, or has one beside it."),
        ({"value": float("inf")}, "a value is infinite."),
        ({"upper": float("inf")}, "a value is infinite."),
        ({"basis": pl.lit("brutto")}, "a basis is none of ours."),
        ({"area": None}, "a figure lacks its area, its period or a dimension."),
        ({"sex": None}, "a figure lacks its area, its period or a dimension."),
    ],
)
def test_rows_that_are_no_figures_are_refused(save: Save, changed: dict[str, Any], sentence: str) -> None:
    people_by_sex(
        **{name: pl.lit(value) if not isinstance(value, pl.Expr) else value for name, value in changed.items()}
    )
    with pytest.raises(ValueError, match=f"^people_shown: {sentence}$"):
        save(people=PEOPLE).figures("people_shown")


def test_not_a_number_is_missing_never_a_number(save: Save) -> None:
    people_by_sex(value=pl.lit(float("nan")), lower=pl.lit(float("nan")), missing=pl.lit("No denominator."))
    (first, *_) = save(people=PEOPLE).figures("people_shown")
    assert (first.value, first.lower, first.missing) == (None, None, "No denominator.")


def test_a_basis_is_told_in_words(save: Save) -> None:
    people_by_sex(basis=pl.lit("gross_direct"))
    assert save(people=PEOPLE).figures("people_shown").one(area="A").basis == "gross, direct costs only"


def test_a_result_is_computed_once_a_release_and_anew_for_a_new_one(save: Save) -> None:
    runs = count()

    @indicator(purpose="counts", **WORDS)
    def people_computed(people: pl.DataFrame) -> pl.DataFrame:
        return people.select("area", "period", value=pl.col("people") + 100 * next(runs))

    def first_value(desk: Desk) -> float | None:
        return desk.figures("people_computed").all()[0].value

    assert [first_value(save(version="v1", people=PEOPLE)) for _ in range(3)] == [10.0, 10.0, 10.0]
    assert first_value(save(version="v2", people=PEOPLE)) == 110.0
    assert first_value(save(version="v1", people=PEOPLE)) == 10.0
    assert first_value(save("there", version="v1", people=PEOPLE)) == 210.0
    assert next(runs) == 3


def test_all_figures_follow_the_catalogue(save: Save) -> None:
    CATALOGUE.clear()
    people_by_sex()
    keys = [figure.indicator.key for figure in save(people=PEOPLE).all_figures()]
    assert keys == ["people_shown"] * 3


def test_traced_rows_share_dimensions_area_and_period_each_where_any_row_does(save: Save) -> None:
    @indicator(dimensions=("sex",), purpose="counts", **WORDS)
    def people_traced(people: pl.DataFrame, rates: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
        return people.rename({"people": "value"})

    rates = pl.DataFrame({"area": ["England", "England"], "sex": ["men", "women"], "rate": [1.0, 2.0]})
    notes = pl.DataFrame({"text": ["one", "two"]})
    figures = save(people=PEOPLE, rates=rates, notes=notes).figures("people_traced")
    traced = figures.traced(figures.one(area="A", period="2008", sex="men"))
    assert list(traced) == ["people", "rates", "notes"]
    assert traced["people"].rows() == [("A", "2008", "men", 10.0)]
    assert traced["rates"].rows() == [("England", "men", 1.0)]
    assert traced["notes"].equals(notes)


# Editions, large tables and tables computed from others


def edition(name: str, id_: str, *, by_area: bool = False) -> Release:
    kept = release("people", ENGLAND_SCOPE, id_)
    return replace(kept, edition=name, credit="Office, People (licence)", by_area=by_area)


def test_editions_of_a_table_rest_beside_each_other_and_are_read_as_one(store: Store) -> None:
    store.add(PEOPLE.head(1), edition("mid-2018", "one"))
    store.add(PEOPLE.tail(1), edition("mid-2015", "two"))
    both = store.releases(ENGLAND_SCOPE)["people"]
    assert (both.edition, both.parts) == ("mid-2015, mid-2018", ("two", "one"))
    assert both.cited == "Office, People (licence), mid-2015, mid-2018"
    assert store.frame(both).equals(pl.concat([PEOPLE.tail(1), PEOPLE.head(1)]))


def test_an_edition_read_again_takes_the_place_of_the_earlier_file(store: Store) -> None:
    store.add(PEOPLE.head(1), edition("mid-2018", "one"))
    before = store.releases(ENGLAND_SCOPE)["people"].id
    store.add(PEOPLE.tail(1), edition("mid-2018", "two"))
    after = store.releases(ENGLAND_SCOPE)["people"]
    assert (before, after.id, after.parts) == ("one", "two", ())


def test_while_one_adds_a_table_another_is_told_to_wait(store: Store) -> None:
    store.add(PEOPLE, edition("mid-2018", "one"))
    mark = store.home / "tables" / ENGLAND_SCOPE / "releases.lock.partial"
    mark.touch()
    with pytest.raises(WrongState, match="being added by somebody else"):
        store.add(PEOPLE, edition("mid-2019", "two"))
    mark.unlink()
    store.add(PEOPLE, edition("mid-2019", "two"))
    assert not mark.exists()


def test_a_large_table_is_read_for_the_areas_in_view(store: Store) -> None:
    people_by_sex()
    store.add(PEOPLE, edition("all", "one", by_area=True))
    desk = Desk(store, ENGLAND_SCOPE)
    assert [figure.area.code for figure in desk.figures("people_shown")] == ["A", "A", "B"]
    assert [figure.area.code for figure in desk.looking_at(["B"]).figures("people_shown")] == ["B"]


def test_a_page_speaks_of_one_state_whichever_areas_it_looks_at(store: Store) -> None:
    people_by_sex()
    store.add(PEOPLE, edition("all", "one", by_area=True))
    desk = Desk(store, ENGLAND_SCOPE)
    before = desk.releases["people"].id
    store.add(PEOPLE.head(1), replace(edition("all", "two", by_area=True), at="2026-01-02T00:00:00+00:00"))
    assert desk.looking_at(["B"]).releases["people"].id == before
    assert [figure.area.code for figure in desk.looking_at(["B"]).figures("people_shown")] == ["B"]
    assert Desk(store, ENGLAND_SCOPE).looking_at(["B"]).releases["people"].id != before


@pytest.mark.parametrize("by_area", [False, True])
def test_a_programme_has_the_areas_it_speaks_of_in_view(store: Store, by_area: bool) -> None:
    people_by_sex()
    store.add(PEOPLE, edition("all", "one", by_area=by_area))
    areas = pl.DataFrame({"area": ["A"], "name": ["Here"], "kind": ["council"]})
    compared = pl.DataFrame({"area": ["A"], "comparator": ["C"]})
    own = [(areas, release("areas", "luton", "1")), (compared, release("comparators", "luton", "2"))]
    store.save("luton", own)
    desk = Desk(store, "luton")
    assert {figure.area.code for figure in desk.figures("people_shown")} == {"A"}
    assert {figure.area.code for figure in desk.looking_at(None).figures("people_shown")} == {"A", "B"}


def test_a_derived_table_is_computed_once_for_what_it_read_and_cites_it(store: Store) -> None:
    asked = []

    @derived_table(words="People of all sexes", version=1, by_area=True)
    def people_of_all_sexes(people: pl.DataFrame, other: pl.DataFrame | None = None) -> pl.DataFrame:
        asked.append((people.height, other))
        return people.group_by("area", "period", maintain_order=True).agg(value=pl.col("people").sum())

    @indicator(purpose="counts", **WORDS)
    def people_in_all(people_of_all_sexes: pl.DataFrame) -> pl.DataFrame:
        return people_of_all_sexes

    assert Desk(store, ENGLAND_SCOPE).table("people_of_all_sexes") is None
    store.add(PEOPLE, edition("all", "one"))
    narrow = Desk(store, ENGLAND_SCOPE).looking_at(["B"])
    assert [(figure.area.code, figure.value) for figure in narrow.figures("people_in_all")] == [("B", 30.0)]
    (figure,) = narrow.figures("people_in_all")
    assert [one.cited for one in figure.releases] == ["Office, People (licence), all"]
    assert len(Desk(store, "luton").looking_at(None).figures("people_in_all").frame) == 3
    assert asked == [(3, None)]
    store.add(PEOPLE.head(1), replace(edition("all", "two"), at="2026-01-02T00:00:00+00:00"))
    assert len(Desk(store, ENGLAND_SCOPE).figures("people_in_all").frame) == 1
    assert asked == [(3, None), (1, None)]


def test_what_is_derived_from_a_programme_s_own_table_rests_nowhere(store: Store) -> None:
    @derived_table(words="Doubled", version=1)
    def people_doubled(people: pl.DataFrame) -> pl.DataFrame:
        return people.with_columns(pl.col("people") * 2)

    store.save("luton", [(PEOPLE, release("people", "luton", "one"))])
    found = Desk(store, "luton").table("people_doubled")
    assert found is not None
    assert (found[1].scope, found[0]["people"].to_list()) == ("luton", [20.0, 40.0, 60.0])
    assert not list(store.home.rglob("people_doubled*"))


def test_a_derived_table_by_content_is_there_for_its_rows_alone(store: Store) -> None:
    asked = []

    @derived_table(words="Women", version=1, by_content=True)
    def women(people: pl.DataFrame) -> pl.DataFrame:
        return people.filter(sex="women").select("area", "people")

    @derived_table(words="Women doubled", version=1)
    def women_doubled(women: pl.DataFrame) -> pl.DataFrame:
        asked.append(women.height)
        return women.with_columns(pl.col("people") * 2)

    def found(frame: pl.DataFrame, id_: str) -> tuple[pl.DataFrame, Release] | None:
        store.save("luton", [(frame, release("people", "luton", id_))])
        return Desk(store, "luton").table("women_doubled")

    assert found(PEOPLE.head(2), "none") is None
    first, again = found(PEOPLE, "one"), found(PEOPLE.with_columns(period=pl.lit("2011")), "other")
    assert first is not None
    assert again is not None
    assert (first[0]["people"].to_list(), first[1] == again[1], asked) == ([60.0], True, [1])


def test_a_derived_table_has_one_function() -> None:
    def declared() -> None:
        @derived_table(words="Twice", version=1)
        def people_twice(people: pl.DataFrame) -> pl.DataFrame:
            return people

    declared()
    with pytest.raises(ValueError, match="Two derived tables are called people_twice"):
        declared()


def test_a_figure_names_the_edition_that_its_own_row_was_read_from(store: Store) -> None:
    read_from = pl.Series(["waits/2024", "waits/2024; beds/2020", None])
    people_by_sex(read_from=read_from)
    for stem, edition in (("waits", "2024"), ("waits", "2023"), ("beds", "2020")):
        told = release(stem, ENGLAND_SCOPE, f"{stem}{edition}")
        store.add(PEOPLE.head(0), replace(told, edition=edition, credit=f"Office, {stem}"))
    store.add(PEOPLE, replace(release("people", ENGLAND_SCOPE, "one"), credit="Office, people"))
    figures_ = Desk(store, ENGLAND_SCOPE).figures("people_shown")
    cited = [[release.cited for release in figure.releases] for figure in figures_]
    assert cited == [["Office, waits, 2024"], ["Office, waits, 2024", "Office, beds, 2020"], ["Office, people"]]
    assert figures_.all()[0].as_json()["releases"][0]["edition"] == "2024"
