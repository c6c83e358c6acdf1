"""Every kind of page of the three programmes: no fault found by axe, nothing cut off, nothing heard in the console."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.given import SLUGS
from tests.journeys.conftest import DESKTOP, ENLARGED, HEIGHT, PHONE, Visit

pytestmark = pytest.mark.journey

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTH_MATTERS = ["scrollable-region-focusable", "target-size", "region"]
"""The rules whose answer can change with the width of the window; colours, names and roles stay as on the desktop."""

STAGES = ("analyse", "plan", "secure", "review")
OF_EACH_STAGE = 2
LEAST_PAGES = dict.fromkeys(SLUGS, 5) | {SLUGS[0]: 50}
SHOWN = "main figure a, main table a"
SETTLING_LOOKS, BETWEEN_LOOKS_MS = 20, 50
"""The menu folds a moment after the window has narrowed, so the width is looked at more than once."""
NOT_THERE = "/nowhere/"


def pages_of(visit: Visit, slug: str) -> list[str]:
    """The programme's page, its stages and topics, catalogue and thread; of each stage two indicators and figures.

    Of all programmes but the first, those pages that it has something of its own to show on: its page, its thread, and
    topics with a chart or a table.
    """
    if slug != SLUGS[0]:
        topics = [topic for stage in STAGES for topic in topics_of(visit, slug, stage)]
        return [f"/{slug}/", f"/{slug}/thread/", *(topic for topic in topics if hrefs(visit.open(topic), SHOWN))]
    found = [f"/{slug}/", f"/{slug}/figures/", f"/{slug}/thread/"]
    for stage in STAGES:
        topics = topics_of(visit, slug, stage)
        figures = list(figures_on(visit, topics))
        found += [f"/{slug}/{stage}/", *topics, *figures, *(figure.partition("?")[0] for figure in figures)]
    return list(dict.fromkeys(found))


def topics_of(visit: Visit, slug: str, stage: str) -> list[str]:
    """The pages of a stage's topics."""
    return hrefs(visit.open(f"/{slug}/{stage}/"), "main .nhsuk-card__link")


def figures_on(visit: Visit, topics: list[str]) -> Iterator[str]:
    """The first figure on each topic's page, of the first topics that have one."""
    firsts = (hrefs(visit.open(topic), "main a.app-figure")[:1] for topic in topics)
    yield from islice((first[0] for first in firsts if first), OF_EACH_STAGE)


def hrefs(page: Page, selector: str) -> list[str]:
    return page.eval_on_selector_all(selector, "links => links.map(link => link.getAttribute('href'))")


def faults(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe, which the page already has, finds with every closed detail opened: rule and first place."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    asked = {**options, "resultTypes": ["violations"]}
    found = page.evaluate("asked => axe.run(document, asked).then(found => found.violations)", asked)
    return [
        f"{page.url}: {each['id']} at {each['nodes'][0]['target']} and {len(each['nodes'])} in all" for each in found
    ]


def cut_off(page: Page, width: int) -> list[str]:
    """The page where its body scrolls sideways at this width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    for _ in range(SETTLING_LOOKS):
        reached = page.evaluate("document.documentElement.scrollWidth")
        if reached <= width:
            return []
        page.wait_for_timeout(BETWEEN_LOOKS_MS)
    return [f"{page.url} is {reached} wide in a window of {width}"]


def examined(page: Page) -> list[str]:
    """All faults of a page: all rules on the desktop, those that depend on width on the phone, and reflow."""
    page.evaluate(Axe().axe_script)
    return [
        *faults(page, {"runOnly": TAGS}),
        *cut_off(page, PHONE),
        *faults(page, {"runOnly": {"type": "rule", "values": WIDTH_MATTERS}}),
        *cut_off(page, ENLARGED),
        *cut_off(page, DESKTOP),
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_no_page_of_a_programme_has_a_fault(visit: Callable[..., Visit], slug: str) -> None:
    person = visit("analyst")
    addresses = pages_of(person, slug)
    assert len(addresses) > LEAST_PAGES[slug]
    assert [fault for address in addresses for fault in examined(person.open(address))] == []
    assert person.heard == []


def test_pages_of_no_programme_have_no_fault(visit: Callable[..., Visit]) -> None:
    person, stranger = visit("analyst"), visit()
    found = [fault for address in ("/", "/accessibility/") for fault in examined(person.open(address))]
    found += [fault for address in ("/sign-in/", "/accessibility/") for fault in examined(stranger.open(address))]
    assert (found, person.heard, stranger.heard) == ([], [], [])


def test_an_error_page_has_no_fault(visit: Callable[..., Visit]) -> None:
    person = visit("analyst")
    assert examined(person.open(NOT_THERE)) == []
    assert person.page.title() == "Page not found – Parity"
    assert len(person.heard) == 1, "the browser says once that there is no such page"
