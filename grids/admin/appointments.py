"""Posts: appointed here, and ended here; what a post was is never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.scoped_admin import ScopedForm, ScopedModelAdmin
from grids.actions import appoint, end_appointment
from grids.admin_scope import AreaFilter
from grids.models import Appointment, Role
from jiaozuo_grid.reach import reach_of


class EndForm(ScopedForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(Appointment)
class AppointmentAdmin(ScopedModelAdmin):
    may_add = True
    may_edit = True
    list_display = ["person", "role", "area_code", "started_on", "ended_on", "background"]
    list_filter = [AreaFilter, "role", "background"]
    list_select_related = ["person"]
    search_fields = ["person__name", "^area_code"]
    autocomplete_fields = ["person"]
    fields = ["person", "role", "area_code", "background", "started_on"]

    def get_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        if obj is None:
            return self.fields
        reason = ["reason"] if self.has_change_permission(request, obj) else []
        return [*(self.fields or []), "appointed_by", "ended_on", *reason]

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        return [*(self.fields or []), "appointed_by"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            kwargs["form"] = EndForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role":
            reach = reach_of(request.user)
            may_fill = [role for role in Role.choices if reach.allows(f"appoint {role[0]}")]
            field.choices = [("", "---------"), *may_fill]
        return field

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Appointment:
        if not change:
            return appoint(
                request.user,
                obj.person,
                obj.role,
                obj.area_code,
                started_on=obj.started_on,
                background=obj.background,
            )
        if obj.ended_on is None:
            raise ValidationError({"ended_on": _("Give the first day without this post.")})
        return end_appointment(request.user, obj, obj.ended_on, reason=form.cleaned_data["reason"])
