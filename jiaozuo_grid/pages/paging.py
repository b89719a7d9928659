"""One page of a list: read without counting, and never deeper than is cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
# Deep pages cost as much as the rows skipped; who needs more narrows the filters or exports.
LAST_PAGE = 1000
# What an address holds besides the filters.
NOT_FILTERS = ("page", "cursor", "format", "sort", "columns", "view")


@dataclass(frozen=True)
class Slice:
    """One page of rows, and whether there are pages before and after it."""

    rows: list[Any]
    number: int
    has_next: bool
    query: str = ""

    @property
    def previous(self) -> str:
        """The address of the page before, or "" on the first."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or "" on the last."""
        return self._address(self.number + 1) if self.has_next else ""

    def _address(self, number: int) -> str:
        return f"?{self.query}&page={number}" if self.query else f"?page={number}"


def _page_number(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit()):
        return 1
    return max(1, min(int(asked[:6]), LAST_PAGE))


def slice_of(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Slice:
    """The page that ``?page=`` asks for (1 when it asks for nonsense); one query, no COUNT."""
    number = _page_number(request.GET.get("page", ""))
    start = (number - 1) * size
    read = list(rows[start : start + size + 1])
    return Slice(
        rows=read[:size],
        number=number,
        has_next=len(read) > size and number < LAST_PAGE,
        query=query_without(request, "page"),
    )


def query_without(request: HttpRequest, *names: str) -> str:
    """The request's query string without some parameters."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
