"""What the pages read besides sessions themselves, for all rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from activities.models import Session
from grids.models import HobbyGrid
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of


def hobby_grids_to_log(user: Any) -> QuerySet[Any]:
    """The hobby grids of today whose sessions the user may log, with their last session."""
    last = (
        Session.objects.standing()
        .filter(area_code=OuterRef("area_code"))
        .order_by("-held_on", "-start_time")
    )
    return (
        HobbyGrid.objects.on(today())
        .filter(within_q(reach_of(user).areas_for("log")))
        .select_related("sport")
        .annotate(
            last_held_on=Subquery(last.values("held_on")[:1]),
            last_participants=Subquery(last.values("participants")[:1]),
        )
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def logged_this_week(user: Any) -> QuerySet[Any]:
    """The sessions held since Monday where the user logs, newest first."""
    return (
        Session.objects.filter(within_q(reach_of(user).areas_for("log")))
        .standing()
        .filter(held_on__gte=monday(today()))
    )


def dress(sessions: Iterable[Any]) -> None:
    """Give each session its ``hobby_grid``; one query for all."""
    rows = list(sessions)
    codes = {row.area_code for row in rows}
    found = {
        hobby_grid.area_code: hobby_grid
        for hobby_grid in HobbyGrid.objects.filter(area_code__in=codes).select_related("sport")
    }
    for row in rows:
        row.hobby_grid = found.get(row.area_code)
