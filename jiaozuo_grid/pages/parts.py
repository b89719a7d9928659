"""What the parts of a list (its rows, its views, its bulk actions) know of one another."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


class ListPart:
    request: HttpRequest

    @property
    def url_name(self) -> str:
        """What the page is called in ``urls.py``."""
        match = self.request.resolver_match
        return (match.url_name or "") if match else ""

    def rows(self) -> QuerySet[Any]:
        """The rows that the user may see, in a total order."""
        raise NotImplementedError

    def dress(self, rows: list[Any]) -> None:
        """Read what a page of rows shows besides, for all of them at once."""
