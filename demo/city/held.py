"""Sessions: two years of evenings and mornings, with seasons, weekdays and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.models import Session, SessionRevision
from demo.city.groups import Group
from demo.city.storing import store

# How much is going on in each month of the year, of the best.
SEASON = (0.35, 0.3, 0.6, 0.8, 0.95, 1.0, 0.95, 0.95, 1.0, 0.9, 0.7, 0.5)
# Spring Festival weeks, when nearly nothing is held (lunar new year's days of the years shown).
NEW_YEARS = (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6))
BETWEEN = 0.62  # the share of drawn days that the seasons leave, on average


def _lull(day: date) -> bool:
    return any(timedelta(-4) <= day - festival <= timedelta(8) for festival in NEW_YEARS)


def _days(group: Group, rng: Random, last: date, target: float) -> list[date]:
    """The days on which a hobby grid met: on its usual weekdays, thinned by season."""
    begin = group.row.started_on
    end = min(day for day in (last, group.row.ended_on, group.silent_from) if day is not None)
    span = (end - begin).days
    if span <= 0 or not group.pace:
        return []
    wanted = target * group.pace * span / 7
    found: set[date] = set()
    for _n in range(round(wanted / BETWEEN) + (rng.random() < 0.5)):
        day = begin + timedelta(days=rng.randrange(span))
        if str(day.isoweekday()) not in group.row.usual_days:
            continue
        if rng.random() < SEASON[day.month - 1] and not _lull(day):
            found.add(day)
    return sorted(found)


def sessions_of(group: Group, rng: Random, last: date, target: float) -> Iterator[Session]:
    """The sessions of one hobby grid, in order; never two in a day, so none overlap."""
    row, writer = group.row, group.writer
    if writer is None or row.usual_start is None:
        return
    for day in _days(group, rng, last, target):
        crowd = rng.gauss(group.crowd, group.crowd * 0.2) * (0.6 + 0.4 * SEASON[day.month - 1])
        minutes = max(20, (row.usual_minutes or 60) + rng.choice((-15, 0, 0, 0, 10, 30)))
        minute = row.usual_start.hour * 60 + row.usual_start.minute + rng.choice((-10, 0, 0, 5))
        start = clock(minute // 60, minute % 60)
        begun = timezone.make_aware(datetime.combine(day, start))
        late = timedelta(minutes=minutes + rng.randrange(5, 90))
        yield Session(
            id=UUID(int=rng.getrandbits(128), version=4),
            area_code=row.area_code,
            held_on=day,
            start_time=start,
            minutes=minutes,
            participants=max(2, min(round(crowd), group.population)),
            place=row.usual_place,
            led_by=group.runner,
            logged_by=writer,
            logged_at=begun + late,
            withdrawn_at=begun + late + timedelta(hours=20) if rng.random() < 0.004 else None,
        )


class Held:
    """All sessions of the city; remembers some to correct once they are stored."""

    def __init__(self, groups: list[Group], rng: Random, today: date, sessions: int) -> None:
        self.groups, self.rng = groups, rng
        # Yesterday is the last full day, whatever the hour at which the city is seeded.
        self.last = today
        weeks = sum(
            group.pace * max(0, (today - group.row.started_on).days) / 7
            for group in groups
            if group.writer
        )
        # On each drawn day about half of the weekdays are usual ones.
        self.target = sessions / max(weeks, 1) * 2.3
        self.count = 0
        self.revisions: list[dict[str, Any]] = []

    def write(self) -> int:
        store(Session, self._all())
        store(SessionRevision, [SessionRevision(**values) for values in self.revisions])
        return self.count

    def _all(self) -> Iterator[Session]:
        for group in self.groups:
            for session in sessions_of(group, self.rng, self.last, self.target):
                self.count += 1
                if session.withdrawn_at is not None:
                    self._revise(session, "写错了网格", session.withdrawn_at)
                elif self.rng.random() < 0.006:
                    self._revise(session, "人数写错了", session.logged_at + timedelta(hours=1))
                yield session

    def _revise(self, session: Session, reason: str, at: datetime) -> None:
        said = max(1, session.participants + self.rng.choice((-8, -3, 5, 10)))
        self.revisions.append(
            {
                "session_id": session.pk,
                "version": 1,
                "values": {
                    "area_code": session.area_code,
                    "held_on": session.held_on.isoformat(),
                    "start_time": session.start_time.isoformat(),
                    "minutes": session.minutes,
                    "participants": said,
                    "place": session.place,
                    "led_by_id": session.led_by_id,
                    "note": "",
                },
                "changed_by_id": session.logged_by_id,
                "changed_at": at,
                "reason": reason,
            }
        )
        session.version = 2
