"""Instructors of a village."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from demo.city.book import Book
from demo.city.chance import dice
from demo.city.grids import Staff
from demo.city.ground import Village
from demo.city.instructors import Entry, Histories
from instructors.models import Instructor, InstructorLevel, InstructorPlace

# 30,000 instructors for 3.52 million people.
INSTRUCTORS_PER_PERSON = 30_000 / 3_520_000
_LEVELS = {
    InstructorLevel.THIRD: 70,
    InstructorLevel.SECOND: 22,
    InstructorLevel.FIRST: 6.8,
    InstructorLevel.NATIONAL: 1.2,
}


def add_instructors(
    book: Book, village: Village, staff: Staff, seed: int, today: date
) -> list[Entry]:
    """The members who are instructors, and others up to the village's share."""
    rng = dice(seed, "instructors", village.code)
    histories = Histories(book, village.code, seed, today)
    entries: list[Entry] = []
    for person, since in staff.instructors:
        certified = since - timedelta(days=rng.randint(0, 3000))
        pair = _add(book, village, rng, today, person_id=person.pk, certified=certified)
        entries.append(histories.write(*pair, person, led=True))
    share = village.population * INSTRUCTORS_PER_PERSON * rng.uniform(0.8, 1.2)
    for _n in range(round(share) - len(staff.instructors)):
        person = book.person(village.code, rng)
        certified = today - timedelta(days=rng.randint(20, 4500))
        pair = _add(book, village, rng, today, person_id=person.pk, certified=certified)
        entries.append(histories.write(*pair, person, led=False))
    return entries


def _add(
    book: Book, village: Village, rng: Random, today: date, *, person_id: int, certified: date
) -> tuple[Instructor, InstructorPlace]:
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
    return instructor, book.add(InstructorPlace(instructor=instructor, **lasts))
