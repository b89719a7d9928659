"""The iCalendar feed: a person's meetings in the calendar of their phone (RFC 5545).

Each schedule becomes a weekly event, one for each season; days off and meetings called off are
exceptions of it, meetings on make-up days events of their own. What is read is what
``activities.expected`` says, so the calendar and Today never differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vRecur

from activities.expected import met_by, usual_schedule
from activities.models import CalledOff, Schedule
from grids.models import HobbyGrid
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of

ZONE = ZoneInfo("Asia/Shanghai")
# A calendar app fetches the feed anew every few hours.
REFRESH = timedelta(hours=6)
# Somebody with more hobby grids (a township officer) does not want them all in a calendar.
MOST = 60
_WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days of a feed, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        for n in range((self.last - self.first).days + 1):
            yield self.first + n * _DAY


@dataclass(frozen=True)
class Series:
    """The meetings of one schedule in one season: all at the same hour, none twice.

    ``key`` stays the same however the span moves.
    """

    key: str
    schedule: Schedule
    days: tuple[date, ...]


def span_of(day: date) -> Span:
    """From the beginning of last month on, for more than a year ahead.

    It begins with a month, so that the events of two fetches do not differ every day.
    """
    first = (day.replace(day=1) - _DAY).replace(day=1)
    return Span(first, day + timedelta(days=400))


def feed_of(user: Any) -> bytes:
    """The calendar of a user's hobby grids of today; without a post, an empty one."""
    day = today()
    span = span_of(day)
    within = within_q(reach_of(user).areas_for("log"))
    hobby_grids = list(HobbyGrid.objects.on(day).filter(within).select_related("sport")[:MOST])
    calendar = _calendar(day)
    for hobby_grid, series in series_of(hobby_grids, span):
        for event in _events(hobby_grid, series, day):
            calendar.add_component(event)
    calendar.add_missing_timezones(span.first, span.last)
    return bytes(calendar.to_ical())


def series_of(hobby_grids: list[HobbyGrid], span: Span) -> Iterator[tuple[HobbyGrid, Series]]:
    """All meetings of the span but those called off, by schedule and season. Two queries."""
    codes = [hobby_grid.area_code for hobby_grid in hobby_grids]
    stored: dict[str, list[Schedule]] = defaultdict(list)
    for row in Schedule.objects.filter(area_code__in=codes):
        stored[row.area_code].append(row)
    off = set(
        CalledOff.objects.standing()
        .filter(area_code__in=codes, held_on__gte=span.first, held_on__lte=span.last)
        .values_list("area_code", "held_on", "start_time")
    )
    for hobby_grid in hobby_grids:
        schedules = stored[hobby_grid.area_code]
        usual = usual_schedule(hobby_grid)
        planned: dict[str, list[date]] = defaultdict(list)
        by_key: dict[str, Schedule] = {}
        for day in span.days():
            for schedule in met_by(hobby_grid, schedules, usual, day):
                if (hobby_grid.area_code, day, schedule.start_time) not in off:
                    key = _key(schedule, schedules, day)
                    planned[key].append(day)
                    by_key[key] = schedule
        for key, days in planned.items():
            yield hobby_grid, Series(key, by_key[key], tuple(days))


def _key(schedule: Schedule, stored: list[Schedule], day: date) -> str:
    """The schedule, and where it has seasons the year in which that of the day began."""
    if schedule.pk is None:
        # What the register says holds again when a schedule has ended: another series.
        ends = [row.ended_on for row in stored if row.ended_on and row.ended_on <= day]
        since = f"-{max(ends):%Y%m%d}" if ends else ""
        return f"usual-{schedule.area_code}{since}"
    if not schedule.season_from:
        return f"schedule-{schedule.pk}"
    before = schedule.season_from > schedule.season_until and f"{day:%m-%d}" < schedule.season_from
    return f"schedule-{schedule.pk}-{day.year - before}"


def _calendar(day: date) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Jiaozuo Grid//Meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Jiaozuo Sports Grid"))
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(REFRESH.total_seconds() // 3600)}H")
    return calendar


def _events(hobby_grid: HobbyGrid, series: Series, day: date) -> Iterator[Event]:
    weekdays = series.schedule.weekdays
    weekly = [one for one in series.days if str(one.isoweekday()) in weekdays]
    if weekly:
        yield _weekly(hobby_grid, replace(series, days=tuple(weekly)), day)
    for one in series.days:
        if str(one.isoweekday()) not in weekdays:
            # A make-up working day (调休): many calendars do not read added dates (RDATE).
            yield _event(hobby_grid, series, f"{series.key}-{one:%Y%m%d}", one, day)


def _weekly(hobby_grid: HobbyGrid, series: Series, day: date) -> Event:
    schedule, days = series.schedule, series.days
    event = _event(hobby_grid, series, series.key, days[0], day)
    rule: dict[str, Any] = {
        "FREQ": "WEEKLY",
        "BYDAY": [_WEEKDAYS[int(number) - 1] for number in schedule.weekdays],
        # In UTC, as the standard wants it where the start has a time zone.
        "UNTIL": _at(days[-1], schedule).astimezone(UTC),
    }
    event.add("rrule", vRecur(rule))
    held = set(days)
    left_out = [
        _at(one, schedule)
        for one in Span(days[0], days[-1]).days()
        if str(one.isoweekday()) in schedule.weekdays and one not in held
    ]
    if left_out:
        event.add("exdate", left_out)
    return event


def _event(hobby_grid: HobbyGrid, series: Series, key: str, first: date, day: date) -> Event:
    schedule = series.schedule
    event = Event()
    event.add("uid", f"{key}@jiaozuo-grid")
    event.add("dtstamp", datetime.combine(day, time(), ZONE).astimezone(UTC))
    event.add("dtstart", _at(first, schedule))
    event.add("duration", timedelta(minutes=schedule.minutes))
    event.add("summary", f"{hobby_grid.name}（{hobby_grid.sport}）")
    if place := schedule.place or hobby_grid.usual_place:
        event.add("location", place)
    if settings.PUBLIC_URL:
        event.add("url", settings.PUBLIC_URL + reverse("phone"))
    return event


def _at(day: date, schedule: Schedule) -> datetime:
    return datetime.combine(day, schedule.start_time, ZONE)
