"""What every action stands on: the right, the area locked against a second writer, the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grids.models import Division, Grid, HobbyGrid, Succession
from grids.tree import area_at
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import LastingRow, today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

Row = TypeVar("Row", bound=models.Model)

# Beginnings and ends may be planned, but not further ahead than this.
AHEAD = timedelta(days=366)


def require(actor: Actor, right: str, area_code: str) -> None:
    """Raise ``OutOfReach`` unless the actor holds the right at the area.

    Asked before anything is looked up, so that a refusal never tells what exists.
    """
    if not reach_of(actor).allows(right, area_code):
        raise OutOfReach


def lock_division(code: str) -> Division:
    """The division at or above ``code`` (a village, below the village), locked until commit.

    Everything that must be one at a time in a village (numbers, leaders) queues here.
    """
    try:
        return Division.objects.select_for_update().get(area_code=code[: Level.VILLAGE])
    except Division.DoesNotExist:
        raise ValidationError({"area_code": _("There is no division with this code.")}) from None


def fresh(row: Row) -> Row:
    """The row as it is stored now, locked, so that nothing is overwritten with an older reading."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def changed(row: Row, changes: dict[str, Any], allowed: set[str]) -> Row:
    """``row`` with ``changes``; raises ``TypeError`` for a field outside ``allowed``."""
    if unknown := set(changes) - allowed:
        raise TypeError(f"not changed by this action: {sorted(unknown)}")
    for field, value in changes.items():
        setattr(row, field, value)
    return row


def area_in_force(code: str, day: date) -> Division | Grid | HobbyGrid:
    """What stands at ``code``; ``ValidationError`` unless in force on ``day`` and not ended."""
    area = area_at(code)
    if area is None:
        raise ValidationError({"area_code": _("There is nothing with this code.")})
    if area.ended_on is not None:
        raise ValidationError(
            {
                "area_code": _("%(name)s ends on %(day)s. Re-open it first.")
                % {"name": area.name, "day": written(area.ended_on)}
            }
        )
    if day < area.started_on:
        raise ValidationError(
            {
                "started_on": _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": area.name, "day": written(area.started_on)}
            }
        )
    return area


def check_not_succeeded(code: str) -> None:
    """Raise ``ValidationError`` where a change of the map made something else of the area."""
    heir = Succession.objects.standing().filter(old_code=code).first()
    if heir is not None:
        raise ValidationError(
            _("This went on under another code (%(code)s). Undo the change of the map instead.")
            % {"code": heir.new_code}
        )


def check_ahead(day: date, field: str) -> None:
    """Raise ``ValidationError`` for a day more than a year ahead (a mistyped year)."""
    if day > today() + AHEAD:
        raise ValidationError({field: _("This is more than a year ahead.")})


def check_end(row: LastingRow, on: date) -> None:
    """Raise ``ValidationError`` unless the row can end on ``on``."""
    if row.ended_on is not None and row.ended_on <= today():
        raise ValidationError(
            {"on": _("This ended on %(day)s already.") % {"day": written(row.ended_on)}}
        )
    if row.ended_on is not None and on > row.ended_on:
        raise ValidationError(
            {"on": _("This ends on %(day)s already.") % {"day": written(row.ended_on)}}
        )
    if on < row.started_on:
        raise ValidationError(
            {
                "on": _("The end cannot be before the start (%(day)s).")
                % {"day": written(row.started_on)}
            }
        )
    check_ahead(on, "on")


def written(day: date) -> str:
    return date_format(day, "Y-m-d")
