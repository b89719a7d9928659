"""The rows of a part of the city that wait to be stored, each with its key."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import count
from random import Random
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from accounts.identity import name_key
from accounts.models import Person, User
from activities.models import Schedule
from demo.city import words
from demo.city.storing import settle, store
from grids.models import (
    Appointment,
    Division,
    DuplicatePair,
    Grid,
    HobbyGrid,
    Officer,
    Organisation,
    Outline,
    ResidentCount,
    Sport,
)
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    Instructor,
    InstructorPlace,
    Promotion,
    Registration,
    Service,
)
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPlace,
    StationPost,
)

Row = TypeVar("Row", bound=Model)

# In this order they are stored: what is referred to comes first.
MODELS: list[type[Model]] = [
    Person,
    User,
    Sport,
    Division,
    Outline,
    ResidentCount,
    Grid,
    HobbyGrid,
    Schedule,
    Appointment,
    Organisation,
    Officer,
    DuplicatePair,
    Instructor,
    InstructorPlace,
    Instructor.sports.through,
    Certificate,
    Registration,
    Service,
    Course,
    Attendance,
    Promotion,
    Station,
    StationPlace,
    Station.sports.through,
    OpeningHours,
    StationPost,
    Equipment,
    Inspection,
    Repair,
]
# Nobody can sign in with it: Django takes a password that begins so for none.
NO_PASSWORD = "!demo"  # noqa: S105


def moment(day: date, minutes: int = 0) -> datetime:
    """A minute of a day on the city's clock."""
    clock = time(minutes // 60, minutes % 60)
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


class Book:
    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Any]] = {model: [] for model in MODELS}
        self._keys = {model: count(1) for model in MODELS}
        self._users: dict[int, User] = {}
        self.stored = dict.fromkeys(MODELS, 0)

    def add(self, row: Row) -> Row:
        row.pk = next(self._keys[type(row)])
        self._rows[type(row)].append(row)
        return row

    def waiting(self, model: type[Row]) -> list[Row]:
        """The rows of a model that were added since the last storing."""
        return self._rows[model]

    def person(self, area_code: str, rng: Random) -> Person:
        name = words.person_name(rng)
        person = self.add(Person(name=name, name_key=name_key(name), area_code=area_code))
        person.phone = words.mobile(person.pk)
        return person

    def user(self, person: Person, since: date) -> User:
        """The person's account, opened when first asked for; its name is the phone number."""
        if person.pk not in self._users:
            user = User(
                username=person.phone,
                person=person,
                password=NO_PASSWORD,
                created_at=moment(since, 9 * 60),
            )
            self._users[person.pk] = self.add(user)
        return self._users[person.pk]

    def store(self) -> None:
        """Store what waits, and forget it."""
        for model, rows in self._rows.items():
            store(model, rows)
            self.stored[model] += len(rows)
            rows.clear()
        self._users.clear()

    def settle(self) -> None:
        settle(MODELS)
