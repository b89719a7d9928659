"""Suspected duplicates, for reading: they are decided on their own pages."""

from __future__ import annotations

from django.contrib import admin

from accounts.scoped_admin import ScopedModelAdmin
from grids.admin_scope import AreaFilter
from grids.models import DuplicatePair


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ScopedModelAdmin):
    list_display = ["first", "second", "why", "state", "area_code", "found_at"]
    list_filter = [AreaFilter, "state", "why"]
    list_select_related = ["first", "second"]
    search_fields = ["first__name", "second__name", "^area_code"]
    fields = ["first", "second", "why", "state", "found_at", "decided_by", "decided_at"]
