"""The administration of stations."""

from django.contrib import admin

from grids.admin_scope import AreaFilter, KeptModelAdmin
from stations.models import Station


@admin.register(Station)
class StationAdmin(KeptModelAdmin):
    list_display = ["name", "kind", "area_code", "started_on", "ended_on"]
    list_filter = [AreaFilter, "kind"]
    search_fields = ["name", "^area_code"]
    fields = ["name", "kind", "area_code", "longitude", "latitude", "started_on", "ended_on"]
