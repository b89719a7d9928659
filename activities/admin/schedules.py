"""The administration of schedules and of meetings called off: for reading."""

from django.contrib import admin
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter

from accounts.scoped_admin import ScopedModelAdmin
from activities.models import CalledOff, Schedule
from grids.admin_scope import AreaFilter


@admin.register(Schedule)
class ScheduleAdmin(ScopedModelAdmin):
    list_display = [
        "area_code",
        "weekdays",
        "start_time",
        "minutes",
        "season_from",
        "season_until",
        "holidays",
        "started_on",
        "ended_on",
    ]
    list_filter = [AreaFilter, "holidays"]
    search_fields = ["^area_code"]
    ordering = ["area_code", "start_time", "id"]
    fields = [
        "area_code",
        "weekdays",
        "start_time",
        "minutes",
        "place",
        "season_from",
        "season_until",
        "holidays",
        "started_on",
        "ended_on",
    ]

    def view_on_site(self, obj: Schedule) -> str:
        return reverse("schedules", args=[obj.area_code])


@admin.register(CalledOff)
class CalledOffAdmin(ScopedModelAdmin):
    list_display = ["held_on", "start_time", "area_code", "reason", "withdrawn_at"]
    list_filter = [AreaFilter, "reason", ("held_on", RangeDateFilter)]
    search_fields = ["^area_code"]
    fields = [
        "area_code",
        "held_on",
        "start_time",
        "reason",
        "logged_by",
        "logged_at",
        "withdrawn_at",
    ]
    list_select_related = ["logged_by"]
