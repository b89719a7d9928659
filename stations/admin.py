"""The administration of stations: what an action does elsewhere is read here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.scoped_admin import ScopedModelAdmin
from grids.admin_scope import AreaFilter
from stations import actions
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPhoto,
    StationPlace,
    StationPost,
)

FACTS = [
    "name",
    "kind",
    "address",
    "longitude",
    "latitude",
    "square_metres",
    "lighted",
    "usual_people",
]


@admin.register(Station)
class StationAdmin(ScopedModelAdmin):
    may_add = True
    may_edit = True
    list_display = ["name", "kind", "area_code", "started_on", "ended_on"]
    list_filter = [AreaFilter, "kind"]
    search_fields = ["name", "^area_code"]
    fields = ["area_code", *FACTS, "started_on"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(self.fields or []), "ended_on"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["started_on", "ended_on"] if obj else []

    def view_on_site(self, obj: Station) -> str:
        return reverse("station", args=[obj.pk])

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Station:
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            moved_to = changes.pop("area_code", None)
            station = Station.objects.get(pk=obj.pk)
            if moved_to is not None:
                station = actions.move_station(request.user, station, moved_to)
            return actions.edit_station(request.user, station, **changes)
        return actions.enter_station(
            request.user,
            obj.area_code,
            started_on=obj.started_on,
            **{name: getattr(obj, name) for name in FACTS},
        )


class _BookAdmin(ScopedModelAdmin):
    """Written on the station's own page; here only read."""

    list_filter: ClassVar[list[Any]] = [AreaFilter]
    list_select_related: Any = ["station"]
    search_fields: Any = ["station__name", "^area_code"]

    def view_on_site(self, obj: Any) -> str:
        return reverse("station", args=[obj.station_id])


@admin.register(StationPlace)
class StationPlaceAdmin(_BookAdmin):
    list_display = ["station", "area_code", "started_on", "ended_on"]
    fields = ["station", "area_code", "started_on", "ended_on"]


@admin.register(OpeningHours)
class OpeningHoursAdmin(_BookAdmin):
    list_display = ["station", "weekdays", "opens_at", "closes_at", "guided", "ended_on"]
    fields = [
        "station",
        "area_code",
        "weekdays",
        "opens_at",
        "closes_at",
        "guided",
        "started_on",
        "ended_on",
    ]


@admin.register(StationPost)
class StationPostAdmin(_BookAdmin):
    list_display = ["station", "person", "station_role", "started_on", "ended_on"]
    list_filter = [AreaFilter, "station_role"]
    list_select_related = ["station", "person"]
    search_fields = ["station__name", "person__name", "^area_code"]
    fields = ["station", "person", "station_role", "area_code", "started_on", "ended_on"]


@admin.register(StationPhoto)
class StationPhotoAdmin(_BookAdmin):
    """The picture itself is served on the station's page, by authority."""

    list_display = ["station", "added_at", "removed_at"]
    fields = ["station", "area_code", "added_at", "removed_at"]


@admin.register(Equipment)
class EquipmentAdmin(_BookAdmin):
    list_display = ["name", "quantity", "station", "installed_on", "life_years", "ended_on"]
    search_fields = ["name", "station__name", "^area_code"]
    fields = [
        "station",
        "area_code",
        "name",
        "quantity",
        "installed_on",
        "life_years",
        "started_on",
        "ended_on",
    ]


@admin.register(Inspection)
class InspectionAdmin(_BookAdmin):
    list_display = ["station", "inspected_on", "in_order", "inspected_by"]
    list_filter = [AreaFilter, "in_order"]
    list_select_related = ["station", "inspected_by__person"]
    fields = ["station", "area_code", "inspected_on", "in_order", "note", "inspected_by"]


@admin.register(Repair)
class RepairAdmin(_BookAdmin):
    list_display = ["description", "station", "state", "due_on", "done_on"]
    list_filter = [AreaFilter, "state"]
    search_fields = ["description", "station__name", "^area_code"]
    fields = [
        "station",
        "area_code",
        "equipment",
        "inspection",
        "description",
        "state",
        "reported_at",
        "reported_by",
        "due_on",
        "holder",
        "done_on",
        "outcome",
    ]
