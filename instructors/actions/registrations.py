"""Yearly registration (工作注册), for one instructor or many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.people import person_of
from grids.writing import keep_new
from instructors.actions.ground import (
    Outcome,
    check_not_future,
    check_standing,
    locked,
    sorted_out,
    the_only,
)
from instructors.models import Instructor, Registration
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

CHANGE_REGISTRATION = "change instructors.registration"


def register_year(
    actor: Actor, instructor: Instructor, year: int, on: date | None = None
) -> Registration:
    """Register an instructor for a year. Raises ``OutOfReach`` or ``ValidationError``."""
    if not reach_of(actor).allows(CHANGE_REGISTRATION, instructor.area_code):
        raise OutOfReach
    return the_only(register_many(actor, [instructor], year, on))


@transaction.atomic
def register_many(
    actor: Actor, instructors: Sequence[Instructor], year: int, on: date | None = None
) -> Outcome[Registration]:
    """Register each of them who can be; the others are named with the reason.

    In a fixed number of queries. Raises ``ValidationError`` for a year yet to come.
    """
    day = on or today()
    check_not_future(day, "on")
    if year > day.year:
        raise ValidationError({"year": _("This year has not come yet.")})
    rows = locked(instructors)
    known = Registration.objects.filter(year=year, instructor__in=[row.pk for row in rows])
    registered = set(known.values_list("instructor", flat=True))

    def check(row: Instructor) -> None:
        if not reach_of(actor).allows(CHANGE_REGISTRATION, row.area_code):
            raise OutOfReach
        if row.person_id == person_of(actor):
            raise OutOfReach(_("Nobody registers themselves. Ask a colleague."))
        check_standing(row, min(day, date(year, 12, 31)))
        if row.pk in registered:
            raise ValidationError(_("Registered for this year already."))
        if row.instructor_level is None:
            raise ValidationError(_("Holds no certificate yet."))
        if year < row.started_on.year:
            raise ValidationError(_("The first certificate was granted after this year."))

    passed, outcome = sorted_out(rows, check)
    new = [
        Registration(instructor=row, area_code=row.area_code, year=year, registered_on=day)
        for row in passed
    ]
    outcome.done = keep_new(actor, new, "register instructor")
    return outcome
