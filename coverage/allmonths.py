"""The months of all hobby grids at once: from the sessions summed up once (spells/heldmonths.py),
then each level from the one below it. No row comes here from the database but of the hobby grids
that have a schedule. In the order of the index, so that it grows at its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from activities.models import Schedule
from coverage.flows import EVER, NOTHING
from coverage.models import FlowTally
from coverage.schedules import Kept, Span, kept_schedules, with_forerunners
from coverage.spells.heldmonths import TABLE
from coverage.tallies import FLOWS
from jiaozuo_grid.area import DIGITS, ancestors

AT_ONCE = 2000
_KEPT = FLOWS[4:]
_LEAVES = f"""
SELECT area_code, month, {", ".join(f"SUM({name}) AS {name}" for name in FLOWS[:4])}
  FROM {TABLE} GROUP BY area_code, month
"""  # noqa: S608
_INSERT = f"INSERT INTO coverage_flowtally (area_code, month, {', '.join(FLOWS)}) "
_SUMS = ", ".join(f"SUM({name})" for name in FLOWS)
_LEVEL = """
SELECT substr(area_code, 1, {digits}), month, {sums}
  FROM coverage_flowtally WHERE length(area_code) = {deeper}
 GROUP BY substr(area_code, 1, {digits}), month ORDER BY 1, 2
"""


def store_months(until: date) -> None:
    """Fill the empty table of months; schedules count until a day."""
    nothing = ", ".join("0" for _name in _KEPT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_INSERT} SELECT area_code, month, {', '.join(FLOWS[:4])}, {nothing}"  # noqa: S608
            f" FROM ({_LEAVES}) AS leaves ORDER BY area_code, month"
        )
    for kept in _kept(until):
        _store_kept(kept)
    levels = sorted(DIGITS, reverse=True)
    with connection.cursor() as cursor:
        for deeper, digits in pairwise(levels):
            cursor.execute(_INSERT + _LEVEL.format(digits=digits, deeper=deeper, sums=_SUMS))


def _kept(until: date) -> Iterator[dict[tuple[str, date], Kept]]:
    """What schedules said, of some hobby grids at a time."""
    scheduled = Schedule.objects.order_by().values_list("area_code", flat=True)
    codes = sorted(with_forerunners(scheduled))
    for start in range(0, len(codes), AT_ONCE):
        kept = kept_schedules(codes[start : start + AT_ONCE], Span(EVER, until))
        yield {key: one for key, one in kept.items() if one.expected_meetings}


def _store_kept(kept: dict[tuple[str, date], Kept]) -> None:
    """Put what schedules said to the months of hobby grids, where there is a session or not."""
    FlowTally.objects.bulk_create(
        (
            FlowTally(area_code=code, month=month, **dict(zip(_KEPT, one.values, strict=True)))
            for (code, month), one in kept.items()
        ),
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["area_code", "month"],
        update_fields=list(_KEPT),
    )


def months_counted(until: date) -> Iterator[tuple[Any, ...]]:
    """(area, month, figures …) of every area, counted anew without touching what is stored."""
    leaves: dict[tuple[str, date], tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES)
        while rows := cursor.fetchmany(20_000):
            for code, month, *figures in rows:
                day = date.fromisoformat(str(month))
                leaves[code, day] = (*map(int, figures), *NOTHING[4:])
    for kept in _kept(until):
        for key, one in kept.items():
            leaves[key] = (*leaves.get(key, NOTHING)[:4], *one.values)
    totals: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0] * len(FLOWS))
    for (code, month), values in leaves.items():
        for area in ancestors(code, include_self=True):
            total = totals[area, month]
            for i, value in enumerate(values):
                total[i] += value
    for (area, month), total in totals.items():
        yield (area, month, *total)
