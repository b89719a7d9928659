"""What ends together with a grid or hobby grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.models import Appointment, HobbyGrid
from grids.people import person_of
from grids.writing import keep
from jiaozuo_grid.reach import Actor


@dataclass(frozen=True)
class Ending:
    """The hobby grids and appointments that would still be in force on a day, or begin later."""

    hobby_grids: list[HobbyGrid]
    appointments: list[Appointment]


def ending_below(area_code: str, on: date) -> Ending:
    """What ends when the grid or hobby grid at ``area_code`` ends on ``on``."""
    lasting = Q(ended_on=None) | Q(ended_on__gt=on)
    hobby_grids = HobbyGrid.objects.within(area_code).exclude(area_code=area_code)
    appointments = Appointment.objects.within(area_code).filter(lasting)
    return Ending(
        hobby_grids=list(hobby_grids.filter(lasting).select_related("sport")),
        appointments=list(appointments.select_related("person")),
    )


def end_below(actor: Actor, area_code: str, on: date, *, reason: str = "") -> Ending:
    """End it, each row recorded; what has not begun by then ends unbegun."""
    ending = ending_below(area_code, on)
    own = person_of(actor)
    if own is not None and any(post.person_id == own for post in ending.appointments):
        raise ValidationError(
            _("Your own post would end with it. Ask the office above you to do this.")
        )
    rows: list[Appointment | HobbyGrid] = [*ending.appointments, *ending.hobby_grids]
    for row in rows:
        row.ended_on = max(on, row.started_on)
        keep(actor, row, "end", reason=reason)
    return ending
