"""Free numbers in a village, given one after another while a reorganisation is being planned."""

from __future__ import annotations

from grids.actions.numbering import next_codes
from jiaozuo_grid.area import Level


class Numbers:
    """Hands out codes of a village that were never used, and none of them twice."""

    def __init__(self, village: str) -> None:
        self._village = village
        self._given: dict[str, int] = {}

    def next_grid(self) -> str:
        return self._next(self._village, Level.GRID)

    def next_hobby_grid(self, grid: str) -> str:
        return self._next(grid, Level.HOBBY_GRID)

    def _next(self, parent: str, level: Level) -> str:
        count = self._given[parent] = self._given.get(parent, 0) + 1
        return next_codes(parent, level, count)[-1]
