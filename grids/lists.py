"""What lists show beside a row, read with the rows and never once per row."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from grids.filters import below
from grids.models import Appointment, HobbyGrid, Role
from jiaozuo_grid.lasting import in_force_q, today


def with_leader(grids: Any) -> Any:
    """Grids with ``leader_name``, the leader of today, or None."""
    posts = Appointment.objects.filter(
        in_force_q(today()), role=Role.GRID_LEADER, area_code=OuterRef("area_code")
    )
    return grids.annotate(leader_name=Subquery(posts.values("person__name")[:1]))


def with_hobby_grid_count(grids: Any) -> Any:
    """Grids with ``hobby_grid_count``, how many hobby grids in them are in force today."""
    groups = HobbyGrid.objects.filter(in_force_q(today()), **below()).order_by()
    counted = groups.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return grids.annotate(
        hobby_grid_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )
