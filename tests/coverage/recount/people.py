"""Instructors, counted naively."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from activities.models import Session
from instructors.models import Certificate, Instructor, InstructorPlace, Registration, Service
from tests.coverage.recount.books import Books, Count, Row, rows_of, within_days


def _certificates(books: Books, instructor: int, day: date) -> list[Any]:
    return [
        one
        for one in books.by(Certificate, "instructor_id").get(instructor, ())
        if one.granted_on <= day and (one.revoked_on is None or day < one.revoked_on)
    ]


def instructors_who(told: Callable[[Books, int, date], bool]) -> Count:
    """The places in force of the instructors of whom something is true on the day."""

    def count(books: Books, day: date) -> Iterable[Row]:
        places = books.standing(InstructorPlace, day)
        return rows_of(place for place in places if told(books, place.instructor_id, day))

    return count


def of_level(level: int) -> Count:
    """0 is the national grade, the highest."""

    def highest(books: Books, key: int, day: date) -> bool:
        held = [one.instructor_level for one in _certificates(books, key, day)]
        return bool(held) and min(held) == level

    return instructors_who(highest)


def is_registered(books: Books, key: int, day: date) -> bool:
    entries = books.by(Registration, "instructor_id").get(key, ())
    return any(one.year == day.year and one.registered_on <= day for one in entries)


def serves(books: Books, key: int, day: date) -> bool:
    person = books.by(Instructor, "pk")[key][0].person_id
    led = books.by(Session, "led_by_id").get(person, ())
    entered = books.by(Service, "instructor_id").get(key, ())
    return any(within_days(s, day, 90) and s.withdrawn_at is None for s in led) or any(
        within_days(one, day, 90) and one.withdrawn_on is None for one in entered
    )


PEOPLE: dict[str, Count] = {
    "instructors": instructors_who(lambda _books, _key, _day: True),
    "instructors_national": of_level(0),
    "instructors_first": of_level(1),
    "instructors_second": of_level(2),
    "instructors_third": of_level(3),
    "certified_instructors": instructors_who(
        lambda books, key, day: bool(_certificates(books, key, day))
    ),
    "registered_instructors": instructors_who(is_registered),
    "serving_instructors": instructors_who(serves),
}
