"""What is held, and what schedules said, counted naively."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any

from activities.calendar.holidays import is_makeup_day, official_holiday
from activities.models import CalledOff, Event, Lecture, Schedule, Session
from grids.models import Grid, HobbyGrid
from jiaozuo_grid.counted import offered
from tests.coverage.recount.books import Books, Count, Row, in_force, in_month, rows_of


def active(model: Any, digits: int) -> Count:
    def count(books: Books, day: date) -> Iterable[Row]:
        codes = books.active(day, digits)
        return rows_of(row for row in books.standing(model, day) if row.area_code in codes)

    return count


def slot(key: str) -> Count:
    """What an app offers, if one does."""

    def count(books: Books, day: date) -> Iterable[Row]:
        filling = offered(key)
        if filling is None:
            return []
        happened = [row for row in filling.rows() if in_month(getattr(row, filling.day), day)]
        return rows_of(happened, filling.amount or "")

    return count


def of_the_month(model: Any, amount: Callable[[Any], int] = lambda _row: 1) -> Count:
    def count(books: Books, day: date) -> Iterable[Row]:
        held = [row for row in books.kept(model) if in_month(row.held_on, day)]
        return [Row(row.area_code, amount(row)) for row in held]

    return count


def participants(row: Any) -> int:
    return int(row.participants)


def _in_season(schedule: Any, day: date) -> bool:
    first, last, now = schedule.season_from, schedule.season_until, day.strftime("%m-%d")
    if not first:
        return True
    return first <= now <= last if first <= last else not last < now < first


def _meets(schedule: Any, day: date) -> bool:
    if not in_force(schedule, day) or not _in_season(schedule, day):
        return False
    if schedule.holidays in ("off", "workdays") and official_holiday(day):
        return False
    if schedule.holidays == "workdays" and is_makeup_day(day):
        return True
    return str(day.isoweekday()) in schedule.weekdays


def _told(books: Books, month: date) -> Iterable[tuple[str, int, int, int]]:
    """(code, scheduled, called off, kept) of each hobby grid's meetings of the month."""
    schedules = books.by(Schedule, "area_code")
    sessions = books.by(Session, "area_code")
    called_off = books.by(CalledOff, "area_code")
    first = month.replace(day=1)
    for group in books.table(HobbyGrid):
        said = [s for code in books.followers(group.area_code) for s in schedules.get(code, ())]
        due = off = kept = 0
        for day in (first + timedelta(days=n) for n in range(31 if said else 0)):
            if not (in_month(day, month) and day < books.until and in_force(group, day)):
                continue
            starts: set[time] = {s.start_time for s in said if _meets(s, day)}
            called = {
                row.start_time
                for row in called_off.get(group.area_code, ())
                if row.held_on == day and row.withdrawn_at is None
            }
            held = [
                s
                for s in sessions.get(group.area_code, ())
                if s.held_on == day and s.withdrawn_at is None
            ]
            due += len(starts)
            off += len(starts & called)
            kept += min(len(starts - called), len(held))
        yield group.area_code, due, off, kept


def expected_meetings(books: Books, day: date) -> Iterable[Row]:
    return [Row(code, due) for code, due, _off, _kept in _told(books, day)]


def called_off_meetings(books: Books, day: date) -> Iterable[Row]:
    return [Row(code, off) for code, _due, off, _kept in _told(books, day)]


def kept_meetings(books: Books, day: date) -> Iterable[Row]:
    return [Row(code, kept) for code, _due, _off, kept in _told(books, day)]


def scheduled_hobby_grids(books: Books, day: date) -> Iterable[Row]:
    return [Row(code) for code, due, _off, _kept in _told(books, day) if due]


def recorded_hobby_grids(books: Books, day: date) -> Iterable[Row]:
    return [Row(code) for code, due, off, kept in _told(books, day) if due and due == off + kept]


ACTIVITY: dict[str, Count] = {
    "active_grids": active(Grid, 15),
    "active_hobby_grids": active(HobbyGrid, 17),
    "sessions": of_the_month(Session),
    "participants": of_the_month(Session, participants),
    "participant_minutes": of_the_month(Session, lambda row: row.participants * row.minutes),
    "expected_meetings": expected_meetings,
    "kept_meetings": kept_meetings,
    "called_off_meetings": called_off_meetings,
    "scheduled_hobby_grids": scheduled_hobby_grids,
    "recorded_hobby_grids": recorded_hobby_grids,
    "lectures": of_the_month(Lecture),
    "listeners": of_the_month(Lecture, participants),
    "events": of_the_month(Event),
    "event_participants": of_the_month(Event, participants),
    "regular_participants": slot("regular_participants"),
    "fitness_tests": slot("fitness_tests"),
    "prescriptions": slot("prescriptions"),
    "home_visits": slot("home_visits"),
    "notices": slot("notices"),
    "reports_closed": slot("reports_closed"),
}
