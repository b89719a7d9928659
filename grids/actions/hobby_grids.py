"""What users do with the "N": form, edit, end and re-open hobby grids."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ending import end_below
from grids.actions.ground import (
    area_in_force,
    changed,
    check_ahead,
    check_end,
    check_not_succeeded,
    fresh,
    lock_division,
    require,
)
from grids.actions.numbering import next_codes
from grids.models import HobbyGrid, Sport
from grids.tree import home_code
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

CHANGE_HOBBY_GRID = "change grids.hobbygrid"
EDITABLE = {
    "name",
    "sport",
    "usual_place",
    "usual_days",
    "usual_start",
    "usual_minutes",
    "members_count",
}


def _usual_name(prefix: str, sport: Sport) -> str:
    """ "广场舞队", and "广场舞2队" where there is one already."""
    same = HobbyGrid.objects.within(prefix).filter(sport=sport).count()
    return f"{sport.name_zh}{same + 1 if same else ''}队"


def _well_ordered(days: str) -> str:
    """ISO weekdays in order, each once; raises ``ValidationError`` for anything else."""
    if set(days) - set("1234567"):
        raise ValidationError({"usual_days": _("Weekdays are the digits 1 (Monday) to 7.")})
    return "".join(sorted(set(days)))


@transaction.atomic
def form_hobby_grid(
    actor: Actor,
    parent_code: str,
    *,
    sport: Sport,
    name: str = "",
    usual_place: str = "",
    usual_days: str = "",
    usual_start: time | None = None,
    usual_minutes: int | None = None,
    members_count: int | None = None,
    started_on: date | None = None,
) -> HobbyGrid:
    """Form a hobby grid in a grid (15 digits), or for a whole village (12 digits)."""
    require(actor, CHANGE_HOBBY_GRID, parent_code)
    if len(parent_code) not in (Level.VILLAGE, Level.GRID):
        raise ValidationError({"area_code": _("A hobby grid is formed in a grid or a village.")})
    day = started_on or today()
    check_ahead(day, "started_on")
    lock_division(parent_code)
    area_in_force(parent_code, day)
    prefix = parent_code.ljust(Level.GRID, "0")
    hobby_grid = HobbyGrid(
        area_code=next_codes(prefix, Level.HOBBY_GRID)[0],
        name=name or _usual_name(prefix, sport),
        sport=sport,
        usual_place=usual_place,
        usual_days=_well_ordered(usual_days),
        usual_start=usual_start,
        usual_minutes=usual_minutes,
        members_count=members_count,
        started_on=day,
    )
    return keep(actor, hobby_grid, "form hobby grid")


@transaction.atomic
def edit_hobby_grid(actor: Actor, hobby_grid: HobbyGrid, **changes: Any) -> HobbyGrid:
    """Change what a hobby grid is called, does, and when and where it usually meets."""
    require(actor, CHANGE_HOBBY_GRID, hobby_grid.area_code)
    if "usual_days" in changes:
        changes["usual_days"] = _well_ordered(changes["usual_days"])
    return keep(actor, changed(fresh(hobby_grid), changes, EDITABLE), "edit")


@transaction.atomic
def end_hobby_grid(actor: Actor, hobby_grid: HobbyGrid, on: date, *, reason: str = "") -> HobbyGrid:
    """End a hobby grid, and with it the appointments of its members, on the same day."""
    require(actor, CHANGE_HOBBY_GRID, hobby_grid.area_code)
    lock_division(hobby_grid.area_code)
    hobby_grid = fresh(hobby_grid)
    check_end(hobby_grid, on)
    end_below(actor, hobby_grid.area_code, on, reason=reason)
    hobby_grid.ended_on = on
    return keep(actor, hobby_grid, "end", reason=reason)


@transaction.atomic
def reopen_hobby_grid(actor: Actor, hobby_grid: HobbyGrid) -> HobbyGrid:
    """Take back the end of a hobby grid, as if it had not been ended; its members stay ended."""
    require(actor, CHANGE_HOBBY_GRID, hobby_grid.area_code)
    lock_division(hobby_grid.area_code)
    hobby_grid = fresh(hobby_grid)
    area_in_force(home_code(hobby_grid.area_code), hobby_grid.started_on)
    check_not_succeeded(hobby_grid.area_code)
    if hobby_grid.ended_on is None:
        return hobby_grid
    hobby_grid.ended_on = None
    return keep(actor, hobby_grid, "re-open")
