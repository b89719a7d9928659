"""Stations of a village with their whole book: people, hours, equipment, inspections, repairs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import takewhile
from random import Random
from typing import Any

from accounts.models import Person, User
from demo.city import words
from demo.city.book import Book, moment
from demo.city.chance import dice
from demo.city.grids import Staff
from demo.city.ground import Village
from grids.models import Appointment, Role, Sport
from instructors.models import Instructor
from jiaozuo_grid.area import Level
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    RepairState,
    Station,
    StationKind,
    StationPlace,
    StationPost,
    StationRole,
)
from stations.rules import INSPECTION_DAYS, REPAIR_DAYS

# 2,050 stations for 3.52 million people.
STATIONS_PER_PERSON = 2_050 / 3_520_000
# What the rules say unless the bureau says otherwise (stations/rules.py).
DAYS = {INSPECTION_DAYS: 90, REPAIR_DAYS: 15}

# Kinds of equipment, and whether they stand outdoors.
_MACHINES = [
    "漫步机",
    "扭腰器",
    "健骑机",
    "单杠",
    "双杠",
    "上肢牵引器",
    "太极推手器",
    "腹肌板",
    "蹬力器",
    "肩关节康复器",
    "椭圆机",
    "压腿架",
    "腰背按摩器",
]
_COURTS = ["乒乓球台", "篮球架", "羽毛球网柱", "棋牌桌"]
_FAULTS = [
    "踏板松动",
    "螺丝脱落",
    "扶手生锈",
    "坐垫破损",
    "立柱晃动",
    "油漆剥落",
    "轴承异响",
    "地面塌陷",
    "护栏断裂",
    "灯不亮",
    "标牌掉落",
    "网破了",
]
_DONE = ["换了螺丝", "已加固", "已更换零件", "重新刷漆", "厂家上门修好", "地面已补平"]
_REJECTED = ["现场看过，没有坏", "重复报修", "不属于本站点"]
_STREETS = ["文化路", "人民路", "健康街", "幸福巷", "中心街", "学府路", "滨河路", "建设街"]


@dataclass
class Stations:
    """Opens the stations of one village after the other."""

    book: Book
    sports: list[Sport]
    seed: int
    today: date
    _officers: dict[str, list[tuple[Person, Appointment]]] = field(default_factory=dict)

    def enter_county(self) -> None:
        """Know the township officers of the county whose posts were filled just now."""
        found: dict[str, list[tuple[Person, Appointment]]] = defaultdict(list)
        for post in self.book.waiting(Appointment):
            if post.role == Role.TOWNSHIP_OFFICER:
                found[post.area_code].append((post.person, post))
        self._officers = found

    def open_in_village(self, village: Village, staff: Staff) -> None:
        rng = dice(self.seed, "stations", village.code)
        usual = village.population * STATIONS_PER_PERSON
        count = int(usual) + (rng.random() < usual % 1)
        # By no means every village has one, and some have two.
        count = max(0, count + rng.choice((-1, 0, 0, 0, 1))) if count else count
        if village.showcase:
            count = max(1, count)
        teachers = self._teachers(village)
        for number, place in enumerate(rng.sample(words.OUTDOORS + words.INDOORS, min(count, 8))):
            station = self._station(village, place, rng)
            own = dice(self.seed, "station", village.code, str(number))
            _StationBook(self, village, staff, station, own).fill(teachers, place)

    def _station(self, village: Village, place: str, rng: Random) -> Station:
        point = rng.random() < 0.6
        begun = self.today - timedelta(days=rng.randint(15, 3600))
        left = self.today - timedelta(days=rng.randint(1, 400)) if rng.random() < 0.02 else None
        ended = village.ended_on or left
        longitude, latitude = village.spot(rng)
        lasts: dict[str, Any] = {
            "area_code": village.code,
            "started_on": begun,
            "ended_on": ended if ended is not None and ended > begun else None,
        }
        kind = StationKind.EXERCISE_POINT if point else StationKind.STATION
        station = Station(
            name=f"{village.name}{place}{'晨晚练点' if point else '健身站点'}",
            kind=kind,
            longitude=longitude,
            latitude=latitude,
            **lasts,
        )
        # Its secret is chance of its own kind: the same city has the same addresses.
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        secret = dice(self.seed, "token", village.code, place)
        station.token = "".join(secret.choice(letters) for _n in range(10))
        self.book.add(station)
        self.book.add(StationPlace(station=station, **lasts))
        return station

    def _teachers(self, village: Village) -> list[Instructor]:
        """The village's instructors in office, who were entered just before its stations."""
        rows = reversed(self.book.waiting(Instructor))
        own = takewhile(lambda row: row.area_code == village.code, rows)
        return [row for row in own if row.ended_on is None][::-1]

    def officer(self, code: str, day: date) -> User | None:
        """Who looked after the township's stations on a day."""
        for person, post in self._officers.get(code[: Level.TOWNSHIP], []):
            if post.in_force(day):
                return self.book.user(person, post.started_on)
        return None


class _StationBook:
    """Writes the book of one station; some books are thin."""

    def __init__(
        self, city: Stations, village: Village, staff: Staff, station: Station, rng: Random
    ) -> None:
        self.city, self.village, self.staff, self.station = city, village, staff, station
        self.rng, self.book, self.today = rng, city.book, city.today
        self.shown = village.showcase
        # A well kept book, a usual one, or hardly any.
        self.care = 1.0 if self.shown else rng.choices((0.985, 0.88, 0.45), (60, 30, 10))[0]
        self.lasts: dict[str, Any] = {
            "station": station,
            "area_code": station.area_code,
            "ended_on": station.ended_on,
        }

    def fill(self, teachers: list[Instructor], place: str) -> None:
        holder = self._people(teachers)
        self._facts(place)
        self._hours()
        equipment = self._equipment()
        self._inspections(equipment, holder)

    def _known(self, share: float = 1.0) -> bool:
        return self.rng.random() < self.care * share

    def _facts(self, place: str) -> None:
        rng, station = self.rng, self.station
        indoors = place in words.INDOORS
        if self._known():
            station.square_metres = rng.choice((80, 120, 160, 200, 260, 300, 450, 600, 900, 1500))
            station.square_metres //= 2 if indoors else 1
        if self._known():
            station.lighted = indoors or rng.random() < 0.7
        if self._known(0.95):
            station.usual_people = max(8, round(rng.gauss(46, 13)))
        if self._known(0.85):
            station.address = f"{rng.choice(_STREETS)}{rng.randint(1, 160)}号"
        offered = [
            row
            for row, kind in zip(self.city.sports, words.SPORTS, strict=True)
            if kind.indoors == indoors or kind.code == "square-dance"
        ]
        for sport in sorted(rng.sample(offered, rng.randint(1, 4)), key=lambda row: row.pk):
            self.book.add(Station.sports.through(station_id=station.pk, sport_id=sport.pk))

    def _people(self, teachers: list[Instructor]) -> int | None:
        """Post whom the village has; returns who is responsible."""
        rng, station = self.rng, self.station
        holder: int | None = None
        if self._known(0.97):
            local = [*self.staff.members, *self.staff.leaders]
            holder = rng.choice(local).pk if local else None
            if holder is None and teachers:
                holder = rng.choice(teachers).person_id
            if holder is None:
                holder = self.book.person(self.village.code, rng).pk
            self._post(holder, StationRole.RESPONSIBLE, station.started_on)
        wanted = rng.choices((0, 1, 2, 3), (3, 10, 62, 25))[0]
        if self.shown:
            wanted = max(2, wanted)
        for row in rng.sample(teachers, min(wanted, len(teachers))):
            self._post(row.person_id, StationRole.INSTRUCTOR, row.started_on)
        return holder

    def _post(self, person_id: int, role: StationRole, since: date) -> None:
        begun = max(since, self.station.started_on)
        if self.station.ended_on is not None and begun >= self.station.ended_on:
            return
        self.book.add(
            StationPost(person_id=person_id, station_role=role, started_on=begun, **self.lasts)
        )

    def _hours(self) -> None:
        if not self._known(0.92):
            return
        rng = self.rng
        opens, closes = rng.choice((5, 6, 6, 7)), rng.choice((20, 21, 21, 22))
        self._open("1234567", time(opens), time(closes), guided=False)
        morning = self.station.kind == StationKind.EXERCISE_POINT and rng.random() < 0.6
        start = time(6, 30) if morning and opens < 7 else time(19)
        minutes = rng.choice((60, 90, 90, 90, 120, 120))
        ends = start.hour * 60 + start.minute + minutes
        days = rng.choice(("1234567", "1234567", "1234567", "123456", "12345", "1357"))
        if rng.random() < 0.94:
            end = min(ends, closes * 60)
            self._open(days, start, time(end // 60, end % 60), guided=True)

    def _open(self, weekdays: str, opens_at: time, closes_at: time, *, guided: bool) -> None:
        self.book.add(
            OpeningHours(
                weekdays=weekdays,
                opens_at=opens_at,
                closes_at=closes_at,
                guided=guided,
                started_on=self.station.started_on,
                **self.lasts,
            )
        )

    def _equipment(self) -> list[Equipment]:
        rng, station = self.rng, self.station
        most = 3 if station.kind == StationKind.EXERCISE_POINT else 8
        names = rng.sample(_MACHINES, rng.randint(most // 3, most)) + rng.sample(
            _COURTS, rng.randint(0, 2)
        )
        # Most came together; some replaced what was worn out.
        first = station.started_on - timedelta(days=rng.randint(0, 900))
        rows = []
        for name in names:
            installed = first
            if rng.random() < 0.35:
                installed += timedelta(days=rng.randint(0, max(1, (self.today - first).days - 5)))
            rows.append(
                self.book.add(
                    Equipment(
                        name=name,
                        quantity=rng.choice((1, 1, 1, 2, 2, 3)),
                        installed_on=installed if self._known(0.95) else None,
                        life_years=rng.choice((None, None, None, 8, 10, 6)),
                        started_on=self._begin(installed),
                        **self.lasts,
                    )
                )
            )
        return rows

    def _begin(self, installed: date) -> date:
        begun = max(installed, self.station.started_on)
        return begun if self.station.ended_on is None else min(begun, self.station.ended_on)

    # --- upkeep ---

    def _inspections(self, equipment: list[Equipment], holder: int | None) -> None:
        """Backwards from the last one; who keeps no book inspects seldom."""
        rng = self.rng
        last = self.station.ended_on or self.today
        every = DAYS[INSPECTION_DAYS] * (0.7 if self.care > 0.9 else 1.0)
        late = 1.0 if self.care > 0.9 or rng.random() < 0.6 else 2.2
        day = last - timedelta(days=rng.randint(1, round(every * late)))
        found: list[tuple[date, User]] = []
        while day > max(self.station.started_on, last - timedelta(days=760)) and len(found) < 7:
            if (officer := self.city.officer(self.station.area_code, day)) is not None:
                found.append((day, officer))
            day -= timedelta(days=round(every * rng.uniform(0.75, 1.25)))
        for day, officer in reversed(found):
            self._inspection(day, officer, equipment, holder)

    def _inspection(
        self, day: date, officer: User, equipment: list[Equipment], holder: int | None
    ) -> None:
        rng = self.rng
        faulty = rng.random() < 0.22
        inspection = self.book.add(
            Inspection(
                station=self.station,
                area_code=self.station.area_code,
                inspected_on=day,
                in_order=not faulty,
                inspected_by=officer,
            )
        )
        if not faulty:
            return
        there = [row for row in equipment if row.in_force(day)]
        for fault in rng.sample(_FAULTS, rng.choice((1, 1, 1, 2))):
            at = rng.choice(there) if there and rng.random() < 0.8 else None
            self._repair(fault, at, inspection, officer, holder)

    def _repair(
        self,
        fault: str,
        equipment: Equipment | None,
        inspection: Inspection,
        officer: User,
        holder: int | None,
    ) -> None:
        rng, day = self.rng, inspection.inspected_on
        state, closed, outcome = RepairState.REPORTED, None, ""
        took = timedelta(days=rng.randint(1, 24))
        if day + took < self.today and rng.random() < (0.97 if self.care > 0.5 else 0.8):
            state, closed, outcome = RepairState.DONE, day + took, rng.choice(_DONE)
            if rng.random() < 0.06:
                state, outcome = RepairState.REJECTED, rng.choice(_REJECTED)
        elif rng.random() < 0.5:
            state = RepairState.ACCEPTED
        self.book.add(
            Repair(
                station=self.station,
                area_code=self.station.area_code,
                equipment=equipment,
                inspection=inspection,
                description=fault,
                state=state,
                reported_at=moment(day, 9 * 60 + rng.randint(0, 400)),
                reported_by=officer,
                due_on=day + timedelta(days=DAYS[REPAIR_DAYS]),
                holder_id=holder,
                done_on=closed,
                outcome=outcome,
            )
        )
