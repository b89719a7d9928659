"""The list of sports, which is the same for the whole city."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record, snapshot
from grids.models import Sport
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

RIGHT = "change grids.sport"


@transaction.atomic
def keep_sport(actor: Actor, sport: Sport) -> Sport:
    """Save a new or changed sport; recorded at the area from which the actor may do so."""
    codes = reach_of(actor).areas_for(RIGHT)
    if not codes:
        raise OutOfReach
    before = snapshot(Sport.objects.select_for_update().filter(pk=sport.pk).first())
    sport.full_clean()
    sport.save()
    verb = "add" if before is None else "edit"
    after = snapshot(sport)
    record(actor, verb, area_code=codes[0], row=sport, before=before, after=after)
    return sport
