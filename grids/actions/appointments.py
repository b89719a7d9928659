"""Who is responsible where: appointing, ending, replacing."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import (
    area_in_force,
    check_ahead,
    check_end,
    fresh,
    lock_division,
    require,
    written,
)
from grids.models import ROLE_LEVELS, Appointment, Role
from grids.people import check_present, people_visible_to, person_of
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach


def _require_appointing(actor: Actor, person: Person, role: str, area_code: str) -> None:
    require(actor, f"appoint {role}", area_code)
    if person.pk == person_of(actor):
        raise OutOfReach(_("Nobody appoints or dismisses themselves. Ask the office above you."))


def _from(day: date) -> QuerySet[Appointment]:
    """Posts that are in force on ``day`` or at any time later; one that never began is none."""
    lasting = Q(ended_on=None) | (Q(ended_on__gt=day) & Q(ended_on__gt=F("started_on")))
    return Appointment.objects.filter(lasting)


def _check_vacant(
    person: Person, role: str, area_code: str, day: date, until: date | None = None
) -> None:
    """Raise ``ValidationError`` where the new post would overlap another; the village is locked."""
    posts = _from(day).filter(role=role, area_code=area_code).select_related("person")
    if until is not None:
        posts = posts.filter(started_on__lt=until)
    mine = posts.filter(person=person).first()
    if mine is not None:
        raise ValidationError({"person": _("This person holds this post already.")})
    leader = posts.order_by("started_on").first() if role == Role.GRID_LEADER else None
    if leader is not None:
        raise ValidationError(
            {
                "area_code": _(
                    "%(name)s leads this grid from %(day)s. End that appointment first, or replace."
                )
                % {"name": leader.person.name, "day": written(leader.started_on)}
            }
        )


@transaction.atomic
def appoint(
    actor: Actor,
    person: Person,
    role: str,
    area_code: str,
    *,
    started_on: date | None = None,
    ended_on: date | None = None,
    background: str = "",
) -> Appointment:
    """Appoint a person whom the actor sees to a post, from a day on, perhaps with a known end.

    Raises ``OutOfReach``, or ``ValidationError``: the area is not there on that day, is of another
    level, has a leader already, or the person holds this very post.
    """
    _require_appointing(actor, person, role, area_code)
    if not people_visible_to(actor).filter(pk=person.pk).exists():
        raise OutOfReach
    if len(area_code) not in ROLE_LEVELS[role]:
        raise ValidationError({"area_code": _("This post is not held at this level.")})
    day = started_on or today()
    check_ahead(day, "started_on")
    lock_division(area_code)
    # Locked: nobody records that they left, or merges the entry, in between.
    check_present(fresh(person), day)
    area_in_force(area_code, day)
    _check_vacant(person, role, area_code, day, ended_on)
    appointment = Appointment(
        person=person,
        role=role,
        area_code=area_code,
        started_on=day,
        ended_on=ended_on,
        background=background,
        appointed_by=actor if getattr(actor, "pk", None) else None,
    )
    return keep(actor, appointment, "appoint")


@transaction.atomic
def end_appointment(
    actor: Actor, appointment: Appointment, on: date, *, reason: str = ""
) -> Appointment:
    """End an appointment; ``on`` is the first day without it."""
    _require_appointing(actor, appointment.person, appointment.role, appointment.area_code)
    lock_division(appointment.area_code)
    appointment = fresh(appointment)
    check_end(appointment, on)
    appointment.ended_on = on
    return keep(actor, appointment, "end", reason=reason)


@transaction.atomic
def replace_leader(
    actor: Actor,
    person: Person,
    area_code: str,
    *,
    started_on: date | None = None,
    background: str = "",
    reason: str = "",
) -> Appointment:
    """End the grid's leader and appoint the successor on the same day, or neither."""
    role = Role.GRID_LEADER
    require(actor, f"appoint {role}", area_code)
    day = started_on or today()
    lock_division(area_code)
    leader = _from(day).filter(role=role, area_code=area_code, started_on__lte=day).first()
    if leader is not None:
        if leader.person_id == person.pk:
            raise ValidationError({"person": _("This person holds this post already.")})
        end_appointment(actor, leader, day, reason=reason)
    return appoint(actor, person, role, area_code, started_on=day, background=background)
