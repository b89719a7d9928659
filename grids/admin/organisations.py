"""Organisations and the offices in them; what changes them are the same actions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.scoped_admin import ScopedModelAdmin
from grids import actions
from grids.admin.appointments import EndForm
from grids.admin.areas import changes_in
from grids.admin_scope import AreaFilter
from grids.models import Officer, Organisation


@admin.register(Organisation)
class OrganisationAdmin(ScopedModelAdmin):
    may_add = True
    may_edit = True
    list_display = ["name", "kind", "area_code", "sport", "started_on", "ended_on"]
    list_filter = [AreaFilter, "kind", "sport"]
    list_select_related = ["sport"]
    search_fields = ["name", "^area_code"]
    fields = [
        "area_code",
        "kind",
        "name",
        "sport",
        "registration_number",
        "members_count",
        "address",
        "started_on",
    ]
    readonly_fields = ["area_code", "kind", "started_on", "ended_on"]

    def view_on_site(self, obj: Organisation) -> str:
        return reverse("organisation", args=[obj.pk])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(self.fields or [])
        return [*fields, "ended_on"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else []

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Organisation:
        if change:
            return actions.edit_organisation(request.user, obj, **changes_in(form))
        return actions.enter_organisation(
            request.user,
            obj.area_code,
            name=obj.name,
            kind=obj.kind,
            sport=obj.sport,
            registration_number=obj.registration_number,
            members_count=obj.members_count,
            address=obj.address,
            started_on=obj.started_on,
        )


@admin.register(Officer)
class OfficerAdmin(ScopedModelAdmin):
    """Offices are given here and ended here; what an office was is never changed."""

    may_add = True
    may_edit = True
    list_display = ["person", "title", "organisation", "area_code", "term_ends_on", "ended_on"]
    list_filter = [AreaFilter, "title"]
    list_select_related = ["person", "organisation"]
    search_fields = ["person__name", "organisation__name", "^area_code"]
    autocomplete_fields = ["person", "organisation"]
    fields = ["organisation", "person", "title", "started_on", "term_ends_on"]

    def get_fields(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        if obj is None:
            return self.fields
        reason = ["reason"] if self.has_change_permission(request, obj) else []
        return [*(self.fields or []), "ended_on", *reason]

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        return list(self.fields or []) if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            kwargs["form"] = EndForm
        return super().get_form(request, obj, change=change, **kwargs)

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Officer:
        if not change:
            return actions.appoint_officer(
                request.user,
                obj.organisation,
                obj.person,
                obj.title,
                started_on=obj.started_on,
                term_ends_on=obj.term_ends_on,
            )
        if obj.ended_on is None:
            raise ValidationError({"ended_on": _("Give the first day without this office.")})
        return actions.end_office(
            request.user, obj, obj.ended_on, reason=form.cleaned_data["reason"]
        )
