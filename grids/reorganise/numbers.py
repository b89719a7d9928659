"""Free numbers in a village, given one after another while a reorganisation is being planned."""

from __future__ import annotations

from collections.abc import Iterator

from grids.actions.numbering import free_codes, out_of_numbers
from jiaozuo_grid.area import Level


class Numbers:
    """Hands out codes of a village that were never used, and none of them twice."""

    def __init__(self, village: str) -> None:
        self._village = village
        self._free: dict[str, Iterator[str]] = {}

    def next_grid(self) -> str:
        return self._next(self._village, Level.GRID)

    def next_hobby_grid(self, grid: str) -> str:
        return self._next(grid, Level.HOBBY_GRID)

    def _next(self, parent: str, level: Level) -> str:
        if parent not in self._free:
            self._free[parent] = iter(free_codes(parent, level))
        code = next(self._free[parent], None)
        if code is None:
            raise out_of_numbers(0, 1)
        return code
