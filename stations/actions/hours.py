"""When a station is open, and when an instructor teaches there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.forms.grids import WEEKDAYS
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations.actions.ground import standing
from stations.models import OpeningHours, Station

CHANGE_HOURS = "change stations.openinghours"


@dataclass(frozen=True)
class Hours:
    """From when to when a station is open on some ISO weekdays ("135"), or guided."""

    weekdays: str
    opens_at: time
    closes_at: time
    guided: bool = False


def _checked(hours: Sequence[Hours]) -> set[Hours]:
    """Hours in order; raises ``ValidationError`` for what cannot be or would count twice."""
    for one in hours:
        if not one.weekdays or set(one.weekdays) - set("1234567"):
            raise ValidationError(_("Choose the weekdays on which these hours hold."))
        if one.closes_at <= one.opens_at:
            raise ValidationError(_("It cannot close before it opens."))
    tidy = {
        Hours("".join(sorted(set(h.weekdays))), h.opens_at, h.closes_at, h.guided) for h in hours
    }
    names = dict(WEEKDAYS)
    ordered = sorted(tidy, key=lambda h: (h.opens_at, h.closes_at, h.weekdays))
    for place, early in enumerate(ordered):
        for late in ordered[place + 1 :]:
            shared = sorted(set(early.weekdays) & set(late.weekdays))
            if early.guided == late.guided and shared and late.opens_at < early.closes_at:
                raise ValidationError(
                    _("Two lines overlap on %(day)s (%(from)s–%(to)s). Join them into one.")
                    % {
                        "day": names[shared[0]],
                        "from": f"{late.opens_at:%H:%M}",
                        "to": f"{min(early.closes_at, late.closes_at):%H:%M}",
                    }
                )
    return tidy


@transaction.atomic
def set_opening_hours(actor: Actor, station: Station, hours: Sequence[Hours]) -> list[OpeningHours]:
    """Make these the station's hours from today on; what it had before stays as its past."""
    require(actor, CHANGE_HOURS, station.area_code)
    station = standing(station)
    wanted = _checked(hours)
    ended = []
    for row in OpeningHours.objects.filter(station=station).lasting_after(today()):
        same = Hours(row.weekdays, row.opens_at, row.closes_at, row.guided)
        if same in wanted:
            wanted.remove(same)
            continue
        row.ended_on = max(today(), row.started_on)
        ended.append(row)
    keep_changed(actor, ended, ["ended_on"], "set opening hours")
    new = [
        OpeningHours(
            station=station,
            area_code=station.area_code,
            weekdays=one.weekdays,
            opens_at=one.opens_at,
            closes_at=one.closes_at,
            guided=one.guided,
            started_on=max(today(), station.started_on),
            ended_on=station.ended_on,
        )
        for one in sorted(wanted, key=lambda h: (h.opens_at, h.guided))
    ]
    return keep_new(actor, new, "set opening hours")
