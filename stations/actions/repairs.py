"""Faults and their repair: reported, accepted, finished or rejected, never left without a word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import coming_from
from accounts.models import Door, Person
from grids.actions.ground import check_ahead, fresh, require
from grids.rules import value_of
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, Actor
from stations.actions.ground import check_past, require_person, standing
from stations.models import (
    OPEN,
    Equipment,
    Inspection,
    Repair,
    RepairState,
    Station,
    StationPost,
)
from stations.rules import REPAIR_DAYS

CHANGE_REPAIR = "change stations.repair"


def open_repair(
    actor: Actor,
    station: Station,
    description: str,
    *,
    equipment: Equipment | None = None,
    inspection: Inspection | None = None,
    reported_by: Any = None,
) -> Repair:
    """A new repair in the hands of the person responsible; the same fault twice is one."""
    same = Repair.objects.filter(
        station=station, equipment=equipment, description=description.strip(), state__in=OPEN
    )
    if (known := same.first()) is not None:
        return known
    posts = StationPost.objects.filter(station=station).responsible().on(today())
    repair = Repair(
        area_code=station.area_code,
        station=station,
        equipment=equipment,
        inspection=inspection,
        description=description.strip(),
        reported_by=reported_by,
        due_on=today() + timedelta(days=int(value_of(REPAIR_DAYS))),
        holder_id=posts.values_list("person", flat=True).first(),
    )
    return keep(actor, repair, "report fault")


@transaction.atomic
def report_fault(
    actor: Actor, station: Station, description: str, *, equipment: Equipment | None = None
) -> Repair:
    """Report a fault that is to be repaired within the rule's days."""
    require(actor, CHANGE_REPAIR, station.area_code)
    station = standing(station)
    return open_repair(actor, station, description, equipment=equipment, reported_by=actor)


@transaction.atomic
def report_fault_publicly(station: Station, description: str) -> Repair:
    """Report a fault as somebody at the station; neither who nor from where is kept."""
    station = standing(station)
    with coming_from(Door.PAGE):
        return open_repair(SYSTEM, station, description)


def _open(actor: Actor, repair: Repair) -> Repair:
    """The repair locked; ``ValidationError`` where it is closed."""
    require(actor, CHANGE_REPAIR, repair.area_code)
    repair = fresh(repair)
    if not repair.is_open:
        raise ValidationError(
            _("This was closed already: %(state)s.") % {"state": repair.get_state_display()}
        )
    return repair


@transaction.atomic
def accept_repair(
    actor: Actor, repair: Repair, *, holder: Person | None = None, due_on: date | None = None
) -> Repair:
    """Say that a fault is being repaired, by whom, and until when (as it was, unless given)."""
    repair = _open(actor, repair)
    if holder is not None:
        require_person(actor, repair.station, holder)
        repair.holder = holder
    if due_on is not None and due_on != repair.due_on:
        if due_on < today():
            raise ValidationError({"due_on": _("This day has passed.")})
        check_ahead(due_on, "due_on")
        repair.due_on = due_on
    repair.state = RepairState.ACCEPTED
    return keep(actor, repair, "accept repair")


@transaction.atomic
def finish_repair(
    actor: Actor, repair: Repair, *, done_on: date | None = None, outcome: str = ""
) -> Repair:
    """Say that a fault is repaired."""
    repair = _open(actor, repair)
    day = done_on or today()
    check_past(day, "done_on")
    if day < timezone.localdate(repair.reported_at):
        raise ValidationError({"done_on": _("It was reported later than this.")})
    repair.state, repair.done_on, repair.outcome = RepairState.DONE, day, outcome.strip()
    return keep(actor, repair, "finish repair")


@transaction.atomic
def reject_repair(actor: Actor, repair: Repair, *, outcome: str) -> Repair:
    """Close a report of what needs no repair; ``outcome`` says why."""
    repair = _open(actor, repair)
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say why there is nothing to repair.")})
    repair.state, repair.done_on, repair.outcome = RepairState.REJECTED, today(), outcome.strip()
    return keep(actor, repair, "reject repair")


@transaction.atomic
def hand_repair(actor: Actor, repair: Repair, holder: Person | None) -> Repair:
    """Put an open repair into another's hands; None: whoever is responsible for the station."""
    repair = _open(actor, repair)
    if holder is None:
        posts = StationPost.objects.filter(station=repair.station).responsible().on(today())
        post = posts.exclude(person=repair.holder_id).select_related("person").first()
        holder = post.person if post else None
    else:
        require_person(actor, repair.station, holder)
    repair.holder = holder
    return keep(actor, repair, "hand repair")
