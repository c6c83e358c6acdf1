"""The whole workspace as a person gets it: `parity demo` on a free port, and a browser in front of it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

DESKTOP, PHONE, ENLARGED = 1280, 375, 320
HEIGHT = 900
PATIENCE_MS = 30_000
"""How long an expectation waits for a busy machine, as long as a click does; one that is met waits for nothing."""
STAYS_A_DRAWING = 'figure[data-chart=""]'

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class Workspace:
    """Where the pages are, the demo people's passwords, and the home."""

    address: str
    passwords: dict[str, str]
    home: Path


@dataclass(frozen=True)
class Visit:
    """A browser's page with what it complained of, and every address of another host that it asked for."""

    page: Page
    address: str
    heard: list[str]

    def open(self, path: str) -> Page:
        """The page at the path, its charts come to life."""
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        expect(self.page.locator(STAYS_A_DRAWING)).to_have_count(0)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The three examples, loaded and served by `parity demo` in a home of its own."""
    folder = tmp_path_factory.mktemp("workspace")
    with served(folder / "home", "demo", "--into", str(folder / "packs")) as found:
        yield found


@contextmanager
def served(home: Path, *words: str) -> Iterator[Workspace]:
    """What the command serves from a home, on a free port, and without a worker."""
    command = [sys.executable, "-m", "parity.cli", *words, "--port", "0", "--no-work"]
    environment = {**os.environ, "PARITY_HOME": str(home), "PARITY_DEMO": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield _as_told(iter(server.stdout.readline, ""), home)
        finally:
            server.terminate()


def _as_told(lines: Iterator[str], home: Path) -> Workspace:
    """The address and the sign-ins, as the terminal prints them."""
    passwords: dict[str, str] = {}
    for line in lines:
        match line.split():
            case ["Parity", "is", "at", address, *_]:
                return Workspace(address.rstrip("/"), passwords, home)
            case [name, password] if line.startswith("  "):
                passwords[name] = password
    raise AssertionError("The demo ended before it told its address.")


@pytest.fixture
def visit(browser: Browser, workspace: Workspace) -> Iterator[Callable[..., Visit]]:
    """Opens a window of its own, signed in as a demo person, or as nobody where no name is given."""
    contexts = []

    def opened(name: str = "", *, width: int = DESKTOP, scripts: bool = True) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, java_script_enabled=scripts)
        contexts.append(context)
        page, heard = context.new_page(), []
        page.on("console", lambda message: heard.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: None if asked.url.startswith(workspace.address) else heard.append(asked.url))
        if name:
            sign_in(page, workspace, name)
        return Visit(page, workspace.address, heard)

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, workspace: Workspace, name: str) -> None:
    """Signs in as one of the demo people, by the form."""
    page.goto(f"{workspace.address}/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(workspace.passwords[name])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    # to the programmes, or to the only one
    page.wait_for_url(lambda url: "/sign-in/" not in url)
