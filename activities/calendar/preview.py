"""The coming meetings of one hobby grid, with the holidays between them named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from activities.calendar.holidays import Stretch, is_announced, is_makeup_day, official_holiday
from activities.expected import Meeting, meetings, schedules_of
from grids.models import HobbyGrid

MEETINGS = 14
# Looked ahead so far: a season may be half a year away.
DAYS = 240


@dataclass(frozen=True)
class Day:
    """A coming meeting, or an official holiday (``meeting`` is None) on which nobody meets."""

    day: date
    meeting: Meeting | None
    holiday: Stretch | None
    makeup: bool = False


@dataclass(frozen=True)
class Preview:
    days: list[Day]
    # Years among them of which only the statutory holidays are known yet.
    unannounced: list[int]


def preview(hobby_grid: HobbyGrid, first: date) -> Preview:
    """The next ``MEETINGS`` meetings. One query."""
    last = first + timedelta(days=DAYS)
    known = schedules_of([hobby_grid], first, last)
    coming = meetings([hobby_grid], first, last, known)[:MEETINGS]
    if not coming:
        return Preview([], [])
    end = coming[-1].day
    days = [Day(one.day, one, official_holiday(one.day), is_makeup_day(one.day)) for one in coming]
    held_on = {one.day for one in coming}
    days += [
        Day(stretch.first, None, stretch)
        for stretch in _holidays(first, end)
        if not any(stretch.first <= day <= stretch.last for day in held_on)
    ]
    unannounced = [year for year in range(first.year, end.year + 1) if not is_announced(year)]
    return Preview(sorted(days, key=lambda one: one.day), unannounced)


def _holidays(first: date, last: date) -> list[Stretch]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = (official_holiday(day) for day in days)
    return list(dict.fromkeys(stretch for stretch in found if stretch))
