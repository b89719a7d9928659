"""Random histories in which the map changes, and what every figure should be, counted naively.

The city keeps its own note of what became of what; the naive count (tests/coverage/recount) follows
the notes by hand.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from activities.models import Session
from coverage.folding import fold
from coverage.reading import AsOf
from coverage.registry import MEASURES
from grids.models import (
    Appointment,
    Division,
    Grid,
    HobbyGrid,
    Reorganisation,
    ResidentCount,
    Role,
)
from grids.reorganise import (
    Part,
    merge_division,
    merge_grid,
    move_hobby_grid,
    renumber_division,
    split_grid,
    undo_reorganisation,
)
from grids.writing import keep
from instructors.models import InstructorPlace
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from stations.models import StationPlace
from tests import builders as b
from tests.coverage.naive import differing
from tests.coverage.recount import Books, NaiveFigures

ACTIVE = timedelta(days=30)
FAR_TOWNSHIP = b.OTHER_COUNTY + "001"
FAR_VILLAGE = FAR_TOWNSHIP + "201"
WHY: dict[str, Any] = {"reason": "test"}
STANDING: dict[str, Any] = {
    "villages": Division,
    "grids": Grid,
    "hobby_grids": HobbyGrid,
    "instructors": InstructorPlace,
    "stations": StationPlace,
}


class ChangingCity:
    """A small city whose map changes by chance; ``moves`` notes what became of which code."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.writer = b.user()
        # What became of which code, by the key of the change that says so, in order.
        self.moved: dict[int, dict[str, str]] = {}
        # The day before which nothing can be reorganised any more.
        self.since = today() - timedelta(days=90)
        b.small_city()
        b.division(FAR_TOWNSHIP, "西街街道")
        b.division(FAR_VILLAGE, "西街村")
        b.grid(FAR_VILLAGE + "001")
        b.hobby_grid(FAR_VILLAGE + "00101")
        for code in (b.VILLAGE + "002", b.COMMUNITY + "001"):
            b.grid(code)
            b.hobby_grid(code + "01")
        b.hobby_grid(b.VILLAGE + "00001")
        for code in (b.VILLAGE, b.COMMUNITY, b.OTHER_VILLAGE, FAR_VILLAGE):
            self.rng.random() < 0.8 and b.station(code)
            self.rng.random() < 0.8 and b.instructor(code)
            if self.rng.random() < 0.8:
                ResidentCount.objects.create(
                    area_code=code,
                    started_on=b.BEGINNING,
                    population=self.rng.randrange(900),
                    households=self.rng.choice((None, self.rng.randrange(900))),
                )

    def live(self, steps: int) -> None:
        """So many changes; figures are brought up to date now and then."""
        changes = [self.log] * 4 + [self.lead, self.staff, self.reorganise, self.reorganise]
        for _step in range(steps):
            try:
                self.rng.choice(changes)()
            except ValidationError:
                # A change that cannot be (no numbers left, nothing to move) is none.
                continue
            if self.rng.random() < 0.5:
                fold()
        fold()

    def _one(self, model: Any, **narrower: Any) -> Any:
        rows = model.objects.filter(ended_on=None, **narrower).order_by("area_code")
        return self.rng.choice(list(rows)) if rows else None

    def log(self) -> None:
        group = self.rng.choice(list(HobbyGrid.objects.order_by("area_code")))
        last = (group.ended_on or today() + timedelta(days=1)) - timedelta(days=1)
        day = today() - timedelta(days=self.rng.randrange(120))
        if not group.started_on <= day <= last:
            return
        session = Session(
            id=UUID(int=self.rng.getrandbits(128), version=4),
            area_code=group.area_code,
            held_on=day,
            start_time=time(self.rng.randrange(24)),
            minutes=60,
            participants=self.rng.randrange(1, 40),
            logged_by=self.writer,
        )
        keep(SYSTEM, session, "log")

    def lead(self) -> None:
        self._post(Role.GRID_LEADER, self._one(Grid))

    def staff(self) -> None:
        self._post(Role.GRID_MEMBER, self._one(HobbyGrid))

    def _post(self, role: str, area: Any) -> None:
        code = area.area_code
        post = Appointment.objects.filter(role=role, area_code=code, ended_on=None).first()
        day = today() - timedelta(days=self.rng.randrange(120))
        if post is None:
            started = max(area.started_on, day)
            post = Appointment(person=b.person(), role=role, area_code=code, started_on=started)
        else:
            post.ended_on = max(post.started_on, day)
        keep(SYSTEM, post, "post")

    def reorganise(self) -> None:
        """One change of the map, and half a chance now and then that it is undone at once."""
        span = (today() - self.since).days
        self.since = on = self.since + timedelta(days=self.rng.randrange(span // 4 + 1))
        doings = (self.merge_village, self.renumber, self.merge_grid, self.split, self.move)
        noted = self.rng.choice(doings)(on)
        self.moved[Reorganisation.objects.latest("pk").pk] = noted
        if self.rng.random() < 0.2:
            # Any of them, not only the newest; refused where a later one stands on it.
            key = self.rng.choice(list(self.moved))
            undo_reorganisation(SYSTEM, Reorganisation.objects.get(pk=key))
            del self.moved[key]

    def merge_village(self, on: date) -> dict[str, str]:
        source, target = (self._one(Division, digits=12).area_code for _n in range(2))
        return _noted(merge_division(SYSTEM, source, target, on, **WHY)) | {source: target}

    def renumber(self, on: date) -> dict[str, str]:
        source = self._one(Division, digits=12).area_code
        up = self.rng.choice((b.TOWNSHIP, b.OTHER_TOWNSHIP, FAR_TOWNSHIP))
        new = up + f"{self.rng.randrange(1, 399):03d}"
        return _noted(renumber_division(SYSTEM, source, new, on, **WHY)) | {source: new}

    def merge_grid(self, on: date) -> dict[str, str]:
        source, target = (self._one(Grid).area_code for _n in range(2))
        return _noted(merge_grid(SYSTEM, source, target, on, **WHY)) | {source: target}

    def split(self, on: date) -> dict[str, str]:
        source = self._one(Grid).area_code
        groups = HobbyGrid.objects.within(source).filter(ended_on=None)
        sides: tuple[list[str], list[str]] = ([], [])
        for code in groups.values_list("area_code", flat=True):
            self.rng.choice(sides).append(code)
        parts = [Part(f"部分{n}", hobby_grids=tuple(side)) for n, side in enumerate(sides)]
        report = split_grid(SYSTEM, source, parts, on, **WHY)
        # A whole that was split belongs to its village from then on.
        return {old: new for old, new in _noted(report).items() if len(old) == 17} | {
            source: source[:12]
        }

    def move(self, on: date) -> dict[str, str]:
        source = self._one(HobbyGrid).area_code
        target = self._one(Grid).area_code[: self.rng.choice((12, 15))]
        return _noted(move_hobby_grid(SYSTEM, source, target, on, **WHY))

    def naive(self, until: date | None = None) -> NaiveFigures:
        """What every figure should be now, by its own notes of what became of what.

        ``until`` is the day that is not over yet, if the clock was moved.
        """
        return NaiveFigures(Books([moved for _key, moved in sorted(self.moved.items())], until))


def _noted(report: Any) -> dict[str, str]:
    return {old: new for old, new, _name in report.codes}


# What is counted at all, and a naive count has something to say of.
KEYS = [key for key, measure in MEASURES.items() if not measure.missing]


def differences(city: ChangingCity, sample: int = 0) -> list[Any]:
    """Where a figure of the dashboard, or the rows behind it, is not what the naive count says.

    The day of each change, the one before and the one after, in both readings, for every division;
    of all these only ``sample`` where it is given.
    """
    days = {today(), *(r.on for r in Reorganisation.objects.all())}
    days |= {day - timedelta(days=1) for day in days} | {day + timedelta(days=1) for day in days}
    areas = Division.objects.order_by("area_code").values_list("area_code", flat=True)
    asked = [
        (area, AsOf(day, restated))
        for day in sorted(day for day in days if day <= today())
        for restated in (False, True)
        for area in areas
    ]
    if sample:
        asked = city.rng.sample(asked, min(sample, len(asked)))
    naive = city.naive()
    return [difference for area, as_of in asked for difference in differing(naive, area, as_of)]
