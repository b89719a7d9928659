"""What schedules said, month by month, and what became of it: counted by hobby grid.

Only schedules count that somebody made (``activities.Schedule``): they last, so that the past stays
as it was said. What the register says of a usual hour changes without a trace and is not counted.
Of each day over, so many of the meetings that were not called off were kept as there were sessions.
A hobby grid that moved had, until then, the schedules that moved with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from django.db.models import Count

from activities.expected import meets_on
from activities.models import CalledOff, Schedule, Session
from grids.lineage import heirs_of_hobby_grids
from grids.models import HobbyGrid, Succession
from jiaozuo_grid.area import Level

# Hobby grid -> day -> the hours at which it was to meet.
Meetings = dict[str, dict[date, set[time]]]
Pattern = tuple[str, str, str, str]


@dataclass(frozen=True)
class Span:
    """The days from ``first`` (included) to ``end`` (excluded)."""

    first: date
    end: date


@dataclass
class Kept:
    """The five figures of a hobby grid's month."""

    expected_meetings: int = 0
    kept_meetings: int = 0
    called_off_meetings: int = 0

    @property
    def values(self) -> tuple[int, int, int, int, int]:
        told = self.kept_meetings + self.called_off_meetings
        return (
            self.expected_meetings,
            self.kept_meetings,
            self.called_off_meetings,
            int(self.expected_meetings > 0),
            int(self.expected_meetings == told and told > 0),
        )


@lru_cache(maxsize=512)
def _year(pattern: Pattern, year: int) -> tuple[date, ...]:
    weekdays, season_from, season_until, holidays = pattern
    first = date(year, 1, 1)
    schedule = Schedule(
        weekdays=weekdays,
        season_from=season_from,
        season_until=season_until,
        holidays=holidays,
        started_on=first,
    )
    length = (date(year + 1, 1, 1) - first).days
    days = (first + timedelta(days=n) for n in range(length))
    return tuple(day for day in days if meets_on(schedule, day))


def _days(pattern: Pattern, first: date, end: date) -> Iterable[date]:
    """The days of a span on which a pattern meets."""
    for year in range(first.year, end.year + 1):
        days = _year(pattern, year)
        yield from days[bisect_left(days, first) : bisect_left(days, end)]


def with_forerunners(codes: Iterable[str]) -> set[str]:
    """Hobby grids and those that became them: a schedule is at the last of these codes."""
    known = {code for code in codes if len(code) == Level.HOBBY_GRID}
    fresh = set(known)
    while fresh:
        rows = Succession.objects.standing().of_hobby_grids().filter(new_code__in=fresh)
        fresh = set(rows.values_list("old_code", flat=True)) - known
        known |= fresh
    return known


def meetings_of(codes: Collection[str], span: Span) -> Meetings:
    """The meetings of hobby grids on the days of a span, by what schedules say."""
    heirs = heirs_of_hobby_grids(codes)
    asked = set(codes).union(*heirs.values())
    rows: dict[str, list[tuple[Pattern, time, date, date | None]]] = defaultdict(list)
    for code, *pattern, start, begun, ended in (
        Schedule.objects.filter(area_code__in=asked, started_on__lt=span.end)
        .order_by("area_code", "start_time", "id")
        .values_list(
            "area_code", "weekdays", "season_from", "season_until", "holidays",
            "start_time", "started_on", "ended_on",
        )
    ):  # fmt: skip
        rows[code].append((tuple(pattern), start, begun, ended))
    if not rows:
        return {}
    found: Meetings = {}
    grids = HobbyGrid.objects.filter(area_code__in=codes).order_by()
    for code, begun, ended in grids.values_list("area_code", "started_on", "ended_on"):
        days: dict[date, set[time]] = defaultdict(set)
        for one in {code, *heirs.get(code, ())}:
            for pattern, start, first, last in rows.get(one, ()):
                begin = max(first, begun, span.first)
                end = min(day for day in (last, ended, span.end) if day is not None)
                for day in _days(pattern, begin, end) if begin < end else ():
                    days[day].add(start)
        if days:
            found[code] = days
    return found


def kept_schedules(codes: Collection[str], span: Span) -> dict[tuple[str, date], Kept]:
    """What became of the meetings of hobby grids, by code and month."""
    meetings = meetings_of(codes, span)
    found: dict[tuple[str, date], Kept] = defaultdict(Kept)
    if not meetings:
        return found
    told = {"area_code__in": list(meetings), "held_on__gte": span.first, "held_on__lt": span.end}
    off: dict[tuple[str, date], set[time]] = defaultdict(set)
    rows = CalledOff.objects.standing().filter(**told).order_by()
    for code, day, start in rows.values_list("area_code", "held_on", "start_time"):
        off[code, day].add(start)
    sessions = Session.objects.standing().filter(**told).order_by()
    held = {
        (code, day): count
        for code, day, count in sessions.values_list("area_code", "held_on")
        .annotate(n=Count("pk"))
        .iterator(20_000)
    }
    for code, days in meetings.items():
        for day, starts in days.items():
            kept = found[code, day.replace(day=1)]
            called = len(starts & off[code, day]) if (code, day) in off else 0
            kept.expected_meetings += len(starts)
            kept.called_off_meetings += called
            kept.kept_meetings += min(len(starts) - called, held.get((code, day), 0))
    return found
