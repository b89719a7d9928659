"""What the tests of instructors stand on: certificates, registrations, courses, services."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import count
from typing import Any

from activities.models import Session
from instructors.models import Attendance, Certificate, Course, Instructor, Registration, Service
from jiaozuo_grid.lasting import today
from tests import builders as b

_numbers = count(1)
LONG_AGO = date(2018, 3, 1)


def certificate(instructor: Instructor, level: int = 3, **fields: Any) -> Certificate:
    return Certificate.objects.create(
        instructor=instructor,
        area_code=instructor.area_code,
        instructor_level=level,
        number=fields.pop("number", f"BOOK{next(_numbers):06d}"),
        **{"granted_on": LONG_AGO, **fields},
    )


def certified(area_code: str = b.VILLAGE, level: int = 3, **fields: Any) -> Instructor:
    """An instructor with a certificate of each level up to theirs."""
    granted_on = fields.pop("granted_on", LONG_AGO)
    who = b.instructor(area_code, instructor_level=level, **{"started_on": granted_on, **fields})
    for one in range(3, level - 1, -1):
        certificate(who, one, granted_on=granted_on)
    return who


def candidate(area_code: str = b.VILLAGE, **fields: Any) -> Instructor:
    """Somebody in training, without a certificate."""
    return b.instructor(area_code, instructor_level=None, **fields)


def registered(instructor: Instructor, *years: int) -> None:
    for year in years:
        Registration.objects.create(
            instructor=instructor,
            area_code=instructor.area_code,
            year=year,
            registered_on=date(year, 1, 2),
        )


def last_years(n: int) -> list[int]:
    """This year and those before it."""
    return [today().year - back for back in range(n)]


def trained(instructor: Instructor, level: int, *, passed: bool | None = True) -> Attendance:
    course = Course.objects.create(
        area_code=b.CITY,
        name="培训班",
        instructor_level=level,
        started_on=today() - timedelta(days=30),
        ended_on=today() - timedelta(days=25),
    )
    return Attendance.objects.create(
        course=course, instructor=instructor, area_code=instructor.area_code, passed=passed
    )


def served(instructor: Instructor, times: int = 1, *, ago: int = 10, **fields: Any) -> None:
    """Services entered, one a day, the latest ``ago`` days ago."""
    for n in range(times):
        Service.objects.create(
            instructor=instructor,
            area_code=instructor.area_code,
            held_on=today() - timedelta(days=ago + n),
            minutes=60,
            note="教太极拳",
            evidence="签到表",
            **fields,
        )


def led(instructor: Instructor, times: int = 1, *, ago: int = 10, **fields: Any) -> None:
    """Sessions that the instructor led, one a day, the latest ``ago`` days ago."""
    user = b.user()
    for n in range(times):
        Session.objects.create(
            area_code=b.HOBBY_GRID,
            held_on=today() - timedelta(days=ago + n),
            start_time=time(19, 30),
            minutes=60,
            participants=20,
            led_by=instructor.person,
            logged_by=user,
            **fields,
        )


def ready(level: int) -> Instructor:
    """An instructor (or candidate) who meets every condition of a promotion to ``level``."""
    who = candidate() if level == 3 else certified(level=level + 1)
    if level == 3:
        served(who, 30)
    registered(who, *last_years(4))
    trained(who, level)
    return who
