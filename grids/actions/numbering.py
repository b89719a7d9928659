"""Codes given automatically: the next free number, never one that was used before."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grids.models import Grid, HobbyGrid, Succession
from jiaozuo_grid.area import Level, within_q


def free_codes(parent_code: str, level: Level) -> list[str]:
    """Every unused code below ``parent_code``, lowest first; the caller holds the village's lock.

    Ended rows keep their numbers, and so do codes of a change of the map that was undone.
    """
    model = Grid if level == Level.GRID else HobbyGrid
    used = set(model.objects.within(parent_code).values_list("area_code", flat=True))
    given = Succession.objects.filter(within_q([parent_code], "new_code"))
    used |= {code[:level] for code in given.values_list("new_code", flat=True)}
    width = level - len(parent_code)
    every = (f"{parent_code}{n:0{width}d}" for n in range(1, 10**width))
    return [code for code in every if code not in used]


def out_of_numbers(free: int, count: int) -> ValidationError:
    return ValidationError(
        {
            "area_code": _("The numbers do not suffice: %(free)d are left, %(count)d are needed.")
            % {"free": free, "count": count}
        }
    )


def next_codes(parent_code: str, level: Level, count: int = 1) -> list[str]:
    """The ``count`` lowest unused codes below ``parent_code``.

    Raises ``ValidationError`` when the numbers (999 grids a village, 99 hobby grids a grid) do not
    suffice.
    """
    free = free_codes(parent_code, level)
    if len(free) < count:
        raise out_of_numbers(len(free), count)
    return free[:count]
