"""What stands at a station: added, put right, taken away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from grids.actions.ground import changed, check_end, fresh, require
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations.actions.ground import check_past, standing
from stations.models import Equipment, Station

CHANGE_EQUIPMENT = "change stations.equipment"
EDITABLE = {"name", "quantity", "installed_on", "life_years"}


@transaction.atomic
def add_equipment(actor: Actor, station: Station, *, name: str, **facts: Any) -> Equipment:
    """Add equipment to a station; it counts from the day of its installation, where known."""
    require(actor, CHANGE_EQUIPMENT, station.area_code)
    station = standing(station)
    row = changed(Equipment(station=station, area_code=station.area_code), facts, EDITABLE)
    row.name = name.strip()
    if row.installed_on is not None:
        check_past(row.installed_on, "installed_on")
    row.started_on = max(row.installed_on or today(), station.started_on)
    row.ended_on = station.ended_on
    return keep(actor, row, "add equipment")


@transaction.atomic
def edit_equipment(actor: Actor, equipment: Equipment, **changes: Any) -> Equipment:
    """Put right what is known of a piece of equipment."""
    require(actor, CHANGE_EQUIPMENT, equipment.area_code)
    row = changed(fresh(equipment), changes, EDITABLE)
    row.name = row.name.strip()
    if row.installed_on is not None:
        check_past(row.installed_on, "installed_on")
    return keep(actor, row, "edit")


@transaction.atomic
def remove_equipment(
    actor: Actor, equipment: Equipment, on: date | None = None, *, reason: str = ""
) -> Equipment:
    """Take equipment away; ``on`` is the first day without it. Its past stays."""
    require(actor, CHANGE_EQUIPMENT, equipment.area_code)
    row = fresh(equipment)
    check_end(row, on or today())
    row.ended_on = on or today()
    return keep(actor, row, "end", reason=reason)
