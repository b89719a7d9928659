"""The administration of lectures, events and check-ins: for reading, as sessions are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter

from accounts.scoped_admin import ScopedModelAdmin
from activities.models import CheckIn, Event, Lecture
from grids.admin_scope import AreaFilter

_HELD = ["area_code", "held_on", "start_time", "minutes", "participants", "place"]
_KEPT = ["note", "logged_by", "logged_at", "version", "withdrawn_at"]


@admin.register(Lecture)
class LectureAdmin(ScopedModelAdmin):
    list_display = ["topic", "held_on", "area_code", "participants", "speaker", "guest"]
    list_filter = [AreaFilter, ("held_on", RangeDateFilter)]
    list_select_related = ["speaker", "logged_by"]
    search_fields = ["^area_code", "topic"]
    fields = ["topic", "speaker", "guest", *_HELD, *_KEPT]

    def view_on_site(self, obj: Any) -> str:
        return reverse("lecture", args=[obj.pk])


@admin.register(Event)
class EventAdmin(ScopedModelAdmin):
    list_display = ["title", "event_kind", "held_on", "area_code", "participants"]
    list_filter = [AreaFilter, "event_kind", ("held_on", RangeDateFilter)]
    list_select_related = ["logged_by"]
    search_fields = ["^area_code", "title"]
    fields = ["title", "event_kind", *_HELD, *_KEPT]

    def view_on_site(self, obj: Any) -> str:
        return reverse("event", args=[obj.pk])


@admin.register(CheckIn)
class CheckInAdmin(ScopedModelAdmin):
    """Where and when, and no more: neither who nor from where."""

    list_display = ["held_on", "area_code", "station"]
    list_filter = [AreaFilter, ("held_on", RangeDateFilter)]
    list_select_related = ["station"]
    search_fields = ["^area_code"]
    fields = ["area_code", "station", "held_on"]
