"""Pages of the administration without counting."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from unfold.views import ChangeList

from jiaozuo_grid.pages import LAST_PAGE


class UncountedPage(Page):
    paginator: Uncounted

    def has_next(self) -> bool:
        return self.paginator.more and self.number < LAST_PAGE


class Uncounted(Paginator):
    """Reads one row more than it shows, and so knows whether there is a next page."""

    template_name = "admin/_pages.html"
    more = False

    @property
    def count(self) -> int:
        """As if there were rows for all the pages that one may turn to; nothing is counted."""
        return self.per_page * LAST_PAGE

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = self.object_list[start : start + self.per_page + 1]
        read = list(rows)
        self.more = len(read) > self.per_page
        return UncountedPage(read[: self.per_page], number, self)


class UncountedList(ChangeList):
    """A change list that does not say how many rows there are, since nobody counted them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = False
        self.has_next = self.paginator.more and self.page_num < LAST_PAGE
