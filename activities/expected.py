"""Expected sessions: what schedules say of a span of days, and what became of each.

That nothing is recorded of a meeting says nothing against anybody: it may have been called off,
or held and not yet logged. It is never called an absence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.calendar.holidays import is_makeup_day, official_holiday
from activities.models import CalledOff, Holidays, Schedule, Session
from grids.models import HobbyGrid

# Where neither schedule nor register says how long a meeting lasts.
USUAL_MINUTES = 60
# What began within so many minutes of a meeting's hour is that meeting.
NEAR = 180


class State(models.TextChoices):
    """What became of an expected session."""

    DONE = "done", _("logged")
    CALLED_OFF = "called_off", _("not held")
    TO_COME = "to_come", _("to come")
    OPEN = "open", _("nothing recorded")


@dataclass(frozen=True)
class Meeting:
    """A hobby grid is to meet on a day."""

    code: str
    day: date
    start: time
    minutes: int
    place: str
    # The hobby grid's, for those who read it; the village's where the reader asked for it.
    name: str = ""
    village: str = ""

    @property
    def begins_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, self.start))

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Expected:
    """A meeting, and what is known of it."""

    meeting: Meeting
    state: State
    session: Session | None = None
    called_off: CalledOff | None = None


def in_season(schedule: Schedule, day: date) -> bool:
    """Whether the day lies in the schedule's season, its first and last day included."""
    first, last, now = schedule.season_from, schedule.season_until, f"{day:%m-%d}"
    if not first:
        return True
    return first <= now <= last if first <= last else now >= first or now <= last


def meets_on(schedule: Schedule, day: date) -> bool:
    """Whether the schedule's hobby grid is to meet on the day."""
    if not (schedule.in_force(day) and in_season(schedule, day)):
        return False
    if schedule.holidays != Holidays.MEETS and official_holiday(day):
        return False
    if schedule.holidays == Holidays.WORKDAYS and is_makeup_day(day):
        return True
    return str(day.isoweekday()) in schedule.weekdays


def usual_schedule(hobby_grid: HobbyGrid) -> Schedule | None:
    """What the register says, as a schedule that is not stored; None where it does not say when."""
    if not hobby_grid.usual_days or hobby_grid.usual_start is None:
        return None
    return Schedule(
        area_code=hobby_grid.area_code,
        weekdays=hobby_grid.usual_days,
        start_time=hobby_grid.usual_start,
        minutes=hobby_grid.usual_minutes or USUAL_MINUTES,
        place=hobby_grid.usual_place,
        started_on=hobby_grid.started_on,
        ended_on=hobby_grid.ended_on,
    )


def schedules_of(
    hobby_grids: Iterable[HobbyGrid], first: date, last: date
) -> dict[str, list[Schedule]]:
    """The schedules in force on any of the days, by hobby grid. One query."""
    codes = [hobby_grid.area_code for hobby_grid in hobby_grids]
    found: dict[str, list[Schedule]] = defaultdict(list)
    for row in Schedule.objects.in_force_between(first, last).filter(area_code__in=codes):
        found[row.area_code].append(row)
    return found


def meetings(
    hobby_grids: Sequence[HobbyGrid],
    first: date,
    last: date,
    schedules: dict[str, list[Schedule]] | None = None,
) -> list[Meeting]:
    """All meetings of the days, both included; in order of time. One query, or none."""
    known = schedules_of(hobby_grids, first, last) if schedules is None else schedules
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = [
        meeting
        for hobby_grid in hobby_grids
        for meeting in _meetings_of(hobby_grid, known.get(hobby_grid.area_code, []), days)
    ]
    return sorted(found, key=lambda one: (one.day, one.start, one.code))


def _meetings_of(
    hobby_grid: HobbyGrid, schedules: list[Schedule], days: list[date]
) -> Iterator[Meeting]:
    usual = usual_schedule(hobby_grid)
    for day in days:
        for row in met_by(hobby_grid, schedules, usual, day):
            yield Meeting(
                hobby_grid.area_code,
                day,
                row.start_time,
                row.minutes,
                row.place or hobby_grid.usual_place,
                hobby_grid.name,
                getattr(hobby_grid, "village_name", ""),
            )


def met_by(
    hobby_grid: HobbyGrid, schedules: list[Schedule], usual: Schedule | None, day: date
) -> list[Schedule]:
    """The schedules by which the hobby grid meets on a day, one for each hour.

    Where somebody made a schedule that is in force, it alone says: out of its season nobody meets.
    """
    if not hobby_grid.in_force(day):
        return []
    said = [row for row in schedules if row.in_force(day)] or ([usual] if usual else [])
    starts: dict[time, Schedule] = {}
    for row in said:
        if meets_on(row, day):
            starts.setdefault(row.start_time, row)
    return list(starts.values())


def expected(
    hobby_grids: Sequence[HobbyGrid], first: date, last: date, now: datetime | None = None
) -> list[Expected]:
    """All meetings of the days with what became of each. Three queries, however many."""
    return judged(meetings(hobby_grids, first, last), now or timezone.now())


def judged(of_meetings: list[Meeting], now: datetime) -> list[Expected]:
    """Each meeting with the session or the word that belongs to it. Two queries."""
    if not of_meetings:
        return []
    days = [meeting.day for meeting in of_meetings]
    span = {
        "area_code__in": {meeting.code for meeting in of_meetings},
        "held_on__gte": min(days),
        "held_on__lte": max(days),
    }
    sessions: dict[tuple[str, date], list[Session]] = defaultdict(list)
    for session in Session.objects.standing().filter(**span):
        sessions[session.area_code, session.held_on].append(session)
    off = {
        (row.area_code, row.held_on, row.start_time): row
        for row in CalledOff.objects.standing().filter(**span)
    }
    by_day: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
    for meeting in of_meetings:
        if (meeting.code, meeting.day, meeting.start) not in off:
            by_day[meeting.code, meeting.day].append(meeting)
    held = {
        meeting: session
        for place, planned in by_day.items()
        for meeting, session in matched(planned, sessions[place]).items()
    }
    return [_judged(one, held.get(one), off, now) for one in of_meetings]


def _judged(meeting: Meeting, session: Session | None, off: Any, now: datetime) -> Expected:
    if session is not None:
        return Expected(meeting, State.DONE, session=session)
    row = off.get((meeting.code, meeting.day, meeting.start))
    if row is not None:
        return Expected(meeting, State.CALLED_OFF, called_off=row)
    return Expected(meeting, State.TO_COME if now < meeting.ends_at else State.OPEN)


def matched(planned: list[Meeting], sessions: list[Session]) -> dict[Meeting, Session]:
    """Which session was which meeting of one hobby grid's day: the nearest pairs first."""
    pairs = sorted(
        (
            (apart(meeting.start, session.start_time), meeting, session)
            for meeting in planned
            for session in sessions
        ),
        key=lambda pair: (pair[0], pair[1].start, pair[2].start_time, str(pair[2].pk)),
    )
    found: dict[Meeting, Session] = {}
    taken: set[Any] = set()
    for _minutes, meeting, session in pairs:
        if meeting not in found and session.pk not in taken:
            found[meeting] = session
            taken.add(session.pk)
    return found


def apart(one: time, other: time) -> int:
    """Minutes between two hours of a day."""
    return abs(one.hour * 60 + one.minute - other.hour * 60 - other.minute)
