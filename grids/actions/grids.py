"""What users do with the "1": establish, edit, end and re-open grids."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
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
from grids.models import Division, Grid, GridKind, ResidentCount
from grids.writing import keep, keep_new
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

CHANGE_GRID = "change grids.grid"


def required_grids(division_is_community: bool, resident_count: ResidentCount | None) -> int | None:
    """How many grids a village needs: one per 400 households, or one per villager group.

    None where the number of households or villager groups is unknown.
    """
    if resident_count is None:
        return None
    if not division_is_community:
        return resident_count.villager_groups
    if resident_count.households is None:
        return None
    return math.ceil(resident_count.households / settings.HOUSEHOLDS_PER_GRID)


def _village(actor: Actor, code: str, day: date) -> Division:
    require(actor, CHANGE_GRID, code)
    if len(code) != Level.VILLAGE:
        raise ValidationError({"area_code": _("Grids are established in a village or community.")})
    check_ahead(day, "started_on")
    village = lock_division(code)
    area_in_force(code, day)
    return village


def _new_grid(village: Division, code: str, day: date, **fields: Any) -> Grid:
    kind = GridKind.URBAN if village.is_community else GridKind.RURAL
    # The usual name in the field, in the city's language, whoever works in English here.
    fields["name"] = fields.get("name") or f"第{int(code[Level.VILLAGE :])}网格"
    return Grid(area_code=code, kind=kind, started_on=day, **fields)


@transaction.atomic
def establish_grid(
    actor: Actor,
    village_code: str,
    *,
    name: str = "",
    households: int | None = None,
    population: int | None = None,
    started_on: date | None = None,
) -> Grid:
    """Establish one grid in a village or community, at the next free code."""
    day = started_on or today()
    village = _village(actor, village_code, day)
    code = next_codes(village_code, Level.GRID)[0]
    grid = _new_grid(village, code, day, name=name, households=households, population=population)
    return keep(actor, grid, "establish grid")


@transaction.atomic
def establish_grids(
    actor: Actor, village_code: str, *, started_on: date | None = None
) -> list[Grid]:
    """Establish the grids that a village lacks; none when it has the required number.

    Raises ``ValidationError`` where the required number is unknown.
    """
    day = started_on or today()
    village = _village(actor, village_code, day)
    count = ResidentCount.objects.filter(area_code=village_code, ended_on=None).first()
    required = required_grids(village.is_community, count)
    if required is None:
        raise ValidationError(
            {
                "area_code": (
                    _("The number of households of %(name)s is not known. Record it first.")
                    if village.is_community
                    else _(
                        "The number of villager groups of %(name)s is not known. Record it first."
                    )
                )
                % {"name": village.name}
            }
        )
    there = Grid.objects.within(village_code).filter(ended_on=None).count()
    missing = max(0, required - there)
    codes = next_codes(village_code, Level.GRID, missing)
    return keep_new(actor, [_new_grid(village, code, day) for code in codes], "establish grid")


@transaction.atomic
def establish_grids_of(
    actor: Actor, village_codes: Iterable[str], *, started_on: date | None = None
) -> list[Grid]:
    """Establish the missing grids of several villages: all of them, or none at all."""
    return [
        grid
        for code in sorted(set(village_codes))
        for grid in establish_grids(actor, code, started_on=started_on)
    ]


@transaction.atomic
def edit_grid(actor: Actor, grid: Grid, **changes: Any) -> Grid:
    """Change the name, households or population of a grid; what is counted is no estimate."""
    require(actor, CHANGE_GRID, grid.area_code)
    grid = changed(fresh(grid), changes, {"name", "households", "population"})
    grid.estimated = grid.estimated and not {"households", "population"} & set(changes)
    return keep(actor, grid, "edit")


@transaction.atomic
def end_grid(actor: Actor, grid: Grid, on: date, *, reason: str = "") -> Grid:
    """End a grid, and with it its hobby grids and every appointment in it, on the same day."""
    require(actor, CHANGE_GRID, grid.area_code)
    lock_division(grid.area_code)
    grid = fresh(grid)
    check_end(grid, on)
    end_below(actor, grid.area_code, on, reason=reason)
    grid.ended_on = on
    return keep(actor, grid, "end", reason=reason)


@transaction.atomic
def reopen_grid(actor: Actor, grid: Grid) -> Grid:
    """Take back the end of a grid, as if it had not been ended.

    Its hobby grids and appointments stay ended: each is re-opened or appointed by itself.
    """
    require(actor, CHANGE_GRID, grid.area_code)
    village = lock_division(grid.area_code)
    grid = fresh(grid)
    area_in_force(village.area_code, grid.started_on)
    check_not_succeeded(grid.area_code)
    if grid.ended_on is None:
        return grid
    grid.ended_on = None
    return keep(actor, grid, "re-open")
