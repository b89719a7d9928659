"""How the map changed, and the values of rules: for reading; both have pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from accounts.scoped_admin import ScopedModelAdmin
from grids.admin_scope import AreaFilter
from grids.models import Reorganisation, RuleValue, Succession
from jiaozuo_grid.area import within_q
from jiaozuo_grid.reach import Reach


@admin.register(Reorganisation)
class ReorganisationAdmin(ScopedModelAdmin):
    list_display = ["title", "kind", "on", "reason", "done_by", "undone_at"]
    list_filter = [AreaFilter, "kind"]
    list_select_related = ["done_by"]
    search_fields = ["title", "^area_code", "^source_code"]
    fields = ["kind", "title", "source_code", "area_code", "on", "reason", "done_by", "undone_at"]
    ordering = ["-done_at", "-id"]


@admin.register(Succession)
class SuccessionAdmin(ScopedModelAdmin):
    """Seen with its reorganisation."""

    right_of = "grids.reorganisation"
    area_path = "new_code"
    list_display = ["old_code", "new_code", "on", "share"]
    search_fields = ["^old_code", "^new_code"]
    fields = ["reorganisation", "old_code", "new_code", "on", "share"]
    ordering = ["new_code", "id"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        codes = reach.areas_for(self.right("view"))
        return Succession.objects.filter(within_q(codes, "new_code"))


@admin.register(RuleValue)
class RuleValueAdmin(ScopedModelAdmin):
    list_display = ["key", "value", "source", "started_on", "ended_on"]
    search_fields = ["key"]
    fields = ["key", "value", "source", "started_on", "ended_on"]
