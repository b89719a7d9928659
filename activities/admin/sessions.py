"""The administration of sessions: for reading. They are corrected and withdrawn on their page."""

from django.contrib import admin
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter

from accounts.scoped_admin import ScopedModelAdmin
from activities.models import Session, SessionRevision
from grids.admin_scope import AreaFilter


@admin.register(Session)
class SessionAdmin(ScopedModelAdmin):
    list_display = ["held_on", "start_time", "area_code", "participants", "minutes", "place"]
    list_filter = [AreaFilter, ("held_on", RangeDateFilter)]
    list_select_related = ["led_by", "logged_by"]
    search_fields = ["^area_code"]
    fields = [
        "area_code",
        "held_on",
        "start_time",
        "minutes",
        "participants",
        "place",
        "led_by",
        "note",
        "logged_by",
        "logged_at",
        "version",
        "withdrawn_at",
    ]

    def view_on_site(self, obj: Session) -> str:
        return reverse("session", args=[obj.pk])


@admin.register(SessionRevision)
class SessionRevisionAdmin(ScopedModelAdmin):
    right_of = "activities.session"
    area_path = "session__area_code"
    list_display = ["session", "version", "changed_by", "changed_at", "reason"]
    list_select_related = ["session", "changed_by"]
    ordering = ["-id"]
    fields = ["session", "version", "values", "changed_by", "changed_at", "reason"]
