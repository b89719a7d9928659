"""One row of each kind in the books of the instructors."""

from __future__ import annotations

from typing import Any

from accounts.models import Person, User
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
from jiaozuo_grid.lasting import today


def instructor_rows(area_code: str, person: Person, other: Person, user: User) -> dict[str, Any]:
    """An instructor with everything, and one whose entry has ended, by the names of the models."""
    here: dict[str, Any] = {"area_code": area_code}
    instructor = Instructor.objects.create(person=person, instructor_level=3, **here)
    own: dict[str, Any] = {"instructor": instructor, **here}
    course = Course.objects.create(
        name="三级班", instructor_level=3, started_on=today(), ended_on=today(), **here
    )
    return {
        "instructors.instructor": instructor,
        "ended instructor": Instructor.objects.create(person=other, ended_on=today(), **here),
        "instructors.instructorplace": InstructorPlace.objects.create(**own),
        "instructors.certificate": Certificate.objects.create(
            instructor_level=3, number="N1", granted_on=today(), **own
        ),
        "instructors.registration": Registration.objects.create(year=today().year, **own),
        "instructors.service": Service.objects.create(
            held_on=today(), minutes=60, note="教太极拳", evidence="签到表", **own
        ),
        "instructors.course": course,
        "instructors.attendance": Attendance.objects.create(course=course, passed=True, **own),
        "instructors.promotion": Promotion.objects.create(to_level=2, nominated_by=user, **own),
    }
