"""What the figures are made of, for reading: derived, never written by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from accounts.scoped_admin import ScopedModelAdmin
from coverage.models import FlowTally, FoldState, Spell, StaleMark, StockTally
from grids.admin_scope import AreaFilter
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Reach


class DerivedAdmin(ScopedModelAdmin):
    list_filter = [AreaFilter]
    search_fields = ["^area_code"]
    ordering = ["area_code", "id"]


@admin.register(StaleMark)
class StaleMarkAdmin(DerivedAdmin):
    list_display = ["area_code", "month", "made_at"]
    ordering = ["id"]


@admin.register(Spell)
class SpellAdmin(DerivedAdmin):
    list_display = ["measure", "area_code", "started_on", "ended_on", "amount"]


@admin.register(StockTally)
class StockTallyAdmin(DerivedAdmin):
    list_display = ["measure", "area_code", "day", "total", "spells"]


@admin.register(FlowTally)
class FlowTallyAdmin(DerivedAdmin):
    list_display = ["area_code", "month", "sessions", "participants", "minutes"]


@admin.register(FoldState)
class FoldStateAdmin(ScopedModelAdmin):
    """When figures were last brought up; its drift names areas everywhere: for whole cities."""

    area_path = None
    list_display = ["id", "folded_at", "recounted_at"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        codes = reach.areas_for(self.right("view"))
        city = reach.everywhere or any(len(code) == Level.CITY for code in codes)
        return super().rows_for(user, reach) if city else FoldState.objects.none()
