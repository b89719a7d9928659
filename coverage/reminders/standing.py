"""Which reminders still have something to remind of: their row is in the gap today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from coverage.models import Reminder
from coverage.registry import GAPS
from grids.writing import keep_changed
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM

AT_ONCE = 1000


def in_gap(reminders: Iterable[Reminder]) -> set[int]:
    """The keys of those whose row is in its gap; one query a gap and township (or wider area)."""
    groups: dict[tuple[str, str], list[Reminder]] = defaultdict(list)
    for reminder in reminders:
        groups[reminder.gap, reminder.area_code[: Level.TOWNSHIP]].append(reminder)
    found: set[int] = set()
    for (key, area), rows in groups.items():
        gap = GAPS.get(key)
        if gap is None:
            continue
        asked = {row.row_key for row in rows}
        open_rows = gap.rows(area, today()).filter(pk__in=asked)
        there = {str(pk) for pk in open_rows.values_list("pk", flat=True)}
        found |= {row.pk for row in rows if row.row_key in there}
    return found


def close_settled() -> int:
    """Close the reminders of rows that have left their gap; returns how many."""
    closed = 0
    last = 0
    while batch := list(Reminder.objects.open().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = batch[-1].pk
        standing = in_gap(batch)
        settled = [row for row in batch if row.pk not in standing]
        for row in settled:
            row.closed_at = timezone.now()
        keep_changed(SYSTEM, settled, ["closed_at"], "close reminder")
        closed += len(settled)
    return closed
