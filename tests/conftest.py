"""What every test rests on: a browser, a home of its own, the schemas, small tables, and the examples loaded."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import psycopg
import pytest
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from parity.register.intake.actions import enlist_transcriber, load_programme
from parity.register.models import Programme
from parity.review.tie_out.documents import programme_tie_out
from parity.sources.brought.programme import read_programme
from parity.tables import Desk, Store
from tests.emptying import empty_database
from tests.given import EXAMPLES, LOADED_ON, READ_AT, SLUGS, Computed, release

# how long an example takes tells of the machine, and of what else it does
settings.register_profile("parity", deadline=None)
settings.load_profile("parity")

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
NO_CHROMIUM = "Chromium is not installed and CHROMIUM does not name one, so no story was told in a browser."
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


RESTING = ("register", "web")
"""The folders of tests on what rests in the database: there the few that ask none are quick."""
ASKING = {"db", "transactional_db"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what asks the database, so that no more than that need be run on another one."""
    for item in items:
        rests = item.path.relative_to(HERE).parts[0] in RESTING
        if rests or ASKING & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process. Beside it Django is told that its calls are meant to be synchronous."""
    if not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def database_address() -> Iterator[str]:
    """What DATABASE_URL names for this run. The processes that tests start rest in SQLite, each in its own home."""
    with pytest.MonkeyPatch.context() as patch:
        address = os.environ.get("DATABASE_URL", "")
        patch.delenv("DATABASE_URL", raising=False)
        yield address


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """A test that commits leaves the database as set-up made it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_database())
        yield


@pytest.fixture
def postgresql(database_address: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database beside the one of this run."""
    name = f"parity_{uuid.uuid4().hex}"
    with psycopg.connect(database_address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield urlsplit(database_address)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own PARITY_HOME, for this process and for those it starts."""
    folder = tmp_path / "home"
    settings.PARITY_HOME = folder
    monkeypatch.setenv("PARITY_HOME", str(folder))
    return folder


@pytest.fixture
def store(home: Path) -> Store:
    return Store(home)


@pytest.fixture
def save(store: Store) -> Callable[..., Desk]:
    """Saves frames by stem as a scope's only tables, their releases of the given id, and gives the scope's desk."""

    def saved(scope: str = "here", *, version: str = "first", **frames: pl.DataFrame) -> Desk:
        pairs = [(frame, release(stem, scope, version, rows=frame.height)) for stem, frame in frames.items()]
        store.save(scope, pairs)
        return Desk(store, scope)

    return saved


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[str], Path]:
    """Copies an example's folder, so that a test may break it."""

    def copied(slug: str) -> Path:
        return Path(shutil.copytree(EXAMPLES / slug, tmp_path / "copies" / slug))

    return copied


@pytest.fixture
def load(db: None, store: Store) -> Callable[[Path], Programme]:
    """Loads a folder as `parity load` does."""

    def loaded(folder: Path) -> Programme:
        return load_programme(read_programme(folder, at=READ_AT), store, by=enlist_transcriber(), on=LOADED_ON)

    return loaded


@pytest.fixture(scope="session")
def computed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The examples loaded into a store and database of their own, computed, and taken out again."""
    store = Store(tmp_path_factory.mktemp("examples"))
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in SLUGS:
            folder = read_programme(EXAMPLES / slug, at=READ_AT)
            load_programme(folder, store, by=enlist_transcriber(), on=LOADED_ON)
        desks = [Desk(store, slug) for slug in SLUGS]
        rows = [row for desk in desks for row in programme_tie_out(desk).iter_rows(named=True)]
        figures = [figure.as_json() for desk in desks for figure in desk.all_figures()]
        transaction.set_rollback(True)
    return Computed({row["id"]: row for row in rows}, figures)
