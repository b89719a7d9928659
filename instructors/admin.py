"""The administration of instructors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from grids.admin_scope import AreaFilter, KeptModelAdmin
from instructors.models import Instructor


@admin.register(Instructor)
class InstructorAdmin(KeptModelAdmin):
    list_display = ["person", "instructor_level", "area_code", "started_on", "ended_on"]
    list_filter = [AreaFilter, "instructor_level"]
    list_select_related = ["person"]
    search_fields = ["person__name", "^area_code"]
    autocomplete_fields = ["person"]
    fields = ["person", "instructor_level", "area_code", "started_on", "ended_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Another instructor is another row."""
        return ["person"] if obj else []
