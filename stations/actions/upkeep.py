"""Looking at a station: in order, or with faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations.actions.ground import check_past, check_since, standing
from stations.actions.repairs import open_repair
from stations.models import Equipment, Inspection, Station

CHANGE_INSPECTION = "change stations.inspection"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and at which equipment, where it is one."""

    description: str
    equipment: Equipment | None = None


@transaction.atomic
def inspect(
    actor: Actor,
    station: Station,
    *,
    faults: Sequence[Fault] = (),
    note: str = "",
    inspected_on: date | None = None,
) -> Inspection:
    """Write down a look at a station; each fault becomes a repair with a deadline.

    Tapped twice, it is one inspection. Raises ``OutOfReach`` or ``ValidationError``.
    """
    require(actor, CHANGE_INSPECTION, station.area_code)
    station = standing(station)
    day = inspected_on or today()
    check_past(day, "inspected_on")
    check_since(station, day, "inspected_on")
    foreign = [f for f in faults if f.equipment and f.equipment.station_id != station.pk]
    if foreign:
        raise ValidationError(_("This equipment stands at another station."))
    row = Inspection(
        area_code=station.area_code,
        station=station,
        inspected_on=day,
        in_order=not faults,
        note=note.strip(),
        inspected_by=actor,
    )
    if not faults:
        same = Inspection.objects.filter(
            station=station, inspected_on=day, inspected_by=actor, in_order=True, note=row.note
        )
        if (stored := same.first()) is not None:
            return stored
    keep(actor, row, "inspect")
    for fault in faults:
        open_repair(
            actor,
            station,
            fault.description,
            equipment=fault.equipment,
            inspection=row,
            reported_by=actor,
        )
    return row
