"""The "1" and the "N" of a village: grids and their leaders, hobby grids and their members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import NamedTuple

from accounts.models import Person
from demo.city import words
from demo.city.book import Book
from demo.city.chance import dice
from demo.city.county import Progress, progress_of
from demo.city.ground import Village
from demo.city.posts import Term, appoint, terms
from demo.city.scales import Scale, beginning
from demo.city.seasons import AFTERNOON, EVENING, MORNING, usual_start
from grids.models import Background, Grid, GridKind, HobbyGrid, Role, Sport

# One official of a village leads so many grids.
GRIDS_PER_LEADER = 3
_BACKGROUNDS = {
    Background.INSTRUCTOR: 28,
    Background.ENTHUSIAST: 47,
    Background.ASSOCIATION_HEAD: 12,
    Background.STATION_HEAD: 13,
}
_DAILY = ["1234567", "1234567", "123456", "12345", "135", "246"]
_GAMES = ["67", "6", "7", "37", "246", "135", "5"]


class Logger(NamedTuple):
    """Who may log for a hobby grid from ``start`` to ``end`` (ordinals)."""

    user: int
    person: int
    start: int
    end: int


@dataclass
class Habit:
    """What the sessions of a hobby grid are made from."""

    code: str
    start: int
    end: int
    weekdays: str
    indoors: bool
    usual_start: int
    minutes: int
    place: str
    members: int
    most: int
    # Sessions logged for one usual day; where not ``busy``, to be adjusted to the scale's target.
    rate: float
    busy: bool = False
    loggers: list[Logger] = field(default_factory=list)


@dataclass
class Staff:
    """Who serves in a village, for the demo accounts and the instructors' list."""

    leaders: list[Person] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    instructors: list[tuple[Person, date]] = field(default_factory=list)
    habits: list[Habit] = field(default_factory=list)


class Organiser:
    """Organises one village after the other."""

    def __init__(
        self,
        scale: Scale,
        seed: int,
        today: date,
        book: Book,
        sports: list[Sport],
        share: float,
    ) -> None:
        """``share`` (0 to 1) is the part of the villages that the programme can have reached."""
        self.scale, self.seed, self.today = scale, seed, today
        self.book, self.sports, self.share = book, sports, share
        self.first = beginning(today)

    def organise(self, village: Village) -> Staff:
        staff = Staff()
        progress = progress_of(village.code[:6])
        rng = dice(self.seed, "grids", village.code)
        reached = rng.random() < progress.villages * self.share**progress.late
        if village.showcase or (reached and village.ended_on is None):
            _VillageWork(self, village, progress, staff, rng).do()
        return staff


class _VillageWork:
    def __init__(
        self, city: Organiser, village: Village, progress: Progress, staff: Staff, rng: Random
    ) -> None:
        self.city, self.village, self.progress = city, village, progress
        self.staff, self.rng = staff, rng
        self.book, self.today = city.book, city.today
        self.shown = village.showcase
        # Some villages have grids on paper only.
        self.asleep = not self.shown and rng.random() < progress.silent / 3

    def do(self) -> None:
        start = self._start()
        # One page on the phone is enough to look around.
        each = 1 if self.shown else GRIDS_PER_LEADER
        leaders = self._officials(-(-self.village.required // each))
        for number, grid in enumerate(self._grids(start)):
            loggers = self._lead(grid, leaders[number // each % len(leaders)])
            home = Term(grid.started_on, grid.ended_on)
            for hobby_grid, sport in self._hobby_grids(grid.area_code, home, most=12):
                self._join(hobby_grid, sport, grid, loggers)
        if self.shown or self.rng.random() < 0.45:
            home = Term(min(start, self.today - timedelta(days=4)), None)
            for hobby_grid, sport in self._hobby_grids(self.village.code + "000", home, most=1):
                self._join(hobby_grid, sport, None, [])

    def _start(self) -> date:
        low, high = self.progress.window
        if self.shown:
            low, high = 0.0, 0.02
        days = (self.today - self.city.first).days
        return self.city.first + timedelta(days=round(days * self.rng.uniform(low, high)))

    def _officials(self, count: int) -> list[Person]:
        people = [self.book.person(self.village.code, self.rng) for _n in range(count)]
        self.staff.leaders += people
        return people

    # --- the "1" ---

    def _grids(self, start: date) -> Iterator[Grid]:
        rng, village = self.rng, self.village
        required = max(1, village.required)
        complete = 1.0 if self.shown else min(1.0, rng.gauss(self.progress.grids, 0.12))
        count = max(1, round(required * complete))
        for number in range(1, count + 1):
            later = rng.randint(20, 300) if rng.random() < 0.15 and not self.shown else 0
            begun = min(start + timedelta(days=later), self.today - timedelta(days=4))
            ended = self._end(begun, 0.012)
            grid = self._grid(number, required, begun, ended)
            yield self.book.add(grid)

    def _grid(self, number: int, required: int, begun: date, ended: date | None) -> Grid:
        rng, village = self.rng, self.village
        known = self.shown or rng.random() < 0.9
        share = rng.uniform(0.85, 1.15) / required
        return Grid(
            area_code=f"{village.code}{number:03d}",
            name=f"第{number}网格",
            kind=GridKind.URBAN if village.is_community else GridKind.RURAL,
            households=max(10, round(village.households * share)) if known else None,
            population=max(30, round(village.population * share)) if known else None,
            started_on=begun,
            ended_on=ended,
        )

    def _end(self, begun: date, share: float) -> date | None:
        """The day of the end of the few that ended; None for those that go on."""
        days = (self.today - begun).days
        if self.shown or self.rng.random() > share or days < 120:
            return None
        return begun + timedelta(days=self.rng.randint(60, days - 10))

    def _lead(self, grid: Grid, official: Person) -> list[Logger]:
        loggers = []
        person = official
        for number, term in enumerate(self._terms(grid, self.progress.led)):
            if number:
                person = self.book.person(self.village.code, self.rng)
            appoint(self.book, person, Role.GRID_LEADER, grid.area_code, term, Background.OFFICIAL)
            loggers.append(self._logger(person, term))
        return loggers

    def _terms(self, area: Grid | HobbyGrid, held: float) -> list[Term]:
        if self.shown:
            return [Term(area.started_on, area.ended_on)]
        return terms(self.rng, area.started_on, area.ended_on, self.today, held)

    def _logger(self, person: Person, term: Term) -> Logger:
        user = self.book.user(person, term.start)
        end = term.end or self.today
        return Logger(user.pk, person.pk, term.start.toordinal(), end.toordinal())

    # --- the "N" ---

    def _hobby_grids(
        self, prefix: str, home: Term, most: int
    ) -> Iterator[tuple[HobbyGrid, words.SportWords]]:
        """Those formed in a grid, or for the whole village, that exists as long as ``home``."""
        rng = self.rng
        usual = self.city.scale.hobby_grids_per_grid * rng.gauss(0.97, 0.4)
        count = min(most, max(3 if self.shown else 0, round(usual)))
        latest = (home.end or self.today) - timedelta(days=3)
        for number, (sport, kind) in enumerate(self._sports(count), 1):
            wait = timedelta(days=min(400, round(rng.expovariate(1 / 70))))
            begun = home.start if self.shown and number < 3 else min(home.start + wait, latest)
            ended = self._end(begun, 0.03) or home.end
            if home.end is not None and ended is not None:
                ended = min(ended, home.end)
            hobby_grid = self._hobby_grid(f"{prefix}{number:02d}", sport, kind, begun, ended)
            yield self.book.add(hobby_grid), kind

    def _sports(self, count: int) -> list[tuple[Sport, words.SportWords]]:
        """Different ones, the common ones more often."""
        ranked = sorted(
            zip(self.city.sports, words.SPORTS, strict=True),
            key=lambda pair: self.rng.random() ** (1 / pair[1].share),
            reverse=True,
        )
        return ranked[:count]

    def _hobby_grid(
        self, code: str, sport: Sport, kind: words.SportWords, begun: date, ended: date | None
    ) -> HobbyGrid:
        rng = self.rng
        team = rng.choice(words.TEAMS) if rng.random() < 0.45 else ""
        part = rng.choices((EVENING, MORNING, AFTERNOON), (62, 30, 8))[0]
        if kind.code in ("basketball", "air-volleyball", "yoga"):
            part = EVENING
        start = usual_start(rng, part)
        return HobbyGrid(
            area_code=code,
            name=f"{team}{kind.zh}队",
            sport=sport,
            usual_place=rng.choice(words.INDOORS if kind.indoors else words.OUTDOORS),
            usual_days=self._days(code, rng.choice(_DAILY if kind.people >= 14 else _GAMES)),
            usual_start=time(start // 60, start % 60),
            usual_minutes=rng.choice((40, 50, 60, 60, 60, 60, 80, 90)),
            members_count=max(5, round(kind.people * rng.uniform(0.8, 1.9))),
            started_on=begun,
            ended_on=ended,
        )

    def _days(self, code: str, days: str) -> str:
        """Who looks at the shown village's first group finds it meeting on any day."""
        return "1234567" if self.shown and code.endswith("00101") else days

    def _join(
        self, team: HobbyGrid, sport: words.SportWords, grid: Grid | None, leaders: list[Logger]
    ) -> None:
        """Appoint its members, and say how the hobby grid lives."""
        rng = self.rng
        loggers = []
        for term in self._terms(team, self.progress.staffed):
            person = self._member(team.area_code, term, grid)
            if self.shown or rng.random() < 0.85:
                loggers.append(self._logger(person, term))
        if loggers and rng.random() < 0.1:
            self._member(team.area_code, Term(team.started_on, team.ended_on), grid)
        habit = self._habit(team, sport, grid)
        habit.loggers = loggers + leaders
        if habit.rate and habit.loggers:
            self.staff.habits.append(habit)

    def _member(self, code: str, term: Term, grid: Grid | None) -> Person:
        rng = self.rng
        home = grid.area_code if grid else self.village.code
        person = self.book.person(home, rng)
        background = rng.choices(list(_BACKGROUNDS), list(_BACKGROUNDS.values()))[0]
        appoint(self.book, person, Role.GRID_MEMBER, code, term, background)
        if term.end is None:
            self.staff.members.append(person)
        if background == Background.INSTRUCTOR:
            self.staff.instructors.append((person, term.start))
        return person

    def _habit(self, team: HobbyGrid, sport: words.SportWords, grid: Grid | None) -> Habit:
        rng, progress = self.rng, self.progress
        end = team.ended_on or self.today
        draw = rng.random()
        # A group that meets daily is not logged daily.
        weekly = progress.zeal * rng.lognormvariate(0, 0.45)
        busy = self.shown and team.area_code[12:15] == "001"
        if busy:
            weekly = 0.9
        elif self.asleep or (draw < progress.silent and not self.shown):
            weekly = 0.0
        elif draw < progress.silent + 0.07:
            # It fell asleep some time ago.
            end = max(team.started_on, end - timedelta(days=rng.randint(35, 200)))
        people = (grid.population if grid else None) or self.village.population
        usual = team.usual_start or time(19, 0)
        return Habit(
            code=team.area_code,
            start=team.started_on.toordinal(),
            end=end.toordinal(),
            weekdays=team.usual_days,
            indoors=sport.indoors,
            usual_start=usual.hour * 60 + usual.minute,
            minutes=team.usual_minutes or 60,
            place=team.usual_place,
            members=team.members_count or sport.people,
            most=max(3, round(people * 0.6)),
            rate=weekly / len(team.usual_days),
            busy=busy,
        )
