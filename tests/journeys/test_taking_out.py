"""The story of a programme that leaves: by the page as far as one sees it, by the terminal whole, to live elsewhere."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Visit, Workspace, served, sign_in
from tests.journeys.test_accessible_pages import examined
from tests.journeys.test_workspace import STORY, told
from tests.processes import parity, python

pytestmark = pytest.mark.journey

RISK = "R-9"
TITLE = "The programme leaves before its work is done"
PASSWORD = "three words and one more"
LET_IN = f"""
import django; django.setup()
from parity.register.models import Person
person = Person.objects.get(first_name="Demo commissioner")
person.username, person.is_demo = "commissioner", True
person.set_password({PASSWORD!r})
person.save()
"""
"""What whoever runs the other instance does, so that somebody may sign in there without an e-mail."""
PATIENCE_SECONDS, A_SECOND = 90, 1000


@contextmanager
def working(home: Path) -> Iterator[None]:
    """A worker does the jobs of a home meanwhile."""
    command = [sys.executable, "-m", "parity.cli", "work", "--until-input-ends"]
    environment = {**os.environ, "PARITY_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as worker:
        try:
            yield
        finally:
            worker.stdin.close()


def change_risk(page: Page, address: str) -> str:
    """The address of a risk that has another title now."""
    page.goto(f"{address}/leicester/registers/risks/")
    page.get_by_role("link", name=RISK, exact=True).click()
    record = page.url.removeprefix(address)
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text(f"Risk {RISK} was changed.")
    return record


def write_pack(page: Page, workspace: Workspace, into: Path) -> Path:
    """The exit pack that the page gives, once a worker wrote it."""
    page.goto(f"{workspace.address}/leicester/")
    page.get_by_role("link", name="Take this programme out").click()
    page.get_by_role("button", name="Write the exit pack").click()
    expect(page.get_by_role("status")).to_contain_text("It is written in the background.")
    with working(workspace.home):
        await_job(page)
    return downloaded_file(page, "leicester-exit-pack.zip", into)


def await_job(page: Page) -> None:
    """Asks on a job's page whether it is done, until it is."""
    for _ in range(PATIENCE_SECONDS):
        if page.get_by_role("heading", name="Files").count():
            return
        page.wait_for_timeout(A_SECOND)
        # what stands there is looked at only once the answer has come
        with page.expect_navigation():
            page.get_by_role("link", name="Check again").click()


def downloaded_file(page: Page, name: str, into: Path) -> Path:
    """The file that the link of this name downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(into)
    return into


def test_a_programme_goes_out_and_lives_on_elsewhere(
    visit: Callable[..., Visit], workspace: Workspace, browser: Browser, tmp_path: Path
) -> None:
    ours = visit("commissioner", scripts=False)
    record = change_risk(ours.page, workspace.address)
    ours.page.goto(workspace.address + record)
    story, facts = told(ours.page, STORY), ours.page.locator("main").inner_text()
    seen, whole = write_pack(ours.page, workspace, tmp_path / "seen.zip"), tmp_path / "whole.zip"
    with ZipFile(seen) as pack:
        assert TITLE in pack.read("registers/risks.csv").decode()
        assert "no instance of Parity takes it in" in " ".join(pack.read("README.txt").decode().split())
    elsewhere = tmp_path / "elsewhere"
    assert parity("take-in", seen, PARITY_HOME=str(elsewhere)).returncode == 2
    assert parity("export", "leicester", whole, PARITY_HOME=str(workspace.home)).returncode == 0
    assert parity("take-in", whole, PARITY_HOME=str(elsewhere)).returncode == 0
    assert python(LET_IN, PARITY_HOME=str(elsewhere)).returncode == 0
    with served(elsewhere, "serve") as there, browser.new_context() as context:
        page = context.new_page()
        sign_in(page, Workspace(there.address, {"commissioner": PASSWORD}, elsewhere), "commissioner")
        page.goto(there.address + record)
        assert told(page, STORY) == story
        assert page.locator("main").inner_text() == facts


@pytest.mark.parametrize("name", ["commissioner", "analyst"])
def test_the_page_has_no_fault(visit: Callable[..., Visit], name: str) -> None:
    person = visit(name)
    person.open("/leicester/take-out/")
    assert examined(person.page) == []
