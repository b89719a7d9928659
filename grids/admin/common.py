"""What all areas share: the list of sports, and the outlines of the maps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.scoped_admin import ScopedModelAdmin
from grids.actions.sports import keep_sport
from grids.models import Outline, Sport


@admin.register(Sport)
class SportAdmin(ScopedModelAdmin):
    area_path = None
    may_add = True
    may_edit = True
    list_display = ["name_zh", "name_en", "code"]
    search_fields = ["name_zh", "name_en", "code"]
    fields = ["code", "name_zh", "name_en"]

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Sport:
        return keep_sport(request.user, obj)


@admin.register(Outline)
class OutlineAdmin(ScopedModelAdmin):
    """Imported from GeoJSON; the geometry itself is for maps, not for reading."""

    list_display = ["area_code", "schematic"]
    list_filter = ["schematic"]
    search_fields = ["^area_code"]
    fields = ["area_code", "schematic"]
