"""Every figure against the naive count, and against the rows behind it, looked at one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from coverage.reading import AsOf, coverage_of
from coverage.registry import GAPS, MEASURES
from jiaozuo_grid.lasting import today
from tests.coverage.recount import NaiveFigures

# Today, some weeks and many months ago.
DAYS = (0, 33, 200)


def added_up(rows: Any, amount: str | None) -> int:
    """How many rows there are, or what they add up to, row by row."""
    return sum(getattr(row, amount) for row in rows) if amount else len(rows)


def differing_figures(
    naive: NaiveFigures, areas: Sequence[str], rng: Random, sample: int = 4
) -> list[Any]:
    """Where a figure or a gap of some areas is not what the naive count or its rows say, in both
    readings.

    ``sample`` of the areas × days × readings, chosen by chance.
    """
    asked = [
        (area, AsOf(today() - timedelta(days=days), restated))
        for area in areas
        for days in DAYS
        for restated in (False, True)
    ]
    chosen = rng.sample(asked, min(sample, len(asked)))
    return [found for area, as_of in chosen for found in differing(naive, area, as_of)]


def differing(naive: NaiveFigures, area: str, asked: AsOf) -> list[Any]:
    """Where a figure or a gap of an area is not what the naive count or its rows say."""
    coverage = coverage_of(area, asked.day, restated=asked.restated)
    found = naive.differences(area, asked, coverage.area.figures)
    ground = asked.ground(area)
    for key, figure in coverage.area.figures.items():
        measure = MEASURES[key]
        behind = added_up(list(measure.rows(ground, asked.day)), measure.amount)
        if behind != (figure.value or 0):
            found.append((area, asked, key, "rows", figure.value, behind))
    for gap in coverage.gaps:
        behind = len(list(GAPS[gap.key].rows(ground, asked.day)))
        if gap.count != behind:
            found.append((area, asked, gap.key, "rows", gap.count, behind))
    return found
