"""Every figure against the rows behind it, counted one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from coverage.reading import AsOf, coverage_of
from coverage.registry import GAPS, MEASURES
from jiaozuo_grid.lasting import today

# Today, some weeks and many months ago.
DAYS = (0, 33, 200)


def counted(rows: Any, amount: str | None) -> int:
    """How many rows there are, or what they add up to, row by row."""
    return sum(getattr(row, amount) for row in rows) if amount else len(rows)


def differing_figures(areas: Sequence[str], rng: Random, sample: int = 4) -> list[Any]:
    """Where a figure or a gap of some areas is not what its rows say, in both readings.

    ``sample`` of the areas × days × readings, chosen by chance.
    """
    asked = [
        (area, AsOf(today() - timedelta(days=days), restated))
        for area in areas
        for days in DAYS
        for restated in (False, True)
    ]
    chosen = rng.sample(asked, min(sample, len(asked)))
    return [difference for area, as_of in chosen for difference in _differing(area, as_of)]


def _differing(area: str, asked: AsOf) -> list[Any]:
    day: date = asked.day
    coverage = coverage_of(area, day, restated=asked.restated)
    ground = asked.ground(area)
    found: list[Any] = []
    for key, figure in coverage.area.figures.items():
        measure = MEASURES[key]
        behind = counted(list(measure.rows(ground, day)), measure.amount)
        if behind != (figure.value or 0):
            found.append((area, asked, key, figure.value, behind))
    for gap in coverage.gaps:
        behind = len(list(GAPS[gap.key].rows(ground, day)))
        if gap.count != behind:
            found.append((area, asked, gap.key, gap.count, behind))
    return found
