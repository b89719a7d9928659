"""What is to be recounted: an area, or some codes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from grids.models import Succession
from jiaozuo_grid.area import within_q


@dataclass(frozen=True)
class Scope:
    """What to recount: everything at or below an area, or exactly some codes."""

    area: str = ""
    codes: tuple[str, ...] = ()

    def at(self, rows: QuerySet[Any], digits: int | None = None) -> QuerySet[Any]:
        """The rows that stand at the scope's own codes, of one level where ``digits`` says so."""
        if self.area:
            rows = rows.filter(within_q([self.area]))
            return rows.filter(area_code__length=digits) if digits else rows
        return rows.filter(area_code__in=self._codes(digits))

    def below(self, rows: QuerySet[Any], digits: int) -> QuerySet[Any]:
        """The rows that stand at or below the scope's codes of one level."""
        if self.area:
            return rows.filter(within_q([self.area]))
        return rows.filter(within_q(self._codes(digits)))

    def heirs(self, digits: int) -> list[tuple[str, str]]:
        """(old, new) of hobby grids that moved, at once or in steps, to the scope's codes."""
        below = [self.area] if self.area else self._codes(digits)
        moved = Succession.objects.standing().of_hobby_grids()
        news = moved.filter(within_q(below, "new_code"))
        found: set[tuple[str, str]] = set()
        fresh = {(old, new) for old, new in news.values_list("old_code", "new_code")}
        while fresh:
            found |= fresh
            tops: dict[str, set[str]] = defaultdict(set)
            for old, new in fresh:
                tops[old].add(new)
            before = moved.filter(new_code__in=tops).values_list("old_code", "new_code")
            fresh = {(old, top) for old, mid in before for top in tops[mid]} - found
        return sorted(found)

    def _codes(self, digits: int | None) -> list[str]:
        return [code for code in self.codes if digits is None or len(code) == digits]
