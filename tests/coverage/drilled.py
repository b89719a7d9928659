"""Following every number of a coverage page to the list of its rows, as a reader does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from coverage.registry import GAPS, MEASURES
from tests.coverage.living_city import (
    figure_on,
    links_shown,
    measures_shown,
    pages_of,
    rows_on,
    text_of,
)


def added_up(rows: list[tuple[str, int | None]], measure: str) -> int:
    """What the listed rows of a measure come to: their number, or the sum of their amounts."""
    if MEASURES[measure].amount:
        return sum(amount or 0 for _code, amount in rows)
    return len(rows)


class Drill:
    """What one reader finds behind the numbers of pages.

    By measure or gap ``followed`` counts the numbers followed, ``found`` those that had rows.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.followed: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def _list(self, url: str) -> tuple[int | None, list[tuple[str, int | None]]]:
        """The figure at the head of a list, and its rows from all pages."""
        pages = list(pages_of(self.client, url))
        return figure_on(pages[0]), [row for page in pages for row in rows_on(page)]

    def _note(self, key: str, value: int) -> None:
        self.followed[key] += 1
        if value:
            self.found[key] += 1

    def faults(self, area: str, on: date) -> Iterator[tuple[Any, ...]]:
        """Where a figure or a gap is not what its list says at its head, or what its rows are."""
        page = self.client.get(f"/coverage/{area}/", {"on": f"{on:%Y-%m-%d}"})
        yield from self._measures(page, area, f"{on:%Y-%m-%d}")
        yield from self._gaps(page, area, f"{on:%Y-%m-%d}")

    def _measures(self, page: Any, area: str, day: str) -> Iterator[tuple[Any, ...]]:
        for key, value in measures_shown(page).items():
            urls = links_shown(page, f"/coverage/{area}/rows/{key}/?on={day}")
            if bool(urls) != (value is not None):
                yield area, day, key, value, "links", urls
            for url in urls:
                stated, rows = self._list(url)
                listed = added_up(rows, key)
                self._note(key, listed)
                if not value == stated == listed:
                    yield area, day, key, value, stated, listed

    def _gaps(self, page: Any, area: str, day: str) -> Iterator[tuple[Any, ...]]:
        text = text_of(page)
        stated = dict(re.findall(r'data-gap="(\w+)" data-count="(\d+)"', text))
        for key in GAPS:
            if key not in stated and f'data-gap-done="{key}"' not in text:
                continue
            head, rows = self._list(f"/coverage/{area}/gaps/{key}/?on={day}")
            self._note(key, len(rows))
            if not int(stated.get(key, 0)) == head == len(rows):
                yield area, day, key, stated.get(key, 0), head, len(rows)
