"""Every page that can be reached: no dead link, no number without its source, the same numbers in every CSV."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from parity.register.intake.actions import enlist_transcriber, load_programme
from parity.sources.brought.programme import read_programme
from parity.tables import Store
from parity.terms.units import Unit
from tests.given import EXAMPLES, LOADED_ON, READ_AT, SLUGS
from tests.journeys.walk import HTML, Answer, figure_of, same, table_of, walk, without_units
from tests.members import join_everything

# the walk is made once for all tests: this says that they need the database, also where only they are run
pytestmark = pytest.mark.django_db

READ = "The versions of the tables that were read"
SOURCE, PLACE = "Source", "Place"


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """The whole workspace with the three examples, walked once and taken out again."""
    home = tmp_path_factory.mktemp("walked")
    store = Store(home)
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "PARITY_HOME", home)
        by = enlist_transcriber()
        for slug in SLUGS:
            load_programme(read_programme(EXAMPLES / slug, at=READ_AT), store, by=by, on=LOADED_ON)
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        client.force_login(by)
        join_everything(by)
        found = walk(client)
        transaction.set_rollback(True)
    return found


def pages(walked: dict[str, Answer]) -> Iterator[tuple[str, Answer]]:
    return ((address, found) for address, found in walked.items() if found.kind == HTML and found.status == 200)


def test_no_link_is_dead(walked: dict[str, Answer]) -> None:
    assert {address: found.status for address, found in walked.items() if found.status != 200} == {}


def test_every_topic_catalogue_and_thread_is_reached(walked: dict[str, Answer]) -> None:
    assert {f"/{slug}/{name}/" for slug in SLUGS for name in ("figures", "thread")} <= set(walked)
    assert [slug for slug in SLUGS if f"/{slug}/analyse/spend/" not in walked] == []


def test_every_page_has_a_sound_frame(walked: dict[str, Answer]) -> None:
    assert {address: found.faults for address, found in pages(walked) if found.faults} == {}


def test_no_number_stands_without_its_source(walked: dict[str, Answer]) -> None:
    assert {address: found.loose_numbers for address, found in pages(walked) if found.loose_numbers} == {}


def test_every_figure_opens_a_page_with_the_same_value(walked: dict[str, Answer]) -> None:
    differing = {
        (address, target): (text, walked[target].facts.get("Value"))
        for address, found in pages(walked)
        for target, text in found.figures
        if target in walked and text.partition(" (")[0] not in writings(walked[target].facts.get("Value", ""))
    }
    assert differing == {}


def writings(value: str) -> set[str]:
    """The value as it may stand on a page: with its unit, or bare under a heading that states it."""
    bare = {value.removeprefix(unit.value.prefix).removesuffix(unit.value.suffix) for unit in Unit}
    return {value, *bare, *(text.replace("−£", "−") for text in bare)}


def test_every_figure_says_what_it_rests_on(walked: dict[str, Answer]) -> None:
    opened = {target for _, found in pages(walked) for target, _ in found.figures if target in walked}
    indicators = {figure_of(target) for _, found in pages(walked) for target, _ in found.figures}
    assert indicators == {figure_of(target) for target in opened}
    assert {target: lacking(walked[target]) for target in opened if lacking(walked[target])} == {}


def lacking(figure: Answer) -> list[str]:
    """What a figure's page ought to state and does not: unit, formula, releases, input rows with source and place."""
    unsaid = [name for name in ("Value", "Unit", "Formula", "Area", "Period") if not figure.facts.get(name)]
    if figure.facts.get("Value") == "not available" and not figure.facts.get("Why it is missing"):
        unsaid.append("Why it is missing")
    inputs = [heads for caption, (rows, heads) in figure.tables.items() if caption.startswith("Rows of") and rows]
    if not any(SOURCE in heads and PLACE in heads for heads in inputs):
        unsaid.append("input rows with source and place")
    if not figure.tables.get(READ, (0, ()))[0]:
        unsaid.append("releases")
    return unsaid


def test_every_csv_holds_the_numbers_of_its_table(walked: dict[str, Answer]) -> None:
    compared = [
        (target, printed, without_units(walked[target].csv))
        for _, found in pages(walked)
        for target, printed in found.rows
        if target in walked
    ]
    assert {target: (printed, given) for target, printed, given in compared if not agree(printed, given)} == {}
    assert {table_of(target) for _, found in pages(walked) for target, _ in found.rows} == {
        table_of(target) for target, *_ in compared
    }


def agree(printed: tuple[tuple[str, ...], ...], given: list[list[str]]) -> bool:
    """True where both have the same shape and every cell says the same."""
    shapes = [len(row) for row in printed] == [len(row) for row in given]
    return shapes and all(same(*pair) for rows in zip(printed, given, strict=True) for pair in zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("printed", "given", "expected"),
    [
        ("not available", "not available: The source prints none.", True),
        ("£45,199,276", "45199276", True),
        ("−£91,000", "-91000.25", True),
        ("8.7 (8.0 to 9.3)", "8.6513", True),
        ("8.7% (8.0 to 9.3%)", "8.6499", False),
        ("4,252 people", "4253", False),
        ("2009/10", "2009/10", True),
        ("Home care", "Day care", False),
    ],
)
def test_same_tells_equal_from_different(printed: str, given: str, expected: bool) -> None:
    assert same(printed, given) is expected
