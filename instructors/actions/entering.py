"""Entering instructors, changing, ending, and taking up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import (
    area_in_force,
    check_ahead,
    check_end,
    fresh,
    lock_division,
    require,
)
from grids.models import Sport
from grids.people import people_visible_to
from grids.places import settle
from grids.writing import keep, keep_many_to_many
from instructors.actions.certificates import Grant, check_grant, write_certificate
from instructors.actions.ground import (
    carry_followers,
    check_standing,
    refuse_self,
    resume_place,
    withdraw_open,
)
from instructors.models import Instructor
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach

CHANGE_INSTRUCTOR = "change instructors.instructor"


@transaction.atomic
def enter_instructor(
    actor: Actor,
    person: Person,
    area_code: str,
    *,
    sports: Iterable[Sport] = (),
    grant: Grant | None = None,
) -> Instructor:
    """Enter a person as instructor with their first certificate, or without one as a candidate.

    The certificate may be of any level: it is a fact that was decided before; but its level must be
    one that the actor may approve. Raises ``OutOfReach`` or ``ValidationError``: the person is
    entered already, is not living here, or the certificate is refused.
    """
    require(actor, CHANGE_INSTRUCTOR, area_code)
    if not people_visible_to(actor).filter(pk=person.pk).exists():
        raise OutOfReach
    lock_division(area_code)
    area_in_force(area_code, today())
    known = Instructor.objects.filter(person=person).first()
    if known is not None:
        raise ValidationError({"person": _already(known)})
    instructor = Instructor(person=person, area_code=area_code)
    refuse_self(actor, instructor)
    check_standing(instructor, today())
    if grant is not None:
        check_grant(actor, instructor, grant, first=True)
        instructor.instructor_level, instructor.started_on = grant.level, grant.granted_on
    keep(actor, instructor, "enter instructor")
    settle(actor, [instructor])
    if grant is not None:
        write_certificate(actor, instructor, grant)
    keep_many_to_many(actor, {instructor: [sport.pk for sport in sports]}, "sports")
    return instructor


def _already(known: Instructor) -> str:
    if known.ended_on is not None:
        return str(_("This person's entry as instructor has ended. Take it up again instead."))
    return str(_("This person is entered as instructor already."))


@transaction.atomic
def edit_instructor(
    actor: Actor,
    instructor: Instructor,
    *,
    area_code: str,
    sports: Iterable[Sport],
    on: date | None = None,
) -> Instructor:
    """Change the sports and where the instructor serves from ``on`` (default: today).

    What belongs to them moves along; figures of earlier days find them where they were.
    """
    require(actor, CHANGE_INSTRUCTOR, instructor.area_code)
    require(actor, CHANGE_INSTRUCTOR, area_code)
    instructor = fresh(instructor)
    if area_code != instructor.area_code:
        day = on or today()
        check_standing(instructor, today())
        _check_move(instructor, day)
        lock_division(area_code)
        area_in_force(area_code, day)
        instructor.area_code = area_code
        keep(actor, instructor, "edit")
        settle(actor, [instructor], on=day)
        carry_followers(actor, instructor)
    keep_many_to_many(actor, {instructor: [sport.pk for sport in sports]}, "sports")
    return instructor


def _check_move(instructor: Instructor, day: date) -> None:
    if day > today():
        raise ValidationError({"on": _("This day has not come yet.")})
    last = instructor.places.order_by("-started_on", "-pk").first()
    if last is not None and day < last.started_on:
        raise ValidationError({"on": _("The instructor came to the present place after this day.")})


@transaction.atomic
def end_instructor(actor: Actor, instructor: Instructor, on: date, *, reason: str) -> Instructor:
    """End the entry; ``on`` is the first day without it. An open promotion is withdrawn."""
    require(actor, CHANGE_INSTRUCTOR, instructor.area_code)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the entry ends.")})
    instructor = fresh(instructor)
    check_end(instructor, on)
    instructor.ended_on = on
    keep(actor, instructor, "end", reason=reason)
    settle(actor, [instructor])
    withdraw_open(actor, instructor, reason)
    return instructor


@transaction.atomic
def resume_instructor(
    actor: Actor, instructor: Instructor, area_code: str, on: date | None = None
) -> Instructor:
    """Take an ended entry up again from ``on``; the time between stays without a place."""
    require(actor, CHANGE_INSTRUCTOR, instructor.area_code)
    require(actor, CHANGE_INSTRUCTOR, area_code)
    day = on or today()
    check_ahead(day, "on")
    instructor = fresh(instructor)
    ended = instructor.ended_on
    if ended is None:
        return instructor
    if day < ended:
        raise ValidationError({"on": _("The entry was still in force on this day.")})
    lock_division(area_code)
    area_in_force(area_code, day)
    instructor.ended_on, instructor.area_code = None, area_code
    check_standing(instructor, day)
    keep(actor, instructor, "re-open")
    if instructor.instructor_level is not None:
        resume_place(actor, instructor, day)
    carry_followers(actor, instructor)
    return instructor
