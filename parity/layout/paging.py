"""From page to page of a long list: the parameters of the pagination component."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page

from parity.layout.addresses import asked_url
from parity.terms.units import Unit


def pagination(page: Page[Any], asked: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The parameters of the pagination component; empty where all stand on one page. `asked` is what the page was."""
    kept = list(asked)
    if page.paginator.num_pages == 1:
        return {}

    def href(number: int) -> str:
        return asked_url(kept, page=str(number))

    items = [
        {"number": str(each), "href": href(each), "current": each == page.number}
        if isinstance(each, int)
        else {"ellipsis": True}
        for each in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    found: dict[str, Any] = {"items": items}
    if page.has_previous():
        found["previous"] = {"href": href(page.previous_page_number())}
    if page.has_next():
        found["next"] = {"href": href(page.next_page_number())}
    return found


def shown_words(page: Page[Any], kind: str) -> str:
    """Which of how many are shown: `26 to 50 of 1,204 records`."""
    first, last, count = (Unit.COUNT.write(n) for n in (page.start_index(), page.end_index(), page.paginator.count))
    return f"{first} to {last} of {count} {kind}s" if page.paginator.count != 1 else f"1 {kind}"
