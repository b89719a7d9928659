"""Lectures and events of the last year, and the few who checked in lately; from what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from activities.models import CheckIn, Event, EventKind, Lecture, Session
from demo.city import words
from demo.city.book import moment
from demo.city.chance import dice
from grids.models import Appointment, HobbyGrid, Role

YEAR = 360
# The part of the leaders, and of the township officers, who held one in the year.
OF_LEADERS, OF_OFFICERS = 0.06, 0.75
CHECKED_IN_DAYS = 10
_TOPICS = (
    "科学健身与慢病预防",
    "广场舞护膝要点",
    "太极拳入门",
    "老年人防跌倒",
    "青少年体态矫正",
    "运动损伤的处理",
)
_EVENTS = (
    ("全民健身日健步走", EventKind.WALK, 7),
    ("广场舞展演", EventKind.SHOW, 12),
    ("乒乓球友谊赛", EventKind.CONTEST, 20),
    ("村民趣味运动会", EventKind.SPORTS_DAY, 15),
    ("太极拳比赛", EventKind.CONTEST, 10),
)


class Gatherings:
    """What leaders and officers wrote down of lectures and events in their time in office.

    A post lasts no longer than its area, so nothing stands where there was nothing that day.
    """

    def __init__(self, seed: int, today: date) -> None:
        self.seed, self.today = seed, today
        self.midnight = moment(today)
        self.counts = {"lecture": 0, "event": 0, "checkin": 0}

    def lectures(self) -> Iterator[Lecture]:
        for held, rng in self._held("lectures", Lecture):
            held["minutes"] = rng.choice((60, 90, 90, 120))
            held["participants"] = rng.randint(18, 90)
            leader = held.pop("person_id")
            own = rng.random() < 0.4
            yield Lecture(
                topic=rng.choice(_TOPICS),
                speaker_id=leader if own else None,
                guest="" if own else words.person_name(rng),
                **held,
            )

    def events(self) -> Iterator[Event]:
        for held, rng in self._held("events", Event):
            held.pop("person_id")
            title, kind, most = rng.choice(_EVENTS)
            held["minutes"] = rng.choice((120, 150, 180, 240))
            held["participants"] = rng.randint(40, 40 + most * 20)
            yield Event(title=title, event_kind=kind, **held)

    def check_ins(self) -> Iterator[CheckIn]:
        """Some of those who came to the demo leaders' groups on the last days."""
        demo = Appointment.objects.filter(role=Role.GRID_LEADER, person__user__is_demo=True)
        keys = count(1)
        grids = demo.order_by("area_code").values_list("area_code", flat=True).distinct()
        for grid in grids:
            first = HobbyGrid.objects.within(grid).order_by("area_code").first()
            if first is None:
                continue
            since = self.today - timedelta(days=CHECKED_IN_DAYS)
            sessions = Session.objects.standing().filter(
                area_code=first.area_code, held_on__gte=since
            )
            for session in sessions.order_by("held_on", "start_time"):
                rng = dice(self.seed, "check-ins", str(session.pk))
                for _n in range(round(session.participants * rng.uniform(0.2, 0.5))):
                    self.counts["checkin"] += 1
                    yield CheckIn(
                        pk=next(keys),
                        area_code=session.area_code,
                        held_on=session.held_on,
                        at=session.started_at + timedelta(minutes=rng.randint(-10, 25)),
                        browser=f"{rng.getrandbits(128):032x}",
                    )

    def _held(self, what: str, model: Any) -> Iterator[tuple[dict[str, Any], Random]]:
        """What all gatherings of a kind have; at most one an appointment."""
        key = model._meta.model_name
        roles = {Role.GRID_LEADER: OF_LEADERS, Role.TOWNSHIP_OFFICER: OF_OFFICERS}
        posts = Appointment.objects.filter(role__in=roles, person__user__isnull=False)
        rows = posts.order_by("area_code", "pk").values_list(
            "area_code",
            "role",
            "person_id",
            "person__user",
            "started_on",
            "ended_on",
            "person__user__is_demo",
        )
        for code, role, person, user, started, ended, shown in rows.iterator(2000):
            rng = dice(self.seed, what, code, str(user))
            if rng.random() > roles[role] and not shown:
                continue
            first = max(started, self.today - timedelta(days=YEAR))
            days = ((ended or self.today) - first).days
            if days < 1:
                continue
            day = first + timedelta(days=rng.randrange(days))
            self.counts[key] += 1
            yield self._row(code, person, user, day, rng), rng

    def _row(self, code: str, person: int, user: int, day: date, rng: Random) -> dict[str, Any]:
        start = time(rng.choice((9, 9, 14, 15, 19)), rng.choice((0, 30)))
        begun = moment(day, start.hour * 60 + start.minute)
        logged: datetime = begun + timedelta(minutes=rng.randint(120, 900))
        return {
            "id": UUID(int=rng.getrandbits(128), version=4),
            "area_code": code,
            "held_on": day,
            "start_time": start,
            "place": rng.choice(("文化广场", "村委会会议室", "文体中心", "学校操场")),
            "logged_by_id": user,
            "logged_at": min(logged, self.midnight),
            "person_id": person,
        }
