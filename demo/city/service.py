"""Instructors and stations of a village."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from demo.city import words
from demo.city.book import Book
from demo.city.chance import dice
from demo.city.grids import Staff
from demo.city.ground import Village
from instructors.models import Instructor, InstructorLevel, InstructorPlace
from stations.models import Station, StationKind, StationPlace

# 30,000 instructors and 2,050 stations for 3.52 million people.
INSTRUCTORS_PER_PERSON = 30_000 / 3_520_000
STATIONS_PER_PERSON = 2_050 / 3_520_000
_LEVELS = {
    InstructorLevel.THIRD: 70,
    InstructorLevel.SECOND: 22,
    InstructorLevel.FIRST: 6.8,
    InstructorLevel.NATIONAL: 1.2,
}


def add_instructors(book: Book, village: Village, staff: Staff, seed: int, today: date) -> None:
    """The members who are instructors, and others up to the village's share."""
    rng = dice(seed, "instructors", village.code)
    for person, since in staff.instructors:
        certified = since - timedelta(days=rng.randint(0, 3000))
        _add(book, village, rng, today, person_id=person.pk, certified=certified)
    share = village.population * INSTRUCTORS_PER_PERSON * rng.uniform(0.8, 1.2)
    for _n in range(round(share) - len(staff.instructors)):
        person = book.person(village.code, rng)
        certified = today - timedelta(days=rng.randint(20, 4500))
        _add(book, village, rng, today, person_id=person.pk, certified=certified)


def _add(
    book: Book, village: Village, rng: Random, today: date, *, person_id: int, certified: date
) -> None:
    years = (today - certified).days / 365
    # Two years of service lead to the second grade, three more to the first, four to the national.
    reached = [
        level
        for level, least in zip(_LEVELS, (0, 2, 5, 9), strict=True)
        if years >= least or level == InstructorLevel.THIRD
    ]
    level = rng.choices(reached, [_LEVELS[one] for one in reached])[0]
    left = today - timedelta(days=rng.randint(1, 600)) if rng.random() < 0.02 else None
    ends = village.ended_on or left
    lasts: dict[str, Any] = {
        "area_code": village.code,
        "started_on": certified,
        "ended_on": ends if ends is not None and ends > certified else None,
    }
    instructor = book.add(Instructor(person_id=person_id, instructor_level=level, **lasts))
    book.add(InstructorPlace(instructor=instructor, **lasts))


def add_stations(book: Book, village: Village, seed: int, today: date) -> None:
    rng = dice(seed, "stations", village.code)
    usual = village.population * STATIONS_PER_PERSON
    count = int(usual) + (rng.random() < usual % 1)
    # By no means every village has one, and some have two.
    count = max(0, count + rng.choice((-1, 0, 0, 0, 1))) if count else count
    places = rng.sample(words.OUTDOORS + words.INDOORS, min(count, 8))
    for place in places:
        point = rng.random() < 0.6
        begun = today - timedelta(days=rng.randint(15, 3600))
        left = today - timedelta(days=rng.randint(1, 400)) if rng.random() < 0.02 else None
        ended = village.ended_on or left
        longitude, latitude = village.spot(rng)
        lasts: dict[str, Any] = {
            "area_code": village.code,
            "started_on": begun,
            "ended_on": ended if ended is not None and ended > begun else None,
        }
        station = book.add(
            Station(
                name=f"{village.name}{place}{'晨晚练点' if point else '健身站点'}",
                kind=StationKind.EXERCISE_POINT if point else StationKind.STATION,
                longitude=longitude,
                latitude=latitude,
                **lasts,
            )
        )
        book.add(StationPlace(station=station, **lasts))
