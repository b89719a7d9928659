"""Nothing is lost between an area and its parts, nor by a change of the map or its undoing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from coverage.models import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    NearStation,
    Spell,
    StockShift,
    StockTally,
)
from coverage.reading import AsOf, Figure, coverage_of
from coverage.registry import MEASURES, Kind
from grids.models import Division, Grid, HobbyGrid
from jiaozuo_grid.area import DIGITS, Level
from tests.coverage.recount import NaiveFigures

TABLES: list[Any] = [
    Spell,
    StockTally,
    FlowTally,
    DatedTally,
    StockShift,
    FlowShift,
    DatedShift,
    NearStation,
]
# Figures by (area, day, restated, measure).
Stated = dict[tuple[str, date, bool, str], Figure]
# What a merge of two villages changes: two areas become one, and round up once.
OF_AREAS = {
    "villages",
    "counted_villages",
    "villages_with_grids",
    "required_grids",
    "to_be_organised",
    "organised",
    "placed_villages",
    "near_villages",
    # A village's households are counted from its one point.
    "placed_households",
    "households_500m",
    "households_1km",
    # A village's grids are urban ones from the day on which it is part of a community.
    "urban_grids",
    "banded_grids",
    # A hobby grid's month is told at each code that it had in it.
    "scheduled_hobby_grids",
    "recorded_hobby_grids",
}


def areas_ever() -> list[str]:
    """The code of every division, grid and hobby grid, whether it ended or not."""
    models: list[Any] = [Division, Grid, HobbyGrid]
    codes = [code for m in models for code in m.objects.values_list("area_code", flat=True)]
    return sorted(set(codes))


def parts_of(area: str, codes: Sequence[str]) -> list[str]:
    """The areas one level below; hobby grids of a whole village stand beside its grids."""
    if len(area) == Level.HOBBY_GRID:
        return []
    below = DIGITS[DIGITS.index(len(area)) + 1]
    parts = [code for code in codes if code.startswith(area) and len(code) == below]
    if len(area) == Level.VILLAGE:
        wide = f"{area}000"
        parts += [code for code in codes if code.startswith(wide) and len(code) > below]
    return parts


def unlike_their_parts(
    naive: NaiveFigures, asked: AsOf, areas: Iterable[str], codes: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Additive figures that are not the sum of those of the parts and of what stands at the area
    itself: a lecture of a township is one of none of its villages.
    """

    def figures(code: str) -> dict[str, Figure]:
        return coverage_of(code, asked.day, restated=asked.restated).area.figures

    def belongs(row: Any) -> str:
        return naive.books.today_code(row.code) if asked.restated else row.code

    for area in areas:
        parts = parts_of(area, codes)
        below = [figures(part) for part in parts]
        for key, figure in figures(area).items():
            measure = MEASURES[key]
            # What means nothing at the parts has none.
            if measure.distinct or not parts or any(key not in part for part in below):
                continue
            rows = naive.rows(key, area, asked)
            own = sum(row.amount for row in rows if not belongs(row).startswith(tuple(parts)))
            added = sum(part[key].value or 0 for part in below) + own
            if added != (figure.value or 0):
                yield area, asked, key, figure.value, added


def stated(areas: Iterable[str], days: Iterable[date], readings: Sequence[bool]) -> Stated:
    """Every figure of some areas on some days."""
    return {
        (area, day, restated, key): figure
        for area in areas
        for day in days
        for restated in readings
        for key, figure in coverage_of(area, day, restated=restated).area.figures.items()
    }


def is_of_month(key: str) -> bool:
    return MEASURES[key].kind is Kind.FLOW


def digest(areas: Iterable[str], days: Iterable[date]) -> str:
    """A hash of all figures in both readings, and of every row that they are read from."""
    figures = [
        [*map(str, key), figure.value, figure.known, figure.of]
        for key, figure in stated(areas, days, (False, True)).items()
    ]
    tables = [
        sorted(
            str([row[name] for name in sorted(row) if name != "id"])
            for row in table.objects.values()
        )
        for table in TABLES
    ]
    return hashlib.sha256(json.dumps([figures, tables]).encode()).hexdigest()
