"""Recording how many people, households and villager groups a division has."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ground import lock_division, require
from grids.models import ResidentCount
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

FIGURES = ("population", "households", "villager_groups")


@transaction.atomic
def record_residents(
    actor: Actor,
    area_code: str,
    on: date,
    *,
    population: int | None = None,
    households: int | None = None,
    villager_groups: int | None = None,
    source: str = "",
    complete: bool = False,
) -> ResidentCount:
    """Record the figures of a division as known from ``on``; the earlier count ends on that day.

    A figure not given is carried over from the earlier count, unless ``complete`` says that these
    are all that is known. A second count of the same day replaces the values of the first.
    Unchanged figures return the count in force as it is.
    """
    require(actor, "change grids.residentcount", area_code)
    if len(area_code) > Level.VILLAGE:
        raise ValidationError({"area_code": _("Residents are counted by division.")})
    if on > today():
        raise ValidationError({"on": _("A count cannot be of a later day than today.")})
    lock_division(area_code)
    counts = ResidentCount.objects.filter(area_code=area_code)
    earlier = counts.on(on).first()
    given = {"population": population, "households": households, "villager_groups": villager_groups}
    if earlier is not None and not complete:
        given = {k: getattr(earlier, k) if v is None else v for k, v in given.items()}
    if earlier is not None and all(getattr(earlier, k) == v for k, v in given.items()):
        return earlier
    if earlier is not None and earlier.started_on == on:
        for field, value in given.items():
            setattr(earlier, field, value)
        earlier.source = source or earlier.source
        return keep(actor, earlier, "record residents")
    return keep(
        actor, _next_count(actor, area_code, on, earlier, given, source), "record residents"
    )


def _next_count(
    actor: Actor,
    area_code: str,
    on: date,
    earlier: ResidentCount | None,
    given: dict[str, int | None],
    source: str,
) -> ResidentCount:
    """A count from ``on`` until the earlier one would have ended, or the next one begins."""
    if earlier is not None:
        until = earlier.ended_on
        earlier.ended_on = on
        keep(actor, earlier, "end")
    else:
        later = ResidentCount.objects.filter(area_code=area_code, started_on__gt=on)
        until = later.order_by("started_on").values_list("started_on", flat=True).first()
    return ResidentCount(area_code=area_code, started_on=on, ended_on=until, source=source, **given)
