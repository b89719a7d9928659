"""Codes given automatically: the next free number, never one that was used before."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grids.models import Grid, HobbyGrid
from jiaozuo_grid.area import Level


def next_codes(parent_code: str, level: Level, count: int = 1) -> list[str]:
    """The ``count`` lowest unused codes below ``parent_code``.

    Ended rows keep their numbers. The caller holds the village's lock. Raises ``ValidationError``
    when the numbers (999 grids a village, 99 hobby grids a grid) do not suffice.
    """
    model = Grid if level == Level.GRID else HobbyGrid
    used = set(model.objects.within(parent_code).values_list("area_code", flat=True))
    width = level - len(parent_code)
    every = (f"{parent_code}{n:0{width}d}" for n in range(1, 10**width))
    free = [code for code in every if code not in used]
    if len(free) < count:
        raise ValidationError(
            {
                "area_code": _(
                    "The numbers do not suffice: %(free)d are left, %(count)d are needed."
                )
                % {"free": len(free), "count": count}
            }
        )
    return free[:count]
