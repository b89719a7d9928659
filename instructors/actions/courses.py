"""Training courses: opening, enrolling, and who passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ground import area_in_force, changed, check_ahead, fresh, require
from grids.writing import keep, keep_changed, keep_new
from instructors.actions.ground import Outcome, check_standing, locked, sorted_out
from instructors.models import Attendance, Course, Instructor
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

CHANGE_COURSE = "change instructors.course"
CHANGE_ATTENDANCE = "change instructors.attendance"
EDITABLE = {"name", "instructor_level", "organiser", "started_on", "ended_on", "hours"}


@transaction.atomic
def open_course(
    actor: Actor,
    area_code: str,
    *,
    name: str,
    started_on: date,
    ended_on: date,
    instructor_level: int | None = None,
    organiser: str = "",
    hours: int | None = None,
) -> Course:
    """Announce a course for an area, for a level or (without one) as continuing education."""
    require(actor, CHANGE_COURSE, area_code)
    area_in_force(area_code, today())
    check_ahead(ended_on, "ended_on")
    course = Course(
        area_code=area_code,
        name=name.strip(),
        instructor_level=instructor_level,
        organiser=organiser.strip(),
        started_on=started_on,
        ended_on=ended_on,
        hours=hours,
    )
    _check_days(course)
    return keep(actor, course, "open course")


@transaction.atomic
def edit_course(actor: Actor, course: Course, **changes: Any) -> Course:
    """Change a course. Its level stays once somebody's result is known."""
    require(actor, CHANGE_COURSE, course.area_code)
    course = fresh(course)
    level = changes.get("instructor_level", course.instructor_level)
    known = course.attendances.filter(passed__isnull=False)
    if level != course.instructor_level and known.exists():
        raise ValidationError(
            {"instructor_level": _("Results are recorded for this level already.")}
        )
    changed(course, changes, EDITABLE)
    _check_days(course)
    return keep(actor, course, "edit")


def _check_days(course: Course) -> None:
    if course.ended_on < course.started_on:
        raise ValidationError({"ended_on": _("The end cannot be before the start.")})


@transaction.atomic
def enrol(actor: Actor, course: Course, instructors: Sequence[Instructor]) -> Outcome[Attendance]:
    """Put instructors and candidates on the list; the others are named with the reason."""
    require(actor, CHANGE_ATTENDANCE, course.area_code)
    rows = locked(instructors)
    listed = set(course.attendances.values_list("instructor", flat=True))
    reach = reach_of(actor)

    def check(row: Instructor) -> None:
        if not reach.allows(CHANGE_ATTENDANCE, row.area_code):
            raise OutOfReach
        if row.pk in listed:
            raise ValidationError(_("On the list already."))
        check_standing(row, today())
        if course.instructor_level is not None and row.next_level != course.instructor_level:
            text = _("The course is for the %(level)s; the present grade is: %(present)s.")
            words = {"level": course.get_instructor_level_display(), "present": row.level_name}
            raise ValidationError(text % words)

    passed, outcome = sorted_out(rows, check)
    new = [Attendance(course=course, instructor=row, area_code=row.area_code) for row in passed]
    outcome.done = keep_new(actor, new, "enrol")
    return outcome


@transaction.atomic
def record_results(
    actor: Actor, course: Course, results: Mapping[int, bool | None]
) -> list[Attendance]:
    """Write down who passed, by the key of the attendance; returns those that changed.

    Raises ``ValidationError`` before the last day of the course. Nobody passes themselves.
    """
    require(actor, CHANGE_ATTENDANCE, course.area_code)
    if course.ended_on > today() and any(passed is not None for passed in results.values()):
        raise ValidationError(_("Results are recorded when the course is over."))
    rows = list(
        course.attendances.filter(pk__in=results)
        .select_related("instructor")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    written = [row for row in rows if row.passed != results[row.pk]]
    own = getattr(actor, "person_id", None)
    if any(own is not None and row.instructor.person_id == own for row in written):
        raise OutOfReach(_("Nobody decides about their own grade. Ask a colleague."))
    for row in written:
        row.passed = results[row.pk]
    return keep_changed(actor, written, ["passed"], "record result")
