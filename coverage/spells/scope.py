"""What is to be recounted: an area, or some codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from json import dumps
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from grids.models import Succession
from jiaozuo_grid.area import Level, range_end, within_q

# A range for each area, found in the index one by one: as conditions joined by OR, hundreds of them
# take longer to plan than to answer.
_BELOW = {
    "postgresql": """
SELECT area_code FROM json_to_recordset(%s) AS areas(first text, last text)
  JOIN grids_hobbygrid ON area_code >= areas.first AND area_code < areas.last
""",
    "sqlite": """
SELECT area_code FROM json_each(%s) AS areas
  JOIN grids_hobbygrid ON area_code >= json_extract(areas.value, '$.first')
   AND area_code < json_extract(areas.value, '$.last')
""",
}


def hobby_grids_below(areas: Collection[str]) -> list[str]:
    """The codes of the hobby grids, of any day, below some areas."""
    if not areas:
        return []
    asked = dumps([{"first": code, "last": range_end(code)} for code in areas])
    with connection.cursor() as cursor:
        cursor.execute(_BELOW[connection.vendor], [asked])
        return [code for (code,) in cursor.fetchall()]


@dataclass(frozen=True)
class Scope:
    """What to recount: exactly some codes, or everything at or below an area; for the latter the
    sessions are summed up beforehand (heldmonths.py).
    """

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

    @cached_property
    def hobby_grids(self) -> list[str]:
        """The codes of a scope of codes that are hobby grids, and those of hobby grids below."""
        return sorted({*self._codes(Level.HOBBY_GRID), *hobby_grids_below(self._codes(Level.GRID))})

    def heirs(self) -> list[tuple[str, str]]:
        """(old, new) of hobby grids that moved, at once or in steps, to the scope's."""
        moved = Succession.objects.standing().of_hobby_grids()
        if self.area:
            news = moved.filter(within_q([self.area], "new_code"))
        else:
            news = moved.filter(new_code__in=self.hobby_grids)
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
