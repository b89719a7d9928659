"""The books of the instructors: certificates, registrations, services, courses, promotions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from accounts.models import Person, User
from demo.city import words
from demo.city.book import Book, moment
from demo.city.chance import dice
from demo.city.officials import Officials
from demo.city.scales import beginning
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    Instructor,
    InstructorLevel,
    InstructorPlace,
    Promotion,
    PromotionState,
    Registration,
    Service,
    ServiceKind,
)
from jiaozuo_grid.area import Level

TAUGHT: Any = Instructor.sports.through
# Years from the third grade to each level, when nothing is lost on the way.
_YEARS = {3: 0, 2: 2, 1: 5, 0: 9}
_REGISTERED_YEARS = 6
_GIVEN_BY = {2: "焦作市体育局", 1: "河南省体育局", 0: "国家体育总局"}
_NOTES = {
    ServiceKind.GUIDANCE: ("教八段锦", "教太极拳二十四式", "指导广场舞队排练", "辅导健步走姿势"),
    ServiceKind.LECTURE: ("老年人科学健身讲座", "冬季锻炼注意事项", "颈肩腰腿保健课"),
    ServiceKind.VISIT: ("入户教居家锻炼", "看望行动不便的老人"),
    ServiceKind.EVENT: ("社区运动会裁判", "全民健身日展演", "迎新年健步走领队"),
}
_EVIDENCE = ("活动通知和签到表", "村委会证明", "现场照片三张", "社区工作日志")


@dataclass
class Entry:
    """An instructor on the way into the book, with what later steps ask about them."""

    instructor: Instructor
    granted: dict[int, Certificate] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    here: bool = True

    @property
    def level(self) -> int | None:
        return self.instructor.instructor_level


class Histories:
    """Writes the history of each instructor of a village, in the order in which they come."""

    def __init__(self, book: Book, village_code: str, seed: int, today: date) -> None:
        self.book, self.today = book, today
        self.rng = dice(seed, "books", village_code)
        self.county = village_code[: Level.COUNTY]

    def write(
        self, instructor: Instructor, place: InstructorPlace, who: Person, led: bool
    ) -> Entry:
        """``led`` says that they lead a group, so that their sessions speak for them."""
        rng, entry = self.rng, Entry(instructor)
        busy = led or rng.random() < 0.72
        if not led and instructor.ended_on is None:
            self._leave(entry, place, who)
        for level in range(3, (instructor.instructor_level or 0) - 1, -1):
            entry.granted[level] = self._certificate(entry, level)
        self._register(entry, 0.93 if busy else 0.6)
        self._teach(entry)
        if busy:
            self._serve(entry, rng.randint(0, 2) if led else rng.randint(1, 4))
        return entry

    def _leave(self, entry: Entry, place: InstructorPlace, who: Person) -> None:
        """Some died, some moved away; the books were not always told."""
        rng, instructor = self.rng, entry.instructor
        chance = rng.random()
        day = self.today - timedelta(days=rng.randint(15, 700))
        if chance > 0.026 or day <= instructor.started_on:
            return
        entry.here = False
        if chance < 0.012:
            who.died_on = day
        else:
            who.moved_away_on = day
        if rng.random() < 0.5:
            instructor.ended_on = place.ended_on = day

    def _certificate(self, entry: Entry, level: int) -> Certificate:
        """Granted after the years of the level, as far as there was time for it."""
        instructor = entry.instructor
        begun = instructor.started_on
        least = begun + timedelta(days=366 * _YEARS[level])
        if level < 3:
            least = max(least, entry.granted[level + 1].granted_on + timedelta(days=300))
        last = self.today - timedelta(days=3)
        room = max(0, (last - least).days // (level + 2))
        granted_on = (
            begun if level == 3 else min(last, least + timedelta(self.rng.randint(0, room)))
        )
        granted_on = max(granted_on, begun)
        return self.book.add(
            Certificate(
                instructor=instructor,
                area_code=instructor.area_code,
                instructor_level=level,
                number=f"{self.county}{granted_on.year}{3 - level + 1}{instructor.pk:06d}",
                granted_on=granted_on,
                granted_by=_GIVEN_BY.get(level, county_body(self.county)),
            )
        )

    def _register(self, entry: Entry, zeal: float) -> None:
        instructor = entry.instructor
        last = instructor.ended_on or self.today
        first = max(instructor.started_on.year, self.today.year - _REGISTERED_YEARS + 1)
        for year in range(first, last.year + 1):
            if self.rng.random() > zeal:
                continue
            day = date(year, 1, 5) + timedelta(days=self.rng.randint(0, 75))
            day = max(day, instructor.started_on)
            if day >= last:
                continue
            entry.years.add(year)
            self.book.add(
                Registration(
                    instructor=instructor,
                    area_code=instructor.area_code,
                    year=year,
                    registered_on=day,
                )
            )

    def _teach(self, entry: Entry) -> None:
        count = self.rng.choice((1, 1, 2, 2, 3))
        for sport in sorted(self.rng.sample(range(1, len(words.SPORTS) + 1), count)):
            self.book.add(TAUGHT(instructor_id=entry.instructor.pk, sport_id=sport))

    def _serve(self, entry: Entry, count: int) -> None:
        for _n in range(count):
            # More of them lately than long ago.
            ago = round(self.rng.uniform(1, 25) ** 2)
            add_service(self.book, entry.instructor, self.today - timedelta(days=ago), self.rng)


def county_body(county: str) -> str:
    names = {one.code: one.name for one in words.COUNTIES}
    return f"{names.get(county, '县级')}体育主管部门"


def add_service(book: Book, instructor: Instructor, day: date, rng: Random) -> None:
    """A service entered with its evidence, where the instructor was in force."""
    if day < instructor.started_on or (instructor.ended_on and day >= instructor.ended_on):
        return
    kind = rng.choices(list(_NOTES), (60, 18, 12, 10))[0]
    book.add(
        Service(
            instructor=instructor,
            area_code=instructor.area_code,
            kind=kind,
            held_on=day,
            minutes=rng.choice((45, 60, 60, 90, 120)),
            note=rng.choice(_NOTES[kind]),
            evidence=rng.choice(_EVIDENCE),
        )
    )


class Training:
    """The courses of a county, who went, and the promotions that came of them."""

    def __init__(
        self, book: Book, county: str, officials: Officials, seed: int, today: date
    ) -> None:
        self.book, self.county, self.today = book, county, today
        self.rng = dice(seed, "training", county)
        since = beginning(today)
        self.bureau: User = officials.bureau
        self.official: User = book.user(officials.official, since)
        officers = officials.officers
        self.officers = {code: book.user(person, since) for code, person in officers.items()}

    def hold(self, entries: list[Entry]) -> None:
        """Past courses for who holds the second grade, one for each level now."""
        standing = [e for e in entries if e.here and e.instructor.ended_on is None]
        for back in (2, 1):
            self._past_course(standing, self.today.year - back)
        self._class_for_second(standing)
        self._class_for_third(standing)

    def _course(self, name: str, level: int | None, last: date) -> Course:
        return self.book.add(
            Course(
                area_code=self.county,
                name=name,
                instructor_level=level,
                organiser=county_body(self.county),
                started_on=last - timedelta(days=4),
                ended_on=last,
                hours=self.rng.choice((24, 32, 40)),
            )
        )

    def _attend(self, course: Course, instructor: Instructor, passed: bool | None) -> None:
        self.book.add(
            Attendance(
                course=course,
                instructor=instructor,
                area_code=instructor.area_code,
                passed=passed,
            )
        )

    def _past_course(self, entries: list[Entry], year: int) -> None:
        went = [e for e in entries if 2 in e.granted and e.granted[2].granted_on.year == year]
        if not went:
            return
        first = min(entry.granted[2].granted_on for entry in went)
        course = self._course(f"{year} 年二级培训班", 2, max(first, date(year, 1, 8)))
        for entry in went[:60]:
            self._attend(course, entry.instructor, True)

    def _class_for_second(self, entries: list[Entry]) -> None:
        """Those who have served long enough; some are on the way already."""
        ready = [
            entry
            for entry in entries
            if entry.level == InstructorLevel.THIRD
            and entry.instructor.started_on <= self.today - timedelta(days=800)
            and len(entry.years) >= 3
        ]
        chosen = self.rng.sample(ready, min(24, len(ready)))
        if not chosen:
            return
        last = self.today - timedelta(days=self.rng.randint(30, 70))
        course = self._course(f"{last.year} 年二级培训班", 2, last)
        for n, entry in enumerate(chosen):
            self._attend(course, entry.instructor, n % 9 != 8)
            if n % 9 != 8 and n < 14:
                self._promote(entry, 2, course, n)

    def _class_for_third(self, entries: list[Entry]) -> None:
        """Candidates in training, who hold no certificate yet."""
        last = self.today - timedelta(days=self.rng.randint(20, 50))
        course = self._course(f"{last.year} 年三级培训班", 3, last)
        homes = [entry.instructor.area_code for entry in entries]
        for n in range(min(10, len(homes))):
            code = self.rng.choice(homes)
            person = self.book.person(code, self.rng)
            begun = self.today - timedelta(days=self.rng.randint(300, 360))
            candidate = self.book.add(
                Instructor(
                    person_id=person.pk, area_code=code, instructor_level=None, started_on=begun
                )
            )
            for _n in range(31 if n < 7 else self.rng.randint(5, 25)):
                day = self.today - timedelta(days=self.rng.randint(2, 290))
                add_service(self.book, candidate, day, self.rng)
            self._attend(course, candidate, None if n == 9 else n != 8)
            if n < 4:
                self._promote(Entry(candidate), 3, course, n)
        future = self.today + timedelta(days=self.rng.randint(15, 40))
        self._course("继续教育：慢性病人群运动指导", None, future)

    def _promote(self, entry: Entry, level: int, course: Course, n: int) -> None:
        """In turn: nominated, verified, nominated, refused, verified, withdrawn."""
        state = (
            PromotionState.NOMINATED,
            PromotionState.VERIFIED,
            PromotionState.NOMINATED,
            PromotionState.REFUSED,
            PromotionState.VERIFIED,
            PromotionState.WITHDRAWN,
        )[n % 6]
        nominated = course.ended_on + timedelta(days=self.rng.randint(2, 6))
        verified = state in (PromotionState.VERIFIED,)
        closed = state in (PromotionState.REFUSED, PromotionState.WITHDRAWN)
        code = entry.instructor.area_code
        town = self.officers.get(code[: Level.TOWNSHIP], self.bureau)
        self.book.add(
            Promotion(
                instructor=entry.instructor,
                area_code=code,
                to_level=level,
                state=state,
                course=course,
                nominated_by=town,
                nominated_at=moment(nominated, 10 * 60),
                verified_by=self.official if verified else None,
                verified_at=moment(nominated + timedelta(days=4), 15 * 60) if verified else None,
                decided_by=self.official if closed else None,
                decided_at=moment(nominated + timedelta(days=3), 11 * 60) if closed else None,
                reason={"refused": "服务记录不完整", "withdrawn": "本人申请推迟"}.get(state, ""),
            )
        )

    def approved(self, entries: list[Entry]) -> None:
        """The promotions behind the newest certificates of the second grade."""
        year_ago = self.today - timedelta(days=365)
        for entry in entries:
            certificate = entry.granted.get(2)
            if certificate is None or certificate.granted_on < year_ago:
                continue
            day = certificate.granted_on
            nominated = day - timedelta(days=self.rng.randint(12, 30))
            code = entry.instructor.area_code
            self.book.add(
                Promotion(
                    instructor=entry.instructor,
                    area_code=code,
                    to_level=2,
                    state=PromotionState.APPROVED,
                    nominated_by=self.officers.get(code[: Level.TOWNSHIP], self.bureau),
                    nominated_at=moment(nominated, 9 * 60),
                    verified_by=self.official,
                    verified_at=moment(nominated + timedelta(days=5), 16 * 60),
                    decided_by=self.bureau,
                    decided_at=moment(day, 10 * 60),
                    certificate=certificate,
                )
            )
