"""Random histories of a small city, acted through the same writing as everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from activities.models import CalledOff, Event, Lecture, Reason, Schedule, Session
from grids.models import (
    Appointment,
    Division,
    Grid,
    GridKind,
    HobbyGrid,
    Organisation,
    ResidentCount,
    Role,
    RuleValue,
)
from grids.places import settle
from grids.writing import keep
from instructors.models import Certificate, Instructor, Registration, Service
from jiaozuo_grid.reach import SYSTEM
from stations.models import OpeningHours, Station, StationPost
from stations.rules import PEOPLE
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    instructor,
    person,
    sport,
    station,
    user,
)

LAST = date(2026, 11, 20)
VILLAGES = (VILLAGE, COMMUNITY, OTHER_VILLAGE)
GRIDS = (GRID, OTHER_GRID)
HOBBY_GRIDS = (HOBBY_GRID, OTHER_HOBBY_GRID)
# About 300 m apart, so that villages and stations lie in and out of both distances.
POINTS = [(113.0 + n * 0.0035, 35.1) for n in range(6)]


class History:
    """A series of changes, late and backdated ones among them."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.writer = user()
        # The people who hold posts here, so that some hold several.
        self.people = [person() for _n in range(3)]
        self.changes: tuple[Callable[[], None], ...] = (
            *[self.log] * 4,
            self.withdraw, self.correct, self.lead, self.staff, self.count, self.end,
            self.lecture, self.event, self.schedule, self.call_off, self.size, self.sport,
            self.instruct, self.certify, self.revoke, self.register, self.serve, self.move,
            self.open, self.close, self.point, self.furnish, self.post, self.hours, self.rule,
            self.organise,
        )  # fmt: skip

    def step(self) -> None:
        """One change, chosen by chance."""
        self.rng.choice(self.changes)()

    def day(self) -> date:
        return LAST - timedelta(days=self.rng.randrange(300))

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    # --- what happens

    def log(self) -> None:
        led = [None, *Instructor.objects.order_by("pk").values_list("person", flat=True)]
        session = Session(
            id=self._id(),
            area_code=self.rng.choice(HOBBY_GRIDS),
            held_on=self.day(),
            start_time=time(self.rng.randrange(24)),
            minutes=self.rng.choice((30, 60)),
            participants=self.rng.randrange(1, 40),
            logged_by=self.writer,
            led_by_id=self.rng.choice(led),
        )
        keep(SYSTEM, session, "log")

    def withdraw(self) -> None:
        session = Session.objects.standing().order_by("id").first()
        if session is not None:
            session.withdrawn_at = f"{LAST}T12:00:00+08:00"
            keep(SYSTEM, session, "withdraw")

    def correct(self) -> None:
        """Another day, another hobby grid, another leader."""
        session = Session.objects.standing().order_by("-id").first()
        if session is not None:
            session.held_on = self.day()
            session.area_code = self.rng.choice(HOBBY_GRIDS)
            session.participants += 1
            session.led_by = self.rng.choice([None, *self.people])
            keep(SYSTEM, session, "correct")

    def lecture(self) -> None:
        self._gathering(Lecture(topic="健步走", area_code=self.rng.choice((VILLAGE, TOWNSHIP))))

    def event(self) -> None:
        self._gathering(
            Event(title="比赛", event_kind="contest", area_code=self.rng.choice((GRID, COUNTY)))
        )

    def _gathering(self, row: Lecture | Event) -> None:
        stored = type(row)._default_manager.filter(withdrawn_at=None).order_by("id").first()
        if stored is not None and self.rng.random() < 0.3:
            stored.withdrawn_at = f"{LAST}T12:00:00+08:00"
            keep(SYSTEM, stored, "withdraw")
            return
        row.id, row.held_on, row.start_time = self._id(), self.day(), time(9)
        row.minutes, row.participants = 60, self.rng.randrange(1, 90)
        row.logged_by = self.writer
        keep(SYSTEM, row, "log")

    # --- schedules

    def schedule(self) -> None:
        code = self.rng.choice(HOBBY_GRIDS)
        stored = Schedule.objects.filter(area_code=code, ended_on=None).order_by("pk").first()
        if stored is not None and self.rng.random() < 0.5:
            stored.ended_on = max(stored.started_on, self.day())
            keep(SYSTEM, stored, "end schedule")
            return
        season = self.rng.choice((("", ""), ("05-01", "09-30"), ("11-01", "03-31")))
        row = Schedule(
            area_code=code,
            weekdays=self.rng.choice(("135", "24", "67", "1234567")),
            start_time=time(self.rng.choice((7, 19))),
            minutes=60,
            season_from=season[0],
            season_until=season[1],
            holidays=self.rng.choice(("meets", "off", "workdays")),
            started_on=self.day(),
        )
        keep(SYSTEM, row, "set schedule")

    def call_off(self) -> None:
        off = CalledOff.objects.standing().order_by("id").first()
        if off is not None and self.rng.random() < 0.3:
            off.withdrawn_at = f"{LAST}T12:00:00+08:00"
            keep(SYSTEM, off, "hold after all")
            return
        told = {
            "area_code": self.rng.choice(HOBBY_GRIDS),
            "held_on": self.day(),
            "start_time": time(self.rng.choice((7, 19))),
        }
        if not CalledOff.objects.standing().filter(**told).exists():
            row = CalledOff(id=self._id(), reason=Reason.WEATHER, logged_by=self.writer, **told)
            keep(SYSTEM, row, "call off")

    # --- what stands

    def lead(self) -> None:
        self._post(Role.GRID_LEADER, self.rng.choice(GRIDS))

    def staff(self) -> None:
        self._post(Role.GRID_MEMBER, self.rng.choice(HOBBY_GRIDS))

    def _post(self, role: str, code: str) -> None:
        """Appoint somebody, or end the appointment in force, on any day since."""
        post = Appointment.objects.filter(role=role, area_code=code, ended_on=None).first()
        if post is None:
            who = self.rng.choice(self.people)
            post = Appointment(person=who, role=role, area_code=code, started_on=self.day())
        else:
            post.ended_on = max(post.started_on, self.day())
        keep(SYSTEM, post, "post")

    def count(self) -> None:
        """Give a village's residents, or end the count in force."""
        code = self.rng.choice(VILLAGES)
        stored = ResidentCount.objects.filter(area_code=code, ended_on=None).first()
        if stored is None:
            stored = ResidentCount(
                area_code=code,
                started_on=self.day(),
                population=self.rng.choice((None, self.rng.randrange(900))),
                households=self.rng.choice((None, self.rng.randrange(2000))),
                villager_groups=self.rng.choice((None, 3)),
            )
        else:
            stored.ended_on = max(stored.started_on, self.day())
        keep(SYSTEM, stored, "count")

    def end(self) -> None:
        """End a grid or a hobby grid, or take its end back."""
        row: Grid | HobbyGrid = (
            Grid.objects.get(area_code=self.rng.choice(GRIDS))
            if self.rng.random() < 0.5
            else HobbyGrid.objects.get(area_code=self.rng.choice(HOBBY_GRIDS))
        )
        row.ended_on = None if row.ended_on else self.day()
        keep(SYSTEM, row, "end")

    def size(self) -> None:
        grid = Grid.objects.get(area_code=self.rng.choice(GRIDS))
        grid.kind = self.rng.choice((GridKind.URBAN, GridKind.RURAL))
        grid.households = self.rng.choice((None, 299, 300, 500, 501))
        keep(SYSTEM, grid, "edit")

    def sport(self) -> None:
        group = HobbyGrid.objects.get(area_code=self.rng.choice(HOBBY_GRIDS))
        group.sport = self.rng.choice((sport(), sport("walking", "健步走", "brisk walking")))
        keep(SYSTEM, group, "edit")

    def organise(self) -> None:
        """Found an organisation of any level, or end it, or take its end back."""
        code = self.rng.choice((CITY, COUNTY, TOWNSHIP, *VILLAGES))
        row = Organisation.objects.filter(area_code=code).first()
        if row is None:
            row = Organisation(
                area_code=code,
                name=f"体育组织{code}",
                kind="village" if code in VILLAGES else "federation",
                started_on=self.day(),
            )
        else:
            row.ended_on = None if row.ended_on else max(row.started_on, self.day())
        keep(SYSTEM, row, "found organisation")

    # --- instructors

    def _instructor(self) -> Instructor | None:
        rows = list(Instructor.objects.order_by("pk"))
        return self.rng.choice(rows) if rows else None

    def instruct(self) -> None:
        free = [who for who in self.people if not Instructor.objects.filter(person=who).exists()]
        if free:
            instructor(self.rng.choice(VILLAGES), free[0], started_on=self.day())
            row = Instructor.objects.get(person=free[0])
        else:
            row = self.rng.choice(list(Instructor.objects.order_by("pk")))
            row.ended_on = None if row.ended_on else max(row.started_on, self.day())
        keep(SYSTEM, row, "edit")
        settle(SYSTEM, [row])

    def move(self) -> None:
        row = self._instructor()
        if row is not None and row.ended_on is None:
            row.area_code = self.rng.choice(VILLAGES)
            keep(SYSTEM, row, "move")
            settle(SYSTEM, [row], on=self.day())

    def certify(self) -> None:
        row = self._instructor()
        if row is not None:
            number = f"N{self.rng.getrandbits(60)}"
            certificate = Certificate(
                instructor=row,
                area_code=row.area_code,
                instructor_level=self.rng.randrange(4),
                number=number,
                granted_on=self.day(),
            )
            keep(SYSTEM, certificate, "grant certificate")

    def revoke(self) -> None:
        row = Certificate.objects.filter(revoked_on=None).order_by("number").first()
        if row is not None:
            row.revoked_on = max(row.granted_on, self.day())
            keep(SYSTEM, row, "revoke certificate")

    def register(self) -> None:
        row, day = self._instructor(), self.day()
        if row is not None and not row.registrations.filter(year=day.year).exists():
            entry = Registration(
                instructor=row, area_code=row.area_code, year=day.year, registered_on=day
            )
            keep(SYSTEM, entry, "register")

    def serve(self) -> None:
        stored = Service.objects.standing().order_by("pk").first()
        if stored is not None and self.rng.random() < 0.3:
            stored.withdrawn_on = LAST
            keep(SYSTEM, stored, "withdraw service")
            return
        row = self._instructor()
        if row is not None:
            service = Service(
                instructor=row,
                area_code=row.area_code,
                held_on=self.day(),
                minutes=60,
                note="教学",
                evidence="签字",
            )
            keep(SYSTEM, service, "enter service")

    # --- stations

    def _station(self) -> Station | None:
        rows = list(Station.objects.order_by("pk"))
        return self.rng.choice(rows) if rows else None

    def open(self) -> None:
        if Station.objects.count() < 4:
            row = station(
                self.rng.choice(VILLAGES), f"站{self.rng.random()}", started_on=self.day()
            )
            keep(SYSTEM, row, "open")
            settle(SYSTEM, [row])

    def close(self) -> None:
        """Close a station, or move it to another village."""
        row = self._station()
        if row is None:
            return
        if row.ended_on is None and self.rng.random() < 0.5:
            row.area_code = self.rng.choice(VILLAGES)
        else:
            row.ended_on = None if row.ended_on else max(row.started_on, self.day())
        keep(SYSTEM, row, "edit")
        settle(SYSTEM, [row], on=self.day())

    def point(self) -> None:
        """Where a village or a station is becomes known, or otherwise, or unknown."""
        row = self.rng.choice((*Division.objects.filter(area_code__in=VILLAGES), self._station()))
        if row is not None:
            row.longitude, row.latitude = self.rng.choice((*POINTS, (None, None)))
            keep(SYSTEM, row, "edit")

    def furnish(self) -> None:
        row = self._station()
        if row is not None:
            row.square_metres = self.rng.choice((None, 200, 500))
            row.usual_people = self.rng.choice((None, 29, 30, 60))
            keep(SYSTEM, row, "edit")

    def post(self) -> None:
        row = self._station()
        if row is not None:
            who = self.rng.choice(self.people)
            held = row.posts.filter(person=who, station_role="instructor", ended_on=None).first()
            if held is None:
                held = StationPost(
                    station=row,
                    area_code=row.area_code,
                    person=who,
                    station_role="instructor",
                    started_on=self.day(),
                )
            else:
                held.ended_on = max(held.started_on, self.day())
            keep(SYSTEM, held, "post")

    def hours(self) -> None:
        row = self._station()
        if row is not None:
            hours = OpeningHours(
                station=row,
                area_code=row.area_code,
                weekdays="1234567",
                opens_at=time(8),
                closes_at=time(self.rng.choice((9, 10))),
                guided=self.rng.random() < 0.8,
                started_on=self.day(),
            )
            keep(SYSTEM, hours, "set opening hours")

    def rule(self) -> None:
        stored = RuleValue.objects.filter(key=PEOPLE, ended_on=None).first()
        day = self.day()
        if stored is not None:
            stored.ended_on = max(stored.started_on, day)
            keep(SYSTEM, stored, "set rule")
        elif not RuleValue.objects.filter(key=PEOPLE, ended_on__gt=day).exists():
            value = self.rng.choice((20, 40))
            row = RuleValue(area_code=CITY, key=PEOPLE, value=value, started_on=day)
            keep(SYSTEM, row, "set rule")
