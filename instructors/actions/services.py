"""Services entered with their evidence, and taking them back."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ground import fresh, require
from grids.people import person_of
from grids.writing import keep
from instructors.actions.ground import check_not_future
from instructors.models import Instructor, Service
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach

CHANGE_SERVICE = "change instructors.service"


@transaction.atomic
def enter_service(
    actor: Actor,
    instructor: Instructor,
    *,
    kind: str,
    held_on: date,
    minutes: int,
    note: str,
    evidence: str,
) -> Service:
    """Enter what an instructor did that no session tells of. Nobody enters their own."""
    require(actor, CHANGE_SERVICE, instructor.area_code)
    if instructor.person_id == person_of(actor):
        raise OutOfReach(_("Nobody enters their own services. Ask a colleague."))
    check_not_future(held_on, "held_on")
    if instructor.ended_on is not None and held_on >= instructor.ended_on:
        raise ValidationError({"held_on": _("The entry as instructor had ended by this day.")})
    same = instructor.services.filter(withdrawn_on__isnull=True, kind=kind, held_on=held_on)
    if same.filter(note=note.strip()).exists():
        raise ValidationError(_("This service is entered already."))
    service = Service(
        instructor=instructor,
        area_code=instructor.area_code,
        kind=kind,
        held_on=held_on,
        minutes=minutes,
        note=note.strip(),
        evidence=evidence.strip(),
    )
    return keep(actor, service, "enter service")


@transaction.atomic
def withdraw_service(actor: Actor, service: Service, *, reason: str) -> Service:
    """Take back a service entered by mistake: it stays in the books and counts no more."""
    require(actor, CHANGE_SERVICE, service.area_code)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is taken back.")})
    service = fresh(service)
    if service.withdrawn_on is None:
        service.withdrawn_on = today()
        keep(actor, service, "withdraw service", reason=reason)
    return service
