"""Divisions, their residents, and the grids in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.scoped_admin import ScopedModelAdmin
from grids import actions
from grids.admin_scope import AreaFilter, KeptModelAdmin, area_page
from grids.models import Division, Grid, HobbyGrid, ResidentCount


def changes_in(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.changed_data}


@admin.register(Division)
class DivisionAdmin(KeptModelAdmin):
    """Begun and ended by importing the official list; here a name or a position is put right."""

    may_add = False
    list_display = ["name", "area_code", "urban_rural_class", "started_on", "ended_on"]
    list_filter = [AreaFilter]
    search_fields = ["name", "^area_code"]
    fields = [
        "area_code",
        "name",
        "urban_rural_class",
        "longitude",
        "latitude",
        "started_on",
        "ended_on",
    ]
    readonly_fields = ["area_code", "started_on", "ended_on"]

    def view_on_site(self, obj: Division) -> str:
        return area_page(obj)


@admin.register(ResidentCount)
class ResidentCountAdmin(ScopedModelAdmin):
    """A new count ends the one before it; none is changed afterwards."""

    may_add = True
    list_display = [
        "area_code",
        "population",
        "households",
        "villager_groups",
        "started_on",
        "ended_on",
        "source",
    ]
    list_filter = [AreaFilter]
    search_fields = ["^area_code"]
    fields = ["area_code", "started_on", "population", "households", "villager_groups", "source"]

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> ResidentCount:
        return actions.record_residents(
            request.user,
            obj.area_code,
            obj.started_on,
            population=obj.population,
            households=obj.households,
            villager_groups=obj.villager_groups,
            source=obj.source,
        )


class EstablishedAdmin(ScopedModelAdmin):
    """Grids and hobby grids: their code is given when they are established, under another code."""

    may_add = True
    may_edit = True
    list_filter: ClassVar[list[Any]] = [AreaFilter]
    search_fields = ["name", "^area_code"]
    readonly_fields = ["area_code", "started_on", "ended_on"]
    parent_label: Any = ""

    def view_on_site(self, obj: Any) -> str:
        return area_page(obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(self.fields or [])
        return [*fields, "ended_on"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "area_code" in form.base_fields:
            form.base_fields["area_code"].label = self.parent_label
            form.base_fields["name"].required = False
        return form


@admin.register(Grid)
class GridAdmin(EstablishedAdmin):
    parent_label = _("code of the village or community (12 digits)")
    list_display = ["name", "area_code", "kind", "households", "started_on", "ended_on"]
    list_filter = [AreaFilter, "kind"]
    fields = ["area_code", "name", "households", "population", "started_on"]

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Grid:
        if change:
            return actions.edit_grid(request.user, obj, **changes_in(form))
        return actions.establish_grid(
            request.user,
            obj.area_code,
            name=obj.name,
            households=obj.households,
            population=obj.population,
            started_on=obj.started_on,
        )


@admin.register(HobbyGrid)
class HobbyGridAdmin(EstablishedAdmin):
    parent_label = _("code of the grid (15 digits), or of the village (12)")
    list_display = ["name", "area_code", "sport", "members_count", "started_on", "ended_on"]
    list_filter = [AreaFilter, "sport"]
    list_select_related = ["sport"]
    fields = [
        "area_code",
        "name",
        "sport",
        "usual_place",
        "usual_days",
        "usual_start",
        "usual_minutes",
        "members_count",
        "started_on",
    ]

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> HobbyGrid:
        if change:
            return actions.edit_hobby_grid(request.user, obj, **changes_in(form))
        return actions.form_hobby_grid(
            request.user,
            obj.area_code,
            sport=obj.sport,
            name=obj.name,
            usual_place=obj.usual_place,
            usual_days=obj.usual_days,
            usual_start=obj.usual_start,
            usual_minutes=obj.usual_minutes,
            members_count=obj.members_count,
            started_on=obj.started_on,
        )
