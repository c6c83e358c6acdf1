"""A browser that is used by keys alone: Tab, arrows, letters, Space and Enter, and no mouse."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Response

MOST_STEPS = 150
MOST_CHOICES = 12
NAME = "(document.activeElement.labels?.[0]?.textContent ?? document.activeElement.innerText).trim()"
KIND = "document.activeElement.type ?? ''"


@dataclass(frozen=True)
class Keys:
    """The keys of a page."""

    page: Page

    def reach(self, name: str, kind: str = "") -> None:
        """Presses Tab until the element of this name, and where one is given of this type, has the focus."""
        self._step(lambda: self.page.evaluate(NAME) == name and kind in ("", self.page.evaluate(KIND)), name)

    def type(self, name: str, text: str) -> None:
        """Writes the text into the box of this name, over what is there."""
        self.reach(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def date(self, day: int, month: int, year: int) -> None:
        """Writes a day into the next boxes of a date."""
        for name, number in (("Day", day), ("Month", month), ("Year", year)):
            self.type(name, str(number))

    def tick(self, name: str) -> None:
        """Ticks the box of this name."""
        self.reach(name, "checkbox")
        self.page.keyboard.press("Space")

    def select(self, name: str, choice: str) -> None:
        """Chooses from the list of this name by writing the choice."""
        self.reach(name)
        self.page.keyboard.type(choice)

    def choose(self, name: str) -> None:
        """Chooses the round button of this name, with the arrows from the first of its group."""
        self._step(lambda: self.page.evaluate(KIND) == "radio", name)
        self.page.keyboard.press("Space")
        for _ in range(MOST_CHOICES):
            if self.page.evaluate(NAME) == name:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not reach {name}.")

    def follow(self, name: str) -> Response | None:
        """What the link or button of this name leads to, when it is reached by Tab and Enter is pressed there."""
        self.reach(name)
        with self.page.expect_navigation() as led:
            self.page.keyboard.press("Enter")
        return led.value

    def _step(self, found: Callable[[], bool], name: str) -> None:
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if found():
                return
        raise AssertionError(f"The keyboard does not reach {name} on {self.page.url}.")
